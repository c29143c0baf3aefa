"""SQLite 3 for Flask: one connection for each request.

An extension as they were written in 2011: it keeps its connection on the top of the request context stack,
and is imported by the name `flask.ext.sqlite3_simple`.
"""

import sqlite3

from flask import _request_ctx_stack


def init_app(app):
    """Make the application close, at the end of each request, what the request opened."""
    app.config.setdefault("DATABASE", ":memory:")
    app.extensions["sqlite3_simple"] = True
    app.teardown_request(close)


def connection():
    """The connection of the current request."""
    context = _request_ctx_stack.top
    if context is None:
        raise RuntimeError("A connection lives in a request, and there is none at the moment.")
    if not hasattr(context, "sqlite3_simple"):
        context.sqlite3_simple = sqlite3.connect(context.app.config["DATABASE"])
        context.sqlite3_simple.row_factory = sqlite3.Row
    return context.sqlite3_simple


def query(sql, *parameters):
    """All rows of a SELECT."""
    return connection().execute(sql, parameters).fetchall()


def change(sql, *parameters):
    """Run an INSERT, UPDATE or DELETE and keep what it did."""
    with connection() as database:
        database.execute(sql, parameters)


def close(error):
    """Registered as a teardown function: runs whether the request went well or not."""
    database = getattr(_request_ctx_stack.top, "sqlite3_simple", None)
    if database is not None:
        database.close()
