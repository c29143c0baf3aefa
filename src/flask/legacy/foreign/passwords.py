"""Passwords hashed by methods that Werkzeug no longer knows: they are checked, and no longer made.

A database of 2013 holds them, and nobody but its users could make others of them. So ``check_password_hash`` reads
them; other hashes it leaves to Werkzeug. ``generate_password_hash`` is as it is today, but that a program which names
an old method gets PBKDF2 with SHA-256, and not an error: what it stores is safe, it is checked by the same function,
and its 103 characters fit into most columns that were made for old ones, which the 162 of scrypt do not.
"""

from __future__ import annotations

import hashlib
import hmac
import typing as t

from werkzeug import security as today

# What Werkzeug from 0.9 to today hashed how often, where nobody said how often. It always wrote it into the hash, but
# hashes that were made elsewhere may leave it out.
_ITERATIONS: t.Final = (1000, 50_000, 150_000, 260_000, 600_000, 1_000_000)

_PRESENT_METHOD: t.Final = "pbkdf2:sha256"

_check_today: t.Final = today.check_password_hash
_generate_today: t.Final = today.generate_password_hash


def check_password_hash(pwhash: str, password: str) -> bool:
    """Whether a password is the one that was hashed.

    :param pwhash: the hash: ``method$salt$hash``, by a method of any Werkzeug.
    :param password: the password.
    """
    method, _, rest = pwhash.partition("$")
    salt, dollar, expected = rest.partition("$")
    if not dollar:
        return False
    if _is_old(method):
        return hmac.compare_digest(_hash_as_then(method, salt, password).encode(), expected.encode())
    if method.startswith("pbkdf2:") and method.count(":") == 1:
        # All are tried, so that the time does not tell which it was.
        answers = [_check_today(f"{method}:{times}${rest}", password) for times in _ITERATIONS]
        return any(answers)
    return _check_today(pwhash, password)


def generate_password_hash(password: str, method: str = "scrypt", salt_length: int = 16) -> str:
    """A hash of a password, to be stored.

    :param password: the password.
    :param method: how it is hashed. One that is no longer safe stands for PBKDF2.
    :param salt_length: the length of the salt.
    """
    return _generate_today(password, _PRESENT_METHOD if _is_old(method) else method, salt_length)


def _is_old(method: str) -> bool:
    name = method.lower()
    # Those of the SHAKE family have no length of their own, and never worked.
    return name == "plain" or (name in hashlib.algorithms_available and not name.startswith("shake"))


def _hash_as_then(method: str, salt: str, password: str) -> str:
    if method == "plain":
        return password
    if salt:
        return hmac.new(salt.encode(), password.encode(), method).hexdigest()
    return hashlib.new(method, password.encode()).hexdigest()
