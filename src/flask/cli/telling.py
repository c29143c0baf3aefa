"""What ``flask routes --match`` prints."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import click

from .explanation import Explanation, Handler, Hook, Route, explain

if t.TYPE_CHECKING:
    from ..app import Flask

#: How many near misses are printed; JSON has all.
MOST_MISSES: t.Final = 10


def print_answer(app: Flask, method: str, url: str, as_json: bool) -> str:
    """Print what an application does with a request, and return who answers: see :class:`.Explanation`."""
    told = explain(app, method, url)
    if as_json:
        # Values from the URL may be of any type: they cannot all be copied, and a date is told as its text.
        fields = {**dataclasses.asdict(dataclasses.replace(told, values={})), "values": told.values}
        click.echo(json.dumps(fields, indent=2, ensure_ascii=False, default=str))
    else:
        _print_for_people(told)
    return told.outcome


def _print_for_people(told: Explanation) -> None:
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
        if told.redirect is not None:
            click.echo(f"  because      {told.redirect.text}")
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
        elif told.outcome != "redirect":
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
