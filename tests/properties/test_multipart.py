"""Multipart forms that are parsed the short way are as Werkzeug parses them, and are refused for the same."""

from __future__ import annotations

import io
import os
import typing as t
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.test import EnvironBuilder

from flask import Flask, Request
from flask import _checked as checked
from flask._multipart import boundary_of, parts_of
from flask._whole_body import LONGEST

# What is malformed leaves Werkzeug's files to be closed by nobody.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")

KIND = "multipart/form-data"

# -- the parts --

BOUNDARIES = ["b", "bb", "--", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "form-data", "a1", "Content-Type"]
names = st.sampled_from(
    [b"a", b"b", b"", b"\xc3\xbc", b"a b", b"a;b=c", b"a:b", b"--b", b"a\\b", b"%22", b"\xff", b"x" * 300]
)
names |= st.binary(max_size=4)
lines = st.sampled_from(
    [b"Content-Type: text/plain", b"Content-Type: text/plain; charset=iso-8859-1", b"content-type: text/html",
     b"Content-Type: image/svg+xml", b"Content-Type: ", b"Content-Length: 3", b"X: y", b" continued", b"", b"\n", b"\r"]
)  # fmt: skip
# Most heads are as browsers write them.
dispositions = st.sampled_from(
    [b'Content-Disposition: form-data; name="%s"'] * 6
    + [b"Content-Disposition: form-data; name=%s", b'content-disposition: form-data; name="%s"', b'X: "%s"',
       b'Content-Disposition: attachment; name="%s"', b'Content-Disposition:form-data;name="%s"', b'"%s"',
       b'Content-Disposition: form-data; name="%s"; name="z"', b'Content-Disposition: form-data; nam="%s"']
)  # fmt: skip
filenames = st.none() | names.map(lambda name: b'; filename="%s"' % name) | st.just(b"; filename*=utf-8''%C3%BC")
breaks = st.sampled_from([b"\r\n"] * 12 + [b"\n", b"\r", b"\r\n\r\n", b" \r\n", b""])
ends = st.sampled_from([b"--\r\n"] * 5 + [b"--", b"", b"-", b"--\n", b"-- \r\n", b"--\r\nepilogue"])
contents = st.lists(
    st.sampled_from([b"\r\n", b"\r", b"\n", b"--", b"-", b"b", b"--b", b"\r\n--b", b"\n--b", b"\r\n--bb\r\n", b"--b--",
                     b"\xc3\xbc", b"\xff", b"\0", b"x" * 40]),
    max_size=5,
).map(b"".join) | st.binary(max_size=20)  # fmt: skip


@st.composite
def bodies(draw: t.Any) -> tuple[str, bytes]:
    """A boundary, and a body of parts, more often than not as it should be."""
    boundary = draw(st.sampled_from(BOUNDARIES))
    delimiter = b"--" + boundary.encode()
    pieces: list[bytes] = [draw(st.sampled_from([b""] * 6 + [b"\r\n", b"preamble\r\n"]))]
    for _ in range(draw(st.integers(0, 4))):
        head = draw(dispositions) % draw(names) + (draw(filenames) or b"")
        line = draw(st.lists(lines, max_size=1) if draw(st.booleans()) else st.just([b"Content-Type: text/plain"]))
        pieces += [delimiter, draw(breaks), head, *(b"\r\n" + piece for piece in line), draw(breaks), draw(breaks)]
        pieces += [draw(contents), draw(breaks)]
    pieces += [delimiter, draw(ends)]
    body = b"".join(pieces)
    if draw(st.sampled_from([False] * 5 + [True])):
        body = body[: draw(st.integers(0, len(body)))]
    return boundary, body


