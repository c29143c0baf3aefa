"""A request that works its attributes out when they are read has the same ones as Werkzeug's, which does so at once.

The attributes are read in any order, of a request over any environment that a server can hand over. Where Werkzeug's
request fails on what a client sent, ours refuses it by 400; nothing else may differ.
"""

from __future__ import annotations

import io
import json
import typing as t
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, Headers, IfRange, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import encode_multipart
from werkzeug.user_agent import UserAgent
from werkzeug.wrappers import Request as WerkzeugRequest

from flask import Request, eras

# What is not read from the environment, or is each request's own.
OWN = {"environ", "json_module"}
ATTRIBUTES = sorted(
    name
    for name in dir(WerkzeugRequest({}))
    if not name.startswith("_") and name not in OWN and not callable(getattr(WerkzeugRequest, name, None))
)

latin = st.characters(codec="latin-1", exclude_characters="\r\n")
utf_8 = st.text(max_size=10).map(lambda value: value.encode("utf-8", "replace").decode("latin-1"))
text = st.one_of(st.text(latin, max_size=20), utf_8)
hosts = st.sampled_from(
    ["localhost", "localhost:5000", "EXAMPLE.com", "example.com:80", "example.com:443", "[::1]", "[::1]:5000",
     "xn--bcher-kva.example", "", "a b", "a/b", "user@host", "example.com:", "example.com:port", "1.2.3.4:99999"]
)  # fmt: skip
headers = st.dictionaries(
    st.sampled_from(
        ["ACCEPT", "ACCEPT_CHARSET", "ACCEPT_ENCODING", "ACCEPT_LANGUAGE", "AUTHORIZATION", "CACHE_CONTROL", "COOKIE",
         "DATE", "IF_MATCH", "IF_MODIFIED_SINCE", "IF_NONE_MATCH", "IF_RANGE", "IF_UNMODIFIED_SINCE", "MAX_FORWARDS",
         "ORIGIN", "PRAGMA", "RANGE", "REFERER", "USER_AGENT", "X_FORWARDED_FOR", "ACCESS_CONTROL_REQUEST_HEADERS",
         "ACCESS_CONTROL_REQUEST_METHOD", "CONTENT_ENCODING", "CONTENT_MD5", "X_REQUESTED_WITH"]
    ),
    st.one_of(
        text,
        st.sampled_from(
            ["text/html,*/*;q=0.5", "Basic YTpi", "Basic x", "Bearer abc", "Digest username=a, realm=b", "no-cache",
             "max-age=5, private", "a=b; c=d; a=e", "Sun, 09 Sep 2001 01:46:40 GMT", 'W/"etag", "other"', "*",
             "bytes=0-5", "bytes=-1", "5", "127.0.0.1, ::1", "XMLHttpRequest", "en-GB,en;q=0.8,de"]
        ),
    ),
    max_size=6,
)  # fmt: skip

pairs = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=10)), max_size=4)
names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=5)


def multipart(fields: dict[str, str], files: dict[str, bytes]) -> tuple[str, bytes]:
    storages = {name: FileStorage(io.BytesIO(content), f"{name}.bin") for name, content in files.items()}
    boundary, body = encode_multipart(MultiDict({**fields, **storages}), "between")
    return f'multipart/form-data; boundary="{boundary}"', body


objects = st.dictionaries(names, st.integers()).map(lambda value: json.dumps(value).encode())
bodies = st.one_of(
    st.tuples(st.just("application/x-www-form-urlencoded"), pairs.map(lambda values: urlencode(values).encode())),
    st.builds(
        multipart, st.dictionaries(names, names, max_size=3), st.dictionaries(names, st.binary(max_size=20), max_size=2)
    ),
    st.tuples(
        st.sampled_from(["application/json", "application/hal+json; charset=utf-8"]),
        st.one_of(st.binary(max_size=10), objects),
    ),
    st.tuples(st.sampled_from(["text/plain", "text/html; charset=latin-1", "", "nonsense"]), st.binary(max_size=20)),
)


