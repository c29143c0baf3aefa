"""Spike for decision 5: what the seams between ASGI and the rest of the framework cost, each beside what was not taken.

Run it: it prints microseconds of wall time, the best of seven rounds.
"""

from __future__ import annotations

import asyncio
import time

from flask import Flask
from flask._environ import environ_of

HEADERS = {
    "host": "localhost",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en-GB,en;q=0.5",
    "accept-encoding": "gzip, deflate, br, zstd",
    "connection": "keep-alive",
    "referer": "http://localhost/",
    "upgrade-insecure-requests": "1",
}
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.4"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/",
    "raw_path": b"/",
    "query_string": b"",
    "root_path": "",
    "headers": [(name.encode(), value.encode()) for name, value in HEADERS.items()],
    "client": ("127.0.0.1", 50000),
    "server": ("127.0.0.1", 8000),
}


async def receive():
    await asyncio.Event().wait()


async def send(message):
    pass


async def best(function, loops: int) -> float:
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(loops):
            await function()
        seconds.append((time.perf_counter() - start) / loops)
    return min(seconds) * 1e6


async def environ():
    environ_of(SCOPE, receive, asyncio.get_running_loop())


async def watched():
    watcher = asyncio.get_running_loop().create_task(receive())
    await asyncio.sleep(0)
    watcher.cancel()


async def unwatched():
    await asyncio.sleep(0)


def application(kind: str, sync: str, hooks: int):
    """Answers a request with sync hooks around a view of a kind."""
    app = Flask(__name__)
    app.config["ASGI_SYNC"] = sync
    for _ in range(hooks):
        app.before_request(lambda: None)
        app.after_request(lambda response: response)

    async def async_view():
        return "Hello, World!"

    app.add_url_rule("/", "view", async_view if kind == "async" else lambda: "Hello, World!")
    return lambda: app.asgi_app(SCOPE, receive, send)


async def main() -> None:
    rows = {
        "environment of eight headers": (environ, 20_000),
        "a task that suspends": (unwatched, 20_000),
        "the same, with a task that receives": (watched, 20_000),
        "async view": (application("async", "thread", 0), 2_000),
        "sync view, as a whole on the thread": (application("sync", "thread", 0), 2_000),
        "sync view, 5 + 5 sync hooks, as a whole": (application("sync", "thread", 5), 2_000),
        "async view, 5 + 5 sync hooks, step by step": (application("async", "thread", 5), 1_000),
        "async view, 5 + 5 sync hooks, inline": (application("async", "inline", 5), 2_000),
    }
    for name, (function, loops) in rows.items():
        print(f"{name:44}{await best(function, loops):7.1f} µs")


if __name__ == "__main__":
    asyncio.run(main())
