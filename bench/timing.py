"""What requests cost: samples of all peers in turns."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

from answers import Faults, by_sentence, check
from peers import PEERS, Worker
from report import Samples, describe_noise, show
from row import Row

SAMPLE_SECONDS = 0.1
PROFILED_CALLS = 5000


def rotated(items: Iterable[str], places: int) -> list[str]:
    """Return the items starting elsewhere each round, so that none always comes first."""
    whole = list(items)
    places %= len(whole) or 1
    return whole[places:] + whole[:places]


def measure_requests(
    workers: Mapping[str, Worker], rows: Mapping[str, Row], rounds: int
) -> tuple[Samples, Samples, dict[str, Faults]]:
    """Return CPU and wall microseconds per request and the faults. A wrong answer is not timed."""
    faults = {row: check(workers, row, wanted) for row, wanted in rows.items()}
    right = {row: [name for name in workers if PEERS[name].has(row) and name not in faults[row]] for row in rows}
    for name in {name for names in right.values() for name in names}:
        workers[name].ask("settle")
    calls = {
        (row, name): workers[name].ask("calibrate", row=row, seconds=SAMPLE_SECONDS)
        for row in rows
        for name in right[row]
    }
    cpu: Samples = {row: {name: [] for name in right[row]} for row in rows}
    wall: Samples = {row: {name: [] for name in right[row]} for row in rows}
    for number in range(rounds):
        print(f"\rround {number + 1} of {rounds}", end="", file=sys.stderr, flush=True)
        for row in rows:
            for name in rotated(right[row], number):
                sample = workers[name].ask("time", row=row, calls=calls[row, name])
                cpu[row][name].append(sample["cpu"])
                wall[row][name].append(sample["wall"])
    print("\r", end="", file=sys.stderr)
    for row, wanted in rows.items():
        faults[row] |= check({name: workers[name] for name in right[row]}, row, wanted)
    return cpu, wall, {row: found for row, found in faults.items() if found}


@dataclass(frozen=True)
class Part:
    """Rows of one protocol, and the peers that answer them."""

    title: str
    protocol: str
    rows: Mapping[str, Row]
    peers: Sequence[str]

    @contextmanager
    def workers(self) -> Iterator[dict[str, Worker]]:
        """Start the peers' processes, and end them."""
        with ExitStack() as stack:
            yield {name: stack.enter_context(closing(Worker(name, self.protocol))) for name in self.peers}

    def measure(self, rounds: int) -> dict[str, Any]:
        """Measure and show what a request costs; give all that was found."""
        with self.workers() as workers:
            cpu, wall, faults = measure_requests(workers, self.rows, rounds)
        print(f"\n{self.title}\n")
        show(cpu, self.peers)
        for (name, sentence), rows in by_sentence(faults).items():
            print(f"\n{name}, {', '.join(rows)}:\n  {sentence}")
        print(f"\n{describe_noise(cpu, wall)}")
        return {"cpu": cpu, "wall": wall, "faults": faults}


def profile(workers: Mapping[str, Worker], rows: Mapping[str, Row]) -> None:
    """Print how many calls one warm request makes with each peer, and the profile of the first peer."""
    for row, wanted in rows.items():
        faults = check(workers, row, wanted)
        for name, worker in workers.items():
            if name in faults:
                print(f"{row}, {name}:", *faults[name], sep="\n")
                continue
            journey = worker.ask("journey", row=row)
            parts = ", ".join(f"{package} {calls}" for package, calls in journey["packages"].items())
            print(f"{row}, {name}: {journey['calls']} calls in {journey['files']} files ({parts})")
        subject = next(iter(workers))
        if subject not in faults:
            print(f"\n{row}, {subject}:", workers[subject].ask("profile", row=row, calls=PROFILED_CALLS))
