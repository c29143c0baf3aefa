"""What an expression stands for, as far as imports, construction and annotations tell."""

from __future__ import annotations

import ast
import typing as t
from dataclasses import dataclass

from . import scopes
from .changes import CHANGES
from .project import Project
from .scopes import Module, Scope

#: An expression that is followed further than this tells nothing: it bounds the depth of Python's own calls.
DEEPEST: t.Final = 40


@dataclass(frozen=True, slots=True)
class Named:
    """Something of a library: a module, or what it has by a name."""

    path: str


@dataclass(frozen=True, slots=True)
class Own:
    """A module, class or function of the project.

    :param bound: whether the first parameter of the function is given already.
    """

    scope: Scope
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class."""

    of: Named | Own


@dataclass(frozen=True, slots=True)
class Table:
    """A dictionary that is written out: what is looked up in it is one of its values."""

    node: ast.Dict
    scope: Scope


Value = Named | Own | Instance | Table
Values = frozenset[Value]
NOTHING: t.Final[Values] = frozenset()

#: Names that modules have for what stands elsewhere, too: only the latter is in the table.
NAMES_IN_THE_TABLE: t.Final = {
    "flask.app.Flask": "flask.Flask",
    "flask.blueprints.Blueprint": "flask.Blueprint",
    "flask.config.Config": "flask.Config",
    "flask.globals.current_app": "flask.current_app",
    "flask.globals.g": "flask.g",
    "flask.globals.request": "flask.request",
    "flask.globals.session": "flask.session",
    "flask.helpers.get_flashed_messages": "flask.get_flashed_messages",
    "flask.helpers.make_response": "flask.make_response",
    "flask.helpers.send_file": "flask.send_file",
    "flask.helpers.send_from_directory": "flask.send_from_directory",
    "flask.helpers.url_for": "flask.url_for",
    "flask.json.jsonify": "flask.jsonify",
    "flask.module.Module": "flask.Module",
    "flask.legacy.module.Module": "flask.Module",
    "flask.templating.render_template": "flask.render_template",
    "flask.Flask.request_class": "flask.Request",
    "flask.Flask.response_class": "flask.Response",
    "flask.wrappers.Request": "flask.Request",
    "flask.wrappers.Response": "flask.Response",
    "werkzeug.Request": "werkzeug.wrappers.Request",
    "werkzeug.Response": "werkzeug.wrappers.Response",
}

#: The methods of a test client that give a response.
_METHODS: t.Final = ("open", "get", "post", "put", "patch", "delete", "head", "options")

#: What is an object of which class: proxies, attributes, and what calls give.
_OBJECTS: t.Final = {
    "flask.current_app": "flask.Flask",
    "flask.request": "flask.Request",
    "flask.session": "flask.sessions.SecureCookieSession",
    "flask._request_ctx_stack.top": "flask.ctx.RequestContext",
    "flask._app_ctx_stack.top": "flask.ctx.AppContext",
    "flask.globals._request_ctx_stack.top": "flask.ctx.RequestContext",
    "flask.globals._app_ctx_stack.top": "flask.ctx.AppContext",
    "flask.globals.app_ctx": "flask.ctx.AppContext",
    "flask.globals.request_ctx": "flask.ctx.RequestContext",
    "flask.ctx.RequestContext.app": "flask.Flask",
    "flask.ctx.RequestContext.request": "flask.Request",
    "flask.ctx.AppContext.app": "flask.Flask",
    "flask.blueprints.BlueprintSetupState.app": "flask.Flask",
    "flask.Flask._get_current_object()": "flask.Flask",
    "flask.Flask.blueprints": "builtins.dict",
    "flask.Flask.config": "flask.Config",
    "flask.Flask.jinja_env": "jinja2.Environment",
    "flask.Flask.app_context()": "flask.ctx.AppContext",
    "flask.Flask.make_response()": "flask.Response",
    "flask.Flask.request_context()": "flask.ctx.RequestContext",
    "flask.Flask.url_map": "werkzeug.routing.Map",
    "flask.Flask.view_functions": "builtins.dict",
    "flask.Flask.test_client()": "flask.testing.FlaskClient",
    "flask.Flask.test_request_context()": "flask.ctx.RequestContext",
    "flask.Module()": "flask.Module",
    "flask.Request._get_current_object()": "flask.Request",
    "flask.Request.user_agent": "werkzeug.user_agent.UserAgent",
    "werkzeug.wrappers.Request.args": "werkzeug.datastructures.MultiDict",
    "werkzeug.wrappers.Request.cookies": "werkzeug.datastructures.MultiDict",
    "werkzeug.wrappers.Request.files": "werkzeug.datastructures.MultiDict",
    "werkzeug.wrappers.Request.form": "werkzeug.datastructures.MultiDict",
    "werkzeug.wrappers.Request.headers": "werkzeug.datastructures.Headers",
    "werkzeug.wrappers.Request.user_agent": "werkzeug.user_agent.UserAgent",
    "werkzeug.wrappers.Request.values": "werkzeug.datastructures.MultiDict",
    "werkzeug.wrappers.Response.headers": "werkzeug.datastructures.Headers",
    "builtins.dict()": "builtins.dict",
    "click.group()": "click.Group",
    "flask.jsonify()": "flask.Response",
    "flask.make_response()": "flask.Response",
    "flask.redirect()": "flask.Response",
    "flask.send_file()": "flask.Response",
    "flask.send_from_directory()": "flask.Response",
    "builtins.open()": "builtins.file",
    **{f"werkzeug.test.Client.{method}()": "werkzeug.wrappers.Response" for method in _METHODS},
}

#: A class -> that which it inherits what the table has of it from.
_BASES: t.Final = {
    "flask.Config": "builtins.dict",
    "flask.Module": "flask.Blueprint",
    "flask.Request": "werkzeug.wrappers.Request",
    "flask.Response": "werkzeug.wrappers.Response",
    "flask.sessions.SecureCookieSession": "builtins.dict",
    "flask.testing.FlaskClient": "werkzeug.test.Client",
    "werkzeug.BaseRequest": "werkzeug.wrappers.Request",
    "werkzeug.BaseResponse": "werkzeug.wrappers.Response",
    "werkzeug.wrappers.BaseRequest": "werkzeug.wrappers.Request",
    "werkzeug.wrappers.BaseResponse": "werkzeug.wrappers.Response",
    "werkzeug.datastructures.CombinedMultiDict": "werkzeug.datastructures.MultiDict",
    "werkzeug.datastructures.EnvironHeaders": "werkzeug.datastructures.Headers",
    "werkzeug.datastructures.FileMultiDict": "werkzeug.datastructures.MultiDict",
    "werkzeug.datastructures.ImmutableMultiDict": "werkzeug.datastructures.MultiDict",
    "werkzeug.datastructures.MultiDict": "builtins.dict",
    "werkzeug.datastructures.OrderedMultiDict": "werkzeug.datastructures.MultiDict",
}


class Reader:
    """Tells what expressions of a project stand for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[ast.AST, Values] = {}
        self._mentioned: dict[str, bool] = {}
        self._open: set[int] = set()
        self._depth = 0

    def values(self, node: ast.expr | None, scope: Scope) -> Values:
        """Whatever an expression may stand for; nothing where that cannot be told."""
        read = _READERS.get(type(node))
        if node is None or read is None:
            return NOTHING
        if node in self._known:
            return self._known[node]
        if self._depth > DEEPEST:
            return NOTHING
        self._known[node] = NOTHING  # for an expression that leads to itself: what else it may be counts
        self._depth += 1
        try:
            self._known[node] = read(self, node, scope)
        finally:
            self._depth -= 1
        return self._known[node]

    def paths(self, value: Value, name: str) -> t.Iterator[str]:
        """The names that an attribute may have in the table: none where the project defines it itself."""
        if not self._own_attribute(value, name):
            for one in self._ancestry(value):
                if isinstance(one, Named):
                    yield f"{one.path}.{name}"

    def classes(self, value: Value) -> t.Iterator[str]:
        """The library classes that something is an object of: its own, or those that its class inherits."""
        if isinstance(value, Instance):
            yield from (one.path for one in self._ancestry(value) if isinstance(one, Named))

    def _ancestry(self, value: Value) -> t.Iterator[Named | Own]:
        """A class and what it inherits, or what a library's module or function is by itself."""
        waiting: list[Value] = [value.of if isinstance(value, Instance) else value]
        seen: set[Value] = set()
        while waiting:
            one = waiting.pop(0)
            if one in seen or not isinstance(one, Named | Own):
                continue
            seen.add(one)
            yield one
            if isinstance(one, Named):
                waiting += [Named(_BASES[one.path])] if one.path in _BASES else []
            elif isinstance(one.scope.node, ast.ClassDef):
                waiting += self.bases(one)

    def is_a(self, node: ast.expr | None, scope: Scope, *classes: str) -> bool:
        """Whether an expression may stand for an object of one of some classes."""
        return any(cls in classes for value in self.values(node, scope) for cls in self.classes(value))

    def callees(self, node: ast.Call, scope: Scope) -> t.Iterator[str]:
        """The names that what is called may have in the table: of a subclass, that of its base."""
        for value in self.values(node.func, scope):
            if isinstance(value, Named):
                yield value.path.removesuffix(".__init__")
            elif isinstance(value, Own) and not self._own_attribute(value, "__init__"):
                yield from self.classes(Instance(value))

    def bases(self, cls: Own) -> Values:
        """What a class of the project inherits directly."""
        node = t.cast(ast.ClassDef, cls.scope.node)
        found: set[Value] = set()
        for base in node.bases:
            found |= {value for value in self.values(base, t.cast(Scope, cls.scope.parent)) if value != cls}
        return frozenset(found)

    def objects(self, node: ast.expr | None, scope: Scope) -> t.Iterator[Scope]:
        """The modules and classes of the project that `from_object()` reads, by an expression or a text."""
        found: Values = self.values(node, scope)
        if isinstance(node, ast.Name) and node.id == "__name__":
            found = frozenset({Own(scope.module.scope)})
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = self._by_text(node.value, scope.module)
        for value in found:
            for one in self._ancestry(value):
                if isinstance(one, Own) and not isinstance(one.scope.node, scopes.Function):
                    yield one.scope

    def _by_text(self, path: str, importer: Module) -> Values:
        module = self.project.find(path, importer)
        if module is not None:
            return frozenset({Own(module.scope)})
        parent, _, name = path.rpartition(".")
        return self._imported(scopes.Imported(parent, 0, name), importer) if parent else NOTHING

    def mentions(self, parameter: str) -> bool:
        """Whether anything in the project is given a parameter, or has it as an attribute."""
        if parameter not in self._mentioned:
            modules = self.project.with_word(parameter)
            nodes = (node for module in modules for node in ast.walk(module.source.tree))
            self._mentioned[parameter] = any(
                parameter in (getattr(node, "arg", None), getattr(node, "attr", None)) for node in nodes
            )
        return self._mentioned[parameter]

    # -- expressions

    def _read_name(self, node: ast.Name, scope: Scope) -> Values:
        return self.name(node.id, scope)

    def name(self, name: str, scope: Scope) -> Values:
        """What a name stands for in a namespace."""
        bindings = find_bindings(name, scope)
        return self._bound(bindings, scope.module) if bindings is not None else self.unbound(name, scope)

    def unbound(self, name: str, scope: Scope) -> Values:
        """What a name stands for that the file does not bind: it came by `*`, or is Python's."""
        for star in scope.module.stars:
            found = self._imported(scopes.Imported(star.module, star.level, name), scope.module)
            if any(not isinstance(one, Named) or _is_known(one.path) for one in found):
                return found
        return frozenset({Named(f"builtins.{name}")})

    def _bound(self, bindings: list[scopes.Binding], module: Module) -> Values:
        found: set[Value] = set()
        for binding in bindings:
            # Modules that import each other may lead back to where one has been.
            if id(binding) not in self._open and self._depth <= DEEPEST:
                self._open.add(id(binding))
                self._depth += 1
                try:
                    found |= self._bound_by(binding, module)
                finally:
                    self._depth -= 1
                    self._open.remove(id(binding))
        return frozenset(found)

    def _bound_by(self, binding: scopes.Binding, module: Module) -> Values:
        if isinstance(binding, scopes.Imported):
            return self._imported(binding, module)
        if isinstance(binding, scopes.Assigned):
            return self.values(binding.value, binding.scope)
        if isinstance(binding, scopes.Defined):
            return frozenset({Own(binding.scope)})
        return self._parameter(binding) if isinstance(binding, scopes.Parameter) else NOTHING

    def _imported(self, imported: scopes.Imported, importer: Module) -> Values:
        name = importer.absolute(imported)
        module = self.project.find(name, importer)
        if imported.name is None:
            return frozenset({Own(module.scope)}) if module else _of_library(name)
        if module is None:
            submodule = self.project.find(f"{name}.{imported.name}", importer)
            if submodule is not None:
                return frozenset({Own(submodule.scope)})
            return _of_library(f"{name}.{imported.name}") if not imported.level else NOTHING
        return self._attribute(Own(module.scope), imported.name)

    def _read_attribute(self, node: ast.Attribute, scope: Scope) -> Values:
        found: set[Value] = set()
        for value in self.values(node.value, scope):
            found |= self._attribute(value, node.attr)
        return frozenset(found)

    def _attribute(self, value: Value, name: str) -> Values:
        if isinstance(value, Own) and isinstance(value.scope.node, ast.Module):
            return self._module_attribute(value.scope, name)
        found: set[Value] = set(self._own_attribute(value, name))
        if not found:
            for path in self.paths(value, name):
                found |= _of_library(path)
        return frozenset(found)

    def _module_attribute(self, scope: Scope, name: str) -> Values:
        module = scope.module
        if name in scope.names:
            known = self._bound(scope.names[name], module)
            if known or not module.is_package:
                return known
        submodule = self.project.find(f"{module.name}.{name}", module)
        if submodule is not None:
            return frozenset({Own(submodule.scope)})
        return self.name(name, scope) if module.stars else NOTHING

    def _own_attribute(self, value: Value, name: str) -> Values:
        """What a class of the project, or one of its own bases, has by a name; a method of an object is bound."""
        is_object = isinstance(value, Instance)
        for cls in self._ancestry(value):
            if not isinstance(cls, Own) or not isinstance(cls.scope.node, ast.ClassDef):
                continue
            bindings = [*cls.scope.names.get(name, ()), *cls.scope.attributes.get(name, ())]
            if bindings:
                found = self._bound(bindings, cls.scope.module)
                # A class that has the attribute, though nobody can tell what it is, does not inherit it.
                return frozenset(_as_method(one, is_object) for one in found) or frozenset({Named("")})
        return NOTHING

    def _read_call(self, node: ast.Call, scope: Scope) -> Values:
        found: set[Value] = set()
        for value in self.values(node.func, scope):
            if value == Named("builtins.super"):
                found |= self._super(scope)
            elif isinstance(value, Named):
                found |= _called(value.path)
            elif isinstance(value, Own) and isinstance(value.scope.node, ast.ClassDef):
                found.add(Instance(value))
            elif isinstance(value, Own):
                found |= self._results(value.scope)
        return frozenset(found)

    def _super(self, scope: Scope) -> Values:
        cls = scope.enclosing_class()
        bases = self.bases(Own(cls)) if cls is not None else NOTHING
        return frozenset(Instance(base) for base in bases if isinstance(base, Named | Own))

    def _results(self, function: Scope) -> Values:
        if isinstance(function.node, ast.Lambda):
            return self.values(function.node.body, function)
        found: set[Value] = set()
        for result in function.results:
            found |= self.values(result, function)
        return frozenset(found)

    def _read_table(self, node: ast.Dict, scope: Scope) -> Values:
        return frozenset({Table(node, scope), Instance(Named("builtins.dict"))})

    def _read_subscript(self, node: ast.Subscript, scope: Scope) -> Values:
        found: set[Value] = set()
        for table in self.values(node.value, scope):
            if isinstance(table, Table):
                found = found.union(*(self.values(one, table.scope) for one in table.node.values))
        return frozenset(found)

    def _read_lambda(self, node: ast.Lambda, scope: Scope) -> Values:
        return frozenset({Own(scope.module.scopes[node])})

    def _read_choice(self, node: ast.IfExp | ast.BoolOp, scope: Scope) -> Values:
        choices = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        return frozenset().union(*(self.values(one, scope) for one in choices))

    def _read_inner(self, node: ast.Await | ast.NamedExpr | ast.Starred, scope: Scope) -> Values:
        return self.values(node.value, scope)

    # -- parameters

    def _parameter(self, parameter: scopes.Parameter) -> Values:
        function, outside = parameter.scope, t.cast(Scope, parameter.scope.parent)
        cls = function.enclosing_class()
        decorators = getattr(function.node, "decorator_list", ())
        is_static = any(Named("builtins.staticmethod") in self.values(one, outside) for one in decorators)
        if cls is not None and parameter.position == 0 and not is_static:
            return frozenset({Own(cls) if _is_class_method(function.node) else Instance(Own(cls))})
        if parameter.argument.annotation is not None:
            return self._annotated(parameter.argument.annotation, outside)
        return self._given(parameter) | self._by_convention(parameter)

    def _annotated(self, node: ast.expr, scope: Scope) -> Values:
        """Objects of the classes that an annotation names."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                return NOTHING
        if isinstance(node, ast.BinOp):
            return self._annotated(node.left, scope) | self._annotated(node.right, scope)
        if isinstance(node, ast.Subscript):
            return self._annotated(node.slice, scope)
        return frozenset(Instance(one) for one in self.values(node, scope) if isinstance(one, Named | Own))

    def _given(self, parameter: scopes.Parameter) -> Values:
        """What the project gives to a parameter where it calls the function."""
        function = parameter.scope
        name = getattr(function.node, "name", None)
        cls = function.enclosing_class()
        if cls is not None and name == "__init__":
            name = t.cast(ast.ClassDef, cls.node).name
        found: set[Value] = set()
        for call, scope in self.project.calls(name, function.module) if name else ():
            for value in self.values(call.func, scope):
                position = _position_in(value, parameter, cls)
                if position is not None:
                    found |= self.values(_argument(call, position, parameter.argument.arg), scope)
        return frozenset(found)

    def _by_convention(self, parameter: scopes.Parameter) -> Values:
        """An extension's `init_app(app)` gets an application, by the documentation of every era."""
        if getattr(parameter.scope.node, "name", None) != "init_app" or parameter.argument.arg != "app":
            return NOTHING
        imports = {one.module.partition(".")[0] for one in _imports(parameter.scope.module)}
        return frozenset({Instance(Named("flask.Flask"))}) if "flask" in imports else NOTHING


