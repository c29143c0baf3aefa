"""What every test may use, and what is watched in each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import flask
from flask.testing import FlaskClient


@pytest.fixture
def app() -> flask.Flask:
    """An application for tests, with a secret key, whose resources lie beside this file."""
    app = flask.Flask(__name__, root_path=__file__.rpartition("/")[0])
    app.config.update(TESTING=True, SECRET_KEY="test key")
    return app


@pytest.fixture
def client(app: flask.Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(autouse=True)
def leak_detector() -> Iterator[None]:
    """Fail a test that leaves a context behind, and take the context away so that only that test fails."""
    yield
    leaked = []
    while flask.has_request_context():
        leaked.append(flask._request_ctx_stack.top)
        flask._request_ctx_stack.top.pop()
    while flask.has_app_context():
        leaked.append(flask._app_ctx_stack.top)
        flask._app_ctx_stack.top.pop()
    assert leaked == []
