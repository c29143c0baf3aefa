"""How the cost of a request grows: rows of which each has more of one thing than the row before."""

from __future__ import annotations

from apps.content import READ_HEADERS
from row import Row

SIZES: dict[str, dict[int, Row]] = {
    "rules": {
        size: Row(f"/section-{size // 4}/users/42/posts/first-steps", body="first-steps by 42", app="crowd", size=size)
        for size in (10, 100, 1_000, 10_000)
    },
    "hooks": {size: Row("/", body=f"{size} steps", app="stepping", size=size) for size in (1, 2, 5, 10, 20, 50)},
    "blueprints": {
        size: Row(f"/part-{size // 2}/", body=f"Part {size // 2}", app="parts", size=size)
        for size in (1, 10, 100, 1_000)
    },
    "headers": {
        size: Row(
            "/headers",
            body=" ".join(READ_HEADERS.values()),
            carried={**{f"X-Trace-{number}": "some text" for number in range(size - 12)}, **READ_HEADERS},
        )
        for size in (12, 25, 50, 100, 200)
    },
    "body": {
        size: Row("/measure", body=f"{size} bytes", sent=bytes(size), kind="application/octet-stream")
        for size in (1_000, 10_000, 100_000, 1_000_000)
    },
}
"""What there is more of → how much → the row."""


def name(title: str, size: int) -> str:
    """Return the name of a row, which tells what there is how much of."""
    return f"{title} {size:,}"


GROWTH = {name(title, size): row for title, rows in SIZES.items() for size, row in rows.items()}
