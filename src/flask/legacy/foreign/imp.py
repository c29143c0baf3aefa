"""``imp``, until Python 3.11: modules made, found and loaded by hand."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
import typing as t
from importlib import reload
from types import ModuleType

new_module = ModuleType


def get_suffixes() -> list[tuple[str, str, int]]:
    """The suffixes of files of modules, with how they are opened and what kind they are."""
    return [
        *((suffix, "rb", 3) for suffix in importlib.machinery.EXTENSION_SUFFIXES),
        *((suffix, "r", 1) for suffix in importlib.machinery.SOURCE_SUFFIXES),
        *((suffix, "rb", 2) for suffix in importlib.machinery.BYTECODE_SUFFIXES),
    ]


def load_source(name: str, pathname: str, file: t.Any = None) -> ModuleType:
    """Load a module from its source.

    :param name: its name.
    :param pathname: the file.
    """
    spec = importlib.util.spec_from_file_location(name, pathname, loader=_loader(name, pathname))
    if spec is None or spec.loader is None:
        raise ImportError(f"{pathname!r} cannot be loaded as a module.", name=name, path=pathname)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _loader(name: str, pathname: str) -> importlib.machinery.SourceFileLoader:
    return importlib.machinery.SourceFileLoader(name, pathname)


def find_module(name: str, path: t.Any = None) -> tuple[t.IO[str] | None, str, tuple[str, str, int]]:
    """Where a module is: an open file, its name, and what kind it is.

    :param name: the name of the module, without dots.
    :param path: the folders to look into, if not those of ``sys.path``.
    :raises ImportError: if there is none.
    """
    spec = importlib.machinery.PathFinder.find_spec(name, path)
    if spec is None or spec.origin is None:
        raise ImportError(f"No module named {name!r}", name=name)
    if spec.submodule_search_locations:
        return None, spec.submodule_search_locations[0], ("", "", 5)
    return open(spec.origin, encoding="utf-8"), spec.origin, (".py", "r", 1)  # the caller's to close


def load_module(name: str, file: t.Any, filename: str, details: t.Any) -> ModuleType:
    """Load a module that :func:`find_module` has found.

    :param name: its name.
    :param file: the open file.
    :param filename: its name.
    :param details: what kind it is.
    """
    return load_source(name, f"{filename}/__init__.py" if details[2] == 5 else filename)


__all__ = ["find_module", "get_suffixes", "load_module", "load_source", "new_module", "reload"]
