"""A gallery whose pictures, painters and files are kept by Flask-Admin."""

from __future__ import annotations

import io
import re
import typing as t
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask_admin import Admin, AdminIndexView, BaseView, expose
from flask_admin.actions import action
from flask_admin.contrib.fileadmin import FileAdmin
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import SecureForm
from flask_admin.form.upload import FileUploadField
from flask_admin.menu import MenuLink
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from werkzeug.test import TestResponse

from flask import Flask, flash, redirect, request, session, url_for
from flask.testing import FlaskClient

# Its fields offer their choices as they did to older releases of WTForms.
pytestmark = pytest.mark.filterwarnings("ignore:Yielding raw tuples from iter_choices:DeprecationWarning")


class Base(DeclarativeBase):
    """What the models have in common."""


db = SQLAlchemy(model_class=Base)


class Painter(db.Model):  # type: ignore[name-defined, misc]
    """Who painted pictures."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    pictures: Mapped[list[Picture]] = relationship(back_populates="painter")

    def __str__(self) -> str:
        return self.name


class Picture(db.Model):  # type: ignore[name-defined, misc]
    """A picture of the gallery."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    is_shown: Mapped[bool] = mapped_column(default=True)
    scan: Mapped[str | None]
    painter_id: Mapped[int | None] = mapped_column(ForeignKey(Painter.id))
    painter: Mapped[Painter | None] = relationship(back_populates="pictures")


class PainterView(ModelView):
    """The painters."""

    can_view_details = can_export = True
    column_searchable_list = ("name",)
    column_editable_list = ("name",)
    form_columns = ("name",)


