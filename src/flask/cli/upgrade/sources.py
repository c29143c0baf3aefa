"""The files of a project: found, read and parsed."""

from __future__ import annotations

import ast
import io
import os
import re
import sys
import tokenize
import typing as t
import warnings
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

#: Folders that hold what others wrote, or what a program made.
SKIPPED_FOLDERS: t.Final = frozenset({"__pycache__", "node_modules", "site-packages", "__pypackages__"})

#: What makes a folder a virtual environment, of today or of the years of `virtualenv`.
ENVIRONMENT_MARKS: t.Final = ("pyvenv.cfg", "conda-meta", "bin/activate_this.py", "Scripts/activate_this.py")

_TAKES_TWO_TYPES: t.Final[bool] = sys.version_info >= (3, 14)
_CAUGHT_NAME: t.Final = re.compile(r"^\s*except\s+[\w.]+\s*,\s*[a-z_]\w*\s*:", re.MULTILINE)
_TWO_TYPES: t.Final = "multiple exception types must be parenthesized; the last is a name here, as in Python 2"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that cannot be checked: where reading it ended, and why."""

    path: Path
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was parsed."""

    path: Path
    lines: list[str]
    tree: ast.Module

    def column(self, line: int, offset: int) -> int:
        """The number of a character in its line, from one; the parser counts bytes of UTF-8."""
        return len(self.lines[line - 1].encode()[:offset].decode(errors="ignore")) + 1


def find_files(root: Path, excluded: t.Collection[str] = ()) -> list[Path]:
    """The Python files of a folder and those below it, sorted; a file is taken for itself.

    :param excluded: patterns of paths, relative to the folder, or of names.
    """
    if not root.is_dir():
        return [root]
    found: list[Path] = []
    entered: set[tuple[int, int]] = set()
    for name, folders, files in os.walk(root, followlinks=True):
        folder = Path(name)
        identity = folder.stat()
        if (identity.st_dev, identity.st_ino) in entered:  # a link that leads back to where one has been
            folders.clear()
            continue
        entered.add((identity.st_dev, identity.st_ino))
        folders[:] = (one for one in folders if _is_own(folder / one) and not _is_in(folder / one, root, excluded))
        paths = (folder / file for file in files if file.endswith(".py"))
        found += [path for path in paths if path.is_file() and not _is_in(path, root, excluded)]
    return sorted(found)


def _is_own(folder: Path) -> bool:
    """Whether a folder holds a project's own files."""
    if folder.name.startswith(".") or folder.name in SKIPPED_FOLDERS:
        return False
    return not any((folder / mark).exists() for mark in ENVIRONMENT_MARKS)


def _is_in(path: Path, root: Path, patterns: t.Collection[str]) -> bool:
    relative = path.relative_to(root).as_posix()
    return any(fnmatch(relative, pattern) or fnmatch(path.name, pattern) for pattern in patterns)


def _line_of_caught_name(text: str, tree: ast.Module) -> int | None:
    """The line of an ``except ValueError, error:`` of Python 2, which Python 3.14 takes for two types of exceptions."""
    if not (_TAKES_TWO_TYPES and _CAUGHT_NAME.search(text)):
        return None
    lines = text.split("\n")
    for node in ast.walk(tree):
        # A docstring may have one, too.
        if isinstance(node, ast.ExceptHandler) and _CAUGHT_NAME.match(lines[node.lineno - 1]):
            return node.lineno
    return None


def read(path: Path) -> Source | Unreadable:
    """Parse a file, by the encoding that it declares."""
    try:
        data = path.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()  # ends of lines become those of today
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes and comparisons in what is read
            tree = ast.parse(text)
        if (line := _line_of_caught_name(text, tree)) is not None:
            return Unreadable(path, line, _TWO_TYPES)
    except SyntaxError as error:
        return Unreadable(path, error.lineno or 1, error.msg)
    except UnicodeDecodeError as error:
        return Unreadable(path, data[: error.start].count(b"\n") + 1, f"No text in the encoding {error.encoding}.")
    except OSError as error:
        return Unreadable(path, 1, error.strerror or str(error))
    except (ValueError, RecursionError, MemoryError) as error:
        # A null byte; or an expression nested deeper than the parser goes, which it tells in one of two ways.
        return Unreadable(path, 1, str(error) or "An expression is nested too deeply.")
    return Source(path, text.split("\n"), tree)
