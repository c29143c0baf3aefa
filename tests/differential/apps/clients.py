"""The test client and the command runner: ``with`` bodies, cookies, sessions, redirects, requests of all kinds."""

from __future__ import annotations

from typing import Any

import click
from observing import note, outcome, plain
from werkzeug.test import EnvironBuilder as WerkzeugBuilder

from flask import (
    Flask,
    current_app,
    flash,
    g,
    get_flashed_messages,
    has_app_context,
    has_request_context,
    jsonify,
    make_response,
    redirect,
    render_template_string,
    request,
    session,
    stream_with_context,
    url_for,
)
from flask.testing import EnvironBuilder, FlaskClient, FlaskCliRunner


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key", **config)
    app.teardown_request(lambda exc: note("teardown", exc))
    app.teardown_appcontext(lambda exc: note("teardown of the app", exc))
    for path, view in VIEWS.items():
        app.add_url_rule(path, path, view, methods=["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
    return app


def index() -> Any:
    g.seen = request.args.get("x")
    session["visits"] = session.get("visits", 0) + 1
    return f"{request.method} {session['visits']}"


def set_cookies() -> Any:
    response = make_response("set")
    response.set_cookie("plain", "value")
    response.set_cookie("deep", "x", path="/deep")
    response.set_cookie("other", "x", domain="other.org")
    response.delete_cookie("gone")
    return response


def messages() -> Any:
    flash("one")
    return "flashed"


VIEWS: dict[str, Any] = {
    "/": index,
    "/fail": lambda: 1 / 0,
    "/cookies": set_cookies,
    "/deep/cookies": lambda: jsonify(request.cookies),
    "/shown": lambda: jsonify(request.cookies),
    "/redirect": lambda: redirect("/again?x=1", int(request.args.get("code", 302))),
    "/again": lambda: redirect(url_for("/")),
    "/loop": lambda: redirect("/loop"),
    "/away": lambda: redirect("http://other.org/"),
    "/subdomain": lambda: redirect("http://sub.localhost/"),
    "/flash": messages,
    "/messages": lambda: jsonify(get_flashed_messages()),
    "/echo": lambda: jsonify(plain([request.get_data(as_text=True), request.mimetype, dict(request.headers)])),
    "/template": lambda: render_template_string("{{ g.seen }}"),
    "/stream": lambda: stream_with_context(iter(["a", request.path])),
    "/environ": lambda: jsonify(
        [request.remote_addr, request.user_agent.string, request.host, request.environ.get("X")]
    ),
}


def state() -> Any:
    return [has_request_context(), has_app_context(), request.path if request else None, g.get("seen") if g else None]


def probe_with_body() -> Any:
    """What is active in the body of a client's ``with``."""
    app = create()
    found: dict[str, Any] = {}
    client = app.test_client()
    with client:
        found["before"] = state()
        client.get("/?x=1")
        found["after one"] = [state(), session["visits"], request.args["x"], current_app.name]
        note("in the body")
        client.get("/?x=2")
        found["after two"] = [state(), session["visits"]]
        client.get("/missing")
        found["after missing"] = [state(), request.endpoint, outcome(lambda: session["visits"])]
        client.get("/fail")
        found["after an error"] = state()
        client.get("/redirect", follow_redirects=True)
        found["after redirects"] = [state(), request.path]
        found["url"] = outcome(url_for, "/")
        found["messages"] = [client.get("/flash").status, get_flashed_messages()]
        note("leaving")
    found["left"] = state()
    with client:
        client.get("/")
    found["again"] = state()
    found["nested"] = outcome(nest, client)
    return found


def probe_stream_in_body() -> Any:
    """What is active in a ``with`` body after a stream, before and after it was read."""
    with create().test_client() as client:
        answer = client.get("/stream?x=1")
        before = state()
        text = answer.text
        after = state()
    note("left")
    return [before, text, after, state()]


def nest(client: FlaskClient) -> None:
    with client, client:
        pass


def probe_error_in_body() -> Any:
    """A ``with`` body that raises, and an application that does."""
    app = create(TESTING=True)

    def body() -> None:
        with app.test_client() as client:
            client.get("/")
            raise LookupError

    def fail() -> Any:
        with app.test_client() as client:
            try:
                client.get("/fail")
            except ZeroDivisionError:
                return state()

    return [outcome(body), state(), outcome(fail), state()]


def probe_two_clients() -> Any:
    """Two clients at once."""
    app = create()
    with app.test_client() as first, app.test_client() as second:
        first.get("/?x=first")
        seen = [state()]
        second.get("/?x=second")
        seen.append(state())
    return [seen, state()]


def probe_outer_context() -> Any:
    """Requests of a client within other contexts."""
    app = create()
    with app.app_context():
        g.outer = "outer"
        client = app.test_client()
        first = [client.get("/?x=1").text, state(), g.get("outer")]
        with client:
            client.get("/?x=2")
            second = [state(), g.get("outer")]
        third = [state(), g.get("outer")]
    with app.test_request_context("/shown"):
        fourth = [app.test_client().get("/?x=3").text, state()]
    return [first, second, third, fourth, state()]


def probe_session_transaction() -> Any:
    """Sessions that are changed from outside."""
    app = create()
    client = app.test_client()
    found: dict[str, Any] = {}
    with client.session_transaction() as opened:
        opened["visits"] = 41
        found["inside"] = [state(), type(opened).__name__]
    found["next"] = client.get("/").text
    with client.session_transaction() as opened:
        found["read"] = dict(opened)
        opened.clear()
    found["cleared"] = client.get("/").text
    with client:
        client.get("/?x=1")
        with client.session_transaction() as opened:
            opened["visits"] = 7
        found["in a body"] = [state(), session["visits"]]
    found["no cookies"] = outcome(transaction, app.test_client(use_cookies=False))
    app.secret_key = None
    found["no key"] = outcome(transaction, app.test_client())
    app.secret_key = "key"
    found["raising"] = outcome(transaction, app.test_client(), ValueError())
    with client.session_transaction("/deep/x", base_url="https://other.org", method="POST") as opened:
        opened["elsewhere"] = True
    found["elsewhere"] = [client.get("/").text, client.get("/", base_url="https://other.org").text]
    return found


def transaction(client: FlaskClient, error: Exception | None = None) -> None:
    with client.session_transaction() as opened:
        opened["a"] = 1
        if error is not None:
            raise error


def probe_cookies() -> Any:
    """Cookies that a client keeps, is given, and loses."""
    app = create()
    client = app.test_client()
    client.get("/cookies")
    found: dict[str, Any] = {"kept": client.get("/shown").json, "deep": client.get("/deep/cookies").json}
    cookie = client.get_cookie("plain")
    found["cookie"] = [cookie.key, cookie.value, cookie.path, cookie.domain, cookie.origin_only]
    found["missing"] = [
        client.get_cookie("nothing"),
        client.get_cookie("deep"),
        client.get_cookie("deep", path="/deep") is None,
    ]
    client.set_cookie("given", "ü;", domain="localhost", path="/")
    client.set_cookie("domain", "x", domain="example.org")
    found["given"] = [client.get("/shown").json, client.get("/shown", base_url="http://example.org").json]
    client.delete_cookie("given")
    client.delete_cookie("plain")
    found["deleted"] = client.get("/shown").json
    found["header"] = client.get("/shown", headers={"Cookie": "a=b"}).json
    without = app.test_client(use_cookies=False)
    without.get("/cookies")
    found["without"] = [without.get("/shown").json, outcome(without.set_cookie, "a", "b")]
    return found


def probe_requests() -> Any:
    """Requests of all kinds."""
    app = create()
    client = app.test_client()
    found: dict[str, Any] = {
        method: getattr(client, method)("/", data="body").text
        for method in ("get", "post", "put", "delete", "patch", "trace")
    }
    found["head"] = [client.head("/").status, client.head("/").data]
    found["options"] = client.options("/").headers.get("Allow")
    for name, options in {
        "JSON": {"json": [1]},
        "form": {"data": {"a": ["1", "2"]}},
        "text": {"data": "text", "content_type": "text/plain"},
        "bytes": {"data": b"\xff"},
        "headers": {"headers": [("X-A", "1"), ("X-A", "2")]},
        "authorization": {"auth": ("user", "password")},
        "mimetype": {"mimetype": "text/x", "data": "x"},
    }.items():
        found[name] = outcome(lambda options=options: client.post("/echo", **options).json)
    found["environ"] = client.get("/environ").json
    found["environ given"] = client.get(
        "/environ", environ_base={"REMOTE_ADDR": "9.9.9.9"}, environ_overrides={"X": "y"}
    ).json
    client.environ_base["REMOTE_ADDR"] = "8.8.8.8"
    client.environ_base["HTTP_USER_AGENT"] = "own"
    found["environ of the client"] = client.get("/environ").json
    for name, builder in {"own": EnvironBuilder(app, "/environ"), "Werkzeug's": WerkzeugBuilder("/environ")}.items():
        found[f"{name} builder"] = client.open(builder).json
        found[f"{name} environ"] = client.open(builder.get_environ()).json
        found[f"{name} request"] = client.open(builder.get_request()).json
    found["full URL"] = client.get("http://example.org:80/environ?x").json
    found["by name"] = client.open("/", method="POST").text
    found["unknown"] = outcome(lambda: client.get("/", unknown=1))
    return found


def probe_responses() -> Any:
    """What a client hands back."""
    app = create()
    client = app.test_client()
    answer = client.get("/?x=1")
    return {
        "attributes": [
            answer.status_code,
            answer.text,
            answer.data,
            answer.mimetype,
            answer.request.path,
            answer.json_module is not None,
        ],
        "history": [
            [past.status_code, past.request.path] for past in client.get("/redirect", follow_redirects=True).history
        ],
        "buffered": client.get("/stream", buffered=True).data,
        "closed": outcome(lambda: client.get("/stream").close()),
        "with": outcome(lambda: client.get("/stream").__enter__().text),
        "class": [cls.__name__ for cls in type(answer).__mro__[:3]],
    }


def probe_redirects() -> Any:
    """Redirects that are followed, or not."""
    app = create()
    client = app.test_client()
    found: dict[str, Any] = {}
    for code in (301, 302, 303, 305, 307, 308):
        for method in ("GET", "POST"):
            answer = outcome(
                lambda m=method, c=code: client.open(f"/redirect?code={c}", method=m, follow_redirects=True).text
            )
            found[f"{method} {code}"] = answer
    for path in ("/loop", "/away", "/subdomain"):
        found[path] = outcome(lambda path=path: client.get(path, follow_redirects=True).status)
    return found


def probe_classes() -> Any:
    """Clients and runners of classes of the user's."""

    class Client(FlaskClient):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            note("client", sorted(kwargs))
            self.token = kwargs.pop("token", None)
            super().__init__(*args, **kwargs)

        def open(self, *args: Any, **kwargs: Any) -> Any:
            note("open", args)
            kwargs.setdefault("headers", {})["X-Token"] = self.token
            return super().open(*args, **kwargs)

    app = create()
    app.test_client_class = Client
    client = app.test_client(token="secret")
    found = {"own": client.get("/echo").json[2].get("X-Token")}
    found["own, in a body"] = outcome(lambda: [client.__enter__().get("/").text, client.__exit__(None, None, None)])
    found["unknown"] = outcome(lambda: create().test_client(unknown=1))
    return found


def probe_commands() -> Any:
    """Commands that are run by a test."""
    app = create()

    @app.cli.command("greet")
    @click.argument("name", default="nobody")
    def greet(name: str) -> None:
        """Greet somebody."""
        click.echo(f"Hello {name} of {current_app.name} {state()}")

    @app.cli.command("bare", with_appcontext=False)
    def bare() -> None:
        click.echo(f"bare {state()}")

    @app.cli.command("fail")
    def fail() -> None:
        raise LookupError

    @app.cli.group("tools")
    def tools() -> None:
        """A group."""

    @tools.command("inner")
    @click.pass_context
    def inner(context: click.Context) -> None:
        click.echo(f"inner {state()} {context.command_path}")

    runner = app.test_cli_runner()
    found: dict[str, Any] = {"class": isinstance(runner, FlaskCliRunner)}
    for arguments in (
        *(
            ["greet"],
            ["greet", "Ada"],
            ["bare"],
            ["fail"],
            ["tools", "inner"],
            ["missing"],
            ["greet", "--help"],
            ["tools"],
        ),
        [],
    ):
        result = runner.invoke(args=arguments)
        found[" ".join(arguments) or "nothing"] = [result.exit_code, result.output, plain(result.exception)]
    found["by command"] = runner.invoke(greet, ["Bob"]).output
    found["left"] = state()
    return found
