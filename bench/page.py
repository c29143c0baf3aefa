"""Turn a run's results into what the documentation shows: the tables and plots under docs/performance/.

python bench/page.py [FILE]     by default the newest whole run of bench/results/; what is shown is kept in figures.json
python bench/page.py --again    write the tables and plots from figures.json once more
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from growth import SIZES, name
from peers import BENCH
from plot import plot
from report import Samples, best_peer, digits, ratios

DOCS = BENCH.parent / "docs" / "performance"
SUBJECT = "retort"
NAMES = {"fastapi": "FastAPI", "blacksheep": "BlackSheep", "bare": "bare"}
# File → the part of the results, and which of its figures.
TABLES = {
    "wsgi": ("wsgi", "cpu"),
    "asgi": ("asgi", "cpu"),
    "process-time": ("process", "cpu"),
    "process-memory": ("process", "peak"),
    "threads": ("threads", "wall"),
    "servers": ("servers", "rate"),
}
GROWING = {"growth": ("growth", "cpu")}
HEADINGS = {"flask": ("to Flask",), "best": ("to the best other", "")}
RATES = ("servers",)  # the more, the better


def condensed(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a run's results: the best figure of each sample, and the ratios of the rounds."""
    kept: dict[str, Any] = {"when": results["when"][:10], "machine": results["machine"]}
    kept["versions"] = {
        peer: found for peer, versions in results["versions"].items() if (found := own_version(peer, versions))
    }
    for title, (part, measure) in (TABLES | GROWING).items():
        if part in results:
            samples: Samples = results[part][measure]
            kept[title] = {row: condense(figures, title in RATES) for row, figures in samples.items()}
    return kept


def written(kept: Mapping[str, Any]) -> str:
    """Return what is kept as JSON, a row in a line."""
    parts = []
    for title, part in kept.items():
        if title in TABLES | GROWING:
            rows = ",\n".join(f"  {json.dumps(row)}: {json.dumps(told)}" for row, told in part.items())
            parts.append(f" {json.dumps(title)}: {{\n{rows}\n }}")
        else:
            parts.append(f" {json.dumps(title)}: {json.dumps(part, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def own_version(peer: str, versions: Mapping[str, str]) -> str:
    """Return the version of a framework itself."""
    return next((found for name, found in versions.items() if name.lower() == peer and peer != SUBJECT), "")


def condense(figures: Mapping[str, list[float]], highest: bool) -> dict[str, Any]:
    """Return each peer's best figure, and the ratios of ours to Flask and to the best other framework."""
    best = max if highest else min
    row: dict[str, Any] = {"figures": {peer: float(f"{best(found):.4g}") for peer, found in figures.items() if found}}
    others = {peer: found for peer, found in figures.items() if peer != "flask"}
    for key, peer in (("flask", "flask"), ("best", best_peer(others, SUBJECT, highest))):
        if found := ratios(figures, SUBJECT, peer, highest):
            row[key] = [peer, round(found[1], 4)]
    return row


def table(title: str, rows: Mapping[str, Any]) -> str:
    """Return a table as CSV: the ratios, in bold where ours is behind, and the figures."""
    peers = list(dict.fromkeys(peer for row in rows.values() for peer in row["figures"]))
    compared = [key for key in HEADINGS if any(key in row for row in rows.values())]
    lines = [["", *(cell for key in compared for cell in HEADINGS[key]), *map(shown, peers)]]
    for row_name, row in rows.items():
        figures = [digits(row["figures"][peer]) if peer in row["figures"] else "" for peer in peers]
        lines.append([f"``{row_name}``", *(cell for key in compared for cell in ratio(title, row, key)), *figures])
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def shown(peer: str) -> str:
    """Return the name of a framework as people write it."""
    return NAMES.get(peer, peer.capitalize())


def ratio(title: str, row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a cell with a ratio, bold if ours is behind, and one with the other's name where the heading has none."""
    peer, figure = row.get(key, ("", None))
    if figure is None:
        told = ""
    else:
        told = f"**{figure:.3f}**" if is_behind(title, figure) else f"{figure:.3f}"
    return (told,) if key == "flask" else (told, shown(peer))


def is_behind(title: str, figure: float) -> bool:
    """Tell whether a ratio says that the other is better."""
    return figure < 1 if title in RATES else figure > 1


def behind(kept: Mapping[str, Any]) -> Iterator[str]:
    """Say in which rows another framework is ahead, the widest gap first."""
    for title in TABLES:
        found = [
            (told[key][1], row, shown(told[key][0]))
            for row, told in kept.get(title, {}).items()
            for key in HEADINGS
            if key in told and is_behind(title, told[key][1])
        ]
        if found:
            found.sort(reverse=title not in RATES)
            rows = ", ".join(f"``{row}`` {figure:.2f} of {peer}" for figure, row, peer in found)
            yield f"- {title.replace('-', ', ')}: {rows}."


def measured(kept: Mapping[str, Any]) -> str:
    """Return a paragraph that tells what was measured where."""
    machine = kept["machine"]
    system = machine["platform"].partition("-")[0]
    versions = ", ".join(f"{shown(peer)} {version}" for peer, version in kept["versions"].items())
    return (
        f"Measured on {kept['when']} with Python {machine['python']} on {machine['cores']} cores of"
        f" {machine['processor']}, {system}, at ``{machine['commit']}``, against {versions}.\n"
    )


def plots(kept: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the file and the content of each plot."""
    for title, rows in SIZES.items():
        lines: dict[str, dict[int, float]] = {}
        for size in rows:
            for peer, figure in kept["growth"][name(title, size)]["figures"].items():
                lines.setdefault(shown(peer), {})[size] = figure
        yield f"growth-{title}.svg", plot(title if title != "body" else "bytes of the body", lines)


def contents(kept: Mapping[str, Any]) -> dict[str, str]:
    """Return the tables and the plots: file → content."""
    files: dict[str, str] = {f"{title}.csv": table(title, kept[title]) for title in TABLES if title in kept}
    files["measured.txt"] = measured(kept)
    files["behind.txt"] = "\n".join(behind(kept)) + "\n"
    if "growth" in kept:
        files |= plots(kept)
    return files


def newest(folder: Path) -> Path:
    """Return the newest results in which no part is missing."""
    parts = {part for part, _ in (TABLES | GROWING).values()}
    for path in sorted(folder.glob("*.json"), reverse=True):
        if parts <= json.loads(path.read_text()).keys():
            return path
    raise SystemExit(f"There are no results of a whole run in {folder}: `make bench` makes some.")


def main(arguments: Sequence[str]) -> None:
    """Do what the command line says."""
    figures = DOCS / "figures.json"
    if arguments != ["--again"]:
        results = Path(arguments[0]) if arguments else newest(BENCH / "results")
        DOCS.mkdir(exist_ok=True)
        kept = condensed(json.loads(results.read_text()))
        figures.write_text(written(kept))
    for file, content in contents(json.loads(figures.read_text())).items():
        (DOCS / file).write_text(content)
        print(f"Written: docs/performance/{file}")


if __name__ == "__main__":
    main(sys.argv[1:])
