"""What the tests of Chirp share: the application, a server on a real socket, and visitors with a browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parents[1]))  # where the package `chirp` is

from chirp import create_app, database, people, posts

PASSWORD = "correct horse"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Chirp with an empty database in a folder of its own."""
    settings = {
        "TESTING": True,
        "SECRET_KEY": "only for tests",
        "PASSWORD_HASH": "pbkdf2:sha256:1",  # quick to make, and so quick to guess
        "MAX_CONTENT_LENGTH": 100_000,
    }
    app = create_app(settings, instance_path=str(tmp_path / "instance"))
    with app.app_context():
        database.initialise()
    return app


@pytest.fixture
def add_person(app: Flask) -> Callable[..., None]:
    """Add a person, and as many posts as there are further arguments."""

    def add(username: str, *texts: str) -> None:
        with app.app_context():
            person = people.add(username, username.title(), PASSWORD)
            for text in texts:
                posts.add(person, text)

    return add


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """Chirp on a free port; the value is its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(server: str) -> Iterator[Callable[[], Visitor]]:
    """Each call is another visitor of the server."""
    visitors: list[Visitor] = []

    def visit() -> Visitor:
        visitors.append(Visitor(server))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.close()


class Visitor(httpx.Client):
    """An HTTP client that fills in forms as a browser does: what the page put into a form is sent along."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url=base_url, follow_redirects=True, trust_env=False)

    def submit(self, page: str, action: str, files: dict[str, Any] | None = None, **fields: str) -> httpx.Response:
        """Load a page, and send its form of that action with these fields filled in."""
        document = Document(self.get(page).text)
        if action not in document.forms:
            raise LookupError(f"On {page} there is no form for {action}, only for {sorted(document.forms)}.")
        return self.post(action, data=document.forms[action] | fields, files=files)

    def sign_up(self, username: str) -> httpx.Response:
        return self.submit("/signup", "/signup", username=username, name=username.title(), password=PASSWORD)

    def log_in(self, username: str, password: str = PASSWORD, page: str = "/login") -> httpx.Response:
        return self.submit(page, "/login", username=username, password=password)

    def log_out(self) -> httpx.Response:
        return self.submit("/", "/logout")

    def csrf_token(self) -> str:
        """The token of this visitor's session, out of the form for logging in or out."""
        forms = Document(self.get("/login").text).forms
        return forms["/login"]["csrf_token"]


class Document(HTMLParser):
    """The parts of a page that the tests look at."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}  # action -> what its fields hold
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []  # of the chirps
        self._open_form: dict[str, str] = {}
        self._in_text = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.tags.append((tag, found))
        if tag == "form":
            self._open_form = self.forms.setdefault(found.get("action", ""), {})
        elif tag == "input" and "name" in found and found.get("type") != "file":
            self._open_form[found["name"]] = found.get("value", "")
        elif tag == "p" and "text" in found.get("class", "").split():
            self._in_text = True
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._in_text = False

    def handle_data(self, data: str) -> None:
        if self._in_text:
            self.texts[-1] += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all tags of a name."""
        return [attributes for name, attributes in self.tags if name == tag]

    def link(self, rel: str) -> str | None:
        """Where the link of that relation leads."""
        return next((a["href"] for a in self.all("a") if a.get("rel") == rel), None)


@pytest.fixture
def read() -> type[Document]:
    """To look into a page; a fixture, since tests of this import mode cannot import their conftest."""
    return Document
