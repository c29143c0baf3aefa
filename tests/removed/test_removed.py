"""Every public name that Werkzeug, Jinja, MarkupSafe, itsdangerous or Python's library once had: with
``FLASK_LEGACY=1`` it is there, or it is said why not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from .rendering import PAGE, rendered
from .tables import read_names, read_reasons

ROWS = read_names()
REASONS = read_reasons()

ASK = """
import importlib, json, sys, warnings
import flask
warnings.simplefilter("ignore")
missing = []
for row in json.load(sys.stdin):
    module, _, name = row.partition(":")
    try:
        found = importlib.import_module(module)
        getattr(found, name) if name else found
    except (ImportError, AttributeError):
        missing.append(row)
print(json.dumps(missing))
"""


@pytest.fixture(scope="module")
def missing() -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "FLASK_LEGACY": "1"},
        input=json.dumps(list(ROWS)), capture_output=True, text=True, check=True,
    )
    result: list[str] = json.loads(done.stdout)
    return result


def test_the_table_has_the_names_of_every_library():
    some = {"werkzeug.urls:url_quote", "jinja2:Markup", "markupsafe:soft_unicode", "itsdangerous:Signer", "cgi:escape"}
    assert some <= ROWS.keys()


def test_each_name_is_there_or_it_is_said_why_not(missing):
    assert {row: ROWS[row] for row in missing if not any(reason.holds_for(row, ROWS[row]) for reason in REASONS)} == {}


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.names[0])
def test_each_reason_is_needed(reason, missing):
    # What Python's library removed is there yet, in some of the versions that this runs on.
    may_be_missing = [*missing, *(row for row in ROWS if ROWS[row].startswith("Python"))]
    assert any(reason.holds_for(row, ROWS[row]) for row in may_be_missing)


def test_no_reason_excuses_what_is_there(missing):
    there = [row for row in ROWS if row not in missing and not ROWS[row].startswith("Python")]
    asked = [reason for reason in REASONS if not reason.elsewhere]
    assert [row for row in there if any(reason.holds_for(row, ROWS[row]) for reason in asked)] == []


def test_the_page_shows_the_reasons():
    assert rendered(REASONS) in PAGE.read_text(encoding="utf-8"), (
        "docs/removed.rst does not show the table as it is. Run: python tests/removed/rendering.py"
    )
