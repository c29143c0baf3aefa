"""The two environments of a recipe: the same packages in both, but for Flask."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
import typing as t
from importlib import metadata
from pathlib import Path

from ..abandoned.environments import make_environment, paths_of, run
from ..differential.sides import PEERS, SHARED, kept_environment

if t.TYPE_CHECKING:
    from .recipes import Recipe

ROOT = Path(__file__).parent.parent.parent
FOLDER = PEERS / "upstream"
ALWAYS = ("flask==3.1.3", "pytest", "pytest-timeout", *(f"{name}=={metadata.version(name)}" for name in SHARED))


def there(recipe: Recipe) -> Path:
    """The interpreter that has all that a recipe needs, with Pallets Flask. It is made once, and kept."""
    return kept_environment(FOLDER / recipe.name / "there", [recipe.requirement, *ALWAYS, *recipe.needs])


def here(recipe: Recipe) -> Path:
    """The interpreter with this project in place of Pallets Flask: above the other one, whose packages it has."""
    python = make_environment(FOLDER / recipe.name / "here", Path(paths_of(there(recipe))[0]), ())
    # Installed as people install it, so that its name and its version are found, and its command.
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--force-reinstall"]
    run([*pip, "install", *options, our_wheel()])
    run([python, "-c", "import flask; flask.__implementation__"])  # else Pallets Flask would be compared with itself
    return python


@functools.cache
def our_wheel() -> Path:
    """This project, as it is now."""
    folder = Path(tempfile.mkdtemp(prefix="upstream-"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))
