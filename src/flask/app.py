"""The application: the surface that users see, and the stages of a request that they may override.

What a stage does stands in :mod:`flask._dispatch`; a method here says what it is for.
"""

from __future__ import annotations

import functools
import os
import typing as t
import weakref
from datetime import timedelta
from urllib.parse import quote

from werkzeug.datastructures import ImmutableDict
from werkzeug.routing import BuildError, RequestRedirect
from werkzeug.routing import Rule as Rule
from werkzeug.utils import cached_property

from . import _activation, _stages, eras
from ._app_stages import Stages, active_context
from ._awaiting import KnownCoroutineFunctions
from ._building import build_path, is_at_root
from ._dispatch import wsgi
from ._files import OwnFiles
from ._routing import allowed_methods
from ._shortcuts import TAKEN
from ._tracebacks import own_traceback
from ._unset import UNSET
from .config import past_settings
from .ctx import RequestContext
from .globals import g, request, session
from .helpers import get_debug_flag, get_flashed_messages, get_load_dotenv
from .json import escapes_slashes, tojson_filter
from .logging import create_logger
from .sansio.app import App
from .sansio.scaffold import setupmethod as setupmethod
from .sansio.templates import default_template_context
from .sessions import SecureCookieSessionInterface, SessionInterface
from .wrappers import Request, Response

if t.TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from werkzeug.exceptions import HTTPException

    from . import typing as ft
    from ._dispatch.threads import Workers
    from ._request_context import RequestContextLife
    from .cli.group import AppGroup
    from .templating import Environment
    from .testing import AsyncFlaskClient, FlaskClient, FlaskCliRunner

R = t.TypeVar("R")

_SAFE_IN_ANCHOR = "%!#$&'()*+,/:;=?@"
_METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
_CODES_THAT_KEEP_THE_BODY = frozenset({307, 308})

_COMMON_CONFIG: t.Final[dict[str, t.Any]] = {
    "TESTING": False,
    "PROPAGATE_EXCEPTIONS": None,
    "PRESERVE_CONTEXT_ON_EXCEPTION": None,
    "SECRET_KEY": None,
    "SECRET_KEY_FALLBACKS": None,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
    "USE_X_SENDFILE": False,
    "LOGGER_NAME": None,
    "TRUSTED_HOSTS": None,
    "SERVER_NAME": None,
    "SESSION_COOKIE_NAME": "session",
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": None,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_PARTITIONED": False,
    "SESSION_COOKIE_SAMESITE": None,
    "SESSION_REFRESH_EACH_REQUEST": True,
    "MAX_CONTENT_LENGTH": None,
    "MAX_FORM_MEMORY_SIZE": 500_000,
    "MAX_FORM_PARTS": 1_000,
    "TRAP_HTTP_EXCEPTIONS": False,
    "EXPLAIN_TEMPLATE_LOADING": False,
    "PREFERRED_URL_SCHEME": "http",
    "TEMPLATES_AUTO_RELOAD": None,
    "MAX_COOKIE_SIZE": 4093,
    "PROVIDE_AUTOMATIC_OPTIONS": True,
    "TRUSTED_PROXIES": None,
    "ASGI_SYNC": "thread",
    "ASGI_THREADS": 40,
    "ASGI_BODY_LIMIT": 100 * 1024 * 1024,
    "SERVER_TIMING": False,
}


class _DefaultConfig:
    """The default configuration, put together of what all eras share and what the process's era has."""

    def __get__(self, instance: object, owner: type | None = None) -> ImmutableDict[str, t.Any]:
        return ImmutableDict(
            _COMMON_CONFIG,
            DEBUG=False if eras.is_old("default_debug") else None,
            APPLICATION_ROOT=None if eras.is_old("default_application_root") else "/",
            TRAP_BAD_REQUEST_ERRORS=False if eras.is_old("default_trap_bad_request") else None,
            SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=12) if eras.is_old("send_file_max_age") else None,
            **(past_settings() if eras.is_old("config_lists_past_keys") else {}),
        )


