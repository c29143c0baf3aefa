"""An exception at any stage has the same end by ASGI as by WSGI: answered by 500 and logged once, or raised."""

from __future__ import annotations

import asyncio
import gc
import logging
import typing as t
import weakref

import pytest

import flask
from flask import Flask, Response, render_template_string, request, session, stream_with_context
from flask.sessions import SecureCookieSession, SessionInterface

from .server import DISCONNECT, Exchange, Message, of_kind, run, serve


class Mistake(Exception):
    """What the stage in question raises."""


def fail(*args: t.Any, **kwargs: t.Any) -> t.NoReturn:
    raise Mistake("a mistake")


class Sessions(SessionInterface):
    """Sessions that cannot be opened, or saved."""

    def __init__(self, fails_at: str) -> None:
        self.fails_at = fails_at

    def open_session(self, app: Flask, request: flask.Request) -> SecureCookieSession:
        if self.fails_at == "open":
            fail()
        return SecureCookieSession()

    def save_session(self, app: Flask, session: t.Any, response: Response) -> None:
        if self.fails_at == "save":
            fail()


HOOKS = [
    *("url_value_preprocessor", "before_request", "after_request", "teardown_request", "teardown_appcontext"),
    "context_processor",
]
HANDLERS: dict[str, t.Any] = {"handler": LookupError, "handler of 404": 404, "handler of 500": 500}
SIGNALS = [
    *("request_started", "request_finished", "got_request_exception", "request_tearing_down"),
    *("appcontext_tearing_down", "appcontext_pushed", "appcontext_popped", "template_rendered"),
]
VIEWS = [
    *("view", "after_this_request", "no response", "bad status", "call_on_close", "abort", "exit"),
    *("generator at start", "generator in the middle", "generator at close"),
    *("async generator at start", "async generator in the middle", "async generator at close"),
    *("held generator in the middle", "held async generator in the middle", "held generator and teardown"),
]
STAGES = [*HOOKS, *HANDLERS, *SIGNALS, *VIEWS, "session open", "session save", "two teardowns", "default handler"]


def generator(place: str) -> t.Iterator[str]:
    if place == "at start":
        fail()
    try:
        yield "first"
        if place == "in the middle":
            fail()
        yield "second"
    finally:
        if place == "at close":
            fail()


async def async_generator(place: str) -> t.AsyncIterator[str]:
    await asyncio.sleep(0)
    if place == "at start":
        fail()
    try:
        yield "first"
        await asyncio.sleep(0)
        if place == "in the middle":
            fail()
        yield "second"
    finally:
        if place == "at close":
            fail()


class Failing:
    """An application that fails at one stage, and what it noted."""

    def __init__(self, stage: str, kind: str, **config: t.Any) -> None:
        self.app = app = Flask(__name__)
        app.config.update(SECRET_KEY="test key", **config)
        self.stage, self.log = stage, []
        failing = of_kind(kind, lambda *args, **kwargs: fail())  # of its own, since receivers of signals live as long
        app.teardown_request(self._note("request"))
        app.teardown_appcontext(self._note("app"))
        if stage in HOOKS:
            getattr(app, stage)(failing)
        elif stage in HANDLERS:
            app.register_error_handler(HANDLERS[stage], failing)
        elif stage in SIGNALS:
            self.failing = failing
            getattr(flask, stage).connect(failing, app)
        elif stage.startswith("session "):
            app.session_interface = Sessions(stage.removeprefix("session "))
        elif stage == "two teardowns":
            app.teardown_request(failing)
            app.teardown_appcontext(of_kind(kind, self._other_failure))
        elif stage in ("default handler", "held generator and teardown"):
            app.register_error_handler(ZeroDivisionError, failing)
            if stage != "default handler":
                app.teardown_request(failing)
        app.add_url_rule("/", "view", of_kind(kind, self.view))

    def _note(self, what: str) -> t.Callable[[BaseException | None], None]:
        def tear_down(exc: BaseException | None) -> None:
            self.log.append(f"{what} {type(exc).__name__}")

        return tear_down

    def _other_failure(self, exc: BaseException | None) -> None:
        raise KeyError("another mistake")

    def view(self) -> t.Any:
        stage = self.stage
        if stage == "view":
            fail()
        elif stage == "after_this_request":
            flask.after_this_request(fail)
        elif stage in ("handler", "handler of 500", "got_request_exception"):
            raise LookupError
        elif stage == "no response":
            return None
        elif stage == "bad status":
            return "text", "no status", {}, 5
        elif stage == "abort":
            flask.abort(418)
        elif stage == "exit":
            raise SystemExit(3)
        elif stage == "call_on_close":
            response = Response("text")
            response.call_on_close(fail)
            return response
        elif stage == "session save":
            session["a"] = 1
        elif stage in ("context_processor", "template_rendered"):
            return render_template_string("text")
        elif "generator" in stage:
            place = next((place for place in ("at start", "in the middle", "at close") if place in stage), "")
            items: t.Any = async_generator(place) if "async" in stage else generator(place)
            return stream_with_context(items) if stage.startswith("held") else items
        return "text"

    def outcome(self, protocol: str, caplog: pytest.LogCaptureFixture) -> list[t.Any]:
        """What the client, the log and the teardown functions saw."""
        self.log.clear()
        caplog.clear()
        path = "/none" if self.stage == "handler of 404" else "/"
        result: list[t.Any]
        try:
            if protocol == "wsgi":
                response = self.app.test_client(protocol="wsgi").get(path, buffered=True)
                result = [response.status_code, response.data]
            else:
                answer = serve(self.app, path)
                result = [answer.status, answer.body]
        except BaseException as error:
            result = [described(error)]
        logged = [
            (record.levelname, described(record.exc_info[1] if record.exc_info else None)) for record in caplog.records
        ]
        return [*result, logged, self.log]


