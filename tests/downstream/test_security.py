"""A learned society whose members register, log in and have roles by Flask-Security."""

from __future__ import annotations

import asyncio
import re
import typing as t
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask_mailman import Mail
from flask_security import (
    Security,
    SQLAlchemyUserDatastore,
    auth_required,
    current_user,
    hash_password,
    naive_utcnow,
    permissions_required,
    roles_accepted,
    roles_required,
    user_confirmed,
    user_registered,
)
from flask_security.models import fsqla_v3 as models
from flask_sqlalchemy import SQLAlchemy
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from flask import Flask, render_template_string
from flask.testing import FlaskClient

PASSWORD = "difference engine"

db = SQLAlchemy()
models.FsModels.set_db_info(db)


class Role(db.Model, models.FsRoleMixin):  # type: ignore[name-defined, misc]
    """What a member may be."""


class User(db.Model, models.FsUserMixin):  # type: ignore[name-defined, misc]
    """A member of the society."""


class WebAuthn(db.Model, models.FsWebAuthnMixin):  # type: ignore[name-defined, misc]
    """A key of a member: the models want it, and nobody has one here."""


@pytest.fixture
def security(app: Flask, post_office: t.Any, compiled_templates: FileSystemBytecodeCache) -> Iterator[Security]:
    app.jinja_options = {"bytecode_cache": compiled_templates}
    app.config.update(
        SECURITY_PASSWORD_SALT="salt",
        # As little work as there may be: these tests are not about passwords.
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={"argon2__rounds": 1, "argon2__memory_cost": 32},
        SECURITY_HASHING_SCHEMES=["hex_md5"],
        SECURITY_DEPRECATED_HASHING_SCHEMES=[],
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_EMAIL_SENDER="society@example.org",
        SECURITY_REGISTERABLE=True,
        SECURITY_CONFIRMABLE=True,
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_TRACKABLE=True,
        SECURITY_USE_REGISTER_V2=True,
        SQLALCHEMY_DATABASE_URI="sqlite://",
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=post_office.port,
    )
    Mail(app)
    db.init_app(app)
    security = Security(app, SQLAlchemyUserDatastore(db, User, Role))
    with app.app_context():
        db.create_all()
        store = security.datastore
        store.create_role(name="fellow", permissions={"vote"})
        store.create_role(name="president", permissions={"vote", "expel"})
        password = hash_password(PASSWORD)
        confirmed = naive_utcnow()
        for name, roles in {"ada": ["fellow", "president"], "charles": ["fellow"], "eve": []}.items():
            store.create_user(email=f"{name}@example.org", password=password, roles=roles, confirmed_at=confirmed)
        store.commit()
    yield security
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def society(app: Flask, security: Security, visitor: t.Any, written: t.Any) -> Callable[..., FlaskClient]:
    """Gives another client of the society at each call."""

    @app.get("/")
    @written
    def index() -> t.Any:
        return render_template_string("{{ current_user.email if current_user.is_authenticated else 'a stranger' }}")

    @app.get("/library")
    @auth_required("session", "token")
    @written
    def library() -> t.Any:
        return {"reader": current_user.email}

    @app.get("/api")
    @auth_required("basic", "token")
    @written
    def api() -> t.Any:
        return {"caller": current_user.email}

    @app.get("/meeting")
    @auth_required()
    @roles_accepted("fellow", "guest")
    @written
    def meeting() -> t.Any:
        return f"Welcome, {current_user.email}"

    @app.get("/chair")
    @auth_required()
    @roles_required("fellow", "president")
    @written
    def chair() -> t.Any:
        return "Order!"

    @app.get("/expel")
    @auth_required()
    @permissions_required("expel")
    @written
    def expel() -> t.Any:
        return "Expelled"

    return t.cast("Callable[..., FlaskClient]", visitor)


def fill_in(client: FlaskClient, path: str, **data: str) -> TestResponse:
    """Send the form at a path, with the token against forged requests that is in it."""
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **data})


def log_in(client: FlaskClient, name: str = "ada", password: str = PASSWORD, **data: str) -> TestResponse:
    return fill_in(client, "/login", email=f"{name}@example.org", password=password, **data)


