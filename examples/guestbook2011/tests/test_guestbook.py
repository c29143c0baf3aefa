"""The guestbook of 2011, run with FLASK_ERA=0.8 and visited over a real socket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

RUN = Path(__file__).parents[1] / "run.py"
ATOM = "{http://www.w3.org/2005/Atom}"


@contextmanager
def guestbook(folder: Path) -> Iterator[httpx.Client]:
    """A client of the running guestbook, whose database is in the folder."""
    (folder / "settings.cfg").write_text(f"DATABASE = {str(folder / 'data' / 'guestbook.db')!r}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "FLASK_ERA": "0.8",
        "GUESTBOOK_SETTINGS": str(folder / "settings.cfg"),
        "PORT": str(port),
    }
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, str(RUN)], env=environment, stdout=log, stderr=log)
    try:
        wait_for(port, process, folder / "log")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, trust_env=False) as client:
            yield client
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until somebody listens; no request is sent, so that the first one is the test's own."""
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The guestbook did not start:\n{log.read_text()}")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    with guestbook(tmp_path) as client:
        yield client


def sign(client: httpx.Client, name: str, text: str, **headers: str) -> httpx.Response:
    return client.post("/guestbook/sign", data={"name": name, "text": text}, headers=headers)


def test_a_visit(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.url.path == "/guestbook/"
    assert "You could be the first!" in page.text
    assert '<body class="entries">' in page.text  # request.module

    page = sign(client, "Ada", "I was here <b>first</b>.")
    assert page.url.path == "/guestbook/"
    assert "Thank you, Ada!" in page.text
    assert "I was here &lt;b&gt;first&lt;/b&gt;." in page.text
    assert 'value="Ada"' in page.text  # the session remembers who signed
    assert "You could be the first!" not in page.text

    page = client.get("/guestbook/")
    assert "Thank you" not in page.text  # a flashed message is shown once


def test_the_newest_entry_stands_on_top(client: httpx.Client) -> None:
    sign(client, "Ada", "first entry")
    page = sign(client, "Grace", "second entry").text
    assert page.index("second entry") < page.index("first entry")


def test_the_book_outlives_the_server(tmp_path: Path) -> None:
    with guestbook(tmp_path) as client:
        sign(client, "Ada", "Still here?")
    with guestbook(tmp_path) as client:
        assert "Still here?" in client.get("/guestbook/").text


@pytest.mark.parametrize(("name", "text"), [("", "text"), ("Ada", "  "), ("A" * 41, "text"), ("Ada", "x" * 501)])
def test_an_entry_without_name_or_words_is_not_taken(client: httpx.Client, name: str, text: str) -> None:
    page = sign(client, name, text).text
    assert 'class="flash error"' in page
    assert "You could be the first!" in page


def test_a_script_is_answered_in_json(client: httpx.Client) -> None:
    answer = sign(client, "Ada", "Hello", **{"X-Requested-With": "XMLHttpRequest"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {"category": "info", "message": "Thank you, Ada!"}
    answer = sign(client, "", "", **{"X-Requested-With": "XMLHttpRequest"})
    assert answer.json()["category"] == "error"
    assert "flash" not in client.get("/guestbook/").text


def test_the_book_as_a_file(client: httpx.Client) -> None:
    sign(client, "Ada", "Grüße")
    sign(client, "Grace", "Hello")
    answer = client.get("/guestbook/guestbook.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Content-Disposition"] == "attachment; filename=guestbook.txt"
    assert "max-age=60" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.text.index("Grüße") < answer.text.index("Hello")


def test_the_feed(client: httpx.Client) -> None:
    sign(client, "Ada", "<Hello> & goodbye")
    answer = client.get("/guestbook/feed.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert [entry.findtext(f"{ATOM}content") for entry in feed.iter(f"{ATOM}entry")] == ["<Hello> & goodbye"]
    assert feed.findtext(f"{ATOM}id") == str(client.base_url.join("/guestbook/"))


def test_pages_are_fresh_and_in_no_frame(client: httpx.Client) -> None:
    page = client.get("/guestbook/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert page.headers["X-Frame-Options"] == "DENY"


def test_what_is_not_there_and_what_is_not_allowed(client: httpx.Client) -> None:
    page = client.get("/nothing")
    assert page.status_code == 404
    assert "There is no page here." in page.text
    assert client.get("/guestbook/sign").status_code == 405
    assert client.post("/guestbook/sign", data={"name": "Ada"}).status_code == 400
    assert client.get("/guestbook").url.path == "/guestbook/"
    assert client.get("/static/style.css").status_code == 200
