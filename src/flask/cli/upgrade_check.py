"""``flask upgrade-check``: what some release removed or changed, and a program uses."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("upgrade-check", short_help="List what newer releases removed or changed.")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option(
    "--fail-on",
    type=click.Choice(["any", "switch", "broken", "never"]),
    default="any",
    show_default=True,
    help="When the exit status is 1: for any use; for what needs FLASK_LEGACY=1 or FLASK_ERA, or does not work; for"
    " what does not work; or never. A file that cannot be read does not work.",
)
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave out files and folders, such as 'tests/*'.")
@click.pass_context
def upgrade_check_command(
    ctx: click.Context, path: Path, as_json: bool, fail_on: str, exclude: tuple[str, ...]
) -> None:
    """List each use of what some release of Flask, or of the libraries below it, removed or changed.

    PATH is a folder or a file, by default the current folder. The program is read, not run. For each use it is said in
    which release it was removed or changed, how it fares here, and what to write today.
    """
    from .upgrade import check, report

    found = check.run_check(path, exclude)
    if as_json:
        click.echo(json.dumps(report.to_dict(found), indent=2))
    else:
        report.show(found)
    ctx.exit(int(found.is_bad(fail_on)))
