"""The driver for ASGI: whatever a server calls an application for."""

from __future__ import annotations

import typing as t

from .exchange import Exchange, Native
from .wrapped import Wrapped, fixes_around, is_bare

if t.TYPE_CHECKING:
    from ..app import Flask
    from ..typing import ASGIReceive, ASGIScope, ASGISend


class ASGIApplication:
    """The ASGI side of an application, as an object that every server recognises.

    :param app: the application.
    """

    def __init__(self, app: Flask) -> None:
        #: The application.
        self.app = app

    async def __call__(self, scope: ASGIScope, receive: ASGIReceive, send: ASGISend) -> None:
        """Handle a request, or another event, of an ASGI server.

        :param scope: what the server knows about it.
        :param receive: receives the next message from the server.
        :param send: sends a message to the server.
        """
        kind = scope["type"]
        if kind == "http":
            app = self.app
            fixes = () if is_bare(app) else fixes_around(app, self)
            exchange: Exchange
            if fixes is None:
                exchange = Wrapped(app, scope, receive)
            else:
                exchange = Native(app, scope, receive)
                if fixes:
                    exchange.fixes = fixes
            answer = exchange.respond()
            if answer.__class__ is not list:
                answer = await exchange.run(answer, send)
            if answer is not None:
                try:
                    await send(exchange.start)  # type: ignore[arg-type]  # it is there if the body is
                    await send({"type": "http.response.body", "body": answer[0]})
                except OSError:
                    pass  # the client went away
        elif kind == "lifespan":
            await _live(receive, send)
        elif kind == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            raise ValueError(f"An application handles HTTP requests; the server called it for the scope type {kind!r}.")

    def __repr__(self) -> str:
        return f"<the ASGI application of {self.app!r}>"


async def _live(receive: ASGIReceive, send: ASGISend) -> None:
    """Answer the server when it starts and when it ends."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
