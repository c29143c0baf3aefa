"""A wine cellar, in debug mode, whose pages have Flask-DebugToolbar's toolbar."""

from __future__ import annotations

import asyncio
import gzip
import html
import logging
import re
import typing as t
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from flask_debugtoolbar import DebugToolbarExtension
from flask_debugtoolbar.panels import logger as logging_panel
from flask_sqlalchemy import SQLAlchemy
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask import Flask, Response, abort, g, redirect, render_template, request, session, stream_with_context
from flask.testing import FlaskClient

PAGE = "<!doctype html><html><body><h1>Cellar</h1>{{ names|join(', ') }}</body></html>"


#: The usual ones, but for that which reads what is installed: it takes most of the time that all others do.
PANELS = [
    f"flask_debugtoolbar.panels.{name}DebugPanel"
    for name in (
        "timer.Timer",
        "headers.Header",
        "request_vars.RequestVars",
        "config_vars.ConfigVars",
        "template.Template",
        "sqlalchemy.SQLAlchemy",
        "route_list.RouteList",
        "profiler.Profiler",
        "g.G",
    )
]
PANELS.append("flask_debugtoolbar.panels.logger.LoggingPanel")


class Base(DeclarativeBase):
    """What the models have in common."""


db = SQLAlchemy(model_class=Base)


class Bottle(db.Model):  # type: ignore[name-defined, misc]
    """A bottle in the cellar."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@pytest.fixture
def app(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Flask]:
    app.debug = True
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite:///cellar.db", DEBUG_TB_PANELS=PANELS)
    toolbar = DebugToolbarExtension(app)
    toolbar.jinja_env.bytecode_cache = compiled_templates
    db.init_app(app)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "bottles.html").write_text(PAGE)
    monkeypatch.setattr(logging_panel, "handler", None)
    with app.app_context():
        db.create_all()
        db.session.add(Bottle(name="Rioja"))
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()
    if logging_panel.handler is not None:
        logging.root.removeHandler(logging_panel.handler)


@pytest.fixture
def cellar(app: Flask, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the cellar."""

    @app.get("/")
    @written
    def index() -> t.Any:
        app.logger.warning("A bottle is open.")
        g.shelf = "the left one"
        bottles = db.session.scalars(db.select(Bottle).where(Bottle.name != request.args.get("but", "")))
        return render_template("bottles.html", names=[bottle.name for bottle in bottles])

    @app.post("/bottles")
    @written
    def add() -> t.Any:
        session["added"] = request.form["name"]
        db.session.add(Bottle(name=request.form["name"]))
        db.session.commit()
        return redirect("/")

    @app.get("/bottles/<int:number>")
    @written
    def show(number: int) -> t.Any:
        return f"<body>{db.get_or_404(Bottle, number).name} {session.get('added')}</body>"

    @app.get("/json")
    @written
    def answer_json() -> t.Any:
        return ["Rioja"]

    @app.get("/stream")
    @written
    def stream() -> t.Any:
        return Response(stream_with_context(iter(["<body>", request.path, "</body>"])))

    @app.get("/packed")
    @written
    def packed() -> t.Any:
        return gzip.compress(b"<body>packed</body>"), {"Content-Encoding": "gzip"}

    @app.get("/spilt")
    @written
    def spilt() -> t.Any:
        abort(503, "Spilt")

    return client


def panel(page: str, name: str) -> str:
    """What the panel of that name shows, as text."""
    _, _, rest = page.partition(f'<div id="flDebug{name}Panel-content" class="flDebugPanelContentParent">')
    content, _, _ = rest.partition('class="flDebugPanelContentParent">')
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", content)).split())


def test_a_page_has_the_toolbar(cellar: FlaskClient) -> None:
    response = cellar.get("/")
    assert response.text.startswith('<!doctype html><html><body><h1>Cellar</h1>Rioja<div id="flDebug"')
    assert response.text.endswith("</body></html>")
    assert response.content_length == len(response.data)


def test_what_the_panels_show(cellar: FlaskClient) -> None:
    page = cellar.get("/?but=Merlot", headers={"User-Agent": "Corkscrew"}).text
    assert "Corkscrew" in panel(page, "Header")
    shown = panel(page, "RequestVars")
    assert "test_debugtoolbar.index" in shown
    assert "'but' 'Merlot'" in shown
    assert "SECRET_KEY 'test key'" in panel(page, "ConfigVars")
    assert "bottles.html" in panel(page, "Template")
    assert "SELECT bottle.id" in panel(page, "SQLAlchemy")
    assert "/bottles/<int:number> show" in panel(page, "RouteList")
    assert "shelf the left one" in panel(page, "g")


@pytest.mark.parametrize(
    ("way", "written", "is_shown"),
    [
        ("wsgi", "async", True),
        ("asgi, thread", "sync", True),
        ("asgi, inline", "async", True),
        ("asgi, thread", "async", False),  # the panel shows those of the thread that it runs on
    ],
    indirect=["way", "written"],
)
def test_logged_messages(cellar: FlaskClient, is_shown: bool) -> None:
    assert ("WARNING" in panel(cellar.get("/").text, "Logging")) is is_shown


