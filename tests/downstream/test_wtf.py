"""A guest book and an archive whose forms are Flask-WTF's."""

from __future__ import annotations

import io
import re
import typing as t
from pathlib import Path

import pytest
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from flask_wtf.file import FileAllowed, FileField, FileRequired, MultipleFileField
from werkzeug.test import TestResponse
from wtforms import StringField
from wtforms.validators import DataRequired, Email, Length

from flask import Blueprint, Flask, render_template_string, request
from flask.testing import FlaskClient


class GuestForm(FlaskForm):
    """What a guest writes."""

    name = StringField("Name", [DataRequired("Who are you?"), Length(max=20)])
    address = StringField("E-mail", [Email("That is no address.")])


class ArchiveForm(FlaskForm):
    """What is put into the archive."""

    paper = FileField("Paper", [FileRequired("Which file?"), FileAllowed(["txt"], "Plain text only.")])
    notes = MultipleFileField("Notes")


FORM = """
<form method=post>{{ form.hidden_tag() }}{{ form.name() }}{{ form.address() }}</form>
{% for field, errors in form.errors.items() %}{% for error in errors %}{{ field }}: {{ error }}{% endfor %}{% endfor %}
"""


@pytest.fixture
def csrf(app: Flask) -> CSRFProtect:
    return CSRFProtect(app)


@pytest.fixture
def book(app: Flask, csrf: CSRFProtect, client: FlaskClient, written: t.Any, tmp_path: Path) -> FlaskClient:
    """A client of the guest book."""

    @app.route("/", methods=["GET", "POST"])
    @written
    def sign() -> t.Any:
        form = GuestForm()
        if form.validate_on_submit():
            return f"{form.name.data} <{form.address.data}> signed."
        return render_template_string(FORM, form=form)

    @app.route("/archive", methods=["GET", "POST"])
    @written
    def archive() -> t.Any:
        form = ArchiveForm()
        if form.validate_on_submit():
            form.paper.data.save(tmp_path / "kept.txt")
            return {"name": form.paper.data.filename, "notes": [note.read().decode() for note in form.notes.data]}
        return form.errors, 422

    @app.route("/json", methods=["GET", "POST", "PUT"])
    @written
    def answer_json() -> t.Any:
        return request.get_json(silent=True) or {}

    @app.get("/token")
    @written
    def token() -> t.Any:
        return render_template_string("{{ csrf_token() }}")

    @app.post("/hook")
    @csrf.exempt
    @written
    def hook() -> t.Any:
        return request.form.get("event", "no event")

    return client


def get_token(client: FlaskClient, path: str = "/", **arguments: t.Any) -> str:
    """The token in the form at a path."""
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', client.get(path, **arguments).text)
    assert found is not None
    return found[1]


def sign(client: FlaskClient, **data: str) -> TestResponse:
    return client.post("/", data={"name": "Ada", "address": "ada@example.org", **data})


def test_a_form_with_its_token_is_accepted(book: FlaskClient) -> None:
    assert sign(book, csrf_token=get_token(book)).text == "Ada <ada@example.org> signed."


def test_a_form_without_a_token_is_refused(book: FlaskClient) -> None:
    response = sign(book)
    assert response.status_code == 400
    assert "The CSRF token is missing." in response.text


def test_a_token_without_its_session_is_refused(book: FlaskClient, visitor: t.Any) -> None:
    token = get_token(book)
    assert "The CSRF session token is missing." in sign(visitor(), csrf_token=token).text


def test_the_token_of_another_visitor_is_refused(book: FlaskClient, visitor: t.Any) -> None:
    get_token(book)
    response = sign(book, csrf_token=get_token(visitor()))
    assert (response.status_code, "The CSRF tokens do not match." in response.text) == (400, True)


def test_a_changed_token_is_refused(book: FlaskClient) -> None:
    response = sign(book, csrf_token="x" + get_token(book))
    assert (response.status_code, "The CSRF token is invalid." in response.text) == (400, True)


