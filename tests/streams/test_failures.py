"""Streams that fail, and requests that fail with a stream in hand."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

import pytest
from werkzeug.test import create_environ

import flask
from flask import Response, has_app_context
from flask import stream_with_context as hold

if t.TYPE_CHECKING:
    from .conftest import Server

ENDED = ["closed at /", "request", "app"]


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
    body = server.start()
    assert server.log == ["request ValueError('200 OK')", "app ValueError('200 OK')"]
    assert b"Internal Server Error" in server.rest_of(body)[0]
    assert len(server.log) == 2


def test_view_that_is_interrupted_after_it_made_a_stream(server: Server) -> None:
    def view() -> t.NoReturn:
        stream = hold(server.numbers())
        next(stream)
        raise KeyboardInterrupt

    server.stream(view)
    with pytest.raises(KeyboardInterrupt):
        server.app(create_environ(), lambda status, headers: None)
    assert not has_app_context()
    assert server.log == ["closed at /", "request KeyboardInterrupt()", "app KeyboardInterrupt()"]


def test_stream_whose_cleanup_fails_as_well(server: Server) -> None:
    def failing() -> Iterator[str]:
        try:
            yield "first"
        finally:
            raise ValueError("in the cleanup")

    def view() -> t.NoReturn:
        stream = hold(failing())
        next(stream)
        raise KeyError("in the view")

    server.app.testing = False
    server.stream(view)
    assert b"Internal Server Error" in server.rest_of(server.start())[0]
    assert server.log == ["request KeyError('in the view')", "app KeyError('in the view')"]


def test_page_for_an_error_may_be_streamed(server: Server) -> None:
    @server.app.errorhandler(500)
    def show(error: Exception) -> Iterator[str]:
        return hold(server.numbers())

    server.app.testing = False
    server.stream(lambda: {}["nothing"])
    body = server.start()
    assert server.log == []
    assert server.rest_of(body) == [b"/0", b"/1", b"/2"]
    assert server.log == ["closed at /", "request KeyError('nothing')", "app KeyError('nothing')"]


def test_after_hook_that_fails(server: Server) -> None:
    @server.app.after_request
    def fail(response: Response) -> Response:
        if response.status_code == 500:
            return response
        raise ValueError("in the hook")

    server.app.testing = False
    server.stream(lambda: hold(server.numbers()))
    body = server.start()
    assert server.log == ["request ValueError('in the hook')", "app ValueError('in the hook')"]
    assert b"Internal Server Error" in server.rest_of(body)[0]


def test_server_that_refuses_the_head(server: Server) -> None:
    def refuse(status: str, headers: list[tuple[str, str]]) -> t.NoReturn:
        raise ConnectionError("gone")

    server.stream(lambda: hold(server.numbers()))
    with pytest.raises(ConnectionError):
        server.app(create_environ(), refuse)
    assert server.log == ["request ConnectionError('gone')", "app ConnectionError('gone')"]
    assert not has_app_context()


def test_one_of_two_streams_that_fails(server: Server) -> None:
    def failing() -> Iterator[str]:
        raise ValueError("at once")
        yield "never"

    streams: list[t.Any] = []

    def view() -> str:
        streams.extend([hold(failing()), hold(server.numbers(1))])
        return "done"

    server.stream(view)
    server.start()
    with pytest.raises(ValueError, match="at once"):
        next(streams[0])
    assert server.log == []
    assert list(streams[1]) == ["/0"]
    assert server.log == ["closed at /", "request ValueError('at once')", "app ValueError('at once')"]


def test_error_that_the_view_took_care_of(server: Server) -> None:
    def failing() -> Iterator[str]:
        raise ValueError("at once")
        yield "never"

    def view() -> Iterator[str]:
        with pytest.raises(ValueError, match="at once"):
            next(hold(failing()))
        with pytest.raises(KeyError), flask.globals.request_ctx._get_current_object():
            raise KeyError
        return hold(server.numbers(1))

    server.stream(view)
    assert server.rest_of(server.start()) == [b"/0"]
    assert server.log == ENDED


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
