"""The WSGI environment of a scope: what a WSGI server would hand over for the same request."""

from __future__ import annotations

import asyncio
import copy
import io
import pickle
import typing as t
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers
from werkzeug.test import create_environ
from werkzeug.wrappers import Request as WerkzeugRequest

from flask import Request
from flask._asgi_testing import scope_of
from flask._environ import ScopeEnviron

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


def environ_of(scope: Message) -> ScopeEnviron:
    environ = ScopeEnviron(scope, receive, loop)  # type: ignore[arg-type]
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


# As a dict

scopes = st.builds(
    scope_for,
    path=st.sampled_from(["/", "/a?b=c", "/é"]),
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"cookie", b"x-name", b"x_name", b"content-length", b"content-type", b"accept"]),
            st.sampled_from([b"", b"1", b"caf\xe9"]),
        ),
        max_size=4,
    ),
    client=st.sampled_from([None, ("10.0.0.1", 5)]),
    server=st.sampled_from([None, ("10.0.0.1", 80), ("/run/app.sock", None)]),
)
keys = st.sampled_from(
    ["REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "REMOTE_ADDR", "CONTENT_LENGTH",
     "HTTP_HOST", "HTTP_COOKIE", "HTTP_X_NAME", "HTTP_CONTENT_LENGTH", "HTTP_", "http_cookie", "wsgi.input",
     "wsgi.nothing", "SCRIPT_NAME", "own.key", "", "asgi.scope"]
)  # fmt: skip
values = st.sampled_from(["", "value", None, 7])


def removed(environ: t.Any, key: str) -> None:
    del environ[key]


#: What can be done to a dict: the result, and what is left, are compared.
DEEDS: dict[str, t.Callable[[t.Any, str, t.Any], t.Any]] = {
    "[]": lambda environ, key, value: environ[key],
    "[]=": lambda environ, key, value: environ.__setitem__(key, value),
    "del": lambda environ, key, value: removed(environ, key),
    "in": lambda environ, key, value: key in environ,
    "get": lambda environ, key, value: environ.get(key),
    "get or": lambda environ, key, value: environ.get(key, value),
    "setdefault": lambda environ, key, value: environ.setdefault(key, value),
    "setdefault to None": lambda environ, key, value: environ.setdefault(key),
    "pop": lambda environ, key, value: environ.pop(key),
    "pop or": lambda environ, key, value: environ.pop(key, value),
    "update": lambda environ, key, value: environ.update({key: value}, other=value),
    "update by pairs": lambda environ, key, value: environ.update([(key, value)]),
    "|=": lambda environ, key, value: environ.__ior__({key: value}) and None,
    "|": lambda environ, key, value: sorted_items(environ | {key: value}),
    "{} |": lambda environ, key, value: sorted_items({key: value} | environ),
    "len": lambda environ, key, value: len(environ),
    "bool": lambda environ, key, value: bool(environ),
    "keys": lambda environ, key, value: set(environ.keys()),
    "values": lambda environ, key, value: len(environ.values()),
    "items": lambda environ, key, value: sorted_items(dict(environ.items())),
    "iter": lambda environ, key, value: set(environ),
    "reversed": lambda environ, key, value: len(list(reversed(environ))),
    "dict": lambda environ, key, value: sorted_items(dict(environ)),
    "**": lambda environ, key, value: sorted_items(dict(**environ)),
    "{**}": lambda environ, key, value: sorted_items({**environ}),
    "copy": lambda environ, key, value: sorted_items(environ.copy()),
    "copy.copy": lambda environ, key, value: sorted_items(copy.copy(environ)),
    "==": lambda environ, key, value: environ == {key: value},
    "!=": lambda environ, key, value: environ != {key: value},
    "fromkeys": lambda environ, key, value: dict.fromkeys(environ).keys() == set(environ),
    "copied with more": lambda environ, key, value: sorted_items(dict(environ, more=value)),
    "into another": lambda environ, key, value: sorted_items(updated({}, environ)),
    "list": lambda environ, key, value: sorted(map(str, environ)),
    "clear": lambda environ, key, value: environ.clear(),
}


def updated(target: dict[str, t.Any], environ: t.Any) -> dict[str, t.Any]:
    target.update(environ)
    return target


def sorted_items(environ: dict[str, t.Any]) -> list[t.Any]:
    return sorted((str(key), repr(value)) for key, value in environ.items())


def outcome(deed: str, environ: t.Any, key: str, value: t.Any) -> t.Any:
    try:
        return DEEDS[deed](environ, key, value)
    except KeyError as error:
        return KeyError, error.args


