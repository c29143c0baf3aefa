"""A bakery that Sentry watches: its SDK sends what happens to a server of the test, by HTTP."""

from __future__ import annotations

import asyncio
import gzip
import logging
import threading
import typing as t
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sentry_sdk
from flask_login import LoginManager, UserMixin, login_user
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.asgi import SentryAsgiMiddleware
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.flask import FlaskIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from flask import (
    Flask,
    abort,
    before_render_template,
    got_request_exception,
    render_template,
    render_template_string,
    request,
    request_started,
)
from flask.testing import FlaskClient

# New releases of the SDK have another option for what is sent of users, which the older ones do not know.
pytestmark = pytest.mark.filterwarnings("ignore:The send_default_pii option is deprecated:DeprecationWarning")


class Sink(ThreadingHTTPServer):
    """Where the SDK sends its envelopes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Reception)
        self.items: list[tuple[str, dict[str, t.Any]]] = []

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.server_port}/1"

    def take(self, kind: str) -> list[dict[str, t.Any]]:
        """What came of a kind, in its order."""
        sentry_sdk.flush(timeout=10)
        return [content for type_, content in self.items if type_ == kind]


class Reception(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        for item in Envelope.deserialize(body).items:
            self.server.items.append((item.type, item.payload.json))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: t.Any) -> None:
        """There is nothing to say of what comes in."""


@pytest.fixture(scope="module")
def unchanged_process() -> Iterator[None]:
    """The integrations replace functions and listen to signals, once in a process: here all is as before in the end."""
    signals = (before_render_template, request_started, got_request_exception)
    before = [set(signal.receivers) for signal in signals]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "__call__", Flask.__call__)
        patch.setattr(logging.Logger, "callHandlers", logging.Logger.callHandlers)
        yield
    for signal, keys in zip(signals, before, strict=True):
        for receiver in [signal.receivers[key]() for key in signal.receivers.keys() - keys]:
            signal.disconnect(receiver)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield sink
        sink.shutdown()
        thread.join()


@pytest.fixture(params=["endpoint"])
def watched(request: pytest.FixtureRequest, unchanged_process: None, sink: Sink) -> Iterator[Sink]:
    """The SDK is there, with as little besides the integrations as can be: the rest would stay in the process."""
    sentry_sdk.init(
        sink.dsn,
        default_integrations=False,
        integrations=[FlaskIntegration(transaction_style=request.param), LoggingIntegration(), DedupeIntegration()],
        traces_sample_rate=1.0,
        send_default_pii=True,
    )
    yield sink
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


@pytest.fixture
def bakery(app: Flask, watched: Sink, client: FlaskClient, written: t.Any, tmp_path: t.Any) -> FlaskClient:
    """A client of the bakery."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "burnt.html").write_text("A loaf\n{{ 1 // nothing }}\n")

    @app.get("/bread/<kind>")
    @written
    def bake(kind: str) -> t.Any:
        app.logger.warning("%s is in the oven", kind)
        sentry_sdk.set_tag("kind", kind)
        if kind == "rye":
            raise LookupError("no rye")
        if kind == "stone":
            abort(404)
        return f"A {kind} loaf"

    @app.post("/orders")
    @written
    def order() -> t.Any:
        raise RuntimeError("The till is stuck.")

    @app.get("/burnt")
    @written
    def burn() -> t.Any:
        return render_template("burnt.html", nothing=0)

    @app.get("/form")
    @written
    def show_form() -> t.Any:
        return render_template_string("<head>{{ sentry_trace_meta }}</head>")

    @app.get("/careful")
    @written
    def care() -> t.Any:
        try:
            raise ValueError("The dough did not rise.")
        except ValueError as error:
            return {"event": sentry_sdk.capture_exception(error)}

    return client


def take_one(sink: Sink, kind: str) -> dict[str, t.Any]:
    (item,) = sink.take(kind)
    return item


def test_an_error_is_sent_once(watched: Sink, bakery: FlaskClient) -> None:
    assert bakery.get("/bread/rye?size=2", headers={"X-Oven": "3"}).status_code == 500
    event = take_one(watched, "event")
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("LookupError", "no rye")
    assert error["mechanism"] == {"type": "flask", "handled": False}
    assert error["stacktrace"]["frames"][-1]["vars"]["kind"] == "'rye'"
    assert (event["transaction"], event["level"], event["tags"]) == ("bake", "error", {"kind": "rye"})
    asked = event["request"]
    assert (asked["method"], asked["url"], asked["query_string"]) == ("GET", "http://localhost/bread/rye", "size=2")
    assert asked["headers"]["X-Oven"] == "3"


def test_what_was_posted_is_sent_along(watched: Sink, bakery: FlaskClient) -> None:
    bakery.set_cookie("flavour", "oat")
    bakery.post("/orders", json={"loaves": 2})
    bakery.post("/orders", data={"loaves": "3"})
    by_json, by_form = (event["request"] for event in watched.take("event"))
    assert (by_json["data"], by_json["cookies"]) == ({"loaves": 2}, {"flavour": "oat"})
    assert by_form["data"] == {"loaves": "3"}


def test_the_user_is_the_one_who_is_logged_in(app: Flask, watched: Sink, bakery: FlaskClient, visitor: t.Any) -> None:
    class Baker(UserMixin):
        id = "ada"
        email = "ada@example.org"

    LoginManager(app).user_loader(lambda name: Baker())

    @app.post("/login")
    def log_in() -> str:
        login_user(Baker())
        return "in"

    bakery.post("/login")
    bakery.post("/orders")
    visitor().post("/orders")
    ours, theirs = watched.take("event")
    assert (ours["user"]["id"], ours["user"]["email"]) == ("ada", "ada@example.org")
    assert "id" not in theirs.get("user", {})


def test_breadcrumbs_and_tags_are_of_one_request(watched: Sink, bakery: FlaskClient) -> None:
    bakery.get("/bread/wheat")
    bakery.get("/bread/rye")
    event = take_one(watched, "event")
    crumbs = [crumb["message"] for crumb in event["breadcrumbs"]["values"] if crumb["category"] == "downstream"]
    assert crumbs == ["rye is in the oven"]


def test_where_a_template_failed(watched: Sink, bakery: FlaskClient) -> None:
    assert bakery.get("/burnt").status_code == 500
    event = take_one(watched, "event")
    frame = event["exception"]["values"][0]["stacktrace"]["frames"][-1]
    assert (frame["filename"].rpartition("/")[2], frame["lineno"]) == ("burnt.html", 2)
    assert frame["context_line"] == "{{ 1 // nothing }}"


def test_an_error_that_a_handler_answers_is_not_sent(app: Flask, watched: Sink, bakery: FlaskClient) -> None:
    app.register_error_handler(LookupError, lambda error: (str(error), 404))
    assert bakery.get("/bread/rye").status_code == 404
    assert bakery.get("/bread/stone").status_code == 404
    assert watched.take("event") == []


def test_an_error_sent_by_hand(watched: Sink, bakery: FlaskClient) -> None:
    identity = t.cast(t.Any, bakery.get("/careful").json)["event"]
    event = take_one(watched, "event")
    assert (event["event_id"], event["transaction"]) == (identity, "care")
    assert event["exception"]["values"][0]["mechanism"]["handled"] is True
    assert event["request"]["url"] == "http://localhost/careful"


def test_a_transaction_for_each_request(watched: Sink, bakery: FlaskClient) -> None:
    for path in ("/bread/wheat", "/bread/rye", "/nowhere"):
        bakery.get(path)
    transactions = watched.take("transaction")
    names = [(item["transaction"], item["transaction_info"]["source"]) for item in transactions]
    assert names == [("bake", "component"), ("bake", "component"), ("generic WSGI request", "route")]
    contexts = [item["contexts"] for item in transactions]
    assert [context["response"]["status_code"] for context in contexts] == [200, 500, 404]
    assert {(context["trace"]["op"], context["trace"]["origin"]) for context in contexts} == {
        ("http.server", "auto.http.flask")
    }


@pytest.mark.parametrize("watched", ["url"], indirect=True)
def test_transactions_and_errors_named_by_the_rule(watched: Sink, bakery: FlaskClient) -> None:
    bakery.get("/bread/rye")
    transaction, event = take_one(watched, "transaction"), take_one(watched, "event")
    assert (transaction["transaction"], transaction["transaction_info"]["source"]) == ("/bread/<kind>", "route")
    assert event["transaction"] == "/bread/<kind>"
    assert event["contexts"]["trace"]["trace_id"] == transaction["contexts"]["trace"]["trace_id"]


def test_a_trace_goes_on(watched: Sink, bakery: FlaskClient) -> None:
    trace = "0123456789abcdef0123456789abcdef"
    page = bakery.get("/form", headers={"sentry-trace": f"{trace}-0123456789abcdef-1"}).text
    assert f'<meta name="sentry-trace" content="{trace}-' in page
    context = take_one(watched, "transaction")["contexts"]["trace"]
    assert (context["trace_id"], context["parent_span_id"]) == (trace, "0123456789abcdef")


def test_requests_at_once_are_kept_apart(app: Flask, watched: Sink, bakery: FlaskClient, visitor: t.Any) -> None:
    """Each waits until the other has set its tag."""
    both = threading.Barrier(2)

    @app.get("/meet/<name>")
    def meet(name: str) -> t.Any:
        sentry_sdk.set_tag("name", name)
        both.wait(20)
        raise LookupError(request.path)

    threads = [threading.Thread(target=visitor().get, args=[f"/meet/{name}"]) for name in ("ada", "charles")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {event["tags"]["name"]: event["exception"]["values"][0]["value"] for event in watched.take("event")}
    assert found == {"ada": "/meet/ada", "charles": "/meet/charles"}


@pytest.mark.parametrize("way", ["asgi, thread", "asgi, inline"], indirect=True)
def test_its_middleware_for_asgi_leaves_async_views_on_the_event_loop(
    app: Flask, watched: Sink, bakery: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.asgi_app = SentryAsgiMiddleware(app.asgi_app)

    @app.post("/knead/<kind>")
    async def knead(kind: str) -> t.NoReturn:
        await asyncio.sleep(0)
        raise LookupError(kind)

    assert bakery.post("/knead/rye", json={"loaves": 2}).status_code == 500
    assert "WSGI middleware" not in caplog.text
    event, transaction = take_one(watched, "event"), take_one(watched, "transaction")
    assert (event["transaction"], transaction["transaction"]) == ("knead", "knead")
    assert (event["request"]["data"], event["request"]["url"]) == ({"loaves": 2}, "http://localhost/knead/rye")
