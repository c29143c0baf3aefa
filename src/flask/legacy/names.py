"""The old names of the package ``flask``, and where their objects are today."""

from __future__ import annotations

import importlib
import typing as t

#: Old name in ``flask`` -> the module that has the object, and its name there (None for the module itself).
NAMES: t.Final[dict[str, tuple[str, str | None]]] = {
    "Markup": ("markupsafe", "Markup"),
    "Module": ("flask.legacy.module", "Module"),
    "Session": ("flask.sessions", "SecureCookieSession"),
    "_app_ctx_stack": ("flask.ctx", "_app_ctx_stack"),
    "_request_ctx_stack": ("flask.ctx", "_request_ctx_stack"),
    "escape": ("markupsafe", "escape"),
    "ext": ("flask.ext", None),
    "safe_join": ("flask.helpers", "safe_join"),
    "signals_available": ("flask.signals", "signals_available"),
}

#: Modules of the package that are imported when they are first asked for.
MODULES: t.Final = frozenset({"cli", "debughelpers", "testing", "views", "legacy"})


def find(name: str) -> t.Any:
    """The object behind an old name of the package, or a module of it that was not imported yet.

    :raises AttributeError: if there is none.
    """
    if name in NAMES:
        module_name, attribute = NAMES[name]
        module = importlib.import_module(module_name)
        return module if attribute is None else getattr(module, attribute)
    if name in MODULES:
        return importlib.import_module(f"flask.{name}")
    raise AttributeError(f"module 'flask' has no attribute {name!r}")
