"""Text in and out: cleaning, filters."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from chirp.filters import ago, hue, linked
from chirp.text import clean, problem_with


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\x00a\x1b[31mb\x7f", "a[31mb"),
        ("a\tb", "a b"),
        ("  \n a \n ", "a"),
        ("👩\u200d👧 日本\u3000語", "👩\u200d👧 日本\u3000語"),  # joiners and wide spaces are text
    ],
)
def test_cleaning_keeps_what_can_be_seen(sent: str, kept: str) -> None:
    assert clean(sent) == kept


def test_the_length_of_a_text_is_counted_in_characters() -> None:
    assert problem_with("é" * 10, "It", longest=10) is None
    assert problem_with("é" * 11, "It", longest=10) == "It is too long: it has 11 characters, and 10 are the most."
    assert problem_with("abc", "It", longest=10, shortest=4) == "It is too short: it needs at least 4 characters."
    assert problem_with("", "It", longest=10, shortest=0) is None


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (-5, "just now"),  # clocks differ
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (59 * 60 + 59, "59 minutes ago"),
        (3600, "1 hour ago"),
        (23 * 3600, "23 hours ago"),
        (86400, "1 day ago"),
        (7 * 86400 - 1, "6 days ago"),
        (7 * 86400, "24 November 2023"),
    ],
)
def test_how_long_ago(age: int, words: str) -> None:
    assert ago(1_700_830_800, now=1_700_830_800 + age) == words


def test_a_moment_is_measured_by_the_clock() -> None:
    assert ago(int(time.time()) - 7200) == "2 hours ago"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hi @wren!", 'Hi <a href="/@wren">@wren</a>!'),
        ("@Wren", '<a href="/@wren">@Wren</a>'),
        ("#finds", '<a href="/search?q=finds">#finds</a>'),
        ("#Möwe", '<a href="/search?q=M%C3%B6we">#Möwe</a>'),
        ("wren@example.com a#b @ # @@x", "wren@example.com a#b @ # @@x"),
        ("it's <b>&amp;</b>", "it&#39;s &lt;b&gt;&amp;amp;&lt;/b&gt;"),
        ("", ""),
    ],
)
def test_mentions_and_tags_become_links_and_all_else_is_escaped(app: Flask, text: str, html: str) -> None:
    with app.test_request_context():
        assert str(linked(text)) == html


def test_everybody_has_one_of_twelve_colours() -> None:
    colours = {hue(f"bird{number}") for number in range(200)}
    assert colours == set(range(12))
    assert hue("wren") == hue("wren")
