"""The driver for ASGI: one request, from the scope to the end of the body."""

from __future__ import annotations

import asyncio
import io
import typing as t
from types import CoroutineType

from werkzeug.exceptions import ClientDisconnected

from .._awaiting import complete, serving
from .._body import ReceivedBody
from .._environ import ScopeEnviron
from .._routing import Map
from ..ctx import RequestContext
from . import proxies, steps
from .disconnect import Disconnect
from .placement import Inline, OnThread, answers_options, place, stays_on_loop
from .reply import Reply

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.middleware.proxy_fix import ProxyFix

    from ..app import Flask
    from ..typing import ASGIReceive, ASGIScope, ASGISend

_WITHOUT_BODY: t.Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_push: t.Final = RequestContext.push
_match_request: t.Final = RequestContext.match_request


class Exchange:
    """One request and its answer."""

    def __init__(
        self, app: Flask, scope: ASGIScope, receive: ASGIReceive, placement: Inline | OnThread | None = None
    ) -> None:
        self._app, self._scope = app, scope
        self._placement = place(app) if placement is None else placement
        self._environ = ScopeEnviron(scope, receive, self._placement.loop)
        self._disconnect = Disconnect(receive)
        self._reply = Reply(self._placement)

    async def run(self, send: ASGISend) -> None:
        """Handle the request, and send the answer.

        :param send: sends a message to the server.
        """
        serving.set(self)
        try:
            sending = self._reply.send(await self._respond(), self._scope, send)
            await (self._disconnect.during(sending) if self._is_body_over() else sending)
        except asyncio.CancelledError:
            if not self._disconnect.forgives():
                raise
        except ClientDisconnected:
            if not self._is_cut_short():
                raise
        finally:
            self._disconnect.stop()
            self._placement.let_go()
            source = dict.get(self._environ, "wsgi.input")
            if source is not None:
                source.close()
            serving.set(None)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that serves the request."""
        return self._placement.loop

    async def prepare(self) -> None:
        """Do what must be done before code that cannot wait runs on the event loop."""
        source = self._environ["wsgi.input"]
        if isinstance(source, ReceivedBody):
            if not self._has_body():
                source.is_complete = True
                return
            limit = self._app.config["MAX_CONTENT_LENGTH"]
            await source.receive_whole(self._app.config["ASGI_BODY_LIMIT"] if limit is None else limit)

    async def _respond(self) -> Iterable[bytes]:
        """Have the application answer; gives the body."""
        raise NotImplementedError

    def _has_body(self) -> bool:
        environ = self._environ
        if "CONTENT_LENGTH" in environ:
            return bool(environ["CONTENT_LENGTH"] != "0")
        if "HTTP_TRANSFER_ENCODING" in environ:
            return True
        # Since HTTP/2 a body needs neither header.
        return self._scope.get("http_version", "1.1")[:1] not in "01" and environ["REQUEST_METHOD"] not in _WITHOUT_BODY

    def _is_body_over(self) -> bool:
        """Whether nothing of the body is left to receive, so that the next message can only be the disconnect."""
        source = dict.get(self._environ, "wsgi.input")
        if isinstance(source, ReceivedBody):
            return source.is_complete
        return source is not None or not self._has_body()

    def _is_cut_short(self) -> bool:
        source = dict.get(self._environ, "wsgi.input")
        return isinstance(source, ReceivedBody) and source.is_cut_short


class Native(Exchange):
    """A request that goes through the steps, on the event loop or on the thread.

    :param fixes: Werkzeug's own middleware for proxies, which was put around the WSGI side.
    """

    def __init__(self, app: Flask, scope: ASGIScope, receive: ASGIReceive, fixes: Iterable[ProxyFix]) -> None:
        super().__init__(app, scope, receive)
        for fix in fixes:
            proxies.rewrite(fix, self._environ)
        proxies.apply(app, self._environ)
        self._ctx = app.request_context(self._environ)
        self._ctx.placement = self._placement
        self._is_responding = False

    async def _respond(self) -> Iterable[bytes]:
        app, ctx, call = self._app, self._ctx, self._placement.call
        await self._enter()
        try:
            stays = await self._route()
            if stays:
                await self.prepare()
                if self._is_cut_short():
                    raise ClientDisconnected()
            else:
                return t.cast("Iterable[bytes]", await self._placement.run(self._respond_on_thread))
        except BaseException as error:
            if not self._is_responding:
                await ctx.auto_end(error, call)
            raise
        responding = steps.respond(app, ctx, self._environ, self._reply, call, self)
        body = await (self._disconnect.during(responding) if self._is_body_over() else responding)
        return t.cast("Iterable[bytes]", body)

    def _respond_on_thread(self) -> t.Any:
        ctx = self._ctx
        self._is_responding = True
        return complete(steps.respond(self._app, ctx, self._environ, self._reply, ctx.call, self))

    async def take(self, response: t.Any, call: t.Callable[..., t.Any]) -> t.Any:
        """Take the response, while the context is active; gives the body."""
        return await self._reply.take(response, self._environ, call)

    def end(self) -> None:
        """Let the context end undisturbed, also if the client goes away now."""
        self._disconnect.disarm()

    async def _enter(self) -> None:
        ctx = self._ctx
        if type(ctx).push is _push:
            ctx.enter()
        else:
            pushing = self._placement.call(ctx.push)
            if pushing.__class__ is CoroutineType:
                await pushing

    async def _route(self) -> bool:
        """Find the URL rule; tells whether the steps stay on the event loop."""
        app, ctx = self._app, self._ctx
        request = ctx.request
        if request.url_rule is None and request.routing_exception is None:
            is_ours = (
                type(ctx).match_request is _match_request
                and "create_url_adapter" not in ctx.replaced
                and app.url_map.converters == Map.default_converters
            )
            try:
                if is_ours:
                    ctx.match_request()
                else:
                    matching = self._placement.call(ctx.match_request)
                    if matching.__class__ is CoroutineType:
                        await matching
            except Exception:
                # It fails again when the request begins, and there it is answered.
                return isinstance(self._placement, Inline)
        return isinstance(self._placement, Inline) or stays_on_loop(app, ctx)

    async def prepare(self) -> None:
        """Receive the body, since what runs on the event loop cannot wait for it where it reads it."""
        environ, request = self._environ, self._ctx.request
        source = environ["wsgi.input"] if self._has_body() else None
        if source is None or request.routing_exception is not None or answers_options(request):
            environ["wsgi.input"] = io.BytesIO()
        elif not getattr(request.url_rule, "stream_body", False):
            limit = request.max_content_length
            await source.receive_whole(self._app.config["ASGI_BODY_LIMIT"] if limit is None else limit)
