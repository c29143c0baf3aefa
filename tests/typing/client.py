"""The test client, as tests use it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, assert_type

from werkzeug.test import TestResponse

from flask import Flask, g, request, session
from flask.sessions import SessionMixin
from flask.testing import EnvironBuilder, FlaskClient, FlaskCliRunner


def app() -> Iterator[Flask]:
    made = Flask(__name__)
    made.config.update({"TESTING": True})
    yield made


def client(app: Flask) -> FlaskClient:
    return app.test_client()


def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner(echo_stdin=True)


def test_requests(client: FlaskClient) -> None:
    response = client.get("/?page=2", query_string={"q": "tea"}, headers={"X-Name": "Ada"})
    assert_type(response, TestResponse)
    assert_type(response.status_code, int)
    assert_type(response.get_data(), bytes)
    assert_type(response.text, str)
    assert_type(response.json, Any | None)
    assert_type(response.headers["Location"], str)
    assert_type(response.history, tuple[TestResponse, ...])
    assert_type(response.request.path, str)
    client.post("/", data={"name": "Ada", "file": (io.BytesIO(b"a"), "a.txt")}, follow_redirects=True)
    client.put("/", json={"a": [1]}, content_type="application/json")
    client.patch("/", data=b"raw", base_url="https://shop.test")
    client.delete("/", auth=("ada", "secret"))
    client.open("/", method="OPTIONS", buffered=True)
    client.set_cookie("name", "value", domain="shop.test")
    client.delete_cookie("name")
    assert response.json is not None
    assert response.json["a"] == 1


def test_contexts(app: Flask) -> None:
    with app.test_client(use_cookies=True) as client:
        assert_type(client, FlaskClient)
        client.get("/")
        assert request.path == "/"
        assert session["user"] == 1
        assert g.user == 1
        with client.session_transaction() as changed:
            assert_type(changed, SessionMixin)
            changed["user"] = 2
        with client.session_transaction(path="/admin") as changed:
            changed.permanent = True
    with app.test_request_context("/", data={"a": "b"}):
        app.preprocess_request()
        assert request.form["a"] == "b"
    builder = EnvironBuilder(app, "/upload", method="POST")
    client.open(builder)
    assert_type(client.application, Flask)
