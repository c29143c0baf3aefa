"""Templates: the Jinja environment of an application, and rendering with what templates expect."""

from __future__ import annotations

import typing as t
from collections import ChainMap
from types import FunctionType

import jinja2.environment
from jinja2 import BaseLoader, Template, TemplateNotFound
from jinja2 import Environment as BaseEnvironment
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context

from . import _activation, eras
from ._escaping import EscapingByType
from ._shortcuts import TAKEN
from .globals import app_ctx
from .helpers import stream_with_context
from .signals import before_render_template, template_rendered

if t.TYPE_CHECKING:
    from .app import Flask
    from .sansio.app import App
    from .sansio.scaffold import Scaffold

#: Extensions that Jinja 3 has built in. Programs may still name them, in any era.
_BUILT_IN_EXTENSIONS = frozenset(["jinja2.ext.autoescape", "jinja2.ext.with_", "jinja2.ext.WithExtension"])

_ATTRIBUTES_OF_DICTS: t.Final = frozenset(dir(dict))


def _if_by_jinja(method: t.Any) -> t.Any:
    """A method, if it is Jinja's own. Tools that measure replace it, maybe before this module is imported."""
    is_theirs = type(method) is FunctionType and method.__code__.co_filename == jinja2.environment.__file__
    return method if is_theirs else None


_render_by_jinja: t.Final = _if_by_jinja(Template.render)
_new_context_by_jinja: t.Final = _if_by_jinja(Template.new_context)


class Environment(BaseEnvironment):
    """Jinja's environment, with a loader that asks the application and its blueprints.

    :param app: the application.
    :param options: options for Jinja's environment.
    """

    code_generator_class: type[CodeGenerator]
    globals: dict[str, t.Any]  # Jinja leaves the type to be inferred from what is in it at first

    def __init__(self, app: App, **options: t.Any) -> None:
        if "loader" not in options:
            options["loader"] = app.create_global_jinja_loader()
        if "extensions" in options:
            options["extensions"] = [name for name in options["extensions"] if name not in _BUILT_IN_EXTENSIONS]
        super().__init__(**options)
        self.app = app
        # A subclass may have this from another base.
        if TAKEN and type(self) is Environment and self.code_generator_class is CodeGenerator:
            self.code_generator_class = EscapingByType

    def getattr(self, obj: t.Any, attribute: str) -> t.Any:
        """What ``obj.attribute`` means in a template: the attribute, or else the item.

        :param obj: the object.
        :param attribute: the name.
        """
        # PERF: Jinja tries the attribute first, and 0.5 µs are lost for each item of a dict that has no such attribute.
        if TAKEN and type(obj) is dict and attribute not in _ATTRIBUTES_OF_DICTS and type(self) is Environment:
            try:
                return obj[attribute]
            except KeyError:
                pass
        return super().getattr(obj, attribute)


