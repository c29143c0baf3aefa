"""Requests per second of the same apps behind real servers: gunicorn and granian with one worker, asked by wrk.

The server has one core. A second is one of its CPU time, for by the clock a busy neighbour on that core would count;
on a quiet machine, where the server is busy all the time, the two are the same.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.request import urlopen

from peers import BENCH, PEERS, WARNINGS, environment, python
from report import Samples, show
from timing import rotated

SECONDS = 2
CONNECTIONS = 32
GUNICORN = ("-m", "gunicorn", "--workers=1", "--bind=127.0.0.1:{port}", "--log-level=error")
GRANIAN = ("-m", "granian", "--workers=1", "--port={port}", "--log-level=error")
SERVERS = {
    "gunicorn sync": ("wsgi", GUNICORN),
    "gunicorn gthread": ("wsgi", (*GUNICORN, "--worker-class=gthread", "--threads=4")),
    "granian wsgi": ("wsgi", (*GRANIAN, "--interface=wsgi")),
    "granian asgi": ("asgi", (*GRANIAN, "--interface=asgi")),
}
NEEDED = "wrk is missing, so no server is measured. On Debian and Ubuntu: apt-get install wrk"


@dataclass(frozen=True)
class Servers:
    """The peers whose apps are served."""

    peers: Sequence[str]

    def measure(self, rounds: int) -> dict[str, Any]:
        """Measure and show how many plain texts are answered in a second; give all that was found."""
        if not shutil.which("wrk"):
            print(NEEDED)
            return {"rate": {}, "clock": {}, "faults": {}}
        found: dict[str, Samples] = {"rate": {}, "clock": {}}
        for number in range(rounds):
            for server, (protocol, arguments) in SERVERS.items():
                taking_part = [name for name in self.peers if getattr(PEERS[name], protocol)]
                for name in rotated(taking_part, number):
                    print(f"\r{server}, {name}, round {number + 1}   ", end="", file=sys.stderr, flush=True)
                    module = getattr(PEERS[name], protocol)
                    with serving(name, (*arguments, f"apps.{module}:app")) as (port, process):
                        for measure, figure in zip(("rate", "clock"), ask(port, process), strict=True):
                            found[measure].setdefault(server, {}).setdefault(name, []).append(figure)
        print("\rRequests per second of the server's CPU time\n")
        show(found["rate"], self.peers, highest=True)
        return {**found, "faults": {}}


def affinity(core: int) -> None:
    """Keep this process on one core, where there are two: server and client each get theirs."""
    if (os.cpu_count() or 1) > 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


@contextmanager
def serving(name: str, arguments: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Run a server until it is not needed any more; give its port and the id of its process and session."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(python(name)), *(argument.format(port=port) for argument in arguments)]
    variables = environment() | WARNINGS | {"PYTHONPATH": str(BENCH)}
    with subprocess.Popen(
        command, env=variables, cwd=BENCH, start_new_session=True, preexec_fn=lambda: affinity(0)
    ) as process:
        try:
            wait(port, process)
            yield port, process.pid
        finally:
            process.terminate()


def wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers, and look at what it answers."""
    deadline = monotonic() + 20
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                body = answer.read()
            break
        except OSError:
            if process.poll() is not None or monotonic() > deadline:
                raise SystemExit(f"`{process.args!r}` does not serve.")
            sleep(0.05)
    if body != b"Hello, World!":
        raise SystemExit(f"`{process.args!r}` answered {body[:200]!r}.")


def cpu_seconds(session: int) -> float:
    """Return the CPU time that the processes of a session have taken."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def ask(port: int, session: int) -> tuple[float, float]:
    """Return how many requests are answered in a second of CPU time, and in one by the clock."""
    url = f"http://127.0.0.1:{port}/"
    used = 0.0
    for seconds in (1, SECONDS):  # the first is for warming
        used = cpu_seconds(session)
        command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s", url]
        told = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=60, preexec_fn=lambda: affinity(1)
        ).stdout
    if "Non-2xx" in told:
        raise SystemExit(f"A server failed: {told}")
    found = re.search(r"(\d+) requests in .*Requests/sec:\s+([\d.]+)", told, re.DOTALL)
    assert found is not None
    used = cpu_seconds(session) - used
    return int(found[1]) / used if used else 0.0, float(found[2])
