"""Which methods of an application are not ours: overridden in a subclass, or replaced on the class or the instance."""

from __future__ import annotations

import typing as t
from operator import attrgetter

if t.TYPE_CHECKING:
    from .app import Flask

#: The methods that a request passes by while they are ours. All other methods of an application are simply called.
NAMES: t.Final = (
    "full_dispatch_request",
    "preprocess_request",
    "dispatch_request",
    "finalize_request",
    "make_response",
    "process_response",
    "handle_user_exception",
    "handle_http_exception",
    "handle_exception",
    "request_context",
    "app_context",
    "create_url_adapter",
    "open_session",
    "save_session",
    "ensure_sync",
    "async_to_sync",
    "do_teardown_request",
    "do_teardown_appcontext",
)

#: Those by which the framework calls what the user wrote.
OF_CALLING: t.Final = frozenset({"ensure_sync", "async_to_sync"})
#: Those that open and save a session.
OF_SESSIONS: t.Final = frozenset({"open_session", "save_session"})
#: Those that end a context.
OF_TEARDOWN: t.Final = frozenset({"do_teardown_request", "do_teardown_appcontext"})

#: Those that a server calls. Middleware is put around them.
ENTRANCES: t.Final = ("wsgi_app", "__call__", "asgi_app")

#: None of them.
NONE: t.Final[frozenset[str]] = frozenset()
_methods: t.Final[t.Callable[[type], tuple[t.Any, ...]]] = attrgetter(*NAMES)
_ours: tuple[t.Any, ...] = ()
_our_entrances: tuple[t.Any, ...] = ()
_class: type[Flask] | None = None
_attributes: t.Mapping[str, t.Any] = {}
_count = 0


def settle(cls: type[Flask]) -> None:
    """Note the methods of the class as ours, whatever takes their place on it later."""
    global _ours, _our_entrances, _class, _attributes, _count
    _our_entrances = attrgetter(*ENTRANCES)(cls)
    _ours, _class, _attributes, _count = _methods(cls), cls, vars(cls), len(vars(cls))


def replaced(app: Flask) -> frozenset[str]:
    """The names of the methods that are not ours. A request asks once, when it begins."""
    # PERF: to look at each is 0.4 µs, of the 9 of a text by ASGI. Ours all stand on the bases of the class, so one that
    # is put on it, in place of ours, is one attribute more. It may be something else, and then each is looked at.
    if app.__class__ is _class and len(_attributes) == _count and not app._replaced_on_instance:
        return NONE
    found = _methods(type(app))
    if found == _ours and not app._replaced_on_instance:
        return NONE
    return frozenset(
        name for name, method, ours in zip(NAMES, found, _ours, strict=True) if method is not ours or name in vars(app)
    )


def our_entrances() -> tuple[t.Any, ...]:
    """What a server calls, as it stands in the class, whatever has taken its place there since."""
    return _our_entrances


def is_ours(app: Flask, name: str) -> bool:
    """Whether one of these methods is the framework's own.

    :param name: its name.
    """
    return getattr(type(app), name) is _ours[NAMES.index(name)] and name not in vars(app)


def is_ours_in(cls: type[Flask], name: str) -> bool:
    """The same of a class, whatever an instance has in its place.

    :param name: its name.
    """
    return getattr(cls, name) is _ours[NAMES.index(name)]
