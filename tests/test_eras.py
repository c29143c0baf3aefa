"""The eras: each row of the table of differences, seen from outside, in a process of each era.

This file is also a program: it prints what each probe finds in the era of its process.
"""

from __future__ import annotations

import ast
import functools
import inspect
import json
import logging
import os
import subprocess
import sys
import tempfile
import typing as t
import warnings
from collections import Counter
from pathlib import Path

import pytest

import flask
from flask import Blueprint, Flask, eras

SOURCE = Path(eras.__file__).parent

#: Row of the table -> what tells the eras apart, what it finds before `since`, and what since.
PROBES: dict[str, tuple[t.Callable[[], t.Any], t.Any, t.Any]] = {}


def probe(before: t.Any, after: t.Any) -> t.Callable[[t.Callable[[], t.Any]], t.Callable[[], t.Any]]:
    """Register a function, named as a row of the table: it finds one thing before the row's release, another since."""

    def register(function: t.Callable[[], t.Any]) -> t.Callable[[], t.Any]:
        PROBES[function.__name__] = (function, before, after)
        return function

    return register


def outcome(function: t.Callable[[], t.Any]) -> t.Any:
    """What a function returns, or the name of what it raises."""
    try:
        return function()
    except Exception as error:
        return type(error).__name__


def answer(view: t.Callable[[], t.Any], **request: t.Any) -> t.Any:
    """The response to a view."""
    app = Flask("probe")
    app.add_url_rule("/", "view", view, methods=["GET", "POST"])
    return app.test_client().open("/", **request)


# What each row means


@probe(before=["late", "late"], after=["AssertionError", "AssertionError"])
def setup_check_in_debug_only() -> t.Any:
    app, blueprint = Flask("probe"), Blueprint("b", "probe")
    app.register_blueprint(blueprint)
    app.test_client().get("/")

    def register_late(target: t.Any) -> str:
        target.add_url_rule("/late", "late", lambda: "late")
        return "late"

    return [outcome(functools.partial(register_late, target)) for target in (app, blueprint)]


@probe(before="a.b", after="ValueError")
def blueprint_name_dots() -> t.Any:
    return outcome(lambda: Blueprint("a.b", "probe").name)


@probe(before=[200, 200], after="ValueError")
def blueprint_registered_again() -> t.Any:
    app, blueprint = Flask("probe"), Blueprint("b", "probe")
    blueprint.add_url_rule("/", "index", lambda: "")

    def register() -> list[int]:
        app.register_blueprint(blueprint, url_prefix="/one")
        app.register_blueprint(blueprint, url_prefix="/two")
        return [app.test_client().get(url).status_code for url in ("/one/", "/two/")]

    return outcome(register)


@probe(before="FormDataRoutingRedirect", after=308)
def post_redirect_raises() -> t.Any:
    app = Flask("probe")
    app.debug = True
    app.config["PRESERVE_CONTEXT_ON_EXCEPTION"] = False
    app.add_url_rule("/form/", "form", lambda: "", methods=["POST"])
    return outcome(lambda: app.test_client().post("/form", data={"a": "b"}).status_code)


