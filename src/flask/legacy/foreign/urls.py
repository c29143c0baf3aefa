"""``werkzeug.urls`` until 3.0: functions for URLs, with the signatures that they had, by those of Python's library."""

from __future__ import annotations

import contextlib
import re
import typing as t
from urllib.parse import (
    SplitResult,
    SplitResultBytes,
    quote_from_bytes,
    unquote,
    unquote_to_bytes,
    urljoin,
    urlsplit,
    urlunsplit,
)

from werkzeug.datastructures import MultiDict, iter_multi_items
from werkzeug.urls import iri_to_uri, uri_to_iri

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class BaseURL:
    """What URLs of text and of bytes have in common, for ``isinstance``."""

    __slots__ = ()


class URL(BaseURL, SplitResult):
    """The parts of a URL: ``scheme``, ``netloc``, ``path``, ``query`` and ``fragment``."""

    __slots__ = ()

    def replace(self, **parts: str) -> URL:
        """A copy with other parts.

        :param parts: the new values.
        """
        return self._replace(**parts)

    @property
    def auth(self) -> str | None:
        """What stands before the ``@``, or None."""
        return self.netloc.rpartition("@")[0] or None

    @property
    def raw_username(self) -> str | None:
        """The user name as it stands in the URL."""
        return SplitResult.username.fget(self)  # type: ignore[attr-defined, no-any-return]  # a property there

    @property
    def raw_password(self) -> str | None:
        """The password as it stands in the URL."""
        return SplitResult.password.fget(self)  # type: ignore[attr-defined, no-any-return]  # as above

    @property
    def username(self) -> str | None:
        """The user name, or None."""
        return None if self.raw_username is None else unquote(self.raw_username)

    @property
    def password(self) -> str | None:
        """The password, or None."""
        return None if self.raw_password is None else unquote(self.raw_password)

    @property
    def host(self) -> str | None:
        """The host, in the case that it is written in, without the brackets of an address of IPv6."""
        place = self.netloc.rpartition("@")[2]
        if place.startswith("["):
            return place[1:].partition("]")[0]
        return place.partition(":")[0] or None

    @property
    def ascii_host(self) -> str | None:
        """The host as it is asked for in the network."""
        return None if self.host is None else self.host.encode("idna").decode("ascii")

    @property
    def port(self) -> int | None:
        """The port, or None; None also for what is no port."""
        try:
            return SplitResult.port.fget(self)  # type: ignore[attr-defined, no-any-return]  # a property there
        except ValueError:
            return None

    def encode_netloc(self) -> str:
        """The place in ASCII."""
        return self._place(self.ascii_host or "", lambda part: url_quote(part, safe="/:%"))

    def decode_netloc(self) -> str:
        """The place for people to read."""
        host = self.host or ""
        with contextlib.suppress(UnicodeError):
            host = host.encode().decode("idna")
        return self._place(host, lambda part: t.cast(str, url_unquote(part, unsafe="/:%@")))

    def _place(self, host: str, write: Callable[[str], str]) -> str:
        place = f"[{host}]" if ":" in host else host
        if self.port is not None:
            place = f"{place}:{self.port}"
        who = ":".join(write(part) for part in (self.raw_username, self.raw_password) if part)
        return f"{who}@{place}" if who else place

    def decode_query(self, *args: t.Any, **kwargs: t.Any) -> MultiDict[str, str]:
        """The arguments in the query.

        :param args: as for :func:`url_decode`.
        :param kwargs: likewise.
        """
        return t.cast("MultiDict[str, str]", url_decode(self.query, *args, **kwargs))

    def join(self, url: t.Any, allow_fragments: bool = True) -> URL:
        """Another URL as seen from this one.

        :param url: the other URL.
        :param allow_fragments: whether URLs may have fragments.
        """
        return _of(url_join(self, url, allow_fragments))

    def to_url(self) -> str:
        """The URL as text."""
        return urlunsplit(self)

    def to_uri_tuple(self) -> URL:
        """The URL in ASCII."""
        return _of(iri_to_uri(self.replace(netloc=self.encode_netloc()).to_url()))

    def to_iri_tuple(self) -> URL:
        """The URL for people to read."""
        return _of(uri_to_iri(self.replace(netloc=self.decode_netloc()).to_url()))


def _of(url: str) -> URL:
    return t.cast(URL, url_parse(url))


class BytesURL(BaseURL, SplitResultBytes):
    """The parts of a URL in bytes."""

    __slots__ = ()

    def to_url(self) -> bytes:
        """The URL as bytes."""
        return urlunsplit(self)


