"""How a request context lives. The docstring of :mod:`flask.ctx` tells of contexts as such."""

from __future__ import annotations

import sys
import threading
import typing as t
from contextlib import contextmanager
from operator import attrgetter
from types import CoroutineType
from weakref import WeakSet

from werkzeug.exceptions import HTTPException

from . import _activation, _teardown, eras
from ._activation import OF_REQUEST, Activation, activate, current, deactivate, is_last, make_current
from ._app_context import AppContextLife, is_made_as_ours
from ._awaiting import call_here, complete
from ._failures import raise_together
from ._nesting import Context, pop_abandoned, pop_down_to
from ._routing import Map, bind_without_host, check_path, find_rule
from ._shortcuts import TAKEN
from ._stages import NONE, OF_CALLING, OF_SESSIONS, OF_TEARDOWN, replaced
from ._streams import HeldStream
from ._unset import UNSET
from .globals import _AppCtxGlobals
from .sessions import open_session, opens_unnoticed
from .signals import announce, appcontext_popped, appcontext_pushed, appcontext_tearing_down, request_tearing_down
from .wrappers import Request

if t.TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from types import TracebackType

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.routing import MapAdapter

    from . import typing as ft
    from ._dispatch.timing import Timing
    from .app import Flask
    from .ctx import AppContext
    from .sessions import SessionMixin

_making: t.Final = threading.Lock()

#: Where Werkzeug's debugger and test client leave a function that takes contexts they want to enter later.
PRESERVE: t.Final = "werkzeug.debug.preserve_context"

T = t.TypeVar("T")
Call = t.Callable[..., t.Any]