def test_what_is_installed(app: Flask, cellar: FlaskClient) -> None:
    app.config["DEBUG_TB_PANELS"] = ["flask_debugtoolbar.panels.versions.VersionDebugPanel"]
    page = cellar.get("/").text
    assert f"Flask {version('Flask')}" in panel(page, "Version")


def test_a_page_without_the_toolbar(cellar: FlaskClient) -> None:
    assert cellar.get("/json").json == ["Rioja"]
    assert cellar.get("/stream").text == "<body>/stream</body>"
    script = cellar.get("/_debug_toolbar/static/js/toolbar.js")
    assert (script.status_code, "flDebug" in script.text) == (200, True)
    assert cellar.get("/_debug_toolbar/static/js/nothing.js").status_code == 404
    script.close()


def test_a_compressed_page(cellar: FlaskClient) -> None:
    response = cellar.get("/packed")
    assert gzip.decompress(response.data).decode().startswith('<body>packed<div id="flDebug"')


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/bottles/9", 404), ("/json", 405), ("/spilt", 503)])
def test_the_pages_of_errors(app: Flask, cellar: FlaskClient, path: str, status: int, written: t.Any) -> None:
    @app.errorhandler(status)
    @written
    def answer(error: t.Any) -> t.Any:
        return f"<body>{error.code}</body>", status

    response = cellar.post(path) if status == 405 else cellar.get(path)
    assert response.status_code == status
    assert response.text.startswith(f'<body>{status}<div id="flDebug"')


def test_redirects_are_intercepted(app: Flask, cellar: FlaskClient) -> None:
    response = cellar.post("/bottles", data={"name": "Merlot"})
    assert (response.status_code, "Location" in response.headers) == (200, False)
    assert "Redirect (302)" in response.text
    assert '<a href="/">/</a>' in response.text
    assert "'name' 'Merlot'" in panel(response.text, "RequestVars")
    assert "INSERT INTO bottle" in panel(response.text, "SQLAlchemy")
    assert "'added' 'Merlot'" in panel(cellar.get("/bottles/2").text, "RequestVars")
    app.config["DEBUG_TB_INTERCEPT_REDIRECTS"] = False
    assert cellar.post("/bottles", data={"name": "Syrah"}).location == "/"


@pytest.mark.parametrize("written", ["sync"], indirect=True)  # of an async one, only the call would be in it
def test_a_profile_of_the_view_where_the_browser_asks_for_one(cellar: FlaskClient) -> None:
    cellar.set_cookie("fldt_active", "flDebugProfilerPanel")
    shown = panel(cellar.get("/").text, "Profiler")
    assert "View: " in shown
    assert "test_debugtoolbar.py" in shown


def test_only_for_some_hosts(app: Flask, cellar: FlaskClient) -> None:
    app.config["DEBUG_TB_HOSTS"] = ["192.0.2.1"]
    assert "flDebug" not in cellar.get("/").text
    assert "flDebug" in cellar.get("/", environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).text


def test_options(cellar: FlaskClient) -> None:
    with pytest.warns(UserWarning, match="</body> tag not found"):  # of an answer of no bytes
        assert cellar.options("/bottles").allow.as_set() == {"options", "post"}


def test_templates_can_be_edited_in_the_browser(app: Flask, cellar: FlaskClient, tmp_path: Path) -> None:
    key = re.search(r"/_debug_toolbar/views/template/([\w-]+)", cellar.get("/").text)
    assert key is None
    app.config["DEBUG_TB_TEMPLATE_EDITOR_ENABLED"] = True
    key = re.search(r"/_debug_toolbar/views/template/[\w-]+", cellar.get("/").text)
    assert key is not None
    assert "Cellar" in cellar.get(key[0]).text
    preview = cellar.post(key[0], data={"content": "<h1>Vault</h1>{{ names|first }}"})
    assert preview.text == "<h1>Vault</h1>Rioja"
    broken = cellar.post(key[0], data={"content": "{% if %}"})
    assert (broken.status_code, broken.get_json()["lineno"]) == (400, 1)
    assert cellar.post(f"{key[0]}/save", data={"content": "<body>Vault</body>"}).text == "ok"
    assert (tmp_path / "templates" / "bottles.html").read_text() == "<body>Vault</body>"


def test_out_of_debug_mode_there_is_none(tmp_path: Path, written: t.Any) -> None:
    app = Flask("quiet", root_path=str(tmp_path))
    DebugToolbarExtension(app)

    @app.get("/")
    @written
    def index() -> t.Any:
        return "<body></body>"

    assert app.test_client().get("/").text == "<body></body>"


@pytest.mark.parametrize("way", ["asgi, thread"], indirect=True)
@pytest.mark.parametrize("written", ["async"], indirect=True)
def test_requests_at_the_same_time_have_toolbars_of_their_own(app: Flask, cellar: FlaskClient) -> None:
    both = asyncio.Barrier(2)

    @app.get("/meet/<name>")
    async def meet(name: str) -> str:
        await both.wait()
        return "<body></body>"

    async def come(name: str) -> str:
        async with app.async_test_client() as client:
            return panel((await client.get(f"/meet/{name}")).text, "RequestVars")

    async def come_both() -> list[str]:
        return await asyncio.wait_for(asyncio.gather(come("red"), come("white")), 20)

    red, white = asyncio.run(come_both())
    assert ("name=red" in red, "name=white" in white) == (True, True)
