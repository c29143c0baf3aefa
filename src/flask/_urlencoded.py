"""Query strings and forms of the kind ``name=value&name=value``: the short ways to what Werkzeug makes of them.

Each gives up, before anything has happened, where a request is not as nearly all are; then Werkzeug's way is taken.
"""

from __future__ import annotations

import io
import typing as t
from operator import attrgetter

from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import LimitedStream

if t.TYPE_CHECKING:
    from ._checked import CheckedRequest

_MIMETYPE: t.Final = "application/x-www-form-urlencoded"
#: The longest body that is read by one call: what a client only says that it will send must not be allocated for it.
_LONGEST: t.Final = 64 * 1024

#: What ASCII has for it stands between fields, and between name and value, while percent signs are decoded: then all
#: fields can be decoded at once, also if a value holds "&" or "=".
_FIELD, _VALUE = "\x1e", "\x1f"
_SEPARATED: t.Final = bytes.maketrans(b"&=+", f"{_FIELD}{_VALUE} ".encode())

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
)
#: What decides it on the request itself, or shows that something of the body was read.
_DECIDED: t.Final = frozenset(
    {
        *("form", "files", "stream", "_cached_data", "content_length", "_parsed_content_type"),
        *("make_form_data_parser", "form_data_parser_class", "parameter_storage_class", "_get_stream_for_parsing"),
    }
)
_ours: tuple[t.Any, ...] = ()


def settle(cls: type[CheckedRequest]) -> None:
    """Note what decides on the class as ours, whatever takes its place on it later."""
    global _ours
    _ours = _deciding(cls)


def fields_of(data: bytes) -> ImmutableMultiDict[str, str] | None:
    """Parse fields as Werkzeug does.

    :return: None where only Werkzeug knows what they are: not each has a name and a value, or something is malformed.
    """
    fields: ImmutableMultiDict[str, str] = ImmutableMultiDict()
    count = data.count(b"=")
    if not data:
        return fields
    if count != data.count(b"&") + 1 or b"\\" in data or not data.isascii():
        return None
    values: dict[str, list[str]] = {}
    try:
        # PERF: as escapes of Python's source code, which a codec in C decodes, and refuses where two digits are not
        # there: 1.2 µs for ten fields, where `urllib.parse.unquote` needs 8 (bench: form).
        escaped = data.translate(_SEPARATED).replace(b"%", rb"\x")
        found = escaped.decode("unicode_escape").encode("latin-1").decode().split(_FIELD)
        if len(found) != count:
            return None
        for field in found:
            name, value = field.split(_VALUE)
            if name in values:
                values[name].append(value)
            else:
                values[name] = [value]
    except ValueError:  # a UnicodeError is one, too
        return None
    dict.update(fields, values)  # PERF: its constructor would go through it once more, in Python: 3 µs for ten fields
    return fields


def query_of(request: CheckedRequest) -> ImmutableMultiDict[str, str] | None:
    """Parse the query string of a request; None where that is left to Werkzeug."""
    return fields_of(request.query_string) if request.parameter_storage_class is ImmutableMultiDict else None


def body_of(request: CheckedRequest) -> bytes | None:
    """Read the body of a request that has a form of this kind, and nothing unusual about it.

    :return: None for any other, of which nothing was read.
    :raises ClientDisconnected: 400, if the connection breaks off.
    """
    exchange = request._exchange
    if exchange is not None and not exchange.has_environ and exchange.content_type.partition(";")[0] == _MIMETYPE:
        if not _is_usual(request):
            return None
        limit = request.max_content_length
        return exchange.read_whole(_LONGEST if limit is None or limit > _LONGEST else limit)
    environ = request.environ
    if environ.get("CONTENT_TYPE", "").partition(";")[0] != _MIMETYPE or "HTTP_TRANSFER_ENCODING" in environ:
        return None
    if not _is_usual(request):
        return None
    headers = request.__dict__.get("headers")
    if headers is not None and getattr(headers, "environ", None) is not environ:
        return None
    length = _length_of(environ.get("CONTENT_LENGTH", ""))
    limit = request.max_content_length
    if not length or (limit is not None and length > limit):
        return None
    source: t.Any = environ["wsgi.input"]
    if "wsgi.input_terminated" not in environ:
        return _read(request, source, length)
    # Where the server knows the end, what is there counts and not what the client says. Here the two agree.
    is_there = source.__class__ is io.BytesIO and source.getbuffer().nbytes == length
    return source.read() if is_there else None


def _is_usual(request: CheckedRequest) -> bool:
    """Whether nothing of the request was read so far, and forms are read as Werkzeug does."""
    return bool(_deciding(type(request)) == _ours and _DECIDED.isdisjoint(request.__dict__) and not request.shallow)


def _length_of(header: str) -> int:
    """The length of a body that is read by one call, else 0."""
    length = int(header) if header.isascii() and header.isdigit() and len(header) <= len(str(_LONGEST)) else 0
    return length if length <= _LONGEST else 0


def _read(request: CheckedRequest, source: t.Any, length: int) -> bytes:
    """Read so many bytes. Where they do not all come at once, the request's stream is what is left to read."""
    try:
        data: bytes = source.read(length) or b""
    except (OSError, ValueError):
        request.stream = t.cast("t.IO[bytes]", LimitedStream(source, length))
        raise ClientDisconnected() from None
    if len(data) < length:
        rest = request.stream = t.cast("t.IO[bytes]", LimitedStream(source, length - len(data)))
        data += rest.read()
    return data
