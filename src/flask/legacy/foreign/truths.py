"""``distutils.util``, until Python 3.11: what programs took from it that install nothing."""

from __future__ import annotations

from sysconfig import get_platform


def strtobool(val: str) -> int:
    """1 for ``yes``, ``on``, ``true`` and their like, 0 for their opposites.

    :param val: the word.
    :raises ValueError: if it is neither.
    """
    word = val.lower()
    if word in {"y", "yes", "t", "true", "on", "1"}:
        return 1
    if word in {"n", "no", "f", "false", "off", "0"}:
        return 0
    raise ValueError(f"invalid truth value {word!r}")


__all__ = ["get_platform", "strtobool"]