@probe(before=["", "v1", "v2"], after=["api", "v1.api", "v2.api"])
def nested_subdomains() -> t.Any:
    app, outer = Flask("probe", subdomain_matching=True), Blueprint("outer", "probe", subdomain="api")
    for name, own, given in (("none", None, {}), ("own", "v1", {}), ("given", "v1", {"subdomain": "v2"})):
        inner = Blueprint(name, "probe", subdomain=own)
        inner.add_url_rule(f"/{name}", "view", lambda: "")
        outer.register_blueprint(inner, **given)
    app.register_blueprint(outer)
    return [rule.subdomain for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


@probe(before="http://shop.example/root/next", after="next")
def location_absolute() -> t.Any:
    app = Flask("probe")
    app.add_url_rule("/", "view", lambda: flask.redirect("next"))
    return app.test_client().get("/", base_url="http://shop.example/root").headers["Location"]


@probe(before=[200, 404], after=[200, 200])
def server_name_matching() -> t.Any:
    app = Flask("probe")
    app.config["SERVER_NAME"] = "shop.example"
    app.add_url_rule("/", "index", lambda: "")
    hosts = ("http://shop.example", "http://elsewhere.example")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [app.test_client().get("/", base_url=host).status_code for host in hosts]


@probe(before=[".shop.example", None], after=[None, None])
def server_name_cookie_domain() -> t.Any:
    app = Flask("probe")
    domains = []
    for name in ("shop.example:5000", "localhost:5000"):
        app.config["SERVER_NAME"] = name
        domains.append(app.session_interface.get_cookie_domain(app))
    return domains


@probe(before="None", after="UnsupportedMediaType")
def request_json_none() -> t.Any:
    with Flask("probe").test_request_context("/", data="text"):
        return outcome(lambda: repr(flask.request.json))


@probe(before=[{"username": "u", "password": "p"}, None], after=["Authorization", "Authorization"])
def authorization_dict() -> t.Any:
    found = []
    for header in ("Basic dTpw", "Bearer token"):
        with Flask("probe").test_request_context(headers={"Authorization": header}):
            said: t.Any = flask.request.authorization
            found.append(dict(said) if isinstance(said, dict) else said and type(said).__name__)
    return found


@probe(before="TypeError", after=[1])
def jsonify_objects_only() -> t.Any:
    with Flask("probe").test_request_context("/"):
        return outcome(lambda: flask.jsonify([1]).get_json())


@probe(before="of the application", after="of the blueprint")
def blueprint_500_unused() -> t.Any:
    app, blueprint = Flask("probe"), Blueprint("b", "probe")
    blueprint.add_url_rule("/", "fail", lambda: 1 / 0)
    blueprint.register_error_handler(500, lambda error: "of the blueprint")
    app.register_error_handler(500, lambda error: "of the application")
    app.register_blueprint(blueprint)
    return app.test_client().get("/").text


@probe(before="ZeroDivisionError", after="InternalServerError")
def handler_500_gets_original() -> t.Any:
    app = Flask("probe")
    app.add_url_rule("/", "fail", lambda: 1 / 0)
    app.register_error_handler(500, lambda error: type(error).__name__)
    return app.test_client().get("/").text


@probe(before=["/", False], after=[None, False])
def context_kept_on_exception() -> t.Any:
    app = Flask("probe")
    app.debug = True
    app.add_url_rule("/", "fail", lambda: 1 / 0)
    outcome(lambda: app.test_client().get("/"))
    kept = flask.request.path if flask.request else None
    app.test_client().get("/nothing")  # the next request ends what is kept
    return [kept, flask.has_request_context()]


@probe(before=["body", "end"], after=["end", "body", "end"])
def client_keeps_context() -> t.Any:
    app, events = Flask("probe"), []
    app.add_url_rule("/", "index", lambda: "")
    app.teardown_request(lambda error: events.append("end"))
    with app.test_client() as client:
        client.get("/")
        assert flask.request.path == "/"
        events.append("body")
    return events


@probe(before=["/mod/", "/", "/mod/", "/mod/"], after=["/", "/mod/", "/mod/", "BuildError"])
def module_endpoints() -> t.Any:
    app = Flask("probe")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = flask.Module("probe.mod", url_prefix="/mod")
    for target in (module, app):
        target.add_url_rule("/", "index", lambda: "")
    app.register_module(module)
    with app.test_request_context("/mod/"):
        endpoints = ("index", ".index", "mod.index", ".mod.index")
        return [outcome(functools.partial(flask.url_for, endpoint)) for endpoint in endpoints]


@probe(before=["function", "list"], after=["dict", "dict"])
def handler_spec_flat() -> t.Any:
    app = Flask("probe")
    app.register_error_handler(404, lambda error: "gone")
    app.register_error_handler(KeyError, lambda error: "what key?")
    handlers = app.error_handler_spec[None]
    return ["function" if inspect.isfunction(handlers[404]) else "dict", type(handlers[None]).__name__]


@probe(before=[201, "text/plain"], after="TypeError")
def response_tuple_arguments() -> t.Any:
    app = Flask("probe")
    with app.test_request_context("/"):

        def make() -> list[t.Any]:
            response = app.make_response(("text", 201, {"X-Header": "a"}, "text/plain"))  # type: ignore[arg-type]
            return [response.status_code, response.mimetype]

        return outcome(make)


@probe(before=r'"\/\u003c"', after=r'"/\u003c"')
def tojson_slashes() -> t.Any:
    with Flask("probe").app_context():
        return flask.render_template_string("{{ '/<'|tojson|safe }}")


@probe(before=None, after="/")
def default_application_root() -> t.Any:
    return Flask.default_config["APPLICATION_ROOT"]


@probe(before=False, after=None)
def default_trap_bad_request() -> t.Any:
    return Flask.default_config["TRAP_BAD_REQUEST_ERRORS"]


@probe(before=[False, False], after=[None, True])
def default_debug() -> t.Any:
    os.environ["FLASK_DEBUG"] = "1"
    try:
        return [Flask.default_config["DEBUG"], Flask("probe").debug]
    finally:
        del os.environ["FLASK_DEBUG"]


PAST_KEYS = ("ENV", "JSON_AS_ASCII", "JSON_SORT_KEYS", "JSONIFY_MIMETYPE", "LOGGER_HANDLER_POLICY")


@probe(before=[*PAST_KEYS, "production"], after=["production"])
def config_lists_past_keys() -> t.Any:
    config = Flask("probe").config
    return [*(key for key in PAST_KEYS if key in config), config["ENV"]]


@probe(before=[True, True, False], after=[False, True, False])
def development_debugs() -> t.Any:
    flags = []
    for debug in ("", "1", "0"):
        os.environ.update(FLASK_ENV="development", FLASK_DEBUG=debug)
        flags.append(flask.helpers.get_debug_flag())
    del os.environ["FLASK_ENV"], os.environ["FLASK_DEBUG"]
    return flags


@probe(before=[True, True, "application/json"], after=[None, None, None])
def json_config_unset() -> t.Any:
    config = Flask("probe").config
    return [config[key] for key in ("JSON_AS_ASCII", "JSON_SORT_KEYS", "JSONIFY_MIMETYPE")]


@probe(before='{\n  "a": 1\n}\n', after='{"a":1}\n')
def jsonify_debug() -> t.Any:
    app = Flask("probe")
    app.config.update(JSONIFY_PRETTYPRINT_REGULAR=False, DEBUG=True)
    with app.test_request_context():
        return flask.jsonify(a=1).get_data(as_text=True)


@probe(before='{\n  "a": 1\n}\n', after='{"a":1}\n')
def jsonify_readable() -> t.Any:
    with Flask("probe").test_request_context():
        return flask.jsonify(a=1).get_data(as_text=True)


@probe(before='{"a":1}\n', after='{\n  "a": 1\n}\n')
def jsonify_xhr() -> t.Any:
    app = Flask("probe")
    app.config["JSONIFY_PRETTYPRINT_REGULAR"] = True
    with app.test_request_context(headers={"X-Requested-With": "XMLHttpRequest"}):
        return flask.jsonify(a=1).get_data(as_text=True)


@probe(before={"extensions": ["jinja2.ext.autoescape", "jinja2.ext.with_"]}, after={})
def default_jinja_extensions() -> t.Any:
    return dict(Flask.jinja_options)


def send_this_file(**headers: str) -> t.Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return answer(lambda: flask.send_file(os.path.abspath(__file__)), headers=headers, buffered=True)


@probe(before=200, after=304)
def send_file_unconditional() -> t.Any:
    return send_this_file(**{"If-None-Match": send_this_file().headers["ETag"]}).status_code


@probe(before=[43200, "12:00:00"], after=[None, "None"])
def send_file_max_age() -> t.Any:
    return [send_this_file().cache_control.max_age, str(Flask("probe").send_file_max_age_default)]


@probe(
    before=["text/plain", True, ["DeprecationWarning", "DeprecationWarning"]],
    after=["application/octet-stream", False, []],
)
def file_object_guessing() -> t.Any:
    with warnings.catch_warnings(record=True) as caught, tempfile.NamedTemporaryFile(suffix=".txt") as file:
        warnings.simplefilter("always", DeprecationWarning)
        response = answer(lambda: flask.send_file(t.cast(t.BinaryIO, file)))
        response.close()
    assert {warning.filename for warning in caught} <= {__file__}
    return [response.mimetype, "ETag" in response.headers, [warning.category.__name__ for warning in caught]]


@probe(before=None, after="inline; filename=name.txt")
def inline_files_unnamed() -> t.Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "name.txt")
        path.write_text("text")
        response = answer(lambda: flask.send_file(path))
        response.close()
    return response.headers.get("Content-Disposition")


