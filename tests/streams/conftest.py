"""A server for bodies that are made after the view has returned."""

from __future__ import annotations

import threading
import typing as t
from collections.abc import Callable, Iterable, Iterator

import pytest
from werkzeug.test import create_environ

from flask import Flask, current_app, has_app_context, has_request_context, request


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

    def rest_of(self, body: Iterable[bytes]) -> list[bytes]:
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

    def elsewhere(self, function: Callable[[], t.Any]) -> None:
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


@pytest.fixture
def server(app: Flask) -> Server:
    return Server(app)
