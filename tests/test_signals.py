"""Signals: what is sent when, with which arguments, and what happens without blinker."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

import flask
from flask import Flask, Response, eras, flash, render_template_string
from flask.signals import Namespace, signals_available

SIGNALS = {
    "template_rendered": "template-rendered",
    "before_render_template": "before-render-template",
    "request_started": "request-started",
    "request_finished": "request-finished",
    "request_tearing_down": "request-tearing-down",
    "got_request_exception": "got-request-exception",
    "appcontext_tearing_down": "appcontext-tearing-down",
    "appcontext_pushed": "appcontext-pushed",
    "appcontext_popped": "appcontext-popped",
    "message_flashed": "message-flashed",
}


@pytest.fixture
def app():
    app = Flask("signals")
    app.secret_key = "test key"

    @app.route("/")
    def index():
        flash("seen", "info")
        return render_template_string("index")

    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    app.log_exception = lambda exc_info: None
    return app


@pytest.fixture
def events(app):
    """Every signal of the application, in order, among its hooks."""
    events = []

    def receiver(name):
        def receive(sender, **arguments):
            contexts = "request" if flask.has_request_context() else "app" if flask.has_app_context() else "none"
            events.append((name, sender, {key: type(value).__name__ for key, value in arguments.items()}, contexts))

        return receive

    receivers = {name: receiver(name) for name in SIGNALS}
    for name, receive in receivers.items():
        getattr(flask, name).connect(receive, app)
    yield events
    for name, receive in receivers.items():
        getattr(flask, name).disconnect(receive, app)


def test_a_request(app, events):
    app.before_request(lambda: events.append("before"))
    app.after_request(lambda response: events.append("after") or response)
    app.teardown_request(lambda error: events.append("teardown request"))
    app.teardown_appcontext(lambda error: events.append("teardown appcontext"))
    app.test_client().get("/")
    rendering = {"template": "Template", "context": "dict"}
    assert events == [
        ("appcontext_pushed", app, {}, "app"),
        ("request_started", app, {}, "request"),
        "before",
        ("message_flashed", app, {"message": "str", "category": "str"}, "request"),
        ("before_render_template", app, rendering, "request"),
        ("template_rendered", app, rendering, "request"),
        "after",
        ("request_finished", app, {"response": "Response"}, "request"),
        "teardown request",
        ("request_tearing_down", app, {"exc": "NoneType"}, "request"),
        "teardown appcontext",
        ("appcontext_tearing_down", app, {"exc": "NoneType"}, "app"),
        ("appcontext_popped", app, {}, "none"),
    ]


def test_a_failing_request(app, events):
    app.test_client().get("/fail")
    assert events == [
        ("appcontext_pushed", app, {}, "app"),
        ("request_started", app, {}, "request"),
        ("got_request_exception", app, {"exception": "ZeroDivisionError"}, "request"),
        ("request_finished", app, {"response": "Response"}, "request"),
        ("request_tearing_down", app, {"exc": "ZeroDivisionError"}, "request"),
        ("appcontext_tearing_down", app, {"exc": "ZeroDivisionError"}, "app"),
        ("appcontext_popped", app, {}, "none"),
    ]


def test_the_exception_is_sent_before_it_is_raised_in_a_test(app, events):
    app.testing = True
    with pytest.raises(ZeroDivisionError):
        app.test_client().get("/fail")
    names = [event[0] for event in events]
    assert "got_request_exception" in names
    assert "request_finished" not in names
    assert names[-3:] == ["request_tearing_down", "appcontext_tearing_down", "appcontext_popped"]


def test_an_error_that_has_a_handler_is_no_unhandled_exception(app, events):
    app.register_error_handler(ZeroDivisionError, lambda error: "handled")
    app.test_client().get("/fail")
    app.test_client().get("/nowhere")
    assert "got_request_exception" not in [event[0] for event in events]


def test_an_app_context(app, events):
    with app.app_context():
        assert [event[0] for event in events] == ["appcontext_pushed"]
        assert events[0][3] == "app"
    assert [event[0] for event in events[1:]] == ["appcontext_tearing_down", "appcontext_popped"]


@pytest.mark.skipif(eras.is_old("request_owns_g"), reason="a request has a context of its own in the old eras")
def test_a_request_in_an_app_context_pushes_no_other(app, events):
    with app.app_context(), app.test_request_context():
        pass
    assert [event[0] for event in events] == [
        "appcontext_pushed",
        "request_tearing_down",
        "appcontext_tearing_down",
        "appcontext_popped",
    ]


def test_signals_of_other_applications_are_not_received(events):
    other = Flask("other")
    other.test_client().get("/")
    assert events == []


def test_arguments_are_the_objects_themselves(app):
    seen = {}

    def finished(sender, response):
        response.headers["X-Signal"] = "finished"

    def flashed(sender, message, category):
        seen.update(message=message, category=category)

    def failed(sender, exception):
        seen["exception"] = exception

    with (
        flask.request_finished.connected_to(finished, app),
        flask.message_flashed.connected_to(flashed, app),
        flask.got_request_exception.connected_to(failed, app),
    ):
        assert app.test_client().get("/").headers["X-Signal"] == "finished"
        app.test_client().get("/fail")
    assert (seen["message"], seen["category"], str(seen["exception"])) == ("seen", "info", "division by zero")


@pytest.mark.parametrize("where", ["after_request", "after_this_request"])
def test_a_receiver_that_is_connected_while_the_request_ends(app, monkeypatch, where):
    """The signal is sent to who listens then, also if nobody ever did before."""
    monkeypatch.setattr(flask.request_finished, "receivers", {})
    seen = []

    def note(sender, response):
        seen.append(response.status_code)

    def connect(response):
        flask.request_finished.connect(note, app)
        return response

    if where == "after_request":
        app.after_request(connect)
    else:
        app.before_request(lambda: flask.after_this_request(connect) and None)
    try:
        for protocol in ("wsgi", "asgi"):
            flask.request_finished.receivers.clear()
            seen.clear()
            app.test_client(protocol=protocol).get("/")
            assert seen == [200]
    finally:
        flask.request_finished.disconnect(note, app)


def test_the_started_signal_can_use_the_request(app):
    seen = []

    def started(sender):
        seen.append((flask.request.path, flask.request.endpoint, flask.g is not None))

    with flask.request_started.connected_to(started, app):
        app.test_client().get("/")
    assert seen == [("/", "index", True)]


@pytest.mark.parametrize("name", SIGNALS)
def test_receivers_may_be_coroutine_functions(app, name):
    received = []

    async def receive(sender, **arguments):
        await asyncio.sleep(0)
        received.append((sender, flask.has_app_context()))

    with getattr(flask, name).connected_to(receive, app):
        app.test_client().get("/fail" if name == "got_request_exception" else "/")
    assert received == [(app, name != "appcontext_popped")]


@pytest.mark.parametrize("name", sorted(set(SIGNALS) - {"got_request_exception"}))
def test_a_failing_receiver_leaves_no_context_behind(app, name):
    def receive(sender, **arguments):
        raise LookupError(name)

    app.testing = True
    with getattr(flask, name).connected_to(receive, app), pytest.raises(LookupError, match=name):
        app.test_client().get("/")
    assert not flask.has_request_context()
    assert not flask.has_app_context()
    assert app.test_client().get("/").status_code == 200


@pytest.mark.parametrize(("name", "text"), SIGNALS.items())
def test_names(name, text):
    assert getattr(flask, name).name == text
    assert getattr(flask.signals, name) is getattr(flask, name)


def test_signals_of_ones_own():
    signals = Namespace()
    done = signals.signal("done")
    received = []

    def receive(sender, **arguments):
        received.append((sender, arguments))

    done.connect(receive)
    done.send("me", what="this")
    assert received == [("me", {"what": "this"})]
    assert signals_available is True
    assert flask.signals_available is True


# Without blinker

WITHOUT_BLINKER = """
import sys
sys.modules["blinker"] = None

