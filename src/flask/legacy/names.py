"""The names that modules do not hold, and where their objects are: old names, and what is imported when it is used."""

from __future__ import annotations

import functools
import importlib
import sys
import typing as t
from types import ModuleType

from .. import eras

#: Module -> old name in it -> the module that has the object, and its name there (None for the module itself).
NAMES: t.Final[dict[str, dict[str, tuple[str, str | None]]]] = {
    "flask": {
        "Markup": ("markupsafe", "Markup"),
        "Module": ("flask.legacy.module", "Module"),
        "Session": ("flask.sessions", "SecureCookieSession"),
        "_app_ctx_stack": ("flask.legacy.stacks", "app_ctx_stack"),
        "_compat": ("flask.legacy.compat", None),
        "_request_ctx_stack": ("flask.legacy.stacks", "request_ctx_stack"),
        "escape": ("markupsafe", "escape"),
        "ext": ("flask.ext", None),
        "exthook": ("flask.legacy.exthook", None),
        "json_available": ("flask.legacy.compat", "json_available"),
        "module": ("flask.legacy.module", None),
        "safe_join": ("flask.helpers", "safe_join"),
        "scaffold": ("flask.legacy.scaffold", None),
        "signals_available": ("flask.signals", "signals_available"),
    },
    "flask.ctx": {
        "_RequestGlobals": ("flask.globals", "_AppCtxGlobals"),
        "_app_ctx_stack": ("flask.legacy.stacks", "app_ctx_stack"),
        "_request_ctx_stack": ("flask.legacy.stacks", "request_ctx_stack"),
    },
    "flask.globals": {
        "_app_ctx_stack": ("flask.legacy.stacks", "app_ctx_stack"),
        "_find_app": ("flask.legacy.lookups", "find_app"),
        "_lookup_app_object": ("flask.legacy.lookups", "lookup_app_object"),
        "_lookup_object": ("flask.legacy.lookups", "lookup_request_object"),
        "_lookup_req_object": ("flask.legacy.lookups", "lookup_request_object"),
        "_request_ctx_stack": ("flask.legacy.stacks", "request_ctx_stack"),
    },
    "flask.helpers": {
        "_PackageBoundObject": ("flask._files", "OwnFiles"),
        "_endpoint_from_view_func": ("flask.sansio.scaffold", "_endpoint_from_view_func"),
        "get_env": ("flask.legacy.helpers", "get_env"),
        "is_ip": ("flask.legacy.helpers", "is_ip"),
        "json": ("flask.json", None),
        "json_available": ("flask.legacy.compat", "json_available"),
        "jsonify": ("flask.json", "jsonify"),
        "locked_cached_property": ("flask.legacy.helpers", "locked_cached_property"),
        "total_seconds": ("flask.legacy.helpers", "total_seconds"),
    },
    "flask.wrappers": {"JSONMixin": ("flask._past.wrappers", "JSONMixin")},
}

#: Old names that `from flask import *` gave, with the last era that did: later it must not hide what a program has.
STARRED: t.Final = {
    "Markup": "2.2",
    "Module": "0.10",
    "Session": "1.0",
    "escape": "2.2",
    "json_available": "1.1",
    "safe_join": "2.0",
    "signals_available": "2.2",
}

#: Modules of the package that are imported when they are first asked for.
MODULES: t.Final = frozenset({"cli", "debughelpers", "legacy", "templating", "testing", "typing", "views"})

#: Names of the package whose modules are imported when one is first asked for, and these modules. The import of the
#: module binds them, so that they are then found at once, and stay what they are whatever is put into the module.
LATER: t.Final = {
    "render_template": "flask.templating",
    "render_template_string": "flask.templating",
    "stream_template": "flask.templating",
    "stream_template_string": "flask.templating",
}


def find(module_name: str, name: str) -> t.Any:
    """The object behind an old name of a module; of the package, also what was not imported yet.

    :raises AttributeError: if there is none.
    """
    if module_name == "flask" and name in LATER:
        return getattr(importlib.import_module(LATER[name]), name)
    if name in NAMES[module_name]:
        today, attribute = NAMES[module_name][name]
        module = importlib.import_module(today)
        return module if attribute is None else getattr(module, attribute)
    if module_name == "flask" and name == "__all__":
        return _starred(sys.modules["flask"])
    if module_name == "flask" and name in MODULES:
        return importlib.import_module(f"flask.{name}")
    raise AttributeError(f"module {module_name!r} has no attribute {name!r}")


def _starred(package: t.Any) -> list[str]:
    """What `from flask import *` gives: what is public today, and what was in the era of the process."""
    # Of modules only `json` is meant: the package's own, as `globals`, would take the place of names of Python.
    today = [
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and (name == "json" or not isinstance(value, ModuleType))
    ]
    return list(dict.fromkeys([*today, *LATER, *(name for name, last in STARRED.items() if not eras.is_after(last))]))


def names_of_package() -> list[str]:
    """What `dir(flask)` tells: also what was not imported yet."""
    return sorted({*vars(sys.modules["flask"]), *LATER, *MODULES})


def install() -> None:
    """Have the old names found in the modules that once had them, and in the package what is not imported yet."""
    for module_name in NAMES:
        module = sys.modules[module_name]
        vars(module)["__getattr__"] = functools.partial(find, module_name)
    vars(sys.modules["flask"])["__dir__"] = names_of_package
