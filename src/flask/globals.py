"""What is active now: the proxies that look it up, and the two context variables that Flask has for it.

The proxies are Werkzeug's :class:`~werkzeug.local.LocalProxy` objects, so ``_get_current_object()``, ``isinstance`` and
every operator work as programs and extensions know them. The operations used most go to the object directly.
"""

from __future__ import annotations

import threading
import typing as t

from werkzeug.local import LocalProxy

from ._activation import OF_REQUEST, ActiveContext, app_context, current, request_context
from ._shortcuts import TAKEN
from ._unset import UNSET

if t.TYPE_CHECKING:
    from .app import Flask
    from .ctx import AppContext, RequestContext
    from .sessions import SessionMixin
    from .wrappers import Request

T = t.TypeVar("T")

# Under these names Flask 2.2 and later have a context variable for each kind.
_cv_app: t.Final = ActiveContext(1, app_context)
_cv_request: t.Final = ActiveContext(2, request_context)

no_application = """\
Working outside of application context.

`current_app`, `g`, and what is built on them, belong to an application that is active: while it handles a request, runs
a command, or in the body of `with app.app_context():`. None is active here."""

no_request = """\
Working outside of request context.

`request`, `session`, and what is built on them, belong to a request that is being handled. None is handled here. In a
test or a shell, `with app.test_request_context():` makes one."""


class _AppCtxGlobals:
    """The object behind :data:`flask.g`: attributes, with the few operations of a dict that are handy on it.

    >>> from flask.ctx import _AppCtxGlobals
    >>> g = _AppCtxGlobals()
    >>> g.user = "ada"
    >>> g.get("user"), g.get("theme", "light"), "user" in g, list(g)
    ('ada', 'light', True, ['user'])

    .. versionadded:: 0.10
    """

    if t.TYPE_CHECKING:  # any name may be stored on it

        def __getattr__(self, name: str) -> t.Any: ...
        def __setattr__(self, name: str, value: t.Any) -> None: ...
        def __delattr__(self, name: str) -> None: ...

    def get(self, name: str, default: t.Any = None) -> t.Any:
        """The attribute, or the default where it was not set."""
        return self.__dict__.get(name, default)

    def pop(self, name: str, default: t.Any = UNSET) -> t.Any:
        """Remove an attribute and return it, or the default; without one a missing name is a KeyError."""
        if default is UNSET:
            return self.__dict__.pop(name)
        return self.__dict__.pop(name, default)

    def setdefault(self, name: str, default: t.Any = None) -> t.Any:
        """The attribute, set to the default first where it was not set."""
        return self.__dict__.setdefault(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.__dict__

    def __iter__(self) -> t.Iterator[str]:
        return iter(self.__dict__)

    def __repr__(self) -> str:
        ctx = app_context()
        return f"<flask.g of {ctx.app.name!r}>" if ctx is not None else object.__repr__(self)


class ContextProxy(LocalProxy[t.Any]):
    # This is no docstring, because a proxy's is that of the object it stands for.
    __doc__ = vars(LocalProxy)["__doc__"]
    __slots__ = ()

    # Python goes through an object by its items, if the look-up of `__iter__` fails; so it finds what really is wrong.
    def __getitem__(self, key: t.Any) -> t.Any:
        return self._get_current_object()[key]


# The representation without a context shows the name. Programs and their tests know it.
ContextProxy.__name__ = LocalProxy.__name__


class _Missed(threading.local):
    """The attribute that this thread just failed to find through a proxy, and how."""

    error: AttributeError | None = None
    name = ""


def _proxy(find: t.Callable[[], T]) -> T:
    """A proxy for what the function finds, which to a type checker is that object itself."""
    if not TAKEN:
        return t.cast(T, ContextProxy(find))
    missed = _Missed()

    # The common operations take one call, not the general machinery's several: reading an attribute 0.2 µs instead
    # of 0.65, since nothing is looked for on the proxy first. Each proxy has its own class, so that they know `find`.
    class DirectProxy(ContextProxy):
        __doc__ = vars(LocalProxy)["__doc__"]
        __slots__ = ()

        def __getattribute__(self, name: str) -> t.Any:
            if name in own:
                return of_proxy(self, name)
            try:
                return getattr(find(), name)
            except AttributeError as error:
                missed.error, missed.name = error, name
                raise

        def __getattr__(self, name: str) -> t.Any:
            # Python comes here when the above has failed, and forgets how. To look again might have effects.
            error, missed.error = missed.error, None
            if error is None or missed.name != name:
                return getattr(find(), name)
            try:
                raise error
            finally:
                del error  # its traceback has this frame

        def __setattr__(self, name: str, value: t.Any) -> None:
            setattr(find(), name, value)

        def __getitem__(self, key: t.Any) -> t.Any:
            return find()[key]  # type: ignore[index]  # where it has items

        def __setitem__(self, key: t.Any, value: t.Any) -> None:
            find()[key] = value  # type: ignore[index]  # as above

        def __contains__(self, key: t.Any) -> bool:
            return key in find()  # type: ignore[operator]  # as above

    own = frozenset(dir(DirectProxy))
    of_proxy = object.__getattribute__
    DirectProxy.__name__ = ContextProxy.__name__
    proxy = DirectProxy(find)
    object.__setattr__(proxy, "_get_current_object", find)  # which is what Werkzeug's calls in the end
    return t.cast(T, proxy)


def _find_app_context() -> AppContext:
    context = app_context()
    if context is None:
        raise RuntimeError(no_application)
    return context


def _find_request_context() -> RequestContext:
    context = request_context()
    if context is None:
        raise RuntimeError(no_request)
    return context


# These are looked through at every use of a proxy: they read the activation themselves, and a cast would be a call.


def _find_current_app() -> Flask:
    activation = current()
    if activation is None or activation[1] is None:
        raise RuntimeError(no_application)
    app: Flask = (activation[2] if activation[1] is OF_REQUEST else activation[1]).app
    return app


def _find_g() -> _AppCtxGlobals:
    activation: t.Any = current()
    context = activation[1] if activation is not None else None
    if context is OF_REQUEST:
        context = activation[2]._app_context or activation[2].app_context
    elif context is None:
        raise RuntimeError(no_application)
    found: _AppCtxGlobals = context.g
    return found


def _find_request() -> Request:
    activation = current()
    if activation is None or activation[2] is None:
        raise RuntimeError(no_request)
    found: Request = activation[2].request
    return found


def _find_session() -> SessionMixin:
    activation = current()
    if activation is None or activation[2] is None:
        raise RuntimeError(no_request)
    found: SessionMixin = activation[2].session
    return found


#: The active application context.
#:
#: .. versionadded:: 2.2
app_ctx: AppContext = _proxy(_find_app_context)

#: The active request context.
#:
#: .. versionadded:: 2.2
request_ctx: RequestContext = _proxy(_find_request_context)

#: The application that handles the request, or that a context was pushed for. Extensions use it to work with any number
#: of applications in one process.
current_app: Flask = _proxy(_find_current_app)

#: A place for whatever belongs to the current context, as attributes: a database connection, the user who is logged in.
#: It starts empty with each request.
#:
#: .. versionchanged:: 0.10
#:     Belongs to the application context instead of the request context.
g: _AppCtxGlobals = _proxy(_find_g)

#: The request that is being handled, an instance of the application's ``request_class``.
request: Request = _proxy(_find_request)

#: The session of the user who sent the request: a dict that is kept between requests.
session: SessionMixin = _proxy(_find_session)
