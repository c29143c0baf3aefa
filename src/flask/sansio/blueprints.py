"""What the user declared of a blueprint, kept until the blueprint is registered on an application."""

from __future__ import annotations

import inspect
import os
import typing as t

from .. import eras
from .._unset import UNSET
from ..helpers import names_hold_dots
from . import handlers
from .scaffold import F, Scaffold, _endpoint_from_view_func, callable_for, refuses_late_setup, setupmethod

if t.TYPE_CHECKING:
    from .. import typing as ft
    from .app import App

DeferredSetupFunction = t.Callable[["BlueprintSetupState"], t.Any]


class BlueprintSetupState:
    """A registration of a blueprint, while it happens: the functions recorded on the blueprint are called with it.

    :param blueprint: the blueprint.
    :param app: the application it is registered on.
    :param options: the options of the registration.
    :param first_registration: whether the blueprint was not registered on the application before.

    >>> from flask import Blueprint, Flask
    >>> admin = Blueprint("admin", __name__)
    >>> @admin.record
    ... def note(state):
    ...     print(state.app.name, state.url_prefix, state.first_registration)
    >>> Flask("shop").register_blueprint(admin, url_prefix="/admin")
    shop /admin True
    """

    def __init__(self, blueprint: Blueprint, app: App, options: t.Any, first_registration: bool) -> None:
        #: The application.
        self.app = app
        #: The blueprint that is registered.
        self.blueprint = blueprint
        #: The options of the registration.
        self.options = options
        #: Whether the blueprint was not registered on the application before: what must happen once, happens now.
        self.first_registration = first_registration
        subdomain = options.get("subdomain")
        #: The subdomain of all URLs of the blueprint, or None.
        self.subdomain: str | None = subdomain if subdomain is not None else blueprint.subdomain
        url_prefix = options.get("url_prefix")
        #: The prefix of all URLs of the blueprint, or None.
        self.url_prefix: str | None = url_prefix if url_prefix is not None else blueprint.url_prefix
        #: The name that it is registered under.
        self.name: str = options.get("name", blueprint.name)
        #: The name of the blueprint that it is nested in.
        self.name_prefix: str = options.get("name_prefix", "")
        #: Values for the URLs of the blueprint, as by the ``defaults`` of a rule.
        self.url_defaults: dict[str, t.Any] = {**blueprint.url_values_defaults, **(options.get("url_defaults") or {})}

    @property
    def full_name(self) -> str:
        """The name that it is registered under, behind those that it is nested in."""
        return f"{self.name_prefix}.{self.name}".lstrip(".")

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: ft.RouteCallable | None = None,
        **options: t.Any,
    ) -> None:
        """Register a URL rule on the application, with the name, prefix, subdomain and defaults of the blueprint.

        :param rule: the rule, which follows the prefix.
        :param endpoint: the endpoint within the blueprint; by default the name of the function.
        :param view_func: the view function.
        :param options: further options of the rule.
        """
        if self.url_prefix is not None:
            rule = "/".join((self.url_prefix.rstrip("/"), rule.lstrip("/"))) if rule else self.url_prefix
        options.setdefault("subdomain", self.subdomain)
        if endpoint is None:
            endpoint = _endpoint_from_view_func(view_func)
        defaults = self.url_defaults
        if "defaults" in options:
            defaults = {**defaults, **options.pop("defaults")}
        self.app.add_url_rule(
            rule, f"{self.full_name}.{endpoint}".lstrip("."), view_func, defaults=defaults, **options
        )


