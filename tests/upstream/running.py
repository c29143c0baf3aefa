"""Runs the tests of a source distribution with an interpreter, and reads what became of each."""

from __future__ import annotations

import os
import subprocess
import tempfile
import typing as t
from pathlib import Path
from xml.etree import ElementTree

from .recipes import matches
from .sources import unpacked

if t.TYPE_CHECKING:
    from .recipes import Recipe

SECONDS_FOR_A_TEST = 120


def passed(recipe: Recipe, python: Path, environment: dict[str, str]) -> set[str]:
    """The names of the tests that pass. What pytest says stands in a file beside the environment."""
    report = python.parent.parent.with_suffix(".xml")
    report.unlink(missing_ok=True)
    options = ["--continue-on-collection-errors", "--timeout", str(SECONDS_FOR_A_TEST)]
    # Not below this project, whose settings pytest would find.
    with tempfile.TemporaryDirectory() as folder, open(report.with_suffix(".txt"), "w") as said:
        subprocess.run(
            [str(python), "-m", "pytest", *options, f"--junitxml={report}", *recipe.arguments],
            cwd=unpacked(recipe, Path(folder) / "source"),
            env=_environment(python, folder) | environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    if not report.exists():
        raise RuntimeError(f"pytest did not run the tests of {recipe.name}. See {said.name}")
    names = _names_of_the_passed(report)
    return {name for name in names if not any(matches(pattern, name) for pattern in recipe.left_out)}


def _environment(python: Path, home: str) -> dict[str, str]:
    """What any program is told, and nothing of this project's tests."""
    path = f"{python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {"PATH": path, "HOME": home, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}


def _names_of_the_passed(report: Path) -> set[str]:
    """As pytest's report has them. A test that fails when it is torn down stands there twice."""
    passed, others = set(), set()
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        is_other = any(case.find(tag) is not None for tag in ("failure", "error", "skipped"))
        (others if is_other else passed).add(name)
    return passed - others
