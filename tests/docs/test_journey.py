"""The page on a request's journey tells what happens: its list is compared with the calls of a real request."""

from __future__ import annotations

import sys
from pathlib import Path

import flask

PAGE = Path(__file__).parents[2] / "docs" / "internals" / "journey.rst"
PACKAGE = Path(flask.__file__).parent


def listed_calls() -> list[str]:
    block = PAGE.read_text().partition(":name: calls\n\n")[2].partition("\n\n")[0]
    return [line.strip() for line in block.splitlines()]


def recorded_calls(names: set[str]) -> list[str]:
    app = flask.Flask(__name__)
    app.before_request(lambda: None)
    app.after_request(lambda response: response)
    app.teardown_request(lambda exc: None)
    app.teardown_appcontext(lambda exc: None)
    app.add_url_rule("/", "index", lambda: "Hello")
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}
    calls: list[str] = []

    def note(frame, event, argument):
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(PACKAGE):
            module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
            name = f"{module}.{frame.f_code.co_qualname}"
            if name in names:
                calls.append(name)

    sys.setprofile(note)
    try:
        body = app(environ, lambda status, headers: None)
    finally:
        sys.setprofile(None)
    assert b"".join(body) == b"Hello"
    return calls


def test_the_page_lists_the_calls_of_a_request_in_their_order():
    listed = listed_calls()
    assert len(listed) > 20
    assert recorded_calls(set(listed)) == listed