class Blueprint(Scaffold):
    """The part of :class:`flask.Blueprint` that declares and registers. See there for its parameters."""

    _registered = False

    def __init__(
        self,
        name: str,
        import_name: str,
        static_folder: str | os.PathLike[str] | None = None,
        static_url_path: str | None = None,
        template_folder: str | os.PathLike[str] | None = None,
        url_prefix: str | None = None,
        subdomain: str | None = None,
        url_defaults: dict[str, t.Any] | None = None,
        root_path: str | None = None,
        cli_group: str | None = UNSET,
    ) -> None:
        super().__init__(
            import_name=import_name,
            static_folder=static_folder,
            static_url_path=static_url_path,
            template_folder=template_folder,
            root_path=root_path,
        )
        if not names_hold_dots():
            if not name:
                raise ValueError("The name of a blueprint may not be empty: its endpoints begin with it.")
            _refuse_dot("'name'", name)
        #: The name of the blueprint, which its endpoints begin with.
        self.name = name
        #: The prefix of all its URLs, unless the registration gives another.
        self.url_prefix = url_prefix
        #: The subdomain of all its URLs, unless the registration gives another.
        self.subdomain = subdomain
        #: Functions called with each registration.
        self.deferred_functions: list[DeferredSetupFunction] = []
        #: Values for all its URLs.
        self.url_values_defaults: dict[str, t.Any] = url_defaults if url_defaults is not None else {}
        self.cli_group = cli_group
        self._blueprints: list[tuple[Blueprint, dict[str, t.Any]]] = []

    def _check_setup_finished(self, f_name: str) -> None:
        if self._registered and refuses_late_setup():
            raise AssertionError(
                f"A setup function was called after the registration: {f_name!r} can no longer be called on the"
                f" blueprint {self.name!r}, which has been registered already: the change would not take effect.\n"
                "Usually a module that registers something was imported too late. Import it before"
                " register_blueprint() is called."
            )

    # -- recording

    @setupmethod
    def record(self, func: DeferredSetupFunction) -> None:
        """Record a function that is called each time the blueprint is registered, with the
        :class:`~flask.blueprints.BlueprintSetupState`.

        :param func: the function.
        """
        self.deferred_functions.append(func)

    @setupmethod
    def record_once(self, func: DeferredSetupFunction) -> None:
        """Record a function that is called with the first registration on an application only.

        :param func: the function.
        """

        def once(state: BlueprintSetupState) -> None:
            if state.first_registration:
                func(state)

        self.record(once)

    def make_setup_state(
        self, app: App, options: dict[str, t.Any], first_registration: bool = False
    ) -> BlueprintSetupState:
        """Make the state that the recorded functions are called with. A subclass may make one of its own class.

        :param app: the application.
        :param options: the options of the registration.
        :param first_registration: whether the blueprint was not registered on the application before.
        """
        return BlueprintSetupState(self, app, options, first_registration)

    @setupmethod
    def register_blueprint(self, blueprint: Blueprint, **options: t.Any) -> None:
        """Nest a blueprint in this one: it is registered with it, and its endpoints and URLs begin with those of this
        one.

        :param blueprint: the blueprint.
        :param options: options of its registration.

        .. versionadded:: 2.0
        """
        if blueprint is self:
            raise ValueError(f"Cannot register a blueprint on itself: {self.name!r} was to be nested in {self.name!r}.")
        check_blueprint(blueprint)
        self._blueprints.append((blueprint, options))

    # -- registering

    if t.TYPE_CHECKING:
        # The third argument is that of 0.8; what overrides this today takes two.
        def register(self, app: App, options: dict[str, t.Any]) -> None: ...

    else:

        def register(self, app: App, options: dict[str, t.Any], first_registration: bool = False) -> None:
            """Register the blueprint on an application; called by :meth:`flask.Flask.register_blueprint`. May be
            overridden.

            :param app: the application.
            :param options: the keyword arguments of ``register_blueprint``.
            :param first_registration: whether the blueprint was not registered on the application before.
            :raises ValueError: if its name is taken.

            .. versionchanged:: 2.0
                It works out itself whether this is the first registration, if it is not told.
            """
            state = self.make_setup_state(app, options, first_registration or _is_first(app, self))
            name = state.full_name
            first_under_name = self._claim(app, name)
            self._registered = True
            if first_under_name:
                self._merge_registries(app, name)
            if self.has_static_folder:
                self._register_files(state)
            for deferred in self.deferred_functions:
                deferred(state)
            if "cli" in self.__dict__ and self.cli.commands:
                self._register_commands(state)
            self._register_nested(state)

    def _claim(self, app: App, name: str) -> bool:
        """Take a name on the application; tells whether the blueprint did not have it before."""
        existing = app.blueprints.get(name)
        if existing is self and eras.is_old("blueprint_registered_again"):
            return False
        if existing is not None:
            by = "itself" if existing is self else f"another blueprint, {existing!r}"
            raise _name_error()(
                f"The blueprint {self.name!r} cannot be registered as {name!r}: that name is already registered, by"
                f" {by}. Give this registration a name of its own with name=..., which its endpoints then begin with."
            )
        app.blueprints[name] = self
        return True

    def _register_files(self, state: BlueprintSetupState) -> None:
        state.add_url_rule(
            f"{self.static_url_path}/<path:filename>",
            view_func=self.send_static_file,  # type: ignore[attr-defined]  # how to answer is the subclass's to know
            endpoint="static",
        )

    def _register_commands(self, state: BlueprintSetupState) -> None:
        group = state.options.get("cli_group", self.cli_group)
        if group is None:
            state.app.cli.commands.update(self.cli.commands)
            return
        self.cli.name = state.full_name if group is UNSET else group
        state.app.cli.add_command(self.cli)

    def _merge_registries(self, app: App, name: str) -> None:
        """Hand what was registered on the blueprint over to the application, under the blueprint's name."""

        def extend(mine: dict[t.Any, list[t.Any]], theirs: dict[t.Any, list[t.Any]]) -> None:
            for key, functions in mine.items():
                theirs.setdefault(_scope(name, key), []).extend(functions)

        for key, of_scope in self.error_handler_spec.items():
            for code, exc_class, handler in handlers.items(of_scope):
                handlers.register(app.error_handler_spec, _scope(name, key), exc_class, code, handler)
        for endpoint, view_func in self.view_functions.items():
            app.view_functions[f"{name}{endpoint}" if endpoint.startswith(".") else endpoint] = view_func
        extend(self.before_request_funcs, app.before_request_funcs)
        extend(self.after_request_funcs, app.after_request_funcs)
        extend(self.teardown_request_funcs, app.teardown_request_funcs)
        extend(self.url_default_functions, app.url_default_functions)
        extend(self.url_value_preprocessors, app.url_value_preprocessors)
        extend(self.template_context_processors, app.template_context_processors)

    def _register_nested(self, state: BlueprintSetupState) -> None:
        outer_subdomain = None if eras.is_old("nested_subdomains") else state.subdomain
        for blueprint, own_options in self._blueprints:
            options = {**own_options, "name_prefix": state.full_name}
            prefix, subdomain = options.get("url_prefix"), options.get("subdomain")
            if prefix is None:
                prefix = blueprint.url_prefix
            if prefix is not None and state.url_prefix is not None:
                prefix = f"{state.url_prefix.rstrip('/')}/{prefix.lstrip('/')}"
            if subdomain is None:
                subdomain = blueprint.subdomain
            if subdomain is not None and outer_subdomain is not None:
                subdomain = f"{subdomain}.{outer_subdomain}"
            combined = {
                "url_prefix": prefix if prefix is not None else state.url_prefix,
                "subdomain": subdomain if subdomain is not None else outer_subdomain,
            }
            options.update((name, value) for name, value in combined.items() if value is not None)
            register_on(state.app, blueprint, options)

    @setupmethod
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: ft.RouteCallable | None = None,
        provide_automatic_options: bool | None = None,
        **options: t.Any,
    ) -> None:
        """Register a URL rule, as :meth:`flask.Flask.add_url_rule` does; the endpoint gets the blueprint's name in
        front.

        :param rule: the rule, which follows the blueprint's prefix.
        :param endpoint: the endpoint within the blueprint; by default the name of the function.
        :param view_func: the view function.
        :param provide_automatic_options: whether OPTIONS is answered automatically.
        :param options: further options of the rule.
        """
        if endpoint:
            _refuse_dot("'endpoint'", endpoint)
        if view_func is not None and hasattr(view_func, "__name__") and not names_hold_dots():
            _refuse_dot("'view_func' name", view_func.__name__)
        if provide_automatic_options is not None:
            options["provide_automatic_options"] = provide_automatic_options
        self.record(lambda state: state.add_url_rule(rule, endpoint, view_func, **options))

    # -- for the whole application

    def _record_hook(self, registrar: str, registry: str, f: F) -> F:
        callable_for(registrar, f)
        self.record_once(lambda state: getattr(state.app, registry).setdefault(None, []).append(f))
        return f

    @setupmethod
    def before_app_request(self, f: ft.BeforeRequestDecorator) -> ft.BeforeRequestDecorator:
        """As :meth:`before_request`, but before every request of the application."""
        return self._record_hook("before_app_request", "before_request_funcs", f)

    @setupmethod
    def after_app_request(self, f: ft.AfterRequestDecorator) -> ft.AfterRequestDecorator:
        """As :meth:`after_request`, but after every request of the application."""
        return self._record_hook("after_app_request", "after_request_funcs", f)

    @setupmethod
    def teardown_app_request(self, f: ft.TeardownDecorator) -> ft.TeardownDecorator:
        """As :meth:`teardown_request`, but at the end of every request of the application."""
        return self._record_hook("teardown_app_request", "teardown_request_funcs", f)

    @setupmethod
    def app_context_processor(
        self, f: ft.TemplateContextProcessorDecorator
    ) -> ft.TemplateContextProcessorDecorator:
        """As :meth:`context_processor`, but for the templates of the whole application."""
        return self._record_hook("app_context_processor", "template_context_processors", f)

    @setupmethod
    def app_url_value_preprocessor(
        self, f: ft.URLValuePreprocessorDecorator
    ) -> ft.URLValuePreprocessorDecorator:
        """As :meth:`url_value_preprocessor`, but for every request of the application."""
        return self._record_hook("app_url_value_preprocessor", "url_value_preprocessors", f)

    @setupmethod
    def app_url_defaults(self, f: ft.URLDefaultDecorator) -> ft.URLDefaultDecorator:
        """As :meth:`url_defaults`, but for every URL of the application."""
        return self._record_hook("app_url_defaults", "url_default_functions", f)

    @setupmethod
    def app_errorhandler(
        self, code: type[Exception] | int
    ) -> t.Callable[[ft.ErrorHandlerDecorator], ft.ErrorHandlerDecorator]:
        """As :meth:`errorhandler`, but for the errors of every request of the application.

        :param code: a status code, or a class of exceptions.
        """

        def decorator(f: ft.ErrorHandlerDecorator) -> ft.ErrorHandlerDecorator:
            self.record_once(lambda state: state.app.register_error_handler(code, f))
            return f

        return decorator

    def _record_template_helper(self, kind: str, name: t.Any) -> t.Any:
        """A decorator that records a filter, test or global; applied without a call, it takes the function's name."""

        def record(f: F, name: str | None = None) -> F:
            self.record_once(lambda state: getattr(state.app, f"add_template_{kind}")(f, name=name))
            return f

        return record(name) if callable(name) else lambda f: record(f, name)

    @t.overload
    def app_template_filter(self, name: ft.TemplateFilterDecorator) -> ft.TemplateFilterDecorator: ...

    @t.overload
    def app_template_filter(
        self, name: str | None = None
    ) -> t.Callable[[ft.TemplateFilterDecorator], ft.TemplateFilterDecorator]: ...

    @setupmethod
    def app_template_filter(self, name: t.Any = None) -> t.Any:
        """As :meth:`flask.Flask.template_filter`.

        .. versionadded:: 0.9
        """
        return self._record_template_helper("filter", name)

    @setupmethod
    def add_app_template_filter(self, f: t.Callable[..., t.Any], name: str | None = None) -> None:
        """As :meth:`flask.Flask.add_template_filter`.

        .. versionadded:: 0.9
        """
        self.app_template_filter(name)(f)

    @t.overload
    def app_template_test(self, name: ft.TemplateTestDecorator) -> ft.TemplateTestDecorator: ...

    @t.overload
    def app_template_test(
        self, name: str | None = None
    ) -> t.Callable[[ft.TemplateTestDecorator], ft.TemplateTestDecorator]: ...

    @setupmethod
    def app_template_test(self, name: t.Any = None) -> t.Any:
        """As :meth:`flask.Flask.template_test`.

        .. versionadded:: 0.10
        """
        return self._record_template_helper("test", name)

    @setupmethod
    def add_app_template_test(self, f: ft.TemplateTestCallable, name: str | None = None) -> None:
        """As :meth:`flask.Flask.add_template_test`.

        .. versionadded:: 0.10
        """
        self.app_template_test(name)(f)

    @t.overload
    def app_template_global(self, name: ft.TemplateGlobalDecorator) -> ft.TemplateGlobalDecorator: ...

    @t.overload
    def app_template_global(
        self, name: str | None = None
    ) -> t.Callable[[ft.TemplateGlobalDecorator], ft.TemplateGlobalDecorator]: ...

    @setupmethod
    def app_template_global(self, name: t.Any = None) -> t.Any:
        """As :meth:`flask.Flask.template_global`.

        .. versionadded:: 0.10
        """
        return self._record_template_helper("global", name)

    @setupmethod
    def add_app_template_global(self, f: t.Callable[..., t.Any], name: str | None = None) -> None:
        """As :meth:`flask.Flask.add_template_global`.

        .. versionadded:: 0.10
        """
        self.app_template_global(name)(f)


