"""The programs of their years, started as the README says and visited over a real socket."""

from __future__ import annotations

import os
import re
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

HERE = Path(__file__).parents[1]
STARTED = re.compile(r"`(?P<settings>(?:FLASK_\w+=\S+ )+)python (?P<module>-m \S+ )?(?P<file>\w+\.py)`")
COMMANDS = {found["file"]: found for found in STARTED.finditer((HERE / "README.md").read_text(encoding="utf-8"))}


def environment_of(file: str, folder: Path) -> dict[str, str]:
    """The environment that a program is started in."""
    settings = dict(setting.split("=") for setting in COMMANDS[file]["settings"].split())
    own = {"DATABASE": str(folder / "data.db"), "PYTHONPATH": os.pathsep.join(sys.path)}
    return os.environ | settings | own


@contextmanager
def running(file: str, folder: Path) -> Iterator[httpx.Client]:
    """A client of a program that runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = environment_of(file, folder) | {"PORT": str(port)}
    with (folder / "log").open("w") as log:
        command = [sys.executable, *(COMMANDS[file]["module"] or "").split(), str(HERE / file)]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(600):
            if process.poll() is not None:
                pytest.fail(f"{file} did not start:\n{(folder / 'log').read_text()}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, trust_env=False) as client:
            yield client
    finally:
        process.terminate()
        process.wait()


def test_every_program_is_in_the_readme():
    assert {path.name for path in HERE.glob("*.py")} == set(COMMANDS)


def test_links_of_2011(tmp_path):
    with running("links.py", tmp_path) as client:
        assert "No links yet." in client.get("/").text
        link = {"title": "A & B", "url": "http://a.example/", "tags": "one two"}
        assert client.post("/admin/add", data=link).status_code == 401
        assert client.post("/admin/login", data={"password": "x"}).text == "Invalid password on admin.login"
        client.post("/admin/login", data={"password": "default"})
        posted = client.post("/admin/add", data=link).text
        assert "New link was posted" in posted
        assert "A &amp; B" in posted
        assert "A &amp; B" in client.get("/tagged/one+two").text
        assert "No links yet." in client.get("/tagged/one+three").text
        assert client.get("/links.json").json()[0]["tags"] == ["one", "two"]
        feed = ElementTree.fromstring(client.get("/recent.atom").content)
        atom = "{http://www.w3.org/2005/Atom}"
        assert feed.findtext(f"{atom}entry/{atom}title") == "A & B"
        assert feed.findtext(f"{atom}entry/{atom}updated") == "2011-10-01T00:00:00Z"


def test_a_wiki_of_2017(tmp_path):
    with running("wiki.py", tmp_path) as client:
        assert client.get("/Home").status_code == 404
        assert client.post("/Home", data={"word": "x", "body": "y"}).status_code == 403
        page = client.post("/Home", data={"word": "word", "body": "see Other <b>"}).text
        assert page == '<title>Home - Wiki</title><p>see <a href="/Other">Other</a> &lt;b&gt;'
        assert client.get("/Home").text == page
        by_script = client.get("/Home", headers={"X-Requested-With": "XMLHttpRequest"}).json()
        assert by_script["page"]["changed"] == "2017-01-01T00:00:00"
        assert client.get("/").json()["pages"] == ["Home"]
        refused = client.put("/Home")
        assert (refused.status_code, refused.json()) == (405, {"error": "405"})


def test_a_stock_of_2018(tmp_path):
    with running("stock.py", tmp_path) as client:
        assert client.get("/hello").text == "Hello from production"
        assert client.get("/api/items").json() == {"message": "No token."}
        assert client.post("/api/token", auth=("ann", "x")).status_code == 401
        token = {"X-Token": client.post("/api/token", auth=("ann", "secret")).json()["token"]}
        assert client.post("/api/items", json={"name": "pen"}, headers=token).json() == [
            {"count": 1, "id": 1, "name": "pen"}
        ]
        unread = client.post("/api/items", data={"name": "pen"}, headers=token)
        assert (unread.status_code, unread.json()) == (400, {"message": "Send JSON."})
        assert client.get("/api/items", headers={"X-Token": token["X-Token"] + "x"}).status_code == 401
        assert client.get("/api/order?b=1&a=2&b=3").json() in ([["b", "1"], ["a", "2"], ["b", "3"]],
                                                               [["b", "1"], ["b", "3"], ["a", "2"]])


def test_the_command_of_the_stock(tmp_path):
    environment = environment_of("stock.py", tmp_path) | {"FLASK_APP": str(HERE / "stock.py")}
    command = [sys.executable, "-m", "flask", "init-db"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)
    assert said.stdout == "Initialized the database.\n", said.stderr


def test_tasks_of_2022(tmp_path):
    with running("tasks.py", tmp_path) as client:
        assert client.get("/").text == "<h1>Tasks &amp; more</h1>"
        created = client.post("/api/tasks", json={"title": "write"})
        assert (created.status_code, created.json()) == (201, {"id": 1})
        assert client.get("/api/tasks").json() == [{"id": 1, "url": "/api/tasks/1"}]
        assert client.get("/api/tasks/1").text.strip() == '{"id":1,"title":"write","done":false}'
        assert client.delete("/api/tasks/1").status_code == 204
        missing = client.get("/api/tasks/1")
        assert missing.json() == {"at": "api.tasks.show", "error": "There is no task 1."}