class DispatchingJinjaLoader(BaseLoader):
    """Looks for a template in the application's folder first, then in those of its blueprints.

    :param app: the application.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    def get_source(
        self, environment: BaseEnvironment, template: str
    ) -> tuple[str, str | None, t.Callable[[], bool] | None]:
        """The source of a template, its file, and a function that tells whether that is still current.

        :raises jinja2.TemplateNotFound: if no loader has it.
        """
        if self.app.config["EXPLAIN_TEMPLATE_LOADING"]:
            return self._get_source_explained(environment, template)
        for _, loader in self._iter_loaders():
            try:
                return loader.get_source(environment, template)
            except TemplateNotFound:
                continue
        raise self._not_found(template)

    def _get_source_explained(
        self, environment: BaseEnvironment, template: str
    ) -> tuple[str, str | None, t.Callable[[], bool] | None]:
        from .debughelpers import explain_template_loading_attempts

        attempts: list[tuple[BaseLoader, Scaffold, t.Any]] = []
        for owner, loader in self._iter_loaders():
            try:
                answer = loader.get_source(environment, template)
            except TemplateNotFound:
                attempts.append((loader, owner, None))
            else:
                attempts.append((loader, owner, answer))
        explain_template_loading_attempts(self.app, template, attempts)
        for _, _, found in attempts:
            if found is not None:
                return t.cast("tuple[str, str | None, t.Callable[[], bool] | None]", found)
        raise self._not_found(template)

    def _not_found(self, template: str) -> TemplateNotFound:
        places: list[str] = []
        for _, loader in self._iter_loaders():
            places += getattr(loader, "searchpath", None) or [f"a {type(loader).__name__}"]
        return TemplateNotFound(
            template,
            f"The template {template!r} is in none of the places where templates are looked for:"
            f" {', '.join(places) or 'there are none'}. EXPLAIN_TEMPLATE_LOADING logs each step of the search.",
        )

    def _iter_loaders(self) -> t.Iterator[tuple[Scaffold, BaseLoader]]:
        """The application and the blueprints that have a loader, in the order in which they are asked."""
        owners: tuple[Scaffold, ...] = (self.app, *self.app.iter_blueprints())
        for owner in owners:
            loader = owner.jinja_loader
            if loader is not None:
                yield owner, loader

    def list_templates(self) -> list[str]:
        """The names of all templates of the application and its blueprints."""
        return sorted({name for _, loader in self._iter_loaders() for name in loader.list_templates()})


def _render(app: Flask, template: Template, context: dict[str, t.Any]) -> str:
    app.update_template_context(context)
    if before_render_template.receivers:
        before_render_template.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)
    text = _render_at_once(template, context) if TAKEN and _is_plain(template) else template.render(context)
    if template_rendered.receivers:
        template_rendered.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)
    return text


def _is_plain(template: Template) -> bool:
    """Whether nothing of a template and its environment is other than Jinja and we have it."""
    environment = template.environment
    return (
        template.__class__ is Template
        and Template.render is _render_by_jinja
        and Template.new_context is _new_context_by_jinja
        and environment.__class__ is Environment
        and environment.context_class is Context
        and not environment.is_async
        and template.globals.__class__ is ChainMap
    )


def _render_at_once(template: Template, variables: dict[str, t.Any]) -> str:
    """What :meth:`jinja2.Template.render` gives, for a plain template."""
    environment, known = template.environment, template.globals
    assert isinstance(known, ChainMap)
    # PERF: Jinja goes through the chain of global variables one by one, twice: 7 µs, as long as for 15 rows of a table.
    names: dict[str, t.Any] = {}
    for mapping in reversed(known.maps):
        names.update(mapping)
    context = Context(environment, dict(names, **variables), template.name, template.blocks, globals=names)
    try:
        return environment.concat(template.root_render_func(context))
    except Exception:
        environment.handle_exception()


def _stream(app: Flask, template: Template, context: dict[str, t.Any]) -> t.Iterator[str]:
    app.update_template_context(context)
    if before_render_template.receivers:
        before_render_template.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)

    def generate() -> t.Iterator[str]:
        yield from template.generate(context)
        if template_rendered.receivers:
            template_rendered.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)

    items = generate()
    # Outside of a request there is no context that could end before the template does.
    return stream_with_context(items) if _activation.request_context() is not None else items


def _current() -> Flask:
    return app_ctx.app


@eras.positional("argument_order", "template_name")
def render_template(
    template_name_or_list: str | Template | list[str | Template] | None = None, **context: t.Any
) -> str:
    """Render a template of the application's template folder.

    :param template_name_or_list: the name of the template; or several, of which the first that exists is rendered.
    :param context: the variables for the template. In 0.8 the first parameter was ``template_name``, so that is taken
        for it where no other is given.
    :return: the text.
    :raises jinja2.TemplateNotFound: if there is none of the name.

    >>> from flask import Flask, render_template
    >>> from jinja2 import DictLoader
    >>> app = Flask("shop")
    >>> app.jinja_loader = DictLoader({"hello.html": "Hello {{ name }}!"})
    >>> with app.app_context():
    ...     render_template("hello.html", name="<Ada>")
    'Hello &lt;Ada&gt;!'

    .. versionchanged:: 0.9
        Takes a list of names.
    """
    if template_name_or_list is None:
        if "template_name" not in context:
            raise TypeError("render_template() needs the name of a template: none was given.")
        template_name_or_list = context.pop("template_name")
    app = _current()
    return _render(app, app.jinja_env.get_or_select_template(template_name_or_list), context)


def render_template_string(source: str, **context: t.Any) -> str:
    """Render a template given as text; the values of variables are escaped as in an HTML template.

    :param source: the source of the template.
    :param context: the variables for the template.
    :return: the text.

    >>> from flask import Flask, render_template_string
    >>> with Flask("shop").app_context():
    ...     render_template_string("Hello {{ name }}!", name="Ada")
    'Hello Ada!'

    .. versionchanged:: 0.11
        Values are escaped; here, in every era.
    """
    app = _current()
    return _render(app, app.jinja_env.from_string(source), context)


def stream_template(template_name_or_list: str | Template | list[str | Template], **context: t.Any) -> t.Iterator[str]:
    """Render a template piece by piece, for a view to return as a stream.

    :param template_name_or_list: the name of the template; or several, of which the first that exists is rendered.
    :param context: the variables for the template.
    :return: an iterator over the pieces of the text, with the request's context kept for it.

    .. versionadded:: 2.2
    """
    app = _current()
    return _stream(app, app.jinja_env.get_or_select_template(template_name_or_list), context)


def stream_template_string(source: str, **context: t.Any) -> t.Iterator[str]:
    """Render a template given as text piece by piece, for a view to return as a stream.

    :param source: the source of the template.
    :param context: the variables for the template.
    :return: an iterator over the pieces of the text, with the request's context kept for it.

    .. versionadded:: 2.2
    """
    app = _current()
    return _stream(app, app.jinja_env.from_string(source), context)
