"""Views that are classes: View, MethodView, decorators, and how they are registered."""

from __future__ import annotations

from typing import Any

from asking import Request, ask, get
from observing import note, outcome

from flask import Blueprint, Flask, request
from flask.views import MethodView, View

VARIANTS: dict[str, dict[str, Any]] = {"": {}, "debug": {"DEBUG": True}}


def noting(name: str) -> Any:
    def decorate(function: Any) -> Any:
        def decorated(*args: Any, **kwargs: Any) -> Any:
            note("decorator", name)
            return function(*args, **kwargs)

        return decorated

    return decorate


class Plain(View):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        note("made", args, kwargs)

    def dispatch_request(self, **values: Any) -> Any:
        return f"{request.method} {values}"


class WithMethods(Plain):
    methods = ["POST", "get"]


class Decorated(Plain):
    decorators = [noting("inner"), noting("outer")]


class Once(Plain):
    init_every_request = False


class OwnOptions(Plain):
    methods = ["GET", "OPTIONS"]
    provide_automatic_options = False


class Unfinished(View):
    pass


class Items(MethodView):
    def get(self, number: int | None = None) -> Any:
        return f"get {number}"

    def post(self) -> Any:
        return "post", 201

    def delete(self, number: int) -> Any:
        return {"deleted": number}


class WithHead(MethodView):
    def get(self) -> Any:
        return "get"

    def head(self) -> Any:
        note("head")
        return "", 200, {"X-Head": "1"}

    def options(self) -> Any:
        return "options"


class Child(WithHead):
    def put(self) -> Any:
        return "put"


class Limited(WithHead):
    methods = ["GET"]


class Overridden(Items):
    decorators = [noting("overridden")]

    def dispatch_request(self, **values: Any) -> Any:
        note("dispatch", values)
        return super().dispatch_request(**values)


class Async(MethodView):
    async def get(self) -> Any:
        return "async get"


class Empty(MethodView):
    pass


class HeadOnly(MethodView):
    def head(self) -> Any:
        return ""


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(config)
    for cls in CLASSES:
        app.add_url_rule(f"/{cls.__name__}", view_func=cls.as_view(cls.__name__))
    app.add_url_rule("/arguments/<x>", view_func=Plain.as_view("arguments", 1, a=2))
    app.add_url_rule("/once-arguments", view_func=Once.as_view("once_arguments", 1, a=2))
    items = Items.as_view("items")
    app.add_url_rule("/items/", view_func=items, methods=["GET"], defaults={"number": None})
    app.add_url_rule("/items/", view_func=items, methods=["POST"])
    app.add_url_rule("/items/<int:number>", view_func=items, methods=["GET", "PUT", "DELETE"])
    blueprint = Blueprint("bp", __name__, url_prefix="/bp")
    blueprint.add_url_rule("/items", view_func=Overridden.as_view("items"))
    app.register_blueprint(blueprint)
    return app


CLASSES: list[type[View]] = [
    *(Plain, WithMethods, Decorated, Once, OwnOptions, Unfinished, Items, WithHead, Child, Limited, Overridden),
    *(Async, Empty, HeadOnly),
]
PATHS = [f"/{cls.__name__}" for cls in CLASSES] + [
    "/arguments/x",
    "/once-arguments",
    "/items/",
    "/items/7",
    "/bp/items",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]

VISITS: list[Request | list[Request]] = [
    *(ask(method, path) for path in PATHS for method in METHODS),
    [get("/Once"), get("/Once"), get("/Plain"), get("/Plain")],
]


def probe_view_functions() -> Any:
    """What as_view makes."""
    found = {}
    for cls in CLASSES:
        view: Any = cls.as_view("name")
        found[cls.__name__] = [
            view.__name__,
            view.__module__,
            view.__doc__,
            view.view_class is cls,
            sorted(view.methods) if view.methods is not None else None,
            getattr(view, "provide_automatic_options", "nothing"),
            cls.methods and sorted(cls.methods),
        ]
    found["no name"] = outcome(Plain.as_view)
    found["defaults"] = [View.methods, View.decorators, View.init_every_request, View.provide_automatic_options]
    return found