def test_an_expired_token_is_refused(app: Flask, book: FlaskClient) -> None:
    app.config["WTF_CSRF_TIME_LIMIT"] = -1
    response = sign(book, csrf_token=get_token(book))
    assert (response.status_code, "The CSRF token has expired." in response.text) == (400, True)


def test_what_is_wrong_with_the_fields(book: FlaskClient) -> None:
    response = sign(book, name="", address="somewhere", csrf_token=get_token(book))
    assert response.status_code == 200
    assert "name: Who are you?" in response.text
    assert "address: That is no address." in response.text


def test_a_header_carries_the_token_too(book: FlaskClient) -> None:
    headers = {"X-CSRFToken": book.get("/token").text}
    assert book.post("/json", json={"a": 1}, headers=headers).json == {"a": 1}
    assert book.put("/json", json={"a": 1}, headers=headers).json == {"a": 1}
    assert book.put("/json", json={"a": 1}).status_code == 400
    assert book.get("/json").status_code == 200


def test_an_exempt_view_needs_no_token(book: FlaskClient) -> None:
    assert book.post("/hook", data={"event": "paid"}).text == "paid"


def test_an_exempt_blueprint_needs_no_token(app: Flask, csrf: CSRFProtect, book: FlaskClient, written: t.Any) -> None:
    hooks = Blueprint("hooks", __name__)

    @hooks.post("/blueprint-hook")
    @written
    def hook() -> t.Any:
        return "heard"

    csrf.exempt(hooks)
    app.register_blueprint(hooks)
    assert book.post("/blueprint-hook").text == "heard"


def test_without_the_check_before_each_view_the_form_checks(app: Flask, book: FlaskClient) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    response = sign(book)
    assert (response.status_code, "csrf_token: The CSRF token is missing." in response.text) == (200, True)


def test_over_https_the_referrer_must_be_ours(book: FlaskClient) -> None:
    ours: dict[str, t.Any] = {"base_url": "https://localhost"}
    data = {"name": "Ada", "address": "ada@example.org", "csrf_token": get_token(book, **ours)}
    assert "The referrer header is missing." in book.post("/", data=data, **ours).text
    theirs = book.post("/", data=data, headers={"Referer": "https://evil.example"}, **ours)
    assert (theirs.status_code, "The referrer does not match the host." in theirs.text) == (400, True)
    assert "Ada" in book.post("/", data=data, headers={"Referer": "https://localhost/"}, **ours).text


def test_an_own_answer_to_refused_forms(app: Flask, book: FlaskClient, written: t.Any) -> None:
    @app.errorhandler(CSRFError)
    @written
    def refuse(error: CSRFError) -> t.Any:
        return {"refused": error.description}, 403

    response = sign(book)
    assert (response.status_code, response.json) == (403, {"refused": "The CSRF token is missing."})


@pytest.mark.parametrize("size", [10, 2_000_000])
def test_an_uploaded_file_is_kept(book: FlaskClient, tmp_path: Path, size: int) -> None:
    content = b"0123456789" * (size // 10)
    data = {
        "csrf_token": get_token(book),
        "paper": (io.BytesIO(content), "notes on the engine.txt"),
        "notes": [(io.BytesIO(b"G"), "g.txt"), (io.BytesIO(b"H"), "h.txt")],
    }
    response = book.post("/archive", data=data)
    response.request.environ["wsgi.input"].close()  # Werkzeug's client leaves it open, and a long one is a file
    assert response.json == {"name": "notes on the engine.txt", "notes": ["G", "H"]}
    assert (tmp_path / "kept.txt").read_bytes() == content


def test_files_that_are_refused(book: FlaskClient) -> None:
    token = get_token(book)
    picture = {"csrf_token": token, "paper": (io.BytesIO(b"GIF"), "picture.gif")}
    assert book.post("/archive", data=picture).json == {"paper": ["Plain text only."]}
    assert book.post("/archive", data={"csrf_token": token}).json == {"paper": ["Which file?"]}


def test_a_body_that_is_too_long_is_refused_before_its_token_is_looked_for(app: Flask, book: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert book.post("/archive", data={"paper": (io.BytesIO(b"0" * 2000), "long.txt")}).status_code == 413
