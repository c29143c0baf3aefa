"""Redirects and url_for in all its variants, with handlers of build errors and defaults."""

from __future__ import annotations

import itertools
from typing import Any

from asking import Request, get, post
from observing import note, outcome
from werkzeug.routing import BuildError

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request, url_for

VARIANTS: dict[str, dict[str, Any]] = {"": {}, "debug": {"DEBUG": True}, "root": {"APPLICATION_ROOT": "/app"}}

LOCATIONS = [
    *(
        "/",
        "relative",
        "../up",
        "?query",
        "#anchor",
        "",
        "//host/path",
        "http://other.org/ü?ä=ö#ß",
        "/ü",
        "/a b",
        "/%zz",
    ),
    *("/a%20b", "http://user:pw@h/", "mailto:x@y", "javascript:alert(1)", "/a\\b", "http://é.org/", "/x;y", "/<b>&\"'"),
    *("/tab\there", "/100%", "http://[::1]/", "/\U0001f600"),
]
CODES = [301, 302, 303, 304, 305, 307, 308]


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(config)
    outer = Blueprint("outer", __name__, url_prefix="/outer")
    inner = Blueprint("inner", __name__, url_prefix="/inner")
    app.add_url_rule("/", "index", see, methods=["GET", "POST"])
    app.add_url_rule("/user/<name>", "user", see)
    app.add_url_rule("/user/<name>/<int:page>", "user", see)
    app.add_url_rule("/self/<self>", "self", see)
    app.add_url_rule("/by-method", "get_it", see, methods=["GET"])
    app.add_url_rule("/secure/<path:path>", "path", see)
    app.add_url_rule("/defaulted/", "defaulted", see, defaults={"page": 1})
    app.add_url_rule("/defaulted/<int:page>", "defaulted", see)
    outer.add_url_rule("/", "index", see)
    outer.add_url_rule("/<name>", "user", see)
    inner.add_url_rule("/", "index", see)
    outer.register_blueprint(inner)
    app.register_blueprint(outer)

    @app.route("/redirect", methods=["GET", "POST"])
    def go() -> Any:
        return redirect(request.args["to"], int(request.args.get("code", 302)))

    @app.route("/redirect-class")
    def go_by_class() -> Any:
        class Own(Response):
            default_mimetype = "text/plain"

        return redirect("/x", Response=Own)

    app.add_url_rule("/redirect-app", "by_app", lambda: current_app.redirect("/x", 303))
    app.add_url_rule("/abort-redirect", "abort", lambda: abort(redirect("/x")))
    app.add_url_rule("/not-redirect", "not_redirect", lambda: redirect("/x", 200))
    app.add_url_rule("/no-text", "no_text", lambda: redirect(None))  # type: ignore[arg-type]  # a mistake
    return app


def see(**values: Any) -> Any:
    arguments: list[tuple[str, dict[str, Any]]] = [
        ("index", {}),
        (".index", {}),
        ("user", {"name": "a b"}),
        (".user", {"name": "é/ü"}),
        ("outer.index", {}),
        ("outer.inner.index", {}),
        ("inner.index", {}),
        (".inner.index", {}),
        ("user", {"name": "x", "page": 2}),
        ("user", {"name": "x", "page": "y"}),
        ("user", {"name": None}),
        ("user", {}),
        ("defaulted", {"page": 1}),
        ("defaulted", {}),
        ("path", {"path": "a/b c"}),
        ("self", {"self": "x", "app": "y"}),
        ("get_it", {"_method": "POST"}),
        ("get_it", {"_method": "GET"}),
        ("static", {"filename": "a b.txt"}),
        ("", {}),
        (".", {}),
        ("missing", {}),
    ]
    return [f"{name} {more}: {outcome(url_for, name, **more)}" for name, more in arguments]


