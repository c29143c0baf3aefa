"""The body of a request, read at once: the short way to what Werkzeug reads piece by piece.

It gives up, before anything has happened, where a request is not as nearly all are; then Werkzeug's way is taken.
"""

from __future__ import annotations

import io
import sys
import typing as t
from operator import attrgetter

from werkzeug.wsgi import LimitedStream

if t.TYPE_CHECKING:
    from ._checked import CheckedRequest

#: What decides, on the class of a request, how a form in it is read.
_deciding: t.Final[t.Callable[[type], tuple[t.Any, ...]]] = attrgetter(
    "headers",
    "mimetype",
    "mimetype_params",
    "_parse_content_type",
    "content_length",
    "stream",
    "want_form_data_parsed",
    "make_form_data_parser",
    "form_data_parser_class",
    "form_data_parser_class.parse",
    "parameter_storage_class",
    "_get_stream_for_parsing",
    "_get_file_stream",
)
#: What decides it on the request itself, or shows that something of the body was read.
_DECIDED: t.Final = frozenset(
    {
        *("form", "files", "stream", "_cached_data", "content_length", "_parsed_content_type"),
        *("make_form_data_parser", "form_data_parser_class", "parameter_storage_class", "_get_stream_for_parsing"),
        "_get_file_stream",
    }
)
#: The longest body in bytes that is read at once, except where less will do. While it is parsed it is in memory twice.
LONGEST: t.Final = 2 * 1024 * 1024
#: A longer number is the length of no body that is read at once.
_DIGITS: t.Final = 7
_ours: tuple[t.Any, ...] = ()


def settle(cls: type[CheckedRequest]) -> None:
    """Note what decides on the class as ours, whatever takes its place on it later."""
    global _ours
    _ours = _deciding(cls)


class _EndedStream(LimitedStream):
    """A body whose end the server knows. One that is longer than the maximum is refused instead of cut off."""

    def on_exhausted(self) -> None:
        """Refuse a body that goes on."""
        try:
            goes_on = bool(self._stream.read(1))
        except (OSError, ValueError) as error:
            self.on_disconnect(error)
        else:
            if goes_on:
                super().on_exhausted()

    def readall(self) -> bytes:
        """Read what is left of it."""
        data = super().readall()
        if data and self.is_exhausted:
            self.on_exhausted()
        return data


class _Rejoined(io.RawIOBase):
    """What was read of a body, and then the rest of it.

    :param data: what was read.
    :param source: what to read the rest from.
    """

    def __init__(self, data: bytes, source: t.Any) -> None:
        self._data, self._source = io.BytesIO(data), source

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: t.Any) -> int:
        """Read into a buffer."""
        piece = self._data.read(len(buffer)) or self._source.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def ended(source: t.IO[bytes], limit: int | None) -> t.IO[bytes]:
    """A body whose end the server knows, as a stream; reading from it may fail.

    :param limit: the longest body in bytes that is not refused.
    """
    return t.cast("t.IO[bytes]", _EndedStream(source, sys.maxsize if limit is None else limit, is_max=True))


def put_back(request: CheckedRequest, data: bytes, length: int | None = None) -> None:
    """Have what was read of a body be read again.

    :param length: how long the body is in bytes, if that was not all: reading on finds that the client is gone.
    """
    limited = LimitedStream(io.BytesIO(data), len(data) if length is None else length)
    _put_back(request, t.cast("t.IO[bytes]", limited))


def _put_back(request: CheckedRequest, stream: t.IO[bytes]) -> None:
    request.stream = request._put_back = stream


def kind_of(request: CheckedRequest) -> str:
    """What the body is, as the client says it."""
    exchange = request._exchange
    if exchange is not None and not exchange.has_environ:
        return exchange.content_type
    return t.cast(str, request.environ.get("CONTENT_TYPE") or "")


def read_form(request: CheckedRequest, longest: int) -> bytes | None:
    """Read the body of a request that has a form, which is read as here; see :func:`read`."""
    if _deciding(type(request)) != _ours or not _DECIDED.isdisjoint(request.__dict__) or request.shallow:
        return None
    return read(request, longest)


def read(request: CheckedRequest, longest: int) -> bytes | None:
    """Read the body of a request of which nothing was read so far, and that has nothing unusual about it.

    :param longest: the longest one in bytes that is read.
    :return: None for any other: then what was read of it, if anything was, is in its stream.
    """
    limit = request.max_content_length
    exchange = request._exchange
    if exchange is not None and not exchange.has_environ:
        return exchange.read_whole(limit)  # it is there, however long it is
    if limit is None or limit > longest:
        limit = longest
    environ = request.environ
    headers = request.__dict__.get("headers")
    if headers is not None and getattr(headers, "environ", None) is not environ:
        return None
    header = environ.get("CONTENT_LENGTH", "")
    if "HTTP_TRANSFER_ENCODING" in environ or not (header.isascii() and header.isdigit()) or len(header) > _DIGITS:
        return None
    length, source = int(header), environ["wsgi.input"]
    if not 0 < length <= limit:
        return None
    # Where the server knows the end, what is there counts and not what the client says.
    is_terminated = "wsgi.input_terminated" in environ
    data, is_cut_short = _read(source, length + 1 if is_terminated else length)
    if is_cut_short:
        put_back(request, data, len(data) + 1)
    elif len(data) == length or (is_terminated and len(data) < length):
        return data
    elif is_terminated:
        _put_back(request, ended(t.cast("t.IO[bytes]", _Rejoined(data, source)), request.max_content_length))
    else:
        put_back(request, data, length)
    return None


def read_data(request: CheckedRequest) -> bytes | None:
    """Read the body as :func:`read` does, to be the data of the request."""
    data = read(request, LONGEST)
    if data is not None:
        request._cached_data = data
        if request._exchange is None or request._exchange.has_environ:
            request.__dict__["stream"] = io.BytesIO()  # the server's has been read
    return data


def _read(source: t.Any, size: int) -> tuple[bytes, bool]:
    """Read so many bytes, or to the end; and tell whether that failed because the connection broke off."""
    data: bytes = b""
    try:
        data = source.read(size) or b""
        while len(data) < size and (piece := source.read(size - len(data))):
            data += piece
    except (OSError, ValueError):
        return data, True
    return data, False
