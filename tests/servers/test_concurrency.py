"""Many requests at the same time, on one process of one server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from .running import Server

COUNT = 1000
#: One after another would take 200 seconds, 40 at a time 5; a slow machine needs some seconds for the connections.
ENOUGH = 20


async def ask(port: int, start: asyncio.Event) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await start.wait()
    writer.write(b"GET /wait HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.1.2.3\r\nConnection: close\r\n\r\n")
    try:
        return await reader.read()
    finally:
        writer.close()


async def ask_all(port: int) -> tuple[list[bytes], float]:
    """Connect all clients, and then have all of them ask."""
    start = asyncio.Event()
    clients = [asyncio.create_task(ask(port, start)) for _ in range(COUNT)]
    began = time.monotonic()
    start.set()
    return await asyncio.gather(*clients), time.monotonic() - began


@pytest.mark.parametrize(("app", "address"), [("app", b"127.0.0.1"), ("behind_proxy", b"10.1.2.3")])
def test_a_thousand_wait_together(start: Callable[..., Server], app: str, address: bytes) -> None:
    server = start("uvicorn", "waiting", app)
    answers, seconds = asyncio.run(ask_all(server.port))
    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 200"] * COUNT
    assert all(answer.endswith(address) for answer in answers)
    assert seconds < ENOUGH
    with server.client() as client:
        # Sync code has 40 threads. Many more than these wait together, as no thread waits with them.
        assert client.get("/most").json()[0] > 100
