"""What holds for every page: headers, labels, no scripts; and the pages for errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from chirp import database

PAGES = (
    "/",
    "/everyone",
    "/login",
    "/signup",
    "/search",
    "/search?q=hello",
    "/@wren",
    "/@wren/followers",
    "/nothing",
)
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
OWN_PAGES = ("/account", "/posts/1", "/posts/1/edit", "/@wren/following")


@pytest.fixture(autouse=True)
def _people(add_person: Callable[..., None]) -> None:
    add_person("wren", "Hello")
    add_person("heron", "Hello, too")


@pytest.fixture
def wren(client: FlaskClient) -> FlaskClient:
    """A client whose session says that wren is logged in."""
    with client.session_transaction() as session:
        session["person_id"] = 1
    return client


@pytest.mark.parametrize("url", [*PAGES, *OWN_PAGES])
def test_pages_can_be_used_by_everybody(wren: FlaskClient, read: Any, url: str) -> None:
    page = read(wren.get(url).text)
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    labelled = {label["for"] for label in page.all("label")}
    fields = [tag for tag in page.all("input") + page.all("textarea") if tag.get("type") != "hidden"]
    assert {field["id"] for field in fields} <= labelled
    assert all("alt" in image for image in page.all("img"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    described = [field["aria-describedby"] for field in fields if "aria-describedby" in field]
    assert {name for names in described for name in names.split()} <= set(ids)


@pytest.mark.parametrize("url", [*PAGES, *OWN_PAGES])
def test_pages_need_no_script_and_keep_to_their_policy(wren: FlaskClient, read: Any, url: str) -> None:
    answer = wren.get(url)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = read(answer.text)
    assert page.all("script") == []
    assert not any("style" in attributes for _, attributes in page.tags)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_a_wrong_field_is_told_to_screen_readers(client: FlaskClient, read: Any) -> None:
    with client.session_transaction() as session:
        session["csrf_token"] = "known"
    fields = {"csrf_token": "known", "username": "robin", "name": "", "password": "12345678"}
    page = read(client.post("/signup", data=fields).text)
    [name] = [tag for tag in page.all("input") if tag.get("id") == "name"]
    assert name["aria-invalid"] == "true"
    assert "name-error" in name["aria-describedby"].split()
    assert "autofocus" in name


def test_what_people_write_is_escaped(client: FlaskClient, app: Flask, add_person: Callable[..., None]) -> None:
    add_person("robin", "<script>alert('x')</script>", "{{ 7 * 7 }}")
    page = client.get("/").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page


def test_the_page_for_our_own_fault_needs_no_database(
    client: FlaskClient, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        database.path().unlink()
    with client.session_transaction() as session:
        session["person_id"] = 1
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Our mistake" in answer.text
    assert "flask --app chirp init-db" in caplog.text
    assert "init-db" not in answer.text


def test_a_person_who_is_gone_is_logged_out(wren: FlaskClient, app: Flask) -> None:
    with app.app_context(), database.connection() as connection:
        connection.execute("DELETE FROM person WHERE id = 1")
    assert wren.get("/account").status_code == 302
    assert wren.get("/").status_code == 200


def test_the_connection_is_opened_when_needed_and_closed_at_the_end(app: Flask, client: FlaskClient) -> None:
    with client, client.get("/static/style.css"):
        assert "database" not in g
    with app.app_context():
        connection = database.connection()
        assert database.connection() is connection
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("SELECT 1")


def test_an_image_is_named_by_nobody_and_served_as_what_it_is(wren: FlaskClient, app: Flask) -> None:
    with wren.session_transaction() as session:
        session["csrf_token"] = "known"
    for _ in range(2):
        fields = {"csrf_token": "known", "text": "Look", "image": (BytesIO(GIF), "evil.html", "text/html")}
        assert wren.post("/posts", data=fields).status_code == 302
    names = [path.name for path in (Path(app.instance_path) / "images").iterdir()]
    assert len(set(names)) == 2
    assert all(name.endswith(".gif") and len(name) == 36 for name in names)
    with wren.get(f"/images/{names[0]}") as answer:
        assert answer.mimetype == "image/gif"
        assert answer.data == GIF
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        etag = answer.headers["ETag"]
    with wren.get(f"/images/{names[0]}", headers={"If-None-Match": etag}) as answer:
        assert answer.status_code == 304
