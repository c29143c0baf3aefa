"""The app for Litestar. It has one before and one after hook for each layer; five are middleware."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, MediaType, Request, get, post
from litestar.datastructures import MutableScopeHeaders
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from apps.content import DOCUMENT


@get("/", media_type=MediaType.HTML)
async def text() -> str:
    return "Hello, World!"


@get("/document")
async def document() -> dict[str, Any]:
    return DOCUMENT


@get("/users/{user_id:int}/posts/{slug:str}", media_type=MediaType.HTML)
async def user_post(user_id: int, slug: str) -> str:
    return f"{slug} by {user_id}"


@post("/form", media_type=MediaType.HTML, status_code=200)
async def form(request: Request[Any, Any, Any]) -> str:
    fields = await request.form()
    return f"{fields['name']}, {fields['city']}: {len(fields)} fields"


@post("/people", media_type=MediaType.HTML, status_code=200)
async def people(data: dict[str, Any]) -> str:
    return f"{data['name']}, {data['city']}: {len(data)} fields"


@get("/sync", media_type=MediaType.HTML, sync_to_thread=True)
def sync() -> str:
    return "Hello, World!"


class Step(ASGIMiddleware):
    def __init__(self, number: int) -> None:
        self.number = number
        self.header = f"X-Step-{number}"

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        state = scope["state"]
        state["steps"] = 1 if self.number == 1 else state["steps"] + 1

        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders(message)[self.header] = "done"
            await send(message)

        await next_app(scope, receive, mark)


@get("/", media_type=MediaType.HTML)
async def steps(request: Request[Any, Any, Any]) -> str:
    return f"{request.state.steps} steps"


app = Litestar([text, document, user_post, form, people, sync])
hooked = Litestar([steps], middleware=[Step(number) for number in range(1, 6)])


async def overview() -> str:
    return "Overview"


async def show_post(user_id: int, slug: str) -> str:
    return f"{slug} by {user_id}"


def crowd(rules: int) -> Litestar:
    """Return an app with so many routes, of which every second one has parameters."""
    sections = range(rules // 2)
    overviews = [f"/section-{number}/overview" for number in sections]
    posts = [f"/section-{number}/users/{{user_id:int}}/posts/{{slug:str}}" for number in sections]
    return Litestar(
        [text, get(overviews, media_type=MediaType.HTML)(overview), get(posts, media_type=MediaType.HTML)(show_post)]
    )
