"""A chat by Flask-SocketIO: its visitors connect to a real server, by WebSocket or by polling.

Flask-SocketIO puts itself around ``app.wsgi_app``. By ASGI, requests go through that on a thread, and there are no
WebSockets. It calls the handlers of events plainly: they are sync.
"""

from __future__ import annotations

import contextlib
import datetime
import queue
import socket
import subprocess
import sys
import threading
import time
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import socketio as wire
import uvicorn
from cachelib import FileSystemCache
from flask_session import Session
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import (
    Namespace,
    SocketIO,
    close_room,
    disconnect,
    emit,
    join_room,
    leave_room,
    rooms,
    send,
)
from werkzeug.serving import make_server

import flask
from flask import Flask, copy_current_request_context, current_app, request, session, url_for
from flask.testing import FlaskClient

from .conftest import WAYS, Way, find_free_port


class Visitor:
    """A client that notes what it hears."""

    def __init__(self, url: str, transport: str, **options: t.Any) -> None:
        self.heard: queue.Queue[tuple[t.Any, ...]] = queue.Queue()
        self.browser = requests.Session()
        self.url, self.transport = url, transport
        self.client = wire.Client(http_session=self.browser, reconnection=False)
        for namespace in ("/", "/lectures"):
            self.client.on("*", self._note, namespace=namespace)
            self.client.on("connect_error", self._note_refusal, namespace=namespace)

    def _note(self, *event: t.Any) -> None:
        self.heard.put(event)

    def _note_refusal(self, reason: t.Any) -> None:
        self.heard.put(("refused", reason))

    def log_in(self, name: str) -> t.Self:
        self.browser.post(f"{self.url}/login", data={"name": name}).raise_for_status()
        return self

    def enter(self, path: str = "", **options: t.Any) -> t.Self:
        self.client.connect(self.url + path, **{"namespaces": "/", "transports": [self.transport], **options})
        return self

    def hear(self) -> tuple[t.Any, ...]:
        """The next event, which is waited for."""
        return self.heard.get(timeout=20)

    def leave(self) -> None:
        if self.transport == "websocket" and self.client.eio.state == "connected":
            # As a browser does that is closed. Else it may wait some seconds for what another thread of it has read.
            self.client.eio.ws.sock.shutdown(socket.SHUT_RDWR)
            self.client.eio.wait()
        self.client.disconnect()
        self.browser.close()


@pytest.fixture(params=["wsgi, websocket", "wsgi, polling", "asgi, polling"])
def connection(request: pytest.FixtureRequest) -> str:
    """By which protocol the server asks the application, and by which transport its clients connect."""
    return t.cast(str, request.param)


@pytest.fixture
def url(app: Flask, chat: SocketIO, connection: str) -> Iterator[str]:
    """Where a server of the chat is."""
    listening = socket.create_server(("127.0.0.1", 0))
    if connection.startswith("wsgi"):
        werkzeug = make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno())
        thread = threading.Thread(target=werkzeug.serve_forever, args=(0.02,))
    else:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    chat.server.shutdown()
    if connection.startswith("wsgi"):
        werkzeug.shutdown()
        werkzeug.server_close()
    else:
        server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def visitor(url: str, connection: str) -> Iterator[Callable[[], Visitor]]:
    """Gives another visitor at each call."""
    visitors: list[Visitor] = []

    def come() -> Visitor:
        visitors.append(Visitor(url, connection.partition(", ")[2]))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def way() -> Way:
    return WAYS["asgi, thread"]


class Lectures(Namespace):
    """What is heard at ``/lectures``."""

    def on_connect(self, auth: t.Any) -> None:
        if auth != {"ticket": 7}:
            raise Refused("No ticket", {"price": 3})

    def on_ask(self, question: str) -> str:
        emit("asked", {"question": question, "by": request.sid, "at": request.namespace}, broadcast=True)
        return "Thank you"

    def on_fail(self) -> None:
        raise LookupError("No speaker")


