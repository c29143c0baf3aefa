"""Makes the virtual environment of each extension on top of another's, so that only what is old is put in."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import typing as t
import venv
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent

# Many of the source distributions were written for an older setuptools.
BUILT_WITH = ("setuptools==57.5.0", "wheel==0.38.4")


@dataclass(frozen=True)
class Extension:
    """A row of the table."""

    name: str
    version: str
    year: int
    job: str
    module: str = ""
    needs: dict[str, str] = field(default_factory=dict)
    with_: tuple[str, ...] = ()

    @property
    def program(self) -> Path:
        """What uses it."""
        return HERE / "programs" / f"{self.name}.py"

    @property
    def imported(self) -> str:
        """The module that is imported."""
        return self.module or self.name.lower().replace("-", "_")


@dataclass(frozen=True)
class Refusal:
    """An extension that does not work here, and why."""

    name: str
    version: str
    year: int
    why: str


def read_table() -> tuple[list[Extension], list[Refusal]]:
    """The extensions that work, and those that do not."""
    table = tomllib.loads((HERE / "extensions.toml").read_text(encoding="utf-8"))
    extensions = [Extension(with_=tuple(row.pop("with", ())), **row) for row in table["extension"]]
    return extensions, [Refusal(**row) for row in table["cannot"]]


def make_builder(folder: Path) -> Path:
    """An interpreter that can install what was written for an older setuptools."""
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *BUILT_WITH])
    return python


def install(builder: Path, extension: Extension, folder: Path) -> None:
    """Put an extension, and what it needs, into a folder. Nothing else: the environment has what is below."""
    # With --target, pip looks at nothing that is there: --no-deps keeps it from putting another Flask beside ours.
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--target", str(folder)]
    requirements = [f"{extension.name}=={extension.version}", *extension.with_]
    run([builder, "-m", "pip", "install", *options, *requirements])


def make_environment(folder: Path, installed: Path, below: t.Iterable[str]) -> Path:
    """An interpreter that has what is in one folder, and below it what is in others."""
    venv.create(folder, with_pip=False)
    packages = next((folder / "lib").glob("python*/site-packages"))
    # Not sys.path alone: that namespace packages of old are found needs their own .pth files read.
    (packages / "abandoned.pth").write_text(f"import site; site.addsitedir({str(installed)!r})\n" + "\n".join(below))
    return folder / "bin/python"


def run(command: t.Sequence[object]) -> None:
    """Run a program, and tell what it said if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")


def paths_of(python: Path | str) -> list[str]:
    """Where an interpreter finds its packages."""
    program = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return subprocess.run([str(python), "-c", program], capture_output=True, text=True, check=True).stdout.split()


def paths_of_this() -> list[str]:
    """Where this interpreter finds this project, and its packages."""
    import flask

    return [str(Path(flask.__file__).parent.parent), *paths_of(sys.executable)]