def find_bindings(name: str, scope: Scope) -> list[scopes.Binding] | None:
    """What a name is bound to where a namespace sees it; None if the file does not bind it."""
    within: Scope | None = scope.elsewhere.get(name, scope)
    while within is not None:
        is_visible = within is scope or not isinstance(within.node, ast.ClassDef)
        if is_visible and name in within.names:
            return within.names[name]
        within = within.parent
    return None


def last_name(node: ast.expr, scope: Scope) -> str:
    """The last name of an expression, as its library has it; of something without a name, an empty text."""
    if isinstance(node, ast.Name):
        for binding in find_bindings(node.id, scope) or ():
            if isinstance(binding, scopes.Assigned) and isinstance(binding.value, ast.Name | ast.Attribute):
                node = binding.value
    name: str = getattr(node, "attr", getattr(node, "id", ""))
    return scope.module.renamed.get(name, name)


def _as_method(value: Value, is_object: bool) -> Value:
    """A function as the attribute of a class, or of an object of it, which it gets by itself."""
    if isinstance(value, Own) and isinstance(value.scope.node, scopes.Function):
        return Own(value.scope, is_object or _is_class_method(value.scope.node))
    return value


def _imports(module: Module) -> t.Iterator[scopes.Imported]:
    for scope in module.scopes.values():
        for bindings in scope.names.values():
            yield from (one for one in bindings if isinstance(one, scopes.Imported))


