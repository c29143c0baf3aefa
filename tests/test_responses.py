"""What response a view's return value is."""

from __future__ import annotations

import collections
import http
import io
import os
import subprocess
import sys
import typing as t
from datetime import datetime

import pytest
from markupsafe import Markup
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

import flask
from flask import Blueprint, Flask, Response, request
from flask.testing import FlaskClient


class Named(t.NamedTuple):
    body: str
    status: int


def wsgi(environ: t.Any, start_response: t.Any) -> list[bytes]:
    start_response("203 CUSTOM", [("X-A", "1"), ("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


class Get:
    """A client for one view that returns what it is given."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.rv: t.Any = None
        app.add_url_rule("/", endpoint="index", view_func=lambda: self.rv, methods=["GET", "POST"])

    def __call__(self, rv: t.Any) -> t.Any:
        self.rv = rv
        return self.app.test_client().get("/")


@pytest.fixture
def get(app: Flask) -> Get:
    return Get(app)


HTML = "text/html; charset=utf-8"


# Bodies


@pytest.mark.parametrize(
    ("make", "body", "content_type"),
    [
        (lambda: "text", b"text", HTML),
        (lambda: "Äther", "Äther".encode(), HTML),
        (lambda: "", b"", HTML),
        (lambda: Markup("<b>"), b"<b>", HTML),
        (lambda: b"\xff\x00", b"\xff\x00", HTML),
        (lambda: bytearray(b"bytes"), b"bytes", HTML),
        (lambda: (part for part in ("a", b"b")), b"ab", HTML),
        (lambda: iter(["a", "b"]), b"ab", HTML),
        (lambda: map(str, [1, 2]), b"12", HTML),
        (lambda: io.BytesIO(b"file"), b"file", HTML),
        (lambda: {"b": 1, "a": [2]}, b'{"a":[2],"b":1}\n', "application/json"),
        (dict, b"{}\n", "application/json"),
        (lambda: collections.OrderedDict(a=1), b'{"a":1}\n', "application/json"),
        (lambda: {"at": datetime(2020, 1, 1)}, b'{"at":"Wed, 01 Jan 2020 00:00:00 GMT"}\n', "application/json"),
        (lambda: [1, "a"], b'[1,"a"]\n', "application/json"),
        (list, b"[]\n", "application/json"),
        (lambda: Response("mine", mimetype="text/plain"), b"mine", "text/plain; charset=utf-8"),
        (lambda: WerkzeugResponse("werkzeug's"), b"werkzeug's", "text/plain; charset=utf-8"),
    ],
)
def test_bodies(get: Get, make: t.Callable[[], t.Any], body: bytes, content_type: str) -> None:
    for rv in (make(), (make(), 200), (make(), {"X-A": "1"}), (make(), None, None)):
        response = get(rv)
        assert (response.status, response.data, response.headers["Content-Type"]) == ("200 OK", body, content_type)


def test_headers_of_a_plain_response(get: Get) -> None:
    assert dict(get("text").headers) == {"Content-Type": HTML, "Content-Length": "4"}


def test_a_wsgi_application_is_called(get: Get) -> None:
    response = get(wsgi)
    assert (response.status_code, response.data, response.headers["X-A"]) == (203, b"/", "1")
    response = get((wsgi, 201, {"X-B": "2"}))
    assert (response.status, response.headers["X-A"], response.headers["X-B"]) == ("201 CREATED", "1", "2")


@pytest.mark.wsgi_only("ASGI sends no reason phrase")
def test_the_reason_phrase_of_a_wsgi_application(get: Get) -> None:
    assert get(wsgi).status == "203 CUSTOM"


def test_an_http_exception_is_a_wsgi_application(get: Get) -> None:
    response = get(NotFound("not here"))
    assert response.status_code == 404
    assert "not here" in response.text


def test_a_response_stays_the_same_object(app: Flask) -> None:
    with app.test_request_context():
        response = Response("mine")
        assert app.make_response(response) is response
        assert app.make_response((response, 201, {"X-A": "1"})) is response
        assert (response.status_code, response.headers["X-A"]) == (201, "1")


def test_a_foreign_response_becomes_one_of_the_applications_class(app: Flask) -> None:
    class MyResponse(Response):
        pass

    with app.test_request_context():
        assert type(app.make_response(WerkzeugResponse("x"))) is Response
        app.response_class = MyResponse
        for rv in ("x", b"x", {}, iter("x"), Response("x"), WerkzeugResponse("x"), wsgi, NotFound()):
            assert isinstance(app.make_response(rv), MyResponse)
        response = app.make_response(WerkzeugResponse("x", 201, {"X-A": "1"}))
        assert (response.data, response.status_code, response.headers["X-A"]) == (b"x", 201, "1")


def test_a_generator_is_streamed(app: Flask) -> None:
    steps: list[str] = []

    def pieces() -> t.Iterator[str]:
        steps.append("first")
        yield "a"
        steps.append("second")
        yield "b"

    with app.test_request_context():
        response = app.make_response(pieces())
    assert response.is_streamed
    assert steps == []
    items = response.iter_encoded()
    assert (next(iter(items)), steps) == (b"a", ["first"])


def test_json_is_written_by_the_applications_provider(get: Get) -> None:
    class Provider(flask.json.provider.DefaultJSONProvider):
        def response(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            return get.app.response_class(f"{args} {kwargs}")

    get.app.json = Provider(get.app)
    assert get({"a": 1}).text == "({'a': 1},) {}"
    assert get(([1], 201)).text == "([1],) {}"


# Status

of_wsgi = pytest.mark.wsgi_only("ASGI sends no reason phrase")


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (201, "201 CREATED"),
        (http.HTTPStatus.CREATED, "201 CREATED"),
        ("201", "201 CREATED"),
        pytest.param("201 Yes", "201 Yes", marks=of_wsgi),
        pytest.param("418 I'm a teapot", "418 I'm a teapot", marks=of_wsgi),
        (999, "999 UNKNOWN"),
        (None, "200 OK"),
    ],
)
@pytest.mark.parametrize("make", [lambda: "text", dict, lambda: Response("x"), lambda: WerkzeugResponse("x")])
def test_status(get: Get, make: t.Callable[[], t.Any], status: t.Any, line: str) -> None:
    assert get((make(), status)).status == line
    assert get((make(), status, {"X-A": "1"})).status == line


def test_the_status_of_a_response_stays_where_none_is_given(get: Get) -> None:
    assert get((Response("x", 201), {"X-A": "1"})).status_code == 201
    assert get((Response("x", 201), None, {"X-A": "1"})).status_code == 201


@pytest.mark.parametrize("body", ["text", b"bytes", {}, Response("x"), wsgi])
def test_an_empty_status_is_refused(get: Get, body: t.Any) -> None:
    with pytest.raises(ValueError, match="status"):
        get((body, ""))


# Headers


@pytest.mark.parametrize(
    ("headers", "values"),
    [
        ({"X-B": "1"}, ["1"]),
        ([("X-B", "1")], ["1"]),
        ((("X-B", "1"),), ["1"]),
        (Headers({"X-B": "1"}), ["1"]),
        ({"X-B": ["1", "2"]}, ["1", "2"]),
        ({"X-B": 1}, ["1"]),
        ({}, []),
        ([], []),
        ((), []),
    ],
)
@pytest.mark.parametrize("body", ["text", {}, Response("x"), wsgi])
def test_headers(get: Get, body: t.Any, headers: t.Any, values: list[str]) -> None:
    body = Response("x") if isinstance(body, Response) else body
    response = get((body, headers))
    assert response.headers.getlist("X-B") == values
    assert response.status_code == (203 if body is wsgi else 200)
    response = get((body, 201, headers))
    assert response.headers.getlist("X-B") == values
    assert response.status_code == 201


def test_headers_replace_those_of_a_response(get: Get) -> None:
    response = get((Response("x", headers={"X-A": "0", "X-B": "0"}), {"X-A": ["1", "2"]}))
    assert (response.headers.getlist("X-A"), response.headers["X-B"]) == (["1", "2"], "0")


@pytest.mark.parametrize("headers", [{"X-A": "1"}, [("X-A", "1")]], ids=["dict", "pairs"])
@pytest.mark.parametrize("body", [str, list, lambda: iter("text")], ids=["text", "nothing", "stream"])
def test_what_stands_for_headers_may_be_set_in_their_place(get: Get, body: t.Any, headers: t.Any) -> None:
    # httpbin does so.
    made = Response(body())
    made.headers = headers
    response = get(made)
    assert (response.status_code, response.headers["X-A"]) == (200, "1")
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize("body", ["text", b"bytes", {}, []])
def test_the_content_type_may_be_given(get: Get, body: t.Any) -> None:
    for name in ("Content-Type", "content-type"):
        response = get((body, {name: "text/csv"}))
        assert response.headers.getlist("Content-Type") == ["text/csv"]


def test_a_named_tuple_is_a_tuple(get: Get) -> None:
    assert get(Named("x", 202)).status_code == 202


@pytest.mark.parametrize("value", ["a\nb", "a\r\nSet-Cookie: x=1"])
def test_a_header_cannot_hold_a_line_break(get: Get, value: str) -> None:
    with pytest.raises(ValueError, match=r"newline|new line"):
        get(("x", {"X-A": value}))


# What is none


@pytest.mark.parametrize("rv", [None, (None, 201), (None, 201, {}), (None, {"X-A": "1"})])
def test_none_is_no_response(get: Get, rv: t.Any) -> None:
    with pytest.raises(TypeError, match=r"view function for 'index' did not return a valid response.*None"):
        get(rv)


@pytest.mark.parametrize("rv", [5, 5.0, True, False, object(), {1}, frozenset(), range(3), collections.UserDict(), 1j])
def test_other_objects_are_no_response(get: Get, rv: t.Any) -> None:
    for wrong in (rv, (rv, 200), (rv, {"X-A": "1"})):
        with pytest.raises(TypeError, match=rf"for 'index' did not return a valid response.*{type(rv).__name__}"):
            get(wrong)


@pytest.mark.parametrize("rv", [(), ("x",), ("x", 200, {}, 1), ("x", 200, {}, 1, 2)])
def test_tuples_of_another_length_are_no_response(get: Get, rv: t.Any) -> None:
    with pytest.raises(TypeError, match=r"for 'index' did not return a valid response.*\(body, headers\)"):
        get(rv)


def test_a_class_is_no_response(get: Get) -> None:
    for wrong in (str, len):
        with pytest.raises(TypeError, match="view function for 'index' did not return a valid response"):
            get(wrong)


@pytest.mark.parametrize("rv", [("x", 2.5), ("x", object()), ("x", 200, 5), ("x", {}, 200)])
def test_a_status_or_headers_of_another_type(get: Get, rv: t.Any) -> None:
    with pytest.raises((TypeError, AttributeError, ValueError)):
        get(rv)


def test_the_endpoint_of_a_blueprint_is_named_in_full(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__)
    shop.add_url_rule("/", endpoint="index", view_func=lambda: None)
    app.register_blueprint(shop)
    with pytest.raises(TypeError, match=r"'shop\.index'"):
        client.get("/")


def test_what_a_hook_returns_is_named_as_well(app: Flask, client: FlaskClient) -> None:
    app.before_request(lambda: 5)
    with pytest.raises(TypeError, match=r"did not return a valid response.*int"):
        client.get("/")


# make_response()


def test_make_response_takes_what_a_view_returns(app: Flask) -> None:
    with app.test_request_context():
        assert flask.make_response().data == b""
        assert flask.make_response("x").data == b"x"
        assert flask.make_response(("x", 201)).status_code == 201
        assert flask.make_response("x", 201).status_code == 201
        response = flask.make_response("x", 201, {"X-A": "1"})
        assert (response.status_code, response.headers["X-A"]) == (201, "1")
        assert flask.make_response({"a": 1}).json == {"a": 1}
        assert flask.make_response(response) is response


def test_make_response_outside_of_a_request(app: Flask) -> None:
    """Command line programs and workers prepare responses, too."""
    assert app.make_response("text").data == b"text"
    assert app.make_response(({"a": 1}, 201)).status_code == 201
    with app.app_context():
        assert flask.make_response("text", 201).status == "201 CREATED"
        with pytest.raises(TypeError, match="did not return a valid response"):
            flask.make_response(None)


# Requests without a body in the answer


def test_head_has_the_headers_without_the_body(get: Get) -> None:
    get.rv = "text"
    response = get.app.test_client().head("/")
    assert (response.status_code, response.data, response.headers["Content-Length"]) == (200, b"", "4")


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body(get: Get, status: int) -> None:
    response = get(("text", status))
    assert (response.status_code, response.data) == (status, b"")


# The era 0.8


def test_a_tuple_holds_the_arguments_of_the_response_class_in_0_8() -> None:
    program = (
        "from flask import Flask\n"
        "app = Flask('shop')\n"
        "def show(rv):\n"
        "    app.view_functions['index'] = lambda: rv\n"
        "    response = app.test_client().get('/')\n"
        "    print(response.data, response.status_code, response.headers.get('X-A'), response.mimetype)\n"
        "app.add_url_rule('/', 'index')\n"
        "show(('x',))\n"
        "show(('x', 201))\n"
        "show(('x', 201, {'X-A': '1'}))\n"
        "show(('x', 201, {'X-A': '1'}, 'text/csv'))\n"
        "show(('x', 201, [('X-A', '1')], None, 'text/csv'))\n"
    )
    environment = {**os.environ, "FLASK_ERA": "0.8", "PYTHONPATH": os.pathsep.join(sys.path)}
    output = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    )
    assert output.stdout.splitlines() == [
        "b'x' 200 None text/html",
        "b'x' 201 None text/html",
        "b'x' 201 1 text/html",
        "b'x' 201 1 text/csv",
        "b'x' 201 1 text/csv",
    ]


def test_a_view_may_still_read_the_request_it_answers(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/<name>", endpoint="page", view_func=lambda name: flask.make_response(request.path))
    assert client.get("/a").text == "/a"
