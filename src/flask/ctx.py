"""What belongs to the current request, or to the current use of an application: contexts, and who keeps them alive.

A context is *active* where one of the two context variables in :mod:`flask.globals` holds it, and *alive* as long as
somebody holds it: each :meth:`~RequestContext.push` until its :meth:`~RequestContext.pop`, and each stream that
:func:`flask.stream_with_context` made until it is exhausted, closed or dropped. When the last holder lets go, the
teardown functions run, once, with the context active for them wherever that happens.

What a ``push`` found active is remembered in a context variable as well, so that threads, greenlets and copied contexts
each see their own nesting.
"""

from __future__ import annotations

import functools
import typing as t

from . import _activation
from ._app_context import AppContext as AppContext
from ._awaiting import is_coroutine_function
from ._request_context import RequestContext as RequestContext
from .globals import _AppCtxGlobals as _AppCtxGlobals

if t.TYPE_CHECKING:
    from . import typing as ft

F = t.TypeVar("F", bound=t.Callable[..., t.Any])


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