def check_blueprint(blueprint: t.Any) -> None:
    """Refuse what is no blueprint, nor anything else that can be registered.

    :raises TypeError: if it has no method ``register``, as the module that the blueprint is in.
    """
    if isinstance(blueprint, type) or not callable(getattr(blueprint, "register", None)):
        raise TypeError(
            f"register_blueprint() takes a blueprint, and {blueprint!r} is none. Give the Blueprint object itself, not"
            " the module or the class that it is from."
        )


def register_on(app: App, blueprint: t.Any, options: dict[str, t.Any]) -> None:
    """Call a blueprint's ``register`` as it takes its arguments: one of 0.8 is told whether this is the first time."""
    check_blueprint(blueprint)
    parameters = inspect.signature(blueprint.register).parameters.values()
    takes_first = sum(parameter.kind is parameter.POSITIONAL_OR_KEYWORD for parameter in parameters) > 2
    blueprint.register(app, options, *[_is_first(app, blueprint)] if takes_first else ())


def _is_first(app: App, blueprint: t.Any) -> bool:
    return not any(registered is blueprint for registered in app.blueprints.values())


def _scope(name: str, key: str | None) -> str:
    """The key on the application for what stands under a key on the blueprint."""
    return name if key is None else f"{name}.{key}"


def _name_error() -> type[Exception]:
    """What a name that cannot be is refused with: an AssertionError, while names were checked less."""
    return AssertionError if names_hold_dots() else ValueError


def _refuse_dot(what: str, value: str) -> None:
    if "." in value:
        raise _name_error()(
            f"{what} may not contain a dot '.' character, but {value!r} does:"
            " the dot separates a blueprint's name from the endpoint."
        )
