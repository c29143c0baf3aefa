"""Sync and async code of one request: in the documented order, with the same objects, the sync code on one thread."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import gc
import itertools
import sqlite3
import threading
import typing as t
import weakref
from collections.abc import Callable
from contextvars import ContextVar, Token

import pytest

import flask
from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    copy_current_request_context,
    current_app,
    g,
    render_template_string,
    request,
    session,
    stream_with_context,
)
from flask._awaiting import KnownCoroutineFunctions, serving
from flask.views import MethodView, View

from .server import Answer, Exchange, Message, of_kind, run, scope_for, serve

number: ContextVar[int] = ContextVar("number", default=0)


@pytest.fixture(params=["sync", "async"])
def hooks(request: pytest.FixtureRequest) -> str:
    """How hooks are written; ``kind`` tells it of the view."""
    hooks: str = request.param
    return hooks


class Journal:
    """What was called, with which objects and on which thread."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.objects: set[tuple[int, ...]] = set()
        self.threads: dict[str, set[int]] = {"sync": set(), "async": set()}

    def note(self, name: str, kind: str, result: t.Any = None) -> Callable[..., t.Any]:
        """A function that notes that it was called."""

        def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
            self.names.append(name)
            proxies: tuple[t.Any, ...] = (request, session, g, current_app)
            self.objects.add(tuple(id(proxy._get_current_object()) for proxy in proxies))
            self.threads[kind].add(threading.get_ident())
            return args[0] if result == "response" else result

        return of_kind(kind, call)


def test_the_order(app: Flask, kind: str, hooks: str, placing: str) -> None:
    journal = Journal()
    note = journal.note
    inner = Blueprint("inner", __name__)
    for place, name in [(app, "app"), (inner, "blueprint")]:
        place.url_value_preprocessor(note(f"preprocessor of {name}", hooks))
        place.before_request(note(f"before of {name}", hooks))
        place.after_request(note(f"after of {name}", hooks, "response"))
        place.teardown_request(note(f"teardown of {name}", hooks))
        # A template is rendered by plain code, which on the event loop cannot wait for what runs there.
        waits = kind == "sync" and placing == "thread"
        place.context_processor(note(f"processor of {name}", hooks if waits else "sync", {}))

    def call_view() -> str:
        after_this_request(note("after this request", hooks, "response"))
        note("view", "sync")() if kind == "sync" else None
        return render_template_string("text")

    inner.add_url_rule("/", "view", of_kind(kind, call_view))
    app.register_blueprint(inner)
    answer = serve(app)
    assert (answer.status, answer.text) == (200, "text")
    assert [name for name in journal.names if name != "view"] == [
        *("preprocessor of app", "preprocessor of blueprint", "before of app", "before of blueprint"),
        *("processor of app", "processor of blueprint", "after this request", "after of blueprint", "after of app"),
        *("teardown of blueprint", "teardown of app"),
    ]
    assert len(journal.objects) == 1
    loop_thread = {threading.get_ident()}
    if kind == "sync" or hooks == "async":
        assert len(journal.threads["sync"]) <= 1
        assert journal.threads["sync"] != loop_thread or placing == "inline" or kind == "async"
    assert journal.threads["async"] <= loop_thread


def test_a_connection_on_g(app: Flask, kind: str, hooks: str) -> None:
    """SQLite refuses the use of a connection by another thread than the one that made it."""

    def connect() -> None:
        g.connection = sqlite3.connect(":memory:")

    def close(exc: BaseException | None) -> None:
        g.pop("connection").close()
        closed.append(exc)

    closed: list[t.Any] = []
    app.before_request(connect)
    app.teardown_appcontext(close)
    app.before_request(of_kind(hooks, lambda: None))
    app.teardown_request(of_kind(hooks, lambda exc: None))

    def query() -> str:
        return str(g.connection.execute("SELECT 6 * 7").fetchone()[0])

    async def view() -> str:
        await asyncio.sleep(0)
        return t.cast(str, await asyncio.sleep(0, "async"))

    app.add_url_rule("/", "view", query if kind == "sync" else view)
    app.after_request(lambda response: response if query() == "42" else None)  # type: ignore[return-value]
    app.add_url_rule("/stream", "stream", of_kind(kind, lambda: stream_with_context(query() for _ in range(2))))
    assert serve(app).text == ("42" if kind == "sync" else "async")
    assert serve(app, "/stream").text == "4242"
    assert closed == [None, None]


