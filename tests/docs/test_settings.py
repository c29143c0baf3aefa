"""The page on settings lists every configuration key, and each switch that the source reads."""

from __future__ import annotations

import re
from pathlib import Path

import flask

PAGE = (Path(__file__).parents[2] / "docs" / "settings.rst").read_text()
SOURCE = Path(flask.__file__).parent


def test_every_configuration_key_is_described_and_no_other():
    listed = set(re.findall(r"^   \* - ``([A-Z_]+)``$", PAGE, re.MULTILINE))
    switches = {key for key in listed if key.startswith("FLASK_")}
    assert listed - switches == set(flask.Flask.default_config)


def test_every_switch_that_the_source_reads_is_described():
    read = set()
    for path in SOURCE.rglob("*.py"):
        read |= set(re.findall(r'environ(?:\.get\(|\[)"(FLASK_[A-Z_]+)"', path.read_text()))
    internal = {"FLASK_RUN_FROM_CLI", "FLASK_ENV"}  # set by our own command; the name of ENV in 1.0 to 2.2
    assert {name for name in read - internal if name not in PAGE} == set()
