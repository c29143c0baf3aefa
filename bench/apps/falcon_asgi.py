"""The app for Falcon's ASGI side: resources and middleware."""

from __future__ import annotations

from typing import Any

import falcon
from falcon.asgi import App, Request, Response

from apps.content import DOCUMENT


class Text:
    async def on_get(self, req: Request, resp: Response) -> None:
        resp.text = "Hello, World!"


class Document:
    async def on_get(self, req: Request, resp: Response) -> None:
        resp.content_type = falcon.MEDIA_JSON
        resp.media = DOCUMENT


class Post:
    async def on_get(self, req: Request, resp: Response, user_id: int, slug: str) -> None:
        resp.text = f"{slug} by {user_id}"


class Fields:
    """For forms and JSON: Falcon goes by the content type."""

    async def on_post(self, req: Request, resp: Response) -> None:
        fields = await req.get_media()
        resp.text = f"{fields['name']}, {fields['city']}: {len(fields)} fields"


def work() -> str:
    return "Hello, World!"


class Sync:
    async def on_get(self, req: Request, resp: Response) -> None:
        resp.text = await falcon.sync_to_async(work)


class Step:
    def __init__(self, number: int) -> None:
        self.number = number
        self.header = f"X-Step-{number}"

    async def process_request(self, req: Request, resp: Response) -> None:
        req.context.steps = 1 if self.number == 1 else req.context.steps + 1

    async def process_response(self, req: Request, resp: Response, resource: object, succeeded: bool) -> None:
        resp.set_header(self.header, "done")


class Steps:
    async def on_get(self, req: Request, resp: Response) -> None:
        resp.text = f"{req.context.steps} steps"


app = App(media_type=falcon.MEDIA_HTML)
for path, resource in {
    "/": Text(),
    "/document": Document(),
    "/users/{user_id:int}/posts/{slug}": Post(),
    "/form": Fields(),
    "/people": Fields(),
    "/sync": Sync(),
}.items():
    app.add_route(path, resource)

hooked = App(media_type=falcon.MEDIA_HTML, middleware=[Step(number) for number in range(1, 6)])
hooked.add_route("/", Steps())


class Overview:
    async def on_get(self, req: Request, resp: Response) -> None:
        resp.text = "Overview"


def crowd(rules: int) -> App[Any, Any]:
    """Return an app with so many routes, of which every second one has parameters."""
    app = App(media_type=falcon.MEDIA_HTML)
    app.add_route("/", Text())
    overview, post = Overview(), Post()
    for number in range(rules // 2):
        app.add_route(f"/section-{number}/overview", overview)
        app.add_route(f"/section-{number}/users/{{user_id:int}}/posts/{{slug}}", post)
    return app