VISITS: list[Request | list[Request]] = [
    *(get(path) for path in ("/", "/user/x", "/outer/", "/outer/x", "/outer/inner/", "/defaulted/", "/defaulted/1")),
    *(get(path, base_url="https://example.org:444/root/") for path in ("/", "/outer/x")),
    *(get("/redirect", query_string={"to": location}) for location in LOCATIONS),
    *(get("/redirect", query_string={"to": "/x", "code": code}) for code in [*CODES, 200, 404, 999]),
    *(get("/redirect", query_string={"to": "http://o.org/", "code": code}, base_url="https://h/r") for code in CODES),
    *(get(path) for path in ("/redirect-class", "/redirect-app", "/abort-redirect", "/not-redirect", "/no-text")),
    post("/redirect?to=/x", data={"a": "b"}),
    post("/defaulted/1"),
]


def probe_options() -> Any:
    """Anchors, methods, schemes, and whether a URL is external, in all combinations."""
    app, found = create(), {}
    choices = {
        "_anchor": [None, "x y", "ü#", ""],
        "_method": [None, "GET"],
        "_scheme": [None, "https", "ftp", ""],
        "_external": [None, True, False],
    }
    with app.test_request_context("/outer/", base_url="http://h.org:8080/root"):
        for combination in itertools.product(*choices.values()):
            options = {name: value for name, value in zip(choices, combination, strict=True) if value is not None}
            found[str(options)] = outcome(url_for, "user", name="n", q=["1", "2"], **options)
    return found


def probe_build_error_handlers() -> Any:
    """Handlers of build errors: asked one after another."""
    app, found = create(), {}

    def note_and(answer: Any) -> Any:
        def handle(error: BuildError, endpoint: str, values: dict[str, Any]) -> Any:
            note(endpoint, values, error)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return handle

    with app.test_request_context("/"):
        for name, answers in {
            "none": [],
            "None": [None],
            "text": ["/found"],
            "the second": [None, "/second"],
            "the first": ["/first", "/second"],
            "empty": [""],
            "another error": [BuildError("other", {}, None), "/after"],
            "a foreign error": [ValueError(), "/after"],
        }.items():
            app.url_build_error_handlers[:] = [note_and(answer) for answer in answers]
            found[name] = outcome(url_for, "missing", a=1, _anchor="x", _external=True)
            found[f"{name}, known"] = outcome(url_for, "index", a=1)
    return found


def probe_without_request() -> Any:
    """URLs outside of requests."""
    app = create()
    with app.app_context():
        outside = outcome(url_for, "index")
    app.config["SERVER_NAME"] = "example.org"
    with app.app_context():
        inside = [outcome(url_for, name, **more) for name in ("index", ".index") for more in ({}, {"_external": False})]
    return {
        "no name": outside,
        "name": inside,
        "no context": outcome(url_for, "index"),
        "app": outcome(app.url_for, "index"),
    }


def probe_overridden() -> Any:
    """The application's own url_for and redirect are what the functions call."""

    class Own(Flask):
        def url_for(self, endpoint: str, **options: Any) -> str:
            note("url_for", endpoint, options)
            return super().url_for(endpoint, **options)

        def redirect(self, location: str, code: int = 302) -> Any:
            note("redirect", location, code)
            return super().redirect(f"{location}?own", code)

        def inject_url_defaults(self, endpoint: str, values: dict[str, Any]) -> None:
            note("inject", endpoint, values)
            values["injected"] = "yes"

        def handle_url_build_error(self, error: Exception, endpoint: str, values: dict[str, Any]) -> str:
            note("build error", endpoint, values)
            return "/error"

    app = Own(__name__)
    app.add_url_rule("/", "index", lambda: redirect(url_for("index", x=1, _anchor="a")))
    app.add_url_rule("/missing", "lost", lambda: url_for("missing", x=1))
    client = app.test_client()
    return [client.get("/").headers["Location"], client.get("/missing").text]


def probe_redirect_outside() -> Any:
    """Redirects without an application."""
    response = redirect("/x", 307)
    return [type(response).__module__.split(".")[0], response.status, response.headers["Location"]]
