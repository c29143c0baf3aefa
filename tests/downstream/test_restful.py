"""A catalogue of books as resources of Flask-RESTful."""

from __future__ import annotations

import csv
import functools
import io
import typing as t
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask_restful import Api, Resource, abort, fields, inputs, marshal, marshal_with, reqparse
from werkzeug.datastructures import FileStorage

from flask import Blueprint, Flask, Response, g, got_request_exception, request
from flask.testing import FlaskClient


class OutOfPrintError(Exception):
    """There is no copy of the book."""


ERRORS = {"OutOfPrintError": {"message": "It is out of print.", "status": 410}}

AUTHOR = {"name": fields.String(attribute="author"), "born": fields.Integer(default=None)}
BOOK = {
    "title": fields.String,
    "author": fields.Nested(AUTHOR, attribute=lambda book: book),
    "price": fields.Fixed(decimals=2),
    "tags": fields.List(fields.String, attribute="tags"),
    "added": fields.DateTime(dt_format="iso8601"),
    "self": fields.Url("book"),
    "absolute": fields.Url("book", absolute=True, scheme="https"),
}

DAY = datetime(1843, 9, 5, tzinfo=UTC)


def describe(number: int, title: str = "Emma", **details: t.Any) -> dict[str, t.Any]:
    return {"number": number, "title": title, "author": "Jane Austen", "price": 1, "added": DAY, "tags": [], **details}


def book_parser() -> reqparse.RequestParser:
    """What is read of a book: of JSON, which the client has to send."""
    parser = reqparse.RequestParser(bundle_errors=True, trim=True)
    parser.add_argument("title", required=True, location="json", help="A book has a title: {error_msg}")
    parser.add_argument("price", type=inputs.positive, location="json", default=1)
    parser.add_argument("tag", dest="tags", action="append", choices=("novel", "poem"), location="json")
    return parser


@pytest.fixture
def api(app: Flask) -> Api:
    return Api(app, errors=ERRORS)


@pytest.fixture
def awaited(app: Flask, written: t.Any) -> Callable[..., t.Any]:
    """The decorator next to a method. A resource looks at what its method returns, and does not ask Flask to wait for
    it: where the method is written with ``async def``, the program says so itself.
    """

    def decorate(method: Callable[..., t.Any]) -> Callable[..., t.Any]:
        return app.ensure_sync(written(method))

    return decorate


@pytest.fixture
def catalogue(api: Api, client: FlaskClient, awaited: t.Any) -> FlaskClient:
    """A client of the catalogue."""
    books: dict[int, dict[str, t.Any]] = {1: describe(1)}

    class Book(Resource):
        @marshal_with(BOOK)
        @awaited
        def get(self, number: int) -> t.Any:
            if number == 13:
                raise OutOfPrintError
            if number not in books:
                abort(404, message=f"There is no book {number}.", number=number)
            return books[number]

        @awaited
        def delete(self, number: int) -> t.Any:
            del books[number]
            return "", 204

    class Books(Resource):
        @awaited
        def get(self) -> t.Any:
            return marshal(list(books.values()), {"title": fields.String}, envelope="books")

        @marshal_with(BOOK)
        @awaited
        def post(self) -> t.Any:
            book = describe(len(books) + 1, **book_parser().parse_args(strict=True))
            books[book["number"]] = book
            return book, 201, {"Location": api.url_for(Book, number=book["number"])}

    api.add_resource(Books, "/books", "/all")
    api.add_resource(Book, "/books/<int:number>", endpoint="book")
    return client


def test_a_book_as_its_fields_have_it(catalogue: FlaskClient) -> None:
    assert catalogue.get("/books/1").json == {
        "title": "Emma",
        "author": {"name": "Jane Austen", "born": None},
        "price": "1.00",
        "tags": [],
        "added": "1843-09-05T00:00:00+00:00",
        "self": "/books/1",
        "absolute": "https://localhost/books/1",
    }