def test_the_session(app: Flask, kind: str, hooks: str) -> None:
    app.before_request(of_kind(hooks, lambda: session.__setitem__("before", 1)))

    def after(response: Response) -> Response:
        session["after"] = session["before"] + session["view"]
        return response

    def view() -> str:
        session["view"] = session["before"] + 1
        return "done"

    app.add_url_rule("/", "view", of_kind(kind, view))
    app.add_url_rule("/show", "show", of_kind(kind, lambda: dict(session)))
    app.after_request(of_kind(hooks, after))
    cookie = serve(app).headers["Set-Cookie"].partition(";")[0]
    app.after_request_funcs.clear()
    answer = serve(app, scope_for("/show", headers=[(b"cookie", cookie.encode())]))
    assert answer.text.split() == ['{"after":3,"before":1,"view":2}']


# Context variables


def test_a_variable_that_a_hook_sets(app: Flask, kind: str, hooks: str) -> None:
    """It is set in what comes after: view, hooks, teardown, signals, streams."""
    seen: list[int] = []

    def look(*args: t.Any) -> t.Any:
        seen.append(number.get())
        number.set(number.get() + 1)
        return args[0] if args and isinstance(args[0], Response) else None

    app.before_request(of_kind(hooks, lambda: number.set(1) and None))
    app.before_request(look)
    app.before_request(of_kind("async", look))
    app.after_request(of_kind(hooks, look))
    app.teardown_request(of_kind(hooks, look))

    def view() -> str:
        look()
        return "done"

    app.add_url_rule("/", "view", of_kind(kind, view))
    serve(app)
    assert seen == [1, 2, 3, 4, 5]
    assert number.get() == 0


def test_a_token_from_a_hook(app: Flask, kind: str, placing: str) -> None:
    """A sync teardown function can reset what a sync hook has set: both run in one context."""
    states: list[t.Any] = []

    def set_it() -> None:
        g.token = number.set(7)

    def reset(exc: BaseException | None) -> None:
        token: Token[int] = g.token
        number.reset(token)
        states.append(number.get())

    app.before_request(set_it)
    app.teardown_request(reset)
    app.add_url_rule("/", "view", of_kind(kind, lambda: str(number.get())))
    assert serve(app).text == "7"
    assert states == [0]


def test_variables_of_other_requests(app: Flask, kind: str, hooks: str) -> None:
    """Many at once, on few threads: none sees what another one has set, nor does a later one."""
    app.config["ASGI_THREADS"] = 3

    def enter() -> None:
        assert number.get() == 0
        number.set(int(request.args["n"]))
        g.number = number.get()

    def view() -> str:
        assert number.get() == g.number
        return f"{number.get()} {request.args['n']}"

    app.before_request(of_kind(hooks, enter))
    app.before_request(lambda: None)
    app.add_url_rule("/", "view", of_kind(kind, view))

    async def scenario() -> list[str]:
        exchanges = [Exchange(app, f"/?n={n}").start() for n in range(1, 41)]
        return [(await exchange.finish()).text for exchange in exchanges]

    assert run(scenario(), app) == [f"{n} {n}" for n in range(1, 41)]
    assert number.get() == 0


def test_variables_of_the_server(app: Flask, kind: str) -> None:
    """What the server, or ASGI middleware, has set is seen by the application."""
    app.before_request(of_kind(kind, lambda: None))
    app.add_url_rule("/", "view", of_kind(kind, lambda: str(number.get())))
    token = number.set(5)
    try:
        assert serve(app).text == "5"
    finally:
        number.reset(token)


