"""The test client, the maker of environments and the runner for commands."""

from __future__ import annotations

import gc
import io
import threading
import uuid
import weakref

import click
import pytest
import werkzeug.test
from werkzeug.wrappers import Request as WerkzeugRequest

import flask
from flask import Flask, Response, eras, g, redirect, request, session
from flask.json.provider import DefaultJSONProvider
from flask.testing import EnvironBuilder, FlaskClient, FlaskCliRunner

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

newest_era = pytest.mark.skipif(
    eras.is_old("client_keeps_context"), reason="a new context ends the one that is kept, in the old eras"
)


@pytest.fixture
def app(app):
    """An application that answers with what it was asked."""

    @app.route("/", methods=METHODS)
    def echo():
        return {
            "url": request.url,
            "method": request.method,
            "form": request.form,
            "files": {name: file.filename for name, file in request.files.items()},
            "body": "" if request.form else request.get_data(as_text=True),
            "type": request.content_type,
            "json": request.get_json(silent=True),
            "root": request.root_path,
            "address": request.remote_addr,
            "agent": request.user_agent.string,
            "cookies": request.cookies,
            "header": request.headers.get("X-Header"),
            "user": request.authorization.username if request.authorization else None,
        }

    app.add_url_rule("/once", "once", lambda: redirect("/?redirected=1"))
    app.add_url_rule("/twice", "twice", lambda: redirect("/once", 301))
    app.add_url_rule("/keep", "keep", lambda: redirect("/", 308), methods=["POST"])
    app.add_url_rule("/other", "other", lambda: redirect("/", 303), methods=["POST"])
    app.add_url_rule("/loop", "loop", lambda: redirect("/loop"))
    app.add_url_rule("/subdomain", "subdomain", lambda: redirect("http://shop.localhost/"))
    app.add_url_rule("/elsewhere", "elsewhere", lambda: redirect("http://elsewhere.example/"))
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    return app


# Where a request goes


@pytest.mark.parametrize(
    ("arguments", "url"),
    [
        ({}, "http://localhost/"),
        ({"path": "/?a=b&c=d%20e"}, "http://localhost/?a=b&c=d%20e"),
        ({"query_string": {"a": "ä"}}, "http://localhost/?a=ä"),
        ({"query_string": "a=1"}, "http://localhost/?a=1"),
        ({"path": "https://shop.example:8443/?x=1"}, "https://shop.example:8443/?x=1"),
        ({"base_url": "https://shop.example/root/"}, "https://shop.example/root/"),
        ({"url_scheme": "https"}, "https://localhost/"),
        ({"subdomain": "shop"}, "http://shop.localhost/"),
    ],
)
def test_urls(client, arguments, url):
    assert client.get(**{"path": "/", **arguments}).json["url"] == url


def test_defaults_come_from_the_configuration(app, client):
    app.config.update(SERVER_NAME="shop.example:8080", PREFERRED_URL_SCHEME="https", APPLICATION_ROOT="/root")
    assert client.get("/").json["url"] == "https://shop.example:8080/root/"
    assert client.get("/").json["root"] == "/root"
    assert client.get("/", url_scheme="http").json["url"] == "http://shop.example:8080/root/"
    with app.test_request_context(subdomain="www"):
        assert request.url == "https://www.shop.example:8080/root/"


@pytest.mark.parametrize("other", [{"subdomain": "shop"}, {"url_scheme": "https"}])
def test_a_base_url_says_all(client, other):
    with pytest.raises(AssertionError, match="base_url"):
        client.get("/", base_url="http://localhost/", **other)


@pytest.mark.parametrize("method", [method.lower() for method in METHODS])
def test_each_method_has_its_own(client, method):
    assert getattr(client, method)("/").json["method"] == method.upper()


def test_head(client):
    response = client.head("/")
    assert (response.status_code, response.data) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_open_takes_the_method(client):
    assert client.open("/", method="DELETE").json["method"] == "DELETE"


# What a request carries


def test_form(client):
    answer = client.post("/", data={"a": "ä", "b": ["1", "2"]}).json
    assert answer["form"] == {"a": "ä", "b": "1"}
    assert answer["type"] == "application/x-www-form-urlencoded"


def test_files(client):
    answer = client.post("/", data={"a": "1", "file": (io.BytesIO(b"x"), "x.txt")}).json
    assert (answer["form"], answer["files"]) == ({"a": "1"}, {"file": "x.txt"})


