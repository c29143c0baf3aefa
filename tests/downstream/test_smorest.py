"""A pet shop whose blueprints are flask-smorest's: schemas, pages, entity tags, a description by OpenAPI."""

from __future__ import annotations

import io
import json
import typing as t
from pathlib import Path

import marshmallow as ma
import pytest
from flask_smorest import Api, Blueprint, Page, abort
from flask_smorest.fields import Upload

from flask import Flask, Response, request
from flask.testing import FlaskClient
from flask.views import MethodView


class PetSchema(ma.Schema):
    """A pet."""

    id = ma.fields.Int(dump_only=True)
    name = ma.fields.Str(required=True, validate=ma.validate.Length(1, 10))
    born = ma.fields.Date()


class ChangesSchema(ma.Schema):
    """What may be changed of one."""

    name = ma.fields.Str()


class SearchSchema(ma.Schema):
    """Which pets."""

    name = ma.fields.Str()


class OwnerSchema(ma.Schema):
    """Who asks."""

    X_Owner = ma.fields.Str(data_key="X-Owner", required=True)


class PictureSchema(ma.Schema):
    """A picture of a pet."""

    picture = Upload(required=True)


class CursorPage(Page):
    """A page of a list."""

    @property
    def item_count(self) -> int:
        return len(self.collection)


class Found(t.NamedTuple):
    """The pets, and how they are numbered."""

    pets: dict[int, dict[str, t.Any]]

    def get(self, number: int) -> dict[str, t.Any]:
        if number not in self.pets:
            abort(404, message=f"There is no pet {number}.")
        return self.pets[number]


@pytest.fixture
def pets(written: t.Any) -> Blueprint:
    """What is about the pets."""
    shop = Blueprint("pets", "pets", url_prefix="/pets", description="Those who are for sale")
    found = Found({number: {"id": number, "name": f"Pet {number}"} for number in range(1, 4)})

    @shop.route("/")
    class Pets(MethodView):
        @shop.etag
        @shop.arguments(SearchSchema, location="query")
        @shop.response(200, PetSchema(many=True))
        @shop.paginate(CursorPage, page_size=2)
        @written
        def get(self, search: dict[str, str]) -> t.Any:
            """The pets

            All that are for sale.
            """
            return [pet for pet in found.pets.values() if search.get("name", pet["name"]) == pet["name"]]

        @shop.etag
        @shop.arguments(PetSchema)
        @shop.arguments(OwnerSchema, location="headers")
        @shop.response(201, PetSchema)
        @shop.alt_response(409, schema=PetSchema, description="Taken")
        @written
        def post(self, pet: dict[str, t.Any], owner: dict[str, str]) -> t.Any:
            """Take a pet in"""
            if pet["name"] == "Pet 1":
                return Response("taken", 409)
            number = len(found.pets) + 1
            found.pets[number] = {**pet, "id": number}
            return found.pets[number], {"X-From": owner["X_Owner"]}

    @shop.route("/<int:number>")
    class Pet(MethodView):
        @shop.etag
        @shop.response(200, PetSchema)
        @written
        def get(self, number: int) -> t.Any:
            return found.get(number)

        @shop.etag
        @shop.arguments(ChangesSchema)
        @shop.response(200, PetSchema)
        @written
        def patch(self, changes: dict[str, t.Any], number: int) -> t.Any:
            shop.check_etag(found.get(number), PetSchema)
            found.pets[number].update(changes)
            return found.pets[number]

        @shop.etag
        @shop.response(204)
        @written
        def delete(self, number: int) -> t.Any:
            shop.check_etag(found.get(number), PetSchema)
            del found.pets[number]

    @shop.route("/<int:number>/picture", methods=["POST"])
    @shop.arguments(PictureSchema, location="files")
    @shop.response(200)
    @written
    def show(files: dict[str, t.Any], number: int) -> t.Any:
        if not files["picture"].filename.endswith(".gif"):
            return Response("GIF only", 415)
        return {"number": number, "size": len(files["picture"].read())}

    @shop.route("/numbers")
    @shop.doc(summary="Only the numbers", deprecated=True)
    @shop.response(200)
    @shop.paginate()
    @written
    def numbers(pagination_parameters: t.Any) -> t.Any:
        pagination_parameters.item_count = len(found.pets)
        return sorted(found.pets)[pagination_parameters.first_item : pagination_parameters.last_item + 1]

    return shop