proper = st.lists(
    st.tuples(names, st.none() | names, contents).map(
        lambda part: (
            b'Content-Disposition: form-data; name="%s"' % part[0]
            + (b'; filename="%s"\r\nContent-Type: text/plain' % part[1] if part[1] is not None else b"")
            + b"\r\n\r\n"
            + part[2]
        )
    ),
    max_size=4,
).map(lambda parts: ("b", b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"))


def content(value: MultiDict[str, t.Any]) -> list[t.Any]:
    """The keys in their order, each with all of its values."""
    return [
        (key, [of_file(one) if isinstance(one, FileStorage) else one for one in ones]) for key, ones in value.lists()
    ]


def of_file(file: FileStorage) -> tuple[t.Any, ...]:
    """What is to be seen of a file."""
    data = file.stream.read()
    file.stream.seek(0)
    about = file.name, file.filename, file.mimetype, file.content_length, file.stream.tell()
    return *about, data, list(file.headers), type(file.headers), type(file.stream)


def closed(form: t.Any) -> t.Any:
    """The content of a form and its files, which are then closed."""
    seen = tuple(map(content, form))
    for files in form[1].listvalues():
        for file in files:
            file.close()
    return seen


def plainly(boundary: str, body: bytes, most_parts: int | None, most_memory: int | None) -> t.Any:
    """What Werkzeug makes of it."""
    parser = FormDataParser(silent=False, max_form_parts=most_parts, max_form_memory_size=most_memory)
    try:
        _, *form = parser.parse(io.BytesIO(body), KIND, len(body), {"boundary": boundary})
    except (ValueError, RequestEntityTooLarge) as error:
        return type(error)
    return closed(form)


@settings(max_examples=3000, deadline=None)
@given(bodies() | proper, st.sampled_from([None, None, 0, 1, 3]), st.sampled_from([None, 500_000, 0, 10, 100]))
@example(("b", b"--b--\r\n"), None, None)
@example(("b", b"--b--"), 0, 0)
@example(("b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n--b--\r\n'), None, None)
@example(("b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--b--\r\n'), None, None)
@example(("b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\n--b\r\ny\r\n--b--\r\n'), None, None)
@example(("b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n--b--\r\n'), None, None)
def test_parts_are_werkzeugs_or_left_to_it(
    sent: tuple[str, bytes], most_parts: int | None, most_memory: int | None
) -> None:
    boundary, body = sent
    found = parts_of(body, boundary.encode(), most_parts, most_memory)
    if found is not None:
        assert closed(found) == plainly(boundary, body, most_parts, most_memory)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("abü ;:=", min_size=1, max_size=9), st.none() | st.text("ab.ü ;:=", max_size=9), contents),
        max_size=5,
    )
)
def test_what_a_client_sends_goes_the_short_way(sent: list[tuple[str, str | None, bytes]]) -> None:
    builder = EnvironBuilder(method="POST")
    for name, filename, data in sent:
        if filename is None:
            builder.form.add(name, data.decode("latin-1"))
        else:
            builder.files.add_file(name, io.BytesIO(data), filename, "application/octet-stream")
    builder.content_type = KIND
    environ = builder.get_environ()
    boundary, body = boundary_of(environ["CONTENT_TYPE"]), environ["wsgi.input"].read()
    assert boundary is not None
    found = parts_of(body, boundary, 1000, 500_000)
    assert found is not None
    assert closed(found) == plainly(boundary.decode(), body, None, None)


# -- the request that has them --


class Trickle(io.RawIOBase):
    """A body of which a few bytes arrive at a time."""

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int:
        piece = self._body.read(min(len(buffer), 700))
        buffer[: len(piece)] = piece
        return len(piece)


class Broken(Trickle):
    """A body whose connection breaks off after a few bytes."""

    def readinto(self, buffer: t.Any) -> int:
        size = super().readinto(buffer)
        if not size or self._body.tell() > 1000:
            raise OSError("the client went away")
        return size


class OwnStorage(Request):
    """A request that keeps its files in a way of its own."""

    def _get_file_stream(self, *args: t.Any, **kwargs: t.Any) -> t.IO[bytes]:
        return io.BytesIO()


class OwnParser(Request):
    """A request with a parser of its own."""

    class form_data_parser_class(FormDataParser):
        def parse(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            stream, _, files = super().parse(*args, **kwargs)
            return stream, self.cls({"by": "own"}), files


def look(request: Request, name: str) -> t.Any:
    """Look at an attribute of a request."""
    if name == "get_data":
        return request.get_data()
    if name == "get_data parsed":
        return request.get_data(parse_form_data=True)
    if name == "stream":
        return request.stream.read()
    if name in ("max_form_parts", "max_form_memory_size", "max_content_length"):
        return setattr(request, name, 1)
    value = getattr(request, name)
    return content(value) if isinstance(value, MultiDict) else value


def life(taken: bool, request: Request, deeds: list[str]) -> list[t.Any]:
    """What is to be seen of a request while it is used."""
    seen: list[t.Any] = []
    with mock.patch.object(checked, "TAKEN", taken):
        for name in [*deeds, "form", "files", "mimetype_params", "stream", "data"]:
            try:
                seen.append((name, look(request, name)))
            except HTTPException as error:
                seen.append((name, type(error), error.description))
        request.close()
    return seen


deeds = st.sampled_from(
    ["form", "files", "get_data", "get_data parsed", "stream", "mimetype", "max_form_parts", "max_form_memory_size",
     "max_content_length"]
)  # fmt: skip
lengths = st.sampled_from(["right"] * 8 + ["short", "long", "none", "x", "1" * 30, "\xb2", ""])
kinds = st.sampled_from(["{}; boundary={}"] * 8 + ['{}; boundary="{}"', "{}", "{};boundary={}; charset=utf-8"])
limits = st.sampled_from([None, None, 0, 10, 500_000])


@settings(max_examples=1000, deadline=None)
@given(
    sent=bodies() | proper,
    kind=kinds,
    length=lengths,
    source=st.sampled_from([io.BytesIO, io.BytesIO, Trickle, Broken]),
    is_terminated=st.booleans(),
    most=st.tuples(limits, st.sampled_from([None, 500_000, 10]), st.sampled_from([1000, 1])),
    made_by=st.sampled_from([Request] * 6 + [OwnStorage, OwnParser]),
    deeds=st.lists(deeds, max_size=2),
)
def test_a_request_is_as_without_the_short_way(
    sent: tuple[str, bytes],
    kind: str,
    length: str,
    source: t.Any,
    is_terminated: bool,
    most: tuple[int | None, int | None, int],
    made_by: type[Request],
    deeds: list[str],
) -> None:
    boundary, body = sent
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind.format(KIND, boundary)}
    if length != "none":
        said = {"right": len(body), "short": max(len(body) - 1, 0), "long": len(body) + 1}.get(length, length)
        environ["CONTENT_LENGTH"] = str(said)
    if is_terminated:
        environ["wsgi.input_terminated"] = True  # type: ignore[assignment]
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=most[0], MAX_FORM_MEMORY_SIZE=most[1], MAX_FORM_PARTS=most[2])
    lives = []
    for taken in (True, False):
        request = made_by({**environ, "wsgi.input": source(body)})
        request._app = app
        lives.append(life(taken, request, deeds))
    # How much was read of a body that is refused, so what is left to whoever asks next, depends on how it arrived.
    refusals = [number for number, (_, *seen) in enumerate(lives[1]) if isinstance(seen[0], type)]
    end = refusals[0] + 1 if refusals and source is not io.BytesIO else None
    assert lives[0][:end] == lives[1][:end]


# -- files --


def upload(size: int) -> Request:
    """A request that brings a file of this size."""
    builder = EnvironBuilder(method="POST", data={"file": (io.BytesIO(b"x" * size), "file.bin")})
    environ = builder.get_environ()
    with environ["wsgi.input"] as source:  # it may be a file
        request = Request({**environ, "wsgi.input": io.BytesIO(source.read())})
    request._app = Flask(__name__)
    return request


@pytest.mark.parametrize("size", [0, 1, 65_000, 65_536, 400_000, 600_000, LONGEST - 1000, LONGEST])
def test_a_file_of_any_size(size: int) -> None:
    file = upload(size).files["file"]
    assert file.read() == b"x" * size
    file.seek(0)
    assert len(os.read(file.fileno(), size + 1)) == size  # its descriptor is that of a file
    file.close()


def test_a_file_in_memory_can_be_written_to() -> None:
    file = upload(600_000).files["file"]
    file.seek(0, io.SEEK_END)
    file.stream.write(b"more")
    file.seek(599_999)
    assert file.read() == b"xmore"
    file.close()


@pytest.mark.parametrize("within", range(-2, 9))
def test_the_end_of_a_file_may_come_anywhere(within: int) -> None:
    """Werkzeug's parser adds a byte to a file where what it reads at a time ends between the last two dashes."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    size = 64 * 1024 - len(head) - within
    found = parts_of(head + b"x" * size + b"\r\n--b--\r\n", b"b", None, None)
    assert found is not None
    with found[1]["file"].stream as stream:
        assert stream.read() == b"x" * size
