"""The driver for ASGI: one request, from the scope to the end of the body."""

from __future__ import annotations

import asyncio
import io
import typing as t
from types import CoroutineType

from werkzeug.exceptions import ClientDisconnected

from .._awaiting import complete, serving
from .._body import ReceivedBody
from .._environ import Arrival
from .._routing import Map, find_rule_at_once
from .._shortcuts import TAKEN
from .._stages import is_ours
from ..ctx import RequestContext
from ..wrappers import Request
from . import asking, proxies, steps
from .disconnect import Disconnect, noting_suspension
from .placement import Inline, OnThread, place, stays_on_loop
from .reply import Reply

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.middleware.proxy_fix import ProxyFix

    from ..app import Flask
    from ..typing import ASGIReceive, ASGIScope, ASGISend

_push: t.Final = RequestContext.push
_match_request: t.Final = RequestContext.match_request


def _makes_requests_as_ours(app: Flask) -> bool:
    """Whether nothing of the program's own is to see the environment when a request is made of it."""
    return (
        app.request_class.__init__ is Request.__init__
        and is_ours(app, "request_context")
    )


class Exchange:
    """One request and its answer.

    :param app: the application.
    :param scope: what the server knows of the request.
    :param receive: receives the next message from the server.
    """

    _body: ReceivedBody | None = None
    _disconnect: Disconnect | None = None
    _is_ending = False
    _made: Iterable[bytes] | None = None

    def __init__(self, app: Flask, scope: ASGIScope, receive: ASGIReceive) -> None:
        self._app, self._scope, self._receive = app, scope, receive
        self._placement = placement = self._place()
        self._arrival = Arrival(scope, receive, placement.loop)
        self._reply = Reply(placement)

    def _make_environ(self) -> WSGIEnvironment:
        """The environment of the request, for one that has a body, or may have."""
        environ = self._arrival.environ
        source = environ["wsgi.input"]
        self._body = source if source.__class__ is ReceivedBody else None
        return environ

    def _place(self) -> Inline | OnThread:
        """Where user code runs."""
        return place(self._app)

    async def run(self, send: ASGISend) -> None:
        """Handle the request, and send the answer.

        :param send: sends a message to the server.
        """
        serving.set(self)
        try:
            await noting_suspension(self._answer(send), self._watch)
        except asyncio.CancelledError:
            if self._disconnect is None or not self._disconnect.forgives():
                raise
        except ClientDisconnected:
            if self._body is None or not self._body.is_cut_short:
                raise
        finally:
            if self._disconnect is not None:
                self._disconnect.stop()
            self._placement.let_go()
            if self._body is not None:
                self._body.close()
            serving.set(None)

    def _watch(self) -> bool:
        """Wait for the client to go away, if the next message can only tell that; tells whether."""
        if self._body is not None and not self._body.is_complete:
            return False
        self._disconnect = Disconnect(self._receive, is_armed=not self._is_ending)
        return True

    async def _answer(self, send: ASGISend) -> None:
        try:
            body = await self._respond()
        except asyncio.CancelledError:
            if self._made is not None:  # by the thread, while the task was cancelled
                await self._reply.close(self._made)
            raise
        self._is_ending = False
        if self._disconnect is not None and not self._disconnect.arm():
            await self._reply.close(body)
        else:
            await self._reply.send(body, self._scope, send)

    async def _respond(self) -> Iterable[bytes]:
        """Have the application answer; gives the body."""
        raise NotImplementedError

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that serves the request."""
        return self._placement.loop

    async def prepare(self) -> None:
        """Receive the body, since what runs on the event loop cannot wait for it where it reads it."""
        if self._body is not None:
            limit = self._most_bytes()
            self._arrival.environ["wsgi.input"] = await self._body.receive_whole(
                self._app.config["ASGI_BODY_LIMIT"] if limit is None else limit
            )

    def _most_bytes(self) -> int | None:
        """The longest body that is received, if it is limited."""
        limit: int | None = self._app.config["MAX_CONTENT_LENGTH"]
        return limit


class Native(Exchange):
    """A request that goes through the steps, on the event loop or on the thread.

    :param app: the application.
    :param scope: what the server knows of the request.
    :param receive: receives the next message from the server.
    :param fixes: Werkzeug's own middleware for proxies, which was put around the WSGI side.
    """

    _is_responding = False

    def __init__(self, app: Flask, scope: ASGIScope, receive: ASGIReceive, fixes: Iterable[ProxyFix]) -> None:
        super().__init__(app, scope, receive)
        headers = None
        if TAKEN and not fixes and not app.config["TRUSTED_PROXIES"] and _makes_requests_as_ours(app):
            headers = self._arrival.headers_if_plain()
        self._ctx = ctx = self._context(fixes) if headers is None else self._plain_context(headers)
        ctx.placement = self._placement

    def _context(self, fixes: Iterable[ProxyFix]) -> RequestContext:
        environ = self._make_environ()
        for fix in fixes:
            proxies.rewrite(fix, environ)
        proxies.apply(self._app, environ)
        ctx = self._app.request_context(environ)
        ctx.asks_for_view = TAKEN and asking.is_for_view(self._app, environ)
        return ctx

    def _plain_context(self, headers: dict[bytes, bytes]) -> RequestContext:
        """The context of a request that needs no environment so far."""
        app, scope, arrival = self._app, self._scope, self._arrival
        ctx = RequestContext.of_arrival(app, arrival)
        ctx.asks_for_view = asking.is_for_view_by(app, scope["method"], headers)
        host = headers.get(b"host")
        find_rule_at_once(
            app, ctx.request, scope["path"], scope["method"], host.decode("latin-1") if host is not None else None
        )
        return ctx

    async def _respond(self) -> Iterable[bytes]:
        app, ctx, call = self._app, self._ctx, self._placement.call
        if ctx.asks_for_view and asking.is_view_alone(app) and type(ctx) is RequestContext:
            ctx.enter_alone()
        elif type(ctx).push is _push:
            ctx.enter()
        else:
            await self._call(ctx.push)
        try:
            if ctx.request.url_rule is None and ctx.request.routing_exception is None:
                await self._find_rule()
            if not (self._placement.__class__ is Inline or stays_on_loop(app, ctx)):
                return t.cast("Iterable[bytes]", await self._placement.run(self._respond_on_thread))
            if self._body is not None:
                await self.prepare()
        except BaseException as error:
            if not self._is_responding:
                await ctx.auto_end(error, call)
            raise
        return t.cast("Iterable[bytes]", await steps.respond(app, ctx, self._reply, call, self))

    def _respond_on_thread(self) -> t.Any:
        ctx = self._ctx
        self._is_responding = True
        self._made = complete(steps.respond(self._app, ctx, self._reply, ctx.call, self))
        return self._made

    async def _call(self, function: t.Callable[[], t.Any]) -> None:
        rv = self._placement.call(function)
        if rv.__class__ is CoroutineType:
            await rv

    async def _find_rule(self) -> None:
        ctx = self._ctx
        try:
            if (
                type(ctx).match_request is _match_request
                and "create_url_adapter" not in ctx.replaced
                and self._app.url_map.converters == Map.default_converters
            ):
                ctx.match_request()
            else:
                await self._call(ctx.match_request)
        except Exception:  # noqa: S110  # it fails again when the request begins, and there it is answered
            pass

    async def prepare(self) -> None:
        """Receive the body, unless nobody is to read it, or the view does so itself."""
        request = self._ctx.request
        if request.routing_exception is not None or steps.answers_options(request):
            self._arrival.environ["wsgi.input"] = io.BytesIO()
        elif not getattr(request.url_rule, "stream_body", False):
            await super().prepare()

    def _most_bytes(self) -> int | None:
        return self._ctx.request.max_content_length

    def take(self, response: t.Any, call: t.Callable[..., t.Any]) -> t.Any:
        """Take the response, while the context is active; gives the body, or a coroutine to await for it."""
        return self._reply.take(response, self._scope.get("method"), self._arrival, call)

    def end(self) -> None:
        """Let the context end undisturbed, also if the client goes away now."""
        self._is_ending = True
        if self._disconnect is not None:
            self._disconnect.disarm()
