"""The namespaces of a file, and what their names are bound to there."""

from __future__ import annotations

import ast
import typing as t
from dataclasses import dataclass, field

from .sources import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NAMESPACES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, *_COMPREHENSIONS)


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that an import bound."""

    module: str
    level: int
    name: str | None  # what of the module; None for the module itself


@dataclass(frozen=True, slots=True)
class Assigned:
    """A name that an expression was assigned to."""

    value: ast.expr
    scope: Scope


@dataclass(frozen=True, slots=True)
class Defined:
    """A name that a class or function has."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function."""

    scope: Scope
    argument: ast.arg
    position: int | None  # None for one that can be given by keyword only


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name bound by something that tells nothing: a loop, an exception handler, a deletion."""


Binding = Imported | Assigned | Defined | Parameter | Unknown


@dataclass(eq=False, repr=False, slots=True)
class Scope:
    """A namespace: of a module, a class, a function or a comprehension."""

    node: ast.AST
    module: Module
    parent: Scope | None
    names: dict[str, list[Binding]] = field(default_factory=dict)
    #: Of a class, what its methods assign to attributes of `self`.
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, Scope] = field(default_factory=dict)
    results: list[ast.expr] = field(default_factory=list)

    def bind(self, name: str, binding: Binding) -> None:
        """Note one more thing that a name may stand for."""
        owner = self.elsewhere.get(name, self)
        owner.names.setdefault(name, []).append(binding)

    def enclosing_class(self) -> Scope | None:
        """The class that this is a method of, if it is one."""
        parent = self.parent
        is_method = isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef)
        return parent if is_method and parent is not None and isinstance(parent.node, ast.ClassDef) else None


@dataclass(eq=False, repr=False, slots=True)
class Module:
    """A file of the project, with its namespaces."""

    name: str
    source: Source
    is_package: bool
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    #: The nodes that say something, each with the namespace that it is evaluated in.
    nodes: list[tuple[ast.AST, Scope]] = field(default_factory=list)
    #: What is imported by `*`.
    stars: list[Imported] = field(default_factory=list)
    #: Names that imports gave to what has another one.
    renamed: dict[str, str] = field(default_factory=dict)
    #: The calls in it, by the last part of what is called.
    calls: dict[str, list[tuple[ast.Call, Scope]]] = field(default_factory=dict)

    def let_go(self) -> None:
        """Forget all of it. Scopes and modules name each other: Python would have to search for them."""
        for scope in self.scopes.values():
            scope.names.clear()
            scope.attributes.clear()
        self.scopes.clear()
        self.nodes.clear()
        self.calls.clear()

    @property
    def scope(self) -> Scope:
        """The namespace of the module itself."""
        return self.scopes[self.source.tree]

    def absolute(self, imported: Imported) -> str:
        """The whole name of the module that an import names."""
        if not imported.level:
            return imported.module
        parts = self.name.split(".")
        base = parts[: len(parts) - imported.level + self.is_package]
        return ".".join([*base, imported.module] if imported.module else base)


def _walk(module: Module) -> t.Iterator[tuple[ast.AST, Scope]]:
    """The nodes of a module, each with the namespace that it is evaluated in, which is made on the way.

    A list takes the place of recursion, since a long sum of texts is nested deeper than Python calls.
    """
    module.scopes[module.source.tree] = Scope(module.source.tree, module, None)
    waiting: list[tuple[ast.AST, Scope]] = [(module.source.tree, module.scope)]
    while waiting:
        node, scope = waiting.pop()
        yield node, scope
        if not isinstance(node, _NAMESPACES):
            waiting += [(child, scope) for child in _children(node)]
            continue
        inside = module.scopes[node] = Scope(node, module, scope)
        for name, value in ast.iter_fields(node):
            children = value if isinstance(value, list) else [value]
            # Decorators, bases, defaults and annotations are evaluated outside; in a comprehension, nearly nothing is.
            within = inside if name == "body" or isinstance(node, _COMPREHENSIONS) else scope
            waiting += [(child, within) for child in children if isinstance(child, ast.AST)]


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below one, but for those that say nothing by themselves: constants, contexts, operators."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST) and type(one) is not ast.Constant]
        elif isinstance(value, ast.AST) and value._fields and type(value) is not ast.Constant:
            found.append(value)
    return found


def note_names(name: str, source: Source, is_package: bool) -> Module:
    """Make the module of a file, with all that its names are bound to."""
    module = Module(name, source, is_package)
    module.nodes = list(_walk(module))
    # First of all, since they say where the names that functions bind belong.
    for node, scope in module.nodes:
        if isinstance(node, ast.Global):
            scope.elsewhere.update(dict.fromkeys(node.names, module.scope))
        elif isinstance(node, ast.Nonlocal) and scope.parent is not None:
            scope.elsewhere.update(dict.fromkeys(node.names, scope.parent))
    for node, scope in module.nodes:
        noter = _NOTERS.get(type(node))
        if noter is not None:
            noter(node, scope)
    return module


def _note_import(node: ast.Import, scope: Scope) -> None:
    for alias in node.names:
        if alias.asname:
            scope.bind(alias.asname, Imported(alias.name, 0, None))
        else:
            top = alias.name.partition(".")[0]
            scope.bind(top, Imported(top, 0, None))


def _note_import_from(node: ast.ImportFrom, scope: Scope) -> None:
    for alias in node.names:
        imported = Imported(node.module or "", node.level, alias.name)
        if alias.name == "*":
            scope.module.stars.append(imported)
        else:
            scope.bind(alias.asname or alias.name, imported)
            if alias.asname:
                scope.module.renamed[alias.asname] = alias.name


def _note_assignment(node: ast.Assign, scope: Scope) -> None:
    for target in node.targets:
        _assign(target, node.value, scope)


def _note_one_assignment(node: ast.AnnAssign | ast.NamedExpr, scope: Scope) -> None:
    if node.value is not None:
        _assign(node.target, node.value, scope)


def _note_loop(node: ast.For | ast.AsyncFor | ast.comprehension, scope: Scope) -> None:
    _assign(node.target, None, scope)


def _note_with(node: ast.withitem, scope: Scope) -> None:
    if node.optional_vars is not None:
        _assign(node.optional_vars, node.context_expr, scope)


def _note_handler(node: ast.ExceptHandler, scope: Scope) -> None:
    if node.name:
        scope.bind(node.name, Unknown())


def _assign(target: ast.expr, value: ast.expr | None, scope: Scope) -> None:
    """Bind what stands in a target; of several at once, each to its own part of the value, if that shows them."""
    binding: Binding = Assigned(value, scope) if value is not None else Unknown()
    if isinstance(target, ast.Name):
        scope.bind(target.id, binding)
    elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        _assign_attribute(target.value.id, target.attr, binding, scope)
    elif isinstance(target, ast.Tuple | ast.List):
        same = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
        for number, one in enumerate(target.elts):
            _assign(one, t.cast(ast.Tuple, value).elts[number] if same else None, scope)
    elif isinstance(target, ast.Starred):
        _assign(target.value, None, scope)


def _assign_attribute(owner: str, name: str, binding: Binding, scope: Scope) -> None:
    cls = scope.enclosing_class()
    parameters = scope.node.args.args if isinstance(scope.node, Function) else []
    if cls is not None and parameters and parameters[0].arg == owner:
        cls.attributes.setdefault(name, []).append(binding)


def _note_definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope) -> None:
    scope.bind(node.name, Defined(scope.module.scopes[node]))
    if not isinstance(node, ast.ClassDef):
        _note_parameters(node, scope)


def _note_parameters(node: Function, scope: Scope) -> None:
    inside = scope.module.scopes[node]
    for position, argument in enumerate([*node.args.posonlyargs, *node.args.args]):
        inside.bind(argument.arg, Parameter(inside, argument, position))
    for argument in node.args.kwonlyargs:
        inside.bind(argument.arg, Parameter(inside, argument, None))
    for rest in (node.args.vararg, node.args.kwarg):
        if rest is not None:
            inside.bind(rest.arg, Unknown())


def _note_result(node: ast.Return | ast.Yield, scope: Scope) -> None:
    if node.value is not None:
        scope.results.append(node.value)


def _note_call(node: ast.Call, scope: Scope) -> None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    if name is not None:
        scope.module.calls.setdefault(name, []).append((node, scope))


_NOTERS: t.Final[dict[type, t.Callable[[t.Any, Scope], None]]] = {
    ast.Import: _note_import,
    ast.ImportFrom: _note_import_from,
    ast.Assign: _note_assignment,
    ast.AnnAssign: _note_one_assignment,
    ast.NamedExpr: _note_one_assignment,
    ast.For: _note_loop,
    ast.AsyncFor: _note_loop,
    ast.comprehension: _note_loop,
    ast.withitem: _note_with,
    ast.ExceptHandler: _note_handler,
    ast.FunctionDef: _note_definition,
    ast.AsyncFunctionDef: _note_definition,
    ast.ClassDef: _note_definition,
    ast.Lambda: _note_parameters,
    ast.Return: _note_result,
    ast.Yield: _note_result,
    ast.Call: _note_call,
}
