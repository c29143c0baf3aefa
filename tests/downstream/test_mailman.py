"""A library that writes to its readers by Flask-Mailman, through an SMTP server."""

from __future__ import annotations

import smtplib
import socket
import threading
import typing as t
from pathlib import Path

import pytest
from flask_mailman import BadHeaderError, EmailMessage, EmailMultiAlternatives, Mail
from flask_mailman.backends.base import BaseEmailBackend

from flask import Flask, current_app, render_template_string, request, url_for
from flask.testing import FlaskClient

LETTER = "Dear {{ name }}, {{ title }} is here: {{ url_for('show_book', title=title, _external=True) }}"


@pytest.fixture
def mail(app: Flask, post_office: t.Any) -> Mail:
    app.config.update(
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=post_office.port,
        MAIL_TIMEOUT=20,
        MAIL_DEFAULT_SENDER=("The Library", "library@example.org"),
    )
    return Mail(app)


@pytest.fixture
def library(app: Flask, mail: Mail, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the library."""

    @app.get("/books/<title>")
    @written
    def show_book(title: str) -> t.Any:
        return title

    @app.post("/arrivals")
    @written
    def announce() -> t.Any:
        name, address, title = (request.form[key] for key in ("name", "address", "title"))
        text = render_template_string(LETTER, name=name, title=title)
        letter = EmailMultiAlternatives(f"{title} is here", text, to=[address], bcc=["archive@example.org"])
        letter.attach_alternative(f"<p>{text}</p>", "text/html")
        if "cover" in request.files:
            letter.attach("cover.png", request.files["cover"].read(), "image/png")
        try:
            with mail.get_connection() as letter.connection:  # else it would stay open after an error
                return {"sent": letter.send()}
        except BadHeaderError:
            return "This is no title.", 400
        except smtplib.SMTPRecipientsRefused as error:
            return {"refused": sorted(error.recipients)}, 422
        except OSError as error:
            return type(error).__name__, 503

    @app.post("/reminders")
    @written
    def remind() -> t.Any:
        letters = [("Overdue", f"{name}!", None, [name]) for name in request.get_json()]
        with mail.get_connection() as connection:
            return {"sent": mail.send_mass_mail(letters, connection=connection)}

    @app.post("/later")
    @written
    def send_later() -> t.Any:
        """In a thread, as if it took long."""
        letter = EmailMessage("Later", url_for("show_book", title="Sketch", _external=True), to=["ada@example.org"])

        def send(app: Flask) -> None:
            with app.app_context():
                letter.send()

        thread = threading.Thread(target=send, args=[current_app._get_current_object()])
        thread.start()
        thread.join()
        return "", 204

    return client


def announce(client: FlaskClient, **data: t.Any) -> t.Any:
    return client.post("/arrivals", data={"name": "Ada", "address": "ada@example.org", "title": "Skizze №1", **data})


def test_a_letter(library: FlaskClient, post_office: t.Any) -> None:
    assert announce(library).json == {"sent": 1}
    (mail,) = post_office.mails
    assert (mail["Subject"], mail["To"]) == ("Skizze №1 is here", "ada@example.org")
    assert mail["From"] == "The Library <library@example.org>"
    address = "http://localhost/books/Skizze%20%E2%84%961"
    assert mail.get_body(["plain"]).get_content().strip() == f"Dear Ada, Skizze №1 is here: {address}"
    assert mail.get_body(["html"]).get_content().startswith("<p>Dear Ada")


def test_who_has_a_blind_copy_is_not_named(library: FlaskClient, post_office: t.Any) -> None:
    announce(library)
    assert post_office.recipients == [["ada@example.org", "archive@example.org"]]
    assert "archive" not in post_office.mails[0].as_string()


def test_an_uploaded_file_is_passed_on(library: FlaskClient, post_office: t.Any, tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(b"\x89PNG" + bytes(range(256)))
    with (tmp_path / "cover.png").open("rb") as cover:
        assert announce(library, cover=cover).json == {"sent": 1}
    (attached,) = post_office.mails[0].iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("cover.png", "image/png")
    assert attached.get_content() == b"\x89PNG" + bytes(range(256))


def test_several_letters_over_one_connection(library: FlaskClient, post_office: t.Any) -> None:
    readers = ["ada@example.org", "charles@example.org"]
    assert library.post("/reminders", json=readers).json == {"sent": 2}
    assert [mail.get_content().strip() for mail in post_office.mails] == [f"{name}!" for name in readers]


def test_a_letter_from_a_thread(library: FlaskClient, post_office: t.Any) -> None:
    assert library.post("/later").status_code == 204
    assert post_office.mails[0].get_content().strip() == "http://localhost/books/Sketch"


def test_a_title_of_two_lines_is_refused(library: FlaskClient, post_office: t.Any) -> None:
    response = announce(library, title="Sketch\nBcc: all")
    assert (response.status_code, post_office.mails) == (400, [])


def test_a_reader_whom_the_server_does_not_know(library: FlaskClient, post_office: t.Any) -> None:
    response = announce(library, address="eve@nowhere.example")
    assert response.json == {"sent": 1}  # the archive's copy was taken
    assert post_office.recipients == [["archive@example.org"]]
    response = library.post("/reminders", json=["eve@nowhere.example"])
    assert (response.status_code, len(post_office.mails)) == (500, 1)


def test_a_server_that_is_not_there(app: Flask, library: FlaskClient) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # nobody else takes the port, and nobody listens
        app.extensions["mailman"].port = silent.getsockname()[1]
        response = announce(library)
    assert (response.status_code, response.text) == (503, "ConnectionRefusedError")


@pytest.mark.parametrize(("password", "status"), [("stamp", 200), ("stomp", 500)])
def test_a_server_that_wants_a_password(
    app: Flask, library: FlaskClient, post_office: t.Any, password: str, status: int
) -> None:
    app.config.update(MAIL_USE_TLS=True, MAIL_USERNAME="library", MAIL_PASSWORD=password)
    Mail(app)
    assert library.post("/reminders", json=["ada@example.org"]).status_code == status
    assert post_office.logins == (["library"] if status == 200 else [])


def test_where_an_application_is_tested_nothing_is_sent(app: Flask, library: FlaskClient, post_office: t.Any) -> None:
    app.testing = True
    mail = Mail(app)
    assert announce(library, title="Sketch").json == {"sent": 1}
    assert [(letter.subject, letter.to) for letter in mail.outbox] == [("Sketch is here", ["ada@example.org"])]
    assert post_office.mails == []


def test_letters_into_files(app: Flask, library: FlaskClient, tmp_path: Path) -> None:
    app.config.update(MAIL_BACKEND="file", MAIL_FILE_PATH=str(tmp_path / "letters"))
    Mail(app)
    assert announce(library).json == {"sent": 1}
    (letter,) = (tmp_path / "letters").iterdir()
    assert b"Dear Ada" in letter.read_bytes()


def test_a_way_of_one_s_own_to_send(app: Flask, library: FlaskClient) -> None:
    sent = []

    class Pigeon(BaseEmailBackend):
        def send_messages(self, email_messages: list[EmailMessage]) -> int:
            sent.extend(message.to for message in email_messages)
            return len(email_messages)

    app.extensions["mailman"].backend = Pigeon
    assert announce(library).json == {"sent": 1}
    assert sent == [["ada@example.org"]]
