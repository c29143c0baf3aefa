"""The request and the response: what they know of the application, how they are limited and replaced.

That a request has Werkzeug's attributes is in `tests/properties/test_lazy_request.py`.
"""

from __future__ import annotations

import io

import pytest
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType
from werkzeug.formparser import FormDataParser
from werkzeug.test import EnvironBuilder
from werkzeug.utils import cached_property
from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response as WerkzeugResponse

import flask
from flask import Blueprint, Flask, Request, Response, eras, request
from flask.debughelpers import DebugFilesKeyError


def environ(*args, **kwargs):
    builder = EnvironBuilder(*args, **kwargs)
    try:
        return builder.get_environ()
    finally:
        builder.close()


@pytest.fixture
def ask(app):
    """Gives what a view finds out in a request; the view is a function of the request."""

    def ask(view, path="/", **kwargs):
        results = []
        app.add_url_rule("/", "view", lambda: results.append(view(request)) or "", methods=["GET", "POST"])
        app.test_client().open(path, **kwargs)
        (result,) = results
        return result

    return ask


# What matched


def test_rule_and_values(app):
    blueprint, inner = Blueprint("b", "b"), Blueprint("inner", "inner")
    seen = []

    def view(**values):
        seen.append((request.endpoint, request.blueprint, request.blueprints, request.view_args, request.url_rule.rule))
        return ""

    for target in (app, blueprint, inner):
        target.add_url_rule("/<int:number>", "view", view)
    blueprint.register_blueprint(inner, url_prefix="/inner")
    app.register_blueprint(blueprint, url_prefix="/b")
    for url in ("/1", "/b/2"):
        app.test_client().get(url)
    assert seen == [
        ("view", None, [], {"number": 1}, "/<int:number>"),
        ("b.view", "b", ["b"], {"number": 2}, "/b/<int:number>"),
    ]


@pytest.mark.skipif(eras.is_old("blueprint_name_dots"), reason="dots in names do not mean nesting in the old eras")
def test_nested_blueprints(app):
    blueprint, inner = Blueprint("b", "b"), Blueprint("inner", "inner")
    inner.add_url_rule("/", "view", lambda: " ".join([request.endpoint, request.blueprint, *request.blueprints]))
    blueprint.register_blueprint(inner)
    app.register_blueprint(blueprint, name="other")
    assert app.test_client().get("/").text == "other.inner.view other.inner other.inner other"


def test_without_a_match(app):
    with app.test_request_context("/nowhere"):
        assert (request.endpoint, request.blueprint, request.blueprints) == (None, None, [])
        assert (request.url_rule, request.view_args) == (None, None)
        assert isinstance(request.routing_exception, NotFound)


def test_a_request_without_an_application():
    made = Request(environ("/a?b=c", method="POST", data={"d": "e"}))
    assert (made.path, made.args["b"], made.form["d"]) == ("/a", "c", "e")
    assert (made.endpoint, made.blueprint, made.blueprints) == (None, None, [])
    assert (made.url_rule, made.view_args, made.routing_exception) == (None, None, None)
    limits = (made.max_content_length, made.max_form_memory_size, made.max_form_parts)
    plain = WerkzeugRequest(environ())
    assert limits == (plain.max_content_length, plain.max_form_memory_size, plain.max_form_parts)
    assert limits == (None, 500_000, 1000)


# How it is made


def test_a_shallow_request_leaves_the_body_to_others():
    made = Request(environ("/a?b=c", method="POST", data={"d": "e"}), shallow=True)
    assert made.args["b"] == "c"
    for attribute in ("form", "files", "data", "stream"):
        with pytest.raises(RuntimeError, match="shallow"):
            getattr(made, attribute)


def test_the_environment_refers_to_the_request_unless_told():
    for options, refers in (({}, True), ({"populate_request": False}, False), ({"shallow": True}, False)):
        made = environ()
        own = Request(made, **options)
        assert (made.get("werkzeug.request") is own) is refers


