"""`flask upgrade-check` as it is called."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flask.cli import cli
from flask.cli.upgrade import check

OLD = """\
from flask import Markup
from werkzeug import secure_filename
from flask import Blueprint
Blueprint('a.b', 'c')
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, which is the current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*args: str) -> Result:
    return CliRunner().invoke(cli, ["upgrade-check", *args], prog_name="flask")


def test_text(folder):
    (folder / "app.py").write_text(OLD)
    (folder / "bad.py").write_text("print 1\n")
    result = call()
    assert result.exit_code == 1
    assert result.output == (
        "app.py\n"
        "  1:19     flask.Markup  removed in Flask 3.0\n"
        "           works here as it is. Today: `from markupsafe import Markup`\n"
        "  2:22     werkzeug.secure_filename  removed in Werkzeug 1.0\n"
        "           needs FLASK_LEGACY=1. Today: `werkzeug.utils.secure_filename`\n"
        "  4:11     flask.Blueprint('a.b')  changed in Flask 2.0\n"
        "           needs FLASK_ERA=1.1. Since then: A dot in a blueprint's name raises ValueError: it separates nested"
        " blueprints.\n"
        "\n"
        "Not to be read as Python 3\n"
        "  bad.py:1  Missing parentheses in call to 'print'. Did you mean print(...)?\n"
        "\n"
        "2 files checked, 3 uses found.\n"
        "     1  works here as it is\n"
        "     1  needs an era\n"
        "     1  needs FLASK_LEGACY=1\n"
        "     1  file not to be read\n"
        "Until it is upgraded, run it with FLASK_LEGACY=1 FLASK_ERA=1.1.\n"
    )


def test_the_page_shows_what_the_command_says(folder):
    page = (Path(__file__).parents[3] / "docs" / "upgrading.rst").read_text()
    program, shown = (
        textwrap.dedent(page.partition(start)[2].partition(end)[0]).strip("\n")
        for start, end in ((":caption: shop.py\n", "\nand this"), ("$ flask upgrade-check shop.py\n", "\nNames are"))
    )
    (folder / "shop.py").write_text(program)
    assert call("shop.py").output.strip() == shown


def test_json(folder):
    (folder / "app.py").write_text(OLD)
    (folder / "bad.py").write_text("print 1\n")
    result = call(str(folder), "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert told["findings"][0] == {
        "file": "app.py",
        "line": 1,
        "column": 19,
        "name": "flask.Markup",
        "change": "removed",
        "library": "Flask",
        "since": "3.0",
        "here": "works",
        "era": None,
        "today": "`from markupsafe import Markup`",
    }
    assert [(one["name"], one["here"], one["era"]) for one in told["findings"][1:]] == [
        ("werkzeug.secure_filename", "legacy", None),
        ("flask.Blueprint('a.b')", "era", "1.1"),
    ]
    assert told["unreadable"][0]["file"] == "bad.py"
    assert told["counts"] == {"works": 1, "era": 1, "legacy": 1, "fails": 0}
    assert (told["files"], told["era"]) == (2, "1.1")


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("", [0, 0, 0, 0]),
        ("from flask import Markup", [1, 0, 0, 0]),
        ("from werkzeug import secure_filename", [1, 1, 0, 0]),
        ("import flask\nflask.Blueprint('a.b', 'c')", [1, 1, 0, 0]),
        ("import urllib2", [1, 1, 1, 0]),
        ("print 1", [1, 1, 1, 0]),
    ],
)
def test_exit_status(folder, text, statuses):
    (folder / "app.py").write_text(text)
    assert [call("--fail-on", severity).exit_code for severity in check.SEVERITIES] == statuses


def test_the_severities_of_the_command_are_those_of_the_check():
    [option] = [one for one in cli.commands["upgrade-check"].params if one.name == "fail_on"]
    assert [*option.type.choices] == [*check.SEVERITIES]


def test_a_file_alone(folder):
    (folder / "app.py").write_text("from flask import escape\n")
    (folder / "other.py").write_text("from flask import Markup\n")
    result = call("app.py")
    assert result.output.splitlines()[:2] == ["app.py", "  1:19     flask.escape  removed in Flask 3.0"]
    assert "1 file checked, 1 use found." in result.output


def test_excluded(folder):
    (folder / "tests").mkdir()
    (folder / "tests" / "app.py").write_text("from flask import escape\n")
    assert call("--exclude", "tests").exit_code == 0


def test_no_path(folder):
    result = call("nowhere")
    assert result.exit_code == 2
    assert "'nowhere' does not exist" in result.output


def test_nothing_of_the_program_runs_and_no_application_is_looked_for(folder):
    (folder / "app.py").write_text("raise SystemExit('it ran')\n")
    result = subprocess.run(
        [sys.executable, "-m", "flask", "upgrade-check"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "FLASK_APP": "app"},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "1 file checked, 0 uses found.\n", "")


def test_other_commands_do_not_import_the_check():
    program = "import sys, flask.cli; flask.cli.cli.get_help; print(*sys.modules)"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    output = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True).stdout
    assert "flask.cli.upgrade_check" in output.split()
    assert "flask.cli.upgrade" not in output.split()


@pytest.mark.parametrize("terminal", [False, True])
def test_progress_is_shown_on_a_terminal_only(folder, terminal):
    for number in range(check.MANY_FILES):
        (folder / f"module{number}.py").write_text("")
    ours, theirs = pty.openpty() if terminal else os.pipe()[::1]
    process = subprocess.run(
        [sys.executable, "-m", "flask", "upgrade-check", "--json"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # how a terminal ends
            break
        if not data:
            break
        shown += data
    os.close(ours)
    assert json.loads(process.stdout)["files"] == check.MANY_FILES
    assert (b"Checking" in shown) == terminal
    assert terminal or shown == b""
