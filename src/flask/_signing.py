"""Signing as itsdangerous does it, with keys that are derived once instead of for each signature."""

from __future__ import annotations

import hmac
import time
import typing as t
import zlib
from binascii import a2b_base64, b2a_base64
from functools import cached_property, lru_cache
from operator import attrgetter

import itsdangerous
from itsdangerous.encoding import int_to_bytes
from itsdangerous.signer import HMACAlgorithm

from ._shortcuts import TAKEN

if t.TYPE_CHECKING:
    from .json.tag import TaggedJSONSerializer

_TO_URL: t.Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: t.Final = bytes.maketrans(b"-_", b"+/")

#: The length of the Base64 of a time stamp, until 2106.
_STAMP_LENGTH: t.Final = 6

_serializer_of: t.Final[t.Callable[[type], t.Any]] = attrgetter(
    *("__init__", "dumps", "loads", "dump_payload", "load_payload", "make_signer", "iter_unsigners"),
    *("default_signer", "default_fallback_signers"),
)
_signer_of: t.Final[t.Callable[[type], t.Any]] = attrgetter(
    *("__init__", "sign", "unsign", "get_timestamp", "get_signature", "verify_signature", "derive_key"),
)
_algorithm_of: t.Final[t.Callable[[type], t.Any]] = attrgetter("__init__", "get_signature", "verify_signature")
_serializer: t.Final = _serializer_of(itsdangerous.URLSafeTimedSerializer)
_signer: t.Final = _signer_of(itsdangerous.TimestampSigner)
_algorithm: t.Final = _algorithm_of(HMACAlgorithm)


class Signing:
    """Does what itsdangerous' :class:`~itsdangerous.url_safe.URLSafeTimedSerializer` does.

    It reads what it can tell to be genuine. All else, whatever is wrong with it, itsdangerous is to judge.

    :param keys: the secret keys, oldest first.
    """

    def __init__(
        self,
        keys: list[t.Any],
        salt: str,
        serializer: TaggedJSONSerializer,
        key_derivation: str,
        digest_method: t.Any,
    ) -> None:
        self._serializer = serializer
        self._digest_method = digest_method
        self._plain: itsdangerous.URLSafeTimedSerializer = itsdangerous.URLSafeTimedSerializer(
            keys,
            salt=salt,
            serializer=serializer,
            signer_kwargs={"key_derivation": key_derivation, "digest_method": digest_method},
        )

    @cached_property
    def _codes(self) -> list[hmac.HMAC]:
        """What begins a signature with each of the keys, the newest first. A setting that is wrong fails here, when
        something is signed or read, as it does in itsdangerous.
        """
        signer = self._plain.make_signer()
        keys = reversed(self._plain.secret_keys)
        return [hmac.new(signer.derive_key(key), digestmod=self._digest_method) for key in keys]

    def dumps(self, value: t.Any) -> str:
        """Write a value, signed."""
        data = self._serializer.dumps(value).encode()
        packed = data if _is_incompressible(data) else zlib.compress(data)
        if len(packed) < len(data) - 1:
            payload = b"." + _to_base64(packed)
        else:
            payload = _to_base64(data)
        signed = b"%b.%b" % (payload, _stamp(int(time.time())))
        return (b"%b.%b" % (signed, _signature(self._codes[0], signed))).decode()

    def loads(self, text: str, max_age: int) -> t.Any:
        """Read a value.

        :param text: what :meth:`dumps` wrote, or what somebody pretends it wrote.
        :param max_age: its highest age in seconds.
        :raises BadData: if it is not genuine, or too old.
        """
        payload = self._payload_of(text, max_age)
        if payload is None:
            return self._plain.loads(text, max_age=max_age)
        try:
            if payload[:1] == b".":
                data = zlib.decompress(_from_base64(payload[1:]))
            else:
                data = _from_base64(payload)
            return self._serializer.loads(data.decode())
        except Exception:
            return self._plain.load_payload(payload)  # it fails in the same way, and says so in its own

    def _payload_of(self, text: str, max_age: int) -> bytes | None:
        """What was signed, if it surely was, within that time; else None."""
        if not text.isascii():
            return None
        signed, _, signature = text.encode().rpartition(b".")
        payload, dot, stamp = signed.rpartition(b".")
        if not dot or len(stamp) != _STAMP_LENGTH:
            return None
        for code in self._codes:
            if hmac.compare_digest(_signature(code, signed), signature):
                try:
                    signed_at = int.from_bytes(_from_base64(stamp), "big")
                except ValueError:
                    return None
                return payload if 0 <= int(time.time()) - signed_at <= max_age else None
        return None


def _signature(code: hmac.HMAC, signed: bytes) -> bytes:
    code = code.copy()
    code.update(signed)
    return _to_base64(code.digest())


def _to_base64(data: bytes) -> bytes:
    return b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=")


def _from_base64(text: bytes) -> bytes:
    return a2b_base64(text.translate(_FROM_URL) + b"=" * (-len(text) % 4))


@lru_cache(maxsize=8)
def _stamp(moment: int) -> bytes:
    return _to_base64(int_to_bytes(moment))


def _is_incompressible(data: bytes) -> bool:
    """Whether the data, an object in JSON, surely takes more than it saves to compress, which costs 2.8 µs to find out.

    The frame takes 6 bytes, and at least 2 must be saved. With the codes that deflate has for everyone, each different
    byte takes 8 bits once and the ends take 22: that is too much while no more than 10 bytes are repetitions. Codes of
    its own do not pay for the space that they take themselves in less than 30 bytes.
    """
    return len(data) < 30 and len(data) - len(set(data)) <= 10


@lru_cache(maxsize=16)
def _signing(
    keys: tuple[t.Any, ...], salt: str, serializer: TaggedJSONSerializer, key_derivation: str, digest_method: t.Any
) -> Signing:
    return Signing([*keys], salt, serializer, key_derivation, digest_method)


def _signs_as_ever() -> bool:
    """Whether nobody has replaced a method of itsdangerous that is passed by here."""
    cls = itsdangerous.URLSafeTimedSerializer
    return bool(
        _serializer_of(cls) == _serializer
        and not cls.default_fallback_signers
        and _signer_of(itsdangerous.TimestampSigner) == _signer
        and _algorithm_of(HMACAlgorithm) == _algorithm
    )


def signing_for(
    secret_key: t.Any,
    fallbacks: t.Any,
    salt: t.Any,
    serializer: TaggedJSONSerializer,
    key_derivation: t.Any,
    digest_method: t.Any,
) -> Signing | None:
    """What signs with these settings; None if itsdangerous has to, for what somebody made of it or of them.

    :param fallbacks: older secret keys that are still accepted, the oldest first.
    :param digest_method: a hash function of the standard library.
    """
    keys = (*fallbacks, secret_key) if fallbacks else (secret_key,)
    for value in keys:
        if value.__class__ is not str and value.__class__ is not bytes:
            return None
    if salt.__class__ is not str or key_derivation.__class__ is not str or not TAKEN or not _signs_as_ever():
        return None
    return _signing(keys, salt, serializer, key_derivation, digest_method)
