"""``flask.exthook``: the warning about ``flask.ext`` that Flask 0.11 gave. Here nothing gives it."""

from __future__ import annotations


class ExtDeprecationWarning(DeprecationWarning):
    """Warned of imports from ``flask.ext``; programs name it to silence it."""
