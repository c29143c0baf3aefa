"""What an application and a blueprint have in common: where their files are, and what can be registered on them."""

from __future__ import annotations

import functools
import os
import typing as t
from collections import defaultdict

from .. import eras
from .._packages import find_package as find_package
from .._packages import get_root_path
from . import handlers

if t.TYPE_CHECKING:
    from click import Group
    from jinja2 import BaseLoader

    from .. import typing as ft

F = t.TypeVar("F", bound=t.Callable[..., t.Any])


def refuses_late_setup(debug: bool = False) -> bool:
    """Whether it is an error to register something too late: always, or in debug mode only, as before 2.2."""
    return debug or not eras.is_old("setup_check_in_debug_only")


def setupmethod(f: F) -> F:
    """Let a method be called only while the application or blueprint is set up, as far as the era demands it.

    :param f: the method.
    """
    name = f.__name__

    @functools.wraps(f)
    def call(self: Scaffold, *args: t.Any, **kwargs: t.Any) -> t.Any:
        self._check_setup_finished(name)
        return f(self, *args, **kwargs)

    return t.cast(F, call)


def _endpoint_from_view_func(view_func: t.Callable[..., t.Any] | None) -> str:
    """The endpoint of a view for which none is given: the name of the function."""
    if view_func is None:
        raise AssertionError("Expected a view function: without an endpoint, its name is the endpoint.")
    try:
        return view_func.__name__
    except AttributeError:
        raise AttributeError(
            f"The view {view_func!r} has no name, which would be its endpoint. Give the endpoint with endpoint=..., or"
            " give the view the name of a function with functools.update_wrapper()."
        ) from None


def check_rule(rule: t.Any) -> None:
    """Refuse what is no URL rule.

    :raises TypeError: if it is not text; most often it is the view, where ``@app.route`` was written without a call.
    """
    if not isinstance(rule, str):
        raise TypeError(f'A URL rule is text, and {rule!r} is none. Give one, as in @app.route("/path").')


def callable_for(registrar: str, f: F) -> F:
    """What a method registers, if it can be called.

    :param registrar: the name of the method.
    :raises TypeError: if it cannot. Most often the function was called where it should have been named.
    """
    if not callable(f):
        raise TypeError(f"{registrar}() registers a function, and {f!r} is none. Give the function without calling it.")
    return f


