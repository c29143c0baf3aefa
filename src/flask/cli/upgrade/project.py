"""The modules of a project, found by the names that imports give them."""

from __future__ import annotations

import re
import sys
import typing as t
from dataclasses import dataclass
from pathlib import Path

from .scopes import Module, note_names
from .sources import Source, Unreadable, read

#: How much source may be held parsed, in characters: one takes some forty bytes so.
HELD: t.Final = 3_000_000

#: How many files are asked for what they give to the parameters of a function, those nearest to it first. What is
#: called in more of them mostly has its name in common with many others, such as `get`.
MOST_CALLERS: t.Final = 30

#: The libraries whose objects are followed from one file to the other.
_LIBRARIES: t.Final = frozenset({"flask", "itsdangerous", "jinja2", "markupsafe", "werkzeug"})

_CALLED: t.Final = re.compile(r"(?<!\bdef )(?<!\bclass )\b(\w+)\s*\(")
_IMPORTED: t.Final = re.compile(r"\b(?:from|import)\s+(\w[^\n]*)")
_WORD: t.Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Place:
    """What a file is as a module, which its path tells.

    :param root: the outermost folder that is no package.
    """

    root: Path
    name: str
    is_package: bool

    @property
    def family(self) -> tuple[Path, str]:
        """Which files it belongs to: those of its outermost package, or the single ones that lie beside each other."""
        top, dot, _ = self.name.partition(".")
        return self.root, top if dot or self.is_package else ""


class Project:
    """Modules that import each other.

    They are parsed when they are asked for, and let go when they are too many: a tree takes forty times what its text
    does.

    :param paths: the files.
    """

    def __init__(self, paths: t.Iterable[Path]) -> None:
        roots: dict[Path, tuple[Path, tuple[str, ...]]] = {}
        self._places = {path: _place(path.resolve(), roots) for path in paths}
        self._named: dict[str, list[Path]] = {}
        for path, place in self._places.items():
            self._named.setdefault(place.name, []).append(path)
        self._held: dict[Path, Module | Unreadable] = {}
        self._size = 0
        self._imported: dict[Path, frozenset[str]] = {}
        self._callers: dict[str, list[Path]] = {}

    def note_imports(self, path: Path) -> None:
        """Note what a file imports, as far as its text tells: that is more than what it does, and sooner known."""
        lines = _IMPORTED.findall(_text(path))
        self._imported[path] = frozenset(sys.intern(word) for line in lines for word in _WORD.findall(line))

    def note_callers(self) -> None:
        """Note what is called by which files, of those that may have an object of a library to give to it.

        These are the files of a package in which one imports a library, and those that import such a package.
        """
        importing = [self._places[path] for path, names in self._imported.items() if names & _LIBRARIES]
        families = {place.family for place in importing}
        packages = {place.name.partition(".")[0] for place in importing}
        for path, names in self._imported.items():
            if self._places[path].family in families or names & packages:
                for name in set(_CALLED.findall(_text(path))):
                    self._callers.setdefault(name, []).append(path)

    def load(self, path: Path) -> Module | Unreadable:
        """The module of a file, or why there is none."""
        if path not in self._held:
            source, place = read(path), self._places[path]
            if isinstance(source, Source):
                self._size += sum(map(len, source.lines))
                self._held[path] = note_names(place.name, source, place.is_package)
            else:
                self._held[path] = source
        return self._held[path]

    @property
    def is_full(self) -> bool:
        """Whether it is time to let go what is held."""
        return self._size > HELD

    def let_go(self) -> None:
        """Forget all modules. Who asks for one again gets another, so nothing that was told of them may be kept."""
        for module in self._held.values():
            if isinstance(module, Module):
                module.let_go()
        self._held.clear()
        self._size = 0

    def has(self, name: str, importer: Module) -> bool:
        """Whether an import means a file of the project."""
        return self._find_path(name, importer) is not None

    def find(self, name: str, importer: Module) -> Module | None:
        """The module that an import means: that beside the importer, else the only one of the name.

        :return: None for one of a library, where several folders have one, and for one that cannot be read.
        """
        path = self._find_path(name, importer)
        module = self.load(path) if path is not None else None
        return module if isinstance(module, Module) else None

    def _find_path(self, name: str, importer: Module) -> Path | None:
        candidates = self._named.get(name, ())
        root = self._places[importer.source.path].root
        for path in candidates:
            if self._places[path].root == root:
                return path
        return candidates[0] if len(candidates) == 1 else None

    def calls(self, name: str, near: Module) -> t.Iterator[tuple[t.Any, t.Any]]:
        """The calls of whatever has a name, each with the namespace that it is in.

        :param near: the module that has the function; of very many callers, the nearest are asked.
        """
        paths: t.Sequence[Path] = self._callers.get(name, ())
        if len(paths) > MOST_CALLERS:
            home = near.source.path.parts
            paths = sorted(paths, key=lambda path: -_shared(home, path.parts))[:MOST_CALLERS]
        for path in paths:
            module = self.load(path)
            if isinstance(module, Module):
                yield from module.calls.get(name, ())

    def with_word(self, word: str) -> t.Iterator[Module]:
        """The modules whose text has a word."""
        for path in self._places:
            module = self.load(path) if word in _text(path) else None
            if isinstance(module, Module):
                yield module


def _place(path: Path, roots: dict[Path, tuple[Path, tuple[str, ...]]]) -> _Place:
    folder, packages = _root(path.parent, roots)
    is_package = path.name == "__init__.py"
    return _Place(folder, ".".join(packages if is_package else (*packages, path.stem)), is_package)


def _root(folder: Path, known: dict[Path, tuple[Path, tuple[str, ...]]]) -> tuple[Path, tuple[str, ...]]:
    """The outermost folder that is no package, and the packages from there to a folder."""
    if folder not in known:
        if folder == folder.parent or not (folder / "__init__.py").exists():
            known[folder] = folder, ()
        else:
            root, packages = _root(folder.parent, known)
            known[folder] = root, (*packages, folder.name)
    return known[folder]


def _text(path: Path) -> str:
    """What a file says, where its encoding does not matter."""
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many folders two paths have in common."""
    return next((number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
