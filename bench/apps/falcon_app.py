"""The app for Falcon: resources, middleware and its own static route."""

from __future__ import annotations

from typing import Any

import falcon
from apps.content import DOCUMENT, FOLDER, PEOPLE, connections
from apps.libraries import read_session, templates, write_session
from falcon import Request, Response


class Text:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = "Hello, World!"


class Document:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.content_type = falcon.MEDIA_JSON
        resp.media = DOCUMENT


class Post:
    def on_get(self, req: Request, resp: Response, user_id: int, slug: str) -> None:
        resp.text = f"{slug} by {user_id}"


def open_session(req: Request) -> dict[str, Any]:
    values = req.get_cookie_values("session")
    return read_session(values[0] if values else None)


def save_session(resp: Response, session: dict[str, Any]) -> None:
    resp.set_cookie("session", write_session(session), path="/", secure=False, http_only=True)


class SignIn:
    def on_get(self, req: Request, resp: Response) -> None:
        save_session(resp, {"user": "ada", "visits": 1})


class Account:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = f"Signed in as {open_session(req).get('user')}"


class Visit:
    def on_get(self, req: Request, resp: Response) -> None:
        session = open_session(req)
        session["visits"] += 1
        save_session(resp, session)
        resp.text = f"{session['visits']} visits"


class Table:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = templates.get_template("table.html").render(title="People", people=PEOPLE)


class Old:
    def on_get(self, req: Request, resp: Response) -> None:
        raise falcon.HTTPFound("/new")


class Form:
    def on_post(self, req: Request, resp: Response) -> None:
        fields = req.get_media()
        resp.text = f"{fields['name']}, {fields['city']}: {len(fields)} fields"


class Private:
    def on_get(self, req: Request, resp: Response) -> None:
        raise falcon.HTTPForbidden


def forbidden(req: Request, resp: Response, error: Exception, params: dict[str, Any]) -> None:
    resp.status = falcon.HTTP_403
    resp.text = "Members only"


class Step:
    def __init__(self, number: int) -> None:
        self.header = f"X-Step-{number}"

    def process_request(self, req: Request, resp: Response) -> None:
        req.context.steps += 1

    def process_response(self, req: Request, resp: Response, resource: object, succeeded: bool) -> None:
        resp.set_header(self.header, "done")


class OpenConnection(Step):
    def process_request(self, req: Request, resp: Response) -> None:
        req.context.connection = len(connections)
        connections.add(req.context.connection)
        req.context.steps = 1


class CloseConnection:
    def process_response(self, req: Request, resp: Response, resource: object, succeeded: bool) -> None:
        connections.discard(req.context.connection)


class ForgetConnection:
    def process_response(self, req: Request, resp: Response, resource: object, succeeded: bool) -> None:
        req.context.pop("connection", None)


class Steps:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = f"{req.context.steps} steps, {len(connections)} open"


app = keyless = falcon.App(media_type=falcon.MEDIA_HTML)
app.add_error_handler(falcon.HTTPForbidden, forbidden)
app.add_static_route("/static", str(FOLDER / "static"))
for path, resource in {
    "/": Text(),
    "/document": Document(),
    "/users/{user_id:int}/posts/{slug}": Post(),
    "/sign-in": SignIn(),
    "/account": Account(),
    "/visit": Visit(),
    "/table": Table(),
    "/old": Old(),
    "/form": Form(),
    "/private": Private(),
}.items():
    app.add_route(path, resource)

# Falcon has no teardown; `process_response` of the first ones in the list runs last, also after an error.
middleware: list[Any] = [ForgetConnection(), CloseConnection(), OpenConnection(1), *map(Step, range(2, 6))]
hooked = falcon.App(media_type=falcon.MEDIA_HTML, middleware=middleware)
hooked.add_route("/", Steps())
