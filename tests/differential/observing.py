"""What happens while a case runs, written down as values that JSON can carry and that both sides can be compared by."""

from __future__ import annotations

import logging
import re
import warnings
from pathlib import Path
from typing import Any

import flask
from flask import signals

HERE = str(Path(__file__).parent)

# Whatever hooks, signals, log records and warnings happened since the harness last looked, in their order.
events: list[Any] = []


def note(*what: Any) -> None:
    """Write down that something happened."""
    events.append([plain(part) for part in what] if len(what) != 1 else plain(what[0]))


def taken_events() -> list[Any]:
    """What happened since this was last called."""
    taken, events[:] = list(events), []
    return taken


def plain(value: Any) -> Any:
    """A value as JSON can carry it, without losing what would make a difference."""
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) in (list, dict):
        return [plain(item) for item in value] if type(value) is list else {str(k): plain(v) for k, v in value.items()}
    if type(value) is tuple:
        return ["a tuple of", *map(plain, value)]
    if isinstance(value, (set, frozenset)):
        return ["a set of", *sorted(map(str, map(plain, value)))]
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, BaseException):
        return error_name(value)
    # Where an object lies in memory, and which folder the tests are in, is no difference.
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value)).replace(HERE, "HERE")


def error_name(error: BaseException) -> str:
    """The type of an exception, and of those in a group. The wording of messages is each implementation's own."""
    name = type(error).__name__
    if isinstance(error, BaseExceptionGroup):
        return f"{name} of {', '.join(map(error_name, error.exceptions))}"
    return name


def outcome(function: Any, *args: Any, **kwargs: Any) -> Any:
    """What a call gives: its value, or the type of what it raises."""
    try:
        return plain(function(*args, **kwargs))
    except Exception as error:
        return f"raised {error_name(error)}"


class _Records(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        own = record.pathname.startswith(HERE)
        error = record.exc_info[1] if record.exc_info else None
        text = record.getMessage()
        # What names the request is what people look for in their logs, so it is compared.
        is_compared = own or text.startswith("Exception on ")
        note("log", record.name, record.levelname, error, text if is_compared else "(in own words)")


def watch_logs_and_warnings() -> None:
    logging.getLogger().addHandler(_Records())
    warnings.simplefilter("always")
    warnings.simplefilter("ignore", ResourceWarning)  # raised whenever the garbage collector gets to it
    warnings.showwarning = lambda message, category, *rest: note("warning", category)


# What is noted of each signal besides its name.
_DETAILS: dict[str, Any] = {
    "template_rendered": lambda told: told["template"].name,
    "before_render_template": lambda told: told["template"].name,
    "request_finished": lambda told: told["response"].status,
    "got_request_exception": lambda told: told["exception"],
    "request_tearing_down": lambda told: told["exc"],
    "appcontext_tearing_down": lambda told: told["exc"],
    "message_flashed": lambda told: [told["category"], told["message"]],
}
SIGNALS = [*_DETAILS, "request_started", "appcontext_pushed", "appcontext_popped"]


def _receiver(name: str) -> Any:
    def receive(sender: Any, **told: Any) -> None:
        note("signal", name, sender.name, _DETAILS.get(name, lambda told: None)(told))

    return receive


_receivers = {name: _receiver(name) for name in SIGNALS}


def watch_signals(watched: bool) -> None:
    """Have the signals noted, or not: then nobody listens to them, which is how most programs run."""
    for name, receiver in _receivers.items():
        signal = getattr(signals, name)
        signal.connect(receiver) if watched else signal.disconnect(receiver)


def active_contexts() -> list[str]:
    """The contexts that are active here and now."""
    active = {"request": flask.has_request_context(), "application": flask.has_app_context()}
    return [kind for kind, is_active in active.items() if is_active]
