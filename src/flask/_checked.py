"""Werkzeug's request, with what a client wrote checked where it is read.

What is malformed is refused by 400, with a reason, instead of failing somewhere inside: that would answer by 500 and
fill the log with what is not the application's fault. Nothing is checked that nobody reads.

A refusal needs somebody who can still answer it. Once the request is being answered or ended, by error handlers, after
hooks, signals, teardown functions or a stream, what is malformed is as if it had not been sent.
"""

from __future__ import annotations

import io
import typing as t
from operator import attrgetter
from urllib.parse import urlsplit

from werkzeug.datastructures import EnvironHeaders, IfRange
from werkzeug.exceptions import BadRequest, BadRequestKeyError, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.utils import get_current_url, get_host
from werkzeug.utils import cached_property
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wsgi import get_content_length

from . import _multipart, _urlencoded, _whole_body, eras
from ._past.authorization import as_dict
from ._shortcuts import TAKEN

if t.TYPE_CHECKING:
    from ._request_context import Exchange
    from .app import Flask


class Lazy:
    """An attribute that is worked out at its first use, and then stored on the request.

    Werkzeug's ``cached_property`` is asked each time, and looks the value up; this stands aside once it is stored.

    :param compute: works it out, of the request.
    """

    def __init__(self, compute: t.Callable[[t.Any], t.Any], doc: str | None = None) -> None:
        self._compute = compute
        self.__doc__ = doc or compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, request: t.Any, owner: type | None = None) -> t.Any:
        if request is None:
            return self
        value = request.__dict__[self._name] = self._compute(request)
        return value


class _EnvironKeys(dict[str, str]):
    """The name of a header, as it is asked for -> the key that it has in a WSGI environment."""

    def __missing__(self, name: str) -> str:
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        if len(name) <= _LONGEST_NAME:
            if len(self) >= _MOST_NAMES:
                self.clear()
            self[name] = key
        return key


# Programs ask for few names, again and again; nothing is kept for a client that has any number of them asked for.
_MOST_NAMES: t.Final = 1000
_LONGEST_NAME: t.Final = 100
_environ_keys: t.Final = _EnvironKeys()


class RequestHeaders(EnvironHeaders):
    """The headers of a request. As with its other data, a missing one is a KeyError that answers by 400."""

    def __getitem__(self, key: str) -> str:  # type: ignore[override]  # as Werkzeug's
        try:
            return self._get_key(key)
        except KeyError:
            raise BadRequestKeyError(key) from None

    def _get_key(self, key: str) -> str:
        if TAKEN and key.__class__ is str:
            value: str = self.environ[_environ_keys[key]]
            return value
        return super()._get_key(key)


def _checked(
    name: str,
    doc: str,
    reason: str,
    absent: t.Callable[[t.Any], t.Any] = lambda request: None,
    shortcut: t.Callable[[t.Any], t.Any] | None = None,
    finish: t.Callable[[t.Any], t.Any] = lambda value: value,
) -> t.Any:
    """An attribute of Werkzeug's request that answers by 400 where it cannot be worked out.

    :param absent: gives the value of what was not sent.
    :param shortcut: gives the value, or None where it takes Werkzeug's way.
    :param finish: makes what the program gets of what Werkzeug has worked out.
    """
    inherited = getattr(WerkzeugRequest, name)

    def read(request: CheckedRequest) -> t.Any:
        value = shortcut(request) if TAKEN and shortcut is not None else None
        if value is not None:
            return value
        try:
            return finish(inherited.__get__(request, type(request)))
        except (ValueError, OverflowError):
            if request._refuses:
                raise BadRequest(reason) from None
            return absent(request)

    return Lazy(read, doc)


def _url(name: str, doc: str, *parts: str) -> t.Any:
    """An attribute that is the URL of the request, up to and with the last of the given parts."""

    def read(request: WerkzeugRequest) -> str:
        values = [getattr(request, part) for part in parts]
        try:
            return get_current_url(request.scheme, request.host, *values)
        except UnicodeError:
            # Python's rules for international host names are those of 2003, so it cannot decode every valid one.
            scheme, _, rest = get_current_url(request.scheme, "host", *values).partition("://host")
            return f"{scheme}://{request.host}{rest}"

    return cached_property(read, name, doc)


