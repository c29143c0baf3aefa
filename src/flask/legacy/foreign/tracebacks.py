"""``werkzeug.debug.tbtools`` until 2.1: the error that is being handled, to be written to a log or shown on a page."""

from __future__ import annotations

import sys
import typing as t

from werkzeug.debug.tbtools import DebugFrameSummary as Frame
from werkzeug.debug.tbtools import DebugTraceback


class Line:
    """A line of a program, for extensions that show templates in the debugger.

    :param lineno: its number.
    :param code: what stands in it.
    """

    def __init__(self, lineno: int, code: str) -> None:
        self.lineno = lineno
        self.code = code
        self.in_frame = False
        self.current = False


class Traceback(DebugTraceback):
    """An error, with the calls that led to it.

    :param exc_type: its class.
    :param exc_value: the error.
    :param tb: no longer means anything: an error has its calls with it.
    """

    def __init__(self, exc_type: t.Any, exc_value: BaseException, tb: t.Any = None, skip: int = 0, hide: bool = True):
        super().__init__(exc_value, skip=skip, hide=hide)
        self.exc_type = exc_type
        self.exc_value = exc_value
        module = exc_type.__module__
        self.exception_type: str = exc_type.__name__ if module == "builtins" else f"{module}.{exc_type.__name__}"

    @property
    def exception(self) -> str:
        """The error in one line."""
        return self.plaintext.rstrip().rpartition("\n")[2]

    @property
    def plaintext(self) -> str:
        """The error as Python prints it."""
        return self.render_traceback_text()

    @property
    def frames(self) -> list[Frame]:
        """The calls."""
        return self.all_frames

    @property
    def is_syntax_error(self) -> bool:
        """Whether a program could not be read."""
        return isinstance(self.exc_value, SyntaxError)

    def log(self, logfile: t.Any = None) -> None:
        """Write it to a log.

        :param logfile: a file; where errors go by default.
        """
        (sys.stderr if logfile is None else logfile).write(self.plaintext.rstrip() + "\n")

    def render_summary(self, include_title: bool = True) -> str:
        """It as a part of a page.

        :param include_title: whether with a heading.
        """
        return self.render_traceback_html(include_title)

    def render_full(self, evalex: bool = False, secret: str | None = None, evalex_trusted: bool = True) -> str:
        """It as the page of the debugger.

        :param evalex: whether code may be run in the calls.
        :param secret: what the debugger knows its own page by.
        :param evalex_trusted: whether without asking for the PIN.
        """
        return self.render_debugger_html(evalex, secret or "", evalex_trusted)


def get_current_traceback(
    ignore_system_exceptions: bool = False, show_hidden_frames: bool = False, skip: int = 0
) -> Traceback:
    """The error that is being handled.

    :param ignore_system_exceptions: whether the exits of a program are raised again.
    :param show_hidden_frames: whether calls that ask to be left out are shown.
    :param skip: how many calls are left out.
    """
    exc_type, exc_value, tb = sys.exc_info()
    if exc_value is None:
        raise RuntimeError("There is no current traceback: no error is being handled.")
    if ignore_system_exceptions and isinstance(exc_value, (SystemExit, KeyboardInterrupt, GeneratorExit)):
        raise exc_value
    return Traceback(exc_type, exc_value, tb, skip, not show_hidden_frames)


__all__ = ["Frame", "Line", "Traceback", "get_current_traceback"]
