"""Commands of applications, blueprints and groups, and the context they run in."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from flask import Blueprint, Flask, current_app
from flask.cli import AppGroup, ScriptInfo, pass_script_info, with_appcontext


@pytest.fixture
def app() -> Flask:
    return Flask("shop")


@pytest.fixture
def run(app):
    """Run a command as the `flask` command would, and give what it printed."""

    def run(*args, command=None):
        info = ScriptInfo(create_app=lambda: app)
        result = CliRunner().invoke(command or app.cli, args, obj=info, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output.strip()

    return run


def test_command_runs_in_the_application_context(app, run):
    @app.cli.command("greet")
    @click.argument("name")
    def greet(name):
        click.echo(f"{name} in {current_app.name}")

    assert run("greet", "Ada") == "Ada in shop"


def test_async_command(app, run):
    async def name_of_the_application():
        return current_app.name

    @app.cli.command("greet")
    @click.argument("name")
    async def greet(name):
        click.echo(f"{name} in {await name_of_the_application()}")

    @app.cli.command("again")
    @click.pass_context  # its function is a plain one
    async def again(ctx):
        click.echo(f"{ctx.info_name} in {await name_of_the_application()}")

    @click.command("elsewhere")
    @with_appcontext
    async def elsewhere():
        click.echo(await name_of_the_application())

    assert run("greet", "Ada") == "Ada in shop"
    assert run("again") == "again in shop"
    assert run(command=elsewhere) == "shop"


def test_command_name_comes_from_the_function(app, run):
    @app.cli.command()
    def show_context():
        click.echo(current_app.name)

    assert run("show-context") == "shop"


def test_decorator_without_parentheses(app, run):
    @app.cli.command
    def greet():
        click.echo(current_app.name)

    assert isinstance(greet, click.Command)
    assert run("greet") == "shop"


def test_command_without_context(app, run):
    @app.cli.command(with_appcontext=False)
    def greet():
        click.echo(bool(current_app))

    assert run("greet") == "False"


def test_group_in_a_group(app, run):
    @app.cli.group("user")
    def user():
        pass

    @user.group()
    def admin():
        pass

    @admin.command("create")
    def create():
        click.echo(current_app.name)

    assert isinstance(user, AppGroup)
    assert isinstance(admin, AppGroup)
    assert run("user", "admin", "create") == "shop"


def test_group_of_another_class(app):
    @app.cli.group(cls=click.Group)
    def plain():
        pass

    assert not isinstance(plain, AppGroup)


def test_group_made_apart(app, run):
    group = AppGroup("user", help="Users.")

    @group.command("create")
    @click.option("--name", default="Ada")
    def create(name):
        """Make one."""
        click.echo(f"{name} {current_app.name}")

    app.cli.add_command(group)
    assert run("user", "create", "--name", "Bob") == "Bob shop"
    assert "Make one." in run("user", "--help")


def test_click_command_with_appcontext(app, run):
    @click.command()
    @click.option("--times", default=2)
    @with_appcontext
    def work(times):
        """Work hard."""
        click.echo(current_app.name * times)

    assert work.help == "Work hard."
    assert run(command=work) == "shopshop"


def test_active_context_is_used_as_it_is(app, run):
    @click.command()
    @with_appcontext
    def work():
        click.echo(current_app.name)

    other = Flask("other")
    with other.app_context():
        assert run(command=work) == "other"


def test_context_ends_with_the_command(app, run):
    ended = []
    app.teardown_appcontext(ended.append)

    @app.cli.command()
    @click.pass_context
    def work(ctx):
        ctx.call_on_close(lambda: ended.append(bool(current_app)))

    run("work")
    assert None in ended
    assert not current_app


def test_teardown_gets_the_error_of_the_command(app):
    ended = []
    app.teardown_appcontext(ended.append)
    error = ValueError("out of stock")

    @app.cli.command()
    def work():
        raise error

    result = CliRunner().invoke(app.cli, ["work"], obj=ScriptInfo(create_app=lambda: app))
    assert result.exception is error
    assert len(ended) == 1


def test_pass_script_info(app, run):
    @app.cli.command()
    @pass_script_info
    def work(info):
        click.echo(info.load_app().name)

    assert run("work") == "shop"


def test_group_without_application_says_so(project):
    group = AppGroup("user")

    @group.command()
    def work():
        raise AssertionError("must not run")

    result = CliRunner().invoke(group, ["work"])
    assert result.exit_code == 2
    assert "No Flask application was named" in result.output


@pytest.mark.parametrize(
    ("made_with", "registered_with", "args"),
    [
        ({}, {}, ["students", "create"]),
        ({"cli_group": "other"}, {}, ["other", "create"]),
        ({}, {"cli_group": "other"}, ["other", "create"]),
        ({"cli_group": "other"}, {"cli_group": "third"}, ["third", "create"]),
        ({"cli_group": None}, {}, ["create"]),
        ({}, {"cli_group": None}, ["create"]),
    ],
)
def test_commands_of_blueprints(app, run, made_with, registered_with, args):
    blueprint = Blueprint("students", __name__, **made_with)

    @blueprint.cli.command("create")
    def create():
        click.echo(f"created in {current_app.name}")

    app.register_blueprint(blueprint, **registered_with)
    assert run(*args) == "created in shop"


def test_test_cli_runner_runs_in_the_application(app):
    @app.cli.command()
    def greet():
        click.echo(current_app.name)

    result = app.test_cli_runner().invoke(args=["greet"])
    assert result.output == "shop\n"
    assert app.test_cli_runner().invoke(greet).output == "shop\n"