@pytest.mark.parametrize("deed", DEEDS)
@given(scope=scopes, key=keys, value=values)
@settings(max_examples=15, deadline=None)
def test_a_deed_as_on_a_dict(deed: str, scope: Message, key: str, value: t.Any) -> None:
    environ = environ_of(scope)
    plain = {**environ_of(scope).copy(), "wsgi.input": environ["wsgi.input"], "wsgi.errors": environ["wsgi.errors"]}
    assert outcome(deed, environ, key, value) == outcome(deed, plain, key, value)
    assert environ == plain
    assert sorted_items(environ.copy()) == sorted_items(plain)


@given(
    scope=scopes,
    steps=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), keys, values), min_size=2, max_size=10),
)
@settings(max_examples=150, deadline=None)
def test_any_deeds_one_after_another(scope: Message, steps: list[tuple[str, str, t.Any]]) -> None:
    environ = environ_of(scope)
    plain = {**environ_of(scope).copy(), "wsgi.input": environ["wsgi.input"], "wsgi.errors": environ["wsgi.errors"]}
    for deed, key, value in steps:
        assert outcome(deed, environ, key, value) == outcome(deed, plain, key, value), deed
    assert sorted_items(environ) == sorted_items(plain)


@given(scope=scopes)
@settings(max_examples=20, deadline=None)
def test_popped_one_by_one(scope: Message) -> None:
    environ = environ_of(scope)
    count = len(environ)
    assert len([environ.popitem() for _ in range(count)]) == count
    with pytest.raises(KeyError):
        environ.popitem()
    assert "REQUEST_METHOD" not in environ
    assert environ.get("HTTP_HOST") is None


def test_a_key_that_was_removed_stays_removed() -> None:
    environ = environ_of(scope_for("/a"))
    del environ["HTTP_HOST"]
    assert environ.pop("PATH_INFO") == "/a"
    assert [environ.get(key) for key in ("HTTP_HOST", "PATH_INFO")] == [None, None]
    environ.clear()
    assert dict(environ) == {}


def test_a_key_that_is_no_string() -> None:
    environ = environ_of(scope_for())
    assert environ.get(7) is None  # type: ignore[call-overload]
    assert 7 not in environ
    with pytest.raises(KeyError):
        environ[None]  # type: ignore[index]
    with pytest.raises(TypeError):
        environ[[]]  # type: ignore[index]


def test_its_own_value_goes_before_that_of_the_scope() -> None:
    """What middleware writes is what everybody reads."""
    environ = environ_of(scope_for("/a", headers=[(b"x-name", b"client's")]))
    environ["HTTP_X_NAME"] = "middleware's"
    environ["PATH_INFO"] = None
    assert (dict(environ)["HTTP_X_NAME"], environ["PATH_INFO"]) == ("middleware's", None)


@pytest.mark.parametrize("key", ["SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "HTTP_HOST"])
@pytest.mark.parametrize("value", ["/a", "", None])
def test_keys_are_worked_out_from_the_scope(key: str, value: str | None) -> None:
    """What was written under another key before they were asked for does not matter."""
    scope = scope_for("/a/b?c=d")
    environ, plain = environ_of(scope), environ_of(scope).copy()
    environ[key] = plain[key] = value
    for other in ("PATH_INFO", "SCRIPT_NAME", "QUERY_STRING", "REQUEST_URI", "SERVER_NAME", "HTTP_HOST"):
        assert environ[other] == plain[other]


def test_a_copy_is_a_plain_dict() -> None:
    """It stays when the request is over, and can be handed to whatever takes an environment."""
    environ = environ_of(scope_for("/a?b=c"))
    for made in (environ.copy(), copy.copy(environ), dict(environ), environ | {}):
        assert type(made) is dict
        assert made["QUERY_STRING"] == "b=c"
        assert WerkzeugRequest(made).args["b"] == "c"


def test_pickling() -> None:
    """As of any environment, what can be pickled of it can."""
    environ = environ_of(scope_for("/a?b=c"))
    for key in ("wsgi.input", "wsgi.errors", "wsgi.file_wrapper", "asgi.scope"):
        environ.pop(key)
    assert pickle.loads(pickle.dumps(environ)) == dict(environ)


def test_a_header_with_an_underscore_is_no_key() -> None:
    environ = environ_of(scope_for(headers=[(b"x_name", b"1"), (b"content_length", b"5")]))
    for key in ("HTTP_X_NAME", "CONTENT_LENGTH", "HTTP_CONTENT_LENGTH"):
        assert key not in environ
        assert key not in set(environ)
        assert environ.get(key) is None
