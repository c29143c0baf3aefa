"""What becomes of an exception: which handler answers it, and what happens if none does."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import subprocess
import sys
import traceback
import typing as t
from pathlib import Path

import pytest
from werkzeug.exceptions import (
    BadRequest,
    BadRequestKeyError,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    default_exceptions,
)
from werkzeug.routing import RequestRedirect

import flask
from flask import Blueprint, Flask, Response, abort, after_this_request, request
from flask.testing import FlaskClient
from flask.views import MethodView


class Missing(NotFound):
    """A NotFound of the program's own."""


class PaymentRequired(HTTPException):
    """An HTTP exception with a code that Werkzeug has no class for."""

    code = 402
    description = "Please pay."


def in_era(era: str, program: str) -> str:
    """What a program prints in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    ).stdout


class Errors:
    """An application whose pages raise: one of its own, one of a blueprint, one of a blueprint in that."""

    def __init__(self, app: Flask) -> None:
        app.testing = False
        self.app = app
        self.outer = Blueprint("outer", __name__, url_prefix="/outer")
        self.inner = Blueprint("inner", __name__, url_prefix="/inner")
        self.handled: list[t.Any] = []
        for scaffold in (app, self.outer, self.inner):
            scaffold.add_url_rule("/raise", endpoint="fail", view_func=self.fail)

    def fail(self) -> t.NoReturn:
        raise self.error

    def handle(self, **kinds: tuple[int | type[Exception], ...]) -> None:
        """Have errors of these kinds handled by the scaffolds of these names."""
        for name, keys in kinds.items():
            for key in keys:
                scaffold = {"app": self.app, "outer": self.outer, "inner": self.inner}[name]
                scaffold.register_error_handler(key, self.handler(name, key))

    def handler(self, name: str, key: int | type[Exception]) -> t.Callable[[Exception], str]:
        def handle(error: Exception) -> str:
            self.handled.append(error)
            return f"{name} {key if isinstance(key, int) else key.__name__}"

        return handle

    def go(self, error: Exception, path: str = "/outer/raise") -> str:
        if not self.app.blueprints:
            self.outer.register_blueprint(self.inner)
            self.app.register_blueprint(self.outer)
        self.error = error
        response = self.app.test_client().get(path)
        return response.text if response.status_code == 200 else response.status


@pytest.fixture
def errors(app: Flask) -> Errors:
    return Errors(app)


# Which handler


@pytest.mark.parametrize(
    ("kinds", "error", "expected"),
    [
        # by code, by class
        ({"app": (404,)}, NotFound(), "app 404"),
        ({"app": (404,)}, Missing(), "app 404"),
        ({"app": (NotFound,)}, Missing(), "app NotFound"),
        ({"app": (HTTPException,)}, NotFound(), "app HTTPException"),
        ({"app": (Exception,)}, NotFound(), "app Exception"),
        ({"app": (PaymentRequired, 400)}, PaymentRequired(), "app PaymentRequired"),
        ({"app": (ZeroDivisionError,)}, ZeroDivisionError(), "app ZeroDivisionError"),
        ({"app": (KeyError,)}, BadRequestKeyError("x"), "app KeyError"),
        # the most specific class
        ({"app": (404, Missing)}, Missing(), "app Missing"),
        ({"app": (Missing, 404)}, Missing(), "app Missing"),
        ({"app": (HTTPException, Exception)}, NotFound(), "app HTTPException"),
        ({"app": (Exception, ArithmeticError)}, ZeroDivisionError(), "app ArithmeticError"),
        ({"app": (BadRequest, KeyError)}, BadRequestKeyError("x"), "app BadRequest"),
        # the last one of the same kind
        ({"app": (404, NotFound)}, NotFound(), "app NotFound"),
        ({"app": (NotFound, 404)}, NotFound(), "app 404"),
        # of the code before the class alone
        ({"app": (404, HTTPException, Exception)}, NotFound(), "app 404"),
        ({"app": (404,), "outer": (HTTPException, Exception)}, NotFound(), "app 404"),
        ({"app": (404,), "outer": (HTTPException,)}, Missing(), "app 404"),
        ({"app": (403,), "outer": (HTTPException,)}, NotFound(), "outer HTTPException"),
        # of the blueprint before the application
        ({"app": (404,), "outer": (404,)}, NotFound(), "outer 404"),
        ({"app": (Missing,), "outer": (404,)}, Missing(), "outer 404"),
        ({"app": (ZeroDivisionError,), "outer": (Exception,)}, ZeroDivisionError(), "outer Exception"),
        ({"app": (404,), "outer": (403,)}, NotFound(), "app 404"),
        ({"inner": (404,)}, NotFound(), "404 NOT FOUND"),
    ],
)
def test_the_handler_of_an_error(
    errors: Errors, kinds: dict[str, tuple[int | type[Exception], ...]], error: Exception, expected: str
) -> None:
    errors.handle(**kinds)
    assert errors.go(error) == expected
    assert errors.handled == ([error] if expected != "404 NOT FOUND" else [])


@pytest.mark.parametrize(
    ("kinds", "error", "expected"),
    [
        ({"outer": (404,), "inner": (404,)}, NotFound(), "inner 404"),
        ({"app": (404,), "outer": (404,)}, NotFound(), "outer 404"),
        ({"outer": (404,), "inner": (HTTPException,)}, NotFound(), "outer 404"),
        ({"app": (404,), "inner": (Exception,)}, NotFound(), "app 404"),
        ({"app": (ZeroDivisionError,), "outer": (Exception,)}, ZeroDivisionError(), "outer Exception"),
        ({"outer": (ZeroDivisionError,), "inner": (Exception,)}, ZeroDivisionError(), "inner Exception"),
    ],
)
def test_the_handler_of_an_error_in_a_nested_blueprint(
    errors: Errors, kinds: dict[str, tuple[int | type[Exception], ...]], error: Exception, expected: str
) -> None:
    errors.handle(**kinds)
    assert errors.go(error, "/outer/inner/raise") == expected


@pytest.mark.parametrize("path", ["/raise", "/outer/nowhere", "/nowhere"])
def test_a_blueprints_handlers_are_for_its_own_views(errors: Errors, path: str) -> None:
    errors.handle(outer=(404, Exception))
    assert errors.go(NotFound(), path) == "404 NOT FOUND"


def test_a_handler_of_a_blueprint_for_the_whole_application(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__)
    shop.app_errorhandler(404)(lambda error: "the shop's")
    shop.app_errorhandler(ZeroDivisionError)(lambda error: "divided")
    app.register_blueprint(shop)
    app.add_url_rule("/divide", endpoint="divide", view_func=lambda: 1 / 0)
    assert (client.get("/nowhere").text, client.get("/divide").text) == ("the shop's", "divided")


def test_a_method_not_allowed_is_handled_by_its_code(app: Flask, client: FlaskClient) -> None:
    app.errorhandler(405)(lambda error: f"allowed: {sorted(error.valid_methods)}")
    app.add_url_rule("/", endpoint="index", methods=["POST"], view_func=lambda: "")
    assert client.get("/").text == "allowed: ['OPTIONS', 'POST']"


@pytest.mark.parametrize("kind", [HTTPException, Exception, RequestRedirect])
def test_a_redirect_by_the_routing_is_no_error(app: Flask, client: FlaskClient, kind: type[Exception]) -> None:
    app.register_error_handler(kind, lambda error: pytest.fail("called"))
    app.add_url_rule("/folder/", endpoint="folder", view_func=lambda: "")
    assert client.get("/folder").status_code == 308


@pytest.mark.parametrize("kind", [HTTPException, Exception, None])
def test_aborting_with_a_response_sends_it(app: Flask, client: FlaskClient, kind: type[Exception] | None) -> None:
    if kind is not None:
        app.register_error_handler(kind, lambda error: pytest.fail("called"))
    app.add_url_rule("/", endpoint="index", view_func=lambda: abort(Response("enough", 418, {"X-A": "1"})))
    response = client.get("/")
    assert (response.status_code, response.text, response.headers["X-A"]) == (418, "enough", "1")


def test_an_exception_with_a_response_of_its_own_and_a_code_is_handled_by_it(app: Flask, client: FlaskClient) -> None:
    @app.route("/")
    def index() -> t.NoReturn:
        raise Forbidden(response=Response("its own", 403))

    assert client.get("/").text == "its own"
    app.error_handler_spec[None][403][Forbidden] = lambda error: error.response.get_data() + b", handled"
    assert client.get("/").text == "its own, handled"


# What a handler does


def test_a_handlers_answer_may_be_what_a_view_returns(errors: Errors) -> None:
    errors.app.errorhandler(404)(lambda error: ({"error": error.code}, 200, {"X-A": "1"}))
    assert errors.go(NotFound()) == '{"error":404}\n'


def test_a_handler_may_return_the_error(errors: Errors) -> None:
    errors.app.errorhandler(HTTPException)(lambda error: error)
    assert errors.go(Forbidden()) == "403 FORBIDDEN"
    assert errors.go(PaymentRequired()) == "402 PAYMENT REQUIRED"
    assert errors.go(ZeroDivisionError()) == "500 INTERNAL SERVER ERROR"


def test_a_handler_that_returns_nothing_is_an_error(errors: Errors, caplog: pytest.LogCaptureFixture) -> None:
    errors.app.errorhandler(404)(lambda error: None)
    errors.handle(app=(500,))
    assert errors.go(NotFound()) == "app 500"
    assert isinstance(errors.handled[0].original_exception, TypeError)


def test_an_error_in_a_handler_goes_to_the_handler_for_500_only(errors: Errors) -> None:
    @errors.app.errorhandler(404)
    def fail(error: NotFound) -> t.NoReturn:
        raise ZeroDivisionError from error

    errors.handle(app=(500, ZeroDivisionError))
    assert errors.go(NotFound()) == "app 500"
    (error,) = errors.handled
    assert isinstance(error.original_exception, ZeroDivisionError)
    assert isinstance(error.original_exception.__context__, NotFound)


def test_an_abort_in_a_handler_goes_to_the_handler_for_500_only(errors: Errors) -> None:
    errors.app.errorhandler(404)(lambda error: abort(403))
    errors.handle(app=(500, 403))
    assert errors.go(NotFound()) == "app 500"


def test_an_error_in_the_handler_for_500_goes_to_the_server(errors: Errors) -> None:
    @errors.app.errorhandler(500)
    def fail(error: InternalServerError) -> t.NoReturn:
        raise ValueError("in the handler")

    told: list[BaseException | None] = []
    errors.app.teardown_request(told.append)
    error = ZeroDivisionError()
    with pytest.raises(ValueError, match="in the handler") as caught:
        errors.go(error)
    assert caught.value.__context__ is error
    assert told == [error]
    assert not flask.has_request_context()


@pytest.mark.parametrize("error", [ZeroDivisionError(), Forbidden(), BadRequest(), BadRequestKeyError("x")])
def test_a_handler_that_raises_the_error_again(errors: Errors, error: Exception) -> None:
    @errors.app.errorhandler(type(error))
    def reraise(error: Exception) -> t.NoReturn:
        raise error

    errors.handle(app=(500,))
    assert errors.go(error) == "app 500"
    assert errors.handled[0].original_exception is error
    errors.app.testing = True
    with pytest.raises(type(error)):
        errors.go(error)


# The error nobody handled


@pytest.mark.parametrize("key", [500, InternalServerError, HTTPException])
@pytest.mark.parametrize("name", ["app", "outer"])
def test_an_unhandled_error_goes_to_the_handler_for_500_as_its_original(
    errors: Errors, name: str, key: int | type[Exception]
) -> None:
    errors.handle(**{name: (key,)})
    error = ZeroDivisionError()
    assert errors.go(error) == f"{name} {key if isinstance(key, int) else key.__name__}"
    (handled,) = errors.handled
    assert isinstance(handled, InternalServerError)
    assert handled.original_exception is error


def test_aborting_with_500_is_no_unhandled_error(errors: Errors, caplog: pytest.LogCaptureFixture) -> None:
    errors.handle(app=(500,))
    error = InternalServerError()
    assert errors.go(error) == "app 500"
    assert errors.handled == [error]
    assert error.original_exception is None
    assert not caplog.records


def test_a_handler_for_exceptions_wins_over_the_one_for_500(errors: Errors, caplog: pytest.LogCaptureFixture) -> None:
    errors.handle(app=(Exception,), outer=(500,))
    error = ZeroDivisionError()
    assert errors.go(error) == "app Exception"
    assert errors.handled == [error]
    assert not caplog.records


def test_the_handlers_answer_to_an_unhandled_error_has_the_status_it_gives(errors: Errors) -> None:
    errors.app.errorhandler(500)(lambda error: ("sorry", 503))
    assert errors.go(ZeroDivisionError()) == "503 SERVICE UNAVAILABLE"


def test_the_page_for_an_unhandled_error(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    app.add_url_rule("/", endpoint="index", view_func=lambda: 1 / 0)
    response = client.get("/")
    assert (response.status, response.mimetype) == ("500 INTERNAL SERVER ERROR", "text/html")
    assert "The server encountered an internal error" in response.text
    assert "ZeroDivisionError" not in response.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_log_of_an_unhandled_error(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    app.testing = False
    app.add_url_rule("/path", endpoint="index", view_func=lambda: 1 / 0, methods=["GET", "POST"])
    client.open("/path?query=1", method=method)
    (record,) = caplog.records
    assert (record.name, record.levelno) == (app.name, logging.ERROR)
    assert record.getMessage() == f"Exception on /path [{method}]"
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
    assert "1 / 0" in (record.exc_text or logging.Formatter().formatException(record.exc_info))


def test_after_hooks_run_for_the_answer_to_an_unhandled_error(app: Flask, client: FlaskClient) -> None:
    app.testing = False

    @app.route("/")
    def index() -> t.NoReturn:
        after_this_request(lambda response: response.headers.set("X-This", "1") or response)
        raise ZeroDivisionError

    statuses = []
    app.after_request(lambda response: statuses.append(response.status_code) or response)
    response = client.get("/")
    assert (response.status_code, response.headers["X-This"], statuses) == (500, "1", [500])


def test_an_after_hook_that_raises_once_runs_again_for_the_500(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    statuses = []

    @app.after_request
    def fail_once(response: Response) -> Response:
        statuses.append(response.status_code)
        if response.status_code == 200:
            raise ZeroDivisionError
        return response

    app.errorhandler(ZeroDivisionError)(lambda error: pytest.fail("classes are not asked for errors after the view"))
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    assert client.get("/").status_code == 500
    assert statuses == [200, 500]
    assert [record.getMessage() for record in caplog.records] == ["Exception on / [GET]"]


def test_an_after_hook_that_always_raises_cannot_keep_the_500_back(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    app.after_request(lambda response: 1 / 0)
    app.errorhandler(500)(lambda error: ("sorry", 500))
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    response = client.get("/")
    assert (response.status_code, response.text) == (500, "sorry")
    assert len(caplog.records) == 2
    assert all(record.exc_info for record in caplog.records)


def test_a_return_value_that_is_no_response_is_an_unhandled_error(errors: Errors) -> None:
    errors.app.add_url_rule("/none", endpoint="none", view_func=lambda: None)
    errors.handle(app=(500, TypeError))
    assert errors.go(NotFound(), "/none") == "app 500"
    assert isinstance(errors.handled[0].original_exception, TypeError)


def test_signal_of_an_unhandled_error(errors: Errors) -> None:
    seen: list[Exception] = []

    def note(sender: Flask, exception: Exception) -> None:
        assert request.path == "/outer/raise"
        seen.append(exception)

    errors.handle(app=(KeyError,))
    with flask.got_request_exception.connected_to(note, errors.app):
        errors.go(NotFound())
        errors.go(KeyError())
        assert seen == []
        error = ZeroDivisionError()
        errors.go(error)
        assert seen == [error]
        errors.app.testing = True
        with pytest.raises(ZeroDivisionError):
            errors.go(error)
        assert seen == [error, error]


@pytest.mark.parametrize(
    ("settings", "propagates"),
    [
        ({}, False),
        ({"TESTING": True}, True),
        ({"DEBUG": True}, True),
        ({"PROPAGATE_EXCEPTIONS": True}, True),
        ({"TESTING": True, "PROPAGATE_EXCEPTIONS": False}, False),
        ({"DEBUG": True, "PROPAGATE_EXCEPTIONS": False}, False),
    ],
)
def test_when_unhandled_errors_propagate(errors: Errors, settings: dict[str, bool], propagates: bool) -> None:
    errors.app.config.update(settings)
    errors.handle(app=(500, KeyError))
    assert errors.app.propagate_exceptions is propagates
    error = ZeroDivisionError()
    if propagates:
        with pytest.raises(ZeroDivisionError) as caught:
            errors.go(error)
        assert caught.value is error
    else:
        assert errors.go(error) == "app 500"
    assert errors.go(KeyError()) == "app KeyError"  # a handler for the class is asked in any case


def test_exceptions_that_are_no_errors_go_through(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    ended = []
    app.errorhandler(Exception)(lambda error: pytest.fail("called"))
    app.teardown_request(lambda exc: ended.append(type(exc)))

    @app.route("/")
    def index() -> t.NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.get("/")
    assert ended == [KeyboardInterrupt]
    assert not flask.has_request_context()


# Registering


@pytest.mark.parametrize("code", [402, 999, 0, 308, 200])
def test_a_number_that_is_no_error_code(app: Flask, code: int) -> None:
    for scaffold in (app, Blueprint("shop", __name__)):
        with pytest.raises(ValueError, match=f"{code} is not a recognized HTTP error code.*subclass of"):
            scaffold.register_error_handler(code, str)


@pytest.mark.parametrize("wrong", [NotFound(), KeyError("x"), "404", None, 4.04])
def test_what_is_neither_a_class_nor_a_code(app: Flask, wrong: t.Any) -> None:
    with pytest.raises(TypeError, match=rf"{re.escape(repr(wrong))} is not a class.*or an HTTP error code"):
        app.errorhandler(wrong)(str)


@pytest.mark.parametrize("wrong", [str, object, BaseException, KeyboardInterrupt])
def test_a_class_of_no_errors(app: Flask, wrong: t.Any) -> None:
    with pytest.raises(ValueError, match=f"{wrong.__name__!r} is not a subclass of Exception"):
        app.errorhandler(wrong)(str)


@pytest.mark.parametrize("code", sorted(default_exceptions))
def test_every_code_with_an_exception_can_be_handled(errors: Errors, code: int) -> None:
    errors.handle(app=(code,))
    assert errors.go(default_exceptions[code]()) == f"app {code}"


def test_decorators_return_the_handler(app: Flask) -> None:
    assert app.errorhandler(404)(str) is str
    assert app.register_error_handler(404, str) is None
    assert Blueprint("shop", __name__).app_errorhandler(404)(str) is str


# The registry


def test_the_registry_reads_by_scope_code_and_class(errors: Errors) -> None:
    assert errors.app.error_handler_spec == {}
    errors.handle(app=(404, KeyError), outer=(HTTPException,))
    assert errors.app.error_handler_spec.keys() == {None}
    errors.go(NotFound())
    spec = errors.app.error_handler_spec
    assert spec.keys() == {None, "outer"}
    assert {code: list(by_class) for code, by_class in spec[None].items()} == {404: [NotFound], None: [KeyError]}
    assert list(spec["outer"][None]) == [HTTPException]


ASSIGNED = {
    "code: function": {None: {404: lambda error: "assigned"}},
    "code: {class: function}": {None: {404: {NotFound: lambda error: "assigned"}}},
    "None: [(class, function)]": {None: {None: [(HTTPException, lambda error: "assigned")]}},
    "None: {class: function}": {None: {None: {HTTPException: lambda error: "assigned"}}},
    "blueprint: {code: function}": {"outer": {404: lambda error: "assigned"}, None: {404: str}},
    "blueprint: {None: [(class, function)]}": {"outer": {None: [(NotFound, lambda error: "assigned")]}, None: {}},
    "a pair of a subclass": {None: {None: [(Exception, str), (NotFound, lambda error: "assigned")]}},
}


@pytest.mark.parametrize("spec", ASSIGNED.values(), ids=ASSIGNED.keys())
def test_the_registry_may_be_assigned_in_the_shape_of_any_era(errors: Errors, spec: t.Any) -> None:
    errors.go(Forbidden())
    errors.app.error_handler_spec = spec
    assert errors.go(NotFound()) == "assigned"


@pytest.mark.parametrize("spec", ASSIGNED.values(), ids=ASSIGNED.keys())
def test_handlers_may_be_assigned_within_the_registry_in_the_shape_of_any_era(errors: Errors, spec: t.Any) -> None:
    errors.go(Forbidden())
    for scope, by_code in spec.items():
        for code, entry in by_code.items():
            errors.app.error_handler_spec[scope][code] = entry
    assert errors.go(NotFound()) == "assigned"


def test_handlers_may_stand_in_both_shapes_at_once(errors: Errors) -> None:
    errors.app.error_handler_spec = {
        None: {404: {NotFound: lambda error: "by code"}, None: [(Missing, lambda error: "by pair")]}
    }
    assert (errors.go(NotFound()), errors.go(Missing())) == ("by code", "by pair")


def test_a_code_without_an_exception_class_may_be_assigned(errors: Errors) -> None:
    errors.app.error_handler_spec[None][402] = lambda error: "assigned"
    assert errors.go(PaymentRequired()) == "assigned"


@pytest.mark.parametrize("spec", ASSIGNED.values(), ids=ASSIGNED.keys())
def test_handlers_may_be_registered_after_others_were_assigned(errors: Errors, spec: t.Any) -> None:
    errors.app.error_handler_spec = {
        scope: {code: entry.copy() if isinstance(entry, (list, dict)) else entry for code, entry in by_code.items()}
        for scope, by_code in spec.items()
    }
    errors.handle(app=(403, 404, KeyError, PaymentRequired), outer=(410, ZeroDivisionError))
    for error, answer in {
        Forbidden(): "app 403",
        KeyError(): "app KeyError",
        PaymentRequired(): "app PaymentRequired",
        ZeroDivisionError(): "outer ZeroDivisionError",
        default_exceptions[410](): "outer 410",
    }.items():
        assert errors.go(error) == answer


def test_the_applications_handlers_by_their_name_before_0_7(errors: Errors) -> None:
    errors.app.error_handlers[404] = lambda error: "assigned"
    assert errors.go(NotFound()) == "assigned"
    errors.app.error_handlers = {404: lambda error: "replaced"}
    assert errors.go(NotFound()) == "replaced"


# The era 0.8


PROGRAM_0_8 = """
from flask import Flask, Blueprint, abort
from werkzeug.exceptions import NotFound, Forbidden, Gone, HTTPException
app = Flask("shop")
shop = Blueprint("shop", "shop")
error = None
@shop.route("/")
def index():
    raise error