def test_attributes_can_be_set_and_deleted():
    made = Request(environ("/a", method="POST"))
    made.path, made.method, made.remote_addr = "/b", "PUT", "192.0.2.1"
    assert (made.path, made.method, made.remote_addr, made.full_path) == ("/b", "PUT", "192.0.2.1", "/b?")
    del made.path
    assert made.path == "/a"


# Classes of one's own


def test_a_constructor_of_ones_own(app, ask):
    class Own(Request):
        def __init__(self, environ, *args, **kwargs):
            super().__init__(environ, *args, **kwargs)
            self.shout = self.path.upper()

    app.request_class = Own
    app.add_url_rule("/abc", "abc", lambda: request.shout)
    assert app.test_client().get("/abc").text == "/ABC"


def test_attributes_can_be_overridden(app):
    class Own(Request):
        method = "POST"

        @property
        def path(self):
            return "/elsewhere"

        @property
        def remote_addr(self):
            return self.headers["X-Forwarded-For"]

    app.request_class = Own
    # Routing goes by what the server handed over.
    app.add_url_rule("/here", "here", lambda: f"{request.method} {request.path} {request.remote_addr}")
    answer = app.test_client().get("/here", headers={"X-Forwarded-For": "192.0.2.1"})
    assert answer.text == "POST /elsewhere 192.0.2.1"


def test_a_request_class_of_werkzeug(app):
    class Own(WerkzeugRequest):
        url_rule = view_args = routing_exception = endpoint = blueprint = None
        blueprints = ()

    app.request_class = Own
    app.add_url_rule("/<name>", "view", lambda name: f"{type(request._get_current_object()).__name__} {name}")
    app.before_request(lambda: None)
    client = app.test_client()
    assert client.get("/ada").text == "Own ada"
    assert client.get("/").status_code == 404


def test_classes_of_the_data(app, ask):
    class Form(dict):
        def __init__(self, pairs=()):
            super().__init__(pairs)

    class Own(Request):
        parameter_storage_class = Form

    app.request_class = Own
    found = ask(lambda request: (request.args, request.form), "/?a=1", method="POST", data={"b": "2"})
    assert [type(one) for one in found] == [Form, Form]
    assert found == ({"a": "1"}, {"b": "2"})


def test_the_parser_of_forms_can_be_replaced(app, ask):
    class Parser(FormDataParser):
        def parse(self, stream, mimetype, content_length, options=None):
            stream, form, files = super().parse(stream, mimetype, content_length, options)
            return stream, self.cls([*form.items(multi=True), ("parsed", "by us")]), files

    class Own(Request):
        form_data_parser_class = Parser

    app.request_class = Own
    assert ask(lambda request: request.form["parsed"], method="POST", data={"a": "1"}) == "by us"


def other_body(self):
    return io.BytesIO(b"from=us")


class Signing(FormDataParser):
    def parse(self, *args, **kwargs):
        stream, form, files = super().parse(*args, **kwargs)
        return stream, MultiDict([*form.items(multi=True), ("from", "us")]), files


def load_nothing(self):
    self.__dict__.update(form=MultiDict(), files=MultiDict())


#: What decides how a form is read: what may take its place, and what of a form with one field is read then.
DECIDING = {
    "headers": (cached_property(lambda self: Headers(), "headers"), {}),
    "mimetype": ("text/plain", {}),
    "stream": (cached_property(other_body, "stream"), {"from": "us"}),
    "want_form_data_parsed": (False, {}),
    "make_form_data_parser": (lambda self: Signing(silent=False), {"sent": "1", "from": "us"}),
    "form_data_parser_class": (Signing, {"sent": "1", "from": "us"}),
    "_get_stream_for_parsing": (other_body, {"from": "us"}),
    "_load_form_data": (load_nothing, {}),
}


