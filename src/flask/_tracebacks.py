"""Tracebacks as the author of a program wants them: from the program's own code on."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from types import TracebackType

#: Whose frames stand before the program's own and are the same each time: ours, and what we call a program through.
_ON_THE_WAY: t.Final = frozenset(
    {"flask", "werkzeug", "click", "blinker", "asyncio", "concurrent", "contextlib", "importlib", "runpy"}
)


def own_traceback(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback from where the program's own code begins; ``None`` if there is none of it.

    How the framework came to call it is longer than what tells the cause, and more than half of the time that an
    unhandled error takes went into writing it.

    :param traceback: the traceback.
    """
    while traceback is not None and _is_on_the_way(traceback):
        traceback = traceback.tb_next
    return traceback


def _is_on_the_way(traceback: TracebackType) -> bool:
    module = str(traceback.tb_frame.f_globals.get("__name__"))
    return module.partition(".")[0] in _ON_THE_WAY
