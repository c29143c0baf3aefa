"""Filling the configuration from every source, and the attributes that stand for its keys."""

from __future__ import annotations

import errno
import json
import os
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from flask import Config, Flask
from flask.config import ConfigAttribute


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(str(tmp_path), {"DEBUG": False})


def test_is_a_dict_that_begins_with_the_defaults() -> None:
    defaults = {"DEBUG": False}
    config = Config("/srv/app", defaults)
    config["DEBUG"] = True
    assert isinstance(config, dict)
    assert config.root_path == "/srv/app"
    assert config == {"DEBUG": True}
    assert defaults == {"DEBUG": False}
    assert repr(config) == "<Config {'DEBUG': True}>"


def test_may_begin_empty() -> None:
    assert Config("/srv/app") == {}
    assert Config("/srv/app", defaults=None) == {}


# from_pyfile


def test_pyfile_gives_its_capital_names_only(config: Config, tmp_path: Path) -> None:
    (tmp_path / "settings.cfg").write_text("half = 21\nANSWER = half * 2\nMixed = 1\n_PRIVATE_ = 3\n")
    assert config.from_pyfile("settings.cfg") is True
    assert config == {"DEBUG": False, "ANSWER": 42, "_PRIVATE_": 3}


def test_pyfile_runs_as_a_fresh_module_named_config(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "settings.py"
    path.write_text("NAME = __name__\nFILE = __file__\nSEEN = 'seen' in globals()\nseen = True\n")
    for _ in range(2):
        config.from_pyfile("settings.py")
        assert (config["NAME"], config["FILE"], config["SEEN"]) == ("config", str(path), False)
    assert "config" not in sys.modules


def test_pyfile_may_be_named_by_paths(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text("KEY = 1\n")
    config = Config(tmp_path)
    assert config.root_path is tmp_path
    assert config.from_pyfile(Path("settings.py")) is True
    assert Config("/elsewhere").from_pyfile(tmp_path / "settings.py") is True
    assert config["KEY"] == 1


def test_pyfile_obeys_its_encoding_declaration(config: Config, tmp_path: Path) -> None:
    (tmp_path / "latin.py").write_bytes(b"# -*- coding: iso-8859-1 -*-\nNAME = '\xe4'\n")
    config.from_pyfile("latin.py")
    assert config["NAME"] == "ä"


def test_errors_inside_of_a_pyfile_name_its_line(config: Config, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("A = 1\nB = A / 0\n")
    with pytest.raises(ZeroDivisionError) as caught:
        config.from_pyfile("broken.py", silent=True)
    last = caught.traceback[-1]
    assert (str(last.path), last.lineno + 1) == (str(tmp_path / "broken.py"), 2)
    assert "A" not in config


@pytest.mark.parametrize("method", ["from_pyfile", "from_json"])
def test_missing_file_is_named_with_the_cause(config: Config, tmp_path: Path, method: str) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        getattr(config, method)("missing.cfg")
    assert caught.value.errno == errno.ENOENT
    assert caught.value.filename == str(tmp_path / "missing.cfg")
    assert "configuration file" in str(caught.value)
    assert "No such file" in str(caught.value)
    assert "missing.cfg" in str(caught.value)


@pytest.mark.parametrize("method", ["from_pyfile", "from_json"])
def test_silent_forgives_what_is_no_file(config: Config, tmp_path: Path, method: str) -> None:
    (tmp_path / "file").touch()
    load = getattr(config, method)
    assert load("missing.cfg", silent=True) is False
    assert load(str(tmp_path), silent=True) is False
    assert load("file/below", silent=True) is False
    with pytest.raises(IsADirectoryError):
        load(str(tmp_path))
    with pytest.raises(NotADirectoryError):
        load("file/below")


def test_silent_does_not_forgive_other_errors(config: Config) -> None:
    with pytest.raises(OSError, match="configuration file") as caught:
        config.from_pyfile("n" * 5000, silent=True)
    assert caught.value.errno == errno.ENAMETOOLONG


# from_envvar


def test_envvar_names_a_pyfile(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.cfg").write_text("KEY = 'value'\n")
    monkeypatch.setenv("SHOP_SETTINGS", "settings.cfg")
    assert config.from_envvar(variable_name="SHOP_SETTINGS") is True
    assert config["KEY"] == "value"


@pytest.mark.parametrize("value", [None, ""])
def test_envvar_that_is_not_set(config: Config, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("SHOP_SETTINGS", raising=False)
    if value is not None:
        monkeypatch.setenv("SHOP_SETTINGS", value)
    assert config.from_envvar("SHOP_SETTINGS", silent=True) is False
    with pytest.raises(RuntimeError, match=r"'SHOP_SETTINGS' is not set.*Set it to the path"):
        config.from_envvar("SHOP_SETTINGS")


def test_envvar_that_names_a_missing_file(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SETTINGS", "missing.cfg")
    assert config.from_envvar("SHOP_SETTINGS", silent=True) is False
    with pytest.raises(FileNotFoundError, match=r"missing\.cfg"):
        config.from_envvar("SHOP_SETTINGS")


# from_object


class Base:
    KEY = "base"
    OTHER = 1
    lower = 2


class Derived(Base):
    KEY = "derived"

    @property
    def COMPUTED(self) -> str:  # noqa: N802
        return self.KEY.upper()


def test_object_may_be_a_class_with_bases(config: Config) -> None:
    config.from_object(Base)
    assert config == {"DEBUG": False, "KEY": "base", "OTHER": 1}


def test_object_may_be_an_instance_whose_properties_count(config: Config) -> None:
    config.from_object(obj=Derived())
    assert config == {"DEBUG": False, "KEY": "derived", "OTHER": 1, "COMPUTED": "DERIVED"}


def test_object_may_be_named(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "named_settings.py").write_text("KEY = 1\nclass Nested:\n    KEY = 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    config.from_object("named_settings")
    assert config["KEY"] == 1
    config.from_object("named_settings.Nested")
    assert config["KEY"] == 2


def test_object_that_cannot_be_imported(config: Config) -> None:
    with pytest.raises(ImportError, match="no_such_module"):
        config.from_object("no_such_module.settings")


# from_file and from_json


def test_file_is_read_by_a_function(config: Config, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"KEY": "Äther", "lower": 1}', encoding="utf-8")
    assert config.from_file("settings.json", load=json.load) is True
    assert config == {"DEBUG": False, "KEY": "Äther"}


def test_file_may_be_opened_for_bytes(config: Config, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"KEY = 1\n[TABLE]\nlower = 2\n")
    assert config.from_file("settings.toml", tomllib.load, text=False) is True
    assert config["TABLE"] == {"lower": 2}
    with pytest.raises(TypeError):
        config.from_file("settings.toml", tomllib.load)


def test_file_without_content_was_loaded_all_the_same(config: Config, tmp_path: Path) -> None:
    (tmp_path / "empty.cfg").touch()
    assert config.from_file("empty.cfg", load=lambda file: None) is True  # type: ignore[arg-type, return-value]
    assert config == {"DEBUG": False}


def test_error_of_the_function_is_not_taken_for_a_missing_file(config: Config, tmp_path: Path) -> None:
    (tmp_path / "settings.cfg").touch()

    def load(file: object) -> dict[str, object]:
        raise FileNotFoundError(errno.ENOENT, "not this one", "included.cfg")

    with pytest.raises(FileNotFoundError, match=r"not this one: 'included\.cfg'"):
        config.from_file("settings.cfg", load, silent=True)


def test_json_of_the_eras_before_2_1(config: Config, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"KEY": [1, null], "lower": 1}')
    assert config.from_json("settings.json") is True
    assert config == {"DEBUG": False, "KEY": [1, None]}


# from_mapping


def test_mapping_may_be_a_mapping_or_pairs_or_keywords(config: Config) -> None:
    assert config.from_mapping({"A": 1, "b": 2}) is True
    assert config.from_mapping([("C", 3), ("d", 4)]) is True
    assert config.from_mapping(mapping={"E": 5}, F=6, g=7) is True
    assert config.from_mapping() is True
    assert config == {"DEBUG": False, "A": 1, "C": 3, "E": 5, "F": 6}


def test_keywords_win_over_the_mapping(config: Config) -> None:
    config.from_mapping({"A": 1}, A=2)
    assert config["A"] == 2


def test_mapping_keys_that_are_no_names_are_left_out(config: Config) -> None:
    config.from_mapping({1: "one", None: "none", "A": 1})  # type: ignore[dict-item]
    assert config == {"DEBUG": False, "A": 1}


def test_only_one_mapping_is_taken(config: Config) -> None:
    with pytest.raises(TypeError):
        config.from_mapping({}, {})  # type: ignore[call-arg]


# from_prefixed_env


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in os.environ:
        if name.startswith(("FLASK_", "SHOP_")):
            monkeypatch.delenv(name)
    return monkeypatch


def test_prefixed_values_are_json_or_text(config: Config, environ: pytest.MonkeyPatch) -> None:
    texts = {"A": "1", "B": "true", "C": '["x"]', "D": '"quoted"', "E": "no json", "F": "", "lower": "null"}
    for name, text in texts.items():
        environ.setenv(f"FLASK_{name}", text)
    environ.setenv("FLASKS", "not it")
    environ.setenv("SHOP_A", "not it")
    assert config.from_prefixed_env() is True
    assert config == {
        "DEBUG": False,
        "A": 1,
        "B": True,
        "C": ["x"],
        "D": "quoted",
        "E": "no json",
        "F": "",
        "lower": None,
    }


def test_prefix_and_loads_can_be_chosen(config: Config, environ: pytest.MonkeyPatch) -> None:
    environ.setenv("SHOP_A", "7")
    environ.setenv("SHOP_B", "seven")
    config.from_prefixed_env("SHOP", loads=int)
    assert config == {"DEBUG": False, "A": 7, "B": "seven"}


def test_any_exception_of_loads_means_text(config: Config, environ: pytest.MonkeyPatch) -> None:
    def loads(text: str) -> object:
        raise LookupError(text)

    environ.setenv("SHOP_A", "7")
    config.from_prefixed_env(prefix="SHOP", loads=loads)
    assert config["A"] == "7"


def test_two_underscores_lead_into_dicts(config: Config, environ: pytest.MonkeyPatch) -> None:
    config["MAIL"] = {"host": "here", "port": 25}
    environ.setenv("SHOP_MAIL__port", "26")
    environ.setenv("SHOP_NEW__A__B", "1")
    environ.setenv("SHOP_NEW__A__C", "2")
    environ.setenv("SHOP_SINGLE_UNDERSCORE", "3")
    config.from_prefixed_env("SHOP")
    assert config["MAIL"] == {"host": "here", "port": 26}
    assert config["NEW"] == {"A": {"B": 1, "C": 2}}
    assert config["SINGLE_UNDERSCORE"] == 3


def test_dict_from_one_variable_is_extended_by_another(config: Config, environ: pytest.MonkeyPatch) -> None:
    environ.setenv("SHOP_A__y", "2")  # set first, read second: the names are sorted
    environ.setenv("SHOP_A", '{"x": 1}')
    config.from_prefixed_env("SHOP")
    assert config["A"] == {"x": 1, "y": 2}


def test_nested_name_through_something_else(config: Config, environ: pytest.MonkeyPatch) -> None:
    environ.setenv("SHOP_A__B", "1")
    environ.setenv("SHOP_A__B__C", "2")
    with pytest.raises(
        TypeError, match=r"'SHOP_A__B__C' cannot be stored: config\['A'\]\['B'\] is of type 'int'"
    ):
        config.from_prefixed_env("SHOP")


# get_namespace


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"type": "png", "path": "/images"}),
        ({"lowercase": False}, {"TYPE": "png", "PATH": "/images"}),
        ({"trim_namespace": False}, {"image_type": "png", "image_path": "/images"}),
        ({"lowercase": False, "trim_namespace": False}, {"IMAGE_TYPE": "png", "IMAGE_PATH": "/images"}),
    ],
)
def test_namespace(config: Config, options: dict[str, bool], expected: dict[str, str]) -> None:
    config.update(IMAGE_TYPE="png", IMAGE_PATH="/images", IMAGES=3)
    assert config.get_namespace("IMAGE_", **options) == expected


# ConfigAttribute


class Shop(Flask):
    title = ConfigAttribute[str]("TITLE")
    timeout = ConfigAttribute[timedelta]("TIMEOUT", get_converter=lambda value: timedelta(seconds=value))


def test_attribute_reads_and_writes_the_key() -> None:
    shop = Shop("shop")
    shop.config["TITLE"] = "Tea"
    assert shop.title == "Tea"
    shop.title = "Coffee"
    assert shop.config["TITLE"] == "Coffee"
    assert "title" not in vars(shop)


def test_attribute_converts_what_is_read() -> None:
    shop = Shop("shop")
    shop.timeout = 5
    assert shop.config["TIMEOUT"] == 5
    assert shop.timeout == timedelta(seconds=5)


def test_attribute_without_its_key() -> None:
    with pytest.raises(KeyError, match="TITLE"):
        Shop("shop").title


def test_attribute_of_the_class_is_the_descriptor() -> None:
    assert isinstance(Shop.title, ConfigAttribute)
    assert Shop.title.get_converter is None
    assert Shop.title.__name__ == "TITLE"


# Keys that were removed


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("ENV", {"production"}),
        ("JSON_AS_ASCII", {True, None}),
        ("JSON_SORT_KEYS", {True, None}),
        ("JSONIFY_MIMETYPE", {"application/json", None}),
        ("JSONIFY_PRETTYPRINT_REGULAR", {True, False, None}),
        ("LOGGER_HANDLER_POLICY", {"always"}),
    ],
)
def test_a_key_of_an_older_era_can_be_read(monkeypatch, key, values):
    monkeypatch.delenv("FLASK_ENV", raising=False)
    config = Flask("config").config
    assert config[key] in values
    config[key] = "set"
    assert config[key] == "set"


def test_a_key_that_there_never_was_is_a_key_error():
    with pytest.raises(KeyError, match="ENVIRONMENT"):
        Flask("config").config["ENVIRONMENT"]
