"""Keeps the figures of the last runs, and writes them into the page of the documentation."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from ..abandoned.rendering import PAGE, table

if t.TYPE_CHECKING:
    from .comparison import Comparison
    from .recipes import Recipe

FIGURES = Path(__file__).parent / "figures.json"
START = ".. The suites: made by `make upstream`.\n\n"
END = ".. End of the suites.\n"

#: Of each recipe: the version whose tests were run, and how many pass there, here, and there alone.
Figures = dict[str, dict[str, t.Any]]


def read_figures() -> Figures:
    """The figures, as they were recorded."""
    figures: Figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    return figures


def record(comparison: Comparison) -> None:
    """Put the figures of a run in the place of those of the last."""
    recipe = comparison.recipe
    counts = {
        "version": recipe.version,
        "there": len(comparison.there),
        "here": len(comparison.here),
        "only_there": len(comparison.only_there),
    }
    figures = dict(sorted((read_figures() | {recipe.name: counts}).items(), key=lambda item: item[0].lower()))
    rows = [f"  {json.dumps(name)}: {json.dumps(counts)}" for name, counts in figures.items()]
    FIGURES.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def write_page(recipes: list[Recipe]) -> None:
    """Bring the page up to date."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    PAGE.write_text(before + START + rendered(recipes, read_figures()) + END + rest.partition(END)[2], encoding="utf-8")


def rendered(recipes: list[Recipe], figures: Figures) -> str:
    """The table of the figures, and that of the reasons."""
    counts = [(recipe, figures[recipe.name]) for recipe in recipes if recipe.name in figures]
    rows = [
        (f"{recipe.name} {recipe.version}", str(count["there"]), str(count["here"]), str(count["only_there"]))
        for recipe, count in counts
    ]
    reasons = [
        (recipe.name, f"``{test.rpartition('::')[2]}``", why.replace("`", "``"))
        for recipe in recipes
        for test, why in recipe.only_there.items()
    ]
    return (
        table("40 20 20 20", ("tests of", "pass on Pallets Flask", "pass here", "pass there alone"), rows)
        + "\nWhy some pass on Pallets Flask, and not here:\n\n"
        + table("15 35 50", ("of", "test", "why"), reasons)
        + "\n"
    )
