"""Runs the `flask` command again and again, each time in a fork of this process, so that nothing is imported twice.

It needs nothing but the standard library and whichever `flask` its interpreter has. A job is a line of JSON on standard
input: the arguments, the environment, the current directory, and files for standard input, output and errors. The
answer is the exit code.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from typing import Any

import werkzeug
import werkzeug.serving

serve = werkzeug.serving.run_simple
del sys.path[0]  # where this file is
sys.modules["cryptography"] = None  # one side may have it


def run_simple(host: str, port: int, app: Any, **options: Any) -> None:
    """Tell how the server would be started; and start it if it is to fail."""
    if os.environ.get("REALLY_RUN"):
        serve(host, port, app, **options)
    options["ssl_context"] = type(options.get("ssl_context")).__name__
    for name in ("extra_files", "exclude_patterns"):
        options[name] = options.get(name) or None
    print("says: run", host, port, sorted(options.items()))  # noqa: T201  # what is compared


# `flask` has not been imported yet, and takes this for Werkzeug's own.
werkzeug.run_simple = werkzeug.serving.run_simple = run_simple

import flask.cli


def become(job: dict[str, Any]) -> None:
    """Be a process that was started for a job."""
    for number, (name, mode) in enumerate([("input", os.O_RDONLY), ("output", os.O_WRONLY), ("errors", os.O_WRONLY)]):
        os.dup2(os.open(job[name], mode), number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  # this one may have read on in the other file
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    sys.path.append(job["environment"]["PROGRAM"])
    sys.argv = ["flask", *shlex.split(job["arguments"])]


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            become(job)
            break
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201  # the answer
    else:
        return
    flask.cli.main()


main()
