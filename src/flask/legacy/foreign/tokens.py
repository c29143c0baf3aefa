"""``itsdangerous.jws`` until 2.1: signed JSON with a header, as the standard of JSON Web Signatures has it.

Tokens of the old releases are read, and read theirs ours: the key is the secret itself where no salt was given, and
else is derived as everywhere in itsdangerous; signatures are compared in constant time. The algorithm ``none``, which
signs nothing, is not there.
"""

from __future__ import annotations

import hashlib
import time
import typing as t
from datetime import UTC, datetime

from itsdangerous._json import _CompactJSON
from itsdangerous.encoding import base64_decode, base64_encode, want_bytes
from itsdangerous.exc import BadData, BadHeader, BadPayload, BadSignature, SignatureExpired
from itsdangerous.serializer import Serializer
from itsdangerous.signer import HMACAlgorithm, Signer, SigningAlgorithm

Header = dict[str, t.Any]

#: What seconds were once counted from: the beginning of 2011.
EPOCH: t.Final = 1293840000


class JSONWebSignatureSerializer(Serializer[t.Any]):
    """Makes and reads tokens: header, payload and signature in Base64, with dots between.

    :param secret_key: the secret.
    :param salt: keeps tokens of several purposes apart. Without one, other programs can read them, too.
    :param algorithm_name: ``HS256``, ``HS384`` or ``HS512``.
    """

    jws_algorithms: t.ClassVar[dict[str, SigningAlgorithm]] = {
        "HS256": HMACAlgorithm(hashlib.sha256),
        "HS384": HMACAlgorithm(hashlib.sha384),
        "HS512": HMACAlgorithm(hashlib.sha512),
    }
    default_algorithm: t.ClassVar[str] = "HS512"
    default_serializer: t.Any = _CompactJSON

    def __init__(
        self,
        secret_key: t.Any,
        salt: str | bytes | None = None,
        serializer: t.Any = None,
        serializer_kwargs: dict[str, t.Any] | None = None,
        signer: type[Signer] | None = None,
        signer_kwargs: dict[str, t.Any] | None = None,
        algorithm_name: str | None = None,
    ) -> None:
        super().__init__(
            secret_key, t.cast(str, salt), serializer, serializer_kwargs, signer=signer, signer_kwargs=signer_kwargs
        )
        self.algorithm_name: str = algorithm_name or self.default_algorithm
        self.algorithm: SigningAlgorithm = self.make_algorithm(self.algorithm_name)

    def make_algorithm(self, algorithm_name: str) -> SigningAlgorithm:
        """The algorithm of a name.

        :param algorithm_name: the name.
        :raises NotImplementedError: if there is none.
        """
        try:
            return self.jws_algorithms[algorithm_name]
        except KeyError:
            raise NotImplementedError(
                f"There is no algorithm {algorithm_name!r}: take one of {', '.join(self.jws_algorithms)}."
            ) from None

    def make_signer(self, salt: str | bytes | None = None, algorithm: SigningAlgorithm | None = None) -> Signer:
        """What signs and checks.

        :param salt: the salt, if not that of the serializer.
        :param algorithm: the algorithm, if not that of the serializer.
        """
        salt = self.salt if salt is None else salt
        options = {**self.signer_kwargs, "sep": ".", "algorithm": algorithm or self.algorithm}
        if salt is None:
            return self.signer(self.secret_keys, **{**options, "key_derivation": "none"})
        return self.signer(self.secret_keys, **{**options, "salt": salt})

    def make_header(self, header_fields: Header | None) -> Header:
        """The header of a token.

        :param header_fields: what it holds beside the algorithm.
        """
        return {**(header_fields or {}), "alg": self.algorithm_name}

    def dump_payload(self, header: Header, obj: t.Any) -> bytes:  # type: ignore[override]  # of old
        """What is signed.

        :param header: the header.
        :param obj: the payload.
        """
        parts = (self.serializer.dumps(part, **self.serializer_kwargs) for part in (header, obj))
        return b".".join(base64_encode(part) for part in parts)

    def load_payload(self, payload: bytes, serializer: t.Any = None, return_header: bool = False) -> t.Any:
        """What was signed.

        :param payload: the signed part of a token.
        :param serializer: reads JSON, if not that of this serializer.
        :param return_header: whether the header is wanted, too.
        :raises BadPayload: if it cannot be read; :exc:`BadHeader` if its header cannot.
        """
        encoded_header, dot, encoded = payload.partition(b".")
        if not dot:
            raise BadPayload("No '.' found in value")
        header = self._read(encoded_header, BadHeader, "header")
        if not isinstance(header, dict):
            raise BadHeader("The header is no object of JSON", header=header)
        try:
            loaded = super().load_payload(base64_decode(encoded), serializer)
        except BadPayload:
            raise
        except BadData as exc:
            raise BadPayload("The payload is no Base64", original_error=exc) from exc
        return (loaded, header) if return_header else loaded

    def _read(self, encoded: bytes, error: type[BadHeader], what: str) -> t.Any:
        try:
            return super().load_payload(base64_decode(encoded), _CompactJSON)
        except BadData as exc:
            raise error(f"The {what} cannot be read", original_error=exc) from exc

    def dumps(self, obj: t.Any, salt: str | bytes | None = None, header_fields: Header | None = None) -> bytes:
        """A token.

        :param obj: what it says.
        :param salt: the salt, if not that of the serializer.
        :param header_fields: what its header holds beside the algorithm.
        """
        return self.make_signer(salt).sign(self.dump_payload(self.make_header(header_fields), obj))

    def loads(  # type: ignore[override]  # its signature, of old
        self, s: str | bytes, salt: str | bytes | None = None, return_header: bool = False
    ) -> t.Any:
        """What a token says.

        :param s: the token.
        :param salt: the salt, if not that of the serializer.
        :param return_header: whether the header is wanted, too.
        :raises BadSignature: if it is not ours, or not whole.
        """
        loaded, header = self.load_payload(self.make_signer(salt).unsign(want_bytes(s)), return_header=True)
        if header.get("alg") != self.algorithm_name:
            raise BadHeader("Algorithm mismatch", header=header, payload=loaded)
        return (loaded, header) if return_header else loaded

    def loads_unsafe(
        self, s: str | bytes, salt: str | bytes | None = None, return_header: bool = False
    ) -> tuple[bool, t.Any]:
        """Whether a token is ours, and what it says: for debugging.

        :param s: the token.
        :param salt: the salt, if not that of the serializer.
        :param return_header: whether the header is wanted, too.
        """
        return self._loads_unsafe_impl(
            s, t.cast(str, salt), {"return_header": return_header}, {"return_header": return_header}
        )


