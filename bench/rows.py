"""The rows of the benchmark: for each one a request, and the answer that every framework must give to it."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.content import DOCUMENT, FOLDER

# Five before hooks, five after hooks, two teardowns: the body shows the first and the last, these the others.
HOOK_HEADERS = {f"X-Step-{number}": "done" for number in range(1, 6)}
HTML = {"Content-Type": r"text/html; ?charset=utf-8"}
STYLESHEET = FOLDER / "static/shades.css"
STYLESHEET_HEADERS = {"Content-Type": "text/css.*", "Content-Length": "10240"}
TABLE = re.compile(
    r"<!doctype html>.*"
    r"(<tr><td>\d+</td><td>Ada &lt;\d+&gt;</td><td>Zürich</td></tr>\s*){20}</table>"
    r".*20 people.*",
    re.DOTALL,
)
FORM = (
    "name=Ada+Lovelace&city=Z%C3%BCrich&street=Bahnhofstrasse+1&zip=8001&country=CH&phone=%2B41+44+000+00+00"
    "&email=ada%40example.com&born=1815-12-10&newsletter=on&comment=Notes%2C+with+100%25+of+the+engine%27s+steps"
)


def written_session(payload: str) -> str:
    """Return the pattern of a signed cookie with this payload; time and signature are free."""
    encoded = urlsafe_b64encode(payload.encode()).decode().rstrip("=")
    return rf'session="?{re.escape(encoded)}\.[\w-]+\.[\w-]+"?; .*Path=/.*'


@dataclass(frozen=True)
class Row:
    """A request and the answer to it.

    :param path: what is requested, with GET unless something is `sent`.
    :param body: the whole body: text, bytes, the object its JSON means, a pattern; `None` leaves it free.
    :param headers: the headers that matter, each with the pattern of its whole value.
    :param app: which app of the framework's module answers.
    :param sent: the body of the request.
    :param kind: the content type of what is sent.
    :param signed_in: send the session cookie that the same app gave out at `/sign-in`.
    """

    path: str
    status: int = 200
    body: str | bytes | dict[str, Any] | re.Pattern[str] | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: HTML)
    app: str = "app"
    sent: str = ""
    kind: str = "application/x-www-form-urlencoded"
    signed_in: bool = False

    def faults(self, status: str, headers: list[list[str]], body: bytes) -> list[str]:
        """Say what is wrong with an answer, one sentence for each fault."""
        found = []
        if not status.startswith(f"{self.status} "):
            found.append(f"The status is {status!r}; {self.status} was expected.")
        given = {name.lower(): value for name, value in headers}
        for name, pattern in self.headers.items():
            if not re.fullmatch(pattern, given.get(name.lower(), ""), re.IGNORECASE):
                found.append(f"{name} is {given.get(name.lower())!r}; {pattern!r} was expected.")
        if not self._is_right(body):
            found.append(f"The body is {body[:200]!r}; {self.body!r:.200} was expected.")
        return found

    def _is_right(self, body: bytes) -> bool:
        match self.body:
            case None:
                return True
            case bytes():
                return body == self.body
            case str():
                return body.decode() == self.body
            case re.Pattern():
                return self.body.fullmatch(body.decode()) is not None
            case _:
                return bool(json.loads(body) == self.body)


# The app of every row but one has a secret key, as nearly every real one has.
WSGI = {
    "text": Row("/", body="Hello, World!"),
    "text-no-key": Row("/", body="Hello, World!", app="keyless"),
    "json": Row("/document", body=DOCUMENT, headers={"Content-Type": "application/json.*"}),
    "parameters": Row("/users/42/posts/first-steps", body="first-steps by 42"),
    "miss": Row("/nowhere", status=404, headers={}),
    "session-read": Row("/account", body="Signed in as ada", signed_in=True),
    "session-write": Row(
        "/visit",
        body="2 visits",
        headers={**HTML, "Set-Cookie": written_session('{"user":"ada","visits":2}')},
        signed_in=True,
    ),
    "hooks": Row("/", body="5 steps, 1 open", headers={**HTML, **HOOK_HEADERS}, app="hooked"),
    "template": Row("/table", body=TABLE),
    "redirect": Row("/old", status=302, headers={"Location": "(http://localhost)?/new"}),
    "form": Row("/form", body="Ada Lovelace, Zürich: 10 fields", sent=FORM),
    "static": Row("/static/shades.css", body=STYLESHEET.read_bytes(), headers=STYLESHEET_HEADERS),
    "abort": Row("/private", status=403, body="Members only"),
}
# Here every view is a coroutine function, but that of `sync`, and so is every hook.
ASGI = {
    **{name: WSGI[name] for name in ("text", "json", "parameters", "form")},
    "json-body": Row(
        "/people", body="Ada Lovelace, Zürich: 5 fields", sent=json.dumps(DOCUMENT), kind="application/json"
    ),
    "hooks": Row("/", body="5 steps", headers={**HTML, **HOOK_HEADERS}, app="hooked"),
    "sync": Row("/sync", body="Hello, World!"),
}
ROWS = {"wsgi": WSGI, "asgi": ASGI}