@pytest.mark.parametrize("data", [b"raw", "raw"])
def test_raw_body(client, data):
    answer = client.put("/", data=data, content_type="text/plain").json
    assert (answer["body"], answer["type"]) == ("raw", "text/plain")


def test_json_is_written_as_the_application_writes_it(app, client):
    app.json.sort_keys = False
    answer = client.post("/", json={"b": uuid.UUID(int=5), "a": None}).json
    assert answer["type"] == "application/json"
    assert answer["body"] == '{"b": "00000000-0000-0000-0000-000000000005", "a": null}'


def test_json_with_another_type(client):
    assert client.post("/", json=[1], content_type="application/vnd.api+json").json["json"] == [1]


def test_json_and_data_contradict_each_other(client):
    with pytest.raises(TypeError):
        client.post("/", json={}, data="x")


def test_headers_and_authorization(client):
    answer = client.get("/", headers={"X-Header": "1"}, auth=("ada", "secret")).json
    assert (answer["header"], answer["user"]) == ("1", "ada")


def test_environ_base_of_the_client(client):
    answer = client.get("/").json
    assert answer["address"] == "127.0.0.1"
    assert answer["agent"].startswith("Werkzeug/")
    client.environ_base.update(REMOTE_ADDR="192.0.2.1", HTTP_X_HEADER="base")
    answer = client.get("/").json
    assert (answer["address"], answer["header"]) == ("192.0.2.1", "base")


def test_other_clients_ask_for_the_request_that_this_one_would_send(client):
    # Flask-SocketIO's does, by this name.
    client.environ_base["HTTP_X_HEADER"] = "base"
    request = client._request_from_builder_args((), {"path": "/page?a=1", "headers": None})
    assert (request.url, request.headers["X-Header"]) == ("http://localhost/page?a=1", "base")


def test_environ_base_of_a_request(client):
    answer = client.get("/", environ_base={"REMOTE_ADDR": "192.0.2.2"}).json
    assert answer["address"] == "192.0.2.2"
    assert answer["agent"].startswith("Werkzeug/")
    assert client.get("/", environ_overrides={"REMOTE_ADDR": "192.0.2.3"}).json["address"] == "192.0.2.3"
    assert client.get("/").json["address"] == "127.0.0.1"


def test_requests_that_are_made_already(app, client):
    builder = EnvironBuilder(app, "/?from=builder", method="POST", data={"a": "1"})
    environ = EnvironBuilder(app, "/?from=environ").get_environ()
    before = dict(environ)
    made = werkzeug.test.EnvironBuilder("/?from=request").get_request(WerkzeugRequest)
    answers = [client.open(one).json for one in (builder, environ, made)]
    assert [answer["url"].partition("from=")[2] for answer in answers] == ["builder", "environ", "request"]
    assert answers[0]["form"] == {"a": "1"}
    assert [answer["address"] for answer in answers] == ["127.0.0.1"] * 3
    assert environ == before


@pytest.mark.parametrize("shortcut", ["open", "get", "post"])
def test_what_is_made_already_says_all(app, client, shortcut):
    app.add_url_rule("/made", "made", lambda: f"{request.method} {request.query_string.decode()}", methods=["PUT"])
    builder = EnvironBuilder(app, "/made?from=builder", method="PUT")
    for made in (builder, builder.get_environ(), builder.get_request(), builder.get_request(flask.Request)):
        assert getattr(client, shortcut)(made).text == "PUT from=builder"
        assert getattr(client, shortcut)(made, query_string="from=keyword").text == "PUT from=builder"


def test_werkzeugs_builder_with_its_own_environ_base(client):
    builder = werkzeug.test.EnvironBuilder("/", environ_base={"REMOTE_ADDR": "192.0.2.4"})
    assert client.open(builder).json["address"] == "192.0.2.4"


# Redirects


def test_redirects_are_followed_on_request(client):
    assert client.get("/twice").status_code == 301
    response = client.get("/twice", follow_redirects=True)
    assert response.json["url"] == "http://localhost/?redirected=1"
    assert [one.status_code for one in response.history] == [301, 302]
    assert [one.request.path for one in response.history] == ["/twice", "/once"]
    assert response.request.path == "/"


