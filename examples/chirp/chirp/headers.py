"""The headers that tell browsers what Chirp's pages never do, so that nothing slipped into them can."""

from __future__ import annotations

from flask import Flask, Response

SECURITY_HEADERS = {
    # Styles and images from here only, no scripts at all, no frames around us, forms sent to us only.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",  # an image is an image, whatever it looks like
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def add(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)  # a view may have said something stricter
    return response


def init_app(app: Flask) -> None:
    app.after_request(add)
