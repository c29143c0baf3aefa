"""`flask routes --match`: what answers a request, what runs for it, and what nearly answered."""

from __future__ import annotations

import functools
import json
import threading
from pathlib import Path

import pytest
from werkzeug.routing import BaseConverter, RequestRedirect, ValidationError

from flask import Blueprint, Flask, abort
from flask.cli import FlaskGroup
from flask.cli.near_misses import Reason
from flask.cli.redirects import find_redirect
from flask.cli.requests import environ_of
from flask.ctx import RequestContext
from flask.views import MethodView

SOURCE = Path(__file__).read_text().splitlines()


def invoke(project, app, *args):
    return project.invoke("routes", *args, group=FlaskGroup(create_app=lambda: app))


def told(project, app, request):
    """What the command says as JSON."""
    return json.loads(invoke(project, app, "--json", "--match", request).stdout)


def reasons(explanation) -> dict[str, list[str]]:
    """The kinds of reasons of each near miss, by its endpoint."""
    return {
        miss["route"]["endpoint"]: [reason["kind"] for reason in miss["reasons"]] for miss in explanation["near_misses"]
    }


def with_rules(*rules, **options) -> Flask:
    """An application with rules, each with what it takes; the endpoint is the rule, and its own host if it has one."""
    app = Flask("shop", static_folder=None, **options)
    for rule, more in rules:
        app.add_url_rule(rule, more.get("host") or more.get("subdomain") or rule, lambda **values: "", **more)
    return app


class NoTea(BaseConverter):
    """Takes a word that only Python tells from others."""

    def to_python(self, value):
        if value == "tea":
            raise ValidationError
        return value.upper()


@pytest.fixture
def shop() -> Flask:
    app = Flask("shop", static_folder=None)
    app.url_map.converters["drink"] = NoTea
    outer, inner = Blueprint("outer", __name__, url_prefix="/outer"), Blueprint("inner", __name__)

    def note(name):
        def hook(*args):
            app.seen.append(name)
            return args[0] if name.startswith("after") else None

        hook.__qualname__ = name
        return hook

    app.seen = []
    for name, scaffold in {"app": app, "outer": outer, "inner": inner}.items():
        for kind in ("url_value_preprocessor", "before_request", "after_request", "teardown_request"):
            for number in (1, 2):
                getattr(scaffold, kind)(note(f"{kind} {name} {number}"))
    app.teardown_appcontext(note("teardown_appcontext"))

    @inner.route("/<int:number>", methods=["GET", "POST"])
    def show(number):
        app.seen.append("view")
        return "shown"

    @inner.errorhandler(404)
    def lost_inside(error):
        return "inside", 404

    @app.errorhandler(404)
    def lost(error):
        return "lost", 404

    app.register_error_handler(LookupError, lambda error: "lookup")
    app.register_error_handler(KeyError, lambda error: "key")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    return app


