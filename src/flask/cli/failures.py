"""What is shown of an exception in the program: its own frames, not those of the command that was on the way to it."""

from __future__ import annotations

import sys
import traceback
import typing as t

from .._tracebacks import own_traceback

if t.TYPE_CHECKING:
    from types import TracebackType


def cut(exc: BaseException) -> BaseException:
    """Take what is not the program's out of an exception's traceback, and return the exception.

    A syntax error tells the place by itself, and has no frame there. Any other that has no frame of the program's is a
    fault of ours, and is left whole.
    """
    own = own_traceback(exc.__traceback__)
    if own is not None or isinstance(exc, SyntaxError):
        exc.__traceback__ = own
    return exc


def format_own(exc: BaseException) -> str:
    """The traceback of an exception as Python prints it, from where the program's own code begins."""
    return "".join(traceback.format_exception(cut(exc))).rstrip()


def end_with(exc: BaseException) -> None:
    """Have Python, which this exception is about to end, print it as :func:`format_own` does.

    The exception goes on, since a debugger may wait for it, and gets the frames of whoever called the command on its
    way out: those are cut off at last.
    """
    own, show = cut(exc).__traceback__, sys.excepthook

    def show_own(kind: type[BaseException], last: BaseException, frames: TracebackType | None) -> None:
        if last is exc:
            frames = exc.__traceback__ = own
        show(kind, last, frames)

    sys.excepthook = show_own
