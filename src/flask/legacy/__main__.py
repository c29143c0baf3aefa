"""``python -m flask.legacy program.py``, or ``-m module``: run a program of the past.

The names that other libraries removed are there from its first line on; with ``FLASK_LEGACY=1`` alone, from its
``import flask`` on. Processes that it starts, as the server that reloads changed code, have the variable.
"""

from __future__ import annotations

import builtins
import os
import runpy
import sys
from pathlib import Path
from types import ModuleType

from . import foreign

USAGE = "usage: python -m flask.legacy (program.py | -m module) [arguments ...]"


def main(arguments: list[str]) -> None:
    """Run the program that the arguments name, with the rest of them."""
    if not arguments or arguments[0] in {"-h", "--help"} or arguments == ["-m"]:
        sys.exit(USAGE if not arguments or arguments == ["-m"] else print(USAGE))  # noqa: T201
    os.environ["FLASK_LEGACY"] = "1"
    foreign.install()
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        _run_file(arguments[0])


def _run_file(name: str) -> None:
    # As Python does it, and not by runpy, after which the reloader would take the program for a module.
    sys.path[0] = str(Path(name).resolve().parent)
    program = ModuleType("__main__")
    vars(program).update(__file__=name, __package__=None, __builtins__=builtins)
    sys.modules["__main__"] = program
    exec(compile(Path(name).read_bytes(), name, "exec"), vars(program))


if __name__ == "__main__":
    main(sys.argv[1:])