class Scaffold:
    """Files and registrations that applications and blueprints have alike.

    :param import_name: the name of the module or package that it belongs to: ``__name__``, usually.
    :param static_folder: the folder of the static files, relative to the root path.
    :param static_url_path: the URL that they are served under.
    :param template_folder: the folder of the templates, relative to the root path.
    :param root_path: the folder that other paths are relative to; by default that of the module or package.
    """

    name: str
    cli: Group

    _static_folder: str | None = None
    _static_url_path: str | None = None

    def __init__(
        self,
        import_name: str,
        static_folder: str | os.PathLike[str] | None = None,
        static_url_path: str | None = None,
        template_folder: str | os.PathLike[str] | None = None,
        root_path: str | None = None,
    ) -> None:
        eras.settle()
        #: The name of the module or package that it belongs to.
        self.import_name = import_name
        self.static_folder = static_folder
        self.static_url_path = static_url_path
        #: The folder of the templates, relative to the root path; None for none.
        self.template_folder = template_folder
        #: The folder that the module or package is in, to which other paths are relative.
        self.root_path: str = root_path if root_path is not None else get_root_path(import_name)
        #: The view functions by endpoint. To register one, use :meth:`route` or :meth:`endpoint`, or assign to it.
        self.view_functions: dict[str, ft.RouteCallable] = {}
        #: The error handlers: by the name of a blueprint, or None for the application; then by status code, or None for
        #: exceptions of any kind; then by class. A handler may be assigned at the code directly, and under None may
        #: stand a list of pairs (class, handler), as in 0.8.
        self.error_handler_spec: dict[
            ft.AppOrBlueprintKey, dict[int | None, dict[type[Exception], ft.ErrorHandlerCallable]]
        ] = handlers.new_spec()
        #: Functions called before each request: lists by the name of a blueprint, None for every request.
        self.before_request_funcs: dict[ft.AppOrBlueprintKey, list[ft.BeforeRequestCallable]] = defaultdict(list)
        #: Functions called with the response of each request: lists by the name of a blueprint, None for every request.
        self.after_request_funcs: dict[ft.AppOrBlueprintKey, list[ft.AfterRequestCallable[t.Any]]] = defaultdict(list)
        #: Functions called at the end of each request, with the exception or None: lists by the name of a blueprint,
        #: None for every request. What they return is ignored.
        #:
        #: .. versionadded:: 0.7
        self.teardown_request_funcs: dict[ft.AppOrBlueprintKey, list[ft.TeardownCallable]] = defaultdict(list)
        #: Functions that give variables for templates: lists by the name of a blueprint, None for every template.
        self.template_context_processors: dict[ft.AppOrBlueprintKey, list[ft.TemplateContextProcessorCallable]] = (
            defaultdict(list)
        )
        #: Functions called with endpoint and values before the view, which may change the values: lists by the name of
        #: a blueprint, None for every request.
        #:
        #: .. versionadded:: 0.7
        self.url_value_preprocessors: dict[ft.AppOrBlueprintKey, list[ft.URLValuePreprocessorCallable]] = (
            defaultdict(list)
        )
        #: Functions called with endpoint and values when a URL is built, which may add values: lists by the name of a
        #: blueprint, None for every URL.
        #:
        #: .. versionadded:: 0.7
        self.url_default_functions: dict[ft.AppOrBlueprintKey, list[ft.URLDefaultCallable]] = defaultdict(list)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    def _check_setup_finished(self, f_name: str) -> None:
        raise NotImplementedError

    # -- files

    @property
    def static_folder(self) -> str | None:
        """The whole path of the folder of the static files, None without one."""
        if self._static_folder is None:
            return None
        return os.path.join(self.root_path, self._static_folder)

    @static_folder.setter
    def static_folder(self, value: str | os.PathLike[str] | None) -> None:
        self._static_folder = os.fspath(value).rstrip(r"\/") if value is not None else None

    @property
    def static_url_path(self) -> str | None:
        """The URL that the static files are served under: by default, the name of their folder."""
        if self._static_url_path is not None:
            return self._static_url_path
        folder = self.static_folder
        return f"/{os.path.basename(folder)}".rstrip("/") if folder is not None else None

    @static_url_path.setter
    def static_url_path(self, value: str | None) -> None:
        self._static_url_path = value.rstrip("/") if value is not None else None

    @property
    def has_static_folder(self) -> bool:
        """Whether there is a folder of static files.

        .. versionadded:: 0.5
        .. versionchanged:: 0.7
            Tells whether one is set.
        """
        return self.static_folder is not None

    _jinja_loader: BaseLoader | None = None

    @property
    def jinja_loader(self) -> BaseLoader | None:
        """Loads templates from the template folder; None without one. May be overridden, and assigned.

        .. versionadded:: 0.5
        """
        if self._jinja_loader is None and self.template_folder is not None:
            from jinja2 import FileSystemLoader

            self._jinja_loader = FileSystemLoader(os.path.join(self.root_path, self.template_folder))
        return self._jinja_loader

    @jinja_loader.setter
    def jinja_loader(self, value: BaseLoader | None) -> None:
        self._jinja_loader = value

    # -- routes

    @setupmethod
    def route(self, rule: str, **options: t.Any) -> t.Callable[[ft.RouteDecorator], ft.RouteDecorator]:
        """Register a view function for a URL rule, as a decorator.

        :param rule: the rule: a path with variable parts such as ``<int:post_id>``.
        :param options: ``endpoint``, ``methods``, ``defaults``, ``subdomain`` and what else
            :class:`werkzeug.routing.Rule` takes.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> @app.route("/post/<int:post_id>", methods=["GET", "POST"])
        ... def post(post_id):
        ...     return f"post {post_id}"
        >>> app.test_client().get("/post/7").text
        'post 7'

        It calls :meth:`add_url_rule`, which is the one to override.
        """

        check_rule(rule)

        def decorator(f: ft.RouteDecorator) -> ft.RouteDecorator:
            endpoint = options.pop("endpoint", None)
            self.add_url_rule(rule, endpoint, f, **options)
            return f

        return decorator

    def _method_route(
        self, method: str, rule: str, options: dict[str, t.Any]
    ) -> t.Callable[[ft.RouteDecorator], ft.RouteDecorator]:
        if "methods" in options:
            raise TypeError(f"'methods' cannot be given here: {method.lower()}() is for {method}. Use route() instead.")
        return self.route(rule, methods=[method], **options)

    @setupmethod
    def get(self, rule: str, **options: t.Any) -> t.Callable[[ft.RouteDecorator], ft.RouteDecorator]:
        """:meth:`route` for GET.

        .. versionadded:: 2.0
        """
        return self._method_route("GET", rule, options)

    @setupmethod
    def post(self, rule: str, **options: t.Any) -> t.Callable[[ft.RouteDecorator], ft.RouteDecorator]:
        """:meth:`route` for POST.

        .. versionadded:: 2.0
        """
        return self._method_route("POST", rule, options)

    @setupmethod
    def put(self, rule: str, **options: t.Any) -> t.Callable[[ft.RouteDecorator], ft.RouteDecorator]:
        """:meth:`route` for PUT.

        .. versionadded:: 2.0
        """
        return self._method_route("PUT", rule, options)

    @setupmethod
    def delete(self, rule: str, **options: t.Any) -> t.Callable[[ft.RouteDecorator], ft.RouteDecorator]:
        """:meth:`route` for DELETE.

        .. versionadded:: 2.0
        """
        return self._method_route("DELETE", rule, options)

    @setupmethod
    def patch(self, rule: str, **options: t.Any) -> t.Callable[[ft.RouteDecorator], ft.RouteDecorator]:
        """:meth:`route` for PATCH.

        .. versionadded:: 2.0
        """
        return self._method_route("PATCH", rule, options)

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: ft.RouteCallable | None = None,
        provide_automatic_options: bool | None = None,
        **options: t.Any,
    ) -> None:
        """Register a URL rule, with the view function if it is known already. What :meth:`route` does, without a
        decorator.
        """
        raise NotImplementedError

    @setupmethod
    def endpoint(self, endpoint: str) -> t.Callable[[ft.RouteDecorator], ft.RouteDecorator]:
        """Register the view function of an endpoint, as a decorator, for a rule that was added without one.

        :param endpoint: the endpoint.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> app.add_url_rule("/tea", endpoint="shelf.tea")
        >>> @app.endpoint("shelf.tea")
        ... def tea():
        ...     return "green, black"
        >>> app.test_client().get("/tea").text
        'green, black'
        """

        def decorator(f: ft.RouteDecorator) -> ft.RouteDecorator:
            self.view_functions[endpoint] = f
            return f

        return decorator

    # -- hooks

    @setupmethod
    def before_request(self, f: ft.BeforeRequestDecorator) -> ft.BeforeRequestDecorator:
        """Register a function that is called before each request; on a blueprint, before the requests that it handles.

        :param f: takes no arguments. If it returns something else than None, that is the response, and no view is
            called.

        >>> from flask import Flask, request
        >>> app = Flask("shop")
        >>> @app.before_request
        ... def closed():
        ...     if "night" in request.args:
        ...         return "We are closed."
        >>> @app.route("/")
        ... def index():
        ...     return "Welcome!"
        >>> app.test_client().get("/").text, app.test_client().get("/?night").text
        ('Welcome!', 'We are closed.')
        """
        self.before_request_funcs.setdefault(None, []).append(callable_for("before_request", f))
        return f

    @setupmethod
    def after_request(self, f: ft.AfterRequestDecorator) -> ft.AfterRequestDecorator:
        """Register a function that is called after each request; on a blueprint, after the requests that it handled.

        :param f: takes the response and returns it, or another one.

        The functions run in the reverse order of registration. They may not run where an exception was not handled.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> @app.after_request
        ... def sign(response):
        ...     response.headers["X-Shop"] = "open"
        ...     return response
        >>> app.test_client().get("/").headers["X-Shop"]
        'open'
        """
        self.after_request_funcs.setdefault(None, []).append(callable_for("after_request", f))
        return f

    @setupmethod
    def teardown_request(self, f: ft.TeardownDecorator) -> ft.TeardownDecorator:
        """Register a function that is called when the request context ends, whether there was an error or not.

        :param f: takes the exception, or None. What it returns is ignored. It should not fail: errors that it expects,
            it should handle and log.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> @app.teardown_request
        ... def note(exc):
        ...     print("over", exc)
        >>> with app.test_request_context():
        ...     print("now")
        now
        over None

        On a blueprint, it is called for the requests that the blueprint handled.
        """
        self.teardown_request_funcs.setdefault(None, []).append(callable_for("teardown_request", f))
        return f

    @setupmethod
    def context_processor(
        self, f: ft.TemplateContextProcessorDecorator
    ) -> ft.TemplateContextProcessorDecorator:
        """Register a function that gives variables for templates; on a blueprint, for those that its views render.

        :param f: takes no arguments and returns a dict.

        >>> from flask import Flask, render_template_string
        >>> app = Flask("shop")
        >>> @app.context_processor
        ... def company():
        ...     return {"company": "ACME"}
        >>> with app.test_request_context():
        ...     render_template_string("by {{ company }}")
        'by ACME'
        """
        self.template_context_processors.setdefault(None, []).append(callable_for("context_processor", f))
        return f

    @setupmethod
    def url_value_preprocessor(self, f: ft.URLValuePreprocessorDecorator) -> ft.URLValuePreprocessorDecorator:
        """Register a function that may change the values from the URL before the view gets them.

        :param f: takes the endpoint and the dict of values, which it may change; both are None where no URL rule
            matched.

        >>> from flask import Flask, g, url_for
        >>> app = Flask("shop")
        >>> @app.url_value_preprocessor
        ... def take_language(endpoint, values):
        ...     g.language = values.pop("language", None) if values else None
        >>> @app.route("/<language>/about")
        ... def about():
        ...     return g.language
        >>> app.test_client().get("/de/about").text
        'de'

        :meth:`url_defaults` is its counterpart, for the building of URLs.
        """
        self.url_value_preprocessors.setdefault(None, []).append(callable_for("url_value_preprocessor", f))
        return f

    @setupmethod
    def url_defaults(self, f: ft.URLDefaultDecorator) -> ft.URLDefaultDecorator:
        """Register a function that may add values when a URL is built.

        :param f: takes the endpoint and the dict of values, which it may change.

        >>> from flask import Flask, url_for
        >>> app = Flask("shop")
        >>> @app.url_defaults
        ... def add_language(endpoint, values):
        ...     values.setdefault("language", "en")
        >>> @app.route("/<language>/about")
        ... def about(language):
        ...     return language
        >>> with app.test_request_context():
        ...     url_for("about")
        '/en/about'
        """
        self.url_default_functions.setdefault(None, []).append(callable_for("url_defaults", f))
        return f

    # -- error handlers

    @setupmethod
    def errorhandler(
        self, code_or_exception: type[Exception] | int
    ) -> t.Callable[[ft.ErrorHandlerDecorator], ft.ErrorHandlerDecorator]:
        """Register a function that answers an error, as a decorator.

        :param code_or_exception: a status code, or a class of exceptions.

        The function gets the exception and returns what a view may return. Of several that fit, the one for the most
        specific class is called. On a blueprint it is for errors in the blueprint's views; a URL that no rule matches
        belongs to no blueprint.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> @app.errorhandler(404)
        ... def page_not_found(error):
        ...     return "This page does not exist", 404
        >>> app.test_client().get("/nowhere").text
        'This page does not exist'

        .. versionchanged:: 0.7
            Takes classes that are no HTTPException, too.
        """

        def decorator(f: ft.ErrorHandlerDecorator) -> ft.ErrorHandlerDecorator:
            self.register_error_handler(code_or_exception, f)
            return f

        return decorator

    @setupmethod
    def register_error_handler(self, code_or_exception: type[Exception] | int, f: ft.ErrorHandlerCallable) -> None:
        """Register a function that answers an error: what :meth:`errorhandler` does, without a decorator.

        :param code_or_exception: a status code, or a class of exceptions.
        :param f: takes the exception and returns what a view may return.

        .. versionadded:: 0.7
        """
        exc_class, code = self._get_exc_class_and_code(code_or_exception)
        handlers.register(self.error_handler_spec, None, exc_class, code, callable_for("register_error_handler", f))

    @staticmethod
    def _get_exc_class_and_code(exc_class_or_code: type[Exception] | int) -> tuple[type[Exception], int | None]:
        """The class of exceptions that a handler is for, and the status code where they have one."""
        return handlers.class_and_code(exc_class_or_code)
