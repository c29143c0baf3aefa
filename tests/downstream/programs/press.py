"""A printing house that gives its work to Celery, in the manner that Flask's documentation shows."""

from __future__ import annotations

import os
import time
import typing as t

import redis
from celery import Celery, Task, shared_task
from celery.result import AsyncResult

from flask import Blueprint, Flask, current_app, g, render_template_string, request, url_for


def celery_init_app(app: Flask) -> Celery:
    """Each task runs in a context of the application."""

    class FlaskTask(Task):
        def __call__(self, *args: object, **kwargs: object) -> object:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery_app = Celery(app.name, task_cls=FlaskTask)
    celery_app.config_from_object(app.config["CELERY"])
    celery_app.set_default()
    app.extensions["celery"] = celery_app
    return celery_app


@shared_task(ignore_result=False)
def add(a: int, b: int) -> int:
    return a + b


@shared_task(ignore_result=False)
def typeset(title: str) -> dict[str, t.Any]:
    """What a context of the application gives, and that another task's `g` is not among it."""
    is_clean = "title" not in g
    g.title = title
    return {
        "application": current_app.name,
        "page": render_template_string("<h1>{{ g.title }}</h1>{{ config.PAPER }}"),
        "address": url_for("work.read", title=title),
        "has a request": bool(request),
        "clean": is_clean,
        "process": os.getpid(),
    }


@shared_task(ignore_result=False)
def jam() -> None:
    raise LookupError("There is no paper.")


@shared_task(bind=True, ignore_result=False, max_retries=3, default_retry_delay=0)
def insist(self: Task) -> int:
    """Succeed at the third attempt."""
    if self.request.retries < 2:
        raise self.retry()
    return t.cast(int, self.request.retries)


def create_app(broker: str, written: t.Callable[[t.Any], t.Any] = lambda view: view, **settings: t.Any) -> Flask:
    """The application, as the worker has it and as the server of the pages has it."""
    app = Flask("press")
    app.config.update(
        PAPER="A4",
        SERVER_NAME="press.example",
        CELERY={"broker_url": broker, "result_backend": broker, "task_ignore_result": True},
    )
    app.config.from_mapping(settings)
    celery_init_app(app)
    app.register_blueprint(make_work(written))

    @app.teardown_appcontext
    def note_end(error: BaseException | None) -> None:
        if error is not None:
            with redis.Redis.from_url(broker) as notes:
                notes.lpush("failed", str(error))

    return app


def make_work(written: t.Callable[[t.Any], t.Any]) -> Blueprint:
    """Views that start tasks, and one that tells how far they are."""
    work = Blueprint("work", __name__, url_prefix="/work")

    @work.get("/read/<title>")
    @written
    def read(title: str) -> t.Any:
        return title

    @work.post("/add")
    @written
    def start_add() -> t.Any:
        return {"id": add.delay(int(request.form["a"]), int(request.form["b"])).id}

    @work.post("/typeset")
    @written
    def start_typesetting() -> t.Any:
        return {"id": typeset.delay(request.form["title"]).id}

    @work.post("/all")
    @written
    def start_all() -> t.Any:
        return {"id": (add.s(1, 2) | add.s(3)).delay().id}

    @work.post("/jam")
    @written
    def start_jam() -> t.Any:
        return {"id": jam.delay().id}

    @work.post("/insist")
    @written
    def start_insisting() -> t.Any:
        return {"id": insist.apply_async(expires=time.time() + 60).id}

    @work.get("/result/<id>")
    @written
    def tell(id: str) -> t.Any:
        result = AsyncResult(id)
        if not result.ready():
            return {"ready": False}
        return {"ready": True, "value": result.result if result.successful() else repr(result.result)}

    @work.post("/at-once")
    @written
    def do_at_once() -> t.Any:
        g.title = "the request's"
        value = typeset.apply(args=["the task's"]).get()
        return {"task": value, "title": g.title, "path": request.path}

    return work
