"""Every server in turn, running, and clients that talk to it over sockets."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from .running import COMMANDS, Server, running


@pytest.fixture(scope="session", autouse=True)
def terminate() -> Iterator[None]:
    """Being told to terminate is as Ctrl-C for a run: fixtures come to their end, and no server outlives it."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 2 MiB, each piece of which can be told from the others."""
    path = tmp_path_factory.mktemp("files") / "numbers.bin"
    path.write_bytes(b"".join(number.to_bytes(8) for number in range(262_144)))
    return path


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts a server for one test: ``start("uvicorn", "program")``."""
    with contextlib.ExitStack() as stack:
        yield lambda name, program, app="app", **variables: stack.enter_context(
            running(name, program, tmp_path_factory.mktemp("server"), app, **variables)
        )


@pytest.fixture(scope="session", params=COMMANDS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, file: Path) -> Iterator[Server]:
    """Each server in turn, with the program ``basics``. It is started once for all tests."""
    with running(request.param, "basics", tmp_path_factory.mktemp("server"), FILE=str(file)) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A client of the server, which keeps its connection and its cookies for one test."""
    with server.client() as client:
        yield client


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A word that no other test uses, to find in the log and among the events what belongs to this one."""
    return "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
