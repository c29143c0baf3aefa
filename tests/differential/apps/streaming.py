"""Bodies that are made while they are sent: plain generators, and those that keep the context of the request."""

from __future__ import annotations

import io
from typing import Any

from asking import Request, ask, get
from observing import note, outcome, taken_events

from flask import (
    Flask,
    Response,
    after_this_request,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
    stream_with_context,
    url_for,
)

VARIANTS: dict[str, dict[str, Any]] = {"": {}, "debug": {"DEBUG": True}}


def plain_items() -> Any:
    note("begins", has_request_context(), has_app_context())
    yield "one "
    note("goes on", outcome(lambda: request.path))
    yield "two "
    note("ends")


def items_with_context() -> Any:
    note("begins", request.path, g.get("kept"), session.get("a"))
    try:
        yield f"{request.args.get('name')} "
        note("goes on", has_request_context(), url_for("plain"))
        g.kept = "changed in the stream"
        yield f"{request.endpoint} "
        note("ends", g.kept)
    finally:
        note("finally", has_request_context())


def failing_items() -> Any:
    yield f"{request.path} "
    raise ValueError


def nested_items() -> Any:
    yield "outer "
    yield from stream_with_context(items_with_context())
    yield "outer again"


@stream_with_context
def decorated_items(text: str) -> Any:
    yield text
    yield request.path


class Lines:
    """An iterator that can be closed, and is no generator."""

    def __init__(self) -> None:
        self.left = [b"first\n", b"second\n"]

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> bytes:
        if not self.left:
            raise StopIteration
        note("line", has_request_context())
        return self.left.pop(0)

    def close(self) -> None:
        note("lines closed")


def with_hook() -> Any:
    @after_this_request
    def replace(response: Response) -> Response:
        note("after this request", response.is_streamed)
        response.headers["X-Streamed"] = str(response.is_streamed)
        return response

    return stream_with_context(items_with_context())


def with_session() -> Any:
    session["a"] = 1

    def items() -> Any:
        session["b"] = 2
        yield str(dict(session))

    return stream_with_context(items())


def with_close() -> Any:
    response = Response(stream_with_context(items_with_context()), mimetype="text/event-stream")
    response.call_on_close(lambda: note("on close", has_request_context()))
    return response


VIEWS: dict[str, Any] = {
    "plain": plain_items,
    "context": lambda: stream_with_context(items_with_context()),
    "decorated": lambda: decorated_items("text "),
    "failing": lambda: stream_with_context(failing_items()),
    "failing-plain": failing_items,
    "nested": lambda: nested_items(),
    "nested-context": lambda: stream_with_context(nested_items()),
    "lines": Lines,
    "lines-context": lambda: stream_with_context(Lines()),
    "list": lambda: stream_with_context(["a", "b"]),  # type: ignore[type-var]  # a list is no iterator
    "empty": lambda: stream_with_context(iter(())),
    "status": lambda: (stream_with_context(items_with_context()), 202, {"X-A": "1"}),
    "no-content": lambda: (stream_with_context(items_with_context()), 204),
    "response": lambda: Response(stream_with_context(items_with_context())),
    "hook": with_hook,
    "session": with_session,
    "close": with_close,
    "file": lambda: Response(io.BytesIO(b"file"), direct_passthrough=True),
    "joined": lambda: "".join(stream_with_context(items_with_context())),
    "data": lambda: Response(Response(stream_with_context(items_with_context())).get_data()),
    "never-started": lambda: [stream_with_context(items_with_context()), "answer"][1],
    "two": lambda: [stream_with_context(items_with_context()), stream_with_context(items_with_context())][1],
    "error-after": lambda: [stream_with_context(items_with_context()), 1 / 0][1],
}


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key", **config)
    for name, view in VIEWS.items():
        app.add_url_rule(f"/{name}", name, view)
    app.before_request(lambda: setattr(g, "kept", "before"))
    app.after_request(lambda response: note("after", response.is_streamed) or response)
    app.teardown_request(lambda exc: note("teardown", exc, g.get("kept")))
    app.teardown_appcontext(lambda exc: note("teardown of the app", exc))

    @app.after_request
    def swallow(response: Response) -> Response:
        return Response("swallowed") if "swallow" in request.args else response

    return app


VISITS: list[Request | list[Request]] = [
    *(get(f"/{name}?name=x") for name in VIEWS),
    *(ask("HEAD", f"/{name}") for name in VIEWS),
    *(get(f"/{name}", stop_after=1) for name in VIEWS),
    *(get(f"/{name}?swallow") for name in ("plain", "context", "lines-context")),
    [get("/context"), get("/context?name=y"), get("/session"), get("/context")],
]


def probe_outside() -> Any:
    """Streams without a request."""
    found = {"none": outcome(stream_with_context, iter("a")), "decorated": outcome(lambda: decorated_items("x"))}
    with Flask(__name__).app_context():
        found["app context"] = outcome(lambda: list(stream_with_context(iter("a"))))
    return found


def probe_in_test_request_context() -> Any:
    """A stream that is read in the context that it was made in, and later."""
    app = create()
    with app.test_request_context("/?name=z"):
        inside = outcome(lambda: list(stream_with_context(items_with_context())))
        left = stream_with_context(items_with_context())
        first = next(left)
    taken_events()
    return [inside, first, outcome(list, left)]


def probe_by_client() -> Any:
    """What a test client sees of a stream."""
    app, found = create(), {}
    client = app.test_client()
    for name in ("plain", "context", "failing", "lines-context"):
        for buffered in (False, True):
            found[f"{name} {buffered}"] = outcome(lambda n=name, b=buffered: client.get(f"/{n}", buffered=b).text)
    taken_events()  # of the same requests as above
    return found
