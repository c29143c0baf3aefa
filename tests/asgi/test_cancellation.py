"""A server that cancels the request's task, as when it shuts down: everything is ended, and it learns of it."""

from __future__ import annotations

import asyncio
import threading
import typing as t

import pytest

from flask import Flask, has_request_context, request, stream_with_context

from .server import Exchange, Message, of_kind, run, scope_for, serve


async def nothing(*args: t.Any) -> None:
    """An async hook, for whose sake the steps stay on the event loop."""


class Log(list[str]):
    """What a test notes, and the place where the request is cancelled."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.reached = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop
        self.exchange: Exchange
        app.teardown_request(self.tear_down)

    def tear_down(self, exc: BaseException | None) -> None:
        self.append("teardown")

    async def wait(self, *args: t.Any) -> None:
        self.reached.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.append("cancelled")
            raise

    def cancel(self, **options: t.Any) -> None:
        """Send a request, and cancel it where it waits; the cancellation is what its task ends with."""
        run(self._cancel(options), self.app)
        assert self.exchange.task.cancelled()

    async def _cancel(self, options: dict[str, t.Any]) -> None:
        self.loop = asyncio.get_running_loop()
        self.exchange = Exchange(self.app, **options).start()
        await asyncio.wait_for(self.reached.wait(), 20)
        self.exchange.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.exchange.finish()


@pytest.fixture
def log(app: Flask) -> Log:
    return Log(app)


@pytest.mark.parametrize(
    "place", ["view", "value preprocessor", "before", "after", "handler", "teardown", "app teardown"]
)
def test_while_async_code_waits(log: Log, place: str, kind: str) -> None:
    """Whether sync code ran before, on a thread that is then held, or not."""
    app = log.app

    def plain_view() -> str:
        if place == "handler":
            raise LookupError
        return "done"

    app.add_url_rule("/", "view", log.wait if place == "view" else plain_view)
    register: dict[str, t.Callable[..., t.Any]] = {
        "value preprocessor": app.url_value_preprocessor,
        "before": app.before_request,
        "after": app.after_request,
        "handler": app.errorhandler(LookupError),
        "teardown": app.teardown_request,
        "app teardown": app.teardown_appcontext,
    }
    app.before_request(of_kind(kind, lambda: None))
    if place != "view":
        register[place](log.wait)
    if place == "handler":
        app.before_request(nothing)
    log.cancel()
    assert sorted(log) == ["cancelled", "teardown"]


def test_while_sync_code_runs(log: Log, placing: str, kind: str) -> None:
    """It is waited for, since its context is in use, and the thread is given back after that."""
    if placing == "inline":
        pytest.skip("nothing can happen meanwhile")
    going_on = threading.Event()

    def work() -> None:
        log.loop.call_soon_threadsafe(log.reached.set)
        assert going_on.wait(20)
        log.append("worked" if has_request_context() else "context lost")

    log.app.before_request(work)
    log.app.add_url_rule("/", "view", of_kind(kind, lambda: "done"))

    async def scenario() -> None:
        log.loop = asyncio.get_running_loop()
        exchange = Exchange(log.app).start()
        await log.reached.wait()
        for _ in range(3):  # once more does not help
            exchange.task.cancel()
            await asyncio.sleep(0)
        assert not exchange.task.done()
        assert log == []
        going_on.set()
        with pytest.raises(asyncio.CancelledError):
            await exchange.finish()

    run(scenario(), log.app)
    assert log == ["worked", "teardown"]


def test_while_a_plain_teardown_runs(log: Log, placing: str, kind: str) -> None:
    if placing == "inline":
        pytest.skip("nothing can happen meanwhile")
    going_on = threading.Event()

    @log.app.teardown_request
    def tear_down(exc: BaseException | None) -> None:
        log.loop.call_soon_threadsafe(log.reached.set)
        assert going_on.wait(20)
        log.append("slow teardown")

    log.app.add_url_rule("/", "view", of_kind(kind, lambda: "done"))

    async def scenario() -> None:
        log.loop = asyncio.get_running_loop()
        exchange = Exchange(log.app).start()
        await log.reached.wait()
        exchange.task.cancel()
        await asyncio.sleep(0)
        going_on.set()
        with pytest.raises(asyncio.CancelledError):
            await exchange.finish()

    run(scenario(), log.app)
    assert log == ["slow teardown", "teardown"]


def test_while_the_body_comes(log: Log, kind: str) -> None:
    """A thread that waits for the body is not left waiting."""

    def view() -> str:
        request.get_data()
        log.append("read")
        return "done"

    log.app.add_url_rule("/", "view", of_kind(kind, view), methods=["POST"])

    async def scenario() -> None:
        message = {"type": "http.request", "body": b"a" * 2_000_000, "more_body": True}
        script = [message, asyncio.Event()]
        scope = scope_for("/", "POST", [(b"transfer-encoding", b"chunked")])
        exchange = Exchange(log.app, scope, script).start()
        while exchange.script and exchange.script[0] is message:
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)
        exchange.task.cancel()
        await asyncio.sleep(0)
        exchange.disconnect()  # a thread is waited for, and servers close the connection
        script[-1].set()  # type: ignore[union-attr]
        with pytest.raises(asyncio.CancelledError):
            await exchange.finish()

    run(scenario(), log.app)
    assert log == ["teardown"]


@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize("is_async", [False, True])
def test_while_the_answer_is_sent(log: Log, kind: str, holds: bool, is_async: bool) -> None:
    def items() -> t.Iterator[str]:
        try:
            yield from "abc"
        finally:
            log.append("closed")

    async def async_items() -> t.AsyncIterator[str]:
        for item in items():
            yield item

    def view() -> t.Any:
        made: t.Any = async_items() if is_async else items()
        return stream_with_context(made) if holds else made

    async def taken(message: Message) -> None:
        if message.get("body") == b"b":
            await log.wait()

    log.app.add_url_rule("/", "view", of_kind(kind, view))
    log.cancel(taken=taken)
    assert log == (["cancelled", "closed", "teardown"] if holds else ["teardown", "cancelled", "closed"])


def test_while_a_thread_is_waited_for(log: Log, placing: str, kind: str) -> None:
    """Who waits for a thread and is cancelled leaves the turn to the next."""
    if placing == "inline":
        pytest.skip("there is no thread")
    log.app.config["ASGI_THREADS"] = 1
    going_on = threading.Event()

    def view() -> str:
        if request.args:
            log.loop.call_soon_threadsafe(log.reached.set)
            assert going_on.wait(20)
        return "done"

    log.app.add_url_rule("/", "view", view)
    if kind == "async":
        log.app.before_request(nothing)

    async def scenario() -> list[str]:
        log.loop = asyncio.get_running_loop()
        first = Exchange(log.app, "/?slow=1").start()
        await log.reached.wait()
        waiting = [Exchange(log.app).start() for _ in range(5)]
        await asyncio.sleep(0)
        for exchange in waiting[:3]:
            exchange.task.cancel()
        await asyncio.sleep(0)
        going_on.set()
        waiting[3].task.cancel()
        texts = [(await exchange.finish()).text for exchange in (first, waiting[4])]
        for exchange in waiting[:4]:
            with pytest.raises(asyncio.CancelledError):
                await exchange.finish()
        return texts

    assert run(scenario(), log.app) == ["done", "done"]


def test_at_any_turn_of_the_loop(log: Log, kind: str, placing: str) -> None:
    """Wherever the cancellation falls, the request is torn down if it began, and threads come back."""

    async def slow() -> None:
        for _ in range(3):
            await asyncio.sleep(0)

    async def items() -> t.AsyncIterator[str]:
        for item in "abc":
            await asyncio.sleep(0)
            yield item

    log.app.config["ASGI_THREADS"] = 1
    log.app.before_request(slow)
    log.app.before_request(of_kind(kind, lambda: None))
    log.app.after_request(of_kind(kind, lambda response: response))
    log.app.add_url_rule("/", "view", of_kind(kind, lambda: stream_with_context(items())))
    log.app.teardown_request(of_kind(kind, lambda exc: log.append("other teardown")))

    async def scenario(turns: int) -> bool:
        exchange = Exchange(log.app).start()
        for _ in range(turns):
            await asyncio.sleep(0)
        was_done = exchange.task.done()
        exchange.task.cancel()
        try:
            await exchange.finish()
        except asyncio.CancelledError:
            assert not was_done
        return was_done

    for turns in range(60):
        log.clear()
        run(scenario(turns), log.app)
        assert log.count("teardown") <= 1
        assert log.count("teardown") == 1 or turns == 0
    assert serve(log.app).text == "abc"


def test_by_a_server_whose_client_left_too(log: Log) -> None:
    """The server's own cancellation is not lost among the one for the client."""
    log.app.add_url_rule("/", "view", log.wait)

    async def scenario() -> None:
        exchange = Exchange(log.app).start()
        await log.reached.wait()
        exchange.disconnect()
        await asyncio.sleep(0)
        exchange.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await exchange.finish()

    run(scenario(), log.app)
    assert log == ["cancelled", "teardown"]


def test_a_time_limit_around_the_application(app: Flask) -> None:
    """As ASGI middleware sets it."""
    app.add_url_rule("/", "view", asyncio.Event().wait)

    async def scenario() -> None:
        exchange = Exchange(app)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await app.asgi_app(scope_for(), exchange.receive, exchange.send)  # type: ignore[misc]

    run(scenario(), app)
