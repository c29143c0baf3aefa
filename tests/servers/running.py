"""The real servers, each in a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

PROGRAMS = Path(__file__).with_name("programs")

#: How long anything may take before a test gives up; nothing is asserted about time.
PATIENCE = 30

UVICORN = "uvicorn --port {port} --no-proxy-headers "
GUNICORN = "gunicorn {program}:{app} --bind 127.0.0.1:{port} --threads 8 --no-control-socket"
WAITRESS = "waitress-serve --max-request-body-size 4294967296 --listen 127.0.0.1:{port} --threads 8 {program}:{app}"
UWSGI = "pyuwsgi --http-socket 127.0.0.1:{port} --module {program}:{app} --master --threads 8 --need-app"
UWSGI += " --post-buffering 65536"  # else it resets the connection where a program leaves a body unread
GRANIAN = "granian --host 127.0.0.1 --port {port} "

#: How each is started. The ASGI servers are given the application object where they take it for what it is. Uvicorn is
#: told to leave headers of proxies alone, as the others do.
COMMANDS = {
    "uvicorn": UVICORN + "--http h11 --loop asyncio {program}:{app}",
    "uvicorn asgi_app": UVICORN + "--http httptools --loop uvloop {program}:{app}.asgi_app",
    "hypercorn": "hypercorn --bind 127.0.0.1:{port} asgi:{program}:{app}",
    "hypercorn asgi_app": "hypercorn --bind 127.0.0.1:{port} {program}:{app}.asgi_app",
    "granian": GRANIAN + "{program}:{app} --interface asgi",
    "granian asgi_app": GRANIAN + "{program}:{app}.asgi_app --interface asgi",
    "daphne": "daphne --bind 127.0.0.1 --port {port} {program}:{app}",
    "daphne asgi_app": "daphne --bind 127.0.0.1 --port {port} {program}:{app}.asgi_app",
    "granian wsgi": GRANIAN + "{program}:{app} --interface wsgi --blocking-threads 8",
    "gunicorn": GUNICORN,
    "waitress": WAITRESS,
    "uwsgi": UWSGI,
}
WSGI = ("granian wsgi", "gunicorn", "waitress", "uwsgi")
ASGI = tuple(name for name in COMMANDS if name not in WSGI)

#: One of each kind, where how the application is named makes no difference.
EACH = tuple(name for name in COMMANDS if not name.endswith("asgi_app"))


def wait_until(condition: Callable[[], t.Any], what: str) -> t.Any:
    """Ask again and again until the answer is true, and give that answer."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"In {PATIENCE} seconds this did not come: {what}")


class Server:
    """A running server.

    :param name: its name in :data:`COMMANDS`.
    :param program: the module that it serves.
    :param app: the name of the application there.
    :param log: the file for what it says.
    """

    def __init__(self, name: str, program: str, app: str, log: Path, **variables: str) -> None:
        self.name, self.log = name, log
        self.is_asgi = name in ASGI
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        script, *arguments = COMMANDS[name].format(program=program, app=app, port=self.port).split()
        environ = {**os.environ, "PYTHONPATH": str(PROGRAMS), "PYTHONUNBUFFERED": "1", **variables}
        with log.open("wb") as output:
            # A session of its own, so that what the server starts is stopped with it.
            self.process = subprocess.Popen(
                [Path(sys.executable).with_name(script), *arguments],
                env=environ,
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it answers."""

        def answers() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"The server {self.name} ended:\n{self.said()}")
            try:
                with self.client() as client:
                    return client.get("/").status_code < 500
            except httpx.TransportError:
                return False

        try:
            wait_until(answers, "an answer")
        except AssertionError as error:
            raise AssertionError(f"{self.name}: {error}\n{self.said()}") from None

    def said(self) -> str:
        """What it has written to its log so far."""
        return self.log.read_text(errors="replace")

    def client(self) -> httpx.Client:
        """A client, which keeps its connection and its cookies."""
        # uWSGI closes the connection after an answer, without a word before.
        headers = {"Connection": "close"} if self.name == "uwsgi" else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE, trust_env=False, verify=False)

    @contextlib.contextmanager
    def connection(self, data: bytes) -> Iterator[socket.socket]:
        """A connection on which these bytes were sent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(data)
            yield connection

    def answer_to(self, data: bytes) -> bytes:
        """Everything that the server answers to these bytes until it closes the connection."""
        received = b""
        with self.connection(data) as connection:
            while chunk := connection.recv(65536):
                received += chunk
        return received

    def events(self, key: str, count: int) -> list[str]:
        """What was noted for a key, when at least so much has been."""
        with self.client() as client:
            wait_until(lambda: len(client.get(f"/events/{key}").json()) >= count, f"{count} events of {key}")
            time.sleep(0.1)  # one event too many would come about now
            return t.cast("list[str]", client.get(f"/events/{key}").json())

    def stop(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


@contextlib.contextmanager
def running(name: str, program: str, folder: Path, app: str = "app", **variables: str) -> Iterator[Server]:
    """A server that runs meanwhile.

    :param name: its name in :data:`COMMANDS`.
    :param program: the module that it serves.
    :param folder: where its files go.
    :param app: the name of the application in the module.
    :param variables: what is set in its environment.
    """
    server = Server(name, program, app, folder / "server.log", **variables)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
