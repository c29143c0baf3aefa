"""Applications that are called as an ASGI server calls them, with sync code on a thread and on the event loop."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from flask import Flask


@pytest.fixture(params=["thread", "inline"])
def placing(request: pytest.FixtureRequest) -> str:
    """Where sync code runs."""
    placing: str = request.param
    return placing


@pytest.fixture
def app(placing: str) -> Flask:
    """An application as in production, whose errors are answered by 500."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test key", ASGI_SYNC=placing, ASGI_THREADS=4)
    return app


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    """How the code in question is written."""
    kind: str = request.param
    return kind


@pytest.fixture(autouse=True, scope="module")
def collected() -> Iterator[None]:
    """What was not closed complains when it is collected; let it do so here, once a module, since that takes time."""
    yield
    gc.collect()
