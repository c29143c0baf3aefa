"""A client that goes away: the async view is cancelled, streams are closed, the request is torn down once."""

from __future__ import annotations

import asyncio
import logging
import threading
import typing as t

import anyio
import pytest

from flask import Flask, Response, after_this_request, has_request_context, request, send_file, stream_with_context

from .server import DISCONNECT, Answer, Exchange, Message, of_kind, run, scope_for


class Shop:
    """An application that notes what happens, and may wait at one place until its client is gone."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.log: list[str] = []
        self.reached = asyncio.Event()
        self.app.teardown_request(self._tear_down)

    def _tear_down(self, exc: BaseException | None) -> None:
        assert has_request_context()
        self.log.append("teardown")

    async def wait_forever(self) -> None:
        """What the client is too impatient for."""
        self.reached.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.log.append("cancelled")
            raise

    def view(self, function: t.Callable[..., t.Any], **options: t.Any) -> None:
        self.app.add_url_rule("/", "view", function, methods=["GET", "POST"], **options)

    def leave(self, **options: t.Any) -> Answer:
        """Send a request, and go away when the place is reached."""
        return run(self._leave(options), self.app)

    async def _leave(self, options: dict[str, t.Any]) -> Answer:
        exchange = Exchange(self.app, **options).start()
        await asyncio.wait_for(self.reached.wait(), 20)
        exchange.disconnect()
        return await exchange.finish()


@pytest.fixture
def shop(app: Flask, caplog: pytest.LogCaptureFixture) -> t.Iterator[Shop]:
    yield Shop(app)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def done() -> str:
    return "done"


async def async_done() -> str:
    return "done"


async def nothing(*args: t.Any) -> None:
    """An async hook, for whose sake the steps stay on the event loop."""


# While the answer is made


def test_in_the_view(shop: Shop) -> None:
    shop.view(shop.wait_forever)
    assert shop.leave().messages == []
    assert shop.log == ["cancelled", "teardown"]


def test_before_anything_happened(shop: Shop) -> None:
    shop.view(shop.wait_forever)

    async def scenario() -> Answer:
        return await Exchange(shop.app, script=[DISCONNECT]).start().finish()

    assert run(scenario(), shop.app).messages == []
    assert shop.log in (["cancelled", "teardown"], ["teardown"])  # the view may not have begun


@pytest.mark.parametrize("place", ["value preprocessor", "before", "after", "after this request", "handler", "404"])
def test_in_a_hook(shop: Shop, place: str) -> None:
    async def wait(*args: t.Any) -> None:
        await shop.wait_forever()

    def view() -> str:
        if place == "handler":
            raise LookupError
        if place == "after this request":
            after_this_request(wait)  # type: ignore[arg-type]
        return "done"

    shop.view(view)
    register: dict[str, t.Callable[..., t.Any]] = {
        "value preprocessor": shop.app.url_value_preprocessor,
        "before": shop.app.before_request,
        "after": shop.app.after_request,
        "after this request": lambda wait: shop.app.before_request(nothing),
        "handler": shop.app.errorhandler(LookupError),
        "404": shop.app.errorhandler(404),
    }
    register[place](wait)
    if place in ("handler", "404"):
        shop.app.before_request(nothing)
    assert shop.leave(scope="/none" if place == "404" else "/").messages == []
    assert shop.log == ["cancelled", "teardown"]


def test_while_sync_code_runs(shop: Shop, placing: str) -> None:
    """A thread cannot be cancelled: it goes on, and nothing is sent."""
    if placing == "inline":
        pytest.skip("nothing can happen meanwhile")
    going_on = threading.Event()

    @shop.view
    def view() -> str:
        loop.call_soon_threadsafe(shop.reached.set)
        assert going_on.wait(20)
        shop.log.append("view")
        return "done"

    async def scenario() -> Answer:
        nonlocal loop
        loop = asyncio.get_running_loop()
        exchange = Exchange(shop.app).start()
        await shop.reached.wait()
        exchange.disconnect()
        await asyncio.sleep(0)
        assert not exchange.task.done()
        going_on.set()
        return await exchange.finish()

    loop: asyncio.AbstractEventLoop
    assert run(scenario(), shop.app).messages == []
    assert shop.log == ["view", "teardown"]


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("propagates", [False, True])
def test_in_the_teardown(shop: Shop, fails: bool, propagates: bool, caplog: pytest.LogCaptureFixture) -> None:
    """What ends a request is not cut short, whoever went away, and whether the request failed."""

    @shop.app.teardown_request
    async def tear_down(exc: BaseException | None) -> None:
        shop.reached.set()
        for _ in range(5):
            await asyncio.sleep(0)
        shop.log.append("slow teardown")

    async def view() -> str:
        await asyncio.sleep(0)
        if fails:
            raise LookupError("a mistake")
        return "done"

    shop.app.config["PROPAGATE_EXCEPTIONS"] = propagates
    shop.view(view)
    try:
        shop.leave()
    except LookupError:
        assert propagates
        assert fails
    assert shop.log == ["slow teardown", "teardown"]
    if fails and not propagates:
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        caplog.clear()


def test_a_view_that_catches_the_cancellation(shop: Shop) -> None:
    """It may end in its own way, and await things for it."""

    async def view() -> str:
        try:
            await shop.wait_forever()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            shop.log.append("tidied")
        return "done"

    shop.view(view)
    assert shop.leave().messages == []
    assert shop.log == ["cancelled", "tidied", "teardown"]


def test_a_view_that_fails_when_it_is_cancelled(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    async def view() -> str:
        try:
            await shop.wait_forever()
        finally:
            raise LookupError("a mistake")

    shop.view(view)
    assert shop.leave().messages == []
    assert shop.log == ["cancelled", "teardown"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    caplog.clear()


def test_a_view_with_tasks_of_its_own(shop: Shop) -> None:
    async def view() -> str:
        async with asyncio.TaskGroup() as group:
            group.create_task(shop.wait_forever())
            group.create_task(shop.wait_forever())
        return "done"

    shop.view(view)
    assert shop.leave().messages == []
    assert shop.log == ["cancelled", "cancelled", "teardown"]


def test_a_view_with_tasks_of_anyio(shop: Shop) -> None:
    async def view() -> str:
        with anyio.move_on_after(20):
            async with anyio.create_task_group() as group:
                group.start_soon(shop.wait_forever)
                await shop.wait_forever()
        return "done"

    shop.view(view)
    assert shop.leave().messages == []
    assert shop.log == ["cancelled", "cancelled", "teardown"]


def test_time_limits_in_a_view(app: Flask) -> None:
    """They cancel the same task, and the request goes on."""

    @app.get("/")
    async def view() -> str:
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            pass
        with anyio.move_on_after(0):
            await anyio.sleep_forever()
        await asyncio.sleep(0)
        return "in time"

    async def scenario() -> Answer:
        return await Exchange(app).start().finish()

    assert run(scenario(), app).text == "in time"


# While the body is received


@pytest.mark.parametrize("streams", [False, True])
def test_while_the_body_comes(shop: Shop, kind: str, streams: bool, placing: str) -> None:
    if (kind, placing, streams) == ("sync", "inline", True):
        pytest.skip("it could not wait for the body")

    def view() -> str:
        request.get_data()
        shop.log.append("read")
        return "done"

    async def async_view() -> str:
        if streams:
            async for _ in request.body:
                pass
        return view()

    shop.view(view if kind == "sync" else async_view, stream_body=streams)
    script = [{"type": "http.request", "body": b"some", "more_body": True}, shop.reached, DISCONNECT]

    async def scenario() -> Answer:
        exchange = Exchange(shop.app, scope_for("/", "POST", [(b"content-length", b"9")]), script).start()
        for _ in range(20):
            await asyncio.sleep(0)
        shop.reached.set()
        return await exchange.finish()

    assert run(scenario(), shop.app).messages == []
    assert shop.log == ["teardown"]


def test_after_the_body_came(shop: Shop) -> None:
    shop.view(shop.wait_forever)
    scope = scope_for("/", "POST", [(b"content-length", b"3")])
    assert shop.leave(scope=scope, script=[b"a", b"", b"bc"]).messages == []
    assert shop.log == ["cancelled", "teardown"]


# While the answer is sent

ITEMS = 5


def numbers(shop: Shop) -> t.Iterator[str]:
    try:
        for number in range(ITEMS):
            yield str(number)
    finally:
        shop.log.append("closed" if has_request_context() else "closed outside")


async def async_numbers(shop: Shop) -> t.AsyncIterator[str]:
    try:
        for number in range(ITEMS):
            await asyncio.sleep(0)
            yield str(number)
    finally:
        shop.log.append("closed" if has_request_context() else "closed outside")
        await asyncio.sleep(0)


@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize("items", [numbers, async_numbers])
@pytest.mark.parametrize("raises", [True, False])
@pytest.mark.parametrize("count", range(ITEMS + 2))
def test_between_any_two_messages(
    shop: Shop, items: t.Callable[[Shop], t.Any], holds: bool, raises: bool, count: int, kind: str
) -> None:
    """Servers either tell by an OSError or say nothing; a stream ends with either."""
    shop.view(of_kind(kind, lambda: stream_with_context(items(shop)) if holds else items(shop)))

    def taken(message: Message) -> None:
        if len(exchange.sent) > count:
            exchange.disconnect()

    async def scenario() -> Answer:
        nonlocal exchange
        exchange = Exchange(shop.app, taken=taken, raises=raises).start()
        return await exchange.finish()

    exchange: Exchange
    answer = run(scenario(), shop.app)
    assert len(answer.messages) == count + 1
    ends = ["closed", "teardown"] if holds else ["teardown", "closed outside"]
    if count == 0 and "closed" not in shop.log and "closed outside" not in shop.log:
        ends = ["teardown"]  # what never started needs no closing
    assert shop.log == ends


@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize("items", [numbers, async_numbers])
def test_while_the_server_takes_no_more(shop: Shop, items: t.Callable[[Shop], t.Any], holds: bool, kind: str) -> None:
    """A client that stopped reading, and then goes away."""
    shop.view(of_kind(kind, lambda: stream_with_context(items(shop)) if holds else items(shop)))

    async def taken(message: Message) -> None:
        if message.get("body") == b"1":
            shop.reached.set()
            await asyncio.Event().wait()

    assert shop.leave(taken=taken).chunks == [b"0", b"1"]
    assert shop.log == (["closed", "teardown"] if holds else ["teardown", "closed outside"])


@pytest.mark.parametrize("holds", [False, True])
def test_while_the_next_item_is_awaited(shop: Shop, holds: bool, kind: str) -> None:
    async def items() -> t.AsyncIterator[str]:
        try:
            yield "first"
            await shop.wait_forever()
        finally:
            shop.log.append("closed")

    shop.view(of_kind(kind, lambda: stream_with_context(items()) if holds else items()))
    assert shop.leave().chunks == [b"first"]
    assert shop.log == (["cancelled", "closed", "teardown"] if holds else ["teardown", "cancelled", "closed"])


@pytest.mark.parametrize("holds", [False, True])
def test_while_a_plain_generator_makes_the_next_item(shop: Shop, holds: bool, placing: str) -> None:
    """It is closed after that, on the same thread."""
    if placing == "inline":
        pytest.skip("nothing can happen meanwhile")
    going_on, threads = threading.Event(), []

    def items() -> t.Iterator[str]:
        try:
            threads.append(threading.get_ident())
            yield "first"
            loop.call_soon_threadsafe(shop.reached.set)
            assert going_on.wait(20)
            yield "second"
        finally:
            threads.append(threading.get_ident())
            shop.log.append("closed")

    shop.view(lambda: stream_with_context(items()) if holds else items())

    async def scenario() -> Answer:
        nonlocal loop
        loop = asyncio.get_running_loop()
        exchange = Exchange(shop.app).start()
        await shop.reached.wait()
        exchange.disconnect()
        for _ in range(5):
            await asyncio.sleep(0)
        assert shop.log == ([] if holds else ["teardown"])
        going_on.set()
        return await exchange.finish()

    loop: asyncio.AbstractEventLoop
    assert run(scenario(), shop.app).chunks == [b"first"]
    assert shop.log == (["closed", "teardown"] if holds else ["teardown", "closed"])
    assert len(set(threads)) == 1


def test_functions_for_the_closing_are_called_once(shop: Shop, kind: str) -> None:
    def view() -> Response:
        response = Response(numbers(shop))
        response.call_on_close(lambda: shop.log.append("on close"))
        return response

    shop.view(of_kind(kind, view))

    def taken(message: Message) -> None:
        exchange.disconnect()

    async def scenario() -> Answer:
        nonlocal exchange
        exchange = Exchange(shop.app, taken=taken).start()
        return await exchange.finish()

    exchange: Exchange
    run(scenario(), shop.app)
    assert [entry for entry in shop.log if entry == "on close"] == ["on close"]


def test_a_file_is_closed(shop: Shop, tmp_path: t.Any, kind: str) -> None:
    """The harness looks for open files."""
    path = tmp_path / "large.bin"
    path.write_bytes(b"x" * 1_000_000)
    shop.view(of_kind(kind, lambda: send_file(path)))

    def taken(message: Message) -> None:
        if len(exchange.sent) == 3:
            exchange.disconnect()

    async def scenario() -> Answer:
        nonlocal exchange
        exchange = Exchange(shop.app, taken=taken).start()
        return await exchange.finish()

    exchange: Exchange
    assert not run(scenario(), shop.app).is_complete


@pytest.mark.parametrize("count", [0, 1])
def test_a_plain_answer(shop: Shop, kind: str, count: int) -> None:
    """The client went away after the headers, or after the body."""
    shop.view(of_kind(kind, done))

    def taken(message: Message) -> None:
        if len(exchange.sent) > count:
            exchange.disconnect()

    async def scenario() -> Answer:
        nonlocal exchange
        exchange = Exchange(shop.app, taken=taken).start()
        return await exchange.finish()

    exchange: Exchange
    assert len(run(scenario(), shop.app).messages) == count + 1
    assert shop.log == ["teardown"]


def test_the_next_request_is_not_cancelled(shop: Shop) -> None:
    """A task that serves several requests, as some servers have it, goes on after one whose client went away."""
    shop.view(shop.wait_forever)
    shop.app.add_url_rule("/done", view_func=async_done)

    async def serve_two() -> tuple[int, Answer]:
        first = Exchange(shop.app, script=[DISCONNECT])
        await shop.app.asgi_app(scope_for(), first.receive, first.send)  # type: ignore[misc]
        await asyncio.sleep(0)
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling(), await Exchange(shop.app, "/done").start().finish()

    cancelling, answer = run(serve_two(), shop.app)
    assert (cancelling, answer.text) == (0, "done")
