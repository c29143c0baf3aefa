"""The two interpreters that are compared, started once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from .comparison import Comparison
from .sides import Side, peer_python

compared = pytest.StashKey[Comparison]()


@pytest.fixture(scope="session")
def comparison(pytestconfig: pytest.Config) -> Iterator[Comparison]:
    with closing(Side(sys.executable)) as ours, closing(Side(peer_python())) as theirs:
        pytestconfig.stash[compared] = Comparison(ours, theirs)
        yield pytestconfig.stash[compared]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    comparison = config.stash.get(compared, None)
    if comparison is not None:
        known = sum(comparison.explained.values())
        terminalreporter.write_line(
            f"Compared {comparison.cases} cases with Pallets Flask 3.1.3; {known} fields of them differ, as listed."
        )