@pytest.fixture
def ended() -> list[str]:
    """What the teardown functions note."""
    return []


@pytest.fixture
def chat(app: Flask, ended: list[str]) -> SocketIO:
    # It would take gevent, which is installed. And it would hold a poll for 25 seconds, whose client may have left.
    chat = SocketIO(app, async_mode="threading", ping_interval=1, json=flask.json)

    @app.post("/login")
    async def log_in() -> t.Any:
        session["name"] = request.form["name"]
        return "", 204

    @app.get("/who")
    def tell_who() -> t.Any:
        return session["name"]

    @app.post("/news")
    def tell() -> t.Any:
        chat.emit("news", request.form["text"], to=request.form["room"])
        return "", 204

    app.teardown_request(lambda error: ended.append(request.event["message"]) if hasattr(request, "event") else None)

    @chat.on("connect")
    def connect() -> bool | None:
        if "name" not in session:
            return False
        emit("welcome", {"name": session["name"], "from": url_for("tell_who"), "lang": request.args.get("lang")})
        return None

    @chat.on("say")
    def say(text: str, times: int = 1) -> int:
        emit("said", (session["name"], text), broadcast=True, include_self=False)
        return len(text) * times

    @chat.on("rename")
    def rename(name: str) -> list[str]:
        before, session["name"] = session["name"], name
        return [before, session["name"]]

    @chat.on("join")
    def join(room: str) -> list[str]:
        join_room(room)
        emit("joined", session["name"], to=room)
        return sorted(set(rooms()) - {request.sid})

    @chat.on("leave")
    def leave(room: str) -> list[str]:
        leave_room(room)
        return sorted(set(rooms()) - {request.sid})

    @chat.on("shut")
    def shut(room: str) -> None:
        close_room(room)
        send("shut", json=False)

    @chat.on("now")
    def now() -> None:
        emit("time", {"is": datetime.datetime(2026, 3, 29, tzinfo=datetime.UTC), "app": current_app.name})

    @chat.on("bytes")
    def double(data: bytes) -> bytes:
        return data * 2

    @chat.on("work")
    def work() -> None:
        @copy_current_request_context
        def finish() -> None:
            emit("done", session["name"])

        chat.start_background_task(finish)

    @chat.on("go")
    def go() -> None:
        emit("bye")
        disconnect()

    @chat.on("divide")
    def divide(number: int) -> float:
        return 1 / number

    @chat.on_error()
    def explain(error: Exception) -> dict[str, t.Any]:
        return {"error": str(error), "event": request.event["message"], "arguments": list(request.event["args"])}

    @chat.on_error_default
    def explain_elsewhere(error: Exception) -> str:
        return f"{request.namespace}: {error}"

    chat.on_namespace(Lectures("/lectures"))
    return chat


def test_who_logged_in_is_known(visitor: Callable[[], Visitor]) -> None:
    ada = visitor().log_in("ada").enter("?lang=de")
    assert ada.hear() == ("welcome", {"name": "ada", "from": "/who", "lang": "de"})
    assert ada.client.transport() == ada.transport


def test_who_polls_goes_over_to_a_websocket_where_there_are_some(
    visitor: Callable[[], Visitor], connection: str
) -> None:
    ada = visitor().log_in("ada").enter(transports=["polling", "websocket"])
    assert ada.client.transport() == ("polling" if connection.startswith("asgi") else "websocket")
    assert ada.client.call("say", "Hello!") == 6
    ada.transport = ada.client.transport()


def test_who_did_not_is_refused(visitor: Callable[[], Visitor]) -> None:
    assert visitor().enter(wait=False).hear() == ("refused", {"message": "Connection rejected by server"})


def test_what_one_says_the_others_hear(visitor: Callable[[], Visitor]) -> None:
    ada, charles = (visitor().log_in(name).enter() for name in ("ada", "charles"))
    ada.hear()
    charles.hear()
    assert ada.client.call("say", ("Hello!", 2)) == 12
    assert charles.hear() == ("said", "ada", "Hello!")
    assert ada.heard.empty()


