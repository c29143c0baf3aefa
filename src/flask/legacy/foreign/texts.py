"""What ``werkzeug.utils`` had for text: HTML, and templates of one line."""

from __future__ import annotations

import html as standard
import string as text
import typing as t

from werkzeug.utils import cached_property

#: Elements of HTML that have no end tag.
_EMPTY: t.Final = frozenset(
    {
        *("area", "base", "basefont", "br", "col", "command", "embed", "frame", "hr", "img", "input", "isindex"),
        *("keygen", "link", "meta", "param", "source", "wbr"),
    }
)


def escape(s: t.Any, quote: t.Any = None) -> str:
    """Text safe within HTML; empty for None. Not marked as safe, as ``markupsafe.escape`` does.

    :param s: the text; an object with ``__html__`` says itself what it is.
    :param quote: no longer means anything: quotes are always escaped.
    """
    if s is None:
        return ""
    return str(s.__html__()) if hasattr(s, "__html__") else standard.escape(str(s))


def cgi_escape(s: str, quote: bool = False) -> str:
    """``cgi.escape``: text safe within HTML, though by default not within quotes.

    :param s: the text.
    :param quote: whether quotes are escaped.
    """
    return standard.escape(s, quote)


def unescape(s: str) -> str:
    """The text that HTML stands for.

    :param s: the HTML, without tags.
    """
    return standard.unescape(s)


def unescape_method(parser: t.Any, s: str) -> str:
    """``HTMLParser.unescape``: the text that HTML stands for.

    :param parser: the parser, which has no part in it.
    :param s: the HTML.
    """
    return standard.unescape(s)


def format_string(string: str, context: t.Mapping[str, t.Any]) -> str:
    """Text with ``$name`` and ``${name}`` filled in.

    :param string: the text.
    :param context: what they stand for.
    :raises KeyError: if one is missing.
    """
    return text.Template(string).substitute(context)


def invalidate_cached_property(obj: t.Any, name: str) -> None:
    """Forget what a cached property has computed.

    :param obj: the object.
    :param name: the property.
    """
    if isinstance(getattr(type(obj), name, None), cached_property):
        delattr(obj, name)
    else:
        vars(obj).pop(name, None)


class HTMLBuilder:
    """Makes HTML: ``html.p("text", class_="note")``. What stands within is HTML; called itself, it escapes.

    :param dialect: ``html`` or ``xhtml``.
    """

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect

    def __call__(self, s: t.Any) -> str:
        return escape(s)

    def __getattr__(self, tag: str) -> t.Callable[..., str]:
        if tag.startswith("__"):
            raise AttributeError(tag)

        def element(*children: t.Any, **attributes: t.Any) -> str:
            start = "".join(self._attribute(name.removesuffix("_"), value) for name, value in attributes.items())
            if not children and tag in _EMPTY:
                return f"<{tag}{start}{' />' if self._dialect == 'xhtml' else '>'}"
            within = "".join(str(child) for child in children if child is not None)
            if within and tag in {"script", "style"} and self._dialect == "xhtml":
                within = f"/*<![CDATA[*/{within}/*]]>*/"
            return f"<{tag}{start}>{within}</{tag}>"

        return element

    def _attribute(self, name: str, value: t.Any) -> str:
        if value is None or value is False:
            return ""
        if value is True:
            return f' {name}="{name}"' if self._dialect == "xhtml" else f" {name}"
        return f' {name}="{escape(value)}"'

    def __repr__(self) -> str:
        return f"<HTMLBuilder for {self._dialect!r}>"


html: HTMLBuilder = HTMLBuilder("html")
xhtml: HTMLBuilder = HTMLBuilder("xhtml")


class MergeStream:
    """Writes to several streams.

    :param streams: the streams.
    """

    def __init__(self, *streams: t.Any) -> None:
        if not streams:
            raise TypeError("at least one stream must be given")
        self.streams = streams

    def write(self, data: str) -> None:
        """Write to all.

        :param data: what.
        """
        for stream in self.streams:
            stream.write(data)
