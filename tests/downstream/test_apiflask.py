"""A library whose application is APIFlask's, a subclass of ours: schemas, logins, a description by OpenAPI."""

from __future__ import annotations

import io
import json
import typing as t
from pathlib import Path

import pytest
from apiflask import (
    APIBlueprint,
    APIFlask,
    APIKeyHeaderAuth,
    FileSchema,
    HTTPBasicAuth,
    HTTPError,
    HTTPTokenAuth,
    PaginationSchema,
    Schema,
    abort,
    pagination_builder,
)
from apiflask.fields import Date, Field, File, Integer, List, Nested, String
from apiflask.validators import FileType, Length, OneOf, Range
from apiflask.views import MethodView
from pydantic import BaseModel
from pydantic import Field as Attribute
from werkzeug.security import check_password_hash, generate_password_hash

import flask
from flask import Response, g, request, send_file
from flask.cli import FlaskGroup
from flask.testing import FlaskClient

from .conftest import Way

# It describes a schema that is met by itself and within another one twice.
pytestmark = pytest.mark.filterwarnings("ignore:.* has already been added to the spec:UserWarning")

HASH = generate_password_hash("lovelace", "pbkdf2:sha256:1")  # one round: these tests are not about passwords


class BookIn(Schema):
    """What is told of a book."""

    title = String(required=True, validate=Length(1, 20))
    kind = String(load_default="novel", validate=OneOf(["novel", "poem"]))


class BookOut(BookIn):
    """What is kept of it."""

    id = Integer()
    added = Date()


class PageIn(Schema):
    """Which page."""

    page = Integer(load_default=1)
    per_page = Integer(load_default=2, validate=Range(max=10))


class BooksOut(Schema):
    """A page of books."""

    books = List(Nested(BookOut))
    pagination = Nested(PaginationSchema)


class CoverIn(Schema):
    """A picture of the cover."""

    cover = File(required=True, validate=FileType([".gif"]))


class Reader(BaseModel):
    """Someone who reads, as a model of Pydantic."""

    name: str = Attribute(min_length=2)
    age: int = 18


