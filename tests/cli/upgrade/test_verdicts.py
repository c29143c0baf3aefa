"""What the table says of each name is what happens: every one is used, in a process of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flask import eras
from flask.cli.upgrade.changes import CHANGES, Change, Here

from .verdicts import PROGRAMS

FOLDER = Path(__file__).parent

#: Of the changes of behaviour, those that only an era undoes are used by the tests of eras.
USED = {name: change for name, change in CHANGES.items() if name not in eras.DIFFERENCES}

Outcomes = dict[str, str | None]


def use(**switches: str) -> Outcomes:
    """What goes wrong in a process with some switches, for each name."""
    environ = {key: value for key, value in os.environ.items() if key not in ("FLASK_ERA", "FLASK_LEGACY")}
    environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))
    environ["SETUPTOOLS_USE_DISTUTILS"] = "stdlib"  # where it is installed, it would bring back what Python removed
    result = subprocess.run(
        [sys.executable, "verdicts.py"],
        input=json.dumps(list(USED)),
        env={**environ, **switches},
        cwd=FOLDER,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcomes]:
    """What goes wrong in a process as it is, in one with the old names of others, and in each era that is named."""
    named = sorted({change.era for change in USED.values() if change.era})
    return {"": use(), "legacy": use(FLASK_LEGACY="1"), **{era: use(FLASK_ERA=era) for era in named}}


def fares(change: Change, outcomes: dict[str, Outcomes]) -> Here:
    """How a use fares, by what came of it: what works by less needs nothing more."""
    if outcomes[""][change.name] is None:
        return Here.WORKS
    if outcomes["legacy"][change.name] is None:
        return Here.LEGACY
    return Here.ERA if change.era and outcomes[change.era][change.name] is None else Here.FAILS


def test_every_verdict_is_true(outcomes):
    wrong = {
        name: f"is said: {change.here}; is: {fares(change, outcomes)}; {outcomes[''][name]}"
        for name, change in USED.items()
        if fares(change, outcomes) is not change.here
    }
    assert wrong == {}


def test_what_works_as_it_is_works_with_the_old_names_of_others_too(outcomes):
    assert {name for name, error in outcomes["legacy"].items() if error and outcomes[""][name] is None} == set()


def test_every_program_uses_a_name_of_the_table():
    assert set(PROGRAMS) <= set(CHANGES)
