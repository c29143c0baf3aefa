"""A bank whose customers show the tokens of Flask-JWT-Extended: in a header, or in cookies, a second token beside."""

from __future__ import annotations

import typing as t
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    current_user,
    decode_token,
    get_csrf_token,
    get_jwt,
    get_jwt_identity,
    jwt_required,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
    verify_jwt_in_request,
)
from werkzeug.test import TestResponse

from flask import Blueprint, Flask, jsonify, request
from flask.testing import FlaskClient
from flask.views import MethodView


class Customer(t.NamedTuple):
    """Someone who has an account."""

    name: str
    role: str


CUSTOMERS = {"ada": Customer("ada", "teller"), "charles": Customer("charles", "client")}


@pytest.fixture
def revoked() -> set[str]:
    """The numbers of tokens that are no longer good."""
    return set()


@pytest.fixture
def manager(app: Flask, revoked: set[str]) -> JWTManager:
    app.config.update(
        JWT_SECRET_KEY="a key that is long enough for HMAC with SHA-256",
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_COOKIE_SECURE=False,
        JWT_REFRESH_COOKIE_PATH="/refresh",
    )
    manager = JWTManager(app)
    manager.user_lookup_loader(lambda header, data: CUSTOMERS.get(data["sub"]))
    manager.user_identity_loader(lambda customer: customer.name if isinstance(customer, Customer) else customer)
    manager.token_in_blocklist_loader(lambda header, data: data["jti"] in revoked)

    @manager.additional_claims_loader
    def add_claims(customer: Customer | str) -> dict[str, str]:
        return {"role": customer.role} if isinstance(customer, Customer) else {}

    return manager


@pytest.fixture
def bank(app: Flask, manager: JWTManager, client: FlaskClient, revoked: set[str], written: t.Any) -> FlaskClient:
    """A client of the bank."""

    @app.post("/login")
    @written
    def log_in() -> t.Any:
        customer = CUSTOMERS.get(request.get_json()["name"])
        if customer is None:
            return jsonify(msg="Who are you?"), 401
        access, refresh = create_access_token(customer, fresh=True), create_refresh_token(customer)
        response = jsonify(access=access, refresh=refresh)
        if "cookies" in request.args:
            set_access_cookies(response, access)
            set_refresh_cookies(response, refresh)
        return response

    @app.post("/refresh")
    @jwt_required(refresh=True)
    @written
    def refresh() -> t.Any:
        access = create_access_token(CUSTOMERS[get_jwt_identity()])
        response = jsonify(access=access)
        if "cookies" in request.args:
            set_access_cookies(response, access)
        return response

    @app.post("/logout")
    @jwt_required(verify_type=False)
    @written
    def log_out() -> t.Any:
        revoked.add(get_jwt()["jti"])
        response = jsonify(msg="Good bye.")
        unset_jwt_cookies(response)
        return response

    @app.get("/account")
    @jwt_required()
    @written
    def account() -> t.Any:
        return {"name": current_user.name, "role": get_jwt()["role"]}

    @app.post("/transfer")
    @jwt_required(fresh=True)
    @written
    def transfer() -> t.Any:
        return {"from": get_jwt_identity(), "amount": request.values["amount"]}

    @app.get("/branches")
    @jwt_required(optional=True)
    @written
    def branches() -> t.Any:
        return {"nearest": "Kew", "for": get_jwt_identity()}

    return client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def log_in(client: FlaskClient, name: str = "ada") -> dict[str, str]:
    """The customer's tokens."""
    return t.cast("dict[str, str]", client.post("/login", json={"name": name}).json)


def token_of(app: Flask, name: str = "ada", **arguments: t.Any) -> str:
    with app.app_context():
        return create_access_token(CUSTOMERS.get(name, name), **arguments)


def outcome(response: TestResponse) -> tuple[int, str | None]:
    return response.status_code, t.cast("dict[str, str]", response.json).get("msg")


def test_who_shows_a_token_is_known(bank: FlaskClient) -> None:
    tokens = log_in(bank), log_in(bank, "charles")
    answers = [bank.get("/account", headers=bearer(each["access"])).json for each in tokens]
    assert answers == [{"name": "ada", "role": "teller"}, {"name": "charles", "role": "client"}]


def test_who_is_no_customer_gets_no_token(bank: FlaskClient) -> None:
    assert outcome(bank.post("/login", json={"name": "byron"})) == (401, "Who are you?")
    assert bank.post("/login", data="no JSON").status_code == 415
    assert bank.post("/login", data="{", content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 401),
        ({"Authorization": "Basic YWRhOmxvdmVsYWNl"}, 401),
        ({"Authorization": "Bearer"}, 422),
        ({"Authorization": "Bearer no.token.it"}, 422),
        ({"Authorization": "Bearer a b"}, 422),
    ],
)
def test_no_token_or_none_that_can_be_read(bank: FlaskClient, header: dict[str, str], status: int) -> None:
    assert bank.get("/account", headers=header).status_code == status


