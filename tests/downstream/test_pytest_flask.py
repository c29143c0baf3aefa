"""The tests of a project that uses pytest-flask, run by pytest as the project would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from flask import Flask, jsonify, request, session
from flask.testing import FlaskClient


class Client(FlaskClient):
    protocol = "{protocol}"


def create_app():
    app = Flask(__name__)
    app.test_client_class = Client
    app.config.update(TESTING=True, SECRET_KEY="key", GREETING="Hello")

    @app.get("/")
    {written} index():
        return f"{app.config['GREETING']}!"

    @app.get("/ping")
    {written} ping():
        if request.accept_mimetypes.best == "application/json":
            return jsonify(ping="pong")
        return "pong"

    @app.post("/login")
    {written} log_in():
        session["name"] = request.form["name"]
        return "", 204

    @app.get("/fail")
    {written} fail():
        raise LookupError("Nothing here")

    return app
"""

CONFTEST = """
import pytest
from program import create_app


@pytest.fixture(scope="session")
def app():
    return create_app()
"""

TESTS = """
import urllib.request

import pytest
from flask import current_app, g, request, session, url_for


def test_client(client):
    assert client.get(url_for("index")).text == "Hello!"
    assert client.get("/nowhere").status_code == 404


def test_the_client_keeps_the_context(client):
    client.post(url_for("log_in"), data={"name": "ada"})
    assert session["name"] == "ada"


def test_a_context_is_there(app):
    assert current_app == app
    assert request.path == "/"
    assert "name" not in session
    g.seen = True


def test_it_is_another_one_for_each_test(app):
    assert not hasattr(g, "seen")


def test_without_an_application_there_is_none():
    with pytest.raises(RuntimeError):
        current_app.name


def test_config(config, app):
    assert config["GREETING"] == "Hello"
    assert config is app.config


@pytest.mark.options(greeting="Welcome")
def test_options(client, config):
    assert config["GREETING"] == "Welcome"
    assert client.get("/").text == "Welcome!"


def test_options_end(client):
    assert client.get("/").text == "Hello!"


def test_responses_are_compared_by_their_status(client):
    assert client.get("/") == 200
    assert client.get("/nowhere") == 404
    assert client.get("/nowhere") != 200


def test_json(client, accept_json):
    assert client.get(url_for("ping"), headers=accept_json).json == {"ping": "pong"}


def test_jsonp(client, accept_jsonp):
    assert client.get(url_for("ping"), headers=accept_jsonp).text == "pong"


def test_any(client, accept_any):
    assert client.get(url_for("ping"), headers=accept_any) == 200


@pytest.mark.parametrize("mimetype", ["application/json", "text/html"])  # there is an own fixture, but it is not found
def test_mimetype(client, mimetype, accept_mimetype):
    answer = client.get(url_for("ping"), headers=accept_mimetype)
    assert answer.mimetype == mimetype


@pytest.mark.usefixtures("client_class")
class TestViews:
    def test_index(self):
        assert self.client.get(url_for("index")) == 200


def test_errors_reach_the_test(client):
    with pytest.raises(LookupError, match="Nothing here"):
        client.get("/fail")


class TestServer:
    def test_it_answers(self, live_server):
        assert urllib.request.urlopen(live_server.url("/")).read() == b"Hello!"

    def test_urls_lead_to_it(self, live_server):
        url = url_for("ping", _external=True)
        assert url.endswith(f":{live_server.port}/ping")
        assert urllib.request.urlopen(live_server.url("/ping")).read() == b"pong"
"""

FAILING = """
def test_wrong(client):
    assert client.get("/nowhere") == 200
"""


def run_tests(folder: Path, written: str, protocol: str, tests: str) -> str:
    """What pytest says of a project's tests."""
    (folder / "program.py").write_text(PROGRAM.replace("{written}", written).replace("{protocol}", protocol))
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_program.py").write_text(tests)
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    command = [sys.executable, "-m", "pytest", "-p", "pytest_flask.plugin"]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    environ |= {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # nothing else that is installed here
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("protocol", ["wsgi", "asgi"])
@pytest.mark.parametrize("written", ["def", "async def"])
def test_the_tests_of_a_project(tmp_path: Path, written: str, protocol: str) -> None:
    said = run_tests(tmp_path, written, protocol, TESTS)
    assert re.search(r"\n=+ 19 passed in ", said), said


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    said = run_tests(tmp_path, "def", "wsgi", FAILING)
    assert "Mismatch in status code for response: 404 != 200" in said
    assert "Response status: 404 NOT FOUND" in said
