"""A newspaper whose people may do what Flask-Principal lets them."""

from __future__ import annotations

import typing as t
from functools import partial

import pytest
from flask_principal import (
    ActionNeed,
    AnonymousIdentity,
    Denial,
    Identity,
    ItemNeed,
    Permission,
    PermissionDenied,
    Principal,
    RoleNeed,
    UserNeed,
    identity_changed,
    identity_loaded,
)

from flask import Flask, g, request
from flask.testing import FlaskClient

EditNeed = partial(ItemNeed, "edit", type="article")

editor = Permission(RoleNeed("editor"))
printer = Permission(ActionNeed("print"), RoleNeed("editor"))
not_barred = Denial(UserNeed("byron"))


@pytest.fixture
def paper(app: Flask, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the newspaper."""
    principal = Principal(app, skip_static=True)

    @identity_loaded.connect_via(app)
    def add_needs(sender: Flask, identity: Identity) -> None:
        identity.provides.add(UserNeed(identity.id))
        if identity.id == "ada":
            identity.provides.add(RoleNeed("editor"))
        identity.provides.add(EditNeed(len(str(identity.id))))

    @principal.identity_loader
    def load_by_key() -> Identity | None:
        return Identity(request.headers["X-Key"], "key") if "X-Key" in request.headers else None

    @app.post("/login")
    @written
    def log_in() -> t.Any:
        identity = Identity(request.form["name"])
        identity_changed.send(app, identity=identity)
        return g.identity.id

    @app.post("/logout")
    @written
    def log_out() -> t.Any:
        identity_changed.send(app, identity=AnonymousIdentity())
        return ""

    @app.get("/me")
    @written
    def me() -> t.Any:
        return {"id": g.identity.id, "by": g.identity.auth_type, "prints": printer.can(), "edits": bool(editor)}

    @app.get("/draft")
    @editor.require(403)
    @written
    def draft() -> t.Any:
        return f"for {g.identity.id}"

    @app.get("/plain-draft")
    @editor.require()
    @not_barred.require(401)
    @written
    def plain_draft() -> t.Any:
        return "a draft"

    @app.get("/articles/<int:number>/edit")
    @written
    def edit(number: int) -> t.Any:
        with Permission(EditNeed(number)).require(403):
            return f"article {number}"

    return client


@pytest.fixture
def ada(paper: FlaskClient) -> FlaskClient:
    """A client of the editor's."""
    assert paper.post("/login", data={"name": "ada"}).text == "ada"
    return paper


def test_who_one_is_is_kept_in_the_session(ada: FlaskClient) -> None:
    assert ada.get("/me").json == {"id": "ada", "by": None, "prints": True, "edits": True}
    ada.post("/logout")
    assert ada.get("/me").json == {"id": None, "by": None, "prints": False, "edits": False}


def test_who_may_not_is_refused(paper: FlaskClient, visitor: t.Any) -> None:
    assert paper.get("/draft").status_code == 403
    paper.post("/login", data={"name": "charles"})
    assert [paper.get(f"/articles/{number}/edit").status_code for number in (7, 3)] == [200, 403]
    other = visitor()
    other.post("/login", data={"name": "ada"})
    assert other.get("/draft").text == "for ada"
    assert [paper.get("/me").json["id"], other.get("/me").json["id"]] == ["charles", "ada"]  # type: ignore[index]


def test_a_key_of_a_request(paper: FlaskClient) -> None:
    assert paper.get("/draft", headers={"X-Key": "ada"}).text == "for ada"
    answer = paper.get("/me", headers={"X-Key": "byron"}).json
    assert answer == {"id": "byron", "by": "key", "prints": False, "edits": False}


def test_an_own_answer_to_who_may_not(app: Flask, paper: FlaskClient, written: t.Any) -> None:
    @app.errorhandler(PermissionDenied)
    @written
    def refuse(error: PermissionDenied) -> t.Any:
        return {"needs": [need.value for need in error.args[0].needs]}, 402

    response = paper.get("/plain-draft")
    assert (response.status_code, response.json) == (402, {"needs": ["editor"]})
    assert paper.get("/plain-draft", headers={"X-Key": "ada"}).text == "a draft"


def test_permissions_are_asked_outside_of_views(app: Flask, paper: FlaskClient) -> None:
    with app.test_request_context(headers={"X-Key": "ada"}):
        app.preprocess_request()
        assert editor.can()
        assert editor.union(not_barred).can()
        assert not editor.reverse().can()
