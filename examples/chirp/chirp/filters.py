"""Template filters: `{{ post.posted_at | ago }}`, `{{ post.text | linked }}`."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from zlib import crc32

from flask import Flask, url_for
from markupsafe import Markup, escape

UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))
MENTION_OR_TAG = re.compile(r"(?<![\w@#/])([@#])(\w+)")


def ago(seconds: int, now: float | None = None) -> str:
    """How long ago a moment was, in words; after a week, the date.

    :param seconds: the moment, in seconds since 1970.
    :param now: the present moment, where it is not the clock's.

    >>> ago(1_000_000, now=1_000_059)
    'just now'
    >>> ago(1_000_000, now=1_000_000 + 2 * 3600)
    '2 hours ago'
    >>> ago(1_000_000, now=1_000_000 + 30 * 86400)
    '12 January 1970'
    """
    age = (time.time() if now is None else now) - seconds
    if age >= 7 * 86400:
        return day(seconds)
    for length, unit in UNITS:
        count = int(age // length)
        if count > 0:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def day(seconds: int) -> str:
    """The date of a moment."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment.day} {moment:%B %Y}"


def iso(seconds: int) -> str:
    """The moment for machines: `<time datetime="…">`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def linked(text: str) -> Markup:
    """The text with `@someone` and `#something` as links.

    The text is cut into pieces, and each is escaped on its own: looking for `#` in escaped text would also
    find the one in `&#39;`.
    """
    pieces, end = Markup(), 0
    for match in MENTION_OR_TAG.finditer(text):
        sign, word = match.groups()
        if sign == "@":
            url = url_for("profiles.show", username=word.lower())
        else:
            url = url_for("search.show", q=word)
        pieces += escape(text[end : match.start()]) + Markup('<a href="{}">{}</a>').format(url, match[0])
        end = match.end()
    return pieces + escape(text[end:])


def hue(username: str) -> int:
    """Which of the twelve colours of the stylesheet stands for a person."""
    return crc32(username.encode()) % 12


def init_app(app: Flask) -> None:
    for function in (ago, day, iso, linked, hue):
        app.add_template_filter(function)
