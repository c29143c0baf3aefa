"""What mypy and pyright, both strict, make of programs that use the framework.

The programs are the modules of `tests/typing` and the example application; they are read by the checkers and never run.
A line that ends in `# refused:` and the codes of errors must give these errors, and every other line none.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import flask
from flask.legacy.names import NAMES

ROOT = Path(__file__).parent.parent
PROGRAMS = sorted([*ROOT.glob("tests/typing/*.py"), *ROOT.glob("examples/chirp/chirp/**/*.py")])
REFUSED = re.compile(r"# refused: (.+)")


def run(*command: str) -> str:
    """What a checker prints; that it finds errors is no failure of the checker."""
    # pyright looks for the packages of the `python` that it finds first.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout


@functools.cache
def errors_of_mypy() -> list[tuple[Path, int, str]]:
    lines = run("mypy", "--output", "json", *map(str, PROGRAMS)).splitlines()
    errors = [json.loads(line) for line in lines if line.startswith("{")]
    return [(ROOT / error["file"], error["line"], error["code"]) for error in errors if error["severity"] == "error"]


@functools.cache
def errors_of_pyright() -> list[tuple[Path, int, str]]:
    report = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable))
    assert report["summary"]["filesAnalyzed"] >= len(PROGRAMS)
    return [
        (Path(error["file"]), error["range"]["start"]["line"] + 1, error.get("rule", error["message"]))
        for error in report["generalDiagnostics"]
    ]


def expected_errors(program: Path, *, of_pyright: bool) -> set[tuple[int, str]]:
    """What the lines of a program say they are refused with; pyright's codes begin with `report`."""
    expected = set()
    for number, line in enumerate(program.read_text(encoding="utf-8").splitlines(), 1):
        if codes := REFUSED.search(line):
            expected |= {(number, code) for code in codes[1].split(", ") if code.startswith("report") == of_pyright}
    return expected


def name_of(program: Path) -> str:
    return program.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_mypy_refuses_what_is_wrong_and_nothing_else(program):
    errors = {(line, code) for path, line, code in errors_of_mypy() if path == program}
    assert errors == expected_errors(program, of_pyright=False)


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_pyright_refuses_what_is_wrong_and_nothing_else(program):
    errors = {(line, code) for path, line, code in errors_of_pyright() if path == program}
    assert errors == expected_errors(program, of_pyright=True)


def test_errors_are_in_the_programs_only():
    assert {path for path, _, _ in errors_of_mypy() + errors_of_pyright()} <= set(PROGRAMS)


def test_every_public_name_has_a_complete_type():
    answer = json.loads(run("pyright", "--outputjson", "--verifytypes", "flask", "--ignoreexternal"))
    report = answer["typeCompleteness"]
    assert Path(report["moduleRootDirectory"]) == Path(flask.__file__).parent
    incomplete = [
        symbol["name"]
        for symbol in report["symbols"]
        if symbol["isExported"] and (not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"])
    ]
    assert incomplete == []
    assert report["completenessScore"] == 1


def test_every_old_name_of_the_package_is_known_to_checkers():
    program = ast.parse((ROOT / "tests/typing/past.py").read_text(encoding="utf-8"))
    imported = {
        alias.name
        for node in ast.walk(program)
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
    }
    assert set(NAMES["flask"]) <= imported
