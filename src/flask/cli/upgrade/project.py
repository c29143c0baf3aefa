"""The modules of a project, found by the names that imports give them."""

from __future__ import annotations

import typing as t
from pathlib import Path

from .scopes import Module, note_names
from .sources import Source


class Project:
    """Modules that import each other."""

    def __init__(self) -> None:
        self.modules: list[Module] = []
        self._by_name: dict[str, list[tuple[Path, Module]]] = {}
        self._root_of: dict[Module, Path] = {}

    def add(self, source: Source) -> None:
        """Add a file, under the name that it has below the outermost folder that is no package."""
        path = source.path.resolve()
        is_package = path.name == "__init__.py"
        root, parts = path.parent, [] if is_package else [path.stem]
        while (root / "__init__.py").exists() and root != root.parent:
            parts.insert(0, root.name)
            root = root.parent
        module = note_names(".".join(parts), source, is_package)
        self.modules.append(module)
        self._by_name.setdefault(module.name, []).append((root, module))
        self._root_of[module] = root

    def find(self, name: str, importer: Module) -> Module | None:
        """The module that an import means: that beside the importer, else the only one of the name.

        :return: None for one of a library, and where several folders have one.
        """
        candidates = self._by_name.get(name, ())
        for root, module in candidates:
            if root == self._root_of[importer]:
                return module
        return candidates[0][1] if len(candidates) == 1 else None

    def calls(self, name: str) -> t.Iterator[tuple[t.Any, t.Any]]:
        """The calls of whatever has a name, each with the namespace that it is in."""
        for module in self.modules:
            yield from module.calls.get(name, ())
