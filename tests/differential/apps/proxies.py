"""``request``, ``session``, ``g`` and ``current_app``: objects that stand for others."""

from __future__ import annotations

import copy
from typing import Any

from observing import outcome
from werkzeug.local import LocalProxy

from flask import Flask, Request, current_app, g, request, session
from flask.ctx import AppContext, RequestContext
from flask.globals import app_ctx, request_ctx

PROXIES: dict[str, Any] = {
    "request": request,
    "session": session,
    "g": g,
    "current_app": current_app,
    "app_ctx": app_ctx,
    "request_ctx": request_ctx,
}

OPERATIONS: dict[str, Any] = {
    "bool": bool,
    "is a LocalProxy": lambda proxy: isinstance(proxy, LocalProxy),
    "is a request": lambda proxy: isinstance(proxy, Request),
    "is an app": lambda proxy: isinstance(proxy, Flask),
    "is a context": lambda proxy: isinstance(proxy, (AppContext, RequestContext)),
    "class": lambda proxy: proxy.__class__.__name__,
    "type": lambda proxy: type(proxy) is LocalProxy,
    "hash": lambda proxy: hash(proxy) == hash(proxy._get_current_object()),
    "equal": lambda proxy: proxy == proxy._get_current_object(),
    "unequal": lambda proxy: proxy != proxy._get_current_object(),
    "equal to None": lambda proxy: proxy == None,  # noqa: E711  # what is tested
    "len": len,
    "iterated": lambda proxy: sorted(map(str, proxy)),
    "contains": lambda proxy: "key" in proxy,
    "item": lambda proxy: proxy["key"],
    "item set": lambda proxy: proxy.__setitem__("other", 1),
    "item deleted": lambda proxy: proxy.__delitem__("other"),
    "attribute": lambda proxy: proxy.no_such_attribute,
    "attribute set": lambda proxy: setattr(proxy, "some_attribute", 1),
    "attribute again": lambda proxy: proxy.some_attribute,
    "attribute deleted": lambda proxy: delattr(proxy, "some_attribute"),
    "has": lambda proxy: hasattr(proxy, "no_such_attribute"),
    "default": lambda proxy: getattr(proxy, "no_such_attribute", "default"),
    "dir": lambda proxy: "__class__" in dir(proxy),
    "callable": callable,
    "add": lambda proxy: proxy + 1,
    "or": lambda proxy: proxy | {"merged": 1} != proxy,
    "less": lambda proxy: proxy < 1,
    "int": int,
    "enter": lambda proxy: proxy.__enter__,
    "vars": lambda proxy: isinstance(vars(proxy), dict),
    "doc": lambda proxy: type(proxy.__doc__).__name__,
    "wrapped": lambda proxy: type(proxy.__wrapped__).__name__,
    "name": lambda proxy: proxy.__name__,
    "copy": lambda proxy: copy.copy(proxy) is proxy,
    "await": lambda proxy: proxy.__await__,
}


def operations() -> Any:
    found = {}
    for name, proxy in PROXIES.items():
        for operation, function in OPERATIONS.items():
            if operation in ("copy", "enter") and name.endswith("ctx"):
                continue  # nothing that a program would do
            found[f"{name} {operation}"] = outcome(function, proxy)
    return found


def make() -> Flask:
    app = Flask(__name__)
    app.secret_key = "key"
    return app


def probe_inside() -> Any:
    """What can be done with them while a request is active."""
    with make().test_request_context("/?key=1"):
        session["key"] = "value"
        g.key = "value"
        return operations()


def probe_outside() -> Any:
    """The same with nothing active."""
    return operations()


def probe_app_context() -> Any:
    """The same with an application active."""
    with make().app_context():
        return operations()
