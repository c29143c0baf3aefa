"""A request that a test sends to an ASGI application: what a server is between the two."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import sys
import threading
import typing as t
from urllib.parse import quote_from_bytes

from werkzeug.datastructures import Headers
from werkzeug.http import HTTP_STATUS_CODES

from ._awaiting import carry, loop_of_thread

if t.TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from _typeshed.wsgi import WSGIEnvironment

    from .typing import ASGICallable, ASGIMessage, ASGIScope

R = t.TypeVar("R")

_CHUNK: t.Final = 64 * 1024
_DIGITS: t.Final = 20
_SAFE_IN_PATH: t.Final = "/!$&'()*+,;=:@~-._"

# What a scope says otherwise than by a header, or not at all.
_OF_SCOPE: t.Final = frozenset(
    {
        *("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT"),
        *("SERVER_PROTOCOL", "REMOTE_ADDR", "REMOTE_PORT", "REQUEST_URI", "RAW_URI", "CONTENT_TYPE", "CONTENT_LENGTH"),
        *("wsgi.version", "wsgi.url_scheme", "wsgi.input", "wsgi.input_terminated", "wsgi.multithread"),
        *("wsgi.multiprocess", "wsgi.run_once", "werkzeug.request"),
    }
)


def scope_of(environ: WSGIEnvironment) -> ASGIScope:
    """The scope of the request that a WSGI environment describes. What ASGI has no word for is kept beside it."""
    raw = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1")
    names = [key for key in environ if key.startswith("HTTP_") and key != "HTTP_TRANSFER_ENCODING"]
    headers = [(key[5:].replace("_", "-").lower(), environ[key]) for key in names]
    headers += [
        (key.replace("_", "-").lower(), environ[key]) for key in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(key)
    ]
    if environ.get("wsgi.input_terminated") and not environ.get("CONTENT_LENGTH"):
        headers.append(("transfer-encoding", "chunked"))
    scope: ASGIScope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": environ.get("SERVER_PROTOCOL", "HTTP/1.1").removeprefix("HTTP/"),
        "method": environ.get("REQUEST_METHOD", "GET"),
        "scheme": environ.get("wsgi.url_scheme", "http"),
        "path": raw.decode("utf-8", "replace"),
        "raw_path": quote_from_bytes(raw, _SAFE_IN_PATH).encode(),
        "query_string": environ.get("QUERY_STRING", "").encode("latin-1"),
        "root_path": environ.get("SCRIPT_NAME", "").encode("latin-1").decode("utf-8", "replace"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": (environ["REMOTE_ADDR"], int(environ.get("REMOTE_PORT", 0))) if "REMOTE_ADDR" in environ else None,
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])) if "SERVER_NAME" in environ else None,
    }
    beside = {key: value for key, value in environ.items() if key not in _OF_SCOPE and key not in names}
    if beside.get("wsgi.errors") is sys.stderr:
        del beside["wsgi.errors"]  # as in every environment
    if beside:
        scope["flask.environ"] = beside
    return scope


@functools.cache
def _loop_beside() -> asyncio.AbstractEventLoop:
    """An event loop that runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="flask-client", daemon=True).start()
    return loop


