"""The session's cookie: its settings, its keys, and what is made of one that is forged or too old."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from asking import Request, get, post
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from observing import outcome, plain

from flask import Flask, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionInterface

VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "bytes key": {"SECRET_KEY": b"bytes"},
    "fallbacks": {"SECRET_KEY": "new", "SECRET_KEY_FALLBACKS": ["key", "older"]},
    "not refreshed": {"SESSION_REFRESH_EACH_REQUEST": False},
    "named": {"SESSION_COOKIE_NAME": "crumb", "SESSION_COOKIE_PATH": "/only", "SESSION_COOKIE_DOMAIN": "example.org"},
    "strict": {"SESSION_COOKIE_SAMESITE": "Strict", "SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_HTTPONLY": False},
    "lax, partitioned": {"SESSION_COOKIE_SAMESITE": "Lax", "SESSION_COOKIE_PARTITIONED": True},
    "no samesite": {"SESSION_COOKIE_SAMESITE": "none"},
    "root": {"APPLICATION_ROOT": "/app"},
    "domain False": {"SESSION_COOKIE_DOMAIN": False},
    "server name": {"SERVER_NAME": "example.org"},
    "short": {"PERMANENT_SESSION_LIFETIME": 60},
    "span": {"PERMANENT_SESSION_LIFETIME": timedelta(hours=2)},
    "small cookies": {"MAX_COOKIE_SIZE": 50},
    "testing": {"TESTING": True},
}


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update({"SECRET_KEY": "key", **config})
    app.add_url_rule("/read", "read", lambda: json.dumps({name: plain(session[name]) for name in sorted(session)}))
    app.add_url_rule("/quiet", "quiet", lambda: "nobody looked")

    @app.route("/set", methods=["GET", "POST"])
    def set_value() -> str:
        session["text"] = "täxt"
        return "set"

    @app.route("/permanent")
    def permanent() -> str:
        session.permanent = True
        return "permanent"

    @app.route("/clear")
    def clear() -> str:
        session.clear()
        return "cleared"

    return app


def signed(value: Any, key: str = "key", salt: str = "cookie-session", age: timedelta = timedelta()) -> str:
    """A cookie that somebody with the key made, as Flask has documented it since 0.10."""

    class Aged(TimestampSigner):
        def get_timestamp(self) -> int:
            return 1_700_000_000 - int(age.total_seconds())

    options = {"key_derivation": "hmac", "digest_method": SecureCookieSessionInterface.digest_method}
    return URLSafeTimedSerializer(key, salt, signer=Aged, signer_kwargs=options).dumps(value)


COOKIES = {
    "nothing": "",
    "text": "x",
    "three parts": "a.b.c",
    "a wrong signature": "e30.ZVPxAA.AAAA",
    "a long wrong signature": "eyJ0ZXh0IjoieCJ9.ZVPxAA.AAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "text outside of ASCII": "é",
    "quotes": '"quoted"',
    "a null byte": "\x00",
    "broken compression": ".eJw.ZVPxAA.AAAA",
    "a session": signed({"a": 1}),
    "a fallback key": signed({"a": 1}, key="older"),
    "another salt": signed({"a": 1}, salt="other"),
    "one too old": signed({"a": 1}, age=timedelta(days=32)),
    "one of tomorrow": signed({"a": 1}, age=timedelta(days=-1)),
    "an empty dict, signed": signed({}),
    "a list, signed": signed([1]),
    "a text, signed": signed("text"),
    "a broken tag, signed": signed({"a": {" d": "no date"}}),
    "two cookies": f"x; session={signed({'a': 1})}",
}

VISITS: list[Request | list[Request]] = [
    get("/quiet"),
    get("/read"),
    [get("/set"), get("/read"), get("/quiet"), get("/clear"), get("/read")],
    [get("/permanent"), get("/read"), get("/quiet"), get("/missing"), get("/clear"), get("/quiet")],
    [get("/set"), post("/set"), get("/set", headers={"Host": "sub.example.org"})],
    [get("/set", base_url="https://example.org/sub/"), get("/read", base_url="https://example.org/sub/")],
    *(
        get(path, name=name, environ={"HTTP_COOKIE": f"session={value}"})
        for name, value in COOKIES.items()
        for path in ("/read", "/quiet", "/set")
    ),
]


def probe_keys() -> Any:
    """Cookies of one key, read with others."""
    old, found = Flask(__name__), {}
    old.secret_key = "old"
    signed = SecureCookieSessionInterface().get_signing_serializer(old).dumps({"a": 1})
    for fallbacks in (None, [], ["old"], ["x", "old"], ["x"], ("old",), "old"):
        app = Flask(__name__)
        app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=fallbacks)
        with app.test_request_context("/", headers={"Cookie": f"session={signed}"}):
            found[repr(fallbacks)] = outcome(lambda: dict(session))
    return found


def probe_interface() -> Any:
    """What the interface says by itself."""
    app, interface = Flask(__name__), SecureCookieSessionInterface()
    app.secret_key = "key"
    permanent = SecureCookieSession({"_permanent": True})
    expires = interface.get_expiration_time(app, permanent)
    return {
        "name": interface.get_cookie_name(app),
        "domain": interface.get_cookie_domain(app),
        "path": interface.get_cookie_path(app),
        "httponly": interface.get_cookie_httponly(app),
        "secure": interface.get_cookie_secure(app),
        "samesite": interface.get_cookie_samesite(app),
        "partitioned": interface.get_cookie_partitioned(app),
        "expires": [expires.tzinfo, round((expires - datetime.now(UTC)).total_seconds(), -2)],
        "expires not": interface.get_expiration_time(app, SecureCookieSession()),
        "set": [interface.should_set_cookie(app, SecureCookieSession()), interface.should_set_cookie(app, permanent)],
        "null": interface.is_null_session(interface.make_null_session(app)),
        "not null": interface.is_null_session(SecureCookieSession()),
        "pickle": interface.pickle_based,
        "salt": [interface.salt, interface.key_derivation, interface.digest_method(b"x").hexdigest()],
        "serializer": interface.serializer.dumps({"a": (1, b"2")}),
        "open": outcome(SessionInterface().open_session, app, None),
        "save": outcome(SessionInterface().save_session, app, None, None),
        "no key": interface.get_signing_serializer(Flask(__name__)),
    }
