"""JSON in and out: the module's functions, the providers, and what 0.10 to 2.2 customised it with."""

from __future__ import annotations

import codecs
import dataclasses
import gc
import io
import json as standard_json
import os
import subprocess
import sys
import tempfile
import typing as t
import uuid
import weakref
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from markupsafe import Markup
from werkzeug.datastructures import ImmutableDict

import flask
from flask import Blueprint, Flask, Response, json, jsonify
from flask.json.provider import DefaultJSONProvider, JSONProvider, _default


@dataclasses.dataclass
class Point:
    x: int
    day: object = None


class Marked:
    def __html__(self) -> str:
        return "<b>"


def in_era(era: str, program: str) -> str:
    """What a program prints in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    ).stdout


# Types


@pytest.mark.parametrize("outside", [True, False])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2011, 9, 29), '"Thu, 29 Sep 2011 00:00:00 GMT"'),
        (datetime(2011, 9, 29, 1, 2, 3, 4), '"Thu, 29 Sep 2011 01:02:03 GMT"'),
        (
            datetime(2011, 9, 29, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))),
            '"Wed, 28 Sep 2011 23:02:03 GMT"',
        ),
        (uuid.UUID(int=5), '"00000000-0000-0000-0000-000000000005"'),
        (Decimal("1.50"), '"1.50"'),
        (Point(1, Point(2)), '{"x": 1, "day": {"x": 2, "day": null}}'),
        (Point(1, date(2011, 9, 29)), '{"x": 1, "day": "Thu, 29 Sep 2011 00:00:00 GMT"}'),
        (Marked(), '"<b>"'),
        (Markup("<i>"), '"<i>"'),
        ((1, 2), "[1, 2]"),
        ("Äther", '"\\u00c4ther"'),
        (float("inf"), "Infinity"),
        ({None: 1, True: 2}, '{"null": 1, "true": 2}'),
    ],
)
def test_types(app: Flask, value: object, text: str, outside: bool) -> None:
    if outside:
        assert json.dumps(value) == text
    else:
        app.json.sort_keys = False
        with app.app_context():
            assert json.dumps(value) == text


@pytest.mark.parametrize("value", [object(), {1}, b"bytes", timedelta(1), Point, datetime])
def test_types_without_a_form(app: Flask, value: object) -> None:
    with pytest.raises(TypeError, match="is not JSON serializable"):
        json.dumps(value)
    with pytest.raises(TypeError, match="is not JSON serializable"):
        app.json.dumps(value)


def test_the_function_for_types_has_its_old_names() -> None:
    assert _default is json._default is DefaultJSONProvider.default
    assert _default(Decimal(1)) == "1"


# The module's functions


def test_keys_are_sorted_by_an_application_only(app: Flask) -> None:
    assert json.dumps({"b": 1, "a": 2}) == '{"b": 1, "a": 2}'
    with app.app_context():
        assert json.dumps({"b": 1, "a": 2}) == '{"a": 2, "b": 1}'
        assert json.dumps({"b": 1, "a": 2}, sort_keys=False) == '{"b": 1, "a": 2}'


def test_options_of_the_standard_library(app: Flask) -> None:
    with app.app_context():
        assert json.dumps([1], indent=1) == "[\n 1\n]"
        assert json.dumps([1, 2], separators=[",", ":"]) == "[1,2]"
        assert json.dumps({1}, default=list) == "[1]"
        assert json.dumps("Ä", ensure_ascii=False) == '"Ä"'
        assert json.loads("1.50", parse_float=Decimal) == Decimal("1.50")
        with pytest.raises(TypeError, match="nonsense"):
            json.dumps(1, nonsense=True)


def test_repeated_calls_with_other_options(app: Flask) -> None:
    for _ in range(2):
        assert app.json.dumps({"b": "Ä", "a": 1}) == '{"a": 1, "b": "\\u00c4"}'
        assert app.json.dumps({"b": "Ä", "a": 1}, indent=0) == '{\n"a": 1,\n"b": "\\u00c4"\n}'
        assert app.json.dumps({"b": "Ä", "a": 1}, sort_keys=False) == '{"b": "\\u00c4", "a": 1}'


def test_circular_data_is_told(app: Flask) -> None:
    data: list[object] = []
    data.append(data)
    for _ in range(2):
        with pytest.raises(ValueError, match="Circular"):
            app.json.dumps(data)
    assert app.json.dumps([]) == "[]"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_loads_takes_bytes_in_any_utf(app: Flask, encoding: str) -> None:
    data = '["Ä", 1]'.encode(encoding)
    assert json.detect_encoding(data=data) == encoding
    assert json.loads(data) == json.loads(bytearray(data)) == ["Ä", 1]
    with app.app_context():
        assert json.loads(data) == json.load(io.BytesIO(data)) == ["Ä", 1]


@pytest.mark.parametrize(
    "text",
    ["", "nope", "[1] 2", "{'a': 1}", b"\xff", b'"\xe9"', "\ufeff[]", "[" * 100_000, '{"a":' * 100_000],
)
def test_malformed_text_is_a_value_error(app: Flask, text: str | bytes) -> None:
    with pytest.raises(ValueError):
        json.loads(text)
    with app.app_context(), pytest.raises(ValueError):
        json.loads(text)


def test_errors_of_the_standard_library_can_be_caught_by_name() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads("nope")


def test_dump_to_files_for_text_and_for_bytes(app: Flask) -> None:
    text, data, stream = io.StringIO(), io.BytesIO(), io.BytesIO()
    writer = codecs.getwriter("utf-16-le")(stream)
    with app.app_context():
        json.dump({"b": "Ä", "a": 1}, text, ensure_ascii=False)
        json.dump({"b": "Ä", "a": 1}, data, ensure_ascii=False)
        json.dump({"b": "Ä", "a": 1}, writer, ensure_ascii=False)
    assert text.getvalue() == '{"a": 1, "b": "Ä"}'
    assert data.getvalue() == text.getvalue().encode()
    assert stream.getvalue() == text.getvalue().encode("utf-16-le")


def test_files_on_disk_stay_open() -> None:
    with tempfile.TemporaryFile() as file:
        json.dump(["Ä"], file, ensure_ascii=False)
        file.seek(0)
        assert json.load(file) == ["Ä"]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        json.dump(["Ä"], file, ensure_ascii=False)
        file.seek(0)
        assert json.load(file) == ["Ä"]


def test_encoding_of_the_eras_before_2_1() -> None:
    assert json.dumps("Ä", encoding="latin-1", ensure_ascii=False) == b'"\xc4"'
    assert json.loads(b'"\xc4"', encoding="latin-1") == "Ä"
    assert json.loads('"Ä"', encoding="latin-1") == "Ä"
    data = io.BytesIO()
    json.dump("Ä", data, encoding="latin-1", ensure_ascii=False)
    assert data.getvalue() == b'"\xc4"'
    data.seek(0)
    assert json.load(data, encoding="latin-1") == "Ä"


def test_app_of_the_eras_before_2_3(app: Flask) -> None:
    text = io.StringIO()
    json.dump({"b": 1, "a": 2}, text, app=app)
    assert text.getvalue() == '{"a": 2, "b": 1}'
    assert json.dumps({"b": 1, "a": 2}, app=app) == text.getvalue()
    assert json.dumps({"b": 1, "a": 2}, app) == text.getvalue()
    app.json = Spy(app)
    assert json.loads("text", app=app) == ("loads", "text", {})
    assert json.load(io.StringIO("text"), app=app) == ("loads", "text", {})
    assert json.htmlsafe_dumps(1, app=app) == "dumps 1 {}"


# HTML


def test_htmlsafe_dumps_escapes_and_is_marked() -> None:
    text = json.htmlsafe_dumps({"</script>": "<!-- '&' \\ \" Ä"})
    assert isinstance(text, Markup)
    assert not set("<>&'") & set(text)
    assert json.loads(text) == {"</script>": "<!-- '&' \\ \" Ä"}
    assert json.htmlsafe_dumps("a/b") == '"a/b"'
    assert json.htmlsafe_dumps("Ä<", ensure_ascii=False) == '"Ä\\u003c"'
    assert json.tojson_filter("<") == text.__class__('"\\u003c"')


def test_htmlsafe_dump_writes_to_files() -> None:
    text, data = io.StringIO(), io.BytesIO()
    json.htmlsafe_dump("<", text)
    json.htmlsafe_dump("<", fp=data)
    assert text.getvalue() == data.getvalue().decode() == '"\\u003c"'


def test_htmlsafe_dumps_before_0_10() -> None:
    program = """
