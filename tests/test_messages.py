"""What the framework says about mistakes: texts that programs have come to match on, and that each names the remedy."""

from __future__ import annotations

import functools
import importlib
import io
import os
import subprocess
import sys
import typing as t
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound
from werkzeug.routing import BuildError

import flask
from flask import Blueprint, Flask, current_app, eras, g, request, session, url_for
from flask.debughelpers import DebugFilesKeyError, FormDataRoutingRedirect
from flask.views import MethodView, View

Action = Callable[[Flask], t.Any]


@pytest.fixture
def app(app: Flask) -> Flask:
    app.config.update(PRESERVE_CONTEXT_ON_EXCEPTION=False)
    return app


def says(text: str, *fragments: str) -> bool:
    """Whether a text holds all fragments."""
    missing = [fragment for fragment in fragments if fragment not in text]
    assert missing == [], text
    return True


# -- texts that programs match on --


def test_a_module_is_deprecated() -> None:
    with pytest.warns(DeprecationWarning, match="Modules are deprecated") as caught:
        flask.Module("shop.admin")
    assert [warning.filename for warning in caught] == [__file__]


def test_init_jinja_globals_is_deprecated() -> None:
    class OldFlask(Flask):
        def init_jinja_globals(self) -> None:
            self.jinja_env.globals["answer"] = 42

    app = OldFlask("old")
    with pytest.warns(DeprecationWarning, match=r"init_jinja_globals\(\) is deprecated") as caught:
        env = app.jinja_env
    assert [warning.filename for warning in caught] == [__file__]
    assert env.globals["answer"] == 42


@pytest.mark.parametrize(
    ("options", "guessed"),
    [({}, ["mimetype", "etag"]), ({"mimetype": "a/b"}, ["etag"]), ({"mimetype": "a/b", "add_etags": False}, [])],
)
def test_guessing_from_a_file_object_is_deprecated(
    app: Flask, tmp_path: Path, options: dict[str, t.Any], guessed: list[str]
) -> None:
    (tmp_path / "a.txt").write_text("text")
    with app.test_request_context(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DeprecationWarning)
        with open(tmp_path / "a.txt", "rb") as file:
            flask.send_file(file, **options).close()
    if not eras.is_old("file_object_guessing"):
        guessed = []
    assert [warning.category for warning in caught] == [DeprecationWarning] * len(guessed)
    for warning, what in zip(caught, guessed, strict=True):
        assert says(str(warning.message), what, "guessed from the name of a file object", "instead of the object")
        assert warning.filename == __file__


def test_nothing_is_guessed_from_a_file_object_without_a_name(app: Flask) -> None:
    with app.test_request_context():
        flask.send_file(io.BytesIO(b""), mimetype="a/b")  # a warning would be an error


def test_a_setup_function_after_the_first_request(app: Flask) -> None:
    app.debug = True
    app.add_url_rule("/", "index", lambda: "")
    app.test_client().get("/")
    with pytest.raises(AssertionError, match="A setup function was called") as raised:
        app.add_url_rule("/late", "late", lambda: "")
    assert says(str(raised.value), "'add_url_rule'", "imported too late", "before the application serves its first")


@pytest.mark.skipif(eras.is_old("setup_check_in_debug_only"), reason="it was not checked then")
def test_a_setup_function_after_the_registration(app: Flask) -> None:
    blueprint = Blueprint("shop", __name__)
    app.register_blueprint(blueprint)
    with pytest.raises(AssertionError, match="A setup function was called") as raised:
        blueprint.before_request(lambda: None)
    assert says(str(raised.value), "'before_request'", "'shop'", "before register_blueprint()")


@pytest.mark.skipif(not eras.is_old("post_redirect_raises"), reason="redirects keep the form today")
def test_a_redirect_that_loses_the_form(app: Flask) -> None:
    app.debug = True
    app.add_url_rule("/post/", "post", lambda: "", methods=["POST"])
    with pytest.raises(FormDataRoutingRedirect) as raised:
        app.test_client().post("/post", data={"a": "1"})
    text = str(raised.value)
    assert says(text, "Make sure to directly send your POST-request to this URL", "http://localhost/post/")
    assert isinstance(raised.value, AssertionError)


def test_a_file_that_the_form_did_not_send(app: Flask) -> None:
    app.debug = True
    app.add_url_rule("/", "upload", lambda: request.files["file"].read(), methods=["POST"])
    with pytest.raises(DebugFilesKeyError) as raised:
        app.test_client().post("/", data={"file": "index.txt"})
    quoted = '"index.txt"' if eras.is_old("form_files_quotes") else "'index.txt'"
    text = str(raised.value)
    assert says(text, "no file contents were transmitted", f"This was submitted: {quoted}", "multipart/form-data")
    assert isinstance(raised.value, KeyError)