def get_token(client: FlaskClient, name: str = "ada", password: str = PASSWORD) -> t.Any:
    """What a program gets that logs in."""
    token = client.get("/login", headers={"Accept": "application/json"}).get_json()["response"]["csrf_token"]
    data = {"email": f"{name}@example.org", "password": password, "csrf_token": token}
    return client.post("/login?include_auth_token", json=data).get_json()


def find_link(mail: t.Any) -> str:
    """The path that a mail leads to."""
    found = re.search(r"http://localhost(/\S+)", mail.get_body(["plain"]).get_content())
    assert found is not None
    return found[1]


def test_a_stranger_is_sent_to_the_login_and_from_there_back(society: t.Any) -> None:
    client = society()
    response = client.get("/library")
    assert (response.status_code, response.location) == (302, "/login?next=/library")
    form = fill_in(client, response.location, email="ada@example.org", password=PASSWORD)
    assert form.location == "/library"
    assert client.get("/library").json == {"reader": "ada@example.org"}


def test_a_program_is_told_so(society: t.Any) -> None:
    response = society().get("/library", headers={"Accept": "application/json"})
    assert (response.status_code, response.get_json()["meta"]["code"]) == (401, 401)


def test_log_in_and_out(society: t.Any) -> None:
    client = society()
    assert log_in(client).location == "/"
    assert client.get("/").text == "ada@example.org"
    assert client.post("/logout").location == "/"
    assert client.get("/").text == "a stranger"


def test_refused_logins(society: t.Any) -> None:
    client = society()
    assert "Invalid password" in log_in(client, password="analytical engine").text
    assert "Specified user does not exist" in log_in(client, "nobody").text
    forged = client.post("/login", data={"email": "ada@example.org", "password": PASSWORD})
    assert "The CSRF token is missing" in forged.text
    assert client.get("/").text == "a stranger"


def test_who_is_inactive_stays_outside(app: Flask, security: Security, society: t.Any) -> None:
    client = society()
    log_in(client, "charles")
    with app.app_context():
        security.datastore.deactivate_user(security.datastore.find_user(email="charles@example.org"))
        security.datastore.commit()
    assert client.get("/").text == "a stranger"
    assert "Account is disabled" in log_in(client, "charles").text


def test_who_is_remembered(society: t.Any) -> None:
    client = society()
    log_in(client, remember="y")
    client.delete_cookie("session")
    assert client.get("/library").json == {"reader": "ada@example.org"}


def test_roles_and_permissions(society: t.Any) -> None:
    allowed = {"ada": (200, 200, 200), "charles": (200, 403, 403), "eve": (403, 403, 403)}
    for name, statuses in allowed.items():
        client = society()
        log_in(client, name)
        assert tuple(client.get(path).status_code for path in ("/meeting", "/chair", "/expel")) == statuses


def test_tokens(society: t.Any) -> None:
    answer = get_token(society())
    assert answer["meta"] == {"code": 200}
    headers = {"Authentication-Token": answer["response"]["user"]["authentication_token"]}
    assert society().get("/api", headers=headers).json == {"caller": "ada@example.org"}
    assert society().get("/library", headers=headers).json == {"reader": "ada@example.org"}
    forged = society().get("/api", headers={"Authentication-Token": "x", "Accept": "application/json"})
    assert (forged.status_code, forged.headers["WWW-Authenticate"]) == (401, 'Basic realm="Login Required"')


def test_a_refused_login_of_a_program(society: t.Any) -> None:
    answer = get_token(society(), password="analytical engine")
    assert (answer["meta"], answer["response"]["field_errors"]) == ({"code": 400}, {"password": ["Invalid password"]})


def test_a_password_with_each_request(society: t.Any) -> None:
    assert society().get("/api", auth=("charles@example.org", PASSWORD)).json == {"caller": "charles@example.org"}
    assert society().get("/api", auth=("charles@example.org", "x")).status_code == 401