class TestAnswer:
    def test_view_with_file_and_line(self, project, shop):
        explanation = told(project, shop, "POST /outer/7?sort=up")
        assert explanation["outcome"] == "view"
        assert (explanation["method"], explanation["url"]) == ("POST", "http://localhost/outer/7?sort=up")
        assert explanation["values"] == {"number": 7}
        route = explanation["route"]
        assert (route["rule"], route["endpoint"]) == ("/outer/<int:number>", "outer.inner.show")
        assert route["methods"] == ["GET", "HEAD", "OPTIONS", "POST"]
        assert route["view"]["file"] == __file__
        assert "def show" in SOURCE[route["view"]["line"]]

    @pytest.mark.parametrize(
        ("line", "method"),
        [
            ("/outer/7", "GET"),
            ("get /outer/7", "GET"),
            ("HEAD /outer/7 HTTP/1.1", "HEAD"),
            ("http://localhost/outer/7", "GET"),
            ("http://ann:secret@localhost/outer/7#top", "GET"),
        ],
    )
    def test_ways_to_write_a_request(self, project, shop, line, method):
        explanation = told(project, shop, line)
        assert (explanation["method"], explanation["outcome"]) == (method, "view")
        assert explanation["url"] == "http://localhost/outer/7"

    @pytest.mark.parametrize(
        ("line", "word"),
        [
            ("POST", "slash"),
            ("GET nowhere", "slash"),
            ("GET /a /b", "no request"),
            ("", "no request"),
            ("Ö /", "no request"),
        ],
    )
    def test_what_is_no_request(self, project, shop, line, word):
        result = invoke(project, shop, "--match", line)
        assert result.exit_code == 2
        assert word in result.stderr

    def test_hooks_in_the_order_in_which_they_run(self, project, shop):
        explanation = told(project, shop, "/outer/7")
        names = [hook["function"]["name"].removeprefix(f"{__name__}.") for hook in explanation["hooks"]]
        assert shop.seen == ["teardown_appcontext"]  # of the command's own context; to tell is not to run
        shop.seen.clear()
        shop.test_client().get("/outer/7")
        assert names == [name for name in shop.seen if name != "view"]
        assert {hook["kind"]: hook["blueprint"] for hook in explanation["hooks"]} == {
            "url_value_preprocessor": "outer.inner",
            "before_request": "outer.inner",
            "after_request": None,
            "teardown_request": None,
            "teardown_appcontext": None,
        }

    def test_error_handlers_the_first_that_fits(self, project, shop):
        found = told(project, shop, "/outer/7")["error_handlers"]
        assert [(one["code"], one["exception"], one["blueprint"]) for one in found] == [
            (404, "NotFound", "outer.inner"),
            (None, "KeyError", None),
            (None, "LookupError", None),
        ]
        assert found[0]["function"]["name"].endswith("lost_inside")

    def test_no_blueprint_has_to_do_with_what_no_rule_fits(self, project, shop):
        result = invoke(project, shop, "--json", "--match", "/outer/seven")
        explanation = json.loads(result.stdout)
        assert result.exit_code == 1
        assert (explanation["outcome"], explanation["status"], explanation["error"]) == ("error", 404, "NotFound")
        assert explanation["error_handler"]["function"]["name"].endswith("lost")
        assert {hook["blueprint"] for hook in explanation["hooks"]} == {None}
        assert explanation["route"] is None

    def test_method_not_allowed(self, project, shop):
        explanation = told(project, shop, "DELETE /outer/7")
        assert (explanation["status"], explanation["error"]) == (405, "MethodNotAllowed")
        assert explanation["allowed_methods"] == ["GET", "HEAD", "OPTIONS", "POST"]
        assert explanation["error_handler"] is None

    def test_automatic_options(self, project, shop):
        explanation = told(project, shop, "OPTIONS /outer/7")
        assert (explanation["outcome"], explanation["status"]) == ("options", None)
        assert explanation["allowed_methods"] == ["GET", "HEAD", "OPTIONS", "POST"]

    def test_endpoint_without_view(self, project):
        app = Flask("shop", static_folder=None)
        app.add_url_rule("/", "index")
        app.register_error_handler(500, abort)
        explanation = told(project, app, "/")
        assert (explanation["status"], explanation["route"]["view"]) == (500, None)
        assert explanation["error"].startswith("KeyError")
        assert explanation["error_handler"]["code"] == 500

    def test_refused_host(self, project):
        app = with_rules(("/", {}))
        app.config["TRUSTED_HOSTS"] = ["shop.example"]
        explanation = told(project, app, "http://other.example/")
        assert (explanation["status"], explanation["near_misses"]) == (400, [])
        assert told(project, app, "http://shop.example/")["outcome"] == "view"

    def test_values_that_json_does_not_know(self, project):
        assert told(project, with_rules(("/<uuid:key>", {})), "/" + "0" * 8 + "-0000" * 3 + "-" + "0" * 12)[
            "values"
        ] == {"key": "00000000-0000-0000-0000-000000000000"}

    def test_values_that_cannot_be_copied(self, project):
        class Locked(BaseConverter):
            def to_python(self, value):
                return threading.Lock()

        app = Flask("shop", static_folder=None)
        app.url_map.converters["locked"] = Locked
        app.add_url_rule("/<locked:door>", "door", lambda door: "")
        assert "lock" in told(project, app, "/front")["values"]["door"]

    def test_views_of_other_kinds(self, project):
        class Page(MethodView):
            def get(self):
                return ""

        def guarded(view):
            return functools.wraps(view)(lambda *args, **kwargs: view(*args, **kwargs))

        class Guarded(Page):
            decorators = [guarded]

        class Callable:
            def __call__(self):
                return ""

        def plain(word):
            return word

        @functools.wraps(plain)
        def decorated(*args):
            return plain(*args)

        app = Flask("shop", static_folder=None)
        views = {"page": Page.as_view("page"), "object": Callable(), "wrapped": decorated, "built_in": len}
        views["partial"] = functools.partial(plain, "tea")
        views["guarded"] = Guarded.as_view("guarded")
        found = {}
        for name, view in views.items():
            app.add_url_rule(f"/{name}", name, view)
            found[name] = told(project, app, f"/{name}")["route"]["view"]
        assert {name: view["name"].rpartition(".")[2] for name, view in found.items()} == {
            "page": "Page",
            "guarded": "Guarded",
            "object": "Callable",
            "wrapped": "plain",
            "built_in": "len",
            "partial": "plain",
        }
        lines = SOURCE
        assert "class Page" in lines[found["page"]["line"] - 1]
        assert "class Callable" in lines[found["object"]["line"] - 1]
        assert (found["built_in"]["file"], found["built_in"]["line"]) == (None, None)

    def test_stages_of_the_application(self, project):
        class Shop(Flask):
            def dispatch_request(self):
                return "closed"

        app = Shop("shop", static_folder=None)
        app.add_url_rule("/", "index", lambda: "")
        assert told(project, app, "/")["overridden"] == ["dispatch_request"]
        assert "its own dispatch_request" in invoke(project, app, "--match", "/").stdout

    def test_text(self, project, shop):
        result = invoke(project, shop, "--match", "/outer/7")
        assert result.exit_code == 0
        assert "/outer/<int:number>" in result.stdout
        assert "number = 7" in result.stdout
        assert "test_match.py:" in result.stdout
        assert "\x1b" not in result.stdout
        assert "is refused: 404 NotFound" in invoke(project, shop, "--match", "/no").stdout


