"""What functions are called with: names that ``inspect`` and ``werkzeug.utils`` had."""

from __future__ import annotations

import inspect
import typing as t


class ArgSpec(t.NamedTuple):
    """The parameters of a function in the manner of Python 2."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[t.Any, ...] | None


def getargspec(func: t.Any) -> ArgSpec:
    """The parameters of a function.

    :param func: the function.
    :raises ValueError: if they cannot be told in the manner of Python 2.
    """
    spec = inspect.getfullargspec(func)
    if spec.kwonlyargs:
        raise ValueError(f"{func!r} has keyword-only parameters, which getargspec() does not know. Use signature().")
    return ArgSpec(spec.args, spec.varargs, spec.varkw, spec.defaults)


def formatargspec(
    args: t.Sequence[str],
    varargs: str | None = None,
    varkw: str | None = None,
    defaults: t.Sequence[t.Any] | None = None,
    *_ignored: t.Any,
    **_formats: t.Any,
) -> str:
    """The parameters of a function as they stand in its definition.

    :param args: their names.
    :param varargs: the one that takes the other positional arguments.
    :param varkw: the one that takes the other keyword arguments.
    :param defaults: the defaults of the last ones.
    """
    first_default = len(args) - len(defaults or ())
    shown = [name if at < first_default else f"{name}={(defaults or ())[at - first_default]!r}"
             for at, name in enumerate(args)]
    shown += [f"*{varargs}"] if varargs else []
    shown += [f"**{varkw}"] if varkw else []
    return f"({', '.join(shown)})"


class ArgumentValidationError(ValueError):
    """Arguments that a function cannot be called with."""

    def __init__(self, missing: t.Any = None, extra: t.Any = None, extra_positional: t.Any = None) -> None:
        self.missing: set[str] = set(missing or ())
        self.extra: dict[str, t.Any] = extra or {}
        self.extra_positional: t.Sequence[t.Any] = extra_positional or []
        more = len(self.extra) + len(self.extra_positional)
        super().__init__(f"function arguments invalid. ({len(self.missing)} missing, {more} additional)")


def validate_arguments(
    func: t.Callable[..., t.Any], args: t.Sequence[t.Any], kwargs: t.Mapping[str, t.Any], drop_extra: bool = True
) -> tuple[tuple[t.Any, ...], dict[str, t.Any]]:
    """The arguments that a function can be called with, of those that are given.

    :param func: the function.
    :param args: the positional ones.
    :param kwargs: the others.
    :param drop_extra: whether those that it does not take are left out.
    :raises ArgumentValidationError: if arguments are missing, or are too many and may not be left out.
    """
    spec = inspect.getfullargspec(func)
    named = dict(zip(spec.args, args, strict=False))
    others = dict(kwargs)
    twice = {name: others.pop(name) for name in spec.args if name in others and name in named}
    named.update({name: others.pop(name) for name in spec.args if name in others})
    required = spec.args[: len(spec.args) - len(spec.defaults or ())]
    missing = [name for name in required if name not in named]
    more_positional, more_named = tuple(args[len(spec.args) :]), others
    unwanted = twice | ({} if spec.varkw else more_named), () if spec.varargs else more_positional
    if missing or (any(unwanted) and not drop_extra):
        raise ArgumentValidationError(missing, *unwanted)
    defaults = dict(zip(reversed(spec.args), reversed(spec.defaults or ()), strict=False))
    positional = tuple(named.get(name, defaults.get(name)) for name in spec.args)
    return positional + (more_positional if spec.varargs else ()), more_named if spec.varkw else {}


def bind_arguments(
    func: t.Callable[..., t.Any], args: t.Sequence[t.Any], kwargs: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    """The parameters of a function by name, with what a call gives them. Those that it gives nothing are left out.

    :param func: the function.
    :param args: the positional arguments of the call.
    :param kwargs: the others.
    :raises TypeError: if there are more than the function takes.
    """
    bound = inspect.signature(func).bind_partial(*args, **kwargs)
    bound.apply_defaults()
    return dict(bound.arguments)
