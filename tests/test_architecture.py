"""The house keeps its shape: imports run down the layers, never in a circle, and private names stay at home.

Read from the syntax trees of `src/flask`; what stands under `if TYPE_CHECKING` is not an import at run time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src"

# A module may import from its own layer and from those below. A package stands for all of its modules, unless
# one of them has a place of its own.
LAYERS = {
    "past": ["flask.legacy"],
    "tools": ["flask.__main__"],
    "app": ["flask.app", "flask.blueprints"],
    "handles": [
        "flask._app_stages",
        "flask._asgi_testing",
        "flask._files",
        "flask._past.app",
        "flask._past.blueprints",
        "flask.cli",
        "flask.testing",
    ],
    "dispatch": ["flask._dispatch"],
    "context": ["flask.ctx", "flask._app_context", "flask._request_context", "flask._streams", "flask._teardown"],
    "registration": ["flask.sansio", "flask._past.scaffold"],
    "HTTP": [
        "flask._body",
        "flask._building",
        "flask._checked",
        "flask._cookies",
        "flask._environ",
        "flask._error_pages",
        "flask._whole_body",
        "flask._lookup",
        "flask._headers",
        "flask._multipart",
        "flask._past.authorization",
        "flask._past.wrappers",
        "flask._routing",
        "flask._signing",
        "flask._urlencoded",
        "flask.sessions",
        "flask.wrappers",
    ],
    "services": [
        "flask._escaping",
        "flask._sending",
        "flask.config",
        "flask.debughelpers",
        "flask.helpers",
        "flask.json",
        "flask.logging",
        "flask.templating",
        "flask.views",
    ],
    "words": [
        "flask._about",
        "flask._activation",
        "flask._awaiting",
        "flask._failures",
        "flask._hooks",
        "flask._nesting",
        "flask._packages",
        "flask._shortcuts",
        "flask._stages",
        "flask._tracebacks",
        "flask._unset",
        "flask.eras",
        "flask.globals",
        "flask.signals",
        "flask.typing",
    ],
}

# Imports of our own modules inside functions, each with its reason: (importing module, imported module).
INSIDE_FUNCTIONS = {
    ("flask.app", "flask._dispatch.asgi"): "an application that is served by WSGI has no use for it, nor for asyncio",
    ("flask.app", "flask._dispatch.threads"): "nor for threads of an event loop",
    ("flask.app", "flask.cli"): "what `flask run` does and prints, needed by `Flask.run()` only",
    ("flask.app", "flask.cli.group"): "an application that serves has no use for its commands",
    ("flask.app", "flask.debughelpers"): "needed only in debug mode",
    ("flask.app", "flask.testing"): "nor for a test client",
    ("flask.blueprints", "flask.cli.group"): "as for an application",
    ("flask._past.app", "flask._dispatch.timing"): "only few applications have their requests timed",
    ("flask.cli.profile", "flask.cli.report"): "`flask run` has no use for what measures and draws",
    ("flask.cli.profile", "flask.cli.requests"): "nor for what makes requests",
    ("flask.cli.upgrade_check", "flask.cli.upgrade.check"): "reading programs is for this command only",
    ("flask.cli.upgrade_check", "flask.cli.upgrade.report"): "as is telling what was found in them",
    ("flask.cli.routes", "flask.cli.listing"): "needed by `flask routes` only, and the command is there for the help",
    ("flask.cli.routes", "flask.cli.telling"): "as that, and for `--match` only",
    ("flask.sansio.app", "flask.templating"): "an application without templates has no use for Jinja",
    ("flask.sansio.templates", "flask.templating"): "as above",
    ("flask.testing", "flask.cli.group"): "needed by tests of commands only",
    ("flask.templating", "flask.debughelpers"): "needed only where loading a template is to be explained",
    ("flask.wrappers", "flask._body"): "few views read a body piece by piece",
    ("flask.wrappers", "flask.debughelpers"): "needed only in debug mode",
}

# Names with an underscore that Flask itself documents, or that extensions have come to rely on.
DOCUMENTED = {
    "_AppCtxGlobals",
    "_app_ctx_stack",
    "_cv_app",
    "_cv_request",
    "_endpoint_from_view_func",
    "_request_ctx_stack",
}


@dataclass(frozen=True)
class Import:
    importer: str
    imported: str
    name: str | None
    line: int
    inside_function: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}" + (f".{self.name}" if self.name else "")


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in sorted(SOURCE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text()) for name, path in FILES.items()}


def is_type_checking(node: ast.AST) -> bool:
    if not isinstance(node, ast.If):
        return False
    return ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING"


def run_time_nodes(node: ast.AST, inside_function: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    yield node, inside_function
    inside = inside_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    children = node.orelse if is_type_checking(node) else ast.iter_child_nodes(node)
    for child in children:
        yield from run_time_nodes(child, inside)


def origin(module: str, node: ast.ImportFrom) -> str:
    """The module that a `from ... import` names, made absolute."""
    if node.level == 0:
        return node.module or ""
    is_package = FILES[module].name == "__init__.py"
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, node.module] if node.module else base)


def imports_of(module: str) -> Iterator[Import]:
    for node, inside in run_time_nodes(TREES[module]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, None, node.lineno, inside)
        elif isinstance(node, ast.ImportFrom):
            source = origin(module, node)
            for alias in node.names:
                submodule = f"{source}.{alias.name}"
                target, name = (submodule, None) if submodule in FILES else (source, alias.name)
                yield Import(module, target, name, node.lineno, inside)


IMPORTS = [found for module in FILES for found in imports_of(module)]
INTERNAL = [found for found in IMPORTS if found.imported in FILES]


def layer_of(module: str) -> int:
    """How far down a module lives, by the longest name in the table that covers it."""
    covering = [
        (len(room), depth)
        for depth, rooms in enumerate(LAYERS.values())
        for room in rooms
        if module == room or module.startswith(f"{room}.")
    ]
    if not covering:
        pytest.fail(f"{module} stands in no layer. Give it a place in LAYERS, and in the architecture.")
    return max(covering)[1]


def inner(imports: list[Import]) -> list[Import]:
    """Leave out the package itself, which re-exports everything and stands above the layers."""
    return [found for found in imports if found.importer != "flask"]


def test_the_source_is_found():
    assert "flask.eras" in FILES
    assert INTERNAL


def test_nobody_inside_imports_the_package_itself():
    assert [str(found) for found in inner(INTERNAL) if found.imported == "flask"] == []


def test_imports_run_down_the_layers():
    upward = [found for found in inner(INTERNAL) if layer_of(found.imported) < layer_of(found.importer)]
    assert [str(found) for found in upward] == []


def test_no_import_cycle():
    graph = {module: {found.imported for found in INTERNAL if found.importer == module} for module in FILES}
    finished: set[str] = set()

    def walk(module: str, trail: list[str]) -> None:
        if module in trail:
            pytest.fail("Import cycle: " + " → ".join([*trail[trail.index(module) :], module]))
        if module not in finished:
            for imported in sorted(graph[module]):
                walk(imported, [*trail, module])
            finished.add(module)

    for module in graph:
        walk(module, [])


def test_imports_inside_functions_are_listed():
    found = {(one.importer, one.imported) for one in INTERNAL if one.inside_function}
    assert found == set(INSIDE_FUNCTIONS)


def private_packages(module: str) -> set[str]:
    """The `_packages` a module is in, itself included: of ``flask._dispatch.wsgi``, ``flask._dispatch``."""
    parts = module.split(".")
    return {".".join(parts[: end + 1]) for end, part in enumerate(parts) if part.startswith("_")}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


def uses_of_private_names() -> Iterator[str]:
    for found in INTERNAL:
        at_home = private_packages(found.importer) & private_packages(found.imported)
        if found.name and is_private(found.name) and not at_home:
            yield str(found)
    for module, tree in TREES.items():
        modules = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if f"{origin(module, node)}.{alias.name}" in FILES
        }
        for node in ast.walk(tree):
            of_module = isinstance(node, ast.Attribute) and ast.unparse(node.value) in modules
            if of_module and is_private(node.attr):
                yield f"{module}:{node.lineno} uses {ast.unparse(node)}"


def test_private_names_are_not_used_across_modules():
    assert list(uses_of_private_names()) == []