def moved(adapter, name):
    return f"/new/{name}"


@pytest.fixture
def moving() -> Flask:
    """An application with a redirect of each kind."""
    app = with_rules(
        ("/shop/", {}),
        ("/tea", {}),
        ("/word/<name>/", {}),
        ("/old/<name>", {"redirect_to": "/new/<name>"}),
        ("/older/<name>", {"redirect_to": moved}),
        ("/raw/<path:name>/", {"merge_slashes": False}),
        ("/keys/<uuid:key>/", {}),
        ("/keys/<any(red):key>", {}),
    )
    app.add_url_rule("/page/", "page", lambda **values: "", defaults={"number": 1})
    app.add_url_rule("/page/<int:number>", "page")
    app.add_url_rule("/people/<name>", "people", lambda **values: "")
    app.add_url_rule("/leute/<name>", "people", alias=True)
    return app


class TestRedirects:
    CASES = (
        # path, location, rule, kind, a word of the reason
        ("/shop?a=1", "/shop/?a=1", "/shop/", "slash", "the rule ends with a slash, the path does not"),
        ("//shop", "/shop/", "/shop/", "slash", "the rule ends with a slash"),
        ("/shop//", "/shop/", "/shop/", "slashes", "several slashes in a row"),
        ("//tea//", None, None, None, None),
        ("/word//tea", "/word/tea/", "/word/<name>/", "slashes", "become one, and the rule ends with a slash"),
        ("//word//tea//?a=1", "/word/tea/?a=1", "/word/<name>/", "slashes", "become one"),
        ("/raw/a//b", "/raw/a//b/", "/raw/<path:name>/", "slash", "the rule ends with a slash"),
        ("/old/tea", "/new/tea", "/old/<name>", "redirect_to", "the rule has redirect_to: '/new/<name>'"),
        ("/older/tea", "/new/tea", "/older/<name>", "redirect_to", f"redirect_to: {__name__}.moved"),
        ("/page/1", "/page/", "/page/<int:number>", "defaults", "/page/ stands for number = 1"),
        ("/page", "/page/", "/page/", "slash", "the rule ends with a slash"),
        ("/leute/ann", "/people/ann", "/leute/<name>", "alias", "the rule is an alias of /people/<name>"),
        ("/leute//ann", "/leute/ann", "/leute/<name>", "slashes", "several slashes in a row"),
    )

    @pytest.mark.parametrize(("path", "location", "rule", "kind", "text"), CASES)
    def test_reason(self, project, moving, path, location, rule, kind, text):
        explanation = told(project, moving, path)
        if location is None:
            assert (explanation["outcome"], explanation["redirect"]) == ("error", None)
            return
        assert (explanation["outcome"], explanation["status"]) == ("redirect", 308)
        assert explanation["location"] == f"http://localhost{location}"
        assert explanation["route"]["rule"] == rule
        assert explanation["redirect"]["kind"] == kind
        assert text in explanation["redirect"]["text"]
        result = invoke(project, moving, "--match", path)
        assert result.exit_code == 0
        assert f"is redirected (308) to http://localhost{location}\n  because      " in result.stdout
        assert text in result.stdout
        assert f"  rule         {rule}  (GET, HEAD, OPTIONS)" in result.stdout
        assert "  view  " not in result.stdout
        assert rule not in [miss["route"]["rule"] for miss in explanation["near_misses"]]

    @pytest.mark.parametrize("case", [case for case in CASES if case[1]])
    def test_is_what_a_client_gets(self, moving, case):
        environ = environ_of(moving, case[0])
        answer = moving.test_client().open(environ)
        # A test client of today tells the location as it is sent, which is relative where that can be.
        assert (answer.status_code, answer.location.removeprefix("http://localhost")) == (308, case[1])

    def test_text(self, project, moving):
        result = invoke(project, moving, "--match", "/page/1")
        assert result.exit_code == 0
        assert result.stdout.splitlines()[1:5] == [
            "  is redirected (308) to http://localhost/page/",
            "  because      /page/ stands for number = 1",
            "  rule         /page/<int:number>  (GET, HEAD, OPTIONS)  page",
            "  value        number = 1",
        ]
        assert "test_match.py:" in invoke(project, moving, "--match", "/older/tea").stdout

    def test_to_a_path_that_is_not_there(self, project, moving):
        """A slash is put there before a converter is asked for more than its pattern."""
        moving.url_map.converters["drink"] = NoTea
        moving.add_url_rule("/drinks/<drink:name>/", "drink", lambda name: "")
        explanation = told(project, moving, "/drinks/tea")
        assert (explanation["location"], explanation["route"]) == ("http://localhost/drinks/tea/", None)
        assert explanation["redirect"]["kind"] == "slash"
        assert reasons(explanation) == {"drink": ["converter", "slash"]}

    def test_of_an_empty_path(self, project, moving):
        """It comes from a server that has the application below a path; as a request, one cannot write it."""
        moving.add_url_rule("/", "index", lambda: "")
        found = find_redirect(moving.url_map.bind("localhost", path_info=""))
        assert (found.rule.rule, found.reason) == ("/", Reason("slash", "the path is empty"))
        assert told(project, moving, "http://localhost?a=1")["outcome"] == "view"

    def test_to_another_host(self, project):
        app = Flask("shop", static_folder=None, host_matching=True)
        app.add_url_rule("/", "page", lambda number: "", defaults={"number": 1}, host="one.example")
        app.add_url_rule("/<int:number>", "page", host="more.example")
        explanation = told(project, app, "http://more.example/1")
        assert explanation["location"] == "http://one.example/"
        text = "  because      / at one.example stands for number = 1\n  rule         /<int:number> at more.example  ("
        assert text in invoke(project, app, "--match", "http://more.example/1").stdout
        assert explanation["redirect"]["text"] == "/ at one.example stands for number = 1"

    def test_to_no_subdomain(self, project):
        app = Flask("shop", static_folder=None, subdomain_matching=True)
        app.config["SERVER_NAME"] = "shop.example"
        app.add_url_rule("/main", "main", lambda: "")
        app.add_url_rule("/", "main", alias=True, subdomain="old")
        explanation = told(project, app, "http://old.shop.example/")
        assert explanation["location"] == "http://shop.example/main"
        assert explanation["redirect"]["text"] == "the rule is an alias of /main at no subdomain"

    def test_of_another_maker(self, project, moving):
        """What the URL map did not do, it does not explain."""

        class Context(RequestContext):
            def match_request(self):
                self.request.routing_exception = RequestRedirect("http://elsewhere.example/")

        moving.request_context = lambda environ: Context(moving, environ)
        for path in ("/tea", "/nothing"):
            explanation = told(project, moving, path)
            assert (explanation["location"], explanation["redirect"]) == ("http://elsewhere.example/", None)

    def test_without_redirects_to_defaults(self, project, moving):
        moving.url_map.redirect_defaults = False
        assert told(project, moving, "/page/1")["outcome"] == "view"


