"""The driver for WSGI: from the environment to the body."""

from __future__ import annotations

import typing as t
from types import CoroutineType

from .._awaiting import call_here, complete
from .._shortcuts import TAKEN
from ..ctx import RequestContext
from . import alone, asking, proxies, steps

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from ..app import Flask


def serve(app: Flask, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Handle one request of a WSGI server."""
    if app.config["TRUSTED_PROXIES"]:
        proxies.apply(app, environ)
    asks_for_view = TAKEN and asking.is_for_view(app, environ)
    if asks_for_view and alone.is_plain(app):
        request = app.request_class(environ)
        request._app = app
        ctx = RequestContext.entered_plain(app, request, None)
        try:
            ctx.match_request()
        except Exception as error:
            ctx.failure = error
        except BaseException as error:
            ctx.pop(error)
            raise
        rule = request.url_rule
        view = app.view_functions.get(rule.endpoint) if rule is not None else None
        if view is not None and environ["REQUEST_METHOD"] != "HEAD" and alone.is_view_alone(app):
            body = alone.respond(app, ctx, view, start_response, call_here)
            return complete(body) if body.__class__ is CoroutineType else body
    else:
        ctx = app.request_context(environ)
        ctx.asks_for_view = asks_for_view
        # What goes wrong when a request begins is answered like all else; a subclass's own push begins it by itself.
        if type(ctx).push is _push:
            ctx.enter()
        else:
            ctx.push()
    return complete(steps.respond(app, ctx, start_response, ctx.call))


#: The method as it is defined there, whatever takes its place on the class later.
_push: t.Final = RequestContext.push
