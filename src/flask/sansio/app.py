"""What the user declared of an application: its configuration, URL map, views, hooks, templates."""

from __future__ import annotations

import os
import sys
import typing as t
from datetime import timedelta

from werkzeug.datastructures import ImmutableDict
from werkzeug.exceptions import Aborter, BadRequest, BadRequestKeyError, HTTPException
from werkzeug.routing import BuildError, Rule
from werkzeug.routing import Map as WerkzeugMap
from werkzeug.sansio.response import Response
from werkzeug.utils import cached_property
from werkzeug.utils import redirect as _redirect

from .. import eras
from .._packages import find_package
from .._routing import Map
from ..config import Config, ConfigAttribute
from ..globals import _AppCtxGlobals
from ..helpers import blueprint_names, get_debug_flag, writable_url
from ..json.provider import DefaultJSONProvider, JSONProvider
from ..logging import create_logger
from . import handlers
from .blueprints import register_on
from .scaffold import Scaffold, _endpoint_from_view_func, callable_for, check_rule, refuses_late_setup, setupmethod
from .templates import TemplateHelpers, default_template_context

if t.TYPE_CHECKING:
    import logging

    from jinja2 import BaseLoader
    from werkzeug.wrappers import Response as WerkzeugResponse

    from .. import typing as ft
    from ..sessions import SessionInterface
    from ..templating import Environment
    from ..testing import FlaskClient, FlaskCliRunner
    from .blueprints import Blueprint


def _make_timedelta(value: timedelta | int | None) -> timedelta | None:
    """A time span of a configuration value, which may be a number of seconds."""
    return value if value is None or isinstance(value, timedelta) else timedelta(seconds=value)