def test_an_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("a_program_with_an_error")
    app.add_url_rule("/", "index", lambda: 1 // 0)
    assert app.test_client().get("/").status_code == 500
    (record,) = caplog.records
    assert record.getMessage() == "Exception on / [GET]"
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_a_session_of_a_client_without_cookies(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    for kind in (TypeError, RuntimeError):
        with pytest.raises(kind, match=r"(?i)cookies") as raised, client.session_transaction():
            pass
        assert says(str(raised.value), "use_cookies=False", "app.test_client()")


def test_a_session_that_is_not_opened(app: Flask) -> None:
    app.secret_key = None
    with pytest.raises(RuntimeError, match="Session backend did not open a session") as raised:
        app.test_client().session_transaction().__enter__()
    assert says(str(raised.value), "secret key")


# -- no context --

OUTSIDE: dict[str, tuple[Callable[[], t.Any], str]] = {
    "request": (lambda: request.path, "request"),
    "session": (lambda: session["user"], "request"),
    "flash": (lambda: flask.flash("hello"), "request"),
    "get_flashed_messages": (flask.get_flashed_messages, "request"),
    "send_file": (lambda: flask.send_file("a"), "request"),
    "current_app": (lambda: current_app.name, "application"),
    "g": (lambda: g.user, "application"),
    "url_for": (lambda: url_for("index"), "application"),
    "render_template": (lambda: flask.render_template("a.html"), "application"),
    "render_template_string": (lambda: flask.render_template_string("a"), "application"),
    "make_response": (lambda: flask.make_response("a"), "application"),
    "jsonify": (lambda: flask.jsonify(a=1), "application"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_context(name: str) -> None:
    use, kind = OUTSIDE[name]
    with pytest.raises(RuntimeError, match=f"Working outside of {kind} context") as raised:
        use()
    remedy = "app.test_request_context()" if kind == "request" else "app.app_context()"
    assert says(str(raised.value), remedy)


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (flask.after_this_request, lambda response: response),
        (flask.copy_current_request_context, lambda: None),
        (flask.stream_with_context, iter([])),
    ],
)
def test_no_request_for_what_is_about_the_current_one(function: Callable[..., t.Any], argument: t.Any) -> None:
    with pytest.raises(RuntimeError) as raised:
        function(argument)
    assert says(str(raised.value), f"{function.__name__}()", "the current request", "from a view")


# -- mistakes of setting up --


class Callable_:
    def __call__(self) -> str:
        return "called"


def clash(app: Flask) -> None:
    app.add_url_rule("/a", "index", lambda: "a")
    app.add_url_rule("/b", "index", lambda: "b")


def register_twice(app: Flask) -> None:
    for _ in range(2):
        app.register_blueprint(Blueprint("shop", __name__))


def rule(text: t.Any, **options: t.Any) -> Action:
    return lambda app: app.route(text, **options)(lambda: "")


def hook(name: str) -> tuple[Action, type[Exception], tuple[str, ...]]:
    """That a hook cannot be registered where the function was called already."""
    owner: Action = (lambda app: Blueprint("shop", __name__)) if "app_" in name else (lambda app: app)
    return lambda app: getattr(owner(app), name)(None), TypeError, (f"{name}()", "None is none", "without calling it")


# A mistake, the exception, and what its text says.
SETUP: dict[str, tuple[Action, type[Exception], tuple[str, ...]]] = {
    "two views of one endpoint": (
        clash,
        AssertionError,
        ("endpoint function: index", "endpoint=...", "functools.wraps"),
    ),
    "rule without slash": (rule("index"), ValueError, ("'index'", "must start with a slash")),
    "empty rule": (rule(""), ValueError, ("''", "must start with a slash")),
    "unfinished rule": (rule("/<int:id"), ValueError, ("'/<int:id'", "malformed", "<converter:name>")),
    "rule without a name": (rule("/<>"), ValueError, ("'/<>'", "malformed", "<name>")),
    "one name twice": (rule("/<a>/<a>"), ValueError, ("'/<a>/<a>'", "'a'", "a name of its own")),
    "unknown converter": (
        rule("/<list:ids>"),
        LookupError,
        ("'/<list:ids>'", "'list'", "int", "app.url_map.converters"),
    ),
    "wrong argument": (rule("/<int(a=5):id>"), TypeError, ("'/<int(a=5):id>'", "'a'", "converter(argument=value)")),
    "route without a call": (
        lambda app: app.route(clash),
        TypeError,
        ("URL rule is text", "clash", '@app.route("/path")'),
    ),
    "rule that is None": (lambda app: app.add_url_rule(None, "a"), TypeError, ("URL rule is text", "None")),
    "methods as text": (rule("/", methods="POST"), TypeError, ("'POST'", "list of strings", 'methods=["POST"]')),
    "methods as number": (rule("/", methods=5), TypeError, ("5", "list of strings", 'methods=["POST"]')),
    "numbers as methods": (rule("/", methods=[5]), TypeError, ("[5]", "list of strings", 'methods=["POST"]')),
    "methods for get()": (
        lambda app: app.get("/", methods=["POST"])(clash),
        TypeError,
        ("'methods'", "get()", "route()"),
    ),
    "view without name": (
        lambda app: app.add_url_rule("/", view_func=functools.partial(Callable_())),
        AttributeError,
        ("functools.partial", "no name", "endpoint=..."),
    ),
    "view that is text": (
        lambda app: app.add_url_rule("/", "index", "views.index"),
        TypeError,
        ("'index'", "'views.index'"),
    ),
    "no view and no endpoint": (lambda app: app.add_url_rule("/"), AssertionError, ("view function", "endpoint")),
    "unknown status": (
        lambda app: app.errorhandler(799)(clash),
        ValueError,
        ("799", "not a recognized HTTP error code", "subclass"),
    ),
    "status as text": (lambda app: app.errorhandler("404")(clash), TypeError, ("'404'", "HTTP error code")),
    "no exception": (lambda app: app.errorhandler(int)(clash), ValueError, ("'int'", "not a subclass of Exception")),
    "handler that is None": (
        lambda app: app.register_error_handler(404, None),
        TypeError,
        ("register_error_handler()", "None", "without calling it"),
    ),
    "no blueprint": (
        lambda app: app.register_blueprint(sys),
        TypeError,
        ("'sys'", "not the module", "Blueprint object"),
    ),
    "no blueprint to nest": (
        lambda app: Blueprint("shop", __name__).register_blueprint(Blueprint),
        TypeError,
        ("<class 'flask.blueprints.Blueprint'>", "Blueprint object"),
    ),
    "one blueprint name twice": (
        register_twice,
        AssertionError if eras.is_old("blueprint_name_dots") else ValueError,
        ("'shop'", "already registered", "name=..."),
    ),
    "blueprint in itself": (
        lambda app: (lambda shop: shop.register_blueprint(shop))(Blueprint("shop", __name__)),
        ValueError,
        ("'shop'", "on itself"),
    ),
    "dot in an endpoint": (
        lambda app: Blueprint("shop", __name__).add_url_rule("/", "a.b", lambda: ""),
        AssertionError if eras.is_old("blueprint_name_dots") else ValueError,
        ("'a.b'", "dot"),
    ),
    "relative instance path": (
        lambda app: Flask("a", instance_path="here"),
        ValueError,
        ("'here'", "absolute", "abspath"),
    ),
    "no import name": (lambda app: Flask(), TypeError, ("'import_name'",)),
    "import name None": (lambda app: Flask(None), TypeError, ("import name", "None", "__name__")),
    "import name None of a blueprint": (
        lambda app: Blueprint("a", None),
        TypeError,
        ("import name", "None", "__name__"),
    ),
    "static host alone": (lambda app: Flask("a", static_host="b"), AssertionError, ("static_host", "host_matching")),
    "missing config file": (
        lambda app: app.config.from_pyfile("none.cfg"),
        FileNotFoundError,
        ("configuration file", "none.cfg", "No such file"),
    ),
    "config file of no variable": (
        lambda app: app.config.from_envvar("NO_SUCH_SETTINGS"),
        RuntimeError,
        ("'NO_SUCH_SETTINGS'", "not set", "silent=True"),
    ),
    **{
        name: hook(name)
        for name in (
            *("before_request", "after_request", "teardown_request", "context_processor", "url_defaults"),
            *("url_value_preprocessor", "before_first_request", "teardown_appcontext", "shell_context_processor"),
            *("before_app_request", "after_app_request", "teardown_app_request", "app_context_processor"),
        )
    },
}


@pytest.mark.parametrize("mistake", SETUP)
def test_mistakes_of_setting_up(app: Flask, mistake: str) -> None:
    make, kind, fragments = SETUP[mistake]
    with pytest.raises(kind) as raised:
        make(app)
    assert says(str(raised.value), *fragments)


def test_a_namespace_package_has_no_root_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "spread_out").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "spread_out", importlib.import_module("spread_out"))
    with pytest.raises(RuntimeError) as raised:
        Flask("spread_out")
    assert says(str(raised.value), "'spread_out'", "namespace package", "root_path")


