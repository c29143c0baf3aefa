"""What an application does JSON with: the interface, and the provider that is used unless another is set.

To use another library, subclass :class:`JSONProvider` and set :attr:`.Flask.json_provider_class`, or assign
an instance to ``app.json``.

.. versionadded:: 2.2
"""

from __future__ import annotations

import json
import typing as t
import weakref
from collections.abc import Callable
from operator import attrgetter

from .. import _activation, eras
from .._shortcuts import TAKEN
from ..config import past_settings
from .encoders import JSONDecoder, JSONEncoder, to_json_value

if t.TYPE_CHECKING:
    from werkzeug.sansio.response import Response

    from ..config import Config
    from ..sansio.app import App

T = t.TypeVar("T")

_default = to_json_value

# The type stubs do not know all of these.
_library: t.Any = json.encoder
_scan: t.Final = t.cast(t.Any, json.JSONDecoder()).scan_once

_SPACE: t.Final = " \t\n\r"

#: Each mark of a byte order begins with a zero or with a byte of this value or a higher one.
_BYTE_ORDER_MARKS: t.Final = 0xEF
_COMPACT: t.Final = {"separators": (",", ":")}


def _parse(s: str | bytes, **kwargs: t.Any) -> t.Any:
    if isinstance(s, (bytes, bytearray)):
        # By its first two bytes it is UTF-8, as nearly always, or is to be looked into.
        is_utf8 = TAKEN and len(s) > 1 and 0 < s[0] < _BYTE_ORDER_MARKS and s[1]
        # The library would let bytes pass that are not UTF-8 if they look like halves of surrogate pairs.
        s = s.decode("utf-8" if is_utf8 else json.detect_encoding(s))
    try:
        return _read(s) if TAKEN and not kwargs and s.__class__ is str else json.loads(s, **kwargs)
    except RecursionError:
        # From a client this is bad input like any other, and the callers expect ValueError for that.
        raise ValueError("The JSON text is nested too deeply to be read.") from None


def _read(text: str) -> t.Any:
    """What :func:`json.loads` reads. It looks for space before the text and after it, which takes half of its time."""
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        return json.loads(text)
    return json.loads(text) if text[end:].strip(_SPACE) else value


def _write(
    obj: t.Any, default: Callable[[t.Any], t.Any], ensure_ascii: bool, sort_keys: bool, is_compact: bool
) -> str:
    """What :func:`json.dumps` writes with these options.

    It would make two encoders, the second in C, for each text; this makes the second alone, in two thirds of the time.
    """
    write_text = _library.encode_basestring_ascii if ensure_ascii else _library.encode_basestring
    colon, comma = (":", ",") if is_compact else (": ", ", ")
    encode = _library.c_make_encoder({}, default, write_text, None, colon, comma, sort_keys, False, True)
    return "".join(encode(obj, 0))


def _setting(config: Config, key: str, own: T) -> T:
    """A setting of the past, where the program set it to something; else the provider's own."""
    value = config.get(key)
    if value is None or value == past_settings()[key]:
        return own
    return t.cast(T, value)


