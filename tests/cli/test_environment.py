"""Environment variables from files, and the options that say which."""

from __future__ import annotations

import os

import pytest

from flask.cli import load_dotenv

SHOW = """
    import os
    import click
    from flask import Flask

    app = Flask("shop")

    @app.cli.command()
    def show():
        click.echo({name: value for name, value in os.environ.items() if name.startswith("SHOP_")})
        click.echo(f"debug {app.debug}")
"""


@pytest.fixture(autouse=True)
def files(project):
    project.write("hello.py", SHOW)
    project.write(".flaskenv", "SHOP_A=flaskenv\nSHOP_B=flaskenv\nSHOP_C=flaskenv\nSHOP_D=flaskenv\n")
    project.write(".env", "SHOP_B=env\nSHOP_C=env\nSHOP_D=env\n")
    project.write("more.env", "SHOP_C=more\nSHOP_D=more\nSHOP_E=größer\n")
    os.environ["SHOP_D"] = "set"


def shop() -> dict[str, str]:
    return {name[-1]: value for name, value in os.environ.items() if name.startswith("SHOP_")}


class TestLoadDotenv:
    def test_default_files_by_precedence(self, project):
        assert load_dotenv() is True
        assert shop() == {"A": "flaskenv", "B": "env", "C": "env", "D": "set"}

    def test_path_goes_before_the_default_files(self, project):
        assert load_dotenv("more.env") is True
        assert shop() == {"A": "flaskenv", "B": "env", "C": "more", "D": "set", "E": "größer"}

    def test_path_alone(self, project):
        assert load_dotenv(project.folder / "more.env", load_defaults=False) is True
        assert shop() == {"C": "more", "D": "set", "E": "größer"}

    def test_nothing_to_read(self, project):
        assert load_dotenv(load_defaults=False) is False
        assert load_dotenv("missing.env", load_defaults=False) is False
        assert shop() == {"D": "set"}

    def test_files_are_found_upwards_and_the_directory_stays(self, project, monkeypatch):
        project.write("inner/deep/note.txt", "")
        monkeypatch.chdir("inner/deep")
        assert load_dotenv() is True
        assert shop()["A"] == "flaskenv"
        assert os.getcwd() == str(project.folder / "inner" / "deep")

    def test_name_without_value_sets_nothing(self, project):
        project.write(".env", "SHOP_X\nSHOP_Y=\nSHOP_Z=${SHOP_D}!\n")
        load_dotenv()
        assert "X" not in shop()
        assert shop()["Y"] == ""
        assert shop()["Z"] == "set!"

    def test_what_was_read_before_is_not_set_and_told(self, project, monkeypatch, capsys):
        monkeypatch.setenv("FLASK_ERA", "2.2")
        monkeypatch.delenv("FLASK_LEGACY", raising=False)
        project.write(".env", "FLASK_ERA=2.2\nFLASK_LEGACY=1\n")
        load_dotenv()
        assert "FLASK_LEGACY" not in os.environ
        told = capsys.readouterr().err
        assert "FLASK_LEGACY in .flaskenv and .env came too late" in told
        assert "'FLASK_LEGACY=1 flask run'" in told
        assert "FLASK_ERA" not in told


@pytest.mark.parametrize(("name", "args"), [(".env", []), ("other.env", ["-e", "other.env"])])
def test_file_that_is_not_utf_8(project, name, args):
    (project.folder / name).write_bytes("SHOP_A=für".encode("latin-1"))
    result = project.invoke(*args, "--app", "hello", "show")
    assert result.exit_code == 1
    assert f"'{name}': it is not UTF-8, at byte 8" in result.output


@pytest.mark.parametrize(
    ("variables", "args", "words"),
    [
        ({"FLASK_RUN_PORT": "abc"}, ["run"], ["'abc' is no port", "The environment variable FLASK_RUN_PORT says it."]),
        ({"FLASK_DEBUG": "so"}, ["show"], ["'so' is not a valid boolean", ". The environment variable FLASK_DEBUG"]),
        ({"FLASK_ENV_FILE": "no"}, ["show"], ["'no' does not exist", "variable FLASK_ENV_FILE says"]),
        ({"FLASK_RUN_PORT": "1"}, ["run", "-p", "abc"], ["'abc' is no port", "is any that is free.\n"]),
    ],
)
def test_wrong_value_of_a_variable(project, variables, args, words):
    os.environ.update(variables)
    result = project.invoke("--app", "hello", *args)
    assert result.exit_code == 2
    for word in words:
        assert word in result.output


