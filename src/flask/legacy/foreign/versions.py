"""``distutils.version``, until Python 3.11: versions that are compared."""

from __future__ import annotations

import functools
import re
import typing as t


@functools.total_ordering
class Version:
    """A version.

    :param vstring: it as text.
    """

    def __init__(self, vstring: str | None = None) -> None:
        if vstring:
            self.parse(vstring)

    def parse(self, vstring: str) -> None:
        """Take the version from a text.

        :param vstring: the text.
        """
        raise NotImplementedError

    def _rank(self) -> t.Any:
        raise NotImplementedError

    def _other(self, other: t.Any) -> t.Any:
        return type(self)(other) if isinstance(other, str) else other

    def __eq__(self, other: object) -> bool:
        other = self._other(other)
        return bool(self._rank() == other._rank()) if isinstance(other, type(self)) else NotImplemented

    def __lt__(self, other: t.Any) -> bool:
        other = self._other(other)
        return bool(self._rank() < other._rank()) if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        # As it was: what is equal may be written otherwise.
        raise TypeError(f"unhashable type: {type(self).__name__!r}")

    def __repr__(self) -> str:
        return f"{type(self).__name__} ('{self}')"


class StrictVersion(Version):
    """A version of two or three numbers, and of ``a`` or ``b`` with a fourth where it comes before the real one."""

    version_re: t.ClassVar[re.Pattern[str]] = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?\Z", re.ASCII)

    version: tuple[int, int, int]
    prerelease: tuple[str, int] | None

    def parse(self, vstring: str) -> None:
        found = self.version_re.match(vstring)
        if found is None:
            raise ValueError(f"invalid version number '{vstring}'")
        major, minor, patch, letter, number = found.groups()
        self.version = int(major), int(minor), int(patch or 0)
        self.prerelease = (letter, int(number)) if letter else None

    def _rank(self) -> t.Any:
        return self.version, self.prerelease is None, self.prerelease or ()

    def __str__(self) -> str:
        shown = ".".join(map(str, self.version if self.version[2] else self.version[:2]))
        return shown + (f"{self.prerelease[0]}{self.prerelease[1]}" if self.prerelease else "")


class LooseVersion(Version):
    """A version of any form: its numbers and words are compared, one after the other."""

    component_re: t.ClassVar[re.Pattern[str]] = re.compile(r"(\d+|[a-z]+|\.)")

    vstring: str
    version: list[int | str]

    def parse(self, vstring: str) -> None:
        self.vstring = vstring
        parts = [part for part in self.component_re.split(vstring) if part and part != "."]
        self.version = [int(part) if part.isdecimal() else part for part in parts]

    def _rank(self) -> t.Any:
        return self.version

    def __str__(self) -> str:
        return self.vstring


__all__ = ["LooseVersion", "StrictVersion", "Version"]
