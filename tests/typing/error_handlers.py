"""Error handlers, for codes and for classes as narrow as they like."""

from __future__ import annotations

from typing import Any, NoReturn, assert_never, assert_type

from werkzeug import Response
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, NotFound

from flask import Blueprint, Flask, abort, current_app, jsonify, render_template
from flask.typing import ErrorHandlerCallable, ResponseReturnValue


class OutOfStock(Exception):
    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item


app = Flask(__name__)
blueprint = Blueprint("part", __name__)


@app.errorhandler(404)
def not_found(error: NotFound) -> tuple[str, int]:
    return render_template("404.html", url=error.description), 404


@app.errorhandler(BadRequest)
def bad_request(error: BadRequest) -> str:
    return str(error.description)


@app.errorhandler(OutOfStock)
def out_of_stock(error: OutOfStock) -> ResponseReturnValue:
    return {"item": error.item}, 409


@app.errorhandler(HTTPException)
def as_json(error: HTTPException) -> Response:
    response = error.get_response()
    response.data = jsonify(code=error.code, name=error.name).data
    return response


@app.errorhandler(Exception)
def pass_through(error: Exception) -> HTTPException | tuple[str, int]:
    return error if isinstance(error, HTTPException) else ("Sorry.", 500)


@app.errorhandler(500)
async def server_error(error: InternalServerError) -> tuple[str, int]:
    current_app.logger.error("%r", error.original_exception)
    return "Sorry.", 500


@app.errorhandler(KeyError)
@app.errorhandler(ValueError)
def unexpected(error: KeyError | ValueError) -> str:
    return repr(error)


@blueprint.errorhandler(404)
@blueprint.app_errorhandler(404)
def of_blueprint(error: Exception) -> str:
    return ""


app.register_error_handler(OutOfStock, out_of_stock)
app.register_error_handler(404, not_found)
app.register_error_handler(403, lambda error: ("No.", 403))
handler: ErrorHandlerCallable = not_found

assert_type(not_found(NotFound()), tuple[str, int])
assert_type(bad_request(BadRequest()), str)
assert_type(of_blueprint(ValueError()), str)

# -- abort() ends the function


def must_have(item: str | None) -> str:
    if item is None:
        abort(404, description="No such item.")
    assert_type(item, str)
    return item


def only_two(answer: bool) -> str:
    match answer:
        case True:
            return "yes"
        case False:
            abort(400)
    assert_never(answer)


def always() -> NoReturn:
    abort(Response("As it is.", 418))


def in_an_expression(items: dict[str, Any]) -> Any:
    return items.get("a") or abort(404)


def by_application() -> NoReturn:
    current_app.aborter(404)
