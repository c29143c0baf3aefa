"""The rows of the benchmark: for each one a request, and the answer that every framework must give to it."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from random import Random

from apps.content import CATALOGUE, DOCUMENT, FOLDER, READ_HEADERS
from row import Row

# Five before hooks, five after hooks, two teardowns: the body shows the first and the last, these the others.
HOOK_HEADERS = {f"X-Step-{number}": "done" for number in range(1, 6)}
HTML = Row("/").headers
JSON = {"Content-Type": "application/json.*"}
STYLESHEET = FOLDER / "static/shades.css"
STYLESHEET_HEADERS = {"Content-Type": "text/css.*", "Content-Length": "10240"}
TABLE = (
    r"<!doctype html>.*"
    r"(<tr><td>\d+</td><td>Ada &lt;\d+&gt;</td><td>Zürich</td></tr>\s*){20}</table>"
    r".*20 people.*"
)
PAGE = r"(?=.*<p>Signed in as ada</p>)(?=.*<h1>Team 7: engines</h1>)(?=.*<li>Saved\.</li>)" + TABLE
FORM = (
    "name=Ada+Lovelace&city=Z%C3%BCrich&street=Bahnhofstrasse+1&zip=8001&country=CH&phone=%2B41+44+000+00+00"
    "&email=ada%40example.com&born=1815-12-10&newsletter=on&comment=Notes%2C+with+100%25+of+the+engine%27s+steps"
)
BOUNDARY = "----------------------------7d4a6d158c9"
UPLOAD = b"\r\n".join(
    (
        f"--{BOUNDARY}".encode(),
        b'Content-Disposition: form-data; name="file"; filename="engine.bin"',
        b"Content-Type: application/octet-stream",
        b"",
        Random(1815).randbytes(1 << 20),
        f"--{BOUNDARY}--\r\n".encode(),
    )
)
MANY_HEADERS = {f"X-Trace-{number}": f"part-{number}-of-the-trace" for number in range(18)}


def written_session(payload: str) -> str:
    """Return the pattern of a signed cookie with this payload; time and signature are free.

    Pyramid and Django write sessions of their own; of these no more is known than that there is one.
    """
    encoded = urlsafe_b64encode(payload.encode()).decode().rstrip("=")
    return rf'session="?({re.escape(encoded)}\.[\w-]+\.[\w-]+|[\w=:-]{{60,}})"?; .*Path=/.*'


def among(rules: int) -> dict[str, Row]:
    """Return the rows of an app with so many rules: what is asked for stands in their middle."""
    section = f"/section-{rules // 4}"
    return {
        f"plain-of-{rules}": Row(f"{section}/overview", body="Overview", app="crowd", size=rules),
        f"parameters-of-{rules}": Row(
            f"{section}/users/42/posts/first-steps", body="first-steps by 42", app="crowd", size=rules
        ),
        f"miss-of-{rules}": Row(f"{section}/nowhere", status=404, headers={}, app="crowd", size=rules),
    }


# The app of every row but one has a secret key, as nearly every real one has.
WSGI = {
    "text": Row("/", body="Hello, World!"),
    "text-no-key": Row("/", body="Hello, World!", app="keyless"),
    "json": Row("/document", body=DOCUMENT, headers=JSON),
    "parameters": Row("/users/42/posts/first-steps", body="first-steps by 42"),
    "miss": Row("/nowhere", status=404, headers={}),
    **among(1_000),
    **among(10_000),
    "method": Row("/document", status=405, headers={"Allow": ".*GET.*"}, method="DELETE"),
    "options": Row("/document", headers={"Allow": ".*GET.*"}, method="OPTIONS"),
    # Django leaves it to the server to drop the body.
    "head": Row("/", body=re.compile("(Hello, World!)?"), method="HEAD"),
    "query": Row("/search", body="engine, page 3, by name", query="q=engine&page=3&sort=name&tag=math&tag=a%20b&all=1"),
    "form": Row("/form", body="Ada Lovelace, Zürich: 10 fields", sent=FORM),
    "json-1k": Row(
        "/catalogue", body={**CATALOGUE, "items": 12}, headers=JSON, sent=json.dumps(CATALOGUE), kind="application/json"
    ),
    "upload": Row(
        "/upload", body="engine.bin: 1048576 bytes", sent=UPLOAD, kind=f"multipart/form-data; boundary={BOUNDARY}"
    ),
    "headers": Row("/headers", body=" ".join(READ_HEADERS.values()), carried={**MANY_HEADERS, **READ_HEADERS}),
    "cookies": Row(
        "/cookies",
        body="3 cookies",
        headers={**HTML, "Set-Cookie": "(?=.*theme=dark; )(?=.*language=en; )(?=.*seen=42; )([^\n]+\n){2}[^\n]+"},
    ),
    "session-read": Row("/account", body="Signed in as ada", session_from="/sign-in"),
    "session-write": Row(
        "/visit",
        body="2 visits",
        headers={**HTML, "Set-Cookie": written_session('{"user":"ada","visits":2}')},
        session_from="/sign-in",
    ),
    "flash": Row(
        "/flash", body="Saved.", headers={**HTML, "Set-Cookie": r"(session|messages)=[^\n]+"}, session_from="/save"
    ),
    "hooks": Row("/", body="5 steps, 1 open", headers={**HTML, **HOOK_HEADERS}, app="hooked"),
    "nested": Row(
        "/admin/teams/7/members/",
        body="admin, teams, members of 7",
        headers={**HTML, "X-Left": "members, teams, admin"},
        app="nested",
    ),
    "url-for": Row("/links", body=" ".join(f"/users/{number}/posts/first-steps" for number in range(10))),
    "template": Row("/table", body=re.compile(TABLE, re.DOTALL)),
    "page": Row(
        "/teams/7/engines",
        body=re.compile(PAGE, re.DOTALL),
        headers={**HTML, "X-Team": "7", "Set-Cookie": r"(session|messages)=[^\n]+"},
        app="page",
        session_from="/sign-in",
    ),
    "redirect": Row("/old", status=302, headers={"Location": "(http://localhost)?/new"}),
    "static": Row("/static/shades.css", body=STYLESHEET.read_bytes(), headers=STYLESHEET_HEADERS),
    "not-modified": Row("/static/shades.css", status=304, body=b"", headers={}, revisited=True),
    "stream": Row("/stream", body="".join(f"line {number}\n" for number in range(100))),
    "abort": Row("/private", status=403, body="Members only"),
    "error": Row("/broken", status=500, body="Something went wrong"),
}
# Here every view is a coroutine function, but that of `sync`, and so is every hook.
ASGI = {
    **{name: WSGI[name] for name in ("text", "json", "parameters", *among(1_000), "form")},
    "json-body": Row(
        "/people", body="Ada Lovelace, Zürich: 5 fields", sent=json.dumps(DOCUMENT), kind="application/json"
    ),
    "hooks": Row("/", body="5 steps", headers={**HTML, **HOOK_HEADERS}, app="hooked"),
    "sync": Row("/sync", body="Hello, World!"),
}
ROWS = {"wsgi": WSGI, "asgi": ASGI}
