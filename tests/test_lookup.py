"""The quick way to a URL rule: what it answers itself, and what it must leave to Werkzeug at any time."""

from __future__ import annotations

import typing as t

import pytest
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, IntegerConverter, MapAdapter, Rule
from werkzeug.routing.matcher import StateMachineMatcher

from flask import Flask, current_app, request
from flask._routing import find_rule, find_rule_at_once
from flask.testing import FlaskClient

RULES = {
    "home": "/",
    "static": "/about/team",
    "branch": "/blog/",
    "number": "/users/<int:id>",
    "both": "/users/<int:id>/posts/<slug>",
    "text": "/tags/<tag>",
    "file": "/files/<path:name>",
    "directory": "/tree/<path:name>/",
    "ratio": "/ratio/<float:x>",
    "one": "/maps/<any(de, en):lang>",
    "mixed": "/api/v<int:v>/<name>",
}


@pytest.fixture
def app() -> Flask:
    app = Flask("lookup", static_folder=None)
    for endpoint, rule in RULES.items():
        app.add_url_rule(rule, endpoint, lambda **values: f"{values}")
    with app.test_request_context("/"):  # the host is known from now on
        return app


def find(app: Flask, path: str, method: str = "GET", **options: t.Any) -> t.Any:
    """What is found without a URL adapter: endpoint and values, an error, or None."""
    request = app.test_request_context(path, method=method, **options).request
    try:
        found = find_rule(app, request)
    except HTTPException as error:
        return type(error)
    return None if found is None else (found[0].endpoint, found[1])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", ("home", {})),
        ("/about/team", ("static", {})),
        ("/blog/", ("branch", {})),
        ("/users/42", ("number", {"id": 42})),
        ("/users/42/posts/first-steps", ("both", {"id": 42, "slug": "first-steps"})),
        ("/tags/käse", ("text", {"tag": "käse"})),
        ("/files/a/b.txt", ("file", {"name": "a/b.txt"})),
        ("/files/a/", ("file", {"name": "a/"})),
        ("/tree/a/b/", ("directory", {"name": "a/b"})),
        ("/ratio/1.5", ("ratio", {"x": 1.5})),
        ("/maps/de", ("one", {"lang": "de"})),
        ("/api/v3/x", ("mixed", {"v": 3, "name": "x"})),
        ("/about/nobody", NotFound),
        ("/users/ada", NotFound),
        ("/users/42/posts", NotFound),
    ],
)
def test_what_it_answers(app: Flask, path: str, expected: object) -> None:
    assert expected == find(app, path)
    assert expected == find(app, path)  # also when it knows the path


@pytest.mark.parametrize("merge_slashes", [True, False])
@pytest.mark.parametrize("methods", [["GET"], ["PUT", "POST"], ["GET", "PUT", "PATCH", "DELETE", "LINK", "UNLINK"]])
def test_what_is_allowed_is_in_werkzeugs_order(app: Flask, merge_slashes: bool, methods: list[str]) -> None:
    # That of a set, which depends on how often the matcher went through the rules.
    app.url_map.merge_slashes = merge_slashes
    app.add_url_rule("/goods/<int:id>", "goods", methods=methods)
    app.add_url_rule("/goods/<int:id>", "more", methods=["SEARCH", "POST"])
    for path in ("/users/42", "/about/team", "/goods/7"):
        with app.test_request_context(path, method="TRACE") as ctx:
            with pytest.raises(MethodNotAllowed) as caught:
                app.create_url_adapter(ctx.request).match()
            with pytest.raises(MethodNotAllowed) as found:
                find_rule(app, ctx.request)
        assert found.value.valid_methods == caught.value.valid_methods


def test_a_number_goes_before_a_text(app: Flask) -> None:
    app.add_url_rule("/things/<name>", "name", lambda **values: "")
    app.add_url_rule("/things/<int:id>", "id", lambda **values: "")
    assert find(app, "/things/7") == ("id", {"id": 7})
    assert find(app, "/things/seven") == ("name", {"name": "seven"})


