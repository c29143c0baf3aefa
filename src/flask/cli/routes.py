"""``flask routes``: which URLs the application answers."""

from __future__ import annotations

import typing as t

import click

from ..globals import current_app
from .group import with_appcontext

if t.TYPE_CHECKING:
    from werkzeug.routing import Rule

#: Methods that are answered without being asked for; shown on demand.
AUTOMATIC_METHODS: t.Final = frozenset({"HEAD", "OPTIONS"})

#: A row of the table: its cells by the titles of their columns.
Row = dict[str, str]

SORT_KEYS: t.Final[t.Mapping[str, t.Callable[[Row], str]]] = {
    "endpoint": lambda row: row["Endpoint"],
    "methods": lambda row: row["Methods"],
    "domain": lambda row: row.get("Host", row.get("Subdomain", "")),
    "rule": lambda row: row["Rule"],
}


@click.command("routes", short_help="List the URLs of the application.")
@click.option(
    "--sort",
    "-s",
    type=click.Choice([*SORT_KEYS, "match"]),
    default="endpoint",
    help="What to sort by; 'match' is the order in which the rules are tried for a request.",
)
@click.option("--all-methods", is_flag=True, help="List HEAD and OPTIONS too, which are mostly answered automatically.")
@with_appcontext
def routes_command(sort: str, all_methods: bool) -> None:
    """List the URL rules of the application, each with its endpoint and methods."""
    rules = list(current_app.url_map.iter_rules())
    if not rules:
        click.echo("The application has no routes.")
        return
    rows = _to_rows(rules, frozenset() if all_methods else AUTOMATIC_METHODS)
    if sort in SORT_KEYS:
        rows.sort(key=SORT_KEYS[sort])
    _print_table(rows)


def _to_rows(rules: list[Rule], ignored_methods: frozenset[str]) -> list[Row]:
    """One row for each rule, with a column for hosts or subdomains if any rule has one."""
    title, attribute = ("Host", "host") if current_app.url_map.host_matching else ("Subdomain", "subdomain")
    has_domains = any(getattr(rule, attribute) for rule in rules)
    rows = []
    for rule in rules:
        row = {
            "Endpoint": str(rule.endpoint),
            "Methods": ", ".join(sorted((rule.methods or set()) - ignored_methods)),
        }
        if has_domains:
            row[title] = getattr(rule, attribute) or ""
        row["Rule"] = rule.rule
        rows.append(row)
    return rows


def _print_table(rows: list[Row]) -> None:
    titles = list(rows[0])
    widths = [max(len(title), *(len(row[title]) for row in rows)) for title in titles]
    lines: list[t.Iterable[str]] = [
        titles,
        ["-" * width for width in widths],
        *(row.values() for row in rows),
    ]
    for cells in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)))
