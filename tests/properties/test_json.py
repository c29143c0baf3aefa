"""JSON is written as the standard library writes it and read as it reads it, whatever shortcut is taken.

That is so for any value, also one that has no form in JSON, for any text or bytes, and for any request whose body they
are, in whatever order its attributes are read.
"""

from __future__ import annotations

import dataclasses
import io
import json
import typing as t
from contextlib import contextmanager
from decimal import Decimal
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from flask import Flask, Request, _checked, wrappers
from flask.json import provider as providers
from flask.json.encoders import JSONEncoder, to_json_value
from flask.json.provider import DefaultJSONProvider


@dataclasses.dataclass
class Point:
    x: t.Any
    y: t.Any = None


class Keys(dict[t.Any, t.Any]):
    """A dict of another class."""


class Word(str):
    """A text of another class."""


@contextmanager
def plainly() -> t.Iterator[None]:
    """Take no shortcut."""
    with (
        mock.patch.object(providers, "TAKEN", False),
        mock.patch.object(_checked, "TAKEN", False),
        mock.patch.object(wrappers, "TAKEN", False),
    ):
        yield


def outcome(function: t.Callable[[], t.Any]) -> tuple[str, ...]:
    """What a call returns, or how it fails; as text, in which NaN equals NaN and 1 is not 1.0."""
    try:
        return "returned", repr(function())
    except Exception as error:
        return type(error).__name__, str(error)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=6)
texts = st.text(max_size=6)
with_a_form = (
    st.datetimes() | st.dates() | st.uuids() | st.decimals() | texts.map(Markup) | texts.map(Word) | st.just("\ud800")
)
without_form = st.sampled_from([object, {1}.__len__, b"bytes", 1j])
keys = st.text(max_size=3) | st.integers() | st.none() | st.booleans() | st.floats() | st.just((1, 2)) | st.dates()


def containers(items: st.SearchStrategy[t.Any]) -> st.SearchStrategy[t.Any]:
    lists = st.lists(items, max_size=3)
    dicts = st.dictionaries(st.text(max_size=3), items, max_size=4) | st.dictionaries(keys, items, max_size=2)
    return lists | lists.map(tuple) | dicts | dicts.map(Keys) | st.builds(Point, items, items)


values = st.recursive(plain | with_a_form, containers, max_leaves=12)
all_values = st.recursive(plain | with_a_form | without_form, containers, max_leaves=12)


# Out


@settings(deadline=None)
@given(all_values, st.booleans(), st.booleans(), st.booleans())
def test_what_is_written(value: t.Any, ensure_ascii: bool, sort_keys: bool, is_compact: bool) -> None:
    app = Flask("example")
    provider = t.cast(DefaultJSONProvider, app.json)
    provider.ensure_ascii, provider.sort_keys = ensure_ascii, sort_keys
    layout: dict[str, t.Any] = {"separators": (",", ":")} if is_compact else {}
    options = {"ensure_ascii": ensure_ascii, "sort_keys": sort_keys, "default": to_json_value} | layout
    assert outcome(lambda: provider.dumps(value, **layout)) == outcome(lambda: json.dumps(value, **options))


@settings(deadline=None)
@given(values)
def test_what_a_response_holds(value: t.Any) -> None:
    app = Flask("example")

    def body() -> bytes:
        return app.json.response(value).get_data()

    with plainly():
        expected = outcome(body)
    assert outcome(body) == expected


def circles() -> t.Iterator[t.Any]:
    """Values that hold themselves."""
    circle: list[t.Any] = [1]
    circle.append({"a": circle})
    point = Point(None)
    point.x = [point]
    yield circle
    yield point
    yield {"b": circle, "a": [2]}
    deep: list[t.Any] = []
    for _ in range(100_000):
        deep = [deep]
    yield deep


@pytest.mark.parametrize("value", [*circles()], ids=["circle", "of an instance", "within", "depth"])
def test_circles_and_depths_are_errors_each_time(value: t.Any) -> None:
    app, shared = Flask("example"), [1]
    for _ in range(2):
        failed = outcome(lambda: app.json.dumps(value))
        assert failed[0] in ("ValueError", "RecursionError")
        assert failed[0] == outcome(lambda: json.dumps(value, sort_keys=True, default=to_json_value))[0]
        assert app.json.dumps([shared, shared]) == "[[1], [1]]"


