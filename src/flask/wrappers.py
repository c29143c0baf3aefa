"""The request that comes in and the response that goes out: Werkzeug's, with what Flask adds.

A request parses nothing when it is made. Each attribute is worked out from the WSGI environment when it is first read.
"""

from __future__ import annotations

import typing as t
from operator import attrgetter

from werkzeug.datastructures import Headers as WerkzeugHeaders
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from . import _activation, _whole_body, eras, json
from ._checked import CheckedRequest, RequestHeaders
from ._cookies import dump_plain_cookie
from ._headers import Headers, fields_of
from ._past.wrappers import JSONMixin, PastRequest
from ._shortcuts import TAKEN
from .globals import _cv_app, current_app
from .helpers import blueprint_names, is_plain_url

if t.TYPE_CHECKING:
    from datetime import datetime, timedelta
    from http import HTTPStatus

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from werkzeug.routing import Rule
    from werkzeug.wrappers import Request as WerkzeugRequest

    from ._body import BodyChunks
    from ._headers import Fields
    from ._request_context import Exchange
    from .app import Flask

T = t.TypeVar("T")


class _FromEnviron:
    """An attribute worked out from the WSGI environment at its first use, and then stored on the request."""

    def __init__(self, compute: t.Callable[[WSGIEnvironment], t.Any]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: t.Any, owner: type | None = None) -> t.Any:
        if instance is None:
            return self
        value = self._compute(instance.environ)
        instance.__dict__[self._name] = value
        return value


class _Environ:
    """The environment of a request that came by ASGI, made when somebody asks for it."""

    def __get__(self, request: t.Any, owner: type | None = None) -> t.Any:
        if request is None:
            return self
        if request._exchange is None:
            raise AttributeError("The request has no environment: its class did not call the constructor of its base.")
        environ = request.__dict__["environ"] = request._exchange.environ
        # After the request that would keep it alive until the garbage collector runs.
        environ["werkzeug.request"] = request if not request._exchange.is_over else None
        return environ


def _from_environ(compute: t.Callable[[WSGIEnvironment], T]) -> T:
    """The descriptor, which to a type checker is the value that it gives: a subclass may set another in its place."""
    return t.cast(T, _FromEnviron(compute))


def _text(environ: WSGIEnvironment, key: str) -> str:
    """A part of the URL, which WSGI hands over as bytes in the disguise of Latin-1."""
    return str(environ.get(key) or "").encode("latin-1", "replace").decode(errors="replace")


def _method(environ: WSGIEnvironment) -> str:
    """The method of the request, in capitals: ``GET``, ``POST``."""
    return str(environ.get("REQUEST_METHOD", "GET")).upper()


def _scheme(environ: WSGIEnvironment) -> str:
    """The scheme of the URL: ``http`` or ``https``."""
    return str(environ.get("wsgi.url_scheme", "http"))


def _server(environ: WSGIEnvironment) -> tuple[str, int | None] | None:
    """The address of the server, ``(host, port)``, or ``(path, None)`` for a Unix socket."""
    name = environ.get("SERVER_NAME")
    if name is None:
        return None
    try:
        return name, int(environ["SERVER_PORT"])
    except (KeyError, TypeError, ValueError):
        return name, None  # a Unix socket has no port


def _root_path(environ: WSGIEnvironment) -> str:
    """The path that the application is mounted on, without a slash at the end."""
    return _text(environ, "SCRIPT_NAME").rstrip("/")


def _path(environ: WSGIEnvironment) -> str:
    """The path of the URL below the application's root, with a slash in front."""
    return "/" + _text(environ, "PATH_INFO").lstrip("/")


def _query_string(environ: WSGIEnvironment) -> bytes:
    """The part of the URL after the question mark, as it came."""
    return str(environ.get("QUERY_STRING") or "").encode("latin-1", "replace")


def _remote_addr(environ: WSGIEnvironment) -> str | None:
    """The address of the client, as the server saw it."""
    return environ.get("REMOTE_ADDR")


