"""Views written as classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, assert_type

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue, RouteCallable
from flask.views import MethodView, View

F = TypeVar("F", bound=Callable[..., Any])

app = Flask(__name__)


def logged(view: F) -> F:
    return view


class Page(View):
    methods = ["GET", "POST"]
    decorators = [logged]
    init_every_request = False
    provide_automatic_options = True

    def __init__(self, template: str = "page.html") -> None:
        self.template = template

    def dispatch_request(self) -> str:
        return render_template(self.template)


class Profile(View):
    methods = {"GET"}

    def dispatch_request(self, name: str, page: int = 1) -> tuple[str, int]:
        return name, 200


class Later(View):
    async def dispatch_request(self, name: str) -> dict[str, str]:
        return {"name": name}


class Guarded(View):
    def dispatch_request(self, *args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not request.authorization:
            return "Who are you?", 401
        return super().dispatch_request(*args, **kwargs)


class Counter(MethodView):
    decorators: ClassVar[list[Callable[..., Any]]] = [logged, logged]

    def get(self, number: int | None = None) -> ResponseReturnValue:
        return jsonify(number)

    def post(self) -> tuple[dict[str, int], int]:
        return {"count": 1}, 201

    async def delete(self, number: int) -> str:
        return str(number)


class Checked(MethodView):
    def dispatch_request(self, **kwargs: Any) -> ResponseReturnValue:
        if request.content_length is None:
            return "How long is it?", 411
        return super().dispatch_request(**kwargs)


class Numbered(MethodView):
    def dispatch_request(self, number: int) -> ResponseReturnValue:
        return super().dispatch_request(number=number + 1)


view = Counter.as_view("counter")
assert_type(view, RouteCallable)
app.add_url_rule("/", view_func=Page.as_view("page", template="index.html"))
app.add_url_rule("/profile/<name>", view_func=Profile.as_view("profile"))
app.add_url_rule("/later/<name>", view_func=Later.as_view("later"))
app.add_url_rule("/counter", defaults={"number": None}, view_func=view, methods=["GET", "POST"])
app.add_url_rule("/counter/<int:number>", view_func=logged(view))
