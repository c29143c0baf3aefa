"""The steps of a request, in their order. The package's docstring tells how they work."""

from __future__ import annotations

import typing as t
from types import CoroutineType

from werkzeug.exceptions import InternalServerError

from .. import eras
from .._failures import raise_together
from ..sessions import open_session
from ..signals import (
    appcontext_tearing_down,
    got_request_exception,
    request_finished,
    request_started,
    request_tearing_down,
)
from . import errors, stages

if t.TYPE_CHECKING:
    from .. import typing as ft
    from ..app import Flask
    from ..ctx import RequestContext
    from ..wrappers import Response


async def full_dispatch_request(app: Flask, ctx: RequestContext) -> Response:
    """Handle a request, with all that belongs before and after it, and every exception that has a handler."""
    replaced = stages.replaced(app)
    try:
        if app._first_request_pending:
            app.try_trigger_before_first_request_functions()
        if request_started.receivers:
            request_started.send(app, _async_wrapper=app.ensure_sync)
        rv: t.Any = None
        if "preprocess_request" in replaced:
            rv = ctx.call(app.preprocess_request)
            if rv.__class__ is CoroutineType:
                rv = await rv
        elif app.before_request_funcs or app.url_value_preprocessors:
            rv = await preprocess_request(app, ctx)
        if rv is None:
            if "dispatch_request" in replaced:
                rv = ctx.call(app.dispatch_request)
                if rv.__class__ is CoroutineType:
                    rv = await rv
            else:
                rv = await dispatch_request(app, ctx)
    except Exception as error:
        rv = await errors.handle_by(app, ctx, "handle_user_exception", replaced, errors.as_raised(error))
    try:
        if "finalize_request" in replaced:
            response = ctx.call(app.finalize_request, rv)
            return t.cast("Response", await response if response.__class__ is CoroutineType else response)
        return await finalize_request(app, ctx, rv, replaced=replaced)
    finally:
        del rv  # an exception that is its own answer: its traceback has this frame, and would keep the request alive


async def handle_exception(app: Flask, ctx: RequestContext, error: Exception) -> Response:
    """Answer an exception that nobody handled: raise it again for a debugger or a test, else log it and answer by
    500.
    """
    ctx.close_streams()
    if got_request_exception.receivers:
        got_request_exception.send(app, _async_wrapper=app.ensure_sync, exception=error)
    if app.propagate_exceptions:
        raise error
    app.log_exception((type(error), error, error.__traceback__))
    answer: t.Any = InternalServerError(original_exception=error)
    handler = app._find_error_handler(answer, ctx.request.blueprints)
    if handler is not None:
        answer = ctx.call(handler, error if eras.is_old("handler_500_gets_original") else answer)
        if answer.__class__ is CoroutineType:
            answer = await answer
    if "finalize_request" in stages.replaced(app):
        answer = ctx.call(app.finalize_request, answer, from_error_handler=True)
        return t.cast("Response", await answer if answer.__class__ is CoroutineType else answer)
    return await finalize_request(app, ctx, answer, from_error_handler=True)


async def preprocess_request(app: Flask, ctx: RequestContext) -> ft.ResponseReturnValue | None:
    """Let the URL value preprocessors at the values from the URL, then call the before hooks until one answers."""
    request = ctx.request
    names = (None, *reversed(request.blueprints))
    preprocessors = app.url_value_preprocessors
    if preprocessors:
        for name in names:
            for preprocessor in preprocessors.get(name, ()):
                rv = ctx.call(preprocessor, request.endpoint, request.view_args)
                if rv.__class__ is CoroutineType:
                    await rv
    hooks = app.before_request_funcs
    if hooks:
        for name in names:
            for hook in hooks.get(name, ()):
                rv = ctx.call(hook)
                if rv.__class__ is CoroutineType:
                    rv = await rv
                if rv is not None:
                    return t.cast("ft.ResponseReturnValue", rv)
    return None


async def dispatch_request(app: Flask, ctx: RequestContext) -> t.Any:
    """Call the view that the URL matched, and return what it returned; or raise the routing's error."""
    request = ctx.request
    if request.routing_exception is not None:
        app.raise_routing_exception(request)
    rule = request.url_rule
    assert rule is not None  # a request that matched nothing has an exception
    # As for the routing, the method is what the server handed over, whatever a request class makes of it.
    method = request.environ.get("REQUEST_METHOD", "")
    if method.upper() == "OPTIONS" and getattr(rule, "provide_automatic_options", False):
        return app.make_default_options_response()
    view = app.view_functions.get(rule.endpoint)
    if view is None:
        raise KeyError(
            f"The endpoint {rule.endpoint!r} of the URL rule {rule.rule!r} has no view function."
            " Register one with @app.endpoint(...), or pass view_func to add_url_rule()."
        )
    rv = ctx.call(view, **(request.view_args or {}))
    return await rv if rv.__class__ is CoroutineType else rv


