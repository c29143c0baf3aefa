"""Turn a run's results into what the documentation shows: the tables and plots under docs/performance/.

python bench/page.py [FILE]     FILE is under bench/results/, by default the newest; what is shown is kept in figures.json
python bench/page.py --again    write the tables and plots from figures.json once more
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from growth import SIZES, name
from peers import BENCH
from plot import plot
from report import Samples, best_peer, digits, ratios

DOCS = BENCH.parent / "docs" / "performance"
SUBJECT = "retort"
NAMES = {"retort": "Retort", "flask": "Flask", "fastapi": "FastAPI", "blacksheep": "BlackSheep", "bare": "bare"}
DISTRIBUTIONS = {"blacksheep": "blacksheep", "django": "Django", "fastapi": "fastapi", "flask": "Flask"}
# File → the part of the results, and which of its figures.
TABLES = {
    "wsgi": ("wsgi", "cpu"),
    "asgi": ("asgi", "cpu"),
    "process-time": ("process", "cpu"),
    "process-memory": ("process", "peak"),
    "threads": ("threads", "wall"),
    "servers": ("servers", "rate"),
}
RATES = ("servers",)


def condensed(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a run's results: the best figure of each sample, and the ratios of the rounds."""
    kept: dict[str, Any] = {"when": results["when"][:10], "machine": results["machine"]}
    kept["versions"] = {
        peer: found for peer, versions in results["versions"].items() if (found := own_version(peer, versions))
    }
    wanted = {**TABLES, "growth": ("growth", "cpu")}
    for title, (part, measure) in wanted.items():
        if part in results:
            samples: Samples = results[part][measure]
            kept[title] = {row: condense(figures, part in RATES) for row, figures in samples.items()}
    return kept


def own_version(peer: str, versions: Mapping[str, str]) -> str:
    """Return the version of a framework itself."""
    return next((found for name, found in versions.items() if name.lower() == peer and peer != SUBJECT), "")


def condense(figures: Mapping[str, list[float]], highest: bool) -> dict[str, Any]:
    """Return each peer's best figure, and the ratios of ours to Flask and to the best other framework."""
    best = max if highest else min
    row: dict[str, Any] = {"figures": {peer: float(f"{best(found):.4g}") for peer, found in figures.items() if found}}
    others = {peer: found for peer, found in figures.items() if peer != "flask"}
    for title, peer in (("flask", "flask"), ("best", best_peer(others, SUBJECT, highest))):
        if found := ratios(figures, SUBJECT, peer, highest):
            row[title] = [peer, round(found[1], 3)]
    return row


def table(rows: Mapping[str, Any]) -> str:
    """Return a table as CSV: the figures, and in bold the ratios by which ours is behind."""
    peers = list(dict.fromkeys(peer for row in rows.values() for peer in row["figures"]))
    lines = [["row", *map(shown, peers), "to Flask", "to the best other"]]
    if not any("flask" in row for row in rows.values()):
        lines[0].remove("to Flask")
    for title, row in rows.items():
        figures = [digits(row["figures"][peer]) if peer in row["figures"] else "" for peer in peers]
        told = [ratio(row, "flask")] if "to Flask" in lines[0] else []
        lines.append([title, *figures, *told, ratio(row, "best", named=True)])
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def shown(peer: str) -> str:
    """Return the name of a framework as people write it."""
    return NAMES.get(peer, peer.capitalize())


def ratio(row: Mapping[str, Any], title: str, named: bool = False) -> str:
    """Return a cell with a ratio, bold if ours is behind."""
    if title not in row:
        return ""
    peer, figure = row[title]
    told = f"**{figure:.2f}**" if is_behind(row, figure) else f"{figure:.2f}"
    return f"{told} {shown(peer)}" if named else told


def is_behind(row: Mapping[str, Any], figure: float) -> bool:
    """Tell whether a ratio says that the other is better."""
    return figure < 1 if row.get("highest") else figure > 1


def behind(kept: Mapping[str, Any]) -> Iterator[str]:
    """Say in which rows another framework is ahead, the widest gap first."""
    for title in TABLES:
        found = []
        for row, told in kept.get(title, {}).items():
            for key in ("flask", "best"):
                if key in told and is_behind(told, told[key][1]):
                    found.append((told[key][1], row, told[key][0]))
        if found:
            rows = ", ".join(f"{row} ({figure:.2f} of {shown(peer)})" for figure, row, peer in sorted(found, reverse=True))
            yield f"- {title.replace('-', ', ')}: {rows}."


def measured(kept: Mapping[str, Any]) -> str:
    """Return a paragraph that tells what was measured where."""
    machine = kept["machine"]
    versions = ", ".join(f"{shown(peer)} {version}" for peer, version in kept["versions"].items())
    return (
        f"Measured on {kept['when']} with Python {machine['python']} on {machine['cores']} cores of"
        f" {machine['processor']}, {machine['platform'].partition('-')[0]}, at {machine['commit']}, against {versions}.\n"
    )


def plots(kept: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the file and the content of each plot."""
    for title, rows in SIZES.items():
        lines: dict[str, dict[int, float]] = {}
        for size in rows:
            for peer, figure in kept["growth"][name(title, size)]["figures"].items():
                lines.setdefault(shown(peer), {})[size] = figure
        yield f"growth-{title}.svg", plot(title if title != "body" else "bytes of the body", lines)


def write(kept: Mapping[str, Any]) -> Iterable[Path]:
    """Write the tables and the plots, and return where they are."""
    files: dict[str, str] = {f"{title}.csv": table(kept[title]) for title in TABLES if title in kept}
    files["measured.txt"] = measured(kept)
    files["behind.txt"] = "\n".join(behind(kept)) + "\n"
    if "growth" in kept:
        files |= plots(kept)
    DOCS.mkdir(exist_ok=True)
    for file, content in files.items():
        (DOCS / file).write_text(content)
    return [DOCS / file for file in files]


def main(arguments: Sequence[str]) -> None:
    """Do what the command line says."""
    figures = DOCS / "figures.json"
    if arguments != ["--again"]:
        results = Path(arguments[0]) if arguments else max((BENCH / "results").glob("*.json"))
        DOCS.mkdir(exist_ok=True)
        kept = condensed(json.loads(results.read_text()))
        figures.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    for file in write(json.loads(figures.read_text())):
        print(file.relative_to(BENCH.parent))


if __name__ == "__main__":
    main(sys.argv[1:])
