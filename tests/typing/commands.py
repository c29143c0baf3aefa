"""Commands for `flask`, and programs of one's own around an application."""

from __future__ import annotations

from typing import Any, assert_type

import click

from flask import Blueprint, Flask, current_app
from flask.cli import AppGroup, FlaskGroup, ScriptInfo, load_dotenv, pass_script_info, with_appcontext

app = Flask(__name__)
blueprint = Blueprint("part", __name__, cli_group="things")


@app.cli.command("init-db")
@click.option("--replace", is_flag=True)
@click.argument("name")
def init_db(name: str, replace: bool) -> None:
    click.echo(f"{name} {replace} {current_app.name}")


@app.cli.command
def bare() -> None: ...


@app.cli.command("plain", with_appcontext=False, help="Needs no application.")
def plain() -> None: ...


@blueprint.cli.command("of-blueprint")
def of_blueprint() -> None: ...


@app.cli.group("users", short_help="About users.")
def users() -> None: ...


@users.command("add")
@click.argument("name")
def add_user(name: str) -> None: ...


@click.command()
@click.option("--count", default=1)
@with_appcontext
def independent(count: int) -> None: ...


@with_appcontext
def in_context(count: int) -> str:
    return current_app.name * count


@click.command()
@pass_script_info
def with_info(info: ScriptInfo, /) -> None:
    assert_type(info.load_app(), Flask)


assert_type(init_db, click.Command)
assert_type(bare, click.Command)
assert_type(plain, click.Command)
assert_type(users, click.Group)
assert_type(in_context(2), str)

group = AppGroup("reports", help="Reports.")
app.cli.add_command(independent)
app.cli.add_command(group)


@group.command("daily")
def daily() -> None: ...


def create_app(info: ScriptInfo | None = None, **options: Any) -> Flask:
    return app


@click.group(cls=FlaskGroup, create_app=create_app)
def main() -> None: ...


program = FlaskGroup(name="shop", create_app=create_app, add_default_commands=False)


@app.shell_context_processor
def shell() -> dict[str, Any]:
    return {"app": app}


assert_type(shell(), dict[str, Any])
assert_type(load_dotenv(".env"), bool)
runner = app.test_cli_runner()
result = runner.invoke(init_db, ["things", "--replace"])
assert_type(result.exit_code, int)
assert_type(result.output, str)
runner.invoke(args=["init-db", "things"])