@pytest.mark.parametrize("path", ["//users//7", "//users/7", "/users//7", "http://localhost//users//7"])
def test_only_a_whole_url_names_a_host(project, path):
    """What begins with two slashes is a path, as it is to a server."""
    explanation = told(project, with_rules(("/users/<int:id>", {})), path)
    assert explanation["values"] == {"id": 7}
    assert explanation["url"].startswith("http://localhost/users/")


class TestNearMisses:
    @pytest.mark.parametrize(
        ("request_line", "expected"),
        [
            ("DELETE /users/7", {"/users/<int:id>": ["method"], "/users/<name>": ["method"]}),
            ("/users/ann", {"/users/<int:id>": ["converter"]}),
            ("/users/7", {"/users/<name>": ["order"]}),
            ("/users/ann/", {"/users/<int:id>": ["converter", "slash"], "/users/<name>": ["slash"]}),
            ("/drinks/tea", {"/drinks/<drink:name>": ["converter"]}),
            ("POST /list", {"/list/": ["slash", "method"]}),
            ("/colors/blue", {"/colors/<any(red, green):color>": ["converter"]}),
            ("/12-ab", {"/<int:a>-<int:b>": ["converter"]}),
            ("POST //list//", {"/list/": ["method"]}),
            ("/one//7", {"/one/<int:id>": ["slashes"]}),
            ("POST /one//7/", {"/one/<int:id>": ["slashes", "slash", "method"]}),
            ("/nothing/like/it", {}),
        ],
    )
    def test_reasons(self, project, request_line, expected):
        app = Flask("shop", static_folder=None)
        app.url_map.converters["drink"] = NoTea
        rules = ["/users/<int:id>", "/users/<name>", "/drinks/<drink:name>", "/list/", "/<int:a>-<int:b>"]
        for rule in [*rules, "/colors/<any(red, green):color>", "/files/<path:name>/raw"]:
            app.add_url_rule(rule, rule, lambda **values: "")
        app.add_url_rule("/one/<int:id>", "/one/<int:id>", lambda **values: "", merge_slashes=False)
        assert reasons(told(project, app, request_line)) == expected

    def test_which_rule_is_tried_before(self, project):
        app = with_rules(("/users/<name>", {}), ("/users/<int:id>", {}))
        told_of = told(project, app, "/users/7")["near_misses"][0]["reasons"][0]
        assert told_of["text"] == "it fits too, but /users/<int:id> is tried before it"

    def test_what_a_converter_refused(self, project):
        explanation = told(project, with_rules(("/<int(min=5):number>/<word>", {})), "/4/tea")
        assert explanation["near_misses"][0]["reasons"][0]["text"] == "<int(min=5):number> does not take '4'"

    def test_hosts(self, project):
        app = with_rules(("/x", {"host": "<name>.one.example"}), ("/x", {"host": "two.example"}), host_matching=True)
        app.add_url_rule("/x", "nowhere", lambda: "")
        explanation = told(project, app, "https://ann.one.example/x")
        assert explanation["values"] == {"name": "ann"}
        assert explanation["route"]["host"] == "<name>.one.example"
        assert explanation["route"]["subdomain"] is None
        assert reasons(explanation) == {"two.example": ["host"], "nowhere": ["host"]}
        assert "for the host 'two.example'" in invoke(project, app, "--match", "http://three.example/x").stdout

    def test_subdomains(self, project):
        app = with_rules(("/", {}), ("/", {"subdomain": "api"}), subdomain_matching=True)
        app.config["SERVER_NAME"] = "shop.example"
        explanation = told(project, app, "https://api.shop.example/")
        assert (explanation["route"]["subdomain"], explanation["route"]["host"]) == ("api", None)
        assert reasons(explanation) == {"/": ["subdomain"]}
        assert reasons(told(project, app, "/")) == {"api": ["subdomain"]}
        assert "another host than 'shop.example'" in invoke(project, app, "-m", "http://other.example/").stdout

    def test_rules_that_only_build_are_none(self, project):
        assert told(project, with_rules(("/", {"build_only": True})), "/")["near_misses"] == []

    def test_websockets(self, project):
        app = with_rules(("/feed", {"websocket": True}))
        assert reasons(told(project, app, "/feed")) == {"/feed": ["websocket"]}

    def test_the_nearest_are_printed_and_json_has_all(self, project):
        app = Flask("shop", static_folder=None)
        for number in range(15):
            app.add_url_rule("/<word>", f"view{number}", lambda word: "", methods=["PUT"] if number < 14 else ["GET"])
        assert "and 4 more" in invoke(project, app, "--match", "/tea").stdout
        assert len(told(project, app, "/tea")["near_misses"]) == 14


