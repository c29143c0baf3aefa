"""Whatever a client sends, it gets an answer: no exception leaves the application, and none is answered by 500.

The views touch everything that a request and a session have. The environments are what real servers hand over, in which
each character of a text stands for a byte, with everything in them that a client decides. What is said about single
refusals is in `tests/test_refusals.py`.
"""

from __future__ import annotations

import functools
import io
import itertools
import logging
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

import flask
from flask import Flask, eras, jsonify, redirect, request, send_from_directory, session, url_for
from flask.debughelpers import FormDataRoutingRedirect

# Werkzeug leaves the files of a form that is cut off to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")

METHODS_OF_VIEWS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

# Attributes of a request that are not what a client sent, or that must not be read without care.
NOT_INPUT = {"input_stream", "json_module", "application", "from_values"}
ATTRIBUTES = [
    name
    for name in dir(flask.Request)
    if not name.startswith("_") and name not in NOT_INPUT and not callable(getattr(flask.Request, name))
]


class Answer(t.NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status.split()[0])

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


class Service:
    """An application, and the exceptions of requests to it that nobody handled."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.unhandled: list[BaseException] = []
        flask.got_request_exception.connect(self._note, app)

    def _note(self, sender: Flask, exception: BaseException, **rest: t.Any) -> None:
        self.unhandled.append(exception)

    def ask(self, environ: dict[str, t.Any]) -> Answer:
        """Call the application as a server would, and hold its answer to what every answer must be."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        self.unhandled.clear()
        items = self.app.wsgi_app(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
        body = b"".join(items)
        if hasattr(items, "close"):
            items.close()
        for exception in self.unhandled:
            raise exception
        ((status, headers),) = started
        answer = Answer(status, headers, body)
        check_answer(answer, environ["REQUEST_METHOD"])
        assert not flask.has_request_context()
        assert not flask.has_app_context()
        return answer


def check_answer(answer: Answer, method: str) -> None:
    assert 200 <= answer.code < 500
    for name, value in answer.headers:
        assert name.isascii(), name
        # What a header may hold: Latin-1 without its control characters.
        assert all(31 < ord(character) < 256 and ord(character) != 127 for character in value), (name, value)
    if answer.code >= 400 and method != "HEAD":
        text = answer.body.decode()
        assert len(text.strip()) > 20, text


def make_views(app: Flask, files: Path) -> None:
    """Register the views; with host matching, each for any host, which the view does not get to see."""

    def route(rule: str, **options: t.Any) -> Callable[[t.Any], t.Any]:
        if app.url_map.host_matching:
            options["host"] = "<host>"
        return app.route(rule, **options)

    @app.url_value_preprocessor
    def take_host(endpoint: str | None, values: dict[str, t.Any] | None) -> None:
        (values or {}).pop("host", None)

    @app.url_defaults
    def add_host(endpoint: str, values: dict[str, t.Any]) -> None:
        if app.url_map.is_endpoint_expecting(endpoint, "host"):
            values.setdefault("host", "example.org")

    for name in ("int", "int(signed=True)", "int(fixed_digits=4)", "int(max=5)", "float", "uuid", "any(a, b)", "path"):
        route(f"/{name.partition('(')[0]}/{name}/<{name}:value>", endpoint=name)(
            lambda value: jsonify(value=str(value), again=url_for(request.endpoint or "", value=value, _external=True))
        )
    route("/text/<value>", endpoint="text")(
        lambda value: redirect(url_for("text", value=value, q=value, _anchor=value, _external=True))
    )
    route("/three/<string(length=3):value>/", endpoint="three")(lambda value: value)
    route("/slash/", endpoint="slash", methods=METHODS_OF_VIEWS)(lambda: "slash")
    route("/old", endpoint="old", redirect_to="/slash/")(lambda: "old")
    route("/socket", endpoint="socket", websocket=True)(lambda: "socket")
    route("/files/<path:name>", endpoint="files")(lambda name: send_from_directory(files, name, as_attachment=True))
    for view in (touch, echo, say, away, page):
        route(f"/{view.__name__}" if view is not touch else "/", methods=METHODS_OF_VIEWS)(view)


def touch() -> t.Any:
    """Read all that a request has; if something is refused, be refused, but not before the rest was read."""
    refusals = []
    readers: list[Callable[[], t.Any]] = [functools.partial(read, name) for name in ATTRIBUTES]
    readers += [
        lambda: request.get_json(force=True),
        lambda: request.get_json(silent=True),
        lambda: request.get_data(as_text=True),
        lambda: (list(request.headers), repr(request), str(request.headers)),
        lambda: request.headers["X-Nobody-Sends-This"],
        lambda: request.accept_mimetypes.best_match(["text/html", "application/json"]),
        lambda: request.accept_languages.best_match(["de", "en"]),
        lambda: request.accept_charsets.best_match(["utf-8"]),
        lambda: request.range and request.range.range_for_length(10),
        lambda: request.authorization and (request.authorization.username, request.authorization.token),
        lambda: (request.cache_control.max_age, request.cache_control.no_cache),
        lambda: (request.stream.readline(), request.stream.read()),
        lambda: [file.filename and file.read() for file in request.files.values()],
    ]
    for reader in readers:
        try:
            reader()
        except HTTPException as refusal:
            refusals.append(refusal)
    for refusal in refusals:
        if not isinstance(refusal, KeyError):  # the missing header
            raise refusal
    return "touched"


def read(attribute: str) -> None:
    value = getattr(request, attribute)
    if attribute != "if_range":  # whose text cannot always be made, by Werkzeug
        str(value)


def echo() -> t.Any:
    """Answer with what was sent, and keep it."""
    sent = request.get_json(silent=True)
    seen = [request.args, request.form, request.values, request.cookies, dict(session), sent]
    session["sent"], session["args"] = sent, request.args.to_dict()
    flask.flash(repr(sent))
    response = flask.make_response({"seen": seen, "files": [file.filename for file in request.files.values()]})
    response.set_cookie("said", request.args.get("say", ""))
    return response


def say() -> t.Any:
    """Answer with a text that was sent."""
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, str) else ("said nothing", {"X-Said": "nothing"})


