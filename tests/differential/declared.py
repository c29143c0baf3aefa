"""Applications made of a declaration: which hooks and handlers there are, on which blueprints, nested in what.

A declaration is plain data, so that it can be generated, handed to both sides, and shrunk where they differ::

    {"config": {"DEBUG": True}, "listening": True, "scopes": [scope, ...]}

The first scope is the application; each other one is a blueprint and names the scope that it is registered on. A scope
has hooks, ``[kind, name, is_async]``; handlers, ``[exception or code, name, is_async]``; and one view. What a hook,
handler or view does, the request says (:mod:`deeds`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deeds import NarrowError, OwnError, OwnNotFound, Teapot, act, act_on
from observing import note, outcome
from werkzeug.exceptions import (
    BadRequest,
    BadRequestKeyError,
    Forbidden,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
)

from flask import Blueprint, Flask, url_for

# The exceptions that a declaration can name; codes stand for themselves.
ERRORS: dict[str, type[Exception]] = {
    cls.__name__: cls
    for cls in (
        *(Exception, LookupError, ValueError, OwnError, NarrowError, HTTPException, NotFound, OwnNotFound, Forbidden),
        *(BadRequest, BadRequestKeyError, MethodNotAllowed, InternalServerError, Teapot),
    )
}


def create(declaration: dict[str, Any]) -> Flask:
    app = Flask("apps.declared", static_folder=None)
    app.config.update(SECRET_KEY="key", **declaration["config"])
    scopes: list[Any] = [app]
    for number, scope in enumerate(declaration["scopes"][1:], start=1):
        scopes.append(Blueprint(f"scope{number}", __name__, url_prefix=scope["prefix"]))
    for number, (scaffold, scope) in enumerate(zip(scopes, declaration["scopes"], strict=True)):
        fill(scaffold, scope, f"view{number}")
    # The innermost first, since a blueprint takes what is registered on it along.
    for scaffold, scope in reversed(list(zip(scopes, declaration["scopes"], strict=True))[1:]):
        scopes[scope["parent"]].register_blueprint(scaffold)
    return app


def fill(scaffold: Any, scope: dict[str, Any], view_name: str) -> None:
    for kind, name, is_async in scope["hooks"]:
        register, make = HOOKS[kind]
        if hasattr(scaffold, register):
            getattr(scaffold, register)(asynchronous(make(name)) if is_async else make(name))
    for key, name, is_async in scope["handlers"]:
        handle = handler(name)
        scaffold.register_error_handler(ERRORS.get(key, key), asynchronous(handle) if is_async else handle)
    answer = view()
    if scope["async_view"]:
        answer = asynchronous(answer)
    scaffold.add_url_rule("/", view_name, answer, methods=scope["methods"])
    scaffold.add_url_rule("/<int:number>", f"{view_name}_number", answer, defaults={"extra": view_name})


def asynchronous(function: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return call


def handler(name: str) -> Callable[[Exception], Any]:
    def handle(error: Exception) -> Any:
        note("handler", name, error, getattr(error, "original_exception", None))
        answer = act("handler")
        return (
            (f"{name} handled {type(error).__name__}", getattr(error, "code", None) or 500)
            if answer is None
            else answer
        )

    return handle


def view() -> Callable[..., Any]:
    def see(**values: Any) -> Any:
        answer = act("view")
        links = [outcome(url_for, name) for name in (".view1", "view0", "scope1.view1")]
        return f"{values} {links}" if answer is None else answer

    return see


# What registers a hook of each kind, and what makes one. Those for the whole application only blueprints have.
HOOKS: dict[str, tuple[str, Callable[[str], Callable[..., Any]]]] = {
    "before": ("before_request", lambda name: lambda: act(f"before-{name}")),
    "after": ("after_request", lambda name: lambda response: act_on(f"after-{name}", response)),
    "teardown": ("teardown_request", lambda name: lambda exc: note("teardown", name, exc)),
    "teardown of the app": ("teardown_appcontext", lambda name: lambda exc: note("teardown of the app", name, exc)),
    "values": ("url_value_preprocessor", lambda name: lambda endpoint, values: note("values", name, endpoint, values)),
    "defaults": ("url_defaults", lambda name: lambda endpoint, values: note("defaults", name, endpoint)),
    "app before": ("before_app_request", lambda name: lambda: act(f"before-{name}")),
    "app after": ("after_app_request", lambda name: lambda response: act_on(f"after-{name}", response)),
    "app teardown": ("teardown_app_request", lambda name: lambda exc: note("teardown", name, exc)),
}
