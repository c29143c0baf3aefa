"""URL rules: methods, converters, slashes, redirects, subdomains and hosts."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t

import pytest
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import BaseConverter, RequestRedirect, Rule, ValidationError

import flask
from flask import Blueprint, Flask, Response, request, url_for
from flask.debughelpers import FormDataRoutingRedirect
from flask.testing import FlaskClient
from flask.views import MethodView, View


def in_era(era: str, program: str) -> str:
    """What a program prints in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    ).stdout


def method() -> str:
    """A view that tells the method."""
    return request.method


def methods_of(app: Flask, endpoint: str = "page") -> set[str]:
    return {method for rule in app.url_map.iter_rules(endpoint) for method in rule.methods or ()}


# Methods


@pytest.mark.parametrize(
    ("options", "methods"),
    [
        ({}, {"GET", "HEAD", "OPTIONS"}),
        ({"methods": None}, {"GET", "HEAD", "OPTIONS"}),
        ({"methods": ["POST"]}, {"POST", "OPTIONS"}),
        ({"methods": ["post", "Get"]}, {"POST", "GET", "HEAD", "OPTIONS"}),
        ({"methods": ("PUT",)}, {"PUT", "OPTIONS"}),
        ({"methods": {"PURGE"}}, {"PURGE", "OPTIONS"}),
        ({"methods": iter(["PATCH"])}, {"PATCH", "OPTIONS"}),
        ({"methods": []}, {"OPTIONS"}),
    ],
)
def test_methods_of_a_rule(app: Flask, options: dict[str, t.Any], methods: set[str]) -> None:
    app.add_url_rule("/", endpoint="page", view_func=method, **options)
    assert methods_of(app) == methods


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE", "PATCH", "PURGE"])
def test_only_the_methods_of_a_rule_reach_its_view(app: Flask, client: FlaskClient, verb: str) -> None:
    app.add_url_rule("/", endpoint="page", view_func=method, methods=[verb])
    for other in ("GET", "POST", "PUT", "DELETE", "PATCH", "PURGE"):
        response = client.open("/", method=other)
        if other == verb:
            assert response.text == verb
        else:
            assert response.status_code == 405
            assert set(response.headers["Allow"].split(", ")) == methods_of(app)


def test_methods_of_all_rules_of_a_path_are_allowed(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="get", view_func=method)
    app.add_url_rule("/", endpoint="post", view_func=method, methods=["POST"])
    assert (client.get("/").text, client.post("/").text) == ("GET", "POST")
    allowed = {"GET", "HEAD", "OPTIONS", "POST"}
    assert set(client.delete("/").headers["Allow"].split(", ")) == allowed
    assert set(client.options("/").allow) == allowed


@pytest.mark.parametrize("verb", ["get", "post", "put", "delete", "patch"])
def test_decorators_for_one_method(app: Flask, client: FlaskClient, verb: str) -> None:
    shop = Blueprint("shop", __name__)
    for scaffold, path in ((app, "/app"), (shop, "/shop")):
        assert getattr(scaffold, verb)(path)(method) is method
        with pytest.raises(TypeError, match=r"methods"):
            getattr(scaffold, verb)("/", methods=["POST"])
    app.register_blueprint(shop)
    for path in ("/app", "/shop"):
        assert client.open(path, method=verb.upper()).text == verb.upper()
        assert client.open(path, method="TRACE").status_code == 405


@pytest.mark.parametrize("methods", ["POST", "GET, POST", ""])
def test_methods_as_a_text_are_refused(app: Flask, methods: str) -> None:
    with pytest.raises(TypeError, match=r'methods=\["POST"\]'):
        app.route("/", methods=methods)(method)
    assert "method" not in app.view_functions


