"""Pallets Flask 3.1.3 and this project give the same answers to the same requests, but for what is listed with its reason.

Compared are status, headers and body, exceptions, what is left active, and the order of hooks, signals and log records.
"""

from __future__ import annotations

import pytest

from .comparison import MODULES, Comparison


@pytest.mark.parametrize("module", MODULES)
def test_hand_written_application(comparison: Comparison, module: str) -> None:
    differences = comparison.of_module(module)
    report = "\n".join(map(str, differences[:20]))
    assert not differences, f"{len(differences)} differences, the first of them:\n{report}"
