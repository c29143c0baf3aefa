"""What a check came to, as text and as JSON."""

from __future__ import annotations

import typing as t
from itertools import groupby

import click

from ... import eras
from .changes import Here
from .check import Check
from .findings import NEEDS, Finding, shown

_COLORS: t.Final = {Here.WORKS: "green", Here.ERA: "yellow", Here.LEGACY: "yellow", Here.FAILS: "red"}


def to_dict(check: Check) -> dict[str, t.Any]:
    """The whole of a check, for JSON."""
    return {
        "files": check.files,
        "findings": [finding.to_dict(check.root) for finding in check.findings],
        "unreadable": [
            {"file": shown(one.path, check.root), "line": one.line, "reason": one.reason} for one in check.unreadable
        ],
        "counts": {here.value: count for here, count in check.counts().items()},
        "era": _era(check),
    }


def show(check: Check) -> None:
    """Write a check for people: what was found in each file, and how much that is."""
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
