"""What :class:`flask.Blueprint` once had."""

from __future__ import annotations

import typing as t

from ..sansio.scaffold import setupmethod
from .scaffold import PastScaffold

if t.TYPE_CHECKING:
    from .. import typing as ft


class PastBlueprint(PastScaffold):
    """Members that later releases of Flask removed from blueprints."""

    #: Whether it is a deprecated ``Module``.
    is_module = False

    #: Whether a late registration warned, in Flask 0.7 to 2.1.
    warn_on_modifications = False

    if t.TYPE_CHECKING:

        def record_once(self, func: t.Callable[[t.Any], t.Any]) -> None: ...

    @setupmethod
    def before_app_first_request(self, f: ft.BeforeFirstRequestDecorator) -> ft.BeforeFirstRequestDecorator:
        """Register a function that is called before the first request to the application, as
        :meth:`flask.Flask.before_first_request` does.

        .. versionchanged:: 2.3
            Removed; kept here.
        """
        self.record_once(lambda state: state.app.before_first_request_funcs.append(f))
        return f
