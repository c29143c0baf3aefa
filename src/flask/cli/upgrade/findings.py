"""What a check brings to light."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from pathlib import Path

from .changes import Change, Here


@dataclass(frozen=True, slots=True)
class Finding:
    """One use of what a release removed or changed.

    :param name: what is used, as the program's imports have it.
    """

    path: Path
    line: int
    column: int
    name: str
    change: Change

    def to_dict(self, root: Path) -> dict[str, t.Any]:
        """The finding for JSON."""
        change = self.change
        return {
            "file": shown(self.path, root),
            "line": self.line,
            "column": self.column,
            "name": self.name,
            "change": "removed" if change.is_removed else "changed",
            "library": change.library,
            "since": change.since,
            "here": change.here.value,
            "era": change.era,
            "today": change.today,
        }

    @property
    def needs(self) -> str:
        """How the use fares here, in words."""
        if self.change.here is Here.ERA:
            return f"needs FLASK_ERA={self.change.era}"
        return NEEDS[self.change.here]


#: How a use fares here, in words; of an era, which one is said besides.
NEEDS: t.Final = {
    Here.WORKS: "works here as it is",
    Here.ERA: "needs an era",
    Here.LEGACY: "needs FLASK_LEGACY=1",
    Here.FAILS: "does not work",
}


def shown(path: Path, root: Path) -> str:
    """A path as it is shown: relative to where the search began, where it can be."""
    return path.relative_to(root).as_posix() if root.is_dir() and path.is_relative_to(root) else path.as_posix()
