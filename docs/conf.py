"""Sphinx builds the documentation with this: `make docs`."""

from __future__ import annotations

import builtins
import os
import sys
from importlib.metadata import version as version_of
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from werkzeug.exceptions import default_exceptions

from flask import eras
from flask.cli.upgrade.changes import CHANGES, Here
from flask.cli.upgrade.findings import NEEDS

project = "Retort"
author = "The Retort developers"
copyright = "2026, The Retort developers"
release = version = version_of("Flask")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.intersphinx"]
exclude_patterns = ["_build"]
default_role = "code"
html_theme = "furo"
html_title = f"Retort {release}"

add_module_names = False
autodoc_typehints = "none"  # a signature of 0.8 is read at a glance; what a parameter takes stands beside it
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"

# Other projects' names are links only where someone asks for it: a build without a network is the same build.
intersphinx_mapping = {}
if os.environ.get("DOCS_LINKS"):
    intersphinx_mapping = {
        "python": ("https://docs.python.org/3", None),
        "werkzeug": ("https://werkzeug.palletsprojects.com/en/stable", None),
        "jinja": ("https://jinja.palletsprojects.com/en/stable", None),
        "click": ("https://click.palletsprojects.com/en/stable", None),
    }
OTHERS = ["werkzeug", "jinja2", "click", "markupsafe", "blinker", "itsdangerous"]
OTHERS += [*sys.stdlib_module_names, *dir(builtins), *(error.__name__ for error in default_exceptions.values())]
nitpick_ignore_regex = [("py:.*", rf"({'|'.join(OTHERS)})(\..+)?")]


def demand_docstring(app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]) -> None:
    """Fail the build where the reference lists something that no one has described."""
    if not any(lines):
        logging.getLogger(__name__).warning("%s %s is in the reference and has no docstring.", what, name)


class EraDifferences(SphinxDirective):
    """``.. era-differences::`` shows the table of `flask.eras`, so that the page cannot differ from it."""

    def run(self) -> list[nodes.Node]:
        rows = nodes.definition_list()
        for name, row in eras.DIFFERENCES.items():
            told = [f"Before {row.since}: {row.before}", f"Since {row.since}: {row.after}", f"Why: {row.why}"]
            definition = nodes.definition("", *(paragraph(text) for text in told))
            rows += nodes.definition_list_item("", nodes.term("", "", nodes.literal(text=name)), definition)
        return [rows]


class Changes(SphinxDirective):
    """``.. changes::`` shows the names that releases removed, from the table that `flask upgrade-check` reads."""

    def run(self) -> list[nodes.Node]:
        rows = nodes.definition_list()
        for name, row in sorted(CHANGES.items()):
            if row.is_removed:
                fares = "" if row.here is Here.WORKS else f"; {NEEDS[row.here]}"
                told = paragraph(f"{row.library} {row.since}{fares}. Today: {row.today}.")
                term = nodes.term("", "", nodes.literal(text=name))
                rows += nodes.definition_list_item("", term, nodes.definition("", told))
        return [rows]


def paragraph(text: str) -> nodes.paragraph:
    """Plain text, in which backticks enclose code."""
    parts = [
        nodes.literal(text=part) if number % 2 else nodes.Text(part) for number, part in enumerate(text.split("`"))
    ]
    return nodes.paragraph("", "", *parts)


def setup(app: Sphinx) -> None:
    app.add_directive("changes", Changes)
    app.add_directive("era-differences", EraDifferences)
    app.connect("autodoc-process-docstring", demand_docstring)