def test_a_context_of_the_program(app: Flask, kind: str) -> None:
    """A request that is served inside another application's context leaves that alone."""
    other = Flask("other")
    app.add_url_rule("/", "view", of_kind(kind, lambda: current_app.name))

    async def scenario() -> tuple[str, Flask]:
        sent: list[t.Any] = []

        async def send(message: dict[str, t.Any]) -> None:
            sent.append(message)

        with other.app_context():
            await app.asgi_app(scope_for(), asyncio.Event().wait, send)  # type: ignore[misc,arg-type]
            return sent[1]["body"].decode(), current_app._get_current_object()

    assert run(scenario(), app) == (app.name, other)


# Classes


class Item(MethodView):
    async def get(self, name: str = "") -> str:
        await asyncio.sleep(0)
        return f"get {name} {threading.get_ident()}"

    def post(self, name: str = "") -> str:
        return f"post {name} {threading.get_ident()}"


class Page(View):
    init_every_request = False

    def __init__(self, text: str) -> None:
        self.text = text

    async def dispatch_request(self) -> str:
        await asyncio.sleep(0)
        return self.text


class PlainPage(View):
    def dispatch_request(self) -> str:
        return str(threading.get_ident())


def test_methods_run_where_they_belong(app: Flask, placing: str) -> None:
    """Of one class, the async method on the event loop and the sync one on a thread."""
    app.add_url_rule("/item/<name>", view_func=Item.as_view("item"))
    here = str(threading.get_ident())
    kind, name, thread = serve(app, "/item/a").text.split()
    assert (kind, name, thread) == ("get", "a", here)
    kind, name, thread = serve(app, scope_for("/item/b", "POST", [(b"content-length", b"0")])).text.split()
    assert (kind, name) == ("post", "b")
    assert (thread == here) == (placing == "inline")
    assert serve(app, scope_for("/item/a", "HEAD")).status == 200
    assert serve(app, scope_for("/item/a", "PUT")).status == 405
    assert "POST" in serve(app, scope_for("/item/a", "OPTIONS")).headers["Allow"]


def test_views_in_classes(app: Flask, placing: str) -> None:
    app.add_url_rule("/page", view_func=Page.as_view("page", "one for all"))
    app.add_url_rule("/plain", view_func=PlainPage.as_view("plain"))
    assert serve(app, "/page").text == "one for all"
    assert (serve(app, "/plain").text == str(threading.get_ident())) == (placing == "inline")


def test_decorated_classes(app: Flask, kind: str) -> None:
    """A sync decorator around async methods, and an async one around sync methods."""

    def shout(view: Callable[..., t.Any]) -> Callable[..., t.Any]:
        @functools.wraps(view)
        def call(**kwargs: t.Any) -> str:
            return t.cast(str, current_app.ensure_sync(view)(**kwargs)).upper()

        @functools.wraps(view)
        async def async_call(**kwargs: t.Any) -> str:
            result = view(**kwargs)
            if asyncio.iscoroutine(result):
                result = await result
            return t.cast(str, result).upper()

        return call if kind == "sync" else async_call

    class Shouted(Item):
        decorators = [shout]

    app.add_url_rule("/<name>", view_func=Shouted.as_view("item"))
    assert serve(app, "/a").text.startswith("GET A")
    assert serve(app, scope_for("/a", "POST", [(b"content-length", b"0")])).text.startswith("POST A")


# ensure_sync


def test_a_sync_decorator_around_an_async_view(app: Flask, placing: str) -> None:
    """What many extensions do: the coroutine runs on the server's own event loop, the decorator on a thread."""
    loops: list[t.Any] = []
    threads: list[int] = []

    def decorated(view: Callable[..., t.Any]) -> Callable[..., t.Any]:
        @functools.wraps(view)
        def call() -> t.Any:
            threads.append(threading.get_ident())
            return current_app.ensure_sync(view)()

        return call

    @app.get("/")
    @decorated
    @decorated
    async def view() -> str:
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())
        threads.append(threading.get_ident())
        number.set(9)
        return request.path

    app.after_request(lambda response: loops.append(number.get()) or response)

    async def scenario() -> tuple[Answer, asyncio.AbstractEventLoop]:
        return await Exchange(app).start().finish(), asyncio.get_running_loop()

    answer, loop = run(scenario(), app)
    assert (answer.status, answer.text) == (200, "/")
    assert loops[1] == 9
    if placing == "thread":
        assert loops[0] is loop
        assert threads[2] == threading.get_ident()
        assert threads[0] == threads[1] != threads[2]


