"""Modules, which blueprints took the place of."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t
import warnings
from pathlib import Path

import pytest

from flask import Blueprint, Flask, Module, request
from flask.testing import FlaskClient


def in_era(era: str, program: str, *options: str) -> str:
    """What a program prints in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, *options, "-c", program], env=environment, check=True, capture_output=True, text=True
    ).stdout


def where() -> str:
    """A view that tells where it was called."""
    return f"{request.endpoint} {request.blueprint} {request.blueprints}"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of 2010 with two modules: `admin`, a package with files of its own, and `frontend`, a file."""
    files = {
        "__init__.py": "",
        "frontend.py": "from flask import Module\nfrontend = Module(__name__)\n",
        "admin/__init__.py": "from flask import Module\nadmin = Module(__name__, url_prefix='/admin')\n",
        "admin/static/file.txt": "admin's file",
        "admin/templates/admin.html": "admin's template",
        "static/file.txt": "application's file",
        "templates/index.html": "application's template",
    }
    for name, text in files.items():
        path = tmp_path / "program2010" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


PROGRAM_2010 = """
import flask
from flask import Flask, render_template, request, url_for
from program2010.admin import admin
from program2010.frontend import frontend
app = Flask("program2010")
@frontend.route("/")
def index():
    return " ".join([request.module, request.endpoint, url_for("index"), url_for("admin.index"), url_for(".hello")])
@admin.route("/")
def index():
    return " ".join([request.module, render_template("admin.html"), render_template("index.html")])
@frontend.before_request
def note():
    flask.g.notes = ["frontend"]
@frontend.before_app_request
def note():
    flask.g.everybody = 1
@app.route("/hello")
def hello():
    return " ".join(map(str, [request.module, request.blueprint, flask.g.everybody]))
app.register_module(frontend)
app.register_module(admin)
client = app.test_client()
for path in "/", "/admin/", "/hello", "/static/file.txt", "/admin/static/file.txt":
    response = client.get(path)
    print(response.status_code, response.data.decode())
    response.close()
with app.test_request_context():
    print(url_for("admin.static", filename="file.txt"), sorted(app.modules), sorted(app.blueprints))
"""


@pytest.mark.parametrize("era", ["0.8", "3.1"])
def test_a_program_made_of_modules(packages: Path, era: str) -> None:
    program = PROGRAM_2010
    if era == "3.1":  # where the dot means the opposite
        program = program.replace('"index"', '".index"').replace('".hello"', '"hello"')
    assert in_era(era, program, "-W", "ignore").splitlines() == [
        "200 frontend frontend.index / /admin/ /hello",
        "200 admin admin's template application's template",
        "200 None None 1",
        "200 application's file",
        "200 admin's file",
        "/admin/static/file.txt ['admin', 'frontend'] ['admin', 'frontend']",
    ]


def test_a_module_warns_where_it_is_made() -> None:
    with pytest.warns(DeprecationWarning, match=r"Modules are deprecated.*'shop'.*flask\.Blueprint") as caught:
        Module(__name__, "shop")
    assert caught[0].filename == __file__


def make_module(*args: t.Any, **options: t.Any) -> Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Module(*args, **options)


def test_a_module_is_named_by_the_last_part_of_its_import_name() -> None:
    assert make_module("program.views.frontend").name == "frontend"
    assert make_module("program", "main").name == "main"
    with pytest.raises(AssertionError, match=r"'program' has only one part.*name="):
        make_module("program")


def test_options_of_a_module_may_be_given_when_it_is_registered(app: Flask, client: FlaskClient) -> None:
    shop = make_module("program.shop", url_prefix="/own", subdomain=None)
    shop.add_url_rule("/", endpoint="index", view_func=where)
    app.register_module(shop, url_prefix="/other")
    assert client.get("/other/").text == "shop.index shop ['shop']"
    assert isinstance(shop, Blueprint)


def test_modules_may_be_switched_off(app: Flask) -> None:
    app.enable_modules = False
    with pytest.raises(RuntimeError, match="Modules are not enabled on this application"):
        app.register_module(make_module("program.shop"))


def test_a_blueprint_is_no_module(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__)
    shop.add_url_rule("/", endpoint="index", view_func=lambda: str(request.module))
    app.register_blueprint(shop)
    assert client.get("/").text == "None"
    assert app.modules == {}


def test_modules_by_their_old_place() -> None:
    import flask.module  # type: ignore[import-not-found]

    assert flask.module.Module is Module
    assert flask.module.blueprint_is_module(make_module("program.shop"))
    assert not flask.module.blueprint_is_module(Blueprint("shop", __name__))
