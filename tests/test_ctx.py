"""Application and request contexts: what is active where, in what order, and what belongs to whom."""

from __future__ import annotations

import threading
import typing as t
import weakref

import click
import pytest

import flask
from flask import Flask, current_app, eras, g, has_app_context, has_request_context, request, session
from flask.ctx import AppContext, RequestContext
from flask.globals import app_ctx, request_ctx

since_0_10 = pytest.mark.skipif(eras.is_old("request_owns_g"), reason="`g` belonged to the request before 0.10")

Ends = list[str]


@pytest.fixture
def ends(app: Flask) -> Ends:
    """The teardown functions that ran: ``request`` and ``app``, with what they were handed."""
    return note_ends(app)


def note_ends(app: Flask, name: str = "") -> Ends:
    ends: Ends = []

    def note(what: str, exc: BaseException | None) -> None:
        ends.append(name + what + (f" {exc!r}" if exc is not None else ""))

    app.teardown_request(lambda exc: note("request", exc))
    app.teardown_appcontext(lambda exc: note("app", exc))
    return ends


@pytest.fixture
def other() -> Flask:
    """A second application in the process."""
    return Flask("other")


def in_thread(function: t.Callable[[], t.Any]) -> t.Any:
    """What a function returns, or raises, on another thread."""
    outcome: list[t.Any] = []

    def run() -> None:
        try:
            outcome.append(function())
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return outcome[0]


def active() -> tuple[str | None, str | None]:
    """The name of the current application, and the path of the current request."""
    return (current_app.name if has_app_context() else None, request.path if has_request_context() else None)


# Application contexts


def test_app_context_makes_the_application_current(app: Flask, ends: Ends) -> None:
    with app.app_context() as ctx:
        assert isinstance(ctx, AppContext)
        assert current_app._get_current_object() is app
        assert app_ctx._get_current_object() is ctx
        assert g._get_current_object() is ctx.g
        assert not has_request_context()
        assert ends == []
    assert ends == ["app"]
    assert active() == (None, None)


def test_nested_app_contexts_have_a_g_each(app: Flask, ends: Ends) -> None:
    with app.app_context():
        g.name = "outer"
        with app.app_context():
            assert "name" not in g
            g.name = "inner"
        assert g.name == "outer"
        assert ends == ["app"]
    assert ends == ["app", "app"]


def test_app_contexts_of_two_applications(app: Flask, other: Flask) -> None:
    with app.app_context():
        with other.app_context():
            assert current_app.name == "other"
        assert current_app._get_current_object() is app


def test_app_context_pushed_twice_ends_with_the_last_pop(app: Flask, ends: Ends) -> None:
    ctx = app.app_context()
    ctx.push()
    g.name = "kept"
    ctx.push()
    assert g.name == "kept"
    ctx.pop()
    assert g.name == "kept"
    assert ends == []
    ctx.pop()
    assert ends == ["app"]


def test_app_context_pushed_again_after_its_end_is_torn_down_anew(app: Flask, ends: Ends) -> None:
    ctx = app.app_context()
    for _ in range(2):
        with ctx:
            pass
    assert ends == ["app", "app"]


def test_app_context_hands_the_error_of_its_body_to_the_teardown(app: Flask, ends: Ends) -> None:
    error = ValueError("in the body")
    with pytest.raises(ValueError, match="in the body") as caught, app.app_context():
        raise error
    assert caught.value is error
    assert ends == ["app ValueError('in the body')"]


def test_pop_hands_over_the_error_that_is_being_handled(app: Flask, ends: Ends) -> None:
    for make in (app.app_context, app.test_request_context):
        ctx = make()
        ctx.push()
        try:
            raise ValueError("handled")
        except ValueError:
            ctx.pop()
    assert ends == ["app ValueError('handled')", "request ValueError('handled')", "app ValueError('handled')"]


def test_pop_hands_over_the_error_that_it_is_given(app: Flask, ends: Ends) -> None:
    for exc in (None, KeyError("given")):
        ctx = app.test_request_context()
        ctx.push()
        try:
            raise ValueError("handled")
        except ValueError:
            ctx.pop(exc)
    assert ends == ["request", "app", "request KeyError('given')", "app KeyError('given')"]