def url_parse(url: t.Any, scheme: str | None = None, allow_fragments: bool = True) -> t.Any:
    """The parts of a URL.

    :param url: the URL: text, bytes, or its parts.
    :param scheme: the scheme of one that has none.
    :param allow_fragments: whether it may have a fragment.
    """
    if isinstance(url, tuple):
        url = url_unparse(url)
    if isinstance(url, bytes):
        parts = url_parse(url.decode("latin-1"), scheme and _to_bytes(scheme).decode(), allow_fragments)
        return BytesURL(*(part.encode("latin-1") for part in parts))
    if _is_place(url):
        return URL(scheme or "", "", url, "", "")
    return URL(*urlsplit(url, scheme or "", allow_fragments))


def url_unparse(components: t.Any) -> t.Any:
    """The URL of five parts.

    :param components: scheme, place, path, query and fragment.
    """
    return urlunsplit(components)


def url_join(base: t.Any, url: t.Any, allow_fragments: bool = True) -> t.Any:
    """A URL as seen from another.

    :param base: the other.
    :param url: the URL.
    :param allow_fragments: whether URLs may have fragments.
    """
    base, url = (url_unparse(one) if isinstance(one, tuple) else one for one in (base, url))
    if base and isinstance(url, str) and _is_place(url):
        url = f"./{url}"
    return urljoin(base, url, allow_fragments)


def _is_place(url: str) -> bool:
    """Whether it is as ``localhost:5000``: what stands before a port is no scheme. All of it was taken for a path."""
    name, colon, port = url.partition(":")
    return bool(name and colon) and port.isdecimal()


def url_quote(
    string: t.Any, charset: str = "utf-8", errors: str = "strict", safe: str | bytes = "/:", unsafe: str | bytes = ""
) -> str:
    """Text with all that has a meaning in URLs as ``%XX``.

    :param string: the text, or bytes.
    :param charset: how text becomes bytes.
    :param errors: what is done where it cannot.
    :param safe: characters that stay.
    :param unsafe: characters that would stay and shall not.
    """
    quoted = quote_from_bytes(_to_bytes(string, charset, errors), safe)
    for byte in _to_bytes(unsafe, charset, errors):
        quoted = quoted.replace(chr(byte), f"%{byte:02X}")
    return quoted


def url_quote_plus(string: t.Any, charset: str = "utf-8", errors: str = "strict", safe: str = "") -> str:
    """Text as it stands in a query: as :func:`url_quote`, with a plus for a space.

    :param string: the text, or bytes.
    :param charset: how text becomes bytes.
    :param errors: what is done where it cannot.
    :param safe: characters that stay.
    """
    return url_quote(string, charset, errors, safe + " ", "+").replace(" ", "+")


def url_unquote(
    s: str | bytes, charset: str | None = "utf-8", errors: str = "replace", unsafe: str | bytes = ""
) -> t.Any:
    """The text that stands in a URL.

    :param s: what stands there.
    :param charset: how bytes become text; None for bytes.
    :param errors: what is done where they cannot.
    :param unsafe: characters that stay as ``%XX``.
    """
    data = _to_bytes(s)
    kept = b"|".join(b"%%%02x" % byte for byte in _to_bytes(unsafe))
    if kept:
        pieces = re.split(b"(%s)" % kept, data, flags=re.IGNORECASE)
        raw = b"".join(piece if at % 2 else unquote_to_bytes(piece) for at, piece in enumerate(pieces))
    else:
        raw = unquote_to_bytes(data)
    return raw if charset is None else raw.decode(charset, errors)


def url_unquote_plus(s: str | bytes, charset: str | None = "utf-8", errors: str = "replace") -> t.Any:
    """The text that stands in a query, where a plus is a space.

    :param s: what stands there.
    :param charset: how bytes become text; None for bytes.
    :param errors: what is done where they cannot.
    """
    return url_unquote(_to_bytes(s).replace(b"+", b" "), charset, errors)


def url_encode(
    obj: t.Any,
    charset: str = "utf-8",
    encode_keys: t.Any = None,
    sort: bool = False,
    key: Callable[[t.Any], t.Any] | None = None,
    separator: str | bytes = "&",
) -> str:
    """The query of arguments. Those that are None are left out.

    :param obj: the arguments: a dict, also of lists, or pairs.
    :param charset: how text becomes bytes.
    :param encode_keys: no longer means anything.
    :param sort: whether they are sorted.
    :param key: by what.
    :param separator: what stands between two.
    """
    pairs = iter_multi_items(obj)
    between = _to_bytes(separator).decode()
    return between.join(
        f"{url_quote_plus(name, charset)}={url_quote_plus(value, charset)}"
        for name, value in (sorted(pairs, key=key) if sort else pairs)
        if value is not None
    )


