"""Responses of every server: streams that arrive piece by piece, files, clients that go away."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

import httpx
import pytest

from .running import Server, wait_until

both_kinds = pytest.mark.parametrize("kind", ["sync", "async"])


# Streams


@both_kinds
def test_a_stream_arrives_piece_by_piece(server: Server, client: httpx.Client, key: str, kind: str) -> None:
    """The second piece is not made before the client, which has the first one, says so."""
    with client.stream("GET", f"/{kind}/stream/{key}") as answer:
        pieces = answer.iter_text()
        assert (answer.status_code, next(pieces)) == (200, "first")
        with server.client() as other:
            other.post(f"/release/{key}")
        assert "".join(pieces) == "second"


@both_kinds
def test_head_of_a_stream(server: Server, client: httpx.Client, key: str, kind: str) -> None:
    """It is not begun: whoever asks does not want it."""
    answer = server.answer_to(f"HEAD /{kind}/stream/{key} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    # Waitress ends a body also where it sends none.
    assert (answer[9:12], answer.partition(b"\r\n\r\n")[2]) in ((b"200", b""), (b"200", b"0\r\n\r\n"))
    assert server.events(key, 0) == []


@both_kinds
def test_a_stream_that_breaks(server: Server, client: httpx.Client, key: str, kind: str) -> None:
    """The reason is in the log, and the client sees that the end is missing."""
    if server.name.startswith("daphne"):
        pytest.skip("Daphne leaves the connection open, and from then on looks after no request any more.")
    request = f"GET /{kind}/broken-stream/{key} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    received = server.answer_to(request.encode())
    assert b"first" in received
    # Granian's WSGI side ends the answer as any other. All the others leave out the last chunk, or send none.
    assert not received.endswith(b"0\r\n\r\n") or server.name == "granian wsgi"
    wait_until(lambda: f"LookupError: {key}\n" in server.said(), "the error in the log")
    assert client.get("/").status_code == 200


# Files


def shape(answer: httpx.Response) -> tuple[int, str | None, bytes]:
    return answer.status_code, answer.headers.get("content-range"), answer.content


@pytest.mark.parametrize("path", ["/file", "/async/file"])
def test_files(client: httpx.Client, file: Path, path: str) -> None:
    whole = client.get(path)
    content = file.read_bytes()
    assert (whole.status_code, whole.content) == (200, content)
    assert (whole.headers["content-length"], whole.headers["accept-ranges"]) == (str(len(content)), "bytes")
    head = client.head(path)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(content)), b"")


@pytest.mark.parametrize("path", ["/file", "/async/file"])
@pytest.mark.parametrize(
    ("asked", "given", "begin", "end"),
    [
        ("0-9", "0-9", 0, 10),
        ("1000000-1999999", "1000000-1999999", 1_000_000, 2_000_000),
        ("-16", "2097136-2097151", 2_097_136, 2_097_152),
        ("2000000-", "2000000-2097151", 2_000_000, 2_097_152),
    ],
)
def test_ranges(client: httpx.Client, file: Path, path: str, asked: str, given: str, begin: int, end: int) -> None:
    answer = client.get(path, headers={"Range": f"bytes={asked}"})
    assert shape(answer) == (206, f"bytes {given}/2097152", file.read_bytes()[begin:end])
    assert answer.headers["content-length"] == str(end - begin)


@pytest.mark.parametrize("path", ["/file", "/async/file"])
def test_conditional_requests(client: httpx.Client, path: str) -> None:
    whole = client.get(path)
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    assert shape(client.get(path, headers={"If-None-Match": tag})) == (304, None, b"")
    assert shape(client.get(path, headers={"If-Modified-Since": date})) == (304, None, b"")
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200
    assert client.get(path, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert client.get(path, headers={"Range": "bytes=0-9", "If-Range": '"another"'}).status_code == 200
    assert client.get(path, headers={"Range": "bytes=3000000-"}).status_code == 416


# Clients that go away


def leave(connection: socket.socket) -> None:
    """Break the connection off, as a client that crashes does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_an_async_view_is_cancelled(server: Server, client: httpx.Client, key: str) -> None:
    if not server.is_asgi:
        pytest.skip("A WSGI server does not tell of a client that goes away before the answer.")
    with server.connection(f"GET /leave/view/{key} HTTP/1.1\r\nHost: a\r\n\r\n".encode()) as connection:
        assert server.events(key, 1) == ["started"]
        leave(connection)
    assert server.events(key, 3) == ["started", "cancelled", "torn down"]
    assert client.get("/").status_code == 200


@both_kinds
def test_a_stream_is_closed(server: Server, client: httpx.Client, key: str, kind: str) -> None:
    path = f"/leave/{kind}-stream/{key}"
    with server.connection(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()) as connection:
        while bytes(10) not in connection.recv(65536):
            pass  # the header
        leave(connection)
    assert server.events(key, 3) == ["started", f"closed {path}", "torn down"]
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["body", "sync-body"])
def test_a_body_is_cut_short(server: Server, client: httpx.Client, key: str, path: str) -> None:
    """The context ends once, and nothing is logged as an error: the program has made none."""
    before = server.said().count("Traceback")
    head = f"POST /leave/{path}/{key} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n".encode()
    with server.connection(head + bytes(300_000)) as connection:
        connection.shutdown(socket.SHUT_WR)
    # These receive the whole body before they call the application, which hears nothing of the request.
    expected = [] if server.name.startswith(("daphne", "waitress", "uwsgi")) else ["torn down"]
    assert server.events(key, len(expected)) == expected
    assert client.get("/").status_code == 200
    assert server.said().count("Traceback") == before
