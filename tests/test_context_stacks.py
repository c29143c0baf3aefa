"""The stacks of contexts that programs and extensions of 0.8 to 2.1 work with, and how contexts were in those days."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import typing as t

import pytest

import flask
from flask import (
    Flask,
    _app_ctx_stack,
    _request_ctx_stack,
    current_app,
    eras,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
)

since_0_10 = pytest.mark.skipif(eras.is_old("request_owns_g"), reason="`g` belonged to the request before 0.10")


@pytest.fixture
def ends(app: Flask) -> list[str]:
    ends: list[str] = []
    app.teardown_request(lambda exc: ends.append("request"))
    app.teardown_appcontext(lambda exc: ends.append("app"))
    return ends


class Foreign:
    """What a program may push in place of a context of ours."""

    def __init__(self, name: str) -> None:
        self.request = self.app = self.g = self
        self.name = name
        self.session = {"name": name}


def test_empty_stacks() -> None:
    for stack in (_request_ctx_stack, _app_ctx_stack):
        assert stack.top is None
        assert stack.pop() is None
        assert "None" in repr(stack)


def test_stacks_tell_threads_apart() -> None:
    here = _app_ctx_stack.__ident_func__()
    elsewhere: list[t.Any] = []
    thread = threading.Thread(target=lambda: elsewhere.append(_app_ctx_stack.__ident_func__()))
    thread.start()
    thread.join()
    assert here == _request_ctx_stack.__ident_func__() == _app_ctx_stack.__ident_func__()
    assert elsewhere != [here]


@since_0_10
def test_top_is_the_active_context(app: Flask) -> None:
    with app.app_context() as outer:
        assert (_app_ctx_stack.top, _request_ctx_stack.top) == (outer, None)
        with app.test_request_context() as ctx:
            assert (_app_ctx_stack.top, _request_ctx_stack.top) == (outer, ctx)
            with Flask("other").app_context() as other:
                assert (_app_ctx_stack.top, _request_ctx_stack.top) == (other, ctx)
    with app.test_request_context() as ctx:
        assert _app_ctx_stack.top is ctx.app_context


def test_what_each_layer_of_the_request_stack_has(app: Flask) -> None:
    app.add_url_rule("/", "view", lambda: "")
    with app.test_request_context("/"):
        top = _request_ctx_stack.top
        assert top.app is app
        assert top.request is request._get_current_object()
        assert top.session is session._get_current_object()
        assert top.g is g._get_current_object()
        assert top.url_adapter.build("view") == "/"
        assert top.flashes is None
        flask.flash("hello")
        assert flask.get_flashed_messages() == ["hello"]
        assert top.flashes == [("message", "hello")]


def test_extensions_store_on_the_top(app: Flask) -> None:
    @app.teardown_appcontext
    def close(exc: BaseException | None) -> None:
        closed.append(_app_ctx_stack.top.connection)

    closed: list[str] = []

    @app.route("/")
    def view() -> str:
        _app_ctx_stack.top.connection = "open"
        _request_ctx_stack.top.user = "Ada"
        return f"{_request_ctx_stack.top.user} {hasattr(_request_ctx_stack.top, 'connection')}"

    assert app.test_client().get("/").text == "Ada False"
    assert closed == ["open"]


def test_pushing_a_request_context_makes_all_of_it_active(app: Flask, ends: list[str]) -> None:
    app.add_url_rule("/path", "view", lambda: "")
    ctx = app.test_request_context("/path")
    _request_ctx_stack.push(ctx)
    g.name = session["name"] = "Ada"
    assert (request.path, request.endpoint, current_app._get_current_object()) == ("/path", "view", app)
    assert _request_ctx_stack.pop() is ctx
    assert not has_app_context()
    assert ends == []


def test_popping_from_a_stack_ends_nothing(app: Flask, ends: list[str]) -> None:
    for stack, ctx in ((_app_ctx_stack, app.app_context()), (_request_ctx_stack, app.test_request_context())):
        ends.clear()
        ctx.push()
        assert stack.pop() is ctx
        assert not has_app_context()
        stack.push(ctx)
        assert stack.top is ctx
        assert ends == []
        ctx.pop()  # this does
        assert not has_app_context()
        assert ends[-1] == "app"


def test_context_that_was_pushed_both_ways_ends_with_its_last_pop(app: Flask, ends: list[str]) -> None:
    ctx = app.test_request_context("/path")
    with ctx:
        _request_ctx_stack.push(ctx)
        assert request.path == "/path"
        assert _request_ctx_stack.pop() is ctx
        assert ends == []
    assert ends == ["request", "app"]


@since_0_10
def test_app_context_that_was_put_on_the_stack_is_left_alone_by_requests(app: Flask, ends: list[str]) -> None:
    ctx = app.app_context()
    _app_ctx_stack.push(ctx)
    app.test_client().get("/")
    assert ends == ["request"]
    assert _app_ctx_stack.top is ctx
    _app_ctx_stack.pop()


def test_context_of_a_view_pushed_in_its_thread(app: Flask) -> None:
    """The way of the time before copy_current_request_context()."""
    seen: list[t.Any] = []

    @app.route("/path")
    def view() -> str:
        ctx = _request_ctx_stack.top

        def work() -> None:
            _request_ctx_stack.push(ctx)
            seen.append((request.path, current_app.name))
            _request_ctx_stack.pop()
            seen.append(has_request_context())

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return request.path

    assert app.test_client().get("/path").text == "/path"
    assert seen == [("/path", app.name), False]


def test_foreign_objects(app: Flask) -> None:
    _request_ctx_stack.push(Foreign("first"))
    assert (request.name, session["name"]) == ("first", "first")
    assert has_request_context()
    assert not has_app_context()
    _app_ctx_stack.push(Foreign("second"))
    assert (current_app.name, g.name, request.name) == ("second", "second", "first")
    _request_ctx_stack.push(Foreign("third"))
    assert (current_app.name, request.name) == ("second", "third")
    assert _request_ctx_stack.pop().name == "third"
    assert request.name == "first"
    with pytest.raises(AssertionError, match="wrong context"):
        _request_ctx_stack.pop()
    assert _app_ctx_stack.pop().name == "second"
    assert _request_ctx_stack.pop().name == "first"
    assert _request_ctx_stack.pop() is None


@pytest.mark.parametrize("foreign", [Foreign("foreign"), "text", object()], ids=["alike", "text", "object"])
def test_requests_on_top_of_foreign_objects(app: Flask, ends: list[str], foreign: t.Any) -> None:
    app.add_url_rule("/", "view", lambda: f"{request.path} {current_app.name}")
    _request_ctx_stack.push(foreign)
    _app_ctx_stack.push(foreign)
    with app.test_client() as client:
        assert client.get("/").text == f"/ {app.name}"
        assert request.path == "/"
    assert _app_ctx_stack.pop() is foreign
    assert _request_ctx_stack.pop() is foreign
    assert not has_app_context()


# Eras


def in_era(era: str, program: str) -> list[str]:
    """What a program prints in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", "from flask import *\nimport flask\napp = Flask('shop')\n" + program]
    ran = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return ran.stdout.splitlines()


