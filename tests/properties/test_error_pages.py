"""An HTTP error that nobody handles is answered as Werkzeug answers it."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequestKeyError, HTTPException, MethodNotAllowed, NotFound, default_exceptions
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as WerkzeugResponse

from flask import Flask, Response


class Own(NotFound):
    """A kind of the program's own, with the code of another."""


class Page(NotFound):
    def get_body(self, environ: t.Any = None, scope: t.Any = None) -> str:
        return "<p>mine</p>"


class OwnResponse(Response):
    default_mimetype = "text/x-own"


KINDS = [*default_exceptions.values(), Own, Page, BadRequestKeyError]
descriptions = st.none() | st.sampled_from(["", "Gone & <lost>", "two\nlines"])


@st.composite
def errors(draw: st.DrawFn) -> HTTPException:
    kind = draw(st.sampled_from(KINDS))
    if kind is MethodNotAllowed:
        methods = st.lists(st.sampled_from(["GET", "PUT", "HEAD"]), unique=True)
        error: t.Any = MethodNotAllowed(draw(st.none() | methods))
    elif kind is BadRequestKeyError:
        error = BadRequestKeyError("name")
        error.show_exception = draw(st.booleans())
    else:
        error = kind()
    description = draw(descriptions)
    if description is not None:
        error.description = description
    if draw(st.integers(0, 5)) == 0:
        error.code = draw(st.sampled_from([404, 418, 799]))
    if draw(st.integers(0, 5)) == 0:
        error.response = WerkzeugResponse("sent as it is", 203)
    return t.cast(HTTPException, error)


def seen(response: WerkzeugResponse) -> tuple[t.Any, ...]:
    return type(response), response.status, response.status_code, list(response.headers), response.data


@given(errors(), st.sampled_from([Response, Response, OwnResponse]))
def test_the_answer_is_werkzeugs(error: HTTPException, response_class: type[Response]) -> None:
    app = Flask("example")
    app.response_class = response_class
    with app.test_request_context() as ctx:
        environ = ctx.request.environ
        expected = seen(response_class.force_type(error.get_response(environ), environ))
        for _ in range(2):
            assert seen(app.make_response(error)) == expected  # type: ignore[arg-type]  # it is a WSGI application


@pytest.mark.parametrize("name", ["get_body", "get_description", "get_headers", "get_response"])
def test_what_is_replaced_is_called(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    app = Flask("example")
    client = app.test_client()
    before = client.get("/nowhere")
    answers = {
        "get_response": WerkzeugResponse("other", 404),
        "get_headers": [("Content-Type", "text/x-other")],
    }
    monkeypatch.setattr(HTTPException, name, lambda *args, **kwargs: answers.get(name, "other"))
    after = client.get("/nowhere")
    assert (after.data, after.headers) != (before.data, before.headers)


def test_a_description_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Flask("example").test_client()
    assert "spelling" in client.get("/nowhere").text
    monkeypatch.setattr(NotFound, "description", "Nobody is here.")
    assert "Nobody is here." in client.get("/nowhere").text


def test_a_redirect_of_the_routing_is_none_of_these() -> None:
    app = Flask("example")
    with app.test_request_context():
        assert app.make_response(RequestRedirect("/there")).location == "/there"
