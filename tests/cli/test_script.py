"""The `flask` command as a whole, and programs that are made like it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
from importlib.metadata import entry_points

import click
import pytest

from flask import Flask, current_app
from flask.cli import FlaskGroup, ScriptInfo, cli, get_version, version_option

APP = """
    import click
    from flask import Flask, current_app

    print("hello is imported")
    app = Flask("shop")

    @app.cli.command("create-user")
    @click.argument("name")
    @click.option("--color", default="blue")
    def create_user(name, color):
        "Make a user."
        click.echo(f"{name} {color} {current_app.name}")

    @click.command()
    def plain():
        click.echo(f"plain {current_app.name}")

    app.cli.add_command(plain)

    @app.cli.command("routes")
    def routes():
        click.echo("never")
"""


NAMES = ["create-user", "plain", "profile", "routes", "run", "shell", "upgrade-check"]


class TestHelp:
    def test_lists_built_in_commands_and_those_of_the_application(self, project):
        project.write("hello.py", APP)
        result = project.invoke("--app", "hello", "--help")
        assert result.exit_code == 0
        listed = re.findall(r"^  ([a-z-]+)", result.output.partition("Commands:")[2], re.M)
        plugins = {plugin.name for plugin in entry_points(group="flask.commands")}  # of whatever is installed here
        assert [name for name in listed if name not in plugins] == NAMES
        assert "Make a user." in result.output

    def test_application_may_be_named_after_the_help_option(self, project):
        project.write("hello.py", APP)
        assert "create-user" in project.invoke("--help", "--app", "hello").output

    def test_no_arguments_show_the_help(self, project):
        project.write("app.py", APP)
        result = project.invoke()
        assert "Usage: flask [OPTIONS] COMMAND" in result.output
        assert "create-user" in result.output

    def test_no_arguments_with_the_application_named_by_a_file(self, project):
        project.write("hello.py", APP)
        project.write(".flaskenv", "FLASK_APP=hello")
        assert "create-user" in project.invoke().output

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("import not_installed", ["No module named 'not_installed'", "hello.py"]),
            ("1 / 0", ["The application could not be loaded", "ZeroDivisionError", "hello.py"]),
            ("", ["neither an application nor a factory"]),
        ],
    )
    def test_comes_with_the_reason_if_the_application_is_broken(self, project, text, words):
        project.write("hello.py", text)
        result = project.invoke("--app", "hello", "--help")
        assert result.exit_code == 0
        for word in words:
            assert word in result.output
        assert "\n  routes" in result.output.partition("Commands:")[2]

    @pytest.mark.parametrize("args", [["--version"], ["run", "--help"], ["routes", "--help"], ["shell", "--help"]])
    def test_application_is_not_imported_for_what_does_not_need_it(self, project, args):
        project.write("app.py", APP)
        result = project.invoke(*args)
        assert result.exit_code == 0
        assert "hello is imported" not in result.output


class TestCommands:
    def test_of_the_application(self, project):
        project.write("hello.py", APP)
        result = project.invoke("--app", "hello", "create-user", "Ada")
        assert result.output == "hello is imported\nAda blue shop\n"

    def test_every_command_of_the_application_has_its_context(self, project):
        project.write("hello.py", APP)
        assert "plain shop" in project.invoke("--app", "hello", "plain").output

    def test_options_from_the_environment(self, project):
        project.write("hello.py", APP)
        os.environ["FLASK_CREATE_USER_COLOR"] = "green"
        assert "Ada green shop" in project.invoke("--app", "hello", "create-user", "Ada").output

    def test_built_in_command_goes_before_the_applications(self, project):
        project.write("hello.py", APP)
        assert "never" not in project.invoke("--app", "hello", "routes").output

    def test_unknown_command(self, project):
        project.write("hello.py", APP)
        result = project.invoke("--app", "hello", "create-usr")
        assert result.exit_code == 2
        assert "No such command 'create-usr'" in result.output

    def test_unknown_command_without_application_says_both(self, project):
        result = project.invoke("create-user")
        assert result.exit_code == 2
        assert "No Flask application was named" in result.output
        assert "No such command 'create-user'" in result.output

    def test_error_of_the_module_is_not_hidden(self, project):
        project.write("hello.py", "1 / 0")
        assert isinstance(project.invoke("--app", "hello", "create-user").exception, ZeroDivisionError)


class TestVersion:
    def test_names_the_implementation_and_what_it_runs_on(self, project):
        result = project.invoke("--version")
        python, flask, *libraries = result.output.splitlines()
        assert python == f"Python {platform.python_version()}"
        assert re.fullmatch(r"Flask 3\.1\.\d{3,} \(Retort\)", flask)
        required = [line for line in importlib.metadata.requires("Flask") if "extra" not in line]
        names = [re.match(r"\w+", line).group() for line in required]
        versions = {name.lower(): importlib.metadata.version(name) for name in names}
        assert dict(line.lower().split() for line in libraries) == versions
        assert libraries[0] == f"Werkzeug {importlib.metadata.version('werkzeug')}"

    def test_callback_does_nothing_unless_asked(self, capsys):
        get_version(click.Context(cli), version_option, False)
        assert capsys.readouterr().out == ""


class TestOtherPrograms:
    @pytest.fixture
    def wiki(self):
        """A management script, as the documentation shows it."""

        def create_app():
            app = Flask("wiki")

            @app.cli.command()
            @click.option("--color", default="blue")
            def paint(color):
                click.echo(f"{current_app.name} {color} {current_app.debug}")

            return app

        @click.group(cls=FlaskGroup, create_app=create_app)
        @click.option("--config")
        def wiki(config):
            """Manage the wiki."""
            if config:
                click.echo(f"config {config}")

        return wiki

    def test_has_the_commands_of_its_application(self, project, wiki):
        assert project.invoke("paint", group=wiki).output == "wiki blue False\n"
        assert project.invoke("--debug", "paint", "--color", "red", group=wiki).output == "wiki red True\n"

    def test_has_options_of_its_own(self, project, wiki):
        assert project.invoke("--config", "c", "paint", group=wiki).output == "config c\nwiki blue False\n"
        help = project.invoke("--help", group=wiki).output
        assert "Manage the wiki." in help
        assert "--config TEXT" in help
        assert "--app IMPORT" in help

    def test_options_from_the_environment(self, project, wiki):
        os.environ["FLASK_PAINT_COLOR"] = "green"
        assert project.invoke("paint", group=wiki).output == "wiki green False\n"

    def test_prefix_of_its_own(self, project):
        group = FlaskGroup(create_app=lambda: Flask("x"), context_settings={"auto_envvar_prefix": "WIKI"})
        os.environ["WIKI_ROUTES_SORT"] = "color"
        assert "'color' is not one of" in project.invoke("routes", group=group).output

    def test_create_app_goes_before_the_option(self, project, wiki):
        assert project.invoke("--app", "nope", "paint", group=wiki).output == "wiki blue False\n"

    def test_create_app_may_take_the_script_info(self, project):
        def create_app(info):
            return Flask(f"wiki {type(info).__name__} {info.data}")

        @click.command()
        def name():
            click.echo(click.get_current_context().find_object(ScriptInfo).load_app().name)

        group = FlaskGroup(create_app=create_app)
        group.add_command(name)
        assert project.invoke("name", group=group).output == "wiki ScriptInfo {}\n"

    def test_what_a_group_may_go_without(self, project):
        group = FlaskGroup(add_default_commands=False, add_version_option=False, create_app=lambda: Flask("x"))
        result = project.invoke("--help", group=group)
        assert "routes" not in result.output
        assert "--version" not in result.output

    def test_without_dotenv(self, project):
        project.write(".env", "SHOP_A=1")
        group = FlaskGroup(load_dotenv=False, create_app=lambda: Flask("x"))
        project.invoke("routes", group=group)
        assert "SHOP_A" not in os.environ
        project.write("more.env", "SHOP_B=1")
        project.invoke("-e", "more.env", "routes", group=group)
        assert os.environ["SHOP_B"] == "1"
        assert "SHOP_A" not in os.environ

    def test_without_debug_flag(self, project):
        def create_app():
            app = Flask("wiki")
            app.debug = True
            return app

        @click.command()
        def show():
            click.echo(click.get_current_context().find_object(ScriptInfo).load_app().debug)

        group = FlaskGroup(set_debug_flag=False, create_app=create_app)
        group.add_command(show)
        assert project.invoke("show", group=group).output == "True\n"

    def test_script_info_of_the_caller(self, project):
        info = ScriptInfo(create_app=lambda: Flask("caller's"))
        result = project.invoke("routes", "--all-methods", group=cli, obj=info)
        assert "static" in result.output

    def test_inside_of_another_click_program(self, project):
        @click.group()
        def outer():
            pass

        outer.add_command(FlaskGroup(name="web", create_app=lambda: Flask("inner")))
        assert "/static/<path:filename>" in project.invoke("web", "routes", group=outer).output


class TestPlugins:
    def install(self, project, entry: str) -> None:
        """Put a distribution with an entry point into the project, where Python looks for modules first."""
        project.write("shop_plugin-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: shop-plugin\nVersion: 1.0\n")
        project.write("shop_plugin-1.0.dist-info/entry_points.txt", f"[flask.commands]\n{entry}\n")
        project.write(
            "shop_plugin.py",
            "import click\n@click.command()\ndef cli():\n    click.echo('from the plugin')\n",
        )

    def test_command_of_a_plugin(self, project):
        self.install(project, "stock = shop_plugin:cli")
        assert project.run("stock").stdout == "from the plugin\n"
        assert "stock" in project.run("--help").stdout

    def test_plugin_may_replace_a_built_in_command(self, project):
        self.install(project, "run = shop_plugin:cli")
        assert project.run("run").stdout == "from the plugin\n"

    def test_broken_plugin_is_named_and_others_work(self, project):
        self.install(project, "stock = shop_plugin:nope")
        project.write("app.py", APP)
        done = project.run("create-user", "Ada")
        assert ("Ada blue shop" in done.stdout, done.stderr) == (True, "")
        for argument in ("stock", "--help"):
            told = project.run(argument).stderr
            for word in ["'stock'", "'shop-plugin'", "'shop_plugin:nope'", "AttributeError", "uninstall"]:
                assert word in told

    def test_plugin_that_is_no_command(self, project):
        self.install(project, "stock = shop_plugin:__name__")
        done = project.run("--help")
        assert done.returncode == 0
        assert "TypeError: 'shop_plugin' is no command of click" in done.stderr

    def test_completion_is_silent_about_what_is_broken(self, project):
        self.install(project, "stock = shop_plugin:nope")
        project.write("app.py", "1 / 0")
        for words in ("flask ", "flask ro", "flask own ", "flask own --", "flask --app nope own "):
            number = str(len(words.split(" ")) - 1)
            before = "import sys; sys.argv[0] = 'flask'"
            done = project.run(before=before, _FLASK_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=number)
            assert (done.returncode, done.stderr) == (0, "")
            assert "own" in words or "plain,routes" in done.stdout

    def test_no_plugin_is_imported_but_the_one_that_is_asked_for(self, project):
        self.install(project, "stock = shop_plugin:cli\nother = other_plugin:cli")
        project.write("other_plugin.py", "print('other is imported')\nfrom shop_plugin import cli")
        project.write("app.py", APP)
        assert "other is imported" not in project.run("stock").stdout + project.run("create-user", "Ada").stdout
        assert project.run("other").stdout == "other is imported\nfrom the plugin\n"
        completed = {"_FLASK_COMPLETE": "bash_complete", "COMP_WORDS": "flask st", "COMP_CWORD": "1"}
        told = project.run(before="import sys; sys.argv[0] = 'flask'", **completed).stdout
        assert "other is imported" not in told
        assert told.endswith("plain,stock\n")


class TestProcess:
    def test_module_is_the_command(self, project):
        done = project.run("--help")
        assert done.stdout.startswith("Usage: python -m flask [OPTIONS] COMMAND")

    def test_main_exits_with_the_code(self, project):
        assert project.run("nope").returncode == 2
        assert project.run("--version", before="").returncode == 0

    def test_programs_know_that_they_are_run_by_the_command(self, project):
        project.write(
            "app.py",
            "import os\nprint(os.environ['FLASK_RUN_FROM_CLI'])\n" + "from flask import Flask\napp = Flask('x')",
        )
        assert project.run("routes").stdout.startswith("true\n")

    def test_flask_itself_does_without_click(self, project):
        before = "import sys, flask\nflask.Flask('x')\nprint('click' in sys.modules)"
        assert project.run("--version", before=before).stdout.startswith("False\n")