def away() -> t.Any:
    """Send the client to wherever it wants."""
    sent = request.get_json(silent=True)
    return redirect(sent if isinstance(sent, str) else request.args.get("next", "/"))


def page() -> t.Any:
    """Show a page with all that pages commonly show."""
    return flask.render_template_string(
        "{{ get_flashed_messages() }} {{ session.sent }} {{ request.url }} {{ url_for('static', filename='a') }}"
        " {{ url_for('touch', q=request.args.q, _external=true) }}"
    )


def show_error(error: HTTPException) -> t.Any:
    """A page about an error, with links."""
    page = flask.render_template_string(
        "{{ error.name }}: {{ error.description }} {{ session.get('user') }} {{ url_for('touch') }}", error=error
    )
    return page, error.code


def log_error(error: HTTPException) -> t.Any:
    """An answer to an error that looks at the request once more."""
    seen = (request.url, request.full_path, request.args.to_dict(), request.form, request.get_json(silent=True))
    return f"{error.name}: {error.description} {seen!r}".encode(errors="replace"), error.code or 500


KINDS = ["plain", "pages", "server name", "subdomains", "hosts", "trusted hosts", "limits", "debug"]


def make_service(kind: str, folder: Path) -> Service:
    """An application of a kind: what it is configured for decides which code a request meets."""
    static = folder / "static"
    static.mkdir(exist_ok=True)
    (static / "a.txt").write_text("0123456789" * 10)
    app = Flask(
        "bad_input",
        root_path=str(folder),
        host_matching=kind == "hosts",
        static_host="example.com" if kind == "hosts" else None,
        subdomain_matching=kind == "subdomains",
    )
    app.config.update(SECRET_KEY="key", PROPAGATE_EXCEPTIONS=False, PRESERVE_CONTEXT_ON_EXCEPTION=False)
    if kind in ("server name", "subdomains"):
        app.config["SERVER_NAME"] = "example.com:80"
    if kind == "trusted hosts":
        app.config["TRUSTED_HOSTS"] = ["example.com", ".example.org"]
    if kind == "limits":
        app.config.update(MAX_CONTENT_LENGTH=60, MAX_FORM_PARTS=1, MAX_FORM_MEMORY_SIZE=20)
    if kind == "debug":
        # Those two are there to stop the developer, who is the client then.
        app.config.update(DEBUG=True, TRAP_BAD_REQUEST_ERRORS=False)
    handler = {"pages": show_error, "trusted hosts": show_error, "limits": log_error, "hosts": log_error}.get(kind)
    if handler is not None:
        app.register_error_handler(HTTPException, handler)
        for code in (400, 404, 405, 413):
            app.register_error_handler(code, handler)
    make_views(app, static)
    if kind == "subdomains":
        app.add_url_rule("/", "sub", lambda name: url_for("touch", _external=True), subdomain="<name>")
    logging.getLogger(app.name).addHandler(logging.NullHandler())
    return Service(app)


