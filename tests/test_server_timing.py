"""`SERVER_TIMING`: each response tells how long the parts of its request took, and nothing else changes."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable

import pytest

from flask import Flask, Response, after_this_request, request, session, stream_with_context
from flask._stages import replaced
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient


@pytest.fixture(params=["wsgi", "asgi"])
def protocol(request) -> str:
    return request.param


@pytest.fixture
def timed(app: Flask) -> Flask:
    app.config["SERVER_TIMING"] = True
    return app


def client_of(app: Flask, protocol: str) -> FlaskClient:
    return app.test_client(protocol=protocol)


def parts(response) -> list[str]:
    """The parts that a response tells of, each with its duration checked for its form."""
    (header,) = response.headers.getlist("Server-Timing")
    metrics = header.split(", ")
    assert [m for m in metrics if not re.fullmatch(r"[a-z]+;dur=\d+\.\d{3}", m)] == []
    return [metric.partition(";")[0] for metric in metrics]


def test_off_by_default(app, protocol):
    app.add_url_rule("/", "index", lambda: "Hello")
    client = client_of(app, protocol)
    assert "Server-Timing" not in client.get("/").headers
    assert "Server-Timing" not in client.get("/").headers
    assert not replaced(app)


def test_the_parts_in_their_order(timed, protocol):
    timed.before_request(lambda: None)
    timed.after_request(lambda response: response)

    @timed.route("/")
    def index():
        session["visits"] = session.get("visits", 0) + 1
        return str(session["visits"])

    client = client_of(timed, protocol)
    # The first request is what has the configuration read, when its URL rule was found already.
    assert parts(client.get("/")) == ["before", "view", "after", "session", "total"]
    for visits in ("2", "3"):
        response = client.get("/")
        assert response.text == visits
        assert parts(response) == ["routing", "before", "view", "after", "session", "total"]


def test_what_a_request_has_not_is_not_told(timed, protocol):
    timed.add_url_rule("/", "index", lambda: "Hello")

    @timed.before_request
    def answer():
        return "before" if "early" in request.args else None

    client = client_of(timed, protocol)
    client.get("/")
    assert parts(client.get("/")) == ["routing", "before", "view", "after", "total"]
    assert parts(client.get("/?early")) == ["routing", "before", "after", "total"]


@pytest.mark.parametrize("method", ["get", "head", "options", "post"])
@pytest.mark.parametrize("path", ["/", "/missing", "/fail"])
def test_every_answer_has_it(timed, protocol, method, path):
    timed.config["PROPAGATE_EXCEPTIONS"] = False
    timed.add_url_rule("/", "index", lambda: "Hello")
    timed.add_url_rule("/fail", "fail", lambda: {}["missing"])
    client = client_of(timed, protocol)
    for _ in range(2):
        assert "total" in parts(getattr(client, method)(path))


def test_a_stream_has_it_before_its_body(timed, protocol):
    @timed.route("/")
    def index():
        def pieces():
            yield request.path
            yield "end"

        return stream_with_context(pieces())

    client = client_of(timed, protocol)
    for _ in range(2):
        response = client.get("/")
        assert response.text == "/end"
        assert "total" in parts(response)


def test_a_failing_after_hook(timed, protocol):
    timed.config["PROPAGATE_EXCEPTIONS"] = False
    timed.add_url_rule("/", "index", lambda: "Hello")
    failures = iter([False, True])

    @timed.after_request
    def fail(response):
        if next(failures, False):
            raise ValueError("once")
        return response

    client = client_of(timed, protocol)
    assert client.get("/").status_code == 200
    response = client.get("/")
    assert response.status_code == 500
    assert parts(response) == ["routing", "before", "view", "after", "total"]


def test_it_stands_beside_those_of_the_program(timed, protocol):
    timed.add_url_rule("/", "index", lambda: Response("Hello", headers={"Server-Timing": "db;dur=1.5"}))
    client = client_of(timed, protocol)
    for _ in range(2):
        own, ours = client.get("/").headers.getlist("Server-Timing")
        assert own == "db;dur=1.5"
        assert "total;dur=" in ours


def test_stages_of_the_program_are_called(protocol):
    called: list[str] = []

    class Own(Flask):
        def preprocess_request(self):
            called.append("class")
            return super().preprocess_request()

        def request_context(self, environ):
            called.append("context")
            return super().request_context(environ)

    app = Own(__name__)
    app.config["SERVER_TIMING"] = True
    app.before_request(lambda: called.append("hook"))
    app.add_url_rule("/", "index", lambda: "Hello")
    process_response = app.process_response

    def process(response):
        called.append("instance")
        return process_response(response)

    app.process_response = process
    client = client_of(app, protocol)
    for _ in range(2):
        assert client.get("/").text == "Hello"
        assert called == ["context", "class", "hook", "instance"]
        called.clear()


def test_a_stage_that_is_replaced_later(timed, protocol):
    timed.add_url_rule("/", "index", lambda: "Hello")
    client = client_of(timed, protocol)
    client.get("/")
    ours = timed.process_response

    def process(response):
        response = ours(response)
        response.headers["X-Own"] = "yes"
        return response

    timed.process_response = process
    response = client.get("/")
    assert response.headers["X-Own"] == "yes"
    assert "total" in parts(response)


def test_an_own_session_interface(timed, protocol):
    class Own(SecureCookieSessionInterface):
        def save_session(self, app, session, response):
            response.headers["X-Saved"] = "yes"
            super().save_session(app, session, response)

    timed.session_interface = Own()

    @timed.route("/")
    def index():
        session["user"] = 1
        return "Hello"

    client = client_of(timed, protocol)
    for _ in range(2):
        response = client.get("/")
        assert response.headers["X-Saved"] == "yes"
        assert parts(response)[-2:] == ["session", "total"]


def test_stages_outside_of_a_request_that_is_served(timed, protocol):
    timed.before_request(lambda: "early")
    client_of(timed, protocol).get("/")
    with timed.test_request_context("/"):
        assert timed.preprocess_request() == "early"
        assert "Server-Timing" in timed.process_response(Response()).headers
    with pytest.raises(RuntimeError, match="outside of request context"):
        timed.preprocess_request()


def places(is_timed: bool, functions: str, sync: str) -> list[tuple[str, bool]]:
    """Where each function of a request runs: whether on the event loop.

    :param functions: which of them are async: a letter each, for before, view, after and of the one request.
    """
    app = Flask(__name__)
    app.config.update(SERVER_TIMING=is_timed, ASGI_SYNC=sync)
    found: list[tuple[str, bool]] = []

    def note(name: str) -> None:
        found.append((name, threading.current_thread() is server))

    def function(name: str, is_async: bool, result: Callable) -> Callable:
        async def waiting(*args):
            note(name)
            await asyncio.sleep(0)
            return result(*args)

        def plain(*args):
            note(name)
            return result(*args)

        return waiting if is_async else plain

    before, view, after, own = (letter == "a" for letter in functions)
    app.before_request(function("before", before, lambda: None))
    app.after_request(function("after", after, lambda response: response))
    app.before_request(lambda: after_this_request(function("own", own, lambda response: response)) and None)
    app.add_url_rule("/", "index", function("view", view, lambda: "Hello"))

    server: threading.Thread | None = None

    async def ask() -> None:
        nonlocal server
        server = threading.current_thread()
        client = app.async_test_client()
        for _ in range(2):
            response = await client.get("/")
            assert response.text == "Hello"
            assert ("Server-Timing" in response.headers) is is_timed

    asyncio.run(ask())
    return found


@pytest.mark.parametrize("sync", ["thread", "inline"])
@pytest.mark.parametrize("functions", ["ssss", "sass", "asss", "ssas", "sssa", "aaaa", "asas"])
def test_functions_run_where_they_run_without(functions, sync):
    assert places(True, functions, sync) == places(False, functions, sync)
