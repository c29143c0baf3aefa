"""Puts the old names into the modules that once had them: into those that are there at once, into others when they are
imported. So nobody waits for modules that he does not use.
"""

from __future__ import annotations

import functools
import importlib
import sys
import typing as t
from importlib.abc import Loader, MetaPathFinder

from .names import METHODS, NAMES, PLACES, REPLACED, VALUES

if t.TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


def find(module_name: str, before: t.Callable[[str], t.Any] | None, name: str) -> t.Any:
    """The object behind a name that is gone from a module.

    :param module_name: the module.
    :param before: the ``__getattr__`` that the module has itself, which knows better.
    :param name: the name.
    :raises AttributeError: if there is none.
    """
    if before is not None:
        try:
            return before(name)
        except AttributeError:
            pass
    if name not in NAMES.get(module_name, ()):
        raise AttributeError(f"module {module_name!r} has no attribute {name!r}")
    return _object_at(NAMES[module_name][name])


def _object_at(place: str) -> t.Any:
    module_name, _, path = place.partition(":")
    module = importlib.import_module(module_name)
    return functools.reduce(getattr, path.split("."), module) if path else module


def restore(module: ModuleType) -> None:
    """Have the old names found in a module, and in its classes.

    :param module: the module, as it is today.
    """
    namespace = vars(module)
    before = namespace.get("__getattr__")
    if not (isinstance(before, functools.partial) and before.func is find):
        namespace["__getattr__"] = functools.partial(find, module.__name__, before)
    for name, place in REPLACED.get(module.__name__, {}).items():
        namespace[name] = _object_at(place)
    for class_name, values in VALUES.get(module.__name__, {}).items():
        _give(namespace[class_name], values)
    for class_name, places in METHODS.get(module.__name__, {}).items():
        _give(namespace[class_name], {name: _object_at(place) for name, place in places.items()})


def _give(owner: type, members: dict[str, t.Any]) -> None:
    for name, member in members.items():
        if not hasattr(owner, name):
            setattr(owner, name, member)


class Restored(Loader):
    """Loads a module as its own loader does, and restores its old names then.

    :param loader: its own loader.
    """

    def __init__(self, loader: t.Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> t.Any:  # whatever else a loader can tell, as `python -m` asks for the code
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return t.cast("ModuleType | None", self._loader.create_module(spec))

    def exec_module(self, module: ModuleType) -> None:
        # The module shall not notice.
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        if module.__loader__ is self:
            module.__loader__ = self._loader
        self._loader.exec_module(module)
        restore(module)


class OldNames(MetaPathFinder):
    """Has the modules that once had more names loaded with them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of one of these modules, as the other finders give it; None for every other module."""
        if fullname not in PLACES:
            return None
        for finder in sys.meta_path:
            find_spec = None if finder is self else getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find_spec(fullname, path, target) if find_spec is not None else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = Restored(spec.loader)
                return spec
        return None


def install() -> None:
    """Have the old names found in the modules that once had them."""
    if any(isinstance(finder, OldNames) for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, OldNames())
    for name in PLACES:
        if name in sys.modules:
            restore(sys.modules[name])
