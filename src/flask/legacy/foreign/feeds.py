"""``werkzeug.contrib.atom``: feeds in the format of Atom (RFC 4287)."""

from __future__ import annotations

import typing as t
from datetime import UTC, datetime

from markupsafe import escape
from werkzeug.wrappers import Response

_ATOM = "http://www.w3.org/2005/Atom"
XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"


def format_iso8601(obj: datetime) -> str:
    """A date as RFC 3339 has it; one without a zone is in UTC.

    :param obj: the date.
    """
    in_zone = obj.replace(tzinfo=UTC) if obj.tzinfo is None else obj
    return in_zone.isoformat().replace("+00:00", "Z")


def _text(name: str, content: t.Any, content_type: str | None = None) -> t.Iterator[str]:
    if not content:
        return
    if content_type == "xhtml":
        yield f'<{name} type="xhtml"><div xmlns="{XHTML_NAMESPACE}">{content}</div></{name}>\n'
    else:
        yield f'<{name} type="{escape(content_type or "text")}">{escape(content)}</{name}>\n'


def _element(name: str, value: t.Any) -> t.Iterator[str]:
    if value:
        yield f"<{name}>{escape(format_iso8601(value) if isinstance(value, datetime) else value)}</{name}>\n"


def _empty(name: str, attributes: dict[str, t.Any]) -> str:
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written} />\n"


def _people(value: t.Any) -> list[dict[str, t.Any]]:
    people = value if isinstance(value, (list, tuple)) else [value] if value else []
    return [one if isinstance(one, dict) else {"name": one} for one in people]


class _Dated:
    """What a feed and an entry have in common."""

    id: str | None
    updated: datetime | None

    def _head(self, values: dict[str, t.Any]) -> t.Iterator[str]:
        yield from _text("title", values["title"], values["title_type"])
        yield from _element("id", self.id)
        yield from _element("updated", self.updated)
        for person in _people(values["author"]):
            within = "".join(line for key in ("name", "uri", "email") for line in _element(key, person.get(key)))
            yield f"<author>{within}</author>\n"
        for link in values["links"]:
            yield _empty("link", link)

    def generate(self) -> t.Iterator[str]:
        """The lines of XML."""
        raise NotImplementedError

    def to_string(self) -> str:
        """The XML."""
        return "".join(self.generate())

    __str__ = to_string


class FeedEntry(_Dated):
    """An entry of a feed.

    :param title: its title.
    :param content: what it says.
    :param feed_url: the URL of the feed.
    :param values: ``url``, ``id``, ``author``, ``updated``, ``published``, ``summary``, ``rights``, ``links``,
        ``categories``, ``content_type``, ``title_type``, ``summary_type``, ``xml_base``.
    """

    def __init__(
        self, title: t.Any = None, content: t.Any = None, feed_url: str | None = None, **values: t.Any
    ) -> None:
        self.title: t.Any = title
        self.content: t.Any = content
        self.url: str | None = values.get("url")
        self.id: str | None = values.get("id") or feed_url or self.url
        self.updated: datetime | None = values.get("updated")
        self.published: datetime | None = values.get("published")
        self.author: t.Any = values.get("author") or ()
        self._values = values
        if not self.title:
            raise ValueError("title is required")
        if not self.id:
            raise ValueError("id is required")
        if not self.updated:
            raise ValueError("updated is required")

    def generate(self) -> t.Iterator[str]:
        """The lines of XML."""
        values = self._values
        links = [*([{"href": self.url}] if self.url else []), *values.get("links", ())]
        base = values.get("xml_base") or self.url
        yield f'<entry xml:base="{escape(base)}">\n' if base else "<entry>\n"
        yield from self._head(
            {"title": self.title, "title_type": values.get("title_type"), "author": self.author, "links": links}
        )
        yield from _element("published", self.published)
        for category in values.get("categories", ()):
            yield _empty("category", category)
        yield from _text("summary", values.get("summary"), values.get("summary_type"))
        yield from _text("content", self.content, values.get("content_type", "html"))
        yield "</entry>\n"


class AtomFeed(_Dated):
    """A feed.

    :param title: its title.
    :param entries: its entries.
    :param values: ``url``, ``feed_url``, ``id``, ``author``, ``updated``, ``subtitle``, ``icon``, ``logo``, ``rights``,
        ``links``, ``generator``, ``title_type``, ``subtitle_type``.
    """

    default_generator: tuple[str, str | None, str | None] = ("Werkzeug", None, None)

    def __init__(self, title: t.Any = None, entries: t.Any = None, **values: t.Any) -> None:
        self.title: t.Any = title
        self.url: str | None = values.get("url")
        self.feed_url: str | None = values.get("feed_url") or self.url
        self.id: str | None = values.get("id") or self.feed_url
        self.updated: datetime | None = values.get("updated")
        self.author: t.Any = values.get("author") or ()
        self.entries: list[FeedEntry] = list(entries or ())
        self._values = values
        if not self.title:
            raise ValueError("title is required")
        if not self.id:
            raise ValueError("id is required")

    def add(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Add an entry.

        :param args: the entry, or what :class:`FeedEntry` is made with.
        :param kwargs: likewise.
        """
        if len(args) == 1 and not kwargs and isinstance(args[0], FeedEntry):
            self.entries.append(args[0])
        else:
            self.entries.append(FeedEntry(*args, **{"feed_url": self.feed_url, **kwargs}))

    def generate(self) -> t.Iterator[str]:
        """The lines of XML."""
        values = self._values
        if self.updated is None:
            dates = [entry.updated for entry in self.entries if entry.updated is not None]
            self.updated = max(dates, default=None) or datetime.now(UTC)
        links = [
            *([{"href": self.url}] if self.url else []),
            *([{"href": self.feed_url, "rel": "self"}] if self.feed_url else []),
            *values.get("links", ()),
        ]
        yield '<?xml version="1.0" encoding="utf-8"?>\n'
        yield f'<feed xmlns="{_ATOM}">\n'
        yield from self._head(
            {"title": self.title, "title_type": values.get("title_type"), "author": self.author, "links": links}
        )
        yield from _text("subtitle", values.get("subtitle"), values.get("subtitle_type"))
        for name in ("icon", "logo", "rights"):
            yield from _element(name, values.get(name))
        yield from _element("generator", (values.get("generator") or self.default_generator)[0])
        for entry in self.entries:
            yield from entry.generate()
        yield "</feed>\n"

    def get_response(self) -> Response:
        """The feed as a response."""
        return Response(self.to_string(), mimetype="application/atom+xml")

    def __call__(self, environ: t.Any, start_response: t.Any) -> t.Any:
        return self.get_response()(environ, start_response)