def test_the_session_is_the_visit_s_own(visitor: Callable[[], Visitor]) -> None:
    """What events change in it lasts, but is not seen by requests, whose session is in a cookie."""
    ada = visitor().log_in("ada").enter()
    assert ada.client.call("rename", "countess") == ["ada", "countess"]
    assert ada.client.call("rename", "lovelace") == ["countess", "lovelace"]
    assert ada.browser.get(f"{ada.url}/who").text == "ada"


def test_rooms(visitor: Callable[[], Visitor]) -> None:
    ada, charles = (visitor().log_in(name).enter() for name in ("ada", "charles"))
    ada.hear()
    charles.hear()
    assert ada.client.call("join", "engine") == ["engine"]
    assert ada.hear() == ("joined", "ada")
    assert charles.client.call("join", "engine") == ["engine"]
    assert [ada.hear(), charles.hear()] == [("joined", "charles")] * 2
    assert charles.client.call("leave", "engine") == []
    ada.browser.post(f"{ada.url}/news", data={"text": "It runs.", "room": "engine"}).raise_for_status()
    assert ada.hear() == ("news", "It runs.")
    ada.client.call("shut", "engine")
    assert ada.hear() == ("message", "shut")
    ada.browser.post(f"{ada.url}/news", data={"text": "It stands.", "room": "engine"}).raise_for_status()
    ada.client.emit("now")
    assert ada.hear()[0] == "time"
    assert charles.heard.empty()


def test_the_application_s_json(visitor: Callable[[], Visitor]) -> None:
    ada = visitor().log_in("ada").enter()
    ada.hear()
    ada.client.emit("now")
    assert ada.hear() == ("time", {"is": "Sun, 29 Mar 2026 00:00:00 GMT", "app": "downstream"})


def test_bytes(visitor: Callable[[], Visitor]) -> None:
    assert visitor().log_in("ada").enter().client.call("bytes", bytes(range(256))) == bytes(range(256)) * 2


def test_what_a_thread_says_later(visitor: Callable[[], Visitor]) -> None:
    ada = visitor().log_in("ada").enter()
    ada.hear()
    ada.client.emit("work")
    assert ada.hear() == ("done", "ada")


def test_errors(visitor: Callable[[], Visitor]) -> None:
    ada = visitor().log_in("ada").enter(namespaces=["/", "/lectures"], auth={"ticket": 7})
    assert ada.client.call("divide", 4) == 0.25
    assert ada.client.call("divide", 0) == {"error": "division by zero", "event": "divide", "arguments": [0]}
    assert ada.client.call("fail", namespace="/lectures") == "/lectures: No speaker"


def test_a_class_of_handlers(visitor: Callable[[], Visitor]) -> None:
    ada = visitor().enter(namespaces=["/lectures"], auth={"ticket": 7})
    assert ada.client.call("ask", "Why?", namespace="/lectures") == "Thank you"
    asked = {"question": "Why?", "by": ada.client.get_sid("/lectures"), "at": "/lectures"}
    assert ada.hear() == ("asked", asked)


def test_a_refusal_says_why(visitor: Callable[[], Visitor]) -> None:
    eve = visitor().enter(namespaces="/lectures", auth={"ticket": 8}, wait=False)
    assert eve.hear() == ("refused", {"message": "No ticket", "data": {"price": 3}})


def test_the_server_ends_a_visit(visitor: Callable[[], Visitor]) -> None:
    ada = visitor().log_in("ada").enter()
    ada.hear()
    left = threading.Event()
    ada.client.on("disconnect", lambda reason: left.set())
    ada.client.emit("go")
    assert ada.hear() == ("bye",)
    assert left.wait(20)


def test_each_event_is_a_request_that_ends(visitor: Callable[[], Visitor], ended: list[str]) -> None:
    ada = visitor().log_in("ada").enter()
    ada.client.call("rename", "countess")
    ada.client.call("divide", 0)
    assert ended == ["connect", "rename", "divide"]


