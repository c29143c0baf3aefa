"""Full-text search takes whatever people type."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chirp import posts


@pytest.fixture
def find(app: Flask, add_person: Callable[..., None]) -> Callable[[str], list[str]]:
    """The texts that a query finds."""
    add_person(
        "wren",
        "Die Möwen über Tromsø",
        "It's 5 o'clock AND not later",
        "snake_case @heron #finds",
        "日本 の 鳥",
    )

    def find(query: str) -> list[str]:
        with app.app_context():
            return [post.text for post in posts.matching(query).posts]

    return find


@pytest.mark.parametrize(
    ("query", "beginning"),
    [
        ("möwen", "Die"),
        ("MOWEN", "Die"),
        ("tromsø die", "Die"),
        ("trom", "Die"),
        ("o'clock", "It's"),
        ('"later', "It's"),
        ("5", "It's"),
        ("AND", "It's"),
        ("#finds", "snake"),
        ("@heron", "snake"),
        ("snake_case", "snake"),
        ("日本", "日本"),
    ],
)
def test_words_and_beginnings_of_words_are_found(find: Callable[[str], list[str]], query: str, beginning: str) -> None:
    assert [text.split()[0].startswith(beginning) for text in find(query)] == [True]


def test_ten_words_count_and_no_more(find: Callable[[str], list[str]]) -> None:
    assert len(find("5 " * 9 + "later nowhere")) == 1
    assert find("5 " * 9 + "nowhere later") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        '"',
        "'",
        '""" AND',
        "NEAR(a b, 2)",
        "text:later OR",
        "* ^ - + : ( ) { }",
        "rowid:1",
        "later NOT",
        "\x00later\x00x",
        "%_",
        "_",
        "'; DROP TABLE post; --",
        "x" * 100_000,
        "x " * 10_000,
        "\u0301",
        "👩‍👩‍👧",
        "\ufffd",
    ],
)
def test_nothing_that_can_be_typed_is_an_error(
    client: FlaskClient, find: Callable[[str], list[str]], query: str
) -> None:
    assert find(query) in ([], ["It's 5 o'clock AND not later"])
    assert client.get("/search", query_string={"q": query}).status_code == 200
    assert client.get("/api/search", query_string={"q": query}).status_code == 200
    assert len(find("möwen")) == 1  # and nothing is broken after it


def test_the_query_is_shown_as_text(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": '"><script>alert(1)</script>'}).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("before", ["", "x", "-1", "99999999999999999999999", "1.5", "9" * 5000])
def test_a_page_number_that_makes_no_sense_is_the_first_page(client: FlaskClient, before: str) -> None:
    assert client.get("/search", query_string={"q": "a", "before": before}).status_code == 200
    assert client.get("/", query_string={"before": before}).status_code == 200
