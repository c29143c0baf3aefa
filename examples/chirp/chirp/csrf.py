"""Protection against cross-site request forgery.

A browser sends the session cookie along with every request to Chirp, also with one that another site's page
started. What another site cannot do is read our pages. So each form holds a token that also stands in the
session, and a request that changes something counts only if the two agree.
"""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, abort, request, session

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}  # these never change anything


def token() -> str:
    """The token of this session, for the hidden field `csrf_token`."""
    if "csrf_token" not in session:
        session["csrf_token"] = secrets.token_urlsafe(32)
    kept: str = session["csrf_token"]
    return kept


def check() -> None:
    """Refuse a form without the token of its session, before any view sees it."""
    if request.method in SAFE_METHODS or request.endpoint is None:  # no endpoint: a 404 or 405 comes anyway
        return
    if request.blueprint == "api":  # which does not look at cookies: see chirp.views.api
        return
    expected = session.get("csrf_token", "")
    given = request.form.get("csrf_token", "")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        abort(400, "The form is out of date. Go back, load the page again and send it once more.")


def init_app(app: Flask) -> None:
    app.before_request(check)
    app.context_processor(lambda: {"csrf_token": token})