def test_a_token_that_someone_else_signed(app: Flask, bank: FlaskClient) -> None:
    header, _, signature = log_in(bank, "charles")["access"].split(".")
    other = log_in(bank)["access"].split(".")
    assert outcome(bank.get("/account", headers=bearer(f"{header}.{other[1]}.{signature}"))) == (
        422,
        "Signature verification failed",
    )
    ours, app.config["JWT_SECRET_KEY"] = app.config["JWT_SECRET_KEY"], "another key that is also long enough, by far"
    forged = token_of(app)
    app.config["JWT_SECRET_KEY"] = ours
    assert bank.get("/account", headers=bearer(forged)).status_code == 422


def test_an_expired_token(app: Flask, bank: FlaskClient) -> None:
    token = token_of(app, expires_delta=timedelta(seconds=-1))
    assert outcome(bank.get("/account", headers=bearer(token))) == (401, "Token has expired")
    app.config["JWT_DECODE_LEEWAY"] = 60
    assert bank.get("/account", headers=bearer(token)).status_code == 200


def test_a_token_of_someone_who_is_gone(app: Flask, bank: FlaskClient) -> None:
    refused = bank.get("/account", headers=bearer(token_of(app, "byron")))
    assert outcome(refused) == (401, "Error loading the user byron")


def test_a_new_token_for_the_old(bank: FlaskClient) -> None:
    tokens = log_in(bank)
    assert outcome(bank.post("/refresh", headers=bearer(tokens["access"])))[0] == 422
    assert outcome(bank.get("/account", headers=bearer(tokens["refresh"])))[0] == 422
    answer = t.cast("dict[str, str]", bank.post("/refresh", headers=bearer(tokens["refresh"])).json)
    assert bank.get("/account", headers=bearer(answer["access"])).json == {"name": "ada", "role": "teller"}


def test_what_matters_asks_for_a_fresh_token(bank: FlaskClient) -> None:
    tokens = log_in(bank)
    answer = t.cast("dict[str, str]", bank.post("/refresh", headers=bearer(tokens["refresh"])).json)
    fresh, stale = (
        bank.post("/transfer", data={"amount": "5"}, headers=bearer(token))
        for token in (tokens["access"], answer["access"])
    )
    assert fresh.json == {"from": "ada", "amount": "5"}
    assert outcome(stale) == (401, "Fresh token required")


def test_a_revoked_token(bank: FlaskClient) -> None:
    tokens = log_in(bank)
    assert outcome(bank.post("/logout", headers=bearer(tokens["access"]))) == (200, "Good bye.")
    assert outcome(bank.get("/account", headers=bearer(tokens["access"]))) == (401, "Token has been revoked")
    assert bank.post("/refresh", headers=bearer(tokens["refresh"])).status_code == 200


def test_a_token_that_is_not_needed(bank: FlaskClient) -> None:
    assert bank.get("/branches").json == {"nearest": "Kew", "for": None}
    assert bank.get("/branches", headers=bearer(log_in(bank)["access"])).json == {"nearest": "Kew", "for": "ada"}
    assert bank.get("/branches", headers=bearer("no.token.it")).status_code == 422


# Cookies


def cookie(client: FlaskClient, name: str, path: str = "/") -> str:
    found = client.get_cookie(name, path=path)
    assert found is not None
    return found.value


@pytest.fixture
def page(bank: FlaskClient) -> FlaskClient:
    """A client that keeps its tokens in cookies."""
    bank.post("/login?cookies=1", json={"name": "ada"})
    return bank


def test_cookies_carry_the_token(page: FlaskClient) -> None:
    assert page.get("/account").json == {"name": "ada", "role": "teller"}
    found = page.get_cookie("access_token_cookie")
    assert found is not None
    assert found.http_only


def test_who_writes_by_cookies_shows_the_second_token(page: FlaskClient) -> None:
    second = cookie(page, "csrf_access_token")
    assert outcome(page.post("/transfer", data={"amount": "5"})) == (401, "Missing CSRF token")
    for token, status in ((second, 200), ("x" + second, 401)):
        response = page.post("/transfer", data={"amount": "5"}, headers={"X-CSRF-TOKEN": token})
        assert response.status_code == status


def test_a_form_carries_the_second_token(app: Flask, page: FlaskClient) -> None:
    app.config["JWT_CSRF_CHECK_FORM"] = True
    data = {"amount": "5", "csrf_token": cookie(page, "csrf_access_token")}
    assert page.post("/transfer", data=data).json == {"from": "ada", "amount": "5"}


def test_refreshed_cookies(page: FlaskClient) -> None:
    before = cookie(page, "access_token_cookie")
    assert page.post("/refresh?cookies=1").status_code == 401
    second = {"X-CSRF-TOKEN": cookie(page, "csrf_refresh_token")}
    assert page.post("/refresh?cookies=1", headers=second).status_code == 200
    assert cookie(page, "access_token_cookie") != before
    assert page.get("/account").status_code == 200


