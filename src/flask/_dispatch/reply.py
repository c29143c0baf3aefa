"""The answer to an ASGI request: what the application hands over as to a WSGI server, sent as ASGI has it."""

from __future__ import annotations

import os
import typing as t

from werkzeug.wrappers import Response as WerkzeugResponse

from .._awaiting import AsyncItems
from .._environ import OpenFile
from .._streams import HeldStream
from ..wrappers import Response

if t.TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Iterable

    from _typeshed.wsgi import WSGIEnvironment

    from ..typing import ASGIMessage, ASGIScope, ASGISend
    from .placement import Inline, OnThread

_END: t.Final = object()
# Most headers are sent again and again: types, lengths, policies.
_MOST_HEADERS: t.Final = 1000
_LONGEST: t.Final = 100
_encoded: dict[tuple[str, str], tuple[bytes, bytes]] = {}
_find_encoded: t.Final = _encoded.get


def _encode(header: tuple[str, str]) -> tuple[bytes, bytes]:
    """A header as ASGI has it."""
    encoded = header[0].lower().encode("latin-1"), header[1].encode("latin-1")
    if len(header[1]) <= _LONGEST:
        if len(_encoded) >= _MOST_HEADERS:
            _encoded.clear()
        _encoded[header] = encoded
    return encoded


def start_of(status: int, headers: Collection[tuple[str, str]]) -> ASGIMessage:
    """The message that starts an answer."""
    encoded = list(map(_find_encoded, headers))
    if not all(encoded):
        encoded = [_encoded.get(header) or _encode(header) for header in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded}


def start_of_whole(length: int, content_type: tuple[str, str]) -> ASGIMessage:
    """The message that starts an answer of 200 with a body of that length and type."""
    return {
        "type": "http.response.start",
        "status": 200,
        "headers": [_encoded.get(content_type) or _encode(content_type), (b"content-length", str(length).encode())],
    }


class Reply:
    """The answer to one request. It is the ``start_response`` that a response calls as in WSGI.

    :param placement: where user code runs.
    """

    _status = ""
    _response: t.Any = None
    _is_bodiless = False
    _written: t.Sequence[bytes] = ()

    def __init__(self, placement: Inline | OnThread) -> None:
        self._placement = placement

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], t.Any]:
        self._status, self._headers = status, headers
        return self._write

    def _write(self, piece: bytes) -> None:
        self._written = (*self._written, piece)

    @property
    def is_started(self) -> bool:
        """Whether status and headers are there."""
        return bool(self._status)

    def take(self, response: t.Any, environ: WSGIEnvironment, call: Callable[..., t.Any]) -> t.Any:
        """Take the response, while its context is active: gives the body, not begun, or a coroutine to await for it.

        :param response: the response, or whatever WSGI application stands for it.
        :param environ: the request.
        :param call: calls user code.
        """
        self._response = response
        if environ["REQUEST_METHOD"] == "HEAD":
            self._is_bodiless = True
        if isinstance(response, WerkzeugResponse):
            return response(environ, self)  # this only puts the headers together
        return call(response, environ, self)

    async def send(self, body: Iterable[bytes], scope: ASGIScope, send: ASGISend) -> None:
        """Send it: status, headers and body; and close what makes the body, whatever happens.

        :param body: the body, as the response gave it.
        :param scope: the scope of the request.
        :param send: sends a message; an OSError means that the client went away.
        """
        try:
            start = start_of(int(self._status[:3]), self._headers)
            whole = self._whole(body, scope)
            try:
                await send(start)
                if whole is not None:
                    await send(whole)
                    return
            except OSError:
                return
            await self._stream(body, send)
        finally:
            if body.__class__ is not list:  # a list has nothing to close
                await self.close(body)

    def _whole(self, body: t.Any, scope: ASGIScope) -> dict[str, t.Any] | None:
        """The message that holds the whole body, if no code of the user's is to make it."""
        if self._is_bodiless or self._status[:3] in ("204", "304"):
            return {"type": "http.response.body", "body": b""}
        if body.__class__ is list and not self._written:
            return {"type": "http.response.body", "body": b"".join(body)}
        if isinstance(body, OpenFile) and "http.response.pathsend" in (scope.get("extensions") or ()):
            path = _path_of(body)
            return {"type": "http.response.pathsend", "path": path} if path is not None else None
        is_sequence = isinstance(self._response, WerkzeugResponse) and self._response.is_sequence
        if is_sequence or isinstance(body, (list, tuple)):
            return {"type": "http.response.body", "body": b"".join((*self._written, *body))}
        return None

    async def _stream(self, body: Iterable[bytes], send: ASGISend) -> None:
        """Send the body piece by piece, each made when the server has taken the one before."""
        pieces = self._pieces(body)
        try:
            async for piece in pieces:
                if piece:
                    try:
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                    except OSError:
                        return
        finally:
            await pieces.aclose()
        try:
            await send({"type": "http.response.body", "body": b""})
        except OSError:
            return

    async def _pieces(self, body: Iterable[bytes]) -> AsyncGenerator[bytes]:
        """The pieces of the body, made where the code that makes them belongs."""
        for written in self._written:
            yield written
        source = self._async_source()
        if source is not None:
            async for item in source:
                yield item.encode("utf-8", "replace") if isinstance(item, str) else bytes(item)
            return
        run = self._placement.run
        iterator = await run(iter, body)
        is_file = isinstance(body, OpenFile)
        while (piece := await run(next, iterator, _END)) is not _END:
            yield piece
            if is_file:
                self._placement.let_go()  # any thread can read it, and the client may be slow

    def _async_source(self) -> AsyncItems | HeldStream | None:
        """What makes the body, if that is async code."""
        items = getattr(self._response, "response", None)
        if isinstance(items, AsyncItems) or (isinstance(items, HeldStream) and items.is_async):
            return items
        return None

    async def close(self, body: t.Any) -> None:
        """Close what makes the body.

        :param body: the body, as the response gave it.
        """
        source = self._async_source()
        if source is not None:
            await source.aclose()
        close = getattr(body, "close", None)
        if close is None:
            return
        response = self._response
        if type(response) is Response and response.is_sequence and not response._on_close:
            close()  # no code of the user's is called by it
        else:
            await self._placement.run(close)


def _path_of(file: OpenFile) -> str | None:
    """The path of a file that is to be sent from its beginning; None if it has none that a server could open."""
    name = getattr(file.file, "name", None)
    if not isinstance(name, (str, bytes)) or not os.path.isfile(name):
        return None
    try:
        is_at_start = file.file.tell() == 0
    except (AttributeError, OSError):
        return None
    return os.path.abspath(os.fsdecode(name)) if is_at_start else None
