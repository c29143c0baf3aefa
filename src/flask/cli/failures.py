"""What is shown of an exception in the program: its own frames, not those of the command that was on the way to it."""

from __future__ import annotations

import traceback
import typing as t

if t.TYPE_CHECKING:
    from types import TracebackType

#: Whose frames are left out, by the beginnings of the modules' names.
OURS: t.Final = ("click.", f"{__package__}.", "importlib.", "runpy")


def own_traceback(exc: BaseException) -> TracebackType | None:
    """The traceback of an exception from where the program's own code begins; all of it, if there is none.

    A syntax error tells the place by itself, and has no frame there.
    """
    frames = exc.__traceback__
    while frames is not None and _is_ours(frames):
        frames = frames.tb_next
    return exc.__traceback__ if frames is None and not isinstance(exc, SyntaxError) else frames


def _is_ours(frames: TracebackType) -> bool:
    return str(frames.tb_frame.f_globals.get("__name__", "")).startswith(OURS)


def format_own(exc: BaseException) -> str:
    """The traceback of an exception as Python prints it, from where the program's own code begins."""
    return "".join(traceback.format_exception(type(exc), exc, own_traceback(exc))).rstrip()