def _is_class_method(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "classmethod" for one in getattr(node, "decorator_list", ()))


def _position_in(called: Value, parameter: scopes.Parameter, cls: Scope | None) -> int | None:
    """Where a call of something gives the parameter; -1 if by keyword only, None if it is no call of its function."""
    if not isinstance(called, Own):
        return None
    if called.scope is parameter.scope:
        skipped = int(called.bound)
    elif cls is not None and called.scope is cls:
        skipped = 1
    else:
        return None
    return parameter.position - skipped if parameter.position is not None else -1


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    if 0 <= position < len(call.args):
        return call.args[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _of_library(path: str) -> Values:
    path = NAMES_IN_THE_TABLE.get(path, path)
    return frozenset({Instance(Named(_OBJECTS[path])) if path in _OBJECTS else Named(path)})


def _called(path: str) -> Values:
    """What calling something of a library gives: an object, if it is a class by its name."""
    if f"{path}()" in _OBJECTS:
        return frozenset({Instance(Named(_OBJECTS[f"{path}()"]))})
    return frozenset({Instance(Named(path))}) if path.rpartition(".")[2][:1].isupper() else NOTHING


def _is_known(path: str) -> bool:
    """Whether a library's module has a name, as far as is known here; what `*` gives is not known otherwise."""
    return path in CHANGES or path in NAMES_IN_THE_TABLE.values()


_READERS: t.Final[dict[type, t.Callable[[t.Any, t.Any, Scope], Values]]] = {
    ast.Name: Reader._read_name,
    ast.Attribute: Reader._read_attribute,
    ast.Call: Reader._read_call,
    ast.Dict: Reader._read_table,
    ast.Lambda: Reader._read_lambda,
    ast.Subscript: Reader._read_subscript,
    ast.IfExp: Reader._read_choice,
    ast.BoolOp: Reader._read_choice,
    ast.Await: Reader._read_inner,
    ast.NamedExpr: Reader._read_inner,
    ast.Starred: Reader._read_inner,
}
