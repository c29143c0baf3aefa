"""``flask.scaffold``: the common base of applications and blueprints, where Flask 2.0 to 2.2 had it."""

from __future__ import annotations

from .._files import OwnFiles as Scaffold
from .._packages import find_package
from ..sansio.scaffold import _endpoint_from_view_func, setupmethod

__all__ = ["Scaffold", "_endpoint_from_view_func", "find_package", "setupmethod"]
