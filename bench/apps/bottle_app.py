"""The app for Bottle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from bottle import Bottle, abort, redirect, request, response, static_file

from apps.bottle_others import hooked as hooked
from apps.bottle_others import page as page
from apps.bottle_sized import crowd as crowd
from apps.content import DOCUMENT, FOLDER, PEOPLE, READ_HEADERS
from apps.libraries import read_session, templates, write_session

app = keyless = Bottle()


@app.route("/")
def text() -> str:
    return "Hello, World!"


@app.route("/document")
def document() -> dict[str, Any]:
    return DOCUMENT


@app.route("/users/<user_id:int>/posts/<slug>", name="post")
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


@app.route("/search")
def search() -> str:
    arguments = request.query
    return f"{arguments.q}, page {arguments.get('page', type=int)}, by {arguments.sort}"


@app.route("/catalogue", method="POST")
def catalogue() -> dict[str, Any]:
    document = request.json
    return {**document, "items": len(document["parts"])}


@app.route("/upload", method="POST")
def upload() -> str:
    file = request.files.get("file")
    return f"{file.filename}: {len(file.file.read())} bytes"


@app.route("/headers")
def headers() -> str:
    return " ".join([request.headers[name] for name in READ_HEADERS])


@app.route("/cookies")
def cookies() -> str:
    response.set_cookie("theme", "dark", max_age=3600, path="/")
    response.set_cookie("language", "en", httponly=True, path="/")
    response.set_cookie("seen", "42", path="/", samesite="lax")
    return "3 cookies"


@app.route("/save")
def save() -> str:
    save_session({"user": "ada", "messages": ["Saved."]})
    return "Saved"


@app.route("/flash")
def flashed() -> str:
    session = read_session(request.get_cookie("session"))
    text = " ".join(session.pop("messages", ()))
    session["messages"] = ["Saved."]
    save_session(session)
    return text


@app.route("/links")
def links() -> str:
    return " ".join([app.get_url("post", user_id=number, slug="first-steps") for number in range(10)])


@app.route("/stream")
def stream() -> Iterator[str]:
    for number in range(100):
        yield f"line {number}\n"


@app.route("/broken")
def broken() -> NoReturn:
    raise KeyError("engine")


@app.error(500)
def failed(error: Exception) -> str:
    return "Something went wrong"


@app.route("/static/<name:path>")
def static(name: str) -> Any:
    return static_file(name, root=FOLDER / "static")


@app.route("/private")
def private() -> NoReturn:
    abort(403)


@app.error(403)
def forbidden(error: Exception) -> str:
    return "Members only"
