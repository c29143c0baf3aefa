"""Where an application's files are looked for: root path and instance path, wherever its module or package lies."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

import flask
from flask import Flask
from flask.helpers import find_package, get_root_path

APPLICATION = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.fixture
def lay(tmp_path, monkeypatch):
    """Gives a function that writes modules into a folder from which they can be imported."""
    before = set(sys.modules)

    def lay(folder, *modules):
        root = tmp_path / folder
        for module in modules:
            (root / module).parent.mkdir(parents=True, exist_ok=True)
            (root / module).write_text(APPLICATION)
        monkeypatch.syspath_prepend(root)
        return root

    yield lay
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("file", "module", "root"),
    [
        ("single_app.py", "single_app", ""),
        ("pack_app/__init__.py", "pack_app", "pack_app"),
        ("pack_app/inner/__init__.py", "pack_app.inner", "pack_app/inner"),
        ("pack_app/leaf.py", "pack_app.leaf", "pack_app"),
        ("space_app/inner/__init__.py", "space_app.inner", "space_app/inner"),
        ("space_app/leaf.py", "space_app.leaf", "space_app"),
    ],
)
def test_a_project(lay, file, module, root):
    files = {file, "pack_app/__init__.py"} if module.startswith("pack_app.") else {file}
    folder = lay("project", *files)
    assert find_package(module) == (None, str(folder))  # before the import, and after
    app = import_module(module).app
    assert app.root_path == str(folder / root)
    assert app.instance_path == str(folder / "instance")
    assert app.name == module
    assert find_package(module) == (None, str(folder))


@pytest.mark.parametrize(
    ("site", "prefix"),
    [
        ("prefix/lib/python3.11/site-packages", "prefix"),
        ("prefix/Lib/site-packages", "prefix"),
        ("prefix/site-packages", "prefix"),
    ],
)
@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("single_installed.py", "single_installed"),
        ("pack_installed/__init__.py", "pack_installed"),
        ("space_installed/inner/__init__.py", "space_installed.inner"),
    ],
)
def test_an_installed_package(lay, tmp_path, site, prefix, file, module):
    folder = lay(site, file)
    assert find_package(module) == (str(tmp_path / prefix), str(folder))
    app = import_module(module).app
    assert app.instance_path == str(tmp_path / prefix / "var" / f"{module}-instance")
    assert app.root_path == str((folder / file).parent)


def test_below_the_prefix_of_the_interpreter(lay, tmp_path, monkeypatch):
    folder = lay("python/packages", "pack_below/__init__.py")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    assert find_package("pack_below") == (str(tmp_path / "python"), str(folder))


def test_a_prefix_of_the_text_is_none_of_the_path(lay, tmp_path, monkeypatch):
    lay("python3/packages", "pack_beside/__init__.py")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    assert find_package("pack_beside")[0] is None


@pytest.mark.parametrize("part", ["one", "two"])
def test_a_namespace_package_of_several_parts(lay, part):
    folders = {name: lay(name, f"parts_app/{name}/__init__.py") for name in ("one", "two")}
    app = import_module(f"parts_app.{part}").app
    assert app.instance_path == str(folders[part] / "instance")


def test_a_zipped_package(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.writestr("zipped_app/__init__.py", APPLICATION)
    monkeypatch.syspath_prepend(tmp_path / "packed.zip")
    try:
        assert get_root_path("zipped_app") == str(tmp_path / "packed.zip" / "zipped_app")
        assert import_module("zipped_app").app.root_path == str(tmp_path / "packed.zip" / "zipped_app")
    finally:
        sys.modules.pop("zipped_app", None)


def test_what_is_no_module_belongs_to_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = Flask("nowhere_to_be_found")
    assert app.root_path == str(tmp_path)
    assert app.instance_path == str(tmp_path / "instance")


def test_a_folder_that_nobody_imports_is_no_module(tmp_path, monkeypatch):
    (tmp_path / "folder_of_data").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert Flask("folder_of_data").root_path == str(tmp_path)
    monkeypatch.setitem(sys.modules, "folder_of_data", import_module("folder_of_data"))
    with pytest.raises(RuntimeError, match="root_path"):
        Flask("folder_of_data")


def test_paths_that_are_given(lay, tmp_path):
    folder = lay("project", "given_app/__init__.py")
    app = Flask("given_app", root_path=str(tmp_path / "root"), instance_path=str(tmp_path / "instance"))
    assert (app.root_path, app.instance_path) == (str(tmp_path / "root"), str(tmp_path / "instance"))
    # The instance path follows the import name, not the root path.
    assert Flask("given_app", root_path=str(tmp_path / "root")).instance_path == str(folder / "instance")


def test_a_relative_instance_path_is_refused():
    with pytest.raises(ValueError, match="absolute"):
        Flask("relative", instance_path="instance")


def test_configuration_files_of_the_instance(tmp_path):
    (tmp_path / "settings.py").write_text("NAME = 'instance'")
    app = Flask("relative", instance_path=str(tmp_path), instance_relative_config=True)
    app.config.from_pyfile("settings.py")
    assert app.config["NAME"] == "instance"


def test_the_instance_path_can_be_found_differently(tmp_path):
    class Own(Flask):
        def auto_find_instance_path(self):
            return str(tmp_path)

    assert Own("own").instance_path == str(tmp_path)


def test_a_blueprint_has_the_root_of_its_own_module(lay):
    folder = lay("project", "blue_app/__init__.py", "blue_app/admin/__init__.py")
    assert flask.Blueprint("admin", "blue_app.admin").root_path == str(folder / "blue_app" / "admin")


def run(*command, **options):
    process = subprocess.run(command, capture_output=True, text=True, **options)
    assert process.returncode == 0, process.stderr
    return process.stdout.splitlines()


@pytest.mark.parametrize("how", [["shop.py"], ["-m", "shop"]])
def test_a_program(tmp_path, how):
    (tmp_path / "shop.py").write_text(APPLICATION + "print(app.name, app.root_path, app.instance_path, sep='\\n')")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    printed = run(sys.executable, *how, cwd=tmp_path, env=environment)
    assert printed == ["shop", str(tmp_path), str(tmp_path / "instance")]


def test_a_virtual_environment(tmp_path):
    prefix = tmp_path / "environment"
    venv.create(prefix, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(prefix), "platbase": str(prefix)}))
    # What the framework needs is that of the environment the tests run in.
    (site / "others.pth").write_text("\n".join(path for path in sys.path if path))
    (site / "shop").mkdir()
    (site / "shop" / "__init__.py").write_text(APPLICATION)
    program = "import sys, shop; print(sys.prefix, shop.app.root_path, shop.app.instance_path, sep='\\n')"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    printed = run(prefix / "bin" / "python", "-c", program, cwd=tmp_path, env=environment)
    assert printed == [str(prefix), str(site / "shop"), str(prefix / "var" / "shop-instance")]
