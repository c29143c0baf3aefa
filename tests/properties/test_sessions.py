"""The session's cookie: what is put in comes back, nobody can change it, and it is the one that every Flask writes."""

from __future__ import annotations

import hashlib
import json
import typing as t
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from markupsafe import Markup

from flask import Flask, session
from flask.sessions import SecureCookieSession

SECRET = "the key of these tests"


def make_app(**config: t.Any) -> Flask:
    app = Flask("sessions")
    app.config.update(SECRET_KEY=SECRET, MAX_COOKIE_SIZE=0)
    app.config.update(config)
    return app


app = make_app()

moments = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
simple = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.uuids()
    | st.text(max_size=8).map(Markup)
    | moments
)
values = st.recursive(
    simple,
    lambda items: (
        st.lists(items, max_size=3)
        | st.lists(items, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), items, max_size=3)
    ),
    max_leaves=8,
)
sessions = st.dictionaries(st.text(max_size=5), values, min_size=1, max_size=3)


def same(first: t.Any, second: t.Any) -> bool:
    """Whether two values are equal, and so are their types at every depth."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if type(first) is not type(second):
        return False
    if isinstance(first, (list, tuple)):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second)


def cookie_for(data: dict[str, t.Any], app: Flask = app) -> str:
    """The cookie that the application sends for a session of these values."""
    with app.test_request_context():
        response = app.response_class()
        app.session_interface.save_session(app, saved(data), response)
    text = response.headers["Set-Cookie"].partition(";")[0]
    return text.removeprefix("session=")


def saved(data: dict[str, t.Any]) -> SecureCookieSession:
    opened = SecureCookieSession(data)
    opened.modified = True
    return opened


def session_from(cookie: str, app: Flask = app) -> dict[str, t.Any]:
    """What the session holds in a request with this cookie, the bytes of which are given as Latin-1."""
    with app.test_request_context(environ_overrides={"HTTP_COOKIE": f"session={cookie}"}):
        return dict(session)


@given(sessions)
@example({"half": "\ud800", " t": 1, "": ()})
def test_what_is_put_in_comes_back(data: dict[str, t.Any]) -> None:
    assert same(session_from(cookie_for(data)), data)


@given(sessions)
def test_the_test_client_keeps_it_between_requests(data: dict[str, t.Any]) -> None:
    app = make_app()
    seen: list[t.Any] = []
    app.add_url_rule("/set", endpoint="set", view_func=lambda: session.update(data) or "")
    app.add_url_rule("/get", endpoint="get", view_func=lambda: seen.append(dict(session)) or "")
    client = app.test_client()
    client.get("/set")
    client.get("/get")
    assert same(seen, [data])


@given(st.binary(max_size=60), st.booleans())
@example(b"eyJhIjoxfQ.aaaa.bbbb", False)
@example(b".", False)
@example(b".eJw.aaaaaa.", False)
@example(b"\xff.\xff.\xff", True)
def test_any_garbage_is_a_new_session(garbage: bytes, quoted: bool) -> None:
    text = garbage.decode("latin-1").translate(dict.fromkeys(map(ord, "\r\n\0")))
    assert session_from(f'"{text}"' if quoted else text) == {}


@given(sessions, st.data())
def test_a_cookie_changed_at_one_place_is_worth_nothing(data: dict[str, t.Any], draw: st.DataObject) -> None:
    cookie = cookie_for(data)
    at = draw.draw(st.integers(0, len(cookie) - 1), label="at")
    character = draw.draw(st.characters(min_codepoint=0x21, max_codepoint=0x7E), label="character")
    assume(character not in {cookie[at], ";", '"'})
    # A signature is read in either alphabet of Base64.
    assume({cookie[at], character} not in ({"-", "+"}, {"_", "/"}))
    found = session_from(cookie[:at] + character + cookie[at + 1 :])
    # The last character of a signature holds two bits that mean nothing.
    assert found == {} or (at == len(cookie) - 1 and same(found, data))


@given(sessions, st.data())
def test_a_cookie_cut_short_is_worth_nothing(data: dict[str, t.Any], draw: st.DataObject) -> None:
    cookie = cookie_for(data)
    length = draw.draw(st.integers(0, len(cookie) - 1))
    assert session_from(cookie[:length]) == {}


@given(sessions)
def test_another_key_or_another_use_of_the_key_is_worth_nothing(data: dict[str, t.Any]) -> None:
    assert session_from(cookie_for(data, make_app(SECRET_KEY="another"))) == {}
    assert session_from(like_flask(SECRET, salt="another use").dumps({"a": 1})) == {}


def like_flask(
    key: str | list[str], salt: str = "cookie-session", signer: type[TimestampSigner] = TimestampSigner
) -> t.Any:
    """What Flask 0.10 to 3.1 write and read session cookies with, out of itsdangerous alone, for plain JSON."""
    return URLSafeTimedSerializer(
        key,
        salt=salt,
        serializer=json,
        serializer_kwargs={"separators": (",", ":")},
        signer=signer,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
    )


plain_sessions = st.dictionaries(
    st.from_regex("[a-z]{1,5}", fullmatch=True),
    st.integers() | st.text(max_size=300) | st.lists(st.booleans()),
    min_size=1,
)


@given(plain_sessions)
@example({"long": "and so compressed " * 50})
def test_cookies_of_another_flask_are_read(data: dict[str, t.Any]) -> None:
    assert session_from(like_flask(SECRET).dumps(data)) == data


@given(plain_sessions)
@example({"long": "and so compressed " * 50})
def test_another_flask_reads_our_cookies(data: dict[str, t.Any]) -> None:
    assert like_flask(SECRET).loads(cookie_for(data), max_age=60) == data


def test_tagged_values_are_written_as_another_flask_reads_them() -> None:
    written = like_flask(SECRET).loads(cookie_for({"_flashes": [("message", "hi")], "key": b"ab"}))
    assert written == {"_flashes": [{" t": ["message", "hi"]}], "key": {" b": "YWI="}}


def test_tagged_values_of_another_flask_are_read() -> None:
    cookie = like_flask(SECRET).dumps({"_flashes": [{" t": ["message", "hi"]}], "safe": {" m": "<b>"}})
    found = session_from(cookie)
    assert same(found, {"_flashes": [("message", "hi")], "safe": Markup("<b>")})


@pytest.mark.parametrize("data", [[1], "text", 1, None, {"a": {" u": "no UUID"}}, {"a": {" b": 1}}])
def test_what_is_signed_but_is_no_session_is_a_new_session(data: t.Any) -> None:
    # Another program with the same key may have written it, or an older release of this one.
    assert session_from(like_flask(SECRET).dumps(data)) == {}


def test_what_is_signed_but_is_no_json_is_a_new_session() -> None:
    signer = TimestampSigner(SECRET, salt="cookie-session", key_derivation="hmac", digest_method=hashlib.sha1)
    for payload in (b"////", b"", b".eJw", b"bm8ganNvbg"):
        assert session_from(signer.sign(payload).decode()) == {}


def signer_of(age: timedelta) -> type[TimestampSigner]:
    """A signer whose cookies are that old already."""

    class Signer(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - int(age.total_seconds())

    return Signer


@pytest.mark.parametrize(
    ("age", "lifetime", "is_valid"),
    [
        (timedelta(days=30), None, True),
        (timedelta(days=32), None, False),
        (timedelta(minutes=50), timedelta(hours=1), True),
        (timedelta(minutes=70), timedelta(hours=1), False),
        (timedelta(minutes=70), 3600, False),
        (timedelta(minutes=50), 3600, True),
        (timedelta(hours=-2), timedelta(hours=1), False),
    ],
)
def test_a_cookie_expires(age: timedelta, lifetime: timedelta | int | None, is_valid: bool) -> None:
    app = make_app() if lifetime is None else make_app(PERMANENT_SESSION_LIFETIME=lifetime)
    cookie = like_flask(SECRET, signer=signer_of(age)).dumps({"a": 1})
    assert session_from(cookie, app) == ({"a": 1} if is_valid else {})


@given(sessions)
def test_cookies_signed_with_a_former_key_are_read(data: dict[str, t.Any]) -> None:
    renewed = make_app(SECRET_KEY="the new key", SECRET_KEY_FALLBACKS=["an older one", SECRET])
    assert same(session_from(cookie_for(data), renewed), data)


@given(sessions)
def test_cookies_are_signed_with_the_newest_key(data: dict[str, t.Any]) -> None:
    renewed = make_app(SECRET_KEY="the new key", SECRET_KEY_FALLBACKS=[SECRET])
    cookie = cookie_for(data, renewed)
    assert session_from(cookie) == {}
    assert same(session_from(cookie, make_app(SECRET_KEY="the new key")), data)


def test_a_key_that_is_no_longer_named_is_worth_nothing() -> None:
    renewed = make_app(SECRET_KEY="the new key", SECRET_KEY_FALLBACKS=["another"])
    assert session_from(cookie_for({"a": 1}), renewed) == {}


@pytest.mark.parametrize("make_key", [str, str.encode], ids=["text", "bytes"])
def test_keys_may_be_text_or_bytes(make_key: Callable[[str], str | bytes]) -> None:
    other = make_app(SECRET_KEY=make_key(SECRET))
    assert session_from(cookie_for({"a": 1}, other)) == {"a": 1}
