"""A zoo whose animals are asked for by flask-restx, which describes itself by Swagger."""

from __future__ import annotations

import io
import typing as t
from collections.abc import Callable
from datetime import date

import pytest
from flask_restx import Api, Model, Namespace, Resource, fields, inputs, marshal, reqparse
from jsonschema import FormatChecker
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import Unauthorized

from flask import Blueprint, Flask, request, url_for
from flask.testing import FlaskClient


class EscapedError(Exception):
    """The animal is not where it should be."""


KEEPER = Model("Keeper", {"name": fields.String(required=True)})
ANIMAL = Model(
    "Animal",
    {
        "id": fields.Integer(readonly=True),
        "name": fields.String(required=True, min_length=2, description="What it answers to"),
        "kind": fields.String(enum=["cat", "bird"], default="cat"),
        "born": fields.Date,
        "keeper": fields.Nested(KEEPER, allow_null=True),
        "uri": fields.Url("animals_animal"),
    },
)


@pytest.fixture
def awaited(app: Flask, written: t.Any) -> Callable[..., t.Any]:
    """The decorator next to a method. A resource looks at what its method returns, and does not ask Flask to wait for
    it: where the method is written with ``async def``, the program says so itself.
    """

    def decorate(method: Callable[..., t.Any]) -> Callable[..., t.Any]:
        return app.ensure_sync(written(method))

    return decorate


@pytest.fixture
def animals(awaited: t.Any) -> Namespace:
    """What is about the animals, written without the API that it becomes a part of."""
    namespace = Namespace("animals", description="Those who live here")
    namespace.models.update({model.name: model for model in (KEEPER, ANIMAL)})
    kept: dict[int, dict[str, t.Any]] = {1: {"id": 1, "name": "Leo", "born": date(2020, 2, 29)}}
    search = reqparse.RequestParser()
    search.add_argument("kind", choices=("cat", "bird"), location="args")
    search.add_argument("limit", type=inputs.int_range(1, 10), default=10, location="args", help="How many")
    upload = reqparse.RequestParser()
    upload.add_argument("picture", type=FileStorage, location="files", required=True)

    @namespace.route("/")
    class Animals(Resource):
        @namespace.expect(search)
        @namespace.marshal_list_with(ANIMAL, envelope="animals")
        @awaited
        def get(self) -> t.Any:
            """All of them"""
            wanted = search.parse_args()
            found = [each for each in kept.values() if wanted.kind in (None, each.get("kind", "cat"))]
            return found[: wanted.limit]

        @namespace.expect(ANIMAL, validate=True)
        @namespace.marshal_with(ANIMAL, code=201)
        @awaited
        def post(self) -> t.Any:
            """Take one in"""
            number = len(kept) + 1
            kept[number] = {**namespace.payload, "id": number}
            return kept[number], 201, {"Location": url_for("animals_animal", id=number)}

    @namespace.route("/<int:id>", endpoint="animals_animal")
    @namespace.param("id", "The number of the animal")
    @namespace.response(404, "No such animal")
    class Animal(Resource):
        @namespace.marshal_with(ANIMAL, skip_none=True)
        @awaited
        def get(self, id: int) -> t.Any:
            """One of them"""
            if id not in kept:
                namespace.abort(404, f"There is no animal {id}", number=id)
            return kept[id]

        @namespace.doc(security="key")
        @awaited
        def delete(self, id: int) -> t.Any:
            """Let one go"""
            if request.headers.get("X-Key") != "keeper":
                raise Unauthorized("Keepers only")
            if id not in kept:
                raise EscapedError(id)
            del kept[id]
            return None, 204

    @namespace.route("/<int:id>/picture")
    class Picture(Resource):
        @namespace.expect(upload)
        @awaited
        def put(self, id: int) -> t.Any:
            """Show it"""
            picture = upload.parse_args().picture
            return {"name": picture.filename, "size": len(picture.read())}

    @namespace.errorhandler(EscapedError)
    def explain(error: EscapedError) -> t.Any:
        """It escaped"""
        return {"message": f"Animal {error} has escaped."}, 410, {"X-Alarm": "on"}

    return namespace


AUTHORIZATIONS = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}


@pytest.fixture
def api(app: Flask, animals: Namespace) -> Api:
    api = Api(app, title="Zoo", version="7", authorizations=AUTHORIZATIONS, format_checker=FormatChecker())
    api.add_namespace(animals)
    return api