class TestWithoutPythonDotenv:
    missing = "import sys; sys.modules['dotenv'] = None"

    def test_tip_names_the_files_and_the_remedy(self, project):
        done = project.run("--app", "hello", "show", before=self.missing)
        assert done.stdout == "{'SHOP_D': 'set'}\ndebug False\n"
        assert ".flaskenv and .env" in done.stderr
        assert "pip install python-dotenv" in done.stderr

    def test_no_tip_if_there_is_nothing_to_read_or_it_is_not_wanted(self, project):
        assert project.run("--app", "hello", "show", before=self.missing, FLASK_SKIP_DOTENV="1").stderr == ""
        (project.folder / ".env").unlink()
        (project.folder / ".flaskenv").unlink()
        assert project.run("--app", "hello", "show", before=self.missing).stderr == ""

    def test_named_file_is_an_error(self, project):
        done = project.run("--app", "hello", "-e", "more.env", "show", before=self.missing)
        assert done.returncode == 2
        assert "'more.env' cannot be read without python-dotenv" in done.stderr
        assert "pip install python-dotenv" in done.stderr


class TestOptions:
    def show(self, project, *args, **environ):
        os.environ.update(environ)
        result = project.invoke(*args, "show")
        assert result.exit_code == 0, result.output
        return result.stdout

    def test_files_are_read_before_the_command(self, project):
        assert "'SHOP_A': 'flaskenv'" in self.show(project, "--app", "hello")

    def test_env_file(self, project):
        shown = self.show(project, "--app", "hello", "--env-file", "more.env")
        assert "'SHOP_C': 'more'" in shown
        assert "'SHOP_A': 'flaskenv'" in shown

    def test_skip_dotenv_skips_the_default_files_only(self, project):
        shown = self.show(project, "--app", "hello", "-e", "more.env", FLASK_SKIP_DOTENV="1")
        assert "'SHOP_C': 'more'" in shown
        assert "SHOP_A" not in shown

    def test_env_file_named_by_the_environment(self, project):
        assert "'SHOP_C': 'more'" in self.show(project, "--app", "hello", FLASK_ENV_FILE="more.env")

    def test_missing_env_file(self, project):
        result = project.invoke("-e", "nope.env", "show")
        assert result.exit_code == 2
        assert "'nope.env' does not exist" in result.output

    def test_files_say_which_application_and_whether_to_debug(self, project):
        project.write(".flaskenv", "FLASK_APP=hello\nFLASK_DEBUG=1\n")
        assert "debug True" in self.show(project)
        assert "debug False" in self.show(project, "--no-debug")

    def test_named_file_says_which_application(self, project):
        project.write("more.env", "FLASK_APP=hello\n")
        assert "debug False" in self.show(project, "-e", "more.env")

    def test_option_goes_before_the_environment(self, project):
        project.write(".env", "FLASK_APP=nope\n")
        assert "debug" in self.show(project, "--app", "hello", FLASK_APP="nope")

    @pytest.mark.parametrize(
        ("environ", "args", "debug"),
        [
            ({}, [], False),
            ({}, ["--debug"], True),
            ({"FLASK_DEBUG": "1"}, [], True),
            ({"FLASK_DEBUG": "true"}, [], True),
            ({"FLASK_DEBUG": "1"}, ["--no-debug"], False),
            ({"FLASK_DEBUG": "0"}, ["--debug"], True),
            ({"FLASK_ENV": "development"}, [], True),
            ({"FLASK_ENV": "production"}, [], False),
            ({"FLASK_ENV": "development", "FLASK_DEBUG": "0"}, [], False),
            ({"FLASK_ENV": "development", "FLASK_DEBUG": ""}, [], True),
            ({"FLASK_ENV": "production", "FLASK_DEBUG": "1"}, [], True),
            ({"FLASK_ENV": "development"}, ["--no-debug"], False),
        ],
    )
    def test_debug(self, project, environ, args, debug):
        assert f"debug {debug}" in self.show(project, "--app", "hello", *args, **environ)

    def test_debug_that_is_no_truth_value(self, project):
        os.environ["FLASK_DEBUG"] = "perhaps"
        result = project.invoke("--app", "hello", "show")
        assert result.exit_code == 2
        assert "'perhaps' is not a valid boolean" in result.output
