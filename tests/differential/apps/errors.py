"""Error handlers by code and by class, of an application and of two blueprints, one nested in the other: which one is
asked, and what becomes of what it does.
"""

from __future__ import annotations

import contextlib
from typing import Any

from asking import Request, get, post
from deeds import OUTCOMES, NarrowError, OwnError, OwnNotFound, Teapot, act
from observing import note, outcome
from werkzeug.exceptions import (
    BadRequest,
    BadRequestKeyError,
    Conflict,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
)

from flask import Blueprint, Flask, Response, abort

# Which handlers there are, by the name of the variant: for the application, the outer and the inner blueprint.
VARIANTS: dict[str, dict[str, Any]] = {
    "none": {"keys": ([], [], [])},
    "codes": {"keys": ([404, 500, 400], [404], [])},
    "codes inside": {"keys": ([], [500], [404, 405])},
    "classes": {"keys": ([Exception, HTTPException], [OwnError], [])},
    "base classes": {"keys": ([HTTPException], [LookupError], [NarrowError, NotFound])},
    "code or class": {"keys": ([404, NotFound], [HTTPException], [Exception])},
    "narrow": {"keys": ([LookupError, OwnError], [OwnNotFound], [BadRequestKeyError])},
    "internal": {"keys": ([InternalServerError, ValueError], [], [500])},
    "internal and all": {"keys": ([Exception, 500], [], [])},
    "teapot": {"keys": ([Teapot], [HTTPException], [])},
    "all, debug": {"keys": ([Exception], [], []), "DEBUG": True},
    "code, debug": {"keys": ([500, 404], [], []), "DEBUG": True},
    "code, testing": {"keys": ([500, 404], [], []), "TESTING": True},
    "codes, trapped": {"keys": ([404, 500, Forbidden], [], []), "TRAP_HTTP_EXCEPTIONS": True},
    "classes, trapped": {"keys": ([NotFound, HTTPException], [], [Exception]), "TRAP_HTTP_EXCEPTIONS": True},
    "bad requests, trapped": {"keys": ([400, BadRequestKeyError], [], []), "TRAP_BAD_REQUEST_ERRORS": True},
}


