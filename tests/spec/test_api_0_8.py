"""What the reference of Flask 0.8 documents is there and does what it says: `api-0.8.json`, entry by entry.

Every check runs in the era 0.8 and in the newest one, where a few of the promises were withdrawn since.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flask import eras

REFERENCE = json.loads((Path(__file__).parent / "api-0.8.json").read_text())
NAMES: list[dict[str, Any]] = REFERENCE["names"]
PROMISES = [promise for promise in REFERENCE["promises"] if "check" in promise]

ERAS = ("0.8", eras.NEWEST)

# Checks that must fail in the newest era, because a later Flask documents something else, each with the row
# of `flask.eras` that tells the two apart. `name()` is the check of a signature, `name` that of a value.
CONTRADICTIONS = {
    "flask.Flask()": "argument_order",
    "flask.send_file()": "file_argument_order",
    "flask.send_from_directory()": "file_argument_order",
    "flask.render_template()": "argument_order",
    "flask.Flask.jinja_options": "default_jinja_extensions",
    "config.default.APPLICATION_ROOT": "default_application_root",
    "config.default.DEBUG": "default_debug",
    "config.default.TRAP_BAD_REQUEST_ERRORS": "default_trap_bad_request",
    "app.blueprints.by_name": "blueprint_registered_again",
    "app.error_handler_spec.decorator_fills": "handler_spec_flat",
    "app.error_handler_spec.exception_list": "handler_spec_flat",
    "app.preserve_context_on_exception": "context_kept_on_exception",
    "app.logger.debug_stderr": "logger_own_handlers",
    "app.make_response.tuple": "response_tuple_arguments",
    "bp.twice": "blueprint_registered_again",
    "bp.errorhandler.limits": "blueprint_500_unused",
    "bp.record": "blueprint_registered_again",
    "bp.subdomain": "server_name_matching",
    "request.json": "request_json_none",
    "client.keeps_one_context": "client_keeps_context",
    "send_file.name": "send_file_max_age",
    "send_file.attachment": "inline_files_unnamed",
    "send_file.object_deprecation": "file_object_guessing",
    "send_file.conditional": "send_file_unconditional",
    "jsonify": "jsonify_objects_only",
    "jsonify.objects_only": "jsonify_objects_only",
    "json.tojson": "tojson_slashes",
    "ctx.preserve_on_exception": "context_kept_on_exception",
    "routes.option.subdomain": "server_name_matching",
}

# Parameters whose documented default differs from a later era's: the signature says None, and what that means
# is decided when the function is called.
DEFAULTS_BY_ERA: dict[str, dict[str, str]] = {
    "flask.Flask.run": {
        "host": "None since 0.11: SERVER_NAME may name the host",
        "port": "None since 0.10: SERVER_NAME may name the port",
    },
    "flask.send_file": {
        "conditional": "False before 2.0, True since",
        "cache_timeout": "twelve hours before 2.0, none since, and SEND_FILE_MAX_AGE_DEFAULT before either",
    },
}


def identifier(entry: Any) -> str:
    return entry.get("name") or entry["id"] if isinstance(entry, dict) else str(entry)


each_era = pytest.mark.parametrize("era", ERAS)


def with_the(field: str) -> list[dict[str, Any]]:
    return [entry for entry in NAMES if entry.get(field) is not None]


@each_era
@pytest.mark.parametrize("entry", NAMES, ids=identifier)
def test_name_resolves(check, era, entry):
    check(f"surface.check_name({entry['name']!r})", era)


@each_era
@pytest.mark.parametrize("entry", with_the("params"), ids=identifier)
def test_signature(check, era, entry):
    by_era = list(DEFAULTS_BY_ERA.get(entry["name"], ()))
    holds(check, f"surface.check_signature({entry!r}, {by_era!r})", era, f"{entry['name']}()")


@each_era
@pytest.mark.parametrize("entry", with_the("value_check"), ids=identifier)
def test_value(check, era, entry):
    holds(check, f"surface.check_value({entry['name']!r}, {entry['value_check']!r})", era, entry["name"])


@each_era
@pytest.mark.parametrize("entry", with_the("alias_of"), ids=identifier)
def test_alias(check, era, entry):
    check(f"surface.check_alias({entry['name']!r}, {entry['alias_of']!r})", era)


@each_era
@pytest.mark.parametrize("promise", PROMISES, ids=identifier)
def test_promise(check, era, promise):
    holds(check, promise["check"], era, promise["id"])


def holds(check, code: str, era: str, what: str) -> None:
    if era == eras.NEWEST and what in CONTRADICTIONS:
        with pytest.raises(pytest.fail.Exception):
            check(code, era)
    else:
        check(code, era)


def test_contradictions_are_checks_and_rows_of_the_table_of_eras():
    signatures = {f"{entry['name']}()" for entry in with_the("params")}
    values = {entry["name"] for entry in with_the("value_check")}
    assert set(CONTRADICTIONS) <= signatures | values | {promise["id"] for promise in PROMISES}
    assert set(CONTRADICTIONS.values()) <= set(eras.DIFFERENCES)


def test_nothing_of_the_reference_is_left_out():
    counts = REFERENCE["counts"]
    assert len(NAMES) == counts["names"]
    assert len(with_the("params")) == counts["signatures"]
    assert len(PROMISES) == counts["checkable_promises"]