def test_url_adapter_of_an_application(app: Flask) -> None:
    assert app.app_context().url_adapter is None
    app.config["SERVER_NAME"] = "example.com"
    with app.app_context() as ctx:
        assert ctx.url_adapter is not None
        assert ctx.url_adapter is ctx.url_adapter
        assert flask.url_for("static", filename="a.css") == "http://example.com/static/a.css"


# Request contexts


def test_request_context_brings_its_application(app: Flask, ends: Ends) -> None:
    with app.test_request_context("/path") as ctx:
        assert isinstance(ctx, RequestContext)
        assert active() == (app.name, "/path")
        assert request_ctx._get_current_object() is ctx
        assert request._get_current_object() is ctx.request
        assert session._get_current_object() is ctx.session
        assert g._get_current_object() is ctx.g is app_ctx.g
    assert ends == ["request", "app"]
    assert active() == (None, None)


def test_request_context_from_an_environment(app: Flask) -> None:
    environ = flask.testing.EnvironBuilder(app, "/from/environ").get_environ()
    with app.request_context(environ):
        assert request.path == "/from/environ"
        assert request.environ is environ


@since_0_10
def test_request_inside_an_app_context_of_the_same_application_shares_its_g(app: Flask, ends: Ends) -> None:
    with app.app_context() as ctx:
        g.name = "shared"
        with app.test_request_context():
            assert app_ctx._get_current_object() is ctx
            assert g.name == "shared"
            g.other = "from the request"
        assert g.other == "from the request"
        assert ends == ["request"]
    assert ends == ["request", "app"]


@since_0_10
def test_request_by_the_client_shares_g_as_well(app: Flask, ends: Ends) -> None:
    app.add_url_rule("/", "index", lambda: g.name)
    with app.app_context():
        g.name = "shared"
        assert app.test_client().get("/").text == "shared"
        assert ends == ["request"]
    assert ends == ["request", "app"]


def test_request_inside_an_app_context_of_another_application_does_not(app: Flask, other: Flask) -> None:
    others_ends = note_ends(other)
    with other.app_context():
        g.name = "other's"
        with app.test_request_context():
            assert "name" not in g
            assert current_app._get_current_object() is app
        assert g.name == "other's"
        assert others_ends == []
    assert others_ends == ["app"]


@since_0_10
def test_request_inside_a_request_of_the_same_application(app: Flask, ends: Ends) -> None:
    with app.test_request_context("/outer"):
        g.name = "shared"
        session["name"] = "outer"
        with app.test_request_context("/inner"):
            assert active() == (app.name, "/inner")
            assert g.name == "shared"
            assert "name" not in session
        assert active() == (app.name, "/outer")
        assert session["name"] == "outer"
        assert ends == ["request"]
    assert ends == ["request", "request", "app"]


def test_app_context_of_another_application_inside_a_request(app: Flask, other: Flask) -> None:
    with app.test_request_context("/path"):
        with other.app_context():
            assert active() == ("other", "/path")
        assert active() == (app.name, "/path")


def test_view_that_calls_another_application(app: Flask, other: Flask) -> None:
    ends = note_ends(other, "other's ")
    other.add_url_rule("/inner", "inner", lambda: f"{request.path} of {current_app.name}, {g.get('name')}")

    @app.route("/outer")
    def outer() -> str:
        g.name = "outer"
        answer = other.test_client().get("/inner").text
        assert ends == ["other's request", "other's app"]
        return f"{answer}; {request.path}, {g.name}"

    assert app.test_client().get("/outer").text == "/inner of other, None; /outer, outer"


def test_request_context_pushed_twice_ends_with_the_last_pop(app: Flask, ends: Ends) -> None:
    ctx = app.test_request_context("/twice")
    with ctx:
        g.name = "kept"
        with ctx:
            assert g.name == "kept"
        assert active() == (app.name, "/twice")
        assert ends == []
    assert ends == ["request", "app"]


def test_request_context_pushed_twice_with_another_between(app: Flask, other: Flask, ends: Ends) -> None:
    ctx = app.test_request_context("/first")
    with ctx, other.test_request_context("/between"):
        assert active() == ("other", "/between")
        with ctx:
            assert active() == (app.name, "/first")
        assert active() == ("other", "/between")
        assert ends == []
    assert ends == ["request", "app"]


