"""The app for Flask's API: one source, run with Pallets Flask and with ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from apps.content import DOCUMENT, PEOPLE, READ_HEADERS, SECRET_KEY
from apps.flask_others import hooked as hooked
from apps.flask_others import nested as nested
from apps.flask_others import page as page
from apps.flask_sized import crowd as crowd
from apps.flask_sized import parts as parts
from apps.flask_sized import stepping as stepping
from flask import (
    Flask,
    Response,
    abort,
    flash,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

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


@app.route("/search")
def search() -> str:
    arguments = request.args
    return f"{arguments['q']}, page {arguments.get('page', type=int)}, by {arguments['sort']}"


@app.route("/catalogue", methods=["POST"])
def catalogue() -> dict[str, Any]:
    document = request.get_json()
    return {**document, "items": len(document["parts"])}


@app.route("/upload", methods=["POST"])
def upload() -> str:
    file = request.files["file"]
    return f"{file.filename}: {len(file.read())} bytes"


@app.route("/measure", methods=["POST"])
def measure() -> str:
    return f"{len(request.get_data())} bytes"


@app.route("/headers")
def headers() -> str:
    return " ".join([request.headers[name] for name in READ_HEADERS])


@app.route("/cookies")
def cookies() -> Response:
    response = make_response("3 cookies")
    response.set_cookie("theme", "dark", max_age=3600)
    response.set_cookie("language", "en", httponly=True)
    response.set_cookie("seen", "42", path="/", samesite="Lax")
    return response


@app.route("/save")
def save() -> str:
    flash("Saved.")
    return "Saved"


@app.route("/flash")
def flashed() -> str:
    text = " ".join([str(message) for message in get_flashed_messages()])
    flash("Saved.")
    return text


@app.route("/links")
def links() -> str:
    return " ".join([url_for("post", user_id=number, slug="first-steps") for number in range(10)])


@app.route("/stream")
def stream() -> Iterator[str]:
    for number in range(100):
        yield f"line {number}\n"


@app.route("/private")
def private() -> NoReturn:
    abort(403)


@app.errorhandler(403)
def forbidden(error: Exception) -> tuple[str, int]:
    return "Members only", 403


@app.route("/broken")
def broken() -> NoReturn:
    raise KeyError("engine")


@app.errorhandler(500)
def failed(error: Exception) -> tuple[str, int]:
    return "Something went wrong", 500


keyless = Flask(__name__)
keyless.add_url_rule("/", view_func=text)
