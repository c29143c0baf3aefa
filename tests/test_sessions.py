"""Sessions: what the cookie says and when it is sent, what can be replaced, and what stands in where there is none."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup

import flask
from flask import Flask, session
from flask.json.tag import JSONTag, TaggedJSONSerializer
from flask.sessions import (
    NullSession,
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
    SessionMixin,
    session_json_serializer,
)


@pytest.fixture
def app(app):
    """An application whose views do one thing to the session each."""

    def register(view):
        app.add_url_rule(f"/{view.__name__}", view_func=view)

    @register
    def ignore():
        return ""

    @register
    def touch():
        session._get_current_object()
        return ""

    @register
    def read():
        return str(session.get("name"))

    @register
    def write():
        session["name"] = "ada"
        return ""

    @register
    def write_permanently():
        session.permanent = True
        session["name"] = "ada"
        return ""

    @register
    def forget():
        session.pop("name", None)
        return ""

    @register
    def clear():
        session.clear()
        return ""

    @register
    def append():
        session.setdefault("list", []).append(1)
        return str(session["list"])

    @register
    def append_and_tell():
        session.setdefault("list", []).append(1)
        session.modified = True
        return str(session["list"])

    @register
    def state():
        return f"{session.new} {session.modified}"

    return app


def set_cookie(response):
    """The attributes of the cookie that a response sets, with its name and value at the key ''; None without one."""
    headers = response.headers.getlist("Set-Cookie")
    if not headers:
        return None
    (header,) = headers
    parts = [part.strip().partition("=") for part in header.split(";")]
    return {"": (parts[0][0], parts[0][2]), **{name: value for name, _, value in parts[1:]}}


def varies(response):
    return "Cookie" in response.vary


# When the cookie is sent


def test_untouched_session_leaves_no_trace(client):
    response = client.get("/ignore")
    assert set_cookie(response) is None
    assert not varies(response)


@pytest.mark.parametrize("url", ["/touch", "/read", "/state"])
def test_looking_at_the_session_makes_the_answer_depend_on_the_cookie(client, url):
    response = client.get(url)
    assert set_cookie(response) is None
    assert varies(response)


def test_what_is_written_is_there_in_the_next_request(client):
    response = client.get("/write")
    assert set_cookie(response)[""][0] == "session"
    assert varies(response)
    assert client.get("/read").text == "ada"


def test_the_cookie_is_sent_again_only_after_a_change(client):
    client.get("/write")
    assert set_cookie(client.get("/read")) is None
    assert set_cookie(client.get("/write"))


@pytest.mark.parametrize("url", ["/forget", "/clear"])
def test_an_emptied_session_deletes_the_cookie(client, url):
    client.get("/write")
    response = client.get(url)
    assert set_cookie(response)[""] == ("session", "")
    assert set_cookie(response)["Max-Age"] == "0"
    assert client.get_cookie("session") is None
    assert client.get("/read").text == "None"


def test_removing_nothing_from_an_empty_session_changes_nothing(client):
    assert set_cookie(client.get("/forget")) is None


def test_a_change_inside_of_a_value_is_seen_only_if_told(client):
    assert client.get("/append").text == "[1]"  # setdefault is a change by itself
    assert client.get("/append").text == "[1, 1]"
    assert client.get("/append").text == "[1, 1]"
    assert client.get("/append_and_tell").text == "[1, 1]"
    assert client.get("/append").text == "[1, 1, 1]"


def test_new(client):
    assert client.get("/state").text == "True False"
    client.get("/write")
    assert client.get("/state").text == "False False"


def test_a_session_written_in_an_after_hook_is_saved(app, client):
    @app.after_request
    def late(response):
        session["late"] = True
        return response

    assert set_cookie(client.get("/ignore"))
    assert set_cookie(client.get("/not-found"))


def test_a_session_is_one_object_for_a_whole_request(app):
    with app.test_request_context("/"):
        first = session._get_current_object()
        session["a"] = 1
        assert session._get_current_object() is first


def test_threads_of_a_copied_context_share_the_session(app, client):
    @app.route("/copied")
    def copied():
        write = flask.copy_current_request_context(lambda: session.update(name="bob"))
        write()
        return session["name"]

    assert client.get("/copied").text == "bob"
    assert client.get("/read").text == "bob"


def test_a_nested_request_has_its_own_session(app):
    with app.test_request_context("/"):
        session["name"] = "outer"
        with app.test_request_context("/"):
            assert "name" not in session
        assert session["name"] == "outer"


# Permanent sessions


def test_without_permanent_the_cookie_ends_with_the_browsers_session(client):
    cookie = set_cookie(client.get("/write"))
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


@pytest.mark.parametrize("lifetime", [timedelta(hours=1), 3600])
def test_a_permanent_session_expires_after_its_lifetime(app, client, lifetime):
    app.config["PERMANENT_SESSION_LIFETIME"] = lifetime
    before = datetime.now(UTC).replace(microsecond=0)
    client.get("/write_permanently")
    expires = client.get_cookie("session").expires
    assert before + timedelta(hours=1) <= expires <= datetime.now(UTC) + timedelta(hours=1)


def test_a_permanent_session_is_refreshed_even_if_nobody_looks_at_it(client):
    client.get("/write_permanently")
    response = client.get("/ignore")
    assert "Expires" in set_cookie(response)
    assert varies(response)


def test_refreshing_can_be_switched_off(app, client):
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    client.get("/write_permanently")
    response = client.get("/ignore")
    assert set_cookie(response) is None
    assert not varies(response)
    assert set_cookie(client.get("/write"))


def test_an_expired_cookie_is_a_new_session(app, client):
    client.get("/write")
    app.permanent_session_lifetime = timedelta(seconds=-1)
    assert client.get("/read").text == "None"


# What the cookie looks like


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, {"HttpOnly": "", "Path": "/"}),
        ({"SESSION_COOKIE_HTTPONLY": False}, {"Path": "/"}),
        ({"SESSION_COOKIE_SECURE": True}, {"Secure": "", "HttpOnly": "", "Path": "/"}),
        ({"SESSION_COOKIE_SAMESITE": "Lax"}, {"HttpOnly": "", "Path": "/", "SameSite": "Lax"}),
        (
            {"SESSION_COOKIE_PARTITIONED": True},
            {"Secure": "", "HttpOnly": "", "Path": "/", "Partitioned": ""},
        ),
        ({"SESSION_COOKIE_DOMAIN": "example.com"}, {"Domain": "example.com", "HttpOnly": "", "Path": "/"}),
        ({"SESSION_COOKIE_DOMAIN": ".example.com"}, {"Domain": "example.com", "HttpOnly": "", "Path": "/"}),
        ({"SESSION_COOKIE_DOMAIN": False}, {"HttpOnly": "", "Path": "/"}),
        ({"APPLICATION_ROOT": "/shop"}, {"HttpOnly": "", "Path": "/shop"}),
        ({"APPLICATION_ROOT": "/shop", "SESSION_COOKIE_PATH": "/"}, {"HttpOnly": "", "Path": "/"}),
        ({"SESSION_COOKIE_PATH": "/cart"}, {"HttpOnly": "", "Path": "/cart"}),
    ],
)
def test_attributes_of_the_cookie(app, config, expected):
    app.config.update(config)
    response = app.test_client().get("/write")
    cookie = set_cookie(response)
    del cookie[""]
    assert cookie == expected


def test_a_deletion_names_the_scope_that_the_cookie_has(app, client):
    app.config.update(SESSION_COOKIE_PATH="/", SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
    client.get("/write", base_url="https://localhost")
    cookie = set_cookie(client.get("/clear", base_url="https://localhost"))
    assert {"Secure": "", "HttpOnly": "", "Path": "/", "SameSite": "Lax"}.items() <= cookie.items()


def test_name_of_the_cookie(app, client):
    app.config["SESSION_COOKIE_NAME"] = "visit"
    assert set_cookie(client.get("/write"))[""][0] == "visit"
    assert client.get("/read").text == "ada"


# Signing


def signed(app, data):
    return app.session_interface.get_signing_serializer(app).dumps(data)


def read_with(app, cookie):
    client = app.test_client()
    client.set_cookie("session", cookie)
    return client.get("/read").text


def test_a_genuine_cookie_is_read(app):
    assert read_with(app, signed(app, {"name": "eve"})) == "eve"


def test_a_forged_cookie_is_a_new_session(app):
    genuine = signed(app, {"name": "eve"})
    payload, dot, signature = genuine.rpartition(".")
    for forged in (payload + dot + signature[::-1], "x" + genuine, payload, "", ".", "nonsense", "é.é.é"):
        assert read_with(app, forged) == "None"


@pytest.mark.parametrize("data", [None, [], ["name"], "name", 5])
def test_a_signed_value_that_is_no_dict_is_a_new_session(app, data):
    assert read_with(app, signed(app, data)) == "None"


def test_another_key_does_not_fit(app):
    cookie = signed(app, {"name": "eve"})
    app.secret_key = "another"
    assert read_with(app, cookie) == "None"


def test_old_keys_are_accepted_and_new_cookies_get_the_new_key(app, client):
    client.get("/write")
    app.config.update(SECRET_KEY="newer", SECRET_KEY_FALLBACKS=["oldest", "test key"])
    assert client.get("/read").text == "ada"
    client.get("/write")
    app.config["SECRET_KEY_FALLBACKS"] = None
    assert client.get("/read").text == "ada"


def test_a_key_of_bytes_is_the_same_as_its_text(app):
    cookie = signed(app, {"name": "eve"})
    app.secret_key = b"test key"
    assert read_with(app, cookie) == "eve"


def test_a_cookie_of_pallets_flask_is_read(app, client):
    # Made by Flask 3.1.3 with the same key: switching over logs nobody out.
    app.permanent_session_lifetime = timedelta(days=365 * 1000)
    client.set_cookie(
        "session", "eyJuYW1lIjoiYWRhIiwid2hlbiI6eyIgdCI6WzEseyIgYiI6ImVBPT0ifV19fQ.awMdZA.jUX_QIvHC9AwkzYR6uNWslZfeNY"
    )
    with client:
        client.get("/touch")
        assert dict(session) == {"name": "ada", "when": (1, b"x")}


def test_values_keep_their_types(app, client):
    values = {
        "tuple": (1, "two", (3,)),
        "bytes": b"\0\xff",
        "markup": Markup("<b>"),
        "uuid": uuid.UUID(int=5),
        "time": datetime(2024, 2, 29, 12, tzinfo=UTC),
        "list": [1.5, None, True, {"nested": (1,)}],
        "text": "ünï",
    }

    @app.route("/put")
    def put():
        session.update(values)
        return ""

    @app.route("/take")
    def take():
        assert dict(session) == values
        assert type(session["markup"]) is Markup
        return "same"

    client.get("/put")
    assert client.get("/take").text == "same"


def test_a_value_that_has_no_form_in_json_is_an_error(app, client):
    @app.route("/put")
    def put():
        session["object"] = object()
        return ""

    with pytest.raises(TypeError, match="not JSON serializable"):
        client.get("/put")


def test_signing_can_be_changed_in_a_subclass(app, client):
    class Interface(SecureCookieSessionInterface):
        salt = "another salt"
        digest_method = staticmethod(hashlib.sha256)
        key_derivation = "django-concat"
        serializer = json

    app.session_interface = Interface()
    client.get("/write")
    assert client.get("/read").text == "ada"
    assert len(client.get_cookie("session").value.rpartition(".")[2]) == 43  # of SHA-256 in base64
    app.session_interface = SecureCookieSessionInterface()
    assert client.get("/read").text == "None"


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("salt", "another salt"),
        ("digest_method", hashlib.sha256),
        ("key_derivation", "concat"),
        ("serializer", type("Serializer", (TaggedJSONSerializer,), {"loads": lambda self, value: {"name": "read"}})()),
    ],
)
def test_what_is_changed_on_the_interface_counts_at_once(app, client, attribute, value):
    interface = app.session_interface = SecureCookieSessionInterface()
    client.get("/write")
    assert client.get("/read").text == "ada"
    setattr(interface, attribute, value)
    assert client.get("/read").text == ("read" if attribute == "serializer" else "None")
    client.get("/write")
    assert client.get("/read").text == ("read" if attribute == "serializer" else "ada")
    delattr(interface, attribute)
    assert client.get("/read").text == ("ada" if attribute == "serializer" else "None")


def test_an_unknown_key_derivation_fails_when_something_is_signed(app, client):
    client.get("/write")
    cookie = client.get_cookie("session").value
    app.session_interface = type("Interface", (SecureCookieSessionInterface,), {"key_derivation": "unknown"})()
    assert app.test_client().get("/read").text == "None"
    with pytest.raises(TypeError, match="key derivation"):
        app.test_client().get("/write")
    with pytest.raises(TypeError, match="key derivation"):
        read_with(app, cookie)


def test_keys_added_to_the_list_of_old_ones_count_at_once(app, client):
    client.get("/write")
    fallbacks = ["one"]
    app.config.update(SECRET_KEY="newer", SECRET_KEY_FALLBACKS=fallbacks)
    assert client.get("/read").text == "None"
    fallbacks.append("test key")
    assert client.get("/read").text == "ada"
    fallbacks.clear()
    assert client.get("/read").text == "None"


def test_tags_registered_later_are_used(app, client):
    class TagSet(JSONTag):
        key = " s"

        def check(self, value):
            return isinstance(value, set)

        def to_json(self, value):
            return sorted(value)

        def to_python(self, value):
            return set(value)

    class Interface(SecureCookieSessionInterface):
        serializer = TaggedJSONSerializer()

    app.session_interface = Interface()
    client.get("/write")
    Interface.serializer.register(TagSet)
    with client.session_transaction() as kept:
        kept["numbers"] = {2, 1}
    with client.session_transaction() as kept:
        assert kept == {"name": "ada", "numbers": {1, 2}}


@pytest.mark.parametrize("place", ["instance", "class", "subclass"])
def test_what_gives_the_serializer_is_called_wherever_it_was_replaced(app, client, monkeypatch, place):
    def get_signing_serializer(self, app):
        return URLSafeTimedSerializer("own", salt="own")

    interface = app.session_interface = SecureCookieSessionInterface()
    client.get("/write")
    if place == "instance":
        interface.get_signing_serializer = lambda app: get_signing_serializer(None, app)
    elif place == "class":
        monkeypatch.setattr(SecureCookieSessionInterface, "get_signing_serializer", get_signing_serializer)
    else:
        methods = {"get_signing_serializer": get_signing_serializer}
        app.session_interface = type("Interface", (SecureCookieSessionInterface,), methods)()
    assert client.get("/read").text == "None"
    client.get("/write")
    assert client.get("/read").text == "ada"
    assert get_signing_serializer(None, app).loads(client.get_cookie("session").value) == {"name": "ada"}


def test_the_cookies_of_a_request_class_of_ones_own_count(app, client):
    class Request(flask.Request):
        cookies = {}

    client.get("/write")
    app.request_class = Request
    assert client.get("/read").text == "None"


@pytest.mark.parametrize("others", ["theme=dark; {}; session=other", 'a="b; session=x"; {}', "xsession=1; {}", "{};"])
def test_the_cookie_is_found_among_others(app, client, others):
    client.get("/write")
    cookie = client.get_cookie("session")
    header = others.format(f"session={cookie.value}")
    assert app.test_client(use_cookies=False).get("/read", headers={"Cookie": header}).text == "ada"


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, "Cookie"), ("Cookie", "Cookie"), ("cookie", "cookie"), ("Accept", "Accept, Cookie"), ("*", "*, Cookie")],
)
def test_what_else_the_answer_depends_on_is_kept(app, client, before, after):
    @app.after_request
    def vary(response):
        if before is not None:
            response.headers["Vary"] = before
        return response

    assert client.get("/touch").headers["Vary"] == after
    assert client.get("/write").headers["Vary"] == after


def test_nothing_secret_is_shown(app):
    app.secret_key = "the only key"
    assert "the only key" not in repr(app.session_interface._signing_for(app))


def test_the_serializer_is_the_modules(app):
    assert SecureCookieSessionInterface.serializer is session_json_serializer


# Without a secret key


@pytest.fixture
def keyless(app):
    app.secret_key = None
    return app.test_client()


@pytest.mark.parametrize("url", ["/ignore", "/touch", "/read"])
def test_without_a_key_the_session_reads_as_empty(keyless, url):
    response = keyless.get(url)
    assert response.status_code == 200
    assert set_cookie(response) is None
    assert not varies(response)


@pytest.mark.parametrize("url", ["/write", "/write_permanently", "/forget", "/clear", "/append"])
def test_without_a_key_a_change_says_what_is_missing(keyless, url):
    with pytest.raises(RuntimeError, match="secret key"):
        keyless.get(url)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.__setitem__("a", 1),
        lambda s: s.__delitem__("a"),
        lambda s: s.clear(),
        lambda s: s.pop("a", None),
        lambda s: s.popitem(),
        lambda s: s.update(a=1),
        lambda s: s.setdefault("a", 1),
        lambda s: s.__ior__({"a": 1}),
        lambda s: setattr(s, "permanent", True),
    ],
)
def test_null_session_refuses_changes(change):
    null = NullSession()
    with pytest.raises(RuntimeError, match="secret key"):
        change(null)
    assert dict(null) == {}


def test_null_session_can_be_read():
    null = NullSession()
    assert (null.get("a"), "a" in null, len(null), list(null), null.permanent) == (None, False, 0, [], False)


# The class of the session


def test_session_counts_changes_only():
    changed = SecureCookieSession({"a": 1})
    changed.get("a"), changed["a"], "a" in changed, list(changed), changed.setdefault("a", 2), changed.pop("b", None)
    assert (changed.modified, changed.new) == (False, False)
    changed["a"] = 1
    assert changed.modified


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.__setitem__("a", 1),
        lambda s: s.__delitem__("a"),
        lambda s: s.clear(),
        lambda s: s.pop("a"),
        lambda s: s.popitem(),
        lambda s: s.update(a=1),
        lambda s: s.setdefault("b", 1),
        lambda s: s.__ior__({"a": 1}),
        lambda s: setattr(s, "permanent", False),
    ],
)
def test_every_change_is_noted(change):
    changed = SecureCookieSession({"a": 1})
    change(changed)
    assert changed.modified


def test_another_function_may_be_told_of_changes():
    told = []
    changed = SecureCookieSession({"a": 1})
    changed.on_update = told.append
    changed["a"] = 2
    assert (told, changed.modified) == ([changed], False)
    changed.on_update = None
    changed["a"] = 3
    assert len(told) == 1


def test_a_session_is_new_without_a_cookie_only():
    assert SecureCookieSession().new
    assert not SecureCookieSession({}).new


def test_permanent_is_a_key_of_the_session():
    own = SecureCookieSession()
    assert own.permanent is False
    own.permanent = 1
    assert own == {"_permanent": True}
    assert own.permanent is True


def test_the_session_class_can_be_replaced(app, client):
    class Cart(SecureCookieSession):
        @property
        def total(self):
            return sum(self.get("prices", ()))

    class Interface(SecureCookieSessionInterface):
        session_class = Cart

    app.session_interface = Interface()

    @app.route("/total")
    def total():
        session["prices"] = [*session.get("prices", []), 2]
        return str(session.total)

    assert [client.get("/total").text for _ in range(3)] == ["2", "4", "6"]


# Interfaces of one's own


class DictSession(dict, SessionMixin):
    pass


class InMemory(SessionInterface):
    """Sessions kept here, and a log of when they were opened and saved."""

    def __init__(self):
        self.kept = {}
        self.log = []

    def open_session(self, app, request):
        self.log.append(("open", request.path, flask.request.path))
        return DictSession(self.kept)

    def save_session(self, app, session, response):
        self.log.append(("save", flask.request.path, response.status_code))
        self.kept = dict(session)
        if session.accessed:
            response.vary.add("Cookie")


@pytest.fixture
def in_memory(app):
    app.session_interface = InMemory()
    return app.session_interface


def test_another_interface_is_opened_before_and_saved_after_every_request(client, in_memory):
    client.get("/ignore")
    client.get("/nowhere")
    assert in_memory.log == [
        ("open", "/ignore", "/ignore"),
        ("save", "/ignore", 200),
        ("open", "/nowhere", "/nowhere"),
        ("save", "/nowhere", 404),
    ]


def test_another_interface_keeps_the_session(client, in_memory):
    client.get("/write")
    assert in_memory.kept == {"name": "ada"}
    assert client.get("/read").text == "ada"


def test_another_interface_can_tell_whether_the_session_was_looked_at(client, in_memory):
    assert not varies(client.get("/ignore"))
    assert varies(client.get("/touch"))


def test_a_session_that_knows_nothing_is_taken_for_modified():
    assert (DictSession().modified, DictSession().new, DictSession().permanent) == (True, False, False)


def test_a_session_of_plain_dict_will_do(app, client):
    class Plain(SessionInterface):
        def open_session(self, app, request):
            return {"name": "plain"}

        def save_session(self, app, session, response):
            response.headers["X-Session"] = json.dumps(session)

    app.session_interface = Plain()
    response = client.get("/read")
    assert (response.text, response.headers["X-Session"]) == ("plain", '{"name": "plain"}')


def test_an_interface_may_open_no_session(app, client):
    class Closed(SessionInterface):
        def open_session(self, app, request):
            return None

    app.session_interface = Closed()
    assert client.get("/read").text == "None"
    with pytest.raises(RuntimeError):
        client.get("/write")


def test_what_stands_for_a_missing_session_can_be_replaced(app, client):
    class Missing(dict):
        """Reads as if somebody were there."""

        def get(self, key, default=None):
            return "nobody"

    class Closed(SessionInterface):
        null_session_class = Missing

        def open_session(self, app, request):
            return None

    app.session_interface = Closed()
    assert client.get("/read").text == "nobody"


def test_an_interface_must_say_how_to_open_and_save():
    with pytest.raises(NotImplementedError, match="open_session"):
        SessionInterface().open_session(None, None)
    with pytest.raises(NotImplementedError, match="save_session"):
        SessionInterface().save_session(None, None, None)


def test_methods_replaced_on_the_built_in_interface_are_called(app, client):
    interface = app.session_interface = SecureCookieSessionInterface()
    opened = []
    interface.open_session = lambda app, request: opened.append(request.path) or SecureCookieSession({"name": "own"})
    interface.save_session = lambda app, session, response: response.headers.add("X-Saved", str(dict(session)))
    assert client.get("/ignore").headers["X-Saved"] == "{'name': 'own'}"
    assert opened == ["/ignore"]


def test_methods_of_the_application_are_called(app):
    class Own(Flask):
        def open_session(self, request):
            return DictSession(name=request.args["who"])

        def save_session(self, session, response):
            response.headers["X-Saved"] = session["name"]

    own = Own(__name__)
    own.add_url_rule("/read", "read", lambda: session["name"])
    response = own.test_client().get("/read?who=eve")
    assert (response.text, response.headers["X-Saved"]) == ("eve", "eve")


def test_whether_the_cookie_is_sent_can_be_decided(app, client):
    class Never(SecureCookieSessionInterface):
        def should_set_cookie(self, app, session):
            return False

    app.session_interface = Never()
    assert set_cookie(client.get("/write_permanently")) is None


@pytest.mark.parametrize("attribute", ["name", "domain", "path", "httponly", "secure", "samesite", "partitioned"])
def test_each_attribute_of_the_cookie_can_be_decided(app, client, attribute):
    values = {"name": "n", "domain": "d.example", "path": "/p", "httponly": True, "secure": True}
    value = values.get(attribute, "Strict" if attribute == "samesite" else True)
    interface = type("Interface", (SecureCookieSessionInterface,), {f"get_cookie_{attribute}": lambda self, app: value})
    app.session_interface = interface()
    app.config["SESSION_COOKIE_HTTPONLY"] = False
    header = client.get("/write").headers["Set-Cookie"]
    assert {
        "name": header.startswith("n="),
        "domain": "Domain=d.example" in header,
        "path": "Path=/p" in header,
        "httponly": "HttpOnly" in header,
        "secure": "Secure" in header,
        "samesite": "SameSite=Strict" in header,
        "partitioned": "Partitioned" in header,
    }[attribute]


def test_an_error_while_opening_is_answered_by_500(app):
    class Broken(SessionInterface):
        def open_session(self, app, request):
            raise OSError("no connection")

    app.testing = False
    app.session_interface = Broken()
    app.register_error_handler(500, lambda error: str(getattr(error, "original_exception", error)))
    assert app.test_client().get("/ignore").text == "no connection"
