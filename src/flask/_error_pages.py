"""The answers of HTTP errors that nobody handles: Werkzeug's, whose pages are made once."""

from __future__ import annotations

import typing as t
from operator import attrgetter

from werkzeug.exceptions import HTTPException, MethodNotAllowed, default_exceptions

from .wrappers import Response

_making_of: t.Final[t.Callable[[type], t.Any]] = attrgetter("get_response", "get_body", "get_description", "name")
_by_werkzeug: t.Final = _making_of(HTTPException)
#: Those that do not depend on the request.
_headers_by_werkzeug: t.Final = HTTPException.get_headers, MethodNotAllowed.get_headers

#: The page for each kind of error and its description.
_pages: dict[tuple[type, str | None], bytes] = {}


def answer_of(error: HTTPException, response_class: type[Response]) -> Response | None:
    """The response that an error is; None if it is not one of Werkzeug's as they are, or the class of responses is not
    ours.
    """
    kind = type(error)
    if (
        response_class is not Response
        or error.response is not None
        or error.code is not kind.code
        or error.description is not kind.description
        or default_exceptions.get(error.code) is not kind  # type: ignore[arg-type]  # None has no class
        or kind.get_headers not in _headers_by_werkzeug
        or _making_of(kind) != _by_werkzeug
    ):
        return None
    page = _pages.get((kind, error.description))
    if page is None:
        # PERF: of the 13 µs that an error's response takes, the page and the list of headers are 10.
        page = _pages[kind, error.description] = error.get_body().encode()
    return Response(page, error.code, dict(error.get_headers()))
