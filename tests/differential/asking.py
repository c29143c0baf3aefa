"""Requests: how a case writes one down, and how it is sent to an application by WSGI, without a server."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

from observing import active_contexts, error_name, note, taken_events
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import EnvironBuilder, encode_multipart

Request = dict[str, Any]
Observed = dict[str, Any]


class Upload(NamedTuple):
    """A file in a form."""

    content: bytes
    name: str
    mimetype: str | None = None


def ask(method: str, path: str, **options: Any) -> Request:
    """A request: method, path, and arguments for Werkzeug's ``EnvironBuilder``.

    :param options: ``name`` is what the case is called, where what is sent does not tell; ``environ`` holds what the
        WSGI environment has besides; with ``stop_after`` the client goes away after that many pieces of the body.
    """
    return {"method": method, "path": path, **options}


def get(path: str, **options: Any) -> Request:
    return ask("GET", path, **options)


def post(path: str, **options: Any) -> Request:
    return ask("POST", path, **options)


def label(request: Request) -> str:
    """A request as the name of its case."""
    if "name" in request:
        return f"{request['method']} {request['path']} with {request['name']}"
    options = {name: value for name, value in request.items() if name not in ("method", "path")}
    text = " ".join([request["method"], request["path"], *(f"{name}={value!r}" for name, value in options.items())])
    return text if len(text) <= 160 else f"{text[:150]}…{len(text)}"


def send(app: Any, request: Request, cookies: dict[str, str]) -> Observed:
    """Send a request, and tell all that can be seen of what comes back, and what happened meanwhile.

    :param cookies: the cookies of the client, changed as the answer says.
    """
    request = {name: value for name, value in request.items() if name != "name"}
    stop_after = request.pop("stop_after", None)
    environ = _environ(request, cookies)
    seen: Observed = {"status": None, "headers": None, "raised": None}
    body: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        _keep_cookies(cookies, headers)
        seen.update(status=status, headers=sorted([name.title(), _timeless(name, value)] for name, value in headers))
        return body.append

    try:
        items = app(environ, start_response)
        try:
            _receive(items, body, stop_after)
        finally:
            if hasattr(items, "close"):
                items.close()
            note("closed")
    except BaseException as error:
        seen["raised"] = error_name(error)
    return {**seen, "body": _text(b"".join(body)), "events": taken_events(), "left": active_contexts()}


def _environ(request: Request, cookies: dict[str, str]) -> dict[str, Any]:
    more = request.pop("environ", {})
    data, content_type = request.get("data"), request.get("content_type", "")
    if isinstance(data, dict) and (content_type == "multipart/form-data" or "Upload(" in repr(data)):
        request.update(_multipart(data))
    builder = EnvironBuilder(**request)
    environ = {**builder.get_environ(), "REMOTE_ADDR": "127.0.0.1", **more}
    builder.close()
    if cookies and "HTTP_COOKIE" not in environ:
        environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return environ


def _multipart(data: dict[str, Any]) -> dict[str, Any]:
    """A form as multipart, always with the same boundary."""
    values: MultiDict[str, Any] = MultiDict()
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            is_file = isinstance(one, Upload)
            values.add(name, FileStorage(io.BytesIO(one.content), one.name, name, one.mimetype) if is_file else one)
    boundary, body = encode_multipart(values, boundary="boundary")
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def _receive(items: Any, body: list[bytes], stop_after: int | None) -> None:
    pieces = 0
    for item in items:
        if item:
            note("sent")
            body.append(item if isinstance(item, bytes) else f"no bytes: {item!r}".encode())
            pieces += 1
        if pieces == stop_after:
            break


def _keep_cookies(cookies: dict[str, str], headers: list[tuple[str, str]]) -> None:
    for name, value in headers:
        if name.lower() == "set-cookie":
            for key, morsel in SimpleCookie(value).items():
                if morsel["max-age"] == "0":
                    cookies.pop(key, None)
                else:
                    cookies[key] = morsel.coded_value


def _timeless(name: str, value: str) -> str:
    """A header without what depends on the time of the request."""
    if name.lower() in ("date", "expires"):
        return _from_now(value)
    if name.lower() == "set-cookie":
        return re.sub(r"Expires=([^;]+)", lambda match: f"Expires={_from_now(match[1])}", value)
    return value


def _from_now(date: str) -> str:
    """A date as minutes from now, unless it is long past: then it is one that says so."""
    when = parsedate_to_datetime(date)
    minutes = round((when - datetime.now(UTC)).total_seconds() / 60)
    return date if when.year < 2000 else f"now + {minutes} minutes"


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return repr(body)
