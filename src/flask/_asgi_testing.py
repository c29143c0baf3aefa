"""A request that a test sends to an ASGI application: what a server is between the two."""

from __future__ import annotations

import asyncio
import contextvars
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
    names = [key for key in environ if key.startswith("HTTP_")]
    headers = [(key[5:].replace("_", "-").lower(), environ[key]) for key in names]
    headers += [
        (key.replace("_", "-").lower(), environ[key]) for key in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(key)
    ]
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
        "flask.environ": {key: value for key, value in environ.items() if key not in _OF_SCOPE and key not in names},
    }
    return scope


class ServedRequest:
    """One request that is sent to an ASGI application, and its answer: an iterator over the body.

    :param application: the application.
    :param environ: the request.
    :param serving: the event loop that it runs on, in another thread; by default one of this thread.
    """

    def __init__(
        self, application: ASGICallable, environ: WSGIEnvironment, serving: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self._application, self._scope = application, scope_of(environ)
        self._input: t.IO[bytes] = environ["wsgi.input"]
        self._left = None if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
        self._serving = serving
        self._context = contextvars.copy_context()
        self._is_received = self._is_closed = False
        self._messages: asyncio.Queue[ASGIMessage] = asyncio.Queue(1)
        self._gone = asyncio.Event()
        self._task, start = self._run(self._start())
        self._carry()
        self.status = f"{start['status']} {HTTP_STATUS_CODES.get(start['status'], '').upper()}".rstrip()
        self.headers = Headers(
            [(name.decode("latin-1").title(), value.decode("latin-1")) for name, value in start["headers"]]
        )

    def _run(self, coroutine: Coroutine[t.Any, t.Any, R]) -> R:
        """Run a coroutine, beside the application's, and wait for it."""
        if self._serving is not None:
            return asyncio.run_coroutine_threadsafe(coroutine, self._serving).result()
        if asyncio._get_running_loop() is not None:
            coroutine.close()
            raise RuntimeError(
                "This client waits for the application, which would need the event loop that runs here. In async code"
                " use `app.async_test_client()`, and await its requests."
            )
        return loop_of_thread().run_until_complete(coroutine)

    def _carry(self) -> None:
        """Have the context variables here as the application left them, as after a call."""
        if self._serving is None:
            carry(self._context)

    # -- as a server

    async def _start(self) -> tuple[asyncio.Task[None], ASGIMessage]:
        """Call the application, and wait until its answer starts."""
        loop = asyncio.get_running_loop()
        call = self._application(self._scope, self._receive, self._send)
        self._task = loop.create_task(t.cast("Coroutine[t.Any, t.Any, None]", call), context=self._context)
        message = await self._next()
        if message is None:
            raise AssertionError("The application ended without an answer.")
        for _ in range(3):  # what needs no waiting is done now, as the end of an answer that was made as a whole
            await asyncio.sleep(0)
        return self._task, message

    async def _receive(self) -> ASGIMessage:
        if self._is_received or self._is_closed:
            await self._gone.wait()
            return {"type": "http.disconnect"}
        size = _CHUNK if self._left is None else min(_CHUNK, self._left)
        chunk = self._input.read(size) if size else b""
        if self._left is not None:
            self._left -= len(chunk)
        self._is_received = not chunk or self._left == 0
        return {"type": "http.request", "body": chunk, "more_body": not self._is_received}

    async def _send(self, message: ASGIMessage) -> None:
        if not self._is_closed:
            await self._messages.put(message)

    async def _next(self) -> ASGIMessage | None:
        """The next message of the application; None at its end."""
        getting = asyncio.ensure_future(self._messages.get())
        await asyncio.wait({getting, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if getting.done():
            return getting.result()
        getting.cancel()
        self._task.result()  # raises what the application raised
        return None

    # -- as a body

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        while not self._is_closed:
            message = self._run(self._next())
            if message is None or not message.get("more_body", False):
                self.close()
            if message is not None and message["body"]:
                return t.cast(bytes, message["body"])
        raise StopIteration

    def close(self) -> None:
        """Let the application end, as for a client that goes away."""
        if not self._is_closed:
            self._is_closed = True
            self._run(self._finish())
            self._carry()

    async def _finish(self) -> None:
        if self._messages.full():
            self._messages.get_nowait()
        if not self._task.done():
            self._gone.set()
        await self._task

    def __del__(self) -> None:
        task = getattr(self, "_task", None)
        if task is not None and not task.done() and not task.get_loop().is_closed():
            self.close()
