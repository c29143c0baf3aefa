"""Texts that name what is gone: extensions of Jinja, and what the server once put into the environment."""

from __future__ import annotations

import ast
import typing as t

from .changes import CHANGES, Change
from .scopes import Module
from .values import Named, Reader

#: What such a text has in it: few files do, and only these are looked through.
_MARKS: t.Final = ("jinja2.ext.", "werkzeug.server.")

Text = tuple[str, Change, ast.AST]


def in_module(module: Module, reader: Reader) -> t.Iterator[Text]:
    """The texts of a module that stand for something gone, and that it does not ask for, by `in`, itself."""
    if not any(mark in line for line in module.source.lines for mark in _MARKS):
        return
    around = {child: node for node in ast.walk(module.source.tree) for child in ast.iter_child_nodes(node)}
    asked = {ast.unparse(node.left) for node in around if isinstance(node, ast.Compare)}
    for node in around:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ast.unparse(node) not in asked:
            key = f"flask.Request.environ[{node.value}]"
            if key in CHANGES:
                yield key, CHANGES[key], node
            elif node.value.startswith("jinja2.ext.") and node.value in CHANGES:
                option = f"flask.Flask.jinja_options[{node.value}]"
                is_option = option in CHANGES and _is_of_an_application(node, around, module, reader)
                yield node.value, CHANGES[option if is_option else node.value], node


def _is_of_an_application(node: ast.AST, around: t.Mapping[ast.AST, ast.AST], module: Module, reader: Reader) -> bool:
    """Whether an extension is one of the options of an application, which leaves out what Jinja has by itself.

    It is not where Jinja is given it directly; else it is, if the file says `jinja_options`.
    """
    while node in around:
        node = around[node]
        if isinstance(node, ast.Call):
            called = reader.values(node.func, module.scope)
            is_jinjas = any(isinstance(one, Named) and one.path.startswith("jinja2.") for one in called)
            if is_jinjas or getattr(node.func, "attr", "") == "add_extension":
                return False
    return any("jinja_options" in line for line in module.source.lines)
