"""A request finds the rule, the values or the error that Werkzeug's own matcher finds, whichever shortcut is taken."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import BaseConverter, Map, RequestRedirect, Rule, ValidationError

from flask import Flask


class Even(BaseConverter):
    """Even numbers; it refuses others after the expression matched."""

    regex = r"\d+"

    def to_python(self, value: str) -> int:
        if int(value) % 2:
            raise ValidationError
        return int(value)


parts = st.sampled_from(
    [
        *("a", "b", "1", "a.b", "<x>", "<int:x>", "<path:x>", "<y>", "<any(a, b):y>", "<int:y>", "<float:y>"),
        *("v<int:y>", "<string(length=1):y>", "<even:z>", "<int(max=5, signed=True):z>"),
    ]
)
paths_of_rules = st.builds(
    lambda words, slash: "/" + "/".join(words) + slash * bool(words),
    st.lists(parts, max_size=3).filter(lambda words: all("".join(words).count(f"{name}>") < 2 for name in "xyz")),
    st.sampled_from(["", "/"]),
)
rules = st.fixed_dictionaries(
    {"string": paths_of_rules, "endpoint": st.sampled_from("efgh")},
    optional={
        "methods": st.sampled_from([["GET"], ["POST"], ["GET", "PUT"]]),
        "strict_slashes": st.booleans(),
        "merge_slashes": st.booleans(),
        "defaults": st.sampled_from([{"x": 1}, {"y": 2}, {"w": "v"}]),
        "redirect_to": st.just("/elsewhere"),
        "alias": st.booleans(),
        "build_only": st.booleans(),
    },
)
words = st.sampled_from(["", "a", "b", "1", "2", "7", "-1", "1.5", "v3", "a.b", "aa", "ä", "%2F", "a b", "٣"])
requests = st.tuples(
    st.lists(words, max_size=4).map(lambda found: "/" + "/".join(found)),
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "get"]),
)


def outcome(match: t.Callable[[], tuple[Rule, t.Any]]) -> t.Any:
    """What matching gives, in a form that can be compared between two maps."""
    try:
        rule, values = match()
    except RequestRedirect as redirect:
        return "redirect", redirect.code, redirect.new_url
    except MethodNotAllowed as error:
        return "not allowed", sorted(error.valid_methods or ())
    except HTTPException as error:
        return "error", error.code
    except ValueError as error:  # Werkzeug cannot build the URL that it would redirect to
        return "raises", str(error)
    return rule.rule, rule.endpoint, values


def ours(app: Flask, path: str, method: str) -> t.Any:
    """What a request to the application finds."""

    def match() -> tuple[Rule, t.Any]:
        request = app.test_request_context(path, method=method)
        with request:
            if request.request.routing_exception is not None:
                raise request.request.routing_exception
            assert request.request.url_rule is not None
            return request.request.url_rule, request.request.view_args

    return outcome(match)


def theirs(url_map: Map, app: Flask, path: str, method: str) -> t.Any:
    """What Werkzeug's adapter finds for the same environment."""
    environ = app.test_request_context(path, method=method).request.environ
    return outcome(lambda: url_map.bind_to_environ(environ).match(return_rule=True))


def add(app: Flask, url_map: Map, options: dict[str, t.Any]) -> None:
    """Add the same rule to both, unless it cannot be one: a part that has a default as well, say."""
    try:
        url_map.add(Rule(**options))
    except ValueError:
        return
    app.url_map.add(Rule(**options))


def make(found: list[dict[str, t.Any]]) -> tuple[Flask, Map]:
    app, url_map = Flask("routes", static_folder=None), Map()
    for target in (app.url_map, url_map):
        target.converters["even"] = Even
    for options in found:
        add(app, url_map, options)
    ours(app, "/", "GET")  # the host is known from now on, and the shortcuts are open
    return app, url_map


@given(found=st.lists(rules, max_size=6), asked=st.lists(requests, min_size=1, max_size=6))
@settings(max_examples=400, deadline=None)
def test_the_answer_is_that_of_werkzeug(found: list[dict[str, t.Any]], asked: list[tuple[str, str]]) -> None:
    app, url_map = make(found)
    for path, method in asked:
        assert ours(app, path, method) == theirs(url_map, app, path, method), (path, method)


@given(
    found=st.lists(rules, min_size=1, max_size=4),
    changes=st.lists(st.one_of(rules, st.sampled_from(["methods", "strict", "loose"])), min_size=1, max_size=4),
    asked=requests,
)
@settings(max_examples=200, deadline=None)
def test_rules_that_change_between_requests(
    found: list[dict[str, t.Any]], changes: list[t.Any], asked: tuple[str, str]
) -> None:
    app, url_map = make(found)
    for change in changes:
        if isinstance(change, dict):
            add(app, url_map, change)
        for target in (app.url_map, url_map):
            for rule in target.iter_rules():
                if change == "methods":
                    rule.methods = {"POST"}
                elif change in ("strict", "loose"):
                    rule.strict_slashes = change == "strict"
        assert ours(app, *asked) == theirs(url_map, app, *asked)


@pytest.mark.parametrize("path", ["/items/", "/items/page/1", "/items/page/2", "/items/page"])
def test_defaults_that_are_redirected_to(path: str) -> None:
    app, url_map = make(
        [
            {"string": "/items/", "endpoint": "e", "defaults": {"x": 1}},
            {"string": "/items/page/<int:x>", "endpoint": "e"},
        ]
    )
    assert ours(app, path, "GET") == theirs(url_map, app, path, "GET")


def test_a_rule_that_is_added_later_and_goes_first() -> None:
    app, url_map = make([{"string": "/<x>", "endpoint": "e"}])
    assert ours(app, "/7", "GET") == ("/<x>", "e", {"x": "7"})
    add(app, url_map, {"string": "/<int:x>", "endpoint": "f"})
    assert ours(app, "/7", "GET") == theirs(url_map, app, "/7", "GET") == ("/<int:x>", "f", {"x": 7})
