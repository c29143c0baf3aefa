"""Applications within others: middleware around one, one mounted below another, one that answers for another."""

from __future__ import annotations

from typing import Any

from asking import Request, ask, get, post
from observing import note, outcome
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as WerkzeugResponse

from flask import Flask, current_app, redirect, request, session, url_for


def create() -> Any:
    front, mounted, inner = make("front"), make("mounted"), make("inner")
    mounted.config["APPLICATION_ROOT"] = "/mounted"
    mounted.wsgi_app = ProxyFix(mounted.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    front.add_url_rule("/inner/", "inner", lambda: inner)
    front.add_url_rule("/inner/<path:rest>", "inner_rest", lambda rest: inner)
    front.add_url_rule("/wsgi", "wsgi", lambda: WerkzeugResponse("plain", 202))
    front.wsgi_app = Noting(front.wsgi_app)  # type: ignore[method-assign]
    return DispatcherMiddleware(front, {"/mounted": mounted, "/refused": refuse})


class Noting:
    def __init__(self, wsgi_app: Any) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: Any, start_response: Any) -> Any:
        note("around", environ["PATH_INFO"], environ["SCRIPT_NAME"])
        environ["HTTP_X_ADDED"] = "yes"

        def start(status: str, headers: Any, exc_info: Any = None) -> Any:
            return start_response(status, [*headers, ("X-Around", "yes")], exc_info)

        return self.wsgi_app(environ, start)


def refuse(environ: Any, start_response: Any) -> Any:
    start_response("403 FORBIDDEN", [("Content-Type", "text/plain")])
    return [b"refused"]


def make(name: str) -> Flask:
    app = Flask(f"apps.{name}")
    app.secret_key = "key"
    app.before_request(lambda: note("before", name, request.path, request.script_root))
    app.teardown_request(lambda exc: note("teardown", name, exc))
    app.teardown_appcontext(lambda exc: note("teardown of the app", name, current_app.name))

    @app.route("/", methods=["GET", "POST"])
    def index() -> Any:
        session[name] = True
        urls = [url_for("index"), url_for("index", _external=True), request.url, request.remote_addr]
        return [*urls, request.headers.get("X-Added"), request.get_data(as_text=True), sorted(session)]

    app.add_url_rule("/slash/", "slash", lambda: "slash")
    app.add_url_rule("/away", "away", lambda: redirect(url_for("slash")))
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    return app


FORWARDED = {
    "X-Forwarded-For": "1.2.3.4",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "example.org",
    "X-Forwarded-Prefix": "/prefix",
}
PATHS = [
    *("/", "/slash", "/slash/", "/away", "/fail", "/missing", "/wsgi", "/inner/", "/inner/missing", "/refused/x"),
    *("/mounted", "/mounted/", "/mounted/slash", "/mounted/away", "/mounted/fail", "/mounted/missing"),
    *("/mounted/static/hello.txt", "/mountedx"),
]

VISITS: list[Request | list[Request]] = [
    *(get(path) for path in PATHS),
    *(get(path, headers=FORWARDED) for path in PATHS),
    *(ask("HEAD", path) for path in ("/inner/", "/mounted/", "/mounted")),
    *(post(path, data={"a": "b"}) for path in ("/inner/", "/mounted/", "/mounted", "/slash")),
    [get("/"), get("/mounted/"), get("/inner/"), get("/")],
]


def probe_call_overridden() -> Any:
    """An application whose ``__call__`` is the user's."""

    class Own(Flask):
        def __call__(self, environ: Any, start_response: Any) -> Any:
            note("called")
            return super().__call__(environ, start_response)

    app = Own(__name__)
    app.add_url_rule("/", "index", lambda: "x")
    return app.test_client().get("/").text


def probe_wsgi_by_hand() -> Any:
    """An application that is called as a server would, with as little as it may be called with."""
    app, found = make("bare"), {}
    least = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "SERVER_NAME": "h", "SERVER_PORT": "80"}
    for name, environ in {
        "least": least,
        "with path": least | {"PATH_INFO": "/"},
        "port": least | {"PATH_INFO": "/", "SERVER_PORT": "8080"},
        "no query": least | {"PATH_INFO": "/", "QUERY_STRING": ""},
        "no names": {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.url_scheme": "http"},
        "no method": {key: value for key, value in least.items() if key != "REQUEST_METHOD"},
    }.items():
        found[name] = outcome(call, app, environ)
    return found


def call(app: Flask, environ: dict[str, Any]) -> Any:
    started: list[Any] = []
    body = b"".join(app(environ, lambda status, headers, exc_info=None: started.append(status)))  # type: ignore[arg-type]
    return [started, body.decode()]
