"""The stacks of contexts that Flask 0.8 to 2.1 had: the old faces of the context variables."""

from __future__ import annotations

import importlib
import threading
import typing as t

from .._activation import activate, app_context, deactivate, request_context
from ..ctx import AppContext, RequestContext


class ContextStack:
    """The face of a context variable that Flask 0.8 to 2.1 had: a stack with ``push``, ``pop`` and ``top``."""

    def __init__(self, kind: t.Literal["app", "request"]) -> None:
        self._kind = kind

    @property
    def top(self) -> t.Any:
        """The active context, or None."""
        return app_context() if self._kind == "app" else request_context()

    @property
    def __ident_func__(self) -> t.Callable[[], t.Any]:
        """What tells threads apart, or greenlets: the key that programs keep a session of SQLAlchemy by."""
        try:
            return t.cast("t.Callable[[], t.Any]", importlib.import_module("greenlet").getcurrent)
        except ImportError:
            return threading.get_ident

    def push(self, obj: t.Any) -> None:
        """Make an object the active context: one of ours, or whatever a program puts in its place."""
        if isinstance(obj, RequestContext):
            obj.push()  # as in 0.8, there is an application and a `g` wherever there is a request
        elif self._kind == "request":
            activate(obj, app_context(), obj)
        else:
            if isinstance(obj, AppContext):
                obj._holders.append(not obj._holders)
            activate(obj, obj, request_context())

    def pop(self) -> t.Any:
        """Make active again what was before, without ending anything, and return what was active; None if nothing
        was.
        """
        top = self.top
        if top is not None:
            deactivate(top)
            if isinstance(top, (AppContext, RequestContext)):
                top._holders.pop()
        return top

    def __repr__(self) -> str:
        return f"<the stack of {self._kind} contexts, top: {self.top!r}>"


#: The stack of request contexts; its :attr:`~ContextStack.top` is the active one, or None.
#:
#: .. versionchanged:: 2.2
#:     Flask keeps contexts in a context variable; this is its old face.
request_ctx_stack: ContextStack = ContextStack("request")

#: The stack of application contexts.
#:
#: .. versionadded:: 0.9
app_ctx_stack: ContextStack = ContextStack("app")
