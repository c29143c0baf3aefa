"""Views written as classes."""

from __future__ import annotations

import typing as t

from . import _activation
from ._awaiting import is_async, places_calls
from .globals import current_app, request

if t.TYPE_CHECKING:
    from . import typing as ft
    from .ctx import RequestContext

F = t.TypeVar("F", bound=t.Callable[..., t.Any])

#: The methods that a :class:`MethodView` may define, in lower case.
http_method_funcs: frozenset[str] = frozenset(["get", "post", "head", "options", "delete", "put", "trace", "patch"])


def _call(function: t.Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
    """Call user code where it belongs: on an event loop its result may be a coroutine, which the caller awaits. A sync
    decorator does not: it is handed the result.
    """
    ctx = _activation.request_context()
    if ctx is not None and (placement := ctx.placement) is not None and placement.is_here() and _is_awaited(ctx):
        return placement.call(function, *args, **kwargs)
    return current_app.ensure_sync(function)(*args, **kwargs)


def _is_awaited(ctx: RequestContext) -> bool:
    """Whether what answers the request is a view as :meth:`View.as_view` made it, or one written with ``async def``."""
    return is_async(ctx.app.view_functions.get(ctx.request.endpoint))  # type: ignore[arg-type]  # None is no endpoint


class View:
    """A view as a class: a subclass writes :meth:`dispatch_request`, and :meth:`as_view` makes a function of it.

    >>> from flask import Flask
    >>> from flask.views import View
    >>> class Hello(View):
    ...     methods = ["GET"]
    ...     def dispatch_request(self, name):
    ...         return f"Hello {name}!"
    >>> app = Flask("shop")
    >>> app.add_url_rule("/hello/<name>", view_func=Hello.as_view("hello"))
    >>> app.test_client().get("/hello/Ada").text
    'Hello Ada!'

    A decorator for views must be applied to the function that ``as_view`` returns, or be listed in :attr:`decorators`;
    one on the class itself would decorate the class.

    .. versionadded:: 0.7
    """

    #: The methods the view answers, as by the ``methods`` of a URL rule; None for the rule's own.
    methods: t.ClassVar[t.Collection[str] | None] = None

    #: Whether OPTIONS is answered automatically; None for the rule's own.
    #:
    #: .. versionadded:: 1.0
    provide_automatic_options: t.ClassVar[bool | None] = None

    #: Decorators for the view function, applied in this order: the last is the outermost.
    #:
    #: .. versionadded:: 0.8
    decorators: t.ClassVar[list[t.Callable[..., t.Any]]] = []

    #: Whether each request gets a new instance. With False one instance serves all: it is faster, and data of a request
    #: must not be stored on it.
    #:
    #: .. versionadded:: 2.2
    init_every_request: t.ClassVar[bool] = True

    # A subclass takes the values of its own URLs, and may be written with `async def`: hence `Any` twice.
    def dispatch_request(self, *args: t.Any, **kwargs: t.Any) -> ft.ResponseReturnValue | t.Any:
        """The view itself. A subclass writes it, with the values from the URL as keyword arguments."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say how to answer a request: it needs a method dispatch_request()."
        )

    @classmethod
    def as_view(cls, name: str, *class_args: t.Any, **class_kwargs: t.Any) -> ft.RouteCallable:
        """Make a view function of the class.

        :param name: the name of the function, which is the endpoint unless the URL rule names another.
        :param class_args: arguments for the constructor of each instance.
        :param class_kwargs: keyword arguments for it.
        :return: the function, with the class as its ``view_class``.

        .. versionchanged:: 2.2
            See :attr:`init_every_request`.
        """
        if cls.init_every_request:

            @places_calls
            def view(**kwargs: t.Any) -> t.Any:
                return _call(view.view_class(*class_args, **class_kwargs).dispatch_request, **kwargs)  # type: ignore[attr-defined]  # set below

        else:
            instance = cls(*class_args, **class_kwargs)

            @places_calls
            def view(**kwargs: t.Any) -> t.Any:
                return _call(instance.dispatch_request, **kwargs)

        if cls.decorators:
            view.__name__ = name
            view.__module__ = cls.__module__
            for decorator in cls.decorators:
                view = decorator(view)
        return t.cast("ft.RouteCallable", cls._name_view(view, name))

    @classmethod
    def _name_view(cls, view: t.Any, name: str) -> t.Any:
        """Give the function the attributes that the routing and readers of tracebacks look at."""
        view.view_class = cls
        view.__name__ = name
        view.__doc__ = cls.__doc__
        view.__module__ = cls.__module__
        view.methods = cls.methods
        view.provide_automatic_options = cls.provide_automatic_options
        return view


def _methods_of(cls: type) -> set[str]:
    """The methods that a class defines functions for, or inherits."""
    methods: set[str] = set()
    for base in cls.__bases__:
        methods.update(getattr(base, "methods", None) or ())
    methods.update(name.upper() for name in http_method_funcs if hasattr(cls, name))
    return methods


class MethodViewType(type):
    """The metaclass that :class:`MethodView` had before 2.2: it works out the ``methods`` of a class. ``MethodView``
    needs none since; a class of a program's own may still name it.

    .. versionadded:: 0.7
    """

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, t.Any]) -> None:
        super().__init__(name, bases, namespace)
        if "methods" not in namespace and (methods := _methods_of(cls)):
            cls.methods = methods


class MethodView(View):
    """A view whose methods answer the request's method: ``get()`` answers GET, ``post()`` POST.

    >>> from flask import Flask, session
    >>> from flask.views import MethodView
    >>> class Counter(MethodView):
    ...     def get(self):
    ...         return str(session.get("counter", 0))
    ...     def post(self):
    ...         session["counter"] = session.get("counter", 0) + 1
    ...         return "counted"
    >>> app = Flask("shop")
    >>> app.secret_key = "..."
    >>> app.add_url_rule("/counter", view_func=Counter.as_view("counter"))
    >>> client = app.test_client()
    >>> client.post("/counter").text, client.get("/counter").text
    ('counted', '1')

    The ``methods`` of the class follow from the methods it defines, those of its base classes included. Without a
    ``head()``, HEAD is answered by ``get()``.

    .. versionadded:: 0.7
    """

    methods: t.ClassVar[t.Collection[str] | None]

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        super().__init_subclass__(**kwargs)
        if "methods" in cls.__dict__:
            return
        if methods := _methods_of(cls):
            cls.methods = methods

    @places_calls
    def dispatch_request(self, *args: t.Any, **kwargs: t.Any) -> ft.ResponseReturnValue:
        """Call the method that the request's method asks for."""
        method = getattr(self, request.method.lower(), None)
        if method is None and request.method == "HEAD":
            method = getattr(self, "get", None)
        if method is None:
            raise AssertionError(
                f"{type(self).__name__} has no method for {request.method}, although its URL rule allows it."
                f" Define {request.method.lower()}(), or leave {request.method} out of `methods`."
            )
        return t.cast("ft.ResponseReturnValue", _call(method, *args, **kwargs))
