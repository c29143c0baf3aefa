"""What the plain functions send, and some of them made to size: how much does more cost?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Start = Callable[[str, list[tuple[str, str]]], Any]
Environ = dict[str, Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


def send(
    start: Start, body: str, *headers: tuple[str, str], status: str = "200 OK", kind: str = "text/html"
) -> list[bytes]:
    data = body.encode()
    start(status, [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(data))), *headers])
    return [data]


def text(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Hello, World!")


def miss(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Not found", status="404 Not Found")


def overview(environ: Environ, start: Start) -> list[bytes]:
    return send(start, "Overview")


def section_post(environ: Environ, start: Start) -> list[bytes]:
    *_, user_id, _, slug = environ["PATH_INFO"].split("/")
    return send(start, f"{slug} by {int(user_id)}")


def crowd(rules: int) -> Application:
    sections = {f"section-{number}" for number in range(rules // 2)}
    views = {("overview",): overview, ("users", "posts"): section_post}

    def choose(environ: Environ, start: Start) -> Iterable[bytes]:
        _, section, *rest = environ["PATH_INFO"].split("/")
        if section == "":
            return text(environ, start)
        view = views.get(tuple(rest[::2])) if section in sections else None
        return (view or miss)(environ, start)

    return choose
