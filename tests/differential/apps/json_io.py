"""JSON in and out: bodies of all kinds, the provider and its options, and the functions of ``flask.json``."""

from __future__ import annotations

import collections
import dataclasses
import decimal
import enum
import io
import json as standard_json
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from asking import Request, ask, get, post
from markupsafe import Markup
from observing import note, outcome, plain

import flask.json
from flask import Blueprint, Flask, current_app, json, jsonify, request, session
from flask.json.provider import DefaultJSONProvider, JSONProvider

VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "debug": {"DEBUG": True},
    "testing": {"TESTING": True},
    "trapped": {"TRAP_BAD_REQUEST_ERRORS": True},
    "unsorted": {"provider": {"sort_keys": False}},
    "not ASCII": {"provider": {"ensure_ascii": False}},
    "pretty": {"provider": {"compact": False}},
    "compact, debug": {"provider": {"compact": True}, "DEBUG": True},
    "mimetype": {"provider": {"mimetype": "application/vnd.own+json"}},
}


@dataclasses.dataclass
class Point:
    x: int
    y: Any


class WithHtml:
    def __html__(self) -> str:
        return "<html>"


class Colour(enum.Enum):
    RED = 1


class Number(enum.IntEnum):
    ONE = 1


Pair = collections.namedtuple("Pair", "a b")

VALUES: dict[str, Any] = {
    "dict": {"b": 1, "a": [1, None, True, 1.5], "é": "ü\u2028</script>&'"},
    "list": [3, 1, {"x": {}}],
    "tuple": (1, (2,)),
    "empty": {},
    "text": "text é",
    "number": 7,
    "none": None,
    "true": True,
    "float": 1e100,
    "nan": float("nan"),
    "infinity": float("inf"),
    "datetime": datetime(2024, 2, 29, 12, 30, 15, 999),
    "aware": datetime(2024, 2, 29, 12, 30, tzinfo=timezone(timedelta(hours=5))),
    "date": date(2024, 2, 29),
    "time": time(12, 30),
    "timedelta": timedelta(1),
    "decimal": decimal.Decimal("1.10"),
    "uuid": uuid.UUID(int=7),
    "dataclass": Point(1, Point(2, None)),
    "dataclass-type": Point,
    "markup": Markup("<b>"),
    "html": WithHtml(),
    "enum": Colour.RED,
    "int-enum": Number.ONE,
    "namedtuple": Pair(1, 2),
    "set": {1},
    "bytes": b"bytes",
    "object": object(),
    "generator-in": {"x": iter([1])},
    "int-keys": {2: "b", 1: "a"},
    "mixed-keys": {1: "a", "b": 2},
    "none-key": {None: 1},
    "tuple-key": {(1, 2): 3},
    "date-key": {date(2024, 1, 1): 1},
    "ordered": collections.OrderedDict(b=1, a=2),
    "defaultdict": collections.defaultdict(list, b=1, a=2),
    "multidict": None,
}


