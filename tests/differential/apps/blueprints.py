"""Blueprints: names, prefixes, options of registration, nesting, and what one of them registers for the application."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from asking import Request, get
from observing import note, outcome

from flask import Blueprint, Flask, render_template, request, url_for

HERE = Path(__file__).parent


def view(**values: Any) -> Any:
    links = [outcome(url_for, name, _external=False) for name in (".index", "index", "child.index", "parent.index")]
    return [request.endpoint, request.blueprint, request.blueprints, values, request.path, links]


def make(name: str = "bp", **options: Any) -> Blueprint:
    blueprint = Blueprint(name, __name__, **options)
    blueprint.add_url_rule("/", "index", view)
    blueprint.add_url_rule("/<int:number>", "number", view)
    blueprint.before_request(lambda: note("before", name))
    return blueprint


def rules_of(app: Flask) -> Any:
    rules = app.url_map.iter_rules()
    return sorted(
        [str(rule), rule.endpoint, rule.subdomain, rule.defaults] for rule in rules if rule.endpoint != "static"
    )


def create() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", "index", view)
    parent = make("parent", url_prefix="/parent", url_defaults={"given": "by parent"})
    child = make("child", url_prefix="/child")
    grandchild = make("grandchild")
    child.register_blueprint(grandchild, url_prefix="/grandchild", url_defaults={"given": "by registration"})
    parent.register_blueprint(child)
    parent.register_blueprint(child, name="again", url_prefix="/again")
    app.register_blueprint(parent)
    app.register_blueprint(parent, name="renamed", url_prefix="/renamed")
    return app


VISITS: list[Request | list[Request]] = [
    get(path)
    for path in (
        *("/", "/parent/", "/parent/7", "/parent/child/", "/parent/child/grandchild/", "/parent/child/grandchild/7"),
        *("/parent/again/", "/parent/again/grandchild/", "/renamed/", "/renamed/child/", "/renamed/again/grandchild/"),
        *("/parent", "/parent/child", "/missing", "/parent/missing"),
    )
]


def registered(options: dict[str, Any], registration: dict[str, Any]) -> Any:
    app = Flask(__name__)
    blueprint = make(**options)
    app.register_blueprint(blueprint, **registration)
    return [rules_of(app), sorted(app.blueprints)]


def probe_options() -> Any:
    """Options of the blueprint and of its registration."""
    choices: list[dict[str, Any]] = [
        *(
            {},
            {"url_prefix": "/x"},
            {"url_prefix": "/x/"},
            {"url_prefix": "x"},
            {"url_prefix": ""},
            {"url_prefix": "/"},
        ),
        *({"url_prefix": "/<value>"}, {"subdomain": "sub"}, {"url_defaults": {"a": 1}}, {"static_folder": "static"}),
        *(
            {"static_folder": "static", "static_url_path": "/files", "url_prefix": "/x"},
            {"template_folder": "templates"},
        ),
        *({"cli_group": None}, {"root_path": "/tmp"}, {"static_folder": "/abs/folder/"}),
    ]
    registrations: list[dict[str, Any]] = [
        *({}, {"url_prefix": "/y"}, {"url_prefix": ""}, {"url_prefix": None}, {"name": "other"}, {"name": "a.b"}),
        *({"url_defaults": {"a": 2, "b": 3}}, {"subdomain": "other"}, {"unknown": 1}, {"name": ""}, {"cli_group": "g"}),
    ]
    return {
        f"{options} {registration}": outcome(registered, options, registration)
        for options in choices
        for registration in registrations
    }


def probe_names() -> Any:
    """Names that are refused, and registrations that are."""
    app, found = Flask(__name__), {}
    for name in ("a", "a.b", "", "a b", "ü", None, 7):
        found[f"name {name!r}"] = outcome(lambda name=name: Blueprint(name, __name__).name)
    one, same_name = make("one"), make("one")
    found["first"] = outcome(app.register_blueprint, one)
    found["twice"] = outcome(app.register_blueprint, one)
    found["same name"] = outcome(app.register_blueprint, same_name)
    found["renamed"] = outcome(app.register_blueprint, one, name="two")
    found["renamed twice"] = outcome(app.register_blueprint, one, name="two")
    found["on itself"] = outcome(lambda: make("self").register_blueprint(make("self")))
    itself = make("itself")
    found["really on itself"] = outcome(itself.register_blueprint, itself)
    fresh = make("fresh")
    found["endpoint with dot"] = outcome(fresh.add_url_rule, "/x", "a.b", view)
    found["function with dot"] = outcome(fresh.add_url_rule, "/y", view_func=make_named("a.b"))
    found["no slash"] = outcome(fresh.add_url_rule, "x", "x", view)
    found["app endpoint"] = outcome(fresh.endpoint("z"), view) == outcome(lambda: view)
    parent = make("parent")
    parent.register_blueprint(make("child"))
    parent.register_blueprint(make("child"))
    found["children of one name"] = outcome(app.register_blueprint, parent)
    found["no blueprint"] = outcome(app.register_blueprint, "text")
    return found


def make_named(name: str) -> Any:
    def function() -> None: ...

    function.__name__ = name
    return function


def probe_after_registration() -> Any:
    """What may still be declared after a blueprint was registered, and after the first request."""
    found = {}
    declarations: dict[str, Any] = {
        "rule": lambda scaffold: scaffold.add_url_rule("/late", "late", view),
        "before": lambda scaffold: scaffold.before_request(abs),
        "after": lambda scaffold: scaffold.after_request(abs),
        "teardown": lambda scaffold: scaffold.teardown_request(abs),
        "handler": lambda scaffold: scaffold.register_error_handler(404, abs),
        "decorated handler": lambda scaffold: scaffold.errorhandler(404)(abs),
        "context": lambda scaffold: scaffold.context_processor(abs),
        "endpoint": lambda scaffold: scaffold.endpoint("late")(abs),
        "defaults": lambda scaffold: scaffold.url_defaults(abs),
        "preprocessor": lambda scaffold: scaffold.url_value_preprocessor(abs),
        "blueprint": lambda scaffold: scaffold.register_blueprint(make("late")),
        "record": lambda scaffold: scaffold.record(abs),
        "record once": lambda scaffold: scaffold.record_once(abs),
        "app before": lambda scaffold: scaffold.before_app_request(abs),
        "app handler": lambda scaffold: scaffold.app_errorhandler(404)(abs),
        "app filter": lambda scaffold: scaffold.app_template_filter()(abs),
        "filter": lambda scaffold: scaffold.template_filter()(abs),
        "global": lambda scaffold: scaffold.add_template_global(abs),
        "teardown of the app": lambda scaffold: scaffold.teardown_appcontext(abs),
        "shell": lambda scaffold: scaffold.shell_context_processor(abs),
    }
    for name, declare in declarations.items():
        app, blueprint = Flask(__name__), make()
        app.register_blueprint(blueprint)
        found[f"{name}, registered blueprint"] = outcome(declared, declare, blueprint)
        app.test_client().get("/missing")
        found[f"{name}, app after a request"] = outcome(declared, declare, app)
    return found


def declared(declare: Any, scaffold: Any) -> None:
    declare(scaffold)


def probe_recorded() -> Any:
    """Functions that are called when a blueprint is registered."""
    blueprint = Blueprint("bp", __name__, url_prefix="/p", url_defaults={"a": 1}, subdomain="s")

    def told(state: Any) -> None:
        note(
            state.first_registration,
            state.url_prefix,
            state.subdomain,
            state.url_defaults,
            state.name,
            state.name_prefix,
        )
        note(state.options, state.blueprint is blueprint, state.app.name)
        state.add_url_rule("/recorded", f"recorded_{len(state.app.blueprints)}", view, defaults={"b": 2})

    blueprint.record(told)
    blueprint.record_once(lambda state: note("once", state.first_registration))
    app, other = Flask(__name__), Flask("apps.other")
    app.register_blueprint(blueprint, extra="option")
    app.register_blueprint(blueprint, name="again", url_prefix="/q")
    other.register_blueprint(blueprint)
    return [rules_of(app), rules_of(other)]


class Own(Blueprint):
    def register(self, app: Any, options: dict[str, Any]) -> None:
        note("register", self.name, sorted(options.items()))
        super().register(app, options)

    def make_setup_state(self, app: Any, options: dict[str, Any], first_registration: bool = False) -> Any:
        note("state", first_registration)
        return super().make_setup_state(app, options, first_registration)

    def add_url_rule(self, rule: str, *args: Any, **kwargs: Any) -> None:
        note("rule", rule)
        super().add_url_rule(f"/own{rule}", *args, **kwargs)


def probe_subclass() -> Any:
    """A class of blueprints of the user's."""
    app, outer, inner = Flask(__name__), Own("outer", __name__, url_prefix="/outer"), Own("inner", __name__)
    inner.route("/decorated")(make_named("decorated"))
    inner.get("/get")(make_named("got"))
    outer.register_blueprint(inner, url_prefix="/inner")
    app.register_blueprint(outer)
    return rules_of(app)