class _Limit:
    """A limit on what is read of a request: its own where one was set, else the application's configuration.

    A request without an application has the limit of Werkzeug's.
    """

    def __init__(self, key: str, doc: str) -> None:
        self._key, self.__doc__ = key, doc

    def __set_name__(self, owner: type, name: str) -> None:
        self._own, self._name = f"_own_{name}", name

    def __get__(self, instance: t.Any, owner: type | None = None) -> t.Any:
        if instance is None:
            return self
        if self._own in instance.__dict__:
            return instance.__dict__[self._own]
        app = instance._app or (current_app if current_app else None)
        return app.config[self._key] if app is not None else getattr(CheckedRequest, self._name)

    def __set__(self, instance: t.Any, value: int | None) -> None:
        instance.__dict__[self._own] = value


def _limit(key: str, doc: str) -> int | None:
    """The descriptor, which to a type checker is the limit itself."""
    return t.cast("int | None", _Limit(key, doc))


class Request(PastRequest, CheckedRequest):
    """The request: what :data:`flask.request` stands for while it is handled.

    It is Werkzeug's :class:`~werkzeug.wrappers.Request` and remembers besides which URL rule matched, and with which
    values. To use another class, subclass this one and set :attr:`flask.Flask.request_class`.

    :param environ: the WSGI environment.
    :param populate_request: whether the environment gets a reference to the request, as ``werkzeug.request``.
    :param shallow: whether reading the body is an error, as in middleware that must leave it for others.

    >>> from flask import Flask, request
    >>> app = Flask("shop")
    >>> with app.test_request_context("/cart?item=7", method="POST", data={"count": "2"}):
    ...     request.path, request.args["item"], request.form["count"]
    ('/cart', '7', '2')
    """

    json_module: t.Any = json
    shallow: bool = False

    if not t.TYPE_CHECKING:
        environ = _Environ()

    #: The URL rule that matched, None where none did. It tells, for one, which methods the URL allows:
    #: ``request.url_rule.methods``.
    #:
    #: .. versionadded:: 0.6
    url_rule: Rule | None = None

    #: The values that the rule took out of the URL, None where none matched.
    view_args: dict[str, t.Any] | None = None

    #: The error of matching the URL, which is raised while the request is handled: a NotFound, or one like it.
    routing_exception: HTTPException | None = None

    #: Whether the paths of links have nothing in front, once somebody asked: see :mod:`._building`.
    _is_at_root: bool | None = None

    method: str = _from_environ(_method)
    scheme: str = _from_environ(_scheme)
    server: tuple[str, int | None] | None = _from_environ(_server)
    root_path: str = _from_environ(_root_path)
    path: str = _from_environ(_path)
    query_string: bytes = _from_environ(_query_string)
    headers: WerkzeugHeaders = _from_environ(RequestHeaders)
    remote_addr: str | None = _from_environ(_remote_addr)

    max_content_length: int | None = _limit(
        "MAX_CONTENT_LENGTH",
        """The longest body in bytes that is read; a longer one is answered by 413. None for any length.

        It shows ``MAX_CONTENT_LENGTH``, and may be set for one request.

        .. versionchanged:: 3.1
            Can be set.
        """,
    )
    max_form_memory_size: int | None = _limit(
        "MAX_FORM_MEMORY_SIZE",
        """The longest form field in bytes that is read from a multipart form; a longer one is answered by 413.

        It shows ``MAX_FORM_MEMORY_SIZE``, and may be set for one request.

        .. versionadded:: 3.1
        """,
    )
    max_form_parts: int | None = _limit(  # type: ignore[assignment]  # Werkzeug has no word for "any number"
        "MAX_FORM_PARTS",
        """How many fields and files a multipart form may have; more are answered by 413.

        It shows ``MAX_FORM_PARTS``, and may be set for one request.

        .. versionadded:: 3.1
        """,
    )

    def __init__(self, environ: WSGIEnvironment, populate_request: bool = True, shallow: bool = False) -> None:
        # Werkzeug's constructor would work all attributes out; the descriptors above do so when they are needed.
        self.environ = environ
        if shallow:
            self.shallow = True
        if populate_request and not shallow:
            environ["werkzeug.request"] = self

    @classmethod
    def _of(cls, exchange: Exchange, app: Flask) -> t.Self:
        """The request to an application that came by ASGI."""
        request = cls.__new__(cls)
        request._exchange, request._app = exchange, app
        return request

    @property
    def endpoint(self) -> str | None:
        """The endpoint that matched, None where none did. With :attr:`view_args` it can build the URL again."""
        return t.cast("str | None", self.url_rule.endpoint) if self.url_rule is not None else None

    @property
    def blueprint(self) -> str | None:
        """The name of the blueprint that the endpoint belongs to, as registered; None outside of one."""
        endpoint = self.endpoint
        if endpoint is None or "." not in endpoint:
            return None
        return endpoint.rpartition(".")[0]

    @property
    def blueprints(self) -> list[str]:
        """The names of the blueprint that the endpoint belongs to and of those it is nested in, innermost first.

        .. versionadded:: 2.0.1
        """
        name = self.blueprint
        return list(blueprint_names(name)) if name is not None else []

    @property
    def body(self) -> BodyChunks:
        """The body, piece by piece: an iterator for ``for``, and in an ``async def`` view for ``async for``.

        An ``async def`` view that is served by ASGI is called when the whole body has been received, into memory or a
        file, so that ``form``, ``files`` and the others can be used as in any view. Where the route says
        ``stream_body=True`` it is called at once, and reads the body here, in constant memory::

            @app.post("/upload", stream_body=True)
            async def upload():
                async for chunk in request.body:
                    ...

        ``MAX_CONTENT_LENGTH`` counts in both.

        >>> from flask import Flask, request
        >>> with Flask("shop").test_request_context(method="POST", data=b"tea"):
        ...     b"".join(request.body)
        b'tea'

        .. versionadded:: 3.1.100
        """
        from ._body import BodyChunks

        return BodyChunks(self)

    def close(self) -> None:
        """Close the files of the request, if its form was read; the context does so when it ends."""
        if self.__dict__.get("files"):
            super().close()

    @t.overload
    def get_json(self, force: bool = False, silent: t.Literal[False] = False, cache: bool = True) -> t.Any: ...

    @t.overload
    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> t.Any | None: ...

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> t.Any | None:
        """The body as JSON, or what :meth:`on_json_loading_failed` makes of one that is none.

        :param force: parse it whatever its mimetype is.
        :param silent: return None instead of failing.
        :param cache: keep the result for the next call.

        .. versionadded:: 0.10
        .. versionchanged:: 2.3
            Another mimetype is answered by 415 instead of 400, before 2.1 by None.
        """
        data = _read_json(self) if TAKEN and cache and not silent else None
        if data is not None:
            try:
                value = self.json_module.loads(data)
            except ValueError as error:
                value = self.on_json_loading_failed(error)
                self._cached_json = value, self._cached_json[1]  # asked silently, it may be something else
            else:
                self._cached_json = value, value
            return value
        if not force and eras.is_old("request_json_none") and not self.is_json:
            return None
        return super().get_json(force=force, silent=silent, cache=cache)

    @property
    def json(self) -> t.Any:
        """The body as JSON.

        >>> from flask import Flask, request
        >>> app = Flask("shop")
        >>> with app.test_request_context(method="POST", json={"item": 7}):
        ...     request.json
        {'item': 7}

        .. versionchanged:: 2.1
            A body of another mimetype than JSON is an error; it was None.
        """
        return self.get_json()

    def on_json_loading_failed(self, e: ValueError | None) -> t.Any:
        """Say what a body that is no JSON is taken for; by default the request is answered by 400.

        :param e: why it could not be parsed, or None if its mimetype is not that of JSON.
        :return: what ``json`` and ``get_json()`` give instead.
            Once the request is being answered, by an error handler or later, that is None.
        :raises BadRequest: 400; its description tells the reason in debug mode.
        :raises UnsupportedMediaType: 415, for another mimetype.

        .. versionadded:: 0.8
        """
        if not self._refuses:
            return None
        try:
            return super().on_json_loading_failed(e)
        except BadRequest as error:
            if current_app and current_app.debug:
                raise
            raise BadRequest("The body of the request is not valid JSON.") from error

    def _parse_content_type(self) -> None:
        """Settle the mimetype and its parameters, at their first use; without parameters there is little to parse."""
        known = self.__dict__
        if "_parsed_content_type" in known:
            return
        if TAKEN and "headers" not in known and type(self).headers is _headers:
            exchange = self._exchange
            if exchange is None or exchange.has_environ:
                kind = self.environ.get("CONTENT_TYPE") or ""
            else:
                kind = exchange.content_type
            if ";" not in kind:
                self._parsed_content_type = kind.strip(" \t"), {}
                return
        super()._parse_content_type()

    def _load_form_data(self) -> None:
        super()._load_form_data()
        app = _activation.app()
        # In debug mode, tell whoever forgot the form's enctype why the file they look for is not there.
        if (
            app is not None
            and app.debug
            and self.mimetype != "multipart/form-data"
            and not self.files
        ):
            from .debughelpers import attach_enctype_error_multidict

            attach_enctype_error_multidict(self)


