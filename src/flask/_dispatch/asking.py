"""What a request asks for: most want a view and nothing else. That is asked once, when the request comes."""

from __future__ import annotations

import typing as t

from ..ctx import PRESERVE

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..app import Flask

#: The methods that nothing but a view answers.
_METHODS: t.Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


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
