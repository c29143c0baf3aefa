"""JSON that keeps more types: an object of one item, whose key names a type, stands for a value of that type.

The built-in session stores its data this way. The tags are those of Flask 0.10 and later, so that sessions
written by one can be read by another.
"""

from __future__ import annotations

import typing as t
from base64 import b64decode, b64encode
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from werkzeug.http import http_date, parse_date

from . import dumps, loads


class JSONTag:
    """What a :class:`TaggedJSONSerializer` knows of one type.

    A subclass implements :meth:`check` and :meth:`to_json`, and :meth:`to_python` if it has a :attr:`key`.

    :param serializer: the serializer, by whose :meth:`~TaggedJSONSerializer.tag` a container tags its items.

    .. versionadded:: 1.0
    """

    __slots__ = ("serializer",)

    #: Marks the values of the type. Without a key they are changed on their way to JSON but not marked.
    key: str = ""

    def __init__(self, serializer: TaggedJSONSerializer) -> None:
        self.serializer: TaggedJSONSerializer = serializer

    def check(self, value: t.Any) -> bool:
        """Whether the value is of this tag's type."""
        raise NotImplementedError

    def to_json(self, value: t.Any) -> t.Any:
        """What JSON has a form for, in place of the value."""
        raise NotImplementedError

    def to_python(self, value: t.Any) -> t.Any:
        """The value, from what :meth:`to_json` gave; items of containers are values again already.

        :raises ValueError: if it cannot have come from there.
        """
        raise NotImplementedError

    def tag(self, value: t.Any) -> dict[str, t.Any]:
        """The object of one item that stands for the value."""
        return {self.key: self.to_json(value)}


class TagDict(JSONTag):
    """A dict of one item whose key is that of a tag. The key gets two underscores, and is no tag any more."""

    __slots__ = ()
    key = " di"

    def check(self, value: t.Any) -> bool:
        return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in self.serializer.tags

    def to_json(self, value: t.Any) -> t.Any:
        ((key, item),) = value.items()
        return {f"{key}__": self.serializer.tag(item)}

    def to_python(self, value: t.Any) -> t.Any:
        ((key, item),) = value.items()
        return {key.removesuffix("__"): item}


class PassDict(JSONTag):
    """Any other dict, which JSON has a form for, but maybe not for its values."""

    __slots__ = ()

    def check(self, value: t.Any) -> bool:
        return isinstance(value, dict)

    def to_json(self, value: t.Any) -> t.Any:
        # JSON takes text as keys only, so keys are not tagged.
        return {key: self.serializer.tag(item) for key, item in value.items()}

    tag = to_json


class TagTuple(JSONTag):
    """A tuple, as a list."""

    __slots__ = ()
    key = " t"

    def check(self, value: t.Any) -> bool:
        return isinstance(value, tuple)

    def to_json(self, value: t.Any) -> t.Any:
        return [self.serializer.tag(item) for item in value]

    def to_python(self, value: t.Any) -> t.Any:
        return tuple(value)


class PassList(JSONTag):
    """A list, which JSON has a form for, but maybe not for its items."""

    __slots__ = ()

    def check(self, value: t.Any) -> bool:
        return isinstance(value, list)

    def to_json(self, value: t.Any) -> t.Any:
        return [self.serializer.tag(item) for item in value]

    tag = to_json


class TagBytes(JSONTag):
    """Bytes, as Base64."""

    __slots__ = ()
    key = " b"

    def check(self, value: t.Any) -> bool:
        return isinstance(value, bytes)

    def to_json(self, value: t.Any) -> t.Any:
        return b64encode(value).decode("ascii")

    def to_python(self, value: t.Any) -> t.Any:
        return b64decode(value)


class TagMarkup(JSONTag):
    """Anything with an ``__html__`` method, as that text. It comes back as :class:`~markupsafe.Markup`."""

    __slots__ = ()
    key = " m"

    def check(self, value: t.Any) -> bool:
        return callable(getattr(value, "__html__", None))

    def to_json(self, value: t.Any) -> t.Any:
        return str(value.__html__())

    def to_python(self, value: t.Any) -> t.Any:
        return Markup(value)


class TagUUID(JSONTag):
    """A UUID, as 32 hexadecimal digits."""

    __slots__ = ()
    key = " u"

    def check(self, value: t.Any) -> bool:
        return isinstance(value, UUID)

    def to_json(self, value: t.Any) -> t.Any:
        return value.hex

    def to_python(self, value: t.Any) -> t.Any:
        return UUID(value)


class TagDateTime(JSONTag):
    """A datetime, as an HTTP date: it loses fractions of seconds and comes back in UTC."""

    __slots__ = ()
    key = " d"

    def check(self, value: t.Any) -> bool:
        return isinstance(value, datetime)

    def to_json(self, value: t.Any) -> t.Any:
        return http_date(value)

    def to_python(self, value: t.Any) -> t.Any:
        return parse_date(value)


_OWN_TAGS: tuple[type[JSONTag], ...] = (
    TagDict,
    PassDict,
    TagTuple,
    PassList,
    TagBytes,
    TagMarkup,
    TagUUID,
    TagDateTime,
)

# The types of a value that JSON has a form for and that holds no other values.
_UNTAGGED_TYPES = frozenset({str, int, float, bool, type(None)})


