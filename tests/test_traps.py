"""Errors that are trapped: passed on, so that whoever develops sees where they were raised."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from werkzeug.exceptions import BadRequest, BadRequestKeyError, HTTPException, NotFound

from flask import Flask, abort, request
from flask.testing import FlaskClient


def in_era(era: str, program: str) -> str:
    """What a program prints in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def form(app: Flask) -> Flask:
    """An application whose view reads a key that the request has not."""
    app.testing = False
    app.add_url_rule("/", endpoint="index", view_func=lambda: request.args["name"])
    app.add_url_rule("/bad", endpoint="bad", view_func=lambda: abort(400))
    return app


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        ({}, 400),
        ({"TESTING": True}, 400),
        ({"DEBUG": True}, BadRequestKeyError),
        ({"DEBUG": True, "TRAP_BAD_REQUEST_ERRORS": False}, 400),
        ({"TRAP_BAD_REQUEST_ERRORS": True}, 500),
        ({"TRAP_BAD_REQUEST_ERRORS": True, "TESTING": True}, BadRequestKeyError),
        ({"TRAP_HTTP_EXCEPTIONS": True}, 500),
        ({"TRAP_HTTP_EXCEPTIONS": True, "TESTING": True}, BadRequestKeyError),
    ],
)
def test_when_missing_keys_are_trapped(
    form: Flask, client: FlaskClient, settings: dict[str, bool], outcome: int | type[Exception]
) -> None:
    form.config.update(settings)
    if isinstance(outcome, int):
        assert client.get("/").status_code == outcome
    else:
        with pytest.raises(outcome) as caught:
            client.get("/")
        assert isinstance(caught.value, KeyError)
        assert caught.value.args == ("name",)


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("kind", [400, BadRequest, BadRequestKeyError, KeyError, HTTPException, Exception])
def test_missing_keys_are_handled_in_debug_mode_too(
    form: Flask, client: FlaskClient, kind: int | type[Exception], debug: bool
) -> None:
    form.debug = debug
    form.register_error_handler(kind, lambda error: f"{type(error).__name__} {'name' in error.description}")
    assert client.get("/").text == f"BadRequestKeyError {debug}"


def test_the_page_names_the_missing_key_in_debug_mode_only(form: Flask, client: FlaskClient) -> None:
    form.config["TRAP_BAD_REQUEST_ERRORS"] = False
    assert "name" not in client.get("/").text
    form.debug = True
    assert "KeyError: &#39;name&#39;" in client.get("/").text


@pytest.mark.parametrize(
    ("settings", "trapped"),
    [
        ({"DEBUG": True}, False),
        ({"TRAP_BAD_REQUEST_ERRORS": True}, True),
        ({"TRAP_HTTP_EXCEPTIONS": True}, True),
    ],
)
def test_when_aborting_with_400_is_trapped(
    form: Flask, client: FlaskClient, settings: dict[str, bool], trapped: bool
) -> None:
    form.config.update(settings, PROPAGATE_EXCEPTIONS=True)
    if trapped:
        with pytest.raises(BadRequest):
            client.get("/bad")
    else:
        assert client.get("/bad").status_code == 400


def test_other_http_errors_are_trapped_by_the_setting_for_all_only(form: Flask, client: FlaskClient) -> None:
    form.config.update(TRAP_BAD_REQUEST_ERRORS=True, PROPAGATE_EXCEPTIONS=True)
    assert client.get("/nowhere").status_code == 404
    form.config["TRAP_HTTP_EXCEPTIONS"] = True
    with pytest.raises(NotFound):
        client.get("/nowhere")


def test_trapped_errors_with_a_handler_are_handled(form: Flask, client: FlaskClient) -> None:
    form.config.update(TRAP_HTTP_EXCEPTIONS=True)
    form.errorhandler(404)(lambda error: "handled")
    assert client.get("/nowhere").text == "handled"


def test_missing_keys_are_not_trapped_in_debug_mode_in_0_8() -> None:
    program = (
        "import flask; app = flask.Flask('shop'); app.debug = True\n"
        "app.route('/')(lambda: flask.request.args['name'])\n"
        "print(app.test_client().get('/').status_code)\n"
    )
    assert in_era("0.8", program) == "400\n"
