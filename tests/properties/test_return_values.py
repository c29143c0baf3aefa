"""What a view may return: the response is what was asked for, or a TypeError names the view."""

from __future__ import annotations

import http
import json
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import Headers
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as WerkzeugResponse

from flask import Flask, Response, eras

# None of these tests is about time.
patient = settings(deadline=None)

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


class Text(str):
    """Text of another class than str."""


class Body(t.NamedTuple):
    """A body that a view may return, made anew each time, and what is sent for it."""

    make: t.Callable[[], t.Any]
    sent: bytes
    content_type: str


def wsgi_application(body: bytes) -> t.Callable[..., t.Any]:
    def application(environ: t.Any, start_response: t.Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", PLAIN), ("Content-Length", str(len(body)))])
        return [body]

    return application


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda items: st.lists(items, max_size=3) | st.dictionaries(texts, items, max_size=3),
    max_leaves=5,
)


def body_of(kind: str, text: str) -> Body:
    data = text.encode()
    return {
        "text": Body(lambda: text, data, HTML),
        "text of a subclass": Body(lambda: Text(text), data, HTML),
        "markup": Body(lambda: Markup(text), data, HTML),
        "bytes": Body(lambda: data, data, HTML),
        "bytearray": Body(lambda: bytearray(data), data, HTML),
        "iterator of text": Body(lambda: iter(text), data, HTML),
        "generator of bytes": Body(lambda: (bytes([byte]) for byte in data), data, HTML),
        "response": Body(lambda: Response(text, mimetype="text/plain"), data, PLAIN),
        "response of Werkzeug": Body(lambda: WerkzeugResponse(text), data, PLAIN),
        "WSGI application": Body(lambda: wsgi_application(data), data, PLAIN),
    }[kind]


def json_body(value: t.Any) -> Body:
    layout: t.Any = {"indent": 2} if eras.is_old("jsonify_readable") else {"separators": (",", ":")}
    sent = json.dumps(value, sort_keys=True, **layout).encode() + b"\n"
    return Body(lambda: value, sent, "application/json")


KINDS = ["text", "text of a subclass", "markup", "bytes", "bytearray", "iterator of text", "generator of bytes",
         "response", "response of Werkzeug", "WSGI application"]  # fmt: skip
bodies = st.builds(body_of, st.sampled_from(KINDS), texts) | st.builds(
    json_body, st.lists(json_values, max_size=3) | st.dictionaries(texts, json_values, max_size=3)
)

# These forbid a body.
codes = st.integers(200, 999).filter(lambda code: code not in {204, 304})
phrases = st.text("abc XYZ", min_size=1, max_size=10).map(str.strip).filter(bool)
known = {code: f"{code} {phrase.upper()}" for code, phrase in HTTP_STATUS_CODES.items()}


def statuses_of(code: int, phrase: str) -> st.SearchStrategy[tuple[t.Any, str]]:
    line = known.get(code, f"{code} UNKNOWN")
    forms: list[tuple[t.Any, str]] = [(code, line), (str(code), line), (f"{code} {phrase}", f"{code} {phrase}")]
    if code in list(http.HTTPStatus):
        forms.append((http.HTTPStatus(code), line))
    return st.sampled_from(forms)


statuses = st.just((None, "200 OK")) | st.builds(statuses_of, codes, phrases).flatmap(lambda strategy: strategy)

names = st.text("abcXYZ", min_size=1, max_size=5).map(lambda name: f"X-{name}")
values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=10).map(str.strip)
header_dicts = st.dictionaries(names.map(str.title), values | st.lists(values, min_size=1, max_size=3), max_size=3)


def shapes_of(headers: dict[str, t.Any]) -> st.SearchStrategy[t.Any]:
    """The shapes in which a view may return headers; those of pairs have one value for each name."""
    shapes: list[t.Any] = [headers, Headers(headers)]
    if all(isinstance(value, str) for value in headers.values()):
        shapes += [list(headers.items()), tuple(headers.items())]
    return st.sampled_from(shapes)


