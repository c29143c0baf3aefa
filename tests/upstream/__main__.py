"""The command: ``python -m tests.upstream Flask-Login Flask-WTF``, or all recipes where none is named."""

from __future__ import annotations

import argparse
import sys

import click

from .comparison import Comparison, compare
from .recipes import read_recipes
from .rendering import record, write_page


def main() -> int:
    """Run recipes, and print a row for each as it is done."""
    parser = argparse.ArgumentParser(prog="python -m tests.upstream", description=__doc__)
    parser.add_argument("names", nargs="*", help="the distributions, or none for all")
    parser.add_argument("--quick", action="store_true", help="only those that `make test-long` runs")
    parser.add_argument("--record", action="store_true", help="put the figures into the documentation")
    asked = parser.parse_args()
    recipes = {recipe.name: recipe for recipe in read_recipes() if recipe.quick or not asked.quick}
    if unknown := set(asked.names) - set(recipes):
        parser.error(f"there is no recipe {', '.join(sorted(unknown))}")
    click.echo(f"{'':30} {'there':>6} {'here':>6} {'only there':>10} {'no reason':>10}")
    good = True
    for name in asked.names or recipes:
        try:
            comparison = compare(recipes[name])
        except RuntimeError as error:
            good = False
            click.echo(f"{name:30} {error}")
            continue
        show(comparison)
        good = good and not comparison.without_reason and not comparison.idle_reasons
        if asked.record:
            record(comparison)
    if asked.record:
        write_page(read_recipes())
    return 0 if good else 1


def show(comparison: Comparison) -> None:
    """One row, and below it what has to be looked at."""
    columns = (comparison.there, comparison.here, comparison.only_there, comparison.without_reason)
    there, here, only_there, without_reason = map(len, columns)
    click.echo(f"{comparison.recipe.name:30} {there:6} {here:6} {only_there:10} {without_reason:10}")
    for test in comparison.without_reason:
        click.echo(f"    passes only there, without a reason: {test}")
    for pattern in comparison.idle_reasons:
        click.echo(f"    stands for nothing: {pattern}")


if __name__ == "__main__":
    sys.exit(main())
