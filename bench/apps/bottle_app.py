"""The app for Bottle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from apps.content import DOCUMENT, FOLDER, PEOPLE, connections
from apps.libraries import read_session, templates, write_session
from bottle import Bottle, abort, redirect, request, response, static_file

app = keyless = Bottle()


@app.route("/")
def text() -> str:
    return "Hello, World!"


@app.route("/document")
def document() -> dict[str, Any]:
    return DOCUMENT


@app.route("/users/<user_id:int>/posts/<slug>")
def post(user_id: int, slug: str) -> str:
    return f"{slug} by {user_id}"


def save_session(session: dict[str, Any]) -> None:
    response.set_cookie("session", write_session(session), path="/", httponly=True)


@app.route("/sign-in")
def sign_in() -> str:
    save_session({"user": "ada", "visits": 1})
    return "Welcome"


@app.route("/account")
def account() -> str:
    session = read_session(request.get_cookie("session"))
    return f"Signed in as {session.get('user')}"


@app.route("/visit")
def visit() -> str:
    session = read_session(request.get_cookie("session"))
    session["visits"] += 1
    save_session(session)
    return f"{session['visits']} visits"


@app.route("/table")
def table() -> str:
    return templates.get_template("table.html").render(title="People", people=PEOPLE)


@app.route("/old")
def old() -> NoReturn:
    redirect("/new", 302)


@app.route("/form", method="POST")
def form() -> str:
    fields = request.forms
    return f"{fields.name}, {fields.city}: {len(fields)} fields"


@app.route("/static/<name:path>")
def static(name: str) -> Any:
    return static_file(name, root=FOLDER / "static")


@app.route("/private")
def private() -> NoReturn:
    abort(403)


@app.error(403)
def forbidden(error: Exception) -> str:
    return "Members only"


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
