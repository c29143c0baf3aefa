"""The frameworks that take part: what each needs, its virtual environment, and a process that runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parent
# glibc gives the top of the heap back to the system when 128 KiB of it are free, and soon takes it again: 2
# to 18 page faults, up to 48 µs, in each request that compresses a session; in one process, and not in the
# next. Fixed thresholds keep that accident out of the comparison.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(64 << 20)}
# Pyramid asks for what Setuptools warns of.
WARNINGS = {"PYTHONWARNINGS": "ignore:pkg_resources is deprecated:UserWarning"}
COMMON = ("itsdangerous==2.2.0", "Jinja2==3.1.6", "MarkupSafe==3.0.4")
STARLETTE = ("starlette==1.10.0", "anyio==4.16.0", "python-multipart==0.0.34")
FLASK = ("Werkzeug==3.1.9", "blinker==1.9.0", "click==8.5.1", *COMMON)
PYRAMID = ("pyramid==2.1", "pyramid_jinja2==2.10.1", "setuptools==80.9.0", *COMMON)
SERVERS = ("gunicorn==27.0.1", "granian==2.8.7")


@dataclass(frozen=True)
class Peer:
    """One framework.

    :param statement: what an empty program runs to load the framework, for `--startup`.
    :param requirements: what pip installs besides the servers; what they share has the same versions everywhere.
    :param wsgi: the module in `apps` with its WSGI applications, if it takes part in those rows.
    :param asgi: the module in `apps` with its ASGI applications.
    :param lacks: the rows in which it takes no part, since it has nothing of the kind.
    """

    statement: str
    requirements: tuple[str, ...]
    wsgi: str = ""
    asgi: str = ""
    lacks: tuple[str, ...] = ()

    @property
    def sized(self) -> str:
        """The module in `apps` with the WSGI applications that are made to size."""
        return self.wsgi.replace("_app", "_sized")

    def has(self, row: str) -> bool:
        """Tell whether it takes part in a row; of the growing ones, the first word counts."""
        return row.partition(" ")[0] not in self.lacks


# Quart brings Pallets Flask with it; in an environment of its own it cannot be taken for ours.
PEERS = {
    "retort": Peer(
        "from flask import Flask", ("--editable", str(BENCH.parent), *FLASK), wsgi="flask_app", asgi="retort_asgi"
    ),
    "flask": Peer("from flask import Flask", ("Flask==3.1.3", *FLASK), wsgi="flask_app"),
    "falcon": Peer(
        "from falcon import App",
        ("falcon==4.4.0", *COMMON),
        wsgi="falcon_app",
        asgi="falcon_asgi",
        lacks=("url-for", "blueprints"),
    ),
    "bottle": Peer(
        "from bottle import Bottle", ("bottle==0.13.4", *COMMON), wsgi="bottle_app", lacks=("options", "nested")
    ),
    "pyramid": Peer(
        "from pyramid.config import Configurator", PYRAMID, wsgi="pyramid_app", lacks=("method", "options")
    ),
    "django": Peer(
        "from django.core.wsgi import get_wsgi_application",
        ("Django==5.2.19", *COMMON),
        wsgi="django_app",
        lacks=("nested",),
    ),
    "quart": Peer("from quart import Quart", ("quart==0.22.0", "Flask==3.1.3", *FLASK), asgi="quart_asgi"),
    "starlette": Peer("from starlette.applications import Starlette", STARLETTE, asgi="starlette_asgi"),
    "fastapi": Peer(
        "from fastapi import FastAPI", ("fastapi==0.165.0", "pydantic==2.14.3", *STARLETTE), asgi="fastapi_asgi"
    ),
    "litestar": Peer("from litestar import Litestar", ("litestar==2.25.0", "anyio==4.16.0"), asgi="litestar_asgi"),
    "blacksheep": Peer("from blacksheep import Application", ("blacksheep==2.6.4",), asgi="blacksheep_asgi"),
    "bare": Peer("pass", COMMON, wsgi="bare_app", asgi="bare_asgi"),
}
PROTOCOLS = ("wsgi", "asgi")


def taking_part(protocol: str, names: Iterable[str]) -> list[str]:
    """Return those of the peers that speak a protocol."""
    return [name for name in names if getattr(PEERS[name], protocol)]


def python(name: str) -> Path:
    """Return the interpreter of a peer's environment, which is built if it is missing or its pins changed."""
    peer, folder = PEERS[name], BENCH / ".venvs" / name
    executable, stamp = folder / "bin/python", folder / "requirements.txt"
    requirements = (*peer.requirements, *SERVERS)
    wanted = "\n".join((sys.version, *requirements))
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Building the environment of {name} in {folder} …", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(executable), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        if subprocess.run([*pip, *requirements], env=environment()).returncode:
            raise SystemExit(f"The environment of {name} could not be built; pip says why above.")
        stamp.write_text(wanted)
    return executable


def versions(name: str) -> dict[str, str]:
    """Return the version of every distribution in a peer's environment."""
    folders = [str(folder) for folder in (BENCH / ".venvs" / name).glob("lib/python*/site-packages")]
    return {found.name: found.version for found in metadata.distributions(path=folders)}


def environment() -> dict[str, str]:
    """Return this process's environment variables without those that change how an app runs."""
    unwanted = ("PYTHON", "FLASK_DEBUG", "FLASK_APP", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


class WorkerError(Exception):
    """A worker could not carry out a command."""


class Worker:
    """The process of one peer, `worker.py` run by the interpreter of its environment."""

    def __init__(self, name: str, protocol: str) -> None:
        self.name = name
        command = [str(python(name)), str(BENCH / "worker.py"), protocol, getattr(PEERS[name], protocol)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment() | MALLOC | WARNINGS
        )

    def ask(self, command: str, **arguments: Any) -> Any:
        """Send a command and return its result.

        :raises WorkerError: with the worker's traceback, or because its process ended.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"command": command, **arguments}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the process has ended; reading tells
        line = self.process.stdout.readline()
        if not line:
            raise WorkerError(f"The process of {self.name} ended with status {self.process.wait()}; see above.")
        reply = json.loads(line)
        if "error" in reply:
            raise WorkerError(reply["error"])
        return reply["result"]

    def close(self) -> None:
        """End the process and wait for it."""
        self.process.communicate()