def probe_files() -> Any:
    """Files and templates of blueprints."""
    app = Flask(__name__, static_folder=None)
    with_files = Blueprint(
        "files", __name__, static_folder="static", url_prefix="/files", template_folder="blue_templates"
    )
    without_prefix = Blueprint("bare", __name__, static_folder="static", static_url_path="/bare-static")
    with_files.add_url_rule("/page", "page", lambda: render_template("only_blue.html"))
    with_files.add_url_rule("/base", "base", lambda: render_template("base.html"))
    with_files.add_url_rule("/url", "url", lambda: url_for(".static", filename="x"))
    app.register_blueprint(with_files)
    app.register_blueprint(without_prefix)
    client = app.test_client()
    paths = (
        "/files/static/hello.txt",
        "/bare-static/hello.txt",
        "/files/page",
        "/files/base",
        "/files/url",
        "/static/hello.txt",
    )
    return {
        "answers": [client.get(path).status for path in paths],
        "texts": [client.get(path).text for path in paths[2:5]],
        "folder": os.path.relpath(with_files.static_folder or "", HERE),
        "attributes": [
            with_files.has_static_folder,
            with_files.static_url_path,
            with_files.url_prefix,
            with_files.name,
        ],
        "loader": [with_files.jinja_loader is not None, without_prefix.jinja_loader is not None],
        "import name": [with_files.import_name, os.path.relpath(with_files.root_path, HERE)],
    }


