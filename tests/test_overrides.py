"""Every stage of a request may be overridden in a subclass, and replaced on the class or the instance at any time."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import typing as t

import pytest

import flask
from flask import Flask, Response, eras, render_template_string, session
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient

# What a request to each path calls, whatever the framework takes for a shortcut where nothing is overridden.
WAY_OF_A_REQUEST = [
    "wsgi_app",
    "request_context",
    "create_url_adapter",
    "full_dispatch_request",
    "preprocess_request",
    "dispatch_request",
    "finalize_request",
    "make_response",
    "process_response",
    "do_teardown_request",
    "do_teardown_appcontext",
]
PATHS = {
    "/": [],
    "/nowhere": ["raise_routing_exception", "handle_user_exception", "handle_http_exception"],
    "/abort": ["handle_user_exception", "trap_http_exception", "handle_http_exception"],
    "/raise": ["handle_user_exception"],
    "/fail": ["handle_user_exception", "handle_exception", "log_exception", "should_ignore_error"],
    "/template": ["update_template_context"],
    "/link": ["url_for", "inject_url_defaults"],
    "/broken-link": ["url_for", "handle_url_build_error"],
    "/session": ["open_session", "save_session"],
    "/hook": ["ensure_sync"],
    "/async": ["ensure_sync", "async_to_sync"],
    "/static/nothing.txt": ["send_static_file"],
}
STAGES = sorted({*WAY_OF_A_REQUEST, *(name for names in PATHS.values() for name in names)})
STAGES_BY_PATH = [(path, name) for path, names in PATHS.items() for name in [*WAY_OF_A_REQUEST, *names]]


def declare(app: Flask) -> Flask:
    """Give an application a page for each path, which says what it says without any override."""
    app.config.update(SECRET_KEY="test key", PROPAGATE_EXCEPTIONS=False)
    app.logger.disabled = True
    pages: dict[str, t.Callable[[], t.Any]] = {
        "/": lambda: "index",
        "/abort": lambda: flask.abort(403),
        "/raise": lambda: {}["missing"],
        "/fail": lambda: 1 / 0,
        "/template": lambda: render_template_string("template"),
        "/link": lambda: flask.url_for("/"),
        "/broken-link": lambda: flask.url_for("nowhere"),
        "/session": lambda: str(session.setdefault("number", 1)),
        "/hook": lambda: "hook",
    }
    for path, view in pages.items():
        app.add_url_rule(path, endpoint=path.replace(".", "_"), view_func=view)

    @app.route("/async")
    async def page() -> str:
        await asyncio.sleep(0)
        return "async"

    app.errorhandler(KeyError)(lambda error: "handled")
    app.url_build_error_handlers.append(lambda error, endpoint, values: "unbuilt")
    app.before_request(lambda: None)
    app.after_request(lambda response: response)
    app.teardown_request(lambda exc: None)
    app.teardown_appcontext(lambda exc: None)
    return app


ANSWERS = {
    "/": (200, "index"),
    "/nowhere": (404, None),
    "/abort": (403, None),
    "/raise": (200, "handled"),
    "/fail": (500, None),
    "/template": (200, "template"),
    "/link": (200, "/"),
    "/broken-link": (200, "unbuilt"),
    "/session": (200, "1"),
    "/hook": (200, "hook"),
    "/async": (200, "async"),
    "/static/nothing.txt": (404, None),
}


def check(app: Flask, path: str) -> None:
    status, text = ANSWERS[path]
    response = app.test_client().get(path)
    assert response.status_code == status
    assert text is None or response.text == text


def noting(original: t.Callable[..., t.Any], calls: list[str]) -> t.Callable[..., t.Any]:
    """A function that notes its calls and does what the original does."""

    @functools.wraps(original)
    def replacement(*args: t.Any, **kwargs: t.Any) -> t.Any:
        calls.append(original.__name__)
        return original(*args, **kwargs)

    return replacement


# Overridden in a subclass


def overriding(name: str, calls: list[str]) -> type[Flask]:
    """A subclass that overrides a method and calls that of Flask by super()."""

    def override(self: Flask, *args: t.Any, **kwargs: t.Any) -> t.Any:
        calls.append(name)
        return getattr(super(subclass, self), name)(*args, **kwargs)

    subclass = type("Subclass", (Flask,), {name: override})
    return subclass


@pytest.mark.parametrize(("path", "stage"), STAGES_BY_PATH)
def test_overridden_in_a_subclass(path: str, stage: str) -> None:
    calls: list[str] = []
    app = declare(overriding(stage, calls)(__name__))
    calls.clear()
    check(app, path)
    assert stage in calls


def test_overridden_in_a_subclass_of_a_subclass_and_by_a_mixin() -> None:
    calls: list[str] = []

    class Mixin:
        def process_response(self, response: Response) -> Response:
            calls.append("mixin")
            return super().process_response(response)  # type: ignore[misc]

    class Middle(Flask):
        def process_response(self, response: Response) -> Response:
            calls.append("middle")
            return super().process_response(response)

    class Last(Mixin, Middle):
        pass

    check(declare(Last(__name__)), "/")
    assert calls == ["mixin", "middle"]


def test_all_stages_overridden_at_once_are_called_in_their_order() -> None:
    calls: list[str] = []
    subclass = Flask
    for stage in STAGES:
        subclass = type("Subclass", (subclass,), {stage: noting(getattr(Flask, stage), calls)})
    app = declare(subclass(__name__))
    calls.clear()
    check(app, "/")
    assert [call for call in calls if call != "ensure_sync"] == [
        *("wsgi_app", "request_context", "open_session", "create_url_adapter"),
        *("full_dispatch_request", "preprocess_request", "dispatch_request"),
        *("finalize_request", "make_response", "process_response", "save_session"),
        *("do_teardown_request", "do_teardown_appcontext"),
    ]


# Replaced at run time


@pytest.mark.parametrize(("path", "stage"), STAGES_BY_PATH)
def test_replaced_on_the_class_at_run_time(monkeypatch: pytest.MonkeyPatch, path: str, stage: str) -> None:
    calls: list[str] = []
    app = declare(Flask(__name__))
    check(app, path)
    monkeypatch.setattr(Flask, stage, noting(getattr(Flask, stage), calls))
    check(app, path)
    assert stage in calls
    monkeypatch.undo()
    calls.clear()
    check(app, path)
    assert calls == []


@pytest.mark.parametrize(("path", "stage"), STAGES_BY_PATH)
def test_replaced_on_the_instance_at_run_time(path: str, stage: str) -> None:
    calls: list[str] = []
    app = declare(Flask(__name__))
    check(app, path)
    setattr(app, stage, noting(getattr(app, stage), calls))
    if stage == "send_static_file":
        assert app.send_static_file.__name__ == stage  # what the rule calls was settled when it was registered
    check(app, path)
    assert stage in calls
    delattr(app, stage)
    calls.clear()
    check(app, path)
    assert calls == []


@pytest.mark.parametrize(
    "stage", ["create_url_adapter", "do_teardown_request", "do_teardown_appcontext", "open_session", "save_session"]
)
@pytest.mark.parametrize("where", ["subclass", "class", "instance"])
def test_replaced_where_nothing_else_asks_for_it(monkeypatch: pytest.MonkeyPatch, stage: str, where: str) -> None:
    """A shortcut may be taken only where the method is the framework's own."""
    calls: list[str] = []
    app = (overriding(stage, calls) if where == "subclass" else Flask)(__name__)
    app.add_url_rule("/", endpoint="index", view_func=lambda: "index")
    app.secret_key = "test key"
    assert app.test_client().get("/").text == "index"
    if where != "subclass":
        owner = Flask if where == "class" else app
        monkeypatch.setattr(owner, stage, noting(getattr(owner, stage), calls))
        assert app.test_client().get("/").text == "index"
    assert set(calls) == {stage}


