"""The apps for Flask's API besides the main one: with hooks, with blueprints, with a page, and some made to size."""

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


def hello() -> str:
    return "Hello, World!"


def overview() -> str:
    return "Overview"


def post(user_id: int, slug: str) -> str:
    return f"{slug} by {user_id}"


def crowd(rules: int) -> Flask:
    """Return an app with so many rules, of which every second one has parameters."""
    app = Flask(__name__)
    app.secret_key = SECRET_KEY
    app.add_url_rule("/", "hello", hello)
    for number in range(rules // 2):
        app.add_url_rule(f"/section-{number}/overview", f"overview-{number}", overview)
        app.add_url_rule(f"/section-{number}/users/<int:user_id>/posts/<slug>", f"post-{number}", post)
    return app


def stepping(steps: int) -> Flask:
    """Return an app with so many functions before the view and as many after it."""
    app = Flask(__name__)
    app.secret_key = SECRET_KEY
    app.before_request(begin)
    for _ in range(steps):
        app.before_request(step)
        app.after_request(pass_on)
    app.add_url_rule("/", "count", lambda: f"{g.steps} steps")
    return app


def begin() -> None:
    g.steps = 0


def pass_on(response: Response) -> Response:
    return response


def parts(number: int) -> Flask:
    """Return an app with so many blueprints, each with a rule and a function before its view."""
    app = Flask(__name__)
    app.secret_key = SECRET_KEY
    for each in range(number):
        app.register_blueprint(part(each))
    return app


def part(number: int) -> Blueprint:
    blueprint = Blueprint(f"part-{number}", __name__, url_prefix=f"/part-{number}")

    @blueprint.before_request
    def remember() -> None:
        g.part = number

    @blueprint.route("/")
    def show() -> str:
        return f"Part {g.part}"

    return blueprint
