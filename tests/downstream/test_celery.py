"""A printing house whose work is done by a Celery worker, which is a process of its own, as the broker is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from flask import Flask
from flask.testing import FlaskClient

from .programs.press import create_app

PATIENCE = 30


@pytest.fixture(scope="module")
def worker(redis_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The number of the worker's process, which runs its tasks in another one."""
    log = tmp_path_factory.mktemp("worker") / "log"
    program = f"{create_app.__module__.rpartition('.')[0]}.make_celery"
    command = [sys.executable, "-m", "celery", "-A", program, "worker", "--concurrency", "1", "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle"]
    root = Path(__file__).parents[program.count(".") - 1]
    with (
        log.open("wb") as said,
        subprocess.Popen(
            command, cwd=root, env={**os.environ, "BROKER": redis_server}, stdout=said, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            end = time.monotonic() + PATIENCE
            while b" ready." not in log.read_bytes():
                if process.poll() is not None or time.monotonic() > end:
                    raise AssertionError(log.read_text())
                time.sleep(0.05)
            yield process.pid
        finally:
            process.terminate()


@pytest.fixture
def app(worker: int, redis_server: str, way: t.Any, written: t.Any) -> Iterator[Flask]:
    app = create_app(redis_server, written, ASGI_SYNC=way.placing, ASGI_THREADS=4)
    yield app
    app.extensions["celery"].close()


@pytest.fixture
def press(client: FlaskClient) -> FlaskClient:
    """A client of the printing house."""
    client.environ_base["HTTP_HOST"] = "press.example"
    return client


def do(press: FlaskClient, path: str, **data: t.Any) -> t.Any:
    """Start something, and ask for what comes of it until that is there."""
    identity = t.cast(t.Any, press.post(f"/work/{path}", data=data).json)["id"]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = t.cast(t.Any, press.get(f"/work/result/{identity}").json)
        if answer["ready"]:
            return answer["value"]
        time.sleep(0.005)
    raise TimeoutError(path)


def test_a_result(press: FlaskClient) -> None:
    assert do(press, "add", a=1, b=2) == 3


def test_a_task_has_the_application(press: FlaskClient, worker: int) -> None:
    for title in ("News", "More news"):
        value = do(press, "typeset", title=title)
        assert value.pop("process") not in (os.getpid(), worker)
        assert value == {
            "application": "press",
            "page": f"<h1>{title}</h1>A4",
            "address": f"http://press.example/work/read/{title.replace(' ', '%20')}",
            "has a request": False,
            "clean": True,
        }


def test_a_task_that_fails(press: FlaskClient, redis_server: str) -> None:
    """The context of the application is torn down with its error."""
    assert do(press, "jam") == "LookupError('There is no paper.')"
    with redis.Redis.from_url(redis_server) as notes:
        assert notes.brpop("failed", PATIENCE) == (b"failed", b"There is no paper.")


def test_a_task_that_tries_again(press: FlaskClient) -> None:
    assert do(press, "insist") == 2


def test_one_task_after_another(press: FlaskClient) -> None:
    assert do(press, "all") == 6


def test_a_task_within_the_request(press: FlaskClient) -> None:
    """It has a context of its own on top of the request's."""
    answer = t.cast(t.Any, press.post("/work/at-once").json)
    assert (answer["title"], answer["path"]) == ("the request's", "/work/at-once")
    assert answer["task"]["page"] == "<h1>the task&#39;s</h1>A4"
    assert answer["task"]["process"] == os.getpid()
