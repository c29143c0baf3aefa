"""Finds modules under the names that they once had: ``flask.ext.foo``, ``flask.module``."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import typing as t
from importlib.machinery import ModuleSpec
from types import ModuleType

from . import names

if t.TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.abc import Loader
else:
    # The real one would bring all of `importlib.resources` with it: 1 % of the time of `import flask`.
    Loader = object

#: Old name of a module -> its name today.
MODULES: t.Final[dict[str, str]] = {
    "flask._compat": "flask.legacy.compat",
    "flask.exthook": "flask.legacy.exthook",
    "flask.module": "flask.legacy.module",
    "flask.scaffold": "flask.legacy.scaffold",
    "flask.session": "flask.legacy.session",
}

_EXTENSIONS = "flask.ext"
_ABOUT_EXTENSIONS = (
    "Extensions under the names of 0.8: ``from flask.ext import foo`` gives ``flask_foo``, or ``flaskext.foo``."
)


class SameModule(Loader):
    """Gives a module under another name than that it is imported by.

    :param name: the name that it is imported by.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        # Not while it is looked for: what a module imports under its old name meanwhile would be loaded a second time.
        module = importlib.import_module(self._name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The import system has put the spec of the old name on it.
        module.__spec__ = self._spec


class EmptyPackage(Loader):
    """Makes a package, as ``flask.ext``, that has nothing of its own: its modules are found by their names.

    :param doc: its docstring.
    """

    def __init__(self, doc: str) -> None:
        self._doc = doc

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        module.__doc__ = self._doc


class OldModules:
    """Finds the modules of the past by the names that they had then."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of an old name; None for every other module."""
        if not fullname.startswith("flask."):
            return None
        if fullname in MODULES:
            return ModuleSpec(fullname, SameModule(MODULES[fullname]))
        if fullname == _EXTENSIONS:
            return ModuleSpec(fullname, EmptyPackage(_ABOUT_EXTENSIONS), is_package=True)
        if fullname.startswith(_EXTENSIONS + "."):
            return ModuleSpec(fullname, SameModule(_find_extension(fullname[len(_EXTENSIONS) + 1 :])))
        return None


def _find_extension(name: str) -> str:
    """The name today of an extension, or of a module of one, by the name it has in ``flask.ext``.

    :raises ImportError: naming all that was tried, if there is none.
    """
    tried = [f"flask_{name}", f"flaskext.{name}"]
    for candidate in tried:
        if _exists(candidate):
            return candidate
    raise ImportError(
        f"No module named '{_EXTENSIONS}.{name}': neither {tried[0]!r} nor {tried[1]!r} is installed.",
        name=f"{_EXTENSIONS}.{name}",
    )


def _exists(name: str) -> bool:
    if name in sys.modules:
        return True
    parent = name.rpartition(".")[0]
    if parent and not _exists(parent):
        return False
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:  # a module that was made by hand has no spec
        return False


class _Package(ModuleType):
    """The package. Its attribute ``session`` stays the proxy where the module of that name is imported, and what it is
    to have of a module that is imported later it gets with that.
    """

    def __setattr__(self, name: str, value: t.Any) -> None:
        if name != "session" or not isinstance(value, ModuleType):
            super().__setattr__(name, value)
        if isinstance(value, ModuleType):
            for later, module in names.LATER.items():
                if module == f"flask.{name}":
                    vars(self).setdefault(later, getattr(value, later))


def install() -> None:
    """Have old names found, before the import system looks into a package's own folder for them."""
    if not any(isinstance(finder, OldModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, OldModules())
    sys.modules["flask"].__class__ = _Package
