"""Recipes: what it takes to run the tests that a distribution brings along. All of them stand in ``recipes.toml``."""

from __future__ import annotations

import re
import tomllib
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

TABLE = Path(__file__).parent / "recipes.toml"


@dataclass(frozen=True)
class Recipe:
    """How one distribution's own tests are run.

    :param arguments: what pytest is given, run in the folder of the sources.
    :param needs: what is installed beside the distribution.
    :param environment: the environment variables that its tests are run with here. Pallets Flask knows none of them.
    :param quick: whether it is run by ``make test-long``, not only by ``make upstream``.
    :param left_out: the tests that are run on neither side, and why.
    :param only_there: the tests that pass on Pallets Flask and not here, and why that is as it should be.
    """

    name: str
    version: str
    arguments: tuple[str, ...]
    extras: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    quick: bool = False
    left_out: dict[str, str] = field(default_factory=dict)
    only_there: dict[str, str] = field(default_factory=dict)

    @property
    def requirement(self) -> str:
        """The distribution, as pip is asked for it."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}=={self.version}"


def read_recipes() -> list[Recipe]:
    """All recipes, as the table has them."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["recipe"]
    return [Recipe(**{key: _immutable(value) for key, value in row.items()}) for row in rows]


def _immutable(value: t.Any) -> t.Any:
    return tuple(value) if isinstance(value, list) else value


def matches(pattern: str, test: str) -> bool:
    """Whether a name in a table of reasons means a test: ``*`` stands for anything, all else for itself."""
    # Not fnmatch: names of tests have brackets.
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), test, re.DOTALL) is not None
