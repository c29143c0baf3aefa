"""What belongs to the current request, or to the current use of an application: contexts, and who keeps them alive.

A context is *active* from its :meth:`~RequestContext.push` until its :meth:`~RequestContext.pop`, or until another of
its kind is pushed upon it. A context variable holds the last push, and each push the one before it, so that threads,
greenlets and copied contexts have each their own nesting.

It is *alive* as long as somebody holds it: each push until its pop, and each stream that
:func:`flask.stream_with_context` made until it is exhausted, closed or dropped. When the last holder lets go, the
teardown functions run, once, with the context active for them wherever that happens.
"""

from __future__ import annotations

import functools
import typing as t

from . import _activation, _app_context, _request_context
from ._app_context import AppContextLife
from ._awaiting import is_coroutine_function
from ._request_context import RequestContextLife
from .globals import _AppCtxGlobals as _AppCtxGlobals

if t.TYPE_CHECKING:
    from . import typing as ft

F = t.TypeVar("F", bound=t.Callable[..., t.Any])


class AppContext(AppContextLife):
    """An application made current: for ``current_app``, for ``g``, and for building URLs.

    A request brings its own. Elsewhere, in a command line program or a test, :meth:`flask.Flask.app_context` makes one.

    :param app: the application.

    .. versionadded:: 0.9
    """


class RequestContext(RequestContextLife):
    """Everything that belongs to one request: the request itself, the session, flashed messages, the URL adapter.

    The application makes and pushes one for each request; :meth:`flask.Flask.test_request_context` and
    :meth:`flask.Flask.request_context` make one by hand.

    :param app: the application.
    :param environ: the WSGI environment of the request.
    :param request: a request object to use instead of a new one over the environment.
    :param session: a session to use instead of opening one.

    In debug mode with ``PRESERVE_CONTEXT_ON_EXCEPTION`` the context of a failed request is kept until the next request,
    so that a debugger can look at it. With ``flask._preserve_context`` set to a true value in the environment it is
    kept in any case, and whoever set that pops it.

    .. versionchanged:: 0.9
        The context is bound on push only; ``pop()`` takes the exception.
    .. versionchanged:: 1.1
        The session parameter.
    """


_app_context.settle(AppContext)
_request_context.settle(RequestContext)


def has_request_context() -> bool:
    """Whether a request context is active, so that :data:`flask.request` and :data:`flask.session` can be used.

    >>> from flask import Flask, has_request_context
    >>> has_request_context()
    False
    >>> with Flask("shop").test_request_context():
    ...     has_request_context()
    True

    The proxies can be tested for truth as well: ``if request:``.

    .. versionadded:: 0.7
    """
    return _activation.request_context() is not None


def has_app_context() -> bool:
    """Whether an application context is active, so that :data:`flask.current_app` and :data:`flask.g` can be used.

    >>> from flask import Flask, has_app_context
    >>> with Flask("shop").app_context():
    ...     has_app_context()
    True

    .. versionadded:: 0.9
    """
    return _activation.app_context() is not None


def after_this_request(f: ft.AfterRequestCallable[t.Any]) -> ft.AfterRequestCallable[t.Any]:
    """Have a function called with the response of the current request, as by ``after_request``, before those.

    :param f: takes the response and returns it, or another.
    :return: the function, so that this can be used as a decorator.
    :raises RuntimeError: without an active request.

    .. versionadded:: 0.9
    """
    ctx = _activation.request_context()
    if ctx is None:
        raise RuntimeError(
            "after_this_request() registers a function for the current request, and there is none: call it from a view,"
            " or from something that a view calls."
        )
    if not ctx._after_request_functions:
        ctx._after_request_functions = []
    t.cast("list[t.Any]", ctx._after_request_functions).append(f)
    return f


def copy_current_request_context(f: F) -> F:
    """Make a function that runs with a copy of the current request context, wherever it is called: in a thread, a
    greenlet.

    :param f: the function, or coroutine function.
    :return: a function with the same arguments and the same result. That of a coroutine function waits for the
        coroutine; called on the event loop that serves the request, it is a coroutine function itself.
    :raises RuntimeError: without an active request.

    .. versionadded:: 0.10
    .. versionchanged:: 3.1.100
        Coroutine functions on the event loop of the server.
    """
    original = _activation.request_context()
    if original is None:
        raise RuntimeError(
            "copy_current_request_context() copies the context of the current request, and there is none: call it from"
            " a view, before the function is handed to the thread or greenlet."
        )
    ctx = original.copy()

    @functools.wraps(f)
    def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
        own = ctx.copy()  # each call its own: several may run at once
        placement = original.placement
        if placement is not None and placement.is_here() and is_coroutine_function(f):
            return own.run(f(*args, **kwargs), placement.fresh())
        with own:
            return ctx.app.ensure_sync(f)(*args, **kwargs)

    return t.cast(F, call)