@st.composite
def environs(draw: st.DrawFn) -> tuple[dict[str, t.Any], bytes]:
    """An environment without its body, and the body, of which each request has a stream of its own."""
    content_type, body = draw(bodies)
    environ = {f"HTTP_{name}": value for name, value in draw(headers).items()}
    environ.update(
        draw(
            st.fixed_dictionaries(
                {"REQUEST_METHOD": st.sampled_from(["GET", "POST", "PUT", "patch", "HEAD", "OPTIONS"])},
                optional={
                    "wsgi.url_scheme": st.sampled_from(["http", "https", "ws"]),
                    "SERVER_NAME": st.sampled_from(["localhost", "example.com", "/run/socket", ""]),
                    "SERVER_PORT": st.sampled_from(["80", "443", "5000", "", "port"]),
                    "SCRIPT_NAME": text.map(lambda value: f"/{value}"),
                    "PATH_INFO": text,
                    "QUERY_STRING": st.one_of(text, pairs.map(urlencode)),
                    "REMOTE_ADDR": st.sampled_from(["127.0.0.1", "::1", ""]),
                    "REMOTE_USER": text,
                    "HTTP_HOST": hosts,
                    "wsgi.multithread": st.booleans(),
                    "wsgi.multiprocess": st.booleans(),
                    "wsgi.run_once": st.booleans(),
                },
            )
        )
    )
    for name in ("wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once"):
        environ.setdefault(name, False)  # always there, by the standard
    environ["CONTENT_TYPE"] = content_type
    if draw(st.booleans()):
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ, body


def make(cls: type[WerkzeugRequest], environ: dict[str, t.Any], body: bytes) -> WerkzeugRequest:
    return cls({**environ, "wsgi.input": io.BytesIO(body)})


def plain(value: t.Any) -> t.Any:
    """A value that equals another if they say the same; most objects of Werkzeug compare by identity."""
    if isinstance(value, IfRange):
        return value.etag, value.date
    if hasattr(value, "to_header"):
        return value.to_header()
    if isinstance(value, Headers):
        return list(value)
    if isinstance(value, UserAgent):
        return value.string
    if isinstance(value, FileStorage):
        value.seek(0)
        return (value.name, value.filename, value.headers.to_wsgi_list(), value.read())
    if isinstance(value, MultiDict):
        return [(key, plain(item)) for key, item in value.items(multi=True)]
    return value


def seen(request: WerkzeugRequest, name: str) -> tuple[str, t.Any, t.Any]:
    """What reading an attribute gives: the type and the value, or how it fails."""
    try:
        value = getattr(request, name)
        if name in {"stream", "input_stream"}:
            return "stream", None, value.read()
        return "value", type(value), plain(value)
    except HTTPException as error:
        return "refused", error.code, None
    except Exception as error:
        return "failed", type(error), None


@given(environs(), st.permutations(ATTRIBUTES))
@settings(max_examples=500, deadline=None)
def test_attributes_are_those_of_werkzeugs_request(environ: tuple[dict[str, t.Any], bytes], names: list[str]) -> None:
    theirs, ours = make(WerkzeugRequest, *environ), make(Request, *environ)
    for name in names:
        expected, found = seen(theirs, name), seen(ours, name)
        if expected[0] == "failed":
            assert found[:2] == ("refused", 400), f"{name}: {expected} {found}"
        elif name == "headers":
            assert issubclass(found[1], expected[1])
            assert found[2] == expected[2]
        elif not (
            (name == "json" and eras.is_old("request_json_none"))
            or (name == "authorization" and eras.is_old("authorization_dict"))
        ):
            assert found == expected, name
    theirs.close()
    ours.close()


@given(environs(), st.permutations(ATTRIBUTES))
@settings(max_examples=100, deadline=None)
def test_an_attribute_once_read_stays(environ: tuple[dict[str, t.Any], bytes], names: list[str]) -> None:
    # Reading the body is an exception: a stream is used up.
    request = make(Request, *environ)
    first = {name: seen(request, name) for name in names if "stream" not in name}
    assert {name: seen(request, name) for name in first} == first
    request.close()


def test_there_are_attributes_to_compare() -> None:
    assert {"args", "form", "host", "remote_addr", "path", "query_string", "user_agent"} <= set(ATTRIBUTES)
    assert len(ATTRIBUTES) > 60
