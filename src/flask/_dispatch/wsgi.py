"""The driver for WSGI: from the environment to the body."""

from __future__ import annotations

import typing as t
from types import CoroutineType

from .._awaiting import call_here, complete
from .._routing import find_rule_at_once
from .._shortcuts import TAKEN
from ..ctx import RequestContext
from . import alone, asking, proxies, steps

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from werkzeug.routing import Rule

    from ..app import Flask


def serve(app: Flask, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Handle one request of a WSGI server."""
    if app.config["TRUSTED_PROXIES"]:
        proxies.apply(app, environ)
    asks_for_view = TAKEN and asking.is_for_view(environ)
    brings_session = not TAKEN or asking.brings_session(app, environ.get("HTTP_COOKIE"))
    if asks_for_view and alone.is_plain(app):
        request = app.request_class(environ)
        request._app = app
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if path.isascii() and "HTTP_UPGRADE" not in environ:
            find_rule_at_once(app, request, path, method, environ.get("HTTP_HOST"))
        ctx = RequestContext.entered_plain(app, request, None, brings_session)
        rule = request.url_rule
        if rule is None and request.routing_exception is None:
            rule = _matched(ctx)
        view = app.view_functions.get(rule.endpoint) if rule is not None else None
        if view is not None and alone.is_view_alone(app):
            body = alone.respond(app, ctx, view, start_response, call_here)
            if body.__class__ is CoroutineType:
                body = complete(body)
            return body if method != "HEAD" or body.__class__ is not list else []
    else:
        ctx = app.request_context(environ)
        ctx.asks_for_view, ctx.brings_session = asks_for_view, brings_session
        # What goes wrong when a request begins is answered like all else; a subclass's own push begins it by itself.
        if type(ctx).push is _push:
            ctx.enter()
        else:
            ctx.push()
    return complete(steps.respond(app, ctx, start_response, ctx.call))


def _matched(ctx: RequestContext) -> Rule | None:
    """The rule of a request, found while its context is active."""
    try:
        ctx.match_request()
    except Exception as error:
        ctx.failure = error
    except BaseException as error:
        ctx.pop(error)
        raise
    return ctx.request.url_rule


#: The method as it is defined there, whatever takes its place on the class later.
_push: t.Final = RequestContext.push