#: The method as it is defined, whatever takes its place on the class later, for modules that come later still.
OUR_INIT: t.Final[t.Callable[..., t.Any]] = Request.__init__
_headers: t.Final = Request.headers

#: What decides, on the class of a request, whether it has JSON, and how that is read.
_reading_json_of: t.Final[t.Callable[[type], t.Any]] = attrgetter(
    *("is_json", "mimetype", "_parse_content_type", "headers", "get_data", "stream", "content_length")
)
_reading_json: t.Final = _reading_json_of(Request)
_get_json: t.Final = CheckedRequest.get_json
#: What decides it on the request itself, or shows that the body was read.
_SETTLED: t.Final = frozenset(
    {"headers", "_parsed_content_type", "stream", "content_length", "get_data", "_cached_data", "_cached_json"}
)


def _read_json(request: Request) -> bytes | None:
    """Read the body of a request, if it is JSON by the very word for it, and can be read at once; else None."""
    if (
        _whole_body.kind_of(request) != "application/json"
        or not _SETTLED.isdisjoint(request.__dict__)
        or _reading_json_of(type(request)) != _reading_json
        or CheckedRequest.get_json is not _get_json
        or request.shallow
    ):
        return None
    return _whole_body.read_data(request)


_whole_body.settle(Request)


