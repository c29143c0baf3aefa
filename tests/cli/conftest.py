"""A folder for a program, and ways to run `flask` in it: in this process, in another, and as a server."""

from __future__ import annotations

import http.client
import os
import queue
import re
import signal
import ssl
import subprocess
import sys
import textwrap
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flask.cli import FlaskGroup, cli

#: How long anything may take before a test gives up; nothing is asserted about time.
PATIENCE = 30


def wait_until(condition, what: str):
    """Ask again and again until the answer is true, and give that answer."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"In {PATIENCE} seconds this did not come: {what}")


class Server:
    """A running `flask run`, with what it has said so far."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        # A session of its own, so that the process which the reloader starts can be stopped with it.
        self.process = subprocess.Popen(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.output = ""
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.url = self.wait_for(r"Running on (https?://[\d.]+:\d+)").group(1)

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line)

    def said(self) -> str:
        while not self._lines.empty():
            self.output += self._lines.get()
        return self.output

    def wait_for(self, pattern: str) -> re.Match[str]:
        def find() -> re.Match[str] | None:
            found = re.search(pattern, self.said())
            if found is None and self.process.poll() is not None and not self._reader.is_alive():
                raise AssertionError(f"The server ended without saying {pattern!r}:\n{self.said()}")
            return found

        return wait_until(find, f"{pattern!r} in the server's output")

    def get(self, path: str = "/") -> tuple[int, str]:
        unverified = ssl._create_unverified_context() if self.url.startswith("https") else None
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE, context=unverified) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def get_until(self, text: str) -> tuple[int, str]:
        """Ask until the answer holds the text; while the reloader is at work, there may be none."""

        def ask() -> tuple[int, str] | None:
            try:
                answer = self.get()
            except (OSError, http.client.HTTPException):
                return None
            return answer if text in answer[1] else None

        return wait_until(ask, f"an answer with {text!r}")

    def stop(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self._reader.join()
        self.process.stdout.close()


class Project:
    """A program: files in a folder that is the current directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers: list[Server] = []

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    def invoke(self, *args: str, group: FlaskGroup = cli, **options) -> Result:
        """Run the `flask` command, or another group, in this process."""
        return CliRunner().invoke(group, args, prog_name="flask", **options)

    def command(self, *args: str, before: str = "") -> list[str]:
        if before:
            return [sys.executable, "-c", f"{before}\nfrom flask.cli import main\nmain()", *args]
        return [sys.executable, "-m", "flask", *args]

    def environ(self, **variables: str) -> dict[str, str]:
        return {**os.environ, "HOME": str(self.folder), "PYTHONUNBUFFERED": "1", **variables}

    def run(
        self, *args: str, before: str = "", input: str | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the `flask` command in a process of its own.

        :param before: Python code to run there first.
        """
        return subprocess.run(
            self.command(*args, before=before),
            env=self.environ(**variables),
            input=input,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def serve(self, *args: str, **variables: str) -> Server:
        """Start a server at a free port; it is stopped when the test is over."""
        server = Server(self.command(*args, "--port", "0"), self.environ(**variables))
        self.servers.append(server)
        return server


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """An empty folder as the current directory. What a test imports from it or sets for it is undone."""
    monkeypatch.chdir(tmp_path)
    environ, search_path, modules = dict(os.environ), list(sys.path), set(sys.modules)
    for name in environ:
        if name.startswith(("FLASK_", "WERKZEUG_")) or name == "PYTHONSTARTUP":
            del os.environ[name]
    project = Project(tmp_path)
    yield project
    for server in project.servers:
        server.stop()
    os.environ.clear()
    os.environ.update(environ)
    sys.path[:] = search_path
    for name in set(sys.modules) - modules:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