def test_what_a_redirect_keeps(client):
    kept = client.post("/keep", data={"a": "1"}, follow_redirects=True).json
    assert (kept["method"], kept["form"]) == ("POST", {"a": "1"})
    lost = client.post("/other", data={"a": "1"}, follow_redirects=True).json
    assert (lost["method"], lost["form"]) == ("GET", {})


def test_redirects_in_a_circle(client):
    with pytest.raises(werkzeug.test.ClientRedirectError, match="Loop"):
        client.get("/loop", follow_redirects=True)


@pytest.mark.parametrize("url", ["/subdomain", "/elsewhere"])
def test_redirects_to_another_host_are_not_followed(client, url):
    with pytest.raises(RuntimeError, match="redirects"):
        client.get(url, follow_redirects=True)


def test_redirects_to_subdomains_can_be_followed(app):
    client = app.test_client(allow_subdomain_redirects=True)
    assert client.get("/subdomain", follow_redirects=True).json["url"] == "http://shop.localhost/"


@newest_era
def test_the_last_context_is_kept_after_redirects(client):
    with client:
        client.get("/twice", follow_redirects=True)
        assert request.path == "/"
    assert not request


# Cookies


def test_cookies_are_kept(app, client):
    @app.route("/set")
    def set_cookies():
        response = Response()
        response.set_cookie("a", "1")
        response.set_cookie("b", "2", path="/only")
        return response

    client.get("/set")
    assert client.get("/").json["cookies"] == {"a": "1"}
    assert client.get_cookie("b", path="/only").value == "2"
    client.set_cookie("c", "3")
    client.delete_cookie("a")
    assert client.get("/").json["cookies"] == {"c": "3"}
    client.set_cookie("d", "4", domain="shop.example")
    assert client.get("/").json["cookies"] == {"c": "3"}
    assert client.get("/", base_url="http://shop.example").json["cookies"] == {"d": "4"}


def test_without_cookies(app):
    client = app.test_client(use_cookies=False)
    app.add_url_rule("/set", "set", lambda: Response(headers={"Set-Cookie": "a=1"}))
    assert client.get("/set").headers["Set-Cookie"] == "a=1"
    assert client.get("/").json["cookies"] == {}


# Responses


def test_response_is_one_of_the_applications_class(app, client):
    class Own(Response):
        def shout(self):
            return self.text.upper()

    app.response_class = Own
    app.add_url_rule("/hello", "hello", lambda: "hello")
    response = app.test_client().get("/hello")
    assert response.shout() == "HELLO"
    assert isinstance(response, werkzeug.test.TestResponse)
    assert response.request.path == "/hello"


def test_json_of_the_response_is_read_as_the_application_reads_it():
    class Provider(DefaultJSONProvider):
        def loads(self, s, **kwargs):
            return ["own", super().loads(s, **kwargs)]

    class Own(Flask):
        json_provider_class = Provider

    app = Own(__name__)
    app.add_url_rule("/", "index", lambda: {"a": 1})
    assert app.test_client().get("/").json == ["own", {"a": 1}]


def test_a_response_outlives_client_and_application():
    def ask():
        app = Flask("short_lived")
        app.add_url_rule("/", "index", lambda: {"a": 1})
        return app.test_client().get("/"), weakref.ref(app)

    response, app = ask()
    gc.collect()
    assert response.json == {"a": 1}
    del response
    gc.collect()
    assert app() is None


def test_buffered_closes_the_response(app, client):
    closed = []

    @app.route("/stream")
    def stream():
        response = Response(iter(["a", "b"]))
        response.call_on_close(lambda: closed.append(True))
        return response

    response = client.get("/stream")
    assert not closed
    response.close()
    assert closed == [True]
    assert client.get("/stream", buffered=True).text == "ab"
    assert closed == [True, True]


def test_exceptions_reach_the_test(client):
    with pytest.raises(ZeroDivisionError):
        client.get("/fail")


def test_exceptions_are_answered_outside_of_testing(app):
    app.testing = False
    assert app.test_client().get("/fail", errors_stream=io.StringIO()).status_code == 500


# The context in a `with` body


