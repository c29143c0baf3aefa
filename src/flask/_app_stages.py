"""The stages of a request: methods of an application that a user may override, or replace at any time.

They stand in a class below :class:`flask.Flask`, so that one that is put on that itself, in place of ours, shows in how
many attributes it has: see :func:`._stages.replaced`.
"""

from __future__ import annotations

import sys
import typing as t

from . import _activation, _stages, _teardown
from ._awaiting import as_sync, call_here, complete, is_coroutine_function
from ._dispatch import errors as error_steps
from ._dispatch import steps
from ._dispatch.responses import to_response
from ._past.app import PastApp
from ._routing import bind_to_request
from ._unset import UNSET
from .ctx import AppContext, RequestContext
from .globals import no_request

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.exceptions import HTTPException
    from werkzeug.routing import MapAdapter

    from . import typing as ft
    from .wrappers import Request, Response

R = t.TypeVar("R")


def active_context() -> RequestContext:
    """The active request context, for a stage that was called as a method."""
    ctx = _activation.request_context()
    if ctx is None:
        raise RuntimeError(no_request)
    return ctx


def _completed(
    step: Callable[..., t.Coroutine[t.Any, t.Any, R]], app: t.Any, *args: t.Any, **kwargs: t.Any
) -> R:
    """What a step of the active request returns, for a stage that was called as a method."""
    ctx = active_context()
    return complete(step(app, ctx, *args, ctx.call, **kwargs))


