"""A request and its context are freed when they are over, by reference counts: nothing waits for the garbage collector.

What a request held (its body, its files, what is on `g`) is gone with it, and a busy server collects no garbage.
"""

from __future__ import annotations

import asyncio
import gc
import io
import threading
import typing as t
import weakref
from collections.abc import Iterator

import pytest
from werkzeug.test import create_environ

import flask
from flask import Flask, Response, abort, g, redirect, render_template_string, request, session, url_for


class Watch:
    """Sends requests to an application, and watches what of them stays alive."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.alive: dict[str, weakref.ref[t.Any]] = {}
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.logger.disabled = True
        app.before_request(self.watch)

    def watch(self) -> None:
        ctx = flask.globals.request_ctx._get_current_object()
        kept = [ctx, ctx.request, ctx.app_context, ctx.g]
        self.alive.update({type(each).__name__: weakref.ref(each) for each in kept})
        g.name = "Ada"

    def send(self, path: str, **options: t.Any) -> None:
        body = self.app(create_environ(path, **options), lambda status, headers: None)
        b"".join(body)
        getattr(body, "close", lambda: None)()

    def left(self) -> list[str]:
        assert self.alive
        return [name for name, reference in self.alive.items() if reference() is not None]


@pytest.fixture
def watch(app: Flask) -> Iterator[Watch]:
    gc.disable()
    yield Watch(app)
    gc.enable()


def read_all() -> str:
    """Look at everything, so that all that is lazy was made."""
    session["seen"] = flask.flash("hello")
    seen = [request.args, request.form, request.files, request.cookies, request.headers, request.url, request.endpoint]
    seen += [request.accept_mimetypes, request.is_json, flask.get_flashed_messages(), url_for("index"), g.name]
    return render_template_string("{{ request.path }} {{ g.name }} {{ session }} {{ seen }}", seen=seen)


def stream() -> Response:
    return Response(flask.stream_with_context(f"{request.path}{number}" for number in range(3)))


def copied() -> str:
    return flask.copy_current_request_context(lambda: f"{request.path} {session}")()


def after() -> str:
    name = request.path
    flask.after_this_request(lambda response: Response(f"{name} {request.path}"))
    return ""


def context_of_an_error() -> t.NoReturn:
    try:
        {}["nothing"]
    except KeyError:
        abort(404)


async def asynchronous() -> str:
    await asyncio.sleep(0)
    return request.path


VIEWS: dict[str, t.Callable[..., t.Any]] = {
    "index": lambda: "text",
    "read_all": read_all,
    "json": lambda: {"a": [1]},
    "stream": stream,
    "copied": copied,
    "after": after,
    "redirect": lambda: redirect(url_for("index")),
    "asynchronous": asynchronous,
    "inner": lambda: flask.current_app.test_client().get("/index").text,
    "missing_key": lambda: request.args["nothing"],
    "abort": lambda: abort(403),
    "abort_with_handler": lambda: abort(418),
    "abort_with_response": lambda: abort(Response("no", 400)),
    "context_of_an_error": context_of_an_error,
    "error_with_handler": lambda: int("x"),
    "error": lambda: 1 // 0,
}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_view(watch: Watch, name: str, method: str) -> None:
    for each, view in VIEWS.items():
        watch.app.add_url_rule(f"/{each}", each, view)
    watch.app.register_error_handler(418, lambda error: "handled")
    watch.app.register_error_handler(ValueError, lambda error: "handled")
    for _ in range(2):
        watch.send(f"/{name}?a=1", method=method)
        assert watch.left() == []


@pytest.mark.parametrize("path", ["/nothing", "/index", "/folder", "/a b/%ff"])
@pytest.mark.parametrize("has_handler", [False, True])
def test_error_of_the_routing(watch: Watch, path: str, has_handler: bool) -> None:
    watch.app.add_url_rule("/index", "index", lambda: "", methods=["POST"])
    watch.app.add_url_rule("/folder/", "folder", lambda: "")
    if has_handler:
        watch.app.register_error_handler(404, lambda error: "not here")
        watch.app.register_error_handler(405, lambda error: error)
    watch.send(path)
    assert watch.left() == []


def test_form_with_a_file(watch: Watch) -> None:
    watch.app.add_url_rule("/", "index", lambda: request.files["file"].read(), methods=["POST"])
    watch.send("/", method="POST", data={"field": "text", "file": (io.BytesIO(b"content"), "name.txt")})
    assert watch.left() == []


def test_stream_that_was_closed_half_way(watch: Watch) -> None:
    watch.app.add_url_rule("/", "index", stream)
    body = watch.app(create_environ(), lambda status, headers: None)
    next(iter(body))
    assert "Request" in watch.left()
    body.close()
    del body
    assert watch.left() == []


def test_request_on_a_thread_that_goes_on(watch: Watch) -> None:
    watch.app.add_url_rule("/", "index", asynchronous)
    left: list[list[str]] = []

    def run() -> None:
        watch.send("/")
        left.append(watch.left())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert left == [[]]


def test_body_of_a_with_statement(watch: Watch) -> None:
    with watch.app.test_request_context("/nothing"):
        watch.app.preprocess_request()
        assert "Request" in watch.left()
    assert watch.left() == []


def test_client_that_keeps_contexts(watch: Watch) -> None:
    watch.app.add_url_rule("/", "index", lambda: "")
    with watch.app.test_client() as client:
        client.get("/").close()
        assert "Request" in watch.left()
        client.get("/").close()
    gc.collect()  # Werkzeug's response of a test holds the request that was sent
    assert watch.left() == []


def test_request_that_was_kept_for_a_debugger(watch: Watch) -> None:
    watch.app.config["PRESERVE_CONTEXT_ON_EXCEPTION"] = True
    watch.app.add_url_rule("/", "index", lambda: 1 // 0)
    watch.send("/")
    assert "Request" in watch.left()
    kept = dict(watch.alive)
    watch.send("/nothing")
    gc.collect()
    assert [name for name, reference in kept.items() if reference() is not None] == []


def test_context_that_was_pushed_by_hand(app: Flask) -> None:
    ctx = app.test_request_context()
    with ctx:
        watched = [weakref.ref(each) for each in (ctx, ctx.request, ctx.app_context)]
    del ctx
    assert [reference() for reference in watched] == [None, None, None]
