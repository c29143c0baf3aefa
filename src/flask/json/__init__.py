"""JSON with the settings of the current application.

The functions have the names and options of the standard library's :mod:`json`. While an application is active
they are those of its provider, ``app.json``; :mod:`flask.json.provider` tells what that adds. Otherwise they
are the standard library's, with the same additional types.
"""

from __future__ import annotations

import codecs
import io
import json as _json
import typing as t
from json import JSONDecodeError as JSONDecodeError

from markupsafe import Markup

from .. import _activation, eras
from ..globals import current_app
from .encoders import JSONDecoder as JSONDecoder
from .encoders import JSONEncoder as JSONEncoder
from .encoders import to_json_value as _default  # noqa: F401  # its name in Flask 2.2 and later
from .provider import JSONProvider, PlainJSONProvider

if t.TYPE_CHECKING:
    from ..sansio.app import App
    from ..wrappers import Response

_outside = PlainJSONProvider()

# In JSON these occur within texts only, where each may be written as an escape.
_HTML_ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027"))


def _provider(app: App | None) -> JSONProvider:
    """The provider of the given application, else of the current one, else the one for outside of any."""
    if app is not None:
        return app.json
    active = _activation.app()
    return _outside if active is None else active.json


@t.overload
def dumps(obj: t.Any, app: App | None = None, *, encoding: None = None, **kwargs: t.Any) -> str: ...


@t.overload
def dumps(obj: t.Any, app: App | None = None, *, encoding: str, **kwargs: t.Any) -> bytes: ...


def dumps(obj: t.Any, app: App | None = None, *, encoding: str | None = None, **kwargs: t.Any) -> str | bytes:
    """Write an object as JSON text.

    :param app: the application whose provider is used, instead of the current one.
    :param encoding: give the text as bytes in this encoding.
    :param kwargs: options of :func:`json.dumps`, or of the library that the provider uses.

    >>> from flask import json
    >>> json.dumps({"tea": ["green", "black"], "left": None})
    '{"tea": ["green", "black"], "left": null}'

    .. versionchanged:: 0.10
        Uses the settings of the current application.

    .. versionchanged:: 1.0
        The ``app`` parameter was added. Flask removed it in 2.3, and ``encoding`` in 2.1. Here they work in
        every era.

    .. versionchanged:: 2.2
        Calls ``current_app.json.dumps``.
    """
    text = _provider(app).dumps(obj, **kwargs)
    return text if encoding is None else text.encode(encoding)


def dump(
    obj: t.Any,
    fp: t.IO[str] | t.IO[bytes],
    app: App | None = None,
    *,
    encoding: str | None = None,
    **kwargs: t.Any,
) -> None:
    """Write an object as JSON text to a file.

    :param fp: a file opened for text or for bytes.
    :param app: the application whose provider is used, instead of the current one.
    :param encoding: how bytes are written, UTF-8 by default. A file for text has its own encoding.
    :param kwargs: options of :func:`json.dump`, or of the library that the provider uses.

    .. versionchanged:: 2.2
        Calls ``current_app.json.dump``.
    """
    _provider(app).dump(obj, _for_text(fp, encoding), **kwargs)


def loads(s: str | bytes, app: App | None = None, *, encoding: str | None = None, **kwargs: t.Any) -> t.Any:
    """Read an object from JSON text.

    :param s: the text, or its bytes.
    :param app: the application whose provider is used, instead of the current one.
    :param encoding: how bytes are read; by default UTF-8, UTF-16 or UTF-32, whichever it is.
    :param kwargs: options of :func:`json.loads`, or of the library that the provider uses.
    :raises ValueError: if the text is not JSON.

    >>> from flask import json
    >>> json.loads(b'{"a": [1, null]}')
    {'a': [1, None]}

    .. versionchanged:: 2.2
        Calls ``current_app.json.loads``.
    """
    if encoding is not None and not isinstance(s, str):
        s = s.decode(encoding)
    return _provider(app).loads(s, **kwargs)


def load(
    fp: t.IO[t.AnyStr], app: App | None = None, *, encoding: str | None = None, **kwargs: t.Any
) -> t.Any:
    """Read an object from a file that holds JSON text.

    :param fp: a file opened for text or for bytes.
    :param app: the application whose provider is used, instead of the current one.
    :param encoding: how bytes are read; by default UTF-8, UTF-16 or UTF-32, whichever it is.
    :param kwargs: options of :func:`json.load`, or of the library that the provider uses.
    :raises ValueError: if the text is not JSON.

    .. versionchanged:: 2.2
        Calls ``current_app.json.load``.
    """
    if encoding is not None:
        return loads(fp.read(), app, encoding=encoding, **kwargs)
    return _provider(app).load(fp, **kwargs)


