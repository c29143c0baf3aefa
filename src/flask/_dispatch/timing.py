"""The header ``Server-Timing``: how long the parts of a request took.

Where the configuration wants it when the first request comes, three stages of the application are replaced on the
instance, as a program could do it, by ones that note the time and go on as before. An application that does not want it
is asked nothing at any other request.
"""

from __future__ import annotations

import typing as t
from time import perf_counter
from types import CoroutineType, MethodType

from .. import _activation
from .._awaiting import begun, complete, places_calls
from .._stages import is_ours_in, replaced
from . import steps

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..app import Flask
    from ..ctx import RequestContext

Call = t.Callable[..., t.Any]


class Timing:
    """How long the parts of one request took so far."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self._durations: dict[str, float] = {}
        self._view_began: float | None = None

    def note(self, part: str, since: float, until: float | None = None) -> None:
        """Note that a part took the time from one moment to another, by default to now."""
        duration = (perf_counter() if until is None else until) - since
        self._durations[part] = self._durations.get(part, 0.0) + duration

    def begin_view(self) -> None:
        """Note that nothing has answered before the view."""
        self._view_began = perf_counter()

    def end_view(self) -> None:
        """Note that there is a response, made of what the view returned, or of what it raised."""
        if self._view_began is not None:
            self.note("view", self._view_began)
            self._view_began = None

    def header(self) -> str:
        """The value of the header, with the time from the beginning to now."""
        durations = {**self._durations, "total": perf_counter() - self._began}
        return ", ".join(f"{part};dur={seconds * 1000:.3f}" for part, seconds in durations.items())


def begin(app: Flask) -> None:
    """Time the requests of an application from now on, and of the active one what is left of it."""
    if not app._is_timed:
        app._is_timed = True
        app.request_context = MethodType(_context_maker(app), app)  # type: ignore[method-assign]
        for name, step in _STEPS.items():
            setattr(app, name, MethodType(_timed(name, step, vars(app).get(name)), app))
    ctx = _activation.request_context()
    if ctx is not None:
        ctx.replaced = replaced(app)


def _context_maker(app: Flask) -> Call:
    """What makes the contexts of requests, each of which notes how long its URL rule is looked for."""
    own = vars(app).get("request_context")

    def request_context(app: Flask, environ: WSGIEnvironment) -> RequestContext:
        timing = Timing()
        ctx: RequestContext = own(environ) if own is not None else type(app).request_context(app, environ)
        ctx._timing = timing
        match_request = ctx.match_request

        def match_in_time() -> None:
            vars(ctx).pop("match_request", None)  # it has the context, and would keep it alive
            since = perf_counter()
            try:
                match_request()
            finally:
                timing.note("routing", since)

        # On the instance: a class of ours with a method of its own would be taken for the program's, and not for one
        # that may be called on an event loop.
        vars(ctx)["match_request"] = match_in_time
        return ctx

    return request_context


def _timed(name: str, step: Call, own: Call | None) -> Call:
    """A stage that notes its time.

    :param own: what the program has put on the instance in its place.
    """

    @places_calls
    def stage(app: Flask, *args: t.Any) -> t.Any:
        replacing = own
        if replacing is None and not is_ours_in(type(app), name):
            replacing = MethodType(getattr(type(app), name), app)
        ctx = _activation.request_context()
        if ctx is None:
            return (replacing or MethodType(getattr(type(app), name), app))(*args)
        if ctx._timing is None:
            ctx._timing = Timing()
        placement = ctx.placement
        if placement is not None and placement.is_here():
            # Begun at once: a stage of the program's own that calls this plainly has no use for a coroutine.
            return begun(step(app, ctx, ctx._timing, replacing, placement.call, *args))
        return complete(step(app, ctx, ctx._timing, replacing, ctx.call, *args))

    return stage


async def _preprocess_request(
    app: Flask, ctx: RequestContext, timing: Timing, replacing: Call | None, call: Call
) -> t.Any:
    since = perf_counter()
    try:
        if replacing is None:
            rv = await steps.preprocess_request(app, ctx, call)
        else:
            rv = call(replacing)
            if rv.__class__ is CoroutineType:
                rv = await rv
    finally:
        timing.note("before", since)
    if rv is None:
        timing.begin_view()
    return rv


async def _process_response(
    app: Flask, ctx: RequestContext, timing: Timing, replacing: Call | None, call: Call, response: t.Any
) -> t.Any:
    timing.end_view()
    hooks = _Hooks(app, call)
    try:
        if replacing is None:
            response = await steps.process_response(app, ctx, response, hooks.call)
        else:
            response = hooks.call(replacing, response)
            if response.__class__ is CoroutineType:
                response = await response
    finally:
        timing.note("after", hooks.began, hooks.ended)
        if ctx._session is not None:
            timing.note("session", hooks.ended)
    headers = getattr(response, "headers", None)
    if headers is not None:
        headers.add("Server-Timing", timing.header())
    return response


class _Hooks:
    """Calls after hooks, and knows when the last one ended: after that comes the session."""

    def __init__(self, app: Flask, call: Call) -> None:
        self._app, self._call = app, call
        self.began = self.ended = perf_counter()

    def call(self, function: Call, *args: t.Any) -> t.Any:
        """Call user code: gives its result, or the coroutine to await for it."""
        rv = self._call(function, *args)
        if function == self._app.save_session:
            return rv
        if rv.__class__ is CoroutineType:
            return self._awaited(rv)
        self.ended = perf_counter()
        return rv

    async def _awaited(self, rv: t.Any) -> t.Any:
        result = await rv
        self.ended = perf_counter()
        return result


_STEPS: t.Final[dict[str, Call]] = {
    "preprocess_request": _preprocess_request,
    "process_response": _process_response,
}
