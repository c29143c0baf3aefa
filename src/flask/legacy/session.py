"""``flask.session`` as a module: in 0.8 the classes of sessions stood there. As an attribute it is the proxy."""

from __future__ import annotations

from ..sessions import NullSession, SecureCookieSession

#: The names of before 0.8.
Session = SecureCookieSession
_NullSession = NullSession

__all__ = ["NullSession", "SecureCookieSession", "Session"]
