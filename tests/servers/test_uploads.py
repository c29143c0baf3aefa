"""Large uploads to every server: they reach the disk, and the server needs no more memory than for small ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import httpx
import pytest

from .running import EACH, PATIENCE, Server, running

MIB = 1024 * 1024
#: How much more memory the server may have needed than before.
BOUND = 12 * MIB

#: Daphne hands over a body from memory, when all of it has arrived.
IN_MEMORY = ("daphne",)


@pytest.fixture(scope="module", params=EACH)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each server in turn, with the program ``uploads``."""
    with running(request.param, "uploads", tmp_path_factory.mktemp("server")) as server:
        yield server


def pieces(size: int) -> Iterator[bytes]:
    for number in range(size // MIB):
        yield number.to_bytes(8) * (MIB // 8)


def upload(server: Server, path: str, size: int) -> None:
    """Upload a body, and check what arrived and by how much the peak of the server's memory has grown."""
    digest = hashlib.sha256()
    for piece in pieces(size):
        digest.update(piece)
    with server.client() as client:
        client.timeout = httpx.Timeout(20 * PATIENCE)
        client.post(path, content=bytes(100_000))
        before = client.get("/peak").json()[0]
        answer = client.post(path, content=pieces(size), headers={"Content-Length": str(size)})
        assert (answer.status_code, answer.json()) == (200, [size, digest.hexdigest()])
        growth = client.get("/peak").json()[0] - before
    assert growth < BOUND or server.name in IN_MEMORY


@pytest.mark.parametrize("path", ["/async", "/sync"])
def test_64_mib(server: Server, path: str) -> None:
    upload(server, path, 64 * MIB)


@pytest.mark.long
@pytest.mark.parametrize("path", ["/async", "/sync"])
def test_1_gib(server: Server, path: str) -> None:
    if server.name in IN_MEMORY:
        pytest.skip("It would take more than a gigabyte of memory.")
    upload(server, path, 1024 * MIB)


def test_a_large_file_in_a_form(server: Server) -> None:
    content = b"".join(pieces(32 * MIB))
    with server.client() as client:
        client.post("/form", files={"file": ("small.bin", bytes(100_000))})
        before = client.get("/peak").json()[0]
        answer = client.post("/form", files={"file": ("large.bin", content)})
        assert answer.json() == [32 * MIB, hashlib.sha256(content).hexdigest()]
        growth = client.get("/peak").json()[0] - before
    assert growth < BOUND or server.name in IN_MEMORY
