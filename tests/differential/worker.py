"""One side of the comparison: an interpreter that runs the applications of ``apps/`` with the flask that it has.

It reads a job per line from its standard input, ``{"module": name}`` for a module of ``apps/`` or ``{"declared": ...,
"requests": [...]}`` for an application that :mod:`declared` describes, and answers each with a line: the cases of the
job, each with its name and what was observed.

A module of ``apps/`` may have

- ``create(**options)``, which makes an application, and ``VISITS``: each a request, or a list of requests of one client
  that keeps cookies. ``VARIANTS`` gives options by name, if there are several to try. The first is tried twice: with
  somebody listening to the signals, and with nobody, which is how most programs run; the others in turns.
- functions named ``probe_...``, which return what is to be compared; each key of a dict on its own.
"""

from __future__ import annotations

import contextvars
import importlib
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

import declared
import itsdangerous
import observing
from asking import Observed, Request, label, send

SECONDS_FOR_ONE_JOB = 120

Case = tuple[str, Observed]


def serve() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an application prints is no answer
    observing.watch_logs_and_warnings()
    stop_the_clock()
    for line in sys.stdin:
        signal.alarm(SECONDS_FOR_ONE_JOB)
        job = json.loads(line)
        cases = cases_of_module(job["module"]) if "module" in job else cases_of_declared(job)
        answers.write(json.dumps(list(cases)) + "\n")
        answers.flush()
        signal.alarm(0)


def stop_the_clock() -> None:
    """Let signed cookies bear one time, so that they can be compared."""
    itsdangerous.TimestampSigner.get_timestamp = lambda self: 1_700_000_000  # type: ignore[method-assign]


def cases_of_module(name: str) -> Iterator[Case]:
    module = importlib.import_module(f"apps.{name}")
    if hasattr(module, "VISITS"):
        yield from cases_of_visits(name, module)
    for probe in [value for key, value in vars(module).items() if key.startswith("probe_")]:
        yield in_own_context(run_probe, f"{name}.{probe.__name__}", probe)


def cases_of_visits(name: str, module: Any) -> Iterator[Case]:
    variants: dict[str, dict[str, Any]] = getattr(module, "VARIANTS", {"": {}})
    for number, (variant, options) in enumerate(variants.items()):
        for listening in (True, False) if number == 0 else (number % 2 == 0,):
            title = "".join([name, f"({variant})" if variant else "", "" if listening else "~"])
            yield from in_own_context(run_visits, title, module.create, options, module.VISITS, listening)


def cases_of_declared(job: dict[str, Any]) -> list[Case]:
    options = {"declaration": job["declared"]}
    visits, listening = [job["requests"]], job["declared"]["listening"]
    return in_own_context(run_visits, "declared", declared.create, options, visits, listening)


def in_own_context(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function with no context active, and leave none behind, whatever it does."""
    try:
        return contextvars.Context().run(function, *args)
    finally:
        for logger in logging.Logger.manager.loggerDict.values():
            if isinstance(logger, logging.Logger) and logger.name.startswith("apps"):
                logger.handlers.clear()
                logger.setLevel(logging.NOTSET)


def run_visits(
    title: str, create: Callable[..., Any], options: dict[str, Any], visits: list[Any], listening: bool
) -> list[Case]:
    observing.watch_signals(listening)
    observing.taken_events()
    try:
        app = create(**options)
    except Exception as error:
        return [(f"{title} create", {"raised": observing.error_name(error)})]
    cases = [(f"{title} create", {"raised": None, "events": observing.taken_events()})]
    for visit in visits:
        cases += contextvars.Context().run(one_visit, title, app, visit)
    return cases


def one_visit(title: str, app: Any, visit: Request | list[Request]) -> list[Case]:
    """What a new client asks, one request after another."""
    cases, cookies = [], {}
    for request in visit if isinstance(visit, list) else [visit]:
        title = f"{title} {label(request)}"
        cases.append((title, send(app, request, cookies)))
        title += " >"
    return cases


def run_probe(title: str, probe: Callable[[], Any]) -> Case:
    observing.watch_signals(True)
    observing.taken_events()
    seen: Observed = {"raised": None}
    try:
        result = probe()
        seen.update(observing.plain(result) if isinstance(result, dict) else {"result": observing.plain(result)})
    except Exception as error:
        seen["raised"] = f"{observing.error_name(error)} in line {line_of(error)}"
    return title, {**seen, "events": observing.taken_events(), "left": observing.active_contexts()}


def line_of(error: BaseException) -> int | None:
    """The line of the probe that raised, by which to tell whether both sides failed at the same place."""
    line, tb = None, error.__traceback__
    while tb is not None:
        if "/apps/" in tb.tb_frame.f_code.co_filename:
            line = tb.tb_lineno
        tb = tb.tb_next
    return line


if __name__ == "__main__":
    serve()
