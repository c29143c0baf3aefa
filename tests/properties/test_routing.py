"""A request finds the rule, the values or the error that Werkzeug's own matcher finds, whichever shortcut is taken."""

from __future__ import annotations

import re
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException, ImATeapot, MethodNotAllowed
from werkzeug.routing import BaseConverter, IntegerConverter, Map, RequestRedirect, Rule, ValidationError

from flask import Flask


class Even(BaseConverter):
    """Even numbers; it refuses others after the expression matched."""

    regex = r"\d+"

    def to_python(self, value: str) -> int:
        if int(value) % 2:
            raise ValidationError
        return int(value)


class Pair(BaseConverter):
    """Two letters, told apart by groups of its own; errors of two more kinds."""

    regex = r"(?P<first>[a-z])(?:-([a-z0-9]))?"

    def to_python(self, value: str) -> list[str]:
        if value == "b":
            raise ImATeapot
        if value == "a-7":
            raise ValueError("neither a letter")
        return value.split("-")


class Words(BaseConverter):
    """Whatever has slashes in it, and goes before all other converters."""

    regex = "[ab](?:/[ab12])*"
    weight = 10


class Perhaps(BaseConverter):
    """A part that may be empty."""

    regex = "[a1]?"


class Hour(IntegerConverter):
    """A number whose method is overridden."""

    def to_python(self, value: str) -> t.Any:
        return super().to_python(value), "o'clock"


CONVERTERS = {"even": Even, "pair": Pair, "words": Words, "perhaps": Perhaps, "hour": Hour}
UUID = "8c5d5a1e-3f53-4c5e-9d2d-0f4f2f3f4f5f"
VARIABLE = re.compile(r"<(\w+)(?:\(.*?\))?:?.*?>")
#: What a converter accepts, more or less.
FITTING = {
    "float": ["1.5"],
    "path": ["a/b", "b/", "a"],
    "words": ["a/b", "a/1", "b/"],
    "pair": ["a-b", "a-7", "b", "a"],
    "uuid": [UUID],
    "even": ["2", "7"],
    "int": ["1", "7", "07"],
    "hour": ["1", "٣"],
    "any": ["a", "b"],
}

literals = st.sampled_from(["a", "b", "1", "ä"])
variables = st.sampled_from(
    [
        *("<x>", "<int:x>", "<path:x>", "<y>", "<any(a, b):y>", "<int:y>", "<float:y>", "<path:z>", "<uuid:x>", "<z>"),
        *("v<int:y>", "<string(length=1):y>", "<even:z>", "<int(max=5, signed=True):z>", "<int(fixed_digits=2):y>"),
        *("<pair:x>", "<words:y>", "<perhaps:z>", "<hour:z>", "<x>.<y>", "<x>-<int:y>", "a<path:z>"),
        *("<x>", "<y>", "<int:x>", "<int:y>", "<string(2, 3):x>"),
    ]
)
paths_of_rules = st.builds(
    lambda words, slash: "/" + "/".join(words) + slash * bool(words),
    st.lists(literals | variables, max_size=4).filter(
        lambda words: all("".join(words).count(f"{name}>") < 2 for name in "xyz")
    ),
    st.sampled_from(["", "/"]),
)
endpoints = st.sampled_from("efghijkl")
plain_rules = st.fixed_dictionaries(
    {"string": paths_of_rules, "endpoint": endpoints},
    optional={"methods": st.sampled_from([["GET"], ["POST"]]), "strict_slashes": st.booleans()},
)
odd_rules = st.fixed_dictionaries(
    {"string": paths_of_rules | st.sampled_from(["/a//b", "//a", "/a/<x>//b"]), "endpoint": endpoints},
    optional={
        "methods": st.sampled_from([["GET"], ["POST"], ["GET", "PUT"], []]),
        "strict_slashes": st.booleans(),
        "merge_slashes": st.booleans(),
        "defaults": st.sampled_from([{"x": 1}, {"y": 2}, {"w": "v"}, {}]),
        "redirect_to": st.sampled_from(["/elsewhere", "", "to/<x>", lambda adapter, **values: f"/{sorted(values)}"]),
        "alias": st.booleans(),
        "build_only": st.booleans(),
    },
)
rules_elsewhere = st.fixed_dictionaries(
    {
        "string": paths_of_rules,
        "endpoint": endpoints,
        "subdomain": st.sampled_from(["", "api", "<y>", "<perhaps:w>"]),
        "host": st.sampled_from(["localhost", "api.localhost", "<y>.localhost"]),
    }
)
rules_of_websockets = st.builds(
    lambda string, endpoint: {"string": string, "endpoint": endpoint, "methods": ["GET"], "websocket": True},
    paths_of_rules,
    endpoints,
)
# Half of the rules are plain ones, so that most of the answers are those of the lookup.
rules = st.sampled_from(
    [plain_rules] * 6 + [odd_rules] * 3 + [rules_elsewhere, rules_of_websockets]
).flatmap(lambda kind: kind)
common_words = st.sampled_from(["a", "b", "1", "7"])
words = common_words | st.sampled_from(
    ["2", "-1", "1.5", "v3", "a.b", "aa", "ä", "%2F", "a b", "٣", "07", UUID, "a-b", "a-7", "a-1", "\n"]
)
paths = st.lists(words | common_words | common_words | st.sampled_from(["a", "b", "1", ""]), max_size=5).map(
    lambda found: "/" + "/".join(found)
) | st.sampled_from(["//a", "/a//b", "//"])
methods = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "get"])


