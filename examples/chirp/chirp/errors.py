"""The pages for what goes wrong."""

from __future__ import annotations

from flask import Flask, render_template, request
from werkzeug import Response
from werkzeug.exceptions import HTTPException, InternalServerError

from chirp.views import api

HEADLINES = {
    400: "That did not make sense",
    403: "That is not yours to change",
    404: "Nothing here",
    405: "Not like that",
    413: "That is too much",
}


def show_http_error(error: HTTPException) -> Response:
    """Answer with a page, or for an unknown address below /api (where no blueprint was found) with JSON."""
    if request.path.startswith("/api/"):
        return api.show_error(error)
    # Starting with the error's own response keeps its headers, `Allow` for one.
    response = error.get_response()
    headline = HEADLINES.get(error.code or 0, error.name)
    response.data = render_template("error.html", error=error, headline=headline)
    response.content_type = "text/html; charset=utf-8"
    return response


def show_server_error(error: InternalServerError) -> Response | tuple[str, int]:
    """Our own fault. The page asks for neither session nor database: they may be what is broken."""
    if request.path.startswith("/api/"):
        return api.show_error(error)
    return render_template("server_error.html"), 500


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(500, show_server_error)
