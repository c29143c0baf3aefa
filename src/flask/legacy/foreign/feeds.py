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
    result = [one if isinstance(one, dict) else {"name": one} for one in people]
    if not all("name" in one for one in result):
        raise TypeError("author must contain at least a name")
    return result


class _Dated:
    """What a feed and an entry have in common."""

    title: t.Any
    title_type: str
    id: t.Any
    updated: datetime | None
    url: str | None
    author: list[dict[str, t.Any]]
    links: list[dict[str, t.Any]]

    def _take(self, values: dict[str, t.Any], **defaults: t.Any) -> None:
        """Have each value as an attribute."""
        for name, default in defaults.items():
            setattr(self, name, values.pop(name, default))
        if values:
            raise TypeError(f"{type(self).__name__}() takes no {', '.join(sorted(values))}.")
        self.author = _people(self.author)

    def _refuse_without(self, *names: str) -> None:
        for name in names:
            if not getattr(self, name):
                raise ValueError(f"{name} is required")

    def _title(self) -> t.Iterator[str]:
        yield from _text("title", self.title, self.title_type)
        yield from _element("id", self.id)
        yield from _element("updated", self.updated)

    def _authors(self) -> t.Iterator[str]:
        for person in self.author:
            within = "".join(line for key in ("name", "uri", "email") for line in _element(key, person.get(key)))
            yield f"<author>{within}</author>\n"

    def _links(self) -> t.Iterator[str]:
        for link in self.links:
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

    published: datetime | None
    summary: t.Any
    summary_type: str
    content_type: str
    categories: list[dict[str, t.Any]]
    rights: t.Any
    xml_base: str | None

    def __init__(
        self, title: t.Any = None, content: t.Any = None, feed_url: str | None = None, **values: t.Any
    ) -> None:
        self.title = title
        self.content = content
        self._take(
            values, title_type="text", content_type="html", url=None, id=values.get("url"), updated=None, summary=None,
            summary_type="html", author=(), published=None, rights=None, links=[], categories=[], xml_base=feed_url,
        )
        self._refuse_without("title", "id", "updated")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.title!r}>"

    def generate(self) -> t.Iterator[str]:
        """The lines of XML."""
        yield f'<entry xml:base="{escape(self.xml_base)}">\n' if self.xml_base else "<entry>\n"
        yield from self._title()
        yield from _element("published", self.published)
        if self.url:
            yield _empty("link", {"href": self.url})
        yield from self._authors()
        yield from self._links()
        for category in self.categories:
            yield _empty("category", category)
        yield from _text("summary", self.summary, self.summary_type)
        yield from _text("content", self.content, self.content_type)
        yield "</entry>\n"


class AtomFeed(_Dated):
    """A feed.

    :param title: its title.
    :param entries: its entries.
    :param values: ``url``, ``feed_url``, ``id``, ``author``, ``updated``, ``subtitle``, ``icon``, ``logo``, ``rights``,
        ``rights_type``, ``links``, ``generator``, ``title_type``, ``subtitle_type``.
    """

    default_generator: tuple[str, str | None, str | None] = ("Werkzeug", None, None)

    feed_url: str | None
    subtitle: t.Any
    subtitle_type: str
    icon: str | None
    logo: str | None
    rights: t.Any
    rights_type: str | None
    generator: tuple[str, str | None, str | None] | None
    id: t.Any
    updated: datetime | None

    def __init__(self, title: t.Any = None, entries: t.Any = None, **values: t.Any) -> None:
        self.title = title
        self.entries: list[FeedEntry] = list(entries or ())
        self._take(
            values, title_type="text", url=None, feed_url=values.get("url"), id=None, updated=None, author=(),
            icon=None, logo=None, rights=None, rights_type=None, subtitle=None, subtitle_type="text",
            generator=self.default_generator, links=[],
        )
        self.id = self.id or self.feed_url
        self._refuse_without("title", "id")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.title!r} ({len(self.entries)} entries)>"

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
        if self.updated is None:
            dates = [entry.updated for entry in self.entries if entry.updated is not None]
            self.updated = max(dates, default=None) or datetime.now(UTC)
        yield '<?xml version="1.0" encoding="utf-8"?>\n'
        yield f'<feed xmlns="{_ATOM}">\n'
        yield from self._title()
        if self.url:
            yield _empty("link", {"href": self.url})
        if self.feed_url:
            yield _empty("link", {"href": self.feed_url, "rel": "self"})
        yield from self._links()
        yield from self._authors()
        yield from _text("subtitle", self.subtitle, self.subtitle_type)
        yield from _element("icon", self.icon)
        yield from _element("logo", self.logo)
        yield from _text("rights", self.rights, self.rights_type)
        if self.generator:
            name, uri, version = self.generator
            told = {key: value for key, value in (("uri", uri), ("version", version)) if value}
            yield _empty("generator", told).replace(" />", f">{escape(name)}</generator>")
        for entry in self.entries:
            yield from entry.generate()
        yield "</feed>\n"

    def get_response(self) -> Response:
        """The feed as a response."""
        return Response(self.to_string(), mimetype="application/atom+xml")

    def __call__(self, environ: t.Any, start_response: t.Any) -> t.Any:
        return self.get_response()(environ, start_response)
