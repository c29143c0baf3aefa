"""The request and what else belongs to it: session, `g`, the current application."""

from __future__ import annotations

from typing import Any, assert_type

from werkzeug.datastructures import (
    Authorization,
    FileStorage,
    Headers,
    ImmutableMultiDict,
    MIMEAccept,
    MultiDict,
)
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

import flask
from flask import Flask, Request, current_app, g, request, session
from flask.ctx import AppContext, RequestContext
from flask.globals import app_ctx, request_ctx
from flask.sessions import SessionMixin


def of_the_request() -> None:
    assert_type(request, Request)
    assert_type(request.method, str)
    assert_type(request.path, str)
    assert_type(request.full_path, str)
    assert_type(request.url, str)
    assert_type(request.host, str)
    assert_type(request.scheme, str)
    assert_type(request.root_path, str)
    assert_type(request.query_string, bytes)
    assert_type(request.remote_addr, str | None)
    assert_type(request.server, tuple[str, int | None] | None)
    assert_type(request.headers, Headers)
    assert_type(request.cookies, ImmutableMultiDict[str, str])
    assert_type(request.mimetype, str)
    assert_type(request.content_length, int | None)
    assert_type(request.accept_mimetypes, MIMEAccept)
    assert_type(request.authorization, Authorization | None)
    assert_type(request.is_json, bool)
    assert_type(request.is_secure, bool)
    assert_type(request.environ["wsgi.input"], Any)


def what_flask_adds() -> None:
    assert_type(request.endpoint, str | None)
    assert_type(request.blueprint, str | None)
    assert_type(request.blueprints, list[str])
    assert_type(request.url_rule, Rule | None)
    assert_type(request.view_args, dict[str, Any] | None)
    assert_type(request.routing_exception, HTTPException | None)
    assert_type(request.max_content_length, int | None)
    assert_type(request.max_form_memory_size, int | None)
    assert_type(request.max_form_parts, int | None)
    request.max_content_length = 2**20
    request.max_form_parts = None
    if request.url_rule is not None:
        print(request.url_rule.methods)


def data() -> None:
    assert_type(request.args["page"], str)
    assert_type(request.args.get("page"), str | None)
    assert_type(request.args.get("page", 1, type=int), int)
    assert_type(request.args.getlist("tag"), list[str])
    assert_type(request.args.getlist("id", type=int), list[int])
    assert_type(request.args.to_dict(), dict[str, str])
    assert_type(request.form["name"], str)
    assert_type(request.form.get("name", ""), str)
    assert_type(request.values.get("name"), str | None)
    assert_type(request.files["file"], FileStorage)
    assert_type(request.files.get("file"), FileStorage | None)
    request.files["file"].save("there")
    assert_type(request.headers.get("X-Name"), str | None)
    assert_type(request.headers["X-Name"], str)
    assert_type(request.json, Any)
    assert_type(request.get_json(), Any)
    assert_type(request.get_json(force=True, silent=True), Any | None)
    assert_type(request.get_data(), bytes)
    assert_type(request.get_data(as_text=True), str)
    assert_type(request.data, bytes)
    request.stream.read(10)
    name: str = request.view_args["name"] if request.view_args else ""
    print(name, dict(request.form), "q" in request.args)
    for key, file in request.files.items(multi=True):
        print(key, file.filename)
    parsed: MultiDict[str, str] = request.form
    print(parsed)


def of_the_session() -> None:
    assert_type(session, SessionMixin)
    assert_type(session["user"], Any)
    assert_type(session.get("user"), Any | None)
    session["user"] = {"name": "Ada"}
    session.update(theme="dark")
    session.setdefault("cart", []).append("tea")
    session.pop("user", None)
    session.permanent = True
    session.modified = True
    assert_type(session.new, bool)
    del session["theme"]
    session.clear()
    if "user" in session and session:
        print(list(session), dict(session))


def free_for_all() -> None:
    g.database = object()
    assert_type(g.anything, Any)
    assert_type(g.get("user"), Any)
    g.pop("user", None)
    g.setdefault("count", 0)
    g.count += 1
    del g.count
    if "user" in g:
        g.user.greet()
    print(list(g))


def of_the_application() -> None:
    assert_type(current_app, Flask)
    assert_type(current_app.config["A"], Any)
    assert_type(current_app.name, str)
    current_app.logger.debug("%s", current_app.root_path)
    assert_type(app_ctx, AppContext)
    assert_type(request_ctx, RequestContext)
    assert_type(request_ctx.request, Request)
    assert_type(app_ctx.app, Flask)
    if current_app and request and session:
        print(flask.has_request_context())


def not_a_proxy() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]
