"""The ``flask`` command: what is found, what runs, in which context. Texts differ; exit codes and effects must not."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner
from observing import note, outcome, plain

from flask import Blueprint, Flask, cli, current_app, has_app_context, has_request_context
from flask.cli import AppGroup, FlaskGroup, ScriptInfo, load_dotenv, pass_script_info, with_appcontext

MODULES = {
    "plain_app.py": "from flask import Flask\napp = Flask(__name__)\nother = Flask('other')\n",
    "called_application.py": "from flask import Flask\napplication = Flask('application')\n",
    "any_name.py": "from flask import Flask\nthing = Flask('thing')\n",
    "two_apps.py": "from flask import Flask\na = Flask('a')\nb = Flask('b')\n",
    "no_app.py": "x = 1\n",
    "factory.py": "from flask import Flask\n\ndef create_app(name='made', extra=''):\n    return Flask(name + extra)\n",
    "other_factory.py": "from flask import Flask\n\ndef make_app():\n    return Flask('make')\n",
    "needs_arguments.py": "from flask import Flask\n\ndef create_app(name):\n    return Flask(name)\n",
    "failing_factory.py": "def create_app():\n    raise LookupError\n",
    "type_error_factory.py": "def create_app():\n    return int('x', y=1)\n",
    "no_app_factory.py": "def create_app():\n    return 7\n",
    "broken.py": "x = (\n",
    "failing.py": "1 / 0\n",
    "missing_import.py": "import nowhere_at_all\n",
    "package/__init__.py": "from flask import Flask\napp = Flask('package')\n",
    "package/sub.py": "from flask import Flask\napp = Flask('sub')\n",
    "nested/inner/__init__.py": "",
    "nested/inner/module.py": "from flask import Flask\napp = Flask('nested')\n",
    "wsgi.py": "from flask import Flask\napp = Flask('wsgi')\n",
}
NAMES = [
    *(
        "plain_app",
        "plain_app.py",
        "plain_app:app",
        "plain_app:other",
        "plain_app:missing",
        "plain_app:app.name",
        "./plain_app.py",
    ),
    *(
        "called_application",
        "any_name",
        "two_apps",
        "no_app",
        "factory",
        "factory:create_app",
        "factory:create_app('x')",
    ),
    *("factory:create_app('x', extra='y')", "factory:create_app(name='x')", "factory:create_app(1, 2, 3)"),
    *("factory:create_app(x)", "factory:create_app(", "factory:create_app.x", "factory:missing()", "other_factory"),
    *("needs_arguments", "needs_arguments:create_app('n')", "failing_factory", "type_error_factory", "no_app_factory"),
    *("broken", "failing", "missing_import", "package", "package.sub", "package:app", "nested.inner.module", "nowhere"),
    *(
        "nowhere.at.all",
        "",
        ":app",
        "plain_app:",
        "nested/inner/module.py",
        "plain_app = x",
        " plain_app ",
        "package/sub.py:app",
    ),
]


def in_folder(function: Any) -> Any:
    """What a function gives in a folder with the modules above, with nothing imported before."""
    before, path, modules, environment = os.getcwd(), list(sys.path), set(sys.modules), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in MODULES.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        os.chdir(folder)
        try:
            return function()
        finally:
            os.chdir(before)
            sys.path[:] = path
            os.environ.clear()
            os.environ.update(environment)
            for name in set(sys.modules) - modules:
                del sys.modules[name]


def probe_discovery() -> Any:
    """Which application a name stands for."""
    return {name: in_folder(lambda name=name: outcome(lambda: ScriptInfo(name).load_app().name)) for name in NAMES}


def probe_default_files() -> Any:
    """What is found without any name."""

    def without(*names: str) -> Any:
        for name in names:
            os.unlink(name)
        return outcome(lambda: ScriptInfo().load_app().name)

    def with_app_file() -> Any:
        Path("app.py").write_text("from flask import Flask\napp = Flask('app')\n")
        return without()

    return {
        "wsgi": in_folder(without),
        "app": in_folder(with_app_file),
        "neither": in_folder(lambda: without("wsgi.py")),
        "made": outcome(lambda: ScriptInfo(create_app=lambda: Flask("made")).load_app().name),
        "made of nothing": outcome(lambda: ScriptInfo(create_app=lambda: None).load_app()),  # type: ignore[arg-type,return-value]  # a mistake
    }


def probe_script_info() -> Any:
    """What is known of the application before it is loaded."""
    made: list[int] = []
    info = ScriptInfo(create_app=lambda: [made.append(1), Flask("made")][1])  # type: ignore[return-value]  # the second
    found = {"before": [info.app_import_path, info.data, len(made)]}
    found["loaded"] = [info.load_app() is info.load_app(), len(made)]
    os.environ["FLASK_DEBUG"] = "1"
    try:
        found["debug"] = [
            ScriptInfo(create_app=lambda: Flask("x")).load_app().debug,
            ScriptInfo(create_app=lambda: Flask("x"), set_debug_flag=False).load_app().debug,
        ]
    finally:
        del os.environ["FLASK_DEBUG"]
    return found


def create() -> Flask:
    app = Flask("apps.commands", static_folder=None)
    app.teardown_appcontext(lambda exc: note("teardown", exc))
    blueprint, merged = Blueprint("bp", __name__), Blueprint("merged", __name__, cli_group=None)
    renamed = Blueprint("renamed", __name__, cli_group="other")
    for scaffold, name in ((app, "top"), (blueprint, "of-bp"), (merged, "of-merged"), (renamed, "of-renamed")):
        scaffold.cli.command(name)(lambda name=name: click.echo(f"{name} {has_app_context()} {has_request_context()}"))
    app.cli.command("bare", with_appcontext=False)(lambda: click.echo(f"bare {has_app_context()}"))

    @app.cli.group("group")
    def group() -> None:
        click.echo(f"group {has_app_context()}")

    @group.command("inner")
    @click.option("--number", type=int, default=1)
    def inner(number: int) -> None:
        click.echo(f"inner {number} {current_app.name}")

    @app.cli.command("info")
    @pass_script_info
    def info(script_info: ScriptInfo) -> None:
        click.echo(f"info {script_info.load_app().name}")

    @app.cli.command("fail")
    def fail() -> None:
        raise LookupError

    app.cli.add_command(plain_click)
    app.cli.add_command(with_context)
    for each, options in (
        (blueprint, {}),
        (merged, {}),
        (renamed, {}),
        (Blueprint("late", __name__), {"cli_group": "given"}),
    ):
        if each.name == "late":
            each.cli.command("of-late")(lambda: click.echo("late"))
        app.register_blueprint(each, **options)
    app.add_url_rule("/", "index", lambda: "", methods=["GET", "POST"])
    app.add_url_rule("/<int:number>", "number", lambda number: "")
    return app


@click.command("plain-click")
def plain_click() -> None:
    click.echo(f"plain {has_app_context()}")


@click.command("with-context")
@with_appcontext
def with_context() -> None:
    click.echo(f"with {has_app_context()} {current_app.name}")


COMMANDS = [
    *(["top"], ["bp", "of-bp"], ["of-merged"], ["other", "of-renamed"], ["given", "of-late"], ["bare"], ["group"]),
    *(["group", "inner"], ["group", "inner", "--number", "7"], ["group", "inner", "--number", "x"], ["info"], ["fail"]),
    *(["plain-click"], ["with-context"], ["missing"], ["top", "extra"], ["bp"], ["bp", "missing"]),
]


def probe_commands() -> Any:
    """Commands of an application, run by its own group and by the one of the ``flask`` command."""
    app, found = create(), {}
    group = FlaskGroup(create_app=lambda: app)
    for arguments in COMMANDS:
        name = " ".join(arguments)
        result = app.test_cli_runner().invoke(args=arguments)
        # What click itself says of a wrong command line is in its own words.
        found[f"own {name}"] = [
            result.exit_code,
            result.output if result.exit_code != 2 else "",
            plain(result.exception),
        ]
        result = CliRunner().invoke(group, arguments)
        found[f"group {name}"] = [
            result.exit_code,
            result.output if result.exit_code != 2 else "",
            plain(result.exception),
        ]
    return found


def probe_flask_command() -> Any:
    """Commands and options that are built in."""
    app, found = create(), {}
    group = FlaskGroup(create_app=lambda: app)
    for arguments in (
        *(["routes"], ["routes", "--sort", "rule"], ["routes", "-s", "methods"], ["routes", "--sort", "match"]),
        *(["routes", "--all-methods"], ["routes", "--sort", "x"]),
    ):
        result = CliRunner().invoke(group, arguments)
        found[" ".join(arguments)] = [result.exit_code, result.output if result.exit_code == 0 else ""]
    for arguments in (
        *(
            ["--version"],
            ["--help"],
            ["run", "--help"],
            ["shell", "--help"],
            ["--nonsense"],
            ["run", "--cert", "nowhere"],
        ),
        *(["run", "--key", "x"], ["run", "--cert", "adhoc", "--key", "x"], ["run", "--port", "x"]),
    ):
        found[" ".join(arguments)] = CliRunner().invoke(group, arguments).exit_code
    plugins = {plugin.name for plugin in entry_points(group="flask.commands")}  # of what is installed here
    names = group.list_commands(click.Context(group, obj=ScriptInfo(create_app=lambda: app)))
    found["commands"] = sorted(set(names) - plugins)
    found["options"] = sorted(option for parameter in group.params for option in parameter.opts)
    found["of run"] = sorted(option for parameter in cli.run_command.params for option in parameter.opts)
    return found


def probe_group_options() -> Any:
    """Options of the group for applications and commands."""
    app = create()
    found: dict[str, Any] = {}
    for name, options in {
        "bare": {"add_default_commands": False},
        "no version": {"add_version_option": False},
        "no factory": {},
    }.items():
        factory = {} if name == "no factory" else {"create_app": lambda: app}
        group = FlaskGroup(**options, **factory)
        found[name] = [
            sorted(group.commands),
            sorted(option for parameter in group.params for option in parameter.opts),
        ]
    group = AppGroup("own")
    command = group.command("x")(lambda: click.echo(str(has_app_context())))
    found["without application"] = outcome(lambda: CliRunner().invoke(group, ["x"]).exit_code)
    found["with application"] = CliRunner().invoke(group, ["x"], obj=ScriptInfo(create_app=lambda: app)).output
    found["names"] = [group.name, command.name, isinstance(group.group("y")(lambda: None), AppGroup)]
    return found


def probe_options_of_flask() -> Any:
    """``--app``, ``--debug`` and ``--env-file``."""

    def invoke(*arguments: str) -> Any:
        result = CliRunner().invoke(FlaskGroup(), arguments)
        return [result.exit_code, result.output if result.exit_code == 0 else "", plain(result.exception)]

    def with_debug(*arguments: str) -> Any:
        Path("debugging.py").write_text(
            "import click, os\nfrom flask import Flask\napp = Flask('x')\n"
            "app.cli.command('tell')(lambda: click.echo(f'{app.debug} {os.environ.get(\"FROM_FILE\")}'))\n"
        )
        Path("own.env").write_text("FROM_FILE=own\nFLASK_DEBUG=1\n")
        return invoke("--app", "debugging", *arguments, "tell")

    return {
        "app": in_folder(lambda: invoke("--app", "plain_app", "routes")),
        "app of a variable": in_folder(lambda: [os.environ.update(FLASK_APP="plain_app"), invoke("routes")][1]),
        "missing": in_folder(lambda: invoke("--app", "nowhere", "routes")),
        "debug": in_folder(lambda: with_debug("--debug")),
        "no debug": in_folder(lambda: with_debug("--no-debug")),
        "neither": in_folder(with_debug),
        "file": in_folder(lambda: with_debug("--env-file", "own.env")),
        "missing file": in_folder(lambda: with_debug("--env-file", "nowhere.env")),
        "no name": in_folder(lambda: invoke("--debug", "routes")),
    }


def probe_dotenv() -> Any:
    """Files with environment variables."""

    def load(files: dict[str, str], path: str | None = None) -> Any:
        for name, text in files.items():
            Path(name).write_text(text)
        os.environ["SET"] = "before"
        answer = outcome(load_dotenv, path)
        return [answer, os.environ.get("A"), os.environ.get("B"), os.environ["SET"]]

    return {
        "none": in_folder(lambda: load({})),
        "one": in_folder(lambda: load({".env": "A=1\nSET=x"})),
        "both": in_folder(lambda: load({".env": "A=1\nB=1", ".flaskenv": "A=2"})),
        "given": in_folder(lambda: load({".env": "A=1", "own": "A=2"}, "own")),
        "missing": in_folder(lambda: load({".env": "A=1"}, "nowhere")),
    }


def probe_shell() -> Any:
    """What a shell of the application begins with."""
    app = create()
    app.shell_context_processor(lambda: {"extra": 1})
    with app.app_context():
        return sorted(app.make_shell_context())
