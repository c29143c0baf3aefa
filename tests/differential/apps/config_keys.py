"""The keys of the configuration, one by one: what each changes, with one value after another."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from asking import Request, ask, get, post
from observing import note, outcome, plain

from flask import (
    Flask,
    abort,
    flash,
    jsonify,
    make_response,
    render_template,
    render_template_string,
    request,
    send_file,
    session,
    url_for,
)

SETTINGS: dict[str, list[Any]] = {
    "DEBUG": [True, False, None, 1],
    "TESTING": [True],
    "PROPAGATE_EXCEPTIONS": [True, False],
    "TRAP_HTTP_EXCEPTIONS": [True],
    "TRAP_BAD_REQUEST_ERRORS": [True, False],
    "SECRET_KEY": ["other", b"bytes", "", None],
    "SECRET_KEY_FALLBACKS": [["old"], []],
    "SESSION_COOKIE_NAME": ["crumb"],
    "SESSION_COOKIE_DOMAIN": ["example.org", False, ""],
    "SESSION_COOKIE_PATH": ["/path", ""],
    "SESSION_COOKIE_HTTPONLY": [False],
    "SESSION_COOKIE_SECURE": [True],
    "SESSION_COOKIE_SAMESITE": ["Lax", "Strict", "None", "wrong"],
    "SESSION_COOKIE_PARTITIONED": [True],
    "SESSION_REFRESH_EACH_REQUEST": [False],
    "PERMANENT_SESSION_LIFETIME": [0, 3600, timedelta(days=1)],
    "USE_X_SENDFILE": [True],
    "SEND_FILE_MAX_AGE_DEFAULT": [0, 60, timedelta(minutes=2)],
    "TRUSTED_HOSTS": [["localhost"], ["other.org"]],
    "SERVER_NAME": ["localhost", "example.org:8080"],
    "APPLICATION_ROOT": ["/app", "/app/"],
    "PREFERRED_URL_SCHEME": ["https"],
    "MAX_CONTENT_LENGTH": [0, 5, 100],
    "MAX_FORM_MEMORY_SIZE": [5, None],
    "MAX_FORM_PARTS": [1, None],
    "TEMPLATES_AUTO_RELOAD": [True, False],
    "EXPLAIN_TEMPLATE_LOADING": [True],
    "MAX_COOKIE_SIZE": [10, 0],
    "PROVIDE_AUTOMATIC_OPTIONS": [False],
    "PRESERVE_CONTEXT_ON_EXCEPTION": [False],
    # Keys of releases before 2.3, which mean nothing any more.
    "JSON_AS_ASCII": [False],
    "JSON_SORT_KEYS": [False],
    "JSONIFY_PRETTYPRINT_REGULAR": [True],
    "JSONIFY_MIMETYPE": ["application/x-json"],
    "ENV": ["development"],
}

VARIANTS: dict[str, dict[str, Any]] = {"": {}} | {
    f"{name}={value!r}": {name: value} for name, values in SETTINGS.items() for value in values
}


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update({"SECRET_KEY": "key", **config})
    app.before_request(lambda: note("before"))
    app.teardown_request(lambda exc: note("teardown", exc))

    @app.route("/", methods=["GET", "POST"])
    def index() -> Any:
        return render_template_string("{{ url_for('index') }} {{ config.DEBUG }} {{ request.host }}")

    @app.route("/session")
    def use_session() -> Any:
        session["a"] = session.get("a", 0) + 1
        session.permanent = True
        flash("x")
        return plain(dict(session))

    @app.route("/form", methods=["POST"])
    def form() -> Any:
        return plain([request.form.to_dict(), sorted(request.files), request.form["a"]])

    @app.route("/data", methods=["POST"])
    def data() -> Any:
        return request.get_data()

    app.add_url_rule("/json", "json", lambda: jsonify(b=1, a=["é", None]), provide_automatic_options=None)
    app.add_url_rule("/error", "error", lambda: 1 / 0)
    app.add_url_rule("/abort", "abort", lambda: abort(403))
    app.add_url_rule("/file", "file", lambda: send_file("static/hello.txt"))
    app.add_url_rule("/object", "object", lambda: send_file(io.BytesIO(b"content"), mimetype="text/plain"))
    app.add_url_rule("/template", "template", lambda: render_template("page.html", name="<b>"))
    app.add_url_rule("/no-template", "no_template", lambda: render_template("missing.html"))
    app.add_url_rule("/external", "external", lambda: url_for("index", _external=True))
    app.add_url_rule("/limits", "limits", limits)

    @app.route("/cookie")
    def cookie() -> Any:
        response = make_response("cookie")
        response.set_cookie("name", "value" * 10)
        return response

    return app


def limits() -> Any:
    """What the request says of its limits."""
    return [request.max_content_length, request.max_form_memory_size, request.max_form_parts]


FORM = {"a": "123456", "b": "x"}
VISITS: list[Request | list[Request]] = [
    *(
        get(f"/{name}")
        for name in ("", "json", "error", "abort", "file", "object", "template", "no-template", "external")
    ),
    *(get(f"/{name}") for name in ("limits", "cookie", "missing", "static/hello.txt")),
    *(ask("OPTIONS", path) for path in ("/", "/form", "/json", "/missing")),
    [get("/session"), get("/session"), get("/json"), get("/")],
    post("/form", data=FORM),
    post("/form", data={"b": "x"}),
    post("/form", data=FORM, content_type="multipart/form-data"),
    post("/form", data={"a": "1"}, content_type="multipart/form-data"),
    post("/data", data=b"x" * 50),
    post("/data", data=b"x" * 50, environ={"CONTENT_LENGTH": ""}),
]

# Keys of this project, and one of 0.8 that it still knows.
_OWN_KEYS = {"PRESERVE_CONTEXT_ON_EXCEPTION", "LOGGER_NAME", "SERVER_TIMING"}


def probe_defaults() -> Any:
    """The configuration that an application begins with."""
    config = Flask(__name__).config
    return {name: config[name] for name in sorted(config) if not name.startswith("ASGI_") and name not in _OWN_KEYS}


def probe_attributes() -> Any:
    """The attributes that stand for keys."""
    app = Flask(__name__)
    found: dict[str, Any] = {}
    for name, value in (("secret_key", "s"), ("testing", True), ("debug", True), ("permanent_session_lifetime", 60)):
        found[f"{name} before"] = plain(getattr(app, name))
        setattr(app, name, value)
        found[name] = plain([getattr(app, name), app.config[name.upper()]])
    app.config["PERMANENT_SESSION_LIFETIME"] = 7
    found["lifetime"] = app.permanent_session_lifetime
    found["jinja reload"] = outcome(lambda: app.jinja_env.auto_reload)
    app.debug = False
    found["jinja reload after"] = app.jinja_env.auto_reload
    return found
