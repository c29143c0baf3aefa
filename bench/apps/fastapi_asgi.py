"""The app for FastAPI. Its hooks are `@app.middleware("http")`, which is what its documentation teaches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from apps.content import DOCUMENT

Handler = Callable[[Request], Awaitable[Response]]

app = FastAPI()


@app.get("/", response_class=HTMLResponse)
async def text() -> str:
    return "Hello, World!"


@app.get("/document")
async def document() -> dict[str, Any]:
    return DOCUMENT


@app.get("/users/{user_id}/posts/{slug}", response_class=HTMLResponse)
async def post(user_id: int, slug: str) -> str:
    return f"{slug} by {user_id}"


@app.post("/form", response_class=HTMLResponse)
async def form(request: Request) -> str:
    fields = await request.form()
    return f"{fields['name']}, {fields['city']}: {len(fields)} fields"


@app.post("/people", response_class=HTMLResponse)
async def people(fields: dict[str, Any]) -> str:
    return f"{fields['name']}, {fields['city']}: {len(fields)} fields"


@app.get("/sync", response_class=HTMLResponse)
def sync() -> str:
    return "Hello, World!"


hooked = FastAPI()


def step(number: int) -> Callable[[Request, Handler], Awaitable[Response]]:
    async def stepping(request: Request, handle: Handler) -> Response:
        request.state.steps = 1 if number == 1 else request.state.steps + 1
        response = await handle(request)
        response.headers[f"X-Step-{number}"] = "done"
        return response

    return stepping


for number in (5, 4, 3, 2, 1):  # what is added last is called first
    hooked.middleware("http")(step(number))


@hooked.get("/", response_class=HTMLResponse)
async def steps(request: Request) -> str:
    return f"{request.state.steps} steps"


async def overview() -> str:
    return "Overview"


def crowd(rules: int) -> FastAPI:
    """Return an app with so many routes, of which every second one has parameters."""
    app = FastAPI()
    app.get("/", response_class=HTMLResponse)(text)
    for number in range(rules // 2):
        app.get(f"/section-{number}/overview", response_class=HTMLResponse)(overview)
        app.get(f"/section-{number}/users/{{user_id}}/posts/{{slug}}", response_class=HTMLResponse)(post)
    return app
