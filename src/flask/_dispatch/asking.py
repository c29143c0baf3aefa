"""What a request asks for: most want a view and nothing else, and of many applications nobody else takes part in it.

Both are asked once, when the request comes, so that the steps need not ask part by part.
"""

from __future__ import annotations

import typing as t

from .._activation import active
from .._stages import replaced
from ..ctx import PRESERVE, begins_as_ours
from ..sessions import opens_unnoticed
from ..signals import (
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    request_finished,
    request_started,
    request_tearing_down,
)

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..app import Flask

#: The methods that nothing but a view answers.
_METHODS: t.Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


def is_view_alone(app: Flask) -> bool:
    """Whether nobody takes part in a request of the application but its view."""
    return not (
        app.before_request_funcs
        or app.after_request_funcs
        or app.teardown_request_funcs
        or app.teardown_appcontext_funcs
        or app.url_value_preprocessors
        or app._first_request_pending
        or app._kept_contexts
        or request_started.receivers
        or request_finished.receivers
        or request_tearing_down.receivers
        or appcontext_pushed.receivers
        or appcontext_popped.receivers
        or appcontext_tearing_down.receivers
        or active.get() is not None
        or not begins_as_ours()
        or not opens_unnoticed(app.session_interface)
        or replaced(app)
    )


def is_for_view(app: Flask, environ: WSGIEnvironment) -> bool:
    """Whether a request asks for nothing but a view: not for a session's refreshment, not to be kept for a debugger."""
    return (
        environ.get("REQUEST_METHOD") in _METHODS
        and app.config["SESSION_COOKIE_NAME"] not in environ.get("HTTP_COOKIE", "")
        and PRESERVE not in environ
        and "flask._preserve_context" not in environ
    )


def is_for_view_by(app: Flask, method: str | None, headers: t.Mapping[bytes, bytes]) -> bool:
    """The same of a request that came by ASGI and has none but plain headers."""
    cookies = headers.get(b"cookie")
    return method in _METHODS and (
        cookies is None or app.config["SESSION_COOKIE_NAME"] not in cookies.decode("latin-1")
    )
