"""An application with WSGI middleware around it, on an ASGI server: requests go through the middleware, on a thread.

Else what the middleware does, as to check who may come in, would be skipped without a word.
"""

from __future__ import annotations

import itertools
import typing as t
from types import MethodType

from werkzeug.wsgi import ClosingIterator

from .._stages import our_entrances
from . import proxies
from .exchange import Exchange
from .placement import OnThread

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from werkzeug.middleware.proxy_fix import ProxyFix

    from ..app import Flask
    from ..typing import ASGIReceive, ASGIScope
    from .asgi import ASGIApplication

_ours: t.Final = our_entrances()


def is_bare(app: Flask) -> bool:
    """Whether nothing was put around the WSGI side of an application."""
    cls = app.__class__
    return cls.wsgi_app is _ours[0] and cls.__call__ is _ours[1] and "wsgi_app" not in app.__dict__


def fixes_around(app: Flask, application: ASGIApplication) -> Sequence[ProxyFix] | None:
    """Werkzeug's own middleware for proxies around the WSGI side of an application, which is applied natively; None if
    there is other middleware, and requests must go through it.

    :param application: its ASGI side, without anything around it.
    """
    if is_bare(app):
        return ()
    cls, own = type(app), vars(app)
    fixes, inner = proxies.unwrap(app.wsgi_app)
    is_ours = isinstance(inner, MethodType) and inner.__self__ is app and inner.__func__ is _ours[0]
    if is_ours and cls.__call__ is _ours[1]:
        return fixes
    # Whoever put something around the ASGI side has thought of both.
    is_surrounded = own.get("asgi_app", application) is not application or cls.asgi_app is not _ours[2]
    return fixes if is_surrounded else None


class Wrapped(Exchange):
    """A request that goes through the WSGI middleware, on a thread: the middleware may block."""

    def __init__(self, app: Flask, scope: ASGIScope, receive: ASGIReceive) -> None:
        super().__init__(app, scope, receive)
        self._make_environ()
        _tell(app)

    def _place(self) -> OnThread:
        assert self.loop is not None  # this is called on it
        return OnThread(self._app, self.loop)

    async def respond(self) -> Iterable[bytes]:
        """Have the middleware answer; gives the body."""
        return t.cast("Iterable[bytes]", await self.placement.run(self._call))

    def _call(self) -> Iterable[bytes]:
        body = self._made = self._app(self.environ, self.reply)
        if self.reply.is_started:
            return body
        # An application may start its response as late as when its first piece is asked for.
        iterator = iter(body)
        first = list(itertools.islice(iterator, 1))
        return ClosingIterator(itertools.chain(first, iterator), getattr(body, "close", None))


def _tell(app: Flask) -> None:
    if not app._told_of_middleware:
        app._told_of_middleware = True
        app.logger.warning(
            "There is WSGI middleware around the application, so requests that come by ASGI go through that, each on a"
            " thread: `async def` views work, but wait there. To serve them on the event loop, put ASGI middleware"
            " around `app.asgi_app` instead."
        )
