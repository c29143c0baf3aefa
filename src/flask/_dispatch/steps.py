"""The steps of a request, in their order. The package's docstring tells how they work."""

from __future__ import annotations

import typing as t
from types import CoroutineType, FunctionType

from werkzeug.exceptions import InternalServerError

from .. import eras
from .._activation import is_last
from .._awaiting import call_here, wait
from .._cookies import cookie_header
from .._failures import StopIterationError
from .._hooks import inwards, outwards
from .._request_context import PRESERVE
from .._shortcuts import TAKEN
from .._stages import OF_SESSIONS
from ..sessions import open_session, opens_unnoticed
from ..signals import announce, got_request_exception, request_finished, request_started
from . import errors

if t.TYPE_CHECKING:
    from .. import typing as ft
    from ..app import Flask
    from ..ctx import RequestContext
    from ..sessions import SessionMixin
    from ..wrappers import Request, Response

Call = t.Callable[..., t.Any]


class Exchange(t.Protocol):
    """What a driver does at a request's end otherwise than WSGI."""

    @property
    def start(self) -> t.Any:
        """What starts the answer, where the body is whole."""

    def take(self, response: t.Any, call: Call) -> t.Any:
        """Take the response, while the context is active; gives the body, or a coroutine to await for it."""

    def take_whole(self, body: bytes, content_type: tuple[str, str]) -> bytes:
        """Take a body that answers 200, and let the context end undisturbed; gives what is sent of it."""

    def end(self) -> None:
        """Let the context end undisturbed."""


async def respond(
    app: Flask,
    ctx: RequestContext,
    start_response: t.Any,
    call: Call,
    exchange: Exchange | None = None,
) -> t.Any:
    """Handle a request whose context is active, from its beginning to the end of the context.

    :param call: calls user code: its result is what the code returned, or a coroutine to await for that.
    :param start_response: the server's, if the response is called as a WSGI application.
    :param exchange: takes the response otherwise.
    :return: the body.
    """
    error: BaseException | None = None
    try:
        try:
            if ctx.failure is not None:
                ctx.raise_failure()
            if not ctx.is_begun:
                beginning = ctx.begin(call)
                if beginning is not None:
                    await beginning
            if "full_dispatch_request" in ctx.replaced:
                response = call(app.full_dispatch_request)
                if response.__class__ is CoroutineType:
                    response = await response
            else:
                response = await full_dispatch_request(app, ctx, call)
        except Exception as raised:
            error = errors.as_raised(raised)
            ctx.request._refuses = False
            if "handle_exception" in ctx.replaced:
                response = call(app.handle_exception, error)
                if response.__class__ is CoroutineType:
                    response = await response
            else:
                response = await handle_exception(app, ctx, error, call)
        if exchange is None:
            return response(ctx.request.environ, start_response)
        body = exchange.take(response, call)
        return await body if body.__class__ is CoroutineType else body
    except BaseException as raised:
        if error is None:  # else a handler failed, and the teardown is told what it was to handle
            error = raised
        await ctx.close_streams(call)
        raise
    finally:
        if exchange is not None:
            exchange.end()
        try:
            if error is not None or not ctx.ends_at_once():
                await end(app, ctx, error, call)
        finally:
            del error  # its traceback has this frame, and would keep the request alive


def end(
    app: Flask, ctx: RequestContext, error: BaseException | None, call: Call
) -> t.Coroutine[t.Any, t.Any, None]:
    """Let go of the context, before the body is sent."""
    if error is None and ctx.is_plain and is_last(ctx):
        return ctx.end(None, call)
    return _end(app, ctx, error, call)


async def _end(app: Flask, ctx: RequestContext, error: BaseException | None, call: Call) -> None:
    try:
        preserve = ctx.request.environ.get(PRESERVE) if not ctx.asks_for_view else None
        if preserve is not None:
            preserve(ctx.app_context)
            preserve(ctx)
        if error is not None and app.should_ignore_error(error):
            error = None
    finally:
        await ctx.auto_end(error, call)