def test_a_default_that_fails_or_gives_the_same_again() -> None:
    app = Flask("example")
    provider = t.cast(DefaultJSONProvider, app.json)
    for default in (lambda o: o, lambda o: [o], lambda o: 1 / 0, None, Decimal):
        provider.default = default  # type: ignore[assignment]
        for value in ({1}, [Point(1)], {"a": object}):
            expected = outcome(lambda value=value, default=default: json.dumps(value, default=default))  # type: ignore[misc]
            assert outcome(lambda value=value: provider.dumps(value)) == expected  # type: ignore[misc]
        assert provider.dumps({"b": 1, "a": None}) == '{"a": null, "b": 1}'


def test_where_the_library_has_no_encoder_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Flask("example")
    value = {"b": ["Ä", 1.5, Decimal(2)], "a": float("nan")}
    expected = app.json.dumps(value), app.json.response(value).get_data()
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    assert (app.json.dumps(value), app.json.response(value).get_data()) == expected


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "JSON_AS_ASCII": st.sampled_from([True, False, None]),
            "JSON_SORT_KEYS": st.sampled_from([True, False, None]),
            "JSONIFY_MIMETYPE": st.sampled_from(["application/json", "text/x-json", None]),
            "JSONIFY_PRETTYPRINT_REGULAR": st.sampled_from([True, False, None]),
            "DEBUG": st.booleans(),
        },
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "ensure_ascii": st.booleans(),
            "sort_keys": st.booleans(),
            "compact": st.sampled_from([True, False, None]),
            "mimetype": st.sampled_from(["application/json", "application/vnd.tea+json"]),
        },
    ),
    st.booleans(),
)
def test_settings_are_read_when_they_count(
    config: dict[str, t.Any], attributes: dict[str, t.Any], has_encoder: bool
) -> None:
    app = Flask("example")

    def answers() -> list[t.Any]:
        response = app.json.response({"b": "Ä", "a": [1, Decimal(2)]})
        return [response.get_data(), list(response.headers), app.json.dumps({"b": "Ä", "a": 1})]

    seen, expected = [answers()], []
    app.config.update(config)
    for name, value in attributes.items():
        setattr(app.json, name, value)
    if has_encoder:
        app.json_encoder = type("Encoder", (JSONEncoder,), {})
    seen.append(answers())
    with plainly():
        expected.append(answers())
    assert seen[1:] == expected


# In


encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
space = st.text(st.sampled_from(" \t\n\r\v\xa0\ufeff"), max_size=2)
json_texts = values.map(lambda value: json.dumps(value, default=str, skipkeys=True, ensure_ascii=False))
sources = (
    st.builds("{}{}{}".format, space, json_texts, space)
    | st.text(st.sampled_from('[]{}",:1-.eEtrufalsn\\ud8\n \ufeff\0'), max_size=8)
    | st.text(max_size=6)
    | st.sampled_from(["", "NaN", "-Infinity", "[1] 2", '"\ud800"', "[" * 100_000, '{"a":' * 50_000, "1" * 5000])
)
bodies = (
    st.builds(lambda text, encoding: text.encode(encoding, "replace"), sources, encodings)
    | st.binary(max_size=6)
    | st.builds(lambda text, cut: text.encode("utf-8", "surrogatepass")[cut:], sources, st.integers(0, 3))
)


@settings(deadline=None)
@given(sources | bodies | bodies.map(bytearray) | st.sampled_from([None, 1, [], memoryview(b"1"), Word("[1]")]))
def test_what_is_read(source: t.Any) -> None:
    app = Flask("example")
    with plainly():
        expected = outcome(lambda: app.json.loads(source))
    assert outcome(lambda: app.json.loads(source)) == expected


