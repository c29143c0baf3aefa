"""What a view may return, and what is made of it; cookies, headers, and other classes of responses."""

from __future__ import annotations

import collections
import datetime
import io
from typing import Any

from asking import Request, ask, get
from markupsafe import Markup
from observing import note, outcome, plain
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from flask import Flask, Response, current_app, jsonify, make_response, request

VARIANTS: dict[str, dict[str, Any]] = {"": {}, "debug": {"DEBUG": True}, "trapped": {"TRAP_HTTP_EXCEPTIONS": True}}


def small_wsgi_app(environ: Any, start_response: Any) -> Any:
    write = start_response("202 Fine", [("X-Wsgi", environ["PATH_INFO"]), ("Content-Type", "text/x-wsgi")])
    write(b"written ")
    return [b"returned"]


def generator() -> Any:
    note("begins")
    yield "a"
    yield "b"
    note("ends")


class OwnStr(str):
    pass


class OwnResponse(Response):
    default_mimetype = "text/x-own"
    default_status = 206


class Closing(io.BytesIO):
    def close(self) -> None:
        note("file closed")
        super().close()


VALUES: dict[str, Any] = {
    "text": lambda: "text é",
    "empty": lambda: "",
    "bytes": lambda: b"\xff",
    "bytearray": lambda: bytearray(b"array"),
    "memoryview": lambda: memoryview(b"view"),
    "markup": lambda: Markup("<b>"),
    "own-text": lambda: OwnStr("own"),
    "none": lambda: None,
    "nothing": lambda: (),
    "true": lambda: True,
    "zero": lambda: 0,
    "number": lambda: 200,
    "float": lambda: 1.5,
    "dict": lambda: {"a": 1},
    "empty-dict": dict,
    "own-dict": lambda: collections.OrderedDict(b=1, a=2),
    "list": lambda: [1, "two"],
    "empty-list": list,
    "set": lambda: {1},
    "generator": generator,
    "iterator": lambda: iter(["x", "y"]),
    "bytes-iterator": lambda: iter([b"x", b"y"]),
    "map": lambda: map(str, [1, 2]),
    "range": lambda: range(3),
    "file": lambda: Closing(b"line 1\nline 2"),
    "response": lambda: Response("response", 201, {"X-Own": "1"}),
    "own-response": lambda: OwnResponse("own"),
    "werkzeug-response": lambda: WerkzeugResponse("werkzeug", mimetype="text/x-werkzeug"),
    "exception": lambda: NotFound("returned"),
    "wsgi": lambda: small_wsgi_app,
    "class": lambda: Response,
    "function": lambda: generator,
    "object": object,
    "status": lambda: ("body", 202),
    "status-text": lambda: ("body", "202 Own words"),
    "status-bare": lambda: ("body", "202"),
    "status-unknown": lambda: ("body", 599),
    "status-enum": lambda: ("body", __import__("http").HTTPStatus.CREATED),
    "status-none": lambda: ("body", None),
    "status-bad": lambda: ("body", "many words"),
    "status-empty": lambda: ("body", ""),
    "status-float": lambda: ("body", 201.5),
    "status-zero": lambda: ("body", 0),
    "headers": lambda: ("body", {"X-A": "1", "Content-Type": "text/x"}),
    "headers-list": lambda: ("body", [("X-A", "1"), ("X-A", "2")]),
    "headers-dict-of-lists": lambda: ("body", {"X-A": ["1", "2"]}),
    "headers-tuple": lambda: ("body", (("X-A", "1"),)),
    "headers-object": lambda: ("body", Headers({"X-A": "1"})),
    "headers-none": lambda: ("body", 201, None),
    "headers-number": lambda: ("body", {"X-A": 1}),
    "headers-newline": lambda: ("body", {"X-A": "a\nb"}),
    "headers-unicode": lambda: ("body", {"X-A": "é€"}),
    "all": lambda: ("body", 202, {"X-A": "1"}),
    "all-list": lambda: ("body", 202, [("X-A", "1")]),
    "wrong-order": lambda: ("body", {"X-A": "1"}, 202),
    "one": lambda: ("body",),
    "four": lambda: ("body", 200, {}, "text/x"),
    "none-body": lambda: (None, 204),
    "dict-status": lambda: ({"a": 1}, 201),
    "list-status": lambda: ([1], 201, {"X-A": "1"}),
    "response-status": lambda: (Response("r", 200, {"X-A": "0", "X-B": "0"}), 418, {"X-A": "1"}),
    "response-headers": lambda: (Response("r", headers={"X-A": "0"}), [("X-A", "1"), ("X-A", "2")]),
    "exception-status": lambda: (NotFound(), 418),
    "wsgi-status": lambda: (small_wsgi_app, 418),
    "generator-status": lambda: (generator(), 206, {"X-A": "1"}),
    "jsonify-status": lambda: (jsonify(1), 201),
    "nested": lambda: (("body", 201), 202),
    "bytes-status": lambda: (b"body", 201),
    "no-content": lambda: ("body", 204),
    "not-modified": lambda: ("body", 304),
    "informational": lambda: ("body", 102),
    "reset": lambda: ("body", 205),
    "location": lambda: ("", 201, {"Location": "/relative?ü"}),
    "content-location": lambda: ("", {"Content-Location": "relative"}),
    "length": lambda: ("body", {"Content-Length": "2"}),
    "type": lambda: ("body", {"content-type": "text/plain"}),
}
MAKERS: dict[str, Any] = {
    "make-nothing": lambda: make_response(),
    "make-text": lambda: make_response("text"),
    "make-several": lambda: make_response("text", 201, {"X-A": "1"}),
    "make-none": lambda: make_response(None),
    "make-tuple": lambda: make_response(("text", 201)),
    "make-again": lambda: make_response(make_response("text"), 201),
    "app-make": lambda: current_app.make_response(("text", 201)),
    "app-make-none": lambda: current_app.make_response(None),
}