def test_books_come_and_go(catalogue: FlaskClient) -> None:
    response = catalogue.post("/books", json={"title": " Persuasion ", "price": 3, "tag": ["novel"]})
    assert (response.status_code, response.location) == (201, "/books/2")
    answer = t.cast("dict[str, t.Any]", response.json)
    assert (answer["title"], answer["price"], answer["tags"]) == ("Persuasion", "3.00", ["novel"])
    assert catalogue.get("/all").json == {"books": [{"title": "Emma"}, {"title": "Persuasion"}]}
    response = catalogue.delete("/books/1")
    assert (response.status_code, response.data) == (204, b"")
    assert catalogue.get("/books").json == {"books": [{"title": "Persuasion"}]}
    assert catalogue.head("/books").data == b""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, {"title": "A book has a title: Missing required parameter in the JSON body"}),
        (
            {"price": -1, "tag": ["opera"], "title": "Emma"},
            {"price": "Invalid price: -1. price must be a positive integer", "tag": "opera is not a valid choice"},
        ),
        ({"title": "Emma", "prize": 3}, "Unknown arguments: prize"),
    ],
)
def test_what_is_wrong_with_a_book(catalogue: FlaskClient, body: t.Any, message: t.Any) -> None:
    response = catalogue.post("/books", json=body)
    answer = t.cast("dict[str, t.Any]", response.json)["message"]
    assert (response.status_code, answer) == (400, message)


def test_a_body_that_is_no_json(catalogue: FlaskClient) -> None:
    for kind, status in (("application/x-www-form-urlencoded", 415), ("application/json", 400)):
        response = catalogue.post("/books", data="title=Emma", content_type=kind)
        assert (response.status_code, response.is_json) == (status, True)


