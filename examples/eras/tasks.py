"""A list of tasks, as one wrote it in 2022 for Flask 2.2: types, nested blueprints, views with async."""
from __future__ import annotations

import asyncio
import os
import sqlite3
import typing as t
from dataclasses import dataclass

from flask import Blueprint, Flask, Markup, _request_ctx_stack, abort, current_app, g, request, url_for
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue

api = Blueprint("api", __name__, url_prefix="/api")
tasks = Blueprint("tasks", __name__, url_prefix="/tasks")


@dataclass
class Task:
    id: int
    title: str
    done: bool


class Provider(DefaultJSONProvider):
    sort_keys = False


def get_db() -> sqlite3.Connection:
    if "db" not in g:
        g.db = sqlite3.connect(current_app.config["DATABASE"])
    return g.db


def find(task_id: int) -> Task:
    row = get_db().execute("SELECT id, title, done FROM task WHERE id = ?", (task_id,)).fetchone()
    if row is None:
        abort(404, description=f"There is no task {task_id}.")
    return Task(row[0], row[1], bool(row[2]))


@tasks.get("")
def index() -> ResponseReturnValue:
    return [{"id": row[0], "url": url_for(".show", task_id=row[0])} for row in get_db().execute("SELECT id FROM task")]


@tasks.post("")
async def create() -> ResponseReturnValue:
    title = request.get_json()["title"]
    await asyncio.sleep(0)
    cursor = get_db().execute("INSERT INTO task (title, done) VALUES (?, 0)", (title,))
    get_db().commit()
    return {"id": cursor.lastrowid}, 201


@tasks.get("/<int:task_id>")
async def show(task_id: int) -> ResponseReturnValue:
    return current_app.json.response(find(task_id))


@tasks.delete("/<int:task_id>")
def remove(task_id: int) -> ResponseReturnValue:
    find(task_id)
    get_db().execute("DELETE FROM task WHERE id = ?", (task_id,))
    get_db().commit()
    return "", 204


@api.errorhandler(404)
def not_found(error: t.Any) -> ResponseReturnValue:
    return {"error": error.description, "at": _request_ctx_stack.top.request.endpoint}, 404


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["DATABASE"] = os.environ.get("DATABASE", "/tmp/tasks.db")
    app.json = Provider(app)
    api.register_blueprint(tasks)
    app.register_blueprint(api)

    @app.before_first_request
    def create_tables() -> None:
        get_db().execute("CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, title TEXT, done INTEGER)")

    @app.teardown_appcontext
    def close_db(exc: BaseException | None) -> None:
        db = g.pop("db", None)
        if db is not None:
            db.close()

    @app.get("/")
    def home() -> str:
        return Markup("<h1>%s</h1>") % "Tasks & more"

    return app


if __name__ == "__main__":
    create_app().run(port=int(os.environ.get("PORT", 5000)))