async def finalize_request(
    app: Flask,
    ctx: RequestContext,
    rv: t.Any,
    from_error_handler: bool = False,
    replaced: frozenset[str] | None = None,
) -> Response:
    """Make the response of what a view, hook or handler returned, and let the after hooks and the session at it."""
    response = app.make_response(rv)
    try:
        if "process_response" in (stages.replaced(app) if replaced is None else replaced):
            result = ctx.call(app.process_response, response)
            response = await result if result.__class__ is CoroutineType else result
        elif (
            app.after_request_funcs
            or ctx._after_request_functions
            or ctx._session is not None
            or "HTTP_COOKIE" in ctx.request.environ
        ):
            response = await process_response(app, ctx, response)
        if request_finished.receivers:
            request_finished.send(app, _async_wrapper=app.ensure_sync, response=response)
    except Exception:
        if not from_error_handler:
            raise
        app.logger.exception("An error happened in the after hooks or the session while another error was answered.")
    return response


async def process_response(app: Flask, ctx: RequestContext, response: Response) -> Response:
    """Call the after hooks, those of the innermost blueprint first, and save the session."""
    rv: t.Any = response
    for hook in ctx._after_request_functions:
        rv = ctx.call(hook, rv)
        if rv.__class__ is CoroutineType:
            rv = await rv
        if rv is None:
            raise _no_response_from(hook)
    hooks = app.after_request_funcs
    if hooks:
        for name in (*ctx.request.blueprints, None):
            for hook in reversed(hooks.get(name, ())):
                rv = ctx.call(hook, rv)
                if rv.__class__ is CoroutineType:
                    rv = await rv
                if rv is None:
                    raise _no_response_from(hook)
    response = rv
    session = ctx._session
    if session is None and _may_refresh_session(app, ctx):
        session = ctx._session = open_session(app, ctx.request)
    if session is not None and not app.session_interface.is_null_session(session):
        result = ctx.call(app.save_session, session, response)
        if result.__class__ is CoroutineType:
            await result
    return response


def _no_response_from(hook: t.Any) -> TypeError:
    name = getattr(hook, "__name__", hook)
    return TypeError(f"The after hook {name!r} returned None. It must return the response that it got, or another.")


def _may_refresh_session(app: Flask, ctx: RequestContext) -> bool:
    """Whether a session that nobody looked at may have to be sent again, because it is permanent and refreshed each
    time.
    """
    cookies = ctx.request.environ.get("HTTP_COOKIE")
    if not cookies or not app.config["SESSION_REFRESH_EACH_REQUEST"]:
        return False
    return app.session_interface.get_cookie_name(app) in cookies


async def do_teardown_request(app: Flask, ctx: RequestContext, exc: BaseException | None) -> None:
    """Call the teardown functions of the request, those of the innermost blueprint first; all run, though one may
    raise.
    """
    failures: list[BaseException] = []
    functions = app.teardown_request_funcs
    if functions:
        for name in (*ctx.request.blueprints, None):
            await _tear_down(ctx.call, functions.get(name, ()), exc, failures)
    if request_tearing_down.receivers:
        try:
            request_tearing_down.send(app, _async_wrapper=app.ensure_sync, exc=exc)
        except BaseException as error:
            failures.append(error)
    raise_together("the teardown of a request", failures)


async def do_teardown_appcontext(app: Flask, call: t.Callable[..., t.Any], exc: BaseException | None) -> None:
    """Call the teardown functions of the application context; all run, though one may raise."""
    failures: list[BaseException] = []
    await _tear_down(call, app.teardown_appcontext_funcs, exc, failures)
    if appcontext_tearing_down.receivers:
        try:
            appcontext_tearing_down.send(app, _async_wrapper=app.ensure_sync, exc=exc)
        except BaseException as error:
            failures.append(error)
    raise_together("the teardown of an application context", failures)


async def _tear_down(
    call: t.Callable[..., t.Any],
    functions: t.Sequence[t.Any],
    exc: BaseException | None,
    failures: list[BaseException],
) -> None:
    for function in reversed(functions):
        try:
            rv = call(function, exc)
            if rv.__class__ is CoroutineType:
                await rv
        except BaseException as error:
            failures.append(error)
