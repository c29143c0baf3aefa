"""The apps for Falcon besides the main one: with middleware, with hooks, with a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import falcon
from falcon import Request, Response

from apps.content import PEOPLE, connections
from apps.libraries import read_session, templates, write_session


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


# Falcon has no teardown; `process_response` of the first ones in the list runs last, also after an error.
middleware: list[Any] = [ForgetConnection(), CloseConnection(), OpenConnection(1), *map(Step, range(2, 6))]
hooked = falcon.App(media_type=falcon.MEDIA_HTML, middleware=middleware)
hooked.add_route("/", Steps())


def enter(name: str) -> Callable[..., None]:
    def entering(req: Request, resp: Response, resource: object, params: dict[str, Any]) -> None:
        req.context.setdefault("entered", []).append(name)

    return entering


def leave(name: str) -> Callable[..., None]:
    def leaving(req: Request, resp: Response, resource: object) -> None:
        left = resp.get_header("X-Left")
        resp.set_header("X-Left", f"{left}, {name}" if left else name)

    return leaving


# What belongs to a group of resources is a hook here: those above are called first, before and after.
@falcon.before(enter("admin"))
@falcon.before(enter("teams"))
@falcon.before(enter("members"))
@falcon.after(leave("admin"))
@falcon.after(leave("teams"))
@falcon.after(leave("members"))
class Members:
    def on_get(self, req: Request, resp: Response, team_id: int) -> None:
        resp.text = f"{', '.join(req.context.entered)} of {team_id}"


nested = falcon.App(media_type=falcon.MEDIA_HTML)
nested.add_route("/admin/teams/{team_id:int}/members/", Members())


class Page:
    def process_request(self, req: Request, resp: Response) -> None:
        values = req.get_cookie_values("session")
        req.context.session = read_session(values[0] if values else None)

    def process_response(self, req: Request, resp: Response, resource: object, succeeded: bool) -> None:
        if "team" in req.context:
            resp.set_header("X-Team", str(req.context.team))


def save_session(resp: Response, session: dict[str, Any]) -> None:
    resp.set_cookie("session", write_session(session), path="/", secure=False, http_only=True)


class SignIn:
    def on_get(self, req: Request, resp: Response) -> None:
        save_session(resp, {"user": "ada", "messages": ["Saved."]})


class Team:
    def on_get(self, req: Request, resp: Response, team_id: int, topic: str) -> None:
        req.context.team = team_id
        session = req.context.session
        messages = session.pop("messages", ())
        save_session(resp, session)
        title = f"Team {team_id}: {topic}"
        resp.text = templates.get_template("page.html").render(
            title=title, user=session.get("user"), messages=messages, people=PEOPLE
        )


page = falcon.App(media_type=falcon.MEDIA_HTML, middleware=[Page()])
page.add_route("/sign-in", SignIn())
page.add_route("/teams/{team_id:int}/{topic}", Team())
