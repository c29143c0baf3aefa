"""A folder for a program, and ways to run `flask` in it: in this process, in another, and as a server."""

from __future__ import annotations

import fcntl
import http.client
import os
import pty
import queue
import re
import select
import signal
import ssl
import subprocess
import sys
import termios
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

# A shell that runs the suite in the background has it ignore Ctrl-C, and so would every program that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
            with error:
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


class Terminal:
    """A pseudo-terminal, and a process for which it is the one that controls it: Ctrl-C is a signal there."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command,
            env=environ,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self.shown = ""

    def _read(self) -> bool:
        """Read what comes next; tells whether there is anything to come."""
        if not select.select([self.ours], [], [], PATIENCE)[0]:
            raise AssertionError(f"Nothing came any more. There is:\n{self.shown}")
        try:
            data = os.read(self.ours, 4096)
        except OSError:  # the other end was closed
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)

    def wait_for(self, text: str) -> str:
        """Wait until the text is shown, and return what was shown before it."""
        while text not in self.shown:
            if not self._read():
                raise AssertionError(f"The process ended without showing {text!r}:\n{self.shown}")
        seen, _, self.shown = self.shown.partition(text)
        return seen

    def type(self, keys: str) -> None:
        if "\x03" in keys:
            time.sleep(0.3)  # a prompt is shown a moment before the program is ready to be interrupted at it
        os.write(self.ours, keys.encode())

    def ended(self) -> int:
        """The exit code, when the process has shown all."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.ours)


class Project:
    """A program: files in a folder that is the current directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers: list[Server] = []
        self.terminals: list[Terminal] = []

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

    def at_terminal(self, *args: str, **variables: str) -> Terminal:
        """Run the `flask` command at a terminal of its own; it is closed when the test is over."""
        terminal = Terminal(self.command(*args), self.environ(**{"TERM": "dumb", **variables}))
        self.terminals.append(terminal)
        return terminal


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
    for terminal in project.terminals:
        terminal.close()
    os.environ.clear()
    os.environ.update(environ)
    sys.path[:] = search_path
    for name in set(sys.modules) - modules:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
