"""Errors of steps that must all run though some raise."""

from __future__ import annotations


def raise_together(where: str, failures: list[BaseException]) -> None:
    """Raise what several steps raised: one error as itself, several as a group, none not at all.

    :param where: what they belonged to, for the text of the group.
    :param failures: the errors, in the order in which they happened.
    """
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise BaseExceptionGroup(f"Several errors in {where}", failures)
