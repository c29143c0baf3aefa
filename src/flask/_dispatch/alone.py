"""The short way of a request in which nobody takes part but its view.

Of the steps only the view is left then, and of a text that it returns only the sending. Before the view and after it
the short way asks whether that is so; from wherever it is not, or something fails, the steps go on.
"""

from __future__ import annotations

import typing as t
from types import CoroutineType

from .._activation import active
from .._stages import replaced
from ..ctx import begins_as_ours
from ..sessions import opens_unnoticed
from ..signals import (
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    request_finished,
    request_started,
    request_tearing_down,
)
from ..wrappers import content_type_of_text
from . import steps

if t.TYPE_CHECKING:
    from ..app import Flask
    from ..ctx import RequestContext


def is_view_alone(app: Flask) -> bool:
    """Whether nobody takes part in a request of the application but its view."""
    return not (
        app.before_request_funcs
        or app.after_request_funcs
        or app.teardown_request_funcs
        or app.teardown_appcontext_funcs
        or app.url_value_preprocessors
        or app._first_request_pending
        or app._kept_contexts
        or request_started.receivers
        or request_finished.receivers
        or request_tearing_down.receivers
        or appcontext_pushed.receivers
        or appcontext_popped.receivers
        or appcontext_tearing_down.receivers
        or active.get() is not None
        or not begins_as_ours()
        or not opens_unnoticed(app.session_interface)
        or replaced(app)
    )


async def respond(
    app: Flask,
    ctx: RequestContext,
    view: steps.Call,
    start_response: t.Any,
    call: steps.Call,
    exchange: steps.Exchange | None = None,
) -> t.Any:
    """Handle a request whose context was entered alone, and whose view was found: see :func:`.steps.respond`."""
    content_type = None
    try:
        rv = call(view, **ctx.request.view_args)  # type: ignore[arg-type]  # a rule comes with values
        if rv.__class__ is CoroutineType:
            rv = await rv
    except BaseException as error:
        ctx.outcome = None, error
    else:
        if rv.__class__ is str and not steps.is_response_of_interest(app, ctx):
            content_type = content_type_of_text(app.response_class)
        if content_type is None:
            ctx.outcome = rv, None
    if content_type is None:
        return await steps.respond(app, ctx, start_response, call, exchange)
    body = [rv.encode("utf-8", "replace")]
    headers = [content_type, ("Content-Length", str(len(body[0])))]
    if exchange is not None:
        exchange.take_text(headers)
        exchange.end()
    else:
        try:
            start_response("200 OK", headers)
        except BaseException as error:
            await ctx.close_streams(call)
            await steps.end(app, ctx, error, call)
            raise
    if not ctx.ends_at_once():
        await steps.end(app, ctx, None, call)
    return body
