"""The apps for Flask's API besides the main one: with hooks, with blueprints, with a page."""

from __future__ import annotations

from collections.abc import Callable

from apps.content import PEOPLE, SECRET_KEY, connections
from flask import Blueprint, Flask, Response, flash, g, get_flashed_messages, render_template, session

hooked = Flask(__name__)
hooked.secret_key = SECRET_KEY


@hooked.before_request
def open_connection() -> None:
    g.connection = len(connections)
    connections.add(g.connection)
    g.steps = 1


def step() -> None:
    g.steps += 1


def mark(number: int) -> Callable[[Response], Response]:
    def marking(response: Response) -> Response:
        response.headers[f"X-Step-{number}"] = "done"
        return response

    return marking


for _ in range(4):
    hooked.before_request(step)
for number in range(1, 6):
    hooked.after_request(mark(number))


@hooked.teardown_request
def forget_connection(error: BaseException | None) -> None:
    g.pop("connection", None)


@hooked.teardown_request
def close_connection(error: BaseException | None) -> None:
    connections.discard(g.connection)


@hooked.route("/")
def steps() -> str:
    return f"{g.steps} steps, {len(connections)} open"


nested = Flask(__name__)
nested.secret_key = SECRET_KEY


def section(name: str, prefix: str) -> Blueprint:
    """Return a blueprint that notes who comes and who goes."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)

    @blueprint.before_request
    def enter() -> None:
        g.setdefault("entered", []).append(name)

    @blueprint.after_request
    def leave(response: Response) -> Response:
        left = response.headers.get("X-Left")
        response.headers["X-Left"] = f"{left}, {name}" if left else name
        return response

    return blueprint


admin = section("admin", "/admin")
teams = section("teams", "/teams/<int:team_id>")
members = section("members", "/members")


@members.route("/")
def list_members(team_id: int) -> str:
    return f"{', '.join(g.entered)} of {team_id}"


teams.register_blueprint(members)
admin.register_blueprint(teams)
nested.register_blueprint(admin)

page = Flask(__name__)
page.secret_key = SECRET_KEY


@page.before_request
def load_user() -> None:
    g.user = session.get("user")


@page.after_request
def mark_team(response: Response) -> Response:
    if "team" in g:
        response.headers["X-Team"] = str(g.team)
    return response


@page.route("/sign-in")
def sign_in() -> str:
    session["user"] = "ada"
    flash("Saved.")
    return "Welcome"


@page.route("/teams/<int:team_id>/<topic>")
def team(team_id: int, topic: str) -> str:
    g.team = team_id
    messages = get_flashed_messages()
    title = f"Team {team_id}: {topic}"
    return render_template("page.html", title=title, user=g.user, messages=messages, people=PEOPLE)
