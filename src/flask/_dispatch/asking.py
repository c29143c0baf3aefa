"""What a request asks for: most want a view and nothing else. That is asked once, when the request comes."""

from __future__ import annotations

import typing as t

from .._request_context import PRESERVE

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..app import Flask

#: The methods that nothing but a view answers.
METHODS: t.Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


def is_for_view(environ: WSGIEnvironment) -> bool:
    """Whether a request asks for nothing but a view, and is not to be kept for a debugger."""
    return (
        environ.get("REQUEST_METHOD") in METHODS
        and PRESERVE not in environ
        and "flask._preserve_context" not in environ
    )


def brings_session(app: Flask, cookies: str | None) -> bool:
    """Whether a request may have brought a session, which may have to be sent again though nobody looks at it.

    :param cookies: the header ``Cookie``.
    """
    return cookies is not None and app.config["SESSION_COOKIE_NAME"] in cookies
