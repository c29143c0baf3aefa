"""What was pushed here, one upon another: a chain that each thread, greenlet and copied context unwinds for itself."""

from __future__ import annotations

import typing as t
from contextvars import ContextVar

from .globals import _cv_app, _cv_request

if t.TYPE_CHECKING:
    from .ctx import AppContext, RequestContext

# Each push: the context, what was active before as application and as request context, and the push before. A plain
# tuple, since one is made for each request.
Activation = tuple[t.Any, "AppContext | None", "RequestContext | None", t.Any]

activations: ContextVar[Activation | None] = ContextVar("flask.activations", default=None)


def activate(context: t.Any, app_context: AppContext | None, request_context: RequestContext | None) -> None:
    """Make a context active here, remembering what was."""
    activations.set((context, _cv_app.get(), _cv_request.get(), activations.get()))
    _cv_app.set(app_context)
    _cv_request.set(request_context)


def deactivate(context: t.Any) -> None:
    """Make active again what was before the context was."""
    activation = activations.get()
    if activation is None or activation[0] is not context:
        active = activation[0] if activation is not None else None
        raise AssertionError(
            f"Popped wrong context: {context!r} was to be popped, but {active!r} was pushed last here."
            " Pop contexts in the reverse order of pushing, in the thread or task that pushed them."
        )
    _, app_before, request_before, below = activation
    _cv_app.set(app_before)
    _cv_request.set(request_before)
    activations.set(below)


def is_last(context: t.Any) -> bool:
    """Whether a context is what was pushed last here, and not popped yet."""
    activation = activations.get()
    return activation is not None and activation[0] is context
