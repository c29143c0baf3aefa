"""What becomes of an exception: which handler answers it, and what happens if none does."""

from __future__ import annotations

import typing as t
from types import CoroutineType

from werkzeug.exceptions import BadRequestKeyError, HTTPException
from werkzeug.routing import RoutingException

from .._failures import StopIterationError

if t.TYPE_CHECKING:
    from ..app import Flask
    from ..ctx import RequestContext

Call = t.Callable[..., t.Any]


def as_raised(error: Exception) -> Exception:
    """The exception that user code raised, without what carries it."""
    return error.stop if isinstance(error, StopIterationError) else error


def as_carried(error: Exception) -> Exception:
    """What to raise in a step, to raise an exception of user code again."""
    return StopIterationError(error) if isinstance(error, StopIteration) else error


def handle_by(
    app: Flask, ctx: RequestContext, stage: str, error: Exception, call: Call
) -> t.Coroutine[t.Any, t.Any, t.Any]:
    """Hand an exception to a stage: the user's, or ours."""
    if stage in ctx.replaced:
        return _handle_by_method(getattr(app, stage), error, call)
    return _STEPS[stage](app, ctx, error, call)


async def _handle_by_method(method: Call, error: Exception, call: Call) -> t.Any:
    try:
        rv = call(method, error)
        return await rv if rv.__class__ is CoroutineType else rv
    finally:
        del error  # where it is raised again, its traceback has this frame, and would keep the request alive


async def handle_user_exception(app: Flask, ctx: RequestContext, error: Exception, call: Call) -> t.Any:
    """Answer an exception of the request's own code by its handler; raise it again if there is none."""
    if isinstance(error, BadRequestKeyError) and (app.debug or app.config["TRAP_BAD_REQUEST_ERRORS"]):
        error.show_exception = True
    if isinstance(error, HTTPException) and not app.trap_http_exception(error):
        return await handle_by(app, ctx, "handle_http_exception", error, call)
    handler = app._find_error_handler(error, ctx.request.blueprints)
    try:
        if handler is None:
            raise as_carried(error)
        rv = call(handler, error)
        return await rv if rv.__class__ is CoroutineType else rv
    finally:
        del error  # as above


async def handle_http_exception(app: Flask, ctx: RequestContext, error: HTTPException, call: Call) -> t.Any:
    """Answer an HTTP exception by its handler, or by itself."""
    # A response in the disguise of an exception has no code; a redirect of the routing is no error.
    if error.code is None or isinstance(error, RoutingException):
        return error
    handler = app._find_error_handler(error, ctx.request.blueprints)
    if handler is None:
        return error
    rv = call(handler, error)
    return await rv if rv.__class__ is CoroutineType else rv


_STEPS: dict[str, t.Callable[..., t.Coroutine[t.Any, t.Any, t.Any]]] = {
    "handle_user_exception": handle_user_exception,
    "handle_http_exception": handle_http_exception,
}
