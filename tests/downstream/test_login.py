"""A club whose members log in by Flask-Login."""

from __future__ import annotations

import asyncio
import typing as t
from collections.abc import Callable

import pytest
from flask_login import (
    FlaskLoginClient,
    LoginManager,
    UserMixin,
    current_user,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
    user_logged_in,
    user_logged_out,
)
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.test import TestResponse

from flask import Flask, get_flashed_messages, redirect, render_template_string, request, url_for
from flask.testing import FlaskClient
from flask.views import MethodView

PASSWORD = "lovelace"
HASH = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")  # one round: these tests are not about passwords


class Member(UserMixin):
    """A member of the club, who may have been barred."""

    def __init__(self, name: str, is_active: bool = True) -> None:
        self.id = name
        self.may_enter = is_active

    @property
    def is_active(self) -> bool:
        return self.may_enter


MEMBERS = {"ada": Member("ada"), "charles": Member("charles"), "byron": Member("byron", is_active=False)}


@pytest.fixture
def manager(app: Flask) -> LoginManager:
    manager = LoginManager(app)
    manager.login_view = manager.refresh_view = "login"
    manager.user_loader(MEMBERS.get)
    return manager


@pytest.fixture
def club(app: Flask, manager: LoginManager, visitor: t.Any, written: t.Any) -> Callable[..., FlaskClient]:
    """Gives another client of the club at each call."""

    @app.get("/")
    @written
    def index() -> t.Any:
        return render_template_string("{{ current_user.id if current_user.is_authenticated else 'a stranger' }}")

    @app.route("/login", methods=["GET", "POST"])
    @written
    def login() -> t.Any:
        if request.method == "GET":
            return {"messages": get_flashed_messages()}
        member = MEMBERS.get(request.form["name"])
        if member is None or not check_password_hash(HASH, request.form["password"]):
            return "Name or password is wrong.", 401
        if not login_user(member, remember="remember" in request.form):
            return "You are barred.", 403
        return redirect(request.args.get("next") or url_for("index"))

    @app.post("/logout")
    @login_required
    @written
    def logout() -> t.Any:
        logout_user()
        return redirect(url_for("index"))

    @app.get("/lounge")
    @login_required
    @written
    def lounge() -> t.Any:
        return f"Tea for {current_user.id}?"

    @app.get("/safe")
    @fresh_login_required
    @written
    def safe() -> t.Any:
        return "Jewels"

    class Desk(MethodView):
        decorators: t.ClassVar = [login_required]

        @written
        def get(self) -> str:
            return f"The desk of {current_user.id}"

    app.add_url_rule("/desk", view_func=Desk.as_view("desk"))
    return t.cast("Callable[..., FlaskClient]", visitor)


def log_in(client: FlaskClient, name: str = "ada", **form: str) -> TestResponse:
    return client.post("/login", data={"name": name, "password": PASSWORD, **form})


def test_a_stranger_is_sent_to_the_login_and_from_there_back(club: t.Any) -> None:
    client = club()
    for path in ("/lounge", "/safe", "/desk"):
        response = client.get(path)
        assert (response.status_code, response.location) == (302, f"/login?next=%2F{path[1:]}")
    response = client.post(client.get("/lounge").location, data={"name": "ada", "password": PASSWORD})
    assert response.location == "/lounge"
    assert client.get(response.location).text == "Tea for ada?"


def test_the_login_says_why_one_is_there(club: t.Any) -> None:
    response = club().get("/lounge", follow_redirects=True)
    assert response.json == {"messages": ["Please log in to access this page."]}


def test_log_in_and_out(club: t.Any) -> None:
    client = club()
    assert log_in(client).location == "/"
    pages = {path: client.get(path).text for path in ("/", "/lounge", "/safe", "/desk")}
    assert pages == {"/": "ada", "/lounge": "Tea for ada?", "/safe": "Jewels", "/desk": "The desk of ada"}
    assert client.post("/logout", follow_redirects=True).text == "a stranger"
    assert client.get("/lounge").status_code == 302


def test_refused_logins(club: t.Any) -> None:
    client = club()
    wrong = log_in(client, password="byron")
    assert (wrong.status_code, wrong.text) == (401, "Name or password is wrong.")
    assert log_in(client, "nobody").status_code == 401
    barred = log_in(client, "byron")
    assert (barred.status_code, barred.text) == (403, "You are barred.")
    assert client.get("/").text == "a stranger"


