"""A shop that confirms orders by Flask-Mail."""

from __future__ import annotations

import typing as t

import pytest
from flask_mail import BadHeaderError, Mail, Message

from flask import Flask, render_template_string, request
from flask.testing import FlaskClient


@pytest.fixture
def mail(app: Flask) -> Mail:
    app.config.update(MAIL_SUPPRESS_SEND=True, MAIL_DEFAULT_SENDER="shop@example.org")
    return Mail(app)


@pytest.fixture
def shop(app: Flask, mail: Mail, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the shop."""

    @app.post("/orders")
    @written
    def order() -> t.Any:
        message = Message(f"Your {request.form['thing']}", recipients=[request.form["address"]])
        message.body = render_template_string("You ordered {{ request.form['thing'] }}.")
        message.attach("order.txt", "text/plain", request.form["thing"])
        try:
            mail.send(message)
        except BadHeaderError:
            return "This is no name of a thing.", 400
        return "", 204

    return client


def test_a_mail_for_an_order(mail: Mail, shop: FlaskClient) -> None:
    with mail.record_messages() as outbox:
        shop.post("/orders", data={"thing": "tea", "address": "ada@example.org"})
    (message,) = outbox
    assert (message.subject, message.recipients, message.sender) == (
        "Your tea",
        ["ada@example.org"],
        "shop@example.org",
    )
    assert message.body == "You ordered tea."
    assert [(attachment.filename, attachment.data) for attachment in message.attachments] == [("order.txt", "tea")]


def test_a_subject_of_two_lines_is_refused(mail: Mail, shop: FlaskClient) -> None:
    with mail.record_messages() as outbox:
        response = shop.post("/orders", data={"thing": "tea\nBcc: all", "address": "ada@example.org"})
    assert (response.status_code, outbox) == (400, [])
