"""The tables of what others removed: the names, and the reasons for those that are not brought back."""

from __future__ import annotations

import tomllib
import typing as t
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).parent

# Said of the releases where a module had a name only because it took it from another.
ELSEWHERE = "from elsewhere"


@dataclass(frozen=True)
class Reason:
    """Why some names are not there."""

    names: tuple[str, ...]
    why: str
    shown: str = ""
    elsewhere: bool = False

    def holds_for(self, row: str, release: str) -> bool:
        """Whether it is the reason for a name that a release had."""
        is_asked = release.endswith(ELSEWHERE) if self.elsewhere else True
        return is_asked and any(fnmatchcase(row, name) for name in self.names)

    @property
    def shown_names(self) -> str:
        """The names as the page shows them."""
        return self.shown or ", ".join(f"``{name.rstrip('*:').replace(':', '.')}``" for name in self.names)


def read_names() -> dict[str, str]:
    """Each module, and each ``module:name`` -> the releases that had it."""
    rows = {}
    for module, releases in tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8")).items():
        for release, names in t.cast("dict[str, str]", releases).items():
            rows.setdefault(module, release)
            rows.update({f"{module}:{name}": release for name in names.split()})
    return rows


def read_reasons() -> list[Reason]:
    """The reasons, in the order in which they are asked."""
    rows = tomllib.loads((HERE / "reasons.toml").read_text(encoding="utf-8"))["reason"]
    return [Reason(tuple(row["names"]), row["why"], row.get("shown", ""), row.get("elsewhere", False)) for row in rows]
