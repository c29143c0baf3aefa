"""Helper functions that Flask once had and the standard library has since."""

from __future__ import annotations

import os
import threading
import typing as t
from datetime import timedelta
from ipaddress import ip_address

from werkzeug.utils import cached_property

T = t.TypeVar("T")


def get_env() -> str:
    """The environment that the program runs in: ``FLASK_ENV``, else ``production``.

    .. versionadded:: 1.0
    """
    return os.environ.get("FLASK_ENV") or "production"


def is_ip(value: str) -> bool:
    """Whether a text is the address of a host, of version 4 or 6.

    :param value: the text.
    """
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def total_seconds(td: timedelta) -> int:
    """The whole seconds of a time span.

    :param td: the time span.
    """
    return td.days * 24 * 60 * 60 + td.seconds


class locked_cached_property(cached_property[T]):  # noqa: N801  # its name
    """A property that is computed once, also if several threads read it first at the same time.

    :param fget: computes the value.
    """

    def __init__(self, fget: t.Callable[[t.Any], T], name: str | None = None, doc: str | None = None) -> None:
        super().__init__(fget, name=name, doc=doc)
        self._lock = threading.RLock()

    def __get__(self, obj: t.Any, type: t.Any = None) -> t.Any:
        if obj is None:
            return self
        with self._lock:
            return super().__get__(obj, type)

    def __set__(self, obj: t.Any, value: T) -> None:
        with self._lock:
            super().__set__(obj, value)

    def __delete__(self, obj: t.Any) -> None:
        with self._lock:
            super().__delete__(obj)
