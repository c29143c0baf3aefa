"""Names that are not there and arguments that do not fit: each marked line is refused, and no other."""

# pyright: standard
# What follows from a mistake is left aside here, so that each line shows the mistake alone.

from __future__ import annotations

from collections.abc import Iterator

import flask
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    stream_with_context,
    url_for,
)
from flask.json.provider import JSONProvider
from flask.sessions import SessionInterface

app = Flask(__name__)
flask.rediret("/")  # refused: attr-defined, reportAttributeAccessIssue
Flask()  # refused: call-arg, reportCallIssue
Flask(__name__, template_dir="pages")  # refused: call-arg, reportCallIssue
Flask(__name__, static_folder=7)  # refused: arg-type, reportArgumentType
Blueprint("part")  # refused: call-arg, reportCallIssue
app.register_blueprint(app)  # refused: arg-type, reportArgumentType
app.rout("/")  # refused: attr-defined, reportAttributeAccessIssue
app.request_class = Response  # refused: assignment, reportAttributeAccessIssue
app.session_interface = SessionInterface  # refused: assignment, reportAttributeAccessIssue
app.json = JSONProvider  # refused: assignment, reportAttributeAccessIssue
app.config.from_pyfile(7)  # refused: arg-type, reportArgumentType
app.run(port="5000")  # refused: arg-type, reportArgumentType


def misspelt() -> None:
    from flask import render_tempalte  # refused: attr-defined, reportAttributeAccessIssue

    render_tempalte("index.html")


def in_a_view() -> None:
    url_for()  # refused: call-arg, reportCallIssue
    url_for("index", _external="yes")  # refused: arg-type, reportArgumentType
    redirect(302, "/")  # refused: arg-type, reportArgumentType
    render_template(7)  # refused: arg-type, reportArgumentType
    request.args.get("page", type="int")  # refused: call-overload, reportArgumentType
    print(request.form["page"] + 1)  # refused: operator, reportOperatorIssue
    request.view_args["page"]  # refused: index, reportOptionalSubscript
    request.methods  # refused: attr-defined, reportAttributeAccessIssue
    session.user = "Ada"  # refused: attr-defined, reportAttributeAccessIssue
    session[7] = "Ada"  # refused: index, reportArgumentType
    g["user"] = "Ada"  # refused: reportIndexIssue
    current_app.secret  # refused: attr-defined, reportAttributeAccessIssue


def after_abort(item: str | None) -> str:
    if item is None:
        abort(404)
        item = "never"  # refused: unreachable
    return item


def no_way_out(item: str) -> str:  # refused: return, reportReturnType
    if item:
        abort(404)


@stream_with_context
def rows(first: int) -> Iterator[str]:
    yield str(first)


rows("1")  # refused: arg-type, reportArgumentType


class Interface(SessionInterface):
    def open_session(self, app: Flask) -> None: ...  # refused: override, reportIncompatibleMethodOverride
