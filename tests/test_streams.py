"""Bodies that are made after the view has returned: what is active for them, and every way in which they can end."""

from __future__ import annotations

import contextlib
import gc
import threading
import typing as t
from collections.abc import Callable, Iterable, Iterator

import pytest
from werkzeug.test import create_environ

import flask
from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request, session
from flask import stream_with_context as hold


class Server:
    """A WSGI server that takes the body item by item, as a test wants it, and notes what happens."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.log: list[str] = []
        app.teardown_request(lambda exc: self.note("request", exc))
        app.teardown_appcontext(lambda exc: self.note("app", exc))

    def note(self, what: str, exc: BaseException | None = None) -> None:
        self.log.append(what + (f" {exc!r}" if exc is not None else ""))

    def start(self, path: str = "/", method: str = "GET") -> t.Any:
        """Send a request, and return the body without reading it."""
        statuses: list[str] = []
        body = self.app(create_environ(path, method=method), lambda status, headers: statuses.append(status))
        assert len(statuses) == 1
        assert not has_app_context()
        return body

    def stream(self, make: Callable[[], t.Any], rule: str = "/", **options: t.Any) -> None:
        """Register a view."""
        self.app.add_url_rule(rule, rule, make, **options)

    def numbers(self, count: int = 3) -> Iterator[str]:
        """Items that tell what they see, and that they were ended."""
        try:
            for number in range(count):
                assert current_app._get_current_object() is self.app
                yield f"{request.path}{number}"
        finally:
            self.note(f"closed at {request.path}")


ENDED = ["closed at /", "request", "app"]


@pytest.fixture
def server(app: Flask) -> Server:
    return Server(app)


def on_another_thread(function: Callable[[], t.Any]) -> None:
    """Do something on another thread, and raise here what it raised there."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            function()
            assert not has_app_context()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    for failure in failures:
        raise failure


def rest_of(body: Iterable[bytes]) -> list[bytes]:
    """The items of a body, with nothing active for the server before, between and after them."""
    items = []
    iterator = iter(body)
    while True:
        assert not has_request_context()
        assert not has_app_context()
        try:
            items.append(next(iterator))
        except StopIteration:
            assert not has_app_context()
            return items


# Every way to end