def create(provider: dict[str, Any] | None = None, **config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(config)
    for name, value in (provider or {}).items():
        setattr(app.json, name, value)

    app.add_url_rule("/return/<name>", "return", lambda name: VALUES[name])
    app.add_url_rule("/jsonify/<name>", "jsonify", lambda name: jsonify(VALUES[name]))
    app.add_url_rule("/dumps/<name>", "dumps", lambda name: json.dumps(VALUES[name], indent=1))
    app.add_url_rule("/tuple", "tuple", lambda: ({"a": 1}, 201, {"X-Own": "1"}))
    app.add_url_rule("/arguments", "arguments", lambda: jsonify(1, "two", None))
    app.add_url_rule("/keywords", "keywords", lambda: jsonify(b=1, a=2))
    app.add_url_rule("/both", "both", lambda: jsonify({"a": 1}, b=2))
    app.add_url_rule("/nothing", "nothing", lambda: jsonify())
    app.add_url_rule("/multidict", "multidict", lambda: jsonify(request.args))

    @app.route("/in/<way>", methods=["GET", "POST", "PUT"])
    def take(way: str) -> Any:
        return standard_json.dumps(plain([READERS[way](), request.is_json, request.mimetype, request.mimetype_params]))

    return app


def twice() -> Any:
    return [outcome(request.get_json, silent=True), outcome(request.get_json), outcome(lambda: request.json)]


READERS: dict[str, Any] = {
    "json": lambda: request.json,
    "get": lambda: request.get_json(),
    "force": lambda: request.get_json(force=True),
    "silent": lambda: request.get_json(silent=True),
    "force-silent": lambda: request.get_json(force=True, silent=True),
    "uncached": lambda: [request.get_json(cache=False), request.get_data(as_text=True)],
    "twice": twice,
    "data-first": lambda: [request.get_data(), request.get_json()],
    "form-first": lambda: [request.form.to_dict(), request.get_json(silent=True)],
    "stream-first": lambda: [request.stream.read(), request.get_json(silent=True)],
    "loads": lambda: json.loads(request.get_data()),
}

BODIES: dict[str, Any] = {
    "an object": b'{"a": [1, 2.5, null, true, "\\u00e9"]}',
    "a list": b"[1]",
    "a text": '"é"'.encode(),
    "null": b"null",
    "nothing": b"",
    "a broken one": b'{"a": ',
    "a trailing comma": b"[1,]",
    "single quotes": b"{'a': 1}",
    "NaN": b"NaN",
    "two": b"1 2",
    "a byte order mark": b"\xef\xbb\xbf[1]",
    "UTF-16": '{"a": "é"}'.encode("utf-16"),
    "latin-1": '"é"'.encode("latin-1"),
    "bytes": b"\xff\xfe",
    "a form": b"a=1&b=2",
    "twice the same key": b'{"a": 1, "a": 2}',
    "deep": b"[" * 100 + b"]" * 100,
    "a huge number": b"1" * 5000,
}
TYPES = [
    *("application/json", "application/json; charset=utf-8", "application/json; charset=latin-1", "text/plain", ""),
    *("application/vnd.api+json", "APPLICATION/JSON", "application/x-www-form-urlencoded", "json", "text/json"),
]

VISITS: list[Request | list[Request]] = [
    *(get(f"/{way}/{name}") for name in VALUES for way in ("return", "jsonify", "dumps")),
    *(get(f"/{way}") for way in ("tuple", "arguments", "keywords", "both", "nothing", "multidict?a=1&a=2&b=3")),
    *(
        post(f"/in/{way}", name=name, data=body, content_type="application/json")
        for way in READERS
        for name, body in BODIES.items()
    ),
    *(post(f"/in/{way}", data=b"[1]", content_type=kind) for way in ("json", "force", "silent") for kind in TYPES),
    *(get(f"/in/{way}") for way in READERS),
    *(ask("PUT", f"/in/{way}", json={"a": ["é"]}) for way in READERS),
    post("/in/json", data=b"[1]", environ={"CONTENT_LENGTH": "2"}, content_type="application/json"),
    post("/in/json", data=b"[1]", environ={"CONTENT_LENGTH": "x"}, content_type="application/json"),
    post("/in/json", data=b"[1]", environ={"CONTENT_LENGTH": "-1"}, content_type="application/json"),
    post("/in/json", data=b"[1]", environ={"CONTENT_LENGTH": "100"}, content_type="application/json"),
]


def probe_functions() -> Any:
    """The functions of ``flask.json``, with an application and without."""
    found: dict[str, Any] = {}
    app = Flask(__name__)
    app.json.sort_keys = False
    for where, context in (("outside", None), ("inside", app.app_context())):
        if context:
            context.push()
        for name, value in VALUES.items():
            found[f"dumps {name} {where}"] = outcome(json.dumps, value)
        file, bytes_file = io.StringIO(), io.BytesIO()
        found[f"dump {where}"] = [outcome(json.dump, {"b": 1, "a": 2}, file), file.getvalue()]
        found[f"dump bytes {where}"] = outcome(json.dump, [1], bytes_file)
        found[f"loads {where}"] = [outcome(json.loads, text) for text in ('{"a":1}', b"[1]", "", "x", 7, None)]
        found[f"load {where}"] = [outcome(json.load, io.StringIO("[1]")), outcome(json.load, io.BytesIO(b"[1]"))]
        found[f"options {where}"] = [
            outcome(json.dumps, {"b": 1, "a": "é"}, **options)
            for options in (
                {"sort_keys": True},
                {"ensure_ascii": False},
                {"indent": 2},
                {"separators": (",", ":")},
                {"default": str},
                {"cls": standard_json.JSONEncoder},
            )
        ]
        found[f"loads options {where}"] = outcome(json.loads, "[1.5]", parse_float=str)
        found[f"jsonify {where}"] = outcome(lambda: jsonify(1).data)
        if context:
            context.pop()
    found["names"] = [name for name in ("dumps", "loads", "dump", "load", "jsonify") if hasattr(flask.json, name)]
    return found


class OwnProvider(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        note("dumps", obj, kwargs)
        return f"own {standard_json.dumps(obj, default=str)}"

    def loads(self, s: Any, **kwargs: Any) -> Any:
        note("loads", s, kwargs)
        return {"own": standard_json.loads(s)}


def probe_own_provider() -> Any:
    """A provider of the user's: what goes through it."""

    class Own(Flask):
        json_provider_class = OwnProvider

    app = Own(__name__)
    app.add_url_rule("/dict", "dict", lambda: {"a": 1})
    app.add_url_rule("/jsonify", "jsonify", lambda: jsonify(a=1))
    app.add_url_rule("/take", "take", lambda: request.get_json(), methods=["POST"])
    app.add_url_rule("/template", "template", lambda: app.jinja_env.from_string("{{ [1]|tojson }}").render())
    client = app.test_client()
    return {
        "dict": [client.get("/dict").text, client.get("/dict").mimetype],
        "jsonify": client.get("/jsonify").text,
        "take": client.post("/take", json=[1]).text,
        "template": client.get("/template").text,
        "client": outcome(lambda: client.get("/dict").json),
        "app": [app.json.dumps([1]), app.json.response(1, 2).data],
        "base": outcome(JSONProvider(app).dumps, 1),
        "base loads": outcome(JSONProvider(app).loads, "1"),
    }


def probe_session_by_own_provider() -> Any:
    """What a session is written with."""

    class Own(Flask):
        json_provider_class = OwnProvider

    app = Own(__name__)
    app.secret_key = "key"
    app.add_url_rule("/", "index", lambda: session.setdefault("a", "b"))
    return app.test_client().get("/").headers["Set-Cookie"]


def probe_default_provider() -> Any:
    """The default provider by itself."""
    app = Flask(__name__)
    provider = DefaultJSONProvider(app)
    found: dict[str, Any] = {
        "attributes": [provider.ensure_ascii, provider.sort_keys, provider.compact, provider.mimetype],
        "default": outcome(provider.default, object()),
        "default date": outcome(provider.default, date(2024, 1, 1)),
        "same class": type(app.json) is DefaultJSONProvider,
    }
    with app.app_context():
        for arguments, keywords in (
            ((), {}),
            ((1,), {}),
            ((1, 2), {}),
            ((), {"a": 1}),
            ((1,), {"a": 1}),
            ((None,), {}),
        ):
            found[f"response {arguments} {keywords}"] = outcome(
                lambda a=arguments, k=keywords: provider.response(*a, **k).data
            )

    class Own(DefaultJSONProvider):
        @staticmethod
        def default(value: Any) -> Any:
            return f"default of {type(value).__name__}"

    own = Own(app)
    found["own default"] = [outcome(own.dumps, VALUES[name]) for name in ("object", "set", "date", "decimal", "uuid")]
    provider.default = lambda value: "replaced"  # type: ignore[method-assign]  # as the documentation allows
    found["replaced default"] = outcome(provider.dumps, object())
    return found


def probe_on_json_loading_failed() -> Any:
    """The request's own answer to what is no JSON."""

    class Own(flask.Request):
        def on_json_loading_failed(self, e: Exception | None) -> Any:
            note("failed", e)
            return {"failed": True}

    app = Flask(__name__)
    app.request_class = Own
    app.add_url_rule("/", "index", lambda: request.get_json(), methods=["POST"])
    client = app.test_client()
    return [
        client.post("/", data="x", content_type="application/json").text,
        client.post("/", data="x").text,
        client.post("/", json=[1]).text,
    ]


def probe_client() -> Any:
    """JSON that a test client sends and receives."""
    app = Flask(__name__)
    app.add_url_rule("/echo", "echo", lambda: request.get_json(), methods=["POST"])
    app.add_url_rule("/dates", "dates", lambda: request.get_data(), methods=["POST"])
    app.add_url_rule("/html", "html", lambda: "text")
    client = app.test_client()
    echo = client.post("/echo", json={"a": [1]})
    return {
        "echo": [echo.json, echo.get_json(), echo.is_json],
        "provider": client.post("/dates", json={"d": date(2024, 1, 1), "p": Point(1, 2)}).text,
        "not JSON": outcome(lambda: client.get("/html").json),
        "not JSON, forced": outcome(lambda: client.get("/html").get_json(force=True)),
        "both": outcome(lambda: client.post("/echo", json={}, data=b"x")),
    }


def probe_blueprint() -> Any:
    """A blueprint has no JSON of its own: the application's is used."""
    app, blueprint = Flask(__name__), Blueprint("b", __name__)
    app.json.compact = False
    blueprint.add_url_rule("/", "index", lambda: current_app.json.response(b=datetime(2024, 1, 1, tzinfo=UTC)))
    app.register_blueprint(blueprint)
    return app.test_client().get("/").text
