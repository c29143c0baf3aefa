"""The WSGI environment of a request that came by ASGI.

Everything that reads a request reads the environment: our own request, extensions, programs. So the two protocols
differ here, and nowhere above.
"""

from __future__ import annotations

import functools
import sys
import typing as t
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import FileWrapper

from ._body import ReceivedBody
from ._unset import UNSET

if t.TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from .typing import ASGIReceive, ASGIScope

_CHUNK: t.Final = 64 * 1024
_MOST_NAMES: t.Final = 1000


class OpenFile(FileWrapper):
    """A file as the body of a response: as ``wsgi.file_wrapper`` it tells the driver that there is a file to send."""

    def __init__(self, file: t.IO[bytes], buffer_size: int = _CHUNK) -> None:
        super().__init__(file, max(buffer_size, _CHUNK))


def _disguised(text: str) -> str:
    """Text as WSGI has it: the bytes of its UTF-8 in the disguise of Latin-1."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


def _script_name(environ: ScopeEnviron) -> str:
    return _disguised(environ.scope.get("root_path") or "")


def _path_info(environ: ScopeEnviron) -> str:
    """The path below the root. A server decodes it; bytes that are no UTF-8 are to be had from the raw path only."""
    scope = environ.scope
    path: str = scope.get("path") or ""
    if "\ufffd" in path:
        raw: bytes = (scope.get("raw_path") or b"").partition(b"?")[0]
        octets = unquote_to_bytes(raw)
        if octets.decode("utf-8", "replace") == path:
            path = octets.decode("latin-1")
        else:
            path = _disguised(path)
    else:
        path = _disguised(path)
    root = _script_name(environ).rstrip("/")
    # Most servers repeat the root in the path, as the specification has it, and some do not.
    if root and path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/"):
        path = path[len(root) :]
    return path


def _request_uri(environ: ScopeEnviron) -> str:
    scope = environ.scope
    raw: bytes = scope.get("raw_path") or (scope.get("path") or "").encode("utf-8", "surrogateescape")
    query: bytes = scope.get("query_string") or b""
    return (raw.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


def _address(environ: ScopeEnviron, end: str, part: int) -> t.Any:
    """The host or port of an end of the connection, where the server knows it."""
    address = environ.scope.get(end)
    if not address or len(address) <= part or address[part] is None:
        return UNSET
    return str(address[part])


#: How each key is worked out. Headers have keys besides.
_KEYS: t.Final[dict[str, t.Callable[[ScopeEnviron], t.Any]]] = {
    "REQUEST_METHOD": lambda environ: environ.scope.get("method", "GET"),
    "SCRIPT_NAME": _script_name,
    "PATH_INFO": _path_info,
    "QUERY_STRING": lambda environ: (environ.scope.get("query_string") or b"").decode("latin-1"),
    "REQUEST_URI": _request_uri,
    "RAW_URI": _request_uri,
    "SERVER_NAME": lambda environ: _address(environ, "server", 0),
    "SERVER_PORT": lambda environ: _address(environ, "server", 1),
    "SERVER_PROTOCOL": lambda environ: f"HTTP/{environ.scope.get('http_version') or '1.1'}",
    "REMOTE_ADDR": lambda environ: _address(environ, "client", 0),
    "REMOTE_PORT": lambda environ: _address(environ, "client", 1),
    "wsgi.version": lambda environ: (1, 0),
    "wsgi.url_scheme": lambda environ: environ.scope.get("scheme") or "http",
    "wsgi.input": lambda environ: ReceivedBody(environ.receive, environ.loop, environ.get("CONTENT_LENGTH")),
    "wsgi.input_terminated": lambda environ: True,
    "wsgi.errors": lambda environ: sys.stderr,
    "wsgi.multithread": lambda environ: True,
    "wsgi.multiprocess": lambda environ: True,
    "wsgi.run_once": lambda environ: False,
    "wsgi.file_wrapper": lambda environ: OpenFile,
    "asgi.scope": lambda environ: environ.scope,
}

_header_names: dict[str, bytes | None] = {}


def _header_name(key: str) -> bytes | None:
    """The name of the header that a key of the environment stands for."""
    if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        name = key
    elif key.startswith("HTTP_") and key not in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
        name = key[5:]
    else:
        return None
    return name.replace("_", "-").lower().encode("latin-1", "replace")


def _key(name: bytes) -> str | None:
    """The key of a header. One with an underscore has none: it would pass for another header."""
    if b"_" in name:
        return None
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


class ScopeEnviron(dict[str, t.Any]):
    """The environment of an ASGI scope. Each key is worked out when it is first asked for, and then is a plain item.

    :param scope: the scope.
    :param receive: receives the body.
    :param loop: the event loop that does.
    """

    __slots__ = ("_headers", "_is_whole", "loop", "receive", "scope")

    scope: ASGIScope
    receive: ASGIReceive
    loop: AbstractEventLoop

    def __init__(self, scope: ASGIScope, receive: ASGIReceive, loop: AbstractEventLoop) -> None:
        self.scope = scope
        self.loop = loop
        self.receive = receive
        self._headers: dict[bytes, bytes] | None = None
        self._is_whole = False
        if "flask.environ" in scope:  # a test says what ASGI has no word for
            self.update(scope["flask.environ"])

    def _received_headers(self) -> dict[bytes, bytes]:
        """The headers by name; the values of one that came several times are joined."""
        if self._headers is None:
            pairs = self.scope.get("headers") or []
            if pairs.__class__ is not list:
                pairs = list(pairs)
            headers = dict(pairs)
            if len(headers) != len(pairs):
                headers.clear()
                for name, value in pairs:
                    separator = b"; " if name == b"cookie" else b","
                    headers[name] = headers[name] + separator + value if name in headers else value
            self._headers = headers
        return self._headers

    def _find(self, key: str) -> t.Any:
        """Work a key out, and keep it; UNSET if there is none."""
        compute = _KEYS.get(key)
        if compute is not None:
            value = compute(self)
        else:
            try:
                name = _header_names[key]
            except KeyError:
                if len(_header_names) >= _MOST_NAMES:
                    _header_names.clear()
                name = _header_names[key] = _header_name(key) if isinstance(key, str) else None
            found = self._received_headers().get(name) if name is not None else None
            if found is None:
                return UNSET
            value = found.decode("latin-1")
        if value is not UNSET:
            dict.__setitem__(self, key, value)
        return value

    def _fill(self) -> None:
        """Work out what nobody asked for yet: from now on this is a dict like others."""
        if not self._is_whole:
            for key in _KEYS:
                self.get(key)
            for name in self._received_headers():
                key_of_header = _key(name)
                if key_of_header is not None:
                    self.get(key_of_header)
            self._is_whole = True

    def __getitem__(self, key: str) -> t.Any:
        value = dict.get(self, key, UNSET)
        if value is UNSET and (self._is_whole or (value := self._find(key)) is UNSET):
            raise KeyError(key)
        return value

    def get(self, key: str, default: t.Any = None) -> t.Any:
        value = dict.get(self, key, UNSET)
        if value is UNSET and (self._is_whole or (value := self._find(key)) is UNSET):
            return default
        return value

    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or (not self._is_whole and self._find(t.cast(str, key)) is not UNSET)

    def setdefault(self, key: str, default: t.Any = None) -> t.Any:
        return self[key] if key in self else dict.setdefault(self, key, default)

    def copy(self) -> dict[str, t.Any]:
        self._fill()
        return dict(self)

    __copy__ = copy

    def __reduce__(self) -> tuple[t.Any, ...]:
        return dict, (self.copy(),)


def _whole(name: str) -> t.Any:
    """The method of a dict, which meets the environment with all its keys."""
    method = getattr(dict, name)

    @functools.wraps(method)
    def call(self: ScopeEnviron, *args: t.Any, **kwargs: t.Any) -> t.Any:
        self._fill()
        return method(self, *args, **kwargs)

    return call


for _name in (
    *("__delitem__", "__eq__", "__ior__", "__iter__", "__len__", "__ne__", "__or__", "__repr__", "__reversed__"),
    *("__ror__", "clear", "items", "keys", "pop", "popitem", "values"),
):
    setattr(ScopeEnviron, _name, _whole(_name))