def test_a_value_that_is_refused_where_another_method_is_allowed(app: Flask) -> None:
    app.add_url_rule("/few/<int:n>", "any", lambda **values: "", methods=["POST"])
    app.add_url_rule("/few/<int(max=5):n>", "few", lambda **values: "")
    assert find(app, "/few/4") == ("few", {"n": 4})
    assert find(app, "/few/7") is None
    assert app.test_client().get("/few/7").status_code == 405


@pytest.mark.parametrize("path", ["/blog", "/about//team", "/tree/a/b", "//about/team", "", "/tags/\xff"])
def test_redirects_and_odd_paths_are_left_to_werkzeug(app: Flask, path: str) -> None:
    assert find(app, "/", environ_overrides={"PATH_INFO": path}) is None


def test_where_there_is_another_way_werkzeug_is_asked(app: Flask) -> None:
    app.add_url_rule("/<name>/nobody", "other", lambda name: "")
    assert find(app, "/about/team") == ("static", {})
    assert find(app, "/about/nobody") is None
    assert app.test_client().get("/about/nobody").status_code == 200


@pytest.mark.parametrize("path", ["/old", "/old/7"])
@pytest.mark.parametrize("options", [{"redirect_to": ""}, {"alias": True}, {"websocket": True}])
def test_what_becomes_of_a_match_is_left_to_werkzeug(app: Flask, path: str, options: dict[str, t.Any]) -> None:
    app.add_url_rule("/new/<x>", "new", lambda **values: "")
    app.add_url_rule("/old", "plain", lambda: "", **options)
    app.add_url_rule("/old/<x>", "new", **options)
    assert find(app, path) is None
    assert find(app, path) is None  # also when it knows the path


def test_slashes_in_front_are_one(app: Flask) -> None:
    app.add_url_rule("//front", "front", lambda: "", merge_slashes=False)
    assert find(app, "/", environ_overrides={"PATH_INFO": "//front"}) is None
    assert app.test_client().get(environ_overrides={"PATH_INFO": "//front"}).status_code == 404


def test_a_rule_that_does_not_insist_on_its_slash(app: Flask) -> None:
    app.add_url_rule("/loose/", "loose", lambda: "", strict_slashes=False)
    app.add_url_rule("/leaf", "leaf", lambda: "", strict_slashes=False)
    assert find(app, "/loose") == find(app, "/loose/") == ("loose", {})
    assert find(app, "/leaf") == find(app, "/leaf/") == ("leaf", {})


def test_a_rule_with_a_slash_goes_before_one_that_does_not_insist_on_none(app: Flask) -> None:
    app.add_url_rule("/leaf/", "with", lambda: "", methods=["POST"])
    app.add_url_rule("/leaf", "without", lambda: "", strict_slashes=False)
    assert find(app, "/leaf/", "POST") == ("with", {})
    assert find(app, "/leaf/", "GET") is None
    assert app.test_client().get("/leaf/").status_code == 200


def test_rules_are_found_as_they_are_added(app: Flask) -> None:
    for number in range(3):
        assert find(app, f"/later/{number}/7") is NotFound
        app.add_url_rule(f"/later/{number}/<int:id>", f"later{number}", lambda **values: "")
        assert find(app, f"/later/{number}/7") == (f"later{number}", {"id": 7})


def at_once(app: Flask, path: str, host: str | bytes = "localhost") -> t.Any:
    """What is settled before a context is made: endpoint and values, an error, or None."""
    request = app.test_request_context("/").request
    request.url_rule = request.view_args = None
    find_rule_at_once(app, request, path, "GET", host)
    if request.routing_exception is not None:
        return type(request.routing_exception)
    return None if request.url_rule is None else (request.endpoint, request.view_args)