def url_encode_stream(
    obj: t.Any,
    stream: t.IO[str] | None = None,
    charset: str = "utf-8",
    encode_keys: t.Any = None,
    sort: bool = False,
    key: Callable[[t.Any], t.Any] | None = None,
    separator: str | bytes = "&",
) -> Iterator[str] | None:
    """As :func:`url_encode`, written to a stream; without one, an iterator of the arguments."""
    query = url_encode(obj, charset, encode_keys, sort, key, separator)
    if stream is None:
        return iter(query.split(_to_bytes(separator).decode()) if query else ())
    stream.write(query)
    return None


def url_decode(
    s: str | bytes,
    charset: str = "utf-8",
    decode_keys: t.Any = None,
    include_empty: bool = True,
    errors: str = "replace",
    separator: str | bytes = "&",
    cls: Callable[[t.Any], t.Any] | None = None,
) -> t.Any:
    """The arguments in a query.

    :param s: the query.
    :param charset: how bytes become text.
    :param decode_keys: no longer means anything.
    :param include_empty: whether an argument without ``=`` counts.
    :param errors: what is done where bytes are no text.
    :param separator: what stands between two.
    :param cls: what they are put into; a :class:`~werkzeug.datastructures.MultiDict` by default.
    """
    return (MultiDict if cls is None else cls)(
        (url_unquote_plus(name, charset, errors), url_unquote_plus(value, charset, errors))
        for name, equals, value in (
            pair.partition(b"=") for pair in _to_bytes(s, charset).split(_to_bytes(separator)) if pair
        )
        if equals or include_empty
    )


def url_decode_stream(
    stream: t.IO[bytes],
    charset: str = "utf-8",
    decode_keys: t.Any = None,
    include_empty: bool = True,
    errors: str = "replace",
    separator: str | bytes = "&",
    cls: Callable[[t.Any], t.Any] | None = None,
    limit: int | None = None,
    return_iterator: bool = False,
) -> t.Any:
    """As :func:`url_decode`, read from a stream.

    :param stream: the stream.
    :param limit: how many bytes are read at most.
    :param return_iterator: whether an iterator of pairs is wanted.
    """
    query = stream.read(-1 if limit is None else limit)
    taken = iter if return_iterator else cls
    return url_decode(query, charset, None, include_empty, errors, separator, taken)


def url_fix(s: str, charset: str = "utf-8") -> str:
    """A URL as somebody typed it, made a real one.

    :param s: what was typed.
    :param charset: how text becomes bytes.
    """
    parts = url_parse(s.replace("\\", "/"))
    path = url_quote(parts.path, charset, safe="/%+$!*'(),")
    query, fragment = (url_quote_plus(part, charset, safe=":&%=+$!*'(),") for part in (parts.query, parts.fragment))
    return t.cast(str, url_unparse((parts.scheme, parts.encode_netloc(), path, query, fragment)))


class Href:
    """Makes URLs below one: called with the parts of the path and the arguments of the query.

    :param base: the URL.
    :param charset: how text becomes bytes.
    :param sort: whether arguments are sorted.
    :param key: by what.
    """

    def __init__(
        self, base: str = "./", charset: str = "utf-8", sort: bool = False, key: Callable[[t.Any], t.Any] | None = None
    ) -> None:
        self.base: str = base or "./"
        self.charset = charset
        self.sort = sort
        self.key = key

    def __getattr__(self, name: str) -> Href:
        if name.startswith("__"):
            raise AttributeError(name)
        return Href(url_join(self.base.rstrip("/") + "/", name), self.charset, self.sort, self.key)

    def __call__(self, *path: t.Any, **query: t.Any) -> str:
        if path and isinstance(path[-1], dict):
            path, query = path[:-1], path[-1]
        query = {name.removesuffix("_"): value for name, value in query.items()}
        below = "/".join(url_quote(part, self.charset) for part in path if part is not None).lstrip("/")
        url = self.base
        if below:
            url = url_join(url.rstrip("/") + "/", f"./{below}")
        return f"{url}?{url_encode(query, self.charset, sort=self.sort, key=self.key)}" if query else url


def _to_bytes(value: t.Any, charset: str = "utf-8", errors: str = "strict") -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(charset, errors)
