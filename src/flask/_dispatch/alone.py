"""The short way of a request in which nobody takes part but its view.

Of the steps only the view is left then, and of what it returns only the sending: of a text or JSON without a response.
Before the view and after it the short way asks whether that is so; from wherever it is not, or something fails, the
steps go on.
"""

from __future__ import annotations

import typing as t
from types import CoroutineType

from .._activation import current
from .._awaiting import call_here, resumed, wait
from .._request_context import begin_as_ours
from .._stages import replaced
from ..json.provider import body_of
from ..sessions import opens_unnoticed
from ..signals import (
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    request_finished,
    request_started,
    request_tearing_down,
)
from ..wrappers import Response, content_type_if_usual
from . import steps

if t.TYPE_CHECKING:
    from ..app import Flask
    from ..ctx import RequestContext

#: What a view may return of which no response is made.
_WHOLE: t.Final[frozenset[type]] = frozenset({str, dict, list})


def is_plain(app: Flask) -> bool:
    """Whether nobody takes part in a request of the application but its hooks and its view."""
    return not (
        app._first_request_pending
        or app._kept_contexts
        or request_started.receivers
        or request_finished.receivers
        or request_tearing_down.receivers
        or appcontext_pushed.receivers
        or appcontext_popped.receivers
        or appcontext_tearing_down.receivers
        or current() is not None
        or not begin_as_ours(app)
        or not opens_unnoticed(app.session_interface)
        or replaced(app)
    )


def is_view_alone(app: Flask) -> bool:
    """Whether there are no hooks either."""
    return not (
        app.before_request_funcs
        or app.after_request_funcs
        or app.teardown_request_funcs
        or app.teardown_appcontext_funcs
        or app.url_value_preprocessors
    )


def respond(
    app: Flask,
    ctx: RequestContext,
    view: steps.Call,
    start_response: t.Any,
    call: steps.Call,
    exchange: steps.Exchange | None = None,
) -> t.Any:
    """Handle a request whose context was entered as plain, and whose view was found: see :func:`.steps.respond`.

    :return: the body, or a coroutine to await for it.
    """
    try:
        # Either the view belongs here, or it is run to its end here.
        values = ctx.request.view_args
        rv = view(**values) if values else view()
        if rv.__class__ is CoroutineType:
            if call is call_here:
                rv = wait(rv)
            else:
                try:
                    waiting = rv.send(None)
                except StopIteration as stop:  # it did not wait for anything
                    rv = stop.value
                else:
                    return _respond_later(app, ctx, resumed(rv, waiting), start_response, call, exchange)
    except BaseException as error:
        ctx.outcome = None, error
        return steps.respond(app, ctx, start_response, call, exchange)
    return _send(app, ctx, rv, start_response, call, exchange)


async def _respond_later(
    app: Flask,
    ctx: RequestContext,
    rv: t.Awaitable[t.Any],
    start_response: t.Any,
    call: steps.Call,
    exchange: steps.Exchange | None,
) -> t.Any:
    """The same from where the view waits for something."""
    try:
        rv = await rv
    except BaseException as error:
        ctx.outcome = None, error
        return await steps.respond(app, ctx, start_response, call, exchange)
    body = _send(app, ctx, rv, start_response, call, exchange)
    return await body if body.__class__ is CoroutineType else body


def _send(
    app: Flask, ctx: RequestContext, rv: t.Any, start_response: t.Any, call: steps.Call, exchange: steps.Exchange | None
) -> t.Any:
    """Send what the view returned: gives the body, or a coroutine to await for it."""
    whole = None
    try:
        if rv.__class__ not in _WHOLE or ctx.brings_session or ctx._session is not None:
            response = _finished(app, ctx, rv)
            if response is not None:
                return _send_response(app, ctx, response, start_response, call, exchange)
        else:
            whole = _whole(app, ctx, rv)
    except BaseException as error:
        ctx.failure = error
    if whole is None:
        return steps.respond(app, ctx, start_response, call, exchange)
    body, content_type = whole
    if exchange is not None:
        body = exchange.take_whole(body, content_type)
    else:
        try:
            start_response("200 OK", [content_type, ("Content-Length", str(len(body)))])
        except BaseException as error:
            return _fail(app, ctx, error, call, exchange)
    return [body] if ctx.ends_at_once() else _end(app, ctx, [body], call)


def _finished(app: Flask, ctx: RequestContext, rv: t.Any) -> Response | None:
    """The response of what the view returned, with the session saved. None if others have to do with it: then it is
    noted as the outcome of the view.
    """
    ctx.request._refuses = False
    response = app.make_response(rv)
    if (
        ctx._after_request_functions
        or app.after_request_funcs
        or request_finished.receivers
        or not opens_unnoticed(app.session_interface)
        or not isinstance(response, Response)
        or replaced(app)
    ):
        ctx.outcome = response, None  # what was made is not to be made again
        return None
    session = steps.session_to_save(app, ctx)
    if session is not None:
        app.session_interface.save_session(app, session, response)
    return response


def _send_response(
    app: Flask,
    ctx: RequestContext,
    response: Response,
    start_response: t.Any,
    call: steps.Call,
    exchange: steps.Exchange | None,
) -> t.Any:
    """Send a response: gives the body, or a coroutine to await for it."""
    try:
        if exchange is None:
            body = response(ctx.request.environ, start_response)
        else:
            body = exchange.take(response, call)
            exchange.end()
    except BaseException as error:
        return _fail(app, ctx, error, call, exchange)
    if not ctx.ends_at_once():
        return _end(app, ctx, body, call)
    return body if exchange is None or exchange.start is not None else _given(body)


async def _given(body: t.Iterable[bytes]) -> t.Iterable[bytes]:
    return body


async def _end(app: Flask, ctx: RequestContext, body: t.Iterable[bytes], call: steps.Call) -> t.Iterable[bytes]:
    await steps.end(app, ctx, None, call)
    return body


async def _fail(
    app: Flask, ctx: RequestContext, error: BaseException, call: steps.Call, exchange: steps.Exchange | None
) -> t.NoReturn:
    """Let go of the context after the response could not be sent."""
    try:
        if exchange is not None:
            exchange.end()
        await ctx.close_streams(call)
        await steps.end(app, ctx, error, call)
        raise error
    finally:
        del error  # its traceback has this frame, and would keep the request alive


def _whole(app: Flask, ctx: RequestContext, rv: t.Any) -> tuple[bytes, tuple[str, str]] | None:
    """The body, and the header for its type, of a text or of JSON that is sent as it is. If others have to do with it
    None, and the outcome of the view is noted.
    """
    written = mimetype = None
    if rv.__class__ is str:
        body = rv.encode("utf-8", "replace")
    else:
        ctx.request._refuses = False
        written = body_of(app.json, rv)
        if written is None:
            ctx.outcome = rv, None
            return None
        body, mimetype = written
    # Asked when the JSON is there, since code of the user's writes what JSON has no form for.
    if not (
        ctx._session is not None
        or ctx.brings_session
        or ctx._after_request_functions
        or app.after_request_funcs
        or request_finished.receivers
    ):
        content_type = content_type_if_usual(app.response_class, mimetype)
        if content_type is not None:
            return body, content_type
    # What was written is not to be written again.
    ctx.outcome = rv if written is None else app.response_class(body, mimetype=mimetype), None
    return None