@st.composite
def paths_along(draw: st.DrawFn, rules: list[dict[str, t.Any]]) -> str:
    """A path that a rule may match, with or without the slash in the end."""
    rule = draw(st.sampled_from([rule["string"] for rule in rules]))
    path = VARIABLE.sub(lambda found: draw(st.sampled_from(FITTING.get(found[1], ["a", "1"])) | words), rule)
    return "/" + path.strip("/") + draw(st.sampled_from(["", "/", "/a"])) if draw(st.booleans()) else path


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, t.Any], list[dict[str, t.Any]], list[tuple[str, str]]]:
    """Options of a map, its rules, and what is asked."""
    found = draw(st.lists(rules, min_size=1, max_size=8))
    likely = paths_along(found)
    asked = st.lists(st.tuples(likely | likely | paths, methods), min_size=1, max_size=8)
    return draw(st.just({}) | maps), found, draw(asked)


maps = st.fixed_dictionaries(
    {},
    optional={
        "strict_slashes": st.booleans(),
        "merge_slashes": st.booleans(),
        "redirect_defaults": st.booleans(),
        "default_subdomain": st.sampled_from(["", "api"]),
        "host_matching": st.booleans(),
    },
)
changes = st.sampled_from(
    [
        *(("methods", {"POST"}), ("methods", None), ("strict_slashes", True), ("strict_slashes", False)),
        *(("alias", True), ("redirect_to", "/elsewhere"), ("websocket", True), ("merge_slashes", False)),
    ]
)


def outcome(match: t.Callable[[], tuple[Rule, t.Any]]) -> t.Any:
    """What matching gives, in a form that can be compared between two maps."""
    try:
        rule, values = match()
    except RequestRedirect as redirect:
        return "redirect", redirect.code, redirect.new_url
    except MethodNotAllowed as error:
        return "not allowed", list(error.valid_methods or ())
    except HTTPException as error:
        return "error", type(error)
    except Exception as error:  # a converter fails, or Werkzeug when it builds the URL to redirect to
        return "raises", type(error), str(error)
    return rule.rule, rule.endpoint, list(values.items())


