"""Every way in which a stream that holds its request can end: the teardown runs once, after it."""

from __future__ import annotations

import gc
import itertools
import socket
import threading
import typing as t
from collections.abc import Callable

import pytest
from werkzeug.serving import make_server

from flask import Response, has_app_context, request
from flask import stream_with_context as hold

if t.TYPE_CHECKING:
    from .conftest import Server

ENDED = ["closed at /", "request", "app"]


def test_exhausted(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert server.log == []
    assert server.rest_of(body) == [b"/0", b"/1", b"/2"]
    assert server.log == ENDED
    body.close()
    assert server.log == ENDED


def test_asking_an_exhausted_stream_again(server: Server) -> None:
    streams: list[t.Any] = []
    server.stream(lambda: streams.append(hold(server.numbers(1))) or Response(streams[0]))
    assert server.rest_of(server.start()) == [b"/0"]
    assert list(streams[0]) == []
    streams[0].close()
    assert server.log == ENDED


def test_closed_half_way(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert next(iter(body)) == b"/0"
    assert server.log == []
    body.close()
    assert server.log == ENDED
    assert not has_app_context()
    body.close()
    assert server.log == ENDED


def test_never_started(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert server.log == []
    body.close()
    assert server.log == ["request", "app"]  # a generator that never ran has nothing to end


@pytest.mark.parametrize("started", [False, True])
def test_dropped(server: Server, started: bool) -> None:
    """A server that does not close the body, against the rules: dropping it is enough."""
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    if started:
        next(iter(body))
    del body
    assert server.log == (ENDED if started else ["request", "app"])
    assert not has_app_context()


def test_dropped_to_the_garbage_collector(server: Server) -> None:
    server.stream(lambda: hold(str(number) for number in range(3)))
    body = server.start()
    next(iter(body))
    body.itself = [body]
    del body
    gc.collect()
    assert server.log == ["request", "app"]
    assert not has_app_context()


def test_dropped_on_another_thread(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    bodies = [server.start()]
    next(iter(bodies[0]))
    server.elsewhere(bodies.clear)
    assert server.log == ENDED


@pytest.mark.parametrize("end", [list, lambda body: body.close()], ids=["exhausted", "closed"])
def test_read_on_another_thread_than_the_view_s(server: Server, end: Callable[[t.Any], t.Any]) -> None:
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert next(iter(body)) == b"/0"
    server.elsewhere(lambda: end(body))
    assert server.log == ENDED


def test_each_item_on_a_thread_of_its_own(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    items: list[bytes] = []
    for _ in range(3):
        server.elsewhere(lambda: items.append(next(iter(body))))
    assert items == [b"/0", b"/1", b"/2"]
    server.elsewhere(lambda: items.extend(body))
    assert server.log == ENDED


def test_client_that_hangs_up(server: Server) -> None:
    ended = threading.Event()
    server.app.teardown_appcontext_funcs.insert(0, lambda exc: ended.set())  # the last to be called
    server.stream(lambda: hold("x" * 100_000 + request.path for _ in itertools.count()))
    with make_server("127.0.0.1", 0, server.app, threaded=True) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with socket.create_connection(http.server_address) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert connection.recv(8) == b"HTTP/1.1"
            assert server.log == []
        assert ended.wait(timeout=60)
        http.shutdown()
        thread.join()
    assert server.log == ["request", "app"]


def test_dropped_by_the_view(server: Server) -> None:
    def view() -> str:
        hold(server.numbers())
        assert server.log == []
        return "something else"

    server.stream(view)
    assert server.rest_of(server.start()) == [b"something else"]
    assert server.log == ["request", "app"]


def test_replaced_by_an_after_hook(server: Server) -> None:
    @server.app.after_request
    def replace(response: Response) -> Response:
        return Response("something else")

    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert server.log == ["request", "app"]
    assert server.rest_of(body) == [b"something else"]
    assert server.log == ["request", "app"]


def test_wrapped_by_an_after_hook(server: Server) -> None:
    @server.app.after_request
    def wrap(response: Response) -> Response:
        return Response(item.upper() for item in response.iter_encoded())

    server.stream(lambda: hold(server.numbers()), "/a")
    body = server.start("/a")
    assert server.log == []
    assert server.rest_of(body) == [b"/A0", b"/A1", b"/A2"]
    assert server.log == ["closed at /a", "request", "app"]


def test_read_by_an_after_hook(server: Server) -> None:
    @server.app.after_request
    def measure(response: Response) -> Response:
        response.headers["X-Length"] = str(len(response.get_data()))
        assert server.log == ["closed at /"]
        return response

    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert server.log == ENDED
    assert server.rest_of(body) == [b"/0", b"/1", b"/2"]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_answer_that_has_no_body(server: Server, method: str, status: int) -> None:
    server.stream(lambda: (hold(server.numbers()), status))
    body = server.start(method=method)
    assert list(body) == []
    body.close()
    assert server.log == ["request", "app"]
