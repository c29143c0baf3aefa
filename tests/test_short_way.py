"""The short way of a request answers as the steps do: what is sent, logged and seen by others is the same, and so is
what is left behind, whatever the view does.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import logging
import re
import sys
import threading
import typing as t
import weakref

import pytest
from werkzeug.exceptions import ImATeapot, NotFound
from werkzeug.routing import BaseConverter
from werkzeug.test import EnvironBuilder
from werkzeug.utils import cached_property

import flask
from flask import Flask, Request, Response, current_app, g, request, session
from flask._activation import active
from flask.ctx import AppContext, RequestContext, _AppCtxGlobals
from flask.globals import app_ctx, request_ctx
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSessionInterface

from .asgi.server import scope_for
from .asgi.server import serve as serve_asgi

Notes = list[t.Any]
#: What a program sets up, and what its view does.
SetUp = t.Callable[[Flask, Notes], None]
View = t.Callable[[Flask, Notes], t.Any]


class Unwritable:
    """What JSON has no form for."""


def _set_taken(is_taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("flask.") and "TAKEN" in vars(module):
            monkeypatch.setattr(module, "TAKEN", is_taken)


def _without_time(header: tuple[str, str]) -> tuple[str, str]:
    """A header without what changes from second to second: the signature of a session, and when it ends."""
    name, value = header
    if name.lower() == "set-cookie":
        value = re.sub(r"Expires=[^;]*", "Expires", re.sub(r"=([^.;]*)\.[^;]*", r"=\1", value, count=1))
    return name, value


class _Log(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[t.Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.seen.append((record.levelname, record.getMessage(), repr(error)))


def by_wsgi(app: Flask, path: str = "/", start_response: t.Any = None, **options: t.Any) -> t.Any:
    """Send a request by WSGI; gives all that a server gets."""
    builder = EnvironBuilder(path, **options)
    environ = builder.get_environ()
    builder.close()
    seen: list[t.Any] = []

    def start(status: str, headers: t.Any, exc_info: t.Any = None) -> t.Any:
        seen.append((status, [_without_time(header) for header in headers]))
        if start_response is not None:
            start_response()

    try:
        body: t.Any = app.wsgi_app(environ, start)
        try:
            seen.append(b"".join(body))
        finally:
            if hasattr(body, "close"):
                body.close()
    except BaseException as error:
        seen.append(repr(error))
    seen += [("left", flask.has_request_context(), flask.has_app_context())]
    active.set(None)
    return seen


def by_asgi(app: Flask, path: str = "/", taken: t.Any = None, **options: t.Any) -> t.Any:
    """Send a request by ASGI, as a server would; gives all that the server gets."""
    builder = EnvironBuilder(path, **options)
    body, environ = builder.get_environ()["wsgi.input"].read(), builder.get_environ()
    headers = [
        (name.lower().encode(), value.encode("latin-1")) for name, value in builder.headers if name != "Content-Length"
    ]
    if body:
        headers.append((b"content-length", b"%d" % len(body)))
        if builder.content_type and "Content-Type" not in builder.headers:
            headers.append((b"content-type", builder.content_type.encode()))
    script = [body] if body else []
    builder.close()
    try:
        answer = serve_asgi(app, scope_for(path, environ["REQUEST_METHOD"], headers), script, taken=taken)
        kept = [_without_time(header) for header in answer.headers]
        return [answer.status, kept, answer.chunks, [sorted(message) for message in answer.messages]]
    except BaseException as error:
        return [repr(error)]


def outcome(
    send: t.Any, set_up: SetUp | None, do: View, is_async: bool, options: dict[str, t.Any], requests: int = 1
) -> Notes:
    """What comes of requests to a new application, with all that was noted."""
    notes: Notes = []
    app = Flask("shop")
    app.secret_key = "test key"
    log = _Log()
    app.logger.handlers, app.logger.propagate = [log], False
    if set_up is not None:
        set_up(app, notes)

    def view() -> t.Any:
        return do(app, notes)

    async def async_view() -> t.Any:
        return do(app, notes)

    methods = ["GET", "POST", "PUT"]
    app.add_url_rule("/", endpoint="index", view_func=async_view if is_async else view, methods=methods)
    app.add_url_rule("/warm", endpoint="warm", view_func=async_view if is_async else view, methods=["OPTIONS"])
    warm = functools.partial(send, app, "/warm")
    warm(method="GET")  # the first request goes another way, and the first of a host
    warm(method="OPTIONS")
    del notes[:], log.seen[:]
    answers = [send(app, **options) for _ in range(requests)]
    for signal in (flask.request_finished, flask.request_tearing_down, flask.appcontext_popped):
        signal.receivers.clear()
    return [answers, notes, log.seen]


def assert_same(
    monkeypatch: pytest.MonkeyPatch,
    do: View,
    set_up: SetUp | None = None,
    options: dict[str, t.Any] | None = None,
    by: t.Iterable[str] = ("wsgi", "asgi"),
    kinds: t.Iterable[bool] = (False, True),
) -> Notes:
    """Compare the two ways; gives what came of the last comparison."""
    short: Notes = []
    for protocol in by:
        send = by_wsgi if protocol == "wsgi" else by_asgi
        for is_async in kinds:
            found = []
            for is_taken in (True, False):
                with monkeypatch.context() as patch:
                    _set_taken(is_taken, patch)
                    found.append(outcome(send, set_up, do, is_async, options or {}))
            short, steps = found
            assert short == steps, f"{protocol}, {'async' if is_async else 'sync'}"
    return short


# -- what the view returns and raises


def _generator() -> t.Iterator[str]:
    yield "a"
    yield "b"


def _application(environ: t.Any, start_response: t.Any) -> list[bytes]:
    start_response("202 ACCEPTED", [("X-From", "within")])
    return [b"from within"]


class _Text(str):
    pass


class _Dict(dict[str, int]):
    pass


RETURNED: dict[str, t.Callable[[], t.Any]] = {
    "text": lambda: "tea",
    "text beyond ASCII": lambda: "Grüße, 茶",
    "lone surrogates": lambda: "\ud800 and \udfff",
    "no text": lambda: "",
    "text of a class": lambda: _Text("tea"),
    "bytes": lambda: b"\xff",
    "dict": lambda: {"b": 1, "a": ["\ud800", None, 1.5]},
    "empty dict": dict,
    "dict of a class": lambda: _Dict(a=1),
    "list": lambda: [1, {"a": "ä"}],
    "dict that is not written": lambda: {"a": Unwritable()},
    "dict of mixed keys": lambda: {"a": 1, 2: 3},
    "dict within itself": lambda: (lambda found: found.update(a=found) or found)({}),
    "tuple": lambda: ("made", 201, {"X-A": "1"}),
    "short tuple": lambda: ({"a": 1}, 418),
    "headers": lambda: ("x", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]),
    "bad tuple": lambda: ("x", 200, {}, 4),
    "response": lambda: Response("tea", 203, {"X-A": "ä"}),
    "no content": lambda: ("", 204),
    "redirect": lambda: flask.redirect("/ü"),
    "none": lambda: None,
    "number": lambda: 7,
    "generator": _generator,
    "wsgi application": lambda: _application,
    "not found": lambda: NotFound("nothing"),
    "jsonify": lambda: flask.jsonify(a=1),
}


@pytest.mark.parametrize("name", RETURNED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_what_is_returned(name: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_same(monkeypatch, lambda app, notes: RETURNED[name](), options={"method": method})


RAISED: dict[str, t.Callable[[], BaseException]] = {
    "http": lambda: ImATeapot("tea"),
    "another": lambda: ZeroDivisionError("by zero"),
    "key": lambda: KeyError("key"),
    "stop": lambda: StopIteration(1),
    "exit": lambda: SystemExit(3),
    "interrupt": lambda: KeyboardInterrupt(),
    "generator exit": lambda: GeneratorExit(),
    "response": lambda: NotFound(response=Response("own", 404)),
}


def _handled(app: Flask, notes: Notes) -> None:
    def handle(error: t.Any) -> t.Any:
        # The steps carry a StopIteration through their coroutines in another exception.
        notes.append((type(error), isinstance(error, StopIteration) or sys.exc_info()[1] is error))
        return "handled", 400

    app.register_error_handler(ImATeapot, handle)
    app.register_error_handler(ZeroDivisionError, handle)
    app.register_error_handler(StopIteration, handle)


def _propagated(app: Flask, notes: Notes) -> None:
    app.testing = True


def _debugged(app: Flask, notes: Notes) -> None:
    app.debug = True


def _raise(error: BaseException) -> t.NoReturn:
    raise error


@pytest.mark.parametrize("name", RAISED)
@pytest.mark.parametrize("set_up", [None, _handled, _propagated, _debugged])
def test_what_is_raised(name: str, set_up: SetUp | None, monkeypatch: pytest.MonkeyPatch) -> None:
    by = ("wsgi",) if name in ("exit", "interrupt", "generator exit") else ("wsgi", "asgi")
    assert_same(monkeypatch, lambda app, notes: _raise(RAISED[name]()), set_up, by=by)


# -- what the view touches and sets going


def _write_session(app: Flask, notes: Notes) -> str:
    session["user"] = "ada"
    return "written"


def _hook(app: Flask, notes: Notes) -> str:
    @flask.after_this_request
    def add(response: Response) -> Response:
        response.headers["X-After"] = "this"
        return response

    return "hooked"


def _register(app: Flask, notes: Notes) -> str:
    app._got_first_request = False  # as a program that comes late does it, by the registries
    app.after_request_funcs.setdefault(None, []).append(lambda response: notes.append("after") or response)
    app.teardown_request_funcs.setdefault(None, []).append(lambda error: notes.append(("request", repr(error))))
    app.teardown_appcontext_funcs.append(lambda error: notes.append(("app", repr(error), g.get("seen"))))
    g.seen = 1
    return "registered"


def _register_teardown(app: Flask, notes: Notes) -> str:
    app.teardown_appcontext_funcs.append(lambda error: notes.append(("app", repr(error))))
    return "registered"


_receivers: Notes = []


def _receive(app: Flask, notes: Notes) -> str:
    for signal in (flask.request_finished, flask.request_tearing_down, flask.appcontext_popped):

        def receive(sender: t.Any, name: str = signal.name, **kwargs: t.Any) -> None:
            notes.append((name, sender is app, flask.has_request_context(), sorted(kwargs)))

        signal.connect(receive, app, weak=False)
    return "received"


def _push_app(app: Flask, notes: Notes) -> str:
    app.app_context().push()
    return "pushed"


def _push_request(app: Flask, notes: Notes) -> str:
    app.test_request_context("/other").push()
    return "pushed"


def _push_and_pop(app: Flask, notes: Notes) -> str:
    with Flask("other").app_context():
        notes.append(current_app.name)
    with app.test_request_context("/other"):
        notes.append(request.path)
    return request.path


def _stream(app: Flask, notes: Notes) -> t.Any:
    def generate() -> t.Iterator[str]:
        yield request.path
        notes.append(flask.has_request_context())
        yield "end"

    return flask.stream_with_context(generate())


def _leave_stream(app: Flask, notes: Notes) -> str:
    def generate() -> t.Iterator[str]:
        try:
            yield request.path
            yield "end"
        finally:
            notes.append("closed")

    next(iter(flask.stream_with_context(generate())))
    return "left"


def _copy(app: Flask, notes: Notes) -> str:
    g.a = 1

    @flask.copy_current_request_context
    def work() -> None:
        notes.append((request.path, g.get("a"), session.get("x")))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return "copied"


def _nest(app: Flask, notes: Notes) -> t.Any:
    other = Flask("other")
    other.add_url_rule("/", endpoint="index", view_func=lambda: current_app.name)
    answers = []
    for _ in range(3):
        thread = threading.Thread(target=lambda: answers.append(other.test_client().get("/").text))
        thread.start()
        thread.join()
        answers.append(other.test_client(protocol="wsgi").get("/").text)
    return [*answers, current_app.name]


def _contexts(app: Flask, notes: Notes) -> t.Any:
    notes.append(app_ctx.app is app)
    g.a = 1
    with_it = app_ctx._get_current_object()
    return {"g": g.a, "same": with_it is request_ctx.app_context, "rule": str(request.url_rule)}


TOUCHED: dict[str, View] = {
    "session written": _write_session,
    "session read": lambda app, notes: str(session.get("user")),
    "session": lambda app, notes: {"session": dict(session)},
    "contexts": _contexts,
    "environment": lambda app, notes: str(request.environ["werkzeug.request"] is request._get_current_object()),
    "environment changed": lambda app, notes: request.environ.update(a=1) or "changed",
    "query": lambda app, notes: request.args.to_dict(),
    "url": lambda app, notes: [request.path, request.method, request.full_path, str(request.user_agent)],
    "url_for": lambda app, notes: flask.url_for("index", a=1),
    "flash": lambda app, notes: flask.flash("hello") or "flashed",
    "template": lambda app, notes: flask.render_template_string("{{ request.path }}{{ g.get('x') }}"),
    "template with session": lambda app, notes: flask.render_template_string("{{ session.get('x') }}"),
    "after_this_request": _hook,
    "hooks registered": _register,
    "teardown registered": _register_teardown,
    "receivers connected": _receive,
    "application context left": _push_app,
    "request context left": _push_request,
    "contexts pushed and popped": _push_and_pop,
    "stream": _stream,
    "stream left": _leave_stream,
    "context copied": _copy,
    "nested requests": _nest,
}


def _without_key(app: Flask, notes: Notes) -> None:
    app.secret_key = None


@pytest.mark.parametrize("name", TOUCHED)
@pytest.mark.parametrize("set_up", [None, _without_key, _debugged])
def test_what_is_touched(name: str, set_up: SetUp | None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_same(monkeypatch, TOUCHED[name], set_up, options={"path": "/?a=1&a=2"})


def _permanent(app: Flask) -> str:
    client = app.test_client(protocol="wsgi")
    with client.session_transaction() as opened:
        opened.permanent = True
        opened["user"] = "ada"
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def test_a_permanent_session_is_refreshed(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Flask("shop")
    app.secret_key = "test key"
    headers = {"Cookie": f"a=1; session={_permanent(app)}"}
    for do in (lambda app, notes: "untouched", TOUCHED["session"], TOUCHED["session written"]):
        (answer,), _, _ = assert_same(monkeypatch, do, options={"headers": headers})
        assert "set-cookie" in dict(answer[1])


@pytest.mark.parametrize("name", ["get_cookie_name", "save_session", "open_session"])
def test_the_session_interface_replaced(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here on the class, after the application was made."""
    original: t.Any = getattr(SecureCookieSessionInterface, name)
    app = Flask("shop")
    app.secret_key = "test key"
    app.config["SESSION_COOKIE_NAME"] = "other"
    cookie = app.session_interface.get_signing_serializer(app).dumps({"_permanent": True})  # type: ignore[union-attr]

    def replacement(self: t.Any, *args: t.Any) -> t.Any:
        return "other" if name == "get_cookie_name" else original(self, *args)

    monkeypatch.setattr(SecureCookieSessionInterface, name, replacement)
    assert_same(monkeypatch, lambda app, notes: "untouched", options={"headers": {"Cookie": f"other={cookie}"}})


