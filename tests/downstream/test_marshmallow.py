"""An address book of Flask-SQLAlchemy that Flask-Marshmallow reads and writes."""

from __future__ import annotations

import io
import typing as t
import warnings
from collections.abc import Iterator

import pytest
from flask_sqlalchemy import SQLAlchemy
from marshmallow import ValidationError
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from flask import Flask, jsonify, request
from flask.testing import FlaskClient

with warnings.catch_warnings(action="ignore"):  # it would like marshmallow-sqlalchemy, too, which makes its schemas
    from flask_marshmallow import Marshmallow
    from flask_marshmallow.validate import FileType


class Base(DeclarativeBase):
    """What the models have in common."""


db = SQLAlchemy(model_class=Base)
ma = Marshmallow()


class Town(db.Model):  # type: ignore[name-defined, misc]
    """Where people live."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    people: Mapped[list[Person]] = relationship(back_populates="town", order_by="Person.id")


class Person(db.Model):  # type: ignore[name-defined, misc]
    """Someone of the book."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    town_id: Mapped[int] = mapped_column(ForeignKey(Town.id))
    town: Mapped[Town] = relationship(back_populates="people")


class TownSchema(ma.Schema):  # type: ignore[name-defined, misc]
    """A town, where it is found and who lives there."""

    id = ma.Integer(dump_only=True)
    name = ma.String(required=True)
    people = ma.Pluck("PersonSchema", "name", many=True, dump_only=True)
    links = ma.Hyperlinks(
        {
            "self": ma.URLFor("town", values={"name": "<name>"}),
            "all": ma.AbsoluteURLFor("towns", values={"_scheme": "https"}),
        }
    )


class PersonSchema(ma.Schema):  # type: ignore[name-defined, misc]
    """Someone, with the town's name."""

    name = ma.String(required=True)
    town = ma.Function(lambda person: person.town.name)
    home = ma.URLFor("town", values={"name": "<town.name>"})


class PictureSchema(ma.Schema):  # type: ignore[name-defined, misc]
    """A picture of someone."""

    picture = ma.File(required=True, validate=FileType([".gif"]))


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)
    ma.init_app(app)
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def book(app: Flask, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the book."""

    @app.errorhandler(ValidationError)
    @written
    def refuse(error: ValidationError) -> t.Any:
        return {"errors": error.messages}, 422

    @app.route("/towns", methods=["GET", "POST"])
    @written
    def towns() -> t.Any:
        if request.method == "GET":
            return TownSchema(many=True, exclude=["links"]).jsonify(db.session.scalars(db.select(Town)))
        town = Town(**TownSchema().load(request.get_json()))
        db.session.add(town)
        db.session.commit()
        return TownSchema().dump(town), 201

    @app.route("/towns/<name>", methods=["GET", "POST"])
    @written
    def town(name: str) -> t.Any:
        town = db.first_or_404(db.select(Town).filter_by(name=name))
        if request.method == "POST":
            town.people.append(Person(**PersonSchema().load(request.form)))
            db.session.commit()
            return PersonSchema(many=True).jsonify(town.people)
        return TownSchema().jsonify(town)

    @app.post("/picture")
    @written
    def picture() -> t.Any:
        return jsonify(size=len(PictureSchema().load(request.files)["picture"].read()))

    return client


def test_towns_and_their_people(book: FlaskClient) -> None:
    made = book.post("/towns", json={"name": "St. Ives"})
    links = {"self": "/towns/St.%20Ives", "all": "https://localhost/towns"}
    assert (made.status_code, made.json) == (201, {"id": 1, "name": "St. Ives", "people": [], "links": links})
    people = book.post("/towns/St. Ives", data={"name": "Ada"}).json
    assert people == [{"name": "Ada", "town": "St. Ives", "home": "/towns/St.%20Ives"}]
    assert book.get("/towns/St. Ives").json == {"id": 1, "name": "St. Ives", "people": ["Ada"], "links": links}
    assert book.get("/towns").json == [{"id": 1, "name": "St. Ives", "people": ["Ada"]}]


def test_what_is_refused(book: FlaskClient) -> None:
    response = book.post("/towns", json={"size": 7})
    errors = {"name": ["Missing data for required field."], "size": ["Unknown field."]}
    assert (response.status_code, response.json) == (422, {"errors": errors})
    assert book.get("/towns/Nowhere").status_code == 404


def test_files(book: FlaskClient) -> None:
    assert book.post("/picture", data={"picture": (io.BytesIO(b"GIF"), "a.gif")}).json == {"size": 3}
    assert book.post("/picture", data={"picture": (io.BytesIO(b"PNG"), "a.png")}).status_code == 422
    assert book.post("/picture").status_code == 422
