"""Views, hooks and handlers written with ``async def``, answered over WSGI."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any

from asking import Request, ask, get, post
from deeds import DEEDS, OUTCOMES, OwnError, act, act_on
from observing import note, outcome

from flask import (
    Blueprint,
    Flask,
    after_this_request,
    copy_current_request_context,
    current_app,
    g,
    render_template_string,
    request,
    session,
    stream_with_context,
    url_for,
)
from flask.views import MethodView, View

VARIANTS: dict[str, dict[str, Any]] = {"": {}, "debug": {"DEBUG": True}}

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key", **config)
    blueprint = Blueprint("bp", __name__, url_prefix="/bp")
    for scaffold, name in ((app, "app"), (blueprint, "bp")):
        add_hooks(scaffold, name)
        scaffold.add_url_rule("/", "index", view, methods=["GET", "POST"])
    app.teardown_appcontext(teardown_appcontext)
    app.register_blueprint(blueprint)
    for path, function in VIEWS.items():
        app.add_url_rule(path, path, function)
    app.add_url_rule("/class", view_func=Class.as_view("class"))
    app.add_url_rule("/method", view_func=Method.as_view("method"))
    app.context_processor(process_context)
    return app


def add_hooks(scaffold: Any, name: str) -> None:
    @scaffold.before_request
    async def before() -> Any:
        await asyncio.sleep(0)
        return act(f"before-{name}")

    @scaffold.after_request
    async def after(response: Any) -> Any:
        await asyncio.sleep(0)
        return act_on(f"after-{name}", response)

    @scaffold.teardown_request
    async def teardown(exc: BaseException | None) -> None:
        await asyncio.sleep(0)
        note(f"teardown-{name}", exc, request.path)

    @scaffold.url_value_preprocessor
    def preprocess(endpoint: str, values: dict[str, Any]) -> None:
        note(f"values-{name}")

    @scaffold.errorhandler(OwnError)
    async def handle(error: Exception) -> Any:
        await asyncio.sleep(0)
        return act("handler") or (f"{name} handled", 418)


async def teardown_appcontext(exc: BaseException | None) -> None:
    note("teardown of the app", exc)


async def process_context() -> dict[str, Any]:
    return {"processed": "yes"}


async def view() -> Any:
    variable.set("in the view")
    await asyncio.sleep(0)
    answer = act("view")
    session["seen"] = True
    return f"view {request.path} {g.get('kept')} {variable.get()}" if answer is None else answer


async def gather() -> Any:
    async def one(number: int) -> str:
        await asyncio.sleep(0)
        return f"{number} {request.path} {url_for('bp.index')}"

    return await asyncio.gather(one(1), one(2))


async def late_hook() -> Any:
    @after_this_request
    async def late(response: Any) -> Any:
        response.headers["X-Late"] = "yes"
        return response

    return "late"


async def template() -> Any:
    return render_template_string("{{ processed }} {{ request.path }}")


async def stream() -> Any:
    def items() -> Any:
        yield "a"
        yield request.path

    return stream_with_context(items())


async def copied() -> Any:
    @copy_current_request_context
    async def inner() -> str:
        return request.path

    return await inner()


async def ensured() -> Any:
    return current_app.ensure_sync(lambda: "plain")()


def from_plain_code() -> Any:
    async def inner() -> str:
        await asyncio.sleep(0)
        return f"{request.path} {variable.get()}"

    variable.set("outside")
    return current_app.ensure_sync(inner)() + current_app.async_to_sync(inner)()


class Callable_:
    async def __call__(self) -> Any:
        return "called"


class Class(View):
    async def dispatch_request(self) -> Any:
        return f"class {request.method}"


class Method(MethodView):
    async def get(self) -> Any:
        return "async get"

    def post(self) -> Any:
        return "plain post"


VIEWS: dict[str, Any] = {
    "/gather": gather,
    "/late": late_hook,
    "/template": template,
    "/stream": stream,
    "/copied": copied,
    "/ensured": ensured,
    "/from-plain": from_plain_code,
}

VISITS: list[Request | list[Request]] = [
    *(get(path) for path in [*VIEWS, "/", "/bp/", "/missing", "/class", "/method"]),
    *(ask(method, path) for method in ("HEAD", "OPTIONS", "POST") for path in ("/class", "/method", "/gather", "/")),
    *(get("/bp/", query_string={stage: deed}) for stage in ("before-app", "before-bp", "view") for deed in DEEDS),
    *(get("/bp/", query_string={"after-bp": deed}) for deed in OUTCOMES),
    *(get("/bp/", query_string={"view": "own-error", "handler": deed}) for deed in OUTCOMES),
    [post("/?view=remember"), post("/?view=flash"), get("/")],
]


def probe_ensure_sync() -> Any:
    """What ensure_sync makes of functions."""
    app = create()

    async def coroutine() -> str:
        return "coroutine"

    def plain_function() -> str:
        return "plain"

    with app.app_context():
        return {
            "plain": app.ensure_sync(plain_function) is plain_function,
            "coroutine": app.ensure_sync(coroutine)(),
            "raising": outcome(app.ensure_sync(raising)),
            "arguments": app.ensure_sync(arguments)(1, b=2),
        }


async def raising() -> None:
    raise LookupError


async def arguments(a: int, b: int) -> list[int]:
    return [a, b]


def probe_in_a_loop() -> Any:
    """An application that is called on a thread with a running loop."""
    app = create()

    async def run() -> Any:
        return [outcome(lambda: app.test_client().get("/from-plain").status), outcome(app.ensure_sync(raising))]

    return asyncio.run(run())


def probe_own_way() -> Any:
    """An application that runs coroutines in its own way."""

    class Own(Flask):
        def async_to_sync(self, func: Any) -> Any:
            note("asked for", func.__name__)
            return lambda *args, **kwargs: asyncio.run(func(*args, **kwargs))

    app = Own(__name__)
    app.add_url_rule("/", "index", ensured)
    app.add_url_rule("/late", "late", late_hook)
    client = app.test_client()
    return [client.get(path).text for path in ("/", "/late")]
