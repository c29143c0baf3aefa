"""Apps for Falcon that are made to size: how much does more cost?"""

from __future__ import annotations

from typing import Any

import falcon
from falcon import Request, Response


class Hello:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = "Hello, World!"


class Overview:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = "Overview"


class Post:
    def on_get(self, req: Request, resp: Response, user_id: int, slug: str) -> None:
        resp.text = f"{slug} by {user_id}"


def crowd(rules: int) -> falcon.App[Any, Any]:
    """Return an app with so many routes, of which every second one has parameters."""
    app = falcon.App(media_type=falcon.MEDIA_HTML)
    app.add_route("/", Hello())
    overview, post = Overview(), Post()
    for number in range(rules // 2):
        app.add_route(f"/section-{number}/overview", overview)
        app.add_route(f"/section-{number}/users/{{user_id:int}}/posts/{{slug}}", post)
    return app


class Begin:
    def process_request(self, req: Request, resp: Response) -> None:
        req.context.steps = 0


class Pass:
    def process_request(self, req: Request, resp: Response) -> None:
        req.context.steps += 1

    def process_response(self, req: Request, resp: Response, resource: object, succeeded: bool) -> None:
        pass


class Count:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = f"{req.context.steps} steps"


def stepping(steps: int) -> falcon.App[Any, Any]:
    """Return an app with so much middleware that does something before the view and after it."""
    middleware: list[Any] = [Begin(), *(Pass() for _ in range(steps))]
    app = falcon.App(media_type=falcon.MEDIA_HTML, middleware=middleware)
    app.add_route("/", Count())
    return app
