"""A shop whose sessions are kept on the server by Flask-Session: in files, in Redis, in a database."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from cachelib import FileSystemCache
from flask_session import Session
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from flask import Flask, flash, get_flashed_messages, request, session
from flask.testing import FlaskClient


@pytest.fixture(params=["files", "redis", "database"])
def app(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Iterator[Flask]:
    if request.param == "files":
        cache = FileSystemCache(str(tmp_path / "sessions"))
        app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=cache)
    elif request.param == "redis":
        app.config.update(SESSION_TYPE="redis", SESSION_REDIS=request.getfixturevalue("store"))
    else:
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///sessions.db"
        db = SQLAlchemy(app)
        app.config.update(SESSION_TYPE="sqlalchemy", SESSION_SQLALCHEMY=db)
    Session(app)
    yield app
    if request.param == "database":
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def shop(app: Flask, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the shop."""

    @app.get("/basket")
    @written
    def basket() -> t.Any:
        return session.get("basket", [])

    @app.post("/basket")
    @written
    def buy() -> t.Any:
        session.setdefault("basket", []).append(request.form["thing"])
        session.modified = True
        return "", 204

    @app.post("/login")
    @written
    def log_in() -> t.Any:
        t.cast(t.Any, app.session_interface).regenerate(session)
        session["name"] = request.form["name"]
        flash(f"Welcome, {request.form['name']}!")
        return "", 204

    @app.get("/messages")
    @written
    def messages() -> t.Any:
        return get_flashed_messages()

    @app.post("/leave")
    @written
    def leave() -> t.Any:
        session.clear()
        return "", 204

    @app.post("/fails")
    @written
    def fail() -> t.Any:
        session["basket"] = ["what cannot be had"]
        raise LookupError

    return client


def buy(client: FlaskClient, thing: str) -> TestResponse:
    return client.post("/basket", data={"thing": thing})


def session_id(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def test_a_session_goes_on_in_the_next_request(shop: FlaskClient) -> None:
    assert shop.get("/basket").json == []
    buy(shop, "tea")
    buy(shop, "milk")
    assert shop.get("/basket").json == ["tea", "milk"]


def test_the_cookie_holds_nothing_of_the_session(shop: FlaskClient) -> None:
    buy(shop, "tea" * 5000)
    assert len(session_id(shop)) < 100
    assert shop.get("/basket").json == ["tea" * 5000]


def test_an_unused_session_sets_no_cookie(shop: FlaskClient) -> None:
    assert "Set-Cookie" not in shop.get("/basket").headers


def test_each_visitor_has_a_session(shop: FlaskClient, visitor: t.Any) -> None:
    other = visitor()
    buy(shop, "tea")
    buy(other, "coffee")
    assert [shop.get("/basket").json, other.get("/basket").json] == [["tea"], ["coffee"]]


def test_a_cleared_session_is_gone_from_the_server(shop: FlaskClient) -> None:
    buy(shop, "tea")
    left = session_id(shop)
    shop.post("/leave")
    assert shop.get_cookie("session") is None
    shop.set_cookie("session", left)
    assert shop.get("/basket").json == []


def test_an_unknown_session_is_empty(shop: FlaskClient) -> None:
    shop.set_cookie("session", "of my own making")
    assert shop.get("/basket").json == []
    buy(shop, "tea")
    assert shop.get("/basket").json == ["tea"]


def test_a_new_id_at_login(shop: FlaskClient, visitor: t.Any) -> None:
    buy(shop, "tea")
    before = session_id(shop)
    shop.post("/login", data={"name": "ada"})
    assert session_id(shop) != before
    assert shop.get("/basket").json == ["tea"]
    thief = visitor()
    thief.set_cookie("session", before)
    assert thief.get("/basket").json == []


def test_a_flashed_message_is_shown_once(shop: FlaskClient) -> None:
    shop.post("/login", data={"name": "ada"})
    assert [shop.get("/messages").json, shop.get("/messages").json] == [["Welcome, ada!"], []]


def test_the_session_is_saved_also_where_the_view_failed(shop: FlaskClient) -> None:
    buy(shop, "tea")
    assert shop.post("/fails").status_code == 500
    assert shop.get("/basket").json == ["what cannot be had"]


def test_a_session_that_the_test_prepares(shop: FlaskClient) -> None:
    with shop.session_transaction() as prepared:
        prepared["basket"] = ["tea"]
    assert shop.get("/basket").json == ["tea"]


@pytest.mark.parametrize("app", ["redis"], indirect=True)
def test_redis_forgets_a_session_in_time(app: Flask, shop: FlaskClient, store: redis.Redis) -> None:
    app.config["PERMANENT_SESSION_LIFETIME"] = 100
    buy(shop, "tea")
    assert 0 < t.cast(int, store.ttl(f"session:{session_id(shop)}")) <= 100
