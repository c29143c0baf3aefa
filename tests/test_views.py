"""Views written as classes."""

from __future__ import annotations

import asyncio

import pytest

from flask import Flask, Response, g, request
from flask.views import MethodView, MethodViewType, View


@pytest.fixture
def ask(app):
    """Gives the client of an application with a class as its one view."""

    def ask(cls, *class_args, rule="/", options=None, **class_kwargs):
        app.add_url_rule(rule, view_func=cls.as_view("view", *class_args, **class_kwargs), **(options or {}))
        return app.test_client()

    return ask


def allowed(client):
    """The methods that the view answers."""
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "OPTIONS"]
    return {method for method in methods if client.open("/", method=method).status_code != 405}


# View


class Echo(View):
    """Says what it was asked."""

    methods = ["GET", "POST"]

    def __init__(self, *args, **kwargs):
        self.given = (args, kwargs)

    def dispatch_request(self, **values):
        return f"{request.method} {values} {self.given}"


def test_view(ask):
    client = ask(Echo, rule="/<int:number>")
    assert client.get("/5").text == "GET {'number': 5} ((), {})"
    assert client.post("/5").text == "POST {'number': 5} ((), {})"
    assert client.put("/5").status_code == 405


def test_arguments_of_the_class(ask):
    assert ask(Echo, 1, two=2).get("/").text == "GET {} ((1,), {'two': 2})"


def test_a_view_answers_get_by_default(ask):
    class Plain(View):
        def dispatch_request(self):
            return "plain"

    assert allowed(ask(Plain)) == {"GET", "HEAD", "OPTIONS"}


def test_methods_of_the_rule_win_over_those_of_the_class(ask):
    assert allowed(ask(Echo, options={"methods": ["PUT"]})) == {"PUT", "OPTIONS"}


def test_the_function_looks_like_the_class():
    view = Echo.as_view("echo")
    assert (view.__name__, view.__doc__, view.__module__) == ("echo", "Says what it was asked.", __name__)
    assert view.view_class is Echo
    assert view.methods == ["GET", "POST"]


def test_the_name_is_the_endpoint(app, ask):
    ask(Echo)
    assert app.view_functions["view"].view_class is Echo


def test_two_functions_of_one_class(app):
    for name in ("one", "two"):
        app.add_url_rule(f"/{name}", view_func=Echo.as_view(name, name))
    client = app.test_client()
    assert [client.get(f"/{name}").text for name in ("one", "two")] == [
        "GET {} (('one',), {})",
        "GET {} (('two',), {})",
    ]


def test_a_view_must_say_how_to_answer(app, ask):
    class Nothing(View):
        pass

    with pytest.raises(NotImplementedError, match=r"Nothing.*dispatch_request"):
        ask(Nothing).get("/")


def test_options_can_be_left_to_the_view(ask):
    class Own(View):
        methods = ["GET", "OPTIONS"]
        provide_automatic_options = False

        def dispatch_request(self):
            return "own answer"

    assert ask(Own).options("/").text == "own answer"


def test_options_can_be_switched_off(ask):
    class Own(View):
        provide_automatic_options = False

        def dispatch_request(self):
            return "own answer"

    assert allowed(ask(Own)) == {"GET", "HEAD"}


def test_coroutines(ask):
    class Slow(View):
        async def dispatch_request(self, name):
            await asyncio.sleep(0)
            g.name = name
            return f"slow {g.name}"

    assert ask(Slow, rule="/<name>").get("/ada").text == "slow ada"


# One instance, or one for each request


class Counter(View):
    def __init__(self, start=0):
        self.count = start

    def dispatch_request(self):
        self.count += 1
        return str(self.count)


class Lasting(Counter):
    init_every_request = False


class ShortLived(Lasting):
    init_every_request = True


@pytest.mark.parametrize(
    ("cls", "counts"), [(Counter, ["6", "6", "6"]), (Lasting, ["6", "7", "8"]), (ShortLived, ["6", "6", "6"])]
)
def test_instances(ask, cls, counts):
    client = ask(cls, start=5)
    assert [client.get("/").text for _ in counts] == counts


def test_the_class_of_a_view_can_be_replaced_later(ask, app):
    client = ask(Counter)

    class Other(View):
        def dispatch_request(self):
            return "other"

    app.view_functions["view"].view_class = Other
    assert client.get("/").text == "other"


# Decorators


def surround(text):
    def decorate(view):
        def decorated(**values):
            return f"{text}({view(**values)})"

        return decorated

    return decorate


def test_the_last_decorator_is_the_outermost(ask):
    class Decorated(View):
        decorators = [surround("inner"), surround("outer")]

        def dispatch_request(self, name):
            return name

    client = ask(Decorated, rule="/<name>")
    assert client.get("/ada").text == "outer(inner(ada))"
    view = Decorated.as_view("name")
    assert (view.__name__, view.__module__, view.view_class) == ("name", __name__, Decorated)


