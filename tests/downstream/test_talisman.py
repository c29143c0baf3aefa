"""A bank whose pages Flask-Talisman guards: by headers, nonces, and HTTPS."""

from __future__ import annotations

import re
import typing as t

import pytest
from flask_talisman import ALLOW_FROM, DENY, Talisman
from werkzeug.test import TestResponse

from flask import Blueprint, Flask, abort, render_template_string, session
from flask.testing import FlaskClient

PAGE = """<script nonce="{{ csp_nonce() }}">hello()</script><style nonce="{{ csp_nonce() }}"></style>"""
HTTPS: dict[str, t.Any] = {"base_url": "https://localhost"}


@pytest.fixture
def talisman(app: Flask) -> Talisman:
    return Talisman(
        app,
        content_security_policy={"default-src": "'self'", "script-src": ["'self'", "cdn.example.org"]},
        content_security_policy_nonce_in=["script-src"],
    )


@pytest.fixture
def bank(app: Flask, talisman: Talisman, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the bank."""

    @app.get("/")
    @written
    def index() -> t.Any:
        return render_template_string(PAGE)

    @app.post("/login")
    @written
    def login() -> t.Any:
        session["name"] = "ada"
        return "Welcome"

    @app.get("/health")
    @talisman(force_https=False)
    @written
    def health() -> t.Any:
        return "well"

    @app.get("/map")
    @talisman(frame_options=ALLOW_FROM, frame_options_allow_from="https://maps.example", content_security_policy=None)
    @written
    def show_map() -> t.Any:
        return render_template_string(PAGE)

    branch = Blueprint("branch", __name__, url_prefix="/branches")

    @branch.get("/<name>")
    @talisman(frame_options=DENY, content_security_policy="default-src 'none'; img-src 'self' data:")
    @written
    def show_branch(name: str) -> t.Any:
        return name if name == "london" else abort(404)

    @app.get("/broken")
    @written
    def broken() -> t.Any:
        raise LookupError("The vault is empty.")

    app.register_blueprint(branch)
    return client


def is_guarded(response: TestResponse) -> bool:
    """Whether the headers that every page has are there."""
    return response.headers["X-Content-Type-Options"] == "nosniff" and "Referrer-Policy" in response.headers


def test_whoever_comes_by_http_is_sent_to_https(bank: FlaskClient) -> None:
    response = bank.get("/?from=mail")
    assert (response.status_code, response.location) == (302, "https://localhost/?from=mail")
    assert is_guarded(response)
    assert "Strict-Transport-Security" not in response.headers
    assert bank.post("/login").status_code == 302
    assert bank.get("/nowhere").location == "https://localhost/nowhere"


def test_not_where_a_proxy_has_https_or_the_view_needs_none(bank: FlaskClient) -> None:
    assert bank.get("/", headers={"X-Forwarded-Proto": "https"}).status_code == 200
    response = bank.get("/health")
    assert (response.status_code, response.text, is_guarded(response)) == (200, "well", True)


def test_not_in_debug_mode(app: Flask, bank: FlaskClient) -> None:
    app.debug = True
    assert bank.get("/").status_code == 200


def test_the_headers_of_every_page(bank: FlaskClient) -> None:
    headers = bank.get("/", **HTTPS).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"] == "max-age=31556926; includeSubDomains"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Permissions-Policy"] == "browsing-topics=()"


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/login", 405), ("/branches/oz", 404), ("/broken", 500)]
)
def test_the_pages_of_errors_have_them_too(bank: FlaskClient, path: str, status: int) -> None:
    response = bank.get(path, **HTTPS)
    assert (response.status_code, is_guarded(response)) == (status, True)


def test_each_request_has_a_nonce(bank: FlaskClient) -> None:
    nonces = set()
    for _ in range(2):
        response = bank.get("/", **HTTPS)
        (nonce,) = set(re.findall('nonce="([^"]+)"', response.text))
        assert response.headers["Content-Security-Policy"] == (
            f"default-src 'self'; script-src 'self' cdn.example.org 'nonce-{nonce}'"
        )
        nonces.add(nonce)
    assert len(nonces) == 2


def test_a_view_with_options_of_its_own(bank: FlaskClient) -> None:
    response = bank.get("/map", **HTTPS)
    assert response.headers["X-Frame-Options"] == "ALLOW-FROM https://maps.example"
    assert "Content-Security-Policy" not in response.headers
    assert 'nonce=""' in response.text
    assert bank.get("/", **HTTPS).headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["london", "oz"])
def test_a_view_of_a_blueprint_with_options_of_its_own(bank: FlaskClient, name: str) -> None:
    headers = bank.get(f"/branches/{name}", **HTTPS).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"] == "default-src 'none'; img-src 'self' data:"


def test_the_session_s_cookie_is_safe(bank: FlaskClient) -> None:
    response = bank.post("/login", **HTTPS)
    cookie = set(response.headers["Set-Cookie"].split("; ")[1:])
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= cookie


def test_a_policy_that_is_only_reported(app: Flask, client: FlaskClient, written: t.Any) -> None:
    options: dict[str, t.Any] = {"content_security_policy_report_uri": "/report", "force_https_permanent": True}
    Talisman(app, content_security_policy_report_only=True, **options)

    @app.get("/")
    @written
    def index() -> t.Any:
        return "Hello"

    assert client.get("/").status_code == 301
    assert client.get("/", **HTTPS).headers["Content-Security-Policy-Report-Only"] == (
        "default-src 'self'; object-src 'none'; report-uri /report"
    )