def test_a_sync_decorator_that_returns_the_coroutine_of_an_async_view(app: Flask, placing: str, hooks: str) -> None:
    """What an extension does that never heard of async views. The coroutine runs on the server's own event loop."""
    loops: list[t.Any] = []
    threads: list[int] = []

    def decorated(view: Callable[..., t.Any]) -> Callable[..., t.Any]:
        @functools.wraps(view)
        def call(*args: t.Any) -> t.Any:
            threads.append(threading.get_ident())
            number.set(number.get() + 1)
            return view(*args)

        return call

    @app.get("/")
    @decorated
    async def view() -> str:
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())
        raise LookupError(number.get())

    @app.errorhandler(LookupError)
    @decorated
    async def handle(error: LookupError) -> str:
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())
        return f"{request.path} {error} {number.get()}"

    def dispatch_request() -> t.Any:
        return app.view_functions[request.endpoint or ""]()

    app.before_request(of_kind(hooks, lambda: None))

    async def scenario() -> tuple[Answer, asyncio.AbstractEventLoop]:
        return await Exchange(app).start().finish(), asyncio.get_running_loop()

    for _ in range(2):
        answer, loop = run(scenario(), app)
        assert (answer.status, answer.text) == (200, "/ 1 2")
        assert loops == [loop, loop]
        assert len(set(threads)) == 1
        assert (threads[0] == threading.get_ident()) is (placing == "inline")
        loops.clear()
        threads.clear()
        app.dispatch_request = dispatch_request  # type: ignore[method-assign]


def test_async_to_sync_in_sync_code(app: Flask, placing: str, kind: str) -> None:
    """Within a request whose steps are on the event loop, and in one that is on the thread as a whole."""

    async def work() -> str:
        await asyncio.sleep(0)
        return f"{request.path} {g.name}"

    def view() -> str:
        g.name = "ada"
        return t.cast(str, app.async_to_sync(work)())

    app.before_request(of_kind(kind, lambda: None))
    app.add_url_rule("/", "view", view)
    assert serve(app).text == "/ ada"


@pytest.mark.parametrize("signal", ["request_started", "request_finished", "request_tearing_down", "appcontext_popped"])
def test_async_receivers_of_signals(app: Flask, kind: str, signal: str) -> None:
    seen: list[str] = []

    async def receive(sender: Flask, **values: t.Any) -> None:
        await asyncio.sleep(0)
        seen.append(sender.name)

    app.add_url_rule("/", "view", of_kind(kind, lambda: "done"))
    with getattr(flask, signal).connected_to(receive, app):
        if app.config["ASGI_SYNC"] == "thread" or kind == "sync":
            assert serve(app).text == "done"
            assert seen == [app.name]


def test_handlers(app: Flask, kind: str, hooks: str) -> None:
    def handle(error: Exception) -> tuple[str, int]:
        return f"{type(error).__name__} {request.path}", 418

    def view() -> str:
        raise LookupError

    app.register_error_handler(LookupError, of_kind(hooks, handle))
    app.register_error_handler(404, of_kind(hooks, handle))
    app.add_url_rule("/", "view", of_kind(kind, view))
    assert (serve(app).status, serve(app).text) == (418, "LookupError /")
    assert serve(app, "/none").text == "NotFound /none"


def test_hooks_that_answer(app: Flask, kind: str, hooks: str) -> None:
    """What a before hook returns is the answer, and the view is not called."""
    app.before_request(of_kind(hooks, lambda: "from the hook" if "stop" in request.args else None))
    app.add_url_rule("/", "view", of_kind(kind, lambda: "from the view"))
    assert [serve(app, path).text for path in ("/", "/?stop=1")] == ["from the view", "from the hook"]


