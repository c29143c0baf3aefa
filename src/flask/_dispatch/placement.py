"""Where the user's code of an ASGI request runs: async code on the event loop, sync code on one thread."""

from __future__ import annotations

import asyncio
import typing as t
from contextvars import copy_context
from types import CoroutineType

from .._awaiting import carry, is_async, places_its_calls
from .._failures import StopIterationError
from .._hooks import inwards
from .._stages import OF_CALLING, replaced
from .steps import answers_options

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextvars import Context

    from ..app import Flask
    from ..ctx import RequestContext
    from .threads import Worker


def place(app: Flask, loop: asyncio.AbstractEventLoop) -> Inline | OnThread:
    """Where the code of one request runs: as ``ASGI_SYNC`` has it."""
    kind = app.config["ASGI_SYNC"]
    if kind == "inline":
        # The application's own way to call its functions would block the event loop, or fail there.
        return Inline(app, loop) if replaced(app).isdisjoint(OF_CALLING) else OnThread(app, loop)
    if kind == "thread":
        return OnThread(app, loop)
    raise ValueError(
        f"The configuration ASGI_SYNC is {kind!r}. It must be 'thread', for sync code on a thread of its own, or"
        " 'inline', for all code on the event loop."
    )


class _OfLoop:
    """What knows the event loop that a request came by."""

    def __init__(self, app: Flask, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self.loop = loop

    def is_here(self) -> bool:
        """Whether who asks is called by that loop, and not on a thread."""
        return asyncio._get_running_loop() is self.loop


class Inline(_OfLoop):
    """All code of the user's runs on the event loop: with ``ASGI_SYNC="inline"``."""

    def call(self, function: Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Call user code: gives its result, or the coroutine to await for it."""
        try:
            return function(*args, **kwargs)
        except StopIteration as stop:
            raise StopIterationError(stop) from None

    async def run(self, function: Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Call sync code."""
        return self.call(function, *args, **kwargs)

    def let_go(self) -> None:
        """Nothing is held."""

    def fresh(self) -> Inline:
        """Another one, for code that may outlive the request."""
        return Inline(self._app, self.loop)


class OnThread(_OfLoop):
    """Async code runs on the event loop; all sync code of the request runs on one thread, which is the request's own
    meanwhile: what is bound to a thread, as a connection to SQLite, can be used throughout.

    Context variables that are set there are set here after, and the other way round.
    """

    _worker: Worker | None = None
    _context: Context | None = None
    _lets_turn = False

    def call(self, function: Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Call user code: gives its result, or the coroutine to await for it."""
        if is_async(function):
            return function(*args, **kwargs)
        return self.run(function, *args, **kwargs)

    async def run(self, function: Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Call sync code, on the thread. A coroutine that it returns runs on the event loop: it is an async view's,
        from a decorator that calls any view plainly.
        """
        if self._worker is None:
            self._worker = await self._app._workers.take(self._app.config["ASGI_THREADS"])
        context, here = self._context, copy_context()
        if context is None:
            # The request keeps it, so that a token from one call can reset a variable in another one.
            context = self._context = here
        else:
            context.run(carry, here)
        # The request's first call needs no turn of the loop. If none did, a stream would keep it from all else.
        lets_turn, self._lets_turn = self._lets_turn, True
        try:
            rv = await self._worker.call(context, function, args, kwargs, lets_turn=lets_turn)
        finally:
            carry(context)
        return await rv if rv.__class__ is CoroutineType else rv

    def let_go(self) -> None:
        """Let others have the thread. The next sync code may run on another one."""
        worker = self._worker
        if worker is not None:
            self._worker = self._context = None
            self._app._workers.give_back(worker)

    def fresh(self) -> OnThread:
        """Another one, for code that may outlive the request."""
        return OnThread(self._app, self.loop)


def stays_on_loop(app: Flask, ctx: RequestContext) -> bool:
    """Whether the steps of a request run on the event loop, because one of them is async, or none is sync. Else they
    run on the thread, as a whole.
    """
    if not ctx.replaced.isdisjoint(OF_CALLING):
        return False  # the application's own way to call its functions knows of sync calls only
    found_sync = bool(ctx.replaced)
    for function in _functions(app, ctx):
        if is_async(function):
            return True
        found_sync = True
    return not found_sync


def _functions(app: Flask, ctx: RequestContext) -> Iterator[t.Any]:
    """The user's functions that a request will call, if nothing fails."""
    view = view_behind(app, ctx)
    if view is not None:
        yield view
    registries: tuple[dict[t.Any, list[t.Any]], ...] = (
        app.url_value_preprocessors,
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
    )
    for functions in registries:
        if functions:
            for found in inwards(functions, ctx.request):
                yield from found
    yield from app.teardown_appcontext_funcs


def view_behind(app: Flask, ctx: RequestContext) -> t.Any:
    """What the user wrote as the view of a request, if one answers it: for a view made of a class, the method of that
    class.
    """
    request = ctx.request
    rule = request.url_rule
    if request.routing_exception is not None or rule is None or (not ctx.asks_for_view and answers_options(request)):
        return None
    view = app.view_functions.get(rule.endpoint)
    cls: t.Any = getattr(view, "view_class", None)
    if cls is None or not places_its_calls(view):
        return view  # no class, or decorated: then the decorator's function is called
    if not places_its_calls(cls.dispatch_request):
        return cls.dispatch_request
    method: str = request.environ.get("REQUEST_METHOD", "")
    return getattr(cls, method.lower(), None) or getattr(cls, "get", view)
