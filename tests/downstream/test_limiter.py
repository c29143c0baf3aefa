"""A service that limits by Flask-Limiter how often it may be asked: counted in memory, in Redis."""

from __future__ import annotations

import typing as t

import pytest
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address

from flask import Blueprint, Flask, Response, make_response, request
from flask.testing import FlaskClient
from flask.views import MethodView


@pytest.fixture(params=["memory", "redis"])
def limiter(request: pytest.FixtureRequest, app: Flask) -> Limiter:
    uri = "memory://"
    if request.param == "redis":
        request.getfixturevalue("store")  # emptied
        uri = request.getfixturevalue("redis_server")
    return Limiter(get_remote_address, app=app, storage_uri=uri, default_limits=["3 per day"], headers_enabled=True)


def ask(client: FlaskClient, path: str, times: int, **arguments: t.Any) -> list[int]:
    return [client.get(path, **arguments).status_code for _ in range(times)]


def test_too_many_requests(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    @app.get("/")
    @limiter.limit("2 per day")
    @written
    def index() -> t.Any:
        return "an answer"

    first, second, third = (client.get("/") for _ in range(3))
    assert [response.status_code for response in (first, second, third)] == [200, 200, 429]
    assert [response.headers["X-RateLimit-Remaining"] for response in (first, second, third)] == ["1", "0", "0"]
    assert first.headers["X-RateLimit-Limit"] == "2"
    assert 0 < int(third.headers["Retry-After"]) <= 86400
    assert "2 per 1 day" in third.text


def test_a_view_over_its_limit_is_not_called(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    called = []

    @app.get("/")
    @limiter.limit("1 per day")
    @written
    def index() -> t.Any:
        called.append(request.path)
        return "an answer"

    assert ask(client, "/", 3) == [200, 429, 429]
    assert called == ["/"]


def test_each_address_is_counted_alone(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    @app.get("/")
    @limiter.limit("1 per day")
    @written
    def index() -> t.Any:
        return "an answer"

    assert ask(client, "/", 2, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}) == [200, 429]
    assert ask(client, "/", 2, environ_overrides={"REMOTE_ADDR": "192.0.2.2"}) == [200, 429]


def test_the_default_and_what_is_exempt(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    @app.get("/default")
    @written
    def default() -> t.Any:
        return "an answer"

    @app.get("/exempt")
    @limiter.exempt
    @written
    def exempt() -> t.Any:
        return "an answer"

    assert ask(client, "/default", 4) == [200, 200, 200, 429]
    assert ask(client, "/exempt", 5) == [200] * 5
    limiter.reset()
    assert ask(client, "/default", 1) == [200]


def test_a_limit_that_depends_on_the_request(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    @app.get("/")
    @limiter.limit(
        lambda: "2 per day" if request.headers.get("X-Key") == "gold" else "1 per day",
        key_func=lambda: request.headers.get("X-Key", "nobody"),
        exempt_when=lambda: request.headers.get("X-Key") == "ours",
    )
    @written
    def index() -> t.Any:
        return "an answer"

    assert ask(client, "/", 2) == [200, 429]
    assert ask(client, "/", 3, headers={"X-Key": "gold"}) == [200, 200, 429]
    assert ask(client, "/", 4, headers={"X-Key": "ours"}) == [200] * 4


def test_only_what_went_wrong_is_counted(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    @app.get("/<int:status>")
    @limiter.limit("2 per day", deduct_when=lambda response: response.status_code == 401)
    @written
    def index(status: int) -> t.Any:
        return "an answer", status

    assert ask(client, "/200", 4) == [200] * 4
    assert [*ask(client, "/401", 2), *ask(client, "/200", 1)] == [401, 401, 429]


def test_a_limit_that_views_share(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    costly = limiter.shared_limit("2 per day", scope="costly")

    @app.get("/a")
    @costly
    @written
    def a() -> t.Any:
        return "a"

    @app.get("/b")
    @costly
    @written
    def b() -> t.Any:
        return "b"

    assert [*ask(client, "/a", 1), *ask(client, "/b", 2), *ask(client, "/a", 1)] == [200, 200, 429, 429]


def test_the_limit_of_a_blueprint(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.get("/")
    @written
    def index() -> t.Any:
        return "an answer"

    limiter.limit("1 per day")(api)
    app.register_blueprint(api)
    assert ask(client, "/api/", 2) == [200, 429]


def test_the_limit_of_a_class_based_view(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    class Item(MethodView):
        decorators: t.ClassVar = [limiter.limit("1 per day", per_method=True)]

        @written
        def get(self) -> t.Any:
            return "got"

        @written
        def post(self) -> t.Any:
            return "posted"

    app.add_url_rule("/", view_func=Item.as_view("item"))
    assert ask(client, "/", 2) == [200, 429]
    assert [client.post("/").status_code for _ in range(2)] == [200, 429]


def test_a_limit_within_a_view(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    @app.get("/<kind>")
    @limiter.exempt
    @written
    def index(kind: str) -> t.Any:
        if kind == "costly":
            with limiter.limit("1 per day"):
                return "a costly answer"
        return "an answer"

    assert ask(client, "/costly", 2) == [200, 429]
    assert ask(client, "/cheap", 2) == [200, 200]


def test_an_own_answer_to_too_many(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    @app.errorhandler(429)
    @written
    def refuse(error: t.Any) -> t.Any:
        return {"limit": error.description}, 429

    @app.get("/")
    @limiter.limit("1 per day")
    @written
    def index() -> t.Any:
        return "an answer"

    assert ask(client, "/", 1) == [200]
    assert client.get("/").json == {"limit": "1 per 1 day"}


def test_the_answer_of_one_limit(app: Flask, limiter: Limiter, client: FlaskClient, written: t.Any) -> None:
    def refuse(limit: RequestLimit) -> Response:
        return make_response(f"at most {limit.limit.amount}", 429)

    @app.get("/")
    @limiter.limit("1 per day", on_breach=refuse)
    @written
    def index() -> t.Any:
        return "an answer"

    assert ask(client, "/", 1) == [200]
    assert client.get("/").text == "at most 1"