def test_the_context_is_there_until_the_next_request(app, client):
    @app.route("/name/<name>")
    def name(name):
        g.name = name
        session["name"] = name
        return name

    assert not request
    with client:
        assert not request
        client.get("/name/ada")
        assert (request.path, g.name, session["name"]) == ("/name/ada", "ada", "ada")
        assert flask.current_app._get_current_object() is app
        assert flask.url_for("name", name="x") == "/name/x"
        client.get("/name/bob")
        assert (request.path, g.name, session["name"]) == ("/name/bob", "bob", "bob")
        client.get("/nowhere")
        assert request.path == "/nowhere"
        assert "name" not in g
    assert not request
    assert not flask.has_app_context()


def test_the_context_is_not_kept_outside_of_a_with_body(client):
    client.get("/")
    assert not request


@newest_era
def test_teardown_runs_at_the_end_of_the_request_and_of_what_is_kept(app, client):
    events = []
    app.teardown_request(lambda error: events.append(("request", error)))
    app.teardown_appcontext(lambda error: events.append(("app", error)))
    with client:
        client.get("/")
        events.append("body")
    end = [("request", None), ("app", None)]
    assert events == [*end, "body", *end]


def test_a_failing_body_leaves_nothing_behind(client):
    def fail():
        with client:
            client.get("/")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not request
    with client:
        client.get("/")


def test_a_failing_request_in_a_body(client):
    with client:
        with pytest.raises(ZeroDivisionError):
            client.get("/fail")
        client.get("/")
        assert request.path == "/"
    assert not request


def test_a_client_cannot_be_in_two_bodies(client):
    with client, pytest.raises(RuntimeError, match="with"):
        client.__enter__()
    with client:
        client.get("/")
        assert request.path == "/"


@newest_era
def test_two_clients_nested(app):
    outer, inner = app.test_client(), app.test_client()
    with outer:
        outer.get("/?outer")
        with inner:
            inner.get("/?inner")
            assert request.query_string == b"inner"
        assert request.query_string == b"outer"
    assert not request


def test_a_body_in_another_thread(client):
    seen = []

    def body():
        with client:
            client.get("/")
            seen.append(request.path)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    assert seen == ["/"]
    assert not request


def test_a_stream_is_read_in_the_body(app, client):
    @app.route("/stream")
    def stream():
        return flask.stream_with_context(iter(["one ", "two"]))

    with client:
        assert client.get("/stream").text == "one two"
        assert request.path == "/stream"


# Sessions


def test_session_transaction_sets_and_reads(app, client):
    app.add_url_rule("/value", "value", lambda: str(session.get("value")))
    with client.session_transaction() as changed:
        changed["value"] = 42
        assert not request
    assert not request
    assert client.get("/value").text == "42"
    with client.session_transaction() as changed:
        assert changed.pop("value") == 42
    assert client.get("/value").text == "None"


def test_session_transaction_sees_what_the_application_set(app, client):
    @app.route("/set")
    def set_value():
        session["value"] = "app"
        return ""

    client.get("/set")
    with client.session_transaction() as read:
        assert read["value"] == "app"


def test_a_failing_transaction_saves_nothing(client):
    def fail():
        with client.session_transaction() as changed:
            changed["value"] = 1
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with client.session_transaction() as read:
        assert dict(read) == {}


def test_session_transaction_takes_the_arguments_of_a_request(client):
    with client.session_transaction("/", base_url="http://shop.example/") as changed:
        changed["value"] = 1
    assert client.get_cookie("session") is None
    assert client.get_cookie("session", domain="shop.example")


@newest_era
def test_session_transaction_while_a_context_is_kept(client):
    with client:
        client.get("/?kept")
        with client.session_transaction() as changed:
            changed["value"] = 1
            assert request.query_string == b"kept"
        assert request.query_string == b"kept"


def test_session_transaction_needs_cookies(app):
    # A TypeError since Flask 2.2, a RuntimeError before.
    for kind in (TypeError, RuntimeError):
        with pytest.raises(kind, match="use_cookies"), app.test_client(use_cookies=False).session_transaction():
            pass


def test_session_transaction_needs_a_session(app, client):
    app.secret_key = None
    with pytest.raises(RuntimeError, match="session"), client.session_transaction():
        pass


# Clients of one's own


def test_client_class_with_arguments(app):
    class Client(FlaskClient):
        def __init__(self, *args, header, **kwargs):
            super().__init__(*args, **kwargs)
            self.header = header

        def open(self, *args, **kwargs):
            kwargs.setdefault("headers", {})["X-Header"] = self.header
            return super().open(*args, **kwargs)

    app.test_client_class = Client
    client = app.test_client(header="own")
    assert client.post("/").json["header"] == "own"
    with client:
        client.get("/")
        assert request.headers["X-Header"] == "own"


