"""``cgi``, until Python 3.12: what programs of other servers than CGI took from it."""

from __future__ import annotations

from email.message import Message
from urllib.parse import parse_qs, parse_qsl

from .texts import cgi_escape as escape


def parse_header(line: str) -> tuple[str, dict[str, str]]:
    """A header's value and its options.

    :param line: the header, without its name.
    """
    message = Message()
    message["content-type"] = line
    (value, _), *options = message.get_params(failobj=[("", "")], unquote=True)
    return value, dict(options)


__all__ = ["escape", "parse_header", "parse_qs", "parse_qsl"]
