"""Small landscapes, painted by code: the images of the sample posts."""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 360

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Landscape:
    """What there is to see: a sky from top to horizon, a sun, and hills one before the other."""

    sky_top: Colour
    sky_bottom: Colour
    sun: Colour
    sun_at: tuple[int, int]  # from the left and from the top, in pixels
    hills: tuple[Colour, ...]  # the farthest first


def paint(landscape: Landscape) -> bytes:
    """The landscape as a PNG file."""
    count = len(landscape.hills)
    horizons = [[_hill_top(x, number, count) for x in range(WIDTH)] for number in range(count)]
    return png([_row(landscape, horizons, y) for y in range(HEIGHT)])


def png(rows: list[bytes]) -> bytes:
    """A PNG file of rows of pixels, three bytes (red, green, blue) for each.

    >>> png([bytes([255, 0, 0])])[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    width, height = len(rows[0]) // 3, len(rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits a channel, in colour
    pixels = b"".join(b"\0" + row for row in rows)  # the zero says: this row is stored as it is
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(pixels, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _hill_top(x: int, number: int, count: int) -> float:
    """How far from the top a hill begins, in the column x."""
    base = HEIGHT * (0.55 + 0.42 * number / count)
    phase = 1.7 * number
    return base + 22 * math.sin(x / 90 + phase) + 9 * math.sin(x / 31 + 3 * phase)


def _row(landscape: Landscape, horizons: list[list[float]], y: int) -> bytes:
    sky = _mix(landscape.sky_top, landscape.sky_bottom, min(1.0, y / (HEIGHT * 0.7)))
    row = bytearray(bytes(sky) * WIDTH)
    for x in range(WIDTH):
        colour = _colour_at(landscape, horizons, x, y)
        if colour:
            row[3 * x : 3 * x + 3] = bytes(colour)
    return bytes(row)


def _colour_at(landscape: Landscape, horizons: list[list[float]], x: int, y: int) -> Colour | None:
    """The colour of what stands before the sky here, or None."""
    for hill, horizon in zip(reversed(landscape.hills), reversed(horizons), strict=True):
        if y >= horizon[x]:
            return hill
    across, down = x - landscape.sun_at[0], y - landscape.sun_at[1]
    return landscape.sun if across * across + down * down < 34 * 34 else None


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
