"""``flask routes``: which URLs the application answers, and what answers one of them."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import click

from ..globals import current_app
from .explanation import Explanation, Handler, Hook, Route, explain, route_of
from .group import with_appcontext
from .parameters import RequestLineType

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


@click.command("routes", short_help="List the URLs of the application, or tell what answers one.")
@click.option(
    "--sort",
    "-s",
    type=click.Choice([*SORT_KEYS, "match"]),
    default="endpoint",
    help="What to sort by; 'match' is the order in which the rules are tried for a request.",
)
@click.option("--all-methods", is_flag=True, help="List HEAD and OPTIONS too, which are mostly answered automatically.")
@click.option(
    "--match",
    "-m",
    "request_line",
    metavar="REQUEST",
    type=RequestLineType(),
    help="Tell what answers a request, such as 'POST /users/7' or 'https://api.example.com/users', and what runs for"
    " it. The exit status is 1 if that is an error.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@with_appcontext
def routes_command(sort: str, all_methods: bool, request_line: tuple[str, str] | None, as_json: bool) -> None:
    """List the URL rules of the application, each with its endpoint and methods; or tell what the application does
    with one request.
    """
    if request_line is None:
        _list_routes(sort, frozenset() if all_methods else AUTOMATIC_METHODS, as_json)
        return
    explanation = explain(current_app, *request_line)
    if as_json:
        _print_json(dataclasses.asdict(explanation))
    else:
        _print_explanation(explanation)
    if explanation.outcome == "error":
        click.get_current_context().exit(1)


def _list_routes(sort: str, ignored_methods: frozenset[str], as_json: bool) -> None:
    routes = [route_of(current_app, rule) for rule in current_app.url_map.iter_rules()]
    routes = [
        dataclasses.replace(route, methods=[name for name in route.methods if name not in ignored_methods])
        for route in routes
    ]
    if sort in SORT_KEYS:
        routes.sort(key=SORT_KEYS[sort])
    if as_json:
        _print_json([dataclasses.asdict(route) for route in routes])
    elif routes:
        _print_table(_to_rows(routes))
    else:
        click.echo("The application has no routes.")


def _print_json(value: t.Any) -> None:
    # Values from the URL may be of any type: a date is told as its text.
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def _to_rows(routes: list[Route]) -> list[Row]:
    """One row for each route, with a column for hosts or subdomains if any route has one."""
    title = "Host" if current_app.url_map.host_matching else "Subdomain"
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


#: How many near misses are printed; JSON has all.
MOST_MISSES: t.Final = 10


def _print_explanation(told: Explanation) -> None:
    click.secho(f"{told.method} {told.url}", bold=True)
    _print_answer(told)
    _print_block("Runs in this order", list(_steps(told)))
    _print_block("Error handlers, the first that fits", [_handler_line(handler) for handler in told.error_handlers])
    misses = [
        f"{_rule(miss.route)}: {'; '.join(reason.text for reason in miss.reasons)}"
        for miss in told.near_misses[:MOST_MISSES]
    ]
    if len(told.near_misses) > MOST_MISSES:
        misses.append(f"and {len(told.near_misses) - MOST_MISSES} more, which --json has")
    _print_block("Nearly answered", misses, fg="yellow")
    if told.overridden:
        click.echo(f"\nThe application has its own {', '.join(told.overridden)}, and may do otherwise.")


def _print_answer(told: Explanation) -> None:
    if told.outcome == "redirect":
        click.secho(f"  is redirected ({told.status}) to {told.location or 'another URL'}", fg="yellow")
    elif told.outcome == "error":
        click.secho(f"  is refused: {told.status} {told.error}", fg="red")
        click.echo(f"  answered by  {_handler_line(told.error_handler) if told.error_handler else 'the plain page'}")
    if told.allowed_methods is not None:
        click.echo(f"  allowed      {', '.join(told.allowed_methods)}")
    route = told.route
    if route is not None:
        click.echo(f"  rule         {_rule(route)}")
        for name, value in told.values.items():
            click.echo(f"  value        {name} = {value!r}")
        if told.outcome == "options":
            click.echo("  view         none: OPTIONS is answered automatically")
        else:
            click.echo(f"  view         {route.view or 'none'}")


def _rule(route: Route) -> str:
    domain = route.host or route.subdomain
    return f"{route.rule}{f' at {domain}' if domain else ''}  ({', '.join(route.methods)})  {route.endpoint}"


def _steps(told: Explanation) -> t.Iterator[str]:
    """The hooks, and the view or what takes its place between them."""
    answer = str(told.route.view) if told.route is not None and told.outcome == "view" else told.outcome
    is_answered = False
    for hook in told.hooks:
        if not is_answered and hook.kind.startswith(("after", "teardown")):
            is_answered = True
            yield f"{'':22}  {answer}"
        yield f"{hook.kind:22}  {_owned(hook)}"
    if told.hooks and not is_answered:
        yield f"{'':22}  {answer}"


def _handler_line(handler: Handler) -> str:
    return f"{handler.code or '':3}  {handler.exception:22}  {_owned(handler)}"


def _owned(part: Hook | Handler) -> str:
    return f"{part.function}{f'  [{part.blueprint}]' if part.blueprint else ''}"


def _print_block(title: str, lines: list[str], fg: str | None = None) -> None:
    if lines:
        click.secho(f"\n{title}", bold=True)
        for line in lines:
            click.secho(f"  {line.rstrip()}", fg=fg)