@pytest.fixture
def zoo(api: Api, client: FlaskClient) -> FlaskClient:
    """A client of the zoo."""
    return client


LEO = {"id": 1, "name": "Leo", "kind": "cat", "born": "2020-02-29", "uri": "/animals/1"}


def test_animals_come_and_go(zoo: FlaskClient) -> None:
    assert zoo.get("/animals/").json == {"animals": [{**LEO, "keeper": None}]}
    new = {"name": "Polly", "kind": "bird", "keeper": {"name": "Ada"}}
    response = zoo.post("/animals/", json=new)
    assert (response.status_code, response.location) == (201, "/animals/2")
    assert response.json == {**new, "id": 2, "born": None, "uri": "/animals/2"}
    assert zoo.get("/animals/2").json == {**new, "id": 2, "uri": "/animals/2"}
    gone = zoo.delete("/animals/2", headers={"X-Key": "keeper"})
    assert (gone.status_code, gone.data) == (204, b"")
    assert zoo.get("/animals/2").status_code == 404


def test_only_what_is_asked_for(zoo: FlaskClient) -> None:
    zoo.post("/animals/", json={"name": "Polly", "kind": "bird"})
    names = [zoo.get(f"/animals/?{query}", headers={"X-Fields": "name"}).json for query in ("kind=bird", "limit=1")]
    assert names == [{"animals": [{"name": "Polly"}]}, {"animals": [{"name": "Leo"}]}]
    assert zoo.get("/animals/", headers={"X-Fields": "{name"}).status_code == 400


def test_refused_arguments(zoo: FlaskClient) -> None:
    response = zoo.get("/animals/?limit=11")
    answer = t.cast("dict[str, t.Any]", response.json)
    assert (response.status_code, answer["message"]) == (400, "Input payload validation failed")
    assert answer["errors"]["limit"].startswith("How many")
    assert "not a valid choice" in t.cast("dict[str, t.Any]", zoo.get("/animals/?kind=fish").json)["errors"]["kind"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"name": "'name' is a required property"}),
        ({"name": "X", "kind": "fish"}, {"name": "'X' is too short", "kind": "'fish' is not one of ['cat', 'bird']"}),
        ({"name": "Leo", "born": "long ago"}, {"born": "'long ago' is not a 'date'"}),
        ({"name": "Leo", "keeper": {"name": 7}}, {"keeper.name": "7 is not of type 'string'"}),
    ],
)
def test_refused_models(zoo: FlaskClient, body: t.Any, errors: t.Any) -> None:
    response = zoo.post("/animals/", json=body)
    assert (response.status_code, response.json) == (
        400,
        {"errors": errors, "message": "Input payload validation failed"},
    )


def test_bodies_that_are_no_json(zoo: FlaskClient) -> None:
    for kind, status in (("text/plain", 415), ("application/json", 400)):
        response = zoo.post("/animals/", data="{", content_type=kind)
        assert (response.status_code, response.is_json) == (status, True)


def test_a_picture(zoo: FlaskClient) -> None:
    data = {"picture": (io.BytesIO(b"GIF"), "leo.gif")}
    assert zoo.put("/animals/1/picture", data=data).json == {"name": "leo.gif", "size": 3}
    assert zoo.put("/animals/1/picture", data={}).status_code == 400


def test_errors(zoo: FlaskClient) -> None:
    missing = zoo.get("/animals/8")
    answer = t.cast("dict[str, t.Any]", missing.json)
    assert (missing.status_code, answer["number"]) == (404, 8)
    assert answer["message"].startswith("There is no animal 8. You have requested this URI [/animals/8]")
    refused = zoo.delete("/animals/1")
    assert (refused.status_code, refused.json) == (401, {"message": "Keepers only"})
    escaped = zoo.delete("/animals/8", headers={"X-Key": "keeper"})
    assert (escaped.status_code, escaped.json) == (410, {"message": "Animal 8 has escaped."})
    assert escaped.headers["X-Alarm"] == "on"
    assert (zoo.put("/animals/").status_code, zoo.put("/animals/").is_json) == (405, True)