class App(TemplateHelpers, Scaffold):
    """The part of :class:`flask.Flask` that declares and registers, and handles no requests. See there for its
    parameters.
    """

    #: The class of the exception raiser behind :func:`flask.abort`.
    #:
    #: .. versionadded:: 2.2
    aborter_class = Aborter

    #: The class of the object behind :data:`flask.g`.
    #:
    #: .. versionadded:: 0.10
    app_ctx_globals_class: type[t.Any] = _AppCtxGlobals

    #: The class of :attr:`config`.
    #:
    #: .. versionadded:: 0.11
    config_class: type[Config] = Config

    #: Whether the application is in testing mode: exceptions are passed on to the test, and extensions help tests.
    #: The same as the configuration key ``TESTING``.
    testing: ConfigAttribute[bool] = ConfigAttribute("TESTING")

    #: The key that cookies and other things are signed with. It must be complex, random, and secret.
    #: The same as the configuration key ``SECRET_KEY``.
    secret_key: ConfigAttribute[str | bytes | None] = ConfigAttribute("SECRET_KEY")

    #: How long a permanent session lives, 31 days by default.
    #: The same as the configuration key ``PERMANENT_SESSION_LIFETIME``, which may also be a number of seconds.
    permanent_session_lifetime: ConfigAttribute[timedelta] = ConfigAttribute(
        "PERMANENT_SESSION_LIFETIME",
        get_converter=_make_timedelta,  # type: ignore[arg-type]  # the key has a value
    )

    #: The class of :attr:`json`.
    #:
    #: .. versionadded:: 2.2
    json_provider_class: type[JSONProvider] = DefaultJSONProvider

    #: Options for the Jinja environment. Change them before :attr:`jinja_env` is first used.
    jinja_options: dict[str, t.Any] = t.cast(
        "dict[str, t.Any]",
        eras.ByEra(
            "default_jinja_extensions",
            ImmutableDict(extensions=["jinja2.ext.autoescape", "jinja2.ext.with_"]),
            {},
        ),
    )

    #: The class of the URL rules that :meth:`add_url_rule` makes.
    #:
    #: .. versionadded:: 0.7
    url_rule_class = Rule

    #: The class of :attr:`url_map`.
    #:
    #: .. versionadded:: 1.1
    url_map_class: type[WerkzeugMap] = Map

    #: The class of the test client, None for :class:`flask.testing.FlaskClient`.
    #:
    #: .. versionadded:: 0.7
    test_client_class: type[FlaskClient] | None = None

    #: The class of the runner for commands in tests, None for :class:`flask.testing.FlaskCliRunner`.
    #:
    #: .. versionadded:: 1.0
    test_cli_runner_class: type[FlaskCliRunner] | None = None

    default_config: ImmutableDict[str, t.Any]
    response_class: type[Response]
    session_interface: SessionInterface

    def __init__(
        self,
        import_name: str,
        static_url_path: str | None = None,
        static_folder: str | os.PathLike[str] | None = "static",
        static_host: str | None = None,
        host_matching: bool = False,
        subdomain_matching: bool = False,
        template_folder: str | os.PathLike[str] | None = "templates",
        instance_path: str | None = None,
        instance_relative_config: bool = False,
        root_path: str | None = None,
    ) -> None:
        super().__init__(
            import_name=import_name,
            static_folder=static_folder,
            static_url_path=static_url_path,
            template_folder=template_folder,
            root_path=root_path,
        )
        if instance_path is None:
            instance_path = self.auto_find_instance_path()
        elif not os.path.isabs(instance_path):
            raise ValueError(
                f"The instance path {instance_path!r} is relative. It must be absolute, so that it does not depend on"
                " where the program is started. Make it so with os.path.abspath()."
            )
        #: The path of the instance folder, for files that belong to one installation.
        #:
        #: .. versionadded:: 0.8
        self.instance_path = instance_path
        #: The configuration: a dict with methods to load it from elsewhere.
        self.config: Config = self.make_config(instance_relative_config)
        self.aborter: Aborter = self.make_aborter()
        #: What the application reads and writes JSON with.
        #:
        #: .. versionadded:: 2.2
        self.json: JSONProvider = self.json_provider_class(self)
        #: Functions that are asked for a URL that could not be built: each takes the error, the endpoint and the
        #: values.
        #:
        #: .. versionadded:: 0.9
        self.url_build_error_handlers: list[t.Callable[[Exception, str, dict[str, t.Any]], str]] = []
        #: Functions called when an application context ends.
        #:
        #: .. versionadded:: 0.9
        self.teardown_appcontext_funcs: list[ft.TeardownCallable] = []
        #: Functions that give names for the shell.
        #:
        #: .. versionadded:: 0.11
        self.shell_context_processors: list[ft.ShellContextProcessorCallable] = []
        #: The blueprints by the name that they are registered under.
        #:
        #: .. versionadded:: 0.7
        self.blueprints: dict[str, Blueprint] = {}
        #: A place for what extensions keep about the application, by the name of the extension.
        #:
        #: .. versionadded:: 0.7
        self.extensions: dict[str, t.Any] = {}
        #: The URL rules. Converters may be added before the rules that use them: ``app.url_map.converters["list"] =
        #: ...``.
        self.url_map: WerkzeugMap = self.url_map_class(host_matching=host_matching)
        #: Whether requests are told apart by subdomain, as the rules' ``subdomain`` demands.
        self.subdomain_matching = subdomain_matching
        self._got_first_request = False
        self.template_context_processors[None] = [default_template_context]

    def _check_setup_finished(self, f_name: str) -> None:
        if self._got_first_request and refuses_late_setup(self.debug):
            raise AssertionError(
                f"A setup function was called after the first request: {f_name!r} can no longer be called on the"
                " application, since requests would be handled differently before and after.\n"
                "Usually a module that registers something was imported too late. Import all views and models, and"
                " register everything, before the application serves its first request."
            )

    # -- identity and configuration

    @cached_property
    def name(self) -> str:
        """The name of the application: that of the module or package; of the file that was run, if that is
        ``__main__``.

        .. versionadded:: 0.8
        """
        if self.import_name == "__main__":
            file: str | None = getattr(sys.modules["__main__"], "__file__", None)
            if file is not None:
                return os.path.splitext(os.path.basename(file))[0]
        return self.import_name

    @cached_property
    def logger(self) -> logging.Logger:
        """The logger of the application, a :class:`logging.Logger`.

        .. versionadded:: 0.3
        .. versionchanged:: 1.0
            It bears :attr:`name`, and is left as the program configured the logging.
        """
        return create_logger(self)

    def make_config(self, instance_relative: bool = False) -> Config:
        """Make :attr:`config`, when the application is made.

        :param instance_relative: whether file names are relative to the instance path instead of the root path.

        .. versionadded:: 0.8
        """
        root_path = self.instance_path if instance_relative else self.root_path
        defaults = dict(self.default_config)
        if defaults.get("DEBUG") is None:
            # Before 1.0 there was no FLASK_ENV to mind.
            defaults["DEBUG"] = get_debug_flag(None if eras.is_after("0.12") else False)
        return self.config_class(root_path, defaults)

    def make_aborter(self) -> Aborter:
        """Make what :func:`flask.abort` calls, when the application is made.

        .. versionadded:: 2.2
        """
        return self.aborter_class()

    def auto_find_instance_path(self) -> str:
        """The instance path where none is given: a folder ``instance`` beside the package or module; for one that is
        installed, ``<prefix>/var/<name>-instance``.

        .. versionadded:: 0.8
        """
        prefix, package_path = find_package(self.import_name)
        if prefix is None:
            return os.path.join(package_path, "instance")
        return os.path.join(prefix, "var", f"{self.name}-instance")

    @property
    def debug(self) -> bool:
        """Whether the application is in debug mode: errors show a debugger, and the server reloads changed code.

        The same as the configuration key ``DEBUG``.
        """
        return t.cast(bool, self.config["DEBUG"])

    @debug.setter
    def debug(self, value: bool) -> None:
        self.config["DEBUG"] = value
        if self.config["TEMPLATES_AUTO_RELOAD"] is None and "jinja_env" in self.__dict__:
            self.jinja_env.auto_reload = value

    # -- templates

    @cached_property
    def jinja_env(self) -> Environment:
        """The Jinja environment that loads templates, made when first used."""
        return self.create_jinja_environment()

    def create_jinja_environment(self) -> Environment:
        """Make :attr:`jinja_env`. See :meth:`flask.Flask.create_jinja_environment`."""
        raise NotImplementedError

    def create_global_jinja_loader(self) -> BaseLoader:
        """Make the loader of the Jinja environment, which asks the loaders of the application and of its blueprints.

        Rather than this, override :attr:`jinja_loader`.

        .. versionadded:: 0.7
        """
        from ..templating import DispatchingJinjaLoader

        return DispatchingJinjaLoader(self)

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Whether values are escaped in a template of this name: if it ends in ``.html``, ``.htm``, ``.xml``,
        ``.xhtml`` or ``.svg``, or if it has no name, as one made from a string.

        :param filename: the name of the template.

        .. versionadded:: 0.5
        """
        return filename is None or filename.endswith((".html", ".htm", ".xml", ".xhtml", ".svg"))

    # -- registration

    @setupmethod
    def register_blueprint(self, blueprint: Blueprint, **options: t.Any) -> None:
        """Register a blueprint on the application.

        :param blueprint: the blueprint.
        :param options: they override what the blueprint was made with: ``url_prefix``, ``subdomain``, ``url_defaults``;
            ``name`` registers it under another name. All are passed to :meth:`flask.Blueprint.register`.

        .. versionadded:: 0.7
        """
        register_on(self, blueprint, options)

    def iter_blueprints(self) -> t.ValuesView[Blueprint]:
        """The registered blueprints, in the order of registration.

        .. versionadded:: 0.11
        """
        return self.blueprints.values()

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: ft.RouteCallable | None = None,
        provide_automatic_options: bool | None = None,
        **options: t.Any,
    ) -> None:
        """Register a URL rule, with the view function if it is known already.

        :param rule: the rule: a path with variable parts such as ``<int:post_id>``.
        :param endpoint: the endpoint, which names the rule for :func:`flask.url_for`; by default the name of the
            function.
        :param view_func: the view function. Without one, it is registered later by :meth:`endpoint` or in
            :attr:`view_functions`.
        :param provide_automatic_options: whether OPTIONS is answered automatically; by default, if the view does not.
        :param options: ``methods``, ``defaults``, ``subdomain`` and what else :class:`werkzeug.routing.Rule` takes;
            and ``stream_body=True`` for a view that reads the body of the request itself, piece by piece: see
            :attr:`flask.Request.body`.
        :raises AssertionError: if the endpoint has another view function already.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> def index():
        ...     return "Welcome!"
        >>> app.add_url_rule("/", "index", index)
        >>> app.test_client().get("/").text
        'Welcome!'

        .. versionchanged:: 0.2
            The view_func parameter.
        .. versionchanged:: 0.6
            OPTIONS is added as a method.
        .. versionchanged:: 3.1.100
            The option ``stream_body``.
        """
        check_rule(rule)
        if endpoint is None:
            endpoint = _endpoint_from_view_func(view_func)
        options["endpoint"] = endpoint
        methods = _methods_of(options.pop("methods", None), view_func)
        provide_automatic_options, required = self._settle_options(methods, provide_automatic_options, view_func)
        stream_body = options.pop("stream_body", False)
        self._check_endpoint(endpoint, view_func)
        url_rule: t.Any = self.url_rule_class(rule, methods=methods | required, **options)
        url_rule.provide_automatic_options = provide_automatic_options
        url_rule.stream_body = stream_body
        self.url_map.add(url_rule)
        if view_func is not None:
            self.view_functions[endpoint] = view_func

    def _settle_options(
        self, methods: set[str], provide: bool | None, view_func: ft.RouteCallable | None
    ) -> tuple[bool, set[str]]:
        """Whether a rule answers OPTIONS automatically, and which methods it gets for that and by its view's demand."""
        required = {method.upper() for method in getattr(view_func, "required_methods", ())}
        if provide is None:
            provide = getattr(view_func, "provide_automatic_options", None)
        if provide is None:
            provide = "OPTIONS" not in methods and self.config["PROVIDE_AUTOMATIC_OPTIONS"]
        if provide:
            required.add("OPTIONS")
        return bool(provide), required

    def _check_endpoint(self, endpoint: str, view_func: ft.RouteCallable | None) -> None:
        if view_func is not None and not callable(view_func):
            raise TypeError(f"The view for {endpoint!r} must be a function, or be callable, and {view_func!r} is not.")
        existing = self.view_functions.get(endpoint)
        if view_func is not None and existing is not None and existing != view_func:
            raise AssertionError(
                f"View function mapping is overwriting an existing endpoint function: {endpoint}. Two functions were"
                " registered for it. Give one of the rules another endpoint with endpoint=..., and if a decorator wraps"
                " the functions, have it keep their names with functools.wraps."
            )

    @setupmethod
    def teardown_appcontext(self, f: ft.TeardownDecorator) -> ft.TeardownDecorator:
        """Register a function that is called when an application context ends: at the end of a request, of a command.

        :param f: takes the exception, or None. What it returns is ignored.

        .. versionadded:: 0.9
        """
        self.teardown_appcontext_funcs.append(callable_for("teardown_appcontext", f))
        return f

    @setupmethod
    def shell_context_processor(
        self, f: ft.ShellContextProcessorDecorator
    ) -> ft.ShellContextProcessorDecorator:
        """Register a function that gives names for ``flask shell``.

        :param f: takes no arguments and returns a dict.

        .. versionadded:: 0.11
        """
        self.shell_context_processors.append(callable_for("shell_context_processor", f))
        return f

    # -- what the declarations mean

    def _find_error_handler(self, e: Exception, blueprints: t.Sequence[str]) -> ft.ErrorHandlerCallable | None:
        """The handler for an exception, None without one."""
        code = e.code if isinstance(e, HTTPException) else None
        return handlers.find(self.error_handler_spec, blueprints, e, code)

    def trap_http_exception(self, e: Exception) -> bool:
        """Whether an HTTP exception is passed on like any other instead of being answered by its handler or itself.

        It is with ``TRAP_HTTP_EXCEPTIONS``. With ``TRAP_BAD_REQUEST_ERRORS`` it is for keys missing from the request's
        data, which helps to find out which one was missing.

        :param e: the exception.

        .. versionadded:: 0.8
        """
        if self.config["TRAP_HTTP_EXCEPTIONS"]:
            return True
        trap = self.config["TRAP_BAD_REQUEST_ERRORS"]
        if trap is None and self.debug and isinstance(e, BadRequestKeyError):
            return True  # unset, it helps in debug mode
        return bool(trap) and isinstance(e, BadRequest)

    def should_ignore_error(self, error: BaseException | None) -> bool:
        """Whether the teardown functions are not told of an error.

        :param error: the exception.

        .. versionadded:: 0.10
        """
        return False

    def redirect(self, location: str, code: int = 302) -> WerkzeugResponse:
        """Make a response that sends the client to another URL: what :func:`flask.redirect` calls.

        :param location: the URL.
        :param code: the status.

        .. versionadded:: 2.2
        """
        return _redirect(writable_url(location), code=code, Response=self.response_class)  # type: ignore[arg-type]  # one for WSGI

    def inject_url_defaults(self, endpoint: str, values: dict[str, t.Any]) -> None:
        """Add what the ``url_defaults`` functions have for an endpoint to the values of a URL.

        :param endpoint: the endpoint.
        :param values: the values, changed in place.

        .. versionadded:: 0.7
        """
        functions = self.url_default_functions
        if not functions:
            return
        names: t.Iterable[str | None] = (None,)
        if "." in endpoint:
            names = (None, *reversed(blueprint_names(endpoint.rpartition(".")[0])))
        for name in names:
            for function in functions.get(name, ()):
                function(endpoint, values)

    def handle_url_build_error(self, error: BuildError, endpoint: str, values: dict[str, t.Any]) -> str:
        """Ask the :attr:`url_build_error_handlers` for a URL that could not be built, in turn.

        :param error: the error of building it, raised if no handler knows the URL.
        :param endpoint: the endpoint.
        :param values: the values.

        .. versionadded:: 0.9
        """
        for handler in self.url_build_error_handlers:
            try:
                url = handler(error, endpoint, values)
            except BuildError as raised:
                error = raised
            else:
                if url is not None:
                    return url
        raise error


def _methods_of(methods: t.Any, view_func: t.Any) -> set[str]:
    """The methods of a rule: its own, else its view's, else GET."""
    if methods is None:
        methods = getattr(view_func, "methods", None) or ("GET",)
    try:
        if isinstance(methods, str):
            raise TypeError
        return {method.upper() for method in methods}
    except (AttributeError, TypeError):
        raise TypeError(
            f"The methods of a URL rule were given as {methods!r}, and must be a list of strings:"
            ' @app.route(..., methods=["POST"]).'
        ) from None
