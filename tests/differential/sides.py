"""The two sides of the comparison: this project's flask and Pallets Flask 3.1.3, each in an interpreter of its own."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import tempfile
import venv
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PEERS = HERE.parent.parent / ".venv-peers"

# The libraries below Flask have the versions of this environment, so that they make no difference. Async views of the
# peer need asgiref.
SHARED = ("werkzeug", "jinja2", "itsdangerous", "blinker", "click", "markupsafe")
Case = tuple[str, dict[str, Any]]


def peer_python() -> Path:
    """The interpreter that has Pallets Flask."""
    shared = [f"{name}=={metadata.version(name)}" for name in SHARED]
    return kept_environment(PEERS / "flask-3.1.3", ["flask==3.1.3", "asgiref", "python-dotenv", *shared])


def kept_environment(folder: Path, requirements: list[str]) -> Path:
    """The interpreter of a virtual environment, which is made if it is missing or out of date."""
    wanted = "\n".join([sys.version, *requirements])
    python, stamp = folder / "bin/python", folder / "requirements.txt"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several runs of the tests may find it missing at once
        if not stamp.exists() or stamp.read_text() != wanted:
            venv.create(folder, clear=True, with_pip=False)  # this one's pip does it: making another takes longest
            pip = [sys.executable, "-m", "pip", "--python", str(python)]
            command = [*pip, "install", "--quiet", "--disable-pip-version-check", *requirements]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                raise RuntimeError(
                    f"What the tests compare with, {requirements[0]} and more, could not be installed in {folder}."
                    f" Once it is there, no network is needed. pip says:\n{done.stdout}"
                )
            stamp.write_text(wanted)
    return python


def _environment() -> dict[str, str]:
    """This process's environment variables without those that change how applications run, but for our own switch."""
    wanted = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "FLASK_"))}
    if "FLASK_FAST_PATHS" in os.environ:
        wanted["FLASK_FAST_PATHS"] = os.environ["FLASK_FAST_PATHS"]
    return wanted | {"PYTHONHASHSEED": "0"}  # sets have one order on both sides


class Side:
    """An interpreter that runs ``worker.py``, and waits for jobs."""

    def __init__(self, python: str | Path) -> None:
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  # open as long as the process runs
        self._process = subprocess.Popen(
            [str(python), str(HERE / "worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            env=_environment(),
        )

    def hand(self, job: dict[str, Any]) -> None:
        """Hand it a job, which it begins at once."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it is gone, and `cases` tells what it said

    def cases(self) -> list[Case]:
        """The cases of the job handed to it last."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._said.seek(0)
            raise RuntimeError(f"{self._process.args} ended, and said:\n{self._said.read()[-4000:]}")
        return [(name, seen) for name, seen in json.loads(line)]

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            assert pipe is not None
            pipe.close()
        self._process.wait()
