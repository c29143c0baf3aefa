"""Every example of the documentation's pages and of the docstrings is run, and does what it shows."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Document, Example
from sybil.parsers.rest import CodeBlockParser, DocTestParser, PythonCodeBlockParser

ROOT = Path(__file__).parent.parent.parent


def write_file(example: Example) -> None:
    """A block with a caption is the file of that name, for the examples below it."""
    name = example.region.lexemes["options"].get("caption")
    if name is not None:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.parsed)


PARSERS = [
    DocTestParser(doctest.ELLIPSIS),
    PythonCodeBlockParser(),
    *(CodeBlockParser(language, write_file) for language in ("html+jinja", "css", "text")),
]


def read(text: str, path: Path) -> Document:
    document = Document(text, str(path))
    for parser in PARSERS:
        for region in parser(document):
            document.add(region)
    document.namespace["__name__"] = "example"
    return document


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings of a module, those that stand below an attribute too, each with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text


def pages() -> Iterator[object]:
    for path in sorted((ROOT / "docs").rglob("*.rst")):
        document = read(path.read_text(), path)
        if document.regions:
            yield pytest.param(document, id=str(path.relative_to(ROOT)))


def documented_objects() -> Iterator[object]:
    for path in sorted((ROOT / "src").rglob("*.py")):
        for line, text in docstrings(path):
            # The lines above are put back, so that a failure names the line of the file.
            document = read("\n" * (line - 1) + text, path)
            if document.regions:
                yield pytest.param(document, id=f"{path.relative_to(ROOT)}:{line}")


@pytest.mark.parametrize("document", [*pages(), *documented_objects()])
def test_examples(document, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for example in document.examples():
        example.evaluate()


def test_examples_stand_in_docstrings_and_not_in_comments():
    """An example in a comment would be shown by the documentation and run by no one."""
    files = sorted((ROOT / "src").rglob("*.py"))
    assert files
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.lstrip().startswith("#") and ">>>" in line
    ]
    assert found == []