def test_a_client_that_makes_its_requests_otherwise(app):
    """Flask-SocketIO's client asks a client for a request by this private name of Flask's; others override it."""

    class Client(FlaskClient):
        def _request_from_builder_args(self, args, kwargs):
            kwargs.setdefault("headers", {"X-Header": "ours"})
            return super()._request_from_builder_args(args, kwargs)

    app.test_client_class = Client
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    made = client._request_from_builder_args((), {"path": "/a?b=1", "method": "POST", "data": {"c": "2"}})
    assert (made.url, made.method, made.form["c"]) == ("http://localhost/a?b=1", "POST", "2")
    assert (made.headers["X-Header"], made.environ["REMOTE_ADDR"]) == ("ours", "192.0.2.1")
    assert client.get("/").json["header"] == "ours"


def test_unknown_arguments_of_a_client(app):
    with pytest.raises(TypeError, match="unknown"):
        app.test_client(unknown=1)


def test_a_client_can_be_made_by_hand(app):
    client = FlaskClient(app)
    assert client.application is app
    assert client.get("/").status_code == 200


# Environments


def environ_of(app, *args, **kwargs):
    builder = EnvironBuilder(app, *args, **kwargs)
    try:
        return builder.get_environ()
    finally:
        builder.close()


def test_environ_of_a_path(app):
    environ = environ_of(app, "/a b?c=d", method="PUT")
    assert (environ["PATH_INFO"], environ["QUERY_STRING"], environ["REQUEST_METHOD"]) == ("/a b", "c=d", "PUT")
    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"], environ["SCRIPT_NAME"]) == ("http", "localhost", "")


def test_environ_of_a_whole_url(app):
    app.config["APPLICATION_ROOT"] = "/root"
    environ = environ_of(app, "https://shop.example/a?c=d")
    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == ("https", "shop.example")
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/root", "/a", "c=d")


@pytest.mark.parametrize("root", ["shop/a", "/shop/a"])
def test_environ_of_an_application_root(app, root):
    app.config["APPLICATION_ROOT"] = root
    assert environ_of(app, "/x")["SCRIPT_NAME"] == "/shop/a"


def test_builder_knows_its_application(app):
    builder = EnvironBuilder(app, json={"a": 1})
    assert builder.app is app
    assert builder.json_dumps({"b": 1, "a": uuid.UUID(int=5)}) == (
        '{"a": "00000000-0000-0000-0000-000000000005", "b": 1}'
    )
    builder.close()


def test_test_request_context_takes_the_same_arguments(app):
    with app.test_request_context(
        "/x?y=z", method="POST", json={"a": 1}, headers={"X-Header": "1"}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
    ):
        assert (request.full_path, request.method, request.json) == ("/x?y=z", "POST", {"a": 1})
        assert (request.headers["X-Header"], request.remote_addr) == ("1", "192.0.2.1")


# Commands


@pytest.fixture
def hello(app):
    @app.cli.command("hello")
    @click.argument("name", default="you")
    def hello(name):
        click.echo(f"Hello {name}, from {flask.current_app.import_name}")

    return hello


def test_runner_invokes_the_applications_commands(app, hello):
    result = app.test_cli_runner().invoke(args=["hello", "Ada"])
    assert (result.exit_code, result.output) == (0, f"Hello Ada, from {app.import_name}\n")


def test_runner_invokes_a_command(app, hello):
    result = app.test_cli_runner().invoke(hello, ["Ada"])
    assert result.output == f"Hello Ada, from {app.import_name}\n"
    assert app.test_cli_runner().invoke(hello).output.startswith("Hello you")


def test_runner_of_an_unknown_command(app, hello):
    assert app.test_cli_runner().invoke(args=["bye"]).exit_code == 2


def test_runner_class_with_arguments(app, hello):
    class Runner(FlaskCliRunner):
        pass

    app.test_cli_runner_class = Runner
    runner = app.test_cli_runner(env={"NAME": "1"})
    assert type(runner) is Runner
    assert (runner.app, runner.env) == (app, {"NAME": "1"})
    assert runner.invoke(args=["hello"]).exit_code == 0
