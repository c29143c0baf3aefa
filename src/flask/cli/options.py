"""The options of the ``flask`` command itself, which stand before the name of a subcommand."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import typing as t

import click

from .._about import IMPLEMENTATION, VERSION
from .environment import load_dotenv
from .group import ScriptInfo
from .parameters import FileType

#: What is always installed with it.
DEPENDENCIES: t.Final = ("Werkzeug", "Jinja2", "itsdangerous", "blinker", "click", "MarkupSafe")

#: Notes in click's context that debug mode is on by what 1.0 to 2.2 called it: ``FLASK_ENV=development``.
BY_OLD_NAME: t.Final = "flask.debug_by_old_name"


def _set_app(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(ScriptInfo).app_import_path = value


#: Names the application. It is eager, so that the application's commands can be listed in the help.
app_option: click.Option = click.Option(
    ["-A", "--app"],
    metavar="IMPORT",
    help=(
        "Where the application is: 'module:name'. The module is an import path or a file. The name is that"
        " of an application or of a factory, which may be called with arguments:"
        " 'module:name(\"argument\")'. Leave it out where it is app, application, create_app or make_app."
    ),
    is_eager=True,
    expose_value=False,
    callback=_set_app,
)


def _set_debug(ctx: click.Context, param: click.Parameter, value: bool | None) -> None:
    # In the environment it reaches all who ask: the factory, the extensions, and the process that the
    # reloader starts.
    by_old_name = value is None and not os.environ.get("FLASK_DEBUG") and os.environ.get("FLASK_ENV") == "development"
    if value is not None or by_old_name:
        os.environ["FLASK_DEBUG"] = "1" if value or by_old_name else "0"
        ctx.meta[BY_OLD_NAME] = by_old_name


#: Sets or unsets debug mode; not given, ``FLASK_DEBUG`` stays as it is.
debug_option: click.Option = click.Option(
    ["--debug/--no-debug"],
    default=None,
    help="Switch debug mode on or off.",
    expose_value=False,
    callback=_set_debug,
)


def _load_env_file(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None and importlib.util.find_spec("dotenv") is None:
        raise click.BadParameter(
            f"{value!r} cannot be read without python-dotenv. Install it with 'pip install python-dotenv'.",
            ctx,
            param,
        )
    load_defaults = ctx.ensure_object(ScriptInfo).load_dotenv_defaults
    if value is not None or load_defaults:
        load_dotenv(value, load_defaults=load_defaults)


#: Reads environment variables from a file, and, given or not, from the default files. It is eager, and stands
#: before ``--app``, so that the files can set every other option.
env_file_option: click.Option = click.Option(
    ["-e", "--env-file"],
    type=FileType(),
    help=(
        "A file to set environment variables from. What it says goes before '.env', and that before"
        " '.flaskenv'; variables that are set already stay. Needs python-dotenv."
    ),
    is_eager=True,
    expose_value=False,
    callback=_load_env_file,
)


def get_version(ctx: click.Context, param: click.Parameter, value: t.Any) -> None:
    """Print the versions of Python, of this implementation of Flask, and of what it stands on, and exit.

    :param value: whether the option was given; if not, nothing happens.

    .. versionadded:: 0.12
    """
    if not value or ctx.resilient_parsing:
        return
    libraries = [f"{name} {importlib.metadata.version(name)}" for name in DEPENDENCIES]
    lines = [f"Python {platform.python_version()}", f"Flask {VERSION} ({IMPLEMENTATION})", *libraries]
    click.echo("\n".join(lines), color=ctx.color)
    ctx.exit()


#: Prints the versions and exits.
version_option: click.Option = click.Option(
    ["--version"],
    help="Show which Flask this is, and the versions, and exit.",
    expose_value=False,
    callback=get_version,
    is_flag=True,
    is_eager=True,
)