@pytest.fixture(scope="module", params=KINDS)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Service:
    return make_service(request.param, tmp_path_factory.mktemp("root"))


# -- what a client may write --

# Bytes as WSGI hands them over. In a header or a query string no server lets line ends and null bytes pass.
anything = st.binary(max_size=10).map(lambda raw: raw.decode("latin-1"))
on_a_line = anything.map(lambda text: text.translate(dict.fromkeys(map(ord, "\r\n\0"))))


@st.composite
def noisy(draw: st.DrawFn, seeds: list[t.Any], noise: st.SearchStrategy[t.Any]) -> t.Any:
    """One of the seeds, as it is, cut off, doubled, or with noise in it; or noise alone."""
    seed = draw(st.sampled_from(seeds))
    how = draw(st.sampled_from(["as it is", "as it is", "noise inside", "cut off", "with another", "noise"]))
    if how == "noise":
        return draw(noise)
    if how == "with another":
        return seed + draw(st.sampled_from(seeds))
    if how == "as it is":
        return seed
    at = draw(st.integers(0, min(len(seed), 200)))
    return seed[:at] if how == "cut off" else seed[:at] + draw(noise) + seed[at:]


PATHS = [
    *("/", "", "*", "//", "/echo", "/page", "/say", "/away", "/old", "/slash", "/slash/", "/socket", "//echo", "/a//b"),
    *("/int/int/12", "/int/int/-5", "/int/int/\xd9\xa1\xd9\xa2", "/int/int/" + "9" * 5000, "/int/int(signed=True)/-0"),
    *("/int/int(fixed_digits=4)/0012", "/int/int(max=5)/6", "/float/float/1.5", "/float/float/" + "9" * 400 + ".0"),
    *("/uuid/uuid/12345678-1234-5678-1234-567812345678", "/any/any(a, b)/a", "/path/path/a/../b", "/three/abc"),
    *("/text/\xe2\x82\xac", "/text/\xff\xfe", "/text/\xef\xbf\xbd", "/text/\r\nX: y", "/text/%ff", "/text/a?b#c"),
    *("/static/a.txt", "/static/../a", "/static/%00", "/static/a\0", "/static/" + "x" * 300, "/static/" + "x/" * 3000),
    *("/static/..\\a", "/static/C:\\a", "/static//etc/passwd", "/static/.", "/static/a.txt/", "/static/\xff"),
    *("/files/a.txt", "/files/..", "/files/%2e%2e", "/files/\xc3\xa9\0", "http://example.com/", "//example.com/slash"),
]
QUERIES = [
    *("", "a=1", "a=%FF", "a=\xff", "a=\xe2\x82\xac", "&&==", "a" * 5000, "say=%ED%A0%80", "say=%00%0D%0A"),
    *("q=\xc3\xa9", "q=%C3%A9%00"),
    *("next=http://[", "next=/x%0D%0ASet-Cookie:+a=b", "next=//example.com", "next=%C3%A9", "next=http://a:b/"),
    *("next=http://" + "a" * 70 + ".com", "next=http://xn--a%C3%A9", "next=http://a:99999999/", "next=//%E2%84%80/"),
    *("next=http://a%80/", "next=javascript:x", "next=http://[:::]/", "next=%2F%2F..", "next=", "next=http://a@b:c@d"),
]
HOSTS = [
    *("localhost", "example.com", "a.example.com", "example.com:80", "a.b.example.com:8080", "EXAMPLE.com"),
    *("my_host:1", "my_host", "-"),
    *("x:99999", "x:abc", "x:0", "x:", "[::1]", "[::1]:80", "[:::]", "[1:2:3:4:5:6:7:8:9]", "[v1.x]", "[::1", "::1]"),
    *("", " ", "a b", "\xe9.com", "xn--a.com", "xn--.com", "xn--strae-oqa.de", "xn--" + "a" * 70, "a" * 64 + ".com"),
    *(".com", "com.", "a..b", "..", "x@y", "x/y", "[a:b]", "1:1:1", "[::ffff:1.2.3.4]", "[::1.2.3.4.5]"),
    "a" * 300,
]
CONTENT_TYPES = [
    *("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=X"),
    *("multipart/form-data", "multipart/form-data; boundary=\xe9", 'multipart/form-data; boundary="X"'),
    *("multipart/form-data; boundary*=utf-8''X%FF", "multipart/form-data; boundary*0=X; boundary*1="),
    *("multipart/form-data; boundary=" + "X" * 3000, "text/plain; charset=zlib", "text/html; charset=idna"),
    *("application/json; charset=utf-16", "a/b+json", ";;;", "/", "="),
]
PART = b'--X\r\nContent-Disposition: form-data; name="a"'
BODIES = [
    *(b"", b"{}", b'{"a": 1}', b'"\\ud800"', b'["\\ud83d", "\\udc00\\ud800"]', b"[" * 100_000, b"1" * 5000, b"NaN"),
    *(b'"\xed\xa0\x80"', b'{"a": "\xff"}', b"\xff\xfe{\x00}\x00", b'{" t": 1}', b"-", b'"//[\\r\\n\\ud800"'),
    b'"http://\\ud800/"',
    *(b"a=1&b=%FF&c=%", b"a=\xff", b"a=1&" * 50, b"=" * 50, b"a=1;b=2", b"%00=%0D%0A", b"\0" * 70),
    PART + b"\r\n\r\nv\r\n--X--\r\n",
    PART + b'; filename="f"\r\nContent-Type: a/b\r\nContent-Length: 9999999999999999999999\r\n\r\nv\r\n--X--\r\n',
    PART + b"; filename*=utf-8''%ED%A0%80\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nv\r\n--X--\r\n",
    PART + b'; filename="\xff\r\n"\r\n\r\nv\r\n--X--',
    PART + b'; filename="a\\"\r\n\r\nv',
    b"--X\r\nContent-Disposition: form-data\r\n\r\nv\r\n--X--",
    b"--X\r\nContent-Disposition: form-data; filename=f\r\n\r\nv\r\n--X--",
    *(b"--X--", b"--X\r\n\r\n\r\n--X--", b"--X\r\nX\r\n\r\n"),
    b"--X\nContent-Disposition: form-data; name=a\n\nv\n--X--",
]
LENGTHS = ["0", "5", "-1", "x", "", "+5", " 5", "5_0", "9" * 15, "9" * 5000, "\xb2", "1e3", "0x10", "5,5"]
DATES = [
    "Mon, 01 Jan 2020 00:00:00 GMT",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 32 Jan 2020 99:99:99 GMT",
    "Mon, 01 Jan 2020 00:00:00 +999999999999",
    "Mon, 01 Jan 99999999999 00:00:00 GMT",
    "1 Jan 2020 00:00 -0000",
    "1",
]
HEADERS: dict[str, list[str]] = {
    "HTTP_COOKIE": [
        *("session=abc", "session=.eJx.x.y", "session=eyJhIjoxfQ.aaaa.bbbb", "session=a.b.c.d", "session=" + "." * 500),
        *('a=b; c="\\377"; =x', 'session="\\400\\0"', ";;=;", 'x="\\777"', "session=\xc3\xa9", "session"),
    ],
    "HTTP_AUTHORIZATION": [
        *("Basic YTpi", "Basic ====", "Basic \xff", "Basic w6k6", "Basic", "Digest a=b", 'Digest username="a, b'),
        *("Bearer", "Bearer x=", "Negotiate abc==", " ", "Basic gICA"),
    ],
    "HTTP_ACCEPT": [
        *("*/*;q=0.5", "text/html;q=abc", "a/b;q=1e999", "a;q=-1,b;q=2", "text/html;level=1", "*", "a/b/c", "/"),
    ],
    "HTTP_ACCEPT_LANGUAGE": ["de-AT,en;q=0.5", "*", "-", "_", "de;q=0." + "9" * 5000],
    "HTTP_ACCEPT_CHARSET": ["utf-8", "x\xff", "*"],
    "HTTP_ACCEPT_ENCODING": ["gzip", "identity;q=0"],
    "HTTP_IF_MODIFIED_SINCE": DATES,
    "HTTP_IF_UNMODIFIED_SINCE": DATES,
    "HTTP_DATE": DATES,
    "HTTP_IF_NONE_MATCH": ["*", '"a"', 'W/"a"', 'a,b,"', "W/"],
    "HTTP_IF_MATCH": ["*", '"a"', 'W/"a"'],
    "HTTP_IF_RANGE": ['"a"', 'W/"', "x", *DATES],
    "HTTP_RANGE": [
        *("bytes=0-1", "bytes=-1", "bytes=1-", "bytes=5-1", "bytes=" + "9" * 5000 + "-", "bytes=0-0,2-3"),
        *("bytes=--1", "bytes=a-b", "bytes=-0", "bytes=0-" + "9" * 30, "bytes=\xb2-", "bytes=-\xb2", "bytes=99-"),
        *("=0-1", "x=1", "bytes"),
    ],
    "HTTP_CACHE_CONTROL": ["max-age=x", 'max-age="1", no-cache=', "max-age=" + "9" * 5000, "max-stale", "="],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4, 5.6.7.8", '"', ","],
    "HTTP_TRANSFER_ENCODING": ["chunked", "CHUNKED, gzip", "x"],
    "HTTP_MAX_FORWARDS": ["1", "x", "9" * 5000, "\xb2"],
    "HTTP_CONTENT_ENCODING": ["gzip"],
    "HTTP_CONTENT_MD5": ["x"],
    "HTTP_REFERER": ["http://["],
    "HTTP_ORIGIN": ["null"],
    "HTTP_USER_AGENT": ["Mozilla"],
    "HTTP_UPGRADE": ["websocket"],
    "HTTP_CONNECTION": ["Upgrade"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": ["a, b"],
}
GET, POST = {"REQUEST_METHOD": "GET"}, {"REQUEST_METHOD": "POST"}
METHODS = ["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "get", "G\xe9T", ""]


class Broken(io.RawIOBase):
    """A body whose connection breaks off, or whose encoding the server finds malformed."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int:
        raise OSError("the client went away")


def make_environ(
    line: dict[str, str], headers: dict[str, str], body: bytes, broken: bool, length: str
) -> dict[str, t.Any]:
    """A WSGI environment: what the request line, the headers and the body say, and what the server adds."""
    environ: dict[str, t.Any] = {
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "5000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": Broken() if broken else io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ.update(line)
    environ.update(headers)
    if length == "terminated":
        environ["wsgi.input_terminated"] = True
    elif length != "none":
        environ["CONTENT_LENGTH"] = str(len(body)) if length == "right" else length
    return environ


environs = st.builds(
    make_environ,
    line=st.fixed_dictionaries(
        {
            "REQUEST_METHOD": st.sampled_from(["GET", "GET", "GET", "POST", *METHODS]),
            "PATH_INFO": noisy(PATHS, anything),
            "QUERY_STRING": noisy(QUERIES, on_a_line),
        },
        optional={
            "SCRIPT_NAME": st.sampled_from(["/app", "/\xff", "//", "/a/"]),
            "wsgi.url_scheme": st.just("https"),
            "REMOTE_ADDR": st.sampled_from(["", "::1"]),
            "SERVER_NAME": st.sampled_from(["::1", "0.0.0.0", "/tmp/socket"]),
            "SERVER_PORT": st.sampled_from(["", "80", "x"]),
        },
    ),
    headers=st.fixed_dictionaries(
        {},
        optional={
            "HTTP_HOST": noisy(HOSTS, on_a_line),
            "CONTENT_TYPE": noisy(CONTENT_TYPES, on_a_line),
            **{name: noisy(values, on_a_line) for name, values in HEADERS.items()},
        },
    ),
    body=noisy(BODIES, st.binary(max_size=10)),
    broken=st.sampled_from([False] * 9 + [True]),
    length=st.sampled_from(["right"] * 6 + ["none", "terminated"]) | noisy(LENGTHS, on_a_line),
)


def test_all_that_a_client_sends_is_touched() -> None:
    assert {"path", "url", "host", "args", "form", "files", "values", "json", "data", "stream"} <= {*ATTRIBUTES}
    assert {"authorization", "range", "if_range", "date", "access_route", "user_agent", "cookies"} <= {*ATTRIBUTES}


def simple_requests() -> Iterator[dict[str, t.Any]]:
    """Requests with one curious thing in each, at the views that such a thing may trouble."""
    body, form = b'"//[\\ud800"', "multipart/form-data; boundary=X"
    for method, path in itertools.product(METHODS, ["/", "/echo", "/slash", "/static/a.txt", "/none"]):
        yield make_environ({"REQUEST_METHOD": method, "PATH_INFO": path}, {}, b"", False, "right")
    for path, query in (*((path, "") for path in PATHS), *itertools.product(["/", "/echo", "/away", "/page"], QUERIES)):
        yield make_environ(GET | {"PATH_INFO": path, "QUERY_STRING": query}, {}, b"", False, "none")
    for path, host in itertools.product(["/", "/page", "/slash", "/none", "/text/\xff"], HOSTS):
        yield make_environ(GET | {"PATH_INFO": path}, {"HTTP_HOST": host}, b"", False, "none")
    for path, name in itertools.product(["/", "/echo", "/static/a.txt"], HEADERS):
        for value in HEADERS[name]:
            yield make_environ(GET | {"PATH_INFO": path}, {"HTTP_RANGE": "bytes=0-", name: value}, b"", False, "none")
    for path, kind, sent in itertools.product(["/", "/echo", "/say", "/away"], CONTENT_TYPES, BODIES):
        yield make_environ(POST | {"PATH_INFO": path}, {"CONTENT_TYPE": kind}, sent, False, "right")
    for path, length in itertools.product(["/", "/echo"], ["terminated", *LENGTHS]):
        for broken in (False, True):
            yield make_environ(POST | {"PATH_INFO": path}, {"CONTENT_TYPE": form}, PART, broken, length)
            yield make_environ(POST | {"PATH_INFO": path}, {"CONTENT_TYPE": "a/json"}, body, broken, length)


def check(service: Service, environ: dict[str, t.Any]) -> None:
    try:
        service.ask(environ)
    except FormDataRoutingRedirect:
        # It tells the developer, who is the client then, of a mistake in a page.
        assert service.app.debug
        assert eras.is_old("post_redirect_raises")


def test_a_request_with_one_curious_thing_is_answered(service: Service) -> None:
    for environ in simple_requests():
        check(service, environ)


@settings(deadline=None, max_examples=200)
@given(environ=environs)
def test_any_request_is_answered(service: Service, environ: dict[str, t.Any]) -> None:
    check(service, environ)
