"""Tagged JSON: whatever is written is read back, whatever is read is a value or a ValueError."""

from __future__ import annotations

import collections
import json as standard_json
import typing as t
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from flask import Flask
from flask.json.tag import (
    JSONTag,
    PassDict,
    PassList,
    TagBytes,
    TagDateTime,
    TagDict,
    TaggedJSONSerializer,
    TagMarkup,
    TagTuple,
    TagUUID,
)

serializer = TaggedJSONSerializer()

KEYS = [*serializer.tags, " t__", " di__", "__", " x", ""]
keys = st.sampled_from(KEYS) | st.text(max_size=4)

# A datetime comes back in UTC without its microseconds, and HTTP dates have years of four digits.
moments = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
tagged = st.binary(max_size=8) | st.uuids() | st.text(max_size=8).map(Markup) | moments


def containers(items: st.SearchStrategy[t.Any]) -> st.SearchStrategy[t.Any]:
    lists = st.lists(items, max_size=3)
    return lists | lists.map(tuple) | st.dictionaries(keys, items, max_size=3)


values = st.recursive(plain | tagged, containers)
json_values = st.recursive(
    plain, lambda items: st.lists(items, max_size=2) | st.dictionaries(keys, items, max_size=2)
)


def same(first: t.Any, second: t.Any) -> bool:
    """Whether two values are equal, and so are their types at every depth."""
    if type(first) is not type(second):
        return False
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, (list, tuple)):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second)


@given(values)
def test_round_trip(value: t.Any) -> None:
    assert same(serializer.loads(serializer.dumps(value)), value)


@given(values)
def test_round_trip_by_the_provider_of_an_application(value: t.Any) -> None:
    with Flask("example").app_context():
        assert same(serializer.loads(serializer.dumps(value)), value)


@given(values)
def test_values_tagged_by_type_are_tagged_as_one_by_one(value: t.Any) -> None:
    assert same(serializer._tag_by_type(value), serializer.tag(value))


@given(json_values, st.sampled_from(list(serializer.tags)))
def test_any_content_of_a_tag_is_a_value_or_a_value_error(content: t.Any, key: str) -> None:
    text = standard_json.dumps([{key: content}])
    try:
        serializer.loads(text)
    except ValueError:
        pass


@given(st.text())
def test_any_text_is_a_value_or_a_value_error(text: str) -> None:
    try:
        serializer.loads(text)
    except ValueError:
        pass


# What Flask 3.1 writes for these values, and reads from these texts.
WIRE = [
    ({"a": 1}, '{"a":1}'),
    ({" t": 1}, '{" di":{" t__":1}}'),
    ({" t__": 1}, '{" t__":1}'),
    ({" di": (1,)}, '{" di":{" di__":{" t":[1]}}}'),
    ({" t": 1, "b": 2}, '{" t":1,"b":2}'),
    ({"a": {" b": {}}}, '{"a":{" di":{" b__":{}}}}'),
    ([(1, [(2,)])], '[{" t":[1,[{" t":[2]}]]}]'),
    (b"ab", '{" b":"YWI="}'),
    (Markup("<b>"), '{" m":"<b>"}'),
    (uuid.UUID(int=1), '{" u":"00000000000000000000000000000001"}'),
    (datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), '{" d":"Thu, 02 Jan 2020 03:04:05 GMT"}'),
    ("\u2028é<", '"\\u2028\\u00e9<"'),
    ({"_flashes": [("message", "hi")]}, '{"_flashes":[{" t":["message","hi"]}]}'),
]


@pytest.mark.parametrize(("value", "text"), WIRE)
def test_wire_format(value: t.Any, text: str) -> None:
    assert serializer.dumps(value) == text
    assert same(serializer.loads(text), value)


class Html:
    def __html__(self) -> str:
        return "<i>"


Pair = collections.namedtuple("Pair", "x y")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Html(), Markup("<i>")),
        (Pair(1, 2), (1, 2)),
        (collections.OrderedDict([(" t", 1)]), {" t": 1}),
        ({1: (2,), None: 3}, {"1": (2,), "null": 3}),
        (datetime(2020, 1, 2, 3, 4, 5, 6), datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (
            datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=5))),
            datetime(2020, 1, 1, 22, 4, 5, tzinfo=UTC),
        ),
    ],
)
def test_what_comes_back_as_something_else(value: t.Any, read: t.Any) -> None:
    assert same(serializer.loads(serializer.dumps(value)), read)
    assert same(serializer._tag_by_type(value), serializer.tag(value))


@pytest.mark.parametrize(
    "text",
    [
        '{" u":5}',
        '{" u":"zz"}',
        '{" u":null}',
        '{" d":5}',
        '{" d":["a"]}',
        '{" b":5}',
        '{" b":"a"}',
        '{" b":"é"}',
        '{" t":5}',
        '{" di":5}',
        '{" di":{}}',
        '{" di":{"a__":1,"b__":2}}',
        '{" di":"abc"}',
        '{" u":{" u":5}}',
        "nope",
        "[" * 100_000,
        "[" * 2_000 + "]" * 2_000,
    ],
)
def test_malformed_text_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        serializer.loads(text)


def test_a_malformed_tag_is_named_with_the_cause() -> None:
    with pytest.raises(ValueError, match=r"The content of the tag ' t' is malformed: .*int.*\.") as caught:
        serializer.loads('{" t":5}')
    assert isinstance(caught.value.__cause__, TypeError)