@probe(before=True, after=False)
def form_files_quotes() -> t.Any:
    app = Flask("probe")
    app.debug = True
    with app.test_request_context("/", method="POST", data={"upload": "index.txt"}):
        try:
            flask.request.files["upload"]
        except KeyError as error:
            return '"index.txt"' in str(error)


@probe(before=["import.name", False, True], after=["name", True, False])
def logger_own_handlers() -> t.Any:
    app = Flask("import.name")
    app.name = "name"
    logger = app.logger
    usual = flask.logging.default_handler in logger.handlers
    return [logger.name, usual, any(handler.stream is sys.stderr for handler in logger.handlers if not usual)]


@probe(before=False, after=True)
def request_owns_g() -> t.Any:
    app = Flask("probe")
    with app.app_context():
        flask.g.user = "ada"
        with app.test_request_context("/"):
            return "user" in flask.g


@probe(before="/two", after="/one")
def argument_order() -> t.Any:
    # `static_path` and `static_url_path`, or `static_url_path` and `static_folder`.
    return Flask("probe", "/one", "/two").static_url_path


@probe(before=False, after=True)
def file_argument_order() -> t.Any:
    # The fifth argument: `add_etags`, or `conditional`.
    response = answer(
        lambda: flask.send_file(os.path.abspath(__file__), "text/plain", False, None, False), buffered=True
    )
    return "ETag" in response.headers


