"""The app for BlackSheep. It calls sync functions on the event loop; to have them on a thread is up to the app."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from blacksheep import Application, Request, Response, Router, html, json

from apps.content import DOCUMENT

Handler = Callable[[Request], Awaitable[Response]]

app = Application()


@app.router.get("/")
async def text() -> Response:
    return html("Hello, World!")


@app.router.get("/document")
async def document() -> Response:
    return json(DOCUMENT)


@app.router.get("/users/{user_id}/posts/{slug}")
async def post(user_id: int, slug: str) -> Response:
    return html(f"{slug} by {user_id}")


@app.router.post("/form")
async def form(request: Request) -> Response:
    fields = await request.form()
    assert fields is not None
    return html(f"{fields['name']}, {fields['city']}: {len(fields)} fields")


@app.router.post("/people")
async def people(request: Request) -> Response:
    fields = await request.json()
    return html(f"{fields['name']}, {fields['city']}: {len(fields)} fields")


def work() -> str:
    return "Hello, World!"


@app.router.get("/sync")
async def sync() -> Response:
    return html(await asyncio.to_thread(work))


hooked = Application(router=Router())


def step(number: int) -> Callable[[Request, Handler], Awaitable[Response]]:
    header = f"X-Step-{number}".encode()

    async def stepping(request: Request, handler: Handler) -> Response:
        state = request.scope["state"]
        state["steps"] = 1 if number == 1 else state["steps"] + 1
        response = await handler(request)
        response.set_header(header, b"done")
        return response

    return stepping


hooked.middlewares.extend(step(number) for number in range(1, 6))


@hooked.router.get("/")
async def steps(request: Request) -> Response:
    return html(f"{request.scope['state']['steps']} steps")


async def overview() -> Response:
    return html("Overview")


def crowd(rules: int) -> Application:
    """Return an app with so many routes, of which every second one has parameters."""
    app = Application(router=Router())
    app.router.add_get("/", text)
    for number in range(rules // 2):
        app.router.add_get(f"/section-{number}/overview", overview)
        app.router.add_get(f"/section-{number}/users/{{user_id}}/posts/{{slug}}", post)
    return app
