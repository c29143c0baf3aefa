"""Functions called before, after and around requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, assert_type

import werkzeug

from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    copy_current_request_context,
    g,
    has_app_context,
    has_request_context,
    redirect,
    request,
    url_for,
)
from flask.typing import BeforeRequestCallable, ResponseReturnValue

app = Flask(__name__)
blueprint = Blueprint("part", __name__)

# -- before


@app.before_request
def nothing() -> None:
    g.user = None


@app.before_request
def perhaps() -> str | None:
    return None if request.is_secure else "Use HTTPS."


@app.before_request
def redirecting() -> werkzeug.Response | None:
    return redirect(url_for("login")) if g.user is None else None


@app.before_request
def anything() -> ResponseReturnValue | None:
    return ("No.", 403) if request.method == "DELETE" else None


@app.before_request
async def later() -> None: ...


@blueprint.before_request
async def later_perhaps() -> tuple[str, int] | None:
    return None


@blueprint.before_app_request
def everywhere() -> None: ...


# -- after


@app.after_request
def with_header(response: Response) -> Response:
    response.headers["X-Shop"] = "open"
    response.set_cookie("seen", "1", max_age=60, secure=True, httponly=True, samesite="Lax")
    return response


@app.after_request
async def with_header_later(response: Response) -> Response:
    return response


@app.after_request
def as_werkzeugs(response: werkzeug.Response) -> werkzeug.Response:
    return response


@blueprint.after_request
@blueprint.after_app_request
def of_blueprint(response: Response) -> Response:
    return response


# -- the end


@app.teardown_request
def close(error: BaseException | None) -> None: ...


@app.teardown_request
def close_with_default(error: BaseException | None = None) -> None: ...


@app.teardown_request
async def close_later(error: BaseException | None) -> None: ...


@app.teardown_appcontext
def close_database(error: BaseException | None) -> None:
    database = g.pop("database", None)
    if database is not None:
        database.close()


@blueprint.teardown_request
@blueprint.teardown_app_request
def close_for_blueprint(error: BaseException | None) -> None: ...


# -- URLs


@app.url_value_preprocessor
def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.language = values.pop("language", "en") if values else "en"


@app.url_defaults
def add_language(endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("language", g.get("language", "en"))


blueprint.url_value_preprocessor(take_language)
blueprint.app_url_value_preprocessor(take_language)
blueprint.url_defaults(add_language)
blueprint.app_url_defaults(add_language)


def external_url(error: Exception, endpoint: str, values: dict[str, Any]) -> str:
    raise error


app.url_build_error_handlers.append(external_url)

# -- decorators leave the type alone

assert_type(perhaps(), str | None)
assert_type(close(None), None)
assert_type(add_language("index", {}), None)


def same_response(response: Response) -> Response:
    assert_type(with_header(response), Response)
    assert_type(as_werkzeugs(response), werkzeug.Response)
    return of_blueprint(response)


def in_a_view() -> str:
    @after_this_request
    def add(response: Response) -> Response:
        return response

    @copy_current_request_context
    def work(number: int, *, name: str = "") -> str:
        return f"{request.path} {number} {name}"

    @copy_current_request_context
    async def work_later(number: int) -> int:
        return number

    assert_type(work(1, name="Ada"), str)
    after_this_request(lambda response: response)
    later: Callable[[int], Awaitable[int]] = work_later
    if has_request_context() and has_app_context():
        return work(2)
    return f"{add} {later}"


# -- the registries

app.before_request_funcs.setdefault(None, []).append(nothing)
app.after_request_funcs.setdefault("part", []).insert(0, with_header)
app.teardown_appcontext_funcs.append(close_database)
called_first: list[BeforeRequestCallable] = app.before_request_funcs[None]
keep: Callable[[], None] = nothing
