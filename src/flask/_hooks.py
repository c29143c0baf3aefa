"""The functions that were registered for a request, in their two orders.

Registries are read as late as possible, since what one function does may change what comes next. The names of a
request's blueprints are asked for only where one may have functions.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .wrappers import Request

    Registry: t.TypeAlias = Mapping[t.Any, Sequence[t.Any]]


def inwards(registry: Registry, request: Request) -> Iterator[Sequence[t.Any]]:
    """The lists of a registry that concern a request: the application's, then those of its blueprints, the innermost
    last.
    """
    yield registry.get(None, ())
    if len(registry) != 1 or None not in registry:
        for name in reversed(request.blueprints):
            yield registry.get(name, ())


def outwards(registry: Registry, request: Request) -> Iterator[Sequence[t.Any]]:
    """The same lists the other way round, the application's last."""
    if len(registry) != 1 or None not in registry:
        for name in request.blueprints:
            yield registry.get(name, ())
    yield registry.get(None, ())
