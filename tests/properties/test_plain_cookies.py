"""A cookie and a redirect written by the shortcuts are what Werkzeug writes."""

from __future__ import annotations

import re
import typing as t
import warnings
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as WerkzeugResponse

from flask import Response
from flask.helpers import _plain_url, is_plain_url, writable_url

texts = st.one_of(st.from_regex(r"[\x21-\x7e]{0,4}", fullmatch=True), st.text(max_size=4))
flags: st.SearchStrategy[t.Any] = st.sampled_from([True, False, True, False, None, 1, 0, "yes"])


def cookies_of(cls: type[WerkzeugResponse], arguments: dict[str, t.Any]) -> t.Any:
    response = cls("hello")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            response.set_cookie(**arguments)
            response.set_cookie("second")
        except Exception as error:
            return type(error), str(error)
    # The clock may go on between one and the other.
    cookies = [re.sub(r":\d\d GMT", " GMT", cookie) for cookie in response.headers.getlist("Set-Cookie")]
    return cookies, [str(warning.message) for warning in warned]


@given(
    st.fixed_dictionaries(
        {"key": texts},
        optional={
            "value": texts,
            "max_age": st.sampled_from([None, 0, 5, -1, True, 3600, 10**9, 10**10, 10**30, timedelta(hours=1), 1.5]),
            "expires": st.one_of(
                st.sampled_from([None, 0, False, 0.0, 1.5, 10**30, "Thu, 01 Jan 1970 00:00:00 GMT"]),
                st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=2))])),
            ),
            "path": st.one_of(st.none(), st.just("/"), texts),
            "domain": st.one_of(
                st.sampled_from([None, "", ".shop.example:80", "Shop.example", "a..b", "x" * 64, "münchen.de", "a.b."]),
                texts,
            ),
            "secure": flags,
            "httponly": flags,
            "samesite": st.sampled_from([None, "Lax", "lax", "STRICT", "Strict", "None", "none", "other"]),
            "partitioned": flags,
        },
    )
)
@settings(max_examples=1500, deadline=None)
def test_cookies(arguments: dict[str, t.Any]) -> None:
    assert cookies_of(Response, arguments) == cookies_of(WerkzeugResponse, arguments)


@pytest.mark.parametrize("size", [4000, 4093, 4100])
def test_too_large_a_cookie_is_warned_about(size: int) -> None:
    arguments = {"key": "large", "value": "x" * size, "max_age": 60}
    assert cookies_of(Response, arguments) == cookies_of(WerkzeugResponse, arguments)


@given(st.one_of(st.from_regex(_plain_url, fullmatch=True), st.text("/:?#%@a.ä[]\\ 0x-", max_size=12)))
@example("/" + "a" * 3000 + "?" * 3000 + "#")
@example("http://" + ".".join(["a" * 63] * 5) + ":9999//x?a=b#c#d")
@settings(max_examples=1000)
def test_plain_url_is_sent_as_it_is(url: str) -> None:
    if is_plain_url(url):
        assert iri_to_uri(url) == url
        assert writable_url(url) == url
