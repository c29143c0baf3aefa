"""The text of a cookie that needs no quoting."""

from __future__ import annotations

import re
import time
import typing as t
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

#: The answers of one second have the same date.
_date_text: t.Final = lru_cache(maxsize=64)(http_date)


def dump_plain_cookie(
    key: str, value: str, max_age: t.Any, path: str | None, secure: bool, httponly: bool, samesite: str | None
) -> str | None:
    """What Werkzeug's :func:`~werkzeug.http.dump_cookie` writes; None if that takes more than putting it together."""
    if key.__class__ is not str or value.__class__ is not str or not _plain_name.fullmatch(key):
        return None
    if not _plain_value.fullmatch(value) or secure.__class__ is not bool or httponly.__class__ is not bool:
        return None
    same_site = _SAME_SITE.get(samesite) if samesite is None or samesite.__class__ is str else None
    if same_site is None:
        return None
    age = ""
    if max_age is not None:
        if max_age.__class__ is not int or not 0 <= max_age <= _LONGEST_AGE:
            return None
        age = f"; Expires={_date_text(int(time.time()) + max_age)}; Max-Age={max_age}"
    place = ""
    if path is not None:
        if path.__class__ is not str or not _plain_path.fullmatch(path):
            return None
        place = f"; Path={path}"
    return f"{key}={value}{age}{_FLAGS[secure, httponly]}{place}{same_site}"