def test_the_second_token_is_within_the_first(app: Flask, page: FlaskClient) -> None:
    with app.app_context():
        token = cookie(page, "access_token_cookie")
        assert get_csrf_token(token) == decode_token(token)["csrf"] == cookie(page, "csrf_access_token")


def test_who_logs_out_has_no_cookies(page: FlaskClient) -> None:
    page.post("/logout", headers={"X-CSRF-TOKEN": cookie(page, "csrf_access_token")})
    assert page.get_cookie("access_token_cookie") is None
    assert page.get_cookie("refresh_token_cookie", path="/refresh") is None
    assert outcome(page.get("/account"))[0] == 401


# The program's own ways


def test_own_answers(manager: JWTManager, app: Flask, bank: FlaskClient) -> None:
    manager.unauthorized_loader(lambda reason: (jsonify(msg=f"No: {reason}"), 403))
    manager.expired_token_loader(lambda header, data: (jsonify(msg=f"Too late, {data['sub']}"), 410))
    assert outcome(bank.get("/account", headers={}))[0] == 403
    token = token_of(app, expires_delta=timedelta(seconds=-1))
    assert outcome(bank.get("/account", headers=bearer(token))) == (410, "Too late, ada")


def test_claims_that_must_hold(manager: JWTManager, app: Flask, bank: FlaskClient) -> None:
    manager.token_verification_loader(lambda header, data: data.get("role") == "teller")
    assert bank.get("/account", headers=bearer(log_in(bank)["access"])).status_code == 200
    refused = bank.get("/account", headers=bearer(log_in(bank, "charles")["access"]))
    assert outcome(refused) == (400, "User claims verification failed")


def test_claims_are_written_as_the_application_writes_json(app: Flask, bank: FlaskClient) -> None:
    number, day = uuid.uuid4(), datetime(1843, 9, 5, tzinfo=UTC)
    token = token_of(app, additional_claims={"number": number, "day": day})
    with app.app_context():
        claims = decode_token(token)
    assert (claims["number"], claims["day"]) == (str(number), "Tue, 05 Sep 1843 00:00:00 GMT")


def test_tokens_in_the_query_and_in_json(app: Flask, bank: FlaskClient, written: t.Any) -> None:
    app.config["JWT_TOKEN_LOCATION"] = ["query_string", "json"]

    @app.post("/vault")
    @jwt_required()
    @written
    def vault() -> t.Any:
        return {"gold": 7}

    token = log_in(bank)["access"]
    assert bank.post(f"/vault?jwt={token}").json == {"gold": 7}
    assert bank.post("/vault", json={"access_token": token}).json == {"gold": 7}
    assert bank.post("/vault", json={"token": token}).status_code == 401


def test_a_blueprint_whose_every_view_asks(app: Flask, bank: FlaskClient, written: t.Any) -> None:
    desk = Blueprint("desk", __name__, url_prefix="/desk")

    @desk.before_request
    @written
    def check() -> None:
        verify_jwt_in_request()

    @desk.get("/")
    @written
    def sit() -> t.Any:
        return f"The desk of {current_user.name}"

    app.register_blueprint(desk)
    assert bank.get("/desk/", headers=bearer(log_in(bank)["access"])).text == "The desk of ada"
    assert outcome(bank.get("/desk/"))[0] == 401


def test_a_class_whose_methods_ask(app: Flask, bank: FlaskClient, written: t.Any) -> None:
    class Safe(MethodView):
        decorators: t.ClassVar = [jwt_required()]

        @written
        def get(self) -> t.Any:
            return get_jwt_identity()

        @jwt_required(fresh=True)
        @written
        def delete(self) -> t.Any:
            return "", 204

    app.add_url_rule("/safe", view_func=Safe.as_view("safe"))
    fresh, stale = log_in(bank)["access"], token_of(app)
    assert bank.get("/safe", headers=bearer(stale)).text == "ada"
    assert [bank.delete("/safe", headers=bearer(token)).status_code for token in (fresh, stale)] == [204, 401]
    assert bank.get("/safe").status_code == 401


def test_a_token_of_the_moment_before_its_end_is_renewed(app: Flask, bank: FlaskClient) -> None:
    """As the documentation of the extension has it: in an after-request function."""

    @app.after_request
    def renew(response: t.Any) -> t.Any:
        try:
            ends = get_jwt()["exp"]
        except (RuntimeError, KeyError):
            return response  # no token is asked for here
        if ends < datetime.timestamp(datetime.now(UTC) + timedelta(minutes=1)):
            set_access_cookies(response, create_access_token(current_user))
        return response

    assert "Set-Cookie" not in bank.get("/branches").headers
    assert "Set-Cookie" not in bank.get("/account", headers=bearer(token_of(app))).headers
    late = bank.get("/account", headers=bearer(token_of(app, expires_delta=timedelta(seconds=30))))
    assert "access_token_cookie" in late.headers["Set-Cookie"]
