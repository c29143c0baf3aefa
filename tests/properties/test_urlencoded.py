"""Forms and query strings that are parsed the short way are as Werkzeug parses them, and are refused for the same."""

from __future__ import annotations

import io
import typing as t
from unittest import mock
from urllib.parse import parse_qsl, quote_plus, urlencode

from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException

from flask import Flask, Request
from flask import _checked as checked
from flask._urlencoded import fields_of

FORM = "application/x-www-form-urlencoded"

# -- the fields --

pieces = st.sampled_from(
    [b"&", b"&", b"=", b"=", b"+", b";", b"%", b"%4", b"%zz", b"%26", b"%3D", b"%3d", b"%2B", b"%25", b"%00", b"%0D%0A",
     b"%1E", b"%1f", b"\x1e", b"\x1f", b"\\", b"\\x41", b"%5C", b"%5cx41", b"%u00e9", b"%C3%BC", b"%c3", b"%A9",
     b"\xc3", b"\xc3\xa9", b"\xff", b"%FF", b"\0", b"\r\n", b" ", b"a", b"b", b"a=1", b"a=2&",
     b"%ED%A0%80", b"%F0%9F%98%80"]
)  # fmt: skip
names = st.sampled_from(["a", "b", "ü", "a b", "&", "="]) | st.text(max_size=5)
pairs = st.lists(st.tuples(names, st.text(st.characters(codec="utf-8"), max_size=10)), max_size=6)
fields = st.one_of(
    pairs.map(lambda values: urlencode(values, errors="replace").encode()),
    st.lists(st.tuples(pieces, pieces), max_size=5).map(lambda values: b"&".join(b"=".join(pair) for pair in values)),
    st.lists(pieces, max_size=12).map(b"".join),
    st.binary(max_size=20),
)


def plainly(data: bytes) -> ImmutableMultiDict[str, str] | None:
    """What Werkzeug makes of it; None where it is malformed."""
    try:
        found = parse_qsl(data.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
    except UnicodeDecodeError:
        return None
    return ImmutableMultiDict(found)


def content(value: MultiDict[str, t.Any]) -> list[tuple[str, list[t.Any]]]:
    """The keys in their order, each with all of its values."""
    return [(key, list(values)) for key, values in value.lists()]


@settings(max_examples=3000, deadline=None)
@given(fields)
@example(b"")
@example(b"&".join(b"a%d=%d" % (number % 700, number) for number in range(5000)))
def test_fields_are_werkzeugs_or_left_to_it(data: bytes) -> None:
    found, expected = fields_of(data), plainly(data)
    if found is not None:
        assert expected is not None
        assert (type(found), content(found)) == (type(expected), content(expected))
        assert (found.to_dict(), hash(found), repr(found)) == (expected.to_dict(), hash(expected), repr(expected))


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(names, st.text(st.characters(codec="utf-8"))), min_size=1))
def test_what_a_browser_sends_goes_the_short_way(sent: list[tuple[str, str]]) -> None:
    data = urlencode(sent, errors="replace").encode()
    text = "".join(name + value for name, value in sent)
    assert ("\x1e" in text or "\x1f" in text) or content(fields_of(data)) == content(plainly(data))


# -- the request that has them --


class Trickle(io.RawIOBase):
    """A body of which a few bytes arrive at a time."""

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int:
        piece = self._body.read(min(len(buffer), 7))
        buffer[: len(piece)] = piece
        return len(piece)


class Server:
    """A body as the standard demands it, and no more."""

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)

    def read(self, size: int = -1) -> bytes:
        return self._body.read(size)


class Broken(Trickle):
    """A body whose connection breaks off after a few bytes."""

    def readinto(self, buffer: t.Any) -> int:
        size = super().readinto(buffer)
        if not size or self._body.tell() > 7:
            raise OSError("the client went away")
        return size


def deed(name: str) -> t.Callable[[Request], t.Any]:
    return lambda request: getattr(request, name)


