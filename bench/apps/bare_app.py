"""The same answers by plain WSGI functions: what the work and the libraries cost without a framework."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from apps.content import DOCUMENT, FOLDER, PEOPLE, connections
from apps.libraries import read_session, templates, write_session

Start = Callable[[str, list[tuple[str, str]]], Any]
Environ = dict[str, Any]


def send(
    start: Start, body: str, *headers: tuple[str, str], status: str = "200 OK", kind: str = "text/html"
) -> list[bytes]:
    data = body.encode()
    start(status, [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(data))), *headers])
    return [data]


def text(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Hello, World!")


def document(environ: Environ, start: Start) -> list[bytes]:
    return send(start, json.dumps(DOCUMENT), kind="application/json")


def post(environ: Environ, start: Start) -> list[bytes]:
    _, _, user_id, _, slug = environ["PATH_INFO"].split("/")
    return send(start, f"{slug} by {int(user_id)}")


def miss(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Not found", status="404 Not Found")


def open_session(environ: Environ) -> dict[str, Any]:
    cookies = dict(part.split("=", 1) for part in environ["HTTP_COOKIE"].split("; "))
    return read_session(cookies.get("session"))


def session_cookie(session: dict[str, Any]) -> tuple[str, str]:
    return "Set-Cookie", f"session={write_session(session)}; HttpOnly; Path=/"


def sign_in(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Welcome", session_cookie({"user": "ada", "visits": 1}))


def account(environ: Environ, start: Start) -> list[bytes]:
    return send(start, f"Signed in as {open_session(environ).get('user')}")


def visit(environ: Environ, start: Start) -> list[bytes]:
    session = open_session(environ)
    session["visits"] += 1
    return send(start, f"{session['visits']} visits", session_cookie(session))


def table(environ: Environ, start: Start) -> list[bytes]:
    return send(start, templates.get_template("table.html").render(title="People", people=PEOPLE))


def old(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "", ("Location", "/new"), status="302 Found")


def form(environ: Environ, start: Start) -> list[bytes]:
    fields = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()))
    return send(start, f"{fields['name']}, {fields['city']}: {len(fields)} fields")


def static(environ: Environ, start: Start) -> Iterable[bytes]:
    file = open(f"{FOLDER}{environ['PATH_INFO']}", "rb")  # noqa: SIM115  (the server closes it)
    length = str(os.fstat(file.fileno()).st_size)
    start("200 OK", [("Content-Type", "text/css; charset=utf-8"), ("Content-Length", length)])
    wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](file)
    return wrapped


def private(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Members only", status="403 Forbidden")


def hooked(environ: Environ, start: Start) -> list[bytes]:
    connection = len(connections)
    connections.add(connection)
    body = f"5 steps, {len(connections)} open"
    connections.discard(connection)
    return send(start, body, *((f"X-Step-{number}", "done") for number in range(1, 6)))


VIEWS = {
    "/": text,
    "/document": document,
    "/sign-in": sign_in,
    "/account": account,
    "/visit": visit,
    "/table": table,
    "/old": old,
    "/form": form,
    "/private": private,
}
PREFIXES = {"users": post, "static": static}


def app(environ: Environ, start: Start) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    view = VIEWS.get(path) or PREFIXES.get(path.split("/", 2)[1], miss)
    return view(environ, start)


keyless = app
