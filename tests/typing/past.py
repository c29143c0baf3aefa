"""Names and members of earlier releases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, assert_type

import flask.sessions
from flask import (
    Blueprint,
    Flask,
    Markup,
    Module,
    Session,
    _app_ctx_stack,  # pyright: ignore[reportPrivateUsage]
    _compat,  # pyright: ignore[reportPrivateUsage]
    _request_ctx_stack,  # pyright: ignore[reportPrivateUsage]
    escape,
    ext,
    exthook,
    g,
    json_available,
    module,
    request,
    safe_join,
    scaffold,
    signals_available,
)
from flask.json import JSONDecoder, JSONEncoder

assert_type(Markup("<b>") + escape("<"), Markup)
assert_type(safe_join("/wiki", "page.txt"), str)
assert_type(signals_available, bool)
assert_type(json_available, bool)
assert_type(_request_ctx_stack.top, Any)
_app_ctx_stack.top.database = object()
_compat.text_type("a")
ext.sqlalchemy.SQLAlchemy()
print(exthook, module, scaffold)
old_part = Module(__name__, "part")


class OwnSession(Session):
    pass


class OwnEncoder(JSONEncoder):
    def default(self, o: Any) -> Any:
        return str(o) if isinstance(o, timedelta) else super().default(o)


app = Flask(__name__, static_path="/static")
app.json_encoder = OwnEncoder
app.json_decoder = JSONDecoder
app.session_cookie_name = "shop"
app.use_x_sendfile = True
app.register_module(old_part)
blueprint = Blueprint("part", __name__)


@app.before_first_request
def warm_up() -> None: ...


@blueprint.before_app_first_request
def warm_up_part() -> None: ...


assert_type(warm_up(), None)
assert_type(app.got_first_request, bool)
assert_type(app.env, str)
assert_type(app.propagate_exceptions, bool)
assert_type(app.logger_name, str)
assert_type(app.error_handlers, Any)


def view() -> str:
    assert_type(request.is_xhr, bool)
    assert_type(request.module, str | None)
    g.database = flask.sessions.NullSession()
    return str(escape(request.args["name"]))
