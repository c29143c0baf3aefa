"""The uses of what still has its name and does something else since some release.

Each check gives the name of the change, what is used, and the place. A check tells only of code that cannot mean what
holds today, or that hardly does: `request.json is None` asks for what was the answer to a body that is no JSON.
"""

from __future__ import annotations

import ast
import typing as t

from .scopes import Scope
from .values import Instance, Named, Own, Reader, last_name

Place = tuple[str, str, ast.AST]

#: Methods of hashing that Werkzeug refuses since 3.0: one round of anything, or none.
_WEAK_METHODS: t.Final = frozenset({"plain", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"})

#: The parameters that make the difference, of a blueprint and of `generate_password_hash()`.
_TOLD_BY: t.Final = frozenset({"method", "name"})

#: What requests and responses once took the encoding of text from -> the values that say what holds today.
CHARSETS: t.Final[t.Mapping[str, frozenset[str | None]]] = {
    "charset": frozenset({"utf-8", "utf8"}),
    "encoding_errors": frozenset({"replace"}),
    "url_charset": frozenset({"utf-8", "utf8", None}),
}
_WITH_CHARSETS: t.Final = ("werkzeug.wrappers.Request", "werkzeug.wrappers.Response")

_SCAFFOLDS: t.Final = ("flask.Flask", "flask.Blueprint")


def in_call(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    """What calls mean something else, or are refused."""
    if _tells_something(node, scope):
        for callee in sorted(reader.callees(node, scope)):
            check = _CALLS.get(callee)
            if check is not None:
                yield from check(node, scope, reader)
    if isinstance(node.func, ast.Attribute) and node.func.attr in {"route", "add_url_rule"}:
        yield from _in_registration(node, scope, reader)


def _tells_something(node: ast.Call, scope: Scope) -> bool:
    """Whether a call may be one that a check asks for, by its own words: that is sooner known than what is called."""
    name = last_name(node.func, scope)
    if name in {"delete_cookie", "send_file", "set_cookie", "url_for"}:
        return True
    texts = {_text(one) for one in node.args[:2]} | {_text(one.value) for one in node.keywords if one.arg in _TOLD_BY}
    if name[:1].isupper() or name == "__init__":  # a class
        return len(node.args) > 2 or any("." in (text or "") for text in texts)
    return (name == "setdefault" and "FLASK_ENV" in texts) or not _WEAK_METHODS.isdisjoint(texts)


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)


def _by_position(node: ast.Call) -> int:
    """How many arguments a call gives by position, besides `self`; none can be told behind a `*`."""
    if any(isinstance(one, ast.Starred) for one in node.args):
        return 0
    function = node.func
    is_unbound = isinstance(function, ast.Attribute) and function.attr == "__init__"
    is_unbound = is_unbound and not isinstance(t.cast(ast.Attribute, function).value, ast.Call)  # but `super()`
    return len(node.args) - is_unbound


def _in_flask(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    if _by_position(node) >= 3:  # the second one means the same in either order
        yield "argument_order", "flask.Flask(..., ..., ...)", node.args[2]


def _in_blueprint(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    name = node.args[0] if node.args else _keyword(node, "name")
    if name is not None and "." in (_text(name) or ""):
        yield "blueprint_name_dots", f"flask.Blueprint({_text(name)!r})", name


def _in_send_file(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    if _by_position(node) >= 5:
        yield "file_argument_order", "flask.send_file(..., ..., ..., ..., ...)", node.args[4]
    tells = any(keyword.arg not in {"as_attachment", "cache_timeout", "max_age"} for keyword in node.keywords)
    if len(node.args) == 1 and not tells and reader.is_a(node.args[0], scope, "builtins.file"):
        yield "file_object_guessing", "flask.send_file(open(...))", node.args[0]


def _in_password(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    method = node.args[1] if len(node.args) > 1 else _keyword(node, "method")
    if method is not None and _text(method) in _WEAK_METHODS:
        yield "password_method", f"werkzeug.security.generate_password_hash(method={_text(method)!r})", method


def _in_set_cookie(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    if _by_position(node) >= 3:
        yield "cookie_of_server", "werkzeug.test.Client.set_cookie(server, key, value)", node


def _in_delete_cookie(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    if _by_position(node) >= 2:
        yield "deleted_cookie_of_server", "werkzeug.test.Client.delete_cookie(server, key)", node


def _in_url_for(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    endpoint = _text(node.args[0]) if node.args else None
    within: Scope | None = scope
    # Of a view of a Module: `index` meant its own, `.index` the application's.
    while endpoint is not None and within is not None and ("." not in endpoint or endpoint.startswith(".")):
        decorators = getattr(within.node, "decorator_list", ())
        if any(_registers(one, t.cast(Scope, within.parent), reader, "flask.Module") for one in decorators):
            yield "module_endpoints", f"flask.url_for({endpoint!r})", node.args[0]
            return
        within = within.parent


def _registers(decorator: ast.expr, scope: Scope, reader: Reader, *classes: str) -> bool:
    """Whether a decorator makes a view for a URL, on an object of one of some classes."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    is_method = isinstance(function, ast.Attribute) and function.attr in _ROUTES
    return is_method and reader.is_a(t.cast(ast.Attribute, function).value, scope, *classes)


def _in_environment(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    if node.args and _text(node.args[0]) == "FLASK_ENV":
        yield "development_debugs", "FLASK_ENV, set in the program", node.args[0]


_ROUTES: t.Final = frozenset({"route", "get", "post", "put", "patch", "delete"})

_CALLS: t.Final[dict[str, t.Callable[[ast.Call, Scope, Reader], t.Iterator[Place]]]] = {
    "flask.Flask": _in_flask,
    "flask.Blueprint": _in_blueprint,
    "flask.send_file": _in_send_file,
    "flask.url_for": _in_url_for,
    "os.environ.setdefault": _in_environment,
    "werkzeug.security.generate_password_hash": _in_password,
    "werkzeug.test.Client.delete_cookie": _in_delete_cookie,
    "werkzeug.test.Client.set_cookie": _in_set_cookie,
}


def _in_registration(node: ast.Call, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    told = [one for one in node.keywords if one.arg in {"methods", "subdomain"} and _text(one.value)]
    if not told or not reader.is_a(t.cast(ast.Attribute, node.func).value, scope, *_SCAFFOLDS):
        return
    for keyword in told:
        if keyword.arg == "methods":
            yield "methods_as_text", f"methods={_text(keyword.value)!r}", keyword
        elif not reader.mentions("subdomain_matching"):
            yield "server_name_matching", "subdomain=... without subdomain_matching=True", keyword


def in_subscript(node: ast.Subscript, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    """What is read from containers that have another shape, where writing to them goes either way; what is set."""
    is_set = isinstance(node.ctx, ast.Store) and _text(node.slice) == "FLASK_ENV"
    if is_set and Named("os.environ") in reader.values(node.value, scope):
        yield "development_debugs", "FLASK_ENV, set in the program", node
    inner = node.value
    if not isinstance(node.ctx, ast.Load) or not isinstance(inner, ast.Subscript):
        return
    owner = inner.value
    if isinstance(owner, ast.Attribute) and owner.attr == "error_handler_spec":
        is_code = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int | None)
        if is_code and reader.is_a(owner.value, scope, *_SCAFFOLDS) and _reads_handler(node, scope):
            yield "handler_spec_flat", "error_handler_spec[...][...]", node


def _reads_handler(node: ast.Subscript, scope: Scope) -> bool:
    """Whether what is read is used as a handler, not as the dictionary by classes that it is today."""
    deeper = (ast.Subscript, ast.Attribute)
    return not any(isinstance(one, deeper) and one.value is node for one, _ in scope.module.nodes)


def in_assignment(node: ast.Assign | ast.AnnAssign, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    """Where a class of requests or responses, or an object of one, is given an encoding."""
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        name = getattr(target, "attr", getattr(target, "id", ""))
        if name not in CHARSETS or node.value is None or _says_what_holds(node.value, name):
            continue
        of: t.Iterable[t.Any] = ()
        if isinstance(target, ast.Attribute):
            of = reader.values(target.value, scope)
        elif isinstance(scope.node, ast.ClassDef):
            of = [Own(scope)]
        for one in of:
            classes = set(reader.classes(Instance(one) if isinstance(one, Named | Own) else one))
            for owner in sorted(classes.intersection(_WITH_CHARSETS)):
                yield "charset_of_class", f"{owner}.{name} = {ast.unparse(node.value)}", target


def _says_what_holds(value: ast.expr, name: str) -> bool:
    text = _text(value)
    is_none = isinstance(value, ast.Constant) and value.value is None
    return (text is not None or is_none) and (text.lower() if text else None) in CHARSETS[name]


def in_function(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    """What views return."""
    yield from in_body(node.body, scope.module.scopes[node], reader)
    results = scope.module.scopes[node].results
    tuples = [result for result in results if isinstance(result, ast.Tuple) and len(result.elts) > 3]
    if tuples and any(_registers(one, scope, reader, *_SCAFFOLDS) for one in node.decorator_list):
        for result in tuples:
            yield "response_tuple_arguments", f"a tuple of {len(result.elts)} from a view", result


def in_condition(node: ast.Compare | ast.BoolOp | ast.UnaryOp, scope: Scope, reader: Reader) -> t.Iterator[Place]:
    """Where a request is asked whether it has JSON by asking for the JSON."""
    asked: list[ast.expr] = []
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Is | ast.IsNot):
        is_none = isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value is None
        asked = [node.left] if is_none else []
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        asked = [node.operand]
    elif isinstance(node, ast.BoolOp):
        asked = node.values[:-1]
    for one in asked:
        if isinstance(one, ast.Attribute) and one.attr == "json" and reader.is_a(one.value, scope, "flask.Request"):
            yield "request_json_none", "request.json, where it may be None", one


def in_body(body: list[ast.stmt], scope: Scope, reader: Reader) -> t.Iterator[Place]:
    """What is registered twice, one after the other."""
    registered: set[tuple[str, str]] = set()
    for statement in body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if not call.args or not isinstance(call.args[0], ast.Name | ast.Attribute):
            continue  # another call may make another blueprint each time
        if call.func.attr == "register_blueprint" and reader.is_a(call.func.value, scope, *_SCAFFOLDS):
            one = (ast.unparse(call.func.value), ast.unparse(call.args[0]))
            if one in registered and _keyword(call, "name") is None:
                yield "blueprint_registered_again", f"{one[0]}.register_blueprint({one[1]}), again", call
            registered.add(one)
