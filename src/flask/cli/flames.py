"""Flame graphs: what was seen at many looks, as a picture of who called whom and how much of the time that took."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from .parts import home_of, is_template

if t.TYPE_CHECKING:
    from types import CodeType

    from .sampling import Stack

_WIDTH: t.Final = 1200
_ROW: t.Final = 18
_TOP: t.Final = 56
_LETTER: t.Final = 6.6
#: The narrowest box that is drawn, in pixels.
_NARROWEST: t.Final = 0.3

#: Whose code has which colour, and what it is called.
_COLORS: t.Final = {
    "yours": ("#f2a65a", "your code"),
    "template": ("#9ccc65", "your templates"),
    "package": ("#f7d08a", "other packages"),
    "flask": ("#7fb3d5", "the framework"),
    "library": ("#b3cde0", "its libraries"),
    "python": ("#d0d0d0", "Python's library"),
}


def name_of(code: CodeType) -> str:
    """How code is shown: its name, file and line; of a template only the file."""
    path = home_of(code)[1]
    if home_of(code)[0] in ("yours", "package"):
        try:
            path = str(Path(path).relative_to(Path.cwd()))
        except ValueError:
            pass
    return path if is_template(code) else f"{code.co_qualname} ({path}:{code.co_firstlineno})"


@dataclass
class Flame:
    """Code that was seen below other code, and for how long."""

    color: str
    name: str
    seconds: float = 0.0
    above: dict[CodeType, Flame] = field(default_factory=dict)


def _grow(stacks: t.Mapping[Stack, float]) -> Flame:
    """The flame of the whole request."""
    root = Flame("flask", "the request")
    for stack, seconds in stacks.items():
        root.seconds += seconds
        flame = root
        for code in stack[1:]:
            if code not in flame.above:
                flame.above[code] = Flame("template" if is_template(code) else home_of(code)[0], name_of(code))
            flame = flame.above[code]
            flame.seconds += seconds
    return root


def draw(stacks: t.Mapping[Stack, float], title: str, mean: float) -> str:
    """The graph as an SVG image, who calls above whom is called. Each box tells its name, and its time, when the mouse
    is over it.

    :param mean: how long the request takes, in seconds.
    """
    root = _grow(stacks)
    boxes: list[str] = []
    deepest = 0
    waiting = [(root, 0.0, 0)]
    while waiting:
        flame, left, depth = waiting.pop()
        deepest = max(deepest, depth)
        boxes.append(_box(flame, left, depth, root.seconds, mean))
        for one in sorted(flame.above.values(), key=lambda above: -above.seconds):
            width = one.seconds / root.seconds * _WIDTH
            if width >= _NARROWEST:
                waiting.append((one, left, depth + 1))
                left += width
    height = _TOP + (deepest + 1) * _ROW + 8
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}"'
            f' viewBox="0 0 {_WIDTH} {height}" font-family="monospace" font-size="11">',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="4" y="20" font-size="15">{escape(title)}</text>',
            *_legend(),
            *boxes,
            "</svg>\n",
        ]
    )


def _box(flame: Flame, left: float, depth: int, whole: float, mean: float) -> str:
    share = flame.seconds / whole
    width, top = share * _WIDTH, _TOP + depth * _ROW
    letters = int((width - 6) / _LETTER)
    name = flame.name if len(flame.name) <= letters else f"{flame.name[: letters - 1]}…"
    text = f'<text x="{left + 3:.2f}" y="{top + 12}">{escape(name)}</text>' if letters > 2 else ""
    return (
        f"<g><title>{escape(flame.name)}: {share:.1%}, {share * mean * 1e6:,.1f} µs</title>"
        f'<rect x="{left:.2f}" y="{top}" width="{width:.2f}" height="{_ROW - 1}" rx="2"'
        f' fill="{_COLORS[flame.color][0]}"/>{text}</g>'
    )


def _legend() -> t.Iterator[str]:
    left = 4
    for color, what in _COLORS.values():
        yield f'<rect x="{left}" y="32" width="12" height="12" rx="2" fill="{color}"/>'
        yield f'<text x="{left + 17}" y="42">{what}</text>'
        left += 170


def to_speedscope(stacks: t.Mapping[Stack, float], title: str) -> str:
    """The graph for https://www.speedscope.app, a viewer that runs in the browser: JSON."""
    numbers: dict[CodeType, int] = {}
    samples = [[numbers.setdefault(code, len(numbers)) for code in stack[1:]] for stack in stacks]
    frames = [{"name": code.co_qualname, "file": code.co_filename, "line": code.co_firstlineno} for code in numbers]
    profile = {
        "type": "sampled",
        "name": title,
        "unit": "seconds",
        "startValue": 0,
        "endValue": sum(stacks.values()),
        "samples": samples,
        "weights": list(stacks.values()),
    }
    return json.dumps(
        {
            "$schema": "https://www.speedscope.app/file-format-schema.json",
            "name": title,
            "exporter": "flask profile",
            "shared": {"frames": frames},
            "profiles": [profile],
        }
    )