@pytest.mark.parametrize("name", DECIDING)
@pytest.mark.parametrize("is_subclass", [True, False])
def test_what_decides_how_a_form_is_read_can_be_replaced(app, monkeypatch, name, is_subclass):
    app.add_url_rule("/", "view", lambda: dict(request.form.items()), methods=["POST"])
    client = app.test_client()
    assert client.post("/", data={"sent": "1"}).json == {"sent": "1"}
    replacement, expected = DECIDING[name]
    if is_subclass:
        app.request_class = type("Own", (Request,), {name: replacement})
    else:
        monkeypatch.setattr(Request, name, replacement)
    assert client.post("/", data={"sent": "1"}).json == expected


@pytest.mark.parametrize("name", ["make_form_data_parser", "_get_stream_for_parsing"])
def test_methods_that_read_a_form_can_be_replaced_on_a_request(ask, name):
    replacement, expected = DECIDING[name]

    def view(request):
        setattr(request, name, lambda: replacement(request))
        return request.form.to_dict()

    assert ask(view, method="POST", data={"sent": "1"}) == expected


@pytest.mark.parametrize("name", ["form_data_parser_class", "parameter_storage_class"])
def test_classes_that_read_a_form_can_be_replaced_on_a_request(ask, name):
    def view(request):
        setattr(request, name, {"form_data_parser_class": Signing, "parameter_storage_class": MultiDict}[name])
        return type(request.form)

    assert ask(view, method="POST", data={"sent": "1"}) is MultiDict


def test_a_patched_parser_of_forms_parses(app, ask, monkeypatch):
    def parse(self, stream, *args):
        return stream, MultiDict({"a": "us"}), MultiDict()

    monkeypatch.setattr(FormDataParser, "parse", parse)
    assert ask(lambda request: request.form["a"], method="POST", data={"a": "1"}) == "us"


# Limits

MANY = {f"field{number}": "x" for number in range(1001)}


@pytest.fixture
def status(app):
    """Gives the status that a form is answered with, and what of it was read."""

    def status(data, prepare=lambda request: None, **kwargs):
        def view():
            prepare(request)
            return {"read": [*request.form, *request.files]}

        app.add_url_rule("/", "view", view, methods=["POST"])
        response = app.test_client().post("/", data=data, **kwargs)
        return response.status_code, response.json and len(response.json["read"])

    return status


def test_length_of_the_body(app, status):
    app.config["MAX_CONTENT_LENGTH"] = 10
    assert status({"a": "1"}) == (200, 1)


def test_length_of_a_body_that_is_too_long(app, status):
    app.config["MAX_CONTENT_LENGTH"] = 10
    assert status({"a": "1" * 10}) == (413, None)


@pytest.mark.not_inline("the body is received before the view, which cannot allow a longer one then")
def test_length_of_the_body_for_one_request(app, status):
    def allow(request):
        assert request.max_content_length == 10
        request.max_content_length = 100
        assert request.max_content_length == 100

    app.config["MAX_CONTENT_LENGTH"] = 10
    assert status({"a": "1" * 10}, allow) == (200, 1)


@pytest.mark.not_inline("the body is received before the view, which cannot allow a longer one then")
def test_no_limit_for_one_request(app, status):
    app.config["MAX_CONTENT_LENGTH"] = 10
    assert status({"a": "1" * 1000}, lambda request: setattr(request, "max_content_length", None)) == (200, 1)


def test_a_lower_limit_for_one_request(status):
    assert status({"a": "1" * 10}, lambda request: setattr(request, "max_content_length", 5)) == (413, None)


def test_parts_of_a_form(status):
    assert status(MANY, content_type="multipart/form-data") == (413, None)


def test_parts_of_a_form_can_be_configured(app, status):
    app.config["MAX_FORM_PARTS"] = 2000
    assert status(MANY, content_type="multipart/form-data") == (200, 1001)


@pytest.mark.parametrize(("limit", "expected"), [(1, (413, None)), (2000, (200, 1001)), (None, (200, 1001))])
def test_parts_of_a_form_for_one_request(status, limit, expected):
    data = {"a": "1", "b": "2"} if limit == 1 else MANY

    def prepare(request):
        request.max_form_parts = limit

    assert status(data, prepare, content_type="multipart/form-data") == expected


