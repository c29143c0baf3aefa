"""A library that lets others in for its readers, and a shop whose customers come from there: Authlib on both sides."""

from __future__ import annotations

import functools
import secrets
import threading
import time
import typing as t
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth, token_update
from authlib.integrations.flask_oauth2 import (
    AuthorizationServer,
    ResourceProtector,
    current_token,
    token_authenticated,
    token_revoked,
)
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Error, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import ECKey
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from flask import Flask, redirect, request, session, url_for
from flask.testing import FlaskClient

KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})


class Friend(ClientMixin):
    """The shop, as the library knows it."""

    client_id = "shop"
    redirect_uri = "http://localhost/back"

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str | None) -> str:
        return " ".join(word for word in (scope or "").split() if word in ("name", "loans", "openid"))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in (self.redirect_uri, f"{self.redirect_uri}/openid")

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, "hush")

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token", "client_credentials")


class Code(AuthorizationCodeMixin):
    """Leave to fetch a token, once."""

    def __init__(self, asked: t.Any) -> None:
        self.client_id = asked.client.client_id
        self.user = asked.user
        self.redirect_uri = asked.payload.redirect_uri
        self.scope = asked.payload.scope
        self.nonce = asked.payload.data.get("nonce")
        self.code_challenge = asked.payload.data.get("code_challenge")
        self.code_challenge_method = asked.payload.data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return t.cast(str, self.redirect_uri)

    def get_scope(self) -> str:
        return t.cast(str, self.scope)

    def get_nonce(self) -> str | None:
        return t.cast("str | None", self.nonce)

    def get_auth_time(self) -> int:
        return int(time.time())


class Token(TokenMixin):
    """What the shop shows for a reader."""

    def __init__(self, token: dict[str, t.Any], user: str | None) -> None:
        self.access_token = token["access_token"]
        self.refresh_token = token.get("refresh_token")
        self.scope = token["scope"]
        self.expires_at = time.time() + token["expires_in"]
        self.revoked = False
        self.user = user

    def check_client(self, client: Friend) -> bool:
        return client.client_id == "shop"

    def get_scope(self) -> str:
        return t.cast(str, self.scope)

    def is_expired(self) -> bool:
        return time.time() > self.expires_at

    def is_revoked(self) -> bool:
        return self.revoked


class WithIdentity(OpenIDCode):
    """Tells who the reader is, too, where the scope asks for that: OpenID Connect."""

    def exists_nonce(self, nonce: str, request: t.Any) -> bool:
        return False

    def resolve_client_private_key(self, client: Friend) -> ECKey:
        return KEY

    def get_client_algorithm(self, client: Friend) -> str:
        return "ES256"

    def get_client_claims(self, client: Friend) -> dict[str, t.Any]:
        return {"iss": "https://library.example", "aud": [client.client_id]}

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        return UserInfo(sub=user, name="Ada Lovelace")


