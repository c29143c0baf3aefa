"""A pet shop that Connexion builds from its OpenAPI description: ASGI middleware around the WSGI application."""

from __future__ import annotations

import typing as t
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import flask
from flask import Flask, abort, g, make_response, session

with warnings.catch_warnings():
    # Connexion takes names of jsonschema, and Starlette's client, that warn of their age when they are imported.
    warnings.filterwarnings("ignore", "jsonschema", DeprecationWarning)
    warnings.filterwarnings("ignore", "Using `httpx`", UserWarning)
    import connexion
    from connexion import ConnexionMiddleware, FlaskApp, ProblemException, Resolver
    from connexion.lifecycle import ConnexionRequest, ConnexionResponse
    from connexion.options import SwaggerUIOptions
    from starlette.testclient import TestClient

DESCRIPTION = f"""
openapi: 3.0.3
info: {{title: Pets, version: "1.0"}}
servers: [{{url: /api}}]
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {{type: string, minLength: 2}}
        age: {{type: integer, minimum: 0}}
  securitySchemes:
    key: {{type: apiKey, in: header, name: X-Key, x-apikeyInfoFunc: {__name__}.find_keeper}}
    password: {{type: http, scheme: basic, x-basicInfoFunc: {__name__}.check_password}}
paths:
  /pets:
    get:
      operationId: list_pets
      parameters:
        - {{name: limit, in: query, schema: {{type: integer, maximum: 10, default: 2}}}}
        - {{name: kind, in: query, explode: false, schema: {{type: array, items: {{type: string}}}}}}
        - {{name: X-Shop, in: header, schema: {{type: string}}}}
      responses: {{"200": {{description: the pets}}}}
    post:
      operationId: add_pet
      security: [{{key: []}}, {{password: []}}]
      requestBody:
        required: true
        content:
          application/json: {{schema: {{$ref: "#/components/schemas/Pet"}}}}
      responses: {{"201": {{description: added}}}}
  /pets/{{number}}:
    get:
      operationId: get_pet
      parameters: [{{name: number, in: path, required: true, schema: {{type: integer}}}}]
      responses:
        "200":
          description: a pet
          content: {{application/json: {{schema: {{$ref: "#/components/schemas/Pet"}}}}}}
  /pets/{{number}}/picture:
    put:
      operationId: put_picture
      parameters: [{{name: number, in: path, required: true, schema: {{type: integer}}}}]
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                title: {{type: string}}
                picture: {{type: string, format: binary}}
      responses: {{"200": {{description: kept}}}}
  /visits:
    post: {{operationId: visit, responses: {{"200": {{description: counted}}}}}}
  /fail:
    get: {{operationId: fail, responses: {{"200": {{description: never}}}}}}
  /price:
    get: {{operationId: ask_price, responses: {{"200": {{description: never}}}}}}
"""


def find_keeper(key: str) -> dict[str, str] | None:
    """Who has a key (Connexion finds this by its name in the description)."""
    return {"sub": "ada"} if key == "open sesame" else None


def check_password(username: str, password: str) -> dict[str, str] | None:
    return {"sub": username} if password == "lovelace" else None


PETS = [{"name": "Zoe", "age": 3}, {"name": "Max"}, {"name": "Ann"}, {"name": "X", "age": -1}]


