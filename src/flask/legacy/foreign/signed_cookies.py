"""``werkzeug.contrib.securecookie``: a dict in a signed cookie.

The old releases put pickles into cookies; with the key, anybody could run what he liked. Here they hold JSON, and
cookies of the old releases are not read.
"""

from __future__ import annotations

import hashlib
import time
import typing as t

from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import CallbackDict
from werkzeug.http import dump_cookie, parse_cookie


class UnquoteError(Exception):
    """Once told that a value in a cookie cannot be read; :meth:`SecureCookie.unserialize` minds that itself."""


class SecureCookie(CallbackDict[str, t.Any]):
    """A dict that knows whether it was changed, and can be written to a cookie and read from one.

    :param data: what is in it.
    :param secret_key: the secret that it is signed with.
    :param new: whether it is not from a cookie.
    """

    hash_method: t.Any = staticmethod(hashlib.sha256)

    def __init__(self, data: t.Any = None, secret_key: str | bytes | None = None, new: bool = True) -> None:
        def was_changed(changed: t.Any) -> None:
            changed.modified = True

        super().__init__(data or (), was_changed)
        self.secret_key = secret_key
        self.new = new
        self.modified = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {dict(self)!r}{'*' if self.should_save else ''}>"

    @property
    def should_save(self) -> bool:
        """Whether it was changed."""
        return self.modified

    @classmethod
    def _serializer(cls, secret_key: str | bytes | None) -> URLSafeSerializer:
        if not secret_key:
            raise RuntimeError("no secret key defined")
        options = {"digest_method": cls.hash_method, "key_derivation": "hmac"}
        return URLSafeSerializer(secret_key, "werkzeug.contrib.securecookie", signer_kwargs=options)

    def serialize(self, expires: t.Any = None) -> str:
        """The value of a cookie.

        :param expires: when it expires: seconds since 1970, or a datetime.
        """
        until = expires.timestamp() if hasattr(expires, "timestamp") else expires
        return str(self._serializer(self.secret_key).dumps([until, dict(self)]))

    @classmethod
    def unserialize(cls, string: str | bytes, secret_key: str | bytes) -> SecureCookie:
        """What a cookie holds; empty if it is not ours, or has expired.

        :param string: its value.
        :param secret_key: the secret that it is signed with.
        """
        try:
            until, data = cls._serializer(secret_key).loads(string)
        except (BadData, ValueError, TypeError):
            return cls((), secret_key, False)
        return cls((), secret_key, False) if until and until < time.time() else cls(data, secret_key, False)

    @classmethod
    def load_cookie(cls, request: t.Any, key: str = "session", secret_key: str | bytes | None = None) -> SecureCookie:
        """What the cookie of a request holds; new if it has none.

        :param request: the request.
        :param key: the name of the cookie.
        :param secret_key: the secret that it is signed with.
        """
        value = parse_cookie(request.environ).get(key)
        return cls(secret_key=secret_key) if not value else cls.unserialize(value, t.cast(str, secret_key))

    def save_cookie(
        self, response: t.Any, key: str = "session", expires: t.Any = None, session_expires: t.Any = None,
        max_age: t.Any = None, path: str = "/", domain: str | None = None, secure: bool | None = None,
        httponly: bool = False, force: bool = False,
    ) -> None:
        """Write it to the cookie of a response, if it was changed.

        :param response: the response.
        :param key: the name of the cookie.
        :param session_expires: when the value expires, if not with the cookie.
        :param force: whether to write it though it was not changed.
        """
        if force or self.should_save:
            value = self.serialize(session_expires or expires)
            response.headers.add(
                "Set-Cookie",
                dump_cookie(key, value, max_age, expires, path, domain, bool(secure), httponly),
            )
