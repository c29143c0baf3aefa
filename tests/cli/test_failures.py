"""What is told where something is wrong: the thing, the cause, the remedy, and the program's own traceback."""

from __future__ import annotations

import re

import pytest

#: What stands in a traceback that begins with the command's own way to the program.
OURS = ["click/core.py", "cli/discovery.py", "cli/group.py", "importlib"]


def told(project, *args: str, code: int) -> str:
    done = project.run(*args)
    assert done.returncode == code
    for file in OURS:
        assert file not in done.stderr
    return done.stderr


def frames(text: str) -> list[str]:
    """The files of the project in a traceback, with their lines."""
    return re.findall(r'File "[^"]*/(\w+\.py)", line (\d+)', text)


def in_project(project, text: str) -> list[tuple[str, str]]:
    return [(file, line) for file, line in frames(text) if (project.folder / file).exists()]


@pytest.mark.parametrize("command", ["run", "routes", "who"])
class TestApplicationIsNotFound:
    def test_nothing_was_named(self, project, command):
        text = told(project, command, code=2)
        for word in ("wsgi.py", "app.py", "--app", "FLASK_APP"):
            assert word in text

    def test_module(self, project, command):
        text = told(project, "--app", "shop.web", command, code=2)
        for word in ("'shop.web'", "No module named", "Check the spelling", "--app path/to/module.py"):
            assert word in text

    def test_name(self, project, command):
        project.write("shop.py", "")
        text = told(project, "--app", "shop:web", command, code=2)
        assert "'shop' has no name 'web'" in text
        assert "Check the part after the colon" in text


def test_unknown_command_may_be_one_of_the_application_that_is_missing(project):
    assert "'who'. If it is one of the application's" in told(project, "--app", "nope", "who", code=2)
    project.write("app.py", "from flask import Flask\napp = Flask('x')")
    assert told(project, "who", code=2).endswith("No such command 'who'.\n")


def test_import_error_inside_the_module(project):
    project.write("shop.py", "import prices")
    project.write("prices.py", "\nimport not_installed")
    for command in ("routes", "run", "who"):
        text = told(project, "--app", "shop", command, code=2)
        assert "'shop' could not be imported because an import in it failed" in text
        assert in_project(project, text) == [("shop.py", "1"), ("prices.py", "2")]
        assert "ModuleNotFoundError: No module named 'not_installed'" in text


def test_module_that_fails(project):
    project.write("shop.py", "import prices")
    project.write("prices.py", "1 / 0")
    for command in ("routes", "run", "who"):
        text = told(project, "--app", "shop", command, code=1)
        assert in_project(project, text) == [("shop.py", "1"), ("prices.py", "1")]
        assert text.endswith(
            "ZeroDivisionError: division by zero\n"
            "So the application could not be loaded: it is to be in the module 'shop'.\n"
        )


def test_syntax_error(project):
    project.write("shop.py", "\ndef broken(:")
    text = told(project, "--app", "shop", "routes", code=1)
    assert in_project(project, text) == [("shop.py", "2")]
    assert "SyntaxError" in text


def test_factory_that_fails(project):
    project.write("shop.py", "def create_app(kind='x'):\n    raise TypeError('my own')")
    for reference in ("shop", "shop:create_app", "shop:create_app('y')"):
        text = told(project, "--app", reference, "routes", code=1)
        assert in_project(project, text) == [("shop.py", "2")]
        assert "TypeError: my own\nSo the application could not be made, by the factory 'create_app'" in text


def test_factory_that_is_called_in_another_way(project):
    project.write("shop.py", "def create_app(kind):\n    pass")
    text = told(project, "--app", "shop:create_app", "routes", code=2)
    for word in ("'create_app'", "missing a required argument: 'kind'", "shop:create_app(...)"):
        assert word in text


def test_command_that_fails(project):
    project.write(
        "app.py",
        "from flask import Flask\napp = Flask('x')\n@app.cli.command()\ndef who():\n    raise ValueError('of mine')",
    )
    text = told(project, "who", code=1)
    assert in_project(project, text) == [("app.py", "5")]
    assert text.endswith("ValueError: of mine\n")


def test_help_comes_also_where_the_application_fails(project):
    project.write("app.py", "1 / 0")
    done = project.run("--help")
    assert done.returncode == 0
    assert "Commands:" in done.stdout
    assert in_project(project, done.stderr) == [("app.py", "1")]
    assert "click/core.py" not in done.stderr


def test_fault_of_the_command_itself_is_told_whole(project):
    """Where there are no frames of the program, nothing is left out."""
    before = "import flask.cli.routes\nflask.cli.routes.routes_command.callback = lambda **options: 1 / 0"
    project.write("app.py", "from flask import Flask\napp = Flask('x')")
    done = project.run("routes", before=before)
    assert "ZeroDivisionError" in done.stderr
