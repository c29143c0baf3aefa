"""What is put around an application, on real servers: middleware of both protocols, trusted proxies, observers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .running import Server, wait_until

Start = Callable[..., Server]
one_of_each_protocol = pytest.mark.parametrize("name", ["uvicorn asgi_app", "gunicorn"])

FORWARDED = {
    "X-Forwarded-For": "10.0.0.9, 10.0.0.1, 10.0.0.2",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "a.example",
    "X-Forwarded-Prefix": "/shop",
}


# Proxies


@pytest.mark.parametrize(
    ("app", "address", "origin", "root"),
    [
        ("behind_proxy", "10.0.0.2", "https://a.example/shop", "/shop"),
        ("trusting_one", "10.0.0.2", "https://127.0.0.1", ""),
        ("trusting_two", "10.0.0.1", "https://a.example/shop", "/shop"),
    ],
)
@one_of_each_protocol
def test_trusted_proxies(start: Start, name: str, app: str, address: str, origin: str, root: str) -> None:
    server = start(name, "surrounded", app)
    if app == "trusting_one":
        origin += f":{server.port}"
    with server.client() as client:
        for path in ("/sync/seen", "/async/seen"):
            seen = client.get(path, headers=FORWARDED).json()
            assert seen == {"url": origin + path, "address": address, "root": root}
            plain = client.get(path).json()
            assert plain == {"url": server.url + path, "address": "127.0.0.1", "root": ""}


def test_proxies_are_no_reason_for_threads(start: Start) -> None:
    """Werkzeug's middleware for them is applied to ASGI requests natively; others lead to a warning, once."""
    server = start("uvicorn", "surrounded", "behind_proxy")
    with server.client() as client:
        client.get("/async/seen", headers=FORWARDED)
    assert "WSGI middleware" not in server.said()


# WSGI middleware


@one_of_each_protocol
def test_dispatcher(start: Start, name: str) -> None:
    server = start(name, "surrounded", "dispatching")
    with server.client() as client:
        assert [client.get("/").text, client.get("/mounted/").text] == ["inner", "mounted"]
        for path in ("/mounted/sync/seen", "/mounted/async/seen"):
            seen = client.get(path).json()
            assert seen == {"url": server.url + path, "address": "127.0.0.1", "root": "/mounted"}
        assert client.get("/async/long").text == client.get("/sync/long").text
        assert client.get("/mounted/nowhere").status_code == 404
        assert client.post("/mounted/echo", content=bytes(300_000)).content == bytes(300_000)
    assert server.said().count("There is WSGI middleware around") == (1 if server.is_asgi else 0)


# ASGI middleware


@pytest.mark.parametrize("name", ["uvicorn", "uvicorn asgi_app", "hypercorn", "granian", "daphne"])
def test_starlette(start: Start, name: str, file: Path) -> None:
    server = start(name, "surrounded", "with_starlette", FILE=str(file))
    origin = {"Origin": "https://a.example"}
    with server.client() as client:
        for path in ("/sync/long", "/async/long"):
            answer = client.get(path, headers=origin)
            assert answer.headers["access-control-allow-origin"] == "https://a.example"
            assert (answer.headers["content-encoding"], answer.text) == ("gzip", "text " * 10_000)
        assert client.get("/file", headers=origin).content == file.read_bytes()
        asked = {**origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "X-Word"}
        preflight = client.options("/sync/long", headers=asked)
        assert preflight.status_code == 200
        assert "X-Word" in preflight.headers["access-control-allow-headers"]
        assert "access-control-allow-origin" not in client.get("/", headers={"Origin": "https://b.example"}).headers


def test_files_are_left_to_a_server_that_takes_them(start: Start, file: Path) -> None:
    """Granian offers the extension ``http.response.pathsend``; a part of a file still comes from the application."""
    server = start("granian", "surrounded", "noted", FILE=str(file))
    with server.client() as client:
        whole = client.get("/file")
        assert (whole.content, whole.headers["content-length"]) == (file.read_bytes(), str(file.stat().st_size))
        assert client.get("/kinds").json().count("http.response.pathsend") == 1
        part = client.get("/file", headers={"Range": "bytes=1000000-1999999"})
        assert (part.status_code, part.content) == (206, file.read_bytes()[1_000_000:2_000_000])
        assert client.head("/file").headers["content-length"] == str(file.stat().st_size)
        assert client.get("/file", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
        assert client.get("/kinds").json().count("http.response.pathsend") == 1


# Observers


@pytest.fixture(params=["uvicorn asgi_app", "hypercorn asgi_app", "granian asgi_app", "daphne asgi_app", "gunicorn"])
def observed(request: pytest.FixtureRequest, start: Start) -> Iterator[Callable[[str], Server]]:
    """Starts a server whose application is observed."""
    return lambda observer: start(request.param, "observed", OBSERVER=observer)


def test_sentry(observed: Callable[[str], Server]) -> None:
    """It hears of each error, with the name of the view. (It does so twice, by the signal and by the log.)"""
    server = observed("sentry")
    with server.client() as client:
        for kind in ("sync", "async"):
            assert client.get(f"/{kind}/hello/Zoe").text == "Hello, Zoe"
            assert client.get(f"/{kind}/fail").status_code == 500
            assert client.post(f"/{kind}/echo", json=[kind]).json() == [kind]
        names = [name for name, types in client.get("/errors").json() if types == ["LookupError"]]
        assert sorted(set(names)) == ["fail", "fail_async"]


def test_opentelemetry(observed: Callable[[str], Server]) -> None:
    check_spans(observed("opentelemetry"))


def test_opentelemetry_for_one_application(start: Start) -> None:
    check_spans(start("uvicorn asgi_app", "observed", OBSERVER="opentelemetry for one"))


def check_spans(server: Server) -> None:
    """There is a span for each request. What makes them is WSGI middleware, behind which all works, too."""
    with server.client() as client:
        for kind in ("sync", "async"):
            assert client.get(f"/{kind}/hello/Zoe").text == "Hello, Zoe"
            assert client.get(f"/{kind}/fail").status_code == 500
            assert client.post(f"/{kind}/echo", json=[kind]).json() == [kind]
        routes = {"GET /sync/hello/<name>", "GET /async/hello/<name>", "GET /sync/fail", "GET /async/fail"}
        wait_until(lambda: routes <= set(client.get("/spans").json()), "a span for each request")