def test_an_error_that_no_one_expects(api: Api, zoo: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    @api.route("/fails")
    class Fails(Resource):
        def get(self) -> t.Any:
            raise ZeroDivisionError("divided")

    response = zoo.get("/fails")
    assert (response.status_code, response.json) == (500, {"message": "Internal Server Error"})
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]

    @api.errorhandler
    def explain(error: Exception) -> t.Any:
        return {"message": f"It {error}."}, 503

    response = zoo.get("/fails")
    assert (response.status_code, response.json) == (503, {"message": "It divided."})


def test_errors_elsewhere_are_the_application_s(app: Flask, zoo: FlaskClient, written: t.Any) -> None:
    @app.get("/plain")
    @written
    def plain() -> t.Any:
        raise EscapedError

    @app.errorhandler(EscapedError)
    @written
    def explain(error: EscapedError) -> t.Any:
        return "elsewhere", 404

    assert (zoo.get("/plain").text, zoo.get("/nowhere").mimetype) == ("elsewhere", "text/html")


# What it says of itself


def test_the_description(zoo: FlaskClient) -> None:
    spec = t.cast("dict[str, t.Any]", zoo.get("/swagger.json").json)
    assert (spec["swagger"], spec["info"]["title"], spec["info"]["version"]) == ("2.0", "Zoo", "7")
    assert set(spec["paths"]) == {"/animals/", "/animals/{id}", "/animals/{id}/picture"}
    one = spec["paths"]["/animals/{id}"]
    assert one["parameters"] == [
        {"name": "id", "description": "The number of the animal", "in": "path", "required": True, "type": "integer"}
    ]
    assert (one["get"]["summary"], one["get"]["operationId"]) == ("One of them", "get_animal")
    assert one["delete"]["security"] == [{"key": []}]
    assert set(one["get"]["responses"]) == {"200", "404"}
    assert spec["definitions"]["Animal"]["required"] == ["name"]
    assert spec["definitions"]["Animal"]["properties"]["keeper"] == {"$ref": "#/definitions/Keeper"}
    posted = spec["paths"]["/animals/"]["post"]
    assert posted["parameters"][0]["schema"] == {"$ref": "#/definitions/Animal"}
    assert posted["responses"]["201"]["schema"] == {"$ref": "#/definitions/Animal"}
    assert [each["name"] for each in spec["paths"]["/animals/"]["get"]["parameters"]][:2] == ["kind", "limit"]


def test_the_page_and_its_files(zoo: FlaskClient) -> None:
    page = zoo.get("/")
    assert page.status_code == 200
    assert "<title>Zoo</title>" in page.text
    assert "/swagger.json" in page.text
    with zoo.get("/swaggerui/swagger-ui.css") as style:
        assert (style.status_code, style.mimetype) == (200, "text/css")


def test_the_collection_for_postman(app: Flask, api: Api, zoo: FlaskClient) -> None:
    with app.test_request_context():
        collection = api.as_postman()
    names = {each["name"] for each in collection["requests"]}
    assert names == {"get_animals", "post_animals", "get_animal", "delete_animal", "put_picture"}


def test_two_apis_on_blueprints(app: Flask, client: FlaskClient, animals: Namespace, awaited: t.Any) -> None:
    old, new = Blueprint("old", __name__, url_prefix="/v1"), Blueprint("new", __name__)
    first = Api(old, title="Old", doc="/docs/")
    second = Api(new, title="New", doc=False, catch_all_404s=True)

    @first.route("/hello")
    @second.route("/hello/<name>", doc={"params": {"name": "Who"}})
    class Hello(Resource):
        @awaited
        def get(self, name: str = "you") -> t.Any:
            return marshal({"hello": name}, {"hello": fields.String})

    app.register_blueprint(old)
    app.register_blueprint(new, url_prefix="/v2")
    assert client.get("/v1/hello").json == {"hello": "you"}
    assert client.get("/v2/hello/ada").json == {"hello": "ada"}
    assert "Old" in client.get("/v1/docs/").text
    answer = client.get("/v2/nowhere")
    assert (answer.status_code, answer.is_json) == (404, True)
    paths = [t.cast("dict[str, t.Any]", client.get(f"/{name}/swagger.json").json)["basePath"] for name in ("v1", "v2")]
    assert paths == ["/v1", "/v2"]


def test_without_a_request_the_schema_is_there(app: Flask, api: Api, zoo: FlaskClient) -> None:
    with app.test_request_context():
        assert api.__schema__["basePath"] == "/"
        assert api.url_for(api.namespaces[-1].resources[0].resource) == "/animals/"