DEEDS: dict[str, t.Callable[[Request], t.Any]] = {
    **{name: deed(name) for name in ("form", "files", "values", "args", "data", "mimetype", "content_length")},
    "get_data": lambda request: request.get_data(),
    "get_data as text": lambda request: request.get_data(cache=False, as_text=True),
    "get_data parsed": lambda request: request.get_data(parse_form_data=True),
    "stream": lambda request: request.stream.read(),
    "a byte of the stream": lambda request: request.stream.read(1),
    "what the server has": lambda request: request.environ["wsgi.input"].read(1),
    "headers": lambda request: request.headers.get("Content-Type"),
    "get_json": lambda request: request.get_json(silent=True),
    "other headers": lambda request: setattr(request, "headers", Headers({"Content-Type": "text/plain"})),
    "another class": lambda request: setattr(request, "parameter_storage_class", MultiDict),
    "a limit": lambda request: setattr(request, "max_content_length", 10),
    "answered": lambda request: setattr(request, "_refuses", False),
    "shallow": lambda request: setattr(request, "shallow", True),
    "close": lambda request: request.close(),
}

lengths = st.sampled_from(["right"] * 6 + ["short", "long", "none", "-1", "x", "007", " 5 ", "1" * 30, "\xb2", "", "0"])
kinds = st.sampled_from(
    [FORM] * 6 + [f"{FORM}; charset=UTF-8", f"{FORM};", f" {FORM}", FORM.upper(), "text/plain", "", f"{FORM}x"]
)
environs = st.fixed_dictionaries(
    {"REQUEST_METHOD": st.sampled_from(["POST", "GET"]), "CONTENT_TYPE": kinds},
    optional={
        "wsgi.input_terminated": st.just(True),
        "HTTP_TRANSFER_ENCODING": st.sampled_from(["chunked", "gzip"]),
        "QUERY_STRING": fields.map(lambda data: data.decode("latin-1")),
    },
)


def life(taken: bool, request: Request, deeds: list[str]) -> list[t.Any]:
    """What is to be seen of a request while it is used."""
    seen: list[t.Any] = []
    with mock.patch.object(checked, "TAKEN", taken):
        for name in deeds:
            try:
                value = DEEDS[name](request)
            except HTTPException as error:
                seen.append((name, type(error), error.code, error.description))
            except (RuntimeError, OSError) as error:
                seen.append((name, type(error), str(error)))
            else:
                plain = content(value) if isinstance(value, MultiDict) and name != "values" else value
                seen.append((name, type(value), plain))
    return seen


@settings(max_examples=1000, deadline=None)
@given(
    environ=environs,
    body=fields,
    length=lengths,
    source=st.sampled_from([io.BytesIO] * 4 + [Trickle, Server, Broken]),
    limit=st.sampled_from([None, None, 5, 100]),
    has_app=st.sampled_from([True, True, False]),
    # Headers that are replaced once the body was read are another matter: Werkzeug keeps what it found in the old ones.
    first=st.sampled_from([[], [], [], ["other headers"], ["headers", "other headers"]]),
    deeds=st.lists(st.sampled_from(["form", "form", *(name for name in DEEDS if name != "other headers")]), max_size=6),
)
@example(
    environ={"REQUEST_METHOD": "POST", "CONTENT_TYPE": FORM, "wsgi.input_terminated": True},
    body=b"tea",
    length="1" * 30,
    source=io.BytesIO,
    limit=5,
    has_app=True,
    first=[],
    deeds=["answered"],
)
def test_a_request_is_as_without_the_short_way(
    environ: dict[str, t.Any],
    body: bytes,
    length: str,
    source: t.Any,
    limit: int | None,
    has_app: bool,
    first: list[str],
    deeds: list[str],
) -> None:
    said = {"right": len(body), "short": max(len(body) - 1, 0), "long": len(body) + 1}.get(length, length)
    if length != "none":
        environ["CONTENT_LENGTH"] = str(said)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = limit
    lives = []
    for taken in (True, False):
        request = Request({**environ, "wsgi.input": source(body)})
        if has_app:
            request._app = app
        last = ["form", "files", "stream", "args", "data", "what the server has"]
        lives.append(life(taken, request, [*first, *deeds, *last]))
    assert lives[0] == lives[1]


@settings(max_examples=30, deadline=None)
@given(st.integers(60_000, 70_000), st.sampled_from([io.BytesIO, Server]))
def test_a_long_form(size: int, source: t.Any) -> None:
    body = b"text=" + quote_plus("ü").encode() * (size // 6)
    environ = {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body)), "REQUEST_METHOD": "POST"}
    lives = [
        life(taken, Request({**environ, "wsgi.input": source(body)}), ["form", "stream"]) for taken in (True, False)
    ]
    assert lives[0] == lives[1]
