"""What a whole process costs: the import of a framework, an app ready to serve, one with thousands of rules."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from peers import BENCH, PEERS, WARNINGS, environment, python
from report import Samples, show
from timing import rotated

# A process of 10,000 rules takes half a minute with some: each of these cases is run so many times at most.
MOST_ROUNDS = {"1,000 rules": 5, "10,000 rules": 1}


@dataclass(frozen=True)
class Life:
    """What one process cost: milliseconds and mebibytes."""

    cpu: float
    wall: float
    memory: float
    peak: float


@dataclass(frozen=True)
class Births:
    """The cases, and the peers whose processes are measured."""

    peers: Sequence[str]

    def measure(self, rounds: int) -> dict[str, Any]:
        """Measure and show what the processes cost; give all that was found."""
        found: dict[str, Samples] = {"cpu": {}, "wall": {}, "memory": {}, "peak": {}}
        for case, commands in self._cases().items():
            for figures in found.values():
                figures[case] = {name: [] for name in commands}
            warming = 0 if case in MOST_ROUNDS else 1
            for number in range(1 - warming, min(rounds, MOST_ROUNDS.get(case, rounds)) + 1):
                print(f"\r{case}, round {number}   ", end="", file=sys.stderr, flush=True)
                for name in rotated(commands, number):
                    life = live(name, commands[name])
                    if number:  # the first round compiles the modules and reads them from the disk
                        for measure, figures in found.items():
                            figures[case][name].append(getattr(life, measure))
        for title, measure in (("CPU milliseconds of a process", "cpu"), ("Its memory in MiB, at most", "peak")):
            print(f"\r{title}\n")
            show(found[measure], self.peers)
            print()
        return {**found, "faults": {}}

    def _cases(self) -> dict[str, Mapping[str, Sequence[str]]]:
        """Return what is run: case → peer → arguments."""
        with_apps = {name: PEERS[name].sized for name in self.peers if PEERS[name].wsgi}
        cases: dict[str, Mapping[str, Sequence[str]]] = {
            "import": {name: [PEERS[name].statement] for name in self.peers},
            "ready": {name: [module, "0", "/"] for name, module in with_apps.items()},
        }
        for rules in (1_000, 10_000):
            path = f"/section-{rules // 4}/overview"
            cases[f"{rules:,} rules"] = {name: [module, str(rules), path] for name, module in with_apps.items()}
        return cases


def live(name: str, arguments: Sequence[str]) -> Life:
    """Run a process of a peer to its end."""
    command = [str(python(name)), str(BENCH / "birth.py"), *arguments]
    started = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment() | WARNINGS)
    assert process.stdout is not None
    with process.stdout as output:
        told = output.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    elapsed = perf_counter() - started
    if process.returncode:
        raise SystemExit(f"`{' '.join(command)}` fails, see above.")
    memory, peak = map(int, told or (0, 0))
    return Life((usage.ru_utime + usage.ru_stime) * 1e3, elapsed * 1e3, memory / 1024, peak / 1024)