def test_other_requests_are_answered_as_ever(url: str) -> None:
    assert requests.get(f"{url}/nowhere").status_code == 404
    assert requests.get(f"{url}/socket.io/?transport=none").status_code == 400


# The extension's own client, which calls the handlers itself.


@pytest.fixture(params=["wsgi", "asgi"])
def browser(request: pytest.FixtureRequest, app: Flask) -> FlaskClient:
    return app.test_client(protocol=request.param)


def test_its_own_client(app: Flask, chat: SocketIO, browser: FlaskClient) -> None:
    assert not chat.test_client(app, flask_test_client=browser).is_connected()
    browser.post("/login", data={"name": "ada"})
    ada = chat.test_client(app, flask_test_client=browser, query_string="?lang=de")
    (welcome,) = ada.get_received()
    assert welcome["args"] == [{"name": "ada", "from": "/who", "lang": "de"}]
    assert ada.emit("say", "Hello!", callback=True) == 6
    assert ada.emit("divide", 0, callback=True)["error"] == "division by zero"
    ada.emit("go")
    assert not ada.is_connected()


def test_an_error_that_nobody_handles(app: Flask, chat: SocketIO, browser: FlaskClient) -> None:
    chat.default_exception_handler = None
    lectures = chat.test_client(app, namespace="/lectures", auth={"ticket": 7})
    with pytest.raises(LookupError, match="No speaker"):
        lectures.emit("fail", namespace="/lectures")


def test_a_session_on_the_server_is_shared_with_requests(app: Flask, browser: FlaskClient, tmp_path: Path) -> None:
    app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=FileSystemCache(str(tmp_path / "sessions")))
    Session(app)
    chat = SocketIO(app, async_mode="threading", manage_session=False)

    @app.route("/name", methods=["GET", "POST"])
    def name() -> str:
        if request.method == "POST":
            session["name"] = request.form["name"]
        return t.cast(str, session["name"])

    @chat.on("rename")
    def rename(name: str) -> list[str]:
        before, session["name"] = session["name"], name
        return [before, session["name"]]

    browser.post("/name", data={"name": "ada"})
    ada = chat.test_client(app, flask_test_client=browser)
    assert ada.emit("rename", "countess", callback=True) == ["ada", "countess"]
    assert browser.get("/name").text == "countess"
    browser.post("/name", data={"name": "lovelace"})
    assert ada.emit("rename", "ada", callback=True) == ["lovelace", "ada"]


PROGRAM = """
import sys
if sys.argv[1] == "gevent":
    from gevent import monkey
    monkey.patch_all()

from flask import Flask, request
from flask_socketio import SocketIO, emit

app = Flask(__name__)
chat = SocketIO(app, async_mode=sys.argv[1])

@app.get("/")
def index():
    return "Hello"

@chat.event
def echo(text):
    emit("echo", [text, bool(request.sid)])

if __name__ == "__main__":
    chat.run(app, port=int(sys.argv[2]), allow_unsafe_werkzeug=True)
"""


@pytest.mark.parametrize("mode", ["threading", "gevent"])
def test_a_program_that_runs_it(tmp_path: Path, mode: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    port = find_free_port()
    log = (tmp_path / "log").open("w")
    command = [sys.executable, str(tmp_path / "program.py"), mode, str(port)]
    with log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            visitor = Visitor(f"http://127.0.0.1:{port}", "websocket")
            while True:
                with contextlib.suppress(requests.ConnectionError):
                    assert visitor.browser.get(visitor.url).text == "Hello"
                    break
                time.sleep(0.02)
                assert process.poll() is None, (tmp_path / "log").read_text()
            visitor.enter().client.emit("echo", "Hello?")
            assert visitor.hear() == ("echo", ["Hello?", True])
            visitor.leave()
        finally:
            process.terminate()