async def full_dispatch_request(app: Flask, ctx: RequestContext, call: Call) -> Response:
    """Handle a request, with all that belongs before and after it, and every exception that has a handler."""
    replaced = ctx.replaced
    rv: t.Any
    try:
        if ctx.outcome is not None:
            rv = ctx.take_outcome()
        else:
            rv = None
            if not ctx.is_plain:
                rv = await _before_view(app, ctx, call)
            elif app.before_request_funcs or app.url_value_preprocessors:
                rv = await preprocess_request(app, ctx, call)
            if rv is None:
                if "dispatch_request" in replaced:
                    rv = call(app.dispatch_request)
                else:
                    view, values = view_of(app, ctx)
                    # PERF: as for hooks, below.
                    is_ours = call is not call_here and not replaced
                    if is_ours and type(view) is FunctionType and app._known_coroutine_functions[view]:
                        rv = view(**values)
                    else:
                        rv = call(view, **values)
                if rv.__class__ is CoroutineType:
                    rv = await rv
    except Exception as error:
        ctx.request._refuses = False
        rv = await errors.handle_by(app, ctx, "handle_user_exception", errors.as_raised(error), call)
    try:
        if "finalize_request" in replaced:
            response = call(app.finalize_request, rv)
            return t.cast("Response", await response if response.__class__ is CoroutineType else response)
        ctx.request._refuses = False
        response = app.make_response(rv)
        # Asked when the response is there, since code of the user's may have made it, and replaced a stage meanwhile.
        if TAKEN and not (ctx.replaced or request_finished.receivers or is_processed(app, ctx)):
            return response
        return await finish_response(app, ctx, response, call)
    finally:
        del rv  # an exception that is its own answer: its traceback has this frame, and would keep the request alive


async def _before_view(app: Flask, ctx: RequestContext, call: Call) -> t.Any:
    """Do what comes before the view, until something answers."""
    if app._first_request_pending:
        if app.before_first_request_funcs:
            rv = call(app.try_trigger_before_first_request_functions)
            if rv.__class__ is CoroutineType:
                await rv
        else:
            app.try_trigger_before_first_request_functions()
    if request_started.receivers:
        await announce(request_started, app, call)
    if "preprocess_request" in ctx.replaced:
        rv = call(app.preprocess_request)
        return await rv if rv.__class__ is CoroutineType else rv
    if app.before_request_funcs or app.url_value_preprocessors:
        return await preprocess_request(app, ctx, call)
    return None


async def handle_exception(app: Flask, ctx: RequestContext, error: Exception, call: Call) -> Response:
    """Answer an exception that nobody handled: raise it again for a debugger or a test, else log it and answer by
    500.
    """
    await ctx.close_streams(call)
    if got_request_exception.receivers:
        await announce(got_request_exception, app, call, exception=error)
    if app.propagate_exceptions:
        raise errors.as_carried(error)
    app.log_exception((type(error), error, error.__traceback__))
    answer: t.Any = InternalServerError(original_exception=error)
    handler = app._find_error_handler(answer, ctx.request.blueprints)
    if handler is not None:
        answer = call(handler, error if eras.is_old("handler_500_gets_original") else answer)
        if answer.__class__ is CoroutineType:
            answer = await answer
    if "finalize_request" in ctx.replaced:
        answer = call(app.finalize_request, answer, from_error_handler=True)
        return t.cast("Response", await answer if answer.__class__ is CoroutineType else answer)
    return await finalize_request(app, ctx, answer, call, from_error_handler=True)


async def preprocess_request(app: Flask, ctx: RequestContext, call: Call) -> ft.ResponseReturnValue | None:
    """Let the URL value preprocessors at the values from the URL, then call the before hooks until one answers."""
    request = ctx.request
    preprocessors = app.url_value_preprocessors
    if preprocessors:
        for functions in inwards(preprocessors, request):
            for preprocessor in functions:
                rv = call(preprocessor, request.endpoint, request.view_args)
                if rv.__class__ is CoroutineType:
                    await rv
    hooks = app.before_request_funcs
    if hooks:
        # PERF: without the way over `call`, which finds the same, five hooks before and after cost a tenth less.
        is_here, is_ours, known = call is call_here, not ctx.replaced, app._known_coroutine_functions
        try:
            for functions in inwards(hooks, request):
                for hook in functions:
                    if is_here or (is_ours and type(hook) is FunctionType and known[hook]):
                        rv = hook()
                    else:
                        rv = call(hook)
                    if rv.__class__ is CoroutineType:
                        rv = wait(rv) if is_here else await rv
                    if rv is not None:
                        return t.cast("ft.ResponseReturnValue", rv)
        except StopIteration as stop:
            raise StopIterationError(stop) from None
    return None


def answers_options(request: Request) -> bool:
    """Whether a request is for OPTIONS, and answered without the view."""
    # As for the routing, the method is what the server handed over, whatever a request class makes of it.
    method: str = request.environ.get("REQUEST_METHOD", "")
    return method.upper() == "OPTIONS" and bool(getattr(request.url_rule, "provide_automatic_options", False))


async def dispatch_request(app: Flask, ctx: RequestContext, call: Call) -> t.Any:
    """Call the view that the URL matched, and return what it returned; or raise the routing's error."""
    view, values = view_of(app, ctx)
    rv = call(view, **values)
    return await rv if rv.__class__ is CoroutineType else rv