G_OF_REQUESTS = """
ends = []
app.teardown_request(lambda exc: ends.append("request"))
app.teardown_appcontext(lambda exc: ends.append("app"))
app.add_url_rule("/", "view", lambda: str(g.get("name")))
with app.app_context():
    g.name = "outer"
    print(app.test_client().get("/").text, ends)
with app.test_request_context():
    g.name = "outer"
    print(app.test_client().get("/").text, g.name)
"""


def test_g_belongs_to_the_request_before_0_10() -> None:
    for era in ("0.8", "0.9"):
        assert in_era(era, G_OF_REQUESTS) == ["None ['request', 'app']", "None outer"]
    for era in ("0.10", "3.1"):
        assert in_era(era, G_OF_REQUESTS) == ["outer ['request']", "outer outer"]


WITH_BODY = """
ends = []
app.teardown_request(lambda exc: ends.append("request"))
for app.debug in (False, True):
    try:
        with app.test_request_context("/path"):
            1 // 0
    except ZeroDivisionError:
        print(ends, request.path if request else None)
app.test_client().get("/")
print(ends, has_app_context())
app.config["PRESERVE_CONTEXT_ON_EXCEPTION"] = False
try:
    with app.test_request_context("/path"):
        1 // 0
except ZeroDivisionError:
    print(ends, has_app_context())
"""


def test_with_body_that_fails_in_debug_mode_keeps_its_context_before_2_2() -> None:
    """As measured with Flask 0.10 to 3.1: it is for a debugger, like that of a request that failed."""
    for era in ("0.8", "2.1"):
        assert in_era(era, WITH_BODY) == [
            "['request'] None",
            "['request'] /path",
            "['request', 'request', 'request'] False",
            "['request', 'request', 'request', 'request'] False",
        ]
    for era in ("2.2", "3.1"):
        assert in_era(era, WITH_BODY) == [
            "['request'] None",
            "['request', 'request'] None",
            "['request', 'request', 'request'] False",
            "['request', 'request', 'request', 'request'] False",
        ]
