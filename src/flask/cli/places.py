"""Where in the program something was written: its name, file and line."""

from __future__ import annotations

import functools
import inspect
import os
import typing as t
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a function or a class is: what a program lists, and what a person looks for."""

    #: Its module and name, as in ``shop.views.index``.
    name: str
    #: The absolute path of its file; ``None`` for what was not written in Python.
    file: str | None
    #: The line where it begins, at its first decorator.
    line: int | None

    def __str__(self) -> str:
        if self.file is None:
            return self.name
        file = os.path.relpath(self.file)
        return f"{self.name}  {self.file if file.startswith(os.pardir) else file}:{self.line}"


def _unwrap(function: t.Any) -> t.Any:
    """What decorators were put around; or the function that stands for a class, which knows it."""
    return inspect.unwrap(function, stop=lambda wrapper: hasattr(wrapper, "view_class"))


def place_of(function: t.Any) -> Place:
    """Find where a function was written, below what decorators made of it; of a class based view, its class."""
    function = _unwrap(function)
    while isinstance(function, functools.partial):
        function = _unwrap(function.func)
    function = getattr(function, "view_class", function)
    if not isinstance(function, type) and not inspect.isroutine(function):
        function = type(function)  # an object that can be called
    name = f"{function.__module__}.{function.__qualname__}"
    try:
        file = inspect.getsourcefile(function)
        code = getattr(function, "__code__", None)
        line = code.co_firstlineno if code is not None else inspect.getsourcelines(function)[1]
    except (OSError, TypeError):
        return Place(name, None, None)
    return Place(name, os.path.abspath(file) if file else None, line)
