"""The same answers by plain WSGI functions: what the work and the libraries cost without a framework."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from apps.bare_sized import Environ, Start, miss, send, text
from apps.bare_sized import crowd as crowd
from apps.content import DOCUMENT, FOLDER, PEOPLE, READ_HEADERS, connections
from apps.libraries import read_session, templates, write_session


def document(environ: Environ, start: Start) -> list[bytes]:
    return send(start, json.dumps(DOCUMENT), kind="application/json")


def post(environ: Environ, start: Start) -> list[bytes]:
    _, _, user_id, _, slug = environ["PATH_INFO"].split("/")
    return send(start, f"{slug} by {int(user_id)}")


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


def read(environ: Environ) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    return body


def form(environ: Environ, start: Start) -> list[bytes]:
    fields = dict(parse_qsl(read(environ).decode()))
    return send(start, f"{fields['name']}, {fields['city']}: {len(fields)} fields")


def method_not_allowed(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Method not allowed", ("Allow", "GET, HEAD, OPTIONS"), status="405 Method Not Allowed")


def options(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "", ("Allow", "GET, HEAD, OPTIONS"))


def search(environ: Environ, start: Start) -> list[bytes]:
    arguments = parse_qs(environ["QUERY_STRING"])
    return send(start, f"{arguments['q'][0]}, page {int(arguments['page'][0])}, by {arguments['sort'][0]}")


def catalogue(environ: Environ, start: Start) -> list[bytes]:
    document = json.loads(read(environ))
    return send(start, json.dumps({**document, "items": len(document["parts"])}), kind="application/json")


def upload(environ: Environ, start: Start) -> list[bytes]:
    boundary = environ["CONTENT_TYPE"].partition("boundary=")[2].encode()
    head, _, rest = read(environ).partition(b"\r\n\r\n")
    name = head.partition(b'filename="')[2].partition(b'"')[0].decode()
    data, _, _ = rest.partition(b"\r\n--" + boundary)
    return send(start, f"{name}: {len(data)} bytes")


def headers(environ: Environ, start: Start) -> list[bytes]:
    return send(start, " ".join([environ[f"HTTP_{name.upper().replace('-', '_')}"] for name in READ_HEADERS]))


def cookies(environ: Environ, start: Start) -> list[bytes]:
    return send(
        start,
        "3 cookies",
        ("Set-Cookie", "theme=dark; Max-Age=3600; Path=/"),
        ("Set-Cookie", "language=en; HttpOnly; Path=/"),
        ("Set-Cookie", "seen=42; Path=/; SameSite=Lax"),
    )


def save(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Saved", session_cookie({"user": "ada", "messages": ["Saved."]}))


def flash(environ: Environ, start: Start) -> list[bytes]:
    session = open_session(environ)
    body = " ".join(session.pop("messages"))
    session["messages"] = ["Saved."]
    return send(start, body, session_cookie(session))


def links(environ: Environ, start: Start) -> list[bytes]:
    return send(start, " ".join([f"/users/{number}/posts/first-steps" for number in range(10)]))


def stream(environ: Environ, start: Start) -> Iterator[bytes]:
    start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return (f"line {number}\n".encode() for number in range(100))


def broken(environ: Environ, start: Start) -> list[bytes]:
    try:
        raise KeyError("engine")
    except Exception:
        logging.exception("Exception on %s", environ["PATH_INFO"])
        return send(start, "Something went wrong", status="500 Internal Server Error")


def static(environ: Environ, start: Start) -> Iterable[bytes]:
    path = f"{FOLDER}{environ['PATH_INFO']}"
    date = formatdate(os.stat(path).st_mtime, usegmt=True)
    if environ.get("HTTP_IF_MODIFIED_SINCE") == date:
        start("304 Not Modified", [("Last-Modified", date)])
        return []
    file = open(path, "rb")  # noqa: SIM115  (the server closes it)
    length = str(os.fstat(file.fileno()).st_size)
    start(
        "200 OK",
        [("Content-Type", "text/css; charset=utf-8"), ("Content-Length", length), ("Last-Modified", date)],
    )
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


def nested(environ: Environ, start: Start) -> list[bytes]:
    _, admin, teams, team_id, members, _ = environ["PATH_INFO"].split("/")
    left = ("X-Left", f"{members}, {teams}, {admin}")
    return send(start, f"{admin}, {teams}, {members} of {int(team_id)}", left)


def page(environ: Environ, start: Start) -> list[bytes]:
    if environ["PATH_INFO"] == "/sign-in":
        return save(environ, start)
    _, _, team_id, topic = environ["PATH_INFO"].split("/")
    session = open_session(environ)
    body = templates.get_template("page.html").render(
        title=f"Team {int(team_id)}: {topic}",
        user=session.get("user"),
        messages=session.pop("messages", ()),
        people=PEOPLE,
    )
    return send(start, body, ("X-Team", team_id), session_cookie(session))


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
    "/search": search,
    "/catalogue": catalogue,
    "/upload": upload,
    "/headers": headers,
    "/cookies": cookies,
    "/save": save,
    "/flash": flash,
    "/links": links,
    "/stream": stream,
    "/broken": broken,
}
METHODS = {"OPTIONS": options, "DELETE": method_not_allowed}
PREFIXES = {"users": post, "static": static}


def app(environ: Environ, start: Start) -> Iterable[bytes]:
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    if method in METHODS:
        return METHODS[method](environ, start)
    view = VIEWS.get(path) or PREFIXES.get(path.split("/", 2)[1], miss)
    answer = view(environ, start)
    return () if method == "HEAD" else answer


keyless = app
