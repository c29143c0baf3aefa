"""The driver for WSGI: from the environment to the body, and the end of the request's context."""

from __future__ import annotations

import typing as t

from ..ctx import RequestContext

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from ..app import Flask

#: Where Werkzeug's debugger and test client leave a function that takes contexts they want to enter later.
PRESERVE = "werkzeug.debug.preserve_context"


def serve(app: Flask, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Handle one request of a WSGI server."""
    ctx = app.request_context(environ)
    error: BaseException | None = None
    # What goes wrong when a request begins is answered like all else; a subclass's own push begins it by itself.
    pushes_its_own_way = type(ctx).push is not RequestContext.push
    (ctx.push if pushes_its_own_way else ctx.enter)()
    try:
        try:
            if not pushes_its_own_way:
                ctx.begin()
            response = app.full_dispatch_request()
        except Exception as raised:
            error = raised
            response = app.handle_exception(raised)
        return response(environ, start_response)
    except BaseException as raised:
        if error is None:  # else a handler failed, and the teardown is told what it was to handle
            error = raised
        ctx.close_streams()
        raise
    finally:
        try:
            _end(app, ctx, environ, error)
        finally:
            del error  # its traceback has this frame, and would keep the request alive


def _end(app: Flask, ctx: RequestContext, environ: WSGIEnvironment, error: BaseException | None) -> None:
    """Let go of the context, before the body is sent."""
    try:
        if PRESERVE in environ:
            environ[PRESERVE](ctx.app_context)
            environ[PRESERVE](ctx)
        if error is not None and app.should_ignore_error(error):
            error = None
    finally:
        ctx.auto_pop(error)
