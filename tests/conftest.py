"""What every test may use, and what is watched in each."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
from werkzeug.datastructures import ImmutableDict

import flask
from flask._activation import active
from flask.testing import FlaskClient

# The whole suite can be run through the other protocol, and with all code on the event loop.
FlaskClient.protocol = os.environ.get("TEST_PROTOCOL", "wsgi")
SYNC = os.environ.get("TEST_ASGI_SYNC", "thread")
if SYNC != "thread":
    flask.Flask.default_config = ImmutableDict(flask.Flask.default_config, ASGI_SYNC=SYNC)

# How long an example takes is not asked. People's runs look for new examples each time. CI's have the same ones, so
# that they fail for what was changed, and fail again.
hypothesis.settings.register_profile("new", deadline=None)
hypothesis.settings.register_profile(
    "same",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile(os.environ.get("TEST_EXAMPLES", "new"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what cannot be so with the protocol, or the place of sync code, that this run is for."""
    by_asgi = FlaskClient.protocol == "asgi"
    left_out = {"wsgi_only": by_asgi, "not_inline": by_asgi and SYNC == "inline"}
    for item in items:
        for name, is_left_out in left_out.items():
            mark = item.get_closest_marker(name)
            if mark is not None and is_left_out:
                item.add_marker(pytest.mark.skip(reason=mark.args[0]))


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
def not_from_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command notes in the environment that it runs: once a test is over, it does not."""
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "false")


@pytest.fixture(autouse=True)
def leak_detector() -> Iterator[None]:
    """Fail a test that leaves a context behind, and take the context away so that only that test fails."""
    yield
    leaked = []
    for variable in (flask.globals._cv_request, flask.globals._cv_app):
        if variable.get() is not None:
            leaked.append(variable.get())
            variable.set(None)
    active.set(None)
    assert leaked == []
