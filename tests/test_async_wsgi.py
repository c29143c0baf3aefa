"""Coroutine functions under WSGI: wherever a plain function may be registered, one with ``async def`` may, too."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import subprocess
import sys
import threading
import typing as t
from contextvars import ContextVar

import click
import pytest

import flask
from flask import Blueprint, Flask, Response, after_this_request, g, render_template_string, request, session
from flask.testing import FlaskClient
from flask.views import MethodView, View

number: ContextVar[int] = ContextVar("number", default=0)


async def pause() -> None:
    """Suspend, as waiting for anything would."""
    await asyncio.sleep(0)


# Views


def test_a_view(app: Flask, client: FlaskClient) -> None:
    @app.route("/<name>", methods=["GET", "POST"])
    async def view(name: str) -> t.Any:
        await pause()
        return f"{request.method} {name} {request.args['a']}", 201, {"X-A": "1"}

    response = client.post("/ada?a=1")
    assert (response.status_code, response.text, response.headers["X-A"]) == (201, "POST ada 1", "1")


def test_views_in_classes(app: Flask, client: FlaskClient) -> None:
    class Item(MethodView):
        async def get(self) -> str:
            await pause()
            return "get"

        def post(self) -> str:
            return "post"

    class Page(View):
        init_every_request = False

        async def dispatch_request(self) -> str:
            await pause()
            return "page"

    app.add_url_rule("/item", view_func=Item.as_view("item"))
    app.add_url_rule("/page", view_func=Page.as_view("page"))
    assert [client.get("/item").text, client.post("/item").text, client.get("/page").text] == ["get", "post", "page"]


def test_a_plain_function_that_returns_a_coroutine(app: Flask, client: FlaskClient) -> None:
    """A decorator that forgets to be async, and a partial, give the coroutine to whoever calls."""

    async def view(text: str) -> str:
        await pause()
        return text

    def decorated() -> t.Any:
        return view("decorated")

    app.add_url_rule("/decorated", endpoint="decorated", view_func=decorated)
    app.add_url_rule("/partial", endpoint="partial", view_func=functools.partial(view, "partial"))
    assert [client.get(path).text for path in ("/decorated", "/partial")] == ["decorated", "partial"]


def test_an_error_in_a_view(app: Flask, client: FlaskClient) -> None:
    @app.route("/divide")
    async def divide() -> None:
        await pause()
        1 / 0

    @app.route("/abort")
    async def abort() -> None:
        await pause()
        flask.abort(403)

    app.errorhandler(403)(lambda error: "refused")
    assert client.get("/abort").text == "refused"
    with pytest.raises(ZeroDivisionError):
        client.get("/divide")
    app.testing = False
    assert client.get("/divide").status_code == 500


def test_the_contexts_are_those_of_the_request(app: Flask, client: FlaskClient) -> None:
    @app.route("/")
    async def view() -> str:
        before = request._get_current_object()
        session["a"] = g.a = 1
        await asyncio.gather(pause(), pause())
        assert request._get_current_object() is before
        assert flask.current_app._get_current_object() is app
        return f"{session['a']} {g.a} {flask.url_for('view')}"

    assert client.get("/").text == "1 1 /"
    with client.session_transaction() as stored:
        assert stored["a"] == 1


def test_a_task_of_a_view_sees_the_request(app: Flask, client: FlaskClient) -> None:
    @app.route("/<name>")
    async def view(name: str) -> str:
        async def task() -> str:
            await pause()
            return f"{request.path} {number.get()}"

        number.set(5)
        return await asyncio.create_task(task())

    assert client.get("/ada").text == "/ada 5"


# Functions around a view


def test_functions_around_a_view(app: Flask, client: FlaskClient) -> None:
    steps: list[str] = []

    def noting(step: str, result: t.Callable[..., t.Any] = lambda *args: None) -> t.Callable[..., t.Any]:
        async def function(*args: t.Any, **kwargs: t.Any) -> t.Any:
            await pause()
            steps.append(step)
            return result(*args)

        return function

    shop = Blueprint("shop", __name__)
    for scaffold, name in ((app, "app"), (shop, "shop")):
        scaffold.url_value_preprocessor(noting(f"values {name}"))
        scaffold.before_request(noting(f"before {name}"))
        scaffold.after_request(noting(f"after {name}", lambda response: response))
        scaffold.teardown_request(noting(f"teardown {name}"))
        scaffold.context_processor(noting(f"context {name}", lambda name=name: {"whose": name}))
    app.before_first_request(noting("first"))
    app.teardown_appcontext(noting("appcontext"))

    @shop.route("/")
    async def view() -> str:
        after_this_request(noting("after this", lambda response: response))
        return render_template_string("{{ whose }}")

    app.register_blueprint(shop)
    assert client.get("/").text == "shop"
    assert steps == [
        *("first", "values app", "values shop", "before app", "before shop", "context app", "context shop"),
        *("after this", "after shop", "after app", "teardown shop", "teardown app", "appcontext"),
    ]


def test_a_before_hook_that_answers(app: Flask, client: FlaskClient) -> None:
    @app.before_request
    async def closed() -> str:
        await pause()
        return "closed"

    assert client.get("/").text == "closed"


def test_an_after_hook_that_replaces_the_response(app: Flask, client: FlaskClient) -> None:
    @app.after_request
    async def replace(response: Response) -> Response:
        await pause()
        return Response("replaced")

    assert client.get("/").text == "replaced"


@pytest.mark.parametrize("key", [404, Exception, 500])
def test_error_handlers(app: Flask, client: FlaskClient, key: t.Any) -> None:
    app.testing = False

    @app.errorhandler(key)
    async def handle(error: Exception) -> str:
        await pause()
        return f"handled {type(error).__name__}"

    app.add_url_rule("/divide", endpoint="divide", view_func=lambda: 1 / 0)
    expected = {404: "handled NotFound", Exception: "handled ZeroDivisionError", 500: "handled InternalServerError"}
    assert client.get("/nowhere" if key == 404 else "/divide").text == expected[key]


def test_signal_receivers(app: Flask, client: FlaskClient) -> None:
    steps: list[str] = []

    def receiver(name: str) -> t.Callable[..., t.Any]:
        async def receive(sender: Flask, **extra: t.Any) -> None:
            await pause()
            steps.append(f"{name} {sorted(extra)} {request.path if request else '-'}")

        return receive

    signals = ["request_started", "before_render_template", "template_rendered", "message_flashed", "request_finished",
               "request_tearing_down", "appcontext_pushed", "appcontext_tearing_down", "appcontext_popped"]  # fmt: skip
    receivers = {name: receiver(name) for name in signals}
    for name, function in receivers.items():
        getattr(flask, name).connect(function, app)

    @app.route("/")
    def view() -> str:
        flask.flash("message")
        return render_template_string("")

    client.get("/")
    assert steps == [
        "appcontext_pushed [] -",
        "request_started [] /",
        "message_flashed ['category', 'message'] /",
        "before_render_template ['context', 'template'] /",
        "template_rendered ['context', 'template'] /",
        "request_finished ['response'] /",
        "request_tearing_down ['exc'] /",
        "appcontext_tearing_down ['exc'] -",
        "appcontext_popped [] -",
    ]


def test_a_signal_of_an_unhandled_error(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    errors: list[Exception] = []

    async def receive(sender: Flask, exception: Exception) -> None:
        await pause()
        errors.append(exception)

    app.add_url_rule("/", endpoint="index", view_func=lambda: 1 / 0)
    with flask.got_request_exception.connected_to(receive, app):
        client.get("/")
    assert [type(error) for error in errors] == [ZeroDivisionError]


def test_teardown_functions_that_raise(app: Flask, client: FlaskClient) -> None:
    steps = []

    @app.teardown_appcontext
    async def appcontext(exc: BaseException | None) -> None:
        await pause()
        steps.append("appcontext")

    @app.teardown_request
    async def fail(exc: BaseException | None) -> None:
        await pause()
        raise RuntimeError("in teardown")

    with pytest.raises(RuntimeError, match="in teardown"):
        client.get("/")
    assert steps == ["appcontext"]


# Context variables


def test_what_a_coroutine_sets_is_seen_by_all_that_follows(app: Flask, client: FlaskClient) -> None:
    seen: list[int] = []

    @app.before_request
    async def before() -> None:
        number.set(1)
        await pause()

    @app.before_request
    def plainly() -> None:
        seen.append(number.get())

    @app.route("/")
    async def view() -> str:
        seen.append(number.get())
        number.set(2)
        return ""

    @app.after_request
    async def after(response: Response) -> Response:
        seen.append(number.get())
        await pause()
        number.set(3)
        return response

    app.teardown_request(lambda exc: seen.append(number.get()))
    client.get("/")
    assert seen == [1, 1, 2, 3]


def test_what_a_plain_hook_sets_is_seen_by_a_coroutine(app: Flask, client: FlaskClient) -> None:
    app.before_request(lambda: number.set(7) and None)

    @app.route("/")
    async def view() -> str:
        await pause()
        return str(number.get())

    assert client.get("/").text == "7"


def test_what_is_set_in_two_threads_is_kept_apart(app: Flask) -> None:
    barrier = threading.Barrier(2)
    answers: dict[int, str] = {}

    @app.route("/<int:value>")
    async def view(value: int) -> str:
        number.set(value)
        barrier.wait(10)
        await pause()
        return str(number.get())

    def ask(value: int) -> None:
        answers[value] = app.test_client().get(f"/{value}").text

    threads = [threading.Thread(target=ask, args=(value,)) for value in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == {1: "1", 2: "2"}


# Loops


def test_a_request_made_from_a_running_loop(app: Flask) -> None:
    """A test that is itself async, a notebook: the loop that runs cannot be entered again."""

    @app.before_request
    async def before() -> None:
        number.set(number.get() + 1)
        await pause()

    @app.route("/")
    async def view() -> str:
        await pause()
        return f"{number.get()} {request.path}"

    async def main() -> str:
        number.set(10)
        text = app.test_client().get("/").text
        await pause()
        return text

    assert asyncio.run(main()) == "11 /"


def test_an_error_of_a_request_made_from_a_running_loop(app: Flask) -> None:
    @app.route("/")
    async def view() -> None:
        await pause()
        raise ZeroDivisionError

    async def main() -> None:
        with pytest.raises(ZeroDivisionError):
            app.test_client().get("/")

    asyncio.run(main())
    assert not flask.has_request_context()


def test_a_request_within_a_request(app: Flask, client: FlaskClient) -> None:
    @app.route("/outer")
    async def outer() -> str:
        await pause()
        inner = app.test_client().get("/inner").text
        await pause()
        return f"{request.path} around {inner}"

    @app.route("/inner")
    async def inner() -> str:
        await pause()
        return request.path

    assert client.get("/outer").text == "/outer around /inner"


def test_requests_of_a_thread_share_one_loop(app: Flask, client: FlaskClient) -> None:
    """So that a pool of connections, made by one request, can be used by the next."""
    loops: list[asyncio.AbstractEventLoop] = []

    @app.before_request
    async def before() -> None:
        loops.append(asyncio.get_running_loop())

    @app.route("/")
    async def view() -> str:
        loops.append(asyncio.get_running_loop())
        return ""

    client.get("/")
    client.get("/")
    assert len(loops) == 4
    assert len({id(loop) for loop in loops}) == 1
    assert not loops[0].is_closed()


def test_the_loop_of_a_thread_is_closed_when_the_thread_ends(app: Flask) -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    @app.route("/")
    async def view() -> str:
        loops.append(asyncio.get_running_loop())
        return ""

    thread = threading.Thread(target=lambda: app.test_client().get("/"))
    thread.start()
    thread.join(10)
    gc.collect()
    assert loops[0].is_closed()


def test_a_loop_still_in_use_at_the_end_of_the_program_says_nothing() -> None:
    program = (
        "import asyncio, threading\n"
        "from flask import Flask\n"
        "app = Flask('shop')\n"
        "@app.route('/')\n"
        "async def view():\n"
        "    await asyncio.sleep(0)\n"
        "    return 'view'\n"
        "def ask(): print(app.test_client().get('/').data)\n"
        "ask()\n"
        "thread = threading.Thread(target=ask); thread.start(); thread.join()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", program], env=environment, check=True, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("b'view'\nb'view'\n", "")


# Methods of the application


def test_ensure_sync(app: Flask) -> None:
    async def coroutine_function(value: int) -> int:
        await pause()
        return value + 1

    def plain(value: int) -> int:
        return value

    wrapped = app.ensure_sync(coroutine_function)
    assert wrapped(1) == 2
    assert wrapped.__name__ == "coroutine_function"
    assert app.ensure_sync(plain) is plain
    assert app.ensure_sync(wrapped) is wrapped
    assert app.async_to_sync(coroutine_function)(2) == 3


def test_ensure_sync_in_a_decorator(app: Flask, client: FlaskClient) -> None:
    """What extensions do, so that their decorators take both kinds of views."""

    def shouting(view: t.Callable[..., t.Any]) -> t.Callable[..., str]:
        @functools.wraps(view)
        def decorated(*args: t.Any, **kwargs: t.Any) -> str:
            return str(flask.current_app.ensure_sync(view)(*args, **kwargs)).upper()

        return decorated

    @app.route("/async")
    @shouting
    async def coroutine_view() -> str:
        await pause()
        return "async"

    @app.route("/plain")
    @shouting
    def plain_view() -> str:
        return "plain"

    assert [client.get(path).text for path in ("/async", "/plain")] == ["ASYNC", "PLAIN"]


def test_ensure_sync_of_what_is_called_like_a_coroutine_function(app: Flask) -> None:
    class Callable:
        async def __call__(self, value: int) -> int:
            await pause()
            return value

    async def add(first: int, second: int) -> int:
        return first + second

    class Owner:
        async def method(self, value: int) -> int:
            await pause()
            return value

    assert app.ensure_sync(Callable())(1) == 1
    assert app.ensure_sync(functools.partial(add, 1))(2) == 3
    assert app.ensure_sync(Owner().method)(4) == 4


def test_copy_current_request_context_of_a_coroutine_function(app: Flask, client: FlaskClient) -> None:
    @app.route("/")
    def view() -> str:
        @flask.copy_current_request_context
        async def work() -> str:
            await pause()
            return request.path

        results: list[t.Any] = []
        thread = threading.Thread(target=lambda: results.append(work()))
        thread.start()
        thread.join(10)
        (result,) = results
        return result if isinstance(result, str) else asyncio.run(result)

    assert client.get("/").text == "/"


def test_async_to_sync_may_be_assigned(app: Flask, client: FlaskClient) -> None:
    """The documented way to another event loop, or to gevent's."""
    ran: list[str] = []

    def async_to_sync(func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
            ran.append(func.__name__)
            return asyncio.run(func(*args, **kwargs))

        return call

    @app.route("/")
    async def view() -> str:
        await pause()
        return "view"

    app.async_to_sync = async_to_sync  # type: ignore[method-assign]
    assert client.get("/").text == "view"
    assert ran == ["view"]


def test_commands(app: Flask) -> None:
    @app.cli.command("hello")
    def hello() -> None:
        async def work() -> str:
            await pause()
            return flask.current_app.name

        click.echo(app.ensure_sync(work)())

    assert app.test_cli_runner().invoke(args=["hello"]).output == f"{app.name}\n"


def test_async_generators_are_streamed(app, client):
    closed = []

    @app.route("/")
    async def count():
        async def numbers():
            try:
                for number in range(3):
                    await asyncio.sleep(0)
                    yield f"{number} "
            finally:
                closed.append(True)

        return numbers()

    assert client.get("/").text == "0 1 2 "
    response = client.get("/", buffered=False)
    assert next(iter(response.response)) in (b"0 ", "0 ")
    response.close()
    assert closed == [True, True]


def test_async_generators_may_keep_the_context(app, client):
    @app.route("/<name>")
    async def greet(name):
        async def words():
            yield "Hello "
            await asyncio.sleep(0)
            yield flask.request.view_args["name"]

        return flask.stream_with_context(words())

    assert client.get("/Ada").text == "Hello Ada"


def test_an_async_generator_that_raises_ends_the_stream(app, client):
    @app.route("/")
    def broken():
        async def words():
            yield "Hello"
            raise ValueError("no more")

        return words()

    with pytest.raises(ValueError, match="no more"):
        client.get("/").data
