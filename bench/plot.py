"""A plot as SVG: one line for each framework, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, TOP, BOTTOM = 70, 40, 50, 50
COLOURS = ("#c2185b", "#1565c0", "#2e7d32", "#ef6c00")


def plot(title: str, lines: Mapping[str, Mapping[int, float]]) -> str:
    """Return the plot of some lines: name → where → microseconds."""
    places = sorted({place for line in lines.values() for place in line})
    heights = [height for line in lines.values() for height in line.values()]
    bottom, top = floor(log10(min(heights))), ceil(log10(max(heights)))

    def across(place: float) -> float:
        share = log10(place / places[0]) / log10(places[-1] / places[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def up(height: float) -> float:
        share = (log10(height) - bottom) / (top - bottom)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def body() -> Iterator[str]:
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        for power in range(bottom, top + 1):
            level = up(10**power)
            yield f'<path d="M{LEFT} {level:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
            yield text(LEFT - 8, level + 4, f"{10**power:,g} µs", "end")
        for place in places:
            yield f'<path d="M{across(place):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eee"/>'
            yield text(across(place), HEIGHT - BOTTOM + 18, f"{place:,}", "middle")
        yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, title, "middle")
        for number, (name, line) in enumerate(lines.items()):
            points = [(across(place), up(height)) for place, height in sorted(line.items())]
            yield from drawn(points, COLOURS[number % len(COLOURS)])
            yield text(LEFT + number * 110, TOP - 22, name, "start", COLOURS[number % len(COLOURS)])

    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    return "\n".join((opening, *body(), "</svg>", ""))


def drawn(points: Iterable[tuple[float, float]], colour: str) -> Iterator[str]:
    """Draw a line and a dot at each of its points."""
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def text(x: float, y: float, content: str, anchor: str, colour: str = "#333") -> str:
    """Write something."""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="13" text-anchor="{anchor}" fill="{colour}">{content}</text>'