def test_exhausted(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert server.log == []
    assert rest_of(body) == [b"/0", b"/1", b"/2"]
    assert server.log == ENDED
    body.close()
    assert server.log == ENDED


def test_asking_an_exhausted_stream_again(server: Server) -> None:
    streams: list[t.Any] = []
    server.stream(lambda: streams.append(hold(server.numbers(1))) or Response(streams[0]))
    assert rest_of(server.start()) == [b"/0"]
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
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    next(iter(body))
    body.itself = [body]
    del body
    gc.collect()
    assert server.log == ENDED


def test_dropped_on_another_thread(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    bodies = [server.start()]
    next(iter(bodies[0]))
    on_another_thread(bodies.clear)
    assert server.log == ENDED


@pytest.mark.parametrize("end", [rest_of, lambda body: body.close()], ids=["exhausted", "closed"])
def test_read_on_another_thread_than_the_view_s(server: Server, end: Callable[[t.Any], t.Any]) -> None:
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert next(iter(body)) == b"/0"
    on_another_thread(lambda: end(body))
    assert server.log == ENDED


def test_each_item_on_a_thread_of_its_own(server: Server) -> None:
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    items: list[bytes] = []
    for _ in range(3):
        on_another_thread(lambda: items.append(next(iter(body))))
    assert items == [b"/0", b"/1", b"/2"]
    on_another_thread(lambda: items.extend(body))
    assert server.log == ENDED


def test_dropped_by_the_view(server: Server) -> None:
    def view() -> str:
        hold(server.numbers())
        assert server.log == []
        return "something else"

    server.stream(view)
    assert rest_of(server.start()) == [b"something else"]
    assert server.log == ["request", "app"]


def test_replaced_by_an_after_hook(server: Server) -> None:
    @server.app.after_request
    def replace(response: Response) -> Response:
        return Response("something else")

    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert server.log == ["request", "app"]
    assert rest_of(body) == [b"something else"]
    assert server.log == ["request", "app"]


def test_wrapped_by_an_after_hook(server: Server) -> None:
    @server.app.after_request
    def wrap(response: Response) -> Response:
        return Response(item.upper() for item in response.iter_encoded())

    server.stream(lambda: hold(server.numbers()), "/a")
    body = server.start("/a")
    assert server.log == []
    assert rest_of(body) == [b"/A0", b"/A1", b"/A2"]
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
    assert rest_of(body) == [b"/0", b"/1", b"/2"]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_answer_that_has_no_body(server: Server, method: str, status: int) -> None:
    server.stream(lambda: (hold(server.numbers()), status))
    body = server.start(method=method)
    assert list(body) == []
    body.close()
    assert server.log == ["request", "app"]


def test_generator_that_raises(server: Server) -> None:
    def failing() -> Iterator[str]:
        yield "first"
        raise ValueError("half way")

    server.stream(lambda: hold(failing()))
    body = server.start()
    assert next(iter(body)) == b"first"
    with pytest.raises(ValueError, match="half way"):
        next(iter(body))
    assert server.log == ["request ValueError('half way')", "app ValueError('half way')"]
    assert not has_app_context()
    body.close()
    assert len(server.log) == 2


def test_generator_that_raises_when_it_is_closed(server: Server) -> None:
    def failing() -> Iterator[str]:
        try:
            yield "first"
        finally:
            raise ValueError("at the end")

    server.stream(lambda: hold(failing()))
    body = server.start()
    next(iter(body))
    with pytest.raises(ValueError, match="at the end"):
        body.close()
    assert server.log == ["request ValueError('at the end')", "app ValueError('at the end')"]
    assert not has_app_context()


def test_view_that_fails_after_it_made_a_stream(server: Server) -> None:
    def view() -> Response:
        response = Response(hold(server.numbers()))
        raise ValueError(response.status)

    server.app.testing = False
    server.stream(view)
    assert b"Internal Server Error" in rest_of(server.start())[0]
    assert server.log == ["request ValueError('200 OK')", "app ValueError('200 OK')"] or server.log == ["request", "app"]


def test_after_hook_that_fails(server: Server) -> None:
    @server.app.after_request
    def fail(response: Response) -> Response:
        if response.status_code == 500:
            return response
        raise ValueError("in the hook")

    server.app.testing = False
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert [line.partition(" ")[0] for line in server.log] == ["request", "app"]
    assert b"Internal Server Error" in rest_of(body)[0]


def test_server_that_refuses_the_head(server: Server) -> None:
    def refuse(status: str, headers: list[tuple[str, str]]) -> t.NoReturn:
        raise ConnectionError("gone")

    server.stream(lambda: hold(server.numbers()))
    with contextlib.suppress(ConnectionError):
        server.app(create_environ(), refuse)
    assert [line.partition(" ")[0] for line in server.log] == ["request", "app"]
    assert not has_app_context()


def test_teardown_that_fails_at_the_end_of_a_stream(server: Server) -> None:
    def fail(exc: BaseException | None) -> None:
        raise ValueError("in the teardown")

    server.app.teardown_request(fail)
    server.stream(lambda: hold(server.numbers(1)))
    body = server.start()
    assert next(iter(body)) == b"/0"
    with pytest.raises(ValueError, match="in the teardown"):
        next(iter(body))
    assert server.log == ENDED
    assert not has_app_context()


# Several


def test_two_streams_in_one_response(server: Server) -> None:
    def view() -> Iterator[str]:
        first, second = hold(server.numbers()), hold(server.numbers())
        return (one + two for one, two in zip(first, second, strict=True))

    server.stream(view)
    assert rest_of(server.start()) == [b"/0/0", b"/1/1", b"/2/2"]
    assert server.log == ["closed at /", "closed at /", "request", "app"]


def test_two_streams_of_which_one_is_dropped(server: Server) -> None:
    def view() -> Iterator[str]:
        hold(server.numbers())
        return hold(server.numbers())

    server.stream(view)
    body = server.start()
    assert server.log == []
    assert rest_of(body) == [b"/0", b"/1", b"/2"]
    assert server.log == ENDED


def test_stream_inside_of_a_stream(server: Server) -> None:
    def outer() -> Iterator[str]:
        yield f"{request.path}<"
        for item in hold(server.numbers(2)):
            assert request.path == "/"
            yield item
        yield f">{request.path}"

    server.stream(lambda: hold(outer()))
    assert rest_of(server.start()) == [b"/<", b"/0", b"/1", b">/"]
    assert server.log == ENDED


def test_generator_that_delegates(server: Server) -> None:
    def outer() -> Iterator[str]:
        yield from server.numbers(1)
        yield from server.numbers(1)

    server.stream(lambda: hold(outer()))
    assert rest_of(server.start()) == [b"/0", b"/0"]
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
                on_another_thread(lambda number=number, body=body: items[number].append(next(iter(body))))
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
    assert rest_of(server.start()) == [f"{server.app.name} /".encode()]


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
    assert rest_of(server.start("/?name=Ada")) == [b"Ada from the view in the session /", b"changed"]


def test_request_is_active_for_the_teardown_of_a_stream(server: Server) -> None:
    seen: list[str] = []
    server.app.teardown_request(lambda exc: seen.append(f"{request.path} {g.name}"))
    server.app.teardown_appcontext(lambda exc: seen.append(f"{has_request_context()} {g.name}"))

    def view() -> Iterator[str]:
        g.name = "Ada"
        return hold(server.numbers(1))

    server.stream(view)
    body = server.start()
    on_another_thread(lambda: rest_of(body))
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
    assert rest_of(server.start()) == [b">/0", b">/1"]
    assert server.log == ["request", "app"]


def test_decorated_function_outside_of_a_request(server: Server) -> None:
    @hold
    def items() -> Iterator[str]:
        yield "never"

    with pytest.raises(RuntimeError, match=r"stream_with_context\(\)"):
        items()


def test_iterator_that_is_no_generator(server: Server) -> None:
    server.stream(lambda: hold(iter(["a", b"b"])))
    assert rest_of(server.start()) == [b"a", b"b"]
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
    import contextvars

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
    assert rest_of(body) == [b"set by the generator"]
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
    rest_of(body)
    body.close()
    assert server.log == [*ENDED, "on close, False"]


# Around it


def test_stream_that_outlives_the_app_context_around_its_request(app: Flask) -> None:
    server = Server(app)
    server.stream(lambda: hold(f"{g.name}" for _ in range(2)))
    with app.app_context():
        g.name = "shared"
        body = app(create_environ(), lambda status, headers: None)
        assert next(iter(body)) == b"shared"
        assert has_app_context()
        assert not has_request_context()
    assert server.log == []
    assert rest_of(body) == [b"shared"]
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
