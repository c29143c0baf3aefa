"""The threads for sync code: as many as are allowed, shared fairly, never lost."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import sys
import threading
import time
import typing as t
from contextvars import ContextVar, copy_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask import Flask, request, stream_with_context
from flask._dispatch.threads import MadeCalls, Worker, Workers

from .server import Exchange, of_kind, run, serve


async def nothing(*args: t.Any) -> None:
    """An async hook, for whose sake the steps stay on the event loop."""


def make(threads: int) -> Flask:
    app = Flask(__name__)
    app.config["ASGI_THREADS"] = threads
    return app


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("mixed", [False, True])
def test_more_requests_than_threads(threads: int, mixed: bool) -> None:
    """All finish, and no more run at once than there are threads."""
    app = make(threads)
    lock, running, most = threading.Lock(), 0, 0

    @app.get("/<int:number>")
    def view(number: int) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        with lock:
            running -= 1
        return str(number)

    if mixed:
        app.before_request(nothing)
        app.teardown_request(nothing)

    async def scenario() -> list[str]:
        exchanges = [Exchange(app, f"/{number}").start() for number in range(60)]
        return [(await exchange.finish()).text for exchange in exchanges]

    assert run(scenario(), app) == [str(number) for number in range(60)]
    assert most <= threads


def test_the_event_loop_goes_on() -> None:
    """While sync code blocks its thread, async views answer."""
    app = make(1)
    going_on = threading.Event()

    @app.get("/slow")
    def slow() -> str:
        assert going_on.wait(20)
        return "slow"

    @app.get("/quick")
    async def quick() -> str:
        await asyncio.sleep(0)
        return "quick"

    async def scenario() -> list[str]:
        await Exchange(app, "/quick").start().finish()
        exchange = Exchange(app, "/slow").start()
        texts = [(await Exchange(app, "/quick").start().finish()).text for _ in range(3)]
        going_on.set()
        return [*texts, (await exchange.finish()).text]

    assert run(scenario(), app) == ["quick", "quick", "quick", "slow"]


def test_sync_code_that_calls_async_code_that_needs_no_thread() -> None:
    """With one thread alone, the coroutine of `ensure_sync` runs on the loop while the thread waits."""
    app = make(1)

    async def inner() -> str:
        await asyncio.sleep(0)
        return request.path

    @app.get("/<int:number>")
    def view(number: int) -> str:
        return t.cast(str, app.ensure_sync(inner)())

    async def scenario() -> list[str]:
        exchanges = [Exchange(app, f"/{number}").start() for number in range(10)]
        return [(await exchange.finish()).text for exchange in exchanges]

    assert run(scenario(), app) == [f"/{number}" for number in range(10)]


def test_streams_that_are_read_by_turns(kind: str) -> None:
    """Plain generators keep the thread; with one thread, a second stream waits for the first to end."""
    app = make(1)

    def items() -> t.Iterator[str]:
        for number in range(4):
            yield f"{request.args['n']}{number} {threading.get_ident()};"

    app.add_url_rule("/", "view", of_kind(kind, lambda: stream_with_context(items())))

    async def scenario() -> list[str]:
        exchanges = [Exchange(app, f"/?n={letter}").start() for letter in "abc"]
        return [(await exchange.finish()).text for exchange in exchanges]

    for letter, text in zip("abc", run(scenario(), app), strict=True):
        pieces = [piece.split() for piece in text.removesuffix(";").split(";")]
        assert [piece[0] for piece in pieces] == [f"{letter}{number}" for number in range(4)]
        assert len({piece[1] for piece in pieces}) == 1


def test_applications_have_their_own_threads() -> None:
    """One whose threads are all in use keeps no other waiting."""
    one, other = make(1), make(1)
    going_on = threading.Event()
    one.add_url_rule("/", "view", lambda: str(going_on.wait(20)))
    other.add_url_rule("/", "view", lambda: "other")

    async def scenario() -> list[str]:
        exchange = Exchange(one).start()
        text = (await Exchange(other).start().finish()).text
        going_on.set()
        return [text, (await exchange.finish()).text]

    assert run(scenario(), one, other) == ["other", "True"]


def test_event_loops_in_two_threads(kind: str) -> None:
    """An application that two event loops serve at once shares its threads among them."""
    app = make(1)
    app.before_request(lambda: None)
    app.add_url_rule("/<int:number>", "view", of_kind(kind, lambda number: str(number)))
    texts: list[str] = []

    async def scenario() -> None:
        exchanges = [Exchange(app, f"/{number}").start() for number in range(20)]
        texts.extend([(await exchange.finish()).text for exchange in exchanges])

    threads = [threading.Thread(target=lambda: asyncio.run(scenario())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(texts, key=int) == sorted(map(str, [*range(20)] * 2), key=int)
    assert serve(app, "/1").text == "1"


def test_an_event_loop_that_is_gone(kind: str) -> None:
    """Who waited on a loop that was closed takes no turn."""
    app = make(1)
    going_on, is_in = threading.Event(), threading.Event()

    def view() -> str:
        is_in.set()
        return str(going_on.wait(20))

    app.add_url_rule("/", "view", view)

    def serve_slowly() -> None:
        texts.append(serve(app).text)

    texts: list[str] = []
    thread = threading.Thread(target=serve_slowly)
    thread.start()
    assert is_in.wait(20)
    loop = asyncio.new_event_loop()
    waiting = loop.create_task(_start(app))
    loop.run_until_complete(asyncio.sleep(0))
    waiting.cancel()
    loop.run_until_complete(asyncio.gather(waiting, return_exceptions=True))
    loop.close()
    going_on.set()
    thread.join(20)
    assert texts == ["True"]
    assert serve(app).text == "True"


async def call(worker: Worker, function: t.Callable[..., t.Any], *args: t.Any) -> t.Any:
    return await worker.call(copy_context(), function, args, {}, lets_turn=True)


def test_a_loop_that_is_closed_while_a_call_is_made() -> None:
    """The thread goes on, and makes calls for other loops."""
    worker = Worker()
    is_in, going_on = threading.Event(), threading.Event()

    def wait() -> None:
        is_in.set()
        assert going_on.wait(20)

    loop = asyncio.new_event_loop()
    coroutine = call(worker, wait)
    task = loop.create_task(coroutine)
    loop.run_until_complete(asyncio.sleep(0))
    assert is_in.wait(20)
    loop.close()
    going_on.set()
    assert asyncio.run(call(worker, str, 1)) == "1"
    coroutine.close()
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is, and for that it would complain
    worker.stop()


def test_a_task_that_ends_the_loop_while_others_go_on() -> None:
    """As Ctrl-C does: what else was done by then is not forgotten when the loop runs again."""
    workers = Worker(), Worker()
    going_on = threading.Event()

    async def leave() -> None:
        await call(workers[0], going_on.wait, 20)
        raise SystemExit

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        leaving, staying = loop.create_task(leave()), loop.create_task(call(workers[1], going_on.wait, 20))
        loop.run_until_complete(asyncio.sleep(0))
        going_on.set()
        until = time.monotonic() + 20
        while len(MadeCalls.of(loop)._jobs) < 2:
            assert time.monotonic() < until
            time.sleep(0.001)
        with pytest.raises(SystemExit):
            loop.run_until_complete(asyncio.wait({staying}))
        assert loop.run_until_complete(asyncio.wait_for(staying, 20))
        assert isinstance(leaving.exception(), SystemExit)
    for worker in workers:
        worker.stop()


@pytest.mark.parametrize("lets_turn", [False, True])
def test_a_task_that_is_cancelled_before_the_call(lets_turn: bool) -> None:
    """The call is made all the same, once, and the task is cancelled after."""
    worker = Worker()
    made: list[int] = []

    async def use() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await worker.call(copy_context(), made.append, (1,), {}, lets_turn=lets_turn)

    async def scenario() -> bool:
        task = asyncio.create_task(use())
        await asyncio.wait({task}, timeout=20)
        return task.cancelled()

    assert run(scenario())
    assert made == [1]
    worker.stop()


def test_a_stream_leaves_the_loop_its_turns(kind: str) -> None:
    """However fast a plain generator is, and the server: else nobody would notice that the client is gone."""
    app = make(1)
    app.add_url_rule("/", "view", of_kind(kind, lambda: (b"." for _ in range(200))))

    async def scenario() -> int:
        exchange = Exchange(app).start()
        turns = 0
        while not exchange.task.done():
            turns += 1
            await asyncio.sleep(0)
        assert (await exchange.finish()).text == "." * 200
        return turns

    assert run(scenario(), app) >= 200


def test_no_thread_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has none left, the turn is not lost."""
    workers = Workers()

    def fail() -> t.NoReturn:
        raise OSError(errno.EMFILE, "Too many open files")

    async def scenario() -> None:
        with monkeypatch.context() as patch:
            patch.setattr("flask._dispatch.threads._idle", [])
            patch.setattr(socket, "socketpair", fail)
            for _ in range(2):
                with pytest.raises(OSError, match="Too many"):
                    await workers.take(1)
        workers.give_back(await workers.take(1))

    run(scenario())


