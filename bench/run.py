"""The benchmark: the same requests to our Flask and to other frameworks, by WSGI and by ASGI. See README.md.

python bench/run.py [--protocol asgi] [--rows text,json] [--rounds 10] [--peers retort,flask] [--json FILE]
python bench/run.py --profile ROW     where the first peer's time goes, how many calls a request makes
python bench/run.py --startup         what importing each framework costs
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from peers import PEERS, PROTOCOLS, Worker, WorkerError, environment, python, taking_part
from report import Samples, describe_noise, save, show
from rows import ROWS, Row

SAMPLE_SECONDS = 0.15
PROFILED_CALLS = 5000

Faults = dict[str, list[str]]
"""Peer → what is wrong with its answer, for the peers where something is."""


def check(workers: Mapping[str, Worker], row: str, wanted: Row) -> Faults:
    """Compare every peer's answer with the expected one, and ours with all that Pallets Flask sends."""
    answers: dict[str, dict[str, Any]] = {}
    faults: Faults = {}
    for name, worker in workers.items():
        if row in PEERS[name].lacks:
            continue
        try:
            answers[name] = answer = worker.ask("answer", row=row)
        except WorkerError as error:
            faults[name] = [str(error)]
        else:
            body = answer["body"].encode("latin-1")
            faults[name] = wanted.faults(answer["status"], answer["headers"], body)
    ours, theirs = answers.get("retort"), answers.get("flask")
    if ours and theirs and comparable(ours) != comparable(theirs):
        faults["retort"].append(f"Pallets Flask answers {str(theirs)[:600]}…, ours {str(ours)[:600]}…")
    return {name: sentences for name, sentences in faults.items() if sentences}


def by_sentence(faults: Mapping[str, Faults]) -> dict[tuple[str, str], list[str]]:
    """Return the rows in which a peer has each fault, so that it is told once."""
    rows: dict[tuple[str, str], list[str]] = {}
    for row, found in faults.items():
        for name, sentences in found.items():
            for sentence in sentences:
                rows.setdefault((name, sentence), []).append(row)
    return rows


def comparable(answer: Mapping[str, Any]) -> object:
    """Return an answer without what differs between two right ones: the date and the time of a signature."""
    headers = []
    for name, value in answer["headers"]:
        if name == "Set-Cookie":
            value = re.sub(r"^(session=\.?[^.]+)\.[^;]+", r"\1", value)
        if name == "Allow":
            value = ", ".join(sorted(value.split(", ")))  # a set of methods, whose order is another in each process
        if name != "Date":
            headers.append((name, value))
    return answer["status"], sorted(headers), answer["body"]


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
    right = {row: [name for name in workers if row not in PEERS[name].lacks and name not in faults[row]] for row in rows}
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


def measure_startup(peers: Sequence[str], rounds: int) -> dict[str, Any]:
    """Measure and show what fresh interpreters that import each framework cost, in milliseconds."""
    cpu: dict[str, list[float]] = {name: [] for name in peers}
    wall: dict[str, list[float]] = {name: [] for name in peers}
    for number in range(rounds + 1):
        for name in rotated(peers, number):
            command = [str(python(name)), "-c", PEERS[name].statement]
            started = perf_counter()
            _, status, usage = os.wait4(os.posix_spawn(command[0], command, environment()), 0)
            elapsed = perf_counter() - started
            if status:
                raise SystemExit(f"`{PEERS[name].statement}` fails in the environment of {name}, see above.")
            if number:  # the first round compiles the modules and reads them from the disk
                cpu[name].append((usage.ru_utime + usage.ru_stime) * 1e3)
                wall[name].append(elapsed * 1e3)
    print()
    show({"import": cpu}, peers)
    print(f"\n{describe_noise({'import': cpu}, {'import': wall})}")
    return {"cpu": {"import": cpu}, "wall": {"import": wall}, "faults": {}}


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


@dataclass(frozen=True)
class Part:
    """The rows of one protocol, and the peers that answer them."""

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
        print(f"\n{self.protocol.upper()}\n")
        show(cpu, self.peers)
        for (name, sentence), rows in by_sentence(faults).items():
            print(f"\n{name}, {', '.join(rows)}:\n  {sentence}")
        print(f"\n{describe_noise(cpu, wall)}")
        return {"cpu": cpu, "wall": wall, "faults": faults}


def parts(arguments: argparse.Namespace) -> list[Part]:
    """Return what the command line asks for."""
    chosen = arguments.profile or arguments.rows
    found = []
    for protocol in [arguments.protocol] if arguments.protocol else PROTOCOLS:
        rows = {row: wanted for row, wanted in ROWS[protocol].items() if row in chosen}
        peers = taking_part(protocol, arguments.peers)
        if rows and peers:
            found.append(Part(protocol, rows, peers))
    return found


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
    parser.add_argument("--protocol", choices=PROTOCOLS, help="the only one to measure (default: both)")
    parser.add_argument("--rows", type=names_from(rows), default=rows, help=", ".join(rows))
    parser.add_argument("--rounds", type=int, default=10, help="samples for each row and peer (default: 10)")
    parser.add_argument(
        "--peers",
        type=names_from(PEERS),
        default=list(PEERS),
        help=f"{', '.join(PEERS)}; the first one is compared with the others",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="default: bench/results/<time>.json")
    parser.add_argument("--profile", type=names_from(rows), metavar="ROW", help="profile instead")
    parser.add_argument("--startup", action="store_true", help="measure the import instead")
    return parser.parse_args()


def main() -> int:
    """Do what the command line says; return 1 if a peer gave a wrong answer."""
    arguments = parse_arguments()
    wanted, rounds = parts(arguments), arguments.rounds
    if not wanted:
        raise SystemExit("Nothing to measure: these peers have none of these rows by this protocol; see `--help`.")
    peers = [name for name in arguments.peers if any(name in part.peers for part in wanted)]
    for name in peers:
        python(name)  # built, where that is needed, before anything is measured
    if arguments.profile:
        for part in wanted:
            with part.workers() as workers:
                profile(workers, part.rows)
        return 0
    unit = "milliseconds of a fresh interpreter" if arguments.startup else "microseconds per request"
    print(f"CPU {unit}: minimum and median of {rounds} rounds.")
    print("Ratios of the first framework: of the minima, and the median of the rounds' ratios.")
    if arguments.startup:
        results = {"startup": measure_startup(peers, rounds)}
    else:
        results = {part.protocol: part.measure(rounds) for part in wanted}
    print(f"Saved as {save(arguments.json, peers, unit, **results)}")
    return 1 if any(found["faults"] for found in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
