"""Settings, commands, and the one command that starts everything."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from flask import Flask

from chirp import create_app, database, images, people, posts, sample

SERVE = Path(__file__).parents[1] / "serve.py"


@pytest.fixture
def empty_app(tmp_path: Path) -> Flask:
    """Chirp without a database."""
    return create_app({"TESTING": True}, instance_path=str(tmp_path))


def test_later_settings_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chirp.cfg").write_text("POSTS_PER_PAGE = 20\nAPI_TOKEN_SECONDS = 20\nMAX_CONTENT_LENGTH = 20")
    (tmp_path / "other.cfg").write_text("POSTS_PER_PAGE = 30\nAPI_TOKEN_SECONDS = 30")
    monkeypatch.setenv("CHIRP_SETTINGS", str(tmp_path / "other.cfg"))
    monkeypatch.setenv("CHIRP_POSTS_PER_PAGE", "40")
    config = create_app(instance_path=str(tmp_path)).config
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert config["MAX_CONTENT_LENGTH"] == 20
    assert config["API_TOKEN_SECONDS"] == 30
    assert config["POSTS_PER_PAGE"] == 40
    assert create_app({"POSTS_PER_PAGE": 50}, instance_path=str(tmp_path)).config["POSTS_PER_PAGE"] == 50


def test_the_environment_names_the_instance_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHIRP_INSTANCE_PATH", "somewhere")
    assert create_app().instance_path == str(tmp_path / "somewhere")


def test_a_secret_key_is_made_once_and_kept_to_the_owner(tmp_path: Path) -> None:
    first, second = (create_app(instance_path=str(tmp_path / "instance")) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert re.fullmatch("[0-9a-f]{64}", str(first.secret_key))
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o077 == 0
    other = create_app({"SECRET_KEY": "mine"}, instance_path=str(tmp_path / "other"))
    assert other.secret_key == "mine"
    assert not (tmp_path / "other" / "secret_key").exists()


def test_the_commands_create_and_fill_the_database(empty_app: Flask) -> None:
    run = empty_app.test_cli_runner().invoke
    too_early = run(args=["seed"])
    assert too_early.exit_code == 1
    assert "flask --app chirp init-db" in too_early.output

    assert "Created" in run(args=["init-db"]).output
    seeded = run(args=["seed"])
    assert seeded.exit_code == 0
    assert sample.PASSWORD in seeded.output
    assert run(args=["seed"]).exit_code == 1

    refused = run(args=["init-db"])
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    with empty_app.app_context():
        assert people.find_by_password("wren", sample.PASSWORD) is not None
        assert len(list(images.folder().iterdir())) == 3
    assert run(args=["init-db", "--replace"]).exit_code == 0
    with empty_app.app_context():
        assert people.find_by_username("wren") is None
        assert list(images.folder().iterdir()) == []


def test_the_sample_is_good_enough_to_be_posted(empty_app: Flask) -> None:
    for example in sample.EXAMPLES:
        assert posts.problems_with(example.text, example.description) == {}
    with empty_app.app_context():
        database.initialise()
        sample.plant()
        page = posts.everyone()
        assert page.older is not None
        written = [post for name in sample.PEOPLE for post in posts.written_by(people.find_by_username(name)).posts]
        assert len(written) == len(sample.EXAMPLES)
        pictures = [post for post in written if post.image]
        assert len(pictures) == 3
        assert all(post.image_description for post in pictures)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The site as `make run` starts it, in a folder that is empty before."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "HOST": "127.0.0.1", "CHIRP_INSTANCE_PATH": str(tmp_path)}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, str(SERVE)], env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, tmp_path / "log")
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            httpx.get(url, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text()}")


def test_one_command_starts_a_site_with_something_to_look_at(served: str) -> None:
    with httpx.Client(base_url=served, trust_env=False) as client:
        page = client.get("/").text
        assert "Harald Heron" in page
        [image] = re.findall(r'src="(/images/[^"]+)"', page)[:1]
        assert client.get(image).headers["Content-Type"] == "image/png"
        answer = client.post("/api/token", json={"username": "wren", "password": sample.PASSWORD})
        assert answer.status_code == 200
