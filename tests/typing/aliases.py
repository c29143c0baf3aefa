"""The aliases of `flask.typing`, in annotations as programs write them."""

from __future__ import annotations

import functools
import typing as t

import flask.typing as ft
from flask import Flask, Response

app = Flask(__name__)


def view() -> ft.ResponseReturnValue:
    return "made", 201, {"X-Made": "yes"}


def body() -> ft.ResponseValue:
    return {"a": 1}


def headers() -> ft.HeadersValue:
    return [("X-Made", "yes"), ("X-Many", ["a", "b"])]


def cached(seconds: int) -> t.Callable[[ft.RouteCallable], ft.RouteCallable]:
    def decorate(view: ft.RouteCallable) -> ft.RouteCallable:
        @functools.wraps(view)
        def call(*args: t.Any, **kwargs: t.Any) -> ft.ResponseReturnValue:
            return t.cast("ft.ResponseReturnValue", app.ensure_sync(view)(*args, **kwargs))

        return call

    return decorate


@app.route("/cached")
@cached(60)
def plain() -> str:
    return ""


@app.route("/cached-later")
@cached(60)
async def later() -> str:
    return ""


def to_response(value: ft.ResponseReturnValue) -> Response:
    return app.make_response(value)


def register(views: dict[str, ft.RouteCallable]) -> None:
    for rule, function in views.items():
        app.add_url_rule(rule, view_func=function)


def nothing() -> None: ...


def keep(response: Response) -> Response:
    return response


def close(error: BaseException | None) -> None: ...


def variables() -> dict[str, t.Any]:
    return {}


def answer(error: Exception) -> str:
    return ""


def prime(number: int) -> bool:
    return True


def add(endpoint: str, values: dict[str, t.Any]) -> None: ...


def take(endpoint: str | None, values: dict[str, t.Any] | None) -> None: ...


route: ft.RouteCallable = view
status: ft.StatusCode = 404
name: ft.HeaderName = "X-Name"
value: ft.HeaderValue = ["a", "b"]
before: ft.BeforeRequestCallable = nothing
first: ft.BeforeFirstRequestCallable = nothing
after: ft.AfterRequestCallable[Response] = keep
teardown: ft.TeardownCallable = close
processor: ft.TemplateContextProcessorCallable = variables
shell: ft.ShellContextProcessorCallable = variables
handler: ft.ErrorHandlerCallable = answer
template_filter: ft.TemplateFilterCallable = str.upper
template_global: ft.TemplateGlobalCallable = variables
template_test: ft.TemplateTestCallable = prime
defaults: ft.URLDefaultCallable = add
preprocessor: ft.URLValuePreprocessorCallable = take
key: ft.AppOrBlueprintKey = None

app.before_request(before)
app.teardown_request(teardown)
app.errorhandler(404)(handler)
app.route("/")(route)
register({"/": view, "/lambda": lambda: "short"})