def test_methods_that_the_view_says(app: Flask, client: FlaskClient) -> None:
    def view() -> str:
        return request.method

    view.methods = ["POST", "put"]  # type: ignore[attr-defined]
    view.required_methods = ["delete"]  # type: ignore[attr-defined]
    app.add_url_rule("/", endpoint="page", view_func=view)
    assert methods_of(app) == {"POST", "PUT", "DELETE", "OPTIONS"}
    app.add_url_rule("/get", endpoint="get", view_func=view, methods=["GET"])
    assert methods_of(app, "get") == {"GET", "HEAD", "DELETE", "OPTIONS"}
    view.methods = "POST"  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r'methods=\["POST"\]'):
        app.add_url_rule("/text", endpoint="text", view_func=view)


def test_methods_of_class_based_views(app: Flask, client: FlaskClient) -> None:
    class Item(MethodView):
        def get(self) -> str:
            return "get"

        def put(self) -> str:
            return "put"

    class Page(View):
        methods: t.ClassVar = ["POST"]

        def dispatch_request(self) -> str:
            return "dispatched"

    app.add_url_rule("/item", view_func=Item.as_view("item"))
    app.add_url_rule("/page", view_func=Page.as_view("page"))
    assert methods_of(app, "item") == {"GET", "HEAD", "PUT", "OPTIONS"}
    assert methods_of(app, "page") == {"POST", "OPTIONS"}
    assert (client.get("/item").text, client.put("/item").text) == ("get", "put")
    assert client.post("/page").text == "dispatched"
    assert client.head("/item").status_code == 200
    assert client.get("/page").status_code == 405


def test_head_is_answered_by_the_view_for_get(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="page", view_func=lambda: (request.method, {"X-A": "1"}))
    response = client.head("/")
    assert (response.status_code, response.data) == (200, b"")
    assert (response.headers["Content-Length"], response.headers["X-A"]) == ("4", "1")


def test_a_rule_may_have_a_view_of_its_own_for_head(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="head", view_func=lambda: ("", {"X-Whose": "head"}), methods=["HEAD"])
    app.add_url_rule("/", endpoint="get", view_func=lambda: ("", {"X-Whose": "get"}))
    assert client.head("/").headers["X-Whose"] == "head"
    assert client.get("/").headers["X-Whose"] == "get"


# OPTIONS


def test_options_are_answered_automatically(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="page", view_func=method, methods=["GET", "POST"])
    response = client.options("/")
    assert (response.status_code, response.data) == (200, b"")
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_hooks_may_tell_the_automatic_answer_by_its_unset_length(app: Flask, client: FlaskClient) -> None:
    # Flask-Compress takes what is known to be short as it is.
    lengths: list[int | None] = []

    @app.after_request
    def look(response: Response) -> Response:
        lengths.append(response.content_length)
        return response

    app.add_url_rule("/", endpoint="page", view_func=method)
    assert client.options("/").content_length == 0
    assert lengths == [None]


def test_a_view_may_answer_options_itself(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="page", view_func=method, methods=["GET", "OPTIONS"])
    assert client.options("/").text == "OPTIONS"


@pytest.mark.parametrize(
    ("options", "methods", "automatic"),
    [
        ({"provide_automatic_options": False}, {"GET", "HEAD"}, False),
        ({"provide_automatic_options": False, "methods": ["GET", "OPTIONS"]}, {"GET", "HEAD", "OPTIONS"}, False),
        ({"provide_automatic_options": True}, {"GET", "HEAD", "OPTIONS"}, True),
        ({"provide_automatic_options": True, "methods": ["GET", "OPTIONS"]}, {"GET", "HEAD", "OPTIONS"}, True),
        ({"provide_automatic_options": None}, {"GET", "HEAD", "OPTIONS"}, True),
        ({}, {"GET", "HEAD", "OPTIONS"}, True),
    ],
)
@pytest.mark.parametrize("where", ["rule", "blueprint", "view"])
def test_provide_automatic_options(
    app: Flask, client: FlaskClient, options: dict[str, t.Any], methods: set[str], automatic: bool, where: str
) -> None:
    def view() -> str:
        return request.method

    if where == "view":
        options = options.copy()
        if "provide_automatic_options" in options:
            view.provide_automatic_options = options.pop("provide_automatic_options")  # type: ignore[attr-defined]
    if where == "blueprint":
        shop = Blueprint("shop", __name__)
        shop.add_url_rule("/", endpoint="page", view_func=view, **options)
        app.register_blueprint(shop)
        endpoint = "shop.page"
    else:
        app.add_url_rule("/", endpoint="page", view_func=view, **options)
        endpoint = "page"
    assert methods_of(app, endpoint) == methods
    response = client.options("/")
    if automatic:
        assert (response.data, set(response.allow)) == (b"", methods)
    elif "OPTIONS" in methods:
        assert response.text == "OPTIONS"
    else:
        assert response.status_code == 405


