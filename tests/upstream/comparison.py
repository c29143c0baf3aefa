"""What a distribution's own tests say of the two frameworks."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from . import environments
from .recipes import matches
from .running import passed

if t.TYPE_CHECKING:
    from .recipes import Recipe


@dataclass(frozen=True)
class Comparison:
    """The tests that pass on each side."""

    recipe: Recipe
    here: set[str]
    there: set[str]

    @property
    def only_there(self) -> set[str]:
        """The tests that pass on Pallets Flask, and not here."""
        return self.there - self.here

    @property
    def without_reason(self) -> list[str]:
        """Those of them that no reason stands for."""
        patterns = self.recipe.only_there
        return sorted(test for test in self.only_there if not any(matches(pattern, test) for pattern in patterns))

    @property
    def idle_reasons(self) -> list[str]:
        """The reasons that stand for none of them."""
        patterns = self.recipe.only_there
        return [pattern for pattern in patterns if not any(matches(pattern, test) for test in self.only_there)]


def compare(recipe: Recipe) -> Comparison:
    """Run the tests on both sides: first there, then here, as some of them ask for a port that stands in them."""
    there = passed(recipe, environments.there(recipe), {})
    here = passed(recipe, environments.here(recipe), recipe.environment)
    return Comparison(recipe, here, there)
