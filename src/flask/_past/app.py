"""What :class:`flask.Flask` once had."""

from __future__ import annotations

import os
import threading
import typing as t
import warnings
from datetime import timedelta

from .. import eras
from ..config import ConfigAttribute
from ..json import JSONDecoder, JSONEncoder
from ..logging import DEBUG_LOG_FORMAT
from ..sansio.app import App
from ..sansio.scaffold import callable_for, setupmethod
from .scaffold import PastScaffold

if t.TYPE_CHECKING:
    from .. import typing as ft
    from ..app import Flask
    from ..sessions import NullSession, SessionMixin
    from ..wrappers import Request, Response


class _Falling(ConfigAttribute[t.Any]):
    """An attribute that shows a configuration key, or what the application has instead while the key is unset."""

    def __init__(self, name: str, instead: t.Callable[[t.Any], t.Any]) -> None:
        super().__init__(name)
        self._instead = instead

    def __get__(self, obj: t.Any, owner: type | None = None) -> t.Any:
        if obj is None:
            return self
        value = obj.config.get(self.__name__)
        return value if value is not None else self._instead(obj)


class PastApp(PastScaffold, App):
    """Members that later releases of Flask removed from the application."""

    #: The format of the logger in debug mode, in an era before 1.0.
    #:
    #: .. versionadded:: 0.3
    debug_log_format: str = DEBUG_LOG_FORMAT

    #: Whether deprecated ``Module`` objects can be registered.
    enable_modules = True

    #: The name of the logger, by default that of the application's module: ``LOGGER_NAME``.
    #:
    #: .. versionadded:: 0.4
    logger_name: ConfigAttribute[str] = _Falling("LOGGER_NAME", lambda app: app.import_name)

    #: The name of the session's cookie: ``SESSION_COOKIE_NAME``.
    session_cookie_name: ConfigAttribute[str] = ConfigAttribute("SESSION_COOKIE_NAME")

    #: Whether files are sent by the header ``X-Sendfile``, which the server must support: ``USE_X_SENDFILE``.
    #:
    #: .. versionadded:: 0.2
    use_x_sendfile: ConfigAttribute[bool] = ConfigAttribute("USE_X_SENDFILE")

    #: For how long clients may keep files without asking: ``SEND_FILE_MAX_AGE_DEFAULT``.
    send_file_max_age_default: ConfigAttribute[timedelta | None] = ConfigAttribute(
        "SEND_FILE_MAX_AGE_DEFAULT",
        get_converter=lambda value: timedelta(seconds=value) if isinstance(value, int) else value,
    )

    #: The class that writes JSON, of a program of 0.10 to 2.2; another than this default is used by :attr:`json`.
    json_encoder: type[t.Any] | None = JSONEncoder

    #: The class that reads JSON, of a program of 0.10 to 2.2; another than this default is used by :attr:`json`.
    json_decoder: type[t.Any] | None = JSONDecoder

    _first_request_pending = True

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        #: Functions called before the first request.
        #:
        #: .. versionadded:: 0.8
        self.before_first_request_funcs: list[ft.BeforeFirstRequestCallable] = []
        self._before_first_request_lock = threading.RLock()

    # -- the first request

    @property
    def got_first_request(self) -> bool:
        """Whether the application began to handle its first request.

        .. versionadded:: 0.8
        """
        return self._got_first_request

    @setupmethod
    def before_first_request(self, f: ft.BeforeFirstRequestDecorator) -> ft.BeforeFirstRequestDecorator:
        """Register a function that is called before the first request to the application, once.

        :param f: takes no arguments; what it returns is ignored.

        >>> from flask import Flask
        >>> app = Flask("shop")
        >>> @app.before_first_request
        ... def warm_up():
        ...     print("warming up")
        >>> client = app.test_client()
        >>> client.get("/").status_code, client.get("/").status_code
        warming up
        (404, 404)

        .. versionadded:: 0.8
        .. versionchanged:: 2.3
            Removed; kept here.
        """
        self.before_first_request_funcs.append(callable_for("before_first_request", f))
        return f

    def try_trigger_before_first_request_functions(self) -> None:
        """Call the functions for the first request, if they were not called yet. Other requests wait until they are
        done.

        If one raises, that request fails, and the next one tries again.
        """
        with self._before_first_request_lock:
            if self._first_request_pending:
                self._got_first_request = True
                for function in self.before_first_request_funcs:
                    self.ensure_sync(function)()
                self._first_request_pending = False
            if self.config["SERVER_TIMING"]:
                from .._dispatch import timing

                timing.begin(t.cast("Flask", self))

    if t.TYPE_CHECKING:

        def ensure_sync(self, func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]: ...

    # -- settings

    @property
    def propagate_exceptions(self) -> bool:
        """Whether unhandled exceptions are raised out of the application: ``PROPAGATE_EXCEPTIONS`` if it is set, else
        when testing or debugging.

        .. versionadded:: 0.7
        """
        value = self.config["PROPAGATE_EXCEPTIONS"]
        return t.cast(bool, value) if value is not None else bool(self.testing or self.debug)

    @property
    def preserve_context_on_exception(self) -> bool:
        """Whether the context of a failed request is kept until the next: ``PRESERVE_CONTEXT_ON_EXCEPTION`` if it is
        set, else, in an era before 2.2, in debug mode.

        .. versionadded:: 0.7
        """
        value = self.config["PRESERVE_CONTEXT_ON_EXCEPTION"]
        if value is not None:
            return t.cast(bool, value)
        return self.debug and eras.is_old("context_kept_on_exception")

    @property
    def env(self) -> str:
        """The environment that the program runs in: ``ENV``, else ``FLASK_ENV``, else ``production``.

        .. versionadded:: 1.0
        .. versionchanged:: 2.3
            Removed; kept here.
        """
        return t.cast(str, self.config.get("ENV") or os.environ.get("FLASK_ENV") or "production")

    @env.setter
    def env(self, value: str) -> None:
        self.config["ENV"] = value

    @property
    def templates_auto_reload(self) -> bool:
        """Whether changed templates are loaded again: ``TEMPLATES_AUTO_RELOAD`` if it is set, else in debug mode."""
        value = self.config["TEMPLATES_AUTO_RELOAD"]
        return t.cast(bool, value) if value is not None else self.debug

    @templates_auto_reload.setter
    def templates_auto_reload(self, value: bool | None) -> None:
        self.config["TEMPLATES_AUTO_RELOAD"] = value

    @property
    def error_handlers(self) -> t.Any:
        """The application's handlers by status code, as programs before 0.7 knew them."""
        return self.error_handler_spec[None]

    @error_handlers.setter
    def error_handlers(self, value: t.Any) -> None:
        self.error_handler_spec[None] = value

    @property
    def request_globals_class(self) -> type[t.Any]:
        """The class of the object behind ``g``, under its name of 0.9."""
        return self.app_ctx_globals_class

    @request_globals_class.setter
    def request_globals_class(self, value: type[t.Any]) -> None:
        self.app_ctx_globals_class = value

    # -- sessions

    def open_session(self, request: Request) -> SessionMixin | None:
        """Open the session of a request, by :attr:`session_interface`. Rather than overriding this, replace that.

        :param request: the request.
        :return: the session, or None where the configuration allows none.
        """
        return self.session_interface.open_session(self, request)  # type: ignore[arg-type]  # self is a Flask

    def save_session(self, session: SessionMixin, response: Response) -> None:
        """Save the session of a request, by :attr:`session_interface`. Rather than overriding this, replace that.

        :param session: the session.
        :param response: the response that is about to be sent.
        """
        self.session_interface.save_session(self, session, response)  # type: ignore[arg-type]

    def make_null_session(self) -> NullSession:
        """Make what stands for a missing session, by :attr:`session_interface`.

        .. versionadded:: 0.7
        """
        return self.session_interface.make_null_session(self)  # type: ignore[arg-type]

    # -- templates and modules

    def init_jinja_globals(self) -> None:
        """Once set up what templates can use.

        .. versionadded:: 0.5
        .. deprecated:: 0.7
            Override :meth:`create_jinja_environment`. An override of this is still called.
        """

    def _call_init_jinja_globals(self) -> None:
        if type(self).init_jinja_globals is not PastApp.init_jinja_globals:
            warnings.warn(
                "init_jinja_globals() is deprecated since Flask 0.7: override create_jinja_environment() instead.",
                DeprecationWarning,
                stacklevel=4,  # above the cached property, where the environment is asked for
            )
            self.init_jinja_globals()

    @property
    def modules(self) -> dict[str, t.Any]:
        """The registered ``Module`` objects by name."""
        return {name: one for name, one in self.blueprints.items() if getattr(one, "is_module", False)}

    def register_module(self, module: t.Any, **options: t.Any) -> None:
        """Register a deprecated ``Module``.

        :param module: the module.
        :param options: they override what the module was made with: ``url_prefix``, ``subdomain``.

        .. deprecated:: 0.7
            Use blueprints.
        """
        if not self.enable_modules:
            raise RuntimeError(
                "Modules are not enabled on this application: `enable_modules` is False."
                " Set it to True, or use blueprints."
            )
        self.register_blueprint(module, **options)
