"""Finds the modules that other libraries removed."""

from __future__ import annotations

import sys
import typing as t
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from ..finder import EmptyPackage, SameModule
from .names import MODULES, PACKAGES

if t.TYPE_CHECKING:
    from collections.abc import Sequence


class RemovedModules(MetaPathFinder):
    """Finds modules that are gone, by the table of those that take their places."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module that is gone; None for every other."""
        if fullname in MODULES:
            return ModuleSpec(fullname, SameModule(MODULES[fullname]))
        if fullname in PACKAGES:
            return ModuleSpec(fullname, EmptyPackage(PACKAGES[fullname]), is_package=True)
        return None


def install() -> None:
    """Have the removed modules found where nobody else finds one of that name."""
    if not any(isinstance(finder, RemovedModules) for finder in sys.meta_path):
        sys.meta_path.append(RemovedModules())
