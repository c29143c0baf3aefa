"""The body of a request that came by ASGI: received piece by piece, on the event loop."""

from __future__ import annotations

import asyncio
import io
import tempfile
import typing as t

from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge

if t.TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .typing import ASGIMessage, ASGIReceive
    from .wrappers import Request

#: How many bytes of a body stay in memory; a longer one goes to a file.
IN_MEMORY: t.Final = 1024 * 1024

#: What has as many digits or more is no length of a body.
LENGTH_DIGITS: t.Final = 20

_CHUNK: t.Final = 64 * 1024


class ReceivedBody(io.RawIOBase):
    """The body as a stream. A thread that reads it waits for the event loop, which receives it.

    :param receive: receives the next message.
    :param loop: the event loop that does.
    :param length: the header ``Content-Length``, if there is one.
    """

    def __init__(self, receive: ASGIReceive, loop: asyncio.AbstractEventLoop, length: str | None) -> None:
        self._receive = receive
        self._loop = loop
        self._length = int(length) if length and length.isdecimal() and len(length) < LENGTH_DIGITS else None
        self._received = 0
        self._rest = b""
        self._next: ASGIMessage | None = None
        self._refusal: Exception | None = None
        self._file: t.IO[bytes] | None = None
        #: Whether nothing is left to receive.
        self.is_complete = False
        #: Whether the connection broke off before.
        self.is_cut_short = False

    def put_back(self, message: ASGIMessage) -> None:
        """Have a message that was received already be the first one."""
        self._next = message

    async def receive_chunk(self) -> bytes:
        """The next piece of the body, empty at its end.

        :raises ClientDisconnected: 400, if the connection breaks off.
        :raises BadRequest: 400, if the body has another length than the client said.
        """
        if self._refusal is not None:
            raise self._refusal
        while not self.is_complete:
            message, self._next = self._next or await self._receive(), None
            if message["type"] == "http.disconnect":
                self.is_cut_short = True
                raise self._refuse(ClientDisconnected())
            if message["type"] != "http.request":
                continue
            chunk: bytes = message.get("body") or b""
            self.is_complete = not message.get("more_body", False)
            self._received += len(chunk)
            if self._length is not None and (
                self._received > self._length or (self.is_complete and self._received < self._length)
            ):
                raise self._refuse(BadRequest("The body of the request has another length than Content-Length says."))
            if chunk:
                return chunk
        return b""

    def _refuse(self, refusal: Exception) -> Exception:
        self.is_complete = True
        self._refusal = refusal
        return refusal

    async def receive_whole(self, limit: int | None) -> t.IO[bytes]:
        """Receive all that is left, into memory or a file. What is wrong with it is raised where it is read, since
        nobody may want to read it.

        :param limit: the longest body in bytes that is received; what is longer is refused.
        :return: what to read it from.
        """
        if not self.is_complete:
            if limit is not None and self._length is not None and self._length > limit:
                self._refuse(RequestEntityTooLarge())
            else:
                await self._receive_into_file(limit)
        is_in_file = self._file is not None and self._refusal is None and not self._rest
        return t.cast("t.IO[bytes]", self._file if is_in_file else self)

    async def _receive_into_file(self, limit: int | None) -> None:
        try:
            chunk = await self.receive_chunk()
            is_over: bool = self.is_complete
            if is_over and (limit is None or self._received <= limit):  # it came at once, as most do
                self._file = io.BytesIO(chunk)
                return
            self._file = file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed with the body
            while chunk:
                if limit is not None and self._received > limit:
                    raise self._refuse(RequestEntityTooLarge())
                file.write(chunk)
                chunk = await self.receive_chunk()
            file.seek(0)
        except (BadRequest, RequestEntityTooLarge):
            pass  # as noted, to be raised

    # -- as a stream

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: t.Any) -> int:
        """Read what has arrived into a buffer, waiting for it if nothing has."""
        if self._refusal is not None:
            raise self._refusal
        if not self._rest:
            if self._file is not None:
                self._rest = self._file.read(len(buffer))
            elif not self.is_complete:
                self._rest = self._wait_for_chunk()
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def _wait_for_chunk(self) -> bytes:
        if asyncio._get_running_loop() is self._loop:
            raise RuntimeError(
                "The body of the request was not received yet, and waiting for it here would block the event loop."
                " In an `async def` view with stream_body=True, read it by `async for chunk in request.body`."
            )
        return asyncio.run_coroutine_threadsafe(self.receive_chunk(), self._loop).result()

    def close(self) -> None:
        """Close the file that it may have been received into."""
        if self._file is not None:
            self._file.close()
        super().close()


class BodyChunks:
    """The body of a request, piece by piece: for ``async for`` in an ``async def`` view, for ``for`` in another.

    :param request: the request.
    """

    def __init__(self, request: Request) -> None:
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        stream = self._request.stream
        while chunk := stream.read(_CHUNK):
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        source = self._request.environ["wsgi.input"]
        if not isinstance(source, ReceivedBody) or source.is_complete:
            for chunk in self:
                yield chunk
            return
        limit, length, size = self._request.max_content_length, self._request.content_length, 0
        if limit is not None and length is not None and length > limit:
            raise RequestEntityTooLarge()
        while chunk := await source.receive_chunk():
            size += len(chunk)
            if limit is not None and size > limit:
                raise RequestEntityTooLarge()
            yield chunk
