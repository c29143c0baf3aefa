"""The source distribution of a recipe, which holds its tests."""

from __future__ import annotations

import sys
import tarfile
import typing as t
from pathlib import Path

from ..abandoned.environments import run
from .environments import FOLDER

if t.TYPE_CHECKING:
    from .recipes import Recipe


def unpacked(recipe: Recipe, folder: Path) -> Path:
    """Unpack the source distribution into a folder. It is fetched once, and kept."""
    with tarfile.open(_fetched(recipe)) as archive:
        archive.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    return top


def _fetched(recipe: Recipe) -> Path:
    folder = FOLDER / recipe.name / f"source-{recipe.version}"
    if not list(folder.glob("*.tar.gz")):
        # Of this distribution alone: what builds it may come as wheels.
        options = ["--quiet", "--no-deps", "--no-binary", recipe.name, "--dest", str(folder)]
        run([sys.executable, "-m", "pip", "download", *options, f"{recipe.name}=={recipe.version}"])
    (archive,) = folder.glob("*.tar.gz")
    return archive
