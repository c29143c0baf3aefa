"""Hooks and handlers that would fail when they are called: each marked line is refused, and no other."""

# pyright: standard
# What follows from a mistake is left aside here, so that each line shows the mistake alone.

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, after_this_request
from flask.cli import ScriptInfo, pass_script_info

app = Flask(__name__)
blueprint = Blueprint("part", __name__)


@app.before_request  # refused: type-var, reportArgumentType
def with_argument(request: object) -> None: ...


@app.before_request  # refused: type-var, reportArgumentType
def returns_number() -> int:
    return 1


@app.after_request  # refused: type-var, reportArgumentType
def forgets_to_return(response: Response) -> None: ...


@app.after_request  # refused: type-var, reportArgumentType
def takes_nothing() -> Response:
    return Response()


@blueprint.teardown_request  # refused: type-var, reportArgumentType
def takes_no_error() -> None: ...


@app.teardown_appcontext  # refused: type-var, reportArgumentType
def takes_exceptions_only(error: Exception) -> None: ...


@app.context_processor  # refused: type-var, reportArgumentType
def gives_a_list() -> list[str]:
    return []


@blueprint.app_context_processor  # refused: type-var, reportArgumentType
def gives_nothing() -> None: ...


@app.url_value_preprocessor  # refused: type-var, reportArgumentType
def expects_values(endpoint: str, values: dict[str, Any]) -> None: ...


@app.url_defaults  # refused: type-var, reportArgumentType
def takes_one(values: dict[str, Any]) -> None: ...


@app.errorhandler(404)  # refused: type-var, reportArgumentType
def answers_with_number(error: Exception) -> int:
    return 404


@app.errorhandler(404)  # refused: type-var, reportArgumentType
def takes_no_error_either() -> str:
    return ""


@app.errorhandler("404")  # refused: arg-type, reportArgumentType
def for_text(error: Exception) -> str:
    return ""


@app.errorhandler(BaseException)  # refused: arg-type, reportArgumentType
def for_everything(error: BaseException) -> str:
    return ""


@app.template_test()  # refused: type-var, reportArgumentType
def counts(value: str) -> int:
    return len(value)


@app.shell_context_processor  # refused: type-var, reportArgumentType
def names() -> list[str]:
    return []


@pass_script_info  # refused: arg-type, reportArgumentType
def takes_application(app: Flask, name: str) -> None: ...


@pass_script_info
def takes_info(info: ScriptInfo, name: str) -> None: ...


takes_info(ScriptInfo(), "name")  # refused: call-arg, arg-type, reportCallIssue
after_this_request(takes_nothing)  # refused: arg-type, reportArgumentType
app.register_error_handler(404, answers_with_number)  # refused: arg-type, reportArgumentType
