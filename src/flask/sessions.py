"""Sessions: what is remembered of a user from one request to the next, and the interface to replace how.

The session that is built in lives in a signed cookie: its user can read it, and cannot change it without the secret
key.
"""

from __future__ import annotations

import hashlib
import typing as t
from collections.abc import MutableMapping
from datetime import UTC, datetime
from operator import attrgetter
from types import BuiltinFunctionType

from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import CallbackDict

from . import eras
from ._cookies import cookie_header, plain_value
from ._headers import Headers
from ._shortcuts import TAKEN
from ._signing import Signing, signing_for
from .json.tag import TaggedJSONSerializer
from .wrappers import Request, Response

if t.TYPE_CHECKING:
    from .app import Flask


class SessionMixin(MutableMapping[str, t.Any]):
    """The attributes that a session has besides those of a dict.

    >>> from flask.sessions import SessionMixin
    >>> class MySession(dict, SessionMixin):
    ...     pass
    >>> session = MySession()
    >>> session.permanent = True
    >>> session["_permanent"]
    True
    """

    #: Whether the session was changed. Sessions that cannot tell say always.
    modified = True

    #: Whether the session was looked at, so that the answer depends on it and caches must tell users apart. The context
    #: of the request notes it.
    #:
    #: .. versionadded:: 1.0
    accessed = False

    #: Whether the session is new with this request. Sessions that cannot tell say never.
    new = False

    @property
    def permanent(self) -> bool:
        """Whether the session outlives the browser's: the value of its key ``_permanent``."""
        return self.get("_permanent", False)  # type: ignore[no-any-return]  # what the setter has stored

    @permanent.setter
    def permanent(self, value: bool) -> None:
        self["_permanent"] = bool(value)


def _note_change(session: t.Any) -> None:
    session.modified = session.accessed = True


class SecureCookieSession(CallbackDict[str, t.Any], SessionMixin):
    """The session behind the signed cookie: a dict that knows when it was changed.

    :param initial: the values from the cookie; without any, the session is new.

    A change inside of a value, as to a list that the session holds, is not seen: set ``session.modified = True`` then.
    """

    modified: bool = False
    accessed: bool = False

    def __init__(self, initial: t.Any = None) -> None:
        super().__init__(initial, _note_change)
        self.new: bool = initial is None

    def get(self, key: str, default: t.Any = None) -> t.Any:
        """The value of a key, or the default."""
        return super().get(key, default)

    def __setitem__(self, key: str, value: t.Any) -> None:
        # PERF: what Werkzeug's does, in half the time; a subclass may have others between here and `dict`.
        if TAKEN and self.__class__ is SecureCookieSession and self.on_update is _note_change:
            dict.__setitem__(self, key, value)
            self.modified = self.accessed = True
        else:
            super().__setitem__(key, value)


class NullSession(SecureCookieSession):
    """Stands for the session where there can be none, for want of a secret key: empty, and any change says why.

    >>> from flask.sessions import NullSession
    >>> session = NullSession()
    >>> session.get("user") is None
    True
    >>> session["user"] = 1
    Traceback (most recent call last):
    RuntimeError: The session is unavailable: ...
    """

    def __init__(self, data: t.Any = None, secret_key: t.Any = None, new: bool = True) -> None:
        super().__init__(data)
        self.new = new

    def _fail(self, *args: t.Any, **kwargs: t.Any) -> t.NoReturn:
        raise RuntimeError(
            "The session is unavailable: its cookie is signed, and no secret key was set to sign it with."
            " Set app.secret_key, or SECRET_KEY in the configuration, to a long random value that nobody else knows."
        )

    if not t.TYPE_CHECKING:  # to a type checker it is a session like any other
        __setitem__ = __delitem__ = clear = pop = popitem = update = setdefault = _fail
        __ior__ = _fail
    del _fail


