"""The tests that distributions bring along: each passes here that passes on Pallets Flask, or has a reason why not."""

from __future__ import annotations

import pytest

from ..abandoned.rendering import PAGE
from .comparison import compare
from .recipes import matches, read_recipes
from .rendering import read_figures, rendered

RECIPES = read_recipes()
QUICK = [recipe for recipe in RECIPES if recipe.quick]


@pytest.mark.long
@pytest.mark.parametrize("recipe", QUICK, ids=lambda recipe: recipe.name)
def test_what_passes_there_passes_here_or_has_a_reason(recipe):
    comparison = compare(recipe)
    assert comparison.there, "None passes: the recipe lacks something. See there.txt beside its environment."
    assert comparison.without_reason == []
    assert comparison.idle_reasons == []


def test_names_stand_once_and_in_order():
    names = [recipe.name.lower() for recipe in RECIPES]
    assert names == sorted(set(names))


def test_figures_are_of_the_recipes_as_they_are():
    versions = {name: counts["version"] for name, counts in read_figures().items()}
    assert versions == {recipe.name: recipe.version for recipe in RECIPES}, (
        "Some recipes were not run as they stand. Run: python -m tests.upstream --record NAME"
    )


def test_reasons_stand_where_tests_pass_there_alone():
    alone = {name for name, counts in read_figures().items() if counts["only_there"]}
    assert alone == {recipe.name for recipe in RECIPES if recipe.only_there}


def test_the_page_shows_the_figures():
    assert rendered(RECIPES, read_figures()) in PAGE.read_text(encoding="utf-8"), (
        "docs/extensions.rst does not show the figures as they are. Run: python -m tests.upstream --record"
    )


def test_a_pattern_takes_brackets_as_they_are():
    assert matches("tests.test_app::test_names[*-a]", "tests.test_app::test_names[1-a]")
    assert not matches("tests.test_app::test_names[ab]", "tests.test_app::test_namesa")
