"""Which files are read, and what becomes of those that cannot be."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from flask.cli.upgrade.check import run_check
from flask.cli.upgrade.sources import Source, Unreadable, find_files, read


def write(path: Path, data: str | bytes = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def names(root: Path, *excluded: str) -> list[str]:
    return [path.relative_to(root).as_posix() for path in find_files(root, excluded)]


def test_only_a_projects_own_files_are_found(tmp_path):
    for name in (
        "app.py",
        "shop/views.py",
        "readme.txt",
        ".hidden/a.py",
        "node_modules/a.py",
        "shop/__pycache__/a.py",
        "anything/pyvenv.cfg",
        "anything/lib/a.py",
        "old/bin/activate_this.py",
        "old/lib/a.py",
        "lib/site-packages/a.py",
    ):
        write(tmp_path / name)
    assert names(tmp_path) == ["app.py", "shop/views.py"]
    assert names(tmp_path, "shop") == ["app.py"]
    assert names(tmp_path, "*/views.py") == ["app.py"]
    assert names(tmp_path, "app.py") == ["shop/views.py"]


def test_a_file_is_taken_for_itself(tmp_path):
    assert find_files(write(tmp_path / "script")) == [tmp_path / "script"]


def test_links_that_lead_in_circles_and_what_is_no_file(tmp_path):
    write(tmp_path / "app" / "views.py")
    (tmp_path / "app" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "app" / "self").symlink_to(tmp_path / "app" / "self")
    (tmp_path / "app" / "nowhere.py").symlink_to(tmp_path / "gone.py")
    (tmp_path / "app" / "folder.py").mkdir()
    os.mkfifo(tmp_path / "app" / "pipe.py")
    assert names(tmp_path) == ["app/views.py"]


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        ("x = 1\nprint 'Hello'\n", 2, "print"),
        ("try:\n    pass\nexcept ValueError, error:\n    pass\n", 3, "multiple exception types"),
        ("x = 0777\n", 1, "leading zeros"),
        ("x = 1\ny = '\xe4'\n".encode("latin-1"), 2, "utf-8"),
        ("# -*- coding: no-such-encoding -*-\n", 1, "encoding"),
        ("x = '\0'\n", 1, "null bytes"),
        ("(" * 100_000, 1, "nested"),
        ("x = " + "-" * 100_000 + "1\n", 1, ""),
    ],
)
def test_what_cannot_be_parsed_is_told_with_the_reason(tmp_path, data, line, reason):
    found = read(write(tmp_path / "old.py", data))
    assert isinstance(found, Unreadable)
    assert found.line == line
    assert reason in found.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path):
    path = write(tmp_path / "secret.py")
    path.chmod(0)
    assert read(path) == Unreadable(path, 1, "Permission denied")


def test_a_file_that_is_not_there(tmp_path):
    assert read(tmp_path / "gone.py") == Unreadable(tmp_path / "gone.py", 1, "No such file or directory")


@pytest.mark.parametrize(
    "data",
    [
        "# coding: latin-1\nname = 'ä'; import flask; flask.Markup\n".encode("latin-1"),
        "# coding: cp1252\r\nname = 'ä'; import flask; flask.Markup\r\n".encode("cp1252"),
        "\ufeffimport os\nname = 'ä'; import flask; flask.Markup\n".encode(),
        b"import os\rname = 'a'; import flask; flask.Markup\r",
        b"import os\nname = '\f'; import flask; flask.Markup\n",
    ],
)
def test_encodings_and_ends_of_lines(tmp_path, data):
    write(tmp_path / "app.py", data)
    [finding] = run_check(tmp_path).findings
    assert (finding.line, finding.column) == (2, 33)


def test_what_is_read_gives_no_warnings(tmp_path):
    found = read(write(tmp_path / "app.py", "x = '\\d'\nif x is 1:\n    pass\n"))
    assert isinstance(found, Source)


LIBRARY = Path(sysconfig.get_path("stdlib"))


@pytest.mark.parametrize("part", ["asyncio", "email", "importlib", "json", "logging", "wsgiref"])
def test_the_standard_library_is_read_without_failing(part):
    check = run_check(LIBRARY / part)
    assert check.files
    assert check.unreadable == []


DIFFICULT = [
    "test/test_grammar.py",
    "test/test_patma.py",
    "test/test_named_expressions.py",
    "test/test_scope.py",
    "test/test_super.py",
    "test/test_fstring.py",
    "lib2to3/tests/data",
    "test/encoded_modules",
]


@pytest.mark.parametrize("part", DIFFICULT)
def test_difficult_source_is_read_without_failing(part):
    if not (LIBRARY / part).exists():
        pytest.skip(f"This Python {sys.version_info[:2]} came without {part}.")
    assert run_check(LIBRARY / part).files
