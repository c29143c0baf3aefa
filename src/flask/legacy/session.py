"""``flask.session`` as a module: in 0.8 the name of the class stood there. As an attribute it is the proxy."""

from __future__ import annotations

from ..sessions import SecureCookieSession as Session

__all__ = ["Session"]
