"""Command groups that know an application: what apps, blueprints and extensions make their commands with."""

from __future__ import annotations

import functools
import inspect
import os
import typing as t

import click

from .._awaiting import wait
from ..globals import current_app
from ..helpers import get_debug_flag, get_load_dotenv
from .discovery import NoAppException, find_app, signature_of

if t.TYPE_CHECKING:
    from ..app import Flask

F = t.TypeVar("F", bound=t.Callable[..., t.Any])
P = t.ParamSpec("P")
R = t.TypeVar("R")


class ScriptInfo:
    """Knows how to get the application, and gets it when it is first asked for.

    :class:`FlaskGroup` makes one for each run of a program; it is the ``obj`` of click's context. Make one
    yourself to run the commands of an application without the ``flask`` command:
    ``group(obj=ScriptInfo(create_app=create_app))``.

    :param app_import_path: where the application is, as ``module:name``.
    :param create_app: a function that makes the application; used instead of the path. It may take the script
        info: as its only required argument, or as one named ``script_info``.
    :param set_debug_flag: whether ``FLASK_DEBUG`` decides over the application's ``debug``.
    :param load_dotenv_defaults: whether ``.env`` and ``.flaskenv`` are wanted; ``FLASK_SKIP_DOTENV`` has the
        last word.

    .. versionadded:: 0.11

    .. versionchanged:: 3.1
        Added ``load_dotenv_defaults``.
    """

    def __init__(
        self,
        app_import_path: str | None = None,
        create_app: t.Callable[..., Flask] | None = None,
        set_debug_flag: bool = True,
        load_dotenv_defaults: bool = True,
    ) -> None:
        #: Where the application is, as ``module:name``; what ``--app`` said.
        self.app_import_path = app_import_path
        self.create_app = create_app
        #: A place for whatever a program's options want to tell its factory.
        self.data: dict[t.Any, t.Any] = {}
        self.set_debug_flag = set_debug_flag
        #: Whether ``.env`` and ``.flaskenv`` are to be read. It is for those who read them; nothing is read
        #: here.
        self.load_dotenv_defaults: bool = get_load_dotenv(load_dotenv_defaults)
        self._loaded_app: Flask | None = None

    def load_app(self) -> Flask:
        """Find or make the application; the same one each time.

        :raises NoAppException: if there is none.
        """
        if self._loaded_app is None:
            if self.create_app is not None:
                app = self._call_create_app(self.create_app)
            else:
                app = find_app(self.app_import_path or os.environ.get("FLASK_APP"), self)
            if self.set_debug_flag:
                app.debug = bool(get_debug_flag())
            self._loaded_app = app
        return self._loaded_app

    def _call_create_app(self, create_app: t.Callable[..., Flask | None]) -> Flask:
        signature = signature_of(create_app)
        parameters = signature.parameters if signature else {}
        required = [p for p in parameters.values() if p.default is p.empty and p.kind < p.VAR_POSITIONAL]
        if "script_info" in parameters:
            app = create_app(script_info=self)
        elif len(required) == 1:
            app = create_app(self)
        else:
            app = create_app()
        if app is None:
            name = getattr(create_app, "__name__", repr(create_app))
            raise NoAppException(f"The factory {name!r} returned None. It must end by returning the application.")
        return app


def pass_script_info(f: t.Callable[t.Concatenate[ScriptInfo, P], R]) -> t.Callable[P, R]:
    """Pass the :class:`ScriptInfo` to a command's function as its first argument.

    .. versionadded:: 0.11
    """
    return click.make_pass_decorator(ScriptInfo, ensure=True)(f)


def with_appcontext(f: F) -> F:
    """Run a command's function in the context of the application, which is loaded for that.

    The context stays until the command is over. One that is active already is used as it is. A function that is
    written with ``async def`` is run on an event loop.

    .. versionadded:: 0.11

    .. versionchanged:: 2.2
        The context is active for subcommands as well.
    """

    @click.pass_context
    def run_in_context(ctx: click.Context, /, *args: t.Any, **kwargs: t.Any) -> t.Any:
        if not current_app:
            ctx.with_resource(ctx.ensure_object(ScriptInfo).load_app().app_context())
        result = ctx.invoke(f, *args, **kwargs)
        # Not seen from the function, which may be one of click's around it.
        return wait(result) if inspect.iscoroutine(result) else result

    return t.cast(F, functools.update_wrapper(run_in_context, f))


class AppGroup(click.Group):
    """A click group whose commands run in the context of the application. ``app.cli`` and ``blueprint.cli``
    are of this class.

    .. versionadded:: 0.11
    """

    @t.overload
    def command(self, __func: t.Callable[..., t.Any], /) -> click.Command: ...

    @t.overload
    def command(self, *args: t.Any, **kwargs: t.Any) -> t.Callable[[t.Callable[..., t.Any]], click.Command]: ...

    def command(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Register a function as a command, as :meth:`click.Group.command` does, to run in
        :func:`with_appcontext`.

        :param with_appcontext: pass ``False`` for a command that does not need the application.
        """
        if args and callable(args[0]):  # written without parentheses
            return self.command(*args[1:], **kwargs)(args[0])
        is_wanted = kwargs.pop("with_appcontext", True)
        register: t.Callable[..., click.Command] = super().command(*args, **kwargs)

        def decorate(f: t.Callable[..., t.Any]) -> click.Command:
            return register(with_appcontext(f) if is_wanted else f)

        return decorate

    @t.overload
    def group(self, __func: t.Callable[..., t.Any], /) -> click.Group: ...

    @t.overload
    def group(self, *args: t.Any, **kwargs: t.Any) -> t.Callable[[t.Callable[..., t.Any]], click.Group]: ...

    def group(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Register a function as a group inside of this one, as :meth:`click.Group.group` does.

        :param cls: the class of the group; :class:`AppGroup` by default.
        """
        kwargs.setdefault("cls", AppGroup)
        return super().group(*args, **kwargs)
