"""The benchmark: the same requests to our Flask and to other frameworks, and what whole processes cost. See README.md.

python bench/run.py [--parts asgi,growth] [--rows text,json] [--rounds 10] [--peers retort,flask] [--json FILE]
python bench/run.py --profile ROW     where the first peer's time goes, how many calls a request makes
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from growth import GROWTH
from peers import PEERS, PROTOCOLS, python, taking_part
from process import Births
from report import save
from rows import ROWS
from servers import Servers
from threads import Threads
from timing import Part, profile

PARTS = (*PROTOCOLS, "growth", "process", "threads", "servers")
# What takes part where a few say enough: how a cost grows, and what threads and servers make of it.
GROWING = ("retort", "flask", "falcon")
THREADED = ("retort", "flask", "falcon", "bottle")
SERVED = ("retort", "flask", "falcon", "bottle", "quart", "starlette", "blacksheep", "bare")
# Rounds of those parts of which one takes long, or whose figures are many.
MOST_ROUNDS = {"growth": 5, "threads": 5, "servers": 2}


class Measured(Protocol):
    """A part of the benchmark."""

    @property
    def peers(self) -> Sequence[str]:
        """The frameworks that take part in it."""

    def measure(self, rounds: int) -> dict[str, Any]:
        """Measure it and show what was found."""


def requests(protocol: str, arguments: argparse.Namespace) -> Part:
    """Return the rows of a protocol that the command line asks for."""
    chosen = arguments.profile or arguments.rows or ROWS[protocol]
    rows = {row: wanted for row, wanted in ROWS[protocol].items() if row in chosen}
    return Part(protocol.upper(), protocol, rows, taking_part(protocol, arguments.peers) if rows else [])


def parts(arguments: argparse.Namespace) -> dict[str, Measured]:
    """Return what the command line asks for."""

    def among(names: Iterable[str]) -> list[str]:
        return [name for name in arguments.peers if name in names]

    known: dict[str, Measured] = {protocol: requests(protocol, arguments) for protocol in PROTOCOLS}
    known["growth"] = Part("By WSGI, with more and more of one thing", "wsgi", GROWTH, among(GROWING))
    known["process"] = Births(arguments.peers)
    known["threads"] = Threads(among(THREADED))
    known["servers"] = Servers(among(SERVED))
    asked = arguments.parts or (PROTOCOLS if arguments.rows or arguments.profile else PARTS)
    return {name: known[name] for name in asked if known[name].peers}


def names_from(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a parser of comma-separated names that must be among the known ones."""

    def parse(text: str) -> list[str]:
        chosen = text.split(",")
        for name in chosen:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(known)}.")
        return chosen

    return parse


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare what a request costs in each framework.")
    rows = list(dict.fromkeys(row for protocol in PROTOCOLS for row in ROWS[protocol]))
    parser.add_argument("--parts", type=names_from(PARTS), help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--protocol", dest="parts", type=names_from(PROTOCOLS), help="the same for wsgi and asgi")
    parser.add_argument("--rows", type=names_from(rows), help=f"of wsgi and asgi: {', '.join(rows)}")
    parser.add_argument("--rounds", type=int, default=10, help="samples for each row and peer (default: 10)")
    parser.add_argument(
        "--peers",
        type=names_from(PEERS),
        default=list(PEERS),
        help=f"{', '.join(PEERS)}; the first one is compared with the others",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="default: bench/results/<time>.json")
    parser.add_argument("--profile", type=names_from(rows), metavar="ROW", help="profile instead")
    return parser.parse_args()


def main() -> int:
    """Do what the command line says; return 1 if a peer gave a wrong answer."""
    arguments = parse_arguments()
    wanted, rounds = parts(arguments), arguments.rounds
    if not wanted:
        raise SystemExit("Nothing to measure: these peers have none of these rows by this protocol; see `--help`.")
    peers = [name for name in arguments.peers if any(name in part.peers for part in wanted.values())]
    for name in peers:
        python(name)  # built, where that is needed, before anything is measured
    if arguments.profile:
        for part in wanted.values():
            if isinstance(part, Part):
                with part.workers() as workers:
                    profile(workers, part.rows)
        return 0
    print(f"CPU microseconds per request: minimum and median of {rounds} rounds.")
    print("Ratios of the first framework: of the minima, and the median of the rounds' ratios.")
    results = {}
    for name, part in wanted.items():
        results[name] = part.measure(min(rounds, MOST_ROUNDS.get(name, rounds)))
    print(f"Saved as {save(arguments.json, peers, **results)}")
    return 1 if any(found["faults"] for found in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