def test_values_of_the_url(app: Flask, kind: str, hooks: str) -> None:
    pages = Blueprint("pages", __name__, url_prefix="/<lang>")

    def pull(endpoint: str | None, values: dict[str, t.Any] | None) -> None:
        assert values is not None
        g.lang = values.pop("lang")

    pages.url_value_preprocessor(of_kind(hooks, pull))
    pages.add_url_rule("/<int:page>", "page", of_kind(kind, lambda page: f"{g.lang} {page}"))
    app.register_blueprint(pages)
    assert serve(app, "/en/7").text == "en 7"


def test_an_async_context_processor(app: Flask, kind: str, hooks: str) -> None:
    app.context_processor(of_kind(hooks, lambda: {"name": request.args["name"]}))
    app.add_url_rule("/", "view", of_kind(kind, lambda: render_template_string("hello {{ name }}")))
    assert serve(app, "/?name=ada").text == "hello ada"


def test_a_copied_context_in_a_task(app: Flask) -> None:
    """A coroutine function stays one on the event loop; what it leaves behind is torn down when it is done."""
    seen: list[t.Any] = []
    done = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []
    app.teardown_request(lambda exc: seen.append(f"end {request.path}"))

    @app.get("/a")
    async def view() -> str:
        @copy_current_request_context
        async def later() -> None:
            await done.wait()
            seen.append((request.path, threading.get_ident() == loop_thread))

        loop_thread = threading.get_ident()
        tasks.append(asyncio.ensure_future(later()))
        await asyncio.sleep(0)
        return "answered"

    async def both() -> Answer:
        answer = await Exchange(app, scope_for("/a")).start().finish()
        seen.append("answered")
        done.set()
        await asyncio.wait(tasks)
        return answer

    run(both(), app)
    assert seen == ["end /a", "answered", ("/a", True), "end /a"]


def test_a_thread_with_an_event_loop_of_its_own_after_a_request_that_never_waited(app: Flask) -> None:
    """A copied coroutine function waits for its result there: the event loop is not that of the server."""
    threads: list[threading.Thread] = []
    seen: list[t.Any] = []

    @app.get("/")
    async def view() -> str:
        @copy_current_request_context
        async def later() -> str:
            return request.path

        async def main() -> None:
            seen.append(later())

        threads.append(threading.Thread(target=lambda: asyncio.run(main())))
        return "answered"

    answer = serve(app)
    threads[0].start()
    threads[0].join()
    assert (answer.text, seen) == ("answered", ["/"])


def test_a_thread_with_the_context_variables_of_a_request_that_never_waited(app: Flask) -> None:
    """It can read the request, though nobody did so before."""
    seen: list[t.Any] = []

    def work() -> None:
        seen.extend([request.headers["Host"], request.environ["PATH_INFO"], request.get_data()])

    @app.get("/")
    async def view() -> str:
        thread = threading.Thread(target=contextvars.copy_context().run, args=(work,))
        thread.start()
        thread.join()
        return "answered"

    assert serve(app).text == "answered"
    assert seen == ["shop.example", "/", b""]


def test_what_a_request_noted_for_its_threads_ends_with_it(app: Flask) -> None:
    """A task that serves several requests: the next one knows nothing of the one before."""

    class Page(MethodView):
        async def get(self) -> str:
            return "page"

    app.add_url_rule("/", view_func=Page.as_view("page"))

    async def serve_here() -> list[Message]:
        exchange = Exchange(app)
        await app.asgi_app(scope_for(), exchange.receive, exchange.send)  # type: ignore[misc]
        assert serving.get() is None
        return exchange.sent

    assert [message.get("body") for message in run(serve_here(), app)] == [None, b"page"]


