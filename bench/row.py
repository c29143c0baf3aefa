"""A row of the benchmark: a request, and the answer that every framework must give to it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """A request and the answer to it.

    :param path: what is requested.
    :param body: the whole body: text, bytes, the object its JSON means, a pattern; `None` leaves it free.
    :param headers: the headers that matter, each with the pattern of its whole value; what is sent under one name
        several times stands in one line each.
    :param app: which app of the framework's module answers.
    :param size: how much there is of something in that app; it is then made by a function that is given the size.
    :param method: the method; if none is given, GET, or POST where something is `sent`.
    :param query: the query string.
    :param sent: the body of the request.
    :param kind: the content type of what is sent.
    :param carried: headers of the request besides those that every request has.
    :param session_from: send the session cookie that the same app gave out at this path.
    :param revisited: send what a browser keeps of the first answer: its entity tag and its date.
    """

    path: str
    status: int = 200
    body: str | bytes | dict[str, Any] | re.Pattern[str] | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": r"text/html; ?charset=utf-8"})
    app: str = "app"
    size: int = 0
    method: str = ""
    query: str = ""
    sent: str | bytes = ""
    kind: str = "application/x-www-form-urlencoded"
    carried: Mapping[str, str] = field(default_factory=dict)
    session_from: str = ""
    revisited: bool = False

    @property
    def verb(self) -> str:
        """The method of the request."""
        return self.method or ("POST" if self.sent else "GET")

    @property
    def content(self) -> bytes:
        """The body of the request."""
        return self.sent if isinstance(self.sent, bytes) else self.sent.encode()

    def faults(self, status: str, headers: list[list[str]], body: bytes) -> list[str]:
        """Say what is wrong with an answer, one sentence for each fault."""
        found = []
        if not status.startswith(f"{self.status} "):
            found.append(f"The status is {status!r}; {self.status} was expected.")
        for name, pattern in self.headers.items():
            given = "\n".join(value.strip() for found_name, value in headers if found_name.lower() == name.lower())
            if not re.fullmatch(pattern, given, re.IGNORECASE | re.DOTALL):
                found.append(f"{name} is {given!r}; {pattern!r} was expected.")
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
