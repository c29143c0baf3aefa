"""To which part of a request a stack belongs: to the routing, a hook, the view, a template, or the framework's rest."""

from __future__ import annotations

import functools
import inspect
import sysconfig
import typing as t
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import blinker
import click
import itsdangerous
import jinja2
import markupsafe
import werkzeug

from .. import _stages
from .sampling import Stack, send

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ..app import Flask


@dataclass(frozen=True)
class Part:
    """A part of a request."""

    name: str
    #: Whether it is the program's own, and not the framework's.
    is_yours: bool = True


MIDDLEWARE: t.Final = Part("middleware")
STAGES: t.Final = Part("own stages")
ROUTING: t.Final = Part("routing", False)
SIGNALS: t.Final = Part("signal receivers")
BEFORE: t.Final = Part("before hooks")
VIEW: t.Final = Part("view")
TEMPLATE: t.Final = Part("template")
ERRORS: t.Final = Part("error handlers")
RESPONSE: t.Final = Part("response", False)
AFTER: t.Final = Part("after hooks")
SESSION: t.Final = Part("session", False)
BODY: t.Final = Part("body")
TEARDOWN: t.Final = Part("teardown")
EVENT_LOOP: t.Final = Part("event loop", False)
REST: t.Final = Part("framework's rest", False)

#: All of them, in the order of a request.
PARTS: t.Final = (
    *(MIDDLEWARE, STAGES, ROUTING, SIGNALS, BEFORE, VIEW, TEMPLATE, ERRORS, RESPONSE, AFTER, SESSION, BODY, TEARDOWN),
    *(EVENT_LOOP, REST),
)

#: Where the code of a part lies, by the beginning of its path and of its name. The first that fits counts.
_PLACES: t.Final = (
    ("flask/_routing.py", "", ROUTING),
    ("flask/_lookup.py", "", ROUTING),
    ("flask/_request_context.py", "RequestContextLife.match_request", ROUTING),
    ("flask/_dispatch/responses.py", "", RESPONSE),
    ("flask/_files.py", "", RESPONSE),
    ("flask/wrappers.py", "Response", RESPONSE),
    ("flask/_headers.py", "", RESPONSE),
    ("flask/json/provider.py", "", RESPONSE),
    ("flask/_dispatch/errors.py", "", ERRORS),
    ("flask/_teardown.py", "", TEARDOWN),
    ("flask/sessions.py", "", SESSION),
    ("flask/_signing.py", "", SESSION),
    ("flask/templating.py", "", TEMPLATE),
    ("flask/_awaiting.py", "wait", EVENT_LOOP),
    ("flask/_dispatch/steps.py", "preprocess_request", BEFORE),
    ("flask/_dispatch/steps.py", "process_response", AFTER),
    ("flask/_dispatch/steps.py", "_save_session", SESSION),
    ("werkzeug/routing/", "", ROUTING),
    ("werkzeug/wrappers/response.py", "", RESPONSE),
    ("werkzeug/sansio/response.py", "", RESPONSE),
    ("jinja2/", "", TEMPLATE),
    ("blinker/", "", SIGNALS),
)
#: Those that a function of the program's goes to in passing.
WITHIN: t.Final = (TEMPLATE, SESSION)
#: Those that say whose function is called next, and belong to the framework until one is.
_CALLING: t.Final = (ERRORS, TEARDOWN, BEFORE, AFTER, SIGNALS)

_OWN: t.Final = Path(__file__).parents[1]
_LIBRARIES: t.Final = {
    name: f"{Path(str(module.__file__)).parent}/"
    for name, module in {
        "werkzeug": werkzeug,
        "jinja2": jinja2,
        "blinker": blinker,
        "itsdangerous": itsdangerous,
        "markupsafe": markupsafe,
        "click": click,
    }.items()
}
_INSTALLED: t.Final = ("/site-packages/", "/dist-packages/")
_STANDARD: t.Final = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), "<frozen ")

#: Whose code is: the program's, another package's, a library's that the framework stands on, the framework's, Python's.
Owner = t.Literal["yours", "package", "library", "flask", "python"]


@functools.lru_cache(4096)
def home_of(code: CodeType) -> tuple[Owner, str]:
    """Whose code it is, and its file, for ours and for libraries from the package on."""
    path = code.co_filename
    if path.startswith(f"{_OWN}/"):
        return "flask", f"flask/{path[len(str(_OWN)) + 1 :]}"
    for name, folder in _LIBRARIES.items():
        if path.startswith(folder):
            return "library", f"{name}/{path[len(folder) :]}"
    if any(folder in path for folder in _INSTALLED):
        return "package", path
    if path.startswith(_STANDARD):
        return "python", path
    return "yours", path


@functools.lru_cache(4096)
def _place_of(code: CodeType) -> Part | None:
    path = home_of(code)[1]
    for file, name, part in _PLACES:
        if path.startswith(file) and code.co_qualname.startswith(name):
            return part
    return None


