"""What a client sends malformed is refused with a reason, where it is read; what nobody reads does no harm.

That nothing at all leads to a 500 is shown in `tests/properties/test_bad_input.py`; what becomes of it once the request
is being answered, in `tests/test_answering.py`.
"""

from __future__ import annotations

import io
import socket
import sys
import threading
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

import flask
from flask import Flask, eras, jsonify, redirect, request, session, url_for
from flask.testing import FlaskClient

POST = {"method": "POST"}
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=X"
FIELD = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue\r\n'


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return make_app(tmp_path)


def make_app(folder: Path) -> Flask:
    """An application with a view for each attribute of a request that may be refused."""
    (folder / "static").mkdir()
    (folder / "static" / "a.txt").write_text("0123456789")
    app = Flask("refusals", root_path=str(folder))
    app.config.update(SECRET_KEY="key", PROPAGATE_EXCEPTIONS=False)

    def read(name: str) -> Callable[[], str]:
        return lambda: repr(getattr(request, name))

    for name in ("args", "full_path", "url", "host", "form", "files", "data", "authorization", "date", "if_range"):
        app.add_url_rule(f"/{name}", name, read(name), methods=["GET", "POST"])
    app.add_url_rule("/json", "json", lambda: jsonify(sent=request.get_json(force=True)), methods=["POST"])
    app.add_url_rule("/nothing", "nothing", lambda: "read nothing", methods=["GET", "POST"])
    app.add_url_rule("/<name>", "name", lambda name: name)
    return app


def open_raw(app: Flask, path: str, query: str = "", **environ: t.Any) -> t.Any:
    """Send a request as a server would: its path, query string and headers are bytes in the disguise of Latin-1."""
    given = EnvironBuilder(environ_overrides={"PATH_INFO": path, "QUERY_STRING": query, **environ}).get_environ()
    body, status, headers = run_wsgi_app(app, given, buffered=True)
    return TestResponse(body, status, headers, flask.Request(given))


def assert_refused(response: t.Any, reason: str, status: int = 400) -> None:
    assert (response.status_code, reason in response.text) == (status, True), (response.status, response.text)


# -- the URL --


@pytest.mark.parametrize("path", ["/\xff", "/caf\xe9", "/static/\xff", "/no/such/\xc3"])
def test_a_path_that_is_not_utf8(app: Flask, path: str) -> None:
    assert_refused(open_raw(app, path), "The path of the URL is not valid UTF-8.")


def test_a_path_may_hold_the_replacement_character_itself(app: Flask) -> None:
    assert open_raw(app, "/\xef\xbf\xbd").text == "\ufffd"


@pytest.mark.parametrize("name", ["args", "full_path"])
def test_a_query_string_that_is_not_utf8(app: Flask, name: str) -> None:
    assert_refused(open_raw(app, f"/{name}", "a=\xff"), "The query string of the URL is not valid UTF-8.")


def test_a_query_string_that_is_not_read(app: Flask) -> None:
    assert open_raw(app, "/nothing", "a=\xff").status_code == 200


def test_encoded_bytes_that_are_not_utf8_stay_encoded(app: Flask) -> None:
    assert "%FF" in open_raw(app, "/args", "a=%FF").text


@pytest.mark.parametrize("host", ["[:::]", "[1:2:3:4:5:6:7:8:9]:81", "a..b", ".a", "a" * 64 + ".b", "xn--" + "a" * 60])
@pytest.mark.parametrize("path", ["/nothing", "/url", "/no/such"])
def test_a_host_that_there_cannot_be(app: Flask, host: str, path: str) -> None:
    assert_refused(open_raw(app, path, HTTP_HOST=host), f"The host &#39;{host}&#39; is not a valid host name.")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("example.com", "http://example.com/url"),
        ("[::1]:5000", "http://[::1]:5000/url"),
        ("xn--wgv71a119e.jp", "http://日本語.jp/url"),
        # Python's own rules for international names cannot decode this one, which is straße.de.
        ("xn--strae-oqa.de:81", "http://xn--strae-oqa.de:81/url"),
        ("a" * 63 + ".com.", f"http://{'a' * 63}.com./url"),
    ],
)
def test_a_host_that_there_can_be(app: Flask, host: str, url: str) -> None:
    assert open_raw(app, "/url", HTTP_HOST=host).text == repr(url)


def test_a_host_that_is_not_trusted(app: Flask, client: FlaskClient) -> None:
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    assert client.get("/nothing", headers={"Host": "example.com"}).status_code == 200
    assert_refused(client.get("/nothing", headers={"Host": "example.org"}), "is not trusted")


