"""Blueprints: registering, nesting, names, and what they bring besides views."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t
from pathlib import Path

import click
import pytest

import flask
from flask import Blueprint, Flask, abort, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.testing import FlaskClient


def in_era(era: str, program: str, *options: str) -> str:
    """What a program prints in a process of an era."""
    environment = {**os.environ, "FLASK_ERA": era, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, *options, "-c", program], env=environment, check=True, capture_output=True, text=True
    ).stdout


def where() -> str:
    """A view that tells where it was called."""
    return f"{request.endpoint} {request.blueprint} {request.blueprints}"


def blueprint(name: str, rule: str = "/where", **options: t.Any) -> Blueprint:
    made = Blueprint(name, __name__, **options)
    made.add_url_rule(rule, view_func=where)
    return made


def rules(app: Flask) -> dict[str, list[str]]:
    """The rules of each endpoint but that of static files."""
    found: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            found.setdefault(rule.endpoint, []).append(f"{rule.subdomain}|{rule.rule}")
    return {endpoint: sorted(patterns) for endpoint, patterns in found.items()}


# Names


def test_views_belong_to_the_blueprint(app: Flask, client: FlaskClient) -> None:
    app.register_blueprint(blueprint("shop"))
    assert client.get("/where").text == "shop.where shop ['shop']"
    assert app.view_functions["shop.where"] is where
    assert list(app.iter_blueprints()) == [app.blueprints["shop"]]


def test_a_blueprint_may_be_registered_under_several_names(app: Flask, client: FlaskClient) -> None:
    shop = blueprint("shop")
    app.register_blueprint(shop)
    app.register_blueprint(shop, url_prefix="/second", name="second")
    assert client.get("/where").text == "shop.where shop ['shop']"
    assert client.get("/second/where").text == "second.where second ['second']"
    assert app.blueprints == {"shop": shop, "second": shop}
    assert shop.name == "shop"
    with app.test_request_context():
        assert (url_for("shop.where"), url_for("second.where")) == ("/where", "/second/where")


def test_the_same_blueprint_needs_another_name_the_second_time(app: Flask) -> None:
    shop = blueprint("shop")
    app.register_blueprint(shop)
    with pytest.raises(ValueError, match=r"'shop'.*already registered.*name="):
        app.register_blueprint(shop, url_prefix="/second")
    assert rules(app) == {"shop.where": ["|/where"]}


def test_two_blueprints_need_two_names(app: Flask) -> None:
    app.register_blueprint(blueprint("shop"))
    with pytest.raises(ValueError, match=r"'shop'.*already registered.*name="):
        app.register_blueprint(blueprint("shop"))
    app.register_blueprint(blueprint("shop"), name="second")
    assert set(app.blueprints) == {"shop", "second"}


@pytest.mark.parametrize("name", ["a.b", ".", ".a", "a."])
def test_a_name_has_no_dots(name: str) -> None:
    with pytest.raises(ValueError, match=r"'name' may not contain a dot '\.' character"):
        Blueprint(name, __name__)


def test_a_name_is_not_empty() -> None:
    with pytest.raises(ValueError, match="may not be empty"):
        Blueprint("", __name__)


def test_endpoints_and_functions_have_no_dots() -> None:
    shop = Blueprint("shop", __name__)
    with pytest.raises(ValueError, match=r"'endpoint' may not contain a dot '\.' character"):
        shop.route("/", endpoint="a.b")(where)

    def view() -> str:
        return ""

    view.__name__ = "a.b"
    with pytest.raises(ValueError, match=r"'view_func' name may not contain a dot '\.' character"):
        shop.add_url_rule("/", view_func=view)


def test_the_application_may_have_endpoints_with_dots(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="a.b", view_func=where)
    assert client.get("/").text == "a.b a ['a']"


def test_endpoints_clash(app: Flask) -> None:
    shop = Blueprint("shop", __name__)
    shop.add_url_rule("/a", endpoint="page", view_func=where)
    shop.add_url_rule("/b", endpoint="page", view_func=where)
    shop.add_url_rule("/c", endpoint="page", view_func=str)
    with pytest.raises(AssertionError, match=r"overwriting an existing endpoint function: shop\.page"):
        app.register_blueprint(shop)


def test_a_blueprint_serves_several_applications(app: Flask, client: FlaskClient) -> None:
    shop, other = blueprint("shop"), Flask("other")
    once: list[str] = []
    shop.record_once(lambda state: once.append(state.app.name))
    app.register_blueprint(shop)
    other.register_blueprint(shop, url_prefix="/other")
    assert client.get("/where").text == "shop.where shop ['shop']"
    assert other.test_client().get("/other/where").text == "shop.where shop ['shop']"
    assert once == [app.name, "other"]


def test_repr_names_it() -> None:
    assert repr(Blueprint("shop", __name__)) == "<Blueprint 'shop'>"


# Prefixes, subdomains, defaults


@pytest.mark.parametrize(
    ("prefix", "rule", "expected"),
    [
        (None, "/", "/"),
        ("", "/", "/"),
        ("/", "/", "/"),
        ("/", "", "/"),
        ("/shop", "/", "/shop/"),
        ("/shop/", "/", "/shop/"),
        ("/shop", "", "/shop"),
        ("/shop/", "", "/shop/"),
        ("/shop", "/item", "/shop/item"),
        ("/shop/", "/item", "/shop/item"),
        ("/shop/", "item", "/shop/item"),
        ("/<lang>", "/item", "/<lang>/item"),
    ],
)
@pytest.mark.parametrize("at", ["constructor", "registration"])
def test_url_prefix(app: Flask, prefix: str | None, rule: str, expected: str, at: str) -> None:
    if at == "constructor":
        app.register_blueprint(blueprint("shop", rule, url_prefix=prefix))
    else:
        app.register_blueprint(blueprint("shop", rule, url_prefix="/other" if prefix is not None else None),
                               url_prefix=prefix)  # fmt: skip
    assert rules(app) == {"shop.where": [f"|{expected}"]}


@pytest.mark.parametrize(
    ("outer", "inner", "rule", "expected"),
    [
        (None, None, "/", "/"),
        ("/a", None, "/", "/a/"),
        (None, "/b", "/", "/b/"),
        ("/a", "/b", "/", "/a/b/"),
        ("/a/", "/b/", "/x", "/a/b/x"),
        ("/a", "b", "/x", "/a/b/x"),
        ("/a", "/b", "", "/a/b"),
        ("/a", "/b/", "", "/a/b/"),
        ("/a/", None, "", "/a/"),
        (None, "/b/", "", "/b/"),
        ("/a", "", "/x", "/a/x"),
        ("/a", "", "", "/a/"),
        ("", "/b", "/x", "/b/x"),
        ("/", "/", "/x", "/x"),
    ],
)
@pytest.mark.parametrize("at", ["constructor", "registration"])
def test_url_prefixes_of_nested_blueprints(
    app: Flask, outer: str | None, inner: str | None, rule: str, expected: str, at: str
) -> None:
    if at == "constructor":
        parent, child = Blueprint("parent", __name__, url_prefix=outer), blueprint("child", rule, url_prefix=inner)
        parent.register_blueprint(child)
        app.register_blueprint(parent)
    else:
        parent, child = Blueprint("parent", __name__), blueprint("child", rule)
        parent.register_blueprint(child, url_prefix=inner)
        app.register_blueprint(parent, url_prefix=outer)
    assert rules(app) == {"parent.child.where": [f"|{expected}"]}


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [(None, None, ""), ("a", None, "a"), (None, "b", "b"), ("a", "b", "b.a")],
)
def test_subdomains_of_nested_blueprints(app: Flask, outer: str | None, inner: str | None, expected: str) -> None:
    for number, at in enumerate(["constructor", "registration"]):
        own = at == "constructor"
        parent = Blueprint(f"parent{number}", __name__, subdomain=outer if own else None)
        child = blueprint("child", subdomain=inner if own else None)
        parent.register_blueprint(child, **({} if own else {"subdomain": inner}))
        app.register_blueprint(parent, **({} if own else {"subdomain": outer}))
        assert rules(app)[f"parent{number}.child.where"] == [f"{expected}|/where"]


def test_options_of_none_leave_a_nested_blueprints_own(app: Flask) -> None:
    parent = Blueprint("parent", __name__, url_prefix="/parent")
    child = blueprint("child", url_prefix="/child", subdomain="own")
    parent.register_blueprint(child, url_prefix=None, subdomain=None)
    app.register_blueprint(parent, url_prefix=None)
    assert rules(app) == {"parent.child.where": ["own|/parent/child/where"]}


def test_a_subdomain_is_matched(app: Flask) -> None:
    app = Flask(__name__, subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    app.register_blueprint(blueprint("shop", subdomain="shop"))
    client = app.test_client()
    assert client.get("/where", base_url="http://shop.example.com").text == "shop.where shop ['shop']"
    assert client.get("/where").status_code == 404
    with app.test_request_context():
        assert url_for("shop.where") == "http://shop.example.com/where"


def test_url_defaults_of_constructor_registration_and_rule(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__, url_defaults={"a": "constructor", "b": "constructor", "c": "constructor"})
    shop.add_url_rule("/", endpoint="page", view_func=lambda **values: values, defaults={"c": "rule"})
    app.register_blueprint(shop, url_defaults={"b": "registration", "c": "registration"})
    assert client.get("/").json == {"a": "constructor", "b": "registration", "c": "rule"}


def test_a_rule_of_a_blueprint_takes_what_a_rule_of_the_application_takes(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__)
    shop.add_url_rule("/page/", endpoint="page", view_func=lambda: request.method, methods=["PUT"],
                      strict_slashes=False, provide_automatic_options=False)  # fmt: skip
    app.register_blueprint(shop)
    assert client.put("/page").text == "PUT"
    assert client.options("/page/").status_code == 405


# Registration states


def test_recorded_functions_get_the_state_of_each_registration(app: Flask) -> None:
    shop = Blueprint("shop", __name__, url_prefix="/own", subdomain="own", url_defaults={"a": 1})
    states: list[BlueprintSetupState] = []
    first: list[BlueprintSetupState] = []
    shop.record(states.append)
    shop.record_once(first.append)
    app.register_blueprint(shop)
    app.register_blueprint(shop, url_prefix="/x", subdomain="x", url_defaults={"b": 2}, name="again", extra=1)
    assert first == states[:1]
    assert [state.first_registration for state in states] == [True, False]
    assert [(state.app, state.blueprint) for state in states] == [(app, shop)] * 2
    assert [(state.url_prefix, state.subdomain) for state in states] == [("/own", "own"), ("/x", "x")]
    assert [state.url_defaults for state in states] == [{"a": 1}, {"a": 1, "b": 2}]
    assert [(state.name, state.name_prefix) for state in states] == [("shop", ""), ("again", "")]
    assert states[1].options["extra"] == 1


def test_a_recorded_function_adds_rules_through_the_state(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__, url_prefix="/shop")
    shop.record(lambda state: state.add_url_rule("/late", "late", where))
    shop.record(lambda state: state.add_url_rule("/named", view_func=where))
    app.register_blueprint(shop)
    assert client.get("/shop/late").text == "shop.late shop ['shop']"
    assert client.get("/shop/named").text == "shop.where shop ['shop']"


def test_a_recorded_function_adds_commands(app: Flask) -> None:
    shop = Blueprint("shop", __name__)
    shop.record(lambda state: shop.cli.add_command(click.Command("late")))
    app.register_blueprint(shop)
    assert list(app.cli.commands["shop"].commands) == ["late"]


def test_what_answers_in_another_way_registers_the_same(app: Flask, client: FlaskClient) -> None:
    """Quart's blueprints are built on the part of ours that knows of no protocol."""

    class OtherBlueprint(flask.sansio.blueprints.Blueprint):
        def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
            super().__init__(*args, **kwargs)
            self.cli = click.Group(self.name)

        def send_static_file(self, filename: str) -> str:
            return f"{self.static_folder} {filename}"

    shop = OtherBlueprint("shop", __name__, static_folder="/files", url_prefix="/shop")
    shop.cli.add_command(click.Command("sell"))
    app.register_blueprint(shop)
    assert client.get("/shop/files/looks.css").text == "/files looks.css"
    assert list(app.cli.commands["shop"].commands) == ["sell"]