class TestListAsJson:
    def test_routes(self, project, shop):
        result = invoke(project, shop, "--json")
        (route,) = json.loads(result.stdout)
        assert route.pop("view")["file"] == __file__
        assert route == {
            "rule": "/outer/<int:number>",
            "endpoint": "outer.inner.show",
            "methods": ["GET", "POST"],
            "host": None,
            "subdomain": "",
        }
        (route,) = json.loads(invoke(project, shop, "--json", "--all-methods").stdout)
        assert route["methods"] == ["GET", "HEAD", "OPTIONS", "POST"]

    def test_order(self, project):
        app = with_rules(("/b", {}), ("/a", {}))
        assert [route["rule"] for route in json.loads(invoke(project, app, "--json", "--sort", "match").stdout)] == [
            "/b",
            "/a",
        ]
        assert [route["rule"] for route in json.loads(invoke(project, app, "--json").stdout)] == ["/a", "/b"]

    def test_none(self, project):
        assert json.loads(invoke(project, Flask("shop", static_folder=None), "--json").stdout) == []


def test_the_url_of_a_request_is_told_as_it_was_written(project, shop):
    """Also beyond ASCII."""
    for url in ("http://localhost/users/é", "http://localhost:8000/outer/seven?q=ä"):
        told = json.loads(invoke(project, shop, "--json", "--match", url).stdout)
        assert told["url"] == url


@pytest.mark.parametrize("url", ["http://[::1", "https://localhost:99999/users/7", "http://localhost:port/"])
def test_what_is_no_url_is_refused_as_an_option(project, shop, url):
    result = invoke(project, shop, "--match", url)
    assert result.exit_code == 2
    assert f"{url!r} is no URL: " in result.output


@pytest.mark.parametrize("url", ["ftp://localhost/", "users/7", "://localhost/"])
def test_what_no_application_is_asked_is_refused_as_an_option(project, shop, url):
    result = invoke(project, shop, "--match", url)
    assert result.exit_code == 2
    text = " ".join(result.output.split())
    assert f"{url!r} begins neither with a slash, as a path does, nor as 'https://' does." in text