@pytest.fixture
def api(app: Flask, pets: Blueprint) -> Api:
    app.config.update(
        API_TITLE="Pet shop",
        API_VERSION="v7",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/doc",
        OPENAPI_SWAGGER_UI_PATH="/swagger",
        OPENAPI_SWAGGER_UI_URL="https://cdn.example/swagger/",
    )
    api = Api(app)
    api.register_blueprint(pets)
    return api


@pytest.fixture
def shop(api: Api, client: FlaskClient) -> FlaskClient:
    """A client of the shop."""
    return client


OWNER = {"X-Owner": "ada"}


def test_pets_come(shop: FlaskClient) -> None:
    response = shop.post("/pets/", json={"name": "Polly", "born": "2020-02-29"}, headers=OWNER)
    assert (response.status_code, response.headers["X-From"]) == (201, "ada")
    assert response.json == {"id": 4, "name": "Polly", "born": "2020-02-29"}
    assert shop.get("/pets/?name=Polly").json == [response.json]


@pytest.mark.parametrize(
    ("body", "headers", "errors"),
    [
        ({}, OWNER, {"json": {"name": ["Missing data for required field."]}}),
        ({"name": "Leo", "born": "once"}, OWNER, {"json": {"born": ["Not a valid date."]}}),
        ({"name": "Leo", "wings": 2}, OWNER, {"json": {"wings": ["Unknown field."]}}),
        ({"name": "Leo"}, {}, {"headers": {"X-Owner": ["Missing data for required field."]}}),
    ],
)
def test_refused_arguments(shop: FlaskClient, body: t.Any, headers: t.Any, errors: t.Any) -> None:
    response = shop.post("/pets/", json=body, headers=headers)
    assert (response.status_code, response.json) == (
        422,
        {"code": 422, "status": "Unprocessable Entity", "errors": errors},
    )


def test_a_body_that_is_no_json(shop: FlaskClient) -> None:
    response = shop.post("/pets/", data="{", content_type="application/json", headers=OWNER)
    assert (response.status_code, t.cast("dict[str, t.Any]", response.json)["errors"]) == (
        400,
        {"json": ["Invalid JSON body."]},
    )


def test_pages(shop: FlaskClient) -> None:
    first, last = shop.get("/pets/"), shop.get("/pets/?page=2")
    assert [pet["id"] for each in (first, last) for pet in t.cast("list[t.Any]", each.json)] == [1, 2, 3]
    assert json.loads(last.headers["X-Pagination"]) == {
        "total": 3,
        "total_pages": 2,
        "first_page": 1,
        "last_page": 2,
        "page": 2,
        "previous_page": 1,
    }
    assert shop.get("/pets/numbers?page=2&page_size=1").json == [2]
    assert shop.get("/pets/?page_size=1000").status_code == 422


def test_what_did_not_change_is_not_sent_again(shop: FlaskClient) -> None:
    for path in ("/pets/", "/pets/1"):
        etag = shop.get(path).headers["ETag"]
        again = shop.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
        assert shop.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


def test_who_changes_something_knows_it(shop: FlaskClient) -> None:
    etag = shop.get("/pets/1").headers["ETag"]
    assert shop.patch("/pets/1", json={"name": "Leo"}).status_code == 428
    assert shop.patch("/pets/1", json={"name": "Leo"}, headers={"If-Match": '"another"'}).status_code == 412
    changed = shop.patch("/pets/1", json={"name": "Leo"}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json) == (200, {"id": 1, "name": "Leo"})
    assert shop.delete("/pets/1", headers={"If-Match": etag}).status_code == 412
    gone = shop.delete("/pets/1", headers={"If-Match": changed.headers["ETag"]})
    assert (gone.status_code, gone.data) == (204, b"")
    assert shop.get("/pets/1").status_code == 404


