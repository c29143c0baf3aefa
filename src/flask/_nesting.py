"""What was pushed upon a context and never popped: it would stay active for whatever comes next here."""

from __future__ import annotations

import typing as t

from ._activation import current, deactivate
from ._failures import raise_together


class Context:
    """A context of ours, which is popped where it was left behind. What else was made active there is only put away."""

    pop: t.Callable[..., None]


def pop_abandoned(context: t.Any, exc: BaseException | None, failures: list[BaseException]) -> None:
    """Pop what was pushed after a context and never popped: it would stay active for whatever comes next here."""
    abandoned, activation = [], current()
    while activation is not None and activation[0] is not context:
        abandoned.append(activation)
        activation = activation[3]
    if activation is None:
        return  # the context itself is not active here, and popping it will say so
    for activation in abandoned:
        other = activation[0]
        is_kept = activation is getattr(other, "_kept_activation", None)
        try:
            other.pop(exc) if isinstance(other, Context) else deactivate(other)
            if exc is None and not is_kept:
                raise AssertionError(
                    f"{other!r} was pushed while {context!r} was active, and not popped before that ended. It was"
                    " popped now. Push contexts in a `with` statement, or pop them in a `finally` block."
                )
        except BaseException as error:
            failures.append(error)


def pop_down_to(context: t.Any, exc: BaseException | None) -> None:
    """Pop a context, and before it what was pushed after it and never popped."""
    failures: list[BaseException] = []
    pop_abandoned(context, exc, failures)
    try:
        context.pop(exc)
    except BaseException as error:
        failures.append(error)
    raise_together("the end of a context", failures)