class Pages:
    """What Flask-SQLAlchemy would give."""

    def __init__(self, items: list[t.Any], page: int, per_page: int) -> None:
        self.items, self.page, self.per_page, self.total = items, page, per_page, len(items)
        self.pages = -(-len(items) // per_page)
        self.has_next, self.next_num = page < self.pages, page + 1
        self.has_prev, self.prev_num = page > 1, page - 1


@pytest.fixture
def app(way: Way, tmp_path: Path) -> APIFlask:
    app = APIFlask("downstream", title="Library", version="7", root_path=str(tmp_path))
    app.config.update(SECRET_KEY="test key", ASGI_SYNC=way.placing, ASGI_THREADS=4)
    return app


@pytest.fixture
def library(app: APIFlask, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the library."""
    books = {number: {"id": number, "title": f"Book {number}"} for number in range(1, 4)}

    @app.get("/books/<int:number>")
    @app.output(BookOut)
    @written
    def book(number: int) -> t.Any:
        if number not in books:
            abort(404, f"There is no book {number}.", detail={"number": number}, extra_data={"code": 7})
        return books[number]

    @app.get("/books")
    @app.input(PageIn, location="query")
    @app.output(BooksOut)
    @written
    def index(query_data: dict[str, int]) -> t.Any:
        """The books

        All that we have.
        """
        pages = Pages(list(books.values()), **query_data)
        start = (pages.page - 1) * pages.per_page
        return {"books": pages.items[start : start + pages.per_page], "pagination": pagination_builder(pages)}

    @app.post("/books")
    @app.input(BookIn)
    @app.output(BookOut, status_code=201)
    @app.doc(tags=["Shelf"], responses=[409])
    @written
    def add(json_data: dict[str, t.Any]) -> t.Any:
        if json_data["title"] in [book["title"] for book in books.values()]:
            raise HTTPError(409, "We have that one.", headers={"X-Shelf": "full"})
        books[len(books) + 1] = {**json_data, "id": len(books) + 1}
        return books[len(books)], {"X-Count": str(len(books))}

    @app.route("/covers/<int:number>")
    class Cover(MethodView):
        @app.input(CoverIn, location="files")
        @written
        def put(self, number: int, files_data: dict[str, t.Any]) -> t.Any:
            return {"number": number, "size": len(files_data["cover"].read())}

        @app.output(FileSchema, content_type="image/gif")
        @written
        def get(self, number: int) -> t.Any:
            return send_file(io.BytesIO(b"GIF"), mimetype="image/gif")

    @app.post("/readers")
    @app.input(Reader)
    @app.output(Reader, status_code=201)
    @written
    def register(json_data: Reader) -> t.Any:
        return json_data

    return client


def test_books_come(library: FlaskClient) -> None:
    response = library.post("/books", json={"title": "Emma"})
    assert (response.status_code, response.headers["X-Count"]) == (201, "4")
    assert response.json == library.get("/books/4").json == {"id": 4, "title": "Emma", "kind": "novel"}


def test_pages(library: FlaskClient) -> None:
    answer = t.cast("dict[str, t.Any]", library.get("/books?page=2").json)
    assert [book["id"] for book in answer["books"]] == [3]
    assert answer["pagination"]["total"] == 3
    assert answer["pagination"]["prev"] == "http://localhost/books?page=1&per_page=2"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, {"json": {"title": ["Missing data for required field."]}}),
        ({"title": "Emma", "kind": "opera"}, {"json": {"kind": ["Must be one of: novel, poem."]}}),
        ({"title": "Emma", "pages": 7}, {"json": {"pages": ["Unknown field."]}}),
    ],
)
def test_refused_books(library: FlaskClient, body: t.Any, detail: t.Any) -> None:
    response = library.post("/books", json=body)
    assert (response.status_code, response.json) == (422, {"message": "Validation error", "detail": detail})


def test_refused_queries_and_bodies(library: FlaskClient) -> None:
    assert library.get("/books?per_page=11").status_code == 422
    response = library.post("/books", data="{", content_type="application/json")
    assert (response.status_code, response.is_json) == (400, True)


def test_models_of_pydantic(library: FlaskClient) -> None:
    response = library.post("/readers", json={"name": "Ada"})
    assert (response.status_code, response.json) == (201, {"name": "Ada", "age": 18})
    assert library.post("/readers", json={"name": "A", "age": "old"}).status_code == 422


def test_files(library: FlaskClient) -> None:
    accepted = library.put("/covers/1", data={"cover": (io.BytesIO(b"GIF"), "cover.gif")})
    assert accepted.json == {"number": 1, "size": 3}
    assert library.put("/covers/1", data={"cover": (io.BytesIO(b"PNG"), "cover.png")}).status_code == 422
    with library.get("/covers/1") as sent:
        assert (sent.data, sent.mimetype) == (b"GIF", "image/gif")


def test_errors(app: APIFlask, library: FlaskClient, caplog: pytest.LogCaptureFixture, written: t.Any) -> None:
    @app.get("/fails")
    @written
    def fail() -> t.Any:
        raise ZeroDivisionError

    @app.get("/teapot")
    @written
    def be_a_teapot() -> t.Any:
        flask.abort(418)

    missing = library.get("/books/8")
    assert (missing.status_code, missing.json) == (
        404,
        {"message": "There is no book 8.", "detail": {"number": 8}, "code": 7},
    )
    taken = library.post("/books", json={"title": "Book 1"})
    assert (taken.status_code, taken.headers["X-Shelf"]) == (409, "full")
    for path, status, message in [
        ("/nowhere", 404, "Not Found"),
        ("/teapot", 418, "I'm a teapot"),
        ("/fails", 500, "Internal Server Error"),
    ]:
        response = library.get(path)
        assert (response.status_code, response.json) == (status, {"detail": {}, "message": message})
    assert (library.delete("/books").status_code, library.delete("/books").is_json) == (405, True)
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


def test_an_own_form_of_errors(app: APIFlask, library: FlaskClient) -> None:
    @app.error_processor
    def process(error: HTTPError) -> t.Any:
        return {"error": {"status": error.status_code, "why": error.message}}, error.status_code, error.headers

    assert library.get("/nowhere").json == {"error": {"status": 404, "why": "Not Found"}}
    assert library.post("/books", json={}).json == {"error": {"status": 422, "why": "Validation error"}}
    assert library.get("/books/8").json == {"error": {"status": 404, "why": "There is no book 8."}}


def test_an_own_frame_of_answers(app: APIFlask, client: FlaskClient, written: t.Any) -> None:
    class Frame(Schema):
        data = Field()
        count = Integer()

    app.config.update(BASE_RESPONSE_SCHEMA=Frame)

    @app.get("/")
    @app.output({"name": String()}, schema_name="Name")
    @written
    def show() -> t.Any:
        return {"data": {"name": "Emma", "secret": 7}, "count": 1}

    assert t.cast("dict[str, t.Any]", client.get("/").json)["count"] == 1
    assert "secret" not in client.get("/").text


# Who may come in


def test_passwords(app: APIFlask, client: FlaskClient, written: t.Any) -> None:
    auth = HTTPBasicAuth()

    @auth.verify_password
    @written
    def verify(name: str, password: str) -> str | None:
        return name if name in ("ada", "byron") and check_password_hash(HASH, password) else None

    @auth.get_user_roles
    @written
    def roles(name: str) -> list[str]:
        return ["admin"] if name == "ada" else []

    @app.get("/me")
    @app.auth_required(auth)
    @written
    def me() -> t.Any:
        return {"name": auth.current_user}

    @app.delete("/all")
    @app.auth_required(auth, roles=["admin"])
    @app.output({}, status_code=204)
    @written
    def clear() -> t.Any:
        return ""

    assert client.get("/me", auth=("ada", "lovelace")).json == {"name": "ada"}
    refused = client.get("/me", auth=("ada", "byron"))
    assert (refused.status_code, refused.json) == (401, {"detail": {}, "message": "Unauthorized"})
    assert refused.headers["WWW-Authenticate"] == 'Basic realm="Authentication Required"'
    statuses = [client.delete("/all", auth=(name, "lovelace")).status_code for name in ("ada", "byron")]
    assert statuses == [204, 403]
    schemes = t.cast("dict[str, t.Any]", client.get("/openapi.json").json)["components"]["securitySchemes"]
    assert schemes == {"BasicAuth": {"type": "http", "scheme": "basic"}}


def test_tokens_and_keys(app: APIFlask, client: FlaskClient, written: t.Any) -> None:
    tokens, keys = HTTPTokenAuth(), APIKeyHeaderAuth(param_name="X-Key")

    @tokens.verify_token
    @keys.verify_token
    @written
    def verify(token: str) -> str | None:
        return "ada" if token == "a token" else None

    @tokens.error_processor
    def refuse(error: HTTPError) -> t.Any:
        return {"why": error.message}, 418, error.headers

    shelf = APIBlueprint("shelf", "shelf", url_prefix="/shelf")

    @shelf.before_request
    @shelf.auth_required(keys)
    @written
    def check() -> None:
        g.checked = True

    @shelf.get("/")
    @written
    def look() -> t.Any:
        return {"checked": g.checked, "by": keys.current_user}

    @app.get("/me")
    @app.auth_required(tokens)
    @written
    def me() -> t.Any:
        return {"name": tokens.current_user}

    app.register_blueprint(shelf)
    assert client.get("/me", headers={"Authorization": "Bearer a token"}).json == {"name": "ada"}
    refused = client.get("/me", headers={"Authorization": "Bearer another"})
    assert (refused.status_code, refused.json) == (418, {"why": "Unauthorized"})
    assert client.get("/shelf/", headers={"X-Key": "a token"}).json == {"checked": True, "by": "ada"}
    assert client.get("/shelf/").status_code == 401


# What it says of itself


def test_the_description(app: APIFlask, library: FlaskClient) -> None:
    @app.spec_processor
    def add(spec: dict[str, t.Any]) -> dict[str, t.Any]:
        spec["info"]["contact"] = {"name": "Ada"}
        return spec

    spec = t.cast("dict[str, t.Any]", library.get("/openapi.json").json)
    assert spec["info"] == {"title": "Library", "version": "7", "contact": {"name": "Ada"}}
    assert set(spec["paths"]) == {"/books", "/books/{number}", "/covers/{number}", "/readers"}
    listed, added = spec["paths"]["/books"]["get"], spec["paths"]["/books"]["post"]
    assert (listed["summary"], listed["description"]) == ("The books", "All that we have.")
    assert [each["name"] for each in listed["parameters"]] == ["page", "per_page"]
    assert set(added["responses"]) == {"201", "409", "422"}
    assert added["tags"] == ["Shelf"]
    assert spec["paths"]["/books/{number}"]["get"]["parameters"][0]["schema"] == {"type": "integer"}
    assert spec["components"]["schemas"]["BookIn"]["required"] == ["title"]
    assert spec["components"]["schemas"]["Reader"]["properties"]["age"]["default"] == 18
    assert spec["paths"]["/covers/{number}"]["get"]["responses"]["200"]["content"].keys() == {"image/gif"}


@pytest.mark.parametrize("page", ["swagger-ui", "redoc", "elements", "rapidoc"])
def test_the_pages(way: Way, page: str) -> None:
    app = APIFlask("downstream", docs_ui=page, openapi_blueprint_url_prefix="/about")
    app.config["ASGI_SYNC"] = way.placing
    response = app.test_client(protocol=way.protocol).get("/about/docs")
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "/about/openapi.json" in response.text


@pytest.mark.parametrize("way", ["wsgi"], indirect=True)
def test_its_command(app: APIFlask, library: FlaskClient, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    group = FlaskGroup(create_app=lambda: app)
    printed = runner.invoke(group, ["spec"])
    assert printed.exit_code == 0, printed.output
    spec = json.loads(printed.output)
    assert spec["paths"] == t.cast("dict[str, t.Any]", library.get("/openapi.json").json)["paths"]
    quiet = runner.invoke(group, ["spec", "--quiet", "--output", str(tmp_path / "openapi.json"), "--indent", "0"])
    assert (quiet.output, json.loads((tmp_path / "openapi.json").read_text())) == ("", spec)
    assert runner.invoke(group, ["spec", "--format", "xml"]).exit_code == 2


def test_it_is_a_flask_all_the_same(app: APIFlask, library: FlaskClient, written: t.Any) -> None:
    """What it did not replace works as ever."""

    @app.before_request
    @written
    def stop() -> t.Any:
        return Response("closed", 503) if "closed" in request.args else None

    @app.get("/list")
    @written
    def numbers() -> t.Any:
        return [1, 2], 203

    @app.errorhandler(LookupError)
    @written
    def explain(error: LookupError) -> t.Any:
        return {"looked": "in vain"}, 400

    @app.get("/lost")
    @written
    def lose() -> t.Any:
        raise LookupError

    assert (library.get("/list").json, library.get("/list").status_code) == ([1, 2], 203)
    assert (library.get("/lost").json, library.get("/books?closed=1").text) == ({"looked": "in vain"}, "closed")
