"""What response a view's return value is."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from .. import _activation, eras
from .._awaiting import AsyncItems
from .._error_pages import answer_of
from .._shortcuts import TAKEN
from ..globals import request

_HTTP_EXCEPTION: t.Final = HTTPException.__call__

if t.TYPE_CHECKING:
    from ..app import Flask
    from ..wrappers import Response


def to_response(app: Flask, rv: t.Any) -> Response:
    """The response for a return value: see :meth:`flask.Flask.make_response`."""
    if rv.__class__ is str:  # what most views return
        return app.response_class(rv)
    if rv.__class__ is dict or rv.__class__ is list:
        return t.cast("Response", app.json.response(rv))
    if isinstance(rv, tuple):
        if len(rv) not in (2, 3) and eras.is_old("response_tuple_arguments"):
            return app.response_class(*rv)
        body, status, headers = _parts(rv)
    else:
        body, status, headers = rv, None, None
    if body.__class__ is not str and hasattr(body, "__aiter__") and not isinstance(body, Iterator):
        body = AsyncItems(body)
    if isinstance(body, app.response_class):
        response: t.Any = body
    elif isinstance(body, (str, bytes, bytearray, Iterator)):
        # Let the constructor settle all at once: a status or header set later costs more.
        response = app.response_class(body, status=status, headers=headers)  # type: ignore[arg-type]  # bytearray, too
        status = headers = None
    elif isinstance(body, (dict, list)):
        response = app.json.response(body)
    elif isinstance(body, HTTPException) and type(body).__call__ is _HTTP_EXCEPTION:
        response = answer_of(body, app.response_class) if TAKEN else None
        if response is None:
            response = app.response_class.force_type(body.get_response(request.environ), request.environ)
    elif isinstance(body, WerkzeugResponse) or callable(body):
        response = _from_wsgi(app, body)
    else:
        raise TypeError(_no_response(body))
    if status is not None:
        if isinstance(status, (str, bytes, bytearray)):
            response.status = status
        else:
            response.status_code = status
    if headers:
        response.headers.update(headers)
    return t.cast("Response", response)


def _parts(rv: tuple[t.Any, ...]) -> tuple[t.Any, t.Any, t.Any]:
    """Body, status and headers of a tuple."""
    if len(rv) == 3:
        body, status, headers = rv
    elif len(rv) == 2 and isinstance(rv[1], (Headers, dict, tuple, list)):
        (body, headers), status = rv, None
    elif len(rv) == 2:
        (body, status), headers = rv, None
    else:
        raise TypeError(_no_tuple(f"it has {len(rv)} parts"))
    if status is not None and not isinstance(status, (int, str)):
        raise TypeError(_no_tuple(f"{status!r} is no status"))
    if headers is not None and not hasattr(headers, "__iter__"):
        raise TypeError(_no_tuple(f"{headers!r} is no headers"))
    return body, status, headers


def _no_tuple(why: str) -> str:
    return (
        f"{_view()} did not return a valid response tuple: {why}. A tuple is (body, status, headers), (body, status) or"
        " (body, headers), where the status is a number or a line of text, and the headers are a dict or pairs."
    )


def _from_wsgi(app: Flask, body: t.Any) -> t.Any:
    """The response that another application, or a response of another class, gives."""
    try:
        return app.response_class.force_type(body, request.environ)
    except TypeError as error:
        raise TypeError(f"{_no_response(body)} Calling it as a WSGI application failed: {error}") from error


def _view() -> str:
    ctx = _activation.request_context()
    return f"The view function for {ctx.request.endpoint!r}" if ctx is not None else "The view function"


def _no_response(body: t.Any) -> str:
    if body is None:
        return (
            f"{_view()} did not return a valid response: it returned None. Perhaps it ends without `return`, or a"
            " branch of it does."
        )
    return (
        f"{_view()} did not return a valid response: {type(body).__name__} is none of the types that make one. These"
        " are str, bytes, dict, list, an iterator, a response object, a WSGI application, or a tuple of one of them"
        " with status or headers."
    )
