"""The same answers by a plain ASGI callable: what the work costs without a framework."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from apps.content import DOCUMENT

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def answer(
    send: Send, body: str, *headers: tuple[bytes, bytes], status: int = 200, kind: bytes = b"text/html"
) -> None:
    data = body.encode()
    length = str(len(data)).encode()
    headers = ((b"content-type", kind + b"; charset=utf-8"), (b"content-length", length), *headers)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


async def whole(receive: Receive) -> str:
    pieces: list[bytes] = []
    while True:
        message = await receive()
        pieces.append(message["body"])
        if not message["more_body"]:
            return b"".join(pieces).decode()


async def text(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, "Hello, World!")


async def document(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, json.dumps(DOCUMENT), kind=b"application/json")


async def post(scope: Scope, receive: Receive, send: Send) -> None:
    _, _, user_id, _, slug = scope["path"].split("/")
    await answer(send, f"{slug} by {int(user_id)}")


async def form(scope: Scope, receive: Receive, send: Send) -> None:
    fields = dict(parse_qsl(await whole(receive)))
    await answer(send, f"{fields['name']}, {fields['city']}: {len(fields)} fields")


async def people(scope: Scope, receive: Receive, send: Send) -> None:
    fields = json.loads(await whole(receive))
    await answer(send, f"{fields['name']}, {fields['city']}: {len(fields)} fields")


def work() -> str:
    return "Hello, World!"


async def sync(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, await asyncio.get_running_loop().run_in_executor(None, work))


VIEWS = {"/": text, "/document": document, "/form": form, "/people": people, "/sync": sync}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await VIEWS.get(scope["path"], post)(scope, receive, send)


async def hooked(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await answer(send, "5 steps", *((b"X-Step-%d" % number, b"done") for number in range(1, 6)))


async def overview(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, "Overview")


async def section_post(scope: Scope, receive: Receive, send: Send) -> None:
    *_, user_id, _, slug = scope["path"].split("/")
    await answer(send, f"{slug} by {int(user_id)}")


async def miss(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, "Not found", status=404)


def crowd(rules: int) -> Application:
    sections = {f"section-{number}" for number in range(rules // 2)}
    views = {("overview",): overview, ("users", "posts"): section_post}

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _, section, *rest = scope["path"].split("/")
            view = views.get(tuple(rest[::2])) if section in sections else text if not section else None
            await (view or miss)(scope, receive, send)

    return choose
