"""What is active while a body is made: several streams, contexts pushed in them and around them."""

from __future__ import annotations

import contextvars
import typing as t
from collections.abc import Iterator

import pytest
from werkzeug.test import create_environ

import flask
from flask import Flask, Response, current_app, eras, g, has_app_context, has_request_context, request, session
from flask import stream_with_context as hold

if t.TYPE_CHECKING:
    from .conftest import Server

since_0_10 = pytest.mark.skipif(eras.is_old("request_owns_g"), reason="`g` belonged to the request before 0.10")

ENDED = ["closed at /", "request", "app"]


# Several


def test_two_streams_in_one_response(server: Server) -> None:
    def view() -> Iterator[str]:
        first, second = hold(server.numbers()), hold(server.numbers())
        return (one + two for one, two in zip(first, second, strict=True))

    server.stream(view)
    assert server.rest_of(server.start()) == [b"/0/0", b"/1/1", b"/2/2"]
    assert server.log == ["closed at /", "closed at /", "request", "app"]


def test_two_streams_of_which_one_is_dropped(server: Server) -> None:
    def view() -> Iterator[str]:
        hold(server.numbers())
        return hold(server.numbers())

    server.stream(view)
    body = server.start()
    assert server.log == []
    assert server.rest_of(body) == [b"/0", b"/1", b"/2"]
    assert server.log == ENDED


def test_stream_inside_of_a_stream(server: Server) -> None:
    def outer() -> Iterator[str]:
        yield f"{request.path}<"
        for item in hold(server.numbers(2)):
            assert request.path == "/"
            yield item
        yield f">{request.path}"

    server.stream(lambda: hold(outer()))
    assert server.rest_of(server.start()) == [b"/<", b"/0", b"/1", b">/"]
    assert server.log == ENDED


def test_generator_that_delegates(server: Server) -> None:
    def outer() -> Iterator[str]:
        yield from server.numbers(1)
        yield from server.numbers(1)

    server.stream(lambda: hold(outer()))
    assert server.rest_of(server.start()) == [b"/0", b"/0"]
    assert server.log == ["closed at /", "closed at /", "request", "app"]


def test_streams_of_two_requests_by_turns(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()), "/a")
    server.stream(lambda: hold(server.numbers()), "/b")
    first, second = server.start("/a"), server.start("/b")
    assert list(zip(first, second, strict=True)) == [(b"/a0", b"/b0"), (b"/a1", b"/b1"), (b"/a2", b"/b2")]
    assert server.log == ["closed at /a", "request", "app", "closed at /b", "request", "app"]


def test_contexts_that_generators_push_do_not_meet(server: Server) -> None:
    """Each generator keeps a context of its own pushed between its items; they run by turns, and on several threads."""

    def view(name: str) -> Iterator[str]:
        def items() -> Iterator[str]:
            with server.app.app_context(), server.app.test_request_context(f"/inside/{name}"):
                g.name = name
                for number in range(3):
                    yield f"{g.name} {request.path} {number}"
            yield request.path

        return hold(items())

    server.stream(view, "/<name>")
    bodies = [server.start("/a"), server.start("/b")]
    items: dict[int, list[bytes]] = {0: [], 1: []}
    for turn in range(4):
        for number, body in enumerate(bodies):
            if turn == 2:
                server.elsewhere(lambda number=number, body=body: items[number].append(next(iter(body))))
            else:
                items[number].append(next(iter(body)))
            assert not has_app_context()
    assert items[0] == [b"a /inside/a 0", b"a /inside/a 1", b"a /inside/a 2", b"/a"]
    assert items[1] == [b"b /inside/b 0", b"b /inside/b 1", b"b /inside/b 2", b"/b"]
    for body in bodies:
        body.close()
    assert not has_app_context()


def test_contexts_around_the_view_are_not_those_of_the_stream(server: Server) -> None:
    other = Flask("other")

    def items() -> Iterator[str]:
        yield f"{current_app.name} {request.path}"

    def view() -> Response:
        with other.app_context():
            return Response(hold(items()))

    server.stream(view)
    assert server.rest_of(server.start()) == [f"{server.app.name} /".encode()]


# What is active


def test_everything_of_the_request_is_there(server: Server) -> None:
    def items() -> Iterator[str]:
        yield f"{request.args['name']} {g.name} {session['name']} {flask.url_for('/')}"
        g.name = "changed"
        yield g.name

    def view() -> Iterator[str]:
        g.name, session["name"] = "from the view", "in the session"
        return hold(items())

    server.stream(view)
    assert server.rest_of(server.start("/?name=Ada")) == [b"Ada from the view in the session /", b"changed"]


def test_request_is_active_for_the_teardown_of_a_stream(server: Server) -> None:
    seen: list[str] = []
    server.app.teardown_request(lambda exc: seen.append(f"{request.path} {g.name}"))
    server.app.teardown_appcontext(lambda exc: seen.append(f"{has_request_context()} {g.name}"))

    def view() -> Iterator[str]:
        g.name = "Ada"
        return hold(server.numbers(1))

    server.stream(view)
    body = server.start()
    server.elsewhere(lambda: server.rest_of(body))
    assert seen == ["/ Ada", "False Ada"]


