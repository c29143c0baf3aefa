"""``imp``, until Python 3.11: modules made, found and loaded by hand."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import typing as t
from importlib import reload
from importlib.util import MAGIC_NUMBER, cache_from_source, source_from_cache
from types import ModuleType

new_module = ModuleType

# The kinds of modules.
PY_SOURCE, PY_COMPILED, C_EXTENSION = 1, 2, 3
PKG_DIRECTORY, C_BUILTIN, PY_FROZEN = 5, 6, 7


def get_magic() -> bytes:
    """What files of bytecode begin with."""
    return MAGIC_NUMBER


def get_tag() -> str | None:
    """What stands in the names of files of bytecode."""
    return sys.implementation.cache_tag


def is_builtin(name: str) -> int:
    """Whether a module is a part of the interpreter: 1 or 0.

    :param name: its name.
    """
    return int(name in sys.builtin_module_names)


def acquire_lock() -> None:
    """Once kept other threads from importing. Each module has a lock of its own since."""


release_lock = acquire_lock


def lock_held() -> bool:
    """Whether other threads are kept from importing: never."""
    return False


def find_loader(name: str, path: t.Any = None) -> t.Any:
    """``importlib.find_loader``: what loads a module; None if there is none.

    :param name: the module.
    :param path: no longer means anything: a module in a package is found by its whole name.
    """
    spec = importlib.util.find_spec(name)
    return None if spec is None else spec.loader


def get_suffixes() -> list[tuple[str, str, int]]:
    """The suffixes of files of modules, with how they are opened and what kind they are."""
    return [
        *((suffix, "rb", C_EXTENSION) for suffix in importlib.machinery.EXTENSION_SUFFIXES),
        *((suffix, "r", PY_SOURCE) for suffix in importlib.machinery.SOURCE_SUFFIXES),
        *((suffix, "rb", PY_COMPILED) for suffix in importlib.machinery.BYTECODE_SUFFIXES),
    ]


def load_source(name: str, pathname: str, file: t.Any = None) -> ModuleType:
    """Load a module from its source.

    :param name: its name.
    :param pathname: the file.
    """
    return _load(importlib.machinery.SourceFileLoader(name, pathname))


def load_compiled(name: str, pathname: str, file: t.Any = None) -> ModuleType:
    """Load a module from its bytecode.

    :param name: its name.
    :param pathname: the file.
    """
    return _load(importlib.machinery.SourcelessFileLoader(name, pathname))


def load_dynamic(name: str, path: str, file: t.Any = None) -> ModuleType:
    """Load a module that was written in C.

    :param name: its name.
    :param path: the file.
    """
    return _load(importlib.machinery.ExtensionFileLoader(name, path))


def load_package(name: str, path: str) -> ModuleType:
    """Load a package.

    :param name: its name.
    :param path: its folder.
    """
    return load_source(name, os.path.join(path, "__init__.py"))


def _load(loader: t.Any) -> ModuleType:
    spec = importlib.util.spec_from_file_location(loader.name, loader.path, loader=loader)
    if spec is None:
        raise ImportError(f"{loader.path!r} cannot be loaded as a module.", name=loader.name, path=loader.path)
    before = sys.modules.get(loader.name)
    # One that is there is loaded again, as the same object.
    module = before if before is not None else importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    try:
        loader.exec_module(module)
    except BaseException:
        if before is None:
            sys.modules.pop(loader.name, None)
        raise
    return module


def find_module(name: str, path: t.Any = None) -> tuple[t.IO[t.Any] | None, str | None, tuple[str, str, int]]:
    """Where a module is: an open file, its name, and what kind it is.

    :param name: the name of the module, without dots.
    :param path: the folders to look into, if not those of ``sys.path``.
    :raises ImportError: if there is none.
    """
    if path is None and is_builtin(name):
        return None, None, ("", "", C_BUILTIN)
    spec = importlib.machinery.PathFinder.find_spec(name, path)
    if spec is None or spec.origin is None:
        raise ImportError(f"No module named {name!r}", name=name)
    if spec.submodule_search_locations:
        return None, spec.submodule_search_locations[0], ("", "", PKG_DIRECTORY)
    details = next(row for row in get_suffixes() if spec.origin.endswith(row[0]))
    # The caller's to close.
    return open(spec.origin, details[1], encoding="utf-8" if details[1] == "r" else None), spec.origin, details


def load_module(name: str, file: t.Any, filename: str, details: t.Any) -> ModuleType:
    """Load a module that :func:`find_module` has found.

    :param name: its name.
    :param file: the open file.
    :param filename: its name.
    :param details: what kind it is.
    """
    loaders: dict[int, t.Callable[[str, str], ModuleType]] = {
        PY_COMPILED: load_compiled, C_EXTENSION: load_dynamic, PKG_DIRECTORY: load_package
    }
    if details[2] == C_BUILTIN:
        return importlib.import_module(name)
    return loaders.get(details[2], load_source)(name, filename)


__all__ = [
    "C_BUILTIN", "C_EXTENSION", "PKG_DIRECTORY", "PY_COMPILED", "PY_FROZEN", "PY_SOURCE", "acquire_lock",
    "cache_from_source", "find_module", "get_magic", "get_suffixes", "get_tag", "is_builtin", "load_compiled",
    "load_dynamic", "load_module", "load_package", "load_source", "lock_held", "new_module", "release_lock", "reload",
    "source_from_cache",
]
