"""Registering filters, tests and globals for templates."""

from __future__ import annotations

import typing as t

from .scaffold import F, Scaffold, setupmethod

if t.TYPE_CHECKING:
    from jinja2 import Environment

    from .. import typing as ft


class TemplateHelpers(Scaffold):
    """The methods of an application that register what templates can call."""

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
