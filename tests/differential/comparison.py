"""What differs between the two sides, and which of that is known and wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .reasons import REASONS, Reason
from .sides import Side

# The hand-written applications.
MODULES = sorted(path.stem for path in (Path(__file__).parent / "apps").glob("[a-z]*.py"))


@dataclass(frozen=True)
class Difference:
    """One field of one case that is not the same on both sides."""

    case: str
    field: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        return f"{self.case}\n  {self.field}\n    ours:   {self.ours!r}\n    theirs: {self.theirs!r}"


@dataclass
class Comparison:
    """Both sides, and what they have shown so far.

    :param explained: how many differences each reason has explained.
    :param cases: how many cases were compared.
    """

    ours: Side
    theirs: Side
    explained: Counter[Reason] = field(default_factory=Counter, repr=False)
    cases: int = 0
    _of_modules: dict[str, list[Difference]] = field(default_factory=dict, repr=False)

    def of_module(self, name: str) -> list[Difference]:
        """The differences of a hand-written application that no reason explains; it is run once."""
        if name not in self._of_modules:
            self._of_modules[name] = self.of_job({"module": name})
        return self._of_modules[name]

    def of_job(self, job: dict[str, Any]) -> list[Difference]:
        """The differences that no reason explains."""
        return [difference for difference in self._differences(job) if not self._is_explained(difference)]

    def _differences(self, job: dict[str, Any]) -> Iterator[Difference]:
        self.ours.hand(job)
        self.theirs.hand(job)
        ours, theirs = self.ours.cases(), self.theirs.cases()
        self.cases += len(ours)
        only_one_side = {name for name, _ in ours} ^ {name for name, _ in theirs}
        if only_one_side:
            raise RuntimeError(f"Cases that only one side has run, so their names differ each time: {only_one_side}")
        for (case, our), (_, their) in zip(ours, theirs, strict=True):
            for name in [*our, *(name for name in their if name not in our)]:
                if our.get(name) != their.get(name):
                    yield Difference(case, name, our.get(name), their.get(name))

    def _is_explained(self, difference: Difference) -> bool:
        for reason in REASONS:
            if reason.explains(difference.case, difference.field, difference.ours, difference.theirs):
                self.explained[reason] += 1
                return True
        return False
