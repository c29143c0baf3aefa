"""``werkzeug._compat``, ``jinja2._compat`` and kin: what ran on Python 2 and on 3. Only one is left."""

from __future__ import annotations

import builtins as builtins
import collections.abc as abc
import collections.abc as collections_abc
import pickle as pickle
import sys
import typing as t
from io import BytesIO as BytesIO
from io import StringIO as StringIO
from itertools import filterfalse as ifilterfalse
from os import fspath as fspath
from sys import intern as intern
from urllib.parse import quote_from_bytes

from ..compat import (
    PY2,
    implements_to_string,
    integer_types,
    iteritems,
    iterkeys,
    itervalues,
    reraise,
    string_types,
    text_type,
    with_metaclass,
)
from .headers import bytes_to_wsgi, wsgi_to_bytes

T = t.TypeVar("T")

PYPY = sys.implementation.name == "pypy"
WIN = sys.platform == "win32"
NativeStringIO = StringIO
imap: t.Any = map
izip: t.Any = zip
ifilter: t.Any = filter
int_types = integer_types
number_types: tuple[type, ...] = (int, float)
range_type = range
unichr = chr


def implements_iterator(cls: T) -> T:
    """The class as it is: iterators have ``__next__``."""
    return cls


implements_bool: t.Any = implements_iterator
native_string_result: t.Any = implements_iterator


def iterlists(d: t.Any) -> t.Iterator[t.Any]:
    """The lists of values of a :class:`~werkzeug.datastructures.MultiDict`, with their keys."""
    return iter(d.lists())


def iterlistvalues(d: t.Any) -> t.Iterator[t.Any]:
    """The lists of values of a :class:`~werkzeug.datastructures.MultiDict`."""
    return iter(d.listvalues())


def int_to_byte(number: int) -> bytes:
    """The byte of a number."""
    return bytes((number,))


def iter_bytes(data: bytes) -> t.Iterator[bytes]:
    """The bytes, each for itself."""
    return (data[at : at + 1] for at in range(len(data)))


def to_bytes(x: t.Any, charset: str = "utf-8", errors: str = "strict") -> bytes | None:
    """Text as bytes; None as it is."""
    if x is None or isinstance(x, bytes):
        return x
    return x.encode(charset, errors) if isinstance(x, str) else bytes(x)


def to_unicode(
    x: t.Any, charset: str | None = "utf-8", errors: str = "strict", allow_none_charset: bool = False
) -> t.Any:
    """Bytes as text; None as it is."""
    if x is None or not isinstance(x, bytes):
        return x if x is None else str(x)
    return x if charset is None and allow_none_charset else x.decode(charset or "utf-8", errors)


to_native = to_unicode


def wsgi_get_bytes(text: str) -> bytes:
    """The bytes that WSGI has as text."""
    return wsgi_to_bytes(text)


def wsgi_decoding_dance(text: str, charset: str = "utf-8", errors: str = "replace") -> str:
    """The text that WSGI has as the text of its bytes."""
    return wsgi_to_bytes(text).decode(charset, errors)


def wsgi_encoding_dance(text: str, charset: str = "utf-8", errors: str = "replace") -> str:
    """Text as WSGI has it."""
    return bytes_to_wsgi(text.encode(charset, errors))


def encode_filename(filename: T) -> T:
    """The name of a file as it is."""
    return filename


def url_quote(text: t.Any, safe: str = "/") -> str:
    """Text with all that has a meaning in URLs as ``%XX``."""
    return quote_from_bytes(t.cast(bytes, to_bytes(text)), safe)


__all__ = [
    "PY2", "PYPY", "WIN", "BytesIO", "NativeStringIO", "StringIO", "abc", "builtins", "bytes_to_wsgi",
    "collections_abc", "encode_filename", "fspath", "ifilter", "ifilterfalse", "imap", "implements_bool",
    "implements_iterator", "implements_to_string", "int_to_byte", "int_types", "integer_types", "intern", "iter_bytes",
    "iteritems", "iterkeys", "iterlists", "iterlistvalues", "itervalues", "izip", "native_string_result",
    "number_types", "pickle", "range_type", "reraise", "string_types", "text_type", "to_bytes", "to_native",
    "to_unicode", "unichr", "url_quote", "with_metaclass", "wsgi_decoding_dance", "wsgi_encoding_dance",
    "wsgi_get_bytes", "wsgi_to_bytes",
]
