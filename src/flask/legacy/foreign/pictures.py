"""``imghdr``, until Python 3.12: the format of a picture."""

from __future__ import annotations

import os
import typing as t

# What pictures begin with -> their format. A dot stands for any byte.
_BEGINNINGS: t.Final = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"MM": "tiff",
    b"II": "tiff",
    b"\x01\xda": "rgb",
    b"\x59\xa6\x6a\x95": "rast",
    b"#define ": "xbm",
    b"BM": "bmp",
    b"\x76\x2f\x31\x01": "exr",
}
_PORTABLE: t.Final = {b"1": "pbm", b"4": "pbm", b"2": "pgm", b"5": "pgm", b"3": "ppm", b"6": "ppm"}


def _test_beginning(h: bytes, f: t.Any) -> str | None:
    if h[:1] == b"P" and h[2:3] in {b" ", b"\t", b"\n", b"\r"}:
        return _PORTABLE.get(h[1:2])
    if h[:4] == b"RIFF" and h[8:12] == b"WEBP":
        return "webp"
    return next((name for beginning, name in _BEGINNINGS.items() if h.startswith(beginning)), None)


#: What is asked, one after the other, for the format: with the first bytes, and the file if there is one.
tests: list[t.Callable[[bytes, t.Any], str | None]] = [_test_beginning]


def what(file: t.Any, h: bytes | None = None) -> str | None:
    """The format of a picture, as it says itself; None if it is none that is known.

    :param file: the name of a file, or an open one, which is left where it is.
    :param h: the first bytes; no file is looked at then.
    """
    if h is not None:
        return _answer(h, None)
    if isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as opened:
            return _answer(opened.read(32), opened)
    place = file.tell()
    h = file.read(32)
    file.seek(place)
    return _answer(h, file)


def _answer(h: bytes, file: t.Any) -> str | None:
    return next(filter(None, (test(h, file) for test in tests)), None)


__all__ = ["tests", "what"]
