"""Once a request is being answered or ended nobody could answer a refusal: what is malformed is as if it were not sent.

What is refused before that is in `tests/test_refusals.py`.
"""

from __future__ import annotations

import io
import typing as t
from collections.abc import Iterator

import pytest
from werkzeug.exceptions import BadRequest
from werkzeug.test import EnvironBuilder, run_wsgi_app

import flask
from flask import Flask, eras, render_template_string, request
from flask.sessions import SecureCookieSessionInterface

# Werkzeug leaves the files of a form that is cut off to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=X"
FIELD = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue\r\n'
TOO_LATE = "Mon, 01 Jan 99999999999 00:00:00 GMT"

#: What is sent: the body, and what else the environment holds.
MALFORMED: dict[str, tuple[bytes, dict[str, str]]] = {
    "a form that is not UTF-8": (b"a=\xff", {"CONTENT_TYPE": FORM}),
    "half a form": (FIELD, {"CONTENT_TYPE": MULTIPART}),
    "a form shorter than it says": (b"a=1", {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": "500"}),
    "a form of parts shorter than it says": (FIELD, {"CONTENT_TYPE": MULTIPART, "CONTENT_LENGTH": "500"}),
    "a form that is too long": (b"x" * 10_001, {"CONTENT_TYPE": FORM}),
    "half of JSON": (b"{", {"CONTENT_TYPE": "application/json"}),
    "a length that is no number": (b"a=1", {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": "x"}),
    "a query string that is not UTF-8": (b"", {"QUERY_STRING": "a=\xff"}),
    "headers": (
        b"",
        {
            "HTTP_AUTHORIZATION": "Basic \xff",
            **{f"HTTP_{name}": TOO_LATE for name in ("DATE", "IF_RANGE", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE")},
        },
    ),
}


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key", MAX_CONTENT_LENGTH=10_000)
    app.add_url_rule("/", "view", lambda: "fine", methods=["POST"])
    app.add_url_rule("/fail", "fail", lambda: 1 // 0, methods=["POST"])
    app.add_url_rule("/form", "form", lambda: request.form["a"], methods=["POST"])
    return app


def send(app: Flask, path: str, body: bytes, environ: dict[str, str]) -> tuple[int, str]:
    """Send bytes as a server would; return status and body."""
    given = EnvironBuilder(path, method="POST", input_stream=io.BytesIO(body), content_length=len(body)).get_environ()
    answer, status, _ = run_wsgi_app(app, {**given, **environ}, buffered=True)
    return int(status.split()[0]), b"".join(answer).decode()


def look(*_: t.Any, **__: t.Any) -> None:
    """Read whatever a client sends, and find nothing."""
    assert not [*request.form, *request.files, *request.args, *request.values]
    assert request.full_path == f"{request.path}?"
    assert request.url.startswith("http://localhost/")
    assert request.get_json() is None
    if request.mimetype != "application/json":  # of that the body is there, and no JSON in it
        assert (request.data, request.get_data(), request.get_data(as_text=True)) == (b"", b"", "")
    for header in ("authorization", "date", "if_modified_since", "if_unmodified_since"):
        assert getattr(request, header) is None
    assert request.if_range.date is None


@pytest.fixture(params=MALFORMED)
def sent(request: pytest.FixtureRequest) -> tuple[bytes, dict[str, str]]:
    return MALFORMED[request.param]


Sent = tuple[bytes, dict[str, str]]


def test_after_hooks(app: Flask, sent: Sent) -> None:
    app.after_request(lambda response: look() or response)
    assert send(app, "/", *sent) == (200, "fine")


def test_teardown_functions(app: Flask, sent: Sent) -> None:
    app.teardown_request(look)
    assert send(app, "/", *sent) == (200, "fine")


@pytest.mark.parametrize("signal", [flask.request_finished, flask.request_tearing_down])
def test_signals(app: Flask, sent: Sent, signal: t.Any) -> None:
    with signal.connected_to(look, app):
        assert send(app, "/", *sent) == (200, "fine")


def test_a_stream(app: Flask, sent: Sent) -> None:
    def lines() -> Iterator[str]:
        yield "line"
        look()
        yield ", end"

    app.add_url_rule("/lines", "lines", lambda: flask.Response(flask.stream_with_context(lines())), methods=["POST"])
    assert send(app, "/lines", *sent) == (200, "line, end")


@pytest.mark.parametrize(("path", "error"), [("/no/such", 404), ("/fail", 500), ("/fail", ZeroDivisionError)])
def test_error_handlers(app: Flask, sent: Sent, path: str, error: t.Any, caplog: pytest.LogCaptureFixture) -> None:
    app.register_error_handler(error, lambda error: (look() or "answered", 418))
    assert send(app, path, *sent) == (418, "answered")


def test_what_tells_of_an_error(app: Flask, sent: Sent, caplog: pytest.LogCaptureFixture) -> None:
    with flask.got_request_exception.connected_to(look, app):
        assert send(app, "/fail", *sent)[0] == 500


def test_a_session_that_is_opened_by_what_was_sent(app: Flask, sent: Sent) -> None:
    class Interface(SecureCookieSessionInterface):
        def open_session(self, app: Flask, request: flask.Request) -> t.Any:
            assert not request.form
            return super().open_session(app, request)

    app.session_interface = Interface()
    assert send(app, "/", *sent) == (200, "fine")


def test_the_form_may_be_shown_again_on_the_page_that_refuses_it(app: Flask) -> None:
    page = "{{ reason }} <input name=a value='{{ request.form.a }}'>"
    app.register_error_handler(400, lambda error: (render_template_string(page, reason=error.description), 400))
    status, text = send(app, "/form", *MALFORMED["a form that is not UTF-8"])
    assert status == 400
    assert text.startswith("The form in the body of the request is malformed")
    assert text.endswith("<input name=a value=''>")


def test_a_hook_that_takes_no_notice_leaves_an_empty_form(app: Flask) -> None:
    @app.before_request
    def look_for_a_token() -> None:
        with pytest.raises(BadRequest, match="is malformed"):
            request.form.get("token")

    app.add_url_rule("/shown", "shown", lambda: repr(request.form.to_dict()), methods=["POST"])
    assert send(app, "/shown", *MALFORMED["half a form"]) == (200, "{}")


@pytest.mark.parametrize("host", ["[:::]", "example.org"])
def test_a_host_that_is_refused_is_none(app: Flask, host: str) -> None:
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    seen = []
    app.after_request(lambda response: seen.append((request.host, request.url)) or response)
    app.register_error_handler(400, lambda error: (f"{error.description} {request.host!r}", 400))
    status, text = send(app, "/", b"", {"HTTP_HOST": host})
    assert (status, text.endswith(" ''"), repr(host) in text) == (400, True, True)
    assert seen == [("", "http:///")]


@pytest.mark.skipif(eras.is_old("request_json_none"), reason="it was None then")
def test_a_before_hook_is_refused_what_is_no_json(app: Flask) -> None:
    app.before_request(lambda: request.get_json() and None)
    assert send(app, "/", b"{", {"CONTENT_TYPE": "application/json"})[0] == 400
    assert send(app, "/", b"{}", {"CONTENT_TYPE": "text/plain"})[0] == 415
