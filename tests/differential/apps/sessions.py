"""Sessions in the signed cookie: read, written, deleted, permanent, flashed to; and interfaces of the user's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from asking import Request, get
from markupsafe import Markup
from observing import note, outcome, plain

from flask import Flask, flash, get_flashed_messages, jsonify, make_response, request, session
from flask.sessions import (
    NullSession,
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
    SessionMixin,
)

VARIANTS: dict[str, dict[str, Any]] = {"": {}, "no key": {"SECRET_KEY": None}, "debug": {"DEBUG": True}}

VALUES: dict[str, Any] = {
    "text": "täxt",
    "number": 7,
    "list": [1, [2]],
    "tuple": (1, "two", (3,)),
    "bytes": b"\x00\xff",
    "markup": Markup("<b>"),
    "uuid": UUID(int=7),
    "date": datetime(2024, 2, 29, 12, 30, tzinfo=UTC),
    "naive date": datetime(2024, 2, 29, 12, 30),
    "dict": {"a": {"b": None}},
    "tag": {" t": [1]},
    "Decimal": Decimal("1.5"),
    "set": {1},
    "None": None,
}


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update({"SECRET_KEY": "key", **config})

    @app.route("/read")
    def read() -> Any:
        return json.dumps({name: plain(session[name]) for name in sorted(session)})

    @app.route("/quiet")
    def quiet() -> str:
        return "nobody looked"

    @app.route("/set/<name>")
    def set_value(name: str) -> str:
        session[name] = VALUES.get(name, name)
        return "set"

    @app.route("/do/<deed>")
    def do(deed: str) -> Any:
        return jsonify(plain(DEEDS[deed]()))

    @app.route("/fail/<deed>")
    def fail(deed: str) -> Any:
        DEEDS[deed]()
        raise ValueError

    @app.route("/static-response")
    def static_response() -> Any:
        response = make_response("one")
        response.set_cookie("other", "value", max_age=60)
        response.vary.add("Accept")
        return response

    @app.after_request
    def tell(response: Any) -> Any:
        if "tell" in request.args:
            note("told", session.modified, session.accessed, session.permanent)
        return response

    return app


def nested_change() -> None:
    session["list"].append("unseen")


def nested_change_seen() -> None:
    session["list"].append("seen")
    session.modified = True


DEEDS: dict[str, Any] = {
    "new": lambda: session.new,
    "attributes": lambda: [session.modified, session.accessed, session.permanent],
    "attributes after get": lambda: [session.get("x"), session.modified, session.accessed],
    "attributes after set": lambda: [session.update(a=1), session.modified, session.accessed],
    "permanent": lambda: setattr(session, "permanent", True),
    "not permanent": lambda: setattr(session, "permanent", False),
    "modified": lambda: setattr(session, "modified", True),
    "not modified": lambda: [session.update(a=1), setattr(session, "modified", False)][0],
    "not accessed": lambda: [session.get("text"), setattr(session, "accessed", False)][0],
    "clear": lambda: session.clear(),
    "pop": lambda: session.pop("text", None),
    "pop strict": lambda: session.pop("text"),
    "popitem": lambda: session.popitem(),
    "del": lambda: session.__delitem__("text"),
    "setdefault": lambda: session.setdefault("text", "default"),
    "or": lambda: session.__ior__({"more": 1}) is not None,
    "in": lambda: "text" in session,
    "len": lambda: len(session),
    "truth": lambda: bool(session),
    "equal": lambda: session == {},
    "keys": lambda: list(session),
    "items": lambda: list(session.items()),
    "copy": lambda: dict(session.copy()),
    "nested": nested_change,
    "nested, seen": nested_change_seen,
    "flash": lambda: flash("message"),
    "flash two": lambda: [flash("one", "error"), flash("two")],
    "flashed": lambda: get_flashed_messages(),
    "flashed with categories": lambda: get_flashed_messages(with_categories=True),
    "flashed, filtered": lambda: [get_flashed_messages(category_filter=["error"]), get_flashed_messages()],
    "type": lambda: type(session._get_current_object()).__name__,
    "big": lambda: session.update(big="x" * 5000),
    "key": lambda: session.update({"_permanent": "yes"}),
}

VISITS: list[Request | list[Request]] = [
    get("/quiet"),
    get("/read"),
    get("/static-response"),
    *([get(f"/set/{name}"), get("/read"), get("/quiet"), get("/static-response")] for name in VALUES),
    *([get(f"/do/{deed}?tell=1"), get("/read"), get("/quiet")] for deed in DEEDS),
    *([get("/set/list"), get("/set/text"), get(f"/do/{deed}"), get("/read"), get("/quiet")] for deed in DEEDS),
    *([get("/do/permanent"), get(f"/do/{deed}?tell=1"), get("/quiet"), get("/missing")] for deed in DEEDS),
    *([get("/set/text"), get(f"/fail/{deed}"), get("/read")] for deed in ("permanent", "clear", "flash")),
    [get("/do/flash two"), get("/do/flashed"), get("/do/flashed")],
    [get("/do/flash two"), get("/quiet"), get("/do/flashed, filtered"), get("/do/flashed")],
]


def probe_session_objects() -> Any:
    """Sessions made by hand."""
    made, null = SecureCookieSession({"a": 1}), NullSession()
    found = {
        "made": [made.modified, made.accessed, made.permanent, dict(made)],
        "null": [null.get("a"), "a" in null, len(null), list(null), null.permanent],
        "bases": [cls.__name__ for cls in (SecureCookieSession, NullSession, SessionMixin) if issubclass(cls, dict)],
    }
    for name in ("clear", "popitem"):
        found[f"null {name}"] = outcome(getattr(null, name))
    found["null pop"] = outcome(null.pop, "a", None)
    found["null update"] = outcome(null.update, a=1)
    found["null setdefault"] = outcome(null.setdefault, "a", 1)
    found["null set"] = outcome(null.__setitem__, "a", 1)
    found["null del"] = outcome(null.__delitem__, "a")
    found["null permanent"] = outcome(setattr, null, "permanent", True)
    return found


class InMemory(SessionInterface):
    """Keeps one session for all, and tells when it is called."""

    class Session(dict, SessionMixin):  # type: ignore[misc]  # what Flask's documentation shows
        pass

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer

    def open_session(self, app: Flask, request: Any) -> Any:
        note("open", request.path, request.endpoint)
        return self.Session() if self.answer is None else self.answer

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        note("save", dict(session), session.modified, session.accessed, session.new, response.status_code)


def probe_other_interface() -> Any:
    """An interface of the user's: when it is called."""
    app = Flask(__name__)
    app.session_interface = InMemory()
    app.before_request(lambda: note("before"))
    app.add_url_rule("/", "index", lambda: session.setdefault("a", "b"))
    app.add_url_rule("/quiet", "quiet", lambda: "quiet")
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    client = app.test_client()
    return [client.get(path).status_code for path in ("/", "/quiet", "/missing", "/fail")]