# Nesting


def test_nested_blueprints_have_the_names_of_all(app: Flask, client: FlaskClient) -> None:
    outer, middle, inner = (blueprint(name, url_prefix=f"/{name}") for name in ("outer", "middle", "inner"))
    middle.register_blueprint(inner)
    outer.register_blueprint(middle)
    app.register_blueprint(outer)
    assert client.get("/outer/middle/inner/where").text == (
        "outer.middle.inner.where outer.middle.inner ['outer.middle.inner', 'outer.middle', 'outer']"
    )
    assert app.blueprints == {"outer": outer, "outer.middle": middle, "outer.middle.inner": inner}


def test_nested_names_follow_those_of_the_registration(app: Flask) -> None:
    parent, child = Blueprint("parent", __name__), blueprint("child")
    parent.register_blueprint(child)
    parent.register_blueprint(child, name="twin", url_prefix="/twin")
    app.register_blueprint(parent, url_prefix="/one")
    app.register_blueprint(parent, url_prefix="/two", name="second")
    assert rules(app) == {
        "parent.child.where": ["|/one/where"],
        "parent.twin.where": ["|/one/twin/where"],
        "second.child.where": ["|/two/where"],
        "second.twin.where": ["|/two/twin/where"],
    }


def test_a_nested_blueprint_needs_another_name_the_second_time(app: Flask) -> None:
    parent, child = Blueprint("parent", __name__), blueprint("child")
    parent.register_blueprint(child, url_prefix="/one")
    parent.register_blueprint(child, url_prefix="/two")
    with pytest.raises(ValueError, match=r"'child'.*'parent\.child'.*name="):
        app.register_blueprint(parent)