def test_what_is_found_before_a_context_is_made(app: Flask) -> None:
    assert at_once(app, "/users/42") == ("number", {"id": 42})
    assert at_once(app, "/about/team") == ("static", {})
    assert at_once(app, "/nowhere") is NotFound
    assert at_once(app, "/users/42", b"localhost") == ("number", {"id": 42})
    assert at_once(app, "/users/42", "elsewhere") is at_once(app, "/users/42", b"elsewhere") is None


def test_a_converter_of_the_programs_own_is_called_in_the_context(app: Flask, client: FlaskClient) -> None:
    class Shop(BaseConverter):
        def to_python(self, value: str) -> str:
            return f"{value} of {current_app.name} for {request.method}"

    app.url_map.converters["shop"] = Shop
    app.add_url_rule("/shops/<shop:shop>/<int:at>", "shop", lambda shop, at: f"{shop}: {at}")
    for _ in range(2):
        assert at_once(app, "/shops/tea/7") is None
        assert client.get("/shops/tea/7").text == "tea of lookup for GET: 7"
        assert client.get("/users/42").text == "{'id': 42}"


# -- what may be changed at any time


def trust_hosts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["TRUSTED_HOSTS"] = ["localhost"]


def match_subdomains(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["SERVER_NAME"] = "localhost"
    app.subdomain_matching = True


def match_hosts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.url_map.host_matching = True


def replace_match(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MapAdapter, "match", lambda *args, **options: None)


def replace_the_matchers_match(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StateMachineMatcher, "match", lambda *args, **options: None)


def replace_the_matcher(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.url_map._matcher = StateMachineMatcher(merge_slashes=True)


def subclass_the_map(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.url_map.__class__ = type("Own", (type(app.url_map),), {})


@pytest.mark.parametrize(
    "change",
    [
        *(trust_hosts, match_subdomains, match_hosts, replace_match, replace_the_matchers_match, replace_the_matcher),
        subclass_the_map,
    ],
)
@pytest.mark.parametrize("path", ["/about/team", "/users/42", "/nowhere"])
def test_what_is_not_ours_is_asked(
    app: Flask, monkeypatch: pytest.MonkeyPatch, path: str, change: t.Callable[[Flask, pytest.MonkeyPatch], None]
) -> None:
    assert find(app, path) is not None
    request = app.test_request_context(path).request
    change(app, monkeypatch)
    assert find_rule(app, request) is None


def test_a_handshake_is_left_to_werkzeug(app: Flask) -> None:
    assert find(app, "/about/team", headers={"Upgrade": "websocket"}) is None


def test_converters_whose_method_is_replaced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find(app, "/users/42/posts/steps") == ("both", {"id": 42, "slug": "steps"})
    monkeypatch.setattr(IntegerConverter, "to_python", lambda self, value: f"number {value}", raising=False)
    monkeypatch.setattr(BaseConverter, "to_python", lambda self, value: value.upper())
    assert find(app, "/users/42/posts/steps") == ("both", {"id": "number 42", "slug": "STEPS"})


def test_a_rule_that_was_compiled_anew(app: Flask) -> None:
    rule = next(app.url_map.iter_rules("text"))
    assert find(app, "/tags/7") == ("text", {"tag": "7"})
    rule.rule = "/tags/<int:number>"
    rule.refresh()  # which changes the converters, but not what matches
    assert app.test_client().get("/tags/7").text == "{'number': 7}"


def test_an_endpoint_with_two_rules(app: Flask) -> None:
    app.add_url_rule("/hello/<name>", "hello", lambda **values: "")
    app.add_url_rule("/hello/<name>/<int:times>", "hello")
    assert find(app, "/hello/ada") == ("hello", {"name": "ada"})
    app.url_map.add(Rule("/hi/<name>", endpoint="hello", defaults={"times": 1}))
    assert find(app, "/hello/ada/1") is None  # it is redirected
    assert app.test_client().get("/hello/ada/1").location.endswith("/hi/ada")