class _Server:
    """What the application talks to. It knows nothing of who reads the answer, who can so be dropped at any time."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._input: t.IO[bytes] = environ["wsgi.input"]
        self._beginning = self._input.tell() if self._input.seekable() else None
        length = environ.get("CONTENT_LENGTH") or "0"
        # A server would refuse what is no number, or pass it on with the body as it comes.
        is_given = not environ.get("wsgi.input_terminated") and length.isdecimal() and len(length) < _DIGITS
        self._left = int(length) if is_given else None
        self._is_received = self._is_closed = False
        self._messages: asyncio.Queue[ASGIMessage] = asyncio.Queue(1)
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def receive(self) -> ASGIMessage:
        """The next piece of the body; then, once the client has gone, the disconnect."""
        if self._is_received or self._is_closed:
            await self._gone.wait()
            return {"type": "http.disconnect"}
        size = _CHUNK if self._left is None else min(_CHUNK, self._left)
        try:
            chunk = self._input.read(size) if size else b""
        except OSError:
            return {"type": "http.disconnect"}
        if self._left is not None:
            self._left -= len(chunk)
        self._is_received = not chunk or self._left == 0
        return {"type": "http.request", "body": chunk, "more_body": not self._is_received}

    async def send(self, message: ASGIMessage) -> None:
        """Take a message, when the one before was read."""
        if not self._is_closed:
            await self._messages.put(message)

    async def start(
        self, application: ASGICallable, scope: ASGIScope, context: contextvars.Context
    ) -> ASGIMessage:
        """Call the application, and wait until its answer starts."""
        call = t.cast("Coroutine[t.Any, t.Any, None]", application(scope, self.receive, self.send))
        self._task = asyncio.get_running_loop().create_task(call, context=context)
        message = await self.next()
        if message is None:
            raise AssertionError("The application ended without an answer.")
        for _ in range(3):  # what needs no waiting is done now, as the end of an answer that was made as a whole
            await asyncio.sleep(0)
        return message

    @property
    def is_done(self) -> bool:
        """Whether the application is done with the request."""
        return self._task is not None and self._task.done()

    async def next(self) -> ASGIMessage | None:
        """The next message of the application; None at its end."""
        task = self._task
        assert task is not None  # it was started
        getting = asyncio.ensure_future(self._messages.get())
        try:
            await asyncio.wait({getting, task}, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                return getting.result()
        finally:
            getting.cancel()
        task.result()  # raises what the application raised
        return None

    def abandon(self) -> None:
        """Have the application end, as for a client that goes away; nobody asks what comes of it."""
        task = self._task
        assert task is not None  # it was started
        self._is_closed = True
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        if not task.done():
            task.get_loop().call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        if self._messages.full():
            self._messages.get_nowait()
        self._gone.set()

    async def finish(self) -> None:
        """Let the application end, as for a client that goes away, and wait for that."""
        self._is_closed = True
        self._leave()
        task = self._task
        assert task is not None  # it was started
        try:
            await task
        finally:
            if self._beginning is not None and not self._input.closed:
                self._input.seek(self._beginning)  # a redirect may have to be followed with the same body


class ServedRequest:
    """One request that is sent to an ASGI application, and its answer: an iterator over the body.

    :param application: the application.
    :param environ: the request.
    :param serving: the event loop that it runs on, in another thread; by default one of this thread.
    """

    def __init__(
        self, application: ASGICallable, environ: WSGIEnvironment, serving: asyncio.AbstractEventLoop | None = None
    ) -> None:
        carries = serving is None
        if serving is None and asyncio._get_running_loop() is not None:
            serving = _loop_beside()  # that of this thread runs already, and waits for us
        self._serving = serving
        self._server = _Server(environ)
        self._is_closed = True
        context = contextvars.copy_context()
        start = self._run(self._server.start(application, scope_of(environ), context))
        self._is_closed = False
        if carries and self._server.is_done:  # as after a call; while it goes on, its contexts are its own
            carry(context)
        self.status = f"{start['status']} {HTTP_STATUS_CODES.get(start['status'], '').upper()}".rstrip()
        self.headers = Headers(
            [(name.decode("latin-1").title(), value.decode("latin-1")) for name, value in start["headers"]]
        )

    def _run(self, coroutine: Coroutine[t.Any, t.Any, R]) -> R:
        """Run a coroutine, beside the application's, and wait for it."""
        if self._serving is not None:
            return asyncio.run_coroutine_threadsafe(coroutine, self._serving).result()
        loop = loop_of_thread()
        task = loop.create_task(coroutine)
        try:
            return loop.run_until_complete(task)
        except BaseException:  # one that is no Exception goes through the loop, and leaves the task behind
            if not task.done():
                self._server.abandon()
                task.cancel()
                loop.run_until_complete(asyncio.wait({task}))
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while not self._is_closed:
            message = self._run(self._server.next())
            if message is None or not message.get("more_body", False):
                self.close()
            if message is not None and message["body"]:
                return t.cast(bytes, message["body"])
        raise StopIteration

    def close(self) -> None:
        """Let the application end, as for a client that goes away."""
        if not self._is_closed:
            self._is_closed = True
            self._run(self._server.finish())

    def __del__(self) -> None:
        if not self._is_closed:  # the answer was dropped, and the application ends when its loop runs next
            self._server.abandon()
