"""How what was observed on both sides may differ: each function tells whether it does in one way, and in no other.

The first argument is what was observed of ours, the second of theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

How = Callable[[Any, Any], bool]


def anyhow(ours: Any, theirs: Any) -> bool:
    return True


def exactly(ours: Any, theirs: Any) -> How:
    """Whether the values are these."""
    return lambda our, their: (our, their) == (ours, theirs)


def without(name: str, beginning: str = "") -> How:
    """Whether ours are theirs but for the headers or events of that name, whose value begins in that way."""

    def are_the_others(ours: Any, theirs: Any) -> bool:
        others = [item for item in theirs or () if item[0] != name or not str(item[1]).startswith(beginning)]
        return bool(ours == others)

    return are_the_others


def but_for(name: str) -> How:
    """Whether the headers are the same but for the value of one."""
    return lambda ours, theirs: [h for h in ours if h[0] != name] == [h for h in theirs if h[0] != name]


def saying(ours: str, theirs: str) -> How:
    """Whether each text says so."""
    return lambda our, their: ours in our and theirs in their


def replaced(ours: str, theirs: str) -> How:
    """Whether the values are the same but that ours have one text where theirs have another."""
    return lambda our, their: str(our).replace(ours, theirs) == str(their)


def silent_context(ours: Any, theirs: Any) -> bool:
    """Whether the events are the same but for signals of a context that is pushed and popped in between."""
    return _without_pushes(ours) == _without_pushes(theirs)


def torn_down_once(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs but for a first teardown, before the stream begins."""
    ours, theirs = _without_pushes(ours), _without_pushes(theirs)
    begin = next((number for number, event in enumerate(theirs) if _is_of_the_end(event)), len(theirs))
    end = begin
    while end < len(theirs) and _is_of_the_end(theirs[end]):
        end += 1
        if ours == [_without_exit(event) for event in theirs[:begin] + theirs[end:]]:
            return True
    return False


def all_torn_down(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs and what belongs to the end besides, each in its place."""
    rest = iter(ours)
    added = [event for event in ours if event not in theirs]
    return all(event in rest for event in theirs) and all(map(_is_of_the_end, _without_pushes(added)))


def fewer_ends(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs without some of what belongs to the end of contexts."""
    ours, theirs = _without_pushes(ours), _without_pushes(theirs)
    others = [[event for event in events if not _is_of_the_end(event)] for events in (ours, theirs)]
    return others[0] == others[1] and len(ours) < len(theirs)


def more_than(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs, in that order, and others."""
    rest = iter(ours or [])
    return all(item in rest for item in theirs or [])


def in_another_order(ours: Any, theirs: Any) -> bool:
    """Whether ours and theirs are the same things."""
    return sorted(map(str, ours)) == sorted(map(str, theirs))


def in_a_group(ours: Any, theirs: Any) -> bool:
    """Whether ours is a group that holds theirs, and something else."""
    text = str(ours).removeprefix("raised ")
    return text.startswith("ExceptionGroup of ") and str(theirs).removeprefix("raised ") in text


def closed_once(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs but for a first teardown, and that the lines are closed once."""
    others = [[event for event in events if event != "lines closed"] for events in (ours, theirs)]
    return ours.count("lines closed") == 1 and (others[0] == others[1] or torn_down_once(*others))


def _without_pushes(events: Any) -> Any:
    return [event for event in events if event[1:2] not in (["appcontext_pushed"], ["appcontext_popped"])]


def _is_of_the_end(event: Any) -> bool:
    return event[0].startswith("teardown") or event[1:2] in (["request_tearing_down"], ["appcontext_tearing_down"])


def _without_exit(event: Any) -> Any:
    """An event without the exception that tells a generator that nobody listens any more, which is no error."""
    return [None if part == "GeneratorExit" else part for part in event] if isinstance(event, list) else event