class Flask(OwnFiles, Stages, App):
    """The application: a WSGI application, and the place where views, URL rules, templates and the rest are registered.

    :param import_name: the name of the module or package of the application. It decides where files are found: in the
        folder of the package, or in that of the module's file. In a single module ``__name__`` is right; in a package,
        rather the package's name.
    :param static_url_path: the URL that static files are served under; by default the name of their folder.
    :param static_folder: the folder of the static files, relative to the root path.
    :param static_host: the host that static files are served on, with host matching.
    :param host_matching: whether the URL rules match hosts.
    :param subdomain_matching: whether the URL rules match subdomains of ``SERVER_NAME``.
    :param template_folder: the folder of the templates, relative to the root path.
    :param instance_path: the whole path of the instance folder; by default a folder ``instance`` beside the package or
        module.
    :param instance_relative_config: whether configuration files are looked for in the instance folder instead of the
        root path.
    :param root_path: the folder that other paths are relative to; by default that of the module or package.
    :param static_path: an older name of ``static_url_path``.

    >>> from flask import Flask
    >>> app = Flask(__name__)
    >>> @app.route("/")
    ... def index():
    ...     return "Hello World!"
    >>> app.test_client().get("/").text
    'Hello World!'

    .. versionchanged:: 0.7
        The parameters static_url_path, static_folder and template_folder.
    .. versionchanged:: 0.8
        The parameters instance_path and instance_relative_config.
    .. versionchanged:: 1.0
        The parameters static_host, host_matching and subdomain_matching.
    """

    #: The configuration that an application starts with.
    default_config: ImmutableDict[str, t.Any] = t.cast("ImmutableDict[str, t.Any]", _DefaultConfig())

    #: The class of the requests, :class:`~flask.Request` unless replaced.
    request_class: type[Request] = Request

    #: The class of the responses, :class:`~flask.Response` unless replaced.
    response_class: type[Response] = Response

    #: Opens and saves the sessions; may be replaced by another :class:`~flask.sessions.SessionInterface`.
    #:
    #: .. versionadded:: 0.8
    session_interface: SessionInterface = SecureCookieSessionInterface()

    _replaced_on_instance = False
    _told_of_middleware = False
    _is_timed = False
    _logger: logging.Logger | None = None
    _logger_settings: tuple[str, bool] | None = None

    @eras.positional(
        "argument_order",
        *("import_name", "static_path", "static_url_path", "static_folder", "template_folder", "instance_path"),
        *("instance_relative_config", "root_path"),
    )
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
        *,
        static_path: str | None = None,
    ) -> None:
        super().__init__(
            import_name=import_name,
            static_url_path=static_url_path if static_url_path is not None else static_path,
            static_folder=static_folder,
            static_host=static_host,
            host_matching=host_matching,
            subdomain_matching=subdomain_matching,
            template_folder=template_folder,
            instance_path=instance_path,
            instance_relative_config=instance_relative_config,
            root_path=root_path,
        )
        self._kept_contexts: list[RequestContextLife] = []
        self._known_coroutine_functions = KnownCoroutineFunctions()
        self.__dict__.setdefault("_replaced_on_instance", False)  # PERF: what is on the class takes longer to find
        if self.has_static_folder:
            self._add_static_rule(static_host, host_matching)

    def _add_static_rule(self, static_host: str | None, host_matching: bool) -> None:
        if bool(static_host) != host_matching:
            raise AssertionError(
                "Invalid static_host/host_matching combination: with host matching, static files need a host that they"
                " are served on, and without it they cannot have one. Give both, neither, or static_folder=None."
            )
        # The rule must not keep the application alive through a reference cycle.
        own = weakref.ref(self)

        def static(**values: t.Any) -> Response:
            app = own()
            assert app is not None  # a request keeps its application alive
            return app.send_static_file(**values)

        self.add_url_rule(
            f"{self.static_url_path}/<path:filename>", endpoint="static", host=static_host, view_func=static
        )

    def __setattr__(self, name: str, value: t.Any) -> None:
        if name in _stages.NAMES:
            self.__dict__["_replaced_on_instance"] = True
        super().__setattr__(name, value)

    # -- resources

    @cached_property
    def cli(self) -> AppGroup:  # type: ignore[override]  # an attribute of the base; made when first used
        """The commands of the application, which ``flask`` offers.

        .. versionadded:: 0.11
        """
        from .cli.group import AppGroup

        return AppGroup(name=self.name)

    @property
    def logger(self) -> logging.Logger:
        """The logger of the application, a :class:`logging.Logger`.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> app.logger.warning("%d apples left", 42)
        >>> app.logger.name
        'shop'

        .. versionadded:: 0.3
        .. versionchanged:: 1.0
            It is left as the program configured the logging.
        """
        if self._logger is None or self._logger_settings != (self.logger_name, self.debug):
            self._logger = create_logger(self)
            self._logger_settings = (self.logger_name, self.debug)
        return self._logger

    @logger.setter
    def logger(self, value: logging.Logger) -> None:
        self._logger = value
        self._logger_settings = (self.logger_name, self.debug)

    def open_instance_resource(self, resource: str, mode: str = "rb", encoding: str | None = "utf-8") -> t.IO[t.Any]:
        """Open a file of the instance folder, for reading or writing.

        :param resource: the path of the file in the folder, with forward slashes.
        :param mode: the mode, as for :func:`open`.
        :param encoding: the encoding of text.

        .. versionchanged:: 3.1
            The encoding parameter.
        """
        path = os.path.join(self.instance_path, resource)
        if "b" in mode:
            return open(path, mode)
        return open(path, mode, encoding=encoding)

    def create_jinja_environment(self) -> Environment:
        """Make :attr:`jinja_env`, of :attr:`jinja_options` and with what templates can use. May be overridden.

        .. versionadded:: 0.5
        """
        options = dict(self.jinja_options)
        options.setdefault("autoescape", self.select_jinja_autoescape)
        options.setdefault("auto_reload", self.templates_auto_reload)
        environment = self.jinja_environment(self, **options)
        environment.globals.update(
            url_for=self.url_for,
            get_flashed_messages=get_flashed_messages,
            config=self.config,
            # Templates that are imported without context see these; a rendered one has them as variables.
            request=request,
            session=session,
            g=g,
        )
        environment.policies["json.dumps_function"] = self.json.dumps
        if escapes_slashes():
            environment.filters["tojson"] = tojson_filter
        return environment

    @cached_property
    def jinja_env(self) -> Environment:
        """The Jinja environment that loads templates, made when first used."""
        environment = self.create_jinja_environment()
        self.__dict__["jinja_env"] = environment
        self._call_init_jinja_globals()
        return environment

    def update_template_context(self, context: dict[str, t.Any]) -> None:
        """Add to the variables of a template what the context processors give: ``request``, ``session`` and ``g`` among
        it.

        :param context: the variables, changed in place; those that are there already win.
        """
        own = context.copy()
        names: t.Iterable[str | None] = (None,)
        processors = self.template_context_processors
        if len(processors) > 1 and (ctx := _activation.request_context()) is not None:
            names = (None, *reversed(ctx.request.blueprints))
        for name in names:
            for processor in processors.get(name, ()):
                if processor is default_template_context:  # which each template has, and which is not async
                    context.update(default_template_context())
                else:
                    context.update(self.ensure_sync(processor)())
        context.update(own)

    def make_shell_context(self) -> dict[str, t.Any]:
        """The names of an interactive shell: the application, ``g``, and what the shell context processors give.

        .. versionadded:: 0.11
        """
        names: dict[str, t.Any] = {"app": self, "g": g}
        for processor in self.shell_context_processors:
            names.update(processor())
        return names

    # -- URLs

    def url_for(
        self,
        /,  # a URL may have a variable part of the name "self"
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: t.Any,
    ) -> str:
        """Build the URL of an endpoint: what :func:`flask.url_for` calls. May be overridden.

        .. versionadded:: 2.2
        """
        if not isinstance(endpoint, str):
            raise TypeError(f"An endpoint is text, and {endpoint!r} is none. That of a view is by default its name.")
        ctx = _activation.request_context()
        is_complete = False
        if ctx is not None:
            endpoint = self._whole_endpoint(ctx, endpoint)
            external = _scheme is not None if _external is None else _external
            is_plain = not external and _anchor is _method is _scheme is None and ctx.__class__ is RequestContext
            if TAKEN and is_plain and is_at_root(self, ctx):
                self.inject_url_defaults(endpoint, values)
                path = build_path(self, endpoint, values)
                if path is not None:
                    return path
                is_complete = True
            adapter = ctx.url_adapter
        else:
            app_context = _activation.app_context()
            adapter = app_context.url_adapter if app_context is not None else self.create_url_adapter(None)
            external = True if _external is None else _external
        if adapter is None:
            raise RuntimeError(
                f"The URL for {endpoint!r} cannot be built outside of a request, since the application's host is not"
                " known there: 'SERVER_NAME' is not set. Set it, with 'APPLICATION_ROOT' and 'PREFERRED_URL_SCHEME' if"
                " they differ from '/' and 'http'; or build the URL while a request is active."
            )
        if _scheme is not None and not external:
            raise ValueError(
                "A URL with a '_scheme' is absolute, but '_external' is False. Leave that away, or set it to True."
            )
        if not is_complete:
            self.inject_url_defaults(endpoint, values)
        try:
            url = adapter.build(endpoint, values, method=_method, url_scheme=_scheme, force_external=external)
        except BuildError as error:
            values.update(_anchor=_anchor, _method=_method, _scheme=_scheme, _external=external)
            return self.handle_url_build_error(error, endpoint, values)
        return f"{url}#{quote(_anchor, safe=_SAFE_IN_ANCHOR)}" if _anchor is not None else url

    def _whole_endpoint(self, ctx: RequestContext, endpoint: str) -> str:
        """An endpoint, with the blueprint that a dot in front of it stands for."""
        if eras.is_old("module_endpoints") and ctx.request.blueprint in self.modules:
            # There the dot means the opposite.
            endpoint = f".{endpoint}" if "." not in endpoint else endpoint.removeprefix(".")
        if endpoint.startswith("."):
            blueprint = ctx.request.blueprint
            endpoint = f"{blueprint}{endpoint}" if blueprint is not None else endpoint[1:]
        return endpoint

    def raise_routing_exception(self, request: Request) -> t.NoReturn:
        """Raise the error of matching a request's URL; in debug mode, explain a redirect that would lose the body.

        :param request: the request.
        """
        error = request.routing_exception
        if (
            self.debug
            and isinstance(error, RequestRedirect)
            and request.method not in _METHODS_WITHOUT_BODY
            and (error.code not in _CODES_THAT_KEEP_THE_BODY or eras.is_old("post_redirect_raises"))
        ):
            from .debughelpers import FormDataRoutingRedirect

            raise FormDataRoutingRedirect(request)
        raise t.cast("HTTPException", error)

    def make_default_options_response(self) -> Response:
        """Make the automatic answer to OPTIONS, which tells the methods that the URL allows. May be overridden.

        .. versionadded:: 0.7
        """
        ctx = active_context()
        methods: Iterable[str] | None = None
        if TAKEN and ctx._url_adapter is UNSET and _stages.is_ours(self, "create_url_adapter"):
            methods = allowed_methods(self, ctx.request)
        if methods is None:
            adapter = ctx.url_adapter
            methods = adapter.allowed_methods() if adapter is not None else ()
        response = self.response_class("")
        response.headers.remove("Content-Length")  # as of any response without a body, until it is sent
        if methods:
            response.headers["Allow"] = ", ".join(methods)
        return response

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        """Log an exception that no handler took. May be overridden.

        :param exc_info: type, exception and traceback. Of the traceback, what leads to the program's own code is left
            away.

        .. versionadded:: 0.8
        """
        request = active_context().request
        shown: t.Any = exc_info
        if isinstance(exc_info, tuple):  # or else what logging takes besides: extensions hand over None
            kind, error, traceback = exc_info
            shown = kind, error, own_traceback(traceback) or traceback
        self.logger.error(f"Exception on {request.path} [{request.method}]", exc_info=shown)

    def test_request_context(self, *args: t.Any, **kwargs: t.Any) -> RequestContext:
        """Make a request context for a test or the shell.

        :param args: arguments of :class:`werkzeug.test.EnvironBuilder`: the path, the base URL.
        :param kwargs: keyword arguments of it, such as ``method``, ``data``, ``json``, ``headers``.

        >>> from flask import Flask, request
        >>> with Flask("shop").test_request_context("/search?q=tea"):
        ...     request.args["q"]
        'tea'
        """
        from .testing import EnvironBuilder

        builder = EnvironBuilder(self, *args, **kwargs)
        try:
            return self.request_context(builder.get_environ())
        finally:
            builder.close()

    def test_client(self, use_cookies: bool = True, **kwargs: t.Any) -> FlaskClient:
        """Make a client that sends requests to the application, for tests.

        :param use_cookies: whether it keeps cookies.
        :param kwargs: further arguments for :attr:`test_client_class`.

        In a ``with`` body of the client the context of a request stays until the next one, or the end of the body:

        >>> from flask import Flask, request
        >>> with Flask("shop").test_client() as client:
        ...     response = client.get("/?tea=green")
        ...     request.args["tea"]
        'green'

        .. versionchanged:: 0.4
            The ``with`` body.
        .. versionchanged:: 0.7
            The use_cookies parameter, and :attr:`test_client_class`.
        .. versionchanged:: 0.11
            Further arguments.
        """
        if (cls := self.test_client_class) is None:
            from .testing import FlaskClient

            cls = FlaskClient
        return cls(self, self.response_class, use_cookies=use_cookies, **kwargs)

    def async_test_client(self, use_cookies: bool = True, **kwargs: t.Any) -> AsyncFlaskClient:
        """Make a client for tests that run on an event loop: its requests are awaited, and answered by ASGI there.

        :param use_cookies: whether it keeps cookies.
        :param kwargs: further arguments for :attr:`test_client_class`.

        .. versionadded:: 3.1.100
        """
        from .testing import AsyncFlaskClient

        client = self.test_client(use_cookies=use_cookies, **kwargs)
        client.protocol = "asgi"
        return AsyncFlaskClient(client)

    def test_cli_runner(self, **kwargs: t.Any) -> FlaskCliRunner:
        """Make a runner for the application's commands, for tests.

        :param kwargs: arguments for :attr:`test_cli_runner_class`.

        .. versionadded:: 1.0
        """
        if (cls := self.test_cli_runner_class) is None:
            from .testing import FlaskCliRunner

            cls = FlaskCliRunner
        return cls(self, **kwargs)

    # -- serving

    def run(
        self,
        host: str | None = None,
        port: int | None = None,
        debug: bool | None = None,
        load_dotenv: bool = True,
        **options: t.Any,
    ) -> None:
        """Serve the application on a local development server. It is not made for production.

        :param host: the host to listen on: ``127.0.0.1``, or that of ``SERVER_NAME``, unless given; ``0.0.0.0`` to be
            reached from elsewhere.
        :param port: the port: 5000, or that of ``SERVER_NAME``, unless given.
        :param debug: if given, switches debug mode on or off. With it on, changed code is reloaded, and errors show a
            debugger.
        :param load_dotenv: whether env files are loaded.
        :param options: further options of :func:`werkzeug.serving.run_simple`, such as ``use_reloader`` and
            ``use_debugger``, and ``use_evalex=False`` for a debugger that runs no code.

        .. versionchanged:: 0.10
            The default port is that of ``SERVER_NAME``.
        .. versionchanged:: 1.0
            Env files are loaded.
        """
        if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
            if not _is_reloader_child():
                print(  # noqa: T201  # this is for the person at the terminal
                    " * app.run() was called while the 'flask' command imports the application: it does nothing here.\n"
                    "   To keep both ways to start it, put the call under: if __name__ == \"__main__\":"
                )
            return
        from . import cli

        if get_load_dotenv(load_dotenv):
            cli.load_dotenv()
            if "FLASK_DEBUG" in os.environ:
                self.debug = bool(get_debug_flag())
        if debug is not None:
            self.debug = bool(debug)
        host, port = self._address(host, port)
        options.setdefault("use_reloader", self.debug)
        options.setdefault("use_debugger", self.debug)
        options.setdefault("threaded", True)
        cli.show_server_banner(self.debug, self.name)
        from werkzeug import serving

        try:
            serving.run_simple(host, port, self, **options)
        finally:
            # The server may be started again in the same process, after more was registered.
            self._got_first_request = False

    def _address(self, host: str | None, port: int | None) -> tuple[str, int]:
        """Where to listen: as given, else as in ``SERVER_NAME``, else on the loopback interface."""
        name, _, number = (self.config["SERVER_NAME"] or "").partition(":")
        if port is None:
            port = int(number) if number else 5000
        return host or name or "127.0.0.1", int(port)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application itself. It is not ``__call__``, so that middleware can be put around it without losing
        the application object::

            app.wsgi_app = MyMiddleware(app.wsgi_app)

        :param environ: the WSGI environment.
        :param start_response: a function that takes the status and the headers.

        .. versionchanged:: 0.7
            Hooks for before and after may not run where an error happens; those for teardown always do.
        """
        return wsgi.serve(self, environ, start_response)

    @functools.cached_property
    def asgi_app(self) -> ft.ASGICallable:
        """The ASGI application itself: what servers and ASGI middleware are given.

        It may be set, so that middleware can be put around it without losing the application object::

            app.asgi_app = MyMiddleware(app.asgi_app)

        .. versionadded:: 3.1.100
        """
        from ._dispatch.asgi import ASGIApplication

        application: ft.ASGICallable = vars(self).setdefault("asgi_app", ASGIApplication(self))
        return application  # the same, though several threads ask at once

    @functools.cached_property
    def _workers(self) -> Workers:
        """The threads for the sync code of requests that come by ASGI."""
        from ._dispatch.threads import Workers

        workers: Workers = vars(self).setdefault("_workers", Workers())
        return workers  # the same, though several threads ask at once

    @t.overload
    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]: ...

    @t.overload
    def __call__(
        self, environ: ft.ASGIScope, start_response: ft.ASGIReceive, send: ft.ASGISend
    ) -> t.Coroutine[t.Any, t.Any, None]: ...

    @t.overload
    def __call__(
        self, environ: ft.ASGIScope
    ) -> Callable[[ft.ASGIReceive, ft.ASGISend], t.Coroutine[t.Any, t.Any, None]]: ...

    def __call__(self, environ: t.Any, start_response: t.Any = None, send: t.Any = None) -> t.Any:
        """Handle a request of a server, whose protocol shows in the number of arguments: two are WSGI, and go to
        :meth:`wsgi_app`; three are ASGI, and one is what ASGI was at first, and these go to :attr:`asgi_app`.

        :param environ: the WSGI environment, or the scope.
        :param start_response: WSGI's function of that name, or what receives the next message.
        :param send: what sends a message.

        .. versionchanged:: 3.1.100
            Is an ASGI application, too.
        """
        if send is not None:
            return self.asgi_app(environ, start_response, send)
        if start_response is not None:
            return self.wsgi_app(environ, start_response)
        return functools.partial(self.asgi_app, environ)


def _is_reloader_child() -> bool:
    return os.environ.get("WERKZEUG_RUN_MAIN") == "true"


_stages.settle(Flask)
