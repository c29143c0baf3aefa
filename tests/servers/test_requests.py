"""Requests to every server: routes, bodies, sessions, hooks, errors; what no client should send."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from .running import Server, wait_until

both_kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def test_protocol(server: Server, client: httpx.Client) -> None:
    """No server takes the application for something that it serves by another protocol."""
    assert client.get("/").text == ("asgi" if server.is_asgi else "wsgi")


@both_kinds
def test_routes(client: httpx.Client, kind: str) -> None:
    answer = client.get(f"/{kind}/Zoë%20%2B/7?a=1&a=%C3%A9&b")
    assert answer.json() == {"name": "Zoë +", "number": 7, "query": {"a": ["1", "é"], "b": [""]}}
    assert answer.headers["content-type"] == "application/json"
    assert (client.get("/nowhere").status_code, client.get("/nowhere").text) == (404, "no such page")
    assert client.get(f"/{kind}/Zoe/seven").status_code == 404
    refused = client.post(f"/{kind}/Zoe/7")
    assert (refused.status_code, set(refused.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS"})
    assert client.options(f"/{kind}/Zoe/7").status_code == 200


def test_urls_and_headers(server: Server, client: httpx.Client) -> None:
    answer = client.get("/seen?a=b", headers={"X-Word": "Zoë".encode("latin-1")})
    word = "" if server.name == "granian wsgi" else "Zoë"  # granian hands over plain ASCII only, by WSGI
    assert answer.json() == {"url": f"{server.url}/seen?a=b", "header": word, "scheme": "http"}


@both_kinds
def test_head(server: Server, client: httpx.Client, kind: str) -> None:
    whole = client.get(f"/{kind}/Zoe/7")
    head = client.head(f"/{kind}/Zoe/7")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))
    answer = server.answer_to(f"HEAD /{kind}/Zoe/7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    assert answer.endswith(b"\r\n\r\n")
    assert client.get("/").status_code == 200


@both_kinds
def test_json(client: httpx.Client, kind: str) -> None:
    value = {"name": ["Zoë", 1.5, None]}
    assert client.post(f"/{kind}/body", json=value).json()["json"] == value
    for wrong in (b'{"a":', b"\xff\xfe", b""):
        answer = client.post(f"/{kind}/body", content=wrong, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400


@both_kinds
def test_forms_and_files(client: httpx.Client, kind: str) -> None:
    assert client.post(f"/{kind}/body", data={"a": ["1", "é"], "b": ""}).json()["form"] == {"a": ["1", "é"], "b": [""]}
    large = io.BytesIO(bytes(3_000_000))
    answer = client.post(f"/{kind}/body", data={"a": "1"}, files={"f": ("é.txt", b"text"), "g": ("large.bin", large)})
    assert answer.json()["form"] == {"a": ["1"]}
    assert answer.json()["files"] == {"f": ["é.txt", 4], "g": ["large.bin", 3_000_000]}


@both_kinds
@pytest.mark.parametrize("size", [0, 10, 200_000, 3_000_000])
def test_bodies(client: httpx.Client, kind: str, size: int) -> None:
    assert client.post(f"/{kind}/body", content=bytes(size)).json()["size"] == size


@both_kinds
def test_chunked_bodies(server: Server, client: httpx.Client, kind: str) -> None:
    if server.name == "uwsgi":
        pytest.skip("uWSGI does not hand over the chunks of a request as wsgi.input.")

    def chunks() -> Iterator[bytes]:
        for size in (1, 70_000, 5, 200_000):
            yield bytes(size)

    assert client.post(f"/{kind}/body", content=chunks()).json()["size"] == 270_006
    form = client.post(
        f"/{kind}/body",
        content=iter([b"a=", b"1&b", b"=2"]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert form.json()["form"] == {"a": ["1"], "b": ["2"]}


def test_bodies_that_nobody_reads(server: Server) -> None:
    """The answer arrives all the same. A server may then close the connection, if it came before the whole body."""
    for path, status in (("/nowhere", 404), ("/sync/refuse", 403), ("/async/Zoe/7", 405)):
        with server.client() as client:
            assert client.post(path, content=bytes(20_000)).status_code == status
        with server.client() as client:
            assert client.get("/sync/Zoe/7").json()["name"] == "Zoe"


def test_limit_of_the_body(client: httpx.Client) -> None:
    assert client.post("/sync/limited", content=bytes(100)).json() == {"size": 100}
    assert client.post("/sync/limited", content=bytes(101)).status_code == 413


def test_sessions(client: httpx.Client) -> None:
    assert client.get("/sync/session").json() == [None]
    client.post("/login/Zoë")
    assert client.get("/sync/session").json() == ["Zoë"]
    assert client.get("/async/session").json() == ["Zoë"]
    client.cookies.clear()
    forged = {"Cookie": "session=eyJuYW1lIjoiWm9lIn0.aaaaaa.forged"}
    assert client.get("/async/session", headers=forged).json() == [None]


@pytest.mark.parametrize("view", ["sync-view", "async-view"])
@pytest.mark.parametrize("hooks", ["sync-hooks", "async-hooks"])
def test_hooks(server: Server, client: httpx.Client, key: str, hooks: str, view: str) -> None:
    """A connection to SQLite is opened before the view, used there and after it, and closed in the end."""
    path = f"/{hooks}/{view}/{key}"
    answer = client.get(path)
    assert answer.json() == {"text": path, "order": ["before", "view"]}
    assert (answer.headers["x-notes"], "session" in answer.cookies) == ("1", True)
    assert server.events(key, 1) == ["closed after None"]


@pytest.mark.parametrize("name", ["uvicorn", "hypercorn", "granian", "daphne"])
def test_hooks_on_the_event_loop(start: Callable[..., Server], name: str, key: str) -> None:
    """With ``ASGI_SYNC="inline"``."""
    server = start(name, "basics", FLASK_ASGI_SYNC="inline")
    with server.client() as client:
        for path in itertools.product(["sync-hooks", "async-hooks"], ["sync-view", "async-view"]):
            assert client.get(f"/{'/'.join(path)}/{key}").json()["order"] == ["before", "view"]
    assert server.events(key, 4) == ["closed after None"] * 4


@pytest.mark.parametrize("view", ["failing-view", "failing-async-view"])
@pytest.mark.parametrize("hooks", ["sync-hooks", "async-hooks"])
def test_hooks_around_a_failure(server: Server, client: httpx.Client, key: str, hooks: str, view: str) -> None:
    answer = client.get(f"/{hooks}/{view}/{key}")
    assert (answer.status_code, answer.headers["x-notes"]) == (500, "1")
    assert server.events(key, 1) == [f"closed after LookupError({key!r})"]


@both_kinds
def test_errors_are_logged_once(server: Server, client: httpx.Client, key: str, kind: str) -> None:
    answer = client.get(f"/{kind}/fail/{key}")
    assert answer.status_code == 500
    assert key not in answer.text
    line = f"LookupError: {key}\n"
    wait_until(lambda: line in server.said(), "the error in the log")
    client.get("/")
    assert server.said().count(line) == 1


# What no client should send

HEAD = b"Host: a\r\nConnection: close\r\n"
BAD = {
    "bytes in the path": (b"GET /\xff\xfe HTTP/1.1\r\n" + HEAD + b"\r\n", "4.."),
    "escapes in the path": (b"GET /%ff%fe%00 HTTP/1.1\r\n" + HEAD + b"\r\n", "4.."),
    "bytes for a variable": (b"GET /async/%ff/x HTTP/1.1\r\n" + HEAD + b"\r\n", "4.."),
    # To these some servers answer by closing the connection.
    "no path": (b"GET HTTP/1.1\r\n" + HEAD + b"\r\n", "4..|"),
    "no protocol": (b"nonsense\r\n\r\n", "4..|"),
    "a length that is no number": (b"POST /sync/body HTTP/1.1\r\nContent-Length: ten\r\n" + HEAD + b"\r\n", "4.."),
    "a negative length": (b"POST /async/body HTTP/1.1\r\nContent-Length: -1\r\n" + HEAD + b"\r\n", "4.."),
    # These Flask accepts, some servers do not.
    "half an escape in the path": (b"GET /%e HTTP/1.1\r\n" + HEAD + b"\r\n", "4..|200"),
    "a space in a header's name": (b"GET / HTTP/1.1\r\nX Word: a\r\n" + HEAD + b"\r\n", "4..|200"),
    "bytes in the query": (b"GET /async/a/1?a=\xff HTTP/1.1\r\n" + HEAD + b"\r\n", "4..|200"),
    "escapes in the query": (b"GET /async/a/1?a=%ff%zz%0 HTTP/1.1\r\n" + HEAD + b"\r\n", "4..|200"),
    "bytes in a header": (b"GET /seen HTTP/1.1\r\nX-Word: \xff\xfe\r\n" + HEAD + b"\r\n", "4..|200"),
    "bytes in a cookie": (b"GET /async/session HTTP/1.1\r\nCookie: session=\xff;=;;a\r\n" + HEAD + b"\r\n", "4..|200"),
    "bytes in the host": (b"GET /seen HTTP/1.1\r\nHost: \xff/a b\r\nConnection: close\r\n\r\n", "4..|200"),
}


@pytest.mark.parametrize(("data", "status"), BAD.values(), ids=BAD)
def test_malformed_requests(server: Server, client: httpx.Client, data: bytes, status: str) -> None:
    if server.name == "uwsgi" and data.startswith(b"nonsense"):
        pytest.skip("uWSGI calls the application with an environment that lacks even REQUEST_METHOD.")
    before = server.said().count("Traceback")
    answer = server.answer_to(data)
    found = re.match(rb"HTTP/1\.[01] (\d+)", answer)
    assert re.fullmatch(status, found[1].decode() if found else "")
    assert client.get("/").status_code == 200
    assert server.said().count("Traceback") == before


def test_bad_form(client: httpx.Client) -> None:
    for wrong in (b"--x\r\n\r\nno end", b"no boundary", b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n'):
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        assert client.post("/async/body", content=wrong, headers=headers).status_code in (200, 400)