def test_members_are_told_apart(club: t.Any) -> None:
    ada, charles = club(), club()
    log_in(ada, "ada")
    log_in(charles, "charles")
    assert [ada.get("/lounge").text, charles.get("/lounge").text] == ["Tea for ada?", "Tea for charles?"]
    ada.post("/logout")
    assert [ada.get("/").text, charles.get("/").text] == ["a stranger", "charles"]


def test_who_is_remembered_is_known_without_a_session_but_not_fresh(club: t.Any) -> None:
    client = club()
    log_in(client, remember="yes")
    client.delete_cookie("session")
    assert client.get("/lounge").text == "Tea for ada?"
    assert client.get("/safe").location == "/login?next=%2Fsafe"
    client.post("/logout")
    assert client.get_cookie("remember_token") is None
    assert client.get("/").text == "a stranger"


def test_a_forged_cookie_is_not_believed(club: t.Any) -> None:
    client = club()
    client.set_cookie("remember_token", "ada|" + "0" * 128)
    assert client.get("/").text == "a stranger"


def test_strong_protection_ends_the_session_of_another_browser(app: Flask, manager: LoginManager, club: t.Any) -> None:
    manager.session_protection = "strong"
    client = club()
    log_in(client)
    assert client.get("/").text == "ada"
    assert client.get("/", headers={"User-Agent": "Another"}).text == "a stranger"


def test_no_redirect_without_a_login_view(manager: LoginManager, club: t.Any) -> None:
    manager.login_view = None
    assert club().get("/lounge").status_code == 401


def test_an_own_answer_to_strangers(manager: LoginManager, club: t.Any) -> None:
    manager.unauthorized_handler(lambda: ({"error": "members only"}, 403))
    response = club().get("/lounge")
    assert (response.status_code, response.json) == (403, {"error": "members only"})


def test_a_request_may_bring_its_key(app: Flask, manager: LoginManager, club: t.Any) -> None:
    manager.request_loader(lambda request: MEMBERS.get(request.headers.get("X-Key", "")))
    client = club()
    assert client.get("/lounge", headers={"X-Key": "charles"}).text == "Tea for charles?"
    assert client.get("/lounge").status_code == 302


def test_signals(app: Flask, club: t.Any) -> None:
    heard = []

    def hear_login(sender: Flask, user: Member) -> None:
        heard.append(("in", sender, user.id))

    def hear_logout(sender: Flask, user: Member) -> None:
        heard.append(("out", sender, user.id))

    client = club()
    with user_logged_in.connected_to(hear_login, app), user_logged_out.connected_to(hear_logout, app):
        log_in(client)
        client.post("/logout")
    assert heard == [("in", app, "ada"), ("out", app, "ada")]


def test_the_extension_s_own_client(app: Flask, manager: LoginManager, club: t.Any) -> None:
    manager.session_protection = None  # it would not take a login from elsewhere for fresh
    app.test_client_class = FlaskLoginClient
    assert club(user=MEMBERS["ada"]).get("/safe").text == "Jewels"
    assert club(user=MEMBERS["ada"], fresh_login=False).get("/safe").status_code == 302


def test_who_the_user_is_after_the_request(club: t.Any) -> None:
    with club() as client:
        log_in(client)
        client.get("/lounge")
        assert current_user.id == "ada"


@pytest.mark.parametrize("way", ["asgi, thread"], indirect=True)
def test_a_protected_async_view_runs_on_the_loop_that_serves(app: Flask, manager: LoginManager) -> None:
    """Else it could not wait for what other requests do."""
    both = asyncio.Barrier(2)
    app.test_client_class = FlaskLoginClient

    @app.get("/meet")
    @login_required
    async def meet() -> str:
        before = current_user.id
        await both.wait()
        return f"{before} is {current_user.id}"

    async def come(name: str) -> str:
        async with app.async_test_client(user=MEMBERS[name]) as client:
            return t.cast(str, (await client.get("/meet")).text)

    async def come_both() -> list[str]:
        return await asyncio.wait_for(asyncio.gather(come("ada"), come("charles")), 20)

    assert asyncio.run(come_both()) == ["ada is ada", "charles is charles"]
