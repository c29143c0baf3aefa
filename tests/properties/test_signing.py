"""What signs sessions the short way writes what itsdangerous writes, and takes for genuine what it takes for that."""

from __future__ import annotations

import base64
import hashlib
import os
import typing as t
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from flask import Flask
from flask._cookies import plain_value
from flask._shortcuts import TAKEN
from flask._signing import Signing, _is_incompressible, signing_for
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface, session_json_serializer

NOW = 1_795_000_000
LIFETIME = 3600

keys = st.lists(st.one_of(st.text(min_size=1, max_size=6), st.binary(min_size=1, max_size=6)), min_size=1, max_size=3)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.text("ab", max_size=80) | st.binary(max_size=4),
    lambda items: st.lists(items, max_size=3) | st.dictionaries(st.text(max_size=4), items, max_size=3),
)
sessions = st.dictionaries(st.text(max_size=5), values, max_size=4)
derivations = st.sampled_from(["hmac", "concat", "django-concat", "none"])
digests = st.sampled_from([hashlib.sha1, hashlib.sha256, hashlib.sha512])


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time stands still; where a cookie is to be old, its signer's is another."""
    monkeypatch.setattr("time.time", lambda: float(NOW))


def both(
    keys: list[t.Any], derivation: str = "hmac", digest: t.Any = hashlib.sha1
) -> tuple[Signing, URLSafeTimedSerializer]:
    plain: URLSafeTimedSerializer = URLSafeTimedSerializer(
        keys,
        salt="cookie-session",
        serializer=session_json_serializer,
        signer_kwargs={"key_derivation": derivation, "digest_method": digest},
    )
    return Signing(keys, "cookie-session", session_json_serializer, derivation, digest), plain


def answer(loads: t.Callable[..., t.Any], text: str) -> t.Any:
    try:
        return repr(loads(text, max_age=LIFETIME))
    except (BadData, ValueError, OSError, OverflowError) as error:  # the last two for a time that no calendar has
        return type(error), str(error)


@given(keys, derivations, digests, sessions)
@example(["k"], "hmac", hashlib.sha1, {"a": "b" * 11})
@example(["k"], "hmac", hashlib.sha1, {"a": "b" * 12})
@example(["k"], "hmac", hashlib.sha1, {"user": "ada", "visits": 2})
def test_what_is_written(keys: list[t.Any], derivation: str, digest: t.Any, data: dict[str, t.Any]) -> None:
    signing, plain = both(keys, derivation, digest)
    text = signing.dumps(data)
    assert text == plain.dumps(data)
    assert answer(signing.loads, text) == answer(plain.loads, text) == repr(plain.loads(text))


@given(keys, st.integers(0, 2), sessions)
def test_what_a_former_key_signed(keys: list[t.Any], which: int, data: dict[str, t.Any]) -> None:
    signing, plain = both(keys)
    text = both([keys[which % len(keys)]])[1].dumps(data)
    assert answer(signing.loads, text) == answer(plain.loads, text)


ALPHABET = "".join(map(chr, range(0x20, 0x7F))) + "é\n\u20ac"


@given(sessions, st.lists(st.tuples(st.integers(0, 500), st.sampled_from(ALPHABET), st.integers(0, 3)), max_size=3))
@settings(max_examples=500)
def test_what_was_tampered_with(data: dict[str, t.Any], changes: list[tuple[int, str, int]]) -> None:
    signing, plain = both(["key"])
    text = plain.dumps(data)
    for at, character, removed in changes:
        at %= len(text)
        text = text[:at] + character + text[at + removed :]
    assert answer(signing.loads, text) == answer(plain.loads, text)


@given(st.text(ALPHABET + ".", max_size=60))
@example("." * 10_000)
@example("a" * 100_000)
def test_what_was_never_signed(text: str) -> None:
    signing, plain = both(["key"])
    assert answer(signing.loads, text) == answer(plain.loads, text)


@given(st.one_of(st.text(ALPHABET, max_size=30), st.from_regex(r"\.?[\w-]{0,20}(\.[\w-]{0,12})?", fullmatch=True)))
@example(".eJw")
@example(".A0000000000")
@example(".00000000000")
@example(base64.urlsafe_b64encode(zlib.compress(b"{}")).decode())
@example("e30.a!wR2")
@example("e30")
def test_whatever_was_signed(payload: str) -> None:
    signing, plain = both(["key"])
    for signer in (plain.make_signer(), TimestampSigner("key", salt="cookie-session", key_derivation="hmac")):
        text = signer.sign(payload.encode()).decode()
        assert answer(signing.loads, text) == answer(plain.loads, text)
        text = super(TimestampSigner, signer).sign(payload.encode()).decode()  # without a time
        assert answer(signing.loads, text) == answer(plain.loads, text)


