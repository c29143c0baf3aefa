"""The JSON API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chirp import database


@pytest.fixture(autouse=True)
def _people(add_person: Callable[..., None]) -> None:
    add_person("wren", "First", "Second")
    add_person("heron", "Third")


@pytest.fixture
def token(client: FlaskClient) -> dict[str, str]:
    """The header with wren's token."""
    answer = client.post("/api/token", json={"username": "wren", "password": "correct horse"})
    return {"Authorization": f"Bearer {answer.json['token']}"}


def texts(answer: Any) -> list[str]:
    return [post["text"] for post in answer.json["posts"]]


def test_reading_needs_no_token(client: FlaskClient) -> None:
    answer = client.get("/api/posts")
    assert texts(answer) == ["Third", "Second", "First"]
    assert answer.json["older"] is None
    post = client.get("/api/posts/1").json
    assert post["author"] == {"username": "wren", "name": "Wren"}
    assert post["image"] is None
    assert post["url"] == "http://localhost/posts/1"
    assert datetime.fromisoformat(post["posted_at"]).tzinfo is not None
    assert texts(client.get("/api/people/wren/posts")) == ["Second", "First"]
    assert texts(client.get("/api/search?q=thi")) == ["Third"]
    person = client.get("/api/people/wren").json
    assert (person["posts"], person["followers"], person["following"]) == (2, 0, 0)
    assert not any("password" in key for key in person)


@pytest.mark.parametrize("url", ["/api/posts", "/api/people/wren/posts", "/api/search?q=number"])
def test_pages(client: FlaskClient, app: Flask, token: dict[str, str], url: str) -> None:
    app.config["POSTS_PER_PAGE"] = 2
    for number in range(1, 6):
        client.post("/api/posts", json={"text": f"Number {number}"}, headers=token)
    seen, page = [], url
    while page:
        answer = client.get(page)
        seen += texts(answer)
        page = answer.json["older"]
    assert [text for text in seen if "Number" in text] == [f"Number {number}" for number in range(5, 0, -1)]


def test_writing_and_deleting(client: FlaskClient, token: dict[str, str]) -> None:
    answer = client.post("/api/posts", json={"text": " Fourth\r\nline "}, headers=token)
    assert answer.status_code == 201
    assert answer.json["text"] == "Fourth\nline"
    assert client.get(answer.headers["Location"]).json == answer.json
    answer = client.delete(answer.headers["Location"], headers=token)
    assert (answer.status_code, answer.data) == (204, b"")
    assert texts(client.get("/api/posts")) == ["Third", "Second", "First"]


def test_following_twice_is_following(client: FlaskClient, token: dict[str, str]) -> None:
    for _ in range(2):
        assert client.put("/api/people/heron/followers/me", headers=token).status_code == 204
        assert client.get("/api/people/heron").json["followers"] == 1
    for _ in range(2):
        assert client.delete("/api/people/heron/followers/me", headers=token).status_code == 204
        assert client.get("/api/people/heron").json["followers"] == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer MQ.aSnA_w.AAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"Authorization": "Basic d3JlbjpjaGlycC1jaGlycA=="},
        {"Authorization": "Bearer \xff"},
    ],
)
def test_without_a_good_token_nothing_is_written(client: FlaskClient, headers: dict[str, str]) -> None:
    for method, url in (
        ("POST", "/api/posts"),
        ("DELETE", "/api/posts/1"),
        ("PUT", "/api/people/wren/followers/me"),
    ):
        answer = client.open(url, method=method, json={"text": "Changed."}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json["error"]["status"] == 401
    assert texts(client.get("/api/posts")) == ["Third", "Second", "First"]


def test_a_token_runs_out(client: FlaskClient, app: Flask, token: dict[str, str]) -> None:
    app.config["API_TOKEN_SECONDS"] = -1
    answer = client.post("/api/posts", json={"text": "Late"}, headers=token)
    assert answer.status_code == 401
    assert "not valid" in answer.json["error"]["message"]


def test_the_session_of_the_pages_is_no_token(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["person_id"] = 1
    assert client.get("/account").status_code == 200
    assert client.post("/api/posts", json={"text": "Forged"}).status_code == 401


def test_a_wrong_password_gives_no_token(client: FlaskClient) -> None:
    answer = client.post("/api/token", json={"username": "wren", "password": "wrong"})
    assert answer.status_code == 401
    assert answer.json["error"]["message"] == "The user name or the password is not right."


def assert_error(answer: Any, status: int, name: str) -> None:
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert list(answer.json) == ["error"]
    assert (answer.json["error"]["status"], answer.json["error"]["name"]) == (status, name)
    assert answer.json["error"]["message"]


def test_errors_are_json(client: FlaskClient, token: dict[str, str]) -> None:
    assert_error(client.get("/api/posts/99"), 404, "Not Found")
    assert_error(client.get("/api/people/nobody"), 404, "Not Found")
    assert_error(client.get("/api/nothing"), 404, "Not Found")
    assert_error(client.get("/api/posts/99999999999999999999"), 404, "Not Found")
    assert_error(client.delete("/api/posts/3", headers=token), 403, "Forbidden")
    assert_error(client.post("/api/posts", data="text", headers=token), 415, "Unsupported Media Type")
    assert_error(client.put("/api/people/wren/followers/me", headers=token), 422, "Unprocessable Entity")
    assert_error(client.post("/api/posts", json={"text": "x" * 281}, headers=token), 422, "Unprocessable Entity")
    assert_error(
        client.post("/api/posts", json={"text": "x" * 200_000}, headers=token),
        413,
        "Request Entity Too Large",
    )
    answer = client.delete("/api/posts")
    assert_error(answer, 405, "Method Not Allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"\xff", b"[]", b"null", b"{}", b'{"text": 1}', b'{"text": null}', b'{"text": "\\ud800"}'],
)
def test_a_body_that_makes_no_sense_is_400(client: FlaskClient, token: dict[str, str], body: bytes) -> None:
    headers = token | {"Content-Type": "application/json"}
    assert_error(client.post("/api/posts", data=body, headers=headers), 400, "Bad Request")
    assert_error(client.post("/api/token", data=body, headers=headers), 400, "Bad Request")


def test_our_own_fault_is_json_too(client: FlaskClient, app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        database.path().unlink()
    assert_error(client.get("/api/posts"), 500, "Internal Server Error")
