"""WSGI middleware around an application that is called by ASGI: all of the request is its, on one thread."""

from __future__ import annotations

import asyncio
import logging
import threading
import typing as t
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask import Flask, Response, request, stream_with_context

from .server import DISCONNECT, Answer, Exchange, Message, length_of, messages_of, of_kind, run, scope_for, serve


class Middleware:
    """Notes what passes, and may do something there."""

    def __init__(self, application: t.Any, log: list[str]) -> None:
        self.application, self.log = application, log
        self.deed: t.Callable[[], t.Any] = lambda: None

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> Iterable[bytes]:
        assert type(environ) is dict
        self.deed()
        body = self.application(environ, start_response)
        try:
            yield from body
        finally:
            if hasattr(body, "close"):
                body.close()
            self.log.append("middleware closed")


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def wrapped(app: Flask, log: list[str]) -> Flask:
    """An application with middleware, whose warning of that was given."""
    app.wsgi_app = Middleware(app.wsgi_app, log)  # type: ignore[method-assign]
    app.teardown_request(lambda exc: log.append("teardown"))
    app._told_of_middleware = True
    return app


chunks = st.lists(st.binary(max_size=30), min_size=1, max_size=6)


@given(chunks=chunks, is_async=st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_body(chunks: list[bytes], is_async: bool) -> None:
    app = Flask(__name__)
    app.wsgi_app = Middleware(app.wsgi_app, [])  # type: ignore[method-assign]
    app._told_of_middleware = True
    app.add_url_rule(
        "/", "view", of_kind("async" if is_async else "sync", lambda: request.get_data()), methods=["POST"]
    )
    for header in (length_of(chunks), (b"transfer-encoding", b"chunked")):
        answer = serve(app, scope_for("/", "POST", [header]), chunks)
        assert (answer.status, answer.body) == (200, b"".join(chunks))


def test_a_body_that_breaks_off(wrapped: Flask, kind: str, log: list[str]) -> None:
    wrapped.add_url_rule("/", "view", of_kind(kind, lambda: request.get_data()), methods=["POST"])
    messages = [*messages_of([b"some", b"more"])[:1], DISCONNECT]
    assert serve(wrapped, scope_for("/", "POST", [(b"content-length", b"8")]), messages).messages == []
    assert log.count("teardown") == 1


@pytest.mark.parametrize("count", range(5))
def test_a_disconnect_while_it_streams(wrapped: Flask, kind: str, log: list[str], count: int) -> None:
    def items() -> Iterator[str]:
        try:
            yield from "abc"
        finally:
            log.append("closed")

    wrapped.add_url_rule("/", "view", of_kind(kind, lambda: stream_with_context(items())))

    def taken(message: Message) -> None:
        if len(exchange.sent) > count:
            exchange.disconnect()

    async def scenario() -> Answer:
        nonlocal exchange
        exchange = Exchange(wrapped, script=[b""], taken=taken).start()
        return await exchange.finish()

    exchange: Exchange
    assert len(run(scenario(), wrapped).messages) == count + 1
    assert log == ["closed", "teardown", "middleware closed"]


@pytest.mark.parametrize("place", ["before", "view", "start", "middle"])
@pytest.mark.parametrize("propagates", [False, True])
def test_exceptions(wrapped: Flask, kind: str, place: str, propagates: bool, caplog: pytest.LogCaptureFixture) -> None:
    """As by WSGI: what the middleware or a stream raises is the server's; what the view does is a 500."""
    middleware: Middleware = wrapped.wsgi_app  # type: ignore[assignment]

    def fail() -> t.NoReturn:
        raise LookupError("a mistake")

    def items() -> Iterator[str]:
        if place == "start":
            fail()
        yield "a"
        fail()

    if place == "before":
        middleware.deed = fail
    wrapped.config["PROPAGATE_EXCEPTIONS"] = propagates
    wrapped.add_url_rule("/", "view", of_kind(kind, fail if place == "view" else lambda: Response(items())))
    outcomes: list[t.Any] = []
    for send in (
        lambda: wrapped.test_client(protocol="wsgi").get("/", buffered=True).status_code,
        lambda: serve(wrapped, script=[b""]).status,
    ):
        caplog.clear()
        try:
            outcomes.append([send()])
        except LookupError:
            outcomes.append([LookupError])
        outcomes[-1].append([record.levelname for record in caplog.records])
    assert outcomes[0] == outcomes[1]
    caplog.clear()


def test_a_cancellation_while_the_middleware_works(wrapped: Flask, kind: str, log: list[str]) -> None:
    """It always runs on a thread, also where sync code else does not."""
    middleware: Middleware = wrapped.wsgi_app  # type: ignore[assignment]
    going_on, reached = threading.Event(), asyncio.Event()

    def wait() -> None:
        loop.call_soon_threadsafe(reached.set)
        assert going_on.wait(20)

    middleware.deed = wait
    wrapped.add_url_rule("/", "view", of_kind(kind, lambda: "done"))

    async def scenario() -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        exchange = Exchange(wrapped, script=[b""]).start()
        await reached.wait()
        exchange.task.cancel()
        await asyncio.sleep(0)
        assert not exchange.task.done()
        going_on.set()
        with pytest.raises(asyncio.CancelledError):
            await exchange.finish()

    loop: asyncio.AbstractEventLoop
    run(scenario(), wrapped)
    assert log == ["teardown", "middleware closed"]


def test_more_requests_than_threads(wrapped: Flask, kind: str) -> None:
    wrapped.config["ASGI_THREADS"] = 1
    wrapped.add_url_rule("/<int:number>", "view", of_kind(kind, lambda number: str(number)))

    async def scenario() -> list[str]:
        exchanges = [Exchange(wrapped, f"/{number}", [b""]).start() for number in range(10)]
        return [(await exchange.finish()).text for exchange in exchanges]

    assert run(scenario(), wrapped) == [str(number) for number in range(10)]


def test_it_is_told_once(app: Flask, log: list[str], caplog: pytest.LogCaptureFixture) -> None:
    app.wsgi_app = Middleware(app.wsgi_app, log)  # type: ignore[method-assign]
    app.add_url_rule("/", "view", lambda: "done")
    for _ in range(3):
        assert serve(app, script=[b""]).text == "done"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "asgi_app" in caplog.text
