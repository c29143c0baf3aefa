"""The apps for Bottle besides the main one: with hooks, with a page."""

from __future__ import annotations

from collections.abc import Callable

from bottle import Bottle, request, response

from apps.content import PEOPLE, connections
from apps.libraries import read_session, templates, write_session

hooked = Bottle()


def open_connection() -> None:
    request.environ["app.connection"] = len(connections)
    connections.add(request.environ["app.connection"])
    request.environ["app.steps"] = 1


def step() -> None:
    request.environ["app.steps"] += 1


def mark(number: int) -> Callable[[], None]:
    def marking() -> None:
        response.headers[f"X-Step-{number}"] = "done"

    return marking


def close_connection() -> None:
    connections.discard(request.environ["app.connection"])


def forget_connection() -> None:
    request.environ.pop("app.connection", None)


# Bottle has no teardown; the after hooks added first run last, also after an error.
for hook in (forget_connection, close_connection, *map(mark, range(1, 6))):
    hooked.add_hook("after_request", hook)
for hook in (open_connection, step, step, step, step):
    hooked.add_hook("before_request", hook)


@hooked.route("/")
def steps() -> str:
    return f"{request.environ['app.steps']} steps, {len(connections)} open"


page = Bottle()


def load_session() -> None:
    request.environ["app.session"] = read_session(request.get_cookie("session"))


def mark_team() -> None:
    if "app.team" in request.environ:
        response.headers["X-Team"] = str(request.environ["app.team"])


page.add_hook("before_request", load_session)
page.add_hook("after_request", mark_team)


@page.route("/sign-in")
def sign_in() -> str:
    response.set_cookie("session", write_session({"user": "ada", "messages": ["Saved."]}), path="/", httponly=True)
    return "Welcome"


@page.route("/teams/<team_id:int>/<topic>")
def team(team_id: int, topic: str) -> str:
    request.environ["app.team"] = team_id
    session = request.environ["app.session"]
    messages = session.pop("messages", ())
    response.set_cookie("session", write_session(session), path="/", httponly=True)
    title = f"Team {team_id}: {topic}"
    return templates.get_template("page.html").render(
        title=title, user=session.get("user"), messages=messages, people=PEOPLE
    )
