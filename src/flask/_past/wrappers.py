"""What :class:`flask.Request` once had."""

from __future__ import annotations

import typing as t

from ..globals import current_app


class JSONMixin:
    """Gave requests and responses their JSON methods in Flask 1.0 and 1.1.

    Werkzeug's have them all now. What the mixin is still good for is to be asked about, and to be a base beside them.
    """


class PastRequest(JSONMixin):
    """Attributes that later releases of Flask or Werkzeug removed from the request."""

    if t.TYPE_CHECKING:
        environ: t.Any

        @property
        def blueprint(self) -> str | None: ...

    @property
    def is_xhr(self) -> bool:
        """Whether a script in the page made the request and says so: ``X-Requested-With`` is ``XMLHttpRequest``.

        Only some JavaScript libraries say so (jQuery does, ``fetch`` does not), so do not rely on it.

        >>> from flask import Flask, request
        >>> with Flask("shop").test_request_context(headers={"X-Requested-With": "XMLHttpRequest"}):
        ...     request.is_xhr
        True

        .. versionchanged:: 1.1
            Removed with Werkzeug 1.0; kept here.
        """
        return str(self.environ.get("HTTP_X_REQUESTED_WITH", "")).lower() == "xmlhttprequest"

    @property
    def module(self) -> str | None:
        """The name of the module that handles the request, if it is a deprecated ``Module``; else None.

        .. deprecated:: 0.7
            Use blueprints.
        """
        name = self.blueprint
        if name is not None and getattr(current_app.blueprints.get(name), "is_module", False):
            return name
        return None
