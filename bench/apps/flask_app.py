"""The app for Flask's API: one source, run with Pallets Flask and with ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from apps.content import DOCUMENT, PEOPLE, SECRET_KEY, connections

from flask import Flask, Response, abort, g, redirect, render_template, request, session

app = Flask(__name__)
app.secret_key = SECRET_KEY


@app.route("/")
def text() -> str:
    return "Hello, World!"


@app.route("/document")
def document() -> dict[str, Any]:
    return DOCUMENT


@app.route("/users/<int:user_id>/posts/<slug>")
def post(user_id: int, slug: str) -> str:
    return f"{slug} by {user_id}"


@app.route("/sign-in")
def sign_in() -> str:
    session["user"] = "ada"
    session["visits"] = 1
    return "Welcome"


@app.route("/account")
def account() -> str:
    return f"Signed in as {session.get('user')}"


@app.route("/visit")
def visit() -> str:
    session["visits"] += 1
    return f"{session['visits']} visits"


@app.route("/table")
def table() -> str:
    return render_template("table.html", title="People", people=PEOPLE)


@app.route("/old")
def old() -> Any:
    return redirect("/new")


@app.route("/form", methods=["POST"])
def form() -> str:
    fields = request.form
    return f"{fields['name']}, {fields['city']}: {len(fields)} fields"


@app.route("/private")
def private() -> NoReturn:
    abort(403)


@app.errorhandler(403)
def forbidden(error: Exception) -> tuple[str, int]:
    return "Members only", 403


keyless = Flask(__name__)
keyless.add_url_rule("/", view_func=text)

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
