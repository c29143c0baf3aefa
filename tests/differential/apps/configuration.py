"""Loading the configuration: from files, objects, environment variables, mappings."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from observing import outcome

from flask import Config, Flask
from flask.config import ConfigAttribute

FILES = {
    "plain.py": "A = 1\nb = 2\nC_D = [A]\n_E = 3\n",
    "empty.py": "",
    "broken.py": "A = \n",
    "raising.py": "A = 1 / 0\n",
    "importing.py": "import os\nA = os.path.basename(__file__)\n",
    "plain.json": '{"A": 1, "b": 2, "C": {"D": null}}',
    "list.json": "[1]",
    "broken.json": "{",
    "plain.toml": "A = 1\nb = 2\n[C]\nD = 3\n",
    "no-suffix": "A = 'é'\n",
}


class Settings:
    A = 1
    b = 2
    C = {"D": 1}
    _E = 3

    @property
    def F(self) -> str:  # noqa: N802  # a key
        return "property"


class Child(Settings):
    A = 2


def upper(config: Any) -> Any:
    return {name: config[name] for name in sorted(config)}


def loaded(method: str, *args: Any, **kwargs: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        config = Config(folder, {"X": 0})
        answer = getattr(config, method)(*args, **kwargs)
        return [answer, upper(config)]


def probe_from_pyfile() -> Any:
    """Files of Python."""
    found = {name: outcome(loaded, "from_pyfile", name) for name in [*FILES, "missing.py", ".", Path("plain.py")]}
    found["silent"] = [
        outcome(loaded, "from_pyfile", name, silent=True) for name in ("missing.py", ".", "broken.py", "a/b")
    ]
    return {str(name): value for name, value in found.items()}


def probe_from_file() -> Any:
    """Files of other kinds."""
    found = {}
    for name in [*FILES, "missing"]:
        found[f"{name} as JSON"] = outcome(loaded, "from_file", name, json.load)
        found[f"{name} as TOML"] = outcome(loaded, "from_file", name, tomllib.load, text=False)
    found["silent"] = outcome(loaded, "from_file", "missing", json.load, silent=True)
    found["TOML as text"] = outcome(loaded, "from_file", "plain.toml", tomllib.load)
    return found


def probe_from_object() -> Any:
    """Objects, and names of them."""
    objects: dict[str, Any] = {
        "class": Settings,
        "instance": Settings(),
        "child": Child,
        "name": "apps.configuration.Settings",
        "name with colon": "apps.configuration:Settings",
        "module": "apps.configuration",
        "missing module": "nowhere.at.all",
        "missing name": "apps.configuration.Nothing",
        "dict": {"A": 1},
        "none": None,
        "number": 7,
    }
    return {name: outcome(keys_of, value) for name, value in objects.items()}


def keys_of(value: Any) -> Any:
    config = Config("/")
    config.from_object(value)
    return [sorted(config), config.get("A")]


def probe_from_envvar() -> Any:
    """The file that an environment variable names."""
    found = {"unset": outcome(loaded, "from_envvar", "NO_SUCH_VARIABLE")}
    found["unset, silent"] = outcome(loaded, "from_envvar", "NO_SUCH_VARIABLE", silent=True)
    for value in ("plain.py", "missing.py", ""):
        os.environ["DIFFERENTIAL_SETTINGS"] = value
        found[f"{value!r}"] = outcome(loaded, "from_envvar", "DIFFERENTIAL_SETTINGS")
        found[f"{value!r}, silent"] = outcome(loaded, "from_envvar", "DIFFERENTIAL_SETTINGS", silent=True)
    del os.environ["DIFFERENTIAL_SETTINGS"]
    return found


def probe_from_prefixed_env() -> Any:
    """Environment variables with a prefix."""
    variables = {
        "FLASK_TEXT": "text",
        "FLASK_NUMBER": "7",
        "FLASK_TRUE": "true",
        "FLASK_NONE": "null",
        "FLASK_LIST": "[1, 2]",
        "FLASK_lower": "x",
        "FLASK_Mixed__inner": "1",
        "FLASK_A__B__C": '{"x": 1}',
        "FLASK_A__B__D": "2",
        "FLASK_X__Y": "3",
        "FLASK_TWICE____Z": "4",
        "OWN_KEY": "1",
        "FLASKNOT": "2",
        "FLASK_": "3",
        "_KEY": "4",
    }
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        found = {name: outcome(loaded, "from_prefixed_env", *arguments) for name, arguments in PREFIXES.items()}
        found["loads"] = outcome(loaded, "from_prefixed_env", loads=str.upper)
        found["failing loads"] = outcome(loaded, "from_prefixed_env", loads=int)
        config = Config("/", {"A": {"B": {"E": 5}}, "X": 1})
        found["into others"] = [outcome(config.from_prefixed_env), {name: config[name] for name in ("A", "X")}]
    finally:
        os.environ.clear()
        os.environ.update(before)
    return found


PREFIXES: dict[str, tuple[str, ...]] = {"default": (), "own": ("OWN",), "missing": ("MISSING",), "empty": ("",)}


def probe_from_mapping() -> Any:
    """Mappings and keywords."""
    calls: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "dict": (({"A": 1, "b": 2},), {}),
        "pairs": (([("A", 1), ("b", 2)],), {}),
        "keywords": ((), {"A": 1, "b": 2}),
        "both": (({"A": 1},), {"A": 2, "C": 3}),
        "two": (({"A": 1}, {"B": 2}), {}),
        "nothing": ((), {}),
        "none": ((None,), {}),
    }
    return {name: outcome(loaded, "from_mapping", *args, **kwargs) for name, (args, kwargs) in calls.items()}


def probe_namespace() -> Any:
    """Keys with one beginning."""
    config = Config("/", {"IMAGE_TYPE": "fs", "IMAGE_PATH": "/x", "IMAGES": 1, "other": 2})
    return {
        "default": config.get_namespace("IMAGE_"),
        "not lowered": config.get_namespace("IMAGE_", lowercase=False),
        "not trimmed": config.get_namespace("IMAGE_", trim_namespace=False),
        "neither": config.get_namespace("IMAGE_", lowercase=False, trim_namespace=False),
        "missing": config.get_namespace("NO_"),
    }


def probe_config_objects() -> Any:
    """The configuration as a dict, and attributes that stand for keys."""

    class Own(Config):
        pass

    class App(Flask):
        config_class = Own
        setting = ConfigAttribute[str]("SETTING")
        converted = ConfigAttribute[int]("CONVERTED", get_converter=int)

    app = App(__name__)
    app.config.update(SETTING="a", CONVERTED="7")
    app.setting = "b"
    return {
        "class": [type(app.config).__name__, isinstance(app.config, dict), App.setting.__class__.__name__],
        "values": [app.setting, app.config["SETTING"], app.converted],
        "root": [os.path.basename(str(app.config.root_path)), outcome(lambda: app.config["MISSING"])],
        "relative to the instance": os.path.basename(
            str(Flask(__name__, instance_relative_config=True).config.root_path)
        ),
        "repr": repr(Config("/x", {"A": 1})),
    }