def test_decorated_function(server: Server) -> None:
    @hold
    def items(count: int, *, prefix: str) -> Iterator[str]:
        """Some items."""
        for number in range(count):
            yield f"{prefix}{request.path}{number}"

    assert items.__name__ == "items"
    assert items.__doc__ == "Some items."
    server.stream(lambda: items(2, prefix=">"))
    assert server.rest_of(server.start()) == [b">/0", b">/1"]
    assert server.log == ["request", "app"]


def test_decorated_function_outside_of_a_request(server: Server) -> None:
    @hold
    def items() -> Iterator[str]:
        yield "never"

    with pytest.raises(RuntimeError, match=r"stream_with_context\(\)"):
        items()


def test_iterator_that_is_no_generator(server: Server) -> None:
    server.stream(lambda: hold(iter(["a", b"b"])))
    assert server.rest_of(server.start()) == [b"a", b"b"]
    assert server.log == ["request", "app"]


def test_iterator_with_a_close_of_its_own(server: Server) -> None:
    class Cursor:
        def __iter__(self) -> Cursor:
            return self

        def __next__(self) -> str:
            return "row"

        def close(self) -> None:
            server.note(f"closed at {request.path}")

    server.stream(lambda: hold(Cursor()))
    body = server.start()
    assert next(iter(body)) == b"row"
    body.close()
    assert server.log == ENDED


def test_context_variables_of_the_view_are_those_of_the_stream(server: Server) -> None:
    name = contextvars.ContextVar("name", default="unset")

    def items() -> Iterator[str]:
        yield name.get()
        name.set("set by the generator")
        yield name.get()

    def view() -> Iterator[str]:
        name.set("set by the view")
        return hold(items())

    server.stream(view)
    body = contextvars.copy_context().run(server.start)
    assert next(iter(body)) == b"set by the view"
    assert server.rest_of(body) == [b"set by the generator"]
    assert name.get() == "unset"


def test_plain_generator_runs_after_the_end_of_its_request(server: Server) -> None:
    def items() -> Iterator[str]:
        yield f"{has_request_context()} {has_app_context()}"
        request.path

    server.stream(items)
    body = server.start()
    assert server.log == ["request", "app"]
    assert next(iter(body)) == b"False False"
    with pytest.raises(RuntimeError, match="Working outside of request context"):
        next(iter(body))


def test_what_is_called_on_close_runs_after_the_end(server: Server) -> None:
    def view() -> Response:
        response = Response(hold(server.numbers(1)))
        response.call_on_close(lambda: server.note(f"on close, {has_request_context()}"))
        return response

    server.stream(view)
    body = server.start()
    server.rest_of(body)
    body.close()
    assert server.log == [*ENDED, "on close, False"]


# Around it


@since_0_10
def test_stream_that_outlives_the_app_context_around_its_request(server: Server) -> None:
    server.stream(lambda: hold(f"{g.name}" for _ in range(2)))
    with server.app.app_context():
        g.name = "shared"
        body = server.app(create_environ(), lambda status, headers: None)
        assert next(iter(body)) == b"shared"
        assert has_app_context()
        assert not has_request_context()
    assert server.log == []
    assert server.rest_of(body) == [b"shared"]
    assert server.log == ["request", "app"]


def test_stream_read_inside_of_another_request(server: Server) -> None:
    server.stream(lambda: hold(server.numbers(2)), "/streamed")
    body = server.start("/streamed")
    with server.app.test_request_context("/other"):
        assert list(body) == [b"/streamed0", b"/streamed1"]
        assert request.path == "/other"
        assert server.log == ["closed at /streamed", "request", "app"]


def test_stream_of_a_context_pushed_by_hand(server: Server) -> None:
    with server.app.test_request_context("/by/hand"):
        stream = hold(server.numbers(1))
    assert server.log == []
    assert list(stream) == ["/by/hand0"]
    assert server.log == ["closed at /by/hand", "request", "app"]


def test_stream_of_a_context_that_is_pushed_again(server: Server) -> None:
    with server.app.test_request_context("/by/hand") as ctx:
        stream = hold(server.numbers(1))
        g.name = "kept"
    with ctx:
        assert g.name == "kept"
        assert list(stream) == ["/by/hand0"]
        assert server.log == ["closed at /by/hand"]
    assert server.log == ["closed at /by/hand", "request", "app"]


def test_test_client_reads_streams(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    client = server.app.test_client()
    assert client.get("/").text == "/0/1/2"
    assert client.get("/", buffered=True).text == "/0/1/2"
    with client.get("/") as response:
        assert next(response.iter_encoded()) == b"/0"
    assert server.log == ENDED * 3