class Stages(PastApp):
    """What an application does with a request, stage by stage."""

    def full_dispatch_request(self) -> Response:
        """Handle the active request, with all hooks and error handlers, and return the response.

        .. versionadded:: 0.7
        """
        return _completed(steps.full_dispatch_request, self)

    def preprocess_request(self) -> ft.ResponseReturnValue | None:
        """Call the URL value preprocessors, then the before hooks until one returns something else than None.

        :return: what it returned, which is the answer to the request then; or None.
        """
        return _completed(steps.preprocess_request, self)

    def dispatch_request(self) -> ft.ResponseReturnValue:
        """Call the view that the URL matched, and return what it returned, which need not be a response yet.

        Exceptions are not handled here, but by :meth:`full_dispatch_request`.
        """
        return t.cast("ft.ResponseReturnValue", _completed(steps.dispatch_request, self))

    def finalize_request(
        self, rv: ft.ResponseReturnValue | HTTPException, from_error_handler: bool = False
    ) -> Response:
        """Make the response of a return value, and call the after hooks.

        :param rv: what a view, a hook or an error handler returned.
        :param from_error_handler: whether it answers an error: another one is then logged instead of raised.

        .. versionadded:: 0.11
        """
        return _completed(steps.finalize_request, self, rv, from_error_handler=from_error_handler)

    def make_response(self, rv: ft.ResponseReturnValue) -> Response:
        """Make a response of what a view returned.

        :param rv: a response, which is returned unchanged; text or bytes, the body; a dict or list, which becomes JSON;
            a generator or another iterator, whose items are the body; a tuple ``(body, status, headers)``,
            ``(body, status)`` or ``(body, headers)``; or a WSGI application, whose answer is taken.
        :return: an instance of :attr:`response_class`.
        :raises TypeError: for anything else, None included.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> with app.test_request_context():
        ...     app.make_response(("gone", 404, {"X-Reason": "sold"})).status
        '404 NOT FOUND'

        .. versionchanged:: 0.9
            A tuple held the arguments of the response class before.
        .. versionchanged:: 1.1
            A dict becomes JSON.
        .. versionchanged:: 2.2
            A list becomes JSON, and a generator is streamed.
        """
        return to_response(self, rv)  # type: ignore[arg-type]  # these are a Flask's

    def process_response(self, response: Response) -> Response:
        """Call the after hooks, in the reverse order of registration, and save the session.

        :param response: the response.
        :return: the response that is sent: the same, or another.

        .. versionchanged:: 0.5
            The reverse order.
        """
        return _completed(steps.process_response, self, response)

    def handle_user_exception(self, e: Exception) -> HTTPException | ft.ResponseReturnValue:
        """Answer an exception of the request's own code by its handler, or raise it again.

        :param e: the exception; an HTTP exception goes to :meth:`handle_http_exception`.

        .. versionadded:: 0.7
        """
        return t.cast("ft.ResponseReturnValue", _completed(error_steps.handle_user_exception, self, e))

    def handle_http_exception(self, e: HTTPException) -> HTTPException | ft.ResponseReturnValue:
        """Answer an HTTP exception by its handler, or else by itself.

        :param e: the exception.

        .. versionadded:: 0.3
        """
        return t.cast("ft.ResponseReturnValue", _completed(error_steps.handle_http_exception, self, e))

    def handle_exception(self, e: Exception) -> Response:
        """Answer an exception that no handler took: raise it again in debug mode or a test, else log it and answer by
        the handler for 500, or by a plain page.

        :param e: the exception.

        .. versionadded:: 0.3
        """
        return _completed(steps.handle_exception, self, e)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Make what matches and builds the URLs of a request, or, without one, builds URLs of ``SERVER_NAME``.

        :param request: the request, which is not active yet; or None.
        :return: the adapter; None without a request if ``SERVER_NAME`` is not set.

        .. versionadded:: 0.6
        """
        if request is not None:
            return bind_to_request(self, request)  # type: ignore[arg-type]  # these are a Flask's
        if self.config["SERVER_NAME"] is not None:
            return self.url_map.bind(
                self.config["SERVER_NAME"],
                script_name=self.config["APPLICATION_ROOT"] or "/",
                url_scheme=self.config["PREFERRED_URL_SCHEME"],
            )
        return None

    def do_teardown_request(self, exc: BaseException | None = UNSET) -> None:
        """Call the teardown functions of the active request; the context does so when it ends.

        :param exc: the exception that ended the request; by default the one being handled.

        .. versionchanged:: 0.9
            The exc parameter.
        """
        ctx = active_context()
        complete(_teardown.of_request(self, ctx, ctx.call, sys.exc_info()[1] if exc is UNSET else exc))  # type: ignore[arg-type]  # these are a Flask's

    def do_teardown_appcontext(self, exc: BaseException | None = UNSET) -> None:
        """Call the teardown functions of the active application context; the context does so when it ends.

        :param exc: the exception that ended the context; by default the one being handled.

        .. versionadded:: 0.9
        """
        call = call_here if _stages.replaced(self).isdisjoint(_stages.OF_CALLING) else self._call  # type: ignore[arg-type]  # these are a Flask's
        complete(_teardown.of_app_context(self, call, sys.exc_info()[1] if exc is UNSET else exc))  # type: ignore[arg-type]  # these are a Flask's

    def _call(self, function: Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Call a function of the user's in the user's own way, and a stage, which is a method, as it is."""
        if getattr(function, "__self__", None) is not self:
            function = self.ensure_sync(function)
        return call_here(function, *args, **kwargs)

    # -- sync and async

    def ensure_sync(self, func: Callable[..., t.Any]) -> Callable[..., t.Any]:
        """Make sure that a function can be called plainly: one written with ``async def`` is wrapped.

        :param func: the function.

        .. versionadded:: 2.0
        """
        return self.async_to_sync(func) if is_coroutine_function(func) else func

    def async_to_sync(self, func: Callable[..., t.Coroutine[t.Any, t.Any, t.Any]]) -> Callable[..., t.Any]:
        """Make a plain function of a coroutine function. May be overridden, to run coroutines in another way.

        :param func: the coroutine function.

        .. versionadded:: 2.0
        """
        return as_sync(func)

    # -- contexts

    def app_context(self) -> AppContext:
        """Make an application context, for a ``with`` body in which this is the current application.

        >>> from flask import Flask, current_app
        >>> with Flask("shop").app_context():
        ...     current_app.name
        'shop'

        .. versionadded:: 0.9
        """
        return AppContext(self)  # type: ignore[arg-type]  # these are a Flask's

    def request_context(self, environ: WSGIEnvironment) -> RequestContext:
        """Make a request context of a WSGI environment, for a ``with`` body, or to push and pop.

        :param environ: the environment.

        .. versionchanged:: 0.3
            Gives the context in a ``with`` statement, and can be used without one.
        """
        return RequestContext(self, environ)  # type: ignore[arg-type]  # these are a Flask's