class PictureView(ModelView):
    """The pictures: only for who is of the house, by forms that carry a token."""

    form_base_class = SecureForm
    page_size = 2
    column_list = ("title", "painter", "is_shown")
    column_searchable_list = ("title", "painter.name")
    column_filters = ("is_shown", "title")
    column_default_sort = "title"
    form_columns = ("title", "is_shown", "painter", "scan")

    def is_accessible(self) -> bool:
        return bool(session.get("is_of_the_house"))

    def inaccessible_callback(self, name: str, **values: t.Any) -> t.Any:
        return redirect(url_for("enter", next=request.path))

    @action("hide", "Hide", "Hide the pictures?")
    def hide(self, ids: list[str]) -> None:
        count = db.session.query(Picture).filter(Picture.id.in_(ids)).update({"is_shown": False})
        db.session.commit()
        flash(f"{count} hidden.")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The templates that were compiled: they are large, and each test has an application of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(app: Flask, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    app.jinja_env.bytecode_cache = compiled
    Babel(app)  # where it is installed, the pages ask it for their words
    db.init_app(app)
    with app.app_context():
        db.create_all()
        turner, blake = Painter(name="Turner"), Painter(name="Blake")
        painted = {"Rain": turner, "Snow": turner, "Newton": blake}
        db.session.add_all([Picture(title=title, painter=painter) for title, painter in painted.items()])
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The directory whose files may be changed; there is a file beside that may not."""
    shelf = tmp_path / "shelf"
    (shelf / "old").mkdir(parents=True)
    (shelf / "notes.txt").write_text("Buy a frame.")
    (tmp_path / "secret.txt").write_text("The code is 1851.")
    return shelf


@pytest.fixture
def admin(app: Flask, shelf: Path) -> Admin:
    """What is the extension's own: its views are plain functions."""

    @app.get("/enter")
    def enter() -> t.Any:
        session["is_of_the_house"] = True
        return redirect(request.args.get("next", "/admin/"))

    admin = Admin(app, name="Gallery")
    admin.add_view(PainterView(Painter, db, category="Art"))
    PictureView.form_overrides = {"scan": FileUploadField}
    PictureView.form_args = {"scan": {"base_path": str(shelf), "allowed_extensions": ["gif"]}}
    admin.add_view(PictureView(Picture, db, category="Art"))
    files = FileAdmin(str(shelf), name="Files")
    files.editable_extensions = ("txt",)
    files.allowed_extensions = ("txt", "gif")
    admin.add_view(files)
    admin.add_link(MenuLink(name="Street", url="/"))
    return admin


@pytest.fixture
def gallery(admin: Admin, client: FlaskClient) -> FlaskClient:
    """A client of the gallery."""
    return client


@pytest.fixture
def house(gallery: FlaskClient) -> FlaskClient:
    """A client of the house's."""
    gallery.get("/enter")
    return gallery


def text_of(response: TestResponse) -> str:
    """What is to be read on a page."""
    assert response.status_code == 200, response.status
    return " ".join(unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", response.text, flags=re.DOTALL)).split())


def rows_of(response: TestResponse) -> list[str]:
    """The titles in the list of a page."""
    return re.findall(r'<td class="col-(?:title|name)">\s*(?:<a[^>]*>)?\s*([^<]*?)\s*<', response.text)


def token_of(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def titles(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(Picture.title).order_by(Picture.id)))


def test_the_first_page_and_the_menu(gallery: FlaskClient) -> None:
    page = gallery.get("/admin/")
    text = text_of(page)
    for name in ("Gallery", "Art", "Painter", "Files", "Street"):
        assert name in text
    assert "/admin/picture/" not in page.text  # what one may not enter is not in the menu
    styles = re.findall(r'href="(/admin/static/[^"]+\.css[^"]*)"', page.text)
    assert styles
    for style in styles:
        with gallery.get(style) as sent:
            assert (sent.status_code, sent.mimetype) == (200, "text/css")


def test_views_of_one_s_own(app: Flask, client: FlaskClient, written: t.Any, caplog: pytest.LogCaptureFixture) -> None:
    class Home(AdminIndexView):
        @expose("/")
        @written
        def index(self) -> t.Any:
            return self.render("admin/index.html", name=request.args["name"])

    class Report(BaseView):
        @expose("/")
        @written
        def index(self) -> t.Any:
            return f"{len(titles(app))} pictures, {url_for('.index')}"

        @expose("/<int:number>", methods=["GET", "POST"])
        @written
        def one(self, number: int) -> t.Any:
            return f"{request.method} {db.get_or_404(Picture, number).title}"

        @expose("/fails")
        @written
        def fail(self) -> t.Any:
            raise ZeroDivisionError

        def is_accessible(self) -> bool:
            return request.args.get("key") != "wrong"

    Admin(app, name="Gallery", index_view=Home(url="/house")).add_view(Report(name="Report", endpoint="report"))
    assert "Report" in text_of(client.get("/house/?name=Ada"))
    assert client.get("/house/report/").text == "3 pictures, /house/report/"
    answers = [client.open("/house/report/1", method=method).text for method in ("GET", "POST")]
    assert answers == ["GET Rain", "POST Rain"]
    statuses = {path: client.get(f"/house/report/{path}").status_code for path in ("9", "?key=wrong", "fails", "x/y")}
    assert statuses == {"9": 404, "?key=wrong": 403, "fails": 500, "x/y": 404}
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


# Models


def test_who_is_not_of_the_house_is_sent_to_the_door(gallery: FlaskClient) -> None:
    for path in ("/admin/picture/", "/admin/picture/new/", "/admin/picture/edit/?id=1"):
        response = gallery.get(path)
        assert (response.status_code, response.location.split("?")[0]) == (302, "/enter")
    assert gallery.post("/admin/picture/delete/", data={"id": "1"}).status_code == 302
    assert "Newton" in text_of(gallery.get("/admin/picture/", follow_redirects=True))


def test_lists_are_sorted_paged_searched_and_filtered(house: FlaskClient) -> None:
    queries = ("", "page=1", "sort=0&desc=1", "search=turner", "search=nothing", "flt0_0=1", "flt0_0=0", "flt0_2=Snow")
    assert {query: rows_of(house.get(f"/admin/picture/?{query}")) for query in queries} == {
        "": ["Newton", "Rain"],
        "page=1": ["Snow"],
        "sort=0&desc=1": ["Snow", "Rain"],
        "search=turner": ["Rain", "Snow"],
        "search=nothing": [],
        "flt0_0=1": ["Newton", "Rain"],
        "flt0_0=0": [],
        "flt0_2=Snow": ["Snow"],
    }


def test_a_picture_is_hung(app: Flask, house: FlaskClient, shelf: Path) -> None:
    data = {
        "csrf_token": token_of(house, "/admin/picture/new/"),
        "title": "Steam",
        "is_shown": "y",
        "painter": "1",
        "scan": (io.BytesIO(b"GIF"), "steam.gif"),
    }
    page = house.post("/admin/picture/new/", data=data, follow_redirects=True)
    assert "Record was successfully created." in text_of(page)
    assert titles(app) == ["Rain", "Snow", "Newton", "Steam"]
    assert (shelf / "steam.gif").read_bytes() == b"GIF"


def test_a_picture_that_is_refused(app: Flask, house: FlaskClient, shelf: Path) -> None:
    token = token_of(house, "/admin/picture/new/")
    without = house.post("/admin/picture/new/", data={"title": "Steam"})
    assert "Failed to create record." in text_of(without)
    assert "This field is required." in text_of(house.post("/admin/picture/new/", data={"csrf_token": token}))
    data = {"csrf_token": token, "title": "Steam", "scan": (io.BytesIO(b"MZ"), "steam.exe")}
    assert "Invalid file extension" in text_of(house.post("/admin/picture/new/", data=data))
    assert (titles(app), (shelf / "steam.exe").exists()) == (["Rain", "Snow", "Newton"], False)


def test_a_picture_is_renamed(app: Flask, house: FlaskClient) -> None:
    path = "/admin/picture/edit/?id=1"
    assert 'value="Rain"' in house.get(path).text
    data = {"csrf_token": token_of(house, path), "title": "Steam", "painter": "__None"}
    response = house.post(path, data=data)
    assert (response.status_code, response.location) == (302, "/admin/picture/")
    assert titles(app)[0] == "Steam"
    assert "Record does not exist." in text_of(house.get("/admin/picture/edit/?id=9", follow_redirects=True))


def test_a_picture_is_sold(app: Flask, house: FlaskClient) -> None:
    assert house.get("/admin/picture/delete/?id=1").status_code == 405
    refused = house.post("/admin/picture/delete/", data={"id": "1"}, follow_redirects=True)
    assert "Failed to delete record." in text_of(refused)
    data = {"id": "1", "csrf_token": token_of(house, "/admin/picture/")}
    page = house.post("/admin/picture/delete/", data=data, follow_redirects=True)
    assert "Record was successfully deleted." in text_of(page)
    assert titles(app) == ["Snow", "Newton"]


def test_an_action_on_several(app: Flask, house: FlaskClient) -> None:
    data = {"action": "hide", "rowid": ["1", "3"], "csrf_token": token_of(house, "/admin/picture/")}
    assert "2 hidden." in text_of(house.post("/admin/picture/action/", data=data, follow_redirects=True))
    with app.app_context():
        assert [picture.is_shown for picture in db.session.scalars(db.select(Picture))] == [False, True, False]
    data["action"] = "burn"
    assert house.post("/admin/picture/action/", data=data).status_code == 302
    assert len(titles(app)) == 3


def test_details_exports_and_names_changed_in_the_list(app: Flask, gallery: FlaskClient) -> None:
    assert "Turner" in text_of(gallery.get("/admin/painter/details/?id=1"))
    exported = gallery.get("/admin/painter/export/csv/")
    assert (exported.mimetype, exported.text.splitlines()) == ("text/csv", ["Name", "Turner", "Blake"])
    changed = gallery.post("/admin/painter/ajax/update/", data={"list_form_pk": "1", "name": "J. M. W. Turner"})
    assert changed.status_code == 200, changed.text
    assert "J. M. W. Turner" in gallery.get("/admin/painter/?search=J.").text
    taken = gallery.post("/admin/painter/new/", data={"name": "Blake"})
    assert "Already exists." in text_of(taken)


# Files


def test_files_are_listed_and_sent(gallery: FlaskClient) -> None:
    page = text_of(gallery.get("/admin/fileadmin/"))
    assert "notes.txt" in page
    assert "old" in page
    with gallery.get("/admin/fileadmin/download/notes.txt") as sent:
        assert (sent.text, sent.mimetype) == ("Buy a frame.", "text/plain")
    assert "notes.txt" not in text_of(gallery.get("/admin/fileadmin/b/old"))


@pytest.mark.parametrize("path", ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "old/../../secret.txt"])
def test_what_is_beside_stays_there(gallery: FlaskClient, path: str) -> None:
    for way in ("download", "b"):
        response = gallery.get(f"/admin/fileadmin/{way}/{path}")
        assert (response.status_code, "1851" in response.text) == (404, False)
    assert "1851" not in gallery.get(f"/admin/fileadmin/edit/?path={path}", follow_redirects=True).text


def test_files_come_change_and_go(gallery: FlaskClient, shelf: Path) -> None:
    sent = gallery.post("/admin/fileadmin/upload/old", data={"upload": (io.BytesIO(b"GIF"), "a.gif")})
    assert (sent.status_code, (shelf / "old" / "a.gif").read_bytes()) == (302, b"GIF")
    gallery.post("/admin/fileadmin/mkdir/", data={"name": "new"})
    gallery.post("/admin/fileadmin/rename/?path=old/a.gif", data={"name": "b.gif", "path": "old/a.gif"})
    gallery.post("/admin/fileadmin/edit/?path=notes.txt", data={"content": "Sell a frame."})
    assert sorted(str(path.relative_to(shelf)) for path in shelf.rglob("*")) == ["new", "notes.txt", "old", "old/b.gif"]
    assert (shelf / "notes.txt").read_text() == "Sell a frame."
    deleted = gallery.post("/admin/fileadmin/delete/", data={"path": "old/b.gif"}, follow_redirects=True)
    assert 'File "old/b.gif" was successfully deleted.' in text_of(deleted)
    gallery.post("/admin/fileadmin/delete/", data={"path": "old"})
    assert not (shelf / "old").exists()


def test_files_that_are_refused(gallery: FlaskClient, shelf: Path) -> None:
    for name in ("virus.exe", "../x.txt"):
        gallery.post("/admin/fileadmin/upload/", data={"upload": (io.BytesIO(b"MZ"), name)})
    names = {path.name for path in shelf.parent.rglob("*.*")}
    assert "virus.exe" not in names
    assert not (shelf.parent / "x.txt").exists()
    again = gallery.post("/admin/fileadmin/upload/", data={"upload": (io.BytesIO(b"new"), "notes.txt")})
    assert "already exists" in text_of(again)
    assert (shelf / "notes.txt").read_text() == "Buy a frame."