def create(keys: tuple[list[Any], ...], **config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key", **config)
    outer = Blueprint("outer", __name__, url_prefix="/outer")
    inner = Blueprint("inner", __name__, url_prefix="/inner")
    for scaffold, name, of_scope in zip((app, outer, inner), ("app", "outer", "inner"), keys, strict=True):
        for key in of_scope:
            scaffold.errorhandler(key)(handler(f"{name} {key if isinstance(key, int) else key.__name__}"))
        scaffold.add_url_rule("/", f"view_{name}", lambda: act("view") or "fine")
    app.after_request(lambda response: note("after", response.status_code) or response)
    app.teardown_request(lambda exc: note("teardown", exc))
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    return app


def handler(name: str) -> Any:
    def handle(error: Exception) -> Any:
        note("handler", name, error, getattr(error, "original_exception", None))
        answer = act("handler")
        if answer is not None:
            return answer
        return f"{name} handled {type(error).__name__}", getattr(error, "code", 599)

    return handle


VISITS: list[Request | list[Request]] = [
    *(get(path, query_string={"view": deed}) for path in ("/", "/outer/", "/outer/inner/") for deed in OUTCOMES),
    *(get(path) for path in ("/missing", "/outer/missing", "/outer/inner/missing", "/outer", "/outer/inner")),
    *(post(path) for path in ("/", "/outer/inner/")),
    # What the handler does in turn.
    *(get(f"/outer/inner/?view={view}&handler={deed}") for view in ("abort-404", "own-error") for deed in OUTCOMES),
]


def probe_what_can_be_registered() -> dict[str, Any]:
    """Which keys are refused."""
    keys: dict[str, Any] = {
        "404": 404,
        "999": 999,
        "200": 200,
        "308": 308,
        "text": "404",
        "None": None,
        "a class that is none of exceptions": int,
        "BaseException": BaseException,
        "KeyboardInterrupt": KeyboardInterrupt,
        "an instance": NotFound(),
        "another instance": ValueError(),
        "HTTPException": HTTPException,
        "True": True,
    }
    found: dict[str, Any] = {}
    for name, key in keys.items():
        found[name] = outcome(lambda key=key: Flask(__name__).register_error_handler(key, str))
        found[f"{name}, decorated"] = outcome(lambda key=key: Blueprint("b", __name__).errorhandler(key)(str) is str)
        found[f"{name}, app"] = outcome(lambda key=key: Blueprint("b", __name__).app_errorhandler(key)(str) is str)
    return found


def probe_registry() -> Any:
    """What the registry reads like."""
    app = Flask(__name__)
    app.register_error_handler(404, abs)
    app.register_error_handler(NotFound, bool)
    app.register_error_handler(OwnNotFound, bytes)
    app.register_error_handler(ValueError, chr)
    app.register_error_handler(ValueError, dir)
    spec = app.error_handler_spec
    return {
        str(scope): [
            [code, [[cls.__name__, f.__name__] for cls, f in of_code.items()]] for code, of_code in codes.items()
        ]
        for scope, codes in spec.items()
    }


def probe_abort() -> dict[str, Any]:
    """What can be aborted with, and an aborter of the user's."""

    class Own(Flask.aborter_class):  # type: ignore[name-defined]  # a class attribute
        def __init__(self) -> None:
            super().__init__(extra={777: Teapot})

    class App(Flask):
        aborter_class = Own

    found: dict[str, Any] = {}
    for where, context in (("inside", App(__name__).app_context()), ("outside", contextlib.nullcontext())):
        with context:
            for code in (404, 777, 778, 200, 302, "404", None, Response("x"), NotFound, NotFound()):
                found[f"{type(code).__name__} {code if isinstance(code, int) else ''} {where}"] = outcome(abort, code)
            found[f"description {where}"] = outcome(described, 404, "own words")
            found[f"keywords {where}"] = outcome(described, 405, valid_methods=["GET"])
            found[f"response {where}"] = outcome(described, 401, response=Response("y"))
    return found


def described(code: int, *args: Any, **kwargs: Any) -> Any:
    try:
        abort(code, *args, **kwargs)
    except HTTPException as error:
        return [error.description, error.response is not None, getattr(error, "valid_methods", None)]


def probe_app_handlers_of_a_blueprint() -> Any:
    """Handlers that a blueprint registers for the application."""
    app, blueprint = Flask(__name__), Blueprint("b", __name__)
    blueprint.app_errorhandler(404)(lambda error: ("of the blueprint", 404))
    blueprint.app_errorhandler(Conflict)(lambda error: ("conflict", 409))
    app.register_blueprint(blueprint)
    return app.test_client().get("/missing").text


def probe_called_by_hand() -> Any:
    """The stages for exceptions, called as an extension might."""
    app = Flask(__name__)
    app.register_error_handler(ValueError, lambda error: "value")
    app.register_error_handler(404, lambda error: "missing")

    def handle(stage: str, error: Exception) -> Any:
        try:
            raise error
        except Exception:
            answer = getattr(app, stage)(error)
            return getattr(answer, "status", answer)

    with app.test_request_context("/"):
        return {
            "user": outcome(handle, "handle_user_exception", ValueError()),
            "user, unknown": outcome(handle, "handle_user_exception", KeyError()),
            "user, HTTP": outcome(handle, "handle_user_exception", NotFound()),
            "HTTP": outcome(handle, "handle_http_exception", NotFound()),
            "HTTP, unknown": outcome(handle, "handle_http_exception", BadRequest()),
            "HTTP without code": outcome(handle, "handle_http_exception", HTTPException()),
            "exception": outcome(handle, "handle_exception", KeyError()),
            "trapped": outcome(app.trap_http_exception, NotFound()),
            "trapped key": outcome(app.trap_http_exception, BadRequestKeyError()),
        }
