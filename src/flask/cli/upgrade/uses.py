"""The uses of what is gone: what a file imports, reads, defines in subclasses, passes and sets."""

from __future__ import annotations

import ast
import typing as t

from . import behaviours, guards, texts
from .changes import CHANGES, CLASS_PARAMETERS, LAST_NAMES, OF_OBJECTS, PARAMETERS, Change, find
from .findings import Finding
from .scopes import Assigned, Imported, Module, Scope
from .values import Instance, Named, Own, Reader, find_bindings, last_name

#: Where a use is, what it is called, and which change it is about.
Use = tuple[Module, tuple[int, int], str, Change]

#: The classes whose attributes the framework itself reads and calls: what a subclass defines is a use of them.
_READ_BY_FLASK: t.Final = ("flask.Flask", "flask.Blueprint")

#: The methods of a configuration that are given keys, or something that has them.
_SETTERS: t.Final = frozenset({"from_mapping", "from_object", "get", "pop", "setdefault", "update"})


def find_uses(module: Module, reader: Reader) -> t.Iterator[Finding]:
    """All uses in a module, and those in what it configures its application from."""
    used: list[tuple[ast.AST, list[Use]]] = []
    for node, scope in module.nodes:
        looker = _LOOKERS.get(type(node))
        if looker is not None and (uses := list(looker(node, scope, reader))):
            used.append((node, uses))
    excused = guards.find_excused(module, reader) if used else set()
    told: set[tuple[int, int]] = set()
    for where, (line, offset), name, change in (use for node, uses in used if node not in excused for use in uses):
        column = where.source.column(line, offset)
        if where is not module or (line, column) not in told:  # one for each place: a name may stand for several
            told.add((line, column))
            yield Finding(where.source.path, line, column, name, change)


