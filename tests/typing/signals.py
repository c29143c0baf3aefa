"""Signals: subscribing, sending."""

from __future__ import annotations

from typing import Any, assert_type

import blinker
from jinja2 import Template

from flask import (
    Flask,
    Response,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    before_render_template,
    current_app,
    got_request_exception,
    message_flashed,
    request_finished,
    request_started,
    request_tearing_down,
    template_rendered,
)
from flask.signals import signals_available

app = Flask(__name__)


@request_started.connect
def started(sender: Flask, **extra: Any) -> None: ...


@request_started.connect_via(app)
def started_here(sender: Flask, **extra: Any) -> None: ...


def finished(sender: Flask, response: Response, **extra: Any) -> None: ...


def rendered(sender: Flask, template: Template, context: dict[str, Any], **extra: Any) -> None: ...


async def failed(sender: Flask, exception: Exception, **extra: Any) -> None: ...


request_finished.connect(finished, app)
template_rendered.connect(rendered, sender=app, weak=False)
before_render_template.connect(rendered)
got_request_exception.connect(failed, app)
request_tearing_down.connect(started)
appcontext_tearing_down.connect(started)
appcontext_pushed.connect(started)
appcontext_popped.connect(started)
message_flashed.disconnect(started)

with template_rendered.connected_to(rendered, app):
    app.test_client().get("/")

own = blinker.Namespace()
sold = own.signal("sold")
sold.send(current_app._get_current_object(), item="tea")  # type: ignore[attr-defined]
assert_type(request_started, blinker.NamedSignal)
assert_type(signals_available, bool)