@pytest.mark.parametrize(
    ("code", "era", "fragments"),
    [
        ("import flask", "0.7", ("'0.7'", "FLASK_ERA", "0.8")),
        ("from flask import eras; eras.use('4.0')", "", ("'4.0'", "flask.eras.use()", "3.1")),
        ("import flask; flask.Flask('a'); flask.eras.use('1.0')", "", ("'1.0'", "already made", "before the first")),
    ],
)
def test_an_era_that_there_is_not(code: str, era: str, fragments: tuple[str, ...]) -> None:
    environment = os.environ | {"FLASK_ERA": era}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert ended.returncode != 0
    assert says(ended.stderr.splitlines()[-1], *fragments)


# -- mistakes of views --


def returning(value: t.Any) -> Action:
    def ask(app: Flask) -> t.Any:
        app.add_url_rule("/", "index", lambda: value)
        return app.test_client().get("/")

    return ask


def in_request(action: Callable[[], t.Any]) -> Action:
    def act(app: Flask) -> t.Any:
        app.add_url_rule("/user/<int:number>", "user", lambda number: "")
        with app.test_request_context():
            return action()

    return act


def without_key(action: Callable[[], t.Any]) -> Action:
    def act(app: Flask) -> t.Any:
        app.secret_key = None
        with app.test_request_context():
            return action()

    return act