class TimedJSONWebSignatureSerializer(JSONWebSignatureSerializer):
    """The same, with the times of issue and of expiry in the header.

    :param secret_key: the secret.
    :param expires_in: after how many seconds a token expires; an hour by default.
    :param kwargs: as for :class:`JSONWebSignatureSerializer`.
    """

    DEFAULT_EXPIRES_IN = 3600

    def __init__(self, secret_key: t.Any, expires_in: int | None = None, **kwargs: t.Any) -> None:
        super().__init__(secret_key, **kwargs)
        self.expires_in: int = self.DEFAULT_EXPIRES_IN if expires_in is None else expires_in

    def make_header(self, header_fields: Header | None) -> Header:
        now = self.now()
        return {**super().make_header(header_fields), "iat": now, "exp": now + self.expires_in}

    def loads(  # type: ignore[override]  # its signature, of old
        self, s: str | bytes, salt: str | bytes | None = None, return_header: bool = False
    ) -> t.Any:
        loaded, header = super().loads(s, salt, return_header=True)
        if "exp" not in header:
            raise BadSignature("Missing expiry date", payload=loaded)
        expires = header["exp"]
        if isinstance(expires, str) and expires.isdigit():
            expires = int(expires)
        if not isinstance(expires, (int, float)) or isinstance(expires, bool) or expires < 0:
            raise BadHeader("Expiry date is not an IntDate", payload=loaded)
        if expires < self.now():
            raise SignatureExpired("Signature expired", payload=loaded, date_signed=self.get_issue_date(header))
        return (loaded, header) if return_header else loaded

    def get_issue_date(self, header: Header) -> datetime | None:
        """When a token was issued; None if its header does not say.

        :param header: its header.
        """
        issued = header.get("iat")
        try:
            return None if isinstance(issued, bool) else datetime.fromtimestamp(t.cast(int, issued), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            return None

    def now(self) -> int:
        """The time in seconds since 1970."""
        return int(time.time())
