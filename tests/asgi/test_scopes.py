"""Scopes as servers hand them over, and as none should: a request, or a refusal, and never an exception."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask import Flask, request, url_for

from .server import Exchange, Header, Message, of_kind, run, scope_for, serve

#: What the specification calls optional.
OPTIONAL = ["scheme", "raw_path", "query_string", "root_path", "client", "server", "extensions", "state", "asgi"]


def show() -> dict[str, t.Any]:
    """What a view knows of the request."""
    return {
        **{name: getattr(request, name) for name in ("method", "path", "root_path", "scheme", "host", "full_path")},
        **{name: getattr(request, name) for name in ("url", "base_url", "remote_addr", "server", "script_root")},
        "args": request.args.to_dict(flat=False),
        "headers": list(request.headers),
        "protocol": request.environ["SERVER_PROTOCOL"],
    }


@pytest.fixture
def shown(app: Flask, kind: str) -> Flask:
    """An application that shows any request."""
    app.add_url_rule("/", "root", of_kind(kind, show), methods=["GET", "POST", "DELETE"])
    app.add_url_rule("/<path:path>", "any", of_kind(kind, lambda path: {**show(), "rest": path}))
    return app


def look(app: Flask, scope: Message) -> dict[str, t.Any]:
    answer = serve(app, scope)
    assert answer.status == 200, answer.text
    found: dict[str, t.Any] = json.loads(answer.body)
    return found


def without(*names: str, **others: t.Any) -> Message:
    scope = scope_for(**others)
    for name in names:
        scope.pop(name, None)
    return scope


# What is missing


@pytest.mark.parametrize("name", OPTIONAL)
def test_an_optional_key_that_is_missing(shown: Flask, name: str) -> None:
    found = look(shown, without(name, path="/a?b=c"))
    assert found["path"] == "/a"
    assert found["args"] == ({} if name == "query_string" else {"b": ["c"]})


def test_the_shortest_scope(shown: Flask) -> None:
    found = look(shown, {"type": "http", "method": "GET", "path": "/", "headers": []})
    assert (found["method"], found["path"], found["scheme"], found["protocol"]) == ("GET", "/", "http", "HTTP/1.1")
    assert (found["remote_addr"], found["server"]) == (None, None)


@pytest.mark.parametrize("name", ["client", "server", "extensions", "state", "raw_path", "root_path"])
def test_a_key_that_is_none(shown: Flask, name: str) -> None:
    assert look(shown, scope_for("/a", **{name: None}))["path"] == "/a"


def test_keys_that_nobody_knows(shown: Flask) -> None:
    scope = scope_for("/a", future=object(), state={}, extensions={"http.response.new": {}})
    scope["app"] = "some middleware's"
    assert look(shown, scope)["path"] == "/a"


def test_a_scope_is_left_as_it_is(shown: Flask) -> None:
    """Middleware and the server look at it after the request."""
    scope = scope_for("/a?b=c", root_path="/root", headers=[(b"x-name", b"value")])
    before = {key: list(value) if isinstance(value, list) else value for key, value in scope.items()}
    look(shown, scope)
    assert scope == before


# The connection


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (("127.0.0.1", 8000), ["127.0.0.1", 8000]),
        (["127.0.0.1", 8000], ["127.0.0.1", 8000]),
        (("/run/app.sock", None), ["/run/app.sock", None]),
        (("/run/app.sock",), ["/run/app.sock", None]),
        (("::1", 8000, 0, 0), ["::1", 8000]),
        ((), None),
        (None, None),
    ],
)
def test_addresses_of_servers(shown: Flask, server: t.Any, expected: t.Any) -> None:
    found = look(shown, scope_for(server=server))
    assert (found["server"], found["host"]) == (expected, "shop.example")


@pytest.mark.parametrize(
    ("client", "expected"),
    [(("10.0.0.1", 5), "10.0.0.1"), (["::1", 5], "::1"), (("", 0), ""), ((), None), (None, None)],
)
def test_addresses_of_clients(shown: Flask, client: t.Any, expected: str | None) -> None:
    """Some servers have an empty one for a Unix socket."""
    assert look(shown, scope_for(client=client))["remote_addr"] == expected


@pytest.mark.parametrize("version", ["1.0", "1.1", "2", "2.0", "3"])
def test_versions_of_http(shown: Flask, version: str) -> None:
    assert look(shown, scope_for(http_version=version))["protocol"] == f"HTTP/{version}"


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS", ""])
def test_schemes(shown: Flask, scheme: str) -> None:
    assert serve(shown, scope_for(scheme=scheme)).status == 200


@pytest.mark.parametrize("method", ["GET", "get", "PROPFIND", "M-SEARCH", "X" * 1000, "", "GÉT"])
def test_methods(shown: Flask, method: str) -> None:
    assert serve(shown, scope_for(method=method)).status in (200, 405)


def test_an_unknown_type_of_scope(app: Flask) -> None:
    """As the specification asks, it is an error that the server learns of."""
    with pytest.raises(ValueError, match="'webtransport'"):
        serve(app, scope_for(type="webtransport"))


def test_lifespan(app: Flask) -> None:
    async def scenario() -> list[str]:
        script = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
        exchange = Exchange(app, {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, script).start()
        await exchange.task
        return [message["type"] for message in exchange.sent]

    assert run(scenario(), app) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


# The path


@pytest.mark.parametrize(
    ("root", "path", "expected"),
    [
        ("", "/a", ("", "/a")),
        ("/root", "/root/a", ("/root", "/a")),  # as the specification has it
        ("/root", "/a", ("/root", "/a")),  # as some servers have it
        ("/root/", "/root/a", ("/root", "/a")),
        ("/root", "/root/", ("/root", "/")),
        ("/root", "/rooted/a", ("/root", "/rooted/a")),
        ("/root", "/root/root/a", ("/root", "/root/a")),
        ("/bücher", "/bücher/ä", ("/bücher", "/ä")),
        ("/", "/a", ("", "/a")),
    ],
)
def test_roots(shown: Flask, root: str, path: str, expected: tuple[str, str]) -> None:
    found = look(shown, scope_for(path, root_path=root, raw_path=path.encode()))
    assert (found["root_path"], found["path"]) == expected


def test_the_root_itself(shown: Flask) -> None:
    """Without its slash it is redirected, as by WSGI."""
    answer = serve(shown, scope_for("/root", root_path="/root"))
    assert (answer.status, answer.headers["Location"]) == (308, "http://shop.example/root/")


def test_urls_below_a_root(app: Flask) -> None:
    app.add_url_rule("/here", "here", lambda: url_for("here"))
    assert serve(app, scope_for("/root/here", root_path="/root")).text == "/root/here"


def test_a_prefix_that_a_proxy_tells(shown: Flask) -> None:
    """It is put before the path, and nothing is taken off that, as by WSGI."""
    shown.config["TRUSTED_PROXIES"] = {"x_prefix": 1}
    scope = scope_for("/a/b", headers=[(b"x-forwarded-prefix", b"/a")])
    found = look(shown, scope)
    assert (found["root_path"], found["path"]) == ("/a", "/a/b")
    by_wsgi = shown.test_client(protocol="wsgi").get("/a/b", headers={"X-Forwarded-Prefix": "/a"}).json
    assert (by_wsgi["root_path"], by_wsgi["path"]) == ("/a", "/a/b")


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/caf%C3%A9", "/café"),
        (b"/caf\xc3\xa9", "/café"),
        (b"/a%2Fb", "/a/b"),
        (b"/%E2%82%AC?x=1", "/€"),
        (b"/a%20b+c", "/a b+c"),
        (b"//double", "//double"),
        (b"/%00", "/\x00"),
        (b"/%0A%0D", "/\n\r"),
    ],
)
def test_odd_paths(shown: Flask, raw: bytes, path: str) -> None:
    answer = serve(shown, scope_for(raw_path=raw) | {"path": path})
    assert answer.status in (200, 308)


@pytest.mark.parametrize("raw", [b"/%FF", b"/caf%E9", b"/%C3", b"/a%ED%A0%80", b"/\xff"])
def test_a_path_that_is_no_utf_8(shown: Flask, raw: bytes) -> None:
    """As by WSGI, it is refused; that it was invalid is to be seen from the raw path only."""
    path = unquote_to_bytes(raw).decode("utf-8", "replace")
    assert serve(shown, scope_for(raw_path=raw) | {"path": path}).status == 400


def test_the_mark_itself_in_a_path(shown: Flask) -> None:
    """U+FFFD, which stands for what could not be decoded, may also be what the client sent."""
    found = look(shown, scope_for(raw_path=b"/%EF%BF%BD") | {"path": "/\ufffd"})
    assert found["rest"] == "\ufffd"


@pytest.mark.parametrize("path", ["", "no-slash", "*", "http://other.example/a", "/\udcff", "/" + "a" * 100_000])
def test_paths_that_no_server_should_hand_over(shown: Flask, path: str) -> None:
    answer = serve(shown, without("raw_path") | {"path": path})
    assert answer.status is not None
    assert answer.status < 500


# The query


@pytest.mark.parametrize(
    "query", [b"a=%FF", b"a=\xff&b=\xc3\xa9", b"&&=&", b"a=1&a=2", b"%", b"\x00", b"?a=b", b"a" * 100_000, b"a;b=c"]
)
def test_odd_queries(shown: Flask, query: bytes) -> None:
    answer = serve(shown, scope_for(query_string=query))
    assert answer.status in (200, 400)


def test_a_query_of_utf_8(shown: Flask) -> None:
    assert look(shown, scope_for(query_string="é=ü".encode()))["args"] == {"é": ["ü"]}


# Headers


def received(app: Flask, headers: list[Header], **others: t.Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in look(app, scope_for(headers=headers, **others))["headers"]:
        found.setdefault(name, []).append(value)
    return found


def test_headers_that_come_twice(shown: Flask) -> None:
    """Values are joined as servers join them for WSGI."""
    headers = [(b"x-name", b"1"), (b"cookie", b"a=b"), (b"x-name", b"2"), (b"cookie", b"c=d"), (b"accept", b"*/*")]
    found = received(shown, headers)
    assert found["Cookie"] == ["a=b; c=d"]
    assert [value.replace(" ", "") for value in found["X-Name"]] == ["1,2"]


def test_cookies_over_several_headers(app: Flask, kind: str) -> None:
    """HTTP/2 allows that."""
    app.add_url_rule("/", "view", of_kind(kind, lambda: dict(request.cookies)))
    answer = serve(app, scope_for(headers=[(b"cookie", b"a=1"), (b"cookie", b"b=2; c=3")], http_version="2"))
    assert answer.text.strip() == '{"a":"1","b":"2","c":"3"}'


@pytest.mark.parametrize("header", ["x_forwarded_for", "x_name", "content_length", "content_type", "transfer_encoding"])
def test_a_name_with_an_underscore(app: Flask, kind: str, header: str) -> None:
    """It must not pass for the header with hyphens, which a proxy has checked or set."""

    def view() -> dict[str, t.Any]:
        name = header.replace("_", "-")
        key = header.upper() if header.startswith("content") else f"HTTP_{header.upper()}"
        return {
            "value": request.headers.get(name),
            "listed": [name for name, _ in request.headers],
            "environ": [request.environ.get(key), request.environ.get(f"HTTP_{header.upper()}")],
            "length": request.content_length,
        }

    app.add_url_rule("/", "view", of_kind(kind, view), methods=["GET", "POST"])
    found = json.loads(serve(app, scope_for(method="POST", headers=[(header.encode(), b"5")])).body)
    assert found == {"value": None, "listed": ["Host"], "environ": [None, None], "length": None}
    real = header.replace("_", "-").encode()
    if real == b"x-name":
        headers = [(real, b"right"), (header.encode(), b"wrong")]
        assert json.loads(serve(app, scope_for(headers=headers)).body)["value"] == "right"


def test_a_body_needs_its_real_header(app: Flask, kind: str) -> None:
    """With a faked Content-Length alone there is no body."""
    app.add_url_rule("/", "view", of_kind(kind, lambda: request.get_data()), methods=["POST"])
    answer = serve(app, scope_for(method="POST", headers=[(b"content_length", b"5")]), [b""])
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("value", [b"caf\xe9", b"caf\xc3\xa9", b"\xff\xfe", b"", b"a\tb", b"x" * 100_000])
def test_values_of_any_bytes(shown: Flask, value: bytes) -> None:
    assert received(shown, [(b"x-name", value)])["X-Name"] == [value.decode("latin-1")]


def test_names_in_capitals(shown: Flask) -> None:
    """The specification has them in lower case; a server that does not is understood, or at least not failed."""
    assert serve(shown, scope_for(headers=[(b"X-Name", b"1"), (b"Content-Type", b"text/plain")])).status == 200


@pytest.mark.parametrize("name", [b"", b"x\xe9", b"x y", b"\xff"])
def test_names_of_any_bytes(shown: Flask, name: bytes) -> None:
    assert serve(shown, scope_for(headers=[(name, b"1")])).status in (200, 400)


@pytest.mark.parametrize("headers", [(), iter(()), [[b"x-name", b"1"]]])
def test_headers_in_other_containers(shown: Flask, headers: t.Any) -> None:
    """The specification asks for an iterable of iterables."""
    assert serve(shown, scope_for() | {"headers": headers}).status == 200


@pytest.mark.parametrize("host", [b"", b"a b", b"a/b", b"user@host", b"host:port", b"h\xf6st", b"[::1]:80", b"a,b"])
def test_odd_hosts(shown: Flask, host: bytes) -> None:
    assert serve(shown, scope_for() | {"headers": [(b"host", host)]}).status in (200, 400)


def test_no_host(shown: Flask) -> None:
    """HTTP/1.0 has none: the address of the server stands for it."""
    found = look(shown, scope_for(http_version="1.0", server=("10.0.0.1", 8000)) | {"headers": []})
    assert found["host"] == "10.0.0.1:8000"


# Anything

octets = st.binary(max_size=12)
addresses = st.one_of(st.none(), st.tuples(st.text(max_size=9), st.one_of(st.none(), st.integers(0, 65535))))
names = st.sampled_from(
    [b"host", b"cookie", b"content-length", b"content-type", b"transfer-encoding", b"expect", b"x-name", b"x_name",
     b"authorization", b"accept", b"range", b"if-none-match", b"content_length", b"upgrade", b"origin"]
)  # fmt: skip
scopes = st.fixed_dictionaries(
    {
        "type": st.just("http"),
        "method": st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "BREW"]),
        "path": st.text(max_size=12).map(lambda path: "/" + path),
        "headers": st.lists(st.tuples(st.one_of(names, octets.map(bytes.lower)), octets), max_size=6),
    },
    optional={
        "asgi": st.just({"version": "3.0"}),
        "http_version": st.sampled_from(["1.0", "1.1", "2", "3"]),
        "scheme": st.sampled_from(["http", "https"]),
        "raw_path": st.one_of(st.none(), octets),
        "query_string": octets,
        "root_path": st.one_of(st.none(), st.text(max_size=6)),
        "client": addresses,
        "server": addresses,
        "extensions": st.sampled_from([None, {}, {"http.response.pathsend": {}}]),
    },
)


@pytest.mark.parametrize("placing", ["thread", "inline"])
@given(scope=scopes, script=st.lists(octets, min_size=1, max_size=3), is_async=st.booleans())
@settings(max_examples=80, deadline=None)
def test_no_scope_is_an_error(placing: str, scope: Message, script: list[bytes], is_async: bool) -> None:
    """Whatever a client can put into a request, it is answered, and never by 500."""
    app = Flask(__name__)
    app.config.update(ASGI_SYNC=placing, SECRET_KEY="test key")

    def read() -> dict[str, t.Any]:
        return {**show(), "body": len(request.get_data()), "form": len(request.form), "cookies": len(request.cookies)}

    app.add_url_rule("/", "root", of_kind("async" if is_async else "sync", read), methods=["GET", "POST"])
    app.add_url_rule("/<path:path>", "any", of_kind("sync", lambda path: read()), methods=["GET", "POST"])
    app.config["PROPAGATE_EXCEPTIONS"] = True
    answer = serve(app, scope, script)
    assert answer.status is not None
    assert answer.status < 500


def test_a_redirect_with_a_line_break_in_the_query_string() -> None:
    """Servers refuse one as a rule; in the header it would begin another."""
    app = Flask(__name__)
    app.add_url_rule("/shop/", view_func=lambda: "", endpoint="shop")
    answer = serve(app, scope_for("/shop", query_string=b"a=1\r\nX-Own: 1"))
    assert (answer.status, answer.headers["Location"]) == (308, "http://shop.example/shop/?a=1%0D%0AX-Own:%201")
    assert "X-Own" not in answer.headers
