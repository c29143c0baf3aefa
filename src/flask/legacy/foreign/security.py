"""What ``werkzeug.security`` had and Python's library does."""

from __future__ import annotations

import hashlib
import hmac
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable


def safe_str_cmp(a: str | bytes, b: str | bytes) -> bool:
    """Whether two texts are the same, in a time that does not tell where they differ.

    :param a: a text, or bytes.
    :param b: the other.
    """
    return hmac.compare_digest(_to_bytes(a), _to_bytes(b))


def pbkdf2_bin(
    data: str | bytes,
    salt: str | bytes,
    iterations: int = 260_000,
    keylen: int | None = None,
    hashfunc: str | Callable[[], t.Any] | None = None,
) -> bytes:
    """A key from a password.

    :param data: the password.
    :param salt: the salt.
    :param iterations: how often it is hashed.
    :param keylen: how long the key is; as long as the hash by default.
    :param hashfunc: the hash: its name, or what makes one; SHA-256 by default.
    """
    name = hashfunc().name if callable(hashfunc) else hashfunc or "sha256"
    return hashlib.pbkdf2_hmac(name, _to_bytes(data), _to_bytes(salt), iterations, keylen or None)


def pbkdf2_hex(
    data: str | bytes,
    salt: str | bytes,
    iterations: int = 260_000,
    keylen: int | None = None,
    hashfunc: str | Callable[[], t.Any] | None = None,
) -> str:
    """As :func:`pbkdf2_bin`, in hexadecimal digits."""
    return pbkdf2_bin(data, salt, iterations, keylen, hashfunc).hex()


def _to_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value
