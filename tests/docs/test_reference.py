"""The reference in `docs/api` is complete: each name that 0.8 documents stands there, with an example."""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SPEC = json.loads((ROOT / "tests" / "spec" / "api-0.8.json").read_text())
PAGES = {path: path.read_text() for path in sorted((ROOT / "docs" / "api").glob("*.rst"))}

KINDS = "class|method|classmethod|attribute|function|data|module"
DIRECTIVE = re.compile(rf"^(?P<indent> *)\.\. (auto|py:)({KINDS}):: (?P<name>[\w.]+)")


def names_on(text: str) -> list[str]:
    """The qualified names that a page documents: a directive inside another one names a member of it."""
    found = []
    enclosing: list[tuple[int, str]] = []
    for line in text.splitlines():
        if directive := DIRECTIVE.match(line):
            indent = len(directive["indent"])
            while enclosing and enclosing[-1][0] >= indent:
                enclosing.pop()
            prefix = f"{enclosing[-1][1]}." if enclosing else ""
            enclosing.append((indent, prefix + directive["name"]))
            found.append(prefix + directive["name"])
    return found


PAGE_OF = {name: path for path, text in PAGES.items() for name in names_on(text)}


def code_on(page: Path) -> str:
    """The page's lines of code: what follows a prompt, or stands in a block of Python."""
    lines = []
    block: int | None = None
    for line in PAGES[page].splitlines():
        indent = len(line) - len(line.lstrip())
        if block is not None and line.strip() and indent <= block:
            block = None
        if block is not None or line.lstrip().startswith((">>>", "...")):
            lines.append(line)
        if line.lstrip().startswith(".. code-block:: python"):
            block = indent
    return "\n".join(lines)


def shows(code: str, name: str) -> bool:
    """Whether code uses a name. A member is one behind a dot, or one that a subclass defines."""
    owner, _, last = name.rpartition(".")
    if owner in CLASSES:
        return bool(re.search(rf"\.{last}\b|\bdef {last}\b|^[ .]* {last} = ", code, re.MULTILINE))
    return bool(re.search(rf"\b{last}\b", code))


CLASSES = {entry["name"] for entry in SPEC["names"] if entry["kind"] == "class"}
each_name = pytest.mark.parametrize("name", [entry["name"] for entry in SPEC["names"]])


@each_name
def test_name_stands_in_the_reference(name):
    assert name in PAGE_OF


@each_name
def test_name_is_shown_by_an_example(name):
    """In its docstring, or on its page; `test_examples.py` runs either."""
    assert ">>>" in docstring(name) or shows(code_on(PAGE_OF[name]), name)


def docstring(name: str) -> str:
    """The docstring of a function, method or property; of any other attribute it would be that of its type."""
    try:
        found = pkgutil.resolve_name(name)
    except (AttributeError, RuntimeError):
        return ""
    described = inspect.isroutine(found) or inspect.isclass(found) or isinstance(found, property)
    return (described and found.__doc__) or ""


def test_no_name_is_documented_twice():
    names = [name for text in PAGES.values() for name in names_on(text)]
    assert len(names) == len(set(names))


def test_sections_stand_in_the_order_of_the_reference():
    order = re.findall(r"^   ([\w-]+)$", PAGES[ROOT / "docs" / "api" / "index.rst"], re.MULTILINE)
    titles = [PAGES[ROOT / "docs" / "api" / f"{page}.rst"].splitlines()[0] for page in order]
    sections = [section.capitalize() for section in SPEC["sections"] if section != "API"]
    assert [title.capitalize() for title in titles][: len(sections)] == sections
