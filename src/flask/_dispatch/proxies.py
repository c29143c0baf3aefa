"""What proxies in front of the server say of a request: believed as far as ``TRUSTED_PROXIES`` has it."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from werkzeug.middleware.proxy_fix import ProxyFix

    from ..app import Flask


def apply(app: Flask, environ: WSGIEnvironment) -> None:
    """Write what the trusted proxies say into the environment."""
    trusted = app.config["TRUSTED_PROXIES"]
    if trusted:
        _fix(trusted)(environ, _start_nothing)


def _fix(trusted: t.Any) -> ProxyFix:
    # Imported where it is used: most applications have no use for it.
    from werkzeug.middleware.proxy_fix import ProxyFix

    try:
        if isinstance(trusted, Mapping):
            return ProxyFix(_nothing, **{"x_for": 0, "x_proto": 0, **trusted})
        if isinstance(trusted, int) and not isinstance(trusted, bool):
            return ProxyFix(_nothing, x_for=trusted, x_proto=trusted)
    except TypeError:
        pass
    raise TypeError(
        f"The configuration TRUSTED_PROXIES is {trusted!r}. It must be how many proxies are in front of the server,"
        " each of which adds to X-Forwarded-For and X-Forwarded-Proto; or a dict of how many set each header, with the"
        " keys x_for, x_proto, x_host, x_port and x_prefix."
    )


def _nothing(environ: WSGIEnvironment, start_response: t.Any) -> list[bytes]:
    """An application that only lets what is around it see the environment."""
    return []


def _start_nothing(*args: t.Any) -> t.NoReturn:
    raise AssertionError("Nothing answers here.")


def rewrite(fix: ProxyFix, environ: WSGIEnvironment) -> None:
    """Do to an environment what a middleware of these settings does before it calls its application."""
    twin = type(fix)(_nothing, fix.x_for, fix.x_proto, fix.x_host, fix.x_port, fix.x_prefix)
    twin(environ, _start_nothing)


def unwrap(application: WSGIApplication) -> tuple[list[ProxyFix], WSGIApplication]:
    """Take Werkzeug's own middleware for proxies off an application.

    :return: the middlewares, the outermost first, and what they are around.
    """
    from werkzeug.middleware.proxy_fix import ProxyFix

    fixes = []
    while type(application) is ProxyFix:
        fixes.append(application)
        application = application.app
    return fixes, application
