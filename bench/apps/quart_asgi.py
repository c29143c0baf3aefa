"""The app for Quart: as for our Flask, but the body of a request is awaited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from quart import Quart, Response, g, request

from apps.content import DOCUMENT, SECRET_KEY

app = Quart(__name__)
app.secret_key = SECRET_KEY


@app.route("/")
async def text() -> str:
    return "Hello, World!"


@app.route("/document")
async def document() -> dict[str, Any]:
    return DOCUMENT


@app.route("/users/<int:user_id>/posts/<slug>")
async def post(user_id: int, slug: str) -> str:
    return f"{slug} by {user_id}"


@app.route("/form", methods=["POST"])
async def form() -> str:
    fields = await request.form
    return f"{fields['name']}, {fields['city']}: {len(fields)} fields"


@app.route("/people", methods=["POST"])
async def people() -> str:
    fields = await request.get_json()
    return f"{fields['name']}, {fields['city']}: {len(fields)} fields"


@app.route("/sync")
def sync() -> str:
    return "Hello, World!"


hooked = Quart(__name__)
hooked.secret_key = SECRET_KEY


@hooked.before_request
async def first_step() -> None:
    g.steps = 1


async def step() -> None:
    g.steps += 1


def mark(number: int) -> Callable[[Response], Awaitable[Response]]:
    async def marking(response: Response) -> Response:
        response.headers[f"X-Step-{number}"] = "done"
        return response

    return marking


for _ in range(4):
    hooked.before_request(step)
for number in range(1, 6):
    hooked.after_request(mark(number))


@hooked.route("/")
async def steps() -> str:
    return f"{g.steps} steps"


async def overview() -> str:
    return "Overview"


def crowd(rules: int) -> Quart:
    """Return an app with so many rules, of which every second one has parameters."""
    app = Quart(__name__)
    app.secret_key = SECRET_KEY
    app.add_url_rule("/", "text", text)
    for number in range(rules // 2):
        app.add_url_rule(f"/section-{number}/overview", f"overview-{number}", overview)
        app.add_url_rule(f"/section-{number}/users/<int:user_id>/posts/<slug>", f"post-{number}", post)
    return app