def cookies() -> Any:
    response = make_response("cookies")
    response.set_cookie("plain", "value")
    response.set_cookie("all", "ü x", 60, datetime.datetime(2030, 1, 1), "/p", "example.org", True, True, "lax", True)
    response.set_cookie("age", max_age=datetime.timedelta(minutes=1))
    response.set_cookie("quoted", 'a"b;c,d')
    response.delete_cookie("gone", path="/p", domain="example.org")
    return response


def attributes() -> Any:
    response = make_response("attributes")
    response.mimetype = "text/plain"
    response.last_modified = datetime.datetime(2024, 1, 1)
    response.set_etag("tag")
    response.cache_control.max_age = 60
    response.vary.add("Accept")
    response.content_language = "de"
    response.headers["X-Own"] = "1"
    response.access_control_allow_origin = "*"
    return response.make_conditional(request)


def changed() -> Any:
    response = Response(["a", "b"], mimetype="text/plain")
    response.data = b"changed"
    response.status = "499 Own"
    return response


def streamed() -> Any:
    response = Response(generator(), mimetype="text/event-stream")
    response.call_on_close(lambda: note("called on close"))
    return response


def frozen() -> Any:
    response = Response(generator())
    response.freeze()
    return response


def written() -> Any:
    response = Response()
    response.stream.write("written ")
    response.stream.write("twice")
    return response


SPECIAL: dict[str, Any] = {
    "cookies": cookies,
    "attributes": attributes,
    "changed": changed,
    "streamed": streamed,
    "frozen": frozen,
    "written": written,
    "no-implicit": lambda: Response(iter(["a"]), direct_passthrough=True),
    "charset": lambda: Response("é", content_type="text/plain; charset=latin-1"),
    "json-type": lambda: Response("é", mimetype="application/json"),
    "no-type": lambda: Response("x", content_type=None),
    "json": lambda: {"json": Response('{"a": 1}', mimetype="application/json").json},
    "list-headers": lambda: Response("x", headers=[("X-A", "1"), ("X-A", "2")]),
    "max-cookie-size": lambda: str(Response().max_cookie_size),
}
ALL = VALUES | MAKERS | SPECIAL


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(config)
    app.add_url_rule("/<name>", "view", lambda name: ALL[name]())
    app.teardown_request(lambda exc: note("teardown", exc))
    return app


VISITS: list[Request | list[Request]] = [
    *(get(f"/{name}") for name in ALL),
    *(ask("HEAD", f"/{name}") for name in ALL),
    *(get(f"/{name}", stop_after=1) for name in ("generator", "file", "streamed", "map", "text")),
    get("/attributes", headers={"If-None-Match": '"tag"'}),
    get("/attributes", headers={"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}),
]


def probe_response_class() -> Any:
    """An application with a class of responses of its own."""
    app = Flask(__name__)
    app.response_class = OwnResponse
    app.add_url_rule("/text", "text", lambda: "text")
    app.add_url_rule("/dict", "dict", lambda: {"a": 1})
    app.add_url_rule("/plain", "plain", lambda: Response("plain"))
    app.add_url_rule("/tuple", "tuple", lambda: ("x", 200))
    app.add_url_rule("/make", "make", lambda: make_response("made"))
    client = app.test_client()
    paths = ("/text", "/dict", "/plain", "/tuple", "/make", "/missing")
    return {
        path: [(answer := client.get(path)).status, answer.mimetype, type(answer).__mro__[1].__name__] for path in paths
    }


def probe_make_response_overridden() -> Any:
    """An application that makes responses of other things as well."""

    class Own(Flask):
        def make_response(self, rv: Any) -> Any:
            note("make", rv)
            return super().make_response("number" if rv == 7 else rv)

    app = Own(__name__)
    app.add_url_rule("/seven", "seven", lambda: 7)
    app.add_url_rule("/fails", "fails", lambda: 1 / 0)
    app.errorhandler(404)(lambda error: 7)
    client = app.test_client()
    return [client.get(path).text[:20] for path in ("/seven", "/fails", "/missing")]


def probe_outside() -> Any:
    """Responses that are made without a request."""
    with Flask(__name__).app_context():
        return {
            "make": outcome(lambda: make_response("x", 201).status),
            "wsgi": outcome(lambda: make_response(small_wsgi_app).status),
            "none": outcome(make_response, None),
            "response": plain([Response("x").status, Response().mimetype, Response().max_cookie_size]),
        }