def probe_import_names() -> Any:
    """Names of modules, and the folders that are found by them."""
    found = {}
    for name in ("apps.blueprints", "apps", "json", "email.message", "nowhere.at.all", "__main__"):
        found[name] = outcome(lambda name=name: os.path.relpath(Blueprint("b", name).root_path, HERE).count(".."))
        found[f"app {name}"] = outcome(lambda name=name: [Flask(name).name, Flask(name).import_name])
    found["root path"] = Blueprint("b", "nowhere", root_path="/somewhere").root_path
    found["instance"] = outcome(lambda: os.path.relpath(Flask(__name__).instance_path, HERE))
    found["relative instance"] = outcome(lambda: Flask(__name__, instance_path="relative").name)
    found["absolute instance"] = outcome(lambda: Flask(__name__, instance_path="/absolute").instance_path)
    return found


def probe_registries() -> Any:
    """What a blueprint has put into the registries of the application."""
    app, outer, inner = Flask(__name__), make("outer"), make("inner")
    for scaffold in (outer, inner):
        scaffold.after_request(abs)
        scaffold.teardown_request(abs)
        scaffold.context_processor(abs)
        scaffold.url_defaults(abs)
        scaffold.url_value_preprocessor(abs)
        scaffold.register_error_handler(404, abs)
    inner.before_app_request(abs)
    outer.register_blueprint(inner, url_prefix="/inner")
    app.register_blueprint(outer)
    names = [
        *("before_request_funcs", "after_request_funcs", "teardown_request_funcs", "template_context_processors"),
        *("url_default_functions", "url_value_preprocessors", "error_handler_spec"),
    ]
    return {name: sorted(f"{key}: {len(value)}" for key, value in getattr(app, name).items()) for name in names} | {
        "views": sorted(app.view_functions),
        "blueprints": list(app.blueprints),
        "iterated": [blueprint.name for blueprint in app.iter_blueprints()],
    }