@pytest.fixture
def shop(tmp_path: Path, written: t.Any) -> FlaskApp:
    """The shop, as Connexion builds it."""

    @written
    def list_pets(limit: int, kind: list[str] | None = None) -> t.Any:
        assert connexion.request.query_params.get("limit") == flask.request.args.get("limit")
        shop = flask.request.headers.get("X-Shop")
        return {"names": [pet["name"] for pet in PETS[:limit]], "kind": kind, "shop": shop}

    @written
    def add_pet(body: dict[str, t.Any], user: str) -> t.Any:
        return {**body, "by": user}, 201, {"Location": flask.url_for("/api.get_pet", number=5)}

    @written
    def get_pet(number: int) -> t.Any:
        if number >= len(PETS):
            abort(404, "There is no such pet.")
        return PETS[number]

    @written
    def put_picture(number: int, body: dict[str, str], picture: t.Any) -> t.Any:
        return {"title": body["title"], "name": picture.filename, "size": len(picture.read())}

    @written
    def visit() -> t.Any:
        session["count"] = session.get("count", 0) + 1
        return make_response(f"{session['count']} by {g.name}", {"Content-Type": "text/plain"})

    @written
    def fail() -> t.Any:
        raise LookupError("The cage is open.")

    @written
    def ask_price() -> t.Any:
        raise ProblemException(status=402, title="Not for nothing", detail="A pet has its price.", ext={"price": 5})

    handlers = {
        handler.__name__: handler for handler in (list_pets, add_pet, get_pet, put_picture, visit, fail, ask_price)
    }
    (tmp_path / "pets.yaml").write_text(DESCRIPTION)
    shop = FlaskApp("downstream", specification_dir=tmp_path, server_args={"root_path": str(tmp_path)})
    shop.add_api(
        "pets.yaml",
        resolver=Resolver(handlers.get),
        validate_responses=True,
        strict_validation=True,
        pythonic_params=True,
        swagger_ui_options=SwaggerUIOptions(swagger_ui_path="/look"),
    )
    shop.app.secret_key = "test key"

    @shop.app.before_request
    @written
    def note_name() -> None:
        g.name = "Connexion"

    @shop.route("/plain/<word>")
    @written
    def plain(word: str) -> t.Any:
        return {"word": word, "path": flask.request.path}

    return shop


@pytest.fixture
def visitor(shop: FlaskApp) -> Iterator[TestClient]:
    """A client of the shop, by ASGI."""
    with shop.test_client(raise_server_exceptions=False) as visitor:
        yield visitor


