"""What the reference lists, found in the flask that is installed: names, signatures and values."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Callable
from inspect import Parameter
from pathlib import Path
from typing import Any

from werkzeug.test import EnvironBuilder

import flask
import flask.blueprints
import flask.ctx
import flask.testing

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parent / "api-0.8.json").read_text())

# The modules that the reference speaks of, or takes for granted.
MODULES = ("blueprints", "config", "ctx", "json", "sessions", "signals", "testing", "views")


def names_at_hand() -> dict[str, Any]:
    """The names that a check may use without importing them: those documented in `flask`, and its modules."""
    names: dict[str, Any] = {"flask": flask}
    names |= {module: importlib.import_module(f"flask.{module}") for module in MODULES}
    for entry in REFERENCE["names"]:
        package, _, name = entry["name"].rpartition(".")
        if package == "flask" and entry["kind"] != "attribute" and name != "ext":
            names[name] = getattr(flask, name)
    return names


def resolve(name: str) -> Any:
    """Find the object of a qualified name, on an instance where the class itself has no such attribute."""
    value, path = split_module(name)
    for part in path:
        owner = value
        value = getattr(owner, part, MISSING)
        if value is MISSING and inspect.isclass(owner):
            value = getattr(make_instance(owner), part, MISSING)
        if value is MISSING:
            raise AttributeError(f"{name}: {owner!r} has no attribute {part!r}, nor do its instances.")
    return value


MISSING = object()


def split_module(name: str) -> tuple[Any, list[str]]:
    """Import the longest part of `name` that is a module, and give it with the names that remain."""
    parts = name.split(".")
    if parts[:2] == ["flask", "session"] and parts[2:] != ["Session"]:
        return flask, parts[1:]  # the proxy; a module of that name is there for old programs, too
    for end in range(len(parts), 0, -1):
        try:
            return importlib.import_module(".".join(parts[:end])), parts[end:]
        except ModuleNotFoundError:
            continue
    raise ModuleNotFoundError(name)


def make_instance(owner: type) -> Any:
    """Make an instance of a documented class, with the least it takes."""
    for documented, make in INSTANCES:
        if issubclass(owner, documented):
            return make(owner)
        if issubclass(documented, owner):  # a base class, whose attributes the documented class sets
            return make(documented)
    return owner()


def make_app(cls: type[flask.Flask] = flask.Flask) -> flask.Flask:
    app = cls("surface_probe")
    app.secret_key = "a key"
    return app


def make_setup_state(cls: type) -> Any:
    return cls(flask.Blueprint("documented", "surface_probe"), make_app(), {}, True)


INSTANCES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (flask.Flask, make_app),
    (flask.Blueprint, lambda cls: cls("documented", "surface_probe")),
    (flask.Request, lambda cls: cls(EnvironBuilder().get_environ())),
    (flask.testing.FlaskClient, lambda cls: cls(make_app())),
    (flask.Config, lambda cls: cls("/")),
    (flask.ctx.RequestContext, lambda cls: cls(make_app(), EnvironBuilder().get_environ())),
    (flask.blueprints.BlueprintSetupState, make_setup_state),
    (flask.ctx.AppContext, lambda cls: cls(make_app())),
    (flask.config.ConfigAttribute, lambda cls: cls("DEBUG")),
    (flask.debughelpers.DebugFilesKeyError, lambda cls: cls(make_app().test_request_context().request, "file")),
    (flask.templating.DispatchingJinjaLoader, lambda cls: cls(make_app())),
    (flask.templating.Environment, lambda cls: cls(make_app())),
    (flask.testing.EnvironBuilder, lambda cls: cls(make_app())),
    (flask.testing.FlaskCliRunner, lambda cls: cls(make_app())),
)


def check_name(name: str) -> None:
    # The attributes of `flask.session` are those of the session of a request.
    make_app().test_request_context().push()
    resolve(name)


def check_value(name: str, expression: str) -> None:
    value = resolve(name)
    if inspect.isdatadescriptor(value):
        owner, _, attribute = name.rpartition(".")
        value = getattr(make_instance(resolve(owner)), attribute)
    assert eval(expression, {"value": value}), f"{name} is {value!r}, and should be: {expression}"


def check_alias(name: str, class_name: str) -> None:
    value = resolve(name)
    bases = [base.__name__ for base in value.__mro__]
    assert class_name in bases, f"{name} is {value!r}, no {class_name}."


def check_signature(entry: dict[str, Any], default_by_era: list[str]) -> None:
    """Compare the documented parameters with those that are there: same place, same name, same default."""
    signature = inspect.signature(documented_callable(entry))
    documented = entry["params"]
    kinds = [parameter["kind"] for parameter in documented]
    # `(*args, **kwargs)` alone is how the page shows a decorated function; what it takes stands in `binds`.
    if kinds != ["var_positional", "var_keyword"] and not takes_everything(signature):
        parameters = list(signature.parameters.values())
        positional = [parameter for parameter in documented if parameter["kind"] == "positional"]
        for place, parameter in enumerate(positional):
            assert place < len(parameters), f"{signature} lacks {parameter['name']}."
            defaults = accepted_defaults(entry, parameter, parameter["name"] in default_by_era)
            check_parameter(signature, parameters[place], parameter["name"], defaults)
        check_rest(signature, parameters[len(positional) :], kinds)
    for count, keywords in entry.get("binds", ()):
        try:
            signature.bind(*[None] * count, **dict.fromkeys(keywords))
        except TypeError as error:
            refused = f"{count} arguments and the keywords {keywords}"
            raise AssertionError(f"{entry['name']}{signature} refuses {refused}: {error}") from None


def documented_callable(entry: dict[str, Any]) -> Callable[..., Any]:
    """The object to call: a method bound to an instance, so that its signature is the documented one."""
    if entry["kind"] != "method":
        return resolve(entry["name"])
    owner, _, method = entry["name"].rpartition(".")
    return getattr(make_instance(resolve(owner)), method)


def takes_everything(signature: inspect.Signature) -> bool:
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    return kinds == [Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD]


def accepted_defaults(entry: dict[str, Any], parameter: dict[str, Any], by_era: bool) -> list[Any]:
    """The defaults that count as the documented one; none at all for a parameter that must be given."""
    if parameter.get("default") is None:
        return []
    accepted = [parameter["default"], *entry.get("accept_defaults", {}).get(parameter["name"], ())]
    return [eval(default) for default in accepted] + [None] * by_era


def check_parameter(signature: inspect.Signature, found: Parameter, name: str, defaults: list[Any]) -> None:
    assert found.name == name, f"{signature} has {found.name} where {name} is documented."
    by_position = found.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    assert by_position, f"{name} of {signature} cannot be given by position."
    # A parameter that must be given may have become optional since: every documented call still works.
    if defaults:
        assert found.default in defaults, f"The default of {name} of {signature} is none of {defaults}."


def check_rest(signature: inspect.Signature, rest: list[Parameter], documented_kinds: list[str]) -> None:
    kinds = {parameter.kind for parameter in rest}
    if "var_positional" in documented_kinds:
        assert Parameter.VAR_POSITIONAL in kinds, f"{signature} takes no further positional arguments."
    if "var_keyword" in documented_kinds:
        assert Parameter.VAR_KEYWORD in kinds, f"{signature} takes no further keyword arguments."
    for parameter in rest:
        variable = parameter.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
        optional = parameter.default is not Parameter.empty
        assert variable or optional, f"{signature} demands {parameter.name}, which is not documented."


def check_keywords(name: str, keywords: list[str]) -> None:
    """Check that a callable takes each of the keywords; what has become a plain attribute since takes none."""
    function = resolve(name)
    was_setter = keywords == ["value"]
    if was_setter or not keywords or not callable(function):
        return
    parameters = inspect.signature(function).parameters.values()
    by_keyword = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    taken = {parameter.name for parameter in parameters if parameter.kind in by_keyword}
    takes_any = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in parameters)
    refused = [] if takes_any else [keyword for keyword in keywords if keyword not in taken]
    assert not refused, f"{name}{inspect.signature(function)} does not take: {', '.join(refused)}"
