"""The two interpreters that are compared, started once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from .comparison import Comparison
from .sides import Side, peer_python


@pytest.fixture(scope="session")
def comparison(request: pytest.FixtureRequest) -> Iterator[Comparison]:
    with closing(Side(sys.executable)) as ours, closing(Side(peer_python())) as theirs:
        compared = Comparison(ours, theirs)
        yield compared
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        known = sum(compared.explained.values())
        reporter.write_line(
            f"\nCompared {compared.cases} cases with Pallets Flask 3.1.3: {known} known differences in them."
        )
