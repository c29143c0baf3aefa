"""What Flask brings with it and users of the other frameworks add: a signed session and Jinja."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from jinja2 import Environment, FileSystemLoader

from apps.content import FOLDER, SECRET_KEY

_signer = URLSafeTimedSerializer(SECRET_KEY, salt="session", signer_kwargs={"key_derivation": "hmac"})
_lifetime = int(timedelta(days=31).total_seconds())

templates = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, auto_reload=False)


def read_session(cookie: str | None) -> dict[str, Any]:
    """Return what a session cookie holds: nothing if there is none or someone else signed it."""
    if not cookie:
        return {}
    try:
        content: dict[str, Any] = _signer.loads(cookie, max_age=_lifetime)
    except BadSignature:
        return {}
    return content


def write_session(content: dict[str, Any]) -> str:
    """Return the value of the cookie that holds this session."""
    value = _signer.dumps(content)
    return value if isinstance(value, str) else value.decode("ascii")
