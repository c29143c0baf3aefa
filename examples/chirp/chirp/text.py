"""Text that people send."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """The text without what no one can see: control characters, and space at both ends.

    >>> clean("  one\\r\\ntwo\\x00 ")
    'one\\ntwo'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) != "Cc").strip()


def problem_with(text: str, thing: str, longest: int, shortest: int = 1) -> str | None:
    """A sentence on why the text is too short or too long, or None.

    >>> problem_with("", "Your name", 40)
    'Your name is missing.'
    """
    if not text and shortest:
        return f"{thing} is missing."
    if len(text) < shortest:
        return f"{thing} is too short: it needs at least {shortest} characters."
    if len(text) > longest:
        return f"{thing} is too long: it has {len(text)} characters, and {longest} are the most."
    return None
