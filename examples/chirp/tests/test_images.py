"""Images: what counts as one, and those that the code paints."""

from __future__ import annotations

import struct
import zlib

import pytest

from chirp.images import kind_of
from chirp.painting import HEIGHT, WIDTH, paint, png
from chirp.sample import DAWN


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\r", "png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"RIFF\x24\x00\x00\x00WEBP", "webp"),
        (b"RIFF\x24\x00\x00\x00WAVE", None),
        (b"<svg xmlns=", None),
        (b"%PDF-1.7", None),
        (b"GIF", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell_the_kind(start: bytes, kind: str | None) -> None:
    assert kind_of(start) == kind


def read_png(data: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of a PNG file, its checksums verified."""
    chunks, position = {}, 8
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        kind, body = data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, position + 8 + length)
        assert zlib.crc32(kind + body) == checksum
        chunks[kind] = body
        position += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    pixels = zlib.decompress(chunks[b"IDAT"])
    rows = [pixels[y * (3 * width + 1) : (y + 1) * (3 * width + 1)] for y in range(height)]
    assert all(row[0] == 0 for row in rows)
    return width, height, [row[1:] for row in rows]


def test_a_png_holds_the_pixels_it_was_given() -> None:
    rows = [bytes([255, 0, 0, 0, 255, 0]), bytes([0, 0, 255, 9, 9, 9])]
    assert read_png(png(rows)) == (2, 2, rows)


def test_a_landscape_has_sky_above_sun_in_it_and_hills_below() -> None:
    width, height, rows = read_png(paint(DAWN))
    assert (width, height) == (WIDTH, HEIGHT)
    assert tuple(rows[0][:3]) == DAWN.sky_top
    assert tuple(rows[-1][:3]) == DAWN.hills[-1]
    x, y = DAWN.sun_at
    assert tuple(rows[y - 20][3 * x : 3 * x + 3]) == DAWN.sun
