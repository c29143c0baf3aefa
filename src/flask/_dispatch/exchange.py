"""The driver for ASGI: one request, from the scope to the end of the body."""

from __future__ import annotations

import asyncio
import io
import threading
import types
import typing as t
from types import CoroutineType, FunctionType

from werkzeug.exceptions import ClientDisconnected

from .._awaiting import complete, is_async, resumed, serving
from .._environ import headers_if_plain
from .._request_context import OUR_MATCH_REQUEST, OUR_PUSH
from .._routing import Map, find_rule_at_once
from .._shortcuts import TAKEN
from .._stages import is_ours
from ..ctx import RequestContext
from ..wrappers import OUR_INIT, Request, Response
from . import alone, asking, proxies, steps
from .arrival import Arrival
from .disconnect import Disconnect
from .placement import Inline, OnThread, place, stays_on_loop
from .reply import Reply, start_of, start_of_whole

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from werkzeug.middleware.proxy_fix import ProxyFix

    from ..typing import ASGIMessage, ASGISend

_making: t.Final = threading.Lock()


class Exchange(Arrival):
    """One request and its answer. What not every request needs is made when it is first asked for.

    :param app: the application.
    :param scope: what the server knows of the request.
    :param receive: receives the next message from the server.
    """

    #: Whether the request has ended without an environment.
    is_over = False
    #: The message that starts the answer, where the body is whole.
    start: ASGIMessage | None = None
    _placement: Inline | OnThread | None = None
    _ctx: t.Any = None
    _reply: Reply | None = None
    _made: Iterable[bytes] | None = None
    _disconnect: Disconnect | None = None
    _is_ending = _has_waited = False

    @property
    def placement(self) -> Inline | OnThread:
        """Where user code runs."""
        if self._placement is None:
            with _making:  # two threads that ask at once get the same: it holds a thread
                if self._placement is None:
                    self._placement = self._place()
            serving.set(self)
        return self._placement

    def _place(self) -> Inline | OnThread:
        assert self.loop is not None  # else nobody asks
        return place(self._app, self.loop)

    @property
    def reply(self) -> Reply:
        """The answer."""
        if self._reply is None:
            self._reply = Reply(self.placement)
        return self._reply

    def respond(self) -> t.Any:
        """Have the application answer: gives the body, whose :attr:`start` is then there, or what to await for it."""
        raise NotImplementedError

    @types.coroutine
    def run(self, response: t.Coroutine[t.Any, t.Any, t.Any], send: ASGISend) -> t.Generator[t.Any, t.Any, t.Any]:
        """Await the answer, and send it. One that never waits costs next to nothing here.

        :param response: what is awaited for the body.
        :param send: sends a message to the server.
        :return: the body, if that is all there, and :attr:`start` too, and it was not sent.
        """
        try:
            try:
                waiting = response.send(None)
            except StopIteration as stop:
                if self.start is not None:
                    return stop.value
                answer = self._send(stop.value, send)
            else:
                answer = self._answer(resumed(response, waiting), send)
            try:
                waiting = answer.send(None)
            except StopIteration as stop:
                return stop.value
            return (yield from resumed(answer, waiting, self._watch))
        except asyncio.CancelledError:
            if self._disconnect is None or not self._disconnect.forgives():
                raise
        except ClientDisconnected:
            if self._body is None or not self._body.is_cut_short:
                raise
        finally:
            if self._disconnect is not None:
                self._disconnect.stop()
            self._let_go()
            if self._body is not None:
                self._body.close()
            self._ctx = None  # it leads back to this, and the request would live on

    def _let_go(self) -> None:
        if self._placement is not None:
            self._placement.let_go()
            serving.set(None)

    def _watch(self) -> bool:
        """Wait for the client to go away, if the next message can only tell that; tells whether."""
        self._has_waited, self._loop = True, self.loop
        if self.has_more:
            return False
        self._disconnect = Disconnect(self._receive, is_armed=not self._is_ending)
        return True

    async def _answer(self, response: t.Awaitable[t.Any], send: ASGISend) -> t.Any:
        try:
            body = await response
        except asyncio.CancelledError:
            if self._made is not None:  # by the thread, while the task was cancelled
                await self.reply.close(self._made)
            raise
        return await self._send(body, send)

    async def _send(self, body: t.Any, send: ASGISend) -> t.Any:
        self._is_ending = False
        if self._disconnect is not None and not self._disconnect.arm():
            await self.reply.close(body)
        elif self.start is not None:
            return body
        else:
            await self.reply.send(body, self._scope, send)
        return None

    async def prepare(self) -> None:
        """Receive the body, since what runs on the event loop cannot wait for it where it reads it."""
        await self.receive_body(self._limit(self._app.config["MAX_CONTENT_LENGTH"]))

    def _limit(self, limit: int | None) -> int | None:
        """The longest body that is received: as long as may be read, or, where that is not limited, as may be kept.

        :param limit: the longest one in bytes that may be read.
        """
        return self._app.config["ASGI_BODY_LIMIT"] if limit is None else limit