class Declining(InMemory):
    def open_session(self, app: Flask, request: Any) -> None:
        note("declined")

    def make_null_session(self, app: Flask) -> Any:
        note("null session made")
        return super().make_null_session(app)


def probe_declining_interface() -> Any:
    """An interface that gives no session."""
    app = Flask(__name__)
    app.session_interface = Declining()
    app.add_url_rule("/get", "get", lambda: repr(session.get("a")))
    app.add_url_rule("/set", "set", lambda: session.setdefault("a", "b"))
    client = app.test_client()
    return [client.get(path).status_code for path in ("/get", "/set")]


class Failing(InMemory):
    def open_session(self, app: Flask, request: Any) -> Any:
        if "open" in request.args:
            raise LookupError
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        super().save_session(app, session, response)
        if "save" in request.args:
            raise LookupError


def probe_failing_interface() -> Any:
    """An interface that raises."""
    app = Flask(__name__)
    app.session_interface = Failing()
    app.teardown_request(lambda exc: note("teardown", exc))
    app.add_url_rule("/", "index", lambda: session.setdefault("a", "b"))
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    client = app.test_client()
    paths = ("/", "/?open", "/?save", "/fail?save", "/missing?save")
    return [outcome(lambda path=path: client.get(path).status) for path in paths]


def probe_subclassed_interface() -> Any:
    """The built-in interface with one thing changed."""

    class Noting(SecureCookieSessionInterface):
        salt = "other"

        def open_session(self, app: Flask, request: Any) -> Any:
            note("open")
            return super().open_session(app, request)

        def should_set_cookie(self, app: Flask, session: Any) -> bool:
            note("asked whether to set")
            return True

    app = Flask(__name__)
    app.secret_key = "key"
    app.session_interface = Noting()
    app.add_url_rule("/quiet", "quiet", lambda: "quiet")
    app.add_url_rule("/set", "set", lambda: session.setdefault("a", "b"))
    client = app.test_client()
    return [client.get(path).headers.to_wsgi_list() for path in ("/quiet", "/set", "/quiet")]