#: What a response is made with, and what it is sent by; a subclass, or a patch, may have others.
_MAKING: t.Final = (
    *("__init__", "set_data", "status", "_clean_status"),
    *("default_status", "automatically_set_content_length"),
)
_SENDING: t.Final = ("get_wsgi_response", "get_wsgi_headers", "get_app_iter", "iter_encoded", "close")
_making_of: t.Final[t.Callable[[type], t.Any]] = attrgetter(*_MAKING)
_sending_of: t.Final[t.Callable[[type], t.Any]] = attrgetter("__call__", "status", "status_code", *_SENDING)
_course_of: t.Final[t.Callable[[type], t.Any]] = attrgetter(*_MAKING, "__call__", "status_code", *_SENDING)

#: How many attributes a response is made with: headers, both forms of the status, body, and two flags of sending.
_ATTRIBUTES: t.Final = 6

#: The header for each mimetype that texts mostly have.
_CONTENT_TYPES: t.Final[dict[str | None, tuple[str, str]]] = {
    "text/html": ("Content-Type", "text/html; charset=utf-8"),
    "text/plain": ("Content-Type", "text/plain; charset=utf-8"),
    "application/json": ("Content-Type", "application/json"),
}


class _Pieces:
    """The body that a server is given for a stream: what it consists of, as bytes, to be closed as the response is.

    :param response: the response, whose body is the stream.
    """

    def __init__(self, response: Response) -> None:
        self._response = response
        self._encoded = _encoded(response.response)

    def __iter__(self) -> t.Iterator[bytes]:
        # PERF: not itself. A server goes through the generator directly, without a call of `__next__` for each piece:
        # 24 to 15 µs for a hundred, of which 12 are the view's (bench: stream).
        return self._encoded

    def __next__(self) -> bytes:
        return next(self._encoded)

    def close(self) -> None:
        """Close what makes the pieces, and the response."""
        self._encoded.close()
        self._response.close()


