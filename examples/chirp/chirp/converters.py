"""The URL converter for the number of a database row: `<id:post_id>`."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**63 - 1


class IdConverter(IntegerConverter):
    """A whole number that fits into SQLite's 64 bits.

    With the plain `<int:…>` a URL with thirty digits would reach the database and fail there; with this one
    it is an address that does not exist.
    """

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def row_id(text: str) -> int:
    """The same for a query argument: `request.args.get("before", type=row_id)`.

    :raises ValueError: if the text is no such number.
    """
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(f"{number} is not the number of a row.")
    return number


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