def get(rv: t.Any) -> t.Any:
    app = Flask("example")
    app.testing = True
    app.add_url_rule("/", endpoint="the-view", view_func=lambda: rv)
    return app.test_client().get("/")


def all_headers(headers: dict[str, t.Any]) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else list(value) for name, value in headers.items()}


@patient
@given(bodies)
def test_a_body(body: Body) -> None:
    response = get(body.make())
    assert (response.status, response.data) == ("200 OK", body.sent)
    assert response.headers["Content-Type"] == body.content_type


@patient
@given(bodies, statuses, header_dicts, st.data())
@pytest.mark.wsgi_only("ASGI sends no reason phrase")
def test_a_body_with_status_and_headers(
    body: Body, status: tuple[t.Any, str], headers: dict[str, t.Any], data: st.DataObject
) -> None:
    given_status, line = status
    shape = data.draw(shapes_of(headers), label="shape of the headers")
    forms: list[tuple[t.Any, ...]] = [(given_status, shape)]
    if given_status is None:
        forms.append((shape,))
    if not headers:
        forms.append((given_status,))
    response = get((body.make(), *data.draw(st.sampled_from(forms), label="status and headers")))
    assert (response.status, response.data) == (line, body.sent)
    assert response.headers["Content-Type"] == body.content_type
    for name, expected in all_headers(headers).items():
        assert response.headers.getlist(name) == expected


@patient
@given(texts, statuses, header_dicts)
def test_text_of_any_class_makes_the_same_response(
    text: str, status: tuple[t.Any, str], headers: dict[str, t.Any]
) -> None:
    """Plain text without more takes a shorter way than all else."""
    responses = [get(rv) for rv in (text, Text(text), (text, None, None), Markup(text))]
    assert len({(response.status, response.data, str(response.headers)) for response in responses}) == 1
    responses = [get((body, status[0], headers)) for body in (text, Text(text), text.encode())]
    assert len({(response.status, response.data, str(response.headers)) for response in responses}) == 1


@patient
@given(bodies, statuses, header_dicts)
def test_a_response_is_made_once(body: Body, status: tuple[t.Any, str], headers: dict[str, t.Any]) -> None:
    app = Flask("example")
    with app.test_request_context():
        response = app.make_response((body.make(), status[0], headers))
        assert isinstance(response, Response)
        before = (response.status, str(response.headers))
        assert app.make_response(response) is response
        assert (response.status, str(response.headers)) == before
        assert response.get_data() == body.sent


wrong_bodies = (
    st.none() | st.integers() | st.floats() | st.booleans() | st.complex_numbers() | st.sets(st.integers(), max_size=2)
    | st.frozensets(texts, max_size=2) | st.builds(object) | st.just(range(3)) | st.just(...)
)  # fmt: skip


@patient
@given(wrong_bodies, statuses, header_dicts, st.sampled_from(["alone", "status", "headers", "both"]))
def test_another_body_is_refused(body: t.Any, status: tuple[t.Any, str], headers: dict[str, t.Any], form: str) -> None:
    rv = {"alone": body, "status": (body, status[0]), "headers": (body, headers), "both": (body, status[0], headers)}
    with pytest.raises(TypeError, match="'the-view'") as caught:
        get(rv[form])
    assert type(body).__name__ in str(caught.value) or (body is None and "None" in str(caught.value))


@pytest.mark.skipif(eras.is_old("response_tuple_arguments"), reason="a tuple holds arguments of the response class")
@patient
@given(st.lists(st.one_of(texts, st.integers(100, 599), header_dicts, st.none()), max_size=6).map(tuple))
def test_tuples_of_another_length_are_refused(rv: tuple[t.Any, ...]) -> None:
    if len(rv) in {2, 3}:
        return
    with pytest.raises(TypeError, match=r"'the-view'.*\(body, status, headers\)"):
        get(rv)
