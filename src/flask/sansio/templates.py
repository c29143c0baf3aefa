"""What an application declares for templates: the class of the environment, filters, tests, globals.

Jinja itself is imported when the first of them is used: an application without templates has no use for it.
"""

from __future__ import annotations

import typing as t

from .. import _activation
from ..globals import session
from .scaffold import F, Scaffold, setupmethod

if t.TYPE_CHECKING:
    from .. import typing as ft
    from ..templating import Environment


def default_template_context() -> dict[str, t.Any]:
    """Gives templates ``g``, ``request`` and ``session``."""
    context: dict[str, t.Any] = {}
    app_context, request_context = _activation.app_context(), _activation.request_context()
    if app_context is not None:
        context["g"] = app_context.g
    if request_context is not None:
        context["request"] = request_context.request
        # The proxy: a template that does not look at the session must not open it, nor make the page vary by it.
        context["session"] = session
    return context


class _EnvironmentClass:
    """The class of the Jinja environment, until an application or a subclass has another."""

    def __get__(self, instance: object, owner: type | None = None) -> type[Environment]:
        from ..templating import Environment

        return Environment


class TemplateHelpers(Scaffold):
    """The methods of an application that register what templates can call."""

    #: The class of the Jinja environment.
    #:
    #: .. versionadded:: 0.11
    jinja_environment: type[Environment] = t.cast("type[Environment]", _EnvironmentClass())

    if t.TYPE_CHECKING:
        jinja_env: Environment

    def _named(self, add: t.Callable[..., None], name: t.Any) -> t.Any:
        """A decorator that registers a function under a name; applied without a call, it registers under the
        function's.
        """
        if callable(name):
            add(name)
            return name

        def decorator(f: F) -> F:
            add(f, name=name)
            return f

        return decorator

    @t.overload
    def template_filter(self, name: ft.TemplateFilterDecorator) -> ft.TemplateFilterDecorator: ...

    @t.overload
    def template_filter(
        self, name: str | None = None
    ) -> t.Callable[[ft.TemplateFilterDecorator], ft.TemplateFilterDecorator]: ...

    @setupmethod
    def template_filter(self, name: t.Any = None) -> t.Any:
        """Register a filter for templates, as a decorator.

        :param name: the name of the filter; by default that of the function.

        >>> from flask import Flask, render_template_string
        >>> app = Flask("shop")
        >>> @app.template_filter()
        ... def reverse(text):
        ...     return text[::-1]
        >>> with app.test_request_context():
        ...     render_template_string("{{ 'abc'|reverse }}")
        'cba'
        """
        return self._named(self.add_template_filter, name)

    @setupmethod
    def add_template_filter(self, f: t.Callable[..., t.Any], name: str | None = None) -> None:
        """Register a filter for templates: what :meth:`template_filter` does, without a decorator.

        .. versionadded:: 0.9
        """
        self.jinja_env.filters[name or f.__name__] = f

    @t.overload
    def template_test(self, name: ft.TemplateTestDecorator) -> ft.TemplateTestDecorator: ...

    @t.overload
    def template_test(
        self, name: str | None = None
    ) -> t.Callable[[ft.TemplateTestDecorator], ft.TemplateTestDecorator]: ...

    @setupmethod
    def template_test(self, name: t.Any = None) -> t.Any:
        """Register a test for templates, as a decorator: ``{% if number is prime %}``.

        :param name: the name of the test; by default that of the function.

        .. versionadded:: 0.10
        """
        return self._named(self.add_template_test, name)

    @setupmethod
    def add_template_test(self, f: ft.TemplateTestCallable, name: str | None = None) -> None:
        """Register a test for templates: what :meth:`template_test` does, without a decorator.

        .. versionadded:: 0.10
        """
        self.jinja_env.tests[name or f.__name__] = f

    @t.overload
    def template_global(self, name: ft.TemplateGlobalDecorator) -> ft.TemplateGlobalDecorator: ...

    @t.overload
    def template_global(
        self, name: str | None = None
    ) -> t.Callable[[ft.TemplateGlobalDecorator], ft.TemplateGlobalDecorator]: ...

    @setupmethod
    def template_global(self, name: t.Any = None) -> t.Any:
        """Register a function for all templates, as a decorator.

        :param name: the name of the function in templates; by default its own.

        .. versionadded:: 0.10
        """
        return self._named(self.add_template_global, name)

    @setupmethod
    def add_template_global(self, f: t.Callable[..., t.Any], name: str | None = None) -> None:
        """Register a function for all templates: what :meth:`template_global` does, without a decorator.

        .. versionadded:: 0.10
        """
        self.jinja_env.globals[name or f.__name__] = f