def _encoded(pieces: t.Iterable[t.Any]) -> t.Generator[bytes]:
    for piece in pieces:
        yield piece.encode() if isinstance(piece, str) else piece


class Response(WerkzeugResponse, JSONMixin):
    """The response: Werkzeug's :class:`~werkzeug.wrappers.Response`, with HTML as its default mimetype.

    Views rarely make one: what they return is turned into one by :meth:`flask.Flask.make_response`. To use another
    class, subclass this one and set :attr:`flask.Flask.response_class`.

    :param response: the body: text, bytes, or an iterable of either.
    :param status: the status, as a number or as a line such as ``"404 NOT FOUND"``.
    :param headers: a dict, or a list of pairs.
    :param mimetype: the type of the body; with a text type the charset is added.
    :param content_type: the whole header ``Content-Type`` instead.
    :param direct_passthrough: whether the iterable is handed to the server as it is.

    >>> from flask import Response
    >>> Response("hello").headers["Content-Type"]
    'text/html; charset=utf-8'

    .. versionchanged:: 1.0
        The attribute ``max_cookie_size``.
    """

    headers: WerkzeugHeaders
    response: t.Iterable[str] | t.Iterable[bytes]
    default_mimetype: str | None = "text/html"
    json_module: t.Any = json
    autocorrect_location_header: bool = t.cast(bool, eras.ByEra("location_absolute", True, False))

    def __init__(
        self,
        response: t.Iterable[bytes] | bytes | t.Iterable[str] | str | None = None,
        status: int | str | HTTPStatus | None = None,
        headers: t.Mapping[str, str | t.Iterable[str]] | t.Iterable[tuple[str, str]] | None = None,
        mimetype: str | None = None,
        content_type: str | None = None,
        direct_passthrough: bool = False,
    ) -> None:
        if TAKEN and headers.__class__ is not WerkzeugHeaders:
            kind = response.__class__
            if (
                (kind is str or kind is bytes)
                and (headers is None or headers.__class__ is dict)
                and (status is None or status.__class__ is int)
                and content_type is None
                and not direct_passthrough
                and self._init_whole(response, status, headers, mimetype)
            ):
                return
            if not isinstance(headers, WerkzeugHeaders):
                headers = Headers(headers or None)
        super().__init__(response, status, headers, mimetype, content_type, direct_passthrough)

    def _init_whole(self, body: t.Any, status: t.Any, given: t.Any, mimetype: str | None) -> bool:
        """Settle at once what Werkzeug's constructor settles for a body that is there; tells whether it could."""
        content_type = _CONTENT_TYPES.get(self.default_mimetype if mimetype is None else mimetype)
        if content_type is None or _making_of(type(self)) != _our_making:
            return False
        if body.__class__ is str:
            body = body.encode("utf-8", "replace")
        length = ("Content-Length", str(len(body)))
        if given:
            headers = Headers(given)
            if mimetype is not None or "Content-Type" not in headers:
                headers["Content-Type"] = content_type[1]
            headers["Content-Length"] = length[1]
        else:
            headers = _new(Headers)  # its constructor would cost 0.1 µs, of the 0.8 that all of this takes
            headers._fields = {"content-type": content_type, "content-length": length}
        self.headers = headers
        # Each attribute is set, as Werkzeug does it: whoever makes this a response of another class reads them.
        self._status, self._status_code = ("200 OK", 200) if status is None else self._clean_status(status)
        self.direct_passthrough = False
        self._on_close: list[t.Callable[[], t.Any]] = []
        self.response = [body]
        return True

    @classmethod
    def _of_file(cls, fields: Fields, is_wanted: bool) -> Response | None:
        """A response with the headers of a file, which is yet to become its body, or that says that the client has it;
        None if responses of this class are made in a way of their own.
        """
        if cls is not Response or _making_of(cls) != _our_making or cls.make_conditional is not _our_make_conditional:
            return None
        self = _new(cls)
        self.headers = headers = _new(Headers)
        headers._fields = fields
        self._status, self._status_code = ("200 OK", 200) if is_wanted else ("304 NOT MODIFIED", 304)
        self.direct_passthrough = True
        self._on_close = []
        self.response = iter(())
        return self

    def set_data(self, value: bytes | str) -> None:
        """Set the body.

        :param value: bytes, or text; half a surrogate pair in it, which a client can send in JSON, becomes ``?``.
        """
        super().set_data(value.encode("utf-8", "replace") if isinstance(value, str) else value)

    def make_conditional(
        self,
        request_or_environ: WSGIEnvironment | WerkzeugRequest,
        accept_ranges: bool | str = False,
        complete_length: int | None = None,
    ) -> Response:
        """Make the response answer a conditional request, or one for a range.

        :param request_or_environ: the request, or its environment.
        :param accept_ranges: whether ranges can be asked for, or in which unit.
        :param complete_length: the length of the body in bytes, needed for ranges.
        :raises RequestedRangeNotSatisfiable: 416, for a range that the body does not have.
        :raises BadRequest: 400, for a date that no calendar has.
        """
        try:
            super().make_conditional(request_or_environ, accept_ranges, complete_length)
        except OverflowError:
            self.close()  # the file that would have been sent
            raise BadRequest("A date in the headers of the request is out of range.") from None
        return self

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> WerkzeugHeaders:
        """The headers as they are sent.

        :param environ: the WSGI environment of the request.
        """
        try:
            return super().get_wsgi_headers(environ)
        except ValueError:
            if not self.autocorrect_location_header:
                raise
            self.autocorrect_location_header = False  # no whole URL can be made with what the client said is the host
            return super().get_wsgi_headers(environ)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> t.Iterable[bytes]:
        """Send the response: the WSGI application that each response is."""
        if TAKEN and environ["REQUEST_METHOD"] != "HEAD" and (headers := self._headers_as_they_are()) is not None:
            start_response(self._status, list(headers))
            return self.response  # type: ignore[return-value]  # bytes, as was seen
        if TAKEN and environ["REQUEST_METHOD"] != "HEAD" and self._is_iterable_sent_as_it_is():
            if self._status_code == 200:
                start_response(self._status, self.headers.to_wsgi_list())
                return self.response if self.direct_passthrough else _Pieces(self)  # type: ignore[return-value]  # as above
            fields: Fields = self.headers._fields  # type: ignore[attr-defined]  # as was seen
            start_response(self._status, [pair for name, pair in fields.items() if name not in _OF_BODIES])
            return ()
        return super().__call__(environ, start_response)

    def _headers_as_they_are(self) -> t.Collection[tuple[str, str]] | None:
        """The headers, if Werkzeug would send status, headers and body just as they stand on the response: a list of
        one bytes. For HEAD it would not.
        """
        body, status = self.response, self._status_code
        if body.__class__ is not list or len(body) != 1 or body[0].__class__ is not bytes:
            return None
        if status < 200 or status == 204 or status == 304:
            return None
        if self._on_close or self.direct_passthrough or _sending_of(type(self)) != _our_sending:
            return None
        # Beyond what the constructor sets, an instance may have been given methods of its own.
        own = self.__dict__
        if len(own) > _ATTRIBUTES and not own.keys().isdisjoint(_SENDING):
            return None
        headers: t.Any = self.headers
        fields = headers._fields if headers.__class__ is Headers else None
        pairs: t.Collection[tuple[str, str]]
        if fields is not None:
            pairs = fields.values()
        else:
            fields = fields_of(headers)
            if fields is None:
                return None  # nor need they be headers: a program may have set a dict, which Werkzeug makes into some
            pairs = headers.to_wsgi_list()
        if "content-location" in fields or (
            "location" in fields and not self._is_sent_as_it_is_located(fields["location"])
        ):
            return None
        return pairs if "content-length" in fields else [*pairs, ("Content-Length", str(len(body[0])))]

    def _is_iterable_sent_as_it_is(self) -> bool:
        """Whether Werkzeug would send this body, which is a stream or a file, under the headers as they stand; or
        nothing but headers, if there is no file since the status is 304.
        """
        body, status = self.response, self._status_code
        if status == 304:
            if self._on_close or body.__class__ is not _NO_FILE or not self.direct_passthrough:
                return False
        elif status != 200 or isinstance(body, (list, tuple)):
            return False
        own = self.__dict__
        if _sending_of(type(self)) != _our_sending or (len(own) > _ATTRIBUTES and not own.keys().isdisjoint(_SENDING)):
            return False
        headers = self.headers
        fields = headers._fields if headers.__class__ is Headers else None
        return fields is not None and fields.keys().isdisjoint(_LOCATIONS)

    def _is_sent_as_it_is_located(self, location: tuple[str, str]) -> bool:
        """Whether Werkzeug would send this header just as it stands, instead of completing or encoding the URL."""
        name, url = location
        return name == "Location" and is_plain_url(url) and not self.autocorrect_location_header

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: timedelta | int | None = None,
        expires: str | datetime | int | float | None = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: str | None = None,
        partitioned: bool = False,
    ) -> None:
        """Set a cookie.

        :param key: its name.
        :param value: its value.
        :param max_age: how long it lasts, in seconds or as a timedelta; by default until the browser is closed.
        :param expires: when it ends, as a datetime or a timestamp.
        :param path: the path that it is sent for, with all below.
        :param domain: the domain that it is sent to, with all below; by default the host that set it, alone.
        :param secure: whether it is sent by HTTPS only.
        :param httponly: whether it is hidden from scripts.
        :param samesite: whether it goes with requests that other sites cause: ``"Strict"``, ``"Lax"`` or ``"None"``.
        :param partitioned: whether each site that embeds this one has a cookie of its own; it is then secure.
        """
        if (
            TAKEN
            and partitioned is False
            and WerkzeugResponse.set_cookie is _werkzeug_set_cookie
        ):
            cookie = dump_plain_cookie(key, value, max_age, expires, path, domain, secure, httponly, samesite)
            most = self.max_cookie_size
            if cookie is not None and (not most or len(cookie) <= most):
                self.headers.add("Set-Cookie", cookie)
                return
        super().set_cookie(key, value, max_age, expires, path, domain, secure, httponly, samesite, partitioned)

    @property
    def max_cookie_size(self) -> int:  # type: ignore[override]  # Werkzeug has a plain attribute
        """The size in bytes from which a cookie causes a warning: ``MAX_COOKIE_SIZE``."""
        ctx = _cv_app.get()
        if ctx is not None:
            return t.cast(int, ctx.app.config["MAX_COOKIE_SIZE"])
        return super().max_cookie_size


_werkzeug_set_cookie: t.Final = WerkzeugResponse.set_cookie
_our_make_conditional: t.Final = Response.make_conditional
_NO_FILE: t.Final = type(iter(()))
#: Headers that tell of a body, which a response without one does not have.
_OF_BODIES: t.Final = frozenset(
    {
        *("allow", "content-encoding", "content-language", "content-length", "content-md5", "content-range"),
        *("content-type", "last-modified"),
    }
)
_LOCATIONS: t.Final = frozenset({"location", "content-location"})
_new: t.Final = object.__new__
_our_making: t.Final = _making_of(Response)
_our_sending: t.Final = _sending_of(Response)
_our_course: t.Final = _course_of(Response)


def content_type_if_usual(cls: type[Response], mimetype: str | None = None) -> tuple[str, str] | None:
    """The header for the type of a body that answers 200, if a response of this class would be sent with that and its
    length only; else None.

    :param mimetype: the type, if it is not that which the class has.
    """
    if cls is not Response or _course_of(cls) != _our_course:
        return None
    return _CONTENT_TYPES.get(cls.default_mimetype if mimetype is None else mimetype)
