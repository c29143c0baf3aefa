"""Which stages of a request the user overrode or replaced."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ..app import Flask

#: The methods that the steps pass by while they are ours. All other methods of an application are simply called.
NAMES: t.Final = (
    "preprocess_request",
    "dispatch_request",
    "finalize_request",
    "process_response",
    "handle_user_exception",
    "handle_http_exception",
)

#: All methods whose replacement on an instance is noted, because some shortcut would pass them by.
WATCHED: t.Final = frozenset(
    {
        *NAMES,
        "ensure_sync",
        "async_to_sync",
        "create_url_adapter",
        "open_session",
        "save_session",
        "do_teardown_request",
        "do_teardown_appcontext",
    }
)

_ours: tuple[t.Any, ...] = ()
_NONE: t.Final[frozenset[str]] = frozenset()


def _of_class(cls: type[t.Any]) -> tuple[t.Any, ...]:
    # Written out, not looped over NAMES: every request asks.
    return (
        cls.preprocess_request,
        cls.dispatch_request,
        cls.finalize_request,
        cls.process_response,
        cls.handle_user_exception,
        cls.handle_http_exception,
    )


def settle(cls: type[Flask]) -> None:
    """Note the stages of the class as ours."""
    global _ours
    _ours = _of_class(cls)


def replaced(app: Flask) -> frozenset[str]:
    """The names of the stages that are not ours: overridden in a subclass, or replaced on the class or the instance."""
    found = _of_class(type(app))
    if found == _ours and not app._replaced_on_instance:
        return _NONE
    return frozenset(
        name for name, method, ours in zip(NAMES, found, _ours, strict=True) if method is not ours or name in vars(app)
    )
