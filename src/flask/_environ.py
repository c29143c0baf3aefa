"""The WSGI environment of a request that came by ASGI.

Everything that reads a request reads the environment: our own request, extensions, programs. So the two protocols
differ here, and nowhere above.
"""

from __future__ import annotations

import io
import sys
import typing as t
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import FileWrapper

from ._body import LENGTH_DIGITS, ReceivedBody

if t.TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from _typeshed.wsgi import WSGIEnvironment

    from .typing import ASGIReceive, ASGIScope

_CHUNK: t.Final = 64 * 1024
_MOST_NAMES: t.Final = 1000
_WITHOUT_BODY: t.Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_HTTP_1: t.Final = frozenset({"1.0", "1.1"})
_keys: dict[bytes, str] = {}


class OpenFile(FileWrapper):
    """A file as the body of a response: as ``wsgi.file_wrapper`` it tells the driver that there is a file to send."""

    def __init__(self, file: t.IO[bytes], buffer_size: int = _CHUNK) -> None:
        super().__init__(file, max(buffer_size, _CHUNK))


#: What is the same in all environments.
_SAME: t.Final[WSGIEnvironment] = {
    "wsgi.version": (1, 0),
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": OpenFile,
}


def headers_if_plain(scope: ASGIScope) -> dict[bytes, bytes] | None:
    """The headers of a scope, where they and the scope say by themselves what the environment would; else None.

    That is the request of most browsers and clients: with a body of known length or none, to an application that is
    not mounted below another one, with a plain path, and with each header once.

    :param scope: the scope.
    """
    pairs: t.Any = scope.get("headers")
    path: str | None = scope.get("path")
    method: str | None = scope.get("method")
    if (
        (pairs.__class__ is not list and not isinstance(pairs, (list, tuple)))
        or path is None
        or method is None
        or not path.isascii()
        or scope.get("root_path")
        or "flask.environ" in scope  # a test says what ASGI has no word for
    ):
        return None
    headers: dict[bytes, bytes] = dict(pairs)
    if len(headers) != len(pairs) or b"transfer-encoding" in headers or b"upgrade" in headers:
        return None
    length = headers.get(b"content-length")
    if length is None:
        is_plain = method in _WITHOUT_BODY or scope.get("http_version") in _HTTP_1
    else:
        is_plain = length.isdigit() and len(length) < LENGTH_DIGITS
    return headers if is_plain else None


def environ_of(
    scope: ASGIScope, receive: ASGIReceive, loop: AbstractEventLoop | None, received: t.IO[bytes] | None = None
) -> WSGIEnvironment:
    """Make the environment of a scope.

    :param scope: the scope.
    :param receive: receives the body.
    :param loop: the event loop that does; it is not needed where there is nothing to receive.
    :param received: the body, where it was received before.
    """
    query: bytes = scope.get("query_string") or b""
    environ: WSGIEnvironment = {
        **_SAME,
        "REQUEST_METHOD": scope.get("method", "GET"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version') or '1.1'}",
        "wsgi.url_scheme": scope.get("scheme") or "http",
        "wsgi.errors": sys.stderr,
        "asgi.scope": scope,
    }
    path: str = scope.get("path") or ""
    root: str = scope.get("root_path") or ""
    if root and root[0] != "/":  # else URLs would have it as a part of the host
        root = f"/{root}"
    raw: bytes = scope.get("raw_path") or path.encode("utf-8", "surrogateescape")
    environ["SCRIPT_NAME"] = root if root.isascii() else _disguised(root)
    environ["PATH_INFO"] = path if path.isascii() and not root else _path_info(path, raw, environ["SCRIPT_NAME"])
    environ["RAW_URI"] = environ["REQUEST_URI"] = (raw + b"?" + query if query else raw).decode("latin-1")
    _add_address(environ, scope.get("server"), "SERVER_NAME", "SERVER_PORT")
    _add_address(environ, scope.get("client"), "REMOTE_ADDR", "REMOTE_PORT")
    for name, value in scope.get("headers") or ():
        key = _keys.get(name) or _key(name)
        if key in environ:
            environ[key] += ("; " if key == "HTTP_COOKIE" else ",") + value.decode("latin-1")
        elif key:
            environ[key] = value.decode("latin-1")
    if received is not None:
        environ["wsgi.input"] = received
    elif _has_body(environ):
        assert loop is not None  # where a body is to come, it was noted
        environ["wsgi.input"] = ReceivedBody(receive, loop, environ.get("CONTENT_LENGTH"))
    else:
        environ["wsgi.input"] = io.BytesIO()
    if "flask.environ" in scope:  # a test says what ASGI has no word for
        environ.update(scope["flask.environ"])
    return environ


def _key(name: bytes) -> str:
    """The key of a header. One with an underscore has none: it would pass for another header."""
    key = name.decode("latin-1").upper().replace("-", "_") if b"_" not in name else ""
    if key and key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    if len(_keys) >= _MOST_NAMES:  # clients choose the names
        _keys.clear()
    _keys[name] = key
    return key


def _disguised(text: str) -> str:
    """Text as WSGI has it: the bytes of its UTF-8 in the disguise of Latin-1."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _path_info(path: str, raw: bytes, root: str) -> str:
    """The path below the root. A server decodes it; bytes that are no UTF-8 are to be had from the raw path only."""
    octets = unquote_to_bytes(raw.partition(b"?")[0]) if "\ufffd" in path else b""
    if octets and octets.decode("utf-8", "replace") == path:
        path = octets.decode("latin-1")
    else:
        path = _disguised(path)
    root = root.rstrip("/")
    # Most servers repeat the root in the path, as the specification has it, and some do not.
    if root and path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/"):
        path = path[len(root) :]
    return path


def _add_address(environ: WSGIEnvironment, address: t.Any, host: str, port: str) -> None:
    """Add an end of the connection, as far as the server knows it."""
    if address:
        environ[host] = str(address[0])
        if len(address) > 1 and address[1] is not None:
            environ[port] = str(address[1])


def _has_body(environ: WSGIEnvironment) -> bool:
    """Whether the request has a body, as far as its headers tell."""
    length = environ.get("CONTENT_LENGTH")
    if length is not None:
        return bool(length != "0")
    if "HTTP_TRANSFER_ENCODING" in environ:
        return True
    # Since HTTP/2 a body needs neither header.
    return environ["SERVER_PROTOCOL"][:6] != "HTTP/1" and environ["REQUEST_METHOD"] not in _WITHOUT_BODY