class Both:
    """The same rules in an application and in a map of Werkzeug's.

    :param options: of both maps.
    """

    def __init__(self, **options: t.Any) -> None:
        self.app = Flask("routes", static_folder=None)
        self.url_map = Map(**options)
        for name, value in options.items():
            setattr(self.app.url_map, name, value)
        for target in (self.app.url_map, self.url_map):
            target.converters.update(CONVERTERS)
        self.ours("/", "GET")  # the host is known from now on, and the shortcuts are open

    def add(self, options: dict[str, t.Any]) -> None:
        """Add a rule to both, unless it cannot be one: a part that has a default as well, say."""
        try:
            self.url_map.add(Rule(**options))
        except (ValueError, SyntaxError):
            return
        self.app.url_map.add(Rule(**options))

    def change(self, attribute: str, value: t.Any) -> None:
        """Set an attribute of each rule."""
        for target in (self.app.url_map, self.url_map):
            for rule in target.iter_rules():
                setattr(rule, attribute, value)

    def ours(self, path: str, method: str) -> t.Any:
        """What a request to the application finds."""

        def match() -> tuple[Rule, t.Any]:
            with self.app.request_context(environ_of(path, method)) as ctx:
                if ctx.request.routing_exception is not None:
                    raise ctx.request.routing_exception
                assert ctx.request.url_rule is not None
                return ctx.request.url_rule, ctx.request.view_args

        return outcome(match)

    def theirs(self, path: str, method: str) -> t.Any:
        """What Werkzeug's adapter finds for the same environment."""
        subdomain = None if self.url_map.host_matching else self.url_map.default_subdomain
        adapter = self.url_map.bind_to_environ(environ_of(path, method), subdomain=subdomain)
        return outcome(lambda: adapter.match(return_rule=True))

    def compare(self, path: str, method: str) -> t.Any:
        """Check that both find the same, and tell what."""
        found = self.ours(path, method)
        assert found == self.theirs(path, method), (path, method, list(self.url_map.iter_rules()))
        return found


def environ_of(path: str, method: str) -> dict[str, t.Any]:
    """What a server would hand over: no more than the routing reads, since it is made 500,000 times."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": "",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
    }


def compare(options: dict[str, t.Any], found: list[dict[str, t.Any]], asked: list[tuple[str, str]]) -> None:
    both = Both(**options)
    for rule in found:
        both.add(rule)
    for path, method in asked:
        both.compare(path, method)


@given(situations())
@settings(max_examples=600, deadline=None)
def test_the_answer_is_that_of_werkzeug(situation: tuple[t.Any, t.Any, t.Any]) -> None:
    compare(*situation)


@pytest.mark.long
@given(situations())
@settings(max_examples=30_000, deadline=None, database=None)  # each asks 3.7 times on average
def test_the_answer_is_that_of_werkzeug_at_length(situation: tuple[t.Any, t.Any, t.Any]) -> None:
    compare(*situation)


@given(situations(), st.lists(rules | changes, min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_rules_that_change_between_requests(situation: tuple[t.Any, t.Any, t.Any], steps: list[t.Any]) -> None:
    options, found, asked = situation
    both = Both(**options)
    for step in [*found[:4], None, *steps]:
        if isinstance(step, dict):
            both.add(step)
        elif step is not None:
            both.change(*step)
        for path, method in asked[:4]:
            both.compare(path, method)


@pytest.mark.parametrize("path", ["/items/", "/items/page/1", "/items/page/2", "/items/page"])
def test_defaults_that_are_redirected_to(path: str) -> None:
    both = Both()
    both.add({"string": "/items/", "endpoint": "e", "defaults": {"x": 1}})
    both.add({"string": "/items/page/<int:x>", "endpoint": "e"})
    both.compare(path, "GET")


def test_a_rule_that_is_added_later_and_goes_first() -> None:
    both = Both()
    both.add({"string": "/<x>", "endpoint": "e"})
    assert both.compare("/7", "GET") == ("/<x>", "e", [("x", "7")])
    both.add({"string": "/<int:x>", "endpoint": "f"})
    assert both.compare("/7", "GET") == ("/<int:x>", "f", [("x", 7)])
