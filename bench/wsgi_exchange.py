"""A request by WSGI: an app is called as a server calls it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from wsgiref.util import FileWrapper

from row import Row

BROWSER: dict[str, Any] = {
    "HTTP_HOST": "localhost",
    "HTTP_CONNECTION": "keep-alive",
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.7,de;q=0.3",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
    "HTTP_COOKIE": "theme=dark",
}
# Whoever logs an error writes its lines for real, as on a server, and nobody has to read them.
LOG = open(os.devnull, "w")  # noqa: SIM115  (open as long as the process)
logging.basicConfig(stream=LOG)
SERVER: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_SOFTWARE": "bench",
    "REMOTE_ADDR": "127.0.0.1",
    "REMOTE_PORT": "50000",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": LOG,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": FileWrapper,
}


class Exchange:
    """A prepared request to an app; a call sends it as a server would and returns the body."""

    def __init__(self, application: Callable[..., Any], row: Row, kept: Mapping[str, str] | None = None) -> None:
        self.application = application
        self.body = row.content
        self.environ = {**SERVER, **BROWSER, "REQUEST_METHOD": row.verb, "PATH_INFO": row.path, "RAW_URI": row.path}
        self.environ["QUERY_STRING"] = row.query
        if row.query:
            self.environ["RAW_URI"] += f"?{row.query}"
        if row.sent:
            self.environ["CONTENT_TYPE"] = row.kind
            self.environ["CONTENT_LENGTH"] = str(len(self.body))
        for name, value in {**row.carried, **(kept or {})}.items():
            key = f"HTTP_{name.upper().replace('-', '_')}"
            self.environ[key] = f"{BROWSER[key]}; {value}" if name == "Cookie" else value

    def __call__(self, start_response: Callable[..., None]) -> bytes:
        environ = self.environ.copy()
        environ["wsgi.input"] = BytesIO(self.body)
        answer = self.application(environ, start_response)
        body = b"".join(answer)
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        return body

    def repeat(self, calls: int) -> None:
        """Send the request that many times."""
        for _ in range(calls):
            self(ignore)

    def answer(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """Send the request once and return status, headers and body."""
        started: list[Any] = []
        body = self(lambda status, headers, exc_info=None: started.extend((status, list(headers))))
        return started[0], started[1], body


def ignore(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
    """Start a response while the time is taken: what is sent was looked at before."""
