"""What is handed out: a wheel that installs as `Flask`, with types, and that pip never takes for another."""

from __future__ import annotations

import email
import re
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(wheel.read(name))


def test_wheel_holds_the_package_its_types_and_its_license(wheel):
    names = wheel.namelist()
    assert "flask/__init__.py" in names
    assert "flask/py.typed" in names
    assert any(name.endswith("/LICENSE") for name in names)


def test_wheel_holds_all_of_the_source_and_nothing_else(wheel):
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    source = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == source


def test_the_distribution_is_the_one_that_extensions_ask_for(metadata):
    assert metadata["Name"] == "Flask"
    assert {"async", "dotenv"} <= set(metadata.get_all("Provides-Extra"))
    assert metadata["License-Expression"] == "BSD-3-Clause"


def test_version_is_plain_numbers_above_every_other_3_1(metadata):
    version = metadata["Version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version), "Extensions turn the parts into integers."
    assert (3, 1, 100) <= tuple(map(int, version.split("."))) < (3, 2)


def test_readme_names_the_constraint_that_keeps_it_installed(metadata):
    assert "Flask>=3.1.100,<3.2" in metadata.get_payload()
    assert "not the Pallets project" in metadata.get_payload()


def test_command_line_script_is_declared(wheel):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt"))
    assert "flask = flask.cli:main" in wheel.read(name).decode()
