"""The headers of a response: Werkzeug's, kept by name for as long as no name is there twice."""

from __future__ import annotations

import typing as t

from werkzeug.datastructures import Headers as WerkzeugHeaders
from werkzeug.exceptions import BadRequestKeyError

#: The name in lower case -> the name as it was given, and the value.
Fields = dict[str, tuple[str, str]]


class _ListWhenNeeded:
    """The list that Werkzeug's methods work on, made of the fields by the first that asks for it."""

    def __get__(self, headers: Headers | None, owner: type) -> t.Any:
        if headers is None:
            return self
        # The first list is everyone's, should two threads ask at once; only then are the fields let go.
        made = headers.__dict__.setdefault("_list", list((headers._fields or {}).values()))
        headers._fields = None
        return made


class Headers(WerkzeugHeaders):
    """Werkzeug's :class:`~werkzeug.datastructures.Headers`, for which setting and finding by name is one step.

    Werkzeug's goes through a list. Here the fields are in a dict, in the order they have in that list, until something
    comes that a dict cannot hold, or that is not asked by name: a second cookie, an index, an iteration. From then on
    there is the list only, and all methods are Werkzeug's.

    >>> from flask._headers import Headers
    >>> headers = Headers({"Allow": "GET"})
    >>> headers["allow"] = "POST"
    >>> headers
    Headers([('allow', 'POST')])
    """

    #: The fields; None where only the list counts.
    _fields: Fields | None = None
    _list: list[tuple[str, str]] = t.cast("list[tuple[str, str]]", _ListWhenNeeded())

    def __init__(self, defaults: t.Any = None) -> None:
        self._fields = {}
        if defaults is not None:
            self.extend(defaults)

    # A printable value has no line break, which is what Werkzeug looks for. All else its own methods are to judge.

    def __setitem__(self, key: t.Any, value: t.Any) -> None:
        fields = self._fields
        if fields is not None and key.__class__ is str and value.__class__ is str and value.isprintable():
            fields[key.lower()] = key, value
        else:
            super().__setitem__(key, value)

    def set(self, key: str, value: t.Any, /, **kwargs: t.Any) -> None:
        fields = self._fields
        if (
            fields is not None
            and not kwargs
            and key.__class__ is str
            and value.__class__ is str
            and value.isprintable()
        ):
            fields[key.lower()] = key, value
        else:
            super().set(key, value, **kwargs)

    def add(self, key: str, value: t.Any, /, **kwargs: t.Any) -> None:
        fields = self._fields
        if (
            fields is not None
            and not kwargs
            and key.__class__ is str
            and value.__class__ is str
            and value.isprintable()
            and (name := key.lower()) not in fields
        ):
            fields[name] = key, value
        else:
            super().add(key, value, **kwargs)

    def _del_key(self, key: str) -> None:
        fields = self._fields
        if fields is not None and key.__class__ is str:
            fields.pop(key.lower(), None)
        else:
            super()._del_key(key)

    def _get_key(self, key: str) -> str:
        fields = self._fields
        if fields is None or key.__class__ is not str:
            return super()._get_key(key)
        field = fields.get(key.lower())
        if field is None:
            raise BadRequestKeyError(key)
        return field[1]

    def get(self, key: str, default: t.Any = None, type: t.Any = None) -> t.Any:  # type: ignore[override]  # its overloads, in one
        fields = self._fields
        if fields is None or type is not None or key.__class__ is not str:
            return super().get(key, default, type)
        field = fields.get(key.lower())
        return default if field is None else field[1]

    def __contains__(self, key: str) -> bool:
        fields = self._fields
        if fields is None or key.__class__ is not str:
            return super().__contains__(key)
        return key.lower() in fields

    def __len__(self) -> int:
        fields = self._fields
        return len(self._list) if fields is None else len(fields)

    def to_wsgi_list(self) -> list[tuple[str, str]]:
        fields = self._fields
        return self._list.copy() if fields is None else list(fields.values())

    def __eq__(self, other: object) -> bool:
        # Werkzeug compares headers of one class only, and it is the same headers that were of its own class.
        return super().__eq__(Headers(other) if other.__class__ is WerkzeugHeaders else other)

    __hash__ = None  # as Werkzeug has it


def fields_of(headers: WerkzeugHeaders) -> Fields | None:
    """The fields, each under its name in lower case, of names given twice the last; None if that is not all there is to
    know: a class of the user's own, or more than one ``Location``.
    """
    kind = headers.__class__
    if kind is not Headers and kind is not WerkzeugHeaders:
        return None
    pairs = headers.to_wsgi_list()
    fields = {pair[0].lower(): pair for pair in pairs}
    return fields if len(fields) == len(pairs) or "location" not in fields else None
