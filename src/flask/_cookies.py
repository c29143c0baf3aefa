"""Cookies that need no quoting, written and read without what quoted ones take."""

from __future__ import annotations

import re
import time
import typing as t
from datetime import UTC, datetime
from functools import lru_cache

from werkzeug.http import http_date

#: A name, a value and a path that Werkzeug writes as they are.
_plain_name: t.Final = re.compile(r"[\w!#$%&'*+\-.^`|~]+", re.ASCII)
_plain_value: t.Final = re.compile(r"[\w!#$%&'()*+\-./:<=>?@\[\]^`{|}~]*", re.ASCII)
_plain_path: t.Final = re.compile(r"[\w.\-~%!$&'()*+,/:=@]*", re.ASCII)

_SAME_SITE: t.Final = {None: "", "Lax": "; SameSite=Lax", "Strict": "; SameSite=Strict", "None": "; SameSite=None"}
_FLAGS: t.Final = {
    (False, False): "",
    (True, False): "; Secure",
    (False, True): "; HttpOnly",
    (True, True): "; Secure; HttpOnly",
}
_LONGEST_AGE: t.Final = 10**9

#: A domain that Werkzeug writes as it is, but for dots in front.
_plain_domain: t.Final = re.compile(r"[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})*")

#: The answers of one second have the same date.
_date_text: t.Final = lru_cache(maxsize=64)(http_date)


def cookie_header(request: t.Any) -> str:
    """The header ``Cookie`` of a request; no environment is made for that where it came by ASGI."""
    exchange = getattr(request, "_exchange", None)
    if exchange is None or exchange.has_environ:
        cookies: str = request.environ.get("HTTP_COOKIE", "")
    else:
        cookies = exchange.cookies
    return cookies


def dump_plain_cookie(
    key: str,
    value: str,
    max_age: t.Any,
    expires: t.Any,
    path: str | None,
    domain: str | None,
    secure: bool,
    httponly: bool,
    samesite: str | None,
) -> str | None:
    """What Werkzeug's :func:`~werkzeug.http.dump_cookie` writes; None if that takes more than putting it together."""
    if key.__class__ is not str or value.__class__ is not str or not _plain_name.fullmatch(key):
        return None
    if not _plain_value.fullmatch(value) or secure.__class__ is not bool or httponly.__class__ is not bool:
        return None
    same_site = _SAME_SITE.get(samesite) if samesite is None or samesite.__class__ is str else None
    end = "" if max_age is None and expires is None else _end(max_age, expires)
    if same_site is None or end is None:
        return None
    host = place = ""
    if domain is not None:
        if domain.__class__ is not str or not _plain_domain.fullmatch(domain):
            return None
        host = f"; Domain={domain}"
    if path is not None:
        if path.__class__ is not str or not _plain_path.fullmatch(path):
            return None
        place = f"; Path={path}"
    return f"{key}={value}{host}{end}{_FLAGS[secure, httponly]}{place}{same_site}"


def _end(max_age: t.Any, expires: t.Any) -> str | None:
    """When the cookie ends, if it is said in one of the usual ways."""
    age = ""
    if max_age is not None:
        if max_age.__class__ is not int or not 0 <= max_age <= _LONGEST_AGE:
            return None
        age = f"; Max-Age={max_age}"
    if expires is None:
        return f"; Expires={_date_text(int(time.time()) + max_age)}{age}"
    if expires.__class__ is datetime and expires.tzinfo is UTC:
        return f"; Expires={_date_text(expires.replace(microsecond=0))}{age}"
    return f"; Expires={_date_text(0)}{age}" if expires.__class__ is int and expires == 0 else None


def plain_value(header: str, name: str) -> str | None:
    """The value that Werkzeug's ``cookies.get(name)`` gives, empty where there is none; None if it takes parsing.

    :param header: the header ``Cookie``.
    """
    at = header.find(name)
    if at < 0:
        return ""
    start = at + len(name)
    if header[start : start + 1] != "=" or (at and header[at - 2 : at] != "; ") or not header.isascii():
        return None
    end = header.find(";", start)
    value = header[start + 1 :] if end < 0 else header[start + 1 : end]
    if " " in value or "\t" in header or '"' in header or not (name.isidentifier() or _plain_name.fullmatch(name)):
        return None
    return value
