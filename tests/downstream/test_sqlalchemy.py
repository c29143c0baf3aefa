"""A library that keeps its books by Flask-SQLAlchemy."""

from __future__ import annotations

import asyncio
import threading
import typing as t
from collections.abc import AsyncIterator, Iterator

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import QueuePool

from flask import Flask, Response, request, stream_with_context
from flask.testing import FlaskClient

from .conftest import Way


class Base(DeclarativeBase):
    """What the models have in common."""


db = SQLAlchemy(model_class=Base)


class Book(db.Model):  # type: ignore[name-defined, misc]
    """A book of the library."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)


def titles() -> list[str]:
    return list(db.session.scalars(db.select(Book.title).order_by(Book.id)))


@pytest.fixture(params=["memory", "file"])
def app(request: pytest.FixtureRequest, app: Flask) -> Iterator[Flask]:
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://" if request.param == "memory" else "sqlite:///library.db"
    db.init_app(app)
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def library(app: Flask, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the library."""

    @app.get("/books")
    @written
    def index() -> t.Any:
        return titles()

    @app.post("/books")
    @written
    def add() -> t.Any:
        book = Book(title=request.form["title"])
        db.session.add(book)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return {"error": "We have that one.", "count": len(titles())}, 409
        return {"id": book.id}, 201

    @app.get("/books/<int:number>")
    @written
    def book(number: int) -> t.Any:
        return db.get_or_404(Book, number).title

    @app.get("/pages")
    @written
    def pages() -> t.Any:
        page = db.paginate(db.select(Book).order_by(Book.id), per_page=2)
        return {"titles": [book.title for book in page], "pages": page.pages}

    @app.get("/lines")
    @written
    def lines() -> t.Any:
        books = db.session.scalars(db.select(Book).order_by(Book.id).execution_options(yield_per=1))
        return Response(stream_with_context(f"{book.title}\n" for book in books), mimetype="text/plain")

    @app.get("/awaited-lines")
    @written
    def awaited_lines() -> t.Any:
        async def lines() -> AsyncIterator[str]:
            for title in titles():
                await asyncio.sleep(0)
                yield f"{title}, {db.session.scalar(db.select(Book.id).filter_by(title=title))}\n"

        return Response(stream_with_context(lines()), mimetype="text/plain")

    @app.post("/forgets-to-commit")
    @written
    def forget() -> t.Any:
        db.session.add(Book(title="Oblivion"))
        db.session.flush()
        return titles()

    @app.post("/fails")
    @written
    def fail() -> t.Any:
        db.session.add(Book(title="Disaster"))
        db.session.flush()
        raise ValueError("after the flush")

    return client


def add(client: FlaskClient, *titles: str) -> list[int]:
    return [client.post("/books", data={"title": title}).status_code for title in titles]


def test_what_is_committed_is_there_in_the_next_request(library: FlaskClient) -> None:
    assert add(library, "Emma", "Persuasion") == [201, 201]
    assert library.get("/books").json == ["Emma", "Persuasion"]
    assert library.get("/books/2").text == "Persuasion"
    assert library.get("/books/3").status_code == 404


def test_a_refused_commit_is_rolled_back(library: FlaskClient) -> None:
    assert add(library, "Emma", "Emma", "Persuasion") == [201, 409, 201]
    assert library.post("/books", data={"title": "Emma"}).json == {"error": "We have that one.", "count": 2}


def test_what_is_not_committed_is_gone_after_the_request(library: FlaskClient) -> None:
    add(library, "Emma")
    assert library.post("/forgets-to-commit").json == ["Emma", "Oblivion"]
    assert library.get("/books").json == ["Emma"]


def test_a_view_that_fails_leaves_the_next_request_a_usable_session(
    library: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    add(library, "Emma")
    assert [library.post("/fails").status_code for _ in range(2)] == [500, 500]
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ValueError, ValueError]
    assert library.get("/books").json == ["Emma"]


def test_each_session_gives_its_connection_back(app: Flask, library: FlaskClient) -> None:
    add(library, "Emma", "Emma")
    for path in ("/forgets-to-commit", "/fails"):
        library.post(path)
    for path in ("/books", "/books/1", "/books/9", "/pages", "/lines", "/awaited-lines"):
        library.get(path).close()  # also of what streams: none of it is read
    with app.app_context():
        pool = db.engine.pool
        # A database in memory has one connection for all.
        assert not isinstance(pool, QueuePool) or pool.checkedout() == 0


def test_pages(library: FlaskClient) -> None:
    add(library, "Emma", "Persuasion", "Northanger Abbey")
    assert library.get("/pages").json == {"titles": ["Emma", "Persuasion"], "pages": 2}
    assert library.get("/pages?page=2").json == {"titles": ["Northanger Abbey"], "pages": 2}
    assert library.get("/pages?page=3").status_code == 404


def test_rows_are_streamed_from_the_session_of_the_request(library: FlaskClient) -> None:
    add(library, "Emma", "Persuasion")
    assert library.get("/lines").text == "Emma\nPersuasion\n"
    assert library.get("/awaited-lines").text == "Emma, 1\nPersuasion, 2\n"


def test_a_session_of_the_test_sees_what_requests_did(app: Flask, library: FlaskClient) -> None:
    with app.app_context():
        db.session.add(Book(title="Emma"))
        db.session.commit()
        assert add(library, "Persuasion") == [201]
        assert titles() == ["Emma", "Persuasion"]


# Requests at the same time. SQLite in memory has one connection, and so one transaction, for all of them.

on_disk = pytest.mark.parametrize("app", ["file"], indirect=True)
by_asgi = pytest.mark.parametrize("way", ["asgi, thread", "asgi, inline"], indirect=True)
with_threads = pytest.mark.parametrize("way", ["wsgi", "asgi, thread"], indirect=True)


def settle(book: Book) -> list[str]:
    """Commit the book if it is a good one. What else the session knew of is in the answer."""
    known = [each.title for each in db.session.new]
    if book.title == "Good":
        db.session.commit()
    else:
        db.session.rollback()
    return known


@on_disk
@by_asgi
def test_async_views_that_wait_for_each_other_have_a_session_each(app: Flask) -> None:
    both = asyncio.Barrier(2)

    @app.post("/<title>")
    async def add(title: str) -> t.Any:
        db.session.add(book := Book(title=title))
        await both.wait()
        return settle(book)

    async def post(title: str) -> t.Any:
        async with app.async_test_client() as client:
            return (await client.post(f"/{title}")).json

    async def post_both() -> list[t.Any]:
        return await asyncio.wait_for(asyncio.gather(post("Good"), post("Bad")), 20)

    assert asyncio.run(post_both()) == [["Good"], ["Bad"]]
    with app.app_context():
        assert titles() == ["Good"]


@on_disk
@with_threads
def test_sync_views_that_wait_for_each_other_have_a_session_each(app: Flask, way: Way) -> None:
    both = threading.Barrier(2, timeout=20)
    answers = {}

    @app.post("/<title>")
    def add(title: str) -> t.Any:
        db.session.add(book := Book(title=title))
        both.wait()
        return settle(book)

    def post(title: str) -> None:
        answers[title] = app.test_client(protocol=way.protocol).post(f"/{title}").json

    threads = [threading.Thread(target=post, args=[title]) for title in ("Good", "Bad")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {"Good": ["Good"], "Bad": ["Bad"]}
    with app.app_context():
        assert titles() == ["Good"]