class Desk:
    """What the library keeps, and how its grants look it up."""

    def __init__(self) -> None:
        self.codes: dict[str, Code] = {}
        self.tokens: list[Token] = []

    def find_client(self, client_id: str) -> Friend | None:
        return Friend() if client_id == "shop" else None

    def keep_token(self, token: dict[str, t.Any], asked: t.Any) -> None:
        self.tokens.append(Token(token, asked.user))

    def find_token(self, value: str) -> Token | None:
        return next((token for token in self.tokens if value in (token.access_token, token.refresh_token)), None)

    def make_code_grant(self) -> type[grants.AuthorizationCodeGrant]:
        desk = self

        class ByCode(grants.AuthorizationCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS: t.ClassVar = ["client_secret_basic"]

            def save_authorization_code(self, code: str, request: t.Any) -> None:
                desk.codes[code] = Code(request)

            def query_authorization_code(self, code: str, client: Friend) -> Code | None:
                return desk.codes.get(code)

            def delete_authorization_code(self, authorization_code: Code) -> None:
                desk.codes = {key: code for key, code in desk.codes.items() if code is not authorization_code}

            def authenticate_user(self, authorization_code: Code) -> t.Any:
                return authorization_code.user

        return ByCode

    def make_refresh_grant(self) -> type[grants.RefreshTokenGrant]:
        desk = self

        class ByRefreshToken(grants.RefreshTokenGrant):
            INCLUDE_NEW_REFRESH_TOKEN = True

            def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
                token = desk.find_token(refresh_token)
                return None if token is None or token.revoked else token

            def authenticate_user(self, refresh_token: Token) -> t.Any:
                return refresh_token.user

            def revoke_old_credential(self, refresh_token: Token) -> None:
                refresh_token.revoked = True

        return ByRefreshToken

    def make_revocation(self) -> type[RevocationEndpoint]:
        desk = self

        class Revocation(RevocationEndpoint):
            def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
                return desk.find_token(token_string)

            def revoke_token(self, token: Token, request: t.Any) -> None:
                token.revoked = True

        return Revocation

    def make_validator(self) -> BearerTokenValidator:
        desk = self

        class Validator(BearerTokenValidator):
            def authenticate_token(self, token_string: str) -> Token | None:
                return desk.find_token(token_string)

        return Validator()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def library(way: t.Any, written: t.Any, desk: Desk) -> Flask:
    """The library: it authorizes, and has something to protect."""
    library = Flask("library")
    library.config.update(
        SECRET_KEY="library key", ASGI_SYNC=way.placing, ASGI_THREADS=4, OAUTH2_REFRESH_TOKEN_GENERATOR=True
    )
    server = AuthorizationServer(library, desk.find_client, desk.keep_token)
    server.register_grant(desk.make_code_grant(), [CodeChallenge(required=True), WithIdentity()])
    server.register_grant(desk.make_refresh_grant())
    server.register_grant(grants.ClientCredentialsGrant)
    server.register_endpoint(desk.make_revocation())
    require_oauth = ResourceProtector()
    require_oauth.register_token_validator(desk.make_validator())

    @library.route("/authorize", methods=["GET", "POST"])
    @written
    def authorize() -> t.Any:
        try:
            grant = server.get_consent_grant(end_user="ada")
        except OAuth2Error as error:
            return server.handle_error_response(request, error)
        if request.method == "GET":
            return {"client": grant.client.client_id, "scope": grant.request.payload.scope}
        return server.create_authorization_response(grant_user=request.form.get("reader"), grant=grant)

    @library.post("/token")
    @written
    def issue_token() -> t.Any:
        return server.create_token_response()

    @library.post("/revoke")
    @written
    def revoke_token() -> t.Any:
        return server.create_endpoint_response("revocation")

    @library.get("/me")
    @require_oauth("name")
    @written
    def me() -> t.Any:
        return {"sub": current_token.user, "name": "Ada Lovelace"}

    @library.get("/loans")
    @written
    def loans() -> t.Any:
        with require_oauth.acquire("loans") as token:
            return [token.user, "Sketch of the Analytical Engine"]

    @library.get("/.well-known/openid-configuration")
    @written
    def describe() -> t.Any:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "issue_token", "jwks_uri": "show_keys"}
        urls = {name: url_for(endpoint, _external=True) for name, endpoint in names.items()}
        return {"issuer": "https://library.example", "id_token_signing_alg_values_supported": ["ES256"], **urls}

    @library.get("/keys")
    @written
    def show_keys() -> t.Any:
        return {"keys": [KEY.as_dict(private=False)]}

    @library.get("/hours")
    @require_oauth("name", optional=True)
    @written
    def hours() -> t.Any:
        return f"For {current_token.user}: 9 to 5" if current_token else "9 to 5"

    return library


@pytest.fixture
def at_library(library: Flask, way: t.Any) -> FlaskClient:
    """A client of the library: the reader's browser, or a shop that speaks for itself."""
    return library.test_client(protocol=way.protocol)


@pytest.fixture
def address(library: Flask) -> Iterator[str]:
    """Where the library is served, for the shop to reach."""
    with make_server("127.0.0.1", 0, library, threaded=True) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield f"http://127.0.0.1:{server.port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def oauth(app: Flask, address: str, monkeypatch: pytest.MonkeyPatch) -> OAuth:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # there is no TLS on the way to the library of the test
    app.config.update(LIBRARY_CLIENT_ID="shop", LIBRARY_CLIENT_SECRET="hush")
    oauth = OAuth(app)
    oauth.register(
        "library",
        access_token_url=f"{address}/token",
        authorize_url=f"{address}/authorize",
        api_base_url=f"{address}/",
        userinfo_endpoint=f"{address}/me",
        client_kwargs={"scope": "name", "code_challenge_method": "S256"},
    )
    oauth.register(
        "openid",
        server_metadata_url=f"{address}/.well-known/openid-configuration",
        client_id="shop",
        client_secret="hush",
        client_kwargs={"scope": "openid name", "code_challenge_method": "S256"},
    )
    return oauth


