"""What ``werkzeug.http`` had and classes do today."""

from __future__ import annotations

import typing as t

from werkzeug.datastructures import Authorization, WWWAuthenticate
from werkzeug.http import http_date

from ..._past.authorization import AuthorizationDict, as_dict


def cookie_date(expires: t.Any = None) -> str:
    """A date as in cookies: with hyphens, as they had before there was a standard.

    :param expires: the date, or seconds since 1970; now by default.
    """
    weekday, day, month, year, time, zone = http_date(expires).split(" ")
    return f"{weekday} {day}-{month}-{year} {time} {zone}"


def parse_authorization_header(value: str | bytes | None, charset: str = "utf-8") -> AuthorizationDict | None:
    """Who asks, as the header ``Authorization`` says: a dict; None for other schemes than Basic and Digest.

    :param value: the value of the header.
    :param charset: no longer means anything: it is UTF-8.
    """
    return as_dict(Authorization.from_header(value.decode("latin-1") if isinstance(value, bytes) else value))


def parse_www_authenticate_header(
    value: str | None, on_update: t.Callable[[WWWAuthenticate], None] | None = None
) -> WWWAuthenticate:
    """How to authenticate, as the header ``WWW-Authenticate`` says.

    :param value: the value of the header.
    :param on_update: called with the result whenever it is changed.
    """
    parsed = WWWAuthenticate.from_header(value) or WWWAuthenticate("basic")
    parsed._on_update = on_update
    return parsed


def set_basic(authenticate: WWWAuthenticate, realm: str = "authentication required") -> None:
    """``WWWAuthenticate.set_basic``: ask for a name and a password.

    :param authenticate: the header.
    :param realm: what for.
    """
    _tell(authenticate, "basic", {"realm": realm})


def set_digest(
    authenticate: WWWAuthenticate,
    realm: str,
    nonce: str,
    qop: t.Iterable[str] = ("auth",),
    opaque: str | None = None,
    algorithm: str | None = None,
    stale: bool = False,
) -> None:
    """``WWWAuthenticate.set_digest``: ask for a name and a password that is not sent.

    :param authenticate: the header.
    :param realm: what for.
    :param nonce: what the answer is made with.
    :param qop: what it may cover.
    :param opaque: what it repeats.
    :param algorithm: how it is hashed.
    :param stale: whether just the nonce was too old.
    """
    values = {
        "realm": realm, "nonce": nonce, "qop": ", ".join(qop), "opaque": opaque, "algorithm": algorithm,
        "stale": "TRUE" if stale else None,
    }
    _tell(authenticate, "digest", {name: value for name, value in values.items() if value is not None})


def _tell(authenticate: t.Any, scheme: str, parameters: dict[str, str]) -> None:
    # By assignment it would take both for parameters.
    vars(WWWAuthenticate)["type"].__set__(authenticate, scheme)
    vars(WWWAuthenticate)["parameters"].__set__(authenticate, parameters)


def bytes_to_wsgi(data: bytes) -> str:
    """Bytes as the text that WSGI has for them.

    :param data: the bytes.
    """
    return data.decode("latin-1")


def wsgi_to_bytes(data: str | bytes) -> bytes:
    """The bytes that WSGI has as text.

    :param data: the text.
    """
    return data.encode("latin-1") if isinstance(data, str) else data
