"""An observatory whose readings are protected by Flask-HTTPAuth: passwords, digests, tokens, or either."""

from __future__ import annotations

import asyncio
import typing as t
from hashlib import md5

import pytest
from flask_httpauth import HTTPBasicAuth, HTTPDigestAuth, HTTPTokenAuth, MultiAuth
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import Authorization
from werkzeug.http import parse_dict_header
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.test import TestResponse

from flask import Flask
from flask.testing import FlaskClient
from flask.views import MethodView

PASSWORDS = {"ada": "lovelace", "charles": "bäbbage"}
HASHES = {name: generate_password_hash(password, "pbkdf2:sha256:1") for name, password in PASSWORDS.items()}
ROLES = {"ada": ["reader", "keeper"], "charles": ["reader"]}
SIGNER = URLSafeTimedSerializer("key of the tokens")


@pytest.fixture
def basic(written: t.Any) -> HTTPBasicAuth:
    basic = HTTPBasicAuth(realm="Observatory")

    @basic.verify_password
    @written
    def check(name: str, password: str) -> t.Any:
        return name if name in HASHES and check_password_hash(HASHES[name], password) else None

    basic.get_user_roles(written(ROLES.get))
    return basic


@pytest.fixture
def token(written: t.Any) -> HTTPTokenAuth:
    token = HTTPTokenAuth()

    @token.verify_token
    @written
    def check(text: str) -> t.Any:
        try:
            return SIGNER.loads(text, max_age=60)
        except BadSignature:
            return None

    token.get_user_roles(written(ROLES.get))
    return token


@pytest.fixture
def observatory(
    app: Flask, client: FlaskClient, basic: HTTPBasicAuth, token: HTTPTokenAuth, written: t.Any
) -> FlaskClient:
    """A client of the observatory."""
    either = MultiAuth(token, basic)

    @app.get("/readings")
    @basic.login_required
    @written
    def readings() -> t.Any:
        return {"reader": basic.current_user(), "name": basic.username()}

    @app.delete("/readings/<int:number>")
    @basic.login_required(role="keeper")
    @written
    def forget(number: int) -> t.Any:
        return f"{basic.current_user()} removed {number}."

    @app.get("/vault")
    @basic.login_required(role=["director", ["reader", "keeper"]])
    @written
    def vault() -> t.Any:
        return "Old readings"

    @app.get("/sky")
    @basic.login_required(optional=True)
    @written
    def sky() -> t.Any:
        return f"Clear, {basic.current_user() or 'stranger'}."

    @app.post("/tokens")
    @basic.login_required
    @written
    def give_token() -> t.Any:
        return {"token": SIGNER.dumps(basic.current_user())}

    class Telescope(MethodView):
        decorators: t.ClassVar = [token.login_required]

        @written
        def get(self) -> str:
            return f"{token.current_user()} looks."

    app.add_url_rule("/telescope", view_func=Telescope.as_view("telescope"))

    @app.get("/dome")
    @either.login_required(role="keeper")
    @written
    def dome() -> t.Any:
        return f"{either.current_user()} opens the dome."

    return client


def test_a_password(observatory: FlaskClient) -> None:
    assert observatory.get("/readings", auth=("ada", "lovelace")).json == {"reader": "ada", "name": "ada"}
    # The header is in UTF-8 or else in Latin-1: Flask-HTTPAuth reads it by itself.
    assert observatory.get("/readings", auth=("charles", "bäbbage")).status_code == 200
    assert observatory.get("/readings", headers={"Authorization": "Basic Y2hhcmxlczpi5GJiYWdl"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": Authorization("basic", {"username": "ada", "password": "byron"}).to_header()},
        {"Authorization": Authorization("basic", {"username": "nobody", "password": ""}).to_header()},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic"},
        {"Authorization": "Bearer of news"},
    ],
)
def test_without_the_right_password_one_is_asked_for_it(observatory: FlaskClient, headers: dict[str, str]) -> None:
    response = observatory.get("/readings", headers=headers)
    assert (response.status_code, response.text) == (401, "Unauthorized Access")
    assert response.headers["WWW-Authenticate"] == 'Basic realm="Observatory"'
    assert (response.www_authenticate.type, response.www_authenticate.realm) == ("basic", "Observatory")


def test_roles(observatory: FlaskClient) -> None:
    assert observatory.delete("/readings/3", auth=("ada", "lovelace")).text == "ada removed 3."
    assert observatory.get("/vault", auth=("ada", "lovelace")).text == "Old readings"
    for response in (
        observatory.delete("/readings/3", auth=("charles", "bäbbage")),
        observatory.get("/vault", auth=("charles", "bäbbage")),
    ):
        assert (response.status_code, response.text) == (403, "Unauthorized Access")
    assert observatory.delete("/readings/3").status_code == 401


def test_a_password_may_be_left_out(observatory: FlaskClient) -> None:
    assert observatory.get("/sky").text == "Clear, stranger."
    assert observatory.get("/sky", auth=("ada", "lovelace")).text == "Clear, ada."