def test_size_of_a_field(status):
    assert status({"a": "1" * 500_001}, content_type="multipart/form-data") == (413, None)


def test_size_of_a_file_is_not_that_of_a_field(status):
    data = {"file": (io.BytesIO(b"1" * 500_001), "big.bin")}
    assert status(data, content_type="multipart/form-data") == (200, 1)


@pytest.mark.parametrize(("limit", "expected"), [(10, (413, None)), (1000, (200, 1)), (None, (200, 1))])
def test_size_of_a_field_for_one_request(status, limit, expected):
    def prepare(request):
        request.max_form_memory_size = limit

    assert status({"a": "1" * 50}, prepare, content_type="multipart/form-data") == expected


def test_limits_of_a_class(app, ask):
    class Own(Request):
        max_content_length = 7
        max_form_parts = 8
        max_form_memory_size = 9

    app.request_class = Own
    app.config.update(MAX_CONTENT_LENGTH=1, MAX_FORM_PARTS=1, MAX_FORM_MEMORY_SIZE=1)
    found = ask(lambda request: (request.max_content_length, request.max_form_parts, request.max_form_memory_size))
    assert found == (7, 8, 9)


def test_limits_are_those_of_the_requests_own_application(app):
    other = Flask("other")
    other.config["MAX_CONTENT_LENGTH"] = 5
    with app.test_request_context() as ctx, other.app_context():
        assert ctx.request.max_content_length is None


# JSON


def test_json(ask):
    assert ask(lambda request: (request.json, request.get_json(), request.is_json), method="POST", json=[1]) == (
        [1], [1], True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mimetype", "is_json"),
    [("application/json", True), ("application/problem+json", True), ("text/json", False), ("text/plain", False)],
)
def test_is_json(ask, mimetype, is_json):
    assert ask(lambda request: request.is_json, method="POST", data="{}", content_type=mimetype) is is_json


def test_a_body_that_is_no_json(ask):
    def view(request):
        with pytest.raises(BadRequest) as caught:
            request.get_json()
        return caught.value

    error = ask(view, method="POST", data="{", content_type="application/json")
    assert error.code == 400
    assert "Expecting property name" not in error.description
    assert "Expecting property name" in error.__cause__.description


def test_a_body_that_is_no_json_in_debug_mode(app, ask):
    def view(request):
        with pytest.raises(BadRequest, match="Expecting property name"):
            request.get_json()

    app.debug = True
    ask(view, method="POST", data="{", content_type="application/json")


@pytest.mark.skipif(eras.is_old("request_json_none"), reason="None in the old eras")
def test_a_body_of_another_type(ask):
    def view(request):
        with pytest.raises(UnsupportedMediaType):
            request.get_json()
        return request.get_json(silent=True), request.get_json(force=True)

    assert ask(view, method="POST", data="{}", content_type="text/plain") == (None, {})


def test_silent_and_cache(ask):
    def view(request):
        first = request.get_json()
        return first is request.get_json(), first is request.get_json(cache=False), request.get_json(silent=True)

    assert ask(view, method="POST", json={"a": 1}) == (True, False, {"a": 1})
    assert Request(environ("/", method="POST", data="{", content_type="application/json")).get_json(silent=True) is None


def test_what_a_body_that_is_no_json_is_taken_for(app, ask):
    class Own(Request):
        def on_json_loading_failed(self, e):
            return {"error": type(e).__name__}

    app.request_class = Own
    kwargs = {"method": "POST", "data": "{", "content_type": "application/json"}
    assert ask(lambda request: request.json, **kwargs) == {"error": "JSONDecodeError"}


# Forms and files


def test_a_body_that_was_read_has_no_form(ask):
    def view(request):
        assert request.stream.read() != b""
        return dict(request.form), dict(request.files), request.data

    data = {"a": "1", "file": (io.BytesIO(b""), "a.txt")}
    assert ask(view, method="POST", data=data) == ({}, {}, b"")