@pytest.mark.parametrize("path", ["/nothing", "/no/such", "/\xff"])
def test_a_page_about_a_refused_host_may_have_links(app: Flask, path: str) -> None:
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    app.register_error_handler(HTTPException, lambda error: (url_for("name", name="home"), error.code))
    app.register_error_handler(400, lambda error: (url_for("name", name="home"), error.code))
    response = open_raw(app, path, HTTP_HOST="example.org", SCRIPT_NAME="/shop")
    assert (response.status_code, response.text) == (400, "/shop/home")


def test_whole_urls_on_a_page_about_a_refused_host_are_those_of_the_server_name(
    app: Flask, client: FlaskClient
) -> None:
    app.config.update(TRUSTED_HOSTS=["example.com"], SERVER_NAME="example.com")
    app.register_error_handler(400, lambda error: (url_for("name", name="home", _external=True), 400))
    assert client.get("/nothing", headers={"Host": "example.org"}).text == "http://example.com/home"


def test_an_error_handler_that_looks_for_a_field_has_a_mistake(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.register_error_handler(404, lambda error: request.form["reason"])
    app.register_error_handler(500, lambda error: ("our mistake", 500))
    response = client.get("/no/such/page")
    assert (response.status_code, response.text) == (500, "our mistake")
    assert "Exception on /no/such/page [GET]" in caplog.text
    app.config.update(DEBUG=True, PROPAGATE_EXCEPTIONS=True, PRESERVE_CONTEXT_ON_EXCEPTION=False)
    with pytest.raises(KeyError):
        client.get("/no/such/page")


def test_an_error_handler_that_aborts_has_a_mistake(app: Flask, client: FlaskClient) -> None:
    app.register_error_handler(404, lambda error: flask.abort(400))
    app.logger.disabled = True
    try:
        assert client.get("/no/such/page").status_code == 500
    finally:
        app.logger.disabled = False


def test_an_error_of_the_application_is_not_taken_for_one_of_the_client(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/fail/now", "fail", lambda: {}["nothing"])
    app.register_error_handler(500, lambda error: request.args["reason"])
    app.logger.disabled = True
    try:
        assert client.get("/fail/now").status_code >= 500
    except KeyError:
        pass  # nor if the handler for 500 fails
    finally:
        app.logger.disabled = False


# -- the body --


@pytest.mark.parametrize("length", ["-1", "x", "+5", "5_0", "1e3", "\xb2", "5,5", "0x5", "9" * 5000])
def test_a_length_that_is_no_number(client: FlaskClient, length: str) -> None:
    for path in ("/data", "/form", "/json"):
        response = client.post(path, environ_overrides={"CONTENT_LENGTH": length, "CONTENT_TYPE": FORM})
        assert_refused(response, "The header Content-Length is not a number of bytes.")


def test_a_length_that_is_not_read(client: FlaskClient) -> None:
    assert client.post("/nothing", environ_overrides={"CONTENT_LENGTH": "x"}).status_code == 200


@pytest.mark.parametrize("path", ["/data", "/form", "/json", "/files"])
@pytest.mark.parametrize("content_type", [FORM, MULTIPART, "application/json"])
def test_a_body_that_is_shorter_than_it_says(client: FlaskClient, path: str, content_type: str) -> None:
    if path != "/json" and content_type == "application/json":
        path = "/data"
    response = client.post(
        path,
        environ_overrides={
            "CONTENT_LENGTH": "500",
            "CONTENT_TYPE": content_type,
            "wsgi.input": io.BytesIO(FIELD),
        },
    )
    assert response.status_code == 400


def test_a_body_that_is_too_long(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 5
    assert client.post("/data", data=b"12345", content_type="a/b").status_code == 200
    assert_refused(client.post("/data", data=b"123456", content_type="a/b"), "exceeds the capacity limit", 413)


class Unreadable(io.RawIOBase):
    """A body in chunks that the server finds malformed while it is read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int:
        raise OSError("Invalid chunk header")


@pytest.mark.parametrize("path", ["/data", "/form", "/json"])
@pytest.mark.parametrize("limit", [None, 1000])
def test_a_body_that_cannot_be_read_to_its_end(app: Flask, client: FlaskClient, path: str, limit: int | None) -> None:
    app.config["MAX_CONTENT_LENGTH"] = limit
    response = client.post(
        path,
        environ_overrides={
            "wsgi.input": Unreadable(),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
            "CONTENT_TYPE": FORM,
        },
    )
    assert response.status_code == 400


def test_a_body_of_unknown_length_is_read_to_its_end(client: FlaskClient) -> None:
    body = b"x" * 200_000
    response = client.post(
        "/data",
        environ_overrides={"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "CONTENT_TYPE": "a/b"},
    )
    assert response.text == repr(body)


@pytest.mark.parametrize(
    ("content_type", "body", "reason"),
    [
        (FORM, b"a=\xff", "is malformed"),
        (MULTIPART, FIELD, "is malformed"),
        (MULTIPART, b"no form", "is malformed"),
        (MULTIPART, b"--X\r\nNo-Disposition: 1\r\n\r\nv\r\n--X--", "Missing Content-Disposition header"),
        (MULTIPART, FIELD.replace(b'"a"', b'"\xff"') + b"--X--", "is malformed"),
        (MULTIPART, FIELD.replace(b'; name="a"', b"") + b"--X--", "has no name"),
        (MULTIPART, FIELD.replace(b'name="a"', b'filename="f"') + b"--X--", "has no name"),
    ],
)
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
def test_a_form_that_is_malformed(client: FlaskClient, content_type: str, body: bytes, reason: str) -> None:
    for path in ("/form", "/files", "/data"):
        response = client.post(path, data=body, content_type=content_type)
        assert_refused(response, reason)
        assert "The form in the body of the request is malformed" in response.text
    assert client.post("/nothing", data=body, content_type=content_type).status_code == 200


@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
@pytest.mark.parametrize("body", [FIELD, FIELD.replace(b'; name="a"', b"") + b"--X--"])
def test_a_malformed_form_is_refused_once(app: Flask, body: bytes) -> None:
    with app.test_request_context(**POST, data=body, content_type=MULTIPART):
        with pytest.raises(BadRequest, match="The form in the body of the request is malformed"):
            request.form.to_dict()
        assert (request.form, request.files, request.values) == (MultiDict(), MultiDict(), CombinedMultiDict())
        assert (request.data, request.get_data(as_text=True)) == (b"", "")


def test_middleware_takes_a_malformed_form_for_an_empty_one() -> None:
    # There is no application around it that could answer a refusal.
    assert flask.Request.from_values(**POST, data=b"a=\xff", content_type=FORM).form == MultiDict()


def test_what_is_no_form_at_all_is_an_empty_one(client: FlaskClient) -> None:
    # Many a client that sends no form says that it does.
    assert client.post("/form", content_type=MULTIPART).text == "ImmutableMultiDict([])"
    assert client.get("/form", headers={"Content-Type": MULTIPART}).text == "ImmutableMultiDict([])"
    assert client.post("/data", data=b"abc", content_type="multipart/form-data").text == "b'abc'"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"nonsense", b'{"a": 1,}', b"[" * 100_000, b"1" * 5000),
        *(b'"\xff"', b'"\xed\xa0\x80"', b"\xff\xfe\xff", b"\x00"),
    ],
)
@pytest.mark.parametrize("debug", [False, True])
def test_a_body_that_is_no_json(app: Flask, client: FlaskClient, body: bytes, debug: bool) -> None:
    app.config.update(DEBUG=debug, PROPAGATE_EXCEPTIONS=False)
    reason = "Failed to decode JSON object" if debug else "The body of the request is not valid JSON."
    assert_refused(client.post("/json", data=body, content_type="application/json"), reason)


@pytest.mark.skipif(eras.is_old("request_json_none"), reason="it was None then")
def test_a_body_that_does_not_say_it_is_json(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/strict/json", "strict", lambda: request.json, methods=["POST"])
    assert_refused(client.post("/strict/json", data=b"{}"), "Content-Type was not", 415)


def test_half_a_surrogate_pair_in_json_does_no_harm(app: Flask, client: FlaskClient) -> None:
    # Valid JSON, and what becomes of a text that a script cut in the middle of an emoji.
    app.add_url_rule("/text/json", "text", lambda: request.get_json()["text"], methods=["POST"])
    app.add_url_rule("/keep/json", "keep", lambda: session.update(request.get_json()) or "", methods=["POST"])
    app.add_url_rule("/kept/json", "kept", lambda: dict(session))
    app.add_url_rule("/away/json", "away", lambda: redirect(request.get_json()["text"]), methods=["POST"])
    sent = {"data": b'{"text": "a\\ud83db"}', "content_type": "application/json"}
    assert client.post("/json", **sent).json == {"sent": {"text": "a\ud83db"}}
    assert client.post("/text/json", **sent).data == b"a?b"
    client.post("/keep/json", **sent)
    assert client.get("/kept/json").json == {"text": "a\ud83db"}
    assert client.post("/away/json", **sent).headers["Location"].removeprefix("http://localhost/away/") == "a?b"


# -- the headers --


def test_a_header_that_is_missing(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/token/header", "token", lambda: request.headers["X-Token"])
    assert client.get("/token/header", headers={"X-Token": "abc"}).text == "abc"
    assert client.get("/token/header").status_code == 400
    with app.test_request_context(), pytest.raises(KeyError):
        request.headers["X-Token"]


TOO_LATE = "Mon, 01 Jan 99999999999 00:00:00 GMT"


@pytest.mark.parametrize(
    ("path", "header", "value", "reason"),
    [
        ("/authorization", "Authorization", "Basic \xff", "The header Authorization"),
        ("/date", "Date", TOO_LATE, "The header Date"),
        ("/if_range", "If-Range", TOO_LATE, "The header If-Range"),
        ("/static/a.txt", "If-Modified-Since", TOO_LATE, "A date in the headers"),
    ],
)
def test_a_header_that_is_out_of_range(client: FlaskClient, path: str, header: str, value: str, reason: str) -> None:
    if path.startswith("/static") and eras.is_old("send_file_unconditional"):
        pytest.skip("files were not sent conditionally then")
    if value == TOO_LATE and sys.version_info >= (3, 14):
        # Python says then that this is no date, and what is none is as if it had not been sent.
        with client.get(path, headers={header: value}) as response:
            assert response.status_code == 200
        return
    assert_refused(client.get(path, headers={header: value}), reason)


@pytest.mark.parametrize("value", ["bytes=99-", "bytes=5-1", "bytes=x", "lines=1-2"])
@pytest.mark.skipif(eras.is_old("send_file_unconditional"), reason="files were not sent conditionally then")
def test_a_range_that_there_is_not(client: FlaskClient, value: str) -> None:
    assert_refused(client.get("/static/a.txt", headers={"Range": value}), "requested range", 416)


@pytest.mark.parametrize("method", ["BREW", "G\xe9T", "", "TRACE"])
def test_a_method_that_is_not_known(client: FlaskClient, method: str) -> None:
    response = client.open("/nothing", environ_overrides={"REQUEST_METHOD": method})
    assert_refused(response, "The method is not allowed", 405)
    assert {"GET", "POST"} <= {*response.headers["Allow"].split(", ")}


@pytest.mark.parametrize("cookie", ["session=x.y.z", 'session="\\777"', "session=\xff", "=", ";;;", "session"])
def test_a_cookie_that_is_malformed_is_no_cookie(app: Flask, cookie: str) -> None:
    app.add_url_rule("/seen/cookie", "seen", lambda: dict(session))
    response = open_raw(app, "/seen/cookie", HTTP_COOKIE=cookie)
    assert (response.status_code, response.json) == (200, {})


# -- what a view writes that a client chose --


@pytest.mark.parametrize(
    ("location", "written"),
    [
        ("/next?a=1#b", "/next?a=1#b"),
        ("/häuser", "/h%C3%A4user"),
        ("http://bücher.example/ä", "http://xn--bcher-kva.example/%C3%A4"),
        ("/x\r\nSet-Cookie: a=b", "/x%0D%0ASet-Cookie:%20a=b"),
        ("/\t/example.org", "/%09/example.org"),
        ("/\0", "/%00"),
        ("/a\ud800b", "/a?b"),
        ("http://[", "http%3A%2F%2F%5B"),
        ("http://a:b/", "http%3A%2F%2Fa%3Ab%2F"),
        ("//" + "a" * 64 + ".com", "%2F%2F" + "a" * 64 + ".com"),
        ("//\u2100/", "%2F%2F%E2%84%80%2F"),
    ],
)
def test_a_location_to_redirect_to_is_written_as_one_url(
    app: Flask, client: FlaskClient, location: str, written: str
) -> None:
    if eras.is_old("location_absolute"):  # each is then a URL below that of the request, or on its host
        written = urljoin("http://localhost/away/", written)
    app.add_url_rule("/away/now", "away", lambda: redirect(location))
    app.add_url_rule("/away/early", "early", lambda: flask.redirect(location, Response=flask.Response))
    for path in ("/away/now", "/away/early"):
        response = client.get(path)
        assert response.status_code == 302
        assert response.headers["Location"] == written
        assert "Set-Cookie" not in response.headers


def test_a_header_is_never_split(app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    value = "a\r\nSet-Cookie: b=c"

    def cookie() -> t.Any:
        response = flask.make_response("")
        response.set_cookie("a", value)
        return response

    app.add_url_rule("/split/header", "header", lambda: ("", {"X-Value": value}))
    app.add_url_rule("/split/cookie", "cookie", cookie)
    app.add_url_rule(
        "/split/name",
        "name_",
        lambda: flask.send_file(io.BytesIO(b""), as_attachment=True, mimetype="a/b", download_name=value),
    )
    for path in ("/split/header", "/split/cookie", "/split/name"):
        response = client.get(path)
        for name, header in response.headers:
            assert "\r" not in name + header
            assert "\n" not in name + header
        assert len(response.headers.getlist("Set-Cookie")) == (path == "/split/cookie")
    # That a program lets clients write into its headers is for the program to mend.
    assert client.get("/split/header").status_code == 500
    assert "newline" in caplog.text


# -- a real server --


class Handler(WSGIRequestHandler):
    """Keeps the errors that leave the application, and says nothing."""

    def log(self, type: str, message: str, *args: t.Any) -> None:
        if message.startswith("Error on request"):
            self.server.errors.append(message)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseWSGIServer]:
    app = make_app(tmp_path_factory.mktemp("served"))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler)
    server.errors = []

    def note(sender: Flask, exception: BaseException, **rest: t.Any) -> None:
        server.errors.append(repr(exception))

    flask.got_request_exception.connect(note, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def send(server: BaseWSGIServer, raw: bytes) -> bytes:
    """Send bytes, and nothing after them; return all that comes back."""
    received = b""
    with socket.create_connection(server.server_address[:2], timeout=10) as connection:
        try:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except OSError:
            pass  # the server closed the connection before it had read all
    return received


def get(target: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((b"GET " + target + b" HTTP/1.1", b"Host: a", *headers, b"", b""))


def post(target: bytes, body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join((b"POST " + target + b" HTTP/1.1", b"Host: a", *headers, b"", body))


CHUNKED = b"Transfer-Encoding: chunked"

# What is sent, and the status of the answer; None where it is the server that answers, or hangs up.
RAW: list[tuple[bytes, int | None]] = [
    (get(b"/nothing"), 200),
    (get(b"/%00"), 200),
    (get(b"/%ff"), 200),  # this server decodes the path itself
    (get(b"/static/%00"), 404),
    (get(b"/static/..%2f..%2fetc/passwd"), 404),
    (get(b"/nothing", b"Cookie: session=\xff\x01;;="), 200),
    (get(b"/authorization", b"Authorization: Basic \xff"), 400),
    (get(b"http://b/nothing"), 200),
    (b"GET /url HTTP/1.1\r\nHost: [:::]\r\n\r\n", 400),
    (b"GET /url HTTP/1.1\r\nHost: a..b\r\n\r\n", 400),
    (b"GET /url HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n", 200),
    (b"GET /url HTTP/1.0\r\n\r\n", 200),
    (b"BREW /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    (post(b"/json", b"{", b"Content-Length: 2"), 400),
    (post(b"/json", b"{}", b"Content-Length: 20"), 400),
    (post(b"/json", b"{}", b"Content-Length: -1"), 400),
    (post(b"/json", b"{}", b"Content-Length: two"), 400),
    (post(b"/json", b"{}", b"Content-Length: 2"), 200),
    (post(b"/json", b"2\r\n{}\r\n0\r\n\r\n", CHUNKED), 200),
    (post(b"/json", b"x\r\n", CHUNKED), 400),
    (post(b"/json", b"5\r\n{", CHUNKED), 400),
    (post(b"/json", b"-5\r\n{}\r\n", CHUNKED), 400),
    (post(b"/json", b"2\r\n{}\r\n", CHUNKED), 400),
    (post(b"/form", b"--X", b"Content-Type: multipart/form-data; boundary=X", b"Content-Length: 999"), 400),
    (post(b"/form", b"--X", b"Content-Type: multipart/form-data; boundary=X", b"Content-Length: 3"), 400),
    (get(b"//nothing"), None),
    (get(b"*"), None),
    (get(b"/nothing", b"no colon"), None),
    (get(b"/nothing", *[b"A: b"] * 500), None),
    (get(b"/" + b"x" * 70_000), None),
    (b"GET /nothing HTTP/9.9\r\n\r\n", None),
    (b"GET /nothing", None),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", None),
    (b"\r\n\r\n", None),
    (b"", None),
]


@pytest.mark.parametrize(("raw", "status"), RAW, ids=lambda value: repr(value[:40]) if type(value) is bytes else "")
def test_raw_bytes_from_a_socket(server: BaseWSGIServer, raw: bytes, status: int | None) -> None:
    answer = send(server, raw)
    if status is not None:
        assert int(answer.split(b" ", 2)[1]) == status, answer
    assert server.errors == []
    assert send(server, get(b"/nothing")).endswith(b"read nothing")
