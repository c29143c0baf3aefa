"""The body that a view reads is the body that was sent, however it came; or it reads none."""

from __future__ import annotations

import asyncio
import io
import json
import typing as t

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from flask import Flask, Request, request, stream_with_context

from .server import DISCONNECT, Answer, Exchange, Header, length_of, messages_of, of_kind, run, scope_for, serve

#: What a view may do to have the body.
WAYS = ["get_data", "read", "pieces", "async get_data", "async read", "async pieces", "body", "async body"]
CHUNKED = (b"transfer-encoding", b"chunked")


def read(way: str) -> t.Iterator[bytes]:
    """Read the body as a plain function does."""
    if way == "get_data":
        yield request.get_data()
    elif way == "read":
        yield request.stream.read()
    elif way == "body":
        yield from request.body
    else:
        size = request.args.get("size", 7, int)
        while piece := request.stream.read(size):
            assert len(piece) <= size
            yield piece


class Reader:
    """An application whose views keep the bodies that they have read to the end."""

    def __init__(self, placing: str = "thread", **config: t.Any) -> None:
        self.app = Flask(__name__)
        self.app.config.update(ASGI_SYNC=placing, **config)
        self.read: list[bytes] = []
        self.limit: int | None = None
        self.torn_down = 0
        self.app.teardown_request(self._tear_down)

    def _tear_down(self, exc: BaseException | None) -> None:
        self.torn_down += 1

    def _view(self, way: str) -> t.Callable[[], str]:
        def view() -> str:
            if self.limit is not None:
                request.max_content_length = self.limit
            self.read.append(b"".join(read(way)))
            return "read"

        return view

    def _async_view(self, way: str) -> t.Callable[[], t.Any]:
        async def view() -> str:
            if self.limit is not None:
                request.max_content_length = self.limit
            if way == "async body":
                self.read.append(b"".join([chunk async for chunk in request.body]))
            else:
                await asyncio.sleep(0)
                self.read.append(b"".join(read(way.removeprefix("async "))))
            return "read"

        return view

    def send(self, way: str, script: t.Sequence[t.Any], *headers: Header, **scope: t.Any) -> Answer:
        if way not in self.app.view_functions:
            make = self._async_view if way.startswith("async") else self._view
            options = {"stream_body": True} if way.endswith("body") else {}
            self.app.add_url_rule(f"/{way}", way, make(way), methods=["GET", "POST"], **options)
        self.read.clear()
        self.torn_down = 0
        return serve(self.app, scope_for(f"/{way}", **{"method": "POST", "headers": headers, **scope}), script)


# In an inline application a plain function cannot wait for the body, so there is none that streams it.
readers = [(placing, way) for placing in ("thread", "inline") for way in WAYS if (placing, way) != ("inline", "body")]
every_reader = pytest.mark.parametrize(("placing", "way"), readers)
chunks = st.lists(
    st.one_of(st.just(b""), st.binary(max_size=20), st.binary(min_size=60, max_size=300)), min_size=1, max_size=8
)
values = st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3))


@every_reader
@given(chunks=chunks, says_length=st.booleans(), http_2=st.booleans())
@settings(max_examples=15, deadline=None)
def test_any_split(placing: str, way: str, chunks: list[bytes], says_length: bool, http_2: bool) -> None:
    reader = Reader(placing)
    version = "2" if http_2 else "1.1"
    headers = [length_of(chunks)] if says_length else [] if http_2 else [CHUNKED]
    answer = reader.send(way, chunks, *headers, http_version=version)
    assert (answer.status, reader.read, reader.torn_down) == (200, [b"".join(chunks)], 1)


@every_reader
@given(chunks=chunks, difference=st.integers(-30, 30))
@settings(max_examples=15, deadline=None)
def test_a_wrong_length(placing: str, way: str, chunks: list[bytes], difference: int) -> None:
    """Servers see to it that the length is right; a body of another one was cut, or has more behind it."""
    body = b"".join(chunks)
    length = max(len(body) + difference, 0)
    reader = Reader(placing)
    answer = reader.send(way, chunks, (b"content-length", str(length).encode()))
    if length == len(body):
        assert (answer.status, reader.read) == (200, [body])
    elif length == 0:
        assert b"".join(reader.read) == b""
    else:
        assert (answer.status, reader.read) == (400, [])
    assert reader.torn_down == 1


