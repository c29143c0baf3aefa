"""What `flask routes --match` tells of a request is what the application does with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.test import EnvironBuilder

from flask import Blueprint, Flask, g, jsonify
from flask.cli.explanation import explain
from flask.cli.near_misses import find_near_misses, merge_slashes

# Small, so that rules and requests often have to do with each other.
WORDS = st.sampled_from(["a", "b", "7", "-1"])
PARTS = st.one_of(WORDS, st.sampled_from(["<x>", "<int:x>", "<int(min=3):x>", "<any(a, b):x>", "<path:x>", "p<int:x>"]))
METHODS = st.sets(st.sampled_from(["GET", "POST", "OPTIONS"]), min_size=1)


@st.composite
def rules(draw) -> tuple[str, set[str], bool]:
    parts = draw(st.lists(PARTS, max_size=3))
    for number, part in enumerate(parts):
        parts[number] = part.replace("x>", f"x{number}>")  # each has a name of its own
    slash = "/" if parts and draw(st.booleans()) else ""
    return "/" + "/".join(parts) + slash, draw(METHODS), draw(st.booleans())


RULES = st.lists(rules(), min_size=1, max_size=5)
PATHS = st.lists(st.one_of(WORDS, st.sampled_from(["p7", "", "c"])), max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)
KEYS = st.sampled_from([404, 405, Exception, LookupError])
REQUESTS = st.tuples(st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"]), PATHS)


def make_app(rules, on_blueprint, handled) -> Flask:
    app = Flask("shop", static_folder=None)
    blueprint = Blueprint("part", "shop")

    def view(**values):
        return jsonify(endpoint=g.endpoint, values=values)

    @app.url_value_preprocessor
    def note(endpoint, values):
        g.endpoint = endpoint

    for number, (rule, methods, strict) in enumerate(rules):
        scaffold = blueprint if number in on_blueprint else app
        scaffold.add_url_rule(rule, f"view{number}", view, methods=methods, strict_slashes=strict)
    for scaffold, keys in zip((app, blueprint), handled, strict=True):
        for key in keys:
            name = f"{scaffold.name} {key}"
            scaffold.register_error_handler(key, named(name))
    app.register_blueprint(blueprint)
    return app


def named(name: str) -> Any:
    def handle(error):
        return name, getattr(error, "code", 500)

    handle.__qualname__ = name
    return handle


@example([("/", {"GET"}, False), ("/a", {"GET"}, False)], set(), (set(), set()), ("GET", "//a"))
@given(RULES, st.sets(st.integers(0, 4)), st.tuples(st.sets(KEYS), st.sets(KEYS)), REQUESTS)
def test_it_is_what_the_application_does(rules, on_blueprint, handled, request):
    app = make_app(rules, on_blueprint, handled)
    method, path = request
    with app.app_context():
        told = explain(app, method, f"http://localhost{path}")
    builder = EnvironBuilder(method=method)
    builder.path = path  # as a server has it: in a URL, two slashes at the beginning would be the name of a host
    response = app.test_client().open(builder)
    if told.outcome == "view":
        assert told.route is not None
        assert response.status_code == 200
        assert method == "HEAD" or response.json == {"endpoint": told.route.endpoint, "values": told.values}
    elif told.outcome == "redirect":
        assert (response.status_code, response.location) == (told.status, told.location)
    else:
        assert response.status_code == (told.status or 200)
        if told.allowed_methods is not None and told.error_handler is None:
            assert sorted(response.allow) == told.allowed_methods
        if told.error_handler is not None and method != "HEAD":
            assert response.text == told.error_handler.function.name.removeprefix(f"{__name__}.")


@example([("/", {"GET"}, False), ("/a/a", {"GET"}, False)], ("GET", "/a//a"))
@given(RULES, REQUESTS)
def test_a_near_miss_tells_all_that_is_in_the_way(rules, request):
    """A rule that has nothing against a request but the order answers where it is alone, and only then."""
    method, path = request
    url_map = Map([Rule(rule, endpoint=n, methods=m, strict_slashes=s) for n, (rule, m, s) in enumerate(rules)])
    adapter = url_map.bind("localhost", path_info=path, default_method=method)
    misses = {rule.endpoint: reasons for rule, reasons in find_near_misses(adapter, None)}
    for rule in url_map.iter_rules():
        alone = Map([rule.empty()]).bind("localhost", path_info=path, default_method=method)
        answers = rule_answers(alone, path)
        kinds = [reason.kind for reason in misses.get(rule.endpoint, ())]
        assert answers == (kinds == ["order"]), (rule, kinds)


def rule_answers(adapter, path) -> bool:
    """Whether the only rule answers, if only after several slashes in a row were taken for one."""
    try:
        adapter.match()
    except RequestRedirect as redirect:
        return "//" in path and urlsplit(redirect.new_url).path == merge_slashes(path)
    except Exception:
        return False
    return True