# The table holds in every era


@functools.cache
def found_in(era: str) -> dict[str, t.Any]:
    """What the probes find in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run([sys.executable, __file__], env=environment, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    return t.cast("dict[str, t.Any]", json.loads(process.stdout))


@pytest.mark.parametrize("row", eras.DIFFERENCES)
def test_each_difference_shows_before_its_release_and_not_since(row):
    _, before, after = PROBES[row]
    since = eras.ERAS.index(eras.DIFFERENCES[row].since)
    expected = {era: before if number < since else after for number, era in enumerate(eras.ERAS)}
    assert {era: found_in(era)[row] for era in eras.ERAS} == expected


def test_every_row_and_nothing_else_is_probed():
    assert set(PROBES) == set(eras.DIFFERENCES)


def test_since_is_an_era_and_not_the_oldest():
    assert {difference.since for difference in eras.DIFFERENCES.values()} <= set(eras.ERAS[1:])


def test_rows_say_what_was_what_is_and_why():
    for row, difference in eras.DIFFERENCES.items():
        sentences = (difference.before, difference.after, difference.why)
        assert all(sentence.endswith(".") for sentence in sentences), row
        assert difference.before != difference.after


# Who reads the table


def asked_for() -> t.Iterator[tuple[str, str, str]]:
    """Each question to the table in the framework: the function asked, the row, and where."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            function = ast.unparse(node.func).removeprefix("eras.")
            if function in {"is_old", "ByEra", "positional"}:
                row = node.args[0]
                assert isinstance(row, ast.Constant), f"{path}:{node.lineno} asks for a row that is not written there."
                yield function, str(row.value), f"{path.relative_to(SOURCE)}:{node.lineno}"


def test_only_rows_of_the_table_are_asked_for_and_all_of_them():
    assert {row for _, row, _ in asked_for()} == set(eras.DIFFERENCES)


def test_a_row_is_read_at_one_place():
    # `positional` marks a signature, of which a row may concern several.
    places = Counter(row for function, row, _ in asked_for() if function != "positional")
    signatures = {row for function, row, _ in asked_for() if function == "positional"}
    assert {row: count for row, count in places.items() if count > 1 or row in signatures} == {}


# What several rows together make of the environment, as measured in releases of each era


@pytest.mark.parametrize("era", ["0.8", "0.12", "1.0", "1.1", "2.0", "2.2", "2.3", "3.1"])
@pytest.mark.parametrize(
    ("environment", "name"),
    [({}, "production"), ({"FLASK_ENV": "development"}, "development"), ({"FLASK_ENV": "testing"}, "testing")],
)
def test_environment_and_debug_mode_of_an_application(era, environment, name):
    program = "import flask; app = flask.Flask('a'); print(app.config['ENV'], app.env, app.debug, app.config['DEBUG'])"
    debugs = name == "development" and "1.0" <= era <= "2.2"
    assert run(program, FLASK_ERA=era, **environment).stdout.split() == [name, name, str(debugs), str(debugs)]


@pytest.mark.parametrize("era", ["0.8", "2.0", "2.2", "3.1"])
def test_a_provider_of_json_decides_where_the_settings_of_the_past_are_untouched(era):
    program = (
        "import flask\n"
        "app = flask.Flask('a')\n"
        "app.json.sort_keys, app.json.ensure_ascii, app.json.mimetype = False, False, 'a/b'\n"
        "response = app.json.response(b='Ä', a=1)\n"
        "print(response.get_data(as_text=True).split(), response.mimetype)\n"
    )
    assert '"b":"Ä","a":1' in run(program, FLASK_ERA=era, PYTHONUTF8="1").stdout.replace("', '", "").replace(" ", "")


