"""How an application context lives. The docstring of :mod:`flask.ctx` tells of contexts as such."""

from __future__ import annotations

import sys
import typing as t
from operator import attrgetter
from types import CoroutineType

from . import _activation, _teardown
from ._activation import Activation, activate, current, deactivate, is_last, make_current
from ._awaiting import call_here, complete
from ._failures import raise_together
from ._nesting import Context, pop_abandoned, pop_down_to
from ._stages import OF_CALLING, replaced
from ._unset import UNSET
from .signals import appcontext_popped, appcontext_pushed

if t.TYPE_CHECKING:
    from types import TracebackType

    from werkzeug.routing import MapAdapter

    from .app import Flask
    from .globals import _AppCtxGlobals

Call = t.Callable[..., t.Any]


class AppContextLife(Context):
    """How an application context is made, pushed and popped."""

    _url_adapter: MapAdapter | None = UNSET

    def __init__(self, app: Flask) -> None:
        #: The application.
        self.app = app
        # One item a holder. Only the first is true, and taking the last item off is one step: so of all who let go, in
        # whatever thread, exactly one finds that nobody else holds the context.
        self._holders: list[bool] = []
        #: What :data:`flask.g` stands for.
        self.g: _AppCtxGlobals = app.app_ctx_globals_class()

    @property
    def url_adapter(self) -> MapAdapter | None:
        """Builds the URLs of the application where there is no request; None without ``SERVER_NAME``."""
        if self._url_adapter is UNSET:
            self._url_adapter = self.app.create_url_adapter(None)
        return self._url_adapter

    @url_adapter.setter
    def url_adapter(self, value: MapAdapter | None) -> None:
        self._url_adapter = value

    def push(self) -> None:
        """Make this the active application context, until :meth:`pop`."""
        self._holders.append(not self._holders)
        # A request of another application stays active beside it: nesting does not hide the request.
        activate(self, self, _activation.request_context())
        if appcontext_pushed.receivers:
            try:
                appcontext_pushed.send(self.app, _async_wrapper=self.app.ensure_sync)
            except BaseException as error:
                self.pop(error)
                raise

    def pop(self, exc: BaseException | None = UNSET) -> None:
        """Make active again what was before, and run the teardown functions if nobody else holds this context.

        :param exc: the exception that ended the use of the context, handed to the teardown functions; by default the
            one being handled.
        :raises AssertionError: if another context was pushed since and not popped.
        """
        complete(self._end(sys.exc_info()[1] if exc is UNSET else exc))

    async def _end(self, exc: BaseException | None) -> None:
        failures: list[BaseException] = []
        if not is_last(self):
            self._withdraw()
            self._note_popped(failures)
            raise_together("the end of an application context", failures)
            return
        found = replaced(self.app)
        call = call_here if found.isdisjoint(OF_CALLING) else self.app._call
        await self._release(exc, failures, call, found)
        pop_abandoned(self, exc, failures)
        deactivate(self)
        self._note_popped(failures)
        raise_together("the end of an application context", failures)

    def _requests_above(self) -> list[Activation]:
        """The pushes, since this context's, of requests that share it; none where anything else was pushed since."""
        found, activation = [], current()
        while activation is not None and getattr(activation[0], "_app_context", None) is self:
            found.append(activation)
            activation = activation[3]
        return found if activation is not None and activation[0] is self else []

    def _withdraw(self) -> None:
        """Leave this context to the requests that were pushed since and share it: they hold it, the last ends it."""
        requests = self._requests_above()
        if not requests:
            deactivate(self)  # which says what is wrong
        self._holders.pop()
        below = requests[-1][3][3]
        for activation in reversed(requests):
            request = activation[0]
            is_kept = request._kept_activation is activation
            below = (*activation[:3], below)
            if is_kept:
                request._kept_activation = below
        make_current(below)

    async def _release(
        self, exc: BaseException | None, failures: list[BaseException], call: Call, replaced: frozenset[str]
    ) -> None:
        """Let go of the context, and run the teardown functions if nobody else holds it. It is active for them."""
        if self._holders.pop():
            try:
                if "do_teardown_appcontext" in replaced:
                    rv = call(self.app.do_teardown_appcontext, exc)
                    if rv.__class__ is CoroutineType:
                        await rv
                else:
                    await _teardown.of_app_context(self.app, call, exc)
            except BaseException as error:
                failures.append(error)

    def _note_popped(self, failures: list[BaseException]) -> None:
        if appcontext_popped.receivers:
            try:
                appcontext_popped.send(self.app, _async_wrapper=self.app.ensure_sync)
            except BaseException as error:
                failures.append(error)

    def __enter__(self) -> t.Self:
        self.push()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        requests = self._requests_above()
        if requests and all(activation[0].is_with_client for activation in requests):
            self.pop(error)  # a client may be in a `with` body around this one
        else:
            pop_down_to(self, error)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.app.name}>"


# PERF: a method that is put on the class below this one, in place of ours, is one attribute more there. To count them
# takes a tenth of the time that looking at each method takes. Every request does it.

_made_by: t.Final[t.Callable[[type[AppContextLife]], t.Any]] = attrgetter("__init__", "push", "pop")
_made: t.Final = _made_by(AppContextLife)
_class: type[AppContextLife] = AppContextLife
_attributes: t.Mapping[str, t.Any] = {}
_count = 0


def settle(cls: type[AppContextLife]) -> None:
    """Note the class whose methods are ours, whatever takes their place on it later."""
    global _class, _attributes, _count
    _class, _attributes, _count = cls, vars(cls), len(vars(cls))


def is_made_as_ours() -> bool:
    """Whether application contexts begin and end as they do here: nobody has replaced a method of the class."""
    return len(_attributes) == _count or _made_by(_class) == _made
