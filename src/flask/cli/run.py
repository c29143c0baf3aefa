"""``flask run``: the development server."""

from __future__ import annotations

import os
import typing as t

import click
from werkzeug import serving

from .._tracebacks import own_traceback
from ..helpers import get_debug_flag
from .discovery import NoAppException
from .failures import format_own
from .group import ScriptInfo, pass_script_info
from .listening import explained
from .options import BY_OLD_NAME, debug_option
from .parameters import CertParamType, FileType, HostType, PortType, SeparatedPathType, combine_certificate

if t.TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def show_server_banner(debug: bool, app_import_path: str | None) -> None:
    """Say which application is about to be served, once: not again each time the reloader starts it.

    :param debug: whether debug mode is on.
    :param app_import_path: what the application is called on the command line; ``None`` leaves the line out.

    .. versionadded:: 1.0
    """
    if serving.is_running_from_reloader():
        return
    if app_import_path is not None:
        click.echo(f" * Serving Flask app '{app_import_path}'")
    click.echo(f" * Debug mode: {'on' if debug else 'off'}")


def _load_app(info: ScriptInfo) -> WSGIApplication:
    """The application; or, where the reloader has started this process, one that raises what went wrong.

    A mistake that is made while the server runs is then shown in the terminal and in the browser, and the
    reloader goes on watching, so that mending the file is all there is to do.
    """
    try:
        return info.load_app()
    except Exception as exc:
        if not serving.is_running_from_reloader():
            raise
        if isinstance(exc, NoAppException):
            exc.show()
            return _failing_app(exc.__cause__ or exc)
        click.echo(format_own(exc), err=True)
        return _failing_app(exc)


def _failing_app(error: BaseException) -> WSGIApplication:
    """An application that raises an error, each time as it was raised at first."""
    own = own_traceback(error.__traceback__)

    def raise_error(environ: WSGIEnvironment, start_response: StartResponse) -> t.NoReturn:
        # With this name Werkzeug shows no frames but those below.
        __traceback_hide__ = "before_and_this"
        raise error.with_traceback(own)

    return raise_error


class RunCommand(click.Command):
    """A command whose certificate and key are one thing, brought together as soon as the command line was read."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        key = ctx.params.pop("key")
        if not ctx.resilient_parsing:  # it is not being completed
            ctx.params["cert"] = combine_certificate(ctx.params["cert"], key, ctx)
        return rest


@click.command("run", cls=RunCommand, short_help="Serve the application while developing it.")
@click.option(
    "--host",
    "-h",
    type=HostType(),
    default="127.0.0.1",
    help="The address to listen at; 0.0.0.0 is every address of this machine.",
)
@click.option(
    "--port",
    "-p",
    type=PortType(),
    default=5000,
    help="The port to listen at; 0 takes any that is free.",
)
@click.option(
    "--cert",
    type=CertParamType(),
    help="Serve HTTPS with this certificate, or with one made for the occasion: adhoc.",
)
@click.option(
    "--key",
    type=FileType(resolve_path=True),
    help="The file of the certificate's private key.",
)
@click.option(
    "--reload/--no-reload",
    default=None,
    help="Start anew when a file of the program changes. On in debug mode.",
)
@click.option(
    "--debugger/--no-debugger",
    default=None,
    help="Show an interactive debugger in the browser for errors. On in debug mode.",
)
@click.option(
    "--with-threads/--without-threads",
    default=True,
    help="Handle each request in a thread of its own. On by default.",
)
@click.option(
    "--extra-files",
    default=None,
    type=SeparatedPathType(),
    help=f"More files whose change starts the program anew, separated by {os.path.pathsep!r}.",
)
@click.option(
    "--exclude-patterns",
    default=None,
    type=SeparatedPathType(),
    help=f"Files that are not watched, as patterns like '*/cache/*', separated by {os.path.pathsep!r}.",
)
# Scripts made for 0.11 to 2.1 give it. The application is loaded at once in any case.
@click.option("--eager-loading/--lazy-loading", default=None, hidden=True)
@pass_script_info
def run_command(
    info: ScriptInfo,
    host: str,
    port: int,
    reload: bool | None,
    debugger: bool | None,
    with_threads: bool,
    cert: t.Any,
    extra_files: list[str] | None,
    exclude_patterns: list[str] | None,
    eager_loading: bool | None = None,
) -> None:
    """Serve the application on this machine, for the one who develops it.

    With '--debug' the server starts anew when a file changes, and shows a debugger for errors.

    In production use a server that is made for it: this one is neither secure nor fast.
    """
    app = _load_app(info)
    debug = bool(get_debug_flag())
    show_server_banner(debug, info.app_import_path)
    if click.get_current_context().meta.get(BY_OLD_NAME):
        click.secho(
            " * Tip: debug mode is on by FLASK_ENV=development. Flask 2.3 and later know FLASK_DEBUG=1 instead.",
            fg="yellow",
            err=True,
        )
    with explained(host, port, cert):
        serving.run_simple(
            host,
            port,
            app,
            use_reloader=debug if reload is None else reload,
            use_debugger=debug if debugger is None else debugger,
            threaded=with_threads,
            ssl_context=cert,
            extra_files=extra_files,
            exclude_patterns=exclude_patterns,
        )


run_command.params.insert(0, debug_option)