def go(raised):
    global error
    error = raised
    return app.test_client().get("/").get_data(as_text=True).split("\\n")[0]
"""


def test_the_registry_of_0_8_reads_functions_by_code_and_pairs() -> None:
    program = PROGRAM_0_8 + (
        "def missing(error): return 'missing'\n"
        "def divided(error): return 'divided'\n"
        "def shops(error): return 'shop'\n"
        "print(app.error_handler_spec[None][None])\n"
        "app.errorhandler(404)(missing)\n"
        "app.errorhandler(ZeroDivisionError)(shops)\n"
        "app.errorhandler(ZeroDivisionError)(divided)\n"
        "shop.errorhandler(403)(shops)\n"
        "app.register_blueprint(shop)\n"
        "print(app.error_handler_spec[None][404] is missing)\n"
        "print(app.error_handler_spec[None][None] == [(ZeroDivisionError, divided)])\n"
        "print(app.error_handler_spec['shop'][403] is shops)\n"
        "print(go(NotFound()), go(ZeroDivisionError()), go(Forbidden()))\n"
    )
    assert in_era("0.8", program) == "[]\nTrue\nTrue\nTrue\nmissing divided shop\n"


@pytest.mark.parametrize(
    "spec",
    [
        "{None: {404: f, None: [(KeyError, f)]}, 'shop': {403: f, None: [(HTTPException, f)]}}",
        "{None: {404: {NotFound: f}, None: {KeyError: f}}, 'shop': {403: {Forbidden: f}, None: {HTTPException: f}}}",
    ],
)
def test_the_registry_may_be_assigned_in_either_shape_in_0_8(spec: str) -> None:
    program = PROGRAM_0_8 + (
        "def f(error): return type(error).__name__\n"
        f"app.error_handler_spec = {spec}\n"
        "app.register_error_handler(ZeroDivisionError, f)\n"
        "app.register_error_handler(410, f)\n"
        "shop.register_error_handler(IndexError, f)\n"
        "app.register_blueprint(shop)\n"
        "print(go(NotFound()), go(KeyError()), go(Forbidden()), go(ZeroDivisionError()),"
        " go(IndexError()), go(Gone()))\n"
    )
    assert in_era("0.8", program).split() == [
        *("NotFound", "KeyError", "Forbidden"),
        *("ZeroDivisionError", "IndexError", "Gone"),
    ]


def test_the_handler_for_500_gets_the_error_itself_in_0_8_and_a_blueprints_is_not_used() -> None:
    program = PROGRAM_0_8 + (
        "app.errorhandler(500)(lambda error: type(error).__name__)\n"
        "shop.errorhandler(500)(lambda error: 'shop')\n"
        "app.register_blueprint(shop)\n"
        "print(go(ZeroDivisionError()))\n"
    )
    assert in_era("0.8", program) == "ZeroDivisionError\n"
    assert in_era("0.11", program) == "shop\n"
    assert in_era("3.1", program) == "shop\n"


def test_stop_iteration_reaches_its_handler(app, client):
    @app.route("/")
    def first_of_none():
        return next(iter(()))

    app.register_error_handler(StopIteration, lambda error: (f"nothing there: {type(error).__name__}", 404))
    response = client.get("/")
    assert (response.status_code, response.text) == (404, "nothing there: StopIteration")


def test_the_error_that_a_generator_makes_of_stop_iteration_is_handled_as_itself(app, client):
    def items():
        yield next(iter(()))

    app.add_url_rule("/", "index", lambda: str(list(items())))
    app.register_error_handler(RuntimeError, lambda error: (f"{type(error).__name__}: {error}", 418))
    assert client.get("/").text == "RuntimeError: generator raised StopIteration"


@pytest.mark.wsgi_only("Python lets no StopIteration out of a coroutine")
def test_stop_iteration_is_raised_out_of_a_test_as_itself(app, client):
    app.add_url_rule("/", "index", lambda: next(iter(())))
    with pytest.raises(StopIteration):
        client.get("/")


def test_stop_iteration_of_a_teardown_is_raised_as_itself(app):
    app.teardown_appcontext(lambda error: next(iter(())))
    ctx = app.app_context()
    ctx.push()
    with pytest.raises(StopIteration):
        ctx.pop()


@pytest.mark.parametrize("returned", [None, "text", ("text", 200)])
def test_an_after_hook_must_return_a_response(app, client, caplog, returned):
    app.testing = False
    app.add_url_rule("/", "index", lambda: "")

    @app.after_request
    def forgetful(response):
        return returned

    assert client.get("/").status_code == 500
    assert "The after hook 'forgetful' returned" in caplog.text
    assert type(returned).__name__ in caplog.text or returned is None


def test_stop_iteration_without_a_handler_is_an_error_like_any_other(app, client, caplog):
    app.testing = False

    @app.before_request
    def first_of_none():
        next(iter(()))

    assert client.get("/").status_code == 500
    assert "StopIteration" in caplog.text


def test_the_log_of_an_unhandled_error_shows_the_programs_own_code_alone(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False

    class Page(MethodView):
        def get(self) -> t.NoReturn:
            abort(700)

    async def waiting() -> t.NoReturn:
        await asyncio.sleep(0)
        raise KeyError("tea")

    app.add_url_rule("/own", endpoint="own", view_func=lambda: 1 / 0)
    app.add_url_rule("/page", view_func=Page.as_view("page"))
    app.add_url_rule("/waiting", view_func=waiting)
    app.add_url_rule("/unfit/<name>", endpoint="unfit", view_func=lambda: "")
    for path in ("/own", "/page", "/waiting", "/unfit/tea"):
        client.get(path)
    frames = [
        [Path(frame.filename).name for frame in traceback.extract_tb(record.exc_info[2])]  # type: ignore[index]
        for record in caplog.records
    ]
    assert frames[0] == ["test_errors.py"]
    # What the program's code called is shown, whoever wrote it.
    assert frames[1][0] == "test_errors.py"
    assert frames[1][-1] == "exceptions.py"
    assert frames[2] == ["test_errors.py"]
    # An error of the call itself has none of the program's code, and is shown as it is.
    assert len(frames[3]) > 1
