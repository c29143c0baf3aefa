"""Extensions that nobody has released for years: each installed into an environment of its own, and used for real."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ..differential.sides import peer_python
from .environments import Extension, install, make_builder, make_environment, paths_of, paths_of_this, read_table
from .rendering import PAGE, rendered

EXTENSIONS, REFUSALS = read_table()
each = pytest.mark.parametrize("extension", EXTENSIONS, ids=lambda extension: extension.name)

Ask = Callable[[Path, list[str], dict[str, str]], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_builder(tmp_path_factory.mktemp("builder"))


@pytest.fixture(scope="session")
def peer() -> Path:
    return peer_python()


@pytest.fixture(scope="session")
def installed(builder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Extension], Path]:
    """Gives the folder that an extension is installed in: once for all that is asked of it."""
    made: dict[str, Path] = {}

    def find(extension: Extension) -> Path:
        if extension.name not in made:
            folder = tmp_path_factory.mktemp(extension.name)
            install(builder, extension, folder)
            made[extension.name] = folder
        return made[extension.name]

    return find


def ask(python: Path, arguments: list[str], where: Path, needs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "FLASK_"))}
    if "FLASK_FAST_PATHS" in os.environ:
        environment["FLASK_FAST_PATHS"] = os.environ["FLASK_FAST_PATHS"]
    command = [str(python), "-W", "ignore", *arguments]
    return subprocess.run(command, env=environment | needs, cwd=where, capture_output=True, text=True, timeout=120)


@pytest.mark.long
@each
def test_it_does_its_job_here(extension, installed, tmp_path):
    python = make_environment(tmp_path / "environment", installed(extension), paths_of_this())
    where = tmp_path / "work"
    where.mkdir()
    # Under a name that no module has; and where it writes, nothing else is.
    shutil.copy(extension.program, where / "the_program.py")
    done = ask(python, ["the_program.py"], where, extension.needs)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@each
def test_it_is_not_even_imported_by_pallets_flask(extension, installed, peer, tmp_path):
    python = make_environment(tmp_path / "environment", installed(extension), paths_of(peer))
    done = ask(python, ["-c", f"import flask; print(flask.__file__); import {extension.imported}"], tmp_path, {})
    assert Path(done.stdout.strip()).is_relative_to(paths_of(peer)[0])
    assert done.returncode != 0
    # And not for want of something that the table forgot.
    missing = re.search(r"No module named '(\w+)", done.stderr)
    assert missing is None or missing[1] in {"flask", "itsdangerous", "jinja2", "markupsafe", "werkzeug"}, done.stderr


def test_each_has_a_program_and_each_program_a_row():
    assert {extension.program for extension in EXTENSIONS} == set((Path(__file__).parent / "programs").glob("*.py"))


def test_names_stand_once_and_in_order():
    names = [extension.name.lower() for extension in EXTENSIONS]
    assert names == sorted(set(names))
    assert not {refusal.name.lower() for refusal in REFUSALS} & set(names)


def test_the_page_shows_the_table():
    assert rendered(EXTENSIONS, REFUSALS) in PAGE.read_text(encoding="utf-8"), (
        "docs/extensions.rst does not show the table as it is. Run: python tests/abandoned/rendering.py"
    )
