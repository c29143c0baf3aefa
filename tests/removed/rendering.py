"""Writes the table of what is not brought back into its page: ``python tests/removed/rendering.py``."""

from __future__ import annotations

import typing as t
from pathlib import Path

if t.TYPE_CHECKING:
    from .tables import Reason

PAGE = Path(__file__).parent.parent.parent / "docs/removed.rst"
START = ".. The table: made by tests/removed/rendering.py.\n\n"
END = ".. End of the table.\n"


def rendered(reasons: list[Reason]) -> str:
    """The table."""
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 45 55", ""]
    lines += ["   * - name", "     - why it is not there"]
    for reason in reasons:
        lines += [f"   * - {reason.shown_names}", f"     - {reason.why.replace('`', '``')}"]
    return "\n".join(lines) + "\n\n"


if __name__ == "__main__":
    from tables import read_reasons  # beside this file, which is run as a program

    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    PAGE.write_text(before + START + rendered(read_reasons()) + END + rest.partition(END)[2], encoding="utf-8")