def test_functions_that_are_replaced(app: Flask, placing: str) -> None:
    """What is a coroutine function is asked of the function that is there now, whatever stood there before."""
    seen: list[tuple[str, bool]] = []

    def note(name: str, kind: str, result: t.Any = None) -> Callable[..., t.Any]:
        def call(*args: t.Any) -> t.Any:
            seen.append((name, threading.current_thread() is threading.main_thread()))
            return args[0] if result == "response" else result

        return of_kind(kind, call)

    app.add_url_rule("/", "view")
    for before, view, after in [*itertools.product(["async", "sync"], repeat=3), ("async", "async", "async")]:
        app.before_request_funcs[None] = [note("before", before)]
        app.after_request_funcs[None] = [note("after", after, "response")]
        app.view_functions["view"] = note("view", view, "text")
        for _ in range(2):
            seen.clear()
            assert serve(app).text == "text"
            kinds = {"before": before, "view": view, "after": after}
            assert seen == [(name, kind == "async" or placing == "inline") for name, kind in kinds.items()]


@pytest.mark.filterwarnings("ignore:Assigning a code object:DeprecationWarning")  # since Python 3.13
def test_a_function_whose_code_is_exchanged(app: Flask) -> None:
    """Tools that load changed modules again do that. What was a coroutine function, and is one no more, may stay on the
    event loop, but it answers.
    """

    async def before() -> None:
        g.text = "awaited"

    async def view() -> str:
        return f"{g.text} and awaited"

    def changed_before() -> None:
        g.text = "called"

    def changed_view() -> str:
        return f"{g.text} and called"

    app.before_request(before)
    app.add_url_rule("/", "view", view)
    assert [serve(app).text for _ in range(2)] == ["awaited and awaited"] * 2
    before.__code__ = changed_before.__code__
    assert [serve(app).text for _ in range(2)] == ["called and awaited"] * 2
    view.__code__ = changed_view.__code__
    assert [serve(app).text for _ in range(2)] == ["called and called"] * 2


def test_functions_made_anew_for_each_request(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered of functions does not keep each of them for ever."""
    assert KnownCoroutineFunctions._MOST <= 1000
    monkeypatch.setattr(KnownCoroutineFunctions, "_MOST", 10)
    made: list[weakref.ref[t.Any]] = []

    @app.before_request
    async def replace() -> None:
        view = of_kind("async", lambda: "text")
        made.append(weakref.ref(view))
        app.view_functions["view"] = view

    app.add_url_rule("/", "view", of_kind("async", lambda: "text"))
    for _ in range(50):
        assert serve(app).text == "text"
    gc.collect()
    assert sum(view() is not None for view in made) <= 11


def test_a_stand_in_for_a_function(app: Flask, hooks: str) -> None:
    """An object that says it is a function, as those of mocking and tracing libraries do, need not be hashable."""

    class StandIn:
        __hash__ = None  # type: ignore[assignment]  # so that it is not

        def __init__(self, function: Callable[..., t.Any]) -> None:
            self._function = function

        __class__ = property(lambda self: type(self._function))  # type: ignore[assignment]  # as such libraries have it

        def __getattr__(self, name: str) -> t.Any:
            return getattr(self._function, name)

        def __call__(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            return self._function(*args, **kwargs)

    app.add_url_rule("/", "view")
    app.view_functions["view"] = StandIn(of_kind(hooks, lambda: g.text))
    app.before_request_funcs[None] = [StandIn(of_kind(hooks, lambda: setattr(g, "text", "text")))]
    assert serve(app).text == "text"
    app.before_request_funcs.clear()
    app.view_functions["view"] = StandIn(of_kind(hooks, lambda: "alone"))
    assert [serve(app).text for _ in range(2)] == ["alone"] * 2


@pytest.mark.parametrize("name", ["function", "self", "args", "kwargs", "call", "app", "ctx"])
def test_any_name_for_a_variable_of_the_url(app: Flask, kind: str, hooks: str, name: str) -> None:
    """The framework's own calls have no parameter that it could be taken for."""
    app.add_url_rule(f"/<{name}>", "view", of_kind(kind, lambda **values: ",".join(values.values())))
    assert [serve(app, "/tea").text for _ in range(2)] == ["tea"] * 2
    app.before_request_funcs[None] = [of_kind(hooks, lambda: None)]
    assert serve(app, "/tea").text == app.test_client().get("/tea").text == "tea"