def test_a_body_that_was_kept_has_a_form(ask):
    def view(request):
        assert request.get_data() != b""
        return dict(request.form)

    assert ask(view, method="POST", data={"a": "1"}, content_type="multipart/form-data") == {"a": "1"}


def test_a_missing_file_is_explained_in_debug_mode(app, ask):
    def view(request):
        with pytest.raises(DebugFilesKeyError) as caught:
            request.files["upload"]
        assert request.files.get("upload") is None
        with pytest.raises(BadRequest):
            request.files["other"]
        return caught.value

    app.debug = True
    error = ask(view, method="POST", data={"upload": "photo.jpg"})
    assert isinstance(error, KeyError)
    for word in ("'upload'", "application/x-www-form-urlencoded", 'enctype="multipart/form-data"', "photo.jpg"):
        assert word in str(error)


def test_a_missing_file_is_not_explained_otherwise(app, ask):
    def view(request):
        with pytest.raises(BadRequest):
            request.files["upload"]
        return type(request.files).__name__

    assert ask(view, method="POST", data={"upload": "photo.jpg"}) == "ImmutableMultiDict"


# Past members


@pytest.mark.parametrize(
    ("headers", "is_xhr"),
    [({}, False), ({"X-Requested-With": "xmlhttprequest"}, True), ({"X-Requested-With": "x"}, False)],
)
def test_is_xhr(ask, headers, is_xhr):
    assert ask(lambda request: request.is_xhr, headers=headers) is is_xhr


# The response


def test_defaults_of_the_response():
    assert Response().mimetype == "text/html"
    assert Response("ü").data == "ü".encode()
    assert Response(None).data == b""
    assert Response(["a", b"b"]).data == b"ab"
    assert Response("{}", mimetype="application/json").content_type == "application/json"
    assert isinstance(Response(), WerkzeugResponse)


def test_methods_of_ones_own_take_part_in_making_and_sending(app):
    class Own(Response):
        def set_data(self, value):
            super().set_data(f"own {value}")

        def get_wsgi_headers(self, environ):
            headers = super().get_wsgi_headers(environ)
            headers["X-Class"] = "own"
            return headers

    def replaced():
        response = flask.make_response("text")
        get_wsgi_headers = response.get_wsgi_headers

        def replacement(environ):
            headers = get_wsgi_headers(environ)
            headers["X-Instance"] = "own"
            return headers

        response.get_wsgi_headers = replacement
        return response

    app.add_url_rule("/", "index", lambda: "text")
    app.add_url_rule("/replaced", "replaced", replaced)
    assert app.test_client().get("/replaced").headers["X-Instance"] == "own"
    app.response_class = Own
    response = app.test_client().get("/")
    assert (response.text, response.headers["X-Class"]) == ("own text", "own")


def test_a_location_stays_as_it_is(app):
    app.add_url_rule("/", "index", lambda: Response(headers={"Location": "/relative"}))
    assert app.test_client().get("/").headers["Location"] == "/relative"


def test_json_of_a_response(app):
    with app.test_request_context():
        assert flask.jsonify(a=1).json == {"a": 1}
        assert Response("[1]", mimetype="application/json").get_json() == [1]
        assert Response("[1]").get_json() is None


@pytest.mark.parametrize(("limit", "warns"), [(None, True), (0, False), (10_000, False)])
def test_size_of_cookies(app, recwarn, limit, warns):
    if limit is not None:
        app.config["MAX_COOKIE_SIZE"] = limit
    with app.app_context():
        Response().set_cookie("a", "x" * 5000)
    assert bool(recwarn.list) is warns


def test_size_of_cookies_without_an_application():
    assert Response().max_cookie_size == WerkzeugResponse.max_cookie_size


def test_the_stream_asks_no_length_of_a_subclass() -> None:
    class Own(Request):
        @property
        def content_length(self) -> int | None:  # type: ignore[override]
            return len(self.stream.read())

    app = Flask(__name__)
    app.request_class = Own
    with app.test_request_context("/", method="POST", data=b"12345"):
        assert request.content_length == 5
