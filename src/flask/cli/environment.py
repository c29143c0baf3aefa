"""Environment variables from files: ``.env``, ``.flaskenv``, and the one that ``--env-file`` names."""

from __future__ import annotations

import os

import click

#: The files that are read by themselves; what a later one says replaces what an earlier one said.
DEFAULT_FILES = (".flaskenv", ".env")


def load_dotenv(path: str | os.PathLike[str] | None = None, load_defaults: bool = True) -> bool:
    """Set environment variables from files, if python-dotenv is installed.

    A variable that is set already keeps its value. Where several files set it, the one named by ``path`` has
    precedence over ``.env``, and that over ``.flaskenv``. These two are looked for in the current directory
    and those above it.

    :param path: one more file.
    :param load_defaults: whether ``.env`` and ``.flaskenv`` are read.
    :return: whether any file set anything.

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
        values.update(dotenv.dotenv_values(file, encoding="utf-8"))
    for name, value in values.items():
        if value is not None:
            os.environ.setdefault(name, value)
    return bool(values)


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
