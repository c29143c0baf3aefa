"""Application and request contexts: pushed, popped, nested, copied; what ``g`` does; and teardown with its errors."""

from __future__ import annotations

import contextvars
import threading
from typing import Any

from asking import Request, get
from observing import note, outcome, plain

from flask import (
    Flask,
    after_this_request,
    copy_current_request_context,
    current_app,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
    url_for,
)
from flask.globals import app_ctx, request_ctx

VARIANTS: dict[str, dict[str, Any]] = {"": {}, "debug": {"DEBUG": True}, "testing": {"TESTING": True}}


def create(name: str = __name__, **config: Any) -> Flask:
    app = Flask(name)
    app.config.update(SECRET_KEY="key", **config)
    for view_name, view in VIEWS.items():
        app.add_url_rule(f"/{view_name}", view_name, view)

    def tearing(number: int) -> Any:
        def tear(exc: BaseException | None) -> None:
            where = [has_request_context(), has_app_context(), g.get("x")]
            note(f"teardown {number}", exc, where, request.path if request else None)
            if request and request.args.get("raise") in (str(number), "all"):
                raise OSError(number)

        return tear

    def tearing_app(number: int) -> Any:
        def tear(exc: BaseException | None) -> None:
            note(f"teardown of the app {number}", exc, [has_request_context(), has_app_context(), g.get("x")])
            if number in g.get("raising", ()):
                raise LookupError(number)

        return tear

    for number in (1, 2):
        app.teardown_request(tearing(number))
        app.teardown_appcontext(tearing_app(number))

    @app.before_request
    def settle() -> None:
        g.x = "x"
        g.raising = [int(number) for number in request.args.getlist("raise_app")]

    app.after_request(lambda response: note("after") or response)
    return app


def use_g() -> Any:
    g.name = "value"
    note("names", list(g), "name" in g, "other" in g)
    note("get", g.get("name"), g.get("other"), g.get("other", "default"))
    note("pop", g.pop("name"), outcome(g.pop, "name"), g.pop("name", "default"))
    note("default", g.setdefault("name", []), g.setdefault("name", 1))
    note("missing", outcome(lambda: g.missing), outcome(delattr, g, "missing"), outcome(lambda: g["x"]))
    del g.name
    return sorted(g)


def use_after_this() -> Any:
    @after_this_request
    def first(response: Any) -> Any:
        note("first", response.status_code)
        response.headers["X-First"] = "1"

        @after_this_request
        def late(response: Any) -> Any:
            note("registered late")
            return response

        return response

    @after_this_request
    def second(response: Any) -> Any:
        note("second")
        return current_app.make_response("replaced")

    return "body"


def use_threads() -> Any:
    seen: list[Any] = []
    session["a"] = 1
    g.y = "y"

    @copy_current_request_context
    def look(argument: str) -> str:
        seen.append([argument, request.path, session.get("a"), g.get("x"), g.get("y"), request_ctx is not None])
        session["from thread"] = True
        g.z = "z"
        return "returned"

    def run() -> None:
        seen.append(look("in the thread"))
        seen.append([has_request_context(), has_app_context()])

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    seen.append([look("here"), g.get("z")])
    return plain([seen, dict(session)])


def use_nested() -> Any:
    other = create("apps.other")
    found = [current_app.name, app_ctx.app is current_app._get_current_object()]
    with other.test_request_context("/inner?x=1"):
        found += [current_app.name, request.path, g.get("x"), outcome(url_for, "missing")]
        g.x = "of the other"
    found += [current_app.name, request.path, g.x]
    with current_app.app_context():
        found += [g.get("x"), request.path]
        g.x = "of the inner context"
    with current_app.test_request_context("/same"):
        found += [g.get("x"), request.path]
    found.append(current_app.test_client().get("/g").json)
    return plain([*found, g.x, request.path])


