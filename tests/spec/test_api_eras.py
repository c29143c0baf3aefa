"""Every public name of Flask 0.8 to 3.1 is there, and takes each parameter by every name that it ever had.

`api-eras.json` was read from the releases as facts: names, kinds and signatures.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NAMES: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "api-eras.json").read_text())["names"]
ERA = "3.1"


def keywords_of(signatures: list[dict[str, str]]) -> list[str]:
    """The parameters of all eras that could be given by keyword."""
    names = set()
    for signature in signatures:
        function = ast.parse(f"def function{signature['sig']}: ...").body[0]
        names |= {argument.arg for argument in function.args.args + function.args.kwonlyargs}
    return sorted(names)


@pytest.mark.parametrize("name", NAMES)
def test_name_resolves(check, name):
    check(f"surface.check_name({name!r})", ERA)


@pytest.mark.parametrize("name", [name for name, entry in NAMES.items() if entry.get("signatures")])
def test_parameters_of_every_era_are_accepted(check, name):
    check(f"surface.check_keywords({name!r}, {keywords_of(NAMES[name]['signatures'])!r})", ERA)