def _at(node: t.Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _look_at_import(node: ast.Import, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    for alias in node.names:
        change = find(alias.name)
        if change is not None and not reader.project.has(alias.name, scope.module):
            yield scope.module, _at(alias), alias.name, change


def _look_at_import_from(node: ast.ImportFrom, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    if node.level or reader.project.has(node.module or "", scope.module):
        return
    for alias in node.names:
        path = f"{node.module}.{alias.name}"
        change = find(path) if alias.name != "*" else find(node.module or "")
        if change is not None:
            yield scope.module, _at(alias), path, change


def _look_at_attribute(node: ast.Attribute, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    if node.attr in behaviours.CHARSETS and isinstance(node.ctx, ast.Store):
        return  # what is assigned makes the difference
    # Whether there may be something to tell is sooner known than what it is an attribute of.
    if node.attr not in LAST_NAMES or not (node.attr in OF_OBJECTS or _may_be_module(node.value, scope)):
        return
    for path in sorted({path for value in reader.values(node.value, scope) for path in reader.paths(value, node.attr)}):
        if path in CHANGES:
            offset = t.cast(int, node.end_col_offset) - len(node.attr.encode())
            yield scope.module, (t.cast(int, node.end_lineno), offset), path, CHANGES[path]


def _may_be_module(node: ast.expr, scope: Scope) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name):
        return False
    bindings = find_bindings(node.id, scope)
    if bindings is None:
        return bool(scope.module.stars)
    aliases = (one.value for one in bindings if isinstance(one, Assigned))
    is_alias = any(isinstance(one, ast.Name | ast.Attribute) for one in aliases)
    return is_alias or any(isinstance(one, Imported) for one in bindings)


def _look_at_name(node: ast.Name, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    """A name that no line of the file binds; one that an import binds was found there."""
    may_be = node.id in LAST_NAMES or scope.module.stars
    if may_be and isinstance(node.ctx, ast.Load) and find_bindings(node.id, scope) is None:
        for value in reader.unbound(node.id, scope):
            if isinstance(value, Named) and value.path in CHANGES:
                yield scope.module, _at(node), value.path, CHANGES[value.path]


def _look_at_class(node: ast.ClassDef, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    defined = [(f"{base}.{name}", where) for base in _READ_BY_FLASK for name, where in _defined(node.body)]
    told = [(path, where) for path, where in defined if path in CHANGES]
    classes = set(reader.classes(Instance(Own(scope.module.scopes[node])))) if told else ()
    for path, where in told:
        if path.rpartition(".")[0] in classes:
            yield scope.module, _at(where), path, CHANGES[path]


def _defined(body: list[ast.stmt]) -> t.Iterator[tuple[str, ast.AST]]:
    """The names that a body binds, each with the place."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name, statement
        elif isinstance(statement, ast.Assign):
            yield from ((target.id, target) for target in statement.targets if isinstance(target, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id, statement.target


def _look_at_call(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    name = last_name(node.func, scope)
    telling = [one for one in node.keywords if one.arg in CLASS_PARAMETERS or name in PARAMETERS.get(one.arg or "", ())]
    for callee in sorted(reader.callees(node, scope)) if telling else ():
        for keyword in telling:
            path = f"{callee}({keyword.arg})"
            if path in CHANGES:
                yield scope.module, _at(keyword), path, CHANGES[path]
    if isinstance(node.func, ast.Attribute) and node.func.attr in _SETTERS:
        yield from _look_at_settings(node, node.func, scope, reader)
    yield from _changed(behaviours.in_call(node, scope, reader), scope)


def _look_at_settings(node: ast.Call, function: ast.Attribute, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    """What a method of the configuration is given: keys, or something that has them."""
    first = node.args[0] if node.args else None
    method = function.attr
    keys: list[tuple[t.Any, ast.AST]] = []
    if method in {"update", "from_mapping"}:
        keys += [(keyword.arg, keyword) for keyword in node.keywords]
        if isinstance(first, ast.Dict):
            keys += [(key.value, key) for key in first.keys if isinstance(key, ast.Constant)]
    elif isinstance(first, ast.Constant) and method != "from_object":
        keys.append((first.value, first))
    told = list(_settings(scope.module, keys))
    if (told or method == "from_object") and reader.is_a(function.value, scope, "flask.Config"):
        yield from told
        for place in reader.objects(first, scope) if method == "from_object" else ():
            yield from _settings(place.module, _defined(t.cast(t.Any, place.node).body))


def _settings(module: Module, keys: t.Iterable[tuple[t.Any, ast.AST]]) -> t.Iterator[Use]:
    for key, where in keys:
        path = f"flask.Config[{key}]"
        if path in CHANGES:
            yield module, _at(where), path, CHANGES[path]


def _look_at_subscript(node: ast.Subscript, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    if isinstance(node.slice, ast.Constant):
        told = list(_settings(scope.module, [(node.slice.value, node.slice)]))
        if told and reader.is_a(node.value, scope, "flask.Config"):
            yield from told
    yield from _changed(behaviours.in_subscript(node, scope, reader), scope)


def _look_at_function(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    yield from _changed(behaviours.in_function(node, scope, reader), scope)


def _look_at_condition(node: ast.Compare | ast.BoolOp | ast.UnaryOp, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    yield from _changed(behaviours.in_condition(node, scope, reader), scope)


def _look_at_assignment(node: ast.Assign | ast.AnnAssign, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    yield from _changed(behaviours.in_assignment(node, scope, reader), scope)


def _look_at_body(node: ast.Module | ast.With, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    yield from _changed(behaviours.in_body(node.body, scope, reader), scope)


def _look_at_module(node: ast.Module, scope: Scope, reader: Reader) -> t.Iterator[Use]:
    yield from _look_at_body(node, scope, reader)
    for name, change, text in texts.in_module(scope.module, reader):
        yield scope.module, _at(text), name, change


def _changed(found: t.Iterable[behaviours.Place], scope: Scope) -> t.Iterator[Use]:
    for change, name, node in found:
        yield scope.module, _at(node), name, CHANGES[change]


_LOOKERS: t.Final[dict[type, t.Callable[[t.Any, Scope, Reader], t.Iterator[Use]]]] = {
    ast.Import: _look_at_import,
    ast.ImportFrom: _look_at_import_from,
    ast.Attribute: _look_at_attribute,
    ast.Name: _look_at_name,
    ast.ClassDef: _look_at_class,
    ast.Call: _look_at_call,
    ast.Subscript: _look_at_subscript,
    ast.FunctionDef: _look_at_function,
    ast.AsyncFunctionDef: _look_at_function,
    ast.Assign: _look_at_assignment,
    ast.AnnAssign: _look_at_assignment,
    ast.Compare: _look_at_condition,
    ast.BoolOp: _look_at_condition,
    ast.UnaryOp: _look_at_condition,
    ast.Module: _look_at_module,
    ast.With: _look_at_body,
}
