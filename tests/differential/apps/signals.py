"""Signals: senders, arguments, receivers that fail, are asynchronous, or look at the request."""

from __future__ import annotations

from typing import Any

from observing import note, outcome

import flask
from flask import Flask, current_app, flash, g, render_template_string, request, session, signals

NAMES = [
    *("template_rendered", "before_render_template", "request_started", "request_finished", "got_request_exception"),
    *("request_tearing_down", "appcontext_pushed", "appcontext_popped", "appcontext_tearing_down", "message_flashed"),
]


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key", **config)

    @app.route("/")
    def index() -> Any:
        flash("hello", "kind")
        return render_template_string("{{ g.x }} {{ value }}", value=1)

    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    app.before_request(lambda: note("before") or setattr(g, "x", 7))
    app.teardown_request(lambda exc: note("teardown", exc))
    app.teardown_appcontext(lambda exc: note("teardown of the app", exc))
    return app


def probe_arguments() -> Any:
    """What receivers are told, and what they can see."""
    app, receivers = create(), []

    def listen(name: str) -> None:
        def receive(sender: Any, **told: Any) -> None:
            seen = [bool(request), bool(g), bool(current_app), sender is app]
            note("own", name, sorted(told), seen)

        receivers.append(receive)
        getattr(flask, name).connect(receive, app)

    for name in NAMES:
        listen(name)
    client = app.test_client()
    return [client.get(path).status for path in ("/", "/fail", "/missing")]


def probe_failing_receivers() -> Any:
    """Receivers that raise, each in turn."""
    found = {}
    for name in NAMES:
        app = create()

        def fail(sender: Any, **told: Any) -> None:
            raise LookupError

        signal = getattr(signals, name)
        with signal.connected_to(fail, app):
            for path in ("/", "/fail"):
                note("now", name, path)
                found[f"{name} {path}"] = outcome(lambda a=app, p=path: a.test_client().get(p).status)
    return found


def probe_changing_receivers() -> Any:
    """Receivers that change what they are told of."""
    app = create()

    def change_context(sender: Any, template: Any, context: dict[str, Any], **told: Any) -> None:
        context["value"] = "changed"

    def change_response(sender: Any, response: Any, **told: Any) -> None:
        response.headers["X-Signal"] = "1"

    def change_session(sender: Any, **told: Any) -> None:
        session["from"] = "signal"

    with (
        signals.before_render_template.connected_to(change_context, app),
        signals.request_finished.connected_to(change_response, app),
        signals.request_started.connected_to(change_session, app),
    ):
        answer = app.test_client().get("/")
        return [answer.text, answer.headers.to_wsgi_list()]


def probe_async_receivers() -> Any:
    """Receivers that are coroutine functions."""
    app = create()

    async def receive(sender: Any, **told: Any) -> None:
        note("async", sorted(told))

    found = {}
    for name in NAMES:
        with getattr(signals, name).connected_to(receive, app):
            found[name] = outcome(lambda: app.test_client().get("/").status)
    return found


def probe_senders() -> Any:
    """Signals of one application are not those of another."""
    app, other = create(), create()

    def receive(sender: Any, **told: Any) -> None:
        note("received")

    with signals.request_started.connected_to(receive, other):
        app.test_client().get("/")
        note("and now the other")
        other.test_client().get("/")
    return [name for name in NAMES if hasattr(flask, name) and getattr(flask, name) is getattr(signals, name)]
