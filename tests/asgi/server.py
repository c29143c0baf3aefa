"""An ASGI server for one request, as a test scripts it: what comes in and when, how messages are taken, when the client
goes away. Afterwards it looks for what was left behind.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import os
import typing as t
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence

from werkzeug.datastructures import Headers

import flask
from flask import Flask

R = t.TypeVar("R")
Message = dict[str, t.Any]
Header = tuple[bytes, bytes]

DISCONNECT: t.Final[Message] = {"type": "http.disconnect"}

#: In seconds: a request that takes longer hangs.
_LIMIT: t.Final = 20


def scope_for(path: str = "/", method: str = "GET", headers: Iterable[Header] = (), **others: t.Any) -> Message:
    """The scope that a usual server hands over for a request."""
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"shop.example"), *headers],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 80),
        **others,
    }


def messages_of(chunks: Sequence[bytes]) -> list[Message]:
    """The messages that a server hands a body over in."""
    return [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, 1)
    ]


def length_of(chunks: Iterable[bytes]) -> Header:
    return b"content-length", str(sum(map(len, chunks))).encode()


class Answer:
    """What was sent, checked to be in the order that ASGI has."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        kinds = [message["type"] for message in messages]
        assert kinds == ["http.response.start"] * bool(kinds) + ["http.response.body"] * (len(kinds) - 1), kinds
        self.status: int | None = messages[0]["status"] if messages else None
        self.headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in self._headers()])
        self.chunks: list[bytes] = [message.get("body", b"") for message in messages[1:]]
        assert all(message.get("more_body", False) for message in messages[1:-1]), "something was sent after the end"
        #: Whether the end of the body was sent.
        self.is_complete = len(messages) > 1 and not messages[-1].get("more_body", False)

    def _headers(self) -> list[Header]:
        headers: list[Header] = list(self.messages[0]["headers"]) if self.messages else []
        for name, value in headers:
            assert isinstance(name, bytes)
            assert isinstance(value, bytes)
            assert name == name.lower()
        return headers

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def text(self) -> str:
        return self.body.decode()


class Exchange:
    """One request to an application, and its answer.

    :param scope: the scope, or the path of a usual one.
    :param script: what comes in: messages; chunks of a body, the last of which ends it; exceptions that ``receive``
        raises; events that it waits for. When the script is over, nothing comes until the client goes away.
    :param taken: called with each message that is sent; it may raise, or return something to wait for.
    :param raises: whether sending to a client that went away raises OSError, as since ASGI 2.4.
    """

    def __init__(
        self,
        app: Flask,
        scope: Message | str = "/",
        script: Sequence[Message | bytes | BaseException | asyncio.Event] = (),
        taken: Callable[[Message], t.Any] | None = None,
        raises: bool = True,
    ) -> None:
        self._app, self._taken, self._raises = app, taken, raises
        self._scope = scope_for(scope) if isinstance(scope, str) else scope
        chunks = [step for step in script if isinstance(step, bytes)]
        messages = iter(messages_of(chunks))
        self.script = deque(next(messages) if isinstance(step, bytes) else step for step in script)
        self._gone = asyncio.Event()
        self._is_receiving = False
        self._context = contextvars.copy_context()
        self.sent: list[Message] = []
        self.task: asyncio.Task[None]

    def start(self) -> t.Self:
        call: Coroutine[t.Any, t.Any, None] = self._app.asgi_app(self._scope, self.receive, self.send)  # type: ignore[assignment]
        self.task = asyncio.get_running_loop().create_task(call, context=self._context)
        return self

    def disconnect(self) -> None:
        """The client goes away."""
        self._gone.set()

    async def receive(self) -> Message:
        assert not self._is_receiving, "two wait for a message at once"
        self._is_receiving = True
        try:
            while self.script and not self._gone.is_set():
                step = self.script[0]
                if isinstance(step, asyncio.Event):
                    await step.wait()
                self.script.popleft()
                if isinstance(step, BaseException):
                    raise step
                if isinstance(step, dict):
                    if step["type"] == "http.disconnect":
                        self.disconnect()
                    return step
            await self._gone.wait()
            return DISCONNECT
        finally:
            self._is_receiving = False

    async def send(self, message: Message) -> None:
        if self._gone.is_set():
            if self._raises:
                raise OSError("The client has gone away.")
            return
        self.sent.append(message)
        waiting = self._taken(message) if self._taken is not None else None
        if waiting is not None:
            await waiting

    async def finish(self) -> Answer:
        """Wait until the application is done; raises what it raises."""
        await asyncio.wait({self.task}, timeout=_LIMIT)
        assert self.task.done(), "the request never ended"
        assert not self._context.run(flask.has_app_context), "an application context is active"
        assert not self._context.run(flask.has_request_context), "a request context is active"
        self.task.result()
        answer = Answer(self.sent)
        if not self._gone.is_set():
            assert answer.is_complete, "the answer has no end"
        return answer


def _open_files() -> dict[str, str]:
    """What is open, but for sockets: a thread has some by which it is told of calls, and is kept."""
    files = {}
    for number in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        try:
            files[number] = os.readlink(f"/proc/self/fd/{number}")
        except OSError:  # that of the listing itself
            pass
    return {number: file for number, file in files.items() if not file.startswith("socket:")}


def run(coroutine: Coroutine[t.Any, t.Any, R], *apps: Flask) -> R:
    """Run what a test does on an event loop, and check that no task, file or busy thread is left."""
    complaints: list[t.Any] = []

    async def watched() -> R:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
        files = _open_files()
        result = await coroutine
        for _ in range(5):  # what was cancelled ends at the next turns
            await asyncio.sleep(0)
        left = asyncio.all_tasks() - {t.cast("asyncio.Task[t.Any]", asyncio.current_task())}
        assert not left, f"tasks are left: {left}"
        assert _open_files() == files, "files are left open"
        return result

    result = asyncio.run(watched())
    assert complaints == []
    for app in apps:
        assert app._workers._in_use == 0, "a thread was not given back"
        assert not app._workers._waiting
    return result


def serve(app: Flask, scope: Message | str = "/", script: Sequence[t.Any] = (), **options: t.Any) -> Answer:
    """Send one request, and give its answer."""
    return run(_serve(app, scope, script, options), app)


async def _serve(app: Flask, scope: Message | str, script: Sequence[t.Any], options: dict[str, t.Any]) -> Answer:
    return await Exchange(app, scope, script, **options).start().finish()


def of_kind(kind: str, function: Callable[..., R]) -> Callable[..., t.Any]:
    """The function as it is, or as a coroutine function that suspends."""
    if kind == "sync":
        return function

    @functools.wraps(function)
    async def coroutine(*args: t.Any, **kwargs: t.Any) -> R:
        await asyncio.sleep(0)
        return function(*args, **kwargs)

    return coroutine
