"""What every server is asked for: routes, bodies, sessions, hooks, streams, files, errors."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
import typing as t
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from flask import Blueprint, Flask, g, request, send_file, session, stream_with_context

#: How long a stream waits for its client before it gives up.
PATIENCE = 20

app = Flask(__name__)
app.secret_key = "a key"
app.config.from_prefixed_env()

events: defaultdict[str, list[str]] = defaultdict(list)
released: set[str] = set()


@app.get("/events/<key>")
def show_events(key: str) -> list[str]:
    return events[key]


@app.post("/release/<key>")
def release(key: str) -> str:
    released.add(key)
    return ""


# Routes


@app.get("/")
def index() -> str:
    return "asgi" if "asgi.scope" in request.environ else "wsgi"


@app.get("/sync/<name>/<int:number>")
def sync_view(name: str, number: int) -> dict[str, t.Any]:
    return {"name": name, "number": number, "query": request.args.to_dict(flat=False)}


@app.get("/async/<name>/<int:number>")
async def async_view(name: str, number: int) -> dict[str, t.Any]:
    await asyncio.sleep(0)
    return {"name": name, "number": number, "query": request.args.to_dict(flat=False)}


@app.get("/seen")
def seen() -> dict[str, t.Any]:
    return {"url": request.url, "header": request.headers.get("X-Word"), "scheme": request.scheme}


@app.errorhandler(404)
def not_found(error: Exception) -> tuple[str, int]:
    return "no such page", 404


# Bodies


def received() -> dict[str, t.Any]:
    return {
        "json": request.get_json() if request.is_json else None,
        "form": request.form.to_dict(flat=False),
        "files": {name: [file.filename, len(file.read())] for name, file in request.files.items()},
        "size": len(request.get_data()),
    }


@app.post("/sync/body")
def sync_body() -> dict[str, t.Any]:
    return received()


@app.post("/async/body")
async def async_body() -> dict[str, t.Any]:
    await asyncio.sleep(0)
    return received()


@app.post("/sync/limited")
def sync_limited() -> dict[str, t.Any]:
    request.max_content_length = 100
    return {"size": len(request.get_data())}


# Sessions


@app.post("/login/<name>")
def log_in(name: str) -> str:
    session["name"] = name
    return ""


@app.get("/sync/session")
def sync_session() -> t.Any:
    return [session.get("name")]


@app.get("/async/session")
async def async_session() -> t.Any:
    await asyncio.sleep(0)
    return [session.get("name")]


# Hooks: a connection that can be used on the thread only where it was made; unless it is told otherwise, where some of
# the code is async, which runs on the event loop, and some is not. It is never used on both at the same time.


def connect() -> None:
    _, hooks, view, *_ = request.path.split("/")
    is_of_one_kind = ("async" in hooks) == ("async" in view)
    g.db = sqlite3.connect(":memory:", check_same_thread=is_of_one_kind)
    g.db.execute("create table notes (text)")
    g.db.execute("insert into notes values (?)", [request.path])


def look_up() -> dict[str, t.Any]:
    session["seen"] = request.path
    return {"text": g.db.execute("select text from notes").fetchone()[0], "order": g.order}


sync_hooks = Blueprint("sync_hooks", __name__, url_prefix="/sync-hooks")
async_hooks = Blueprint("async_hooks", __name__, url_prefix="/async-hooks")


@sync_hooks.before_request
def sync_before() -> None:
    connect()
    g.order = ["before"]


@sync_hooks.after_request
def sync_after(response: t.Any) -> t.Any:
    response.headers["X-Notes"] = str(g.db.execute("select count(*) from notes").fetchone()[0])
    return response


@sync_hooks.teardown_request
def sync_teardown(error: BaseException | None) -> None:
    g.db.close()
    events[request.view_args["key"]].append(f"closed after {error!r}")


@async_hooks.before_request
async def async_before() -> None:
    await asyncio.sleep(0)
    connect()
    g.order = ["before"]


@async_hooks.after_request
async def async_after(response: t.Any) -> t.Any:
    await asyncio.sleep(0)
    response.headers["X-Notes"] = str(g.db.execute("select count(*) from notes").fetchone()[0])
    return response


@async_hooks.teardown_request
async def async_teardown(error: BaseException | None) -> None:
    await asyncio.sleep(0)
    g.db.close()
    events[request.view_args["key"]].append(f"closed after {error!r}")


@sync_hooks.get("/sync-view/<key>")
@async_hooks.get("/sync-view/<key>")
def hooked_view(key: str) -> dict[str, t.Any]:
    g.order.append("view")
    return look_up()


@sync_hooks.get("/async-view/<key>")
@async_hooks.get("/async-view/<key>")
async def hooked_async_view(key: str) -> dict[str, t.Any]:
    await asyncio.sleep(0)
    g.order.append("view")
    return look_up()


@sync_hooks.get("/failing-view/<key>")
@async_hooks.get("/failing-view/<key>")
def failing_view(key: str) -> None:
    raise LookupError(key)


@sync_hooks.get("/failing-async-view/<key>")
@async_hooks.get("/failing-async-view/<key>")
async def failing_async_view(key: str) -> None:
    await asyncio.sleep(0)
    raise LookupError(key)


app.register_blueprint(sync_hooks)
app.register_blueprint(async_hooks)


# Streams


@app.get("/sync/stream/<key>")
def sync_stream(key: str) -> t.Any:
    def pieces() -> Iterator[str]:
        events[key].append("begun")
        yield "first"
        deadline = time.monotonic() + PATIENCE
        while key not in released and time.monotonic() < deadline:
            time.sleep(0.01)
        yield "second" if key in released else "nobody came"

    return pieces()


@app.get("/async/stream/<key>")
async def async_stream(key: str) -> t.Any:
    async def pieces() -> AsyncIterator[str]:
        events[key].append("begun")
        yield "first"
        deadline = time.monotonic() + PATIENCE
        while key not in released and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        yield "second" if key in released else "nobody came"

    return pieces()


@app.get("/sync/broken-stream/<key>")
def sync_broken_stream(key: str) -> t.Any:
    def pieces() -> Iterator[str]:
        yield "first"
        raise LookupError(key)

    return pieces()


@app.get("/async/broken-stream/<key>")
async def async_broken_stream(key: str) -> t.Any:
    async def pieces() -> AsyncIterator[str]:
        yield "first"
        await asyncio.sleep(0)
        raise LookupError(key)

    return pieces()


# Clients that go away

leaving = Blueprint("leaving", __name__, url_prefix="/leave")


@leaving.teardown_request
def tear_down(error: BaseException | None) -> None:
    events[request.view_args["key"]].append("torn down")


@leaving.get("/view/<key>")
async def waiting_view(key: str) -> str:
    events[key].append("started")
    try:
        await asyncio.sleep(PATIENCE)
    except asyncio.CancelledError:
        events[key].append("cancelled")
        raise
    return "nobody left"


@leaving.get("/sync-stream/<key>")
def endless_stream(key: str) -> t.Any:
    @stream_with_context
    def pieces() -> Iterator[bytes]:
        events[key].append("started")
        try:
            while True:
                yield bytes(65536)
        finally:
            events[key].append(f"closed {request.path}")

    return pieces()


@leaving.get("/async-stream/<key>")
async def endless_async_stream(key: str) -> t.Any:
    @stream_with_context
    async def pieces() -> AsyncIterator[bytes]:
        events[key].append("started")
        try:
            while True:
                yield bytes(65536)
                await asyncio.sleep(0)
        finally:
            events[key].append(f"closed {request.path}")

    return pieces()


@leaving.post("/body/<key>")
async def body_of_one_who_leaves(key: str) -> str:
    return str(len(request.get_data()))


@leaving.post("/sync-body/<key>")
def body_for_a_thread(key: str) -> str:
    return str(len(request.get_data()))


app.register_blueprint(leaving)


# Files


@app.get("/file")
def file() -> t.Any:
    return send_file(Path(os.environ["FILE"]), mimetype="application/octet-stream")


@app.get("/async/file")
async def async_file() -> t.Any:
    return send_file(Path(os.environ["FILE"]), mimetype="application/octet-stream")


# Errors


@app.get("/sync/fail/<key>")
def fail(key: str) -> None:
    raise LookupError(key)


@app.get("/async/fail/<key>")
async def async_fail(key: str) -> None:
    await asyncio.sleep(0)
    raise LookupError(key)


@app.route("/sync/refuse", methods=["GET", "POST"])
def refuse() -> tuple[str, int]:
    return "not read", 403
