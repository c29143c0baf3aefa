"""A weather service that pages of other origins ask, as far as Flask-CORS lets them."""

from __future__ import annotations

import re
import typing as t
from datetime import timedelta

import pytest
from flask_cors import CORS, cross_origin
from werkzeug.test import TestResponse

from flask import Blueprint, Flask, abort, jsonify, request, session
from flask.testing import FlaskClient
from flask.views import MethodView

OURS = "https://app.example.org"
PARTNER = "https://shop.partner.example"
STRANGER = "https://evil.example"

RESOURCES = {
    "/open/*": {"origins": "*", "send_wildcard": True},
    "/api/*": {
        "origins": [OURS, re.compile(r"https://\w+\.partner\.example$")],
        "methods": ["GET", "PUT"],
        "allow_headers": ["Content-Type", "X-Station"],
        "expose_headers": ["X-Count"],
        "supports_credentials": True,
        "max_age": timedelta(minutes=10),
    },
}


@pytest.fixture
def weather(app: Flask, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the service."""
    CORS(app, resources=RESOURCES)

    @app.get("/open/<place>")
    @written
    def forecast(place: str) -> t.Any:
        return {"place": place, "sky": "grey"}

    @app.route("/api/station", methods=["GET", "PUT", "DELETE"])
    @written
    def station() -> t.Any:
        if request.method == "PUT":
            session["station"] = request.get_json()["name"]
        return {"station": session.get("station")}, {"X-Count": "1"}

    @app.get("/api/refused")
    @written
    def refuse() -> t.Any:
        abort(403)

    @app.get("/api/fails")
    @written
    def fail() -> t.Any:
        raise ZeroDivisionError

    @app.get("/private")
    @written
    def private() -> t.Any:
        return "for pages of ours"

    return client


def ask(client: FlaskClient, path: str, origin: str | None = OURS, **arguments: t.Any) -> TestResponse:
    return client.get(path, headers={"Origin": origin} if origin else {}, **arguments)


def preflight(client: FlaskClient, path: str, method: str, *headers: str, origin: str = OURS) -> TestResponse:
    """What a browser asks before it asks."""
    names = {"Access-Control-Request-Headers": ", ".join(headers)} if headers else {}
    asked = {"Origin": origin, "Access-Control-Request-Method": method, **names}
    return client.options(path, headers=asked)


def granted(response: TestResponse) -> dict[str, str]:
    """The headers that are about origins, by what follows in their names."""
    prefix = "Access-Control-"
    return {name.removeprefix(prefix): value for name, value in response.headers if name.startswith(prefix)}


def test_any_origin_may_ask_what_is_open(weather: FlaskClient) -> None:
    for origin in (OURS, STRANGER):
        response = ask(weather, "/open/london", origin)
        assert response.json == {"place": "london", "sky": "grey"}
        assert granted(response) == {"Allow-Origin": "*"}
        assert "Vary" not in response.headers


def test_origins_that_are_listed_see_the_answer_and_its_headers(weather: FlaskClient) -> None:
    for origin in (OURS, PARTNER):
        response = ask(weather, "/api/station", origin)
        assert granted(response) == {
            "Allow-Origin": origin,
            "Allow-Credentials": "true",
            "Expose-Headers": "X-Count",
        }
        assert "Origin" in response.vary


@pytest.mark.parametrize("origin", [STRANGER, OURS + ".evil.example", "http://app.example.org", "null"])
def test_other_origins_see_nothing(weather: FlaskClient, origin: str) -> None:
    assert granted(ask(weather, "/api/station", origin)) == {}
    assert granted(preflight(weather, "/api/station", "PUT", origin=origin)) == {}


def test_where_no_resource_is_named_nothing_is_granted(weather: FlaskClient) -> None:
    response = ask(weather, "/private")
    assert (response.text, granted(response)) == ("for pages of ours", {})


def test_a_preflight_says_what_may_follow(weather: FlaskClient) -> None:
    response = preflight(weather, "/api/station", "PUT", "Content-Type", "X-Station", "X-Other")
    assert response.status_code == 200
    assert granted(response) == {
        "Allow-Origin": OURS,
        "Allow-Credentials": "true",
        "Expose-Headers": "X-Count",
        "Allow-Headers": "Content-Type, X-Station",
        "Allow-Methods": "GET, PUT",
        "Max-Age": "600",
    }
    assert set(response.allow or ()) == {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}


def test_a_preflight_for_a_method_that_is_not_granted(weather: FlaskClient) -> None:
    assert "Allow-Methods" not in granted(preflight(weather, "/api/station", "DELETE"))


def test_a_page_of_another_origin_keeps_its_session(weather: FlaskClient) -> None:
    assert weather.put("/api/station", json={"name": "Kew"}, headers={"Origin": OURS}).json == {"station": "Kew"}
    assert ask(weather, "/api/station").json == {"station": "Kew"}


@pytest.mark.parametrize(
    ("path", "status"), [("/api/refused", 403), ("/api/nowhere", 404), ("/api/station/", 404), ("/api/fails", 500)]
)
def test_errors_may_be_seen_too(app: Flask, weather: FlaskClient, path: str, status: int) -> None:
    response = ask(weather, path)
    assert (response.status_code, granted(response)["Allow-Origin"]) == (status, OURS)


def test_a_method_that_is_refused(weather: FlaskClient) -> None:
    response = weather.post("/api/station", headers={"Origin": OURS})
    assert (response.status_code, granted(response)["Allow-Origin"]) == (405, OURS)


def test_the_handlers_of_errors_still_answer(app: Flask, weather: FlaskClient, written: t.Any) -> None:
    @app.errorhandler(ZeroDivisionError)
    @written
    def explain(error: ZeroDivisionError) -> t.Any:
        return {"error": "divided"}, 400

    @app.errorhandler(404)
    @written
    def miss(error: Exception) -> t.Any:
        return {"error": "missed"}, 404

    for path, status, answer in [("/api/fails", 400, "divided"), ("/api/nowhere", 404, "missed")]:
        response = ask(weather, path)
        assert (response.status_code, response.json, granted(response)["Allow-Origin"]) == (
            status,
            {"error": answer},
            OURS,
        )


def test_an_error_is_raised_in_tests(app: Flask, weather: FlaskClient) -> None:
    app.testing = True
    with pytest.raises(ZeroDivisionError):
        ask(weather, "/api/fails")


def test_the_settings_say_who_may_ask(app: Flask, client: FlaskClient, written: t.Any) -> None:
    app.config.update(CORS_ORIGINS=[OURS], CORS_RESOURCES=r"/api/.*", CORS_ALWAYS_SEND=False)
    CORS().init_app(app)

    @app.get("/api/x")
    @app.get("/x", endpoint="x")
    @written
    def answer() -> t.Any:
        return "x"

    assert granted(ask(client, "/api/x")) == {"Allow-Origin": OURS}
    assert granted(ask(client, "/api/x", None)) == {}
    assert granted(ask(client, "/x")) == {}


def test_a_blueprint_of_its_own(app: Flask, client: FlaskClient, written: t.Any) -> None:
    maps = Blueprint("maps", __name__, url_prefix="/maps")
    CORS(maps, origins=[OURS])

    @maps.route("/", methods=["GET", "POST"])
    @app.get("/elsewhere")
    @written
    def show() -> t.Any:
        return "a map"

    app.register_blueprint(maps)
    assert granted(ask(client, "/maps/")) == {"Allow-Origin": OURS}
    assert granted(preflight(client, "/maps/", "POST"))["Allow-Origin"] == OURS
    assert granted(ask(client, "/maps/", STRANGER)) == {}
    assert granted(ask(client, "/elsewhere")) == {}


# The decorator looks at what the view returns, and does not ask Flask to wait for it. Where a view is written with
# `async def`, the program says so itself: `ensure_sync` stands between the two.


def test_a_decorated_view(app: Flask, client: FlaskClient, written: t.Any) -> None:
    maps = Blueprint("maps", __name__, url_prefix="/maps")

    @maps.route("/<int:number>", methods=["GET", "PUT"])
    @cross_origin(origins=[OURS], methods=["PUT"], max_age=60)
    @app.ensure_sync
    @written
    def show(number: int) -> t.Any:
        return jsonify(map=number, method=request.method)

    @maps.get("/plain")
    @app.ensure_sync
    @written
    def plain() -> t.Any:
        return "no other origin may see this"

    app.register_blueprint(maps)
    response = ask(client, "/maps/7")
    assert (response.json, granted(response)) == ({"map": 7, "method": "GET"}, {"Allow-Origin": OURS})
    asked = preflight(client, "/maps/7", "PUT", "X-Any")
    assert granted(asked) == {
        "Allow-Origin": OURS,
        "Allow-Headers": "X-Any",
        "Allow-Methods": "PUT",
        "Max-Age": "60",
    }
    assert set(asked.allow or ()) == {"GET", "HEAD", "OPTIONS", "PUT"}
    assert granted(ask(client, "/maps/7", STRANGER)) == {}
    assert granted(ask(client, "/maps/plain")) == {}
    assert granted(ask(client, "/maps/seven")) == {}


def test_a_decorated_view_may_answer_the_preflight_itself(app: Flask, client: FlaskClient, written: t.Any) -> None:
    @app.route("/", methods=["GET", "OPTIONS"])
    @cross_origin(automatic_options=False)
    @app.ensure_sync
    @written
    def answer() -> t.Any:
        return f"to {request.method}", 203

    response = preflight(client, "/", "GET")
    assert (response.status_code, response.text, granted(response)["Allow-Origin"]) == (203, "to OPTIONS", OURS)


def test_a_decorated_class(app: Flask, client: FlaskClient, written: t.Any) -> None:
    class Reading(MethodView):
        decorators: t.ClassVar = [cross_origin(origins=[OURS])]

        @written
        def get(self) -> t.Any:
            return "17 degrees"

    app.add_url_rule("/reading", view_func=Reading.as_view("reading"))
    response = ask(client, "/reading")
    assert (response.text, granted(response)) == ("17 degrees", {"Allow-Origin": OURS})