import flask
from flask.signals import Namespace, signals_available

assert signals_available is flask.signals_available is False
app = flask.Flask("shop")
app.secret_key = "key"
app.log_exception = lambda exc_info: None

@app.route("/")
def index():
    flask.flash("message")
    return flask.render_template_string("{{ get_flashed_messages()|join }}")

@app.route("/stream")
def stream():
    return flask.stream_template_string("streamed")

app.add_url_rule("/fail", "fail", lambda: 1 / 0)
"""


def without_blinker(program):
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_BLINKER + program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_without_blinker_the_framework_works():
    printed = without_blinker(
        "client = app.test_client()\n"
        "print(client.get('/').text, client.get('/stream').text)\n"
        "print(client.get('/fail').status_code, client.get('/nowhere').status_code)\n"
        "with app.app_context(): print(flask.current_app.name)\n"
    )
    assert printed.splitlines() == ["message streamed", "500 404", "shop"]


def test_without_blinker_sending_does_nothing():
    assert without_blinker(
        "own = Namespace().signal('own', 'what it means')\n"
        "print(own.name, own.__doc__, own.send('me', what='this'), bool(own.receivers))\n"
        "print(flask.request_started.send(app), flask.request_started.name)\n"
    ).splitlines() == ["own what it means None False", "None request-started"]


@pytest.mark.parametrize(
    "method",
    ["connect", "connect_via", "connected_to", "temporarily_connected_to", "disconnect", "has_receivers_for",
     "receivers_for"],
)  # fmt: skip
def test_without_blinker_subscribing_says_what_is_missing(method):
    assert "signalling" in without_blinker(
        "try:\n"
        f"    flask.request_started.{method}(print)\n"
        "except RuntimeError as error:\n"
        "    assert 'blinker' in str(error) and 'request-started' in str(error), error\n"
        "    print(error)\n"
    )


def test_responses_are_the_applications_own(app):
    class Own(Response):
        pass

    app.response_class = Own
    seen = []

    def finished(sender, response):
        seen.append(type(response))

    with flask.request_finished.connected_to(finished, app):
        app.test_client().get("/")
    assert seen == [Own]