class CheckedRequest(WerkzeugRequest):
    """A request whose data is what the attribute says, or is refused."""

    _app: Flask | None = None

    #: What brought the request, if that was by ASGI.
    _exchange: Exchange | None = None

    #: The stream, if what was read of the body at once is in it again.
    _put_back: t.IO[bytes] | None = None

    #: Whether a refusal can still be answered.
    _refuses = True

    if not t.TYPE_CHECKING:  # to a type checker they are as Werkzeug declares them
        args = _checked(
            "args",
            """The values of the query string, the part of the URL after the question mark.

            :raises BadRequest: if its bytes are not UTF-8.
            """,
            "The query string of the URL is not valid UTF-8.",
            lambda request: request.parameter_storage_class(),
            _urlencoded.query_of,
        )
        full_path = _checked(
            "full_path",
            "The path of the URL with the query string.",
            "The query string of the URL is not valid UTF-8.",
            lambda request: f"{request.path}?",
        )
        form = Lazy(WerkzeugRequest.form.fget)
        files = Lazy(WerkzeugRequest.files.fget)
        values = Lazy(WerkzeugRequest.values.fget)
        cookies = Lazy(WerkzeugRequest.cookies.fget)

        authorization = _checked(
            "authorization",
            "The header ``Authorization``, parsed; None without one.",
            "The header Authorization holds characters that it must not hold.",
            finish=lambda value: as_dict(value) if eras.is_old("authorization_dict") else value,
        )
        date = _checked("date", "The header ``Date`` as a datetime.", "The header Date is out of range.")
        if_modified_since = _checked(
            "if_modified_since",
            "The header ``If-Modified-Since`` as a datetime.",
            "The header If-Modified-Since is out of range.",
        )
        if_unmodified_since = _checked(
            "if_unmodified_since",
            "The header ``If-Unmodified-Since`` as a datetime.",
            "The header If-Unmodified-Since is out of range.",
        )
        if_range = _checked(
            "if_range",
            "The header ``If-Range``, parsed.",
            "The header If-Range is out of range.",
            lambda request: IfRange(),
        )

        url = _url("url", "The whole URL.", "root_path", "path", "query_string")
        base_url = _url("base_url", "The URL without the query string.", "root_path", "path")
        root_url = _url("root_url", "The URL that the application is mounted on.", "root_path")
        host_url = _url("host_url", "The URL of the host.")

        def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> bytes | str:
            """The body.

            :param cache: keep it for the next call.
            :param as_text: decode it.
            :param parse_form_data: have a form in it parsed, and return nothing of that.
            :raises BadRequest: if the connection broke off, or the body's encoding or a form in it is malformed.
            :raises RequestEntityTooLarge: if it is longer than ``MAX_CONTENT_LENGTH``.
            """
            is_usual = cache and not parse_form_data  # a form that is parsed leaves no data
            if TAKEN and is_usual and _is_unread(self):
                _whole_body.read_data(self)
            try:
                return super().get_data(cache, as_text, parse_form_data)
            except (BadRequest, RequestEntityTooLarge):
                if self._refuses:
                    raise
                return "" if as_text else b""

    @cached_property
    def host(self) -> str:
        """The host that the request is for, with the port where that is not the scheme's own.

        :raises BadRequest: if it cannot be the host of a URL, or is not one of ``TRUSTED_HOSTS``.
        """
        try:
            return self._checked_host()
        except BadRequest:
            if self._refuses:
                raise
            return ""

    def _checked_host(self) -> str:
        host = get_host(self.scheme, self.headers.get("Host"), self.server, self.trusted_hosts)
        # Whatever else Werkzeug lets pass here can be the host of a URL: addresses in brackets and labels need a look.
        if "[" in host or ".." in host or host[:1] == "." or len(host) > 63:
            try:
                (urlsplit(f"//{host}").hostname or "").encode("idna")
            except ValueError:
                raise BadRequest(f"The host {host!r} is not a valid host name.") from None
        return host

    @cached_property
    def content_length(self) -> int | None:
        """The length of the body in bytes, as the header ``Content-Length`` tells it; None where it is not known.

        :raises BadRequest: if the header holds something else than a number.
        """
        header = self.environ.get("CONTENT_LENGTH")
        if header and not (header.isascii() and header.strip(" \t").isdigit() and len(header) < 20):
            if self._refuses:
                raise BadRequest("The header Content-Length is not a number of bytes.")
            return None
        if TAKEN and header and "HTTP_TRANSFER_ENCODING" not in self.environ:
            return int(header)
        return get_content_length(self.environ)

    @cached_property
    def stream(self) -> t.IO[bytes]:
        """The body, to be read piece by piece, where nothing else has read it.

        :raises BadRequest: by reading, if the connection breaks off, or the body's encoding is malformed.
        """
        # Ours, which refuses a malformed one: one of a subclass may ask for the stream, and Werkzeug does not ask it.
        length = _content_length.__get__(self, type(self))
        source = self.environ["wsgi.input"]
        is_terminated = "wsgi.input_terminated" in self.environ
        is_malformed = length is None and bool(self.environ.get("CONTENT_LENGTH"))
        if TAKEN and is_terminated and not is_malformed and source.__class__ is io.BytesIO and not self.shallow:
            limit = self.max_content_length
            if limit is None or max(length or 0, source.getbuffer().nbytes) <= limit:
                return t.cast("t.IO[bytes]", source)  # it is there, and as short as it must be
        stream: t.IO[bytes] = super().stream
        if stream is not source and not is_terminated:
            return stream
        # The server knows where the body ends, so only a maximum limits it; and reading it may fail.
        return _whole_body.ended(source, self.max_content_length)

    def make_form_data_parser(self) -> FormDataParser:
        """Make what parses the form, an instance of ``form_data_parser_class``."""
        parser = super().make_form_data_parser()
        # Silent, it takes a malformed form for an empty one. That is left only to what is no form at all: no body, one
        # that the application read as a stream, or no boundary between its parts, when it can still be read as it is.
        has_body = self.content_length or "wsgi.input_terminated" in self.environ
        stream, put_back = self.__dict__.get("stream"), self._put_back
        is_unread = stream is None or (put_back is stream and put_back.tell() == 0)
        is_taken = not is_unread and getattr(self, "_cached_data", None) is None
        is_multipart = self.mimetype == "multipart/form-data"
        parser.silent = is_multipart and not (has_body and not is_taken and self.mimetype_params.get("boundary"))
        return parser

    def _load_form_data(self) -> None:
        reason = ""
        try:
            if TAKEN and self._load_at_once():
                return
            super()._load_form_data()
            if None in self.form or None in self.files:
                raise ValueError("A part of it has no name.")
            return
        except ValueError as error:
            reason = str(error)
        except (BadRequest, RequestEntityTooLarge):
            if self._refuses:
                raise
        super().close()
        # A body is read once, so who asks next finds an empty form.
        nothing = self.parameter_storage_class()
        self.__dict__.update(form=nothing, files=nothing, stream=io.BytesIO())
        if self._refuses and self._app is not None:  # outside of an application, nobody would answer
            raise BadRequest(f"The form in the body of the request is malformed: {reason}")

    def _load_at_once(self) -> bool:
        """Load the form the short way, if it can be gone; else what was read of the body is left to be parsed."""
        kind = _whole_body.kind_of(self)
        has_fields = kind.partition(";")[0] == _urlencoded.MIMETYPE
        boundary = None if has_fields else _multipart.boundary_of(kind)
        if boundary is None and not has_fields:
            return False
        body = _whole_body.read_form(self, _urlencoded.LONGEST if boundary is None else _whole_body.LONGEST)
        if body is None:
            return False
        if boundary is not None:
            form = _multipart.parts_of(body, boundary, self.max_form_parts, self.max_form_memory_size)
        else:
            form = _urlencoded.form_of(body)
        if form is None:
            _whole_body.put_back(self, body)
            return False
        self.__dict__.update(form=form[0], files=form[1], stream=io.BytesIO())
        return True


#: What decides, on the class of a request, how the body is read; on the request itself it shows that it was read.
_READING: t.Final = ("stream", "content_length")
_READ: t.Final = frozenset({*_READING, "_cached_data"})
_reading_of: t.Final[t.Callable[[type], t.Any]] = attrgetter(*_READING)
_reading: t.Final = _reading_of(CheckedRequest)


def _is_unread(request: CheckedRequest) -> bool:
    """Whether nothing was read of the body of a request, and it is read as here."""
    return bool(_reading_of(type(request)) == _reading and _READ.isdisjoint(request.__dict__) and not request.shallow)


_content_length: t.Final[t.Any] = vars(CheckedRequest)["content_length"]
