"""The end of a request: teardown functions run once, all of them, whatever failed before, and nothing stays active."""

from __future__ import annotations

import contextlib
import io
import typing as t
from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import create_environ

import flask
from flask import Flask, Response, abort, current_app, eras, g, has_app_context, has_request_context, request
from flask.sessions import SecureCookieSessionInterface

since_0_10 = pytest.mark.skipif(eras.is_old("request_owns_g"), reason="`g` belonged to the request before 0.10")


class Broken(Exception):
    """What a stage raises in these tests."""


class Ends:
    """Sends requests as a server does, and notes what the teardown functions are handed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.log: list[tuple[str, BaseException | None]] = []
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.add_url_rule("/", "index", lambda: "the index")
        app.teardown_request(lambda exc: self.log.append(("request", exc)))
        app.teardown_appcontext(lambda exc: self.log.append(("app", exc)))

    def send(self, path: str = "/") -> str | BaseException:
        """What the answer was: its status, or what was raised out of the application."""
        self.log.clear()
        statuses: list[str] = []
        try:
            body = self.app(create_environ(path), lambda status, headers: statuses.append(status))
            b"".join(body)
            getattr(body, "close", lambda: None)()
        except BaseException as error:
            return error
        finally:
            assert not has_request_context()
            assert not has_app_context()
        return statuses[0]

    def were(self, *expected: tuple[str, type[BaseException] | None]) -> bool:
        return [(what, type(exc) if exc is not None else None) for what, exc in self.log] == list(expected)


@pytest.fixture
def ends(app: Flask) -> Ends:
    return Ends(app)


def fail(*args: t.Any, **kwargs: t.Any) -> t.NoReturn:
    raise Broken


NORMAL = (("request", None), ("app", None))
FAILED = (("request", Broken), ("app", Broken))
SERVER_ERROR = "500 INTERNAL SERVER ERROR"


def test_order(app: Flask, ends: Ends) -> None:
    steps: list[str] = []
    blueprint = flask.Blueprint("blueprint", __name__)
    blueprint.teardown_request(lambda exc: steps.append("blueprint"))
    for name in ("first", "second"):
        app.teardown_request(lambda exc, name=name: steps.append(f"request {name}"))
        app.teardown_appcontext(lambda exc, name=name: steps.append(f"app {name}"))
    blueprint.add_url_rule("/own", "own", lambda: "")
    app.register_blueprint(blueprint)
    ends.send("/own")
    assert steps == ["blueprint", "request second", "request first", "app second", "app first"]


def test_what_is_active_for_teardown_functions(app: Flask, ends: Ends) -> None:
    seen: list[t.Any] = []
    app.before_request(lambda: setattr(g, "name", "Ada"))
    app.teardown_request(lambda exc: seen.append((request.path, g.name, current_app._get_current_object())))
    app.teardown_appcontext(lambda exc: seen.append((has_request_context(), g.name, current_app._get_current_object())))
    ends.send("/")
    assert seen == [("/", "Ada", app), (False, "Ada", app)]


def test_teardown_runs_before_the_body_is_sent(app: Flask, ends: Ends) -> None:
    app.view_functions["index"] = lambda: (str(len(ends.log)) for _ in range(2))
    body = app(create_environ("/"), lambda status, headers: None)
    assert ends.were(*NORMAL)
    assert list(body) == [b"2", b"2"]
    body.close()
    assert ends.were(*NORMAL)


@pytest.mark.parametrize(("path", "status"), [("/", "200 OK"), ("/nothing", "404 NOT FOUND")])
def test_nothing_failed(ends: Ends, path: str, status: str) -> None:
    assert ends.send(path) == status
    assert ends.were(*NORMAL)


def test_an_error_that_was_handled_is_not_handed_over(app: Flask, ends: Ends) -> None:
    app.register_error_handler(Broken, lambda error: "handled")
    app.add_url_rule("/broken", "broken", fail)
    app.add_url_rule("/abort", "abort", lambda: abort(503))
    assert ends.send("/broken") == "200 OK"
    assert ends.were(*NORMAL)
    assert ends.send("/abort") == "503 SERVICE UNAVAILABLE"
    assert ends.were(*NORMAL)


# Each stage that can fail. A stage is prepared to fail by a function of the application.

Stage = Callable[[Flask], t.Any]


def opening_the_session(app: Flask) -> None:
    class Interface(SecureCookieSessionInterface):
        open_session = fail

    app.session_interface = Interface()


def saving_the_session(app: Flask) -> None:
    class Interface(SecureCookieSessionInterface):
        save_session = fail

    app.session_interface = Interface()


def matching(app: Flask) -> None:
    class Context(flask.ctx.RequestContext):
        match_request = fail

    app.request_context = lambda environ: Context(app, environ)


def view(app: Flask) -> None:
    app.view_functions["index"] = fail


def return_value(app: Flask) -> None:
    app.view_functions["index"] = fail
    app.register_error_handler(Broken, fail)


def handler_for_the_status(app: Flask) -> None:
    app.register_error_handler(418, fail)
    app.view_functions["index"] = lambda: abort(418)


def before_the_first_request(app: Flask) -> None:
    app.before_first_request(fail)


STAGES: dict[str, Stage] = {
    "opening the session": opening_the_session,
    "matching": matching,
    "before the first request": before_the_first_request,
    "url_value_preprocessor": lambda app: app.url_value_preprocessor(fail),
    "before_request": lambda app: app.before_request(fail),
    "view": view,
    "error handler": return_value,
    "handler for a status": handler_for_the_status,
    "after_request": lambda app: app.after_request(fail),
    "saving the session": saving_the_session,
}

every_stage = pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)


@every_stage
def test_stage_that_fails(app: Flask, ends: Ends, stage: Stage) -> None:
    stage(app)
    assert ends.send() == SERVER_ERROR
    assert ends.were(*FAILED)


@every_stage
def test_stage_that_fails_where_errors_are_raised(app: Flask, ends: Ends, stage: Stage) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = True
    stage(app)
    error = ends.send()
    assert isinstance(error, Broken)
    assert ends.log == [("request", error), ("app", error)]


@every_stage
def test_stage_that_fails_where_the_handler_for_500_fails_too(app: Flask, ends: Ends, stage: Stage) -> None:
    class WorseError(Exception):
        pass

    def handle(error: Exception) -> t.NoReturn:
        raise WorseError

    app.register_error_handler(500, handle)
    stage(app)
    error = ends.send()
    assert isinstance(error, WorseError)
    assert isinstance(error.__context__, Broken)
    assert ends.were(*FAILED)  # the request failed before its handler did


SIGNALS = {
    "request_started": flask.request_started,
    "request_finished": flask.request_finished,
    "appcontext_pushed": flask.appcontext_pushed,
}


@pytest.mark.parametrize("signal", SIGNALS.values(), ids=SIGNALS)
def test_receiver_that_fails(app: Flask, ends: Ends, signal: t.Any) -> None:
    with signal.connected_to(fail, app):
        assert ends.send() == SERVER_ERROR
    assert ends.were(*FAILED)


def test_receiver_of_the_error_that_fails(app: Flask, ends: Ends) -> None:
    class WorseError(Exception):
        pass

    def receive(sender: Flask, exception: Exception) -> t.NoReturn:
        raise WorseError

    view(app)
    with flask.got_request_exception.connected_to(receive, app):
        error = ends.send()
    assert isinstance(error, WorseError)
    assert ends.were(*FAILED)


def test_context_that_is_pushed_by_hand_and_fails(app: Flask, ends: Ends) -> None:
    with flask.appcontext_pushed.connected_to(fail, app):
        with pytest.raises(Broken):
            app.app_context().push()
        assert ends.were(("app", Broken))
        with pytest.raises(Broken):
            app.test_request_context().push()
    assert ends.were(("app", Broken), *FAILED)
    opening_the_session(app)
    with pytest.raises(Broken):
        app.test_request_context().push()
    assert not has_app_context()
    assert ends.were(("app", Broken), *FAILED, *FAILED)


def test_response_that_cannot_be_started(app: Flask, ends: Ends) -> None:
    with pytest.raises(Broken):
        app(create_environ("/"), fail)
    assert ends.were(*FAILED)
    assert not has_app_context()


def test_response_that_cannot_be_made(app: Flask, ends: Ends) -> None:
    app.view_functions["index"] = lambda: 5
    assert ends.send() == SERVER_ERROR
    assert ends.were(("request", TypeError), ("app", TypeError))


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_interrupt(app: Flask, ends: Ends, interrupt: type[BaseException]) -> None:
    def view() -> t.NoReturn:
        raise interrupt

    app.view_functions["index"] = view
    error = ends.send()
    assert type(error) is interrupt
    assert ends.log == [("request", error), ("app", error)]


# Errors that are not to be handed over


def test_error_to_be_ignored(app: Flask, ends: Ends) -> None:
    asked: list[t.Any] = []
    app.should_ignore_error = lambda error: asked.append(error) or True
    view(app)
    assert ends.send() == SERVER_ERROR
    assert [type(error) for error in asked] == [Broken]
    assert ends.were(*NORMAL)
    app.view_functions["index"] = lambda: "no error"
    assert ends.send() == "200 OK"
    assert len(asked) == 1


def test_asking_whether_to_ignore_fails(app: Flask, ends: Ends) -> None:
    def ask(error: BaseException) -> t.NoReturn:
        raise LookupError("asked")

    app.should_ignore_error = ask
    view(app)
    assert isinstance(ends.send(), LookupError)
    assert ends.were(*FAILED)


# Teardown functions that fail


@pytest.mark.parametrize("kind", ["teardown_request", "teardown_appcontext"])
def test_one_teardown_function_that_fails(app: Flask, ends: Ends, kind: str) -> None:
    getattr(app, kind)(fail)
    assert isinstance(ends.send(), Broken)
    assert ends.were(*NORMAL)


def test_several_teardown_functions_that_fail(app: Flask, ends: Ends) -> None:
    def stop(exc: BaseException | None) -> t.NoReturn:
        raise LookupError("in the teardown")

    app.teardown_request(fail)
    app.teardown_request(stop)
    app.teardown_appcontext(stop)
    error = ends.send()
    assert isinstance(error, ExceptionGroup)
    assert [type(leaf) for leaf in leaves(error)] == [LookupError, Broken, LookupError]
    assert ends.were(*NORMAL)


def test_interrupt_among_teardown_functions_that_fail(app: Flask, ends: Ends) -> None:
    def stop(exc: BaseException | None) -> t.NoReturn:
        raise KeyboardInterrupt

    app.teardown_request(fail)
    app.teardown_request(stop)
    error = ends.send()
    assert isinstance(error, BaseExceptionGroup)
    assert [type(leaf) for leaf in leaves(error)] == [KeyboardInterrupt, Broken]
    assert ends.were(*NORMAL)


def leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors in a group, and in the groups in it."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from leaves(each)
    else:
        yield error


def test_teardown_that_fails_after_the_view_failed(app: Flask, ends: Ends) -> None:
    def stop(exc: BaseException | None) -> t.NoReturn:
        raise LookupError("in the teardown")

    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.teardown_request(stop)
    view(app)
    error = ends.send()
    assert isinstance(error, LookupError)
    assert isinstance(error.__context__, Broken)
    assert ends.were(*FAILED)


TEARDOWN_SIGNALS = {
    "request_tearing_down": flask.request_tearing_down,
    "appcontext_tearing_down": flask.appcontext_tearing_down,
    "appcontext_popped": flask.appcontext_popped,
}


@pytest.mark.parametrize("signal", TEARDOWN_SIGNALS.values(), ids=TEARDOWN_SIGNALS)
def test_receiver_that_fails_at_the_end(app: Flask, ends: Ends, signal: t.Any) -> None:
    with signal.connected_to(fail, app):
        assert isinstance(ends.send(), Broken)
        assert ends.were(*NORMAL)
        with pytest.raises(Broken):
            send_by_hand(app)
    assert not has_app_context()
    assert ends.were(*NORMAL, *NORMAL)


def send_by_hand(app: Flask) -> None:
    with app.test_request_context():
        pass


def test_signals_without_teardown_functions(app: Flask) -> None:
    sent: list[tuple[str, t.Any]] = []
    with contextlib.ExitStack() as stack:
        for name, signal in TEARDOWN_SIGNALS.items():
            receive = lambda sender, name=name, **extra: sent.append((name, extra.get("exc")))  # noqa: E731
            stack.enter_context(signal.connected_to(receive, app))
        with app.test_request_context():
            assert sent == []
    assert sent == [(name, None) for name in TEARDOWN_SIGNALS]


# What programs do in teardown functions, and leave behind


def test_contexts_that_a_teardown_function_left(app: Flask, ends: Ends) -> None:
    other = Flask("other")
    app.teardown_request(lambda exc: other.app_context().push())
    error = ends.send()
    assert isinstance(error, AssertionError)
    assert "<AppContext of other>" in str(error)
    assert ends.were(*NORMAL)


@pytest.mark.parametrize("kind", ["app_context", "test_request_context"])
def test_contexts_that_a_view_left(app: Flask, ends: Ends, kind: str) -> None:
    other = Flask("other")
    others_ends: list[str] = []
    other.teardown_appcontext(lambda exc: others_ends.append("app"))
    app.view_functions["index"] = lambda: getattr(other, kind)().push() or "done"
    error = ends.send()
    assert isinstance(error, AssertionError)
    assert "of other> was pushed while <RequestContext 'http://localhost/' [GET]" in str(error)
    assert ends.were(*NORMAL)
    assert others_ends == ["app"]
    app.view_functions["index"] = lambda: str(flask.g.get("name"))
    assert ends.send() == "200 OK"


@since_0_10
def test_contexts_that_a_failing_view_left(app: Flask, ends: Ends) -> None:
    def leave_and_fail() -> t.NoReturn:
        app.test_request_context("/left").push()
        raise Broken

    app.view_functions["index"] = leave_and_fail
    assert ends.send() == SERVER_ERROR
    assert ends.were(("request", Broken), *FAILED)


def test_teardown_stages_may_be_replaced(app: Flask) -> None:
    called: list[str] = []
    app.do_teardown_request = lambda exc: called.append("request")
    app.do_teardown_appcontext = lambda exc: called.append("app")
    with app.test_request_context():
        pass
    assert called == ["request", "app"]


@since_0_10
def test_request_may_be_sent_by_a_teardown_function(app: Flask, ends: Ends) -> None:
    answers: list[str] = []

    def send_another(exc: BaseException | None) -> None:
        if request.path == "/first":
            answers.append(app.test_client().get("/").text)
            assert request.path == "/first"

    app.add_url_rule("/first", "first", lambda: "")
    app.teardown_request(send_another)
    assert ends.send("/first") == "200 OK"
    assert answers == ["the index"]
    assert ends.were(("request", None), *NORMAL)


# Files of the request


def test_uploaded_files_are_closed_with_the_request(app: Flask) -> None:
    kept: list[t.Any] = []

    @app.route("/upload", methods=["POST"])
    def upload() -> str:
        file = request.files["file"]
        kept.append(file)
        assert not file.closed
        return file.read().decode()

    head = b'--limit\r\nContent-Disposition: form-data; name="file"; filename="name.txt"\r\n\r\n'
    for size in (5, 600_000):  # the larger one is kept on disk
        body = head + b"x" * size + b"\r\n--limit--\r\n"
        answer = app.test_client().post("/upload", data=body, content_type="multipart/form-data; boundary=limit")
        assert len(answer.text) == size
        assert kept[-1].closed


def test_uploaded_files_are_open_in_a_stream(app: Flask) -> None:
    kept: list[t.Any] = []

    @app.route("/upload", methods=["POST"])
    def upload() -> Response:
        kept.append(request.files["file"])
        return Response(flask.stream_with_context(iter(request.files["file"])))

    data = {"file": (io.BytesIO(b"one\ntwo\n"), "name.txt")}
    with app.test_client().post("/upload", data=data) as response:
        assert not kept[0].closed
        assert response.text == "one\ntwo\n"
    assert kept[0].closed


def test_files_that_cannot_be_closed(app: Flask, ends: Ends) -> None:
    class Request(flask.Request):
        close = fail

    app.request_class = Request
    assert isinstance(ends.send(), Broken)
    assert ends.were(*NORMAL)