def escapes_slashes() -> bool:
    """Whether JSON for HTML has ``/`` written as an escape, as before 0.10."""
    return eras.is_old("tojson_slashes")


def htmlsafe_dumps(obj: t.Any, app: App | None = None, **kwargs: t.Any) -> str:
    r"""Write an object as JSON text for HTML: for ``<script>``, text, and attributes in single quotes.

    The characters ``<``, ``>``, ``&`` and ``'`` are written as escapes, in every era. The text is marked
    safe, so a template shows it as it is. In the eras before 0.10 it is not, since their templates say
    ``|tojson|safe``, and ``/`` is written as ``\/``.

    :param app: the application whose provider is used, instead of the current one.
    :param kwargs: options of :func:`dumps`.

    >>> from flask import json
    >>> print(json.htmlsafe_dumps("</script>"))
    "\u003c/script\u003e"

    .. versionadded:: 0.10

    .. versionchanged:: 2.0
        The text is marked safe.

    .. versionchanged:: 2.3
        Flask removed it, as Jinja has its own. Here it works in every era.
    """
    text: str = dumps(obj, app, **kwargs)
    for character, escape in _HTML_ESCAPES:
        text = text.replace(character, escape)
    if escapes_slashes():
        return text.replace("/", "\\/")
    return Markup(text)


def htmlsafe_dump(
    obj: t.Any,
    fp: t.IO[str] | t.IO[bytes],
    app: App | None = None,
    *,
    encoding: str | None = None,
    **kwargs: t.Any,
) -> None:
    """Write an object to a file in the way of :func:`htmlsafe_dumps`.

    :param fp: a file opened for text or for bytes.
    :param app: the application whose provider is used, instead of the current one.
    :param encoding: how bytes are written, UTF-8 by default.
    :param kwargs: options of :func:`dumps`.

    .. versionadded:: 0.10
    """
    _for_text(fp, encoding).write(htmlsafe_dumps(obj, app, **kwargs))


def tojson_filter(obj: t.Any, **kwargs: t.Any) -> str:
    """The template filter ``tojson``: the same as :func:`htmlsafe_dumps`.

    .. versionadded:: 0.10

    .. versionchanged:: 2.0
        Flask removed it, as Jinja has its own. Here it works in every era.
    """
    return htmlsafe_dumps(obj, **kwargs)


def detect_encoding(data: bytes) -> str:
    """The name of the encoding of JSON text: UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    >>> from flask import json
    >>> json.detect_encoding("[1]".encode("utf-16-be"))
    'utf-16-be'

    .. versionadded:: 0.12

    .. versionchanged:: 2.0
        Flask removed it, as :func:`loads` takes bytes. Here it works in every era.
    """
    return _json.detect_encoding(data)


def jsonify(*args: t.Any, **kwargs: t.Any) -> Response:
    """Make a response of JSON text, with the mimetype ``application/json``.

    In debug mode the text is indented to be read; otherwise it is compact.

    :param args: one value; several, which make a list; or none, which makes ``null``.
    :param kwargs: the items of an object, if there are no other arguments.
    :raises TypeError: if there are arguments of both kinds.
    :raises RuntimeError: outside of an application context.

    >>> from flask import Flask, jsonify
    >>> app = Flask("example")
    >>> with app.app_context():
    ...     jsonify(id=42, username="admin").get_data(as_text=True)
    '{"id":42,"username":"admin"}\\n'

    .. versionadded:: 0.2

    .. versionchanged:: 0.11
        Takes any value, lists included. In the eras before, the arguments are those of :class:`dict`, so that
        the top level is always an object: old browsers could be made to run a list.

    .. versionchanged:: 2.2
        Calls ``current_app.json.response``.
    """
    if eras.is_old("jsonify_objects_only"):
        args, kwargs = (_only_object(args, kwargs),), {}
    return t.cast("Response", current_app.json.response(*args, **kwargs))


def _only_object(args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> dict[str, t.Any]:
    try:
        return dict(*args, **kwargs)
    except (TypeError, ValueError) as exc:
        raise TypeError(
            f"jsonify() takes what dict() takes in the era {eras.current()}, since only objects are answered"
            f" at the top level: {exc}. Give the value a name, as in jsonify(items=value)."
        ) from exc


def _for_text(fp: t.Any, encoding: str | None) -> t.IO[str]:
    """A file that text can be written to, over one that may take bytes only."""
    if not isinstance(fp, io.TextIOBase):
        try:
            fp.write("")
        except TypeError:
            return t.cast("t.IO[str]", codecs.getwriter(encoding or "utf-8")(fp))
    return t.cast("t.IO[str]", fp)
