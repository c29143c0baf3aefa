"""Signals: how other code learns what happens in a request, without being part of it.

Each signal is sent with the application as its sender. Without blinker installed the signals are stand-ins: sending
does nothing, and whoever subscribes is told what is missing.
"""

from __future__ import annotations

import typing as t
from types import CoroutineType

if t.TYPE_CHECKING:
    from blinker import NamedSignal

    from .app import Flask

try:
    from blinker import Namespace

    #: Whether blinker is installed, so that signals reach anybody.
    #:
    #: .. versionadded:: 0.6
    signals_available: bool = True
except ImportError:
    signals_available = False

    class _SilentSignal:
        """A signal whose sending does nothing and that refuses everything else."""

        #: Nobody can subscribe; asking who did is how senders skip the work.
        receivers: t.Mapping[t.Any, t.Any] = {}

        def __init__(self, name: str, doc: str | None = None) -> None:
            self.name = name
            self.__doc__ = doc

        def send(self, *args: t.Any, **kwargs: t.Any) -> None:
            """Do nothing."""

        def _refuse(self, *args: t.Any, **kwargs: t.Any) -> t.NoReturn:
            raise RuntimeError(
                f"Nobody can subscribe to the signal {self.name!r}: signalling needs the library blinker,"
                " which is not installed. Install it with 'pip install blinker'."
            )

        connect = connect_via = connected_to = temporarily_connected_to = disconnect = _refuse
        has_receivers_for = receivers_for = send_async = _refuse

    class _SilentNamespace:
        """A namespace of signals that nobody can subscribe to, where blinker is not installed."""

        def signal(self, name: str, doc: str | None = None) -> _SilentSignal:
            return _SilentSignal(name, doc)

    Namespace = _SilentNamespace  # type: ignore[misc, assignment]  # to a type checker blinker is always there


_signals = Namespace()


async def announce(signal: NamedSignal, app: Flask, call: t.Callable[..., t.Any], **details: t.Any) -> None:
    """Send a signal that somebody subscribed to, if it was for this application.

    :param signal: the signal.
    :param app: the sender.
    :param call: calls user code; what it returns is awaited if it is a coroutine.
    :param details: the further arguments of the signal.
    """
    if signal.has_receivers_for(app):
        rv = call(signal.send, app, _async_wrapper=app.ensure_sync, **details)
        if rv.__class__ is CoroutineType:
            await rv


#: Sent after a template was rendered, with the arguments ``template`` and ``context``.
template_rendered: NamedSignal = _signals.signal("template-rendered")

#: Sent before a template is rendered, with the arguments ``template`` and ``context``.
#:
#: .. versionadded:: 0.11
before_render_template: NamedSignal = _signals.signal("before-render-template")

#: Sent when the request context is set up and before the request's hooks run, so that subscribers can
#: use :data:`flask.request`.
request_started: NamedSignal = _signals.signal("request-started")

#: Sent right before the response goes to the client, with the argument ``response``.
request_finished: NamedSignal = _signals.signal("request-finished")

#: Sent when the application tears the request down, also after an error, with the argument ``exc``.
request_tearing_down: NamedSignal = _signals.signal("request-tearing-down")

#: Sent when an unhandled exception happened in a request, before anything is done about it and in debug mode too, with
#: the argument ``exception``.
got_request_exception: NamedSignal = _signals.signal("got-request-exception")

#: Sent when the application context is torn down, with the argument ``exc``.
#:
#: .. versionadded:: 0.9
appcontext_tearing_down: NamedSignal = _signals.signal("appcontext-tearing-down")

#: Sent when an application context was pushed.
#:
#: .. versionadded:: 0.10
appcontext_pushed: NamedSignal = _signals.signal("appcontext-pushed")

#: Sent when an application context was popped.
#:
#: .. versionadded:: 0.10
appcontext_popped: NamedSignal = _signals.signal("appcontext-popped")

#: Sent when :func:`flask.flash` was called, with the arguments ``message`` and ``category``.
#:
#: .. versionadded:: 0.10
message_flashed: NamedSignal = _signals.signal("message-flashed")
