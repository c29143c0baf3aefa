"""The body of a request that has a form, read at once: the short way to what Werkzeug reads piece by piece.

It gives up, before anything has happened, where a request is not as nearly all are; then Werkzeug's way is taken.
"""

from __future__ import annotations

import io
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
#: A longer number is the length of no body that is read at once.
_DIGITS: t.Final = 7
_ours: tuple[t.Any, ...] = ()


def settle(cls: type[CheckedRequest]) -> None:
    """Note what decides on the class as ours, whatever takes its place on it later."""
    global _ours
    _ours = _deciding(cls)


class PutBack(LimitedStream):
    """What was read of a body, to be read again; where that was not all, reading on finds that the client is gone.

    :param data: what was read.
    :param length: how long the body is in bytes.
    """

    def __init__(self, data: bytes, length: int) -> None:
        super().__init__(io.BytesIO(data), length)


def kind_of(request: CheckedRequest) -> str:
    """What the body is, as the client says it."""
    exchange = request._exchange
    if exchange is not None and not exchange.has_environ:
        return exchange.content_type
    return t.cast(str, request.environ.get("CONTENT_TYPE") or "")


def read(request: CheckedRequest, longest: int) -> bytes | None:
    """Read the body of a request that has nothing unusual about it.

    :param longest: the longest one in bytes that is read.
    :return: None for any other: then what was read of it, if anything was, is in its stream.
    """
    if _deciding(type(request)) != _ours or not _DECIDED.isdisjoint(request.__dict__) or request.shallow:
        return None
    limit = request.max_content_length
    if limit is None or limit > longest:
        limit = longest
    exchange = request._exchange
    if exchange is not None and not exchange.has_environ:
        return exchange.read_whole(limit)
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
    if "wsgi.input_terminated" not in environ:
        return _read(request, source, length)
    # Where the server knows the end, what is there counts and not what the client says. Here the two agree.
    is_there = source.__class__ is io.BytesIO and source.getbuffer().nbytes == length
    return t.cast(bytes, source.read()) if is_there else None


def _read(request: CheckedRequest, source: t.Any, length: int) -> bytes | None:
    data: bytes = b""
    try:
        data = source.read(length) or b""
        while len(data) < length and (piece := source.read(length - len(data))):
            data += piece
    except (OSError, ValueError):
        pass  # as below
    if len(data) == length:
        return data
    request.stream = t.cast("t.IO[bytes]", PutBack(data, length))
    return None
