"""``werkzeug.contrib.limiter``: requests that may not be longer than so."""

from __future__ import annotations

import typing as t

from werkzeug.wsgi import LimitedStream


class StreamLimitMiddleware:
    """Has an application read a part of each request at most.

    :param app: the application.
    :param maximum_size: how many bytes.
    """

    def __init__(self, app: t.Any, maximum_size: int = 1024 * 1024 * 10) -> None:
        self.app = app
        self.maximum_size = maximum_size

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> t.Any:
        limit = min(self.maximum_size, int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = LimitedStream(environ["wsgi.input"], limit)
        return self.app(environ, start_response)