from flask import json
text = json.htmlsafe_dumps("<'&>/")
print(type(text).__name__, text, json.loads(text))
"""
    assert in_era("0.9", program) == 'str "\\u003c\\u0027\\u0026\\u003e\\/" <\'&>/\n'
    assert in_era("0.10", program) == 'Markup "\\u003c\\u0027\\u0026\\u003e/" <\'&>/\n'


# Responses


@pytest.mark.parametrize(
    ("args", "kwargs", "text"),
    [
        ((), {}, "null\n"),
        ((None,), {}, "null\n"),
        (([1, {"b": 1, "a": 2}],), {}, '[1,{"a":2,"b":1}]\n'),
        ((1, "two"), {}, '[1,"two"]\n'),
        ((), {"b": 1, "a": "Ä"}, '{"a":"\\u00c4","b":1}\n'),
        (({},), {}, "{}\n"),
    ],
)
def test_jsonify(app: Flask, args: tuple[object, ...], kwargs: dict[str, object], text: str) -> None:
    with app.app_context():
        response = jsonify(*args, **kwargs)
    assert isinstance(response, Response)
    assert response.get_data(as_text=True) == text
    assert response.headers["Content-Type"] == "application/json"
    assert app.json.response(*args, **kwargs).get_data(as_text=True) == text


def test_jsonify_with_arguments_of_both_kinds(app: Flask) -> None:
    with app.app_context(), pytest.raises(TypeError, match="positional or of keyword arguments"):
        jsonify(1, a=2)


def test_jsonify_outside_of_an_application() -> None:
    with pytest.raises(RuntimeError, match="application context"):
        jsonify(1)


def test_jsonify_before_0_11() -> None:
    program = """
