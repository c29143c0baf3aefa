"""The app for Starlette. Its hooks are plain ASGI middleware, the faster of its two ways."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.content import DOCUMENT


async def text(request: Request) -> Response:
    return HTMLResponse("Hello, World!")


async def document(request: Request) -> Response:
    return JSONResponse(DOCUMENT)


async def post(request: Request) -> Response:
    return HTMLResponse(f"{request.path_params['slug']} by {request.path_params['user_id']}")


async def form(request: Request) -> Response:
    fields = await request.form()
    return HTMLResponse(f"{fields['name']}, {fields['city']}: {len(fields)} fields")


async def people(request: Request) -> Response:
    fields: dict[str, Any] = await request.json()
    return HTMLResponse(f"{fields['name']}, {fields['city']}: {len(fields)} fields")


def sync(request: Request) -> Response:
    return HTMLResponse("Hello, World!")


async def steps(request: Request) -> Response:
    return HTMLResponse(f"{request.state.steps} steps")


class Step:
    def __init__(self, app: ASGIApp, number: int) -> None:
        self.app = app
        self.number = number
        self.header = f"X-Step-{number}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope["state"]
        state["steps"] = 1 if self.number == 1 else state["steps"] + 1

        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[self.header] = "done"
            await send(message)

        await self.app(scope, receive, mark)


app = Starlette(
    routes=[
        Route("/", text),
        Route("/document", document),
        Route("/users/{user_id:int}/posts/{slug}", post),
        Route("/form", form, methods=["POST"]),
        Route("/people", people, methods=["POST"]),
        Route("/sync", sync),
    ]
)
hooked = Starlette(routes=[Route("/", steps)], middleware=[Middleware(Step, number=number) for number in range(1, 6)])


async def overview(request: Request) -> Response:
    return HTMLResponse("Overview")


def crowd(rules: int) -> Starlette:
    """Return an app with so many routes, of which every second one has parameters."""
    routes = [Route("/", text)]
    for number in range(rules // 2):
        routes.append(Route(f"/section-{number}/overview", overview))
        routes.append(Route(f"/section-{number}/users/{{user_id:int}}/posts/{{slug}}", post))
    return Starlette(routes=routes)