STEPS: dict[str, t.Callable[[Request], t.Any]] = {
    "json": lambda request: request.json,
    "get_json": lambda request: request.get_json(),
    "silent": lambda request: request.get_json(silent=True),
    "force": lambda request: request.get_json(force=True),
    "forget": lambda request: request.get_json(cache=False),
    "force, silent, forget": lambda request: request.get_json(True, True, False),
    "is_json": lambda request: request.is_json,
    "mimetype": lambda request: (request.mimetype, request.mimetype_params, request.content_type),
    "length": lambda request: request.content_length,
    "header": lambda request: request.headers.get("Content-Type"),
    "data": lambda request: request.get_data(),
    "data, not kept": lambda request: request.get_data(cache=False),
    "text": lambda request: request.get_data(as_text=True),
    "form": lambda request: request.form,
    "read": lambda request: request.stream.read(2),
    "read all": lambda request: request.stream.read(),
    "other type": lambda request: request.environ.update(CONTENT_TYPE="application/json"),
    "limit": lambda request: setattr(request, "max_content_length", 3),
    "no answer": lambda request: setattr(request, "_refuses", False),
}


def life(environ: dict[str, t.Any], body: bytes, limit: int | None, shallow: bool, steps: list[str]) -> list[t.Any]:
    """All that is seen of a request."""
    app = Flask("example")
    app.config["MAX_CONTENT_LENGTH"] = limit
    with app.app_context():
        request = Request({"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(body), **environ}, shallow=shallow)
        request._app = app
        return [outcome(lambda step=step: STEPS[step](request)) for step in steps]  # type: ignore[misc]


TYPES = [
    "application/json",
    "application/json; charset=utf-8",
    "application/json;",
    " Application/JSON\t",
    "application/problem+json",
    "application/json, text/plain",
    "text/plain",
    "application/x-www-form-urlencoded",
    ";",
    "",
]
LENGTHS = ["0", "1", "5", "100", "", " 5\t", "05", "-1", "x", "²", "1" * 30]


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "CONTENT_TYPE": st.sampled_from(TYPES),
            "CONTENT_LENGTH": st.sampled_from(LENGTHS),
            "HTTP_TRANSFER_ENCODING": st.sampled_from(["chunked", "gzip, chunked", "identity", ""]),
            "wsgi.input_terminated": st.just(True),
        },
    ),
    bodies.filter(lambda body: len(body) < 100),
    st.booleans(),
    st.none() | st.sampled_from([0, 4, 5, 50]),
    st.booleans(),
    st.lists(st.sampled_from(list(STEPS)), min_size=1, max_size=5),
)
@example({"CONTENT_LENGTH": "100", "wsgi.input_terminated": True}, b"[1]", False, 5, False, ["force"])
@example({"CONTENT_LENGTH": "3", "wsgi.input_terminated": True}, b"[1, 2]", False, 5, False, ["force"])
@example({"CONTENT_LENGTH": "3", "HTTP_TRANSFER_ENCODING": "chunked"}, b"[1]", False, None, False, ["length"])
def test_requests(
    environ: dict[str, t.Any], body: bytes, says_length: bool, limit: int | None, shallow: bool, steps: list[str]
) -> None:
    if says_length:
        environ = {"CONTENT_TYPE": "application/json", **environ, "CONTENT_LENGTH": str(len(body))}
    with plainly():
        expected = life(environ, body, limit, shallow, steps)
    assert life(environ, body, limit, shallow, steps) == expected


class Shouting(Request):
    """A request that is of another type than it says."""

    @property
    def mimetype(self) -> str:
        return "text/loud"


class Renamed(Request):
    headers: t.Any = {"Content-Type": "text/other"}


@pytest.mark.parametrize("fast", [True, False])
def test_what_a_subclass_says_counts(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (providers, _checked, wrappers):
        monkeypatch.setattr(module, "TAKEN", fast)

    def request_of(cls: type[Request]) -> Request:
        environ = {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "3", "wsgi.input_terminated": True}
        return cls({**environ, "wsgi.input": io.BytesIO(b"[1]")})

    with Flask("example").app_context():
        assert request_of(Request).is_json
        assert not request_of(Shouting).is_json
        assert request_of(Renamed).mimetype == "text/other"
        assert request_of(Request).get_json() == [1]
        request = request_of(Request)
        request.headers = Renamed.headers
        assert request.mimetype == "text/other"
        monkeypatch.setattr(Request, "headers", {"Content-Type": "text/patched"})
        assert request_of(Request).mimetype == "text/patched"
