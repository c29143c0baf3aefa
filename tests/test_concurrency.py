"""Requests at the same time never see each other: in threads, greenlets, tasks, and in contexts that were copied."""

from __future__ import annotations

import asyncio
import contextvars
import os
import random
import subprocess
import sys
import threading
import time
import typing as t
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

import flask
from flask import (
    Flask,
    Response,
    copy_current_request_context,
    current_app,
    eras,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
    url_for,
)

since_0_10 = pytest.mark.skipif(eras.is_old("request_owns_g"), reason="`g` belonged to the request before 0.10")

THREADS = 50
REQUESTS = 20


def pause() -> None:
    """Let others run, for some random while."""
    time.sleep(random.choice((0, 0, 0.0005, 0.002)))


def everything() -> dict[str, t.Any]:
    """What a request sees of itself."""
    return {
        "flashes": flask.get_flashed_messages(),
        "path": request.path,
        "view_args": request.view_args,
        "form": request.form.to_dict(),
        "header": request.headers["X-Name"],
        "session": dict(session),
        "g": g.name,
        "url": url_for("view", name=request.view_args["name"]),
        "application": current_app.name,
    }


class Busy:
    """An application whose requests wait at every stage, and note each request whose data got mixed up."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.mixed: list[t.Any] = []
        self.ends: Counter[str] = Counter()
        app.before_request(self.before)
        app.after_request(self.after)
        app.teardown_request(self.teardown)
        app.add_url_rule("/view/<name>", "view", self.view, methods=["POST"])
        app.add_url_rule("/stream/<name>", "stream", self.stream, methods=["POST"])

    def before(self) -> None:
        pause()
        g.name = request.view_args["name"]
        session["name"] = g.name
        flask.flash(g.name)

    def view(self, name: str) -> dict[str, t.Any]:
        before = everything()
        pause()
        self.check(before, everything())
        return before

    def stream(self, name: str) -> Response:
        def items() -> t.Iterator[str]:
            for _ in range(3):
                pause()
                yield f"{request.path} {g.name} {session['name']};"

        return Response(flask.stream_with_context(items()))

    def after(self, response: Response) -> Response:
        pause()
        response.headers["X-Name"] = g.name
        return response

    def teardown(self, exc: BaseException | None) -> None:
        pause()
        self.ends[g.name] += 1

    def check(self, seen: t.Any, expected: t.Any) -> None:
        if seen != expected:
            self.mixed.append((seen, expected))

    def send(self, name: str) -> None:
        """Send requests that bear a name, and check that the answers are theirs."""
        client = self.app.test_client()
        sent: dict[str, t.Any] = {"data": {"name": name}, "headers": {"X-Name": name}}
        response = client.post(f"/view/{name}", **sent)
        self.check(response.headers["X-Name"], name)
        self.check(
            response.get_json(),
            {
                "flashes": [name],
                "path": f"/view/{name}",
                "view_args": {"name": name},
                "form": {"name": name},
                "header": name,
                "session": {"name": name},
                "g": name,
                "url": f"/view/{name}",
                "application": self.app.name,
            },
        )
        self.check(client.post(f"/stream/{name}", **sent).text, f"/stream/{name} {name} {name};" * 3)

    def verify(self, names: list[str]) -> None:
        assert self.mixed == []
        assert self.ends == dict.fromkeys(names, 2)


@pytest.fixture
def busy(app: Flask) -> Busy:
    return Busy(app)


def run_in_threads(functions: list[Callable[[], t.Any]]) -> None:
    """Call functions, each on a thread of its own, all at once, and raise what any of them raised."""
    barrier = threading.Barrier(len(functions))

    def run(function: Callable[[], t.Any]) -> t.Any:
        barrier.wait(timeout=60)
        return function()

    with ThreadPoolExecutor(len(functions)) as threads:
        for outcome in [threads.submit(run, function) for function in functions]:
            outcome.result()


def test_threads(busy: Busy) -> None:
    names = [f"{thread}-{number}" for thread in range(THREADS) for number in range(REQUESTS)]

    def send_all(thread: int) -> None:
        for number in range(REQUESTS):
            busy.send(f"{thread}-{number}")
            busy.check((has_app_context(), has_request_context()), (False, False))

    run_in_threads([lambda thread=thread: send_all(thread) for thread in range(THREADS)])
    busy.verify(names)


def test_tasks(busy: Busy) -> None:
    """Tasks of one loop, each sending requests between which the others run."""
    names = [f"{task}-{number}" for task in range(20) for number in range(5)]

    async def send_all(task: int) -> None:
        busy.check(has_app_context(), False)
        with busy.app.test_client() as client:
            for number in range(5):
                busy.send(f"{task}-{number}")
                client.post(f"/view/kept{task}-{number}", headers={"X-Name": "kept"})
                await asyncio.sleep(0)
                busy.check((request.path, g.name), (f"/view/kept{task}-{number}", f"kept{task}-{number}"))

    async def main() -> None:
        await asyncio.gather(*(send_all(task) for task in range(20)))
        assert not has_app_context()

    asyncio.run(main())
    assert busy.mixed == []
    assert set(names) < set(busy.ends)


def test_async_views_in_threads(app: Flask) -> None:
    @app.route("/<name>")
    async def view(name: str) -> str:
        g.name = name
        await asyncio.sleep(random.choice((0, 0.001)))
        before = (request.path, g.name)
        await asyncio.gather(*(asyncio.sleep(0) for _ in range(3)))
        assert before == (request.path, g.name)
        return f"{request.path} {g.name}"

    def send(name: str) -> None:
        for number in range(10):
            assert app.test_client().get(f"/{name}{number}").text == f"/{name}{number} {name}{number}"

    run_in_threads([lambda thread=thread: send(f"{thread}-") for thread in range(10)])


GREENLETS = """
import gevent.monkey
gevent.monkey.patch_all()