def test_request_context_pushed_again_after_its_end_has_a_new_g(app: Flask, ends: Ends) -> None:
    ctx = app.test_request_context("/again")
    with ctx:
        g.name = "first time"
    with ctx:
        assert request.path == "/again"
        assert "name" not in g
    assert ends == ["request", "app", "request", "app"]


def test_url_rule_is_found_on_push(app: Flask) -> None:
    app.add_url_rule("/item/<int:number>", "item", lambda number: "")
    with app.test_request_context("/item/7"):
        assert (request.endpoint, request.view_args) == ("item", {"number": 7})
    with app.test_request_context("/nothing/here"):
        assert request.url_rule is None
        assert request.routing_exception.code == 404


def test_session_given_to_the_context_is_used(app: Flask) -> None:
    given = app.session_interface.session_class({"name": "given"})
    environ = flask.testing.EnvironBuilder(app).get_environ()
    with RequestContext(app, environ, session=given):
        assert session._get_current_object() is given


def test_request_given_to_the_context_is_used_and_left_open(app: Flask) -> None:
    closed: list[t.Any] = []

    class NotedRequest(flask.Request):
        def close(self) -> None:
            closed.append(self)

    given = NotedRequest(flask.testing.EnvironBuilder(app, "/given").get_environ())
    with RequestContext(app, given.environ, request=given):
        assert request._get_current_object() is given
    assert closed == []


def test_g_of_a_request_that_was_not_pushed(app: Flask) -> None:
    ctx = app.test_request_context()
    assert not hasattr(ctx, "g")
    with pytest.raises(AttributeError, match="was not pushed yet"):
        ctx.g
    with pytest.raises(RuntimeError, match="was not pushed yet"):
        ctx.g = app.app_ctx_globals_class()


def test_g_can_be_replaced(app: Flask) -> None:
    class Mine:
        name = "mine"

    with app.test_request_context() as ctx:
        ctx.g = Mine()
        assert g.name == app_ctx.g.name == "mine"


def test_g_is_of_the_application_s_class(app: Flask) -> None:
    class Globals(flask.ctx._AppCtxGlobals):
        greeting = "hello"

    app.app_ctx_globals_class = Globals
    with app.app_context():
        assert g.greeting == "hello"


# Order, threads


def test_contexts_popped_in_the_wrong_order(app: Flask, ends: Ends) -> None:
    outer, inner = app.test_request_context("/outer"), app.app_context()
    outer.push()
    inner.push()
    with pytest.raises(AssertionError, match=r"wrong context.*localhost/outer.*but <AppContext.*reverse order"):
        outer.pop()
    assert app_ctx._get_current_object() is inner
    assert ends == []
    inner.pop()
    outer.pop()
    assert ends == ["app", "request", "app"]


def test_application_context_popped_before_the_request_that_shares_it(app: Flask, ends: Ends) -> None:
    # As some programs' `tearDown` does.
    outer, inner = app.app_context(), app.test_request_context()
    outer.push()
    inner.push()
    outer.pop()
    assert (app_ctx._get_current_object(), ends) == (outer, [])
    inner.pop()
    assert (flask.has_app_context(), ends) == (False, ["request", "app"])


@pytest.mark.parametrize("kind", ["app_context", "test_request_context"])
def test_pop_without_push(app: Flask, ends: Ends, kind: str) -> None:
    ctx = getattr(app, kind)()
    with pytest.raises(AssertionError, match=f"wrong context.*{ctx!r} was to be popped, but None".replace("[", r"\[")):
        ctx.pop()
    with ctx:
        pass
    with pytest.raises(AssertionError, match="wrong context"):
        ctx.pop()
    assert ends.count("app") == 1


@pytest.mark.parametrize("kind", ["app_context", "test_request_context"])
def test_pop_in_another_thread(app: Flask, ends: Ends, kind: str) -> None:
    with getattr(app, kind)() as ctx:
        error = in_thread(ctx.pop)
        assert isinstance(error, AssertionError)
        assert "in the thread or task that pushed them" in str(error)
        assert ends == []
        assert current_app._get_current_object() is app
    assert ends[-1] == "app"


def test_nothing_is_active_in_another_thread(app: Flask) -> None:
    with app.test_request_context():
        assert in_thread(active) == (None, None)


