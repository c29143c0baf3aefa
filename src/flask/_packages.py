"""Where the module or package of an import name lives on disk."""

from __future__ import annotations

import importlib.util
import os
import sys


def get_root_path(import_name: str) -> str:
    """The folder that a package is, or that holds a module; the current folder where there is no such file.

    :param import_name: the name of the module or package.
    :raises RuntimeError: for a namespace package that is imported, since it has no folder of its own.
    :raises TypeError: if the name is not text.
    """
    if not isinstance(import_name, str):
        raise TypeError(f"The import name is that of a module or package, and {import_name!r} is none: pass __name__.")
    module = sys.modules.get(import_name)
    file: str | None = getattr(module, "__file__", None)
    if file is not None:
        return os.path.dirname(os.path.abspath(file))
    try:
        spec = importlib.util.find_spec(import_name)
    except (ImportError, ValueError):
        spec = None
    # Without a loader: a folder of that name, which nobody has imported. A name that was made up may well be one's.
    if spec is None or spec.loader is None:
        return os.getcwd()
    if spec.origin is not None and spec.has_location:
        return os.path.dirname(os.path.abspath(spec.origin))
    if spec.loader is not None and hasattr(spec.loader, "get_filename"):
        file = spec.loader.get_filename(import_name)
        return os.path.dirname(os.path.abspath(str(file)))
    raise RuntimeError(
        f"No root path can be found for {import_name!r}: it is a namespace package, or its loader knows no files."
        " Give the folder with the parameter root_path."
    )


def _top_level_folder(import_name: str) -> str:
    """The folder that holds the outermost package of an import name, or its module."""
    top = import_name.partition(".")[0]
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        spec = None
    if spec is None or (not spec.has_location and not spec.submodule_search_locations):
        return os.getcwd()
    if spec.submodule_search_locations:
        if spec.has_location and spec.origin is not None:
            return os.path.dirname(os.path.dirname(os.path.abspath(spec.origin)))
        return os.path.dirname(_location_of_namespace(spec.submodule_search_locations, import_name, top))
    return os.path.dirname(os.path.abspath(str(spec.origin)))


def _location_of_namespace(locations: object, import_name: str, top: str) -> str:
    """The part of a namespace package in which the import name is."""
    parts = [str(location) for location in locations]  # type: ignore[attr-defined]  # not a list, but iterable
    inside = import_name.split(".")[1:2]
    for part in parts:
        candidate = os.path.join(part, *inside)
        if os.path.exists(candidate) or os.path.exists(f"{candidate}.py"):
            return part
    return parts[0]


def find_package(import_name: str) -> tuple[str | None, str]:
    """The prefix under which the package of an import name is installed, and the folder that it can be imported from.

    :param import_name: the name of the module or package.
    :return: the prefix, None if the package is not installed but lies in a project's folder; and the folder.

    .. versionadded:: 0.8
    """
    folder = _top_level_folder(import_name)
    if _is_below(folder, sys.prefix):
        return sys.prefix, folder
    site_parent, site_folder = os.path.split(folder)
    if site_folder.lower() == "site-packages":
        parent, name = os.path.split(site_parent)
        if name.lower() == "lib":  # Windows: prefix\Lib\site-packages
            return parent, folder
        if os.path.basename(parent).lower() == "lib":  # elsewhere: prefix/lib/pythonX.Y/site-packages
            return os.path.dirname(parent), folder
        return site_parent, folder
    return None, folder


def _is_below(folder: str, prefix: str) -> bool:
    folder, prefix = (os.path.join(os.path.normcase(os.path.normpath(path)), "") for path in (folder, prefix))
    return folder.startswith(prefix)