def view_of(app: Flask, ctx: RequestContext) -> tuple[Call, dict[str, t.Any]]:
    """What answers a request, and the values from the URL to call it with.

    :raises HTTPException: the routing's error, if the URL matched nothing.
    """
    request = ctx.request
    if request.routing_exception is not None:
        app.raise_routing_exception(request)
    rule = request.url_rule
    assert rule is not None  # a request that matched nothing has an exception
    if not ctx.asks_for_view and answers_options(request):
        return app.make_default_options_response, {}
    view = app.view_functions.get(rule.endpoint)
    if view is None:
        raise KeyError(
            f"The endpoint {rule.endpoint!r} of the URL rule {rule.rule!r} has no view function."
            " Register one with @app.endpoint(...), or pass view_func to add_url_rule()."
        )
    return view, request.view_args or {}


def is_processed(app: Flask, ctx: RequestContext) -> bool:
    """Whether the after hooks or the session may have to do with the response."""
    return bool(
        app.after_request_funcs or ctx._after_request_functions or ctx._session is not None or ctx.brings_session
    )


async def finalize_request(
    app: Flask,
    ctx: RequestContext,
    rv: t.Any,
    call: Call,
    from_error_handler: bool = False,
) -> Response:
    """Make the response of what a view, hook or handler returned, and let the after hooks and the session at it."""
    ctx.request._refuses = False
    return await finish_response(app, ctx, app.make_response(rv), call, from_error_handler)


async def finish_response(
    app: Flask, ctx: RequestContext, response: Response, call: Call, from_error_handler: bool = False
) -> Response:
    """Let the after hooks and the session at a response."""
    try:
        if "process_response" in ctx.replaced:
            result = call(app.process_response, response)
            response = await result if result.__class__ is CoroutineType else result
        elif is_processed(app, ctx):
            response = await process_response(app, ctx, response, call)
        if request_finished.receivers:
            await announce(request_finished, app, call, response=response)
    except Exception:
        if not from_error_handler:
            raise
        app.logger.exception("An error happened in the after hooks or the session while another error was answered.")
    return response


async def process_response(app: Flask, ctx: RequestContext, response: Response, call: Call) -> Response:
    """Call the after hooks, those of the innermost blueprint first, and save the session."""
    rv: t.Any = response
    for hook in ctx._after_request_functions:
        rv = call(hook, rv)
        if rv.__class__ is CoroutineType:
            rv = await rv
        if not callable(rv):
            raise _no_response_from(hook, rv)
    hooks = app.after_request_funcs
    if hooks:
        # PERF: as for those before.
        is_here, is_ours, known = call is call_here, not ctx.replaced, app._known_coroutine_functions
        try:
            for functions in outwards(hooks, ctx.request):
                for hook in reversed(functions):
                    if is_here or (is_ours and type(hook) is FunctionType and known[hook]):
                        rv = hook(rv)
                    else:
                        rv = call(hook, rv)
                    if rv.__class__ is CoroutineType:
                        rv = wait(rv) if is_here else await rv
                    if not callable(rv):
                        raise _no_response_from(hook, rv)
        except StopIteration as stop:
            raise StopIterationError(stop) from None
    response = rv
    session = session_to_save(app, ctx)
    if session is not None:
        await _save_session(app, ctx, session, response, call)
    return response


def session_to_save(app: Flask, ctx: RequestContext) -> SessionMixin | None:
    """The session that the end of a request concerns: one that somebody looked at, or that is to be refreshed."""
    session = ctx._session
    if session is None:
        if not ctx.brings_session or not _may_refresh_session(app, ctx):
            return None
        session = ctx._session = open_session(app, ctx.request)
    return session if not app.session_interface.is_null_session(session) else None


async def _save_session(app: Flask, ctx: RequestContext, session: SessionMixin, response: Response, call: Call) -> None:
    if opens_unnoticed(app.session_interface) and ctx.replaced.isdisjoint(OF_SESSIONS):
        app.session_interface.save_session(app, session, response)  # nothing in it waits
    else:
        rv = call(app.save_session, session, response)
        if rv.__class__ is CoroutineType:
            await rv


def _no_response_from(hook: t.Any, rv: t.Any) -> TypeError:
    name = getattr(hook, "__name__", hook)
    what = "None" if rv is None else f"an object of the type {type(rv).__name__!r}"
    return TypeError(f"The after hook {name!r} returned {what}. It must return the response that it got, or another.")


def _may_refresh_session(app: Flask, ctx: RequestContext) -> bool:
    """Whether a session that nobody looked at may have to be sent again, because it is permanent and refreshed each
    time.
    """
    cookies = cookie_header(ctx.request)
    if not cookies or not app.config["SESSION_REFRESH_EACH_REQUEST"]:
        return False
    return app.session_interface.get_cookie_name(app) in cookies