VIEWS: dict[str, Any] = {
    "g": use_g,
    "after-this": use_after_this,
    "threads": use_threads,
    "nested": use_nested,
    "fail": lambda: 1 / 0,
    "plain": lambda: "plain",
    "pushed": lambda: [current_app.app_context().push(), "left behind"][1],
}

VISITS: list[Request | list[Request]] = [
    *(get(f"/{name}") for name in VIEWS),
    *(
        get(f"/{name}?{query}")
        for name in ("plain", "fail", "missing")
        for query in (
            "raise=1",
            "raise=2",
            "raise=all",
            "raise_app=1",
            "raise_app=1&raise_app=2",
            "raise=1&raise_app=2",
        )
    ),
]


def probe_outside() -> Any:
    """What works without any context."""
    return {
        "proxies": [bool(proxy) for proxy in (current_app, g, request, session)],
        "has": [has_app_context(), has_request_context()],
        "current_app": outcome(lambda: current_app.name),
        "g": outcome(lambda: g.x),
        "g set": outcome(setattr, g, "x", 1),
        "request": outcome(lambda: request.path),
        "session": outcome(lambda: session["a"]),
        "session set": outcome(lambda: session.__setitem__("a", 1)),
        "request_ctx": outcome(lambda: request_ctx.request),
        "app_ctx": outcome(lambda: app_ctx.app),
        "after_this_request": outcome(after_this_request, abs),
        "copy_current_request_context": outcome(copy_current_request_context, abs),
        "url_for": outcome(url_for, "x"),
        "object": outcome(lambda: current_app._get_current_object()),
        "equal": outcome(lambda: request == 1),
        "dir": outcome(dir, current_app),
    }


def probe_app_context() -> Any:
    """An application context pushed by hand."""
    app, found = create(), {}
    context = app.app_context()
    context.push()
    g.x = "first"
    found["inside"] = [has_app_context(), has_request_context(), current_app.name, g.x, g is context.g]
    with app.app_context():
        found["nested"] = [g.get("x"), current_app.name]
    found["request"] = outcome(lambda: request.path)
    context.push()
    found["pushed twice"] = g.x
    context.pop()
    found["popped once"] = [has_app_context(), g.get("x")]
    context.pop()
    found["popped"] = [has_app_context(), outcome(context.pop)]
    return found


def probe_app_context_errors() -> Any:
    """Teardown functions of an application context, and exceptions."""
    app, found = create(), {}
    for name, raising in (("none", []), ("one", [1]), ("both", [1, 2])):
        for error in (None, ValueError()):
            found[f"{name} {error!r}"] = outcome(in_app_context, app, raising, error)
            note("then")
    return found


def in_app_context(app: Flask, raising: list[int], error: Exception | None) -> None:
    with app.app_context():
        g.raising = raising
        if error is not None:
            raise error


def probe_request_context() -> Any:
    """A request context pushed by hand."""
    app, found = create(), {}
    context = app.test_request_context("/plain?raise=none")
    found["before"] = [context.request.path, has_request_context(), outcome(lambda: context.request.endpoint)]
    context.push()
    found["inside"] = [request.endpoint, g.get("x"), session.get("a"), request_ctx.app is app, app_ctx.app is app]
    g.x = "mine"
    session["a"] = "b"
    found["by hand"] = [app.preprocess_request(), outcome(lambda: app.dispatch_request())]
    found["response"] = app.process_response(app.make_response("x")).headers.get("Set-Cookie") is not None
    found["full"] = app.full_dispatch_request().status
    context.pop()
    found["after"] = [has_request_context(), has_app_context(), outcome(context.pop)]
    with app.app_context():
        g.x = "shared"
        with app.test_request_context("/"):
            found["shared"] = g.get("x")
            g.y = "from the request"
        found["shared after"] = g.get("y")
    return found