def test_errors_are_json_too(catalogue: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    missing = catalogue.get("/books/7")
    assert (missing.status_code, missing.json) == (404, {"message": "There is no book 7.", "number": 7})
    gone = catalogue.get("/books/13")
    assert (gone.status_code, gone.json) == (410, ERRORS["OutOfPrintError"])
    refused = catalogue.put("/books/1")
    assert (refused.status_code, refused.is_json) == (405, True)
    assert set(refused.allow or ()) == {"DELETE", "GET", "HEAD", "OPTIONS"}
    failed = catalogue.delete("/books/7")
    assert (failed.status_code, failed.json) == (500, {"message": "Internal Server Error"})
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [OutOfPrintError, KeyError]


def test_errors_elsewhere_are_the_application_s(app: Flask, catalogue: FlaskClient, written: t.Any) -> None:
    @app.get("/plain")
    @written
    def plain() -> t.Any:
        raise LookupError

    @app.errorhandler(LookupError)
    @written
    def explain(error: LookupError) -> t.Any:
        return "looked up in vain", 400

    assert (catalogue.get("/plain").status_code, catalogue.get("/plain").text) == (400, "looked up in vain")
    assert catalogue.get("/nowhere").mimetype == catalogue.post("/plain").mimetype == "text/html"


def test_all_that_is_missing_may_be_answered_here(app: Flask, client: FlaskClient) -> None:
    Api(app, catch_all_404s=True, serve_challenge_on_401=True)
    response = client.get("/nowhere")
    assert (response.status_code, response.is_json) == (404, True)


def test_an_error_is_signalled_and_raised_in_tests(app: Flask, catalogue: FlaskClient) -> None:
    heard = []

    def hear(sender: Flask, exception: Exception) -> None:
        heard.append(type(exception))

    with got_request_exception.connected_to(hear, app):
        catalogue.delete("/books/7")
        app.testing = True
        with pytest.raises(KeyError):
            catalogue.delete("/books/8")
    assert KeyError in heard


# Other places of arguments, other kinds of answers


def test_arguments_of_a_query_a_form_headers_cookies_and_files(api: Api, client: FlaskClient, awaited: t.Any) -> None:
    everywhere = reqparse.RequestParser()
    everywhere.add_argument("page", type=inputs.natural, location="args")
    everywhere.add_argument("since", type=inputs.date, location="values")
    everywhere.add_argument("sold", type=inputs.boolean, location="form")
    everywhere.add_argument("User-Agent", dest="agent", location="headers")
    everywhere.add_argument("shelf", location="cookies")
    everywhere.add_argument("cover", type=FileStorage, location="files")

    class Search(Resource):
        @awaited
        def post(self) -> t.Any:
            arguments = everywhere.parse_args()
            cover = arguments.cover and arguments.cover.read().decode()
            return {**arguments, "since": str(arguments.since), "cover": cover}

    api.add_resource(Search, "/search")
    client.set_cookie("shelf", "7")
    data = {"sold": "true", "cover": (io.BytesIO(b"GIF"), "cover.gif"), "since": "1843-09-05"}
    response = client.post("/search?page=2", data=data, headers={"User-Agent": "Analytical"})
    assert response.json == {
        "page": 2,
        "since": "1843-09-05 00:00:00",
        "sold": True,
        "agent": "Analytical",
        "shelf": "7",
        "cover": "GIF",
    }
    assert client.post("/search?page=-2").status_code == 400


def test_another_representation(app: Flask, api: Api, catalogue: FlaskClient) -> None:
    @api.representation("text/csv")
    def write_csv(data: t.Any, code: int, headers: t.Any = None) -> Response:
        text = io.StringIO()
        csv.writer(text).writerows(data.items())
        return app.make_response((text.getvalue(), code, headers or {}))

    response = catalogue.get("/books/1", headers={"Accept": "text/csv, application/json;q=0.5"})
    assert (response.mimetype, response.text.splitlines()[0]) == ("text/csv", "title,Emma")
    response = catalogue.get("/books/7", headers={"Accept": "text/csv"})
    assert (response.status_code, response.mimetype) == (404, "text/csv")
    assert catalogue.get("/books/1", headers={"Accept": "image/png"}).mimetype == "application/json"


def test_what_no_representation_is_there_for(app: Flask, client: FlaskClient, awaited: t.Any) -> None:
    class Page(Resource):
        @awaited
        def get(self) -> t.Any:
            return {"page": 1}

    Api(app, default_mediatype=None).add_resource(Page, "/")
    assert client.get("/", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/", headers={"Accept": "application/json"}).json == {"page": 1}


def test_a_method_may_answer_by_a_response(api: Api, client: FlaskClient, awaited: t.Any) -> None:
    class Picture(Resource):
        @awaited
        def get(self) -> t.Any:
            return Response(b"GIF", mimetype="image/gif")

    api.add_resource(Picture, "/picture")
    assert (client.get("/picture").data, client.get("/picture").mimetype) == (b"GIF", "image/gif")


def test_an_api_on_a_blueprint(app: Flask, client: FlaskClient, awaited: t.Any) -> None:
    shop = Blueprint("shop", __name__, url_prefix="/unused")
    api = Api(shop, prefix="/v1", errors=ERRORS)

    @api.resource("/orders/<int:number>")
    class Order(Resource):
        method_decorators: t.ClassVar = {"get": [_count]}

        def __init__(self, currency: str = "GBP") -> None:
            self.currency = currency

        @awaited
        def get(self, number: int) -> t.Any:
            return {"order": number, "at": api.url_for(Order, number=number), "in": self.currency, "counted": g.counted}

        @awaited
        def post(self, number: int) -> t.Any:
            raise OutOfPrintError

    api.add_resource(Order, "/invoices/<int:number>", endpoint="invoice", resource_class_kwargs={"currency": "EUR"})
    app.register_blueprint(shop, url_prefix="/shop")
    order = t.cast("dict[str, t.Any]", client.get("/shop/v1/orders/7").json)
    assert (order["order"], order["in"], order["counted"]) == (7, "GBP", 1)
    assert t.cast("dict[str, t.Any]", client.get("/shop/v1/invoices/7").json)["in"] == "EUR"
    assert client.post("/shop/v1/orders/7").json == ERRORS["OutOfPrintError"]
    assert client.put("/shop/v1/orders/7").is_json
    assert client.get("/unused/v1/orders/7").status_code == client.get("/v1/orders/7").status_code == 404


def _count(method: Callable[..., t.Any]) -> Callable[..., t.Any]:
    """Counts the calls of a method within the request."""

    def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
        g.counted = g.get("counted", 0) + 1
        return method(*args, **kwargs)

    return call


def test_decorators_for_all_resources(app: Flask, client: FlaskClient, awaited: t.Any) -> None:
    def for_staff(view: Callable[..., t.Any]) -> Callable[..., t.Any]:
        @functools.wraps(view)  # its name is the endpoint's
        def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
            if request.headers.get("X-Key") != "staff":
                abort(401, message="Staff only")
            return view(*args, **kwargs)

        return call

    class Ledger(Resource):
        @awaited
        def get(self) -> t.Any:
            return [1, 2]

    Api(app, decorators=[for_staff], serve_challenge_on_401=True).add_resource(Ledger, "/ledger")
    assert client.get("/ledger", headers={"X-Key": "staff"}).json == [1, 2]
    refused = client.get("/ledger")
    assert (refused.status_code, refused.json) == (401, {"message": "Staff only"})
    assert refused.headers["WWW-Authenticate"] == 'Basic realm="flask-restful"'
