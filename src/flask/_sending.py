"""Sending a file as it was sent before, as long as it is the same: one look at the file, and its headers are known.

The headers are those that Werkzeug gave to the first answer; only the dates are written anew. A client that has the
file gets the answer 304 without the file being opened. Requests for a range, or with other conditions than browsers
send, take Werkzeug's way each time.
"""

from __future__ import annotations

import mimetypes
import os
import typing as t
from functools import lru_cache
from io import FileIO
from time import time

import werkzeug.utils
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ._headers import Fields
    from .wrappers import Response

#: The headers of an answer that are known from the one before.
_FIELDS: t.Final = frozenset(
    {
        *("content-disposition", "content-type", "content-encoding", "content-length", "last-modified"),
        *("cache-control", "expires", "etag", "date", "accept-ranges"),
    }
)
#: How many files are known at most, and the longest path of one.
_MOST: t.Final = 1000
_LONGEST: t.Final = 500

_send_by_werkzeug: t.Final = werkzeug.utils.send_file
#: The answers of one second have the same date.
_date_text: t.Final = lru_cache(maxsize=64)(http_date)


#: What shows whether a file is the same still: its time, size and mode.
FileState = tuple[float, int, int]


class Known(t.NamedTuple):
    """What is known of a file that was sent."""

    state: FileState
    #: Its extension, and the type registered for that: a program may register another at any time.
    extension: str
    type: str | None
    fields: Fields


_known: dict[tuple[str, int | None], Known] = {}
#: The paths of files that were found: by the root path, a folder relative to it, and what a client asked for in that.
_paths: dict[tuple[str, str, str], str] = {}


def known_path(root: str, directory: str, name: str) -> str | None:
    """The whole path of a file that was found before by these names, which lead nowhere else."""
    return _paths.get((root, directory, name))


def remember_path(path: str, root: str, directory: str, name: str) -> None:
    """Keep the path of a file that was found.

    :param path: the whole path.
    """
    if len(path) + len(name) <= _LONGEST and (root, directory, name) not in _paths:
        if len(_paths) >= _MOST:
            _paths.clear()
        _paths[root, directory, name] = path


def state_of(path: str) -> FileState | None:
    """The state of a file, None if there is none.

    :param path: the path, which may have been made of what a client sent.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):  # a null byte in the path is the latter
        return None
    return found.st_mtime, found.st_size, found.st_mode


def send_known(
    environ: WSGIEnvironment, response_class: type[Response], path: str, state: FileState | None, max_age: t.Any
) -> Response | None:
    """The answer with a file that was sent before; None if it is Werkzeug's to give.

    :param path: the whole path.
    :param state: what the file is like now.
    :param max_age: for how many seconds the client may keep it.
    """
    known = _known.get((path, max_age)) if max_age is None or max_age.__class__ is int else None
    if (
        known is None
        or known.state != state
        or known.type != mimetypes.types_map.get(known.extension)
        or werkzeug.utils.send_file is not _send_by_werkzeug
    ):
        return None
    fields = known.fields
    is_wanted = _is_wanted(environ, fields)
    if is_wanted is None:
        return None
    now = time()
    fields = fields.copy()
    if max_age is not None:
        fields["expires"] = "Expires", _date_text(int(now + max_age))
    fields["date"] = "Date", _date_text(int(now))
    make = getattr(response_class, "_of_file", None)
    response: Response | None = make(fields, is_wanted) if make is not None else None
    if response is not None and is_wanted:
        # PERF: it is read in large pieces, so it needs no buffer, which costs a quarter of opening and reading it.
        response.response = wrap_file(environ, FileIO(path))
    return response


def _is_wanted(environ: WSGIEnvironment, fields: Fields) -> bool | None:
    """Whether a client wants a file, or has it already, if that is easily told; else None."""
    method = environ.get("REQUEST_METHOD")
    if method != "GET" and method != "HEAD":
        return None
    if "HTTP_RANGE" in environ or "HTTP_IF_MATCH" in environ:  # these are Werkzeug's to judge
        return None
    tag, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
    if tag is None and since is None:
        return True
    if tag is None:
        return False if since == fields["last-modified"][1] else None
    return False if tag == fields["etag"][1] else None


def remember(path: str, state: FileState | None, max_age: t.Any, response: Response) -> None:
    """Keep what is known of a file that is sent.

    :param path: the whole path.
    :param state: what it was like before.
    :param max_age: for how many seconds the client may keep it.
    :param response: the answer, which Werkzeug made.
    """
    pairs = response.headers.to_wsgi_list()
    fields = {name.lower(): (name, value) for name, value in pairs}
    if (
        state is None
        or (max_age is not None and max_age.__class__ is not int)
        or response.status_code not in {200, 304}
        or len(path) > _LONGEST
        or len(fields) != len(pairs)
        or not fields.keys() <= _FIELDS
        or not fields.keys() >= {"etag", "last-modified", "date", "accept-ranges"}
    ):
        return
    if len(_known) >= _MOST:
        _known.clear()
    extension = os.path.splitext(path)[1]
    _known[path, max_age] = Known(state, extension, mimetypes.types_map.get(extension), fields)