def test_automatic_options_may_be_switched_off_for_all_rules(app: Flask, client: FlaskClient) -> None:
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.add_url_rule("/", endpoint="page", view_func=method)
    app.add_url_rule("/own", endpoint="own", view_func=method, provide_automatic_options=True)
    assert client.options("/").status_code == 405
    assert set(client.options("/own").allow) == {"GET", "HEAD", "OPTIONS"}


def test_automatic_options_are_a_setting_of_the_rule_that_may_change(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="page", view_func=method)
    assert client.options("/").text == ""
    next(app.url_map.iter_rules("page")).provide_automatic_options = False  # type: ignore[attr-defined]
    assert client.options("/").text == "OPTIONS"


# Endpoints


def test_the_endpoint_is_the_name_of_the_function(app: Flask) -> None:
    app.route("/")(method)
    app.route("/other", endpoint="other")(method)
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= {"method", "other"}
    assert app.view_functions["method"] is app.view_functions["other"] is method


def test_a_rule_needs_a_view_or_an_endpoint(app: Flask) -> None:
    with pytest.raises(AssertionError, match="endpoint"):
        app.add_url_rule("/")


def test_two_functions_for_one_endpoint(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="page", view_func=method)
    app.add_url_rule("/again", endpoint="page", view_func=method)
    app.add_url_rule("/without", endpoint="page")
    with pytest.raises(AssertionError, match="overwriting an existing endpoint function: page"):
        app.add_url_rule("/other", endpoint="page", view_func=str)
    assert [client.get(path).text for path in ("/", "/again", "/without")] == ["GET"] * 3


# Converters and defaults


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("/<value>", "/text", "text"),
        ("/<unicode:value>", "/text", "text"),
        ("/<string:value>", "/%C3%84", "Ä"),
        ("/<string(length=2):value>", "/ab", "ab"),
        ("/<int:value>", "/42", 42),
        ("/<int(signed=True):value>", "/-42", -42),
        ("/<float:value>", "/1.5", 1.5),
        ("/<path:value>", "/a/b", "a/b"),
        ("/<any(a, b):value>", "/b", "b"),
        ("/x/<unicode(minlength=2, maxlength=3):value>", "/x/abc", "abc"),
    ],
)
def test_converters(app: Flask, client: FlaskClient, rule: str, path: str, value: t.Any) -> None:
    app.add_url_rule(rule, endpoint="page", view_func=lambda value: [value])
    assert client.get(path).json == [value]
    with app.test_request_context():
        assert url_for("page", value=value) == path


@pytest.mark.parametrize(
    ("rule", "path"),
    [("/<int:value>", "/a"), ("/<int:value>", "/-1"), ("/<unicode(length=2):value>", "/abc"), ("/<value>", "/a/b")],
)
def test_what_a_converter_refuses_is_not_found(app: Flask, client: FlaskClient, rule: str, path: str) -> None:
    app.add_url_rule(rule, endpoint="page", view_func=str)
    assert client.get(path).status_code == 404