def test_parameters(visitor: TestClient) -> None:
    assert visitor.get("/api/pets").json() == {"names": ["Zoe", "Max"], "kind": None, "shop": None}
    answer = visitor.get("/api/pets?limit=1&kind=cat,dog", headers={"X-Shop": "north"})
    assert answer.json() == {"names": ["Zoe"], "kind": ["cat", "dog"], "shop": "north"}


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=many", "'many' is not of type 'integer'"),
        ("limit=11", "11 is greater than the maximum of 10"),
        ("colour=red", "Extra query parameter(s) colour not in spec"),
    ],
)
def test_parameters_that_are_refused(visitor: TestClient, query: str, detail: str) -> None:
    answer = visitor.get(f"/api/pets?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert detail in answer.json()["detail"]


def test_a_body(visitor: TestClient) -> None:
    answer = visitor.post("/api/pets", json={"name": "Tom", "age": 1}, headers={"X-Key": "open sesame"})
    assert (answer.status_code, answer.json()) == (201, {"name": "Tom", "age": 1, "by": "ada"})
    assert answer.headers["location"] == "/api/pets/5"


@pytest.mark.parametrize(
    ("body", "status"),
    [({"json": {"name": "T"}}, 400), ({"json": {}}, 400), ({"content": "{"}, 400), ({"data": {"name": "Tom"}}, 415)],
)
def test_bodies_that_are_refused(visitor: TestClient, body: dict[str, t.Any], status: int) -> None:
    headers = {"X-Key": "open sesame"}
    if "content" in body:
        headers["Content-Type"] = "application/json"
    assert visitor.post("/api/pets", headers=headers, **body).status_code == status


def test_security(visitor: TestClient) -> None:
    assert visitor.post("/api/pets", json={"name": "Tom"}).status_code == 401
    assert visitor.post("/api/pets", json={"name": "Tom"}, headers={"X-Key": "open"}).status_code == 401
    assert visitor.post("/api/pets", json={"name": "Tom"}, auth=("charles", "loud")).status_code == 401
    answer = visitor.post("/api/pets", json={"name": "Tom"}, auth=("charles", "lovelace"))
    assert (answer.status_code, answer.json()["by"]) == (201, "charles")


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # Starlette's copy, which Connexion leaves open
def test_a_file(visitor: TestClient) -> None:
    picture = {"picture": ("zoe.png", b"P" * 100_000, "image/png")}
    answer = visitor.put("/api/pets/0/picture", data={"title": "Zoe"}, files=picture)
    assert answer.json() == {"title": "Zoe", "name": "zoe.png", "size": 100_000}


def test_answers_are_checked(visitor: TestClient) -> None:
    assert visitor.get("/api/pets/0").json() == {"name": "Zoe", "age": 3}
    answer = visitor.get("/api/pets/3")
    assert (answer.status_code, answer.json()["detail"]) == (
        500,
        "Response body does not conform to specification. 'X' is too short - 'name'",
    )


def test_errors_as_problems(visitor: TestClient) -> None:
    answer = visitor.get("/api/pets/9")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "There is no such pet."
    assert visitor.get("/api/pets/zoe").status_code == 404
    assert visitor.get("/nowhere").json()["status"] == 404
    assert visitor.delete("/api/pets").status_code == 405
    assert visitor.get("/api/fail").json()["title"] == "Internal Server Error"
    answer = visitor.get("/api/price")
    assert (answer.status_code, answer.json()["price"]) == (402, 5)


def test_an_own_answer_to_an_error(shop: FlaskApp) -> None:
    async def tell(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        return ConnexionResponse(418, content_type="text/plain", body=f"{request.method}: {error}")

    shop.add_error_handler(LookupError, tell)
    with shop.test_client() as visitor:
        answer = visitor.get("/api/fail")
    assert (answer.status_code, answer.text) == (418, "GET: The cage is open.")


def test_sessions_and_hooks(visitor: TestClient) -> None:
    assert [visitor.post("/api/visits").text for _ in range(2)] == ["1 by Connexion", "2 by Connexion"]


def test_a_view_of_the_application_itself(visitor: TestClient) -> None:
    assert visitor.get("/plain/word").json() == {"word": "word", "path": "/plain/word"}


def test_the_description_and_the_page_to_try_it(visitor: TestClient) -> None:
    assert visitor.get("/api/openapi.json").json()["info"] == {"title": "Pets", "version": "1.0"}
    assert "swagger-ui" in visitor.get("/api/look/").text
    assert visitor.get("/api/look/swagger-ui.css").status_code == 200


def test_the_flask_application_below(shop: FlaskApp, visitor: TestClient) -> None:
    assert type(shop.app) is Flask
    assert {"/api.list_pets", "/api.visit", "plain"} <= set(shop.app.view_functions)
    with shop.app.test_request_context():
        assert flask.url_for("/api.get_pet", number=3) == "/api/pets/3"
    # What is in the description is Connexion's to check; of itself the application only calls the views.
    assert shop.app.test_client().get("/plain/word").json == {"word": "word", "path": "/plain/word"}


@pytest.mark.parametrize("way", ["asgi, thread", "asgi, inline"], indirect=True)
def test_its_middleware_around_an_application(app: Flask, written: t.Any, tmp_path: Path) -> None:
    """Connexion checks what comes to an application that is served by ASGI itself."""

    @app.get("/api/pets")
    @written
    def list_pets() -> t.Any:
        return {"limit": flask.request.args["limit"]}

    @app.get("/plain")
    @written
    def plain() -> t.Any:
        return "plain"

    (tmp_path / "pets.yaml").write_text(DESCRIPTION)
    around = ConnexionMiddleware(app.asgi_app, import_name="downstream", specification_dir=tmp_path)
    around.add_api("pets.yaml", resolver=Resolver(lambda name: list_pets), strict_validation=True)
    with TestClient(around) as visitor:
        assert visitor.get("/api/pets?limit=3").json() == {"limit": "3"}
        assert visitor.get("/api/pets?limit=many").status_code == 400
        assert visitor.post("/api/pets", json={"name": "Tom"}).status_code == 401
        assert visitor.get("/plain").text == "plain"
        assert visitor.get("/api/ui/").status_code == 200