def described(error: BaseException | None) -> t.Any:
    inner = [described(one) for one in error.exceptions] if isinstance(error, BaseExceptionGroup) else str(error)
    return type(error).__name__, inner


@pytest.mark.parametrize("propagates", [False, True])
@pytest.mark.parametrize("stage", STAGES)
def test_as_by_wsgi(stage: str, kind: str, placing: str, propagates: bool, caplog: pytest.LogCaptureFixture) -> None:
    failing = Failing(stage, kind, ASGI_SYNC=placing, PROPAGATE_EXCEPTIONS=propagates)
    caplog.set_level(logging.WARNING)
    by_wsgi = failing.outcome("wsgi", caplog)
    assert failing.outcome("asgi", caplog) == by_wsgi
    again = failing.outcome("asgi", caplog)
    assert again == by_wsgi
    caplog.clear()


def test_an_exception_is_logged_once(app: Flask, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    app.add_url_rule("/", "view", of_kind(kind, fail))
    answer = serve(app)
    assert answer.status == 500
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert caplog.records[0].exc_info is not None
    assert caplog.records[0].exc_info[0] is Mistake


def test_a_server_that_fails_to_send(app: Flask, kind: str) -> None:
    """Other errors than OSError are the server's own, and it gets them back; streams are closed all the same."""
    log: list[str] = []

    def items() -> t.Iterator[str]:
        try:
            yield "first"
            yield "second"
        finally:
            log.append("closed")

    def view() -> t.Any:
        return stream_with_context(items())

    app.add_url_rule("/", "view", of_kind(kind, view))
    app.teardown_request(lambda exc: log.append("teardown"))

    def taken(message: Message) -> None:
        if message.get("body"):
            raise Mistake

    with pytest.raises(Mistake):
        serve(app, taken=taken)
    assert log == ["closed", "teardown"]


@pytest.mark.parametrize("error", [Mistake(), OSError()])
def test_a_server_that_fails_to_receive(app: Flask, kind: str, error: Exception) -> None:
    """While the request waits for the disconnect, the failure of that must not go unheard nor change the answer."""

    async def view() -> str:
        for _ in range(5):
            await asyncio.sleep(0)
        return "done"

    app.add_url_rule("/", "view", view)
    if kind == "sync":
        app.before_request(lambda: None)
    answer = serve(app, script=[error])
    assert (answer.status, answer.text) == (200, "done")


def test_a_request_and_its_objects_are_freed(app: Flask, kind: str) -> None:
    """Without the garbage collector's help, after a success and after a failure that was answered."""
    alive: list[weakref.ref[t.Any]] = []

    def view() -> str:
        alive.append(weakref.ref(request._get_current_object()))
        if request.args:
            fail()
        return "done"

    app.add_url_rule("/", "view", of_kind(kind, view))
    app.logger.disabled = True
    gc.collect()
    gc.disable()
    try:
        for path in ("/", "/", "/?fail=1"):
            serve(app, path)
            gone = [ref() for ref in alive] == [None] * len(alive)
            if not path.endswith("1"):
                assert gone
    finally:
        gc.enable()
        app.logger.disabled = False
    gc.collect()
    assert [ref() for ref in alive] == [None] * 3


def test_an_exception_after_the_client_left(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """The developer is told of the mistake, though nobody gets the 500."""
    going_on = asyncio.Event()

    @app.get("/")
    def view() -> t.Any:
        fail()

    app.before_request(going_on.wait)

    async def scenario() -> None:
        exchange = Exchange(app, script=[asyncio.Event(), DISCONNECT]).start()
        await asyncio.sleep(0)
        going_on.set()
        await exchange.finish()

    run(scenario(), app)
    assert "ERROR" in [record.levelname for record in caplog.records]
