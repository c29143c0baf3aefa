"""What ``werkzeug.wsgi`` had: the paths in an environment, and lines and chunks of a stream."""

from __future__ import annotations

import io
import typing as t
from urllib.parse import urlsplit

from werkzeug.urls import iri_to_uri, uri_to_iri
from werkzeug.wsgi import LimitedStream, get_current_url

from .urls import url_join, url_quote

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def get_query_string(environ: dict[str, t.Any]) -> str:
    """The query in ASCII.

    :param environ: the environment of a request.
    """
    query = environ.get("QUERY_STRING", "").encode("latin-1")
    return url_quote(query, safe=":&%=+$!*'(),/?;@~")


def get_script_name(environ: dict[str, t.Any], charset: str | None = "utf-8", errors: str = "replace") -> t.Any:
    """What the application is mounted on.

    :param environ: the environment of a request.
    :param charset: how bytes become text; None for bytes.
    :param errors: what is done where they cannot.
    """
    return _decoded(environ.get("SCRIPT_NAME", ""), charset, errors)


def peek_path_info(environ: dict[str, t.Any], charset: str | None = "utf-8", errors: str = "replace") -> t.Any:
    """The first segment of the path; empty if there is none.

    :param environ: the environment of a request.
    :param charset: how bytes become text; None for bytes.
    :param errors: what is done where they cannot.
    """
    return _decoded(environ.get("PATH_INFO", "").lstrip("/").partition("/")[0], charset, errors)


def pop_path_info(environ: dict[str, t.Any], charset: str | None = "utf-8", errors: str = "replace") -> t.Any:
    """Move the first segment of the path to what the application is mounted on, and return it; None where no path is.

    :param environ: the environment of a request.
    :param charset: how bytes become text; None for bytes.
    :param errors: what is done where they cannot.
    """
    path = environ.get("PATH_INFO", "")
    if not path:
        return None
    segment, slash, rest = path.lstrip("/").partition("/")
    slashes = path[: len(path) - len(path.lstrip("/"))]
    environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}{slashes}{segment}"
    environ["PATH_INFO"] = slash + rest
    return _decoded(segment, charset, errors)


def extract_path_info(
    environ_or_baseurl: t.Any,
    path_or_url: t.Any,
    charset: str = "utf-8",
    errors: str = "werkzeug.url_quote",
    collapse_http_schemes: bool = True,
) -> str | None:
    """The path of a URL within an application; None if it is not within it.

    :param environ_or_baseurl: the URL of the application, or the environment of a request to it.
    :param path_or_url: the URL.
    :param charset: no longer means anything: URLs are in UTF-8.
    :param errors: likewise.
    :param collapse_http_schemes: whether ``http`` and ``https`` are the same.
    """
    base = environ_or_baseurl
    if isinstance(base, dict):
        base = get_current_url(base, root_only=True)
    within, url = (urlsplit(uri_to_iri(iri_to_uri(one))) for one in (base, url_join(base, path_or_url)))
    schemes = {"http": "http", "https": "http"} if collapse_http_schemes else {"http": "http", "https": "https"}
    if within.scheme not in schemes or schemes.get(url.scheme) != schemes[within.scheme]:
        return None
    if _place(within) != _place(url):
        return None
    root = within.path.rstrip("/")
    if not url.path.startswith(root):
        return None
    return "/" + url.path[len(root) :].lstrip("/")


def make_limited_stream(stream: t.Any, limit: int | None) -> t.Any:
    """A stream that ends after so many bytes.

    :param stream: the stream.
    :param limit: how many; None for all.
    """
    return stream if limit is None or isinstance(stream, LimitedStream) else LimitedStream(stream, limit)


def make_line_iter(
    stream: t.Any, limit: int | None = None, buffer_size: int = 10 * 1024, cap_at_buffer: bool = False
) -> Iterator[bytes]:
    """The lines of a stream.

    :param stream: the stream, or an iterable of bytes.
    :param limit: how many bytes are read at most.
    :param buffer_size: how many are read at once.
    :param cap_at_buffer: whether a line longer than that comes in pieces.
    """
    pieces = _pieces(stream, limit, buffer_size)
    for line in _split(pieces, b"\n", keep=True):
        if cap_at_buffer:
            yield from (line[at : at + buffer_size] for at in range(0, len(line), buffer_size))
        else:
            yield line


def make_chunk_iter(
    stream: t.Any,
    separator: bytes,
    limit: int | None = None,
    buffer_size: int = 10 * 1024,
    cap_at_buffer: bool = False,
) -> Iterator[bytes]:
    """The parts of a stream between separators.

    :param stream: the stream, or an iterable of bytes.
    :param separator: the separator.
    :param limit: how many bytes are read at most.
    :param buffer_size: how many are read at once.
    :param cap_at_buffer: whether a part longer than that comes in pieces.
    """
    for part in _split(_pieces(stream, limit, buffer_size), separator, keep=False):
        if cap_at_buffer and len(part) > buffer_size:
            yield from (part[at : at + buffer_size] for at in range(0, len(part), buffer_size))
        else:
            yield part


def _pieces(stream: t.Any, limit: int | None, buffer_size: int) -> Iterable[bytes]:
    if not hasattr(stream, "read"):
        return t.cast("Iterable[bytes]", stream)
    if limit is not None and not isinstance(stream, LimitedStream):
        stream = io.BytesIO(stream.read(limit)) if limit <= buffer_size else LimitedStream(stream, limit)
    return iter(lambda: t.cast(bytes, stream.read(buffer_size)), b"")


def _split(pieces: Iterable[bytes], separator: bytes, keep: bool) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *parts, rest = (rest + piece).split(separator)
        yield from (part + separator if keep else part for part in parts)
    if rest or not keep:
        yield rest


def _decoded(value: str, charset: str | None, errors: str) -> t.Any:
    data = value.encode("latin-1")
    return data if charset is None else data.decode(charset, errors)


def _place(url: t.Any) -> str:
    """Host and port, without the port that goes without saying."""
    place = url.netloc.rpartition("@")[2].lower()
    return str(place.removesuffix({"http": ":80", "https": ":443"}[url.scheme]))