@pytest.mark.parametrize("method", ["open_session", "save_session"])
@pytest.mark.parametrize("where", ["subclass", "class", "instance"])
def test_sessions_of_a_changed_interface_are_opened_and_saved_though_nobody_looks_at_them(
    monkeypatch: pytest.MonkeyPatch, app: Flask, client: FlaskClient, method: str, where: str
) -> None:
    calls: list[str] = []
    app.add_url_rule("/", endpoint="index", view_func=lambda: "index")
    replacement = noting(getattr(SecureCookieSessionInterface, method), calls)
    if where == "class":
        monkeypatch.setattr(SecureCookieSessionInterface, method, replacement)
    elif where == "subclass":
        app.session_interface = type("Mine", (SecureCookieSessionInterface,), {method: replacement})()
    else:
        app.session_interface = SecureCookieSessionInterface()
        setattr(app.session_interface, method, functools.partial(replacement, app.session_interface))
    client.get("/")
    assert calls == [method]


def test_replaced_on_the_class_of_a_subclass_while_another_application_is_not() -> None:
    class Mine(Flask):
        pass

    mine, other = declare(Mine(__name__)), declare(Flask(__name__))
    check(mine, "/")
    Mine.dispatch_request = lambda self: "replaced"  # type: ignore[method-assign]
    assert mine.test_client().get("/").text == "replaced"
    check(other, "/")


