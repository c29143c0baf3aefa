"""The end of a context: the functions that were registered for it, and the signals that tell of it."""

from __future__ import annotations

import typing as t
from types import CoroutineType

from ._awaiting import call_here, wait
from ._failures import StopIterationError, raise_together
from ._hooks import outwards
from .signals import announce, appcontext_tearing_down, request_tearing_down

if t.TYPE_CHECKING:
    from blinker import NamedSignal

    from ._request_context import RequestContextLife
    from .app import Flask

Call = t.Callable[..., t.Any]


def is_request_of_interest(app: Flask) -> bool:
    """Whether the end of a request concerns anybody."""
    return bool(app.teardown_request_funcs or request_tearing_down.receivers)


def is_app_context_of_interest(app: Flask) -> bool:
    """Whether the end of an application context concerns anybody."""
    return bool(app.teardown_appcontext_funcs or appcontext_tearing_down.receivers)


def of_request(
    app: Flask, ctx: RequestContextLife, call: Call, exc: BaseException | None
) -> t.Coroutine[t.Any, t.Any, None]:
    """Call the teardown functions of the request, those of the innermost blueprint first; all run, though one may
    raise.
    """
    registry = app.teardown_request_funcs
    functions = outwards(registry, ctx.request) if registry else ()
    return _run(app, call, exc, functions, request_tearing_down, "the teardown of a request")


def of_app_context(app: Flask, call: Call, exc: BaseException | None) -> t.Coroutine[t.Any, t.Any, None]:
    """Call the teardown functions of the application context; all run, though one may raise."""
    functions = (app.teardown_appcontext_funcs,)
    return _run(app, call, exc, functions, appcontext_tearing_down, "the teardown of an application context")


async def _run(
    app: Flask,
    call: Call,
    exc: BaseException | None,
    registered: t.Iterable[t.Sequence[t.Any]],
    signal: NamedSignal,
    where: str,
) -> None:
    failures: list[BaseException] = []
    is_here = call is call_here  # PERF: as for the other hooks
    for functions in registered:
        for function in reversed(functions):
            try:
                rv = function(exc) if is_here else call(function, exc)
                if rv.__class__ is CoroutineType:
                    wait(rv) if is_here else await rv
            except StopIteration as stop:
                failures.append(StopIterationError(stop))
            except BaseException as error:
                failures.append(error)
    if signal.receivers:
        try:
            await announce(signal, app, call, exc=exc)
        except BaseException as error:
            failures.append(error)
    if failures:
        raise_together(where, failures)
