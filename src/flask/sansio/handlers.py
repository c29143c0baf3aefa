"""The registry of error handlers, and which handler an exception gets.

What is read back has the shape of the era; what is looked up may have either shape, since programs assign to the
registry. Today's is ``{scope: {code or None: {class: handler}}}``; that of 0.8 is ``{scope: {code: handler, None:
[(class, handler)]}}``.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict

from werkzeug.exceptions import HTTPException, default_exceptions

from .. import eras

if t.TYPE_CHECKING:
    from .. import typing as ft

Handler = t.Callable[[t.Any], t.Any]
Spec = dict[t.Any, t.Any]


class _FlatHandlers(dict[t.Any, t.Any]):
    """The handlers of one scope in the shape of 0.8: functions by code, and under None a list of classes and
    functions.
    """

    def __missing__(self, key: t.Any) -> t.Any:
        if key is None:
            return self.setdefault(None, [])
        raise KeyError(key)


def _is_flat() -> bool:
    """Whether the registry has the shape of 0.8."""
    return eras.is_old("handler_spec_flat")


def new_spec() -> Spec:
    """An empty registry in the shape of the era."""
    if _is_flat():
        return defaultdict(_FlatHandlers)
    return defaultdict(lambda: defaultdict(dict))


def class_and_code(exc_class_or_code: t.Any) -> tuple[type[Exception], int | None]:
    """The class of exceptions that a handler is for, and the status code where they have one.

    :raises ValueError: for a number that is no status code of an error, or a class that is none of exceptions.
    :raises TypeError: for anything else.
    """
    exc_class: t.Any = exc_class_or_code
    if isinstance(exc_class_or_code, int):
        exc_class = default_exceptions.get(exc_class_or_code)
        if exc_class is None:
            raise ValueError(
                f"{exc_class_or_code!r} is not a recognized HTTP error code, so no exception has it. To answer it,"
                " write a subclass of werkzeug.exceptions.HTTPException with that code, and register a handler for it."
            )
    if not isinstance(exc_class, type):
        raise TypeError(
            f"{exc_class!r} is not a class."
            " An error handler is registered for a class of exceptions or an HTTP error code."
        )
    if not issubclass(exc_class, Exception):
        raise ValueError(
            f"{exc_class.__name__!r} is not a subclass of Exception."
            " An error handler is registered for a class of exceptions or an HTTP error code."
        )
    return exc_class, exc_class.code if issubclass(exc_class, HTTPException) else None


def register(spec: Spec, scope: str | None, exc_class: type[Exception], code: int | None, handler: Handler) -> None:
    """Put a handler into a registry, in the shape of the era, or in that of what a program assigned there.

    :param scope: the name of a blueprint, or None for the application.
    """
    if scope not in spec:
        spec[scope] = new_spec()[scope]
    of_scope = spec[scope]
    if _is_flat() and not isinstance(of_scope.get(code), dict):
        if code is not None and exc_class is default_exceptions.get(code):
            of_scope[code] = handler
            return
        code = None
        of_scope.setdefault(None, [])
    entry = of_scope.setdefault(code, {})
    if callable(entry):
        entry = of_scope[code] = dict(_pairs(code, entry))
    if isinstance(entry, dict):
        entry[exc_class] = handler
    else:
        entry[:] = [pair for pair in entry if pair[0] is not exc_class] + [(exc_class, handler)]


def items(of_scope: t.Any) -> t.Iterator[tuple[int | None, type[Exception], Handler]]:
    """Each handler of a scope with the class and code it is for, whichever shape they stand in."""
    for code, entry in of_scope.items():
        for exc_class, handler in _pairs(code, entry):
            yield code if code is not None else getattr(exc_class, "code", None), exc_class, handler


def _pairs(code: int | None, entry: t.Any) -> t.Iterable[tuple[type[Exception], Handler]]:
    """An entry of a scope as pairs of class and handler."""
    if isinstance(entry, dict):
        return t.cast("t.Iterable[tuple[type[Exception], Handler]]", entry.items())
    if callable(entry):
        return [(default_exceptions.get(code, HTTPException) if code is not None else Exception, entry)]
    return t.cast("t.Iterable[tuple[type[Exception], Handler]]", entry)


def scopes_for(code: int | None, blueprints: t.Sequence[str]) -> tuple[str | None, ...]:
    """Where a handler for an exception is looked for, in that order: in blueprints, and, for None, in the application.

    :param code: the status code of the exception, if it has one.
    :param blueprints: the names of the request's blueprints, innermost first.
    """
    return (None,) if code == 500 and eras.is_old("blueprint_500_unused") else (*blueprints, None)


def find(
    spec: Spec, blueprints: t.Sequence[str], exc: BaseException, code: int | None
) -> ft.ErrorHandlerCallable | None:
    """The handler for an exception: for its code before its class alone, of the innermost blueprint before the
    application.

    :param spec: the registry of the application.
    :param blueprints: the names of the request's blueprints, innermost first.
    :param exc: the exception.
    :param code: its status code, if it has one.
    """
    if not spec:
        return None
    scopes = scopes_for(code, blueprints)
    for wanted in (code, None) if code is not None else (None,):
        for scope in scopes:
            of_scope = spec.get(scope)
            if of_scope:
                handler = _most_specific(_by_class(of_scope, wanted), type(exc))
                if handler is not None:
                    return handler
    return None


def _by_class(of_scope: t.Any, code: int | None) -> dict[type, Handler]:
    """The handlers of a scope for a code, or for exceptions of any kind, by class."""
    entry = of_scope.get(code)
    flat = isinstance(of_scope.get(None), list)
    if isinstance(entry, dict) and not flat:
        return entry
    by_class = dict(_pairs(code, entry)) if entry else {}
    if code is not None and flat:
        # In the flat shape the classes of one code stand among all others.
        by_class.update(pair for pair in of_scope[None] if getattr(pair[0], "code", None) == code)
    return by_class


def _most_specific(by_class: dict[type, Handler], exc_class: type) -> Handler | None:
    if by_class:
        for cls in exc_class.__mro__:
            handler = by_class.get(cls)
            if handler is not None:
                return handler
    return None
