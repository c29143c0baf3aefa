"""The functions by which the proxies of Flask 0.8 to 2.1 found their objects."""

from __future__ import annotations

import typing as t

from ..globals import app_ctx, request_ctx

if t.TYPE_CHECKING:
    from ..app import Flask


def find_app() -> Flask:
    """The current application.

    :raises RuntimeError: if none is active.
    """
    return app_ctx.app


def lookup_app_object(name: str) -> t.Any:
    """An attribute of the active application context.

    :param name: the name of the attribute.
    :raises RuntimeError: if none is active.
    """
    return getattr(app_ctx, name)


def lookup_request_object(name: str) -> t.Any:
    """An attribute of the active request context.

    :param name: the name of the attribute.
    :raises RuntimeError: if none is active.
    """
    return getattr(request_ctx, name)
