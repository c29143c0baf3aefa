"""What is told where something is wrong: the thing, the cause, the remedy, and the program's own traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import traceback

import pytest

from flask.cli import main


def told(project, *args: str, code: int, **options) -> str:
    done = project.run(*args, **options)
    assert done.returncode == code
    return done.stderr


def frames(project, text: str) -> list[tuple[str, str]]:
    """All frames of the tracebacks in a text, by their files and lines: those of the project without its folder."""
    found = re.findall(r'File "([^"]*)", line (\d+)', text)
    return [(file.removeprefix(f"{project.folder}/"), line) for file, line in found]


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

    @pytest.mark.parametrize("reference", ["shop.web", "shops.web.site", "shop.create_app"])
    def test_name_behind_a_full_stop(self, project, command, reference):
        """As other tools have it."""
        for file in ("shop.py", "shops/web.py"):
            project.write(file, "def create_app():\n    pass\nweb = site = None")
        text = told(project, "--app", reference, command, code=2)
        assert "Write a colon before the name of what is in a module" in text
        assert f"--app {':'.join(reference.rsplit('.', 1))}." in text

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("nowhere/shop.py", ["There is no file 'nowhere/shop.py'", "current directory, '{folder}'", "spelling"]),
            ("here/shop.py", ["There is no file 'here/shop.py'"]),
            ("shop.py:app", ["There is no file 'shop.py'"]),
            ("here/shop", ["There is no file 'here/shop'"]),
            ("folder.py", ["'folder.py' is a folder", "Name a Python file"]),
            ("text.txt", ["'text.txt' is no Python file", "'.py'"]),
            ("here/text.txt:app", ["'here/text.txt' is no Python file"]),
        ],
    )
    def test_file(self, project, command, path, words):
        for folder in ("here", "folder.py"):
            (project.folder / folder).mkdir()
        for file in ("text.txt", "here/text.txt"):
            project.write(file, "")
        text = told(project, "--app", path, command, code=2)
        for word in words:
            assert word.format(folder=project.folder) in text

    def test_file_of_a_module_that_is_elsewhere(self, project, command):
        """The file that is named is not there; a module of its name is, as it ever was."""
        project.write("else/shop.py", "")
        text = told(project, "--app", "shop.py", command, code=2, PYTHONPATH=f"else:{os.environ.get('PYTHONPATH', '')}")
        assert "module 'shop' has neither an application nor" in text

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
        assert frames(project, text) == [("shop.py", "1"), ("prices.py", "2")]
        assert "ModuleNotFoundError: No module named 'not_installed'" in text


def test_module_that_fails(project):
    project.write("shop.py", "import prices")
    project.write("prices.py", "1 / 0")
    for command in ("routes", "run", "who"):
        text = told(project, "--app", "shop", command, code=1)
        assert frames(project, text) == [("shop.py", "1"), ("prices.py", "1")]
        assert text.endswith(
            "ZeroDivisionError: division by zero\n"
            "So the application could not be loaded: it is to be in the module 'shop'.\n"
        )


def test_syntax_error(project):
    project.write("shop.py", "\ndef broken(:")
    text = told(project, "--app", "shop", "routes", code=1)
    assert frames(project, text) == [("shop.py", "2")]
    assert "SyntaxError" in text


def test_factory_that_fails(project):
    project.write("shop.py", "def create_app(kind='x'):\n    raise TypeError('my own')")
    for reference in ("shop", "shop:create_app", "shop:create_app('y')"):
        text = told(project, "--app", reference, "routes", code=1)
        assert frames(project, text) == [("shop.py", "2")]
        assert "TypeError: my own\nSo the application could not be made, by the factory 'create_app'" in text


def test_traceback_is_the_programs_own_whatever_calls_the_command(project):
    project.write("shop.py", "def create_app():\n    raise KeyError('my own')")
    script = "import sys\nfrom flask.cli import main\nif __name__ == '__main__':\n    sys.exit(main())"
    project.write("flask-script", script)  # as pip writes it
    for command in (["flask-script"], ["-c", script], ["-m", "flask"], ["-X", "dev", "-m", "flask"]):
        done = subprocess.run(
            [sys.executable, *command, "--app", "shop:create_app()", "routes"],
            env=project.environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert frames(project, done.stderr) == [("shop.py", "2")]


def test_exception_of_the_program_goes_on_to_who_called_the_command(project, monkeypatch):
    """A debugger may wait for it."""
    project.write("shop.py", "def create_app():\n    raise KeyError('my own')")
    monkeypatch.setattr(sys, "argv", ["flask", "--app", "shop", "routes"])
    monkeypatch.setattr(sys, "excepthook", lambda *shown: hooked.append(shown))
    hooked: list[tuple] = []
    with pytest.raises(KeyError, match="my own") as raised:
        main()
    other = ValueError("of someone else")
    sys.excepthook(ValueError, other, None)
    sys.excepthook(KeyError, raised.value, raised.tb)
    assert hooked[0] == (ValueError, other, None)
    assert [frame.name for frame in traceback.extract_tb(hooked[1][2])] == ["create_app"]
    assert hooked[1][1].__traceback__ is hooked[1][2]


def test_error_of_a_teardown_function_begins_with_it(project):
    project.write(
        "app.py",
        """
        from flask import Flask
        app = Flask("x")
        @app.cli.command()
        def who():
            pass
        @app.teardown_appcontext
        def end(error):
            raise ValueError("of mine")
        """,
    )
    assert frames(project, told(project, "who", code=1)) == [("app.py", "9")]


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
    assert frames(project, text) == [("app.py", "5")]
    assert text.endswith("ValueError: of mine\n")


def test_help_comes_also_where_the_application_fails(project):
    project.write("app.py", "1 / 0")
    done = project.run("--help")
    assert done.returncode == 0
    assert "Commands:" in done.stdout
    assert frames(project, done.stderr) == [("app.py", "1")]


def test_fault_of_the_command_itself_is_told_whole(project):
    """Where there are no frames of the program, nothing is left out."""
    before = "import flask.cli.routes\nflask.cli.routes.routes_command.callback = lambda **options: 1 / 0"
    project.write("app.py", "from flask import Flask\napp = Flask('x')")
    done = project.run("routes", before=before)
    assert "ZeroDivisionError" in done.stderr
