"""Hooks of an application, of a blueprint, and of one nested in it, with exceptions and answers at every stage."""

from __future__ import annotations

from typing import Any

from asking import Request, get, post
from deeds import DEEDS, act, act_on
from observing import note

from flask import Blueprint, Flask, g, request

VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "debug": {"DEBUG": True},
    "testing": {"TESTING": True},
    "quiet debug": {"DEBUG": True, "PROPAGATE_EXCEPTIONS": False},
    "propagated": {"PROPAGATE_EXCEPTIONS": True},
    "trapped": {"TRAP_HTTP_EXCEPTIONS": True},
    "trapped bad": {"TRAP_BAD_REQUEST_ERRORS": True},
}


def add_hooks(scaffold: Any, name: str) -> None:
    """All hooks that an application and a blueprint both have, two of each kind."""
    for number in ("1", "2"):
        scaffold.before_request(lambda number=number: act(f"before-{name}-{number}"))
        scaffold.after_request(lambda response, number=number: act_on(f"after-{name}-{number}", response))
        scaffold.teardown_request(lambda exc, number=number: note(f"teardown-{name}-{number}", exc))
        scaffold.context_processor(lambda number=number: note(f"context-{name}-{number}") or {})

    @scaffold.url_value_preprocessor
    def preprocess(endpoint: str, values: dict[str, Any]) -> None:
        note(f"values-{name}", endpoint, values)
        act(f"values-{name}")


def add_app_hooks(blueprint: Blueprint) -> None:
    """The hooks that a blueprint registers for the whole application."""
    blueprint.before_app_request(lambda: act("before-from-blueprint"))
    blueprint.after_app_request(lambda response: act_on("after-from-blueprint", response))
    blueprint.teardown_app_request(lambda exc: note("teardown-from-blueprint", exc))


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key", **config)
    outer = Blueprint("outer", __name__, url_prefix="/outer")
    inner = Blueprint("inner", __name__, url_prefix="/inner")
    for scaffold, name in ((app, "app"), (outer, "outer"), (inner, "inner")):
        add_hooks(scaffold, name)
        scaffold.add_url_rule("/<int:number>", f"view_{name}", view(name), methods=["GET", "POST"])
    add_app_hooks(inner)

    @app.teardown_appcontext
    def teardown_appcontext(exc: BaseException | None) -> None:
        note("teardown-appcontext", exc, g.get("kept"))

    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    return app


def view(name: str) -> Any:
    def see(number: int) -> Any:
        answer = act("view")
        return f"{name} {number} {request.endpoint} {request.blueprints}" if answer is None else answer

    return see


STAGES = [
    *("values-app", "values-outer", "values-inner", "before-app-1", "before-from-blueprint", "before-outer-2"),
    *("before-inner-1", "view", "after-inner-2", "after-outer-1", "after-app-2"),
]

VISITS: list[Request | list[Request]] = [
    *(get(path) for path in ("/1", "/outer/1", "/outer/inner/1", "/missing", "/outer/missing", "/outer/inner/x")),
    *(post(path) for path in ("/1", "/outer/inner/1", "/missing")),
    *(get("/outer/inner/1", query_string={stage: deed}) for stage in STAGES for deed in DEEDS),
    # Two things at once: what happens in the after hooks when the view failed, and so on.
    *(
        get("/outer/inner/1", query_string={first: deed, "after-outer-1": "value-error"})
        for first in ("before-outer-2", "view", "after-inner-2")
        for deed in ("value-error", "abort-404", "abort-500", "answer", "remember")
    ),
    [get("/1?view=remember"), get("/outer/1?view=remember"), get("/1?view=flash"), get("/1"), post("/1?view=remember")],
]