def test_a_converter_of_ones_own(app: Flask, client: FlaskClient) -> None:
    class ListConverter(BaseConverter):
        def to_python(self, value: str) -> list[str]:
            if value == "none":
                raise ValidationError
            return value.split("+")

        def to_url(self, value: list[str]) -> str:
            return "+".join(value)

    app.url_map.converters["list"] = ListConverter
    app.add_url_rule("/<list:names>", endpoint="page", view_func=lambda names: names)
    assert client.get("/a+b").json == ["a", "b"]
    assert client.get("/none").status_code == 404
    with app.test_request_context():
        assert url_for("page", names=["c", "d"]) == "/c+d"


def test_a_rule_with_an_unknown_converter_is_refused(app: Flask) -> None:
    with pytest.raises(LookupError, match="list"):
        app.add_url_rule("/<list:names>", endpoint="page")


def test_defaults(app: Flask, client: FlaskClient) -> None:
    def page(number: int) -> str:
        return f"page {number}"

    app.add_url_rule("/pages/", defaults={"number": 1}, view_func=page)
    app.add_url_rule("/pages/<int:number>", view_func=page)
    assert (client.get("/pages/").text, client.get("/pages/2").text) == ("page 1", "page 2")
    response = client.get("/pages/1")
    assert (response.status_code, response.location) == (308, "http://localhost/pages/")
    with app.test_request_context():
        assert (url_for("page", number=1), url_for("page", number=2)) == ("/pages/", "/pages/2")


# Slashes and redirects


@pytest.mark.parametrize(
    ("rule", "options", "path", "status"),
    [
        ("/folder/", {}, "/folder/", 200),
        ("/folder/", {}, "/folder", 308),
        ("/file", {}, "/file", 200),
        ("/file", {}, "/file/", 404),
        ("/folder/", {"strict_slashes": False}, "/folder", 200),
        ("/file", {"strict_slashes": False}, "/file/", 200),
        ("/a/b", {}, "/a//b", 308),
        ("/a/b", {"merge_slashes": False}, "/a//b", 404),
        ("/old", {"redirect_to": "/new"}, "/old", 308),
        ("/old", {"build_only": True}, "/old", 404),
        ("/alias", {"alias": True}, "/alias", 308),
    ],
)
def test_slashes_and_redirects(
    app: Flask, client: FlaskClient, rule: str, options: dict[str, t.Any], path: str, status: int
) -> None:
    if "alias" in options:
        app.add_url_rule("/real", endpoint="page", view_func=method)
    app.add_url_rule(rule, endpoint="page", view_func=method, **options)
    assert client.get(path).status_code == status


def test_strict_slashes_of_the_map_and_of_the_rule_may_change(app: Flask, client: FlaskClient) -> None:
    app.url_map.strict_slashes = False
    app.add_url_rule("/folder/", endpoint="page", view_func=method)
    assert client.get("/folder").status_code == 200
    next(app.url_map.iter_rules("page")).strict_slashes = True
    assert client.get("/folder").status_code == 308


