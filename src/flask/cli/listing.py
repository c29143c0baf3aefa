"""The list of an application's URL rules, as ``flask routes`` prints it."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import click

from .explanation import Route, route_of

if t.TYPE_CHECKING:
    from ..app import Flask

#: Methods that are answered without being asked for; shown on demand.
AUTOMATIC_METHODS: t.Final = frozenset({"HEAD", "OPTIONS"})

#: A row of the table: its cells by the titles of their columns.
Row = dict[str, str]

SORT_KEYS: t.Final[t.Mapping[str, t.Callable[[Route], t.Any]]] = {
    "endpoint": lambda route: route.endpoint,
    "methods": lambda route: route.methods,
    "domain": lambda route: route.host or route.subdomain or "",
    "rule": lambda route: route.rule,
}


def print_routes(app: Flask, sort: str, all_methods: bool, as_json: bool) -> None:
    """Print the URL rules of an application.

    :param sort: what to sort by: one of :data:`SORT_KEYS`, or ``match`` for the order in which they are tried.
    :param all_methods: whether methods that are answered automatically are listed.
    """
    routes = [route_of(app, rule) for rule in app.url_map.iter_rules()]
    if not all_methods:
        routes = [dataclasses.replace(route, methods=_without_automatic(route.methods)) for route in routes]
    if sort in SORT_KEYS:
        routes.sort(key=SORT_KEYS[sort])
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(route) for route in routes], indent=2, ensure_ascii=False))
    elif routes:
        _print_table(_to_rows(routes, app.url_map.host_matching))
    else:
        click.echo("The application has no routes.")


def _without_automatic(methods: list[str]) -> list[str]:
    return [method for method in methods if method not in AUTOMATIC_METHODS]


def _to_rows(routes: list[Route], by_host: bool) -> list[Row]:
    """One row for each route, with a column for hosts or subdomains if any route has one."""
    title = "Host" if by_host else "Subdomain"
    has_domains = any(route.host or route.subdomain for route in routes)
    rows = []
    for route in routes:
        row = {"Endpoint": route.endpoint, "Methods": ", ".join(route.methods)}
        if has_domains:
            row[title] = route.host or route.subdomain or ""
        row["Rule"] = route.rule
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