def test_push_of_a_context_class_of_the_programs_own_is_called(app, client):
    pushed = []

    class Noting(flask.ctx.RequestContext):
        def push(self):
            pushed.append(self.request.path)
            super().push()

    app.request_context = lambda environ: Noting(app, environ)
    app.add_url_rule("/here", "here", lambda: flask.request.endpoint)
    assert client.get("/here").text == "here"
    assert pushed == ["/here"]
    assert not flask.has_request_context()


@pytest.fixture
def noted(monkeypatch):
    """Note the calls of methods that replace those of a class, and call those."""
    calls = []

    def note(cls, *names):
        for name in names:
            original = getattr(cls, name)

            def replacement(self, *args, name=name, original=original):
                calls.append(f"{cls.__name__}.{name}")
                return original(self, *args)

            monkeypatch.setattr(cls, name, replacement)

    note.calls = calls
    return note


@pytest.mark.parametrize("names", [["push"], ["pop"], ["push", "pop"]])
@pytest.mark.parametrize("cls", [flask.ctx.RequestContext, flask.ctx.AppContext])
def test_methods_that_are_replaced_on_a_context_class_of_ours_are_called(app, client, noted, cls, names):
    app.testing = False
    ends = []
    app.teardown_request(lambda exc: ends.append("request"))
    app.teardown_appcontext(lambda exc: ends.append("app"))
    app.add_url_rule("/fine", "fine", lambda: flask.g.setdefault("answer", "fine"))
    app.add_url_rule("/fail", "fail", lambda: 1 // 0)
    app.add_url_rule("/lines", "lines", lambda: flask.stream_with_context(line for line in ("a", flask.request.path)))
    app.logger.disabled = True
    noted(cls, *names)
    for path, text in (("/fine", "fine"), ("/fail", "Internal Server Error"), ("/lines", "a/lines")):
        assert text in client.get(path).text
        if path != "/lines" or cls is flask.ctx.AppContext or names == ["push"]:
            assert noted.calls == [f"{cls.__name__}.{name}" for name in names]
        assert ends == ["request", "app"]
        assert not flask.has_app_context()
        noted.calls.clear()
        ends.clear()
    app.logger.disabled = False
    with app.test_request_context():
        assert flask.current_app == app
    assert noted.calls == [f"{cls.__name__}.{name}" for name in names]


def test_replaced_methods_of_an_application_context_announce_it_once(app, client, noted):
    announced = []
    app.add_url_rule("/", "index", lambda: "index")
    noted(flask.ctx.AppContext, "push", "pop")
    signals = (flask.appcontext_pushed, flask.appcontext_tearing_down, flask.appcontext_popped)
    with contextlib.ExitStack() as stack:
        for signal in signals:
            stack.enter_context(signal.connected_to(lambda sender, s=signal.name, **rest: announced.append(s), app))
        assert client.get("/").text == "index"
    assert announced == [signal.name for signal in signals]


def test_a_replaced_pop_of_an_application_context_that_raises(app, client, monkeypatch):
    pop = flask.ctx.AppContext.pop

    def failing(self, *args):
        pop(self, *args)
        raise LookupError("at the end")

    app.add_url_rule("/", "index", lambda: "index")
    monkeypatch.setattr(flask.ctx.AppContext, "pop", failing)
    with pytest.raises(LookupError, match="at the end"):
        client.get("/")
    assert not flask.has_app_context()


def test_an_application_context_around_a_request_is_shared_whatever_is_replaced(app, client, noted):
    app.add_url_rule("/", "index", lambda: flask.g.answer)
    noted(flask.ctx.AppContext, "push", "pop")
    with app.app_context():
        flask.g.answer = "shared"
        assert eras.is_old("request_owns_g") or client.get("/").text == "shared"
        noted.calls.clear()
    assert noted.calls == ["AppContext.pop"]