def test_a_context_pushed_in_two_threads_ends_with_the_last_pop(app: Flask, ends: Ends) -> None:
    ctx = app.test_request_context("/both")

    def work() -> tuple[str | None, str | None]:
        with ctx:
            return active()

    with ctx:
        assert in_thread(work) == (app.name, "/both")
        assert ends == []
    assert ends == ["request", "app"]


def test_context_that_a_with_body_left_is_ended_with_it(app: Flask, other: Flask, ends: Ends) -> None:
    others_ends = note_ends(other)
    for ctx in (app.app_context(), app.test_request_context("/outer")):
        ends.clear()
        with pytest.raises(AssertionError, match=r"/left.*was pushed while.*not popped before that ended.*`with`"), ctx:
            other.test_request_context("/left").push()
        assert active() == (None, None)
        assert ends[-1] == "app"
    assert others_ends == ["request", "app"] * 2


@since_0_10
def test_all_that_was_left_is_reported_and_ended(app: Flask, ends: Ends) -> None:
    def leave_contexts() -> None:
        app.test_request_context("/first").push()
        flask._request_ctx_stack.push("an object of a program")
        app.test_request_context("/second").push()

    with pytest.raises(ExceptionGroup) as caught, app.test_request_context("/outer"):
        leave_contexts()
    assert [type(error) for error in caught.value.exceptions] == [AssertionError] * 3
    assert ends == ["request", "request", "request", "app"]
    assert active() == (None, None)


@since_0_10
def test_error_of_a_with_body_is_not_replaced_because_a_context_was_left(app: Flask, ends: Ends) -> None:
    def leave_context_and_fail() -> None:
        app.test_request_context("/left").push()
        raise ValueError("in the body")

    with pytest.raises(ValueError, match="in the body"), app.test_request_context("/outer"):
        leave_context_and_fail()
    error = " ValueError('in the body')"
    assert ends == ["request" + error, "request" + error, "app" + error]
    assert active() == (None, None)


# What programs and extensions do with contexts


@pytest.mark.parametrize("kind", ["app_context", "test_request_context"])
def test_any_attribute_may_be_stored_on_a_context(app: Flask, kind: str) -> None:
    with getattr(app, kind)() as ctx:
        proxy = app_ctx if kind == "app_context" else request_ctx
        proxy.connection = "open"
        assert ctx.connection == "open"
        del proxy.connection
        assert not hasattr(ctx, "connection")


@pytest.mark.parametrize("kind", ["app_context", "test_request_context"])
def test_contexts_are_weakly_referable_and_hashable(app: Flask, kind: str) -> None:
    ctx = getattr(app, kind)()
    kept = weakref.WeakKeyDictionary({ctx: "something"})
    with ctx:
        assert kept[ctx] == "something"
    del ctx
    assert len(kept) == 0


def test_representation_of_contexts(app: Flask, other: Flask) -> None:
    assert repr(other.app_context()) == "<AppContext of other>"
    assert repr(other.test_request_context("/x?y=1", method="POST")) == (
        "<RequestContext 'http://localhost/x?y=1' [POST] of other>"
    )


def test_subclass_that_hooks_into_the_matching(app: Flask) -> None:
    class Lenient(RequestContext):
        def match_request(self) -> None:
            super().match_request()
            if self.request.routing_exception is not None:
                self.request.routing_exception = None
                self.request.url_rule = app.url_map._rules_by_endpoint["index"][0]
                self.request.view_args = {}

    app.add_url_rule("/", "index", lambda: "the index")
    app.request_context = lambda environ: Lenient(app, environ)
    assert app.test_client().get("/anything").text == "the index"


# Commands


def test_command_runs_in_an_app_context_that_ends_with_it(app: Flask, ends: Ends) -> None:
    @app.cli.command()
    def work() -> None:
        g.name = "of the command"
        click.echo(f"{active()} {ends}")

    @app.cli.command()
    def fail() -> None:
        raise ValueError("of the command")

    assert app.test_cli_runner().invoke(args=["work"]).output == f"{(app.name, None)} []\n"
    assert ends == ["app"]
    assert isinstance(app.test_cli_runner().invoke(args=["fail"]).exception, ValueError)
    assert [end.partition(" ")[0] for end in ends] == ["app", "app"]  # before 8.2, click tells nothing of the error
    assert active() == (None, None)
