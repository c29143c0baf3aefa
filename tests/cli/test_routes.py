"""`flask routes`: the table of URL rules."""

from __future__ import annotations

import pytest

from flask import Flask
from flask.cli import FlaskGroup


def rows(project, app, *args) -> list[list[str]]:
    """The table's rows, each as its cells; an empty cell leaves none."""
    result = project.invoke("routes", *args, group=FlaskGroup(create_app=lambda: app))
    assert result.exit_code == 0, result.output
    return [line.replace(", ", ",").split() for line in result.output.splitlines()]


@pytest.fixture
def shop() -> Flask:
    app = Flask("shop", static_folder=None)
    app.add_url_rule("/z", "list", methods=["GET", "POST"])
    app.add_url_rule("/b/<int:number>", "show", methods=["GET"])
    app.add_url_rule("/a", "delete", methods=["DELETE"])
    return app


def endpoints(table: list[list[str]]) -> list[str]:
    return [row[0] for row in table[2:]]


def test_table(project, shop):
    assert rows(project, shop) == [
        ["Endpoint", "Methods", "Rule"],
        ["--------", "---------", "---------------"],
        ["delete", "DELETE", "/a"],
        ["list", "GET,POST", "/z"],
        ["show", "GET", "/b/<int:number>"],
    ]


def test_columns_stand_below_each_other(project, shop):
    output = project.invoke("routes", group=FlaskGroup(create_app=lambda: shop)).output
    title, *lines = output.splitlines()
    column = title.index("Rule")
    assert [line[column - 1 : column + 1] for line in lines[1:]] == [" /", " /", " /"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("endpoint", ["delete", "list", "show"]),
        ("methods", ["delete", "show", "list"]),
        ("rule", ["delete", "show", "list"]),
        ("match", ["list", "show", "delete"]),
        ("domain", ["list", "show", "delete"]),
    ],
)
def test_sort(project, shop, sort, order):
    assert endpoints(rows(project, shop, "--sort", sort)) == order
    assert endpoints(rows(project, shop, "-s", sort)) == order


def test_unknown_sort(project, shop):
    result = project.invoke("routes", "--sort", "color", group=FlaskGroup(create_app=lambda: shop))
    assert result.exit_code == 2
    assert "'color' is not one of" in result.output


def test_all_methods(project, shop):
    table = rows(project, shop, "--all-methods")
    assert ["show", "GET,HEAD,OPTIONS", "/b/<int:number>"] in table
    assert ["list", "GET,HEAD,OPTIONS,POST", "/z"] in table


def test_subdomains(project):
    app = Flask("shop", static_folder=None, subdomain_matching=True)
    app.add_url_rule("/", "admin", subdomain="admin", methods=["GET"])
    app.add_url_rule("/plain", "plain", methods=["GET"])
    table = rows(project, app, "--sort", "domain")
    assert table[0] == ["Endpoint", "Methods", "Subdomain", "Rule"]
    assert table[2:] == [["plain", "GET", "/plain"], ["admin", "GET", "admin", "/"]]


def test_hosts(project):
    app = Flask("shop", static_folder=None, host_matching=True)
    app.add_url_rule("/x", "two", host="two.example", methods=["GET"])
    app.add_url_rule("/", "one", host="one.example", methods=["GET"])
    table = rows(project, app, "--sort", "domain")
    assert table[0] == ["Endpoint", "Methods", "Host", "Rule"]
    assert table[2:] == [["one", "GET", "one.example", "/"], ["two", "GET", "two.example", "/x"]]


def test_no_routes(project):
    app = Flask("shop", static_folder=None)
    result = project.invoke("routes", group=FlaskGroup(create_app=lambda: app))
    assert result.output == "The application has no routes.\n"


def test_no_application(project):
    result = project.invoke("--app", "nope", "routes")
    assert result.exit_code == 2
    assert "Module 'nope' could not be imported" in result.output
