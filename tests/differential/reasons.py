"""Every known difference to Pallets Flask 3.1.3, with its reason. What is not listed here must be the same.

The list stays true: where a difference that it names no longer occurs, a test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

How = Callable[[Any, Any], bool]


def anyhow(ours: Any, theirs: Any) -> bool:
    return True


@dataclass(frozen=True)
class Reason:
    """Why some fields of some cases differ.

    :param cases: a pattern for the names of the cases.
    :param fields: a pattern for the names of the fields.
    :param why: the reason.
    :param how: whether two values differ in the way that is meant, and in no other.
    """

    cases: str
    fields: str
    why: str
    how: How = anyhow

    def explains(self, case: str, field: str, ours: Any, theirs: Any) -> bool:
        return fnmatchcase(case, self.cases) and fnmatchcase(field, self.fields) and self.how(ours, theirs)


REASONS: tuple[Reason, ...] = ()