def test_the_same_name_under_two_parents(app: Flask, client: FlaskClient) -> None:
    for name in ("one", "two"):
        parent = Blueprint(name, __name__, url_prefix=f"/{name}")
        parent.register_blueprint(blueprint("child"))
        app.register_blueprint(parent)
    assert client.get("/two/where").text == "two.child.where two.child ['two.child', 'two']"


def test_a_blueprint_is_not_nested_in_itself() -> None:
    shop = Blueprint("shop", __name__)
    with pytest.raises(ValueError, match="Cannot register a blueprint on itself"):
        shop.register_blueprint(shop)


def test_relative_endpoints(app: Flask, client: FlaskClient) -> None:
    parent, child = Blueprint("parent", __name__, url_prefix="/parent"), Blueprint("child", __name__)
    links = lambda: " ".join(url_for(endpoint) for endpoint in (".page", "parent.page", "page"))  # noqa: E731
    child.add_url_rule("/child", endpoint="page", view_func=links)
    parent.add_url_rule("/", endpoint="page", view_func=links)
    parent.register_blueprint(child)
    app.register_blueprint(parent)
    app.add_url_rule("/", endpoint="page", view_func=links)
    assert client.get("/parent/child").text == "/parent/child /parent/ /"
    assert client.get("/parent/").text == "/parent/ /parent/ /"
    assert client.get("/").text == "/ /parent/ /"


