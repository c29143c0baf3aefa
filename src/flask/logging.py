"""The application's logger, and the handler it gets if the program configured none."""

from __future__ import annotations

import logging
import sys
import typing as t

from werkzeug.local import LocalProxy

from . import eras
from .globals import request

if t.TYPE_CHECKING:
    from .sansio.app import App


@LocalProxy
def wsgi_errors_stream() -> t.TextIO:
    """Where errors are written: the WSGI server's stream during a request, else standard error.

    .. versionadded:: 1.0
    """
    if request:
        return t.cast(t.TextIO, request.environ.get("wsgi.errors", sys.stderr))
    return sys.stderr


def has_level_handler(logger: logging.Logger) -> bool:
    """Whether some handler, of the logger or of one above it, handles messages of the logger's level.

    :param logger: the logger.

    .. versionadded:: 1.0
    """
    level = logger.getEffectiveLevel()
    current: logging.Logger | None = logger
    while current is not None:
        if any(handler.level <= level for handler in current.handlers):
            return True
        current = current.parent if current.propagate else None
    return False


#: Writes messages to :func:`wsgi_errors_stream`.
#:
#: .. versionadded:: 1.0
default_handler: logging.StreamHandler[t.TextIO] = logging.StreamHandler(t.cast(t.TextIO, wsgi_errors_stream))
default_handler.setFormatter(logging.Formatter("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))

#: The default of :attr:`flask.Flask.debug_log_format`.
DEBUG_LOG_FORMAT = "\n".join(
    ("-" * 80, "%(levelname)s in %(module)s [%(pathname)s:%(lineno)d]:", "%(message)s", "-" * 80)
)

#: The format of messages outside of debug mode, in Flask 0.11 and 0.12.
PROD_LOG_FORMAT = "[%(asctime)s] %(levelname)s in %(module)s: %(message)s"


def create_logger(app: App) -> logging.Logger:
    """The logger of an application, made ready as the era has it.

    Today it bears the application's name, or that of ``LOGGER_NAME``, and is left as the program configured it; a
    handler is added only if none of the program's would handle its messages. In an era before 1.0 it bears
    ``logger_name`` and writes to standard error in debug mode, with ``debug_log_format``.

    :param app: the application.
    """
    if eras.is_old("logger_own_handlers"):
        return _create_old_logger(app)
    logger = logging.getLogger(app.config.get("LOGGER_NAME") or app.name)
    if app.debug and not logger.level:
        logger.setLevel(logging.DEBUG)
    if not has_level_handler(logger):
        logger.addHandler(default_handler)
    return logger


class _DebugHandler(logging.StreamHandler[t.TextIO]):
    """Writes to standard error while the application is in debug mode."""

    def __init__(self, app: App) -> None:
        super().__init__(sys.stderr)
        self._app = app
        self.setFormatter(logging.Formatter(getattr(app, "debug_log_format", DEBUG_LOG_FORMAT)))

    def emit(self, record: logging.LogRecord) -> None:
        if self._app.debug:
            super().emit(record)


def _create_old_logger(app: App) -> logging.Logger:
    logger = logging.getLogger(getattr(app, "logger_name", app.import_name))
    for handler in [handler for handler in logger.handlers if isinstance(handler, _DebugHandler)]:
        logger.removeHandler(handler)
    logger.addHandler(_DebugHandler(app))
    if app.debug and not logger.level:
        logger.setLevel(logging.DEBUG)
    return logger
