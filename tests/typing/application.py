"""Making applications and blueprints, configuring them, and what they hold."""

from __future__ import annotations

import logging
import os
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, assert_type

import click
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, Map, Rule

import flask
from flask import Blueprint, Config, Flask, current_app

assert_type(flask.__implementation__, str)  # so that it is this Flask that is checked
assert_type(flask.__version__, str)

app = Flask(__name__)
assert_type(app, Flask)

everything = Flask(
    __name__,
    static_url_path="/assets",
    static_folder=Path("assets"),
    static_host=None,
    host_matching=False,
    subdomain_matching=True,
    template_folder=Path("pages"),
    instance_path=os.path.abspath("instance"),
    instance_relative_config=True,
    root_path=None,
)
no_files = Flask(__name__, static_folder=None, template_folder=None)

shop = Blueprint("shop", __name__)
assert_type(shop, Blueprint)

admin = Blueprint(
    "admin",
    __name__,
    static_folder=Path("static"),
    static_url_path="/static",
    template_folder="templates",
    url_prefix="/admin",
    subdomain="admin",
    url_defaults={"language": "en"},
    root_path=None,
    cli_group=None,
)
admin.register_blueprint(shop, url_prefix="/shop")
app.register_blueprint(admin, name="administration", url_prefix="/administration")


@admin.record_once
def remember(state: flask.blueprints.BlueprintSetupState) -> None:
    assert_type(state.first_registration, bool)
    assert_type(state.url_prefix, str | None)
    assert_type(state.url_defaults, dict[str, Any])
    state.app.extensions["admin"] = state.blueprint
    state.add_url_rule("/ping", view_func=lambda: "pong")


def list_rules() -> list[str]:
    assert_type(app.url_map, Map)
    return [rule.rule for rule in app.url_map.iter_rules()]


class ListConverter(BaseConverter):
    def to_python(self, value: str) -> list[str]:
        return value.split("+")

    def to_url(self, value: list[str]) -> str:
        return "+".join(value)


app.url_map.converters["list"] = ListConverter
app.url_map.add(Rule("/late", endpoint="late"))

# -- configuration

assert_type(app.config, Config)
assert_type(app.config["SECRET_KEY"], Any)
app.config["SECRET_KEY"] = "key"
app.config.update(TESTING=True, SESSION_COOKIE_SAMESITE="Lax")
app.config.setdefault("POSTS_PER_PAGE", 10)
app.config.from_object("shop.settings")
app.config.from_mapping({"A": 1}, B=2)
app.config.from_file("settings.toml", load=tomllib.load, text=False)
app.config.from_prefixed_env("SHOP")
assert_type(app.config.from_pyfile(Path("settings.py"), silent=True), bool)
assert_type(app.config.from_envvar("SHOP_SETTINGS", silent=True), bool)
assert_type(app.config.get_namespace("IMAGE_STORE_"), dict[str, Any])
limit: int = app.config["LIMIT"]

assert_type(app.debug, bool)
assert_type(app.testing, bool)
assert_type(app.secret_key, str | bytes | None)
assert_type(app.permanent_session_lifetime, timedelta)
app.debug = True
app.testing = True
app.secret_key = b"bytes will do"
app.permanent_session_lifetime = timedelta(days=1)

# -- what it holds

assert_type(app.name, str)
assert_type(app.import_name, str)
assert_type(app.root_path, str)
assert_type(app.instance_path, str)
assert_type(app.static_folder, str | None)
assert_type(app.static_url_path, str | None)
assert_type(app.has_static_folder, bool)
assert_type(app.logger, logging.Logger)
assert_type(app.extensions, dict[str, Any])
assert_type(app.jinja_options, dict[str, Any])
app.logger.info("%s is up", app.name)
commands: click.Group = app.cli

with app.app_context() as ctx:
    assert_type(ctx.app, Flask)
    assert_type(current_app.config["LIMIT"], Any)
    current_app.logger.warning("The name is %s.", current_app.name)
    assert_type(current_app.ensure_sync(list_rules), Callable[..., Any])

with app.test_request_context("/search?q=tea", method="POST", json={"n": 1}) as request_ctx:
    assert_type(request_ctx.app, Flask)
    assert_type(request_ctx.request, flask.Request)

with app.open_resource("schema.sql", "r") as schema:
    schema.read()
with app.open_instance_resource("log.txt", "a", encoding="utf-8") as log:
    log.write("line")

# -- as a WSGI application

app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)  # type: ignore[method-assign]
both = DispatcherMiddleware(app, {"/admin": everything})


class Extension:
    """An extension as they are mostly written: made with or without an application."""

    def __init__(self, app: Flask | None = None) -> None:
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        app.extensions["extension"] = self
        app.teardown_appcontext(self.close)

    def close(self, error: BaseException | None) -> None: ...


def create_app(test_config: dict[str, Any] | None = None) -> Flask:
    made = Flask(__name__, instance_relative_config=True)
    made.config.from_mapping(test_config or {})
    Extension(made)
    made.add_url_rule("/", endpoint="index")
    made.add_url_rule("/rules", "rules", list_rules, methods=["GET"], defaults={"page": 1})
    return made


if __name__ == "__main__":
    create_app().run("0.0.0.0", port=8080, debug=True, use_reloader=False)
