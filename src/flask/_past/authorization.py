"""The header ``Authorization`` as Werkzeug gave it until 2.2: a dict, of the two schemes that it knew."""

from __future__ import annotations

import typing as t

from werkzeug.datastructures import Authorization, ImmutableDict

# What RFC 2617 has a client say by Digest; the last two where it says `qop`, too.
_DIGEST: t.Final = {"username", "realm", "nonce", "uri", "response"}
_WITH_QUALITY: t.Final = {"nc", "cnonce"}


class AuthorizationDict(ImmutableDict[str, t.Any], Authorization):  # type: ignore[misc]  # the dict wins
    """What a client says by Basic or Digest, as a dict. The attributes of today are there besides.

    :param auth_type: the scheme, in small letters.
    :param data: what the client says: ``username``, ``password`` and so on.
    """

    def __init__(self, auth_type: str, data: t.Any = None) -> None:
        ImmutableDict.__init__(self, data or {})
        Authorization.__init__(self, auth_type, dict(self))


def as_dict(said: Authorization | None) -> AuthorizationDict | None:
    """What a client says as a dict; None for another scheme than the two, or where something is missing.

    :param said: the header, as Werkzeug reads it today.
    """
    if said is None or not _is_whole(said):
        return None
    return AuthorizationDict(said.type, said.parameters)


def _is_whole(said: Authorization) -> bool:
    parameters = said.parameters
    if said.type == "basic":
        return True
    if said.type == "digest":
        needed = _DIGEST | _WITH_QUALITY if "qop" in parameters else _DIGEST
        return needed.issubset(parameters)
    return False
