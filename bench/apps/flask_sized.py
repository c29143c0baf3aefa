"""Apps for Flask's API that are made to size: how much does more cost?"""

from __future__ import annotations

from apps.content import SECRET_KEY
from flask import Blueprint, Flask, Response, g


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


def step() -> None:
    g.steps += 1


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
