"""Programs in the style of their years: what is found in them stands beside it, behind `#>`, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flask.cli.upgrade import project
from flask.cli.upgrade.check import run_check

ROOT = Path(__file__).parent.parent.parent.parent
PROGRAMS = Path(__file__).parent / "programs"


def expected(folder: Path) -> set[tuple[str, int, str, str, str]]:
    """What the comments say: file, line, name, release, and how it fares here."""
    rows = set()
    for path in folder.rglob("*.py"):
        for number, line in enumerate(path.read_bytes().decode("latin-1").splitlines(), 1):
            for row in line.partition("#> ")[2].split(" | "):
                if row:
                    rows.add((path.relative_to(folder).as_posix(), number, *row.split()))
    return rows


def found(folder: Path) -> set[tuple[str, int, str, str, str]]:
    """What is found; of a change of behaviour, the first name in what is used."""
    rows = set()
    for finding in run_check(folder).findings:
        change = finding.change
        row = finding.to_dict(folder)
        name = finding.name if change.is_removed else short(finding.name)
        rows.add((row["file"], row["line"], name, change.since, change.here.value))
    return rows


def short(used: str) -> str:
    """`tuple` for "a tuple of 4 from a view", `send_file` for "flask.send_file(open(...))"."""
    if used.startswith(("request.json", "werkzeug.test")):
        return re.match(r"[\w.]+", used).group()
    return re.search(r"(\w+)(?=\(|=|\[| of )", used).group()


@pytest.mark.parametrize("program", sorted(path.name for path in PROGRAMS.iterdir() if path.is_dir()))
def test_old_programs(program):
    assert found(PROGRAMS / program) == expected(PROGRAMS / program)


@pytest.mark.parametrize("program", sorted(path.name for path in PROGRAMS.iterdir() if path.is_dir()))
def test_letting_go_of_what_was_read_changes_nothing(program, monkeypatch):
    monkeypatch.setattr(project, "HELD", 0)
    assert found(PROGRAMS / program) == expected(PROGRAMS / program)


def test_what_is_written_in_python_2_is_listed_with_the_reason():
    check = run_check(PROGRAMS / "notes_0_8")
    [unreadable] = check.unreadable
    assert (unreadable.path.name, unreadable.line) == ("report.py", 4)
    assert "print" in unreadable.reason
    assert check.files == 4


TODAY = ["bench", "docs", "examples/chirp", "tests/asgi", "tests/downstream", "tests/servers", "tools"]


@pytest.mark.parametrize("folder", TODAY)
def test_no_false_alarm_on_programs_of_today(folder):
    check = run_check(ROOT / folder)
    assert [f"{one.path}:{one.line} {one.name}" for one in check.findings] == []
    assert check.unreadable == []


def test_the_program_of_2011_that_comes_with_the_framework():
    names = [finding.name for finding in run_check(ROOT / "examples" / "guestbook2011").findings]
    assert names == [
        "flask._request_ctx_stack",
        "flask.ext.sqlite3_simple",
        "flask.Flask.register_module",
        "flask.Flask.before_first_request",
        "flask.Module",
        "flask.ext.sqlite3_simple.change",
        "flask.ext.sqlite3_simple.query",
        "flask.Request.is_xhr",
        "flask.send_file(attachment_filename)",
        "flask.send_file(add_etags)",
        "flask.send_file(cache_timeout)",
        "a tuple of 4 from a view",
    ]