def test_untag_leaves_other_objects_alone() -> None:
    assert serializer.untag({" t": [1]}) == (1,)
    assert serializer.untag({" t": [1], "x": 2}) == {" t": [1], "x": 2}
    assert serializer.untag({"x": 1}) == {"x": 1}
    assert serializer.untag({}) == {}


def test_values_without_a_form() -> None:
    with pytest.raises(TypeError, match="set is not JSON serializable"):
        serializer.dumps([{1}])


class TagSet(JSONTag):
    __slots__ = ()
    key = " s"

    def check(self, value: t.Any) -> bool:
        return isinstance(value, set)

    def to_json(self, value: t.Any) -> t.Any:
        return [self.serializer.tag(item) for item in sorted(value)]

    def to_python(self, value: t.Any) -> t.Any:
        return set(value)


class TagOrdered(JSONTag):
    __slots__ = ()
    key = " od"

    def check(self, value: t.Any) -> bool:
        return isinstance(value, collections.OrderedDict)

    def to_json(self, value: t.Any) -> t.Any:
        return [[key, self.serializer.tag(item)] for key, item in value.items()]

    def to_python(self, value: t.Any) -> t.Any:
        return collections.OrderedDict(value)


class Shout(JSONTag):
    """Changes texts on their way out, without a mark."""

    __slots__ = ()

    def check(self, value: t.Any) -> bool:
        return isinstance(value, str)

    def to_json(self, value: t.Any) -> t.Any:
        return value.upper()

    tag = to_json


class IsoDateTime(JSONTag):
    __slots__ = ()
    key = " d"

    def check(self, value: t.Any) -> bool:
        return isinstance(value, datetime)

    def to_json(self, value: t.Any) -> t.Any:
        return value.isoformat()

    def to_python(self, value: t.Any) -> t.Any:
        return datetime.fromisoformat(value)


def test_default_tags_are_in_order_and_found_by_key() -> None:
    fresh = TaggedJSONSerializer()
    classes = [TagDict, PassDict, TagTuple, PassList, TagBytes, TagMarkup, TagUUID, TagDateTime]
    assert classes == TaggedJSONSerializer.default_tags
    assert [type(tag) for tag in fresh.order] == classes
    assert {key: type(tag) for key, tag in fresh.tags.items()} == {tag.key: tag for tag in classes if tag.key}
    assert all(tag.serializer is fresh for tag in fresh.order)


def test_registered_tag_is_used_at_every_depth() -> None:
    fresh = TaggedJSONSerializer()
    fresh.register(TagSet)
    value = {"a": [({(1, 2), (3,)},)], " s": {1}}
    assert same(fresh.loads(fresh.dumps(value)), value)
    assert fresh.dumps({" s": 1}) == '{" di":{" s__":1}}'


def test_tag_for_a_subclass_stands_before_that_of_the_type() -> None:
    fresh = TaggedJSONSerializer()
    fresh.register(TagOrdered, index=0)
    value = collections.OrderedDict([("b", (1,)), ("a", 2)])
    assert same(fresh.loads(fresh.dumps(value)), value)


def test_tag_without_a_key_changes_values_of_plain_types() -> None:
    fresh = TaggedJSONSerializer()
    fresh.register(Shout, index=0)
    assert fresh.dumps({"a": ["b", 1]}) == '{"a":["B",1]}'
    assert "" not in fresh.tags


def test_key_that_is_taken() -> None:
    fresh = TaggedJSONSerializer()
    with pytest.raises(KeyError, match=r"' d' is registered already, for TagDateTime.*force=True"):
        fresh.register(IsoDateTime)
    assert fresh.dumps(datetime(2020, 1, 2)) == '{" d":"Thu, 02 Jan 2020 00:00:00 GMT"}'


def test_forced_tag_takes_the_place_of_the_other() -> None:
    fresh = TaggedJSONSerializer()
    fresh.register(IsoDateTime, force=True)
    assert type(fresh.order[-1]) is IsoDateTime
    assert len(fresh.order) == 8
    moment = datetime(2020, 1, 2, 3, 4, 5, 678)
    assert fresh.dumps(moment) == '{" d":"2020-01-02T03:04:05.000678"}'
    assert fresh.loads(fresh.dumps(moment)) == moment


def test_forced_tag_at_an_index() -> None:
    fresh = TaggedJSONSerializer()
    fresh.register(IsoDateTime, force=True, index=2)
    assert [type(tag) for tag in fresh.order[1:4]] == [PassDict, IsoDateTime, TagTuple]
    assert TagDateTime not in map(type, fresh.order)


def test_tags_are_read_live() -> None:
    fresh = TaggedJSONSerializer()
    fresh.order.insert(0, Shout(fresh))
    assert fresh.dumps(["a"]) == '["A"]'
    fresh.order.clear()
    assert fresh.dumps((1, 2)) == "[1,2]"


def test_subclass_with_other_tags_or_another_way() -> None:
    class Few(TaggedJSONSerializer):
        default_tags: t.ClassVar = [PassDict]

    class Quoting(TaggedJSONSerializer):
        def tag(self, value: t.Any) -> t.Any:
            return str(value) if isinstance(value, int) else super().tag(value)

    assert Few().dumps({"a": (1, [(2,)])}) == '{"a":[1,[[2]]]}'
    assert Quoting().dumps({"a": [1]}) == '{"a":["1"]}'


def test_the_interface_of_a_tag_alone_does_nothing() -> None:
    tag = JSONTag(serializer)
    for method in tag.check, tag.to_json, tag.to_python, tag.tag:
        with pytest.raises(NotImplementedError):
            method(1)