def test_a_token_for_a_password(observatory: FlaskClient) -> None:
    given = observatory.post("/tokens", auth=("ada", "lovelace")).get_json()["token"]
    assert observatory.get("/telescope", auth=Authorization("bearer", token=given)).text == "ada looks."
    forged = observatory.get("/telescope", headers={"Authorization": f"Bearer {given}x"})
    assert (forged.status_code, forged.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="Authentication Required"',
    )
    assert observatory.get("/telescope", auth=("ada", "lovelace")).status_code == 401


def test_a_token_in_a_header_of_its_own(app: Flask, client: FlaskClient, written: t.Any) -> None:
    key = HTTPTokenAuth(header="X-API-Key")
    key.verify_token(written({"key of ada": "ada"}.get))

    @app.get("/key")
    @key.login_required
    @written
    def show() -> t.Any:
        return key.current_user()

    assert client.get("/key", headers={"X-API-Key": "key of ada"}).text == "ada"
    assert client.get("/key", headers={"X-API-Key": "another"}).status_code == 401
    assert client.get("/key", headers={"Authorization": "Bearer key of ada"}).status_code == 401


def test_either_a_token_or_a_password(observatory: FlaskClient) -> None:
    signed = {name: Authorization("bearer", token=SIGNER.dumps(name)) for name in PASSWORDS}
    assert observatory.get("/dome", auth=signed["ada"]).text == "ada opens the dome."
    assert observatory.get("/dome", auth=("ada", "lovelace")).text == "ada opens the dome."
    assert observatory.get("/dome", auth=signed["charles"]).status_code == 403
    refused = observatory.get("/dome")
    assert (refused.status_code, refused.www_authenticate.type) == (401, "bearer")
    assert observatory.get("/dome", auth=("ada", "byron")).www_authenticate.type == "basic"


def test_an_own_answer_to_strangers(basic: HTTPBasicAuth, observatory: FlaskClient, written: t.Any) -> None:
    @basic.error_handler
    @written
    def refuse(status: int) -> t.Any:
        return {"refused": status}, status

    response = observatory.get("/readings")
    assert (response.status_code, response.json) == (401, {"refused": 401})
    assert response.headers["WWW-Authenticate"] == 'Basic realm="Observatory"'
    assert observatory.delete("/readings/1", auth=("charles", "bäbbage")).json == {"refused": 403}


def test_an_error_while_the_password_is_checked(basic: HTTPBasicAuth, observatory: FlaskClient, written: t.Any) -> None:
    @basic.verify_password
    @written
    def check(name: str, password: str) -> t.Any:
        raise LookupError("The book of passwords is lost.")

    assert observatory.get("/readings", auth=("ada", "lovelace")).status_code == 500


def answer_digest(client: FlaskClient, path: str, name: str, password: str) -> TestResponse:
    """Ask, and answer what one is asked for, as RFC 7616 says it is to be done."""
    asked = client.get(path)
    assert asked.status_code == 401
    scheme, _, rest = asked.headers["WWW-Authenticate"].partition(" ")
    assert scheme == "Digest"
    challenge = parse_dict_header(rest)

    def digest(*parts: str | None) -> str:
        return md5(":".join(map(str, parts)).encode()).hexdigest()

    given = {key: challenge[key] for key in ("realm", "nonce", "opaque", "algorithm")}
    given |= {"username": name, "uri": path, "qop": "auth", "nc": "00000001", "cnonce": "once"}
    given["response"] = digest(
        digest(name, given["realm"], password), given["nonce"], "00000001", "once", "auth", digest("GET", path)
    )
    return client.get(path, auth=Authorization("digest", given))


def test_a_digest(app: Flask, visitor: t.Any, written: t.Any) -> None:
    """Its nonces are in the session."""
    auth = HTTPDigestAuth(realm="Observatory")
    auth.get_password(written(PASSWORDS.get))

    @app.get("/comets")
    @auth.login_required
    @written
    def comets() -> t.Any:
        return f"{auth.username()} sees none."

    client = visitor()
    response = answer_digest(client, "/comets", "ada", "lovelace")
    assert response.text == "ada sees none."
    assert answer_digest(client, "/comets", "ada", "byron").status_code == 401
    assert answer_digest(client, "/comets", "nobody", "").status_code == 401
    assert visitor().get("/comets", headers={"Authorization": response.request.headers["Authorization"]}).status == (
        "401 UNAUTHORIZED"
    )


@pytest.mark.parametrize("way", ["asgi, thread"], indirect=True)
def test_a_protected_async_view_runs_on_the_loop_that_serves(app: Flask) -> None:
    """Else it could not wait for what other requests do."""
    both = asyncio.Barrier(2)
    basic = HTTPBasicAuth()

    @basic.verify_password
    async def check(name: str, password: str) -> t.Any:
        await both.wait()
        return name

    @app.get("/meet")
    @basic.login_required
    async def meet() -> str:
        before = basic.current_user()
        await both.wait()
        return f"{before} is {basic.current_user()}"

    async def come(name: str) -> str:
        async with app.async_test_client() as client:
            return t.cast(str, (await client.get("/meet", auth=(name, ""))).text)

    async def come_both() -> list[str]:
        return await asyncio.wait_for(asyncio.gather(come("ada"), come("charles")), 20)

    assert asyncio.run(come_both()) == ["ada is ada", "charles is charles"]
