"""``flask shell``: Python's prompt, inside the application's context."""

from __future__ import annotations

import os
import sys
import typing as t

import click

from ..globals import current_app
from .failures import format_own
from .group import with_appcontext


@click.command("shell", short_help="Open a Python prompt in the application.")
@with_appcontext
def shell_command() -> None:
    """Open a Python prompt in the context of the application.

    The names that are there to start with are the application's: 'app', 'g', and what its shell context
    processors add.
    """
    import code

    namespace: dict[str, t.Any] = {}
    _run_startup_file(namespace)
    namespace.update(current_app.make_shell_context())
    _complete_names_of(namespace)
    banner = (
        f"Python {sys.version} on {sys.platform}\nApp: {current_app.import_name}\nInstance: {current_app.instance_path}"
    )
    code.interact(banner, local=namespace)


def _run_startup_file(namespace: dict[str, t.Any]) -> None:
    """Do what ``python`` does with ``PYTHONSTARTUP``: run the file; if it fails, say so and go on."""
    path = os.environ.get("PYTHONSTARTUP")
    if not path or not os.path.isfile(path):
        return
    try:
        with open(path, "rb") as file:
            exec(compile(file.read(), path, "exec"), namespace)
    except Exception as exc:
        click.echo(format_own(exc), err=True)


def _complete_names_of(namespace: dict[str, t.Any]) -> None:
    """Give the prompt the history of ``python`` and its completion by tab, for the names of this shell."""
    set_up_prompt = getattr(sys, "__interactivehook__", None)
    if set_up_prompt is None:  # Python runs without `site`, or the user took it away
        return
    try:
        import readline
        from rlcompleter import Completer
    except ImportError:
        return
    set_up_prompt()
    readline.set_completer(Completer(namespace).complete)