@pytest.fixture
def shop(app: Flask, oauth: OAuth, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the shop."""

    @app.get("/login")
    @written
    def log_in() -> t.Any:
        return oauth.library.authorize_redirect(url_for("come_back", _external=True))

    @app.get("/back")
    @written
    def come_back() -> t.Any:
        try:
            token = oauth.library.authorize_access_token()
        except OAuthError as error:
            return {"error": error.error}, 400
        session["reader"] = oauth.library.userinfo()["name"]
        session["token"] = token
        return redirect(url_for("index"))

    @app.get("/")
    @written
    def index() -> t.Any:
        return session.get("reader", "a stranger")

    @app.get("/loans")
    @written
    def show_loans() -> t.Any:
        answer = oauth.library.get("loans", token=session["token"])
        return answer.json(), answer.status_code

    return client


def ask_leave(shop: FlaskClient, at_library: FlaskClient, login: str = "/login", **changes: str) -> str:
    """Go from the shop to the library, allow it, and tell the address that the library sends the browser to."""
    target = urlsplit(shop.get(login).location)
    response = at_library.post(f"/authorize?{target.query}", data={"reader": "ada", **changes})
    assert response.status_code == 302, response.text
    return t.cast(str, response.location)


def fetch(client: FlaskClient, path: str, token: str) -> TestResponse:
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


def test_a_customer_comes_from_the_library(shop: FlaskClient, at_library: FlaskClient) -> None:
    target = urlsplit(shop.get("/login").location)
    asked = {name: value for name, (value,) in parse_qs(target.query).items()}
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", "shop", "name")
    assert (asked["redirect_uri"], asked["code_challenge_method"]) == ("http://localhost/back", "S256")
    assert at_library.get(f"/authorize?{target.query}").json == {"client": "shop", "scope": "name"}
    back = ask_leave(shop, at_library)
    assert shop.get(back, follow_redirects=True).text == "Ada Lovelace"
    assert shop.get("/").text == "Ada Lovelace"


def test_a_code_serves_once(shop: FlaskClient, at_library: FlaskClient) -> None:
    back = ask_leave(shop, at_library)
    assert shop.get(back).status_code == 302
    with shop.session_transaction() as stored:
        stored[f"_state_library_{parse_qs(urlsplit(back).query)['state'][0]}"] = {
            "data": {"redirect_uri": Friend.redirect_uri, "code_verifier": "v" * 48},
            "exp": time.time() + 60,
        }
    assert shop.get(back).json == {"error": "invalid_grant"}


def test_a_state_of_another_browser_is_refused(shop: FlaskClient, at_library: FlaskClient, visitor: t.Any) -> None:
    back = ask_leave(shop, at_library)
    response = visitor().get(back)
    assert (response.status_code, response.json) == (400, {"error": "mismatching_state"})
    assert visitor().get("/").text == "a stranger"


def test_a_reader_who_says_no(shop: FlaskClient, at_library: FlaskClient) -> None:
    back = ask_leave(shop, at_library, reader="")
    assert shop.get(back).json == {"error": "access_denied"}


def test_what_the_library_refuses_to_authorize(at_library: FlaskClient) -> None:
    base = "/authorize?response_type=code&client_id="
    unknown = at_library.get(f"{base}thief&redirect_uri=http://localhost/back")
    assert (unknown.status_code, unknown.json["error"]) == (400, "invalid_client")
    elsewhere = at_library.get(f"{base}shop&redirect_uri=http://thief.example/")
    assert (elsewhere.status_code, elsewhere.json["error"]) == (400, "invalid_request")


def test_a_stolen_code_is_of_no_use(shop: FlaskClient, at_library: FlaskClient, desk: Desk) -> None:
    """Whoever has it lacks the verifier, which never left the shop."""
    (code,) = parse_qs(urlsplit(ask_leave(shop, at_library)).query)["code"]
    data = {"grant_type": "authorization_code", "code": code, "redirect_uri": Friend.redirect_uri}
    for verifier in ({}, {"code_verifier": "v" * 48}):
        response = at_library.post("/token", data={**data, **verifier}, auth=("shop", "hush"))
        assert response.status_code == 400
        assert response.json["error"] == ("invalid_grant" if verifier else "invalid_request")
    assert desk.tokens == []


def test_a_token_opens_what_its_scope_says(shop: FlaskClient, at_library: FlaskClient, desk: Desk) -> None:
    shop.get(ask_leave(shop, at_library))
    (token,) = desk.tokens
    heard = []

    def hear(sender: ResourceProtector, token: Token) -> None:
        heard.append(token)

    with token_authenticated.connected_to(hear):
        assert fetch(at_library, "/me", token.access_token).json == {"sub": "ada", "name": "Ada Lovelace"}
    assert heard == [token]
    response = shop.get("/loans")
    assert (response.status_code, response.json["error"]) == (403, "insufficient_scope")
    assert fetch(at_library, "/hours", token.access_token).text == "For ada: 9 to 5"
    assert at_library.get("/hours").text == "9 to 5"


@pytest.mark.parametrize(
    ("headers", "error"),
    [({}, "missing_authorization"), ({"Authorization": "Bearer none"}, "invalid_token")],
)
def test_without_a_token(at_library: FlaskClient, headers: dict[str, str], error: str) -> None:
    for path in ("/me", "/loans"):
        response = at_library.get(path, headers=headers)
        assert (response.status_code, response.json["error"]) == (401, error)
        assert response.headers["WWW-Authenticate"].lower().startswith(f'bearer error="{error}"')


def test_a_token_for_the_shop_itself(at_library: FlaskClient, desk: Desk) -> None:
    ask = functools.partial(at_library.post, "/token")
    data = {"grant_type": "client_credentials", "scope": "loans secrets"}
    token = t.cast(t.Any, ask(data=data, auth=("shop", "hush")).json)
    assert (token["token_type"], token["scope"]) == ("Bearer", "loans")
    assert fetch(at_library, "/loans", token["access_token"]).json == [None, "Sketch of the Analytical Engine"]
    wrong = ask(data=data, auth=("shop", "loud"))
    assert (wrong.status_code, wrong.json["error"]) == (401, "invalid_client")
    other = ask(data={"grant_type": "password"}, auth=("shop", "hush"))
    assert (other.status_code, other.json["error"]) == (400, "unsupported_grant_type")


def test_an_expired_token_is_renewed(
    app: Flask, oauth: OAuth, shop: FlaskClient, at_library: FlaskClient, desk: Desk
) -> None:
    shop.get(ask_leave(shop, at_library))
    with shop.session_transaction() as stored:
        stored["token"]["expires_at"] = 1
        stored["token"] = dict(stored["token"])
    heard = []

    def hear(sender: Flask, name: str, token: dict[str, t.Any], **more: t.Any) -> None:
        heard.append((sender, name, token["access_token"]))

    with token_update.connected_to(hear, app):
        assert shop.get("/loans").status_code == 403
    old, new = desk.tokens
    assert (old.revoked, new.revoked, new.user) == (True, False, "ada")
    assert heard == [(app, "library", new.access_token)]


def test_a_revoked_token_opens_nothing(shop: FlaskClient, at_library: FlaskClient, desk: Desk) -> None:
    shop.get(ask_leave(shop, at_library))
    (token,) = desk.tokens
    heard = []

    def hear(sender: AuthorizationServer, token: Token, client: Friend) -> None:
        heard.append(token)

    with token_revoked.connected_to(hear):
        at_library.post("/revoke", data={"token": token.access_token}, auth=("shop", "hush"))
    assert heard == [token]
    assert fetch(at_library, "/me", token.access_token).status_code == 401


def test_who_the_customer_is_by_openid_connect(
    app: Flask, oauth: OAuth, shop: FlaskClient, at_library: FlaskClient, written: t.Any
) -> None:
    @app.get("/openid")
    @written
    def log_in_by_openid() -> t.Any:
        return oauth.openid.authorize_redirect("http://localhost/back/openid")

    @app.get("/back/openid")
    @written
    def come_back_by_openid() -> t.Any:
        return oauth.openid.authorize_access_token()["userinfo"]

    who = t.cast(t.Any, shop.get(ask_leave(shop, at_library, "/openid")).json)
    assert (who["iss"], who["aud"], who["sub"], who["name"]) == (
        "https://library.example",
        ["shop"],
        "ada",
        "Ada Lovelace",
    )