FORKED = """
import asyncio, os
from contextvars import copy_context
from flask._dispatch.threads import Workers

async def use(workers):
    worker = await workers.take(1)
    number = await worker.call(copy_context(), os.getpid, (), {}, lets_turn=True)
    workers.give_back(worker)
    return number

assert asyncio.run(use(Workers())) == os.getpid()
child = os.fork()
assert asyncio.run(asyncio.wait_for(use(Workers()), 20)) == os.getpid()
if not child:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert asyncio.run(asyncio.wait_for(use(Workers()), 20)) == os.getpid()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be forked here")
def test_a_forked_process_has_threads_of_its_own() -> None:
    """It does not ask those of its parent, which would make its calls there or nowhere."""
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], check=True, timeout=60)


variable: ContextVar[str] = ContextVar("variable", default="unset")


@pytest.mark.parametrize("threads", [1, 4])
def test_many_at_once_on_two_loops(threads: int) -> None:
    """Half of them cancelled: each of the others is answered from its own context, all its sync code on one thread."""
    app = make(threads)
    lock, running, most = threading.Lock(), 0, 0
    begun: list[str] = []
    ended: list[str] = []

    @app.before_request
    def begin() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        begun.append(request.path)
        assert variable.get() == "unset"
        variable.set(f"{request.path} {threading.get_ident()}")

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        nonlocal running
        if variable.get() == "unset":
            return  # it was cancelled while it waited for a thread, before it began
        assert variable.get() == f"{request.path} {threading.get_ident()}"
        ended.append(request.path)
        with lock:
            running -= 1

    def view(name: str, number: int) -> t.Any:
        if number % 5 == 0:
            time.sleep(0.001)
        path, thread = variable.get().split()
        assert (path, int(thread)) == (request.path, threading.get_ident())
        return name if number % 3 else stream_with_context(iter([request.args.get("n", ""), name]))

    async def async_view(name: str, number: int) -> t.Any:
        await asyncio.sleep(0)
        return variable.get().split()[0].split("/")[2]

    app.add_url_rule("/sync/<name>/<int:number>", "sync", view)
    app.add_url_rule("/async/<name>/<int:number>", "async", async_view)

    async def scenario(name: str) -> None:
        for _ in range(3):
            exchanges = [
                Exchange(app, f"/{'async' if number % 7 == 0 else 'sync'}/{name}/{number}").start()
                for number in range(60)
            ]
            for turn, exchange in enumerate(exchanges[::2]):
                if turn % 4 == 0:
                    await asyncio.sleep(0.0005)
                exchange.task.cancel()
            for exchange in exchanges[1::2]:
                assert (await exchange.finish()).text == name
            await asyncio.wait([exchange.task for exchange in exchanges], timeout=20)

    errors: list[BaseException] = []

    def serve_loop(name: str) -> None:
        try:
            asyncio.run(scenario(name))
        except BaseException as error:
            errors.append(error)

    serving = [threading.Thread(target=serve_loop, args=(name,)) for name in ("one", "other")]
    for thread in serving:
        thread.start()
    for thread in serving:
        thread.join(60)
    assert errors == []
    assert most <= threads
    assert sorted(begun) == sorted(ended)
    assert app._workers._in_use == 0
    assert not app._workers._waiting


async def _start(app: Flask) -> None:
    worker = await app._workers.take(1)
    app._workers.give_back(worker)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["start", "cancel", "turn", "leave"]), st.integers(0, 9)), min_size=5, max_size=30
    ),
    threads=st.integers(1, 2),
)
@settings(max_examples=40, deadline=None)
def test_any_mix_of_requests_cancellations_and_disconnects(steps: list[tuple[str, int]], threads: int) -> None:
    """Whatever happens to others, a request that nobody ends gets its answer, and all are torn down once."""
    app = make(threads)
    begun: list[str] = []
    ended: list[str] = []

    @app.before_request
    def begin() -> None:
        begun.append(request.args["n"])

    @app.teardown_request
    def end(exc: BaseException | None) -> None:
        ended.append(request.args["n"])

    @app.get("/")
    def view() -> str:
        return request.args["n"]

    @app.get("/async")
    async def async_view() -> t.Any:
        await asyncio.sleep(0)

        def items() -> t.Iterator[str]:
            yield request.args["n"]

        return stream_with_context(items())

    async def scenario() -> None:
        exchanges: list[Exchange] = []
        touched: set[int] = set()
        for what, which in steps:
            if what == "start":
                path = "/async" if which % 2 else "/"
                exchanges.append(Exchange(app, f"{path}?n={len(exchanges)}").start())
            elif what == "turn":
                for _ in range(which):
                    await asyncio.sleep(0)
            elif which < len(exchanges):
                touched.add(which)
                if what == "cancel":
                    exchanges[which].task.cancel()
                else:
                    exchanges[which].disconnect()
        for number, exchange in enumerate(exchanges):
            try:
                answer = await exchange.finish()
            except asyncio.CancelledError:
                assert number in touched
            else:
                assert number in touched or answer.text == str(number)

    run(scenario(), app)
    assert len(set(ended)) == len(ended)
    assert set(begun) <= set(ended)
