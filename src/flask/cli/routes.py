"""``flask routes``: which URLs the application answers, and what answers one of them."""

from __future__ import annotations

import click

from ..globals import current_app
from .group import with_appcontext
from .parameters import RequestLineType


@click.command("routes", short_help="List the URLs of the application, or tell what answers one.")
@click.option(
    "--sort",
    "-s",
    type=click.Choice(["endpoint", "methods", "domain", "rule", "match"]),
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
        from .listing import print_routes

        print_routes(current_app, sort, all_methods, as_json)
    else:
        from .telling import print_answer

        if print_answer(current_app, *request_line, as_json) == "error":
            click.get_current_context().exit(1)
