"""A request as it arrives by ASGI: its scope, its body, and the WSGI environment that is made of them."""

from __future__ import annotations

import io
import threading
import typing as t
from asyncio import _get_running_loop
from collections.abc import Mapping

from .._body import ReceivedBody
from .._environ import environ_of

if t.TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from _typeshed.wsgi import WSGIEnvironment

    from ..app import Flask
    from ..typing import ASGIReceive, ASGIScope

_making: t.Final = threading.Lock()
_NO_HEADERS: t.Final[Mapping[bytes, bytes]] = {}


class Arrival:
    """A request, of which the environment is made when somebody asks for it: few views do.

    :param app: the application.
    :param scope: what the server knows of the request.
    :param receive: receives the next message from the server.
    """

    # What few requests need is no attribute of each: that would cost every one of them.
    _loop: AbstractEventLoop | None = None
    _environ: WSGIEnvironment | None = None
    # The body that came in one message, as most do; and another one.
    _received: bytes | None = None
    _body: ReceivedBody | None = None

    def __init__(self, app: Flask, scope: ASGIScope, receive: ASGIReceive) -> None:
        self._app, self._scope, self._receive = app, scope, receive
        #: Whether the environment was made; and whether the body was read without one.
        self.has_environ = self.is_read = False
        # Of a request that needs no environment so far: its headers, and the length of the body that it has.
        self._headers: Mapping[bytes, bytes] = _NO_HEADERS
        self._length: int | None = None

    @property
    def loop(self) -> AbstractEventLoop | None:
        """The event loop that serves the request. It is looked for when it is first asked for: Python makes a system
        call for that. None in a thread that asks for it before anybody did on the loop: the request never waited there.
        """
        if self._loop is None:
            self._loop = _get_running_loop()
        return self._loop

    @property
    def environ(self) -> WSGIEnvironment:
        """The WSGI environment of the request."""
        return self._make_environ() if self._environ is None else self._environ

    def _make_environ(self) -> WSGIEnvironment:
        with _making:  # two threads that ask at once get the same
            if self._environ is None:
                received = None
                if self._received is not None:
                    received = io.BytesIO(self._received)
                    received.seek(len(self._received) if self.is_read else 0)
                environ = environ_of(self._scope, self._receive, self.loop, received)
                source = environ["wsgi.input"]
                if source.__class__ is ReceivedBody:
                    self._body, self._length = source, None
                self._environ, self.has_environ = environ, True
            return self._environ

    @property
    def content_type(self) -> str:
        """What the body is, as the client says it, where there is no environment."""
        return self._headers.get(b"content-type", b"").decode("latin-1")

    @property
    def cookies(self) -> str:
        """The header ``Cookie``, where there is no environment."""
        return self._headers.get(b"cookie", b"").decode("latin-1")

    def read_whole(self, limit: int | None) -> bytes | None:
        """Read the body, if it is there and unread, no longer than the limit, and there is no environment that would
        have to tell; else None.
        """
        received = self._received
        if received is None or self.is_read or self.has_environ or (limit is not None and len(received) > limit):
            return None
        self.is_read = True
        return received

    @property
    def has_more(self) -> bool:
        """Whether the body has not been received, or not to its end."""
        return self._length is not None or (self._body is not None and not self._body.is_complete)

    async def receive_body(self, limit: int | None) -> None:
        """Receive the body, whole.

        :param limit: the longest one in bytes that is received, if that is limited.
        """
        length, first = self._length, None
        if length is not None and (limit is None or length <= limit):
            first = await self._receive()
            body = first.get("body")
            if (
                first["type"] == "http.request"
                and body.__class__ is bytes
                and len(body) == length
                and not first.get("more_body")
            ):
                self._received, self._length = body, None
                return
        environ = self.environ
        if self._body is not None:
            if first is not None:
                self._body.put_back(first)
            environ["wsgi.input"] = await self._body.receive_whole(limit)
