"""What a request costs when several threads of one process answer: caches and locks would show here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

from answers import Faults, check
from peers import Worker
from report import Samples, show
from rows import WSGI
from timing import SAMPLE_SECONDS, rotated

COUNTS = (1, 2, 8)
ANSWERED = ("text", "parameters", "session-read", "page")


@dataclass(frozen=True)
class Threads:
    """The peers that answer on several threads."""

    peers: Sequence[str]

    def measure(self, rounds: int) -> dict[str, Any]:
        """Measure and show the wall time of a request; give all that was found."""
        cases = [(row, count) for row in ANSWERED for count in COUNTS]
        wall: Samples = {title(*case): {name: [] for name in self.peers} for case in cases}
        faults: dict[str, Faults] = {}
        with ExitStack() as stack:
            workers = {name: stack.enter_context(closing(Worker(name, "wsgi"))) for name in self.peers}
            for row in ANSWERED:
                faults |= {row: found} if (found := check(workers, row, WSGI[row])) else {}
            calls = {
                (row, name): worker.ask("calibrate", row=row, seconds=SAMPLE_SECONDS)
                for row in ANSWERED
                for name, worker in workers.items()
            }
            for number in range(rounds):
                print(f"\rthreads, round {number + 1} of {rounds}", end="", file=sys.stderr, flush=True)
                for row, count in cases:
                    for name in rotated(workers, number):
                        sample = workers[name].ask("share", row=row, calls=calls[row, name], threads=count)
                        wall[title(row, count)][name].append(sample)
        print("\rMicroseconds per request by the clock\n")
        show(wall, self.peers)
        return {"wall": wall, "faults": faults}


def title(row: str, count: int) -> str:
    """Return the name of a case."""
    return f"{row}, {count} thread{'s' if count > 1 else ''}"