class JSONProvider:
    """The JSON operations of an application. A subclass implements :meth:`dumps` and :meth:`loads` at least.

    :param app: the application, to which the provider keeps a weak reference.

    >>> from flask import Flask, jsonify
    >>> from flask.json.provider import JSONProvider
    >>> class ReprProvider(JSONProvider):
    ...     def dumps(self, obj, **kwargs):
    ...         return repr(obj)
    >>> app = Flask("example")
    >>> app.json = ReprProvider(app)
    >>> with app.app_context():
    ...     jsonify(1, 2).get_data(as_text=True)
    '(1, 2)'

    .. versionadded:: 2.2
    """

    def __init__(self, app: App) -> None:
        self._app: App = weakref.proxy(app)

    def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        """Write an object as JSON text.

        :param kwargs: options of the library that is used.
        """
        raise NotImplementedError

    def dump(self, obj: t.Any, fp: t.IO[str], **kwargs: t.Any) -> None:
        """Write an object as JSON text to a file.

        :param fp: a file opened for text, in UTF-8.
        :param kwargs: options of the library that is used.
        """
        fp.write(self.dumps(obj, **kwargs))

    def loads(self, s: str | bytes, **kwargs: t.Any) -> t.Any:
        """Read an object from JSON text.

        :param s: the text, or its bytes in UTF-8.
        :param kwargs: options of the library that is used.
        :raises ValueError: if the text is not JSON.
        """
        raise NotImplementedError

    def load(self, fp: t.IO[t.AnyStr], **kwargs: t.Any) -> t.Any:
        """Read an object from a file that holds JSON text.

        :param fp: a file opened for text, or for bytes in UTF-8.
        :param kwargs: options of the library that is used.
        :raises ValueError: if the text is not JSON.
        """
        return self.loads(fp.read(), **kwargs)

    def response(self, *args: t.Any, **kwargs: t.Any) -> Response:
        """Make a response of JSON text; :func:`flask.json.jsonify` comes here.

        :param args: one value; several, which make a list; or none, which makes ``null``.
        :param kwargs: the items of an object, if there are no other arguments.
        :raises TypeError: if there are arguments of both kinds.
        """
        text = self.dumps(self._prepare_response_obj(args, kwargs))
        response_class: Callable[..., Response] = self._app.response_class
        return response_class(text, mimetype="application/json")

    def _prepare_response_obj(self, args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> t.Any:
        """The object that the arguments of :meth:`response` mean. Other projects' providers call this."""
        if args and kwargs:
            raise TypeError(
                "A JSON response is made of positional or of keyword arguments, but both were given. Pass one"
                " value, or several for a list, or keywords for an object."
            )
        if not args:
            return kwargs or None
        return args[0] if len(args) == 1 else args


class PlainJSONProvider(JSONProvider):
    """What serves outside of an application: the standard library, and the types of `to_json_value`."""

    def __init__(self) -> None:
        """There is no application to refer to."""

    def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        kwargs.setdefault("cls", JSONEncoder)
        return json.dumps(obj, **kwargs)

    def loads(self, s: str | bytes, **kwargs: t.Any) -> t.Any:
        return _parse(s, **kwargs)


class DefaultJSONProvider(JSONProvider):
    """JSON by the standard library, with more types (see :attr:`default`) and a few settings.

    A setting is an attribute, to be set on ``app.json`` or in a subclass. The config keys of Flask 0.10 to
    2.2 win where one is set and not None: ``JSON_AS_ASCII``, ``JSON_SORT_KEYS``, ``JSONIFY_MIMETYPE``, and
    ``JSONIFY_PRETTYPRINT_REGULAR`` where it is true. So do the classes that the current blueprint or the
    application names as ``json_encoder`` and ``json_decoder``.

    >>> from flask import Flask
    >>> app = Flask("example")
    >>> app.json.sort_keys = False
    >>> app.json.dumps({"b": 1, "a": 2})
    '{"b": 1, "a": 2}'

    .. versionadded:: 2.2
    """

    #: Gives something JSON has a form for, in place of an object that it has none for. By default dates
    #: become HTTP dates; UUIDs, decimals and what ``__html__()`` gives, text; dataclass instances, objects.
    default: Callable[[t.Any], t.Any] = staticmethod(to_json_value)

    #: Write characters beyond ASCII as escapes. With False the text is smaller, and not safe in every place.
    ensure_ascii = True

    #: Sort the keys of objects, so that equal data gives equal text, which caches can tell. All keys of an
    #: object must then be comparable with each other.
    sort_keys = True

    #: Write responses without spaces and line breaks. None means False in debug mode and True otherwise.
    compact: bool | None = None

    #: The mimetype of responses.
    mimetype = "application/json"

    def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        """Write an object as JSON text.

        :param kwargs: options of :func:`json.dumps`; they win over the settings. A class given as ``cls``
            alone decides how objects are written: :attr:`default` has no part then.
        """
        cls = kwargs.pop("cls", None) or self._class_named("json_encoder", JSONEncoder)
        config = self._app.config
        ensure_ascii = _setting(config, "JSON_AS_ASCII", self.ensure_ascii)
        sort_keys = _setting(config, "JSON_SORT_KEYS", self.sort_keys)
        default = None if cls is not None else self.default
        if TAKEN and default is not None and (not kwargs or kwargs == _COMPACT) and _library.c_make_encoder is not None:
            return _write(obj, default, ensure_ascii, sort_keys, is_compact=bool(kwargs))
        options = {"default": default, "ensure_ascii": ensure_ascii, "sort_keys": sort_keys, **kwargs}
        return json.dumps(obj, cls=cls, **options)

    def loads(self, s: str | bytes, **kwargs: t.Any) -> t.Any:
        """Read an object from JSON text.

        :param s: the text, or its bytes in UTF-8, UTF-16 or UTF-32.
        :param kwargs: options of :func:`json.loads`.
        :raises ValueError: if the text is not JSON.
        """
        decoder = self._class_named("json_decoder", JSONDecoder)
        if decoder is not None:
            kwargs.setdefault("cls", decoder)
        return _parse(s, **kwargs)

    def response(self, *args: t.Any, **kwargs: t.Any) -> Response:
        """Make a response of JSON text; :func:`flask.json.jsonify` comes here.

        :param args: one value; several, which make a list; or none, which makes ``null``.
        :param kwargs: the items of an object, if there are no other arguments.
        :raises TypeError: if there are arguments of both kinds.
        """
        body, mimetype = self._written(self._prepare_response_obj(args, kwargs))
        response_class: Callable[..., Response] = self._app.response_class
        return response_class(body, mimetype=mimetype)

    def _written(self, obj: t.Any) -> tuple[bytes, str]:
        """The body of a response, and its mimetype."""
        layout: dict[str, t.Any] = {"indent": 2} if self._is_readable() else _COMPACT
        text = f"{self.dumps(obj, **layout)}\n"
        # Half a surrogate pair, as a client may have sent it, has no form in UTF-8. What the error handler
        # writes for it is its escape in JSON.
        body = text.encode("utf-8", "backslashreplace")
        return body, _setting(self._app.config, "JSONIFY_MIMETYPE", self.mimetype)

    def _is_readable(self) -> bool:
        """Whether a response is written over several lines."""
        if eras.is_old("jsonify_xhr") and (ctx := _activation.request_context()) is not None and ctx.request.is_xhr:
            return False
        app = self._app
        wanted = app.config.get("JSONIFY_PRETTYPRINT_REGULAR")
        if wanted or (wanted is not None and not eras.is_old("jsonify_debug")):
            return bool(wanted)
        return app.debug if self.compact is None else not self.compact

    def _class_named(self, attribute: str, usual: type) -> type | None:
        """The class that the current blueprint or else the application names, unless it is the usual one."""
        app = self._app
        chosen: type | None = None
        if app.blueprints:
            ctx = _activation.request_context()
            if ctx is not None:
                chosen = getattr(app.blueprints.get(ctx.request.blueprint or ""), attribute, None)
        if chosen is None:
            chosen = getattr(app, attribute, None)
        return None if chosen is usual else chosen


_PAST_SETTINGS: t.Final = ("JSON_AS_ASCII", "JSON_SORT_KEYS", "JSONIFY_MIMETYPE", "JSONIFY_PRETTYPRINT_REGULAR")
_METHODS: t.Final = ("response", "dumps", "_prepare_response_obj", "_written")
_methods_of: t.Final[Callable[[type], t.Any]] = attrgetter(*_METHODS)
_ours: t.Final = _methods_of(DefaultJSONProvider)


def body_of(provider: JSONProvider, obj: t.Any) -> tuple[bytes, str] | None:
    """The body and the mimetype of the response that a provider makes of an object, if that is all there is to it: the
    provider is the usual one, with its own methods. Else None.
    """
    if (
        provider.__class__ is DefaultJSONProvider
        and _methods_of(DefaultJSONProvider) == _ours
        and (len(own := vars(provider)) == 1 or own.keys().isdisjoint(_METHODS))
    ):
        return _compact_body_of(provider, obj) if _is_as_it_comes(provider) else provider._written(obj)
    return None


def _is_as_it_comes(provider: DefaultJSONProvider) -> bool:
    """Whether a response is written compactly, and nothing of the past has a part in that."""
    app = provider._app
    return (
        TAKEN
        and _library.c_make_encoder is not None
        and app.config.keys().isdisjoint(_PAST_SETTINGS)
        and not (app.debug if provider.compact is None else not provider.compact)
        and provider._class_named("json_encoder", JSONEncoder) is None
    )


def _compact_body_of(provider: DefaultJSONProvider, obj: t.Any) -> tuple[bytes, str]:
    """What ``provider._written(obj)`` gives then."""
    text = _write(obj, provider.default, provider.ensure_ascii, provider.sort_keys, is_compact=True)
    return f"{text}\n".encode("utf-8", "backslashreplace"), provider.mimetype
