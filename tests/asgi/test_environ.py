"""The WSGI environment of a scope: what a WSGI server would hand over for the same request."""

from __future__ import annotations

import asyncio
import io
import typing as t
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers
from werkzeug.test import create_environ
from werkzeug.wrappers import Request as WerkzeugRequest

from flask import Request
from flask._asgi_testing import scope_of
from flask._environ import environ_of as environ_of_scope

from .server import Message, scope_for

# What a request is about, whichever class shows it; what is not compared is an object of each request's own.
OWN = {"environ", "json_module", "stream", "input_stream", "files", "form", "values", "data", "json", "user_agent"}
OWN |= {"is_multiprocess", "is_multithread", "is_run_once", "want_form_data_parsed"}
ATTRIBUTES = sorted(
    name
    for name in dir(WerkzeugRequest({}))
    if not name.startswith("_") and name not in OWN and not callable(getattr(WerkzeugRequest, name, None))
)

#: What belongs to the server rather than to the request.
OF_SERVER = {
    *("wsgi.input", "wsgi.errors", "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once", "wsgi.file_wrapper"),
    *("asgi.scope", "wsgi.input_terminated", "REQUEST_URI", "RAW_URI"),
}

loop = asyncio.new_event_loop()
loop.close()


async def receive() -> Message:
    raise AssertionError("Nothing is to be received.")


def environ_of(scope: Message) -> dict[str, t.Any]:
    environ = environ_of_scope(scope, receive, loop)  # type: ignore[arg-type]
    environ["wsgi.input"] = environ["wsgi.errors"] = io.BytesIO()
    return environ


latin = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=8)
words = st.text(st.characters(codec="utf-8"), max_size=6)
parts = st.lists(words.filter(lambda word: "\ufffd" not in word), max_size=3).map("/".join)
headers = st.dictionaries(
    st.sampled_from(
        ["Accept", "Cookie", "Referer", "User-Agent", "X-Forwarded-For", "If-None-Match", "Range", "Authorization",
         "Cache-Control", "Date", "X-Name", "Content-Encoding", "Origin"]
    ),
    latin,
    max_size=5,
)  # fmt: skip


#: What WSGI servers make their environments of.
requests = st.fixed_dictionaries(
    {
        "path": parts.map(lambda path: "/" + quote(path)),
        "base_url": st.builds(
            "{}{}".format,
            st.sampled_from(["http://localhost", "https://shop.example:8443", "http://[::1]:80"]),
            st.sampled_from(["/", "/root", "/root/deeper/"]),
        ),
        "query_string": st.dictionaries(words, words, max_size=3),
        "method": st.sampled_from(["GET", "POST", "HEAD", "PUT"]),
        "headers": headers,
        "data": st.one_of(st.none(), st.binary(max_size=20)),
        "content_type": st.sampled_from([None, "text/plain", "application/json", "multipart/form-data; boundary=x"]),
        "environ_overrides": st.fixed_dictionaries(
            {
                "SERVER_PROTOCOL": st.sampled_from(["HTTP/1.0", "HTTP/1.1", "HTTP/2"]),
                "REMOTE_ADDR": st.sampled_from(["10.0.0.1", "::1"]),
                "REMOTE_PORT": st.just("5000"),
            }
        ),
    }
)


def value_of(request: t.Any, name: str) -> t.Any:
    try:
        value = getattr(request, name)
    except Exception as error:
        return type(error)
    if isinstance(value, Headers):
        return sorted(value)
    return repr(value) if not isinstance(value, (str, bytes, int, float, dict, list, tuple, type(None))) else value


@given(request=requests, order=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_request_is_the_same(request: dict[str, t.Any], order: t.Any) -> None:
    """Its attributes are those of the same request by WSGI, in whichever order they are read."""
    environ = create_environ(**request)
    ours, plain = Request(environ_of(scope_of(environ))), Request(dict(environ))
    attributes = list(ATTRIBUTES)
    order.shuffle(attributes)
    for name in attributes:
        assert value_of(ours, name) == value_of(plain, name), name


@given(request=requests)
@settings(max_examples=100, deadline=None)
def test_the_environment_is_the_same(request: dict[str, t.Any]) -> None:
    """Key by key, but for what is the server's own."""
    environ = create_environ(**request)
    made = environ_of(scope_of(environ))
    for key, value in environ.items():
        if key not in OF_SERVER and value != "":
            assert made[key] == value, key
    added = {key for key in made if key not in environ} - OF_SERVER
    assert added <= {"REMOTE_PORT", "flask.environ"}


def test_a_header_with_an_underscore_is_no_key() -> None:
    environ = environ_of(scope_for(headers=[(b"x_name", b"1"), (b"content_length", b"5")]))
    for key in ("HTTP_X_NAME", "CONTENT_LENGTH", "HTTP_CONTENT_LENGTH"):
        assert key not in environ


def test_a_root_without_a_slash_in_front_is_no_part_of_the_host() -> None:
    """A server may be started with one."""
    for root in ("shop", "/shop", "::"):
        environ = environ_of_scope(scope_for("/tea", root_path=root), receive, loop)  # type: ignore[arg-type]
        assert Request(environ).url == f"http://shop.example/{root.lstrip('/')}/tea"