from flask import Flask, jsonify
app = Flask("example")
with app.test_request_context(headers={"X-Requested-With": "XMLHttpRequest"}):
    for args, kwargs in [(), {}], [({"a": 1},), {"b": 2}], [([("a", 1)],), {}], [(), {"args": 1}]:
        print(jsonify(*args, **kwargs).get_data(as_text=True), end="")
    for value in [1, 2], 1, None, "ab":
        try:
            print(jsonify(value).get_data())
        except TypeError as exc:
            print("jsonify(items=value)" in str(exc))
"""
    answer = '{}\n{"a":1,"b":2}\n{"a":1}\n{"args":1}\nTrue\nTrue\nTrue\nTrue\n'
    assert in_era("0.10", program) == answer
    assert "Traceback" not in in_era("0.11", "from flask import Flask, jsonify; Flask('x')")


@pytest.mark.parametrize(
    ("debug", "compact", "setting", "readable"),
    [
        (False, None, None, False),
        (True, None, None, True),
        (True, True, None, False),
        (False, False, None, True),
        (False, None, True, True),
        (False, True, True, True),
        (True, None, False, False),
        (False, None, False, False),
    ],
)
def test_layout_of_responses(
    app: Flask, debug: bool, compact: bool | None, setting: bool | None, readable: bool
) -> None:
    app.debug = debug
    t.cast(DefaultJSONProvider, app.json).compact = compact
    if setting is not None:
        app.config["JSONIFY_PRETTYPRINT_REGULAR"] = setting
    expected = '{\n  "a": [\n    1\n  ]\n}\n' if readable else '{"a":[1]}\n'
    assert app.json.response(a=[1]).get_data(as_text=True) == expected


def test_settings_as_attributes(app: Flask) -> None:
    provider = t.cast(DefaultJSONProvider, app.json)
    provider.sort_keys, provider.ensure_ascii, provider.mimetype = False, False, "application/vnd.tea+json"
    response = provider.response(b="Ä", a=1)
    assert response.get_data() == '{"b":"Ä","a":1}\n'.encode()
    assert response.mimetype == "application/vnd.tea+json"


def test_settings_as_config_of_the_eras_before_2_3(app: Flask) -> None:
    app.config.update(JSON_AS_ASCII=None, JSON_SORT_KEYS=None, JSONIFY_MIMETYPE=None)
    assert app.json.response(b="Ä", a=1).get_data() == b'{"a":1,"b":"\\u00c4"}\n'
    app.config.update(JSON_AS_ASCII=False, JSON_SORT_KEYS=False, JSONIFY_MIMETYPE="text/x-json")
    response = app.json.response(b="Ä", a=1)
    assert response.get_data() == '{"b":"Ä","a":1}\n'.encode()
    assert response.mimetype == "text/x-json"
    t.cast(DefaultJSONProvider, app.json).ensure_ascii = False
    app.config["JSON_AS_ASCII"] = True
    assert app.json.dumps("Ä") == '"\\u00c4"'


def test_a_setting_of_the_past_in_the_default_configuration_of_a_subclass() -> None:
    class Application(Flask):
        default_config = ImmutableDict(Flask.default_config, JSON_AS_ASCII=False)

    app = Application("example")
    assert app.json.dumps("Ä") == '"Ä"'
    app.config["JSON_AS_ASCII"] = None
    assert app.json.dumps("Ä") == '"\\u00c4"'


def test_settings_as_config_where_their_defaults_are_values() -> None:
    program = """
