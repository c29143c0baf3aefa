"""What a run found: the table for people, the file for machines."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

from peers import BENCH, environment, versions

Samples = dict[str, dict[str, list[float]]]
"""Row → peer → one figure for each round."""


def digits(figure: float) -> str:
    """Return a figure with the digits worth reading."""
    places = 3 if figure < 1 else 2 if figure < 10 else 1 if figure < 1_000 else 0
    return f"{figure:,.{places}f}"


def best_peer(figures: Mapping[str, list[float]], subject: str, highest: bool = False) -> str:
    """Return the best framework besides the subject, or an empty text; `bare` is no framework."""
    best = max if highest else min
    others = [name for name in figures if figures[name] and name not in (subject, "bare")]
    return best(others, key=lambda name: best(figures[name]), default="")


def ratios(figures: Mapping[str, list[float]], one: str, other: str, highest: bool = False) -> list[float]:
    """Return the ratio of the best figures and the median of the rounds' ratios; nothing if one is missing."""
    if not figures.get(one) or not figures.get(other):
        return []
    best = max if highest else min
    rounds = zip(figures[one], figures[other], strict=True)
    return [best(figures[one]) / best(figures[other]), median(mine / theirs for mine, theirs in rounds)]


def figures_table(samples: Samples, peers: Sequence[str], highest: bool = False) -> list[list[str]]:
    """Return the lines of the figures: the best one and the median of each peer."""
    best = max if highest else min
    lines = [["", *peers]]
    for row, figures in samples.items():
        line = [row]
        for name in peers:
            found = figures.get(name)
            line.append(f"{digits(best(found))} {digits(median(found)):>6}" if found else "-")
        lines.append(line)
    return lines


def ratios_table(samples: Samples, peers: Sequence[str], highest: bool = False) -> list[list[str]]:
    """Return the lines of the ratios: of the first peer to each other framework, and to the best of them."""
    subject, others = peers[0], [name for name in peers[1:] if name != "bare"]
    minima: dict[str, list[float]] = {name: [] for name in (*others, "best peer")}
    lines = [[f"{subject} to", *minima, ""]]
    for row, figures in samples.items():
        line = [row]
        best = best_peer(figures, subject, highest)
        for name in minima:
            found = ratios(figures, subject, best if name == "best peer" else name, highest)
            minima[name] += found[:1]
            line.append(" ".join(f"{figure:.3f}" for figure in found) or "-")
        lines.append([*line, best])
    if len(samples) > 1:
        means = [f"{geometric_mean(found):.3f}      " if found else "-" for found in minima.values()]
        lines.append(["geometric mean", *means, ""])
    return lines


def show(samples: Samples, peers: Sequence[str], highest: bool = False) -> None:
    """Print the figures, and the ratios if there is anything to compare.

    :param highest: the more, the better: what is measured is a rate and no cost.
    """
    show_table(figures_table(samples, peers, highest))
    if set(peers[1:]) - {"bare"}:
        print()
        show_table(ratios_table(samples, peers, highest))


def show_table(lines: Sequence[Sequence[str]]) -> None:
    """Print a table, the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [f"{cell:>{width}}" for cell, width in zip(line, widths, strict=True)]
        print("   ".join([line[0].ljust(widths[0]), *cells[1:]]).rstrip())


def describe_noise(cpu: Samples, wall: Samples) -> str:
    """Say how busy the machine was with other things: then the wall's clock runs ahead of the CPU's."""
    shares = [
        elapsed / used
        for row, figures in cpu.items()
        for name in figures
        for used, elapsed in zip(figures[name], wall[row][name], strict=True)
    ]
    share = median(shares or [1])
    return f"Wall time was {share:.2f} of CPU time. Far above 1, the machine is busy: measure again."


def machine() -> dict[str, Any]:
    """Return what the figures depend on besides the frameworks."""
    try:
        processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        processor = None
    commit = ["git", "-C", str(BENCH), "describe", "--always", "--dirty"]
    return {
        "platform": platform.platform(),
        "processor": processor[1] if processor else platform.processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "commit": subprocess.run(commit, capture_output=True, text=True).stdout.strip(),
        "switches": {name: value for name, value in environment().items() if name.startswith("FLASK_")},
    }


def save(path: Path | None, peers: Sequence[str], **figures: Any) -> Path:
    """Write everything to a file, under `results` unless a path is given, and return its path."""
    now = datetime.now().astimezone()
    path = path or BENCH / "results" / f"{now:%Y-%m-%d-%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {
        "when": now.isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {name: versions(name) for name in peers},
        **figures,
    }
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    return path
