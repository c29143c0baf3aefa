"""``flask upgrade-check``: what some release removed or changed, and this program uses."""

from __future__ import annotations

import json
import sys
import typing as t
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import click

from ... import eras
from .changes import Here
from .findings import NEEDS, Finding, shown
from .project import Project
from .sources import Source, Unreadable, find_files, read
from .uses import find_uses
from .values import Reader

T = t.TypeVar("T")

#: How many files there are before it is worth showing how far one is.
MANY_FILES: t.Final = 50

#: What `--fail-on` is about -> how what counts fares here.
COUNTING: t.Final[t.Mapping[str, frozenset[Here]]] = {
    "any": frozenset(Here),
    "switch": frozenset({Here.ERA, Here.LEGACY, Here.FAILS}),
    "broken": frozenset({Here.FAILS}),
    "never": frozenset(),
}

_COLORS: t.Final = {Here.WORKS: "green", Here.ERA: "yellow", Here.LEGACY: "yellow", Here.FAILS: "red"}


@dataclass
class Check:
    """What a check of a project came to."""

    root: Path
    files: int = 0
    findings: list[Finding] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)

    def counts(self) -> dict[Here, int]:
        """How many uses fare how here."""
        counted = Counter(finding.change.here for finding in self.findings)
        return {here: counted[here] for here in Here}

    def is_bad(self, severity: str) -> bool:
        """Whether there is something of a severity; what cannot be read cannot work either."""
        counting = COUNTING[severity]
        return bool(counting & {finding.change.here for finding in self.findings} or (counting and self.unreadable))


@click.command("upgrade-check", short_help="List what newer releases removed or changed.")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option(
    "--fail-on",
    type=click.Choice([*COUNTING]),
    default="any",
    show_default=True,
    help="When the exit status is 1: for any use; for what needs FLASK_LEGACY=1 or FLASK_ERA, or does not work; for what"
    " does not work; or never. A file that cannot be read does not work.",
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
    check = run_check(path, exclude)
    if as_json:
        click.echo(json.dumps(_to_dict(check), indent=2))
    else:
        _print(check)
    ctx.exit(int(check.is_bad(fail_on)))


def run_check(root: Path, excluded: t.Collection[str] = ()) -> Check:
    """Read a project and find what there is to tell."""
    check = Check(root)
    project = Project()
    paths = find_files(root, excluded)
    for path in _showing_progress(paths, "Reading"):
        source = read(path)
        if isinstance(source, Source):
            project.add(source)
        else:
            check.unreadable.append(source)
    reader = Reader(project)
    found: set[Finding] = set()
    for module in _showing_progress(project.modules, "Checking"):
        found.update(find_uses(module, reader))
    check.files = len(paths)
    check.findings = sorted(found, key=lambda finding: (finding.path, finding.line, finding.column))
    return check


def _showing_progress(things: list[T], label: str) -> t.Iterator[T]:
    """The things, one after the other; on a terminal, where they are many, with a bar."""
    if len(things) < MANY_FILES or not sys.stderr.isatty():
        yield from things
        return
    with click.progressbar(things, label=label, file=sys.stderr) as bar:
        yield from bar


def _to_dict(check: Check) -> dict[str, t.Any]:
    return {
        "files": check.files,
        "findings": [finding.to_dict(check.root) for finding in check.findings],
        "unreadable": [
            {"file": shown(one.path, check.root), "line": one.line, "reason": one.reason} for one in check.unreadable
        ],
        "counts": {here.value: count for here, count in check.counts().items()},
        "era": _era(check),
    }


def _print(check: Check) -> None:
    for path, findings in groupby(check.findings, key=lambda finding: finding.path):
        click.secho(shown(path, check.root), bold=True)
        for finding in findings:
            _print_finding(finding)
        click.echo()
    if check.unreadable:
        click.secho("Not to be read as Python 3", bold=True)
        for one in check.unreadable:
            click.echo(f"  {shown(one.path, check.root)}:{one.line}  {one.reason}")
        click.echo()
    click.echo("\n".join(_summary(check)))


def _print_finding(finding: Finding) -> None:
    change = finding.change
    place = f"{finding.line}:{finding.column}"
    what = "removed" if change.is_removed else "changed"
    click.echo(f"  {place:<8} {finding.name}  {what} in {change.library} {change.since}")
    label = "Today" if change.is_removed or change.here is Here.FAILS else "Since then"
    click.echo(f"{'':<11}{click.style(finding.needs, fg=_COLORS[change.here])}. {label}: {change.today}")


def _summary(check: Check) -> t.Iterator[str]:
    yield f"{_number(check.files, 'file')} checked, {_number(len(check.findings), 'use')} found."
    for here, count in check.counts().items():
        if count:
            yield f"  {count:>4}  {NEEDS[here]}"
    if check.unreadable:
        yield f"  {len(check.unreadable):>4}  {'file' if len(check.unreadable) == 1 else 'files'} not to be read"
    switches = [f"FLASK_ERA={era}" for era in [_era(check)] if era]
    if check.counts()[Here.LEGACY]:
        switches.insert(0, "FLASK_LEGACY=1")
    if switches:
        yield f"Until it is upgraded, run it with {' '.join(switches)}."


def _era(check: Check) -> str | None:
    """The newest era in which everything does what it did."""
    needed = [finding.change.era for finding in check.findings if finding.change.era]
    return min(needed, key=eras.ERAS.index) if needed else None


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