class Silent(View):
    pass


class OnlyGet(MethodView):
    methods = ["GET", "POST"]

    def get(self) -> str:
        return ""


def ask_view(view: type[View], method: str) -> Action:
    def ask(app: Flask) -> t.Any:
        app.add_url_rule("/", view_func=view.as_view("index"))
        return app.test_client().open("/", method=method)

    return ask


def ask_without_view(app: Flask) -> t.Any:
    app.add_url_rule("/", "index")
    return app.test_client().get("/")


def forget_to_return(app: Flask) -> t.Any:
    @app.after_request
    def add_header(response: t.Any) -> None:
        response.headers["X-Added"] = "1"

    return returning("")(app)


def no_static_folder(app: Flask) -> t.Any:
    app.static_folder = None
    with app.test_request_context():
        return app.send_static_file("a.txt")


def url_outside_of_a_request(app: Flask) -> t.Any:
    with app.app_context():
        return url_for("static", filename="a.txt")


VALID = ("'index'", "did not return a valid response")
TUPLE = (*VALID, "(body, status, headers)", "(body, headers)")

VIEWS: dict[str, tuple[Action, type[Exception], tuple[str, ...]]] = {
    "None": (returning(None), TypeError, (*VALID, "None", "return")),
    "None with a status": (returning((None, 201)), TypeError, (*VALID, "None")),
    "a number": (returning(5), TypeError, (*VALID, "int", "str")),
    "a set": (returning({"a"}), TypeError, (*VALID, "set", "list")),
    "a wrong status": (returning(("a", object())), TypeError, (*TUPLE, "no status")),
    "wrong headers": (returning(("a", 200, 5)), TypeError, (*TUPLE, "5 is no headers")),
    "an after hook without return": (forget_to_return, TypeError, ("'add_header'", "None", "must return the response")),
    "an endpoint without view": (ask_without_view, KeyError, ("'index'", "'/'", "@app.endpoint(...)")),
    "a class without answer": (ask_view(Silent, "GET"), NotImplementedError, ("Silent", "dispatch_request()")),
    "a method without answer": (ask_view(OnlyGet, "POST"), AssertionError, ("OnlyGet", "POST", "post()")),
    "session without key": (
        without_key(lambda: session.update(user=1)),
        RuntimeError,
        ("session is unavailable", "secret key", "app.secret_key", "SECRET_KEY"),
    ),
    "flash without key": (
        without_key(lambda: flask.flash("hello")),
        RuntimeError,
        ("session is unavailable", "secret key", "app.secret_key", "SECRET_KEY"),
    ),
    "unknown endpoint": (in_request(lambda: url_for("usr")), BuildError, ("'usr'", "Did you mean 'user'")),
    "missing value": (in_request(lambda: url_for("user")), BuildError, ("'user'", "['number']")),
    "view as endpoint": (in_request(lambda: url_for(clash)), TypeError, ("endpoint is text", "clash", "its name")),
    "scheme of a relative URL": (
        in_request(lambda: url_for("user", number=1, _scheme="https", _external=False)),
        ValueError,
        ("'_scheme'", "'_external'", "True"),
    ),
    "URL outside of a request": (url_outside_of_a_request, RuntimeError, ("'static'", "'SERVER_NAME'", "Set it")),
    "missing template": (
        in_request(lambda: flask.render_template("none.html")),
        TemplateNotFound,
        ("'none.html'", "templates", "EXPLAIN_TEMPLATE_LOADING"),
    ),
    "template without name": (
        in_request(flask.render_template),
        TypeError,
        ("render_template()", "name of a template"),
    ),
    "a file in text mode": (
        in_request(lambda: flask.send_file(io.StringIO("text"))),
        ValueError,
        ("send_file()", "binary mode", "BytesIO"),
    ),
    "no file": (in_request(lambda: flask.send_file(None)), TypeError, ("send_file()", "path of a file")),
    "bytes as a file": (
        in_request(lambda: flask.send_file(b"abc")),
        TypeError,
        ("send_file()", "'bytes'", "io.BytesIO()"),
    ),
    "a file that is not there": (in_request(lambda: flask.send_file("none.txt")), FileNotFoundError, ("none.txt",)),
    "no file of a directory": (
        in_request(lambda: flask.send_from_directory("static")),
        TypeError,
        ("send_from_directory()", "path of a file"),
    ),
    "no static folder": (no_static_folder, RuntimeError, ("static_folder", "must be set")),
    "a resource to write to": (
        lambda app: app.open_resource("a.txt", "w"),
        ValueError,
        ("'w'", "reading", "open_instance_resource()"),
    ),
    "JSON of an object": (in_request(lambda: flask.jsonify(a=object())), TypeError, ("object", "JSON", "provider")),
    "both kinds of arguments": (in_request(lambda: flask.jsonify(1, a=2)), TypeError, ()),
}