@every_reader
@pytest.mark.parametrize("length", [b"", b"-5", b"+5", b"5.0", b"abc", b"\xb2", b"9" * 5000, b"5, 5", b" 5", b"0x5"])
def test_a_length_that_is_no_number(placing: str, way: str, length: bytes) -> None:
    reader = Reader(placing)
    answer = reader.send(way, [b"he", b"llo"], (b"content-length", length), CHUNKED)
    assert answer.status is not None
    assert 400 <= answer.status < 500 or (answer.status == 200 and reader.read == [b"hello"]), answer.text


@every_reader
@given(chunks=chunks, number=st.integers(0, 7), says_length=st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_disconnect_between_any_two_chunks(
    placing: str, way: str, chunks: list[bytes], number: int, says_length: bool
) -> None:
    messages = [dict(message, more_body=True) for message in messages_of(chunks)]
    reader = Reader(placing)
    messages[number:] = [DISCONNECT]
    answer = reader.send(way, messages, length_of([*chunks, b"more"]) if says_length else CHUNKED)
    assert (answer.messages, reader.read, reader.torn_down) == ([], [], 1)


def outcomes(way: str, body: bytes, limit: int, says_length: bool) -> list[tuple[int, list[bytes]]]:
    """How a request with a limit may end."""
    if len(body) == limit and not says_length and way.endswith("pieces"):
        return [(200, [body]), (413, [])]  # by WSGI as well, Werkzeug's stream refuses the read that would find the end
    return [(200, [body])] if len(body) <= limit else [(413, [])]


@every_reader
@given(chunks=chunks, limit=st.integers(1, 100), says_length=st.booleans())
@settings(max_examples=15, deadline=None)
def test_the_limit_of_the_application(
    placing: str, way: str, chunks: list[bytes], limit: int, says_length: bool
) -> None:
    reader = Reader(placing, MAX_CONTENT_LENGTH=limit)
    body = b"".join(chunks)
    answer = reader.send(way, chunks, length_of(chunks) if says_length else CHUNKED)
    assert (answer.status, reader.read) in outcomes(way, body, limit, says_length)


@every_reader
@given(chunks=chunks, limit=st.integers(1, 50), says_length=st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_view_lowers_the_limit(placing: str, way: str, chunks: list[bytes], limit: int, says_length: bool) -> None:
    reader = Reader(placing, MAX_CONTENT_LENGTH=50)
    reader.limit = limit
    answer = reader.send(way, chunks, length_of(chunks) if says_length else CHUNKED)
    assert (answer.status, reader.read) in outcomes(way, b"".join(chunks), limit, says_length)


@every_reader
@pytest.mark.parametrize("says_length", [True, False])
def test_a_view_raises_the_limit(placing: str, way: str, says_length: bool) -> None:
    # What code on the event loop reads was received before, with the limit as it was then.
    is_ahead = "body" not in way and (placing == "inline" or way.startswith("async"))
    for size, status in [(60, 413 if is_ahead else 200), (99, 413 if is_ahead else 200), (101, 413)]:
        reader = Reader(placing, MAX_CONTENT_LENGTH=50)
        reader.limit = 100
        chunks = [b"x" * 40, b"y" * (size - 40)]
        answer = reader.send(way, chunks, length_of(chunks) if says_length else CHUNKED)
        assert answer.status == status


@every_reader
@pytest.mark.parametrize("says_length", [True, False])
def test_the_limit_of_what_is_received_ahead(placing: str, way: str, says_length: bool) -> None:
    """It is for bodies that wait in memory or a file until code on the event loop reads them."""
    is_ahead = "body" not in way and (placing == "inline" or way.startswith("async"))
    for size in (99, 100, 101):
        reader = Reader(placing, ASGI_BODY_LIMIT=100)
        chunks = [b"x" * (size - 10), b"y" * 10]
        answer = reader.send(way, chunks, length_of(chunks) if says_length else CHUNKED)
        expected = (413, []) if is_ahead and size > 100 else (200, [b"".join(chunks)])
        assert (answer.status, reader.read) == expected


@every_reader
def test_a_refused_body_is_not_received(placing: str, way: str) -> None:
    """With MAX_CONTENT_LENGTH a length that is too long is refused before anything is read."""
    reader = Reader(placing, MAX_CONTENT_LENGTH=10)
    answer = reader.send(way, [AssertionError("received")], (b"content-length", b"11"))
    assert (answer.status, reader.read) == (413, [])


@every_reader
@pytest.mark.parametrize("size", [1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])
def test_a_long_body(placing: str, way: str, size: int) -> None:
    """Above a mebibyte it waits in a file, which is closed in the end."""
    reader = Reader(placing)
    body = bytes(range(256)) * (size // 256) + b"!" * (size % 256)
    parts = [body[start : start + 200_000] for start in range(0, size, 200_000)]
    answer = reader.send(way, parts, CHUNKED, query_string=b"size=99999")
    assert answer.status == 200
    assert reader.read == [body]


@pytest.mark.parametrize("failure", [DISCONNECT, OSError("reset"), ValueError("a server's mistake")])
@every_reader
def test_a_long_body_that_breaks_off(placing: str, way: str, failure: t.Any) -> None:
    reader = Reader(placing)
    messages = [dict(message, more_body=True) for message in messages_of([b"x" * 700_000] * 2)]
    query = {"query_string": b"size=99999"}
    if isinstance(failure, dict):
        assert reader.send(way, [*messages, failure], CHUNKED, **query).messages == []
    else:
        try:
            answer = reader.send(way, [*messages, failure], CHUNKED, **query)
        except Exception as error:
            assert type(error) is type(failure)  # noqa: PT017  # either way is right
        else:
            # A stream that fails is a client that went away, to Werkzeug.
            assert answer.status in (400, 500)
    assert (reader.read, reader.torn_down) == ([], 1)


@pytest.mark.parametrize("placing", ["thread", "inline"])
@pytest.mark.parametrize("headers", [(), ((b"content-length", b"0"),)])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_body(placing: str, headers: tuple[Header, ...], method: str) -> None:
    """Nothing is waited for where none comes."""
    for way in ("get_data", "async get_data", "async body"):
        reader = Reader(placing)
        answer = reader.send(way, [b""], *headers, method=method)
        assert (answer.status, reader.read) == (200, [b""])


@pytest.mark.parametrize("way", ["sync", "async", "sync body", "async body"])
def test_a_body_that_nobody_reads(app: Flask, way: str) -> None:
    view = of_kind(way.partition(" ")[0], lambda: "unread")
    app.add_url_rule("/", "unread", view, methods=["POST"], stream_body=way.endswith("body"))
    for script in ([b"some", b"body"], [b"x" * 2_000_000, b"y"]):
        answer = serve(app, scope_for("/", "POST", [length_of(script)]), script)
        assert (answer.status, answer.text) == (200, "unread")


def test_other_messages_are_passed_over(app: Flask, kind: str) -> None:
    """What a later version of ASGI may send besides."""
    reader = Reader(app.config["ASGI_SYNC"])
    way = "get_data" if kind == "sync" else "async get_data"
    first, second = messages_of([b"a", b"b"])
    answer = reader.send(way, [{"type": "http.trailers"}, first, {"type": "http.new"}, second], CHUNKED)
    assert (answer.status, reader.read) == (200, [b"ab"])


def test_messages_without_optional_keys(app: Flask, kind: str) -> None:
    reader = Reader(app.config["ASGI_SYNC"])
    way = "get_data" if kind == "sync" else "async get_data"
    answer = reader.send(way, [{"type": "http.request", "more_body": True}, {"type": "http.request"}], CHUNKED)
    assert (answer.status, reader.read) == (200, [b""])


@pytest.mark.parametrize("size", [10, 700_000, 2_000_000])
def test_forms_and_files(app: Flask, kind: str, size: int) -> None:
    file = FileStorage(io.BytesIO(b"f" * size), "data.bin", "file")
    boundary, body = encode_multipart({"name": "Ada", "file": file})
    seen: list[t.Any] = []
    files: list[FileStorage] = []

    def look() -> str:
        files.append(request.files["file"])
        seen.append((request.form["name"], files[-1].filename, len(files[-1].read())))
        return "seen"

    app.add_url_rule("/", "look", of_kind(kind, look), methods=["POST"])
    headers = [length_of([body]), (b"content-type", f"multipart/form-data; boundary={boundary}".encode())]
    parts = [body[start : start + 40_001] for start in range(0, len(body), 40_001)]
    # The first request of an application does not go the short way.
    assert [serve(app, scope_for("/", "POST", headers), parts).status for _ in range(2)] == [200, 200]
    assert seen == [("Ada", "data.bin", size)] * 2
    assert all(file.stream.closed for file in files)


@pytest.mark.parametrize(
    ("setting", "fields"),
    [("MAX_FORM_MEMORY_SIZE", {"a": "x" * 101}), ("MAX_FORM_PARTS", {str(number): "" for number in range(101)})],
)
def test_the_limits_of_forms(app: Flask, kind: str, setting: str, fields: dict[str, str]) -> None:
    boundary, body = encode_multipart(fields)

    def look() -> str:
        return str(len(request.form))

    app.add_url_rule("/", "look", of_kind(kind, look), methods=["POST"])
    headers = [length_of([body]), (b"content-type", f"multipart/form-data; boundary={boundary}".encode())]
    assert serve(app, scope_for("/", "POST", headers), [body]).status == 200
    app.config[setting] = 100
    assert serve(app, scope_for("/", "POST", headers), [body]).status == 413


@given(value=values, cut=st.integers(1, 9))
@settings(max_examples=15, deadline=None)
@pytest.mark.parametrize("placing", ["thread", "inline"])
def test_json_in_an_async_view(placing: str, value: t.Any, cut: int) -> None:
    app = Flask(__name__)
    app.config["ASGI_SYNC"] = placing
    seen = []

    @app.post("/")
    async def view() -> str:
        seen.append(request.json)
        return "seen"

    body = json.dumps(value).encode()
    parts = [body[start : start + cut] for start in range(0, len(body), cut)]
    headers = [length_of(parts), (b"content-type", b"application/json")]
    assert serve(app, scope_for("/", "POST", headers), parts).status == 200
    assert seen == [value]


def test_unrouted_requests_receive_no_body(app: Flask, kind: str) -> None:
    """A 404, 405, redirect and OPTIONS are answered before the first byte came."""
    app.add_url_rule("/get", view_func=of_nothing, endpoint="get")
    app.add_url_rule("/slash/", view_func=of_nothing, endpoint="slash", methods=["GET", "POST"])
    if kind == "async":
        app.before_request(of_nothing)
    statuses = []
    for path, method in [("/none", "POST"), ("/get", "POST"), ("/slash", "GET"), ("/get", "OPTIONS")]:
        scope = scope_for(path, method, [(b"content-length", b"5")])
        statuses.append(serve(app, scope, [AssertionError("received")]).status)
    assert statuses == [404, 405, 308, 200]


async def of_nothing() -> None:
    """A hook that does nothing."""


def test_body_chunks_come_as_they_are_sent(app: Flask) -> None:
    """With ``stream_body=True`` a chunk is there before the next one was sent."""
    answers: list[bytes] = []
    more = asyncio.Event()

    @app.post("/", stream_body=True)
    async def view() -> str:
        async for chunk in request.body:
            answers.append(chunk)
            more.set()
        return "read"

    async def scenario() -> Answer:
        first, second = messages_of([b"one", b"two"])
        return await Exchange(app, scope_for("/", "POST", [CHUNKED]), [first, more, second]).start().finish()

    assert run(scenario(), app).status == 200
    assert answers == [b"one", b"two"]


def test_a_body_that_is_read_on_after_the_answer_began(app: Flask) -> None:
    """What comes in can go out again while more comes."""

    @app.post("/", stream_body=True)
    async def view() -> t.Any:
        async def upper() -> t.AsyncIterator[bytes]:
            async for chunk in request.body:
                yield chunk.upper()

        return stream_with_context(upper())

    assert serve(app, scope_for("/", "POST", [CHUNKED]), [b"one", b"two", b"three"]).body == b"ONETWOTHREE"


def test_leaving_a_streamed_body_half_read(app: Flask) -> None:
    @app.post("/", stream_body=True)
    async def view() -> str:
        async for chunk in request.body:
            return chunk.decode()
        return "nothing"

    answer = serve(app, scope_for("/", "POST", [CHUNKED]), [b"one", b"two"])
    assert (answer.status, answer.text) == (200, "one")


def test_blocking_on_a_body_is_refused_on_the_loop(app: Flask) -> None:
    """It would wait forever: the one who receives is the one who waits."""

    @app.post("/", stream_body=True)
    async def view() -> str:
        return request.get_data(as_text=True)

    app.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(RuntimeError, match=r"async for chunk in request\.body"):
        serve(app, scope_for("/", "POST", [CHUNKED]), [b"one"])


# Where nobody takes part but the view, most bodies are read without an environment: each use of one must tell the same.

#: What a view may do with a request, one after another.
USES: dict[str, t.Callable[[], t.Any]] = {
    "json": lambda: request.get_json(),
    "silent json": lambda: request.get_json(silent=True),
    "forced json": lambda: request.get_json(force=True),
    "json that is not kept": lambda: request.get_json(cache=False),
    "data": lambda: request.data,
    "get_data": lambda: request.get_data(),
    "data that is not kept": lambda: request.get_data(cache=False),
    "text": lambda: request.get_data(as_text=True),
    "form": lambda: list(request.form.items(multi=True)),
    "values": lambda: list(request.values.items(multi=True)),
    "files": lambda: list(request.files),
    "stream": lambda: request.stream.read(3),
    "input": lambda: (request.environ["wsgi.input"].tell(), request.environ["wsgi.input"].read(2)),
    "environ": lambda: request.environ["CONTENT_LENGTH"],
    "type": lambda: (request.mimetype, request.mimetype_params, request.content_type, request.content_length),
    "is_json": lambda: request.is_json,
    "headers": lambda: request.headers.get("Content-Type"),
    "limit": lambda: setattr(request, "max_content_length", 8),
}
KINDS = ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/problem+json"]
KINDS += ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8", "text/plain", ""]
BODIES = [b"", b'{"a": [1, "\xc3\xbc"]}', b"{", b"[1] x", b"\xff", b"a=1&b=2&a=3", b"a=%C3%BC+b", b"a", b"a=%"]


def use(uses: list[str]) -> list[t.Any]:
    """Do all of it, and tell what came of it."""
    seen: list[t.Any] = []
    for name in uses:
        try:
            seen.append(USES[name]())
        except Exception as error:
            seen.append((type(error).__name__, getattr(error, "description", None)))
    return seen


@given(
    uses=st.lists(st.sampled_from(sorted(USES)), min_size=1, max_size=4),
    kind=st.sampled_from(KINDS),
    body=st.sampled_from(BODIES),
    cut=st.sampled_from([0, 0, 0, 3]),
    difference=st.sampled_from([0, 0, 0, -1, 2]),
    limit=st.sampled_from([None, None, 4, 100]),
)
@example(uses=["json", "input", "stream"], kind=KINDS[0], body=BODIES[1], cut=0, difference=0, limit=None)
@example(uses=["form", "input", "data"], kind=KINDS[4], body=BODIES[5], cut=0, difference=0, limit=None)
@example(uses=["input", "get_data", "json"], kind=KINDS[0], body=BODIES[1], cut=0, difference=0, limit=None)
@example(uses=["limit", "json", "input"], kind=KINDS[0], body=BODIES[1], cut=0, difference=0, limit=None)
@settings(max_examples=150, deadline=None)
def test_a_view_alone_reads_what_others_read(
    uses: list[str], kind: str, body: bytes, cut: int, difference: int, limit: int | None
) -> None:
    """It is the same with an environment that was made before the view, as a header that comes twice has it."""
    found = []
    chunks = [body] if not cut else [body[start : start + cut] for start in range(0, len(body), cut)] or [b""]
    headers = [(b"content-length", str(max(len(body) + difference, 0)).encode())]
    headers += [(b"content-type", kind.encode())] if kind else []
    for more in ([], [(b"x-twice", b"1"), (b"x-twice", b"2")]):
        app = Flask(__name__)
        app.config["MAX_CONTENT_LENGTH"] = limit

        @app.post("/")
        async def view() -> dict[str, t.Any]:
            return {"seen": repr(use(uses))}

        answers = [serve(app, scope_for("/", "POST", [*headers, *more]), chunks) for _ in range(2)]
        found.append([(answer.status, answer.body) for answer in answers])
    assert found[0] == found[1]


@pytest.mark.parametrize("script", [[DISCONNECT], [dict(messages_of([b"he"])[0], more_body=True), DISCONNECT]])
def test_a_disconnect_before_a_view_alone(script: list[t.Any]) -> None:
    app = Flask(__name__)
    seen: list[bytes] = []

    @app.post("/")
    async def view() -> str:
        seen.append(request.get_data())
        return "read"

    headers = [(b"content-length", b"5")]
    assert serve(app, scope_for("/", "POST", headers), [b"hello"]).text == "read"
    for _ in range(2):
        assert serve(app, scope_for("/", "POST", headers), script).messages == []
    assert seen == [b"hello"]


def test_a_hook_that_comes_while_the_body_does() -> None:
    """Who takes part is asked when the body is there."""
    app = Flask(__name__)
    calls: list[str] = []

    @app.post("/")
    async def view() -> str:
        calls.append("view")
        return request.get_data(as_text=True)

    headers = [(b"content-length", b"5")]
    serve(app, scope_for("/", "POST", headers), [b"hello"])
    calls.clear()
    come = asyncio.Event()

    async def scenario() -> Answer:
        exchange = Exchange(app, scope_for("/", "POST", headers), [come, *messages_of([b"hello"])]).start()
        await asyncio.sleep(0.01)
        app.before_request_funcs.setdefault(None, []).append(lambda: calls.append("hook"))
        come.set()
        return await exchange.finish()

    assert run(scenario(), app).text == "hello"
    assert calls == ["hook", "view"]


@pytest.mark.parametrize("length", [b"11", b"10"])
def test_the_limit_of_a_view_alone(length: bytes) -> None:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 10

    @app.post("/")
    async def view() -> str:
        return request.get_data(as_text=True)

    headers = [(b"content-length", length)]
    serve(app, scope_for("/", "POST", [(b"content-length", b"1")]), [b"a"])
    script = [b"x" * 10] if length == b"10" else [AssertionError("received")]
    assert serve(app, scope_for("/", "POST", headers), script).status == (200 if length == b"10" else 413)


def test_a_request_class_of_the_programs_own() -> None:
    """What it overrides has its say."""

    class OtherRequest(Request):
        def get_data(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            return b'["other"]'

    app = Flask(__name__)
    app.request_class = OtherRequest

    @app.post("/")
    async def view() -> t.Any:
        return request.get_json()

    headers = [(b"content-length", b"2"), (b"content-type", b"application/json")]
    for _ in range(2):
        assert json.loads(serve(app, scope_for("/", "POST", headers), [b"[]"]).body) == ["other"]