def test_the_redirect_keeps_the_query(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/folder/", endpoint="page", view_func=method)
    assert client.get("/folder?a=1&b=%20").location == "http://localhost/folder/?a=1&b=%20"
    assert client.get("/folder?a=1", follow_redirects=True).request.args["a"] == "1"


@pytest.mark.parametrize("debug", [True, False])
def test_a_post_is_redirected_with_its_body(app: Flask, client: FlaskClient, debug: bool) -> None:
    app.debug = debug
    app.add_url_rule("/folder/", endpoint="page", view_func=lambda: request.form["a"], methods=["POST"])
    response = client.post("/folder", data={"a": "1"})
    assert (response.status_code, response.location) == (308, "http://localhost/folder/")
    assert client.post("/folder", data={"a": "1"}, follow_redirects=True).text == "1"


@pytest.mark.parametrize(
    ("code", "verb", "explained"),
    [(301, "POST", True), (302, "PUT", True), (301, "GET", False), (301, "HEAD", False), (307, "POST", False)],
)
def test_in_debug_mode_a_redirect_that_loses_the_body_is_explained(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, code: int, verb: str, explained: bool
) -> None:
    monkeypatch.setattr(RequestRedirect, "code", code)
    app.add_url_rule("/folder/", endpoint="page", view_func=method, methods=["GET", "POST", "PUT"])
    assert client.open("/folder", method=verb).status_code == code
    app.debug = True
    if not explained:
        assert client.open("/folder", method=verb).status_code == code
        return
    with pytest.raises(FormDataRoutingRedirect) as caught:
        client.open("/folder", method=verb)
    assert isinstance(caught.value, AssertionError)
    for part in ("'http://localhost/folder'", "'http://localhost/folder/'", "slash", f"{verb}"):
        assert part in str(caught.value)


def test_every_redirect_of_a_body_is_explained_in_debug_mode_in_0_8() -> None:
    program = (
        "from flask import Flask\n"
        "from flask.debughelpers import FormDataRoutingRedirect\n"
        "app = Flask('shop'); app.debug = True\n"
        "app.before_request(lambda: print('before'))\n"
        "app.add_url_rule('/folder/', 'page', str, methods=['GET', 'POST'])\n"
        "print(app.test_client().get('/folder').status_code)\n"
        "try: app.test_client().post('/folder')\n"
        "except AssertionError as error: print('POST-request' in str(error), type(error) is FormDataRoutingRedirect)\n"
        "app.debug = False\n"
        "print(app.test_client().post('/folder').status_code)\n"
    )
    assert in_era("0.8", program).split("\n")[:-1] == ["before", "308", "before", "True True", "before", "308"]


# Subdomains and hosts


@pytest.fixture
def shops() -> Flask:
    """An application that tells its subdomains apart."""
    app = Flask(__name__, subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    app.add_url_rule("/", endpoint="index", view_func=lambda: "main")
    app.add_url_rule("/", endpoint="shop", subdomain="shop", view_func=lambda: "shop")
    app.add_url_rule("/", endpoint="user", subdomain="<user>.people", view_func=lambda user: f"user {user}")
    return app


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ("example.com", "main"),
        ("example.com:80", "main"),
        ("EXAMPLE.com", "main"),
        ("shop.example.com", "shop"),
        ("ada.people.example.com", "user ada"),
        ("other.example.com", None),
        ("example.org", None),
        ("example.com:81", None),
        ("notexample.com", None),
    ],
)
def test_subdomains(shops: Flask, host: str, text: str | None) -> None:
    response = shops.test_client().get("/", base_url=f"http://{host}")
    assert (response.text if response.status_code == 200 else None) == text


def test_urls_of_subdomains(shops: Flask) -> None:
    with shops.test_request_context(subdomain="shop"):
        assert request.host == "shop.example.com"
        assert url_for("shop") == "/"
        assert url_for("index") == "http://example.com/"
        assert url_for("user", user="ada") == "http://ada.people.example.com/"
    with shops.app_context():
        assert url_for("shop") == "http://shop.example.com/"


@pytest.mark.parametrize("host", ["example.com", "other.example.com", "example.org", "127.0.0.1:5000", "[::1]:5000"])
def test_without_subdomain_matching_any_host_is_served(app: Flask, host: str) -> None:
    app.config["SERVER_NAME"] = "example.com"
    app.add_url_rule("/", endpoint="index", view_func=lambda: request.host)
    app.add_url_rule("/folder/", endpoint="folder", view_func=str)
    response = app.test_client().get("/", headers={"Host": host})
    assert response.text == host
    assert app.test_client().get("/folder", headers={"Host": host}).location == "http://example.com/folder/"


def test_hosts() -> None:
    app = Flask(__name__, host_matching=True, static_host="static.example.com")
    app.add_url_rule("/", endpoint="index", host="example.com", view_func=lambda: "index")
    app.add_url_rule("/", endpoint="user", host="<user>.example.com", view_func=lambda user: f"user {user}")
    client = app.test_client()
    assert client.get("/", base_url="http://example.com").text == "index"
    assert client.get("/", base_url="http://ada.example.com").text == "user ada"
    assert client.get("/", base_url="http://example.org").status_code == 404
    with app.test_request_context(base_url="http://example.com"):
        assert url_for("user", user="ada") == "http://ada.example.com/"
        assert url_for("static", filename="a.css") == "http://static.example.com/static/a.css"