@pytest.mark.parametrize("mistake", VIEWS)
def test_mistakes_of_views(app: Flask, mistake: str) -> None:
    make, kind, fragments = VIEWS[mistake]
    with pytest.raises(kind) as raised:
        make(app)
    assert says(str(raised.value), *fragments)


@pytest.mark.parametrize("value", [(), ("a",), ("a", 200, {}, "b")])
@pytest.mark.skipif(eras.is_old("response_tuple_arguments"), reason="they are arguments of the response class then")
def test_a_tuple_of_another_length(app: Flask, value: tuple[t.Any, ...]) -> None:
    with pytest.raises(TypeError) as raised:
        returning(value)(app)
    assert says(str(raised.value), *TUPLE, f"{len(value)} parts")


def test_a_missing_template_is_known_by_its_name(app: Flask) -> None:
    app.register_blueprint(Blueprint("shop", __name__, template_folder="shop_templates"))
    with app.app_context(), pytest.raises(TemplateNotFound) as raised:
        flask.render_template("none.html")
    assert (raised.value.name, raised.value.templates) == ("none.html", ["none.html"])
    assert says(str(raised.value), os.path.join(app.root_path, "templates"), "shop_templates")
    with app.app_context():
        assert flask.render_template_string("{% include 'none.html' ignore missing %}fine") == "fine"


# -- mistakes of tests --


def test_a_client_is_in_one_with_body_only(app: Flask) -> None:
    with app.test_client() as client, pytest.raises(RuntimeError) as raised, client:
        pass
    assert says(str(raised.value), "`with` body", "another client")


def test_contexts_are_popped_in_order(app: Flask) -> None:
    outer, inner = app.test_request_context("/outer"), app.test_request_context("/inner")
    with outer, inner:
        with pytest.raises(AssertionError, match="Popped wrong context") as raised:
            outer.pop()
        assert says(str(raised.value), "/outer", "/inner", "reverse order")


def test_a_context_that_was_not_pushed_is_not_popped(app: Flask) -> None:
    for context in (app.app_context(), app.test_request_context()):
        with pytest.raises(AssertionError, match="Popped wrong context"):
            context.pop()


def test_a_base_url_says_all(app: Flask) -> None:
    with pytest.raises(AssertionError, match="base_url") as raised:
        app.test_request_context("/", base_url="http://localhost", subdomain="shop")
    assert says(str(raised.value), "subdomain", "url_scheme")