@pytest.mark.parametrize("age", [-(10**11), -1, 0, 1, LIFETIME - 1, LIFETIME, LIFETIME + 1, NOW - 5, NOW])
def test_age(age: int, monkeypatch: pytest.MonkeyPatch) -> None:
    signing, plain = both(["key"])
    with monkeypatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda self: NOW - age)
        text = plain.dumps({"a": 1})
    assert answer(signing.loads, text) == answer(plain.loads, text)


@pytest.mark.parametrize("moment", [0, 1, 255, 2**24, 2**32 - 1, 2**32, 2**40])
def test_time_stamps(moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: float(moment))
    signing, plain = both(["key"])
    text = signing.dumps({"a": 1})
    assert text == plain.dumps({"a": 1})
    assert answer(signing.loads, text) == answer(plain.loads, text)


@given(st.lists(st.sampled_from(["a", "b", "ab", "abc", "1", "0", '":"', "ä", "\U0001f600", ",", "}"]), max_size=14))
@example(["1"] * 13)
@example(["abc"] * 7)
@settings(max_examples=2000)
def test_what_is_not_tried_to_be_compressed_would_not_be_shorter(parts: list[str]) -> None:
    data = f'{{"{"".join(parts)}"}}'.encode()
    if _is_incompressible(data):
        assert len(zlib.compress(data, 9)) >= len(data) - 1


pieces = st.one_of(
    st.sampled_from(["session", "session=", "session=a", "session =a", "session= a", 'session="a"', "xsession=1"]),
    st.sampled_from(['a="; session=b"', "session=a b", "session=a\tb", "=session=a", "a=session=b", "session=ä", ""]),
    st.from_regex(r"[a-z]{1,3}=[\w.=-]{0,5}", fullmatch=True),
    st.text("session=; \t\"\\a,", max_size=12),
)


@given(
    st.lists(pieces, max_size=5),
    st.sampled_from(["; ", ";", " ;", ", ", ";  "]),
    st.sampled_from(["session", "__Host-s", "s", "", "a=b", "a b", "sés"]),
)
@settings(max_examples=3000)
def test_the_value_of_one_cookie(pieces: list[str], separator: str, name: str) -> None:
    header = separator.join(pieces)
    found = plain_value(header, name)
    with Flask("shop").test_request_context(environ_overrides={"HTTP_COOKIE": header}) as ctx:
        if found is not None:
            assert found == (ctx.request.cookies.get(name) or "")


# What it takes for somebody else's


@pytest.mark.skipif(not TAKEN, reason="shortcuts are switched off")
def test_same_settings_have_the_same_signing() -> None:
    arguments: t.Any = ("cookie-session", session_json_serializer, "hmac", hashlib.sha1)
    first = signing_for("key", ["old"], *arguments)
    assert first is not None
    assert signing_for("key", ["old"], *arguments) is first
    assert signing_for("key", ["older"], *arguments) is not first


@pytest.mark.parametrize("owner", [URLSafeTimedSerializer, TimestampSigner])
@pytest.mark.parametrize("name", ["__init__", "derive_key", "get_timestamp", "get_signature", "sign", "dumps", "loads"])
def test_what_replaces_a_method_of_itsdangerous_is_called(
    owner: t.Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(owner, name):
        return
    calls = []
    method = getattr(owner, name)

    def replacement(*args: t.Any, **kwargs: t.Any) -> t.Any:
        calls.append(name)
        return method(*args, **kwargs)

    app = Flask("shop")
    app.secret_key = os.urandom(8).hex()
    interface = SecureCookieSessionInterface()

    def rewritten() -> dict[str, t.Any] | None:
        with app.test_request_context():
            session = interface.session_class({"a": 1})
            session.modified = True
            response = app.response_class()
            interface.save_session(app, session, response)
            header = response.headers["Set-Cookie"].partition(";")[0]
        with app.test_request_context(environ_overrides={"HTTP_COOKIE": header}) as ctx:
            return interface.open_session(app, ctx.request)

    assert rewritten() == {"a": 1}
    monkeypatch.setattr(owner, name, replacement)
    assert rewritten() == {"a": 1}
    assert calls


def test_another_serializer_is_asked() -> None:
    class Loud(TaggedJSONSerializer):
        def dumps(self, value: t.Any) -> str:
            return super().dumps({"LOUD": value})

    class Interface(SecureCookieSessionInterface):
        serializer = Loud()

    app = Flask("shop")
    app.secret_key = "key"
    signing = Interface()._signing_for(app)
    assert signing is not None
    assert signing.loads(signing.dumps({"a": 1}), max_age=60) == {"LOUD": {"a": 1}}