def test_decorators_are_inherited(ask):
    class Base(MethodView):
        decorators = [surround("base")]

    class Page(Base):
        def get(self):
            return "page"

    assert ask(Page).get("/").text == "base(page)"


# MethodView


class Pages(MethodView):
    def get(self, number=None):
        return Response(f"get {number}", headers={"X-Method": "get"})

    def post(self, number=None):
        return f"post {number}"


class WithDelete(Pages):
    def delete(self):
        return "delete"


class WithHead(MethodView):
    def get(self):
        return Response(headers={"X-Method": "get"})

    def head(self):
        return Response(headers={"X-Method": "head"})


class Both(WithDelete, WithHead):
    pass


class Nothing(MethodView):
    pass


class OwnOptions(MethodView):
    def get(self):
        return ""

    def options(self):
        return "own answer"


@pytest.mark.parametrize(
    ("cls", "methods"),
    [
        (Pages, {"GET", "POST"}),
        (WithDelete, {"GET", "POST", "DELETE"}),
        (WithHead, {"GET", "HEAD"}),
        (Both, {"GET", "POST", "DELETE", "HEAD"}),
        (OwnOptions, {"GET", "OPTIONS"}),
    ],
)
def test_methods_follow_from_the_methods(ask, cls, methods):
    assert cls.methods == methods
    assert allowed(ask(cls)) == {*methods, "HEAD", "OPTIONS"}
    assert cls.as_view("view").methods == methods


def test_a_class_without_methods():
    assert Nothing.methods is None


def test_methods_are_answered(ask):
    client = ask(Both)
    assert client.get("/").text == "get None"
    assert client.post("/").text == "post None"
    assert client.delete("/").text == "delete"
    assert client.put("/").status_code == 405


def test_values_of_the_url(ask):
    client = ask(Pages, rule="/<int:number>")
    assert (client.get("/5").text, client.post("/5").text) == ("get 5", "post 5")


def test_head_is_answered_by_get(ask):
    assert ask(Pages).head("/").headers["X-Method"] == "get"


def test_own_head(ask):
    assert ask(WithHead).head("/").headers["X-Method"] == "head"


def test_own_options(ask):
    assert ask(OwnOptions).options("/").text == "own answer"


def test_named_methods_win(ask):
    class Named(Pages):
        methods = ["GET", "PROPFIND"]

        def propfind(self):
            return "found"

    client = ask(Named)
    assert allowed(client) == {"GET", "HEAD", "OPTIONS", "PROPFIND"}
    assert client.open("/", method="PROPFIND").text == "found"


def test_a_method_that_is_allowed_and_missing(ask):
    class Incomplete(MethodView):
        methods = ["GET", "PATCH"]

        def get(self):
            return ""

    with pytest.raises(AssertionError, match="PATCH"):
        ask(Incomplete).patch("/")


def test_coroutine_methods(ask):
    class Mixed(MethodView):
        async def get(self):
            await asyncio.sleep(0)
            return "slow"

        def post(self):
            return "quick"

    client = ask(Mixed)
    assert (client.get("/").text, client.post("/").text) == ("slow", "quick")


def test_dispatch_request_can_be_overridden(ask):
    class Loud(Pages):
        def dispatch_request(self, **values):
            return super().dispatch_request(**values).get_data(as_text=True).upper()

    assert ask(Loud, rule="/<int:number>").get("/5").text == "GET 5"


def test_class_keywords_are_passed_on():
    class Marked:
        def __init_subclass__(cls, mark="", **kwargs):
            super().__init_subclass__(**kwargs)
            cls.mark = mark

    class Page(MethodView, Marked, mark="x"):
        def get(self):
            return ""

    assert (Page.mark, Page.methods) == ("x", {"GET"})


def test_a_request_uses_the_ensure_sync_of_its_application():
    class Own(Flask):
        def ensure_sync(self, func):
            wrapped = super().ensure_sync(func)
            return lambda **values: f"ensured {wrapped(**values)}" if func.__name__ == "get" else wrapped(**values)

    class Page(MethodView):
        def get(self):
            return "page"

    own = Own("own")
    own.add_url_rule("/", view_func=Page.as_view("page"))
    assert own.test_client().get("/").text == "ensured page"


def test_a_class_of_the_old_metaclass_has_its_methods():
    class Items(View, metaclass=MethodViewType):
        def get(self):
            return "items"

        def dispatch_request(self):
            return self.get()

    class More(Items):
        def post(self):
            return "more"

    assert (Items.methods, More.methods) == ({"GET"}, {"GET", "POST"})
