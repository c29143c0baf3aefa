"""The application's logger: its name, its level, its handlers, and what is logged by itself."""

from __future__ import annotations

import io
import logging
import sys
from typing import Any

from observing import note, outcome

from flask import Flask, current_app, request
from flask.logging import create_logger, default_handler, has_level_handler, wsgi_errors_stream


def fresh(name: str, **config: Any) -> Flask:
    app = Flask(f"apps.{name}")
    app.config.update(config)
    return app


def probe_logger() -> Any:
    """What the logger is like."""
    found = {}
    for name, config in {"plain": {}, "debug": {"DEBUG": True}, "testing": {"TESTING": True}}.items():
        logger = fresh(name, **config).logger
        found[name] = [logger.name, logger.level, logger.getEffectiveLevel(), len(logger.handlers), logger.propagate]
    app = fresh("same")
    found["same"] = [app.logger is app.logger, app.logger is logging.getLogger("apps.same")]
    logging.getLogger("apps.settled").setLevel(logging.ERROR)
    found["settled"] = fresh("settled", DEBUG=True).logger.level
    return found


def probe_without_other_handlers() -> Any:
    """A program that configured no logging."""
    root, kept = logging.getLogger(), logging.getLogger().handlers[:]
    root.handlers.clear()
    try:
        app = fresh("alone", DEBUG=True)
        stream = io.StringIO()
        app.add_url_rule("/", "index", lambda: app.logger.info("in a request %d", 7) or "x")
        app.add_url_rule("/fail", "fail", lambda: 1 / 0)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        client = app.test_client()
        client.get("/", errors_stream=stream)
        client.get("/fail", errors_stream=stream)
        said = stream.getvalue()
        return {
            "handlers": [handler is default_handler for handler in app.logger.handlers],
            "in a request": "INFO in logs: in a request 7" in said,
            "an error": ["ERROR in" in said, "/fail [GET]" in said, "ZeroDivisionError" in said],
            "has handler": has_level_handler(app.logger),
            "created again": create_logger(app) is app.logger and len(app.logger.handlers),
        }
    finally:
        root.handlers[:] = kept
        logging.getLogger("apps.alone").handlers.clear()


def probe_level_handler() -> Any:
    """Whether there is a handler for a logger's level."""
    parent, child = logging.getLogger("apps.x"), logging.getLogger("apps.x.y")
    root, kept = logging.getLogger(), logging.getLogger().handlers[:]
    root.handlers.clear()
    try:
        found = {"none": has_level_handler(child)}
        handler = logging.StreamHandler()
        parent.addHandler(handler)
        found["of the parent"] = has_level_handler(child)
        handler.setLevel(logging.CRITICAL)
        child.setLevel(logging.DEBUG)
        found["for higher levels"] = has_level_handler(child)
        child.propagate = False
        found["not propagated"] = has_level_handler(child)
        return found
    finally:
        root.handlers[:] = kept
        child.propagate = True


def probe_errors_stream() -> Any:
    """Where errors are written to."""
    app, stream = fresh("stream"), io.StringIO()
    with app.test_request_context("/", errors_stream=stream):
        inside = wsgi_errors_stream._get_current_object() is request.environ["wsgi.errors"]
    return [
        inside,
        wsgi_errors_stream._get_current_object() is sys.stderr,
        default_handler.stream is wsgi_errors_stream,
    ]


def probe_log_exception() -> Any:
    """What is logged of errors, and by whom."""

    class Own(Flask):
        def log_exception(self, exc_info: Any) -> None:
            note("own", exc_info[0], exc_info[1])

    app, own = fresh("plain"), Own("apps.own")
    for each in (app, own):
        each.add_url_rule("/fail", "fail", lambda: 1 / 0)
        each.add_url_rule("/log", "log", lambda: [current_app.logger.error("said %s", "so"), "x"][1])
        for path in ("/fail", "/log", "/missing"):
            each.test_client().get(path)
    with app.test_request_context("/by-hand"):
        return outcome(app.log_exception, (ValueError, ValueError("x"), None))