class SessionInterface:
    """How sessions are opened and saved. To keep them elsewhere, subclass this and give an instance to the application.

    Only :meth:`open_session` and :meth:`save_session` must be written:

    >>> from flask import Flask
    >>> from flask.sessions import SessionInterface, SessionMixin
    >>> kept = {}
    >>> class Session(dict, SessionMixin):
    ...     pass
    >>> class InMemory(SessionInterface):
    ...     def open_session(self, app, request):
    ...         return Session(kept)
    ...     def save_session(self, app, session, response):
    ...         kept.update(session)
    >>> app = Flask("shop")
    >>> app.session_interface = InMemory()

    What ``open_session`` returns is a dict with the attributes of :class:`SessionMixin`. Where it returns None,
    :meth:`make_null_session` makes what takes its place.

    .. versionadded:: 0.8
    """

    #: The class that stands for a missing session.
    null_session_class: type[t.Any] = NullSession

    #: Whether the interface stores Python objects by pickling.
    #:
    #: .. versionadded:: 0.10
    pickle_based = False

    def make_null_session(self, app: Flask) -> NullSession:
        """Make what stands for a session that could not be opened: it can be read, and says what is missing when
        changed.

        :param app: the application.
        """
        return t.cast(NullSession, self.null_session_class())

    def is_null_session(self, obj: object) -> bool:
        """Whether an object stands for a missing session, so that it is not saved.

        :param obj: the session of a request.
        """
        return isinstance(obj, self.null_session_class)

    def get_cookie_name(self, app: Flask) -> str:
        """The name of the session's cookie: ``SESSION_COOKIE_NAME``.

        .. versionadded:: 2.0
        """
        return t.cast(str, app.config["SESSION_COOKIE_NAME"])

    def get_cookie_domain(self, app: Flask) -> str | None:
        """The domain that the session's cookie is for: ``SESSION_COOKIE_DOMAIN``, or None for the host exactly.

        .. versionchanged:: 2.3
            ``SERVER_NAME`` no longer makes the cookie one for all subdomains.
        """
        domain = app.config["SESSION_COOKIE_DOMAIN"]
        if domain is None and eras.is_old("server_name_cookie_domain") and app.config["SERVER_NAME"]:
            host = str(app.config["SERVER_NAME"]).rsplit(":", 1)[0]
            # Browsers refuse a cookie for a whole top level domain, and take "localhost" for one.
            return f".{host}" if "." in host else None
        return t.cast("str | None", domain or None)

    def get_cookie_path(self, app: Flask) -> str:
        """The path that the session's cookie is for: ``SESSION_COOKIE_PATH``, else ``APPLICATION_ROOT``, else ``/``."""
        return app.config["SESSION_COOKIE_PATH"] or app.config["APPLICATION_ROOT"] or "/"

    def get_cookie_httponly(self, app: Flask) -> bool:
        """Whether the session's cookie is hidden from scripts in the page: ``SESSION_COOKIE_HTTPONLY``."""
        return t.cast(bool, app.config["SESSION_COOKIE_HTTPONLY"])

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the session's cookie is sent by HTTPS only: ``SESSION_COOKIE_SECURE``."""
        return t.cast(bool, app.config["SESSION_COOKIE_SECURE"])

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """Whether the session's cookie is sent with requests from other sites: ``SESSION_COOKIE_SAMESITE``.

        .. versionadded:: 1.0
        """
        return t.cast("str | None", app.config["SESSION_COOKIE_SAMESITE"])

    def get_cookie_partitioned(self, app: Flask) -> bool:
        """Whether the session's cookie is kept apart for each embedding site: ``SESSION_COOKIE_PARTITIONED``.

        .. versionadded:: 3.1
        """
        return t.cast(bool, app.config["SESSION_COOKIE_PARTITIONED"])

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """When the session's cookie expires: a permanent one after its lifetime, another with the browser's session.

        :return: the time, in UTC, or None.
        """
        if session.permanent:
            return datetime.now(UTC) + app.permanent_session_lifetime
        return None

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether to send the session's cookie: it was changed, or is permanent and refreshed with each request.

        .. versionadded:: 0.11
        """
        return session.modified or (session.permanent and app.config["SESSION_REFRESH_EACH_REQUEST"])

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """Open the session of a request. To be written by a subclass.

        :param app: the application.
        :param request: the request.
        :return: the session, or None where the configuration allows none.
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not say how to open a session: it needs a method open_session(app, request)."
        )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save the session at the end of a request, with the request still active. To be written by a subclass.

        :param app: the application.
        :param session: what :meth:`open_session` returned.
        :param response: the response that is about to be sent.
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not say how to save a session: it needs a method"
            " save_session(app, session, response)."
        )


session_json_serializer: TaggedJSONSerializer = TaggedJSONSerializer()


def _lazy_sha1(string: bytes = b"") -> t.Any:
    """SHA-1, looked up when it is used: builds of Python for certified environments may lack it."""
    return hashlib.sha1(string)


_reading_of: t.Final[t.Callable[[type], t.Any]] = attrgetter("cookies", "headers", "dict_storage_class")
_reading: t.Final = _reading_of(Request)
_vary: t.Final = Response.vary


def _cookie_of(request: Request, name: str) -> str | None:
    """The value of a cookie, without parsing the others where that is clear enough."""
    own = request.__dict__
    if TAKEN and "cookies" not in own and "headers" not in own and _reading_of(type(request)) == _reading:
        value = plain_value(cookie_header(request), name)
        if value is not None:
            return value
    return request.cookies.get(name)


