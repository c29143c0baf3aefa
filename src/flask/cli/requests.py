"""A request as one writes it down, made into one as a client would send it."""

from __future__ import annotations

import re
import typing as t

from ..testing import EnvironBuilder

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..app import Flask


def environ_of(app: Flask, url: str, **more: t.Any) -> WSGIEnvironment:
    """The WSGI environment of a request.

    :param url: a path with a query, or a whole URL. What begins with two slashes is a path too, as it is to a server.
    :param more: further arguments of :class:`flask.testing.EnvironBuilder`.
    """
    # Bytes that could not be read in the terminal's locale.
    url = re.sub("[\udc80-\udcff]", lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", url)
    url = re.sub(r"^(\w+://)[^/?#]*@", r"\1", url)  # a client sends the name and password elsewhere
    target = re.sub(r"^\w+://[^/?#]*", "", url)
    path, _, query = target.partition("#")[0].partition("?")
    builder = EnvironBuilder(app, url.removesuffix(target) or "/", query_string=query, **more)
    # Not by the argument, where they would be taken for a URL.
    builder.path, builder.request_uri = path or "/", target
    try:
        return builder.get_environ()
    finally:
        builder.close()