class Native(Exchange):
    """A request that goes through the steps, on the event loop or on the thread.

    :param app: the application.
    :param scope: what the server knows of the request.
    :param receive: receives the next message from the server.
    """

    _is_responding = False

    #: Werkzeug's own middleware for proxies, which was put around the WSGI side.
    fixes: Sequence[ProxyFix] = ()

    def respond(self) -> t.Any:
        """Have the application answer: gives the body, or what to await for it."""
        app, config = self._app, self._app.config
        is_plain = TAKEN and alone.is_plain(app)
        if (
            TAKEN
            and not self.fixes
            and not config["TRUSTED_PROXIES"]
            and (is_plain or is_ours(app, "request_context"))
            and app.request_class.__init__ is OUR_INIT
            and (headers := headers_if_plain(self._scope)) is not None
        ):
            return self._respond_plainly(headers, is_plain)
        self._ctx = ctx = self._context()
        ctx.exchange = self
        return self._respond_where_it_belongs()

    def _context(self) -> RequestContext:
        environ = self._make_environ()
        for fix in self.fixes:
            proxies.rewrite(fix, environ)
        proxies.apply(self._app, environ)
        ctx = self._app.request_context(environ)
        if TAKEN:
            ctx.asks_for_view = asking.is_for_view(environ)
            ctx.brings_session = asking.brings_session(self._app, environ.get("HTTP_COOKIE"))
        return ctx

    def _respond_plainly(self, headers: dict[bytes, bytes], is_plain: bool) -> t.Any:
        """Respond to a request that needs no environment so far."""
        app, scope = self._app, self._scope
        self._headers = headers
        length, method = headers.get(b"content-length"), scope["method"]
        if length is not None and length != b"0":
            self._length = int(length)
        request = app.request_class._of(self, app)
        asks_for_view = method in asking.METHODS
        cookies = headers.get(b"cookie")
        brings_session = cookies is not None and asking.brings_session(app, cookies.decode("latin-1"))
        if is_plain and asks_for_view:
            find_rule_at_once(app, request, scope["path"], method, headers.get(b"host"))
            rule = request.url_rule
            view: t.Any = app.view_functions.get(rule.endpoint) if rule is not None else None
            if view is not None and (
                (type(view) is FunctionType and app._known_coroutine_functions[view]) or is_async(view)
            ):
                # This is how most requests go. The way below leads to the same.
                is_alone = alone.is_view_alone(app)
                if self._length is not None:
                    return self._respond_when_received(request, view, is_alone, brings_session)
                ctx = RequestContext.entered_plain(app, request, self, brings_session)
                if is_alone:
                    body = alone.respond(app, ctx, view, None, self.call, self)
                    if body.__class__ is list:
                        self._let_go()
                    return body
                return steps.respond(app, ctx, None, self.call, self)
            self._placement = self.placement  # before the context is active: the configuration may be wrong
            self._ctx = RequestContext.entered_plain(app, request, self, brings_session)
            return self._respond_where_it_belongs()
        return self._respond_to(request, asks_for_view, brings_session)

    def _respond_to(self, request: Request, asks_for_view: bool, brings_session: bool) -> t.Awaitable[t.Any]:
        self._ctx = ctx = RequestContext(self._app, {}, request)
        ctx.exchange, ctx.asks_for_view, ctx._owns_request = self, asks_for_view, True
        ctx.brings_session = brings_session
        return self._respond_where_it_belongs()

    async def _respond_when_received(
        self, request: Request, view: t.Any, is_alone: bool, brings_session: bool
    ) -> t.Any:
        app = self._app
        if not getattr(request.url_rule, "stream_body", False):
            await self.receive_body(self._limit(request.max_content_length))
        else:
            self._loop = self.loop  # who reads the body may do so elsewhere
        if self._received is None or self._has_waited:  # while it waited, anybody may have come to take part
            return await self._respond_to(request, True, brings_session)
        ctx = RequestContext.entered_plain(app, request, self, brings_session)
        if not is_alone:
            return await steps.respond(app, ctx, None, self.call, self)
        body = alone.respond(app, ctx, view, None, self.call, self)
        return await body if body.__class__ is CoroutineType else body

    async def _respond_where_it_belongs(self) -> t.Any:
        app, ctx, call = self._app, self._ctx, self.placement.call
        if ctx.is_plain:
            pass  # it has been entered
        elif type(ctx).push is OUR_PUSH:
            ctx.enter()
        else:
            await self._call(ctx.push)
        try:
            if ctx.request.url_rule is None and ctx.request.routing_exception is None:
                await self._find_rule()
            if not (self.placement.__class__ is Inline or stays_on_loop(app, ctx)):
                if self._length is not None:
                    self._make_environ()  # here, since it tells what the body is received by
                return await self.placement.run(self._respond_on_thread)
            if self._body is not None or self._length is not None:
                await self.prepare()
            if self._has_waited:  # meanwhile anybody may have come to take part
                ctx.is_plain = False
        except BaseException as error:
            if not self._is_responding:
                await ctx.auto_end(error, call)
            raise
        return await steps.respond(app, ctx, None, call, self)

    def _respond_on_thread(self) -> t.Any:
        ctx = self._ctx
        self._is_responding = True
        self._made = complete(steps.respond(self._app, ctx, None, ctx.call, self))
        return self._made

    def call(self, function: t.Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Call user code: gives its result, or the coroutine to await for it."""
        if is_async(function):
            return function(*args, **kwargs)
        return self.placement.call(function, *args, **kwargs)

    async def _call(self, function: t.Callable[[], t.Any]) -> None:
        rv = self.placement.call(function)
        if rv.__class__ is CoroutineType:
            await rv

    async def _find_rule(self) -> None:
        ctx = self._ctx
        try:
            if (
                type(ctx).match_request is OUR_MATCH_REQUEST
                and "create_url_adapter" not in ctx.replaced
                and self._app.url_map.converters == Map.default_converters
            ):
                ctx.match_request()
            else:
                ctx.is_plain = False  # whoever is called may have others take part
                await self._call(ctx.match_request)
        except Exception:
            ctx.is_begun = False  # it fails again when the request begins, and there it is answered

    async def prepare(self) -> None:
        """Receive the body, unless nobody is to read it, or the view does so itself."""
        ctx = self._ctx
        if self._body is None and self._length is None:
            return
        if ctx.request.routing_exception is not None or (not ctx.asks_for_view and steps.answers_options(ctx.request)):
            self.environ["wsgi.input"] = io.BytesIO()
        elif not getattr(ctx.request.url_rule, "stream_body", False):
            await self.receive_body(self._limit(ctx.request.max_content_length))

    def take(self, response: t.Any, call: t.Callable[..., t.Any]) -> t.Any:
        """Take the response, while the context is active; gives the body, or a coroutine to await for it."""
        if (
            TAKEN
            and response.__class__ is Response
            and self._scope.get("method") != "HEAD"
            and (headers := response._headers_as_they_are()) is not None
        ):
            self.start = start_of(response._status_code, headers)
            return response.response
        return self.reply.take(response, self.environ, call)

    def take_whole(self, body: bytes, content_type: tuple[str, str]) -> bytes:
        """Take a body that answers 200, and let the context end undisturbed; gives what is sent of it."""
        self.start = start_of_whole(len(body), content_type)
        self.end()
        return body if self._scope["method"] != "HEAD" else b""

    def end(self) -> None:
        """Let the context end undisturbed, also if the client goes away now."""
        self._is_ending = True
        if self._disconnect is not None:
            self._disconnect.disarm()
