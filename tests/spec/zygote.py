"""A Python that has imported flask once and forks for every piece of code it is handed.

A child starts with flask as it is just after its import, whatever another did to it, for the price of a fork:
the 1100 checks of this folder take seconds where as many interpreters would take minutes. The era is the
process's own (`FLASK_ERA`), so there is one of these for each era.

It reads one job per line from its standard input, ``{"code": ..., "here": folder, "output": file}``, runs the
code as the module `surface_probe` of that folder, and answers each with a line: the child's exit status.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
import types
from pathlib import Path
from typing import Any, NoReturn

import surface

SECONDS_FOR_ONE_CHECK = 30


def serve(names: dict[str, Any]) -> None:
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            run(job, names)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def run(job: dict[str, str], names: dict[str, Any]) -> NoReturn:
    signal.alarm(SECONDS_FOR_ONE_CHECK)
    output = os.open(job["output"], os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    status = 1
    try:
        execute_as_module(job["code"], Path(job["here"]), names)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def execute_as_module(code: str, here: Path, names: dict[str, Any]) -> None:
    """Run `code` as a module that lies in `here`, which is what flask finds its resources by."""
    file = here / "surface_probe.py"
    file.write_text(code)
    os.chdir(here)
    sys.path.insert(0, str(here))
    module = types.ModuleType("surface_probe")
    module.__file__ = str(file)
    module.__dict__.update(names, here=str(here), surface=surface)
    sys.modules["surface_probe"] = module
    exec(compile(code, str(file), "exec"), module.__dict__)


if __name__ == "__main__":
    serve(surface.names_at_hand())