@dataclass(frozen=True)
class Found:
    """What a stack was found to belong to."""

    part: Part
    #: The function of the program's that the framework has called there.
    function: CodeType | None = None


class Attribution:
    """Knows which functions a program has registered, and with that to which part of a request a stack belongs.

    :param app: the application.
    """

    def __init__(self, app: Flask) -> None:
        # By the code of what is called and, where that is a decorator's, by that of what was decorated.
        self._registered: dict[CodeType, set[Found]] = {}
        for part, function in _registered_in(app):
            found = Found(part, _code_of(inspect.unwrap(function)))
            for code in {_code_of(function), found.function} - {None}:
                self._registered.setdefault(t.cast(CodeType, code), set()).add(found)

    def find(self, stack: Stack) -> Found:
        """The part that a stack belongs to."""
        if stack[0] is send.__code__:
            return self._find(stack, BODY)
        for index, code in enumerate(stack):
            if home_of(code)[1] == "flask/_dispatch/wsgi.py":
                return self._find(stack[index:], REST)
        function = next((code for code in stack[1:] if _is_own(code)), None)
        return Found(MIDDLEWARE, function) if function is not None else Found(REST)

    def _find(self, stack: Stack, part: Part) -> Found:
        found = Found(part)
        caller = stack[0]
        for index, code in enumerate(stack):
            place = _place_of(code)
            if found.function is not None:
                # What the framework calls while it serves a function: another one, in an own stage around others.
                if home_of(caller)[0] == "flask" and self._is_known(code):
                    found = self._called(stack[index:], found.part)
                elif place in WITHIN:
                    found = Found(place, found.function)
                elif found.part is TEMPLATE and is_template(code) and not is_template(found.function):
                    found = Found(TEMPLATE, code)
            elif _is_own(code) and place is None:
                found = self._called(stack[index:], found.part)
            elif place is not None and not (part is BODY and place is RESPONSE):
                found = Found(place)
            caller = code
        if found.function is None and found.part in (*_CALLING, BODY):
            return Found(RESPONSE if found.part is BODY else REST)
        return found

    def _is_known(self, code: CodeType) -> bool:
        return code in self._registered and _is_own(code)

    def _called(self, stack: Stack, part: Part) -> Found:
        """What the outermost function of a stack was called for.

        :param part: the part that called it.
        """
        candidates = self._registered.get(stack[0], set())
        if len(candidates) > 1:  # a decorator's function, which stands around several
            for code in stack[1:]:
                inner = candidates & self._registered.get(code, set())
                if len(inner) == 1:
                    candidates = inner
                    break
        if len(candidates) == 1:
            return next(iter(candidates))
        parts = {candidate.part for candidate in candidates}
        if len(parts) == 1:
            return Found(parts.pop(), stack[0])
        return Found(VIEW if part in (REST, EVENT_LOOP) else part, stack[0])


def is_template(code: CodeType | None) -> bool:
    """Whether code was made of a template."""
    return code is not None and home_of(code)[0] == "yours" and not code.co_filename.endswith(".py")


def _is_own(code: CodeType) -> bool:
    return home_of(code)[0] in ("yours", "package")


def _registered_in(app: Flask) -> Iterator[tuple[Part, t.Any]]:
    """The functions that a program has registered, each with its part."""
    registries: tuple[tuple[Part, t.Mapping[t.Any, t.Sequence[t.Any]]], ...] = (
        (BEFORE, app.url_value_preprocessors),
        (BEFORE, app.before_request_funcs),
        (AFTER, app.after_request_funcs),
        (TEARDOWN, app.teardown_request_funcs),
        (TEARDOWN, {None: app.teardown_appcontext_funcs}),
    )
    for part, registry in registries:
        for functions in registry.values():
            for function in functions:
                yield part, function
    for handler in _handlers_in(app.error_handler_spec):
        yield ERRORS, handler
    for view in app.view_functions.values():
        yield VIEW, view
        cls = getattr(view, "view_class", None)
        for name in (*(getattr(cls, "methods", None) or ()), "dispatch_request"):
            if hasattr(cls, name.lower()):
                yield VIEW, getattr(cls, name.lower())
    for name in _stages.replaced(app):
        yield STAGES, getattr(app, name)


def _handlers_in(registry: t.Any) -> Iterator[t.Any]:
    """The functions in a registry of error handlers, whose shape is another one in old eras."""
    if isinstance(registry, (dict, list, tuple)):
        for item in registry.values() if isinstance(registry, dict) else registry:
            yield from _handlers_in(item)
    elif not isinstance(registry, type):
        yield registry


def _code_of(function: t.Any) -> CodeType | None:
    """What runs when something is called."""
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None:
        code = getattr(getattr(type(function), "__call__", None), "__code__", None)  # noqa: B004  # the function itself
    return code if isinstance(code, CodeType) else None
