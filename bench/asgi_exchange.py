"""A request by ASGI: an app is called as a server calls it, on one event loop."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Callable, Mapping
from contextvars import Context
from http import HTTPStatus
from typing import Any

from row import Row

Message = dict[str, Any]

BROWSER = [
    (b"host", b"localhost"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    (b"accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    (b"accept-encoding", b"gzip, deflate, br"),
    (b"accept-language", b"en-GB,en;q=0.7,de;q=0.3"),
    (b"connection", b"keep-alive"),
    (b"cache-control", b"max-age=0"),
    (b"referer", b"http://localhost/"),
    (b"upgrade-insecure-requests", b"1"),
    (b"sec-fetch-mode", b"navigate"),
]
VERSION = {"version": "3.0", "spec_version": "2.3"}
SERVER: dict[str, Any] = {
    "type": "http",
    "asgi": VERSION,
    "http_version": "1.1",
    "server": ("127.0.0.1", 80),
    "client": ("127.0.0.1", 50000),
    "scheme": "http",
    "root_path": "",
}
# A server with ten busy connections: each turn of the loop finds ten requests. So the loop itself is a small part of
# what is measured, and what an app leaves behind for the loop to do is not forgotten.
REQUESTS_A_TURN = 10

_runner = asyncio.Runner()
_lives: dict[Callable[..., Any], Life] = {}


class Connection:
    """What an app receives of one request, and what it sends."""

    __slots__ = ("_body", "_is_over", "_is_received", "_waiting", "sent")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._is_received = self._is_over = False
        self._waiting: asyncio.Future[Message] | None = None
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        """Give the body in one message, and then nothing until the answer is complete."""
        if not self._is_received:
            self._is_received = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        if self._is_over:
            return {"type": "http.disconnect"}
        self._waiting = asyncio.get_running_loop().create_future()
        return await self._waiting

    async def send(self, message: Message) -> None:
        """Keep what the app sends."""
        self.sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._is_over = True
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result({"type": "http.disconnect"})


class Exchange:
    """A prepared request to an app."""

    def __init__(self, application: Callable[..., Any], row: Row, kept: Mapping[str, str] | None = None) -> None:
        self.application = application
        self.body = row.content
        self.headers = BROWSER.copy()
        if row.sent:
            self.headers += (b"content-type", row.kind.encode()), (b"content-length", str(len(self.body)).encode())
        for name, value in {**row.carried, **(kept or {})}.items():
            self.headers.append((name.lower().encode(), value.encode()))
        self.scope = {**SERVER, "method": row.verb, "path": row.path, "raw_path": row.path.encode()}
        self.scope["query_string"] = row.query.encode()

    def repeat(self, calls: int) -> None:
        """Send the request that many times."""
        _runner.run(self._repeat(calls), context=Context())

    async def _repeat(self, calls: int) -> None:
        for number in range(1, calls + 1):
            await self._send()
            if not number % REQUESTS_A_TURN:
                await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def _send(self) -> list[Message]:
        connection = Connection(self.body)
        scope = {**self.scope, "headers": self.headers.copy(), "state": {}}
        await self.application(scope, connection.receive, connection.send)
        return connection.sent

    def answer(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """Send the request once and return status, headers and body."""
        start, *pieces = _runner.run(self._answer(), context=Context())
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
        status = HTTPStatus(start["status"])
        return f"{status} {status.phrase}", headers, b"".join(piece.get("body", b"") for piece in pieces)

    async def _answer(self) -> list[Message]:
        if self.application not in _lives:
            _lives[self.application] = life = Life(self.application)
            await life.tell("lifespan.startup")
        return await self._send()


class Life:
    """What an app is told of the server's start and end."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._events: asyncio.Queue[str] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": VERSION, "state": {}}
        self._task = asyncio.create_task(application(scope, self._receive, self._answers.put))

    async def _receive(self) -> Message:
        return {"type": await self._events.get()}

    async def tell(self, event: str) -> None:
        """Tell the app of an event, and wait until it has answered or has ended, as one that knows none does."""
        self._events.put_nowait(event)
        answering = asyncio.create_task(self._answers.get())
        await asyncio.wait((answering, self._task), return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            answering.cancel()
        elif answering.result()["type"] != f"{event}.complete":
            raise RuntimeError(f"The app answered {event} by {answering.result()}.")


async def end() -> None:
    """Tell the apps that the server ends."""
    for life in _lives.values():
        await life.tell("lifespan.shutdown")


@atexit.register
def close() -> None:
    """End the event loop."""
    _runner.run(end())
    _runner.close()
