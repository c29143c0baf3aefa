"""Spike for decision 1: one order of a request's steps for both protocols, written three ways.

Each `order` below handles the same small application: hooks before and after, a view, a handler for errors. Each is
driven synchronously (as WSGI would) and awaited (as ASGI would). Run it: it prints microseconds of CPU time for a
request, the median of interleaved rounds, and the ratio to the plain synchronous code that could not await anything.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from types import CoroutineType


class App:
    """What the orders below work on; `Plain` is the yardstick that knows nothing of awaiting."""

    def __init__(self, hooks: int, view) -> None:
        self.before = [lambda: None] * hooks
        self.after = [lambda response: response] * hooks
        self.view = view

    def handle_error(self, error: Exception) -> str:
        return "error"

    def make_response(self, rv: str) -> list[bytes]:
        return [rv.encode()]


# -- yardstick: plain methods, synchronous only -----------------------------------------------------------------------
class Plain(App):
    def preprocess(self):
        for hook in self.before:
            rv = hook()
            if rv is not None:
                return rv
        return None

    def dispatch(self):
        return self.view()

    def finalize(self, rv):
        response = self.make_response(rv)
        for hook in self.after:
            response = hook(response)
        return response

    def full_dispatch(self):
        try:
            rv = self.preprocess()
            if rv is None:
                rv = self.dispatch()
        except Exception as error:
            rv = self.handle_error(error)
        return self.finalize(rv)


# -- A: one coroutine; a result is awaited when it is a coroutine -----------------------------------------------------
async def coroutine_order(app: App):
    try:
        rv = None
        for hook in app.before:
            rv = hook()
            if rv.__class__ is CoroutineType:
                rv = await rv
            if rv is not None:
                break
        if rv is None:
            rv = app.view()
            if rv.__class__ is CoroutineType:
                rv = await rv
    except Exception as error:
        rv = app.handle_error(error)
        if rv.__class__ is CoroutineType:
            rv = await rv
    response = app.make_response(rv)
    for hook in app.after:
        response = hook(response)
        if response.__class__ is CoroutineType:
            response = await response
    return response


def complete(coroutine):
    """Drive a coroutine that does not suspend."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise RuntimeError("suspended")


# -- B: one generator; what must be awaited is yielded to the driver --------------------------------------------------
def generator_order(app: App):
    try:
        rv = None
        for hook in app.before:
            rv = hook()
            if rv.__class__ is CoroutineType:
                rv = yield rv
            if rv is not None:
                break
        if rv is None:
            rv = app.view()
            if rv.__class__ is CoroutineType:
                rv = yield rv
    except Exception as error:
        rv = app.handle_error(error)
        if rv.__class__ is CoroutineType:
            rv = yield rv
    response = app.make_response(rv)
    for hook in app.after:
        response = hook(response)
        if response.__class__ is CoroutineType:
            response = yield response
    return response


def drive(generator):
    try:
        waiting = next(generator)
        while True:
            waiting = generator.send(complete(waiting))
    except StopIteration as stop:
        return stop.value


async def drive_async(generator):
    try:
        waiting = next(generator)
        while True:
            try:
                value = await waiting
            except Exception as error:
                waiting = generator.throw(error)
            else:
                waiting = generator.send(value)
    except StopIteration as stop:
        return stop.value


# -- C: plain functions; each step continues as a coroutine from where something had to be awaited --------------------
def continued_order(app: App):
    return _from_before(app, 0)


def _from_before(app: App, index: int):
    try:
        for position in range(index, len(app.before)):
            rv = app.before[position]()
            if rv.__class__ is CoroutineType:
                return _await_before(app, rv, position)
            if rv is not None:
                return _from_value(app, rv)
        rv = app.view()
    except Exception as error:
        rv = app.handle_error(error)
    if rv.__class__ is CoroutineType:
        return _await_value(app, rv)
    return _from_value(app, rv)


async def _await_before(app: App, waiting, position: int):
    try:
        rv = await waiting
    except Exception as error:
        rv = app.handle_error(error)
    rest = _from_before(app, position + 1) if rv is None else _from_value(app, rv)
    return await rest if rest.__class__ is CoroutineType else rest


async def _await_value(app: App, waiting):
    try:
        rv = await waiting
    except Exception as error:
        rv = app.handle_error(error)
    rest = _from_value(app, rv)
    return await rest if rest.__class__ is CoroutineType else rest


def _from_value(app: App, rv):
    response = app.make_response(rv)
    for index, hook in enumerate(app.after):
        response = hook(response)
        if response.__class__ is CoroutineType:
            return _await_after(app, response, index)
    return response


async def _await_after(app: App, waiting, index: int):
    response = await waiting
    for hook in app.after[index + 1 :]:
        response = hook(response)
        if response.__class__ is CoroutineType:
            response = await response
    return response


async def await_continued(app: App):
    rest = continued_order(app)
    return await rest if rest.__class__ is CoroutineType else rest


# -- measuring --------------------------------------------------------------------------------------------------------
def view():
    return "hello"


async def async_view():
    return "hello"


def per_call(function, loops: int = 20_000) -> float:
    start = time.process_time()
    for _ in range(loops):
        function()
    return (time.process_time() - start) / loops * 1e6


async def per_await(function, loops: int = 20_000) -> float:
    start = time.process_time()
    for _ in range(loops):
        await function()
    return (time.process_time() - start) / loops * 1e6


def main(rounds: int = 15) -> None:
    for hooks in (0, 5):
        plain, asynchronous = Plain(hooks, view), App(hooks, async_view)
        app = App(hooks, view)
        rows = {
            "plain, sync only": lambda: per_call(plain.full_dispatch),
            "A coroutine, sync": lambda: per_call(lambda: complete(coroutine_order(app))),
            "B generator, sync": lambda: per_call(lambda: drive(generator_order(app))),
            "C continued, sync": lambda: per_call(lambda: continued_order(app)),
            "A coroutine, async view": lambda: asyncio.run(per_await(lambda: coroutine_order(asynchronous))),
            "B generator, async view": lambda: asyncio.run(
                per_await(lambda: drive_async(generator_order(asynchronous)))
            ),
            "C continued, async view": lambda: asyncio.run(per_await(lambda: await_continued(asynchronous))),
        }
        samples: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(rounds):
            for name, measure in rows.items():
                samples[name].append(measure())
        base = statistics.median(samples["plain, sync only"])
        print(f"{hooks} + {hooks} hooks")
        for name, values in samples.items():
            median = statistics.median(values)
            print(f"  {name:26}{median:6.2f} µs {median / base:6.2f}")


if __name__ == "__main__":
    main()