from flask import Flask
app = Flask("example")
app.json.ensure_ascii, app.json.sort_keys, app.json.mimetype = False, False, "text/x-json"
def show():
    response = app.json.response({"b": "\\xc4", "a": 1})
    print(ascii(response.get_data(as_text=True)), response.mimetype, app.config.get("JSON_SORT_KEYS"))
app.config["JSONIFY_PRETTYPRINT_REGULAR"] = False
show()
app.config.update(JSON_AS_ASCII=True, JSON_SORT_KEYS=True, JSONIFY_MIMETYPE="application/json")
show()
app.json.ensure_ascii, app.json.sort_keys = True, True
app.config.update(JSON_AS_ASCII=False, JSON_SORT_KEYS=False, JSONIFY_MIMETYPE="text/y-json")
show()
"""
    own = "'{\"b\":\"\\xc4\",\"a\":1}\\n'"
    usual = """'{"a":1,"b":"\\\\u00c4"}\\n'"""
    assert in_era("2.1", program).splitlines() == [
        f"{own} text/x-json True",
        f"{own} text/x-json True",  # as before: what is set to its default is not told from what nobody set
        f"{own} text/y-json False",
    ]
    assert in_era("2.2", program).splitlines() == [
        f"{own} text/x-json None",
        f"{usual} application/json True",
        f"{own} text/y-json False",
    ]


@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_half_a_surrogate_pair_can_be_answered(app: Flask, ensure_ascii: bool) -> None:
    t.cast(DefaultJSONProvider, app.json).ensure_ascii = ensure_ascii
    value = app.json.loads(b'"Z\\u00fcrich \\ud800"')
    response = app.json.response(value)
    assert app.json.loads(response.get_data()) == value == "Zürich \ud800"


# Providers


class Spy(JSONProvider):
    """Shows what it is called with."""

    def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        return f"dumps {obj} {kwargs}"

    def loads(self, s: str | bytes, **kwargs: t.Any) -> t.Any:
        return "loads", s, kwargs


def test_a_provider_needs_two_methods_only(app: Flask) -> None:
    app.json = Spy(app)
    text = io.StringIO()
    with app.app_context():
        assert json.dumps(1, option=2) == "dumps 1 {'option': 2}"
        assert json.loads("x", option=2) == ("loads", "x", {"option": 2})
        assert json.load(io.StringIO("x"), option=2) == ("loads", "x", {"option": 2})
        json.dump(1, text, option=2)
        response = jsonify(a=1)
    assert text.getvalue() == "dumps 1 {'option': 2}"
    assert response.get_data() == b"dumps {'a': 1} {}"
    assert response.mimetype == "application/json"


def test_the_interface_alone_does_nothing(app: Flask) -> None:
    provider = JSONProvider(app)
    with pytest.raises(NotImplementedError):
        provider.dumps(1)
    with pytest.raises(NotImplementedError):
        provider.loads("1")


def test_default_may_be_overridden_as_a_method_or_set(app: Flask) -> None:
    class Provider(DefaultJSONProvider):
        def default(self, o: t.Any) -> t.Any:  # type: ignore[override]
            return sorted(o) if isinstance(o, set) else super().default(o)

    app.json = provider = Provider(app)
    with app.app_context():
        assert json.dumps([{2, 1}, Decimal(3)]) == '[[1, 2], "3"]'
        assert json.dumps({1}, default=str) == '"{1}"'
    provider.default = repr  # type: ignore[method-assign, assignment]
    assert provider.dumps({1}) == '"{1}"'


def test_a_provider_does_not_keep_its_application() -> None:
    app = Flask("example")
    provider = app.json
    assert provider.response({1: date(2011, 9, 29)}).get_data() == b'{"1":"Thu, 29 Sep 2011 00:00:00 GMT"}\n'
    reference = weakref.ref(app)
    del app
    gc.collect()
    assert reference() is None


# Encoders and decoders of 0.10 to 2.2


class Encoder(json.JSONEncoder):
    def default(self, o: t.Any) -> t.Any:
        return "set" if isinstance(o, set) else super().default(o)


class BlueprintEncoder(json.JSONEncoder):
    def default(self, o: t.Any) -> t.Any:
        return "blueprint"


class StandardEncoder(standard_json.JSONEncoder):
    def default(self, o: t.Any) -> t.Any:
        return "standard"


class Decoder(json.JSONDecoder):
    def __init__(self, **kwargs: t.Any) -> None:
        super().__init__(object_hook=lambda value: ("decoded", value), **kwargs)


def test_the_classes_take_the_options_of_the_standard_library() -> None:
    assert (
        json.JSONEncoder(sort_keys=True, indent=None).encode({"b": Decimal(1), "a": 2})
        == '{"a": 2, "b": "1"}'
    )
    assert json.JSONDecoder(strict=False).decode('"\t"') == "\t"
    assert issubclass(json.JSONEncoder, standard_json.JSONEncoder)
    assert issubclass(json.JSONDecoder, standard_json.JSONDecoder)


@pytest.mark.parametrize("inside", [True, False])
def test_cls_alone_decides(app: Flask, inside: bool) -> None:
    def check() -> None:
        assert json.dumps({1}, cls=Encoder) == '"set"'
        assert json.dumps(date(2011, 9, 29), cls=StandardEncoder) == '"standard"'
        assert json.dumps({1}, cls=Encoder, default=list) == "[1]"
        assert json.loads("{}", cls=Decoder) == ("decoded", {})

    if inside:
        app.json_encoder, app.json_decoder = BlueprintEncoder, json.JSONDecoder
        with app.app_context():
            check()
    else:
        check()


def test_classes_of_the_application(app: Flask) -> None:
    app.json_encoder, app.json_decoder = Encoder, Decoder
    with app.app_context():
        assert json.dumps({"b": {1}, "a": Decimal(1)}) == '{"a": "1", "b": "set"}'
        assert jsonify({1}).get_data() == b'"set"\n'
        assert json.loads("{}") == json.load(io.StringIO("{}")) == ("decoded", {})
        assert json.htmlsafe_dumps({1}) == '"set"'
    app.json_encoder, app.json_decoder = json.JSONEncoder, json.JSONDecoder
    assert app.json.dumps(Decimal(1)) == '"1"'
    assert app.json.loads("{}") == {}


def test_the_usual_encoder_does_not_stand_in_the_way_of_a_provider(app: Flask) -> None:
    app.json_encoder = json.JSONEncoder
    t.cast(t.Any, app.json).default = lambda o: "provider"
    assert app.json.dumps({1}) == '"provider"'


def test_classes_of_a_blueprint_hold_for_its_views(app: Flask) -> None:
    app.json_encoder = Encoder
    special, usual = Blueprint("special", __name__), Blueprint("usual", __name__)
    special.json_encoder, special.json_decoder = BlueprintEncoder, Decoder

    def view() -> Response:
        return jsonify([{1}, str(flask.request.get_json())])

    for place in special, usual, app:
        place.add_url_rule(f"/{place.name}", view_func=view, methods=["POST"])
    app.register_blueprint(special)
    app.register_blueprint(usual)
    client = app.test_client()
    assert client.post("/special", json={}).json == ["blueprint", "('decoded', {})"]
    assert client.post("/usual", json={}).json == ["set", "{}"]
    assert client.post(f"/{app.name}", json={}).json == ["set", "{}"]
