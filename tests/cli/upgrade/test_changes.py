"""The table of changes agrees with what is there, and with the facts about the releases."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from flask import eras
from flask.cli.upgrade.changes import CHANGES, Here, find
from flask.cli.upgrade.values import NAMES_IN_THE_TABLE

FACTS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "spec" / "api-eras.json").read_text())
RELEASES: list[str] = FACTS["eras"]

#: Members -> the classes of today that they are inherited from, and modules that still have what moved elsewhere.
INHERITED = {
    "flask.app.Flask": ["flask.sansio.app.App", "flask.sansio.scaffold.Scaffold"],
    "flask.blueprints.Blueprint": ["flask.sansio.blueprints.Blueprint", "flask.sansio.scaffold.Scaffold"],
    "flask.blueprints.BlueprintSetupState": ["flask.sansio.blueprints.BlueprintSetupState"],
}
STILL_THERE = {
    "flask.blueprints.BlueprintSetupState": "imported there from flask.sansio.blueprints",
    "flask.cli.FlaskGroup.main": "inherited from click's",
    "flask.sessions.SecureCookieSession.accessed": "inherited from SessionMixin",
    "flask.sessions.SecureCookieSession.get": "inherited from dict",
    "flask.sessions.SecureCookieSession.setdefault": "inherited from dict",
    "flask.sessions.TaggedJSONSerializer": "imported there from flask.json.tag",
    "flask.sessions.TaggedJSONSerializer.dumps": "as the class",
    "flask.sessions.TaggedJSONSerializer.loads": "as the class",
    "flask.signals.Namespace": "imported there from blinker",
    "flask.signals.Namespace.signal": "as the class",
    "flask.wrappers.Request.get_json": "inherited from Werkzeug's",
    "flask.wrappers.Request.is_json": "inherited from Werkzeug's",
    "flask.wrappers.Request.json": "inherited from Werkzeug's",
    "flask.app.Flask._get_exc_class_and_code": "inherited from flask.sansio.scaffold",
    "flask.app.Flask.jinja_environment": "a name for the class, which `create_jinja_environment` uses",
}


def name_in_table(name: str) -> str:
    """The name under which the table would have what the facts list by its module."""
    for home, exported in NAMES_IN_THE_TABLE.items():
        if name == home or name.startswith(f"{home}."):
            return exported + name[len(home) :]
    return name


def next_release(release: str) -> str:
    """The first release, by its first two numbers, after one of those that were read."""
    following = RELEASES[RELEASES.index(release) + 1]
    return ".".join(following.split(".")[:2])


def is_inherited_today(name: str) -> bool:
    owner, _, member = name.rpartition(".")
    return any(
        FACTS["names"].get(f"{base}.{member}", {}).get("last") == RELEASES[-1] for base in INHERITED.get(owner, ())
    )


GONE = {
    name: next_release(entry["last"])
    for name, entry in FACTS["names"].items()
    if entry["last"] != RELEASES[-1] and not is_inherited_today(name) and name not in STILL_THERE
}


def test_the_facts_are_found():
    assert len(GONE) > 100
    assert GONE["flask.Markup"] == "2.3"


@pytest.mark.parametrize("name", GONE)
def test_each_name_that_flask_removed_is_in_the_table(name):
    change = find(name_in_table(name)) or find(name)
    assert change is not None
    is_own_row = change.name in (name, name_in_table(name))
    assert change.since == GONE[name] or not is_own_row or GONE[name] < change.since


def parameters(signature: str) -> dict[str, ast.arg]:
    arguments = ast.parse(f"def function{signature}: ...").body[0].args
    return {one.arg: one for one in arguments.posonlyargs + arguments.args + arguments.kwonlyargs}


def is_of_today(signature: dict[str, str]) -> bool:
    return signature["to"] == RELEASES[-1]


RENAMED = [
    (name, parameter)
    for name, entry in FACTS["names"].items()
    if len(entry.get("signatures", ())) > 1 and entry["last"] == RELEASES[-1]
    for parameter in sorted(
        {one for signature in entry["signatures"] for one in parameters(signature["sig"])}
        - {one for signature in entry["signatures"] if is_of_today(signature) for one in parameters(signature["sig"])}
    )
]
# What click calls with the options of `flask run`, and no program.
RENAMED = [(name, parameter) for name, parameter in RENAMED if name != "flask.cli.run_command"]


@pytest.mark.parametrize(("name", "parameter"), RENAMED)
def test_each_parameter_that_flask_removed_is_in_the_table(name, parameter):
    path = name_in_table(name).removesuffix(".__init__")
    assert f"{path}({parameter})" in CHANGES


def test_what_needs_legacy_is_what_legacy_brings():
    names = pytest.importorskip("flask.legacy.foreign.names", reason="the names of others are not restored here yet")
    brought = {f"{module}.{name}" for module, rows in names.NAMES.items() for name in rows}
    public = {"unittest.case": "unittest", "werkzeug.datastructures.auth": "werkzeug.datastructures"}
    brought |= {
        f"{public.get(module, module)}.{owner}.{name}"  # as programs import it
        for table in (names.VALUES, names.METHODS)
        for module, owners in table.items()
        for owner, rows in owners.items()
        for name in rows
    }
    brought |= {*names.MODULES, *names.PACKAGES}
    brought.add("password_method")  # of a function that is there, and that takes it then
    assert {name for name, change in CHANGES.items() if change.here is Here.LEGACY} - brought == set()
    assert {name for name, change in CHANGES.items() if change.here is Here.FAILS} & brought == set()


def test_each_difference_between_eras_is_in_the_table():
    for name, difference in eras.DIFFERENCES.items():
        change = CHANGES[name]
        assert (change.since, change.here, change.today) == (difference.since, Here.ERA, difference.after)
        assert eras.ERAS.index(change.era) == eras.ERAS.index(change.since) - 1


def test_rows_are_whole():
    for change in CHANGES.values():
        assert re.fullmatch(r"\d+\.\d+", change.since), change
        assert change.today, change
        assert (change.here is Here.ERA) == (change.era in eras.ERAS), change