def test_who_registers_confirms_the_address(app: Flask, society: t.Any, written: t.Any, post_office: t.Any) -> None:
    heard = []

    @written
    def hear(sender: Flask, user: User, **extra: t.Any) -> None:
        heard.append((user.email, user.confirmed_at is not None))

    client = society()
    data = {"email": "mary@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
    with user_registered.connected_to(hear, app), user_confirmed.connected_to(hear, app):
        assert fill_in(client, "/register", **data).location == "/"
        (mail,) = post_office.mails
        assert (mail["From"], mail["To"]) == ("society@example.org", "mary@example.org")
        assert "Email requires confirmation" in log_in(client, "mary").text
        assert client.get("/confirm/forged").status_code == 302
        assert "Email requires confirmation" in log_in(client, "mary").text
        assert client.get(find_link(mail)).status_code == 302
    assert heard == [("mary@example.org", False), ("mary@example.org", True)]
    assert log_in(client, "mary").location == "/"
    assert client.get("/").text == "mary@example.org"


def test_refused_registrations(society: t.Any, post_office: t.Any) -> None:
    client = society()
    data = {"email": "ada@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
    assert "is already associated with an account" in fill_in(client, "/register", **data).text
    data = {"email": "nowhere", "password": "short", "password_confirm": "shorter"}
    text = fill_in(client, "/register", **data).text
    for reason in ("Invalid email address", "Password must be at least 8 characters", "Passwords do not match"):
        assert reason in text
    assert post_office.mails == []


def test_a_change_of_password(society: t.Any, post_office: t.Any) -> None:
    client, elsewhere = society(), society()
    log_in(client)
    log_in(elsewhere)
    token = {"Authentication-Token": get_token(society())["response"]["user"]["authentication_token"]}
    data = {"password": PASSWORD, "new_password": "analytical engine", "new_password_confirm": "analytical engine"}
    assert "Invalid password" in fill_in(client, "/change", **{**data, "password": "wrong engine"}).text
    assert fill_in(client, "/change", **data).location == "/"
    assert [mail["Subject"] for mail in post_office.mails] == ["Your password has been changed"]
    assert client.get("/").text == "ada@example.org"
    assert elsewhere.get("/").text == "a stranger"
    assert society().get("/api", headers=token).status_code == 401
    assert log_in(elsewhere, password="analytical engine").location == "/"


def test_a_forgotten_password(society: t.Any, post_office: t.Any) -> None:
    client = society()
    assert fill_in(client, "/reset", email="ada@example.org").status_code == 200
    link = find_link(post_office.mails[0])
    path = urlsplit(client.get(link, follow_redirects=True).request.url).path
    data = {"password": "analytical engine", "password_confirm": "analytical engine"}
    assert fill_in(client, path, **data).status_code == 302
    assert log_in(client, password="analytical engine").location == "/"
    assert client.post("/logout").status_code == 302
    assert "Invalid reset password token" in client.get("/reset/forged", follow_redirects=True).text


def test_logins_are_counted(app: Flask, security: Security, society: t.Any) -> None:
    for _ in range(2):
        log_in(society())
    with app.app_context():
        ada = security.datastore.find_user(email="ada@example.org")
        assert (ada.login_count, ada.current_login_ip) == (2, "127.0.0.1")


def test_commands(app: Flask, security: Security) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=arguments)
        return result.exit_code, result.output

    assert run("users", "create", "mary@example.org", "--password", PASSWORD, "--active")[0] == 0
    assert run("roles", "add", "mary@example.org", "fellow")[0] == 0
    code, said = run("roles", "add", "nobody@example.org", "fellow")
    assert (code, "User not found" in said) == (2, True)
    with app.app_context():
        mary = security.datastore.find_user(email="mary@example.org")
        assert (mary.active, mary.has_role("fellow"), mary.has_role("president")) == (True, True, False)


@pytest.mark.parametrize("way", ["asgi, thread"], indirect=True)
@pytest.mark.parametrize("written", ["async"], indirect=True)
def test_a_protected_async_view_runs_on_the_loop_that_serves(app: Flask, society: t.Any) -> None:
    """Else it could not wait for what other requests do."""
    both = asyncio.Barrier(2)

    @app.get("/meet")
    @auth_required("basic")
    @roles_required("fellow")
    async def meet() -> str:
        before = current_user.email
        await both.wait()
        return f"{before} is {current_user.email}"

    async def come(name: str) -> str:
        async with app.async_test_client() as client:
            return t.cast(str, (await client.get("/meet", auth=(f"{name}@example.org", PASSWORD))).text)

    async def come_both() -> list[str]:
        return await asyncio.wait_for(asyncio.gather(come("ada"), come("charles")), 20)

    emails = "ada@example.org", "charles@example.org"
    assert asyncio.run(come_both()) == [f"{email} is {email}" for email in emails]