def test_endpoint_registers_views_of_the_whole_application(app: Flask, client: FlaskClient) -> None:
    """The name of the blueprint is not put in front, unless a dot asks for it."""
    shop = Blueprint("shop", __name__)
    shop.add_url_rule("/own", endpoint="own")
    shop.endpoint("page")(lambda: "the application's")
    shop.endpoint("shop.own")(lambda: "its own")
    app.register_blueprint(shop)
    app.add_url_rule("/page", endpoint="page")
    assert (client.get("/page").text, client.get("/own").text) == ("the application's", "its own")


def test_an_endpoint_with_a_dot_in_front_is_the_blueprints(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__)
    shop.add_url_rule("/own", endpoint="own")
    shop.endpoint(".own")(lambda: "its own")
    app.register_blueprint(shop, name="other")
    assert client.get("/own").text == "its own"


# Files


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Two folders beside each other, `app` and `shop`, with static files and templates."""
    for owner in ("app", "shop"):
        for name in ("static/file.txt", "templates/page.html", f"templates/{owner}.html"):
            (tmp_path / owner / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / owner / name).write_text(f"{owner}'s {{{{ request.blueprint }}}}")
    return tmp_path


def test_static_files(folders: Path) -> None:
    app = Flask(__name__, root_path=str(folders / "app"))
    shop = Blueprint("shop", __name__, root_path=str(folders / "shop"), static_folder="static", url_prefix="/shop")
    named = Blueprint("named", __name__, root_path=str(folders / "shop"), static_folder="static",
                      static_url_path="/files", url_prefix="/named")  # fmt: skip
    app.register_blueprint(shop)
    app.register_blueprint(named)
    client = app.test_client()
    with app.test_request_context():
        paths = [url_for(f"{name}static", filename="file.txt") for name in ("", "shop.", "named.")]
    assert paths == ["/static/file.txt", "/shop/static/file.txt", "/named/files/file.txt"]
    for path, owner in zip(paths, ("app", "shop", "shop"), strict=True):
        response = client.get(path)
        assert response.text.startswith(f"{owner}'s")
        response.close()
    assert client.get("/shop/static/nowhere.txt").status_code == 404
    assert (shop.has_static_folder, Blueprint("bare", __name__).has_static_folder) == (True, False)


def test_static_files_of_an_application_hide_those_of_a_blueprint_without_a_prefix(folders: Path) -> None:
    app = Flask(__name__, root_path=str(folders / "app"))
    shop = Blueprint("shop", __name__, root_path=str(folders / "shop"), static_folder="static")
    app.register_blueprint(shop)
    with app.test_client().get("/static/file.txt") as response:
        assert response.text.startswith("app's")


def test_templates_of_the_application_come_first(folders: Path) -> None:
    app = Flask(__name__, root_path=str(folders / "app"))
    shop = Blueprint("shop", __name__, root_path=str(folders / "shop"), template_folder="templates")
    shop.add_url_rule("/<name>", endpoint="page", view_func=lambda name: render_template(f"{name}.html"))
    app.register_blueprint(shop)
    client = app.test_client()
    answers = [client.get(f"/{name}").text for name in ("page", "shop", "app")]
    assert answers == ["app's shop", "shop's shop", "app's shop"]


def test_resources(folders: Path) -> None:
    shop = Blueprint("shop", __name__, root_path=str(folders / "shop"))
    with shop.open_resource("static/file.txt") as file:
        assert file.read().startswith(b"shop's")


# Error handlers and commands


def test_error_handlers_of_the_blueprint(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__)
    shop.errorhandler(403)(lambda error: "the shop's")
    shop.register_error_handler(ZeroDivisionError, lambda error: "divided")
    shop.add_url_rule("/shop", endpoint="page", view_func=lambda: abort(403))
    shop.add_url_rule("/divide", endpoint="divide", view_func=lambda: 1 / 0)
    app.errorhandler(403)(lambda error: "the application's")
    app.register_blueprint(shop)
    app.add_url_rule("/app", endpoint="page", view_func=lambda: abort(403))
    assert [client.get(path).text for path in ("/shop", "/divide", "/app")] == [
        *("the shop's", "divided", "the application's"),
    ]


def test_error_handlers_hold_under_each_name(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__)
    shop.errorhandler(403)(lambda error: request.blueprint)
    shop.add_url_rule("/", endpoint="page", view_func=lambda: abort(403))
    app.register_blueprint(shop, url_prefix="/one")
    app.register_blueprint(shop, url_prefix="/two", name="second")
    assert [client.get(path).text for path in ("/one/", "/two/")] == ["shop", "second"]


@pytest.mark.parametrize(
    ("constructor", "registration", "command"),
    [
        ({}, {}, ["shop", "hello"]),
        ({}, {"name": "other"}, ["other", "hello"]),
        ({"cli_group": "group"}, {}, ["group", "hello"]),
        ({"cli_group": "group"}, {"cli_group": "other"}, ["other", "hello"]),
        ({"cli_group": None}, {}, ["hello"]),
        ({}, {"cli_group": None}, ["hello"]),
    ],
)
def test_commands(app: Flask, constructor: t.Any, registration: t.Any, command: list[str]) -> None:
    shop = Blueprint("shop", __name__, **constructor)
    shop.cli.command("hello")(lambda: click.echo(f"Hello from {flask.current_app.name}"))
    app.register_blueprint(shop, **registration)
    result = app.test_cli_runner().invoke(args=command)
    assert result.output == f"Hello from {app.name}\n"


def test_commands_of_a_nested_blueprint(app: Flask) -> None:
    parent, child = Blueprint("parent", __name__), Blueprint("child", __name__)
    child.cli.command("hello")(lambda: click.echo("Hello"))
    parent.register_blueprint(child)
    app.register_blueprint(parent)
    assert app.test_cli_runner().invoke(args=["parent.child", "hello"]).output == "Hello\n"


def test_a_blueprint_without_commands_has_no_group(app: Flask) -> None:
    app.register_blueprint(blueprint("shop"))
    assert "shop" not in app.cli.commands


def test_template_helpers(app: Flask) -> None:
    shop = Blueprint("shop", __name__)
    shop.app_template_filter()(str.upper)
    shop.app_template_filter("shout")(str.upper)
    shop.add_app_template_filter(str.lower, "whisper")
    shop.app_template_test("short")(lambda text: len(text) < 3)
    shop.add_app_template_test(str.isdigit, "number")
    shop.app_template_global("three")(lambda: 3)
    shop.add_app_template_global(len, "length_of")
    app.register_blueprint(shop)
    template = "{{ 'a'|upper }}{{ 'b'|shout }}{{ 'C'|whisper }} {{ 'a' is short }} {{ '1' is number }} {{ three() }}"
    with app.app_context():
        assert flask.render_template_string(template + " {{ length_of('ab') }}") == "ABc True True 3 2"


# Subclasses


def test_make_setup_state_may_be_overridden(app: Flask, client: FlaskClient) -> None:
    class State(BlueprintSetupState):
        def add_url_rule(self, rule: str, *args: t.Any, **options: t.Any) -> None:
            super().add_url_rule(f"/v2{rule}", *args, **options)

    class Shop(Blueprint):
        def make_setup_state(self, app: t.Any, options: t.Any, first_registration: bool = False) -> State:
            return State(self, app, options, first_registration)

    shop = Shop("shop", __name__, url_prefix="/shop")
    shop.add_url_rule("/where", view_func=where)
    app.register_blueprint(shop)
    assert client.get("/shop/v2/where").text == "shop.where shop ['shop']"


class OfToday(Blueprint):
    def register(self, app: t.Any, options: t.Any) -> None:
        self.registered = options
        super().register(app, options)


class Of08(Blueprint):
    def register(self, app: t.Any, options: t.Any, first_registration: bool = False) -> None:
        self.registered = {**options, "first": first_registration}
        super().register(app, options, first_registration)


class Of08ByPosition(Blueprint):
    def register(self, app: t.Any, options: t.Any, first: t.Any) -> None:
        self.registered = {**options, "first": first}
        super().register(app, options, first)


class OfAnything(Blueprint):
    def register(self, *args: t.Any, **kwargs: t.Any) -> None:
        self.registered = args[1]
        super().register(*args, **kwargs)


@pytest.mark.parametrize(
    ("kind", "first"), [(OfToday, {}), (Of08, {"first": True}), (Of08ByPosition, {"first": True}), (OfAnything, {})]
)
def test_register_may_be_overridden_with_the_signature_of_any_era(
    app: Flask, client: FlaskClient, kind: type[t.Any], first: dict[str, bool]
) -> None:
    shop = kind("shop", __name__)
    shop.add_url_rule("/where", view_func=where)
    states: list[BlueprintSetupState] = []
    shop.record(states.append)
    app.register_blueprint(shop, url_prefix="/shop")
    assert shop.registered == {"url_prefix": "/shop", **first}
    assert client.get("/shop/where").text == "shop.where shop ['shop']"
    app = Flask("other")
    app.register_blueprint(shop)
    app.register_blueprint(shop, name="again")
    assert [state.first_registration for state in states] == [True, True, False]


def test_register_of_a_nested_blueprint_may_be_overridden(app: Flask) -> None:
    parent, child = Blueprint("parent", __name__), OfToday("child", __name__)
    parent.register_blueprint(child, url_prefix="/x")
    app.register_blueprint(parent)
    assert child.registered["url_prefix"] == "/x"
    assert child.registered["name_prefix"] == "parent"


def test_register_may_be_called_directly(app: Flask, client: FlaskClient) -> None:
    blueprint("shop").register(app, {"url_prefix": "/shop"})
    blueprint("other").register(app, {"url_prefix": "/other"}, first_registration=True)
    assert client.get("/shop/where").text == "shop.where shop ['shop']"
    assert client.get("/other/where").text == "other.where other ['other']"


def test_add_url_rule_of_a_subclass_is_what_route_calls(app: Flask, client: FlaskClient) -> None:
    class Shop(Blueprint):
        def add_url_rule(self, rule: str, *args: t.Any, **options: t.Any) -> None:
            super().add_url_rule(f"/v1{rule}", *args, **options)

    shop = Shop("shop", __name__)
    shop.route("/where")(where)
    shop.get("/get")(str)
    app.register_blueprint(shop)
    assert rules(app) == {"shop.where": ["|/v1/where"], "shop.str": ["|/v1/get"]}


# The era 0.8


def test_in_0_8_a_blueprint_may_be_registered_again_and_later_than_requests() -> None:
    program = (
        "from flask import Flask, Blueprint\n"
        "app = Flask('program')\n"
        "shop = Blueprint('my.shop', 'program')\n"
        "shop.before_app_request(lambda: print('before'))\n"
        "shop.route('/')(lambda: 'index')\n"
        "app.register_blueprint(shop)\n"
        "app.test_client().get('/')\n"
        "app.register_blueprint(shop, url_prefix='/again')\n"
        "shop.route('/late')(lambda: 'late')\n"
        "print(app.test_client().get('/again/').data, list(app.blueprints))\n"
        "try: app.register_blueprint(Blueprint('my.shop', 'program'))\n"
        "except AssertionError as error: print('my.shop' in str(error))\n"
        "try: shop.route('/x', endpoint='a.b')(str)\n"
        "except AssertionError as error: print('a.b' in str(error))\n"
        "app.debug = True\n"
        "try: app.register_blueprint(Blueprint('late', 'program'))\n"
        "except AssertionError as error: print('register_blueprint' in str(error))\n"
    )
    assert in_era("0.8", program).splitlines() == [
        *("before", "before", "b'index' ['my.shop']", "True", "True", "True"),
    ]