import random, sys, time
import gevent
from flask import *

app, mixed, ends = Flask("shop"), [], []
app.secret_key = "..."
app.teardown_request(lambda exc: ends.append(request.path))

def check(*seen):
    if len(set(seen)) != 1:
        mixed.append(seen)

@app.before_request
def before():
    g.name = session["name"] = request.view_args["name"]
    time.sleep(random.choice((0, 0.001)))

@app.route("/<name>")
def view(name):
    time.sleep(random.choice((0, 0.001)))
    check(name, g.name, session["name"], request.path[1:])
    def copied():
        assert "name" not in g
        g.name = "of the copy"
        time.sleep(random.choice((0, 0.001)))
        check(name, session["name"], request.path[1:])
        return g.name
    assert gevent.spawn(copy_current_request_context(copied)).get() == "of the copy"
    assert not gevent.spawn(has_app_context).get()
    def items():
        for _ in range(3):
            check(name, g.name, session["name"], request.path[1:])
            time.sleep(random.choice((0, 0.001)))
            yield g.name
    return Response(stream_with_context(items()))

def send(number):
    for each in range(5):
        name = f"{number}-{each}"
        check(app.test_client().get("/" + name).text, name * 3)
        check(has_app_context(), False)

gevent.joinall([gevent.spawn(send, number) for number in range(50)], raise_error=True)
print(mixed, len(ends), len(set(ends)))  # each request ends, and its copy
"""


def test_greenlets() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", GREENLETS], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert ran.stdout == "[] 500 250\n"


# Copies of a request context


def test_copy_works_in_a_thread(app: Flask) -> None:
    outcomes: list[t.Any] = []

    @app.route("/<name>")
    def view(name: str) -> str:
        g.name = session["name"] = name

        @copy_current_request_context
        def work(more: str, *, again: str) -> str:
            return f"{request.path} {session['name']} {g.get('name')} {current_app.name} {more} {again}"

        assert work.__name__ == "work"
        with ThreadPoolExecutor(1) as thread:
            outcomes.append(thread.submit(work, "more", again="again").result())
            outcomes.append(thread.submit(has_app_context).result())
        return "done"

    app.test_client().get("/Ada")
    assert outcomes == [f"/Ada Ada None {app.name} more again", False]


@since_0_10
def test_copy_in_the_same_thread_shares_g(app: Flask) -> None:
    @app.route("/")
    def view() -> str:
        g.name = "Ada"
        return copy_current_request_context(lambda: g.name)()

    assert app.test_client().get("/").text == "Ada"


def test_copy_works_after_the_end_of_the_request(app: Flask) -> None:
    work: list[Callable[[], str]] = []
    ends: list[str] = []
    app.teardown_request(lambda exc: ends.append("request"))

    @app.route("/<name>")
    def view(name: str) -> str:
        session["name"] = name
        work.append(copy_current_request_context(lambda: f"{request.path} {session['name']} {request.endpoint}"))
        return "done"

    app.test_client().get("/Ada")
    assert ends == ["request"]
    assert work[0]() == work[0]() == "/Ada Ada view"
    assert ends == ["request"] * 3
    assert not has_app_context()


def test_copy_shares_a_session_that_nobody_looked_at_yet(app: Flask) -> None:
    @app.route("/")
    def view() -> str:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(copy_current_request_context(lambda: session.update(name="Ada"))).result()
        return str(dict(session))

    client = app.test_client()
    assert client.get("/").text == "{'name': 'Ada'}"
    with client.session_transaction() as kept:
        assert kept["name"] == "Ada"


def test_copy_alone_does_not_count_as_looking_at_the_session(app: Flask) -> None:
    app.add_url_rule("/", "view", lambda: copy_current_request_context(lambda: "done")())
    assert "Vary" not in app.test_client().get("/").headers


def test_one_copied_function_called_in_many_threads_at_once(app: Flask) -> None:
    seen: Counter[str] = Counter()
    ends: list[t.Any] = []
    app.teardown_appcontext(lambda exc: ends.append(g.get("name")))

    @app.route("/<name>")
    def view(name: str) -> str:
        @copy_current_request_context
        def work(number: int) -> None:
            pause()
            assert "name" not in g
            g.name = number
            pause()
            assert g.name == number
            seen[request.path] += 1

        run_in_threads([lambda number=number: work(number) for number in range(20)])
        return "done"

    assert app.test_client().get("/Ada").text == "done"
    assert seen == {"/Ada": 20}
    assert sorted(ends, key=str) == sorted([None, *range(20)], key=str)


def test_copy_of_a_request_that_has_no_view(app: Flask) -> None:
    @app.errorhandler(404)
    def not_found(error: Exception) -> tuple[str, int]:
        work = copy_current_request_context(lambda: f"{request.path} {request.endpoint}")
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(work).result(), 404

    assert app.test_client().get("/nothing").text == "/nothing None"


def test_error_in_a_copy_reaches_its_teardown(app: Flask) -> None:
    ends: list[t.Any] = []
    app.teardown_request(lambda exc: ends.append(type(exc)))

    @app.route("/")
    def view() -> str:
        with pytest.raises(ZeroDivisionError):
            copy_current_request_context(lambda: 1 // 0)()
        return "done"

    app.test_client().get("/")
    assert ends == [ZeroDivisionError, type(None)]


def test_coroutine_function_in_a_copy(app: Flask) -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        return request.path

    @app.route("/<name>")
    def view(name: str) -> str:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(copy_current_request_context(work)).result()

    assert app.test_client().get("/Ada").text == "/Ada"


# Copies of all context variables


def test_copied_context_sees_the_request_and_changes_nothing_outside(app: Flask) -> None:
    @app.route("/<name>")
    def view(name: str) -> str:
        def work() -> str:
            with app.test_request_context("/inner"):
                assert request.path == "/inner"
                app.app_context().push()  # and never popped: it stays in the copy
            return request.path

        copied = contextvars.copy_context()
        with pytest.raises(AssertionError, match="not popped"):
            copied.run(work)
        assert copied.run(lambda: request.path) == f"/{name}"
        flask._request_ctx_stack.push("something else")
        assert copied.run(lambda: request.path) == f"/{name}"
        assert flask._request_ctx_stack.pop() == "something else"
        return request.path

    assert app.test_client().get("/Ada").text == "/Ada"


def test_executor_with_copied_contexts(app: Flask) -> None:
    with ThreadPoolExecutor(4) as threads:

        @app.route("/<name>")
        def view(name: str) -> str:
            g.names = [name]

            def work(number: int) -> str:
                pause()
                inner = app.test_client().get(f"/inner/{name}/{number}").text
                return f"{request.path} {inner}"

            results = [threads.submit(contextvars.copy_context().run, work, number) for number in range(3)]
            assert [result.result() for result in results] == [f"/{name} {name}{number}" for number in range(3)]
            return g.names[0]

        app.add_url_rule("/inner/<name>/<number>", "inner", lambda name, number: pause() or name + number)

        def send(name: str) -> None:
            for number in range(5):
                assert app.test_client().get(f"/{name}{number}").text == f"{name}{number}"

        run_in_threads([lambda name=name: send(name) for name in "abcdefgh"])


def test_tasks_of_a_view_see_its_request(app: Flask) -> None:
    async def child(number: int) -> str:
        await asyncio.sleep(0)
        with app.test_request_context(f"/child{number}"):
            await asyncio.sleep(0)
            assert request.path == f"/child{number}"
        return f"{request.path}{number}"

    @app.route("/<name>")
    async def view(name: str) -> list[str]:
        return list(await asyncio.gather(*(child(number) for number in range(3))))

    assert app.test_client().get("/Ada").json == ["/Ada0", "/Ada1", "/Ada2"]


def test_copied_context_after_the_end_of_its_request(app: Flask) -> None:
    """It goes on seeing the request, as a task that a view started does; requests sent from there are their own."""
    copies: list[contextvars.Context] = []
    ends: list[str] = []
    app.teardown_appcontext(lambda exc: ends.append(g.name))

    @app.route("/<name>")
    def view(name: str) -> str:
        g.name = name
        copies.append(contextvars.copy_context())
        return name

    app.test_client().get("/Ada")
    assert ends == ["Ada"]
    assert copies[0].run(lambda: request.path) == "/Ada"
    assert copies[0].run(lambda: app.test_client().get("/Bob").text) == "Bob"
    assert copies[0].run(lambda: request.path) == "/Ada"
    assert not has_app_context()


# Holders


def test_streams_that_end_at_once_in_many_threads_tear_down_once(app: Flask) -> None:
    ends: list[str] = []
    app.teardown_request(lambda exc: ends.append(request.path))
    for turn in range(30):
        with app.test_request_context(f"/{turn}"):
            streams = [flask.stream_with_context(iter("ab")) for _ in range(8)]
        assert len(ends) == turn
        exhausted = [lambda stream=stream: list(stream) for stream in streams[4:]]
        run_in_threads([stream.close for stream in streams[:4]] + exhausted)
        assert ends[turn:] == [f"/{turn}"]
