"""Contexts that outlive their request: in the `with` body of a test client, and for a debugger."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import threading
import typing as t
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import create_environ

import flask
from flask import Flask, Response, current_app, eras, g, has_app_context, has_request_context, request, session

since_2_2 = pytest.mark.skipif(eras.is_old("client_keeps_context"), reason="contexts were kept alive before 2.2")


class Noted:
    """An application that notes what happens in it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.log: list[str] = []
        app.teardown_request(lambda exc: self.note("request", exc))
        app.teardown_appcontext(lambda exc: self.note("app", exc))
        app.add_url_rule("/stream", "stream", self.stream)
        app.add_url_rule("/boom", "boom", lambda: 1 // 0)
        app.add_url_rule("/<name>", "view", self.view)

    def note(self, what: str, exc: BaseException | None) -> None:
        self.log.append(what + (f" {type(exc).__name__}" if exc is not None else ""))

    def view(self, name: str) -> str:
        self.log.append(f"view {name}")
        g.name = name
        return name

    def stream(self) -> Response:
        return Response(flask.stream_with_context(request.path for _ in range(2)))

    def send(self, path: str, **environ: t.Any) -> None:
        """Send a request as a server does, and let errors go."""
        try:
            body = self.app({**create_environ(path), **environ}, lambda status, headers: None)
            getattr(body, "close", lambda: None)()
        except ZeroDivisionError:
            pass

    def taken(self) -> list[str]:
        log, self.log[:] = self.log[:], []
        return log


@pytest.fixture
def noted(app: Flask) -> Noted:
    return Noted(app)


FAILED = ["request ZeroDivisionError", "app ZeroDivisionError"]


def in_era(era: str, program: str) -> str:
    """What a program prints in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    ).stdout


# The `with` body of a test client


@since_2_2
def test_client_enters_the_context_of_its_request_again(noted: Noted) -> None:
    with noted.app.test_client() as client:
        assert not has_request_context()
        client.get("/a?b=c")
        assert noted.taken() == ["view a", "request", "app"]
        assert request.args["b"] == "c"
        assert g.name == "a"
        assert current_app._get_current_object() is noted.app
        client.get("/d")
        assert noted.taken() == ["request", "app", "view d", "request", "app"]
        assert (request.path, g.name) == ("/d", "d")
    assert noted.taken() == ["request", "app"]
    assert not has_app_context()


def test_client_outside_of_a_with_body_keeps_nothing(noted: Noted) -> None:
    noted.app.test_client().get("/a")
    assert noted.taken() == ["view a", "request", "app"]
    assert not has_app_context()


def test_client_shows_the_session_of_its_request(noted: Noted) -> None:
    @noted.app.before_request
    def count() -> None:
        session["count"] = session.get("count", 0) + 1

    with noted.app.test_client() as client:
        for count in (1, 2):
            client.get("/a")
            assert session["count"] == count


@since_2_2
def test_error_of_the_body_of_a_client_is_not_the_request_s(noted: Noted) -> None:
    def fail_in_the_body() -> None:
        with noted.app.test_client() as client:
            client.get("/a")
            raise ValueError("in the body")

    with pytest.raises(ValueError, match="in the body"):
        fail_in_the_body()
    assert noted.taken() == ["view a", "request", "app", "request", "app"]
    assert not has_app_context()


@since_2_2
def test_request_that_fails_in_the_body_of_a_client(noted: Noted) -> None:
    with noted.app.test_client() as client:
        client.get("/a")
        noted.taken()
        with pytest.raises(ZeroDivisionError):
            client.get("/boom")
        assert noted.taken() == ["request", "app", *FAILED]
        assert not has_request_context()
        noted.app.testing = False
        assert client.get("/boom").status_code == 500
        assert noted.taken() == FAILED
        assert request.path == "/boom"
    assert noted.taken() == ["request", "app"]


@since_2_2
def test_redirects_in_the_body_of_a_client(noted: Noted) -> None:
    noted.app.add_url_rule("/from/here", "redirect", lambda: flask.redirect("/there"))
    with noted.app.test_client() as client:
        client.get("/from/here", follow_redirects=True)
        assert request.path == "/there"
        assert noted.taken() == ["request", "app", "view there", "request", "app"]
    assert noted.taken() == ["request", "app"]


def test_stream_in_the_body_of_a_client_is_torn_down_once(noted: Noted) -> None:
    with noted.app.test_client() as client:
        response = client.get("/stream")
        assert request.path == "/stream"
        assert response.text == "/stream/stream"
        assert noted.taken() == []
    assert noted.taken() == ["request", "app"]


def test_two_clients_nest(noted: Noted) -> None:
    with noted.app.test_client() as outer, noted.app.test_client() as inner:
        outer.get("/outer")
        inner.get("/inner")
        assert request.path == "/inner"
    assert not has_app_context()


@since_2_2
@pytest.mark.parametrize("how", ["with", "push"])
def test_application_context_in_the_body_of_a_client_ends_before_the_request(noted: Noted, how: str) -> None:
    with noted.app.test_client() as client:
        context = noted.app.app_context()
        context.__enter__() if how == "with" else context.push()
        client.get("/first")
        client.get("/second")
        assert noted.taken() == ["view first", "request", "request", "view second", "request"]
        context.__exit__(None, None, None) if how == "with" else context.pop()
        assert (request.path, g.name, current_app) == ("/second", "second", noted.app)
        assert noted.taken() == []
    assert noted.taken() == ["request", "app"]
    assert not has_app_context()


def test_one_client_does_not_nest_and_can_be_used_again(noted: Noted) -> None:
    client = noted.app.test_client()
    with client, pytest.raises(RuntimeError, match="in a `with` body already"), client:
        pass
    with client:
        client.get("/a")
        assert request.path == "/a"


@since_2_2
def test_client_can_be_used_again_after_a_teardown_that_failed(noted: Noted) -> None:
    failing = [True]

    def fail(exc: BaseException | None) -> None:
        if failing and not has_request_context() and "app" in noted.log[:-1]:
            raise ValueError(failing.pop())

    noted.app.teardown_appcontext(fail)
    client = noted.app.test_client()

    def use() -> None:
        with client:
            client.get("/a")
            assert request.path == "/a"

    with pytest.raises(ValueError, match="True"):
        use()
    assert not has_app_context()
    use()


def test_client_of_an_older_flask_keeps_the_context_alive() -> None:
    """As measured with Flask 0.10 to 2.1."""
    program = """
import flask
from flask import *

app, log = Flask("shop"), []
app.secret_key, app.testing = "...", True
app.teardown_request(lambda exc: log.append("R" + type(exc).__name__))
app.add_url_rule("/boom", "boom", lambda: 1 // 0)
app.add_url_rule("/<name>", "view", lambda name: log.append(name) or name)

def taken():
    text = " ".join(log)
    log.clear()
    return text

client = app.test_client()
with client:
    client.get("/a")
    print(taken(), "|", request.path, current_app.name)
    client.get("/b")
    print(taken(), "|", request.path)
print(taken(), "|", has_request_context())
try:
    with client:
        client.get("/a")
        raise ValueError
except ValueError:
    print(taken(), "|", has_request_context())
with client:
    try:
        client.get("/boom")
    except ZeroDivisionError:
        print(taken(), "|", request.path)
print(taken(), "|", has_request_context(), app._kept_contexts)
client.get("/c")
print(taken(), "|", has_request_context())
with client:
    client.get("/d")
    with app.test_request_context("/other"):
        print(taken(), "|", request.path)
    print(taken(), "|", has_request_context())
with app.test_client() as other, client:
    other.get("/e")
    client.get("/f")
    print(taken(), "|", request.path)
print(taken(), "|", has_request_context())
"""
    assert in_era("0.8", program).splitlines() == [
        "a | /a shop",
        "RNoneType b | /b",
        "RNoneType | False",
        "a RValueError | False",
        " | /boom",
        "RNoneType | False []",
        "c RNoneType | False",
        "d RNoneType | /other",
        "RNoneType | False",
        "e RNoneType f | /f",
        "RNoneType | False",
    ]


# Kept for a debugger


@pytest.fixture
def preserving(noted: Noted) -> Iterator[Noted]:
    noted.app.config["PRESERVE_CONTEXT_ON_EXCEPTION"] = True
    yield noted
    noted.send("/last")


@since_2_2
def test_nothing_is_kept_by_default(noted: Noted) -> None:
    noted.app.debug = True
    noted.send("/boom")
    assert noted.taken() == FAILED
    assert not has_app_context()


def test_failed_request_is_kept_until_the_next_in_the_thread(preserving: Noted) -> None:
    preserving.send("/boom")
    assert preserving.taken() == []
    assert request.path == "/boom"
    assert current_app._get_current_object() is preserving.app
    preserving.send("/a")
    assert preserving.taken() == [*FAILED, "view a", "request", "app"]
    assert not has_app_context()


def test_request_that_did_not_fail_is_not_kept(preserving: Noted) -> None:
    preserving.send("/a")
    assert preserving.taken() == ["view a", "request", "app"]
    preserving.app.testing = False
    preserving.send("/boom")  # answered by 500, and yet it failed
    assert preserving.taken() == []
    assert request.path == "/boom"


def test_one_failed_request_after_another(preserving: Noted) -> None:
    for _ in range(3):
        preserving.send("/boom")
    assert preserving.taken() == FAILED * 2
    assert request.path == "/boom"


def test_failed_request_is_ended_by_the_next_in_another_thread(preserving: Noted) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(preserving.send, "/boom").result()
        kept = thread.submit(lambda: flask._request_ctx_stack.top).result()
        assert kept.request.path == "/boom"
        assert preserving.taken() == []
        preserving.send("/a")
        assert preserving.taken() == [*FAILED, "view a", "request", "app"]
        # Where it is active still, the next request finds it ended.
        thread.submit(preserving.send, "/b").result()
        assert preserving.taken() == ["view b", "request", "app"]
        assert not thread.submit(has_app_context).result()
    with kept:
        assert request.path == "/boom"
    assert preserving.taken() == ["request", "app"]


def test_requests_that_failed_in_several_threads_are_all_ended(preserving: Noted) -> None:
    barrier = threading.Barrier(5)

    @preserving.app.before_request
    def wait_for_all() -> None:
        if request.path == "/boom":
            barrier.wait(timeout=30)

    threads = [threading.Thread(target=preserving.send, args=("/boom",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    preserving.send("/a")
    assert preserving.taken() == [*FAILED * 5, "view a", "request", "app"]


def test_requests_that_compete_to_end_what_was_kept_end_it_once(preserving: Noted) -> None:
    for _ in range(20):
        with ThreadPoolExecutor(1) as thread:
            thread.submit(preserving.send, "/boom").result()
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(preserving.send, ["/a"] * 8))
        log = preserving.taken()
        assert [line for line in log if "Error" in line] == FAILED
        assert log.count("request") == log.count("app") == 8


def test_kept_context_may_be_popped_by_hand(preserving: Noted) -> None:
    preserving.send("/boom")
    flask._request_ctx_stack.top.pop()
    assert [line.partition(" ")[0] for line in preserving.taken()] == ["request", "app"]
    assert not has_app_context()
    preserving.send("/a")
    assert preserving.taken() == ["view a", "request", "app"]


def test_kept_context_may_be_entered_again(preserving: Noted) -> None:
    """As a debugger does, to evaluate an expression: in the same thread or in another."""
    preserving.send("/boom")
    kept = flask._request_ctx_stack.top

    def look() -> str:
        with kept.app_context, kept:
            return request.path

    with ThreadPoolExecutor(1) as thread:
        assert [look(), thread.submit(look).result(), look()] == ["/boom"] * 3
        assert not thread.submit(has_app_context).result()
    assert preserving.taken() == []
    assert request.path == "/boom"
    preserving.send("/a")
    assert preserving.taken() == [*FAILED, "view a", "request", "app"]
    assert not has_app_context()


def test_context_that_the_environment_asks_to_keep(noted: Noted) -> None:
    noted.send("/a", **{"flask._preserve_context": True})
    assert noted.taken() == ["view a"]
    assert request.path == "/a"
    with ThreadPoolExecutor(1) as thread:  # it is whoever asked that ends it, not the debugger's next request
        thread.submit(noted.send, "/b").result()
    assert noted.taken() == ["view b", "request", "app"]
    flask._request_ctx_stack.top.pop()
    assert noted.taken() == ["request", "app"]
    assert not has_app_context()


def test_copies_of_a_context_are_not_kept(preserving: Noted) -> None:
    def view() -> str:
        work = flask.copy_current_request_context(lambda: 1 // 0)
        with ThreadPoolExecutor(1) as thread:
            assert isinstance(thread.submit(work).exception(), ZeroDivisionError)
            assert not thread.submit(has_app_context).result()
        return preserving.log.append("view") or ""

    preserving.app.view_functions["view"] = lambda name: view()
    preserving.send("/a")
    assert preserving.taken() == [*FAILED, "view", "request", "app"]


def test_debugger_is_handed_the_contexts_of_a_request(noted: Noted) -> None:
    contexts: list[t.Any] = []
    noted.send("/boom", **{"werkzeug.debug.preserve_context": contexts.append})
    assert [type(context) for context in contexts] == [flask.ctx.AppContext, flask.ctx.RequestContext]
    assert noted.taken() == FAILED
    with contexts[0], contexts[1]:
        assert request.path == "/boom"
    assert not has_request_context()


# A debugger, over HTTP

SERVER = """
from flask import Flask, g, request
from werkzeug.debug import DebuggedApplication
from werkzeug.serving import make_server

app, log = Flask("shop"), []
app.debug = True
app.teardown_request(lambda exc: log.append(f"request {type(exc).__name__}"))

@app.route("/boom")
def boom():
    g.name = "Ada"
    secret = 42
    1 // 0

app.add_url_rule("/log", "log", lambda: ", ".join(log))
server = make_server("127.0.0.1", 0, DebuggedApplication(app, evalex=True, pin_security=False), threaded=True)
print(server.port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def serve() -> Iterator[Callable[[str], str]]:
    """Starts the server above in an era, and gives its URL."""
    running: list[subprocess.Popen[str]] = []

    def start(era: str) -> str:
        environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", SERVER]
        quiet = subprocess.DEVNULL
        running.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=quiet, text=True))
        assert running[0].stdout is not None
        return f"http://127.0.0.1:{int(running[0].stdout.readline())}"

    yield start
    for process in running:
        process.kill()
        process.communicate()


def fetch(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()


@pytest.mark.parametrize(
    ("era", "log"),
    [
        # The request ends as it always does, and each evaluation enters it again, and ends it again.
        ("3.1", "request ZeroDivisionError, request NoneType, request NoneType, request NoneType"),
        # The request is kept until the next one.
        ("0.8", "request ZeroDivisionError"),
    ],
)
def test_console_of_the_debugger_sees_the_request(serve: Callable[[str], str], era: str, log: str) -> None:
    url = serve(era)
    page = fetch(f"{url}/boom")
    assert "ZeroDivisionError" in page
    secret = re.search(r'SECRET = "(\w+)"', page)[1]
    frame = re.findall(r'id="frame-(\d+)"', page)[-1]

    def evaluate(expression: str) -> str:
        query = {"__debugger__": "yes", "cmd": expression, "frm": frame, "s": secret}
        shown = fetch(f"{url}/?{urllib.parse.urlencode(query)}")
        return html.unescape(re.sub("<[^>]*>", "", shown)).splitlines()[-1]

    assert evaluate("request.path") == "'/boom'"
    assert evaluate("g.name, secret") == "('Ada', 42)"
    assert evaluate("request.method") == "'GET'"
    assert fetch(f"{url}/log") == log
