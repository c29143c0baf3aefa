"""``werkzeug.contrib.sessions``: sessions that are kept by the server.

The old releases put pickles into files; who could write to the folder could run what he liked. Here they hold JSON, in
files that nobody else can read, and files of the old releases count as lost.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
import typing as t
from pathlib import Path

from werkzeug.datastructures import CallbackDict
from werkzeug.http import dump_cookie, parse_cookie
from werkzeug.wsgi import ClosingIterator

_KEY: t.Final = re.compile(r"[0-9a-f]{40}\Z")


def generate_key(salt: t.Any = None) -> str:
    """The key of a new session, which nobody can guess.

    :param salt: no longer means anything.
    """
    return secrets.token_hex(20)


class ModificationTrackingDict(CallbackDict[str, t.Any]):
    """A dict that knows whether it was changed: ``modified``."""

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        def was_changed(changed: t.Any) -> None:
            changed.modified = True

        super().__init__(dict(*args, **kwargs), was_changed)
        self.modified = False

    def copy(self) -> ModificationTrackingDict:
        """Another with the same content."""
        result = ModificationTrackingDict(self)
        result.modified = self.modified
        return result


class Session(ModificationTrackingDict):
    """What the server remembers of a visitor.

    :param data: what is in it.
    :param sid: its key.
    :param new: whether it is not from the store.
    """

    def __init__(self, data: t.Any, sid: str, new: bool = False) -> None:
        super().__init__(data)
        self.sid = sid
        self.new = new

    @property
    def should_save(self) -> bool:
        """Whether it was changed."""
        return self.modified

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {dict(self)!r}{'*' if self.should_save else ''}>"


class SessionStore:
    """Where sessions are kept.

    :param session_class: the class of sessions.
    """

    def __init__(self, session_class: t.Any = None) -> None:
        self.session_class: t.Any = session_class or Session

    def is_valid_key(self, key: str) -> bool:
        """Whether a key is one that :meth:`generate_key` may have made."""
        return _KEY.match(key) is not None

    def generate_key(self, salt: t.Any = None) -> str:
        """The key of a new session."""
        return generate_key(salt)

    def new(self) -> t.Any:
        """A new session."""
        return self.session_class({}, self.generate_key(), True)

    def save(self, session: t.Any) -> None:
        """Keep a session."""

    def save_if_modified(self, session: t.Any) -> None:
        """Keep a session if it was changed."""
        if session.should_save:
            self.save(session)

    def delete(self, session: t.Any) -> None:
        """Forget a session."""

    def get(self, sid: str) -> t.Any:
        """The session of a key."""
        return self.session_class({}, sid, True)


class FilesystemSessionStore(SessionStore):
    """Keeps sessions in files.

    :param path: their folder; that for temporary files by default.
    :param filename_template: their names, with ``%s`` for the key.
    :param session_class: the class of sessions.
    :param renew_missing: whether a visitor whose session is lost gets a new key.
    :param mode: who may read the files.
    """

    def __init__(
        self,
        path: str | None = None,
        filename_template: str = "werkzeug_%s.sess",
        session_class: t.Any = None,
        renew_missing: bool = False,
        mode: int = 0o600,
    ) -> None:
        super().__init__(session_class)
        self.path: str = path or tempfile.gettempdir()
        self.filename_template: str = filename_template
        self.renew_missing = renew_missing
        self.mode = mode

    def get_session_filename(self, sid: str) -> str:
        """The file of a session.

        :param sid: its key.
        """
        return os.path.join(self.path, self.filename_template % sid)

    def save(self, session: t.Any) -> None:
        text = json.dumps(dict(session))
        # Written beside and then put in its place: whoever reads meanwhile has the one or the other whole.
        handle, name = tempfile.mkstemp(suffix=".__wz_sess", dir=self.path)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, self.mode)
        os.replace(name, self.get_session_filename(session.sid))

    def delete(self, session: t.Any) -> None:
        Path(self.get_session_filename(session.sid)).unlink(missing_ok=True)

    def get(self, sid: str) -> t.Any:
        # The key is a visitor's word: what is none of ours never becomes a part of a path.
        if not self.is_valid_key(sid):
            return self.new()
        try:
            data = json.loads(Path(self.get_session_filename(sid)).read_bytes())
        except OSError:
            return self.new() if self.renew_missing else self.session_class({}, sid, False)
        except ValueError:
            data = {}
        return self.session_class(data, sid, False)

    def list(self) -> list[str]:
        """The keys of all sessions."""
        before, _, after = self.filename_template.partition("%s")
        name = re.compile(f"{re.escape(before)}([0-9a-f]{{40}}){re.escape(after)}\\Z")
        return [found[1] for found in map(name.match, os.listdir(self.path)) if found]


class SessionMiddleware:
    """Puts the session into the environment of each request, and keeps it if it was changed.

    :param app: the application.
    :param store: where sessions are kept.
    :param environ_key: where the session is in the environment.
    """

    def __init__(
        self, app: t.Any, store: SessionStore, cookie_name: str = "session_id", cookie_age: t.Any = None,
        cookie_expires: t.Any = None, cookie_path: str = "/", cookie_domain: str | None = None,
        cookie_secure: bool | None = None, cookie_httponly: bool = False, environ_key: str = "werkzeug.session",
    ) -> None:
        self.app = app
        self.store = store
        self.cookie_name: str = cookie_name
        self.environ_key: str = environ_key
        self._cookie: dict[str, t.Any] = {
            "max_age": cookie_age, "expires": cookie_expires, "path": cookie_path, "domain": cookie_domain,
            "secure": bool(cookie_secure), "httponly": cookie_httponly,
        }

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> t.Any:
        sid = parse_cookie(environ).get(self.cookie_name)
        session = environ[self.environ_key] = self.store.new() if sid is None else self.store.get(sid)

        def start_with_cookie(status: str, headers: t.Any, exc_info: t.Any = None) -> t.Any:
            if session.should_save:
                self.store.save(session)
                cookie = dump_cookie(self.cookie_name, session.sid, **self._cookie)
                headers = [*headers, ("Set-Cookie", cookie)]
            return start_response(status, headers, exc_info)

        return ClosingIterator(self.app(environ, start_with_cookie), lambda: self.store.save_if_modified(session))