def probe_wrong_order() -> Any:
    """Contexts that are popped in the wrong order."""
    app = create()
    first, second = app.test_request_context("/plain"), app.test_request_context("/g")
    first.push()
    second.push()
    wrong = outcome(first.pop)
    note("popped wrongly")
    return [wrong, outcome(second.pop), outcome(first.pop), has_request_context()]


def probe_copies() -> Any:
    """Contexts in threads and in copied contexts."""
    app, seen = create(), []

    def look() -> None:
        seen.append([has_app_context(), has_request_context(), g.get("x") if g else None])

    with app.test_request_context("/plain"):
        g.x = "x"
        contextvars.copy_context().run(look)
        contextvars.Context().run(look)
        copied = request_ctx.copy()
        seen.append([copied.request is request_ctx.request, copied.session is request_ctx.session, copied.app is app])
    with copied:
        look()
        seen.append(request.path)
    return seen


def probe_g() -> Any:
    """``g`` by itself, and a class for it of the user's."""

    class Own:
        def __init__(self) -> None:
            self.made = True

    class App(Flask):
        app_ctx_globals_class = Own

    app = create()
    with app.app_context():
        found = {
            "use": outcome(use_g),
            "equal": g == g._get_current_object(),
            "type": type(g._get_current_object()).__name__,
        }
    with App(__name__).app_context():
        found["own"] = [g.made, outcome(lambda: g.get("x"))]
    return found


def probe_test_request_context() -> Any:
    """What a test's request may be made of."""
    app = create()
    made: dict[str, dict[str, Any]] = {
        "path": {"path": "/x?y=1"},
        "query": {"path": "/x", "query_string": {"a": "b"}},
        "both": {"path": "/x?y=1", "query_string": "a=b"},
        "JSON": {"path": "/x", "json": {"a": 1}},
        "form": {"path": "/x", "method": "POST", "data": {"a": "1"}},
        "headers": {"path": "/x", "headers": {"X-A": "1"}},
        "root": {"path": "/x", "base_url": "https://h/r"},
        "environ": {"path": "/x", "environ_base": {"REMOTE_ADDR": "9.9.9.9"}, "environ_overrides": {"X": "y"}},
        "unknown": {"unknown": 1},
    }
    return {name: outcome(described, app, options) for name, options in made.items()}


def described(app: Flask, options: dict[str, Any]) -> Any:
    with app.test_request_context(**options):
        return [request.url, request.method, request.get_data(as_text=True), request.remote_addr, request.mimetype]


def probe_should_ignore_error() -> Any:
    """Errors that an application does not want teardown functions to know of."""

    class Own(Flask):
        def should_ignore_error(self, error: BaseException | None) -> bool:
            note("asked", error)
            return True

    app = Own(__name__)
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    app.teardown_request(lambda exc: note("teardown", exc))
    client = app.test_client()
    return [client.get("/fail").status, client.get("/missing").status]


def probe_overridden_stages() -> Any:
    """Stages that a subclass overrides are called, in their order."""
    names = [
        *("full_dispatch_request", "preprocess_request", "dispatch_request", "finalize_request", "process_response"),
        *("handle_exception", "handle_user_exception", "handle_http_exception", "log_exception", "make_response"),
        *("do_teardown_request", "do_teardown_appcontext", "create_url_adapter", "raise_routing_exception", "wsgi_app"),
        *("make_default_options_response", "ensure_sync", "app_context", "request_context", "trap_http_exception"),
    ]

    def override(name: str) -> Any:
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            if name not in ("ensure_sync", "create_url_adapter"):
                note(name)
            return getattr(Flask, name)(self, *args, **kwargs)

        return call

    Own = type("Own", (Flask,), {name: override(name) for name in names})
    app = Own(__name__)
    app.add_url_rule("/", "index", lambda: "x")
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    app.before_request(lambda: None)
    app.after_request(lambda response: response)
    client = app.test_client()
    return [
        client.open(path, method=method).status for path in ("/", "/fail", "/missing") for method in ("GET", "OPTIONS")
    ]
