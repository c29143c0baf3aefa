"""The two interpreters that are compared, started once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from .comparison import Comparison
from .sides import Side, peer_python


@pytest.fixture(scope="session")
def comparison() -> Iterator[Comparison]:
    with closing(Side(sys.executable)) as ours, closing(Side(peer_python())) as theirs:
        yield Comparison(ours, theirs)
