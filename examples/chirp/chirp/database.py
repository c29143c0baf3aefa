"""The SQLite database: one connection for each request, opened when first asked for."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Flask, current_app, g


def path() -> Path:
    """The file of the database, in the instance folder."""
    return Path(current_app.instance_path) / "chirp.sqlite3"


def connection() -> sqlite3.Connection:
    """The connection of this request (or of this command).

    Changes belong into `with connection() as database:`, which commits at the end, or rolls back if an
    exception leaves the block.

    :raises RuntimeError: if there is no database yet.
    """
    if "database" not in g:
        if not path().exists():
            # Without this test SQLite would make an empty file and complain about missing tables.
            raise RuntimeError(f"There is no database at {path()}. Create it with: flask --app chirp init-db")
        g.database = _connect()
    database: sqlite3.Connection = g.database
    return database


def initialise() -> None:
    """Create the tables; what was in them is lost."""
    if "database" not in g:
        g.database = _connect()
    with current_app.open_resource("schema.sql", "r") as schema:
        g.database.executescript(schema.read())


def _connect() -> sqlite3.Connection:
    database = sqlite3.connect(path())
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA foreign_keys = ON")
    return database


def close(error: BaseException | None = None) -> None:
    """Close the connection, if this request opened one."""
    database = g.pop("database", None)
    if database is not None:
        database.close()


def init_app(app: Flask) -> None:
    app.teardown_appcontext(close)