# -- bodies

BODIES: dict[str, dict[str, t.Any]] = {
    "form": {"data": {"a": "1", "b": "ü"}},
    "text": {"data": b"tea", "content_type": "text/plain"},
    "json": {"json": {"a": [1, None]}},
    "bad json": {"data": b"{", "content_type": "application/json"},
    "no type": {"data": b"tea"},
    "bad form": {"data": b"a=%ff", "content_type": "application/x-www-form-urlencoded"},
    "nothing": {},
}
READ: dict[str, View] = {
    "data": lambda app, notes: [repr(request.data), request.form.to_dict()],
    "get_data": lambda app, notes: [repr(request.get_data()), repr(request.data), request.form.to_dict()],
    "get_data parsed": lambda app, notes: [repr(request.get_data(parse_form_data=True)), repr(request.get_data())],
    "form": lambda app, notes: [request.form.to_dict(), repr(request.get_data()), len(request.files)],
    "json": lambda app, notes: [request.get_json(), repr(request.data)],
    "json silently": lambda app, notes: [request.get_json(silent=True), request.get_json(force=True)],
    "stream": lambda app, notes: [repr(request.stream.read()), repr(request.data)],
    "read, then the rest": lambda app, notes: [repr(request.get_data()), repr(request.stream.read())],
    "read, then the environment": lambda app, notes: [
        repr(request.get_data()),
        repr(request.environ["wsgi.input"].read()),
        repr(request.data),
    ],
    "pieces": lambda app, notes: [repr(b"".join(request.body))],
    "values": lambda app, notes: [request.values.to_dict(), request.mimetype, request.content_length],
    "nothing": lambda app, notes: "unread",
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("read", READ)
def test_bodies(body: str, read: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_same(monkeypatch, READ[read], options={"method": "POST", **BODIES[body]})


def test_a_body_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def limit(app: Flask, notes: Notes) -> None:
        app.config["MAX_CONTENT_LENGTH"] = 2

    for read in READ.values():
        assert_same(monkeypatch, read, limit, options={"method": "POST", **BODIES["text"]})


# -- code of the user's that runs while the response is made


def _set_default(default: t.Callable[[Notes], t.Any]) -> SetUp:
    def set_up(app: Flask, notes: Notes) -> None:
        app.json.default = lambda obj: notes.append("called") or default(notes)  # type: ignore[attr-defined]

    return set_up


def _default_that_writes(notes: Notes) -> int:
    session["user"] = "ada"
    return 1


def _default_that_hooks(notes: Notes) -> int:
    _hook(current_app, notes)
    return 1


DEFAULTS: dict[str, t.Callable[[Notes], t.Any]] = {
    "writes the session": _default_that_writes,
    "reads the session": lambda notes: session.get("user"),
    "hooks": _default_that_hooks,
    "pushes a context": lambda notes: _push_app(t.cast(Flask, current_app), notes),
    "connects receivers": lambda notes: _receive(current_app._get_current_object(), notes),  # type: ignore[attr-defined]
    "registers": lambda notes: _register(t.cast(Flask, current_app), notes),
    "raises": lambda notes: _raise(TypeError("no form")),
    "raises at first": lambda notes: _raise(TypeError("no form")) if len(notes) == 1 else 1,
    "raises what is handled": lambda notes: _raise(ImATeapot()),
    "reads what is malformed": lambda notes: request.args.to_dict(),
    "exits": lambda notes: _raise(SystemExit(3)),
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_what_is_done_while_json_is_written(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and it counts as if the view had done it."""
    by = ("wsgi",) if name == "exits" else ("wsgi", "asgi")
    for set_up_more in (None, _handled, _propagated):

        def set_up(app: Flask, notes: Notes, more: t.Any = set_up_more) -> None:
            _set_default(DEFAULTS[name])(app, notes)
            if more is not None:
                more(app, notes)

        options = {"path": "/?%FF=1"}
        _, notes, _ = assert_same(monkeypatch, lambda app, notes: {"a": Unwritable()}, set_up, options, by=by)
        assert notes.count("called") == 1


def test_a_wsgi_application_that_writes_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    def application(environ: t.Any, start_response: t.Any) -> t.Any:
        session["user"] = "ada"
        return _application(environ, start_response)

    (answer,), _, _ = assert_same(monkeypatch, lambda app, notes: application)
    assert "set-cookie" in dict(answer[1])


@pytest.mark.parametrize("mimetype", ["", None, "text/plain", "application/vnd.shop+json", "image/png", 7])
def test_mimetypes_of_json(mimetype: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def set_up(app: Flask, notes: Notes) -> None:
        app.json.mimetype = mimetype  # type: ignore[attr-defined]
        _set_default(lambda notes: 1)(app, notes)

    _, notes, _ = assert_same(monkeypatch, lambda app, notes: {"a": Unwritable()}, set_up)
    assert notes == ["called"]


# -- classes of the user's own, and what is replaced


def _response_class(app: Flask, notes: Notes) -> None:
    class Mine(Response):
        default_mimetype = "text/plain"

        def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
            notes.append("made")
            super().__init__(*args, **kwargs)
            session["made"] = True

    app.response_class = Mine


def _request_class(app: Flask, notes: Notes) -> None:
    class Mine(Request):
        def close(self) -> None:
            notes.append(("closed", flask.has_request_context()))
            super().close()

        @cached_property
        def method(self) -> str:  # type: ignore[override]
            return "MINE"

    app.request_class = Mine


def _request_class_with_constructor(app: Flask, notes: Notes) -> None:
    class Mine(Request):
        def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
            notes.append("made")
            super().__init__(*args, **kwargs)

    app.request_class = Mine


def _provider(app: Flask, notes: Notes) -> None:
    class Mine(DefaultJSONProvider):
        def dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
            notes.append("dumps")
            return super().dumps(obj, **kwargs)

    app.json = Mine(app)


def _provider_method(app: Flask, notes: Notes) -> None:
    app.json.dumps = lambda obj, **kwargs: "mine"  # type: ignore[method-assign]


def _globals(app: Flask, notes: Notes) -> None:
    class Mine(_AppCtxGlobals):
        def __init__(self) -> None:
            notes.append("made")

    app.app_ctx_globals_class = Mine


def _settings(app: Flask, notes: Notes) -> None:
    app.json.sort_keys, app.json.compact, app.json.ensure_ascii = False, False, False  # type: ignore[attr-defined]


def _converter(app: Flask, notes: Notes) -> None:
    class Mine(BaseConverter):
        regex = ""

        def to_python(self, value: str) -> str:
            notes.append(("to_python", flask.has_request_context()))
            return value

    app.url_map.converters["mine"] = Mine


def _teardown(app: Flask, notes: Notes) -> None:
    app.teardown_request(lambda error: notes.append(("request", repr(error), flask.has_request_context())))
    app.teardown_appcontext(lambda error: notes.append(("app", repr(error), flask.has_app_context())))


def _make_response(app: Flask, notes: Notes) -> None:
    original = app.make_response
    app.make_response = lambda rv: notes.append(type(rv).__name__) or original("mine")  # type: ignore[method-assign]


SET_UP: dict[str, SetUp] = {
    "response class": _response_class,
    "request class": _request_class,
    "request class with a constructor": _request_class_with_constructor,
    "provider": _provider,
    "method of the provider": _provider_method,
    "settings of the provider": _settings,
    "class of g": _globals,
    "converter": _converter,
    "teardown functions": _teardown,
    "make_response": _make_response,
}
DONE: dict[str, View] = {
    "text": lambda app, notes: "tea",
    "json": lambda app, notes: {"b": ["ä"], "a": 1},
    "unwritable": lambda app, notes: {"a": Unwritable()},
    "error": lambda app, notes: 1 / 0,
    "g": lambda app, notes: g.get("x", "nothing"),
    "stream": _stream,
    "context left": _push_app,
}


@pytest.mark.parametrize("name", SET_UP)
@pytest.mark.parametrize("done", DONE)
def test_what_is_the_programs_own(name: str, done: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_same(monkeypatch, DONE[done], SET_UP[name])


REPLACED: dict[str, tuple[type[t.Any], str]] = {
    f"{cls.__name__}.{name}": (cls, name)
    for cls, names in (
        (Flask, ("make_response", "dispatch_request", "finalize_request", "app_context", "request_context")),
        (RequestContext, ("__init__", "push", "pop", "match_request")),
        (AppContext, ("__init__", "push", "pop")),
        (Request, ("__init__", "close")),
        (Response, ("__init__", "set_data", "get_wsgi_headers", "get_wsgi_response", "get_app_iter", "__call__")),
        (DefaultJSONProvider, ("dumps", "response")),
        (SecureCookieSessionInterface, ("open_session", "save_session")),
    )
    for name in names
}


@pytest.mark.parametrize("name", REPLACED)
def test_methods_replaced_on_the_class(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As tracing does it: what takes their place is called."""
    cls, method = REPLACED[name]
    original: t.Any = getattr(cls, method)
    called: list[bool] = []

    def replacement(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
        called.append(True)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(cls, method, replacement)
    ways: list[bool] = []
    for done in ("text", "json"):

        def do(app: Flask, notes: Notes, done: str = done) -> t.Any:
            called.clear()
            return DONE[done](app, notes)

        for protocol in ("wsgi", "asgi"):
            for is_taken in (True, False):
                with monkeypatch.context() as patch:
                    _set_taken(is_taken, patch)
                    called.clear()
                    outcome(by_wsgi if protocol == "wsgi" else by_asgi, None, DONE[done], True, {})
                    ways.append(bool(called))
            # ASGI sends what a WSGI response would be asked for.
            assert ways[-2] == ways[-1], (protocol, done)


# -- what the server does


@pytest.mark.parametrize("error", [OSError("gone"), ValueError("bad"), SystemExit(3)])
def test_a_start_response_that_raises(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    for done in ("text", "json", "stream", "context left"):
        for set_up in (None, _teardown, _debugged):
            assert_same(
                monkeypatch, DONE[done], set_up, {"start_response": lambda: _raise(error)}, by=("wsgi",)
            )


@pytest.mark.parametrize("error", [OSError("gone"), ValueError("bad")])
@pytest.mark.parametrize("kind", ["http.response.start", "http.response.body"])
def test_a_send_that_raises(error: Exception, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(message: t.Any) -> None:
        if message["type"] == kind:
            raise error

    for done in ("text", "json", "stream", "context left"):
        for set_up in (None, _teardown):
            assert_same(monkeypatch, DONE[done], set_up, {"taken": taken}, by=("asgi",))


def test_a_converter_that_fails_is_called_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for is_taken in (True, False):
        with monkeypatch.context() as patch:
            _set_taken(is_taken, patch)
            calls: Notes = []

            class Failing(BaseConverter):
                def to_python(self, value: str, calls: Notes = calls) -> t.NoReturn:
                    calls.append(value)
                    raise RuntimeError("no database")

            app = Flask("shop")
            app.logger.disabled = True
            app.url_map.converters["failing"] = Failing
            app.add_url_rule("/<failing:name>", endpoint="index", view_func=lambda name: name)
            app.add_url_rule("/", endpoint="start", view_func=lambda: "")
            by_wsgi(app)
            by_wsgi(app)
            found.append((by_wsgi(app, "/a"), calls))
    assert found[0] == found[1]
    assert found[0][1] == ["a"]


def test_a_wrong_configuration_leaves_no_context() -> None:
    app = Flask("shop")
    app.add_url_rule("/", endpoint="index", view_func=lambda: "tea")
    for _ in range(3):
        by_asgi(app)
    app.config["ASGI_SYNC"] = "elsewhere"
    assert "ASGI_SYNC" in by_asgi(app)[0]


# -- what stays alive


@contextlib.contextmanager
def _without_collector() -> t.Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


ALIVE: dict[str, View] = {
    **DONE,
    **{name: TOUCHED[name] for name in ("session written", "environment", "contexts", "context copied", "stream left")},
    "http error": lambda app, notes: flask.abort(404),
    "default fails": lambda app, notes: {"a": Unwritable()},
}


@pytest.mark.parametrize("name", ALIVE)
@pytest.mark.parametrize("protocol", ["wsgi", "asgi"])
@pytest.mark.parametrize("is_async", [False, True])
def test_what_stays_alive(name: str, protocol: str, is_async: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing does without the garbage collector, but where exceptions lead back to their frames by the steps, too."""
    found = []
    for is_taken in (True, False):
        alive: list[weakref.ref[t.Any]] = []

        def do(app: Flask, notes: Notes, alive: list[weakref.ref[t.Any]] = alive) -> t.Any:
            ctx = request_ctx._get_current_object()  # type: ignore[attr-defined]
            alive.extend(weakref.ref(found) for found in (ctx, ctx.request, ctx.exchange) if found is not None)
            del ctx
            return ALIVE[name](app, notes)

        with monkeypatch.context() as patch, _without_collector():
            _set_taken(is_taken, patch)
            outcome(by_wsgi if protocol == "wsgi" else by_asgi, None, do, is_async, {})
            assert alive
            found.append([type(kept()).__name__ for kept in alive if kept() is not None])
    assert found[0] == [] or found[0] == found[1]


def test_an_environment_made_after_the_request_keeps_nothing_alive() -> None:
    app = Flask("shop")
    kept: list[Request] = []

    async def view() -> str:
        kept.append(request._get_current_object())  # type: ignore[attr-defined]
        return "tea"

    app.add_url_rule("/", endpoint="index", view_func=view)
    for _ in range(3):
        by_asgi(app)
    del kept[:-1]
    with _without_collector():
        late = kept.pop()
        assert late.environ["PATH_INFO"] == "/"
        assert late.environ["werkzeug.request"] is None
        ref = weakref.ref(late)
        del late
        assert ref() is None


def test_threads_at_once() -> None:
    app = Flask("shop")
    app.add_url_rule("/<name>", endpoint="index", view_func=lambda name: {"name": name, "path": request.path})
    app.add_url_rule("/<name>/text", endpoint="text", view_func=lambda name: f"{name} {g.setdefault('a', name)}")
    wrong: Notes = []

    def work(number: int) -> None:
        for turn in range(100):
            name = f"{number}-{turn}"
            if b"".join(by_wsgi(app, f"/{name}/text")[1:2]) != f"{name} {name}".encode():
                wrong.append(name)
            if flask.json.loads(by_wsgi(app, f"/{name}")[1]) != {"name": name, "path": f"/{name}"}:
                wrong.append(name)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_who_comes_to_take_part_while_a_converter_waits() -> None:
    """A converter of the program's own runs on the thread, and the event loop goes on meanwhile."""
    app = Flask("shop")
    seen: Notes = []

    class Connecting(BaseConverter):
        def to_python(self, value: str) -> str:
            flask.request_started.connect(note, app)
            return value

    def note(sender: Flask, **kwargs: t.Any) -> None:
        seen.append("started")

    async def view(name: str) -> str:
        return name

    async def start() -> str:
        return ""

    app.url_map.converters["connecting"] = Connecting
    app.add_url_rule("/<connecting:name>", endpoint="index", view_func=view)
    app.add_url_rule("/", endpoint="start", view_func=start)
    for _ in range(2):
        by_asgi(app)
    try:
        assert by_asgi(app, "/a")[0] == 200
        assert seen == ["started"]
    finally:
        flask.request_started.disconnect(note, app)
