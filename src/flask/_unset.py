"""The mark of an argument that was not given, where None is one that may be."""

from __future__ import annotations

import typing as t


class _Unset:
    def __repr__(self) -> str:
        return "<not given>"


UNSET: t.Any = _Unset()
