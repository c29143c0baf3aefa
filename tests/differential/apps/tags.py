"""``flask.json.tag``: what JSON does not know, written with tags and read back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from markupsafe import Markup
from observing import outcome

from flask.json.tag import JSONTag, TaggedJSONSerializer

VALUES: dict[str, Any] = {
    "nothing": None,
    "number": 7,
    "float": 1.5,
    "text": "é",
    "list": [1, [2, (3,)]],
    "tuple": (1, (2,)),
    "empty tuple": (),
    "dict": {"a": (1,), "b": {"c": b"x"}},
    "keys": {1: 2, None: 3},
    "a tag": {" t": [1]},
    "an unknown tag": {" x": 1},
    "two tags": {" t": 1, " b": 2},
    "a tag in a list": [{" d": "x"}],
    "bytes": b"\x00\xff",
    "markup": Markup("<b>é"),
    "uuid": UUID(int=7),
    "date": datetime(2024, 2, 29, 12, 30, 15, 999, tzinfo=UTC),
    "naive date": datetime(2024, 2, 29, 12, 30),
    "date elsewhere": datetime(2024, 2, 29, tzinfo=timezone(timedelta(hours=5))),
    "set": {1},
    "object": object(),
    "underscored": {"t__": 1, " t__": 2},
}
TEXTS = [
    *('{" t":[1]}', '{" b":"eA=="}', '{" b":"!"}', '{" m":"x"}', '{" u":"x"}', '{" d":"x"}', '{" x":1}', "[", "1"),
    *('{" di":{" t__":1}}', '{" di":1}', '{" t":1}', '{" t":[1],"a":2}', '{" t":{" t":[1]}}'),
]


def probe_round_trips() -> Any:
    """Values that are written and read."""
    serializer, found = TaggedJSONSerializer(), {}
    for name, value in VALUES.items():
        found[name] = outcome(serializer.dumps, value)
        found[f"{name}, back"] = outcome(lambda value=value: serializer.loads(serializer.dumps(value)))
        found[f"{name}, tagged"] = outcome(serializer.tag, value)
    for text in TEXTS:
        found[f"read {text}"] = outcome(serializer.loads, text)
    return found


class Pair:
    def __init__(self, first: Any) -> None:
        self.first = first

    def __repr__(self) -> str:
        return f"Pair({self.first!r})"


class TagPair(JSONTag):
    __slots__ = ()
    key = " p"

    def check(self, value: Any) -> bool:
        return isinstance(value, Pair)

    def to_json(self, value: Any) -> Any:
        return self.serializer.tag(value.first)

    def to_python(self, value: Any) -> Any:
        return Pair(value)


class Dates(JSONTag):
    __slots__ = ()
    key = " d"

    def check(self, value: Any) -> bool:
        return isinstance(value, datetime)

    def to_json(self, value: Any) -> Any:
        return "a date"

    def to_python(self, value: Any) -> Any:
        return f"read {value}"


def probe_registration() -> Any:
    """Tags of the user's."""
    serializer, found = TaggedJSONSerializer(), {}
    found["before"] = outcome(serializer.dumps, Pair(1))
    serializer.register(TagPair)
    found["written"] = outcome(serializer.dumps, [Pair((1, Pair(2)))])
    found["read"] = outcome(lambda: serializer.loads(serializer.dumps([Pair((1, Pair(2)))])))
    found["twice"] = outcome(serializer.register, TagPair)
    found["forced"] = outcome(serializer.register, TagPair, force=True)
    found["same key"] = outcome(serializer.register, Dates)
    found["same key, forced"] = outcome(serializer.register, Dates, force=True, index=0)
    found["dates"] = outcome(lambda: serializer.loads(serializer.dumps(VALUES["date"])))
    found["order"] = [type(tag).__name__ for tag in TaggedJSONSerializer().order]
    found["defaults"] = [cls.__name__ for cls in TaggedJSONSerializer.default_tags]
    found["tags"] = sorted(TaggedJSONSerializer().tags)
    base = JSONTag(serializer)
    found["base"] = [outcome(getattr(base, name), 1) for name in ("check", "to_json", "to_python", "tag")]
    return found