class TaggedJSONSerializer:
    """Writes and reads JSON that keeps more types than JSON has: those of :attr:`default_tags`.

    They are tuples, bytes, :class:`~markupsafe.Markup`, :class:`~uuid.UUID` and :class:`~datetime.datetime`,
    at any depth of dicts with keys of text, and of lists. More can be added by :meth:`register`.

    >>> from flask.json.tag import TaggedJSONSerializer
    >>> serializer = TaggedJSONSerializer()
    >>> serializer.dumps({"cart": ("tea", 2)})
    '{"cart":{" t":["tea",2]}}'
    >>> serializer.loads('{"cart":{" t":["tea",2]}}')
    {'cart': ('tea', 2)}

    .. versionadded:: 0.10

    .. versionchanged:: 1.0
        The types are classes of their own, and more can be added.
    """

    __slots__ = ("_own_order", "order", "tags")

    #: The tags that a serializer begins with, in the order in which they are asked; some would also take what
    #: belongs to one before them.
    default_tags: list[type[JSONTag]] = [*_OWN_TAGS]

    def __init__(self) -> None:
        #: The tags that have a key, by that key.
        self.tags: dict[str, JSONTag] = {}
        #: All tags, in the order in which they are asked whether a value is theirs.
        self.order: list[JSONTag] = []
        for tag_class in self.default_tags:
            self.register(tag_class)
        # What the order is as long as it has the tags of this module only.
        self._own_order = [*self.order] if tuple(map(type, self.order)) == _OWN_TAGS else None

    def register(self, tag_class: type[JSONTag], force: bool = False, index: int | None = None) -> None:
        """Add a tag.

        :param tag_class: the class of the tag.
        :param force: replace the tag that has the same key.
        :param index: where the tag stands in :attr:`order`, by default at the end, or in the place of the one
            it replaces. A tag for a subclass of a type has to stand before that of the type.
        :raises KeyError: if there is a tag with the same key, and ``force`` is not set.

        >>> from flask.json.tag import JSONTag, TaggedJSONSerializer
        >>> class TagSet(JSONTag):
        ...     key = " s"
        ...     def check(self, value):
        ...         return isinstance(value, set)
        ...     def to_json(self, value):
        ...         return [self.serializer.tag(item) for item in sorted(value)]
        ...     def to_python(self, value):
        ...         return set(value)
        >>> serializer = TaggedJSONSerializer()
        >>> serializer.register(TagSet)
        >>> serializer.loads(serializer.dumps({2, 1}))
        {1, 2}
        """
        tag = tag_class(self)
        replaced = self.tags.get(tag.key) if tag.key else None
        if replaced is not None and not force:
            raise KeyError(
                f"The tag {tag.key!r} is registered already, for {type(replaced).__name__}. Choose another"
                " key, or pass force=True to replace it."
            )
        if index is None:
            index = self.order.index(replaced) if replaced in self.order else len(self.order)
        self.order.insert(index, tag)
        if replaced in self.order:
            self.order.remove(replaced)
        if tag.key:
            self.tags[tag.key] = tag

    def tag(self, value: t.Any) -> t.Any:
        """What JSON has a form for, in place of a value: by the first tag in :attr:`order` that takes it."""
        for tag in self.order:
            if tag.check(value):
                return tag.tag(value)
        return value

    def untag(self, value: dict[str, t.Any]) -> t.Any:
        """The value that an object of one item stands for; another object is itself.

        :raises ValueError: if what the object holds does not fit its tag.
        """
        if len(value) != 1:
            return value
        ((key, content),) = value.items()
        tag = self.tags.get(key)
        if tag is None:
            return value
        try:
            return tag.to_python(content)
        except (AttributeError, LookupError, TypeError, ValueError) as exc:
            # Whoever reads a text expects ValueError for a malformed one, whatever the tag stumbled over.
            raise ValueError(f"The content of the tag {key!r} is malformed: {exc}.") from exc

    def dumps(self, value: t.Any) -> str:
        """Write a value as tagged JSON text, without spaces.

        :raises TypeError: if there is neither a JSON form nor a tag for the value, or for one in it.
        """
        tagged = self._tag_by_type(value) if self._has_own_tags_only() else self.tag(value)
        return dumps(tagged, separators=(",", ":"))

    def loads(self, value: str) -> t.Any:
        """Read a value from tagged JSON text.

        :raises ValueError: if the text is not JSON, or what it holds does not fit its tags.
        """
        try:
            return self._untagged(loads(value))
        except RecursionError:
            raise ValueError("The tagged JSON text is nested too deeply to be read.") from None

    def _has_own_tags_only(self) -> bool:
        return (
            self.__class__ is TaggedJSONSerializer
            and self.order == self._own_order
            and TaggedJSONSerializer.tag is _own_tag
        )

    def _tag_by_type(self, value: t.Any) -> t.Any:
        """The same as :meth:`tag`, where only the tags of this module would be asked.

        None of them takes a text, a number, True, False or None, so such values are not offered to each of
        them in turn. That is most of what sessions hold.
        """
        kind = type(value)
        if kind in _UNTAGGED_TYPES:
            return value
        if kind is dict and (len(value) != 1 or next(iter(value)) not in self.tags):
            if _UNTAGGED_TYPES.issuperset(map(type, value.values())):
                return value
            return {
                key: item if type(item) in _UNTAGGED_TYPES else self._tag_by_type(item)
                for key, item in value.items()
            }
        if kind is list:
            return [self._tag_by_type(item) for item in value]
        return self.tag(value)

    def _untagged(self, value: t.Any) -> t.Any:
        """A value with everything in it that stands for another replaced, the innermost first."""
        if isinstance(value, dict):
            if (
                len(value) != 1
                and type(self).untag is _own_untag
                and _UNTAGGED_TYPES.issuperset(map(type, value.values()))
            ):
                return value
            return self.untag(
                {
                    key: item if type(item) in _UNTAGGED_TYPES else self._untagged(item)
                    for key, item in value.items()
                }
            )
        if isinstance(value, list):
            return [self._untagged(item) for item in value]
        return value


# For telling whether a subclass, or whoever patched the class, has put another in its place.
_own_tag = TaggedJSONSerializer.tag
_own_untag = TaggedJSONSerializer.untag
