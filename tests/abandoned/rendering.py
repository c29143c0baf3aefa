"""Writes the table of the abandoned into the page of the documentation: ``python tests/abandoned/rendering.py``."""

from __future__ import annotations

import typing as t
from pathlib import Path

if t.TYPE_CHECKING:
    from .environments import Extension, Refusal

PAGE = Path(__file__).parent.parent.parent / "docs/extensions.rst"
START = ".. The table: made by tests/abandoned/rendering.py.\n\n"
END = ".. End of the table.\n"


def rendered(extensions: list[Extension], refusals: list[Refusal]) -> str:
    """The two tables."""
    works = [(f"{one.name} {one.version}", str(one.year), one.job, _needs(one.needs)) for one in extensions]
    fails = [(f"{one.name} {one.version}", str(one.year), one.why.replace("`", "``")) for one in refusals]
    return (
        table("30 10 35 25", ("extension", "year", "what it is for", "what it needs"), works)
        + "\nThese do not work:\n\n"
        + table("30 10 60", ("extension", "year", "why"), fails)
        + "\n"
    )


def _needs(needs: dict[str, str]) -> str:
    return " ".join(f"``{name}={value}``" for name, value in needs.items()) or "nothing"


def table(widths: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table, as the documentation has them."""
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", ""]
    for row in (head, *rows):
        lines += [f"   {'*' if at == 0 else ' '} - {cell}" for at, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from environments import read_table  # beside this file, which is run as a program

    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    PAGE.write_text(before + START + rendered(*read_table()) + END + rest.partition(END)[2], encoding="utf-8")
