"""What ``werkzeug.wsgi`` had: the paths in an environment, and lines and chunks of a stream."""

from __future__ import annotations

import typing as t
from urllib.parse import urlsplit

from werkzeug.urls import iri_to_uri, uri_to_iri
from werkzeug.wsgi import LimitedStream, get_current_url

from .urls import url_join, url_quote

if t.TYPE_CHECKING:
    from collections.abc import Iterator


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
) -> Iterator[t.Any]:
    """The lines of a stream, with their ends: ``\\n``, ``\\r`` or both.

    :param stream: the stream, or an iterable of bytes or texts.
    :param limit: how many bytes are read at most.
    :param buffer_size: how many are read at once.
    :param cap_at_buffer: whether a line longer than that comes in pieces.
    """
    rest: t.Any = None
    for piece in _pieces(stream, limit, buffer_size):
        # The last one may go on, even one that ends: by the second half of its end.
        *lines, rest = (piece if rest is None else rest + piece).splitlines(keepends=True)
        for line in lines:
            yield from _capped(line, buffer_size, cap_at_buffer)
    if rest is not None:
        yield from _capped(rest, buffer_size, cap_at_buffer)


def make_chunk_iter(
    stream: t.Any,
    separator: t.Any,
    limit: int | None = None,
    buffer_size: int = 10 * 1024,
    cap_at_buffer: bool = False,
) -> Iterator[t.Any]:
    """The parts of a stream between separators.

    :param stream: the stream, or an iterable of bytes or texts.
    :param separator: the separator.
    :param limit: how many bytes are read at most.
    :param buffer_size: how many are read at once.
    :param cap_at_buffer: whether a part longer than that comes in pieces.
    """
    rest: t.Any = None
    for piece in _pieces(stream, limit, buffer_size):
        between = separator.encode() if isinstance(piece, bytes) and isinstance(separator, str) else separator
        *parts, rest = (piece if rest is None else rest + piece).split(between)
        for part in parts:
            yield from _capped(part, buffer_size, cap_at_buffer)
    if rest is not None:
        yield from _capped(rest, buffer_size, cap_at_buffer)


def _capped(part: t.Any, size: int, is_capped: bool) -> Iterator[t.Any]:
    if is_capped and len(part) > size:
        yield from (part[at : at + size] for at in range(0, len(part), size))
    else:
        yield part


def _pieces(stream: t.Any, limit: int | None, buffer_size: int) -> Iterator[t.Any]:
    if not hasattr(stream, "read"):
        return (piece for piece in stream if piece)
    limited = make_limited_stream(stream, limit)
    return iter(lambda: limited.read(buffer_size), b"")


def _decoded(value: str, charset: str | None, errors: str) -> t.Any:
    data = value.encode("latin-1")
    return data if charset is None else data.decode(charset, errors)


def _place(url: t.Any) -> str:
    """Host and port, without the port that goes without saying."""
    place = url.netloc.rpartition("@")[2].lower()
    return str(place.removesuffix({"http": ":80", "https": ":443"}[url.scheme]))
