"""Environment variables: from files, and of options whose value is wrong."""

from __future__ import annotations

import os
import typing as t
from contextlib import contextmanager

import click
from click.core import ParameterSource

if t.TYPE_CHECKING:
    from collections.abc import Iterator

#: The files that are read by themselves; what a later one says replaces what an earlier one said.
DEFAULT_FILES = (".flaskenv", ".env")
#: What is read when `flask` is imported, which the command is by then.
READ_BEFORE: t.Final = ("FLASK_ERA", "FLASK_LEGACY", "FLASK_FAST_PATHS")


def load_dotenv(path: str | os.PathLike[str] | None = None, load_defaults: bool = True) -> bool:
    """Set environment variables from files, if python-dotenv is installed.

    A variable that is set already keeps its value. Where several files set it, the one named by ``path`` has
    precedence over ``.env``, and that over ``.flaskenv``. These two are looked for in the current directory
    and those above it. What is read when ``flask`` is imported, such as ``FLASK_LEGACY``, is not set: it would count
    only after a reload. A tip says so.

    :param path: one more file.
    :param load_defaults: whether ``.env`` and ``.flaskenv`` are read.
    :return: whether any file set anything.
    :raises click.FileError: if one cannot be read.

    .. versionadded:: 1.0

    .. versionchanged:: 1.1
        The result tells whether anything was read: not without python-dotenv, and not from a path that is no
        file.

    .. versionchanged:: 2.0
        The current directory stays what it is, and the files are read as UTF-8.

    .. versionchanged:: 3.1
        Added ``load_defaults``; the files that it stands for are read beside ``path``, not instead of it.
    """
    files = [file for name in DEFAULT_FILES if (file := _find_above(name))] if load_defaults else []
    if path is not None and os.path.isfile(path):
        files.append(os.fspath(path))
    if not files:
        return False  # and python-dotenv need not be imported
    try:
        import dotenv
    except ImportError:
        click.secho(
            f" * Tip: {' and '.join(map(os.path.relpath, files))} cannot be read without python-dotenv. Do"
            ' "pip install python-dotenv" to use what is there.',
            fg="yellow",
            err=True,
        )
        return False
    values: dict[str, str | None] = {}
    for file in files:
        try:
            values.update(dotenv.dotenv_values(file, encoding="utf-8"))
        except UnicodeDecodeError as error:
            hint = f"it is not UTF-8, at byte {error.start}. Save it as that."
            raise click.FileError(os.path.relpath(file), hint) from None
        except OSError as error:
            raise click.FileError(os.path.relpath(file), error.strerror) from None
    for name, value in values.items():
        if value is not None and name not in READ_BEFORE:
            os.environ.setdefault(name, value)
    late = [name for name in READ_BEFORE if values.get(name) not in (None, os.environ.get(name))]
    if late:
        click.secho(
            f" * Tip: {' and '.join(late)} in {' and '.join(map(os.path.relpath, files))} came too late, as Flask reads"
            f" it when it is imported. Set it before, as in '{late[0]}={values[late[0]]} flask run'.",
            fg="yellow",
            err=True,
        )
    return bool(values)


@contextmanager
def naming_variables() -> Iterator[None]:
    """Say of a wrong value from the environment which variable has it, since nobody has typed the option.

    :raises click.BadParameter: that says it.
    """
    try:
        yield
    except click.BadParameter as error:
        ctx, param = error.ctx, error.param
        if ctx is None or param is None or ctx.get_parameter_source(str(param.name)) is not ParameterSource.ENVIRONMENT:
            raise
        variable = param.envvar or f"{ctx.auto_envvar_prefix}_{str(param.name).upper()}"
        told = f"{error.message.rstrip('.')}. The environment variable {variable} says it."
        raise click.BadParameter(told, ctx, param) from None


def _find_above(name: str) -> str | None:
    """The file of that name in the current directory, or in the nearest one above it that has one."""
    folder = os.getcwd()
    while True:
        file = os.path.join(folder, name)
        if os.path.isfile(file):
            return file
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
