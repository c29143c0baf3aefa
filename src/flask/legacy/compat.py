"""``flask._compat``: what extensions of the years with two Pythons imported to work on either. Only one is left."""

from __future__ import annotations

import typing as t
from io import StringIO as StringIO
from os import fspath as fspath
from types import TracebackType

C = t.TypeVar("C", bound=type)

PY2 = False
BROKEN_PYPY_CTXMGR_EXIT = False
json_available: bool = True
text_type = str
string_types: tuple[type[str], ...] = (str,)
integer_types: tuple[type[int], ...] = (int,)


def iterkeys(d: t.Mapping[t.Any, t.Any]) -> t.Iterator[t.Any]:
    """An iterator over the keys of a dict."""
    return iter(d.keys())


def itervalues(d: t.Mapping[t.Any, t.Any]) -> t.Iterator[t.Any]:
    """An iterator over the values of a dict."""
    return iter(d.values())


def iteritems(d: t.Mapping[t.Any, t.Any]) -> t.Iterator[tuple[t.Any, t.Any]]:
    """An iterator over the items of a dict."""
    return iter(d.items())


def implements_to_string(cls: C) -> C:
    """The class as it is: ``__str__`` gives text."""
    return cls


def reraise(tp: type[BaseException], value: BaseException, tb: TracebackType | None = None) -> t.NoReturn:
    """Raise an exception again.

    :param tp: its class, which the exception knows.
    :param value: the exception.
    :param tb: the traceback to raise it with.
    """
    raise value.with_traceback(tb) if tb is not None else value


def with_metaclass(meta: type, *bases: type) -> type:
    """A base class whose subclasses get a metaclass: ``class Spam(with_metaclass(Meta, Base))``.

    :param meta: the metaclass.
    :param bases: the bases of the subclasses.
    """

    class Temporary(type):
        """Takes the place of the metaclass until the subclass is made, and leaves no trace in it."""

        def __new__(mcs, name: str, temporary_bases: t.Any, namespace: dict[str, t.Any]) -> t.Any:
            return meta(name, bases, namespace)

    return type.__new__(Temporary, "temporary_class", (), {})
