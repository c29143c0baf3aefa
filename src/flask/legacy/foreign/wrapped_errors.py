"""``HTTPException.wrap``, until Werkzeug 2.0: an answer that is caught as another error, too."""

from __future__ import annotations

import typing as t


def _wrap(cls: t.Any, exception: type[BaseException], name: str | None = None) -> t.Any:
    """A class of answers that is also a class of errors: what catches the one or the other catches it.

    :param exception: the class of errors.
    :param name: its name; both names together by default.
    """

    class Wrapped(cls, t.cast(t.Any, exception)):  # type: ignore[misc]  # known at run time only
        def __init__(self, arg: t.Any = None, *args: t.Any, **kwargs: t.Any) -> None:
            cls.__init__(self, *args, **kwargs)
            exception.__init__(self, arg)

    Wrapped.__name__ = name or cls.__name__ + exception.__name__
    Wrapped.__module__ = "werkzeug.exceptions"
    return Wrapped


#: To be put into the class.
wrap: t.Any = classmethod(_wrap)
