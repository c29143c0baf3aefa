"""What hooks, views and handlers do when a request asks for it.

``/page?before=abort-404`` has the hook named ``before`` abort with 404. So one application shows every stage in every
mood.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from observing import note
from werkzeug.exceptions import Forbidden, HTTPException, NotFound

import flask
from flask import Response, request, session


class OwnError(LookupError):
    """An exception that only the application knows."""


class NarrowError(OwnError):
    """A more special one."""


class OwnNotFound(NotFound):
    """An HTTP exception of the application's."""


class Teapot(HTTPException):
    """One with a code of its own."""

    code = 499
    description = "short and stout"


def act(name: str) -> Any:
    """Note that something was called, and do what the request wants of it."""
    wanted = request.args.get(name)
    note(name)
    return DEEDS[wanted](name) if wanted is not None else None


def act_on(name: str, response: Response) -> Response:
    """The same for an after hook, which returns a response."""
    response.headers.add("X-After", name)
    answer = act(name)
    return response if answer is None else flask.make_response(answer)


def raising(make: Callable[[str], BaseException]) -> Callable[[str], NoReturn]:
    def deed(name: str) -> NoReturn:
        raise make(name)

    return deed


def aborting(code: Any) -> Callable[[str], NoReturn]:
    def deed(name: str) -> NoReturn:
        flask.abort(code)

    return deed


def remember(name: str) -> None:
    session[name] = session.get(name, 0) + 1


def after_this(name: str) -> None:
    @flask.after_this_request
    def late(response: Response) -> Response:
        note("after this request", name)
        response.headers["X-Late"] = name
        return response


def stream(name: str) -> Any:
    def items() -> Any:
        note("stream begins")
        yield f"{name} "
        note("stream ends")
        yield "end"

    return items()


def fail_in_handling(name: str) -> NoReturn:
    try:
        raise OwnError(name)
    except OwnError as error:
        raise ValueError(name) from error


def hand_out(thing: Any) -> Callable[[str], Any]:
    return lambda name: thing


# What returns an answer, or raises something.
OUTCOMES: dict[str, Callable[[str], Any]] = {
    "answer": lambda name: f"answered by {name}",
    "empty": hand_out(""),
    "tuple": lambda name: (name, 202, {"X-Tuple": name}),
    "json": lambda name: {"by": name},
    "response": lambda name: Response(name, 203),
    "redirect": lambda name: flask.redirect(f"/to/{name}"),
    "stream": stream,
    "false": hand_out(False),
    "number": hand_out(7),
    "exception": lambda name: NotFound(name),
    "value-error": raising(ValueError),
    "own-error": raising(OwnError),
    "stop": raising(StopIteration),
    "narrow-error": raising(NarrowError),
    "chained": fail_in_handling,
    "own-not-found": raising(OwnNotFound),
    "teapot": raising(Teapot),
    "forbidden": raising(Forbidden),
    "abort-400": aborting(400),
    "abort-404": aborting(404),
    "abort-405": aborting(405),
    "abort-500": aborting(500),
    "abort-503": aborting(503),
    "abort-response": lambda name: flask.abort(Response(name, 418)),
    "abort-unknown": aborting(777),
    "missing-key": lambda name: request.form["missing"],
    "not-json": lambda name: request.get_json(),
    "exit": raising(SystemExit),
    "generator-exit": raising(GeneratorExit),
    "interrupt": raising(KeyboardInterrupt),
}

# What goes on as if nothing had been.
EFFECTS: dict[str, Callable[[str], Any]] = {
    "flash": lambda name: flask.flash(name, "from a hook"),
    "remember": remember,
    "after-this": after_this,
    "keep": lambda name: setattr(flask.g, "kept", name),
    "log": lambda name: flask.current_app.logger.warning("%s was here", name),
}

DEEDS = OUTCOMES | EFFECTS