def test_a_picture(shop: FlaskClient) -> None:
    response = shop.post("/pets/1/picture", data={"picture": (io.BytesIO(b"GIF"), "pet.gif")})
    assert response.json == {"number": 1, "size": 3}
    assert shop.post("/pets/1/picture", data={}).status_code == 422
    refused = shop.post("/pets/1/picture", data={"picture": (io.BytesIO(b"PNG"), "pet.png")})
    assert (refused.status_code, refused.text) == (415, "GIF only")


def test_errors_are_json(app: Flask, shop: FlaskClient, caplog: pytest.LogCaptureFixture, written: t.Any) -> None:
    @app.get("/fails")
    @written
    def fail() -> t.Any:
        raise ZeroDivisionError

    assert shop.get("/pets/8").json == {"code": 404, "status": "Not Found", "message": "There is no pet 8."}
    assert shop.get("/nowhere").json == {"code": 404, "status": "Not Found"}
    assert shop.put("/pets/1").json == {"code": 405, "status": "Method Not Allowed"}
    assert shop.get("/fails").json == {"code": 500, "status": "Internal Server Error"}
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


def test_the_description(shop: FlaskClient) -> None:
    spec = t.cast("dict[str, t.Any]", shop.get("/doc/openapi.json").json)
    assert (spec["openapi"], spec["info"]) == ("3.0.3", {"title": "Pet shop", "version": "v7"})
    assert set(spec["paths"]) == {"/pets/", "/pets/{number}", "/pets/{number}/picture", "/pets/numbers"}
    assert spec["tags"] == [{"name": "pets", "description": "Those who are for sale"}]
    listed = spec["paths"]["/pets/"]["get"]
    assert (listed["summary"], listed["description"]) == ("The pets", "All that are for sale.")
    assert [each.get("name") for each in listed["parameters"]][:3] == ["name", "page", "page_size"]
    assert set(listed["responses"]) == {"200", "304", "422", "default"}
    assert spec["paths"]["/pets/{number}"]["parameters"][0]["schema"] == {"type": "integer", "minimum": 0}
    assert set(spec["paths"]["/pets/"]["post"]["responses"]) == {"201", "409", "422", "default"}
    assert spec["paths"]["/pets/numbers"]["get"]["deprecated"] is True
    assert spec["components"]["schemas"]["Pet"]["required"] == ["name"]
    page = shop.get("/doc/swagger")
    assert "https://cdn.example/swagger/" in page.text
    assert "/doc/openapi.json" in page.text


def test_its_commands(app: Flask, api: Api, shop: FlaskClient, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    printed = runner.invoke(args=["openapi", "print"])
    assert json.loads(printed.output) == shop.get("/doc/openapi.json").json
    written = runner.invoke(args=["openapi", "write", str(tmp_path / "openapi.json")])
    assert (written.exit_code, json.loads((tmp_path / "openapi.json").read_text())) == (0, json.loads(printed.output))


def test_blueprints_within_blueprints_and_two_apis(app: Flask, api: Api, client: FlaskClient, written: t.Any) -> None:
    outer, inner = Blueprint("outer", "outer", url_prefix="/outer"), Blueprint("inner", "inner", url_prefix="/inner")

    @inner.route("/<string:name>")
    @inner.response(200, PetSchema(only=["name"]))
    @written
    def show(name: str) -> t.Any:
        return {"name": name, "method": request.method}

    outer.register_blueprint(inner)
    app.config.update(V2_API_TITLE="Second", V2_API_VERSION="2")
    app.config.update(V2_OPENAPI_VERSION="3.0.3", V2_OPENAPI_URL_PREFIX="/v2")
    second = Api(app, config_prefix="V2")
    second.register_blueprint(outer, url_prefix="/other")
    assert client.get("/other/inner/Leo").json == {"name": "Leo"}
    assert set(t.cast("dict[str, t.Any]", client.get("/v2/openapi.json").json)["paths"]) == {"/other/inner/{name}"}
    assert "/other/inner/{name}" not in t.cast("dict[str, t.Any]", client.get("/doc/openapi.json").json)["paths"]
