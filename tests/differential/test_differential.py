"""Pallets Flask 3.1.3 and this project give the same answers to the same requests, but for what is listed.

Compared are status, headers and body, exceptions, what is left active, and the order of hooks, signals and log records.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .comparison import MODULES, Comparison
from .generation import declarations, requests
from .reasons import REASONS, Reason

generated = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("module", MODULES)
def test_hand_written_applications(comparison: Comparison, module: str) -> None:
    differences = comparison.of_module(module)
    report = "\n".join(map(str, differences[:20]))
    assert not differences, f"{len(differences)} differences, the first of them:\n{report}"


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: f"{reason.cases} {reason.fields}")
def test_listed_differences_are_there(comparison: Comparison, reason: Reason) -> None:
    for module in MODULES:
        comparison.of_module(module)
    assert comparison.explained[reason], "This difference is no more. Take it off the list in reasons.py."


@settings(generated, max_examples=150, derandomize=True)
@given(data=st.data())
def test_generated_applications(comparison: Comparison, data: st.DataObject) -> None:
    compare_generated(comparison, data)


@pytest.mark.long
@settings(generated, max_examples=2000)
@given(data=st.data())
def test_many_generated_applications(comparison: Comparison, data: st.DataObject) -> None:
    compare_generated(comparison, data)


def compare_generated(comparison: Comparison, data: st.DataObject) -> None:
    declaration: dict[str, Any] = data.draw(declarations)
    differences = comparison.of_job({"declared": declaration, "requests": data.draw(requests(declaration))})
    assert not differences, "\n".join(map(str, differences))