# Choosing an era


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name != "FLASK_ERA"}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**own, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("environment", [{}, {"FLASK_ERA": ""}])
def test_the_newest_era_is_the_default(environment):
    assert run("from flask import eras; print(eras.current())", **environment).stdout == "3.1\n"


@pytest.mark.parametrize("era", eras.ERAS)
def test_the_environment_chooses_the_era(era):
    assert found_in(era)["era"] == era


@pytest.mark.parametrize("era", ["0.7", "3.2", "0.8.1", "newest", "2"])
def test_an_unknown_era_is_refused_when_flask_is_imported(era):
    process = run("import flask", FLASK_ERA=era)
    assert process.returncode == 1
    assert f"There is no era {era!r} of Flask" in process.stderr
    assert "0.8, 0.9, 0.10" in process.stderr


def test_use_chooses_an_era_before_anything_is_built():
    process = run(
        "import flask, inspect\n"
        "flask.eras.use('0.8')\n"
        "print(flask.eras.current(), flask.Flask.default_config['APPLICATION_ROOT'])\n"
        "print([*inspect.signature(flask.Flask).parameters][1])\n"
        "flask.eras.use('3.1')\n"
        "print(flask.eras.current(), flask.Flask.default_config['APPLICATION_ROOT'])\n"
        "print([*inspect.signature(flask.Flask).parameters][1])\n"
    )
    assert process.stdout.splitlines() == ["0.8 None", "static_path", "3.1 /", "static_url_path"]


def test_use_wins_over_the_environment():
    process = run("from flask import eras; eras.use('1.0'); print(eras.current())", FLASK_ERA="0.8")
    assert process.stdout == "1.0\n"


@pytest.mark.parametrize("build", ["flask.Flask('a')", "flask.Blueprint('a', 'a')"])
def test_use_is_refused_once_something_was_built(build):
    process = run(
        "import flask\n"
        f"{build}\n"
        "flask.eras.use('3.1')\n"  # no change
        "try:\n"
        "    flask.eras.use('0.8')\n"
        "except RuntimeError as error:\n"
        "    print(flask.eras.current(), error)\n"
    )
    assert process.stdout.startswith("3.1 The era cannot change to '0.8'")


def test_use_refuses_an_unknown_era_and_keeps_the_old_one():
    process = run(
        "from flask import eras\n"
        "try:\n"
        "    eras.use('4.0')\n"
        "except ValueError as error:\n"
        "    print(eras.current(), error)\n"
    )
    assert process.stdout.startswith("3.1 There is no era '4.0' of Flask")


# Arguments by position


@pytest.fixture
def new_order(monkeypatch):
    """No row is old in this process, as if the era were the newest."""
    monkeypatch.setattr(eras, "_old", frozenset())


@pytest.fixture
def old_order(monkeypatch):
    """The row `argument_order` is old in this process, as if the era were before 1.0."""
    monkeypatch.setattr(eras, "_old", frozenset({"argument_order"}))


@eras.positional("argument_order", "first", "second", "third")
def ordered(second="2", first="1", *, third="3", **others):
    return first, second, third, others


def test_positions_of_today(new_order):
    assert ordered("b", "a", other=5) == ("a", "b", "3", {"other": 5})


def test_positions_of_the_past(old_order):
    assert ordered() == ("1", "2", "3", {})
    assert ordered("a", "b") == ("a", "b", "3", {})
    assert ordered("a", second="b") == ("a", "b", "3", {})
    assert ordered("a", "b", "c", other=5) == ("a", "b", "c", {"other": 5})


def test_too_many_positions_of_the_past(old_order):
    with pytest.raises(TypeError, match=r"at most 3 positional arguments in the era .*: first, second, third"):
        ordered("a", "b", "c", "d")


def test_a_position_of_the_past_and_its_name(old_order):
    with pytest.raises(TypeError, match="two values for the argument 'first'"):
        ordered("a", first="b")


# Attributes by era


class Base:
    setting = eras.ByEra("default_debug", "before", "after")


class Override(Base):
    setting = "own"


def test_attribute_by_era(new_order, monkeypatch):
    assert (Base.setting, Base().setting, Override.setting) == ("after", "after", "own")
    monkeypatch.setattr(eras, "_old", frozenset({"default_debug"}))
    assert (Base.setting, Base().setting, Override().setting) == ("before", "before", "own")
    instance = Base()
    instance.setting = "assigned"
    assert (instance.setting, Base().setting) == ("assigned", "before")


if __name__ == "__main__":
    logging.disable()
    found = {row: function() for row, (function, _, _) in PROBES.items()}
    sys.stdout.write(json.dumps({"era": eras.current(), **found}))
