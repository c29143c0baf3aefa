"""What was pushed here, one upon another: a chain that each thread, greenlet and copied context unwinds for itself.

One context variable holds all of it, since each request sets it twice.
"""

from __future__ import annotations

import typing as t
from contextvars import ContextVar

from ._unset import UNSET

if t.TYPE_CHECKING:
    from contextvars import Token

    from .app import Flask
    from .ctx import AppContext, RequestContext

# Each push: the context, what is active with it as application and as request context, and the push before. A plain
# tuple, since one is made for each request.
Activation = tuple[t.Any, t.Any, t.Any, t.Any]

#: Stands for the application context that belongs to the active request, which need not have been made yet.
OF_REQUEST: t.Final[t.Any] = object()

active: ContextVar[Activation | None] = ContextVar("flask.active", default=None)

# PERF: a method of an imported name is looked up anew at each call, which here is twice the call itself. `g` and
# `request` ask at each use.

#: The last activation here; None where nothing is active.
current: t.Final = active.get
#: Make an activation the last one.
make_current: t.Final = active.set


def app_context() -> AppContext | None:
    """The active application context."""
    activation = current()
    if activation is None:
        return None
    context: AppContext | None = activation[1]
    return activation[2].app_context if context is OF_REQUEST else context


def app() -> Flask | None:
    """The application that is active; its context is not made for that."""
    activation = current()
    if activation is None or activation[1] is None:
        return None
    found: Flask = (activation[2] if activation[1] is OF_REQUEST else activation[1]).app
    return found


def request_context() -> RequestContext | None:
    """The active request context."""
    activation = current()
    found: RequestContext | None = activation[2] if activation is not None else None
    return found


def activate(context: t.Any, app_context: t.Any, request_context: t.Any) -> None:
    """Make a context active here, remembering what was.

    :param context: what is pushed.
    :param app_context: the application context from now on, or `OF_REQUEST`.
    :param request_context: the request context from now on.
    """
    make_current((context, app_context, request_context, current()))


def deactivate(context: t.Any) -> None:
    """Make active again what was before the context was."""
    activation = current()
    if activation is None or activation[0] is not context:
        last = activation[0] if activation is not None else None
        raise AssertionError(
            f"Popped wrong context: {context!r} was to be popped, but {last!r} was pushed last here."
            " Pop contexts in the reverse order of pushing, in the thread or task that pushed them."
        )
    make_current(activation[3])


def is_last(context: t.Any) -> bool:
    """Whether a context is what was pushed last here, and not popped yet."""
    activation = current()
    return activation is not None and activation[0] is context


_NOTHING: t.Final[Activation] = (UNSET, None, None, None)


class ActiveContext:
    """One kind of context that is active, with the methods of a context variable that holds it.

    :param place: which part of an activation it is.
    :param find: finds it.
    """

    def __init__(self, place: t.Literal[1, 2], find: t.Callable[[], t.Any]) -> None:
        self._place, self._find = place, find

    def get(self, default: t.Any = None) -> t.Any:
        """The active context, or the default where none is."""
        context = self._find()
        return context if context is not None else default

    def set(self, value: t.Any) -> Token[Activation | None]:
        """Put something in its place, which is not pushed by that; gives the token for :meth:`reset`."""
        context, app_context, request_context, below = current() or _NOTHING
        if self._place == 1:
            return active.set((context, value, request_context, below))
        # An application context that has not been made is not to be lost with its request.
        if app_context is OF_REQUEST:
            app_context = request_context.app_context
        return active.set((context, app_context, value, below))

    def reset(self, token: Token[Activation | None]) -> None:
        """Undo :meth:`set`."""
        active.reset(token)
