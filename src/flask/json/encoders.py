"""How objects that JSON has no form for are written: a function, and the classes around it.

The classes are the way to customise JSON in Flask 0.10 to 2.2. Since 2.2 there is a way with a
:class:`~flask.json.provider.JSONProvider`. Both work.
"""

from __future__ import annotations

import dataclasses
import json
import typing as t
import uuid
from datetime import date

from werkzeug.http import http_date


def to_json_value(o: t.Any) -> t.Any:
    """Something JSON has a form for, in place of an object that it has none for.

    Dates and times become the text of an HTTP date, :class:`~uuid.UUID` and :class:`~decimal.Decimal` become
    text, dataclass instances become objects, and what has an ``__html__`` method becomes the text of that.

    :raises TypeError: for every other object.

    >>> from datetime import date
    >>> from flask.json.encoders import to_json_value
    >>> to_json_value(date(2011, 9, 29))
    'Thu, 29 Sep 2011 00:00:00 GMT'
    """
    if isinstance(o, date):
        return http_date(o)
    import decimal  # here, since most applications have none to write

    if isinstance(o, (decimal.Decimal, uuid.UUID)):
        return str(o)
    if dataclasses.is_dataclass(o) and not isinstance(o, type):
        return dataclasses.asdict(o)
    if hasattr(o, "__html__"):
        return str(o.__html__())
    raise TypeError(
        f"Object of type {type(o).__name__} is not JSON serializable. Convert it first, or give the"
        " application a JSON provider whose `default` does."
    )


class JSONEncoder(json.JSONEncoder):
    """The standard encoder, and the types of :func:`to_json_value`.

    A subclass that is set as ``app.json_encoder`` or ``blueprint.json_encoder`` is used by
    :func:`flask.json.dumps`, :func:`flask.json.jsonify` and the template filter ``tojson``.

    >>> from flask import json
    >>> class SetEncoder(json.JSONEncoder):
    ...     def default(self, o):
    ...         return sorted(o) if isinstance(o, set) else super().default(o)
    >>> json.dumps({3, 1, 2}, cls=SetEncoder)
    '[1, 2, 3]'

    .. versionadded:: 0.10

    .. versionchanged:: 2.3
        Flask removed it for :attr:`.DefaultJSONProvider.default`. Here it works in every era.
    """

    def default(self, o: t.Any) -> t.Any:
        """Something JSON has a form for, in place of ``o``.

        :raises TypeError: if there is nothing.
        """
        return to_json_value(o)


class JSONDecoder(json.JSONDecoder):
    """The standard decoder. A subclass may be set as ``app.json_decoder`` or ``blueprint.json_decoder``.

    .. versionadded:: 0.10

    .. versionchanged:: 2.3
        Flask removed it for :meth:`.JSONProvider.loads`. Here it works in every era.
    """