def _vary_by_cookie(response: Response) -> None:
    """Tell caches that the answer depends on the cookie."""
    headers = response.headers
    if TAKEN and headers.__class__ is Headers and type(response).vary is _vary:
        named = headers.get("Vary")
        if named is None:
            headers["Vary"] = "Cookie"
        if named is None or named == "Cookie":
            return
    response.vary.add("Cookie")


class SecureCookieSessionInterface(SessionInterface):
    """Sessions in a signed cookie."""

    #: Mixed into the secret key, so that other uses of the key give other signatures.
    salt = "cookie-session"

    #: The hash function of the signature.
    digest_method: t.Callable[..., t.Any] = staticmethod(_lazy_sha1)

    #: How itsdangerous derives the signing key.
    key_derivation = "hmac"

    #: Writes the values of the session as text.
    serializer = session_json_serializer

    session_class = SecureCookieSession

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What reads and writes the cookie, or None without a secret key.

        Cookies signed with one of ``SECRET_KEY_FALLBACKS`` are read as well.

        .. versionadded:: 0.10
        """
        if not app.secret_key:
            return None
        # itsdangerous signs with the last key of the list and tries all of them when it reads.
        keys = [*(app.config.get("SECRET_KEY_FALLBACKS") or ()), app.secret_key]
        return URLSafeTimedSerializer(
            keys,
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )

    def _signing_for(self, app: Flask) -> Signing | URLSafeTimedSerializer | None:
        """What :meth:`get_signing_serializer` gives, or what does the same faster."""
        if (
            type(self).get_signing_serializer is _get_signing_serializer
            and "get_signing_serializer" not in self.__dict__
            and (secret_key := app.secret_key)
            and self.serializer.__class__ is TaggedJSONSerializer
            and (self.digest_method is _lazy_sha1 or self.digest_method.__class__ is BuiltinFunctionType)
        ):
            signing = signing_for(
                secret_key,
                app.config.get("SECRET_KEY_FALLBACKS"),
                self.salt,
                self.serializer,
                self.key_derivation,
                self.digest_method,
            )
            if signing is not None:
                return signing
        return self.get_signing_serializer(app)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the request's cookie; a new one if it has none, or one that is forged or expired."""
        signing = self._signing_for(app)
        if signing is None:
            return None
        cookie = _cookie_of(request, self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        max_age = int(app.permanent_session_lifetime.total_seconds())
        try:
            data = signing.loads(cookie, max_age=max_age)
        except BadData:
            return self.session_class()
        return self.session_class(data) if isinstance(data, dict) else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the session's cookie if it changed or is to be refreshed; delete it if the session was emptied."""
        if session.accessed:
            _vary_by_cookie(response)
        if not session:
            if session.modified:
                response.delete_cookie(self.get_cookie_name(app), **self._cookie_scope(app))
                _vary_by_cookie(response)
            return
        if not self.should_set_cookie(app, session):
            return
        signing = self._signing_for(app)
        if signing is None:
            return
        response.set_cookie(
            self.get_cookie_name(app),
            signing.dumps(dict(session)),
            expires=self.get_expiration_time(app, session),
            **self._cookie_scope(app),
        )
        _vary_by_cookie(response)

    def _cookie_scope(self, app: Flask) -> dict[str, t.Any]:
        """Where the cookie holds; a deletion must name the same scope."""
        return {
            "domain": self.get_cookie_domain(app),
            "path": self.get_cookie_path(app),
            "secure": self.get_cookie_secure(app),
            "httponly": self.get_cookie_httponly(app),
            "samesite": self.get_cookie_samesite(app),
            "partitioned": self.get_cookie_partitioned(app),
        }


_get_signing_serializer: t.Final = SecureCookieSessionInterface.get_signing_serializer
_noticed_of: t.Final[t.Callable[[type], t.Any]] = attrgetter("open_session", "save_session", "get_cookie_name")
_noticed: t.Final = _noticed_of(SecureCookieSessionInterface)


def opens_unnoticed(interface: SessionInterface) -> bool:
    """Whether nobody can notice when an interface opens a session: it is the built-in one, as it is defined here."""
    return (
        interface.__class__ is SecureCookieSessionInterface
        and not interface.__dict__
        and _noticed_of(SecureCookieSessionInterface) == _noticed
    )


def open_session(app: Flask, request: Request) -> SessionMixin:
    """Open the session of a request by the application's interface, or what stands for a missing one."""
    session = app.open_session(request)
    return session if session is not None else app.make_null_session()
