"""An app for Bottle that is made to size: how much does more cost?"""

from __future__ import annotations

from bottle import Bottle


def hello() -> str:
    return "Hello, World!"


def overview() -> str:
    return "Overview"


def post(user_id: int, slug: str) -> str:
    return f"{slug} by {user_id}"


def crowd(rules: int) -> Bottle:
    """Return an app with so many routes, of which every second one has parameters."""
    app = Bottle()
    app.route("/", "GET", hello)
    for number in range(rules // 2):
        app.route(f"/section-{number}/overview", "GET", overview)
        app.route(f"/section-{number}/users/<user_id:int>/posts/<slug>", "GET", post)
    return app