class Placement(t.Protocol):
    """Where the user's code of a request runs."""

    @property
    def loop(self) -> AbstractEventLoop:
        """The event loop that serves the request."""

    def is_here(self) -> bool:
        """Whether who asks is called by that loop, and not on a thread."""

    def call(self, function: Call, /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Call user code: gives its result, or the coroutine to await for it."""

    def let_go(self) -> None:
        """Hold no thread any more."""

    def fresh(self) -> Placement:
        """Another one, of the same kind, for code that may outlive the request."""


class Exchange(t.Protocol):
    """What brought a request by ASGI."""

    @property
    def environ(self) -> WSGIEnvironment:
        """The WSGI environment of the request, made when it is first asked for."""

    @property
    def loop(self) -> AbstractEventLoop | None:
        """The event loop that serves the request; None in a thread that asks for it before anybody did on the loop."""

    #: Whether the environment was made.
    has_environ: bool
    #: Whether the body was read without one.
    is_read: bool
    #: Whether the request has ended without one.
    is_over: bool

    @property
    def content_type(self) -> str:
        """What the body is, as the client says it, where there is no environment."""

    @property
    def cookies(self) -> str:
        """The header ``Cookie``, where there is no environment."""

    def read_whole(self, limit: int | None) -> bytes | None:
        """Read the body, if it is there and unread, no longer than the limit, and there is no environment that would
        have to tell; else None.
        """

    @property
    def placement(self) -> Placement:
        """Where user code runs."""


class RequestContextLife(Context):
    """How a request context is made, pushed and popped, and what it has meanwhile."""

    # What few requests use. Python reads what the constructor sets several times faster.
    _url_adapter: MapAdapter | None = UNSET
    _pushed_app_context = False
    _kept_exception: BaseException | None = None
    _kept_activation: Activation | None = None
    _streams: WeakSet[HeldStream] | None = None
    _error: BaseException | None = None

    _placement: Placement | None = None

    # How long its parts took, where that is wanted.
    _timing: Timing | None = None

    #: What went wrong the short way, and is answered by the steps.
    failure: BaseException | None = None

    #: Whether the context was kept beyond the end of its request.
    preserved: bool = False

    #: Whether a test client entered the context once more after its request, for the body of a ``with`` statement.
    is_with_client: bool = False

    #: The messages that :func:`flask.get_flashed_messages` took out of the session, or None.
    flashes: list[tuple[str, str]] | None = None

    def __init__(
        self,
        app: Flask,
        environ: WSGIEnvironment,
        request: Request | None = None,
        session: SessionMixin | None = None,
    ) -> None:
        #: The application.
        self.app = app
        self._owns_request = request is None
        if request is None:
            request = app.request_class(environ)
            # Limits of the application are read through the request, also where the context is not active.
            request._app = app
        #: The request.
        self.request: Request = request
        #: What brought the request, if that was by ASGI.
        self.exchange: Exchange | None = None
        #: Calls user code here and now.
        self.call: Call = call_here
        #: The names of the application's methods that were found not to be the framework's own when this was pushed.
        self.replaced: frozenset[str] = NONE
        #: Whether :meth:`begin` was called.
        self.is_begun: bool = False
        #: Whether the request was found to ask for nothing but a view: see :mod:`._dispatch.asking`.
        self.asks_for_view: bool = False
        #: Whether the request may have brought a session: until that was looked at, it may.
        self.brings_session: bool = True
        #: Whether nobody takes part in the request but its hooks and its view, as far as was known when it came.
        self.is_plain: bool = False
        #: What the view returned and what it raised, where it was called the short way and the steps go on.
        self.outcome: tuple[t.Any, BaseException | None] | None = None
        self._session = session
        self._holders: list[bool] = []
        self._app_context: AppContext | None = None
        self._owns_app_context = False
        self._after_request_functions: t.Sequence[ft.AfterRequestCallable[t.Any]] = ()

    @classmethod
    def entered_plain(
        cls, app: Flask, request: Request, exchange: Exchange | None, brings_session: bool
    ) -> t.Self:
        """A context made, entered and begun, but for the URL rule, where nothing is active and nobody takes part in the
        request but its hooks and its view.

        :param app: the application.
        :param request: the request.
        :param exchange: what brought it, if that was by ASGI.
        :param brings_session: whether it may have brought a session.
        """
        self = cls.__new__(cls)
        self.app, self.request, self.exchange = app, request, exchange
        self.call, self.replaced, self.outcome, self.brings_session = call_here, NONE, None, brings_session
        self.is_begun = self.asks_for_view = self.is_plain = self._owns_request = self._owns_app_context = True
        self._session = self._app_context = self.failure = None
        self._holders, self._after_request_functions = [True], ()
        make_current((self, OF_REQUEST, self, None))
        return self

    # -- what belongs to the request, made when first asked for

    @property
    def session(self) -> SessionMixin:
        """The session of the request, opened when first asked for."""
        session = self._session
        if session is None:
            session = self._session = open_session(self.app, self.request)
        try:
            session.accessed = True
        except AttributeError:
            pass  # a session of someone else's kind need not track access
        return session

    @session.setter
    def session(self, value: SessionMixin) -> None:
        self._session = value

    @property
    def url_adapter(self) -> MapAdapter | None:
        """Matches and builds URLs for the request."""
        if self._url_adapter is UNSET:
            try:
                self._url_adapter = self.app.create_url_adapter(self.request)
            except HTTPException:
                self._url_adapter = bind_without_host(self.app, self.request)
                raise
        return self._url_adapter

    @url_adapter.setter
    def url_adapter(self, value: MapAdapter | None) -> None:
        self._url_adapter = value

    @property
    def placement(self) -> Placement | None:
        """Where user code runs, for a request that came by ASGI."""
        exchange = self.exchange
        if exchange is None:
            return self._placement
        return exchange.placement if exchange.loop is not None else None

    @property
    def app_context(self) -> AppContext | None:
        """The application context that the request uses, None before it is pushed: its own, which is made when it is
        first asked for, or the one that it was pushed in.
        """
        if self._app_context is None and self._owns_app_context:
            context = self.app.app_context()
            context._holders.append(True)  # it is the request that holds it
            with _making:  # two threads that ask at once get the same
                if self._app_context is None:
                    self._app_context = context
        return self._app_context

    @app_context.setter
    def app_context(self, value: AppContext | None) -> None:
        self._app_context = value

    @property
    def g(self) -> _AppCtxGlobals:
        """What :data:`flask.g` stands for in this request."""
        app_context = self.app_context or _activation.app_context()
        if app_context is None:
            raise AttributeError("The request context was not pushed yet, so there is no `g` that belongs to it.")
        return app_context.g

    @g.setter
    def g(self, value: _AppCtxGlobals) -> None:
        if self.app_context is None:
            raise RuntimeError("The request context was not pushed yet, so there is no `g` that could be replaced.")
        self.app_context.g = value

    def match_request(self) -> None:
        """Find the URL rule for the request, or keep the routing error for the dispatch to raise.

        A subclass may override this to hook into the matching.
        """
        request = self.request
        try:
            if TAKEN and "create_url_adapter" not in self.replaced:
                found = find_rule(self.app, request)
                if found is not None:
                    request.url_rule, request.view_args = found
                    return
            adapter = self.url_adapter  # before the path is refused, since the page that says so may build URLs
            if "\ufffd" in request.path:
                check_path(request)
            if adapter is not None:
                if type(adapter.map) is Map:
                    adapter.map.accept_host(request)
                request.url_rule, view_args = adapter.match(return_rule=True)
                request.view_args = t.cast("dict[str, t.Any]", view_args)
        except HTTPException as error:
            error.__context__ = None  # it would keep the request alive, as below
            request.routing_exception = error

    def copy(self) -> t.Self:
        """A context with the same request and session, to be pushed elsewhere: in a thread or greenlet.

        .. versionadded:: 0.10
        """
        if self._session is None and self.app_context is not None:
            self._session = open_session(self.app, self.request)  # one session for all, though nobody looked at it yet
        if self.exchange is not None:
            _ = self.exchange.loop  # noted here, since the copy may be used by another thread
        return self.__class__(self.app, self.request.environ, request=self.request, session=self._session)

    # -- life

    def push(self) -> None:
        """Make this the active request context, until :meth:`pop`."""
        if self.enter():
            try:
                beginning = self.begin(self.call)
                if beginning is not None:
                    complete(beginning)
            except BaseException as error:
                self.pop(error)
                raise

    def enter(self) -> bool:
        """Make this the active request context without beginning the request; tells whether it is to be begun."""
        below = current()
        if below is not None or self.app._kept_contexts:
            self._end_kept()
            below = current()
        first = not self._holders
        self._holders.append(first)
        if first:
            self.replaced = found = replaced(self.app)
            if found and not found.isdisjoint(OF_CALLING):
                self.call = self.app._call
            if (
                TAKEN
                and below is None
                and not found
                and self.app.app_ctx_globals_class is _AppCtxGlobals
                and is_made_as_ours()
            ):
                self._owns_app_context = True
                self._app_context = None  # it is made anew when somebody asks for it
            else:
                self._enter_app_context()
        make_current((self, OF_REQUEST, self, below))
        return first

    def take_outcome(self) -> t.Any:
        """What the view returned, or raise what it raised."""
        rv, error = t.cast("tuple[t.Any, BaseException | None]", self.outcome)
        self.outcome = None
        if error is None:
            return rv
        try:
            raise error
        finally:
            del error  # its traceback has this frame, and would keep the request alive

    def raise_failure(self) -> t.NoReturn:
        """Raise what went wrong the short way."""
        error, self.failure = t.cast(BaseException, self.failure), None
        try:
            raise error
        finally:
            del error  # as above

    def begin(self, call: Call) -> t.Coroutine[t.Any, t.Any, None] | None:
        """Begin the request: announce its application context, open a session whose opening may have effects, and find
        the URL rule.

        :param call: calls user code; what it returns is awaited if it is a coroutine.
        :return: None if that is done, else the coroutine that does it.
        """
        self.is_begun = True
        # Without user code on the way, there is nothing to wait for.
        if (
            TAKEN
            and not appcontext_pushed.receivers
            and not self.replaced
            and opens_unnoticed(self.app.session_interface)
        ):
            if self.request.url_rule is None and self.request.routing_exception is None:
                self.match_request()
            return None
        return self._begin(call)

    async def _begin(self, call: Call) -> None:
        if self._owns_app_context and appcontext_pushed.receivers:
            with self._active(self.app_context, None):
                await announce(appcontext_pushed, self.app, call)
        if self._session is None and not (
            opens_unnoticed(self.app.session_interface) and self.replaced.isdisjoint(OF_SESSIONS)
        ):
            self.request._refuses = False  # nobody would answer it
            session = call(open_session, self.app, self.request)
            self._session = await session if session.__class__ is CoroutineType else session
            self.request._refuses = True
        if self.request.url_rule is None and self.request.routing_exception is None:
            self.match_request()

    def _enter_app_context(self) -> None:
        context = _activation.app_context()
        self._owns_app_context = (
            not isinstance(context, AppContextLife) or context.app is not self.app or eras.is_old("request_owns_g")
        )
        if context is None or self._owns_app_context:
            context = self.app.app_context()
            if _life_of(type(context)) != _life:
                # The user's own methods are called, and announce the context by themselves.
                self._owns_app_context, self._pushed_app_context = False, True
                context.push()
                deactivate(context)  # it is active as that of the request
        if not self._pushed_app_context:
            context._holders.append(not context._holders)
        self.app_context = context

    def _end_kept(self) -> None:
        """End what was kept of earlier requests: in this thread, or for the debugger in any."""
        while (last := current()) is not None:
            ctx = last[0]
            if ctx is self or last is not getattr(ctx, "_kept_activation", None):
                break
            ctx.pop(ctx._kept_exception)
        for ctx in tuple(self.app._kept_contexts):
            if ctx is not self and not ctx.request.environ.get("flask._preserve_context") and ctx._unkeep():
                ctx.release(ctx._kept_exception)

    def pop(self, exc: BaseException | None = UNSET) -> None:
        """Make active again what was before, and tear the request down if nobody else holds this context.

        :param exc: the exception that ended the request, handed to the teardown functions; by default the one being
            handled.
        :raises AssertionError: if another context was pushed since and not popped.

        .. versionchanged:: 0.9
            The exc parameter.
        """
        complete(self.end(sys.exc_info()[1] if exc is UNSET else exc, self.call))

    async def end(self, exc: BaseException | None, call: Call) -> None:
        """Do what :meth:`pop` does.

        :param exc: the exception that ended the request.
        :param call: calls user code; what it returns is awaited if it is a coroutine.
        """
        last = current()
        if last is None or last[0] is not self:
            deactivate(self)
        if self._kept_activation is not None and self._kept_activation is last:
            self._kept_activation = self._kept_exception = None
            if not self._unkeep():  # a request elsewhere has ended it; here it only was active still
                deactivate(self)
                return
        if not self._holders.pop():
            self._error = exc
            deactivate(self)
            return
        failures: list[BaseException] = []
        await self._tear_down(exc, failures, call)
        if current() is not last:
            pop_abandoned(self, exc, failures)
        deactivate(self)
        if self._owns_app_context and appcontext_popped.receivers:
            t.cast("AppContext", self.app_context)._note_popped(failures)
        if failures:
            raise_together("the end of a request", failures)

    def auto_pop(self, exc: BaseException | None) -> None:
        """Pop the context at the end of its request, unless it is to be kept.

        :param exc: the exception that ended the request.
        """
        complete(self.auto_end(exc, self.call))

    def ends_at_once(self) -> bool:
        """End the request, if that concerns nobody but the framework; tells whether it did."""
        last, app, exchange = current(), self.app, self.exchange
        if (
            last is None
            or last[0] is not self
            or len(self._holders) != 1
            or app.teardown_request_funcs
            or app.teardown_appcontext_funcs
            or request_tearing_down.receivers
            or appcontext_tearing_down.receivers
            or appcontext_popped.receivers
            or not (self.is_plain or (TAKEN and self._ends_as_ours()))
            or type(self.request).close is not _close_request
        ):
            return False
        if exchange is None or exchange.has_environ:
            environ = self.request.environ
            if "CONTENT_TYPE" in environ and self.request.__dict__.get("files"):
                return False
            environ["werkzeug.request"] = None
        elif exchange.is_read and self.request.__dict__.get("files"):
            return False
        else:
            exchange.is_over = True
        self._holders.pop()
        self.request._refuses = False
        if self.request.routing_exception is not None:
            self.request.routing_exception.__traceback__ = None
        if self._app_context is not None:
            self._app_context._holders.pop()
        make_current(last[3])
        return True

    def _ends_as_ours(self) -> bool:
        """Whether nothing of the program's own has to do with the end of the request."""
        return (
            not self.replaced
            and type(self).pop is _pop
            and not self._pushed_app_context
            and (self.asks_for_view or not self._is_wanted_later())
        )

    def _is_wanted_later(self) -> bool:
        """Whether a debugger or a test wants the context after its request."""
        environ = self.request.environ
        return PRESERVE in environ or "flask._preserve_context" in environ

    async def auto_end(self, exc: BaseException | None, call: Call) -> None:
        """Do what :meth:`auto_pop` does.

        :param exc: the exception that ended the request.
        :param call: calls user code; what it returns is awaited if it is a coroutine.
        """
        if not is_last(self):
            pop_down_to(self, exc)
        elif (
            exc is not None or (not self.asks_for_view and "flask._preserve_context" in self.request.environ)
        ) and self._is_to_be_kept(exc):
            self._keep(exc)
        elif type(self).pop is not _pop:
            rv = call(self.pop, exc)
            if rv.__class__ is CoroutineType:
                await rv
        else:
            await self.end(exc, call)

    def _is_to_be_kept(self, exc: BaseException | None) -> bool:
        if self.preserved or not self._owns_request:
            return False  # it is kept already; and a copy is nobody's to look at
        return bool(
            self.request.environ.get("flask._preserve_context")
            or (exc is not None and self.app.preserve_context_on_exception)
        )

    def _keep(self, exc: BaseException | None) -> None:
        """Leave the context active, held by the list of what is kept."""
        self.preserved = True
        self._kept_exception = exc
        self._kept_activation = current()
        self.app._kept_contexts.append(self)

    def _unkeep(self) -> bool:
        """Take the context off the list of what is kept; False if another thread was faster, and ends it."""
        try:
            self.app._kept_contexts.remove(self)
        except ValueError:
            return False
        self.preserved = False
        return True

    async def _tear_down(self, exc: BaseException | None, failures: list[BaseException], call: Call) -> None:
        """Run the teardown functions: of the request, then, without it, of its application context."""
        app, request, replaced = self.app, self.request, self.replaced
        self._error = None
        request._refuses = False
        is_overridden = bool(replaced) and not replaced.isdisjoint(OF_TEARDOWN)
        if is_overridden or _teardown.is_request_of_interest(app):
            try:
                if "do_teardown_request" in replaced:
                    rv = call(app.do_teardown_request, exc)
                    if rv.__class__ is CoroutineType:
                        await rv
                else:
                    await _teardown.of_request(app, self, call, exc)
            except BaseException as error:
                failures.append(error)
        if self._owns_request:
            try:
                request.close()
            except BaseException as error:
                failures.append(error)
        self._let_request_go()
        if self._pushed_app_context:
            app_context = t.cast("AppContext", self.app_context)
            activate(app_context, app_context, None)
            try:
                app_context.pop(exc)
            except BaseException as error:
                failures.append(error)
        elif is_overridden or _teardown.is_app_context_of_interest(app):
            app_context = t.cast("AppContext", self.app_context)
            last: t.Any = current()
            make_current((last[0], app_context, None, last[3]))
            await app_context._release(exc, failures, call, replaced)
            make_current(last)
        elif self._app_context is not None:
            self._app_context._holders.pop()

    def _let_request_go(self) -> None:
        """Drop what leads back to the request, and would keep it alive until the garbage collector runs."""
        request = self.request
        request._refuses = False
        if self.exchange is None or self.exchange.has_environ:
            request.environ["werkzeug.request"] = None
        else:
            self.exchange.is_over = True
        if request.routing_exception is not None:
            request.routing_exception.__traceback__ = None

    # -- holders other than push and pop

    @staticmethod
    @contextmanager
    def _active(app_context: t.Any, request_context: RequestContextLife | None) -> t.Iterator[None]:
        """Have these contexts active for a while, holding neither."""
        last = current()
        context, _, _, below = last or (UNSET, None, None, None)
        make_current((context, app_context, request_context, below))
        try:
            yield
        finally:
            make_current(last)

    def active(self) -> t.ContextManager[None]:
        """Have this context active for a ``with`` body, in whatever thread that runs, without beginning or ending
        it.
        """
        return self._active(OF_REQUEST, self)

    async def run(self, coroutine: t.Awaitable[T], placement: Placement) -> T:
        """Await something with this context active from its beginning to its end.

        :param coroutine: what is awaited.
        :param placement: where the teardown functions run, for this only.
        :return: the result.
        """
        error: BaseException | None = None
        self._placement = placement
        self.push()
        try:
            return await coroutine
        except BaseException as raised:
            error = raised
            raise
        finally:
            try:
                await self.auto_end(error, placement.call)
            finally:
                placement.let_go()
                del error  # its traceback has this frame, and would keep the request alive

    def hold(self) -> None:
        """Keep the context alive until :meth:`release`."""
        self._holders.append(not self._holders)

    def release(self, exc: BaseException | None = None) -> None:
        """Let go of the context, and tear the request down if nobody else holds it."""
        complete(self.released(exc, self.call))

    async def released(self, exc: BaseException | None, call: Call) -> None:
        """Do what :meth:`release` does.

        :param exc: the exception that ended the request.
        :param call: calls user code; what it returns is awaited if it is a coroutine.
        """
        if exc is not None:
            self._error = exc
        if self._holders.pop():
            failures: list[BaseException] = []
            with self.active():
                await self._tear_down(self._error, failures, call)
            if self._owns_app_context and appcontext_popped.receivers:
                t.cast("AppContext", self.app_context)._note_popped(failures)
            raise_together("the end of a request", failures)

    def stream(self, items: t.Iterator[t.AnyStr]) -> t.Iterator[t.AnyStr]:
        """An iterator over the same items that holds this context and has it active for each of them."""
        stream = HeldStream(self, items)
        if self._streams is None:
            self._streams = WeakSet()
        self._streams.add(stream)
        return t.cast("t.Iterator[t.AnyStr]", stream)

    async def close_streams(self, call: Call) -> None:
        """Close the streams that were made so far, because the response they were made for is not going to be sent."""
        for stream in tuple(self._streams or ()):
            try:
                rv = call(stream.close)
                if rv.__class__ is CoroutineType:
                    await rv
            except Exception:
                self.app.logger.exception("A stream failed when it was closed, because its request had failed.")

    def __enter__(self) -> t.Self:
        self.push()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.auto_pop(error)

    def __repr__(self) -> str:
        request = self.request
        return f"<{type(self).__name__} {request.url!r} [{request.method}] of {self.app.name}>"


#: Methods as they are defined here, whatever takes their place on the class later, for modules that come later still.
OUR_PUSH: t.Final[Call] = RequestContextLife.push
OUR_MATCH_REQUEST: t.Final[Call] = RequestContextLife.match_request
_pop: t.Final = RequestContextLife.pop
_close_request: t.Final = Request.close

_life_of: t.Final[t.Callable[[type[AppContextLife]], t.Any]] = attrgetter("push", "pop")
_life: t.Final = _life_of(AppContextLife)

# PERF: counted, as for the application context.
_course_of: t.Final[t.Callable[[type[RequestContextLife]], t.Any]] = attrgetter(
    "__init__", "push", "pop", "match_request"
)
_course: t.Final = _course_of(RequestContextLife)
_class: type[RequestContextLife] = RequestContextLife
_attributes: t.Mapping[str, t.Any] = {}
_count = 0


def settle(cls: type[RequestContextLife]) -> None:
    """Note the class whose methods are ours, whatever takes their place on it later."""
    global _class, _attributes, _count
    _class, _attributes, _count = cls, vars(cls), len(vars(cls))


def begin_as_ours(app: Flask) -> bool:
    """Whether contexts begin and end as they do here: nobody has replaced the methods of the classes, and nobody can
    notice when an application context is made, or that it is not.
    """
    return (
        app.app_ctx_globals_class is _AppCtxGlobals
        and (len(_attributes) == _count or _course_of(_class) == _course)
        and is_made_as_ours()
    )
