"""A check of a whole project."""

from __future__ import annotations

import gc
import sys
import typing as t
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from .changes import Here
from .findings import Finding
from .project import Project
from .scopes import Module
from .sources import Unreadable, find_files
from .uses import find_uses
from .values import Reader

T = t.TypeVar("T")

#: How many files there are before it is worth showing how far one is.
MANY_FILES: t.Final = 50

#: How bad a use has to be -> how what counts fares here.
SEVERITIES: t.Final[t.Mapping[str, frozenset[Here]]] = {
    "any": frozenset(Here),
    "switch": frozenset({Here.ERA, Here.LEGACY, Here.FAILS}),
    "broken": frozenset({Here.FAILS}),
    "never": frozenset(),
}


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
        counting = SEVERITIES[severity]
        return bool(counting & {finding.change.here for finding in self.findings} or (counting and self.unreadable))


def run_check(root: Path, excluded: t.Collection[str] = ()) -> Check:
    """Read a project and find what there is to tell."""
    check = Check(root)
    paths = find_files(root, excluded)
    with _without_collector():
        found = _find_all(paths, check.unreadable)
    check.files = len(paths)
    check.findings = sorted(found, key=lambda finding: (finding.path, finding.line, finding.column))
    return check


def _find_all(paths: list[Path], unreadable: list[Unreadable]) -> set[Finding]:
    """What is found in some files; to the other list is added what cannot be read."""
    project = Project(paths)
    for path in _showing_progress(paths, "Reading"):
        project.note_imports(path)
    project.note_callers()
    reader = Reader(project)
    found: set[Finding] = set()
    for path in _showing_progress(paths, "Checking"):
        if project.is_full:
            project.let_go()
            reader = Reader(project)
        module = project.load(path)
        if not isinstance(module, Module):
            unreadable.append(module)
            continue
        try:
            found.update(find_uses(module, reader))
        except RecursionError:
            unreadable.append(Unreadable(path, 1, "An expression is nested too deeply."))
    return found


@contextmanager
def _without_collector() -> t.Iterator[None]:
    """Without Python's search for cycles, which takes half of the time where there are this many small objects.

    They are let go all at once, and searched then.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _showing_progress(things: list[T], label: str) -> t.Iterator[T]:
    """The things, one after the other; on a terminal, where they are many, with a bar."""
    if len(things) < MANY_FILES or not sys.stderr.isatty():
        yield from things
        return
    with click.progressbar(things, label=label, file=sys.stderr) as bar:
        yield from bar
