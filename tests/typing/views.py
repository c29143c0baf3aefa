"""Views: every return type that is allowed, sync and async, and decorators that leave a view's type alone."""

from __future__ import annotations

import functools
import typing as t
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, ParamSpec, TypedDict, TypeVar, assert_type

import werkzeug
from werkzeug.datastructures import Headers

from flask import Blueprint, Flask, Response, jsonify, redirect, render_template, request, url_for

if t.TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

P = ParamSpec("P")
R = TypeVar("R")

app = Flask(__name__)
blueprint = Blueprint("part", __name__)


class Item(TypedDict):
    name: str
    price: int


# -- one value


@app.route("/str/<name>")
def text(name: str) -> str:
    return f"Hello {name}!"


@app.route("/bytes")
def binary() -> bytes:
    return b"abc"


@app.get("/dict")
def plain_dict() -> dict[str, int]:
    return {"a": 1}


@app.get("/mapping")
def mapping() -> Mapping[str, object]:
    return {"a": 1}


@app.get("/typed-dict")
def typed_dict() -> Item:
    return {"name": "tea", "price": 3}


@app.get("/list")
def items() -> list[Item]:
    return [typed_dict()]


@app.route("/response")
def response() -> Response:
    return Response("made", status=HTTPStatus.CREATED, mimetype="text/plain")


@app.route("/werkzeug-response")
def werkzeug_response() -> werkzeug.Response:
    return redirect(url_for("text", name="Ada"))


@app.route("/either")
def either() -> str | werkzeug.Response:
    if request.method == "POST":
        return redirect(url_for("either"))
    return render_template("either.html")


@app.route("/generator")
def generator() -> Generator[str, None, None]:
    yield "a"


@app.route("/iterator")
def iterator() -> Iterator[bytes]:
    return iter([b"a", b"b"])


@app.route("/wsgi")
def wsgi() -> WSGIApplication:
    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"from elsewhere"]

    return application


@app.route("/flask")
def flask_as_wsgi() -> Flask:
    return Flask("another")


# -- tuples


@app.post("/body-status")
def body_and_status() -> tuple[str, int]:
    return "made", 201


@app.post("/body-http-status")
def body_and_http_status() -> tuple[str, HTTPStatus]:
    return "made", HTTPStatus.CREATED


@app.post("/body-headers")
def body_and_headers() -> tuple[bytes, dict[str, str]]:
    return b"made", {"X-Made": "yes"}


@app.post("/body-werkzeug-headers")
def body_and_werkzeug_headers() -> tuple[str, Headers]:
    return "made", Headers({"X-Made": "yes"})


@app.post("/body-header-pairs")
def body_and_header_pairs() -> tuple[str, list[tuple[str, str]]]:
    return "made", [("X-Made", "yes")]


@app.post("/body-header-lists")
def body_and_header_lists() -> tuple[str, dict[str, list[str]]]:
    return "made", {"X-Made": ["yes", "indeed"]}


@app.post("/three")
def three() -> tuple[dict[str, Any], int, dict[str, str]]:
    return {"id": 1}, 201, {"Location": "/things/1"}


@app.post("/list-status")
def list_and_status() -> tuple[list[int], int]:
    return [1, 2], 200


@app.post("/response-status")
def response_and_status() -> tuple[Response, int]:
    return jsonify(id=1), 201


@app.post("/stream-status")
def stream_and_status() -> tuple[Iterator[str], int]:
    return iter(["a"]), 200


@app.post("/mixed")
def mixed() -> str | tuple[str, int] | tuple[dict[str, str], int, dict[str, str]]:
    if "name" not in request.form:
        return {"error": "no name"}, 400, {"X-Reason": "form"}
    return "made", 201


# -- async


@app.route("/async/str")
async def async_text() -> str:
    return "later"


@app.route("/async/dict")
async def async_dict() -> dict[str, Any]:
    return {}


@app.route("/async/tuple")
async def async_tuple() -> tuple[str, int]:
    return "later", 202


@app.route("/async/either")
async def async_either() -> Response | str:
    return ""


@app.route("/async/stream")
async def async_stream() -> AsyncIterator[str]:
    async def pieces() -> AsyncGenerator[str, None]:
        yield "a"

    return pieces()


@app.route("/async/generator")
async def async_generator() -> AsyncIterator[bytes]:
    yield b"a"


# -- decorators leave the type alone

assert_type(text("Ada"), str)
assert_type(three(), tuple[dict[str, Any], int, dict[str, str]])
assert_type(typed_dict()["price"], int)


async def call_async() -> None:
    assert_type(await async_text(), str)
    assert_type(await async_tuple(), tuple[str, int])


@app.route("/one")
@app.route("/two", methods=["GET", "POST"], strict_slashes=False, defaults={"page": 1}, endpoint="second")
def two_rules(page: int = 1) -> str:
    return str(page)


@app.put("/thing/<int:number>")
@app.patch("/thing/<int:number>")
@app.delete("/thing/<int:number>")
def thing(number: int) -> str:
    return str(number)


@app.endpoint("named")
def named() -> str:
    return ""


@blueprint.route("/")
def of_blueprint() -> str:
    return url_for(".of_blueprint")


@blueprint.post("/<int:number>")
async def async_of_blueprint(number: int) -> dict[str, int]:
    return {"number": number}


assert_type(two_rules(2), str)
assert_type(thing(3), str)
assert_type(named(), str)
assert_type(of_blueprint(), str)


def login_required(view: Callable[P, R]) -> Callable[P, R | werkzeug.Response]:
    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | werkzeug.Response:
        if "user" not in request.cookies:
            return redirect("/login")
        return view(*args, **kwargs)

    return guarded


def timed(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    return view


@app.route("/account/<int:number>")
@login_required
def account(number: int) -> str:
    return str(number)


@app.route("/slow")
@timed
async def slow() -> str:
    return ""


assert_type(account(7), str | werkzeug.Response)

app.add_url_rule("/lambda", "lambda", lambda: "short")
app.add_url_rule("/partial", "partial", functools.partial(text, "Ada"))
app.add_url_rule("/method", view_func=async_dict, methods=("GET",), provide_automatic_options=False)
app.view_functions["index"] = text
