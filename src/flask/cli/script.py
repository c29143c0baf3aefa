"""The ``flask`` command, and the class for programs that want to be like it."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import typing as t

import click

from ..globals import app_ctx
from .discovery import NoAppException
from .environment import naming_variables
from .failures import end_with, format_own
from .group import AppGroup, ScriptInfo
from .options import app_option, debug_option, env_file_option, version_option
from .profile import profile_command
from .routes import routes_command
from .run import run_command
from .shell import shell_command
from .upgrade_check import upgrade_check_command

if t.TYPE_CHECKING:
    from ..app import Flask


#: Notes in click's context that the application could not be loaded.
_APP_IS_MISSING: t.Final = "flask.app_is_missing"


class FlaskGroup(AppGroup):
    """The group of a program's commands: the built-in ones, those of plugins, and those of the application.

    The application is loaded when a command is asked for that is neither built in nor a plugin's, or when all
    commands are listed. Options take their defaults from environment variables named
    ``FLASK_COMMAND_OPTION``, such as ``FLASK_RUN_PORT``.

    :param add_default_commands: whether there are the commands ``run``, ``shell``, ``routes`` and ``upgrade-check``,
        and ``profile`` unless the application or a plugin has one of that name.
    :param create_app: a function that makes the application. It may take the script info.
    :param add_version_option: whether there is the option ``--version``.
    :param load_dotenv: whether ``.env`` and ``.flaskenv`` set environment variables.
    :param set_debug_flag: whether the debug flag decides over the application's ``debug``.
    :param extra: the arguments of :class:`click.Group`.

    .. versionadded:: 0.11

    .. versionchanged:: 1.0
        Environment variables are loaded from ``.env`` and ``.flaskenv``, if python-dotenv is installed.

    .. versionchanged:: 2.2
        Added the options ``-A/--app``, ``--debug/--no-debug`` and ``-e/--env-file``. The commands of
        ``app.cli`` run in an application context; :func:`with_appcontext` is not needed for them.
    """

    def __init__(
        self,
        add_default_commands: bool = True,
        create_app: t.Callable[..., Flask] | None = None,
        add_version_option: bool = True,
        load_dotenv: bool = True,
        set_debug_flag: bool = True,
        **extra: t.Any,
    ) -> None:
        # Copied: click hands over the list in which it collected the options of the decorated function.
        params = [*(extra.pop("params", None) or ()), env_file_option, app_option, debug_option]
        if add_version_option:
            params.append(version_option)
        settings = {"auto_envvar_prefix": "FLASK", **(extra.pop("context_settings", None) or {})}
        super().__init__(params=params, context_settings=settings, **extra)
        self.create_app = create_app
        self.load_dotenv = load_dotenv
        self.set_debug_flag = set_debug_flag
        if add_default_commands:
            for command in (run_command, shell_command, routes_command, upgrade_check_command):
                self.add_command(command)
        # Applications have commands of that name already, and theirs go first.
        self._late_commands: dict[str, click.Command] = {"profile": profile_command} if add_default_commands else {}

    @functools.cached_property
    def _plugins(self) -> dict[str, importlib.metadata.EntryPoint]:
        """What installed packages bring that was not asked for yet, by the names of the commands.

        To import all of them, for a command of the application or our own, would take longer than the command itself.
        """
        return {entry.name: entry for entry in importlib.metadata.entry_points(group="flask.commands")}

    def _load_plugin(self, ctx: click.Context, name: str) -> None:
        entry = self._plugins.pop(name, None)
        if entry is None:
            return
        try:
            command = entry.load()
            if not isinstance(command, click.Command):
                raise TypeError(f"{command!r} is no command of click")
            self.add_command(command, name)
        except Exception as exc:
            owner = entry.dist.name if entry.dist else "unknown"
            _show_error(
                ctx,
                f"The command {name!r} of the package {owner!r} cannot be loaded from {entry.value!r}:"
                f" {type(exc).__name__}: {exc}. Update or uninstall the package; all other commands work."
            )

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Find a command by name. One of the application, which is loaded for it, is looked for last, so that
        the others work even where the application is broken.

        :return: ``None`` if there is no such command.
        """
        self._load_plugin(ctx, name)
        command = super().get_command(ctx, name)
        if command is not None:
            return command
        try:
            app = ctx.ensure_object(ScriptInfo).load_app()
        except Exception as exc:
            if name in self._late_commands:
                return self._late_commands[name]  # run, it says the same; and it is listed
            if isinstance(exc, NoAppException) or ctx.resilient_parsing:
                _show_error(ctx, str(exc))
                ctx.meta[_APP_IS_MISSING] = True
                return None
            raise
        if not app_ctx or app_ctx.app is not app:
            ctx.with_resource(app.app_context())
        return app.cli.get_command(ctx, name) or self._late_commands.get(name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as exc:
            if _APP_IS_MISSING not in ctx.meta:
                raise
            why = "If it is one of the application's: that could not be loaded, as told above."
            raise click.UsageError(f"{exc.format_message()} {why}", ctx) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted. If the application cannot be loaded, the reason is shown, and
        the names of its commands are missing.
        """
        names = {*super().list_commands(ctx), *self._late_commands, *self._plugins}
        try:
            names.update(ctx.ensure_object(ScriptInfo).load_app().cli.list_commands(ctx))
        except NoAppException as exc:
            _show_error(ctx, exc.format_message())
        except Exception as exc:
            _show_error(ctx, f"The application could not be loaded:\n\n{format_own(exc)}")
        return sorted(names)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: t.Any
    ) -> click.Context:
        """Make click's context for a run of the program, with a :class:`ScriptInfo` as its ``obj``."""
        # By this `app.run()` in a module that is imported here knows that it is not to start a server.
        os.environ["FLASK_RUN_FROM_CLI"] = "true"
        if "obj" not in extra and "obj" not in self.context_settings:
            extra["obj"] = ScriptInfo(
                create_app=self.create_app,
                set_debug_flag=self.set_debug_flag,
                load_dotenv_defaults=self.load_dotenv,
            )
        if os.environ.get("NO_COLOR"):  # https://no-color.org
            extra.setdefault("color", False)
        return super().make_context(info_name, args, parent=parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the options from the arguments."""
        if not args and self.no_args_is_help:
            # click shows the help before it looks at any option, but the help lists the commands of the
            # application, and the environment may say which one that is.
            for option in (env_file_option, app_option):
                option.handle_parse_result(ctx, {}, [])
        try:
            with naming_variables():
                return super().parse_args(ctx, args)
        except BaseException:
            # The help ends the run here, and click does not close what is not entered yet: it would leave the
            # application's context behind, which came with the list of its commands.
            ctx.close()
            raise

    def invoke(self, ctx: click.Context) -> t.Any:
        """Run the command that the arguments are of."""
        with naming_variables():
            return super().invoke(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``, not eager: ``flask --help --app hello`` lists the commands of hello."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.is_eager = False
        return option


def _show_error(ctx: click.Context, message: str) -> None:
    if not ctx.resilient_parsing:  # nobody wants to read it who presses the tabulator
        click.secho(f"Error: {message}\n", err=True, fg="red")


#: The ``flask`` command.
cli: FlaskGroup = FlaskGroup(
    name="flask",
    help="""\
Run Flask applications, look into them, and run their own commands.

Which application is meant is said by '--app' or by the environment variable FLASK_APP. Otherwise it is the
one in 'wsgi.py' or 'app.py' in the current directory.
""",
)


def main() -> None:
    """Run the ``flask`` command with the arguments of this process, and exit.

    .. versionadded:: 0.11
    """
    try:
        cli.main()
    except Exception as exc:
        end_with(exc)  # told from where the program's code begins: twenty frames of ours would hide it
        raise