@pytest.mark.parametrize("options", [{"host_matching": True}, {"static_host": "example.com"}])
def test_static_files_and_host_matching_go_together(options: dict[str, t.Any]) -> None:
    with pytest.raises(AssertionError, match="static_host"):
        Flask(__name__, **options)
    Flask(__name__, host_matching=True, static_folder=None)


def test_subdomains_are_told_apart_by_server_name_alone_in_0_8() -> None:
    program = (
        "from flask import Flask\n"
        "app = Flask('shop')\n"
        "app.config['SERVER_NAME'] = 'example.com'\n"
        "app.add_url_rule('/', 'index', lambda: 'main')\n"
        "app.add_url_rule('/', 'shop', lambda: 'shop', subdomain='shop')\n"
        "for host in 'example.com', 'shop.example.com', 'example.org':\n"
        "    response = app.test_client().get('/', base_url='http://' + host)\n"
        "    print(response.status_code, response.data if response.status_code == 200 else '')\n"
    )
    assert in_era("0.8", program).splitlines() == ["200 b'main'", "200 b'shop'", "404 "]


# Rules of other kinds


def test_rules_of_another_class(app: Flask, client: FlaskClient) -> None:
    class Versioned(Rule):
        def __init__(self, string: str, **options: t.Any) -> None:
            super().__init__(f"/v1{string}", **options)

    app.url_rule_class = Versioned
    app.add_url_rule("/page", endpoint="page", view_func=method)
    assert client.get("/v1/page").text == "GET"
    assert client.get("/page").status_code == 404


def test_a_rule_for_websockets_is_none_for_http(app: Flask, client: FlaskClient) -> None:
    app.url_map.add(Rule("/socket", endpoint="socket", websocket=True))
    app.view_functions["socket"] = lambda: "socket"
    assert client.get("/socket").status_code == 400
    response = client.get("/socket", headers={"Connection": "Upgrade", "Upgrade": "websocket"})
    assert response.text == "socket"


def test_raising_the_routing_error_by_hand(app: Flask) -> None:
    app.add_url_rule("/", endpoint="page", view_func=method)
    with app.test_request_context("/", method="POST"):
        assert isinstance(request.routing_exception, MethodNotAllowed)
        with pytest.raises(MethodNotAllowed):
            app.raise_routing_exception(request._get_current_object())


def test_the_url_map_of_the_application_is_werkzeugs(app: Flask) -> None:
    from werkzeug.routing import Map

    assert isinstance(app.url_map, Map)
    adapter = app.url_map.bind("localhost")
    app.add_url_rule("/<int:number>", endpoint="page", view_func=method)
    assert adapter.match("/5") == ("page", {"number": 5})
    assert adapter.build("page", {"number": 6}) == "/6"
    assert flask.Flask.url_rule_class is Rule


def test_a_host_that_one_application_serves_is_still_refused_by_another(app):
    class Choosy(flask.Request):
        trusted_hosts = ["good.example"]

    choosy = flask.Flask(__name__)
    choosy.request_class = Choosy
    for each in (app, choosy):
        each.add_url_rule("/", "index", lambda: "welcome")
    evil = {"base_url": "http://evil.example"}
    assert [app.test_client().get("/", **evil).status_code for _ in range(2)] == [200, 200]
    assert choosy.test_client().get("/", **evil).status_code == 400
    assert choosy.test_client().get("/", base_url="http://good.example").status_code == 200
    assert choosy.test_client().get("/", **evil).status_code == 400


def test_hosts_that_are_trusted_later_are_checked_from_then_on(app, client):
    app.add_url_rule("/", "index", lambda: "welcome")
    evil = {"base_url": "http://evil.example"}
    assert client.get("/", **evil).status_code == 200
    app.config["TRUSTED_HOSTS"] = ["good.example"]
    assert client.get("/", **evil).status_code == 400
