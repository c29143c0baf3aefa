"""Errors on their way through the steps: of those that must all run though some raise, and one that cannot pass."""

from __future__ import annotations


class StopIterationError(RuntimeError):
    """Carries a StopIteration of user code through the steps: they are coroutines, and Python lets none out of one.

    :param stop: what user code raised.
    """

    def __init__(self, stop: StopIteration) -> None:
        super().__init__("A StopIteration was raised, and is carried.")
        #: What user code raised.
        self.stop = stop


def raise_together(where: str, failures: list[BaseException]) -> None:
    """Raise what several steps raised: one error as itself, several as a group, none not at all.

    :param where: what they belonged to, for the text of the group.
    :param failures: the errors, in the order in which they happened.
    """
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise BaseExceptionGroup(f"Several errors in {where}", failures)
