"""Where a program answers itself for what is gone: the parts of it that are not to be told."""

from __future__ import annotations

import ast
import operator
import sys
import typing as t

from .changes import find
from .scopes import Assigned, Module, Scope
from .values import Named, Reader, find_bindings, last_name

_COMPARISONS: t.Final[dict[type, t.Callable[[t.Any, t.Any], bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

#: How programs ask for a part of Python's version.
_PARTS: t.Final[dict[str, int | slice]] = {"0": 0, ":1": slice(1), ":2": slice(2)}

#: An error that is handled -> what can raise it.
_ANSWERED: t.Final = {
    "ImportError": (ast.Import, ast.ImportFrom),
    "ModuleNotFoundError": (ast.Import, ast.ImportFrom),
    "NameError": (ast.Name,),
    "AttributeError": (ast.Attribute,),
}


def find_excused(module: Module, reader: Reader) -> set[ast.AST]:
    """The nodes of a module that run on another Python only, or for whose failing there is an answer."""
    excused: set[ast.AST] = set()
    for node, scope in module.nodes:
        if isinstance(node, ast.If | ast.IfExp):
            excused.update(_never_run(node, scope, reader), _asked_for(node))
        elif isinstance(node, ast.BoolOp):
            excused.update(_never_asked(node, scope, reader))
        elif isinstance(node, ast.Try):
            excused.update(_answered(node, module))
    return excused


def _never_run(node: ast.If | ast.IfExp, scope: Scope, reader: Reader) -> t.Iterator[ast.AST]:
    truth = _truth(node.test, scope, reader)
    if truth is not None:
        never: t.Any = node.orelse if truth else node.body
        for one in never if isinstance(never, list) else [never]:
            yield from ast.walk(one)


def _never_asked(node: ast.BoolOp, scope: Scope, reader: Reader) -> t.Iterator[ast.AST]:
    """What stands in an `and` behind what is false, or in an `or` behind what is true."""
    decides = isinstance(node.op, ast.Or)
    decided = False
    for one in node.values:
        if decided:
            yield from ast.walk(one)
        decided = decided or _truth(one, scope, reader) is decides


def _truth(node: ast.expr, scope: Scope, reader: Reader, follow: bool = True) -> bool | None:
    """Whether a question about the version of Python has the answer yes; None if it is none.

    :param follow: whether a name is taken for what was assigned to it.
    """
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        truth = _truth(node.operand, scope, reader, follow)
        return None if truth is None else not truth
    if isinstance(node, ast.BoolOp):
        decides = isinstance(node.op, ast.Or)
        return decides if any(_truth(one, scope, reader, follow) is decides for one in node.values) else None
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        version = _version(node.left, scope, reader)
        try:
            return version and bool(_COMPARISONS[type(node.ops[0])](version[0], ast.literal_eval(node.comparators[0])))
        except (ValueError, TypeError):
            return None
    if last_name(node, scope) in {"PY2", "PY3"}:
        names = {one.path.rpartition(".")[2] for one in reader.values(node, scope) if isinstance(one, Named)}
        if names in ({"PY2"}, {"PY3"}):
            return names == {"PY3"}
    bindings = find_bindings(node.id, scope) if isinstance(node, ast.Name) and follow else None
    for binding in bindings or ():
        if isinstance(binding, Assigned):
            return _truth(binding.value, binding.scope, reader, follow=False)
    return None


def _version(node: ast.expr, scope: Scope, reader: Reader) -> tuple[t.Any] | None:
    """The part of Python's version that an expression reads, alone in a tuple."""
    if isinstance(node, ast.Subscript):
        whole = _version(node.value, scope, reader)
        part = _PARTS.get(ast.unparse(node.slice))
        return (whole[0][part],) if whole and part is not None else None
    known = reader.values(node, scope) if last_name(node, scope) in {"version_info", "major"} else ()
    if Named("sys.version_info") in known:
        return (tuple(sys.version_info[:3]),)
    return (sys.version_info[0],) if Named("sys.version_info.major") in known else None


def _asked_for(node: ast.If | ast.IfExp) -> t.Iterator[ast.AST]:
    """Attributes that `hasattr()` asked for just before."""
    asked = {
        call.args[1].value
        for call in ast.walk(node.test)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "hasattr"
        if len(call.args) == 2 and isinstance(call.args[1], ast.Constant)
    }
    if asked:
        yield from (one for one in ast.walk(node) if isinstance(one, ast.Attribute) and one.attr in asked)


def _answered(node: ast.Try, module: Module) -> t.Iterator[ast.AST]:
    """What may fail in a `try`, where one of its ways is free of what is gone."""
    kinds: tuple[type[ast.AST], ...] = ()
    for handler in node.handlers:
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        for one in types:
            kinds += _ANSWERED.get(one.id, ()) if isinstance(one, ast.Name) else ()
    if ast.Attribute in kinds and len(node.body) > 1:  # too much to tell which of it the handler is about
        kinds = tuple(kind for kind in kinds if kind is not ast.Attribute)
    ways = [node.body, *(handler.body for handler in node.handlers)]
    if kinds and not all(any(_imports_what_is_gone(one, module) for one in way) for way in ways):
        for way in ways:
            yield from (one for statement in way for one in ast.walk(statement) if isinstance(one, kinds))


def _imports_what_is_gone(statement: ast.stmt, module: Module) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, ast.Import) and any(find(alias.name) for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and any(find(f"{node.module}.{alias.name}") for alias in node.names):
            return True
    return False
