"""Sync and async: running a coroutine to its end from synchronous code.

The steps of a request are coroutine functions that await only what user code made awaitable. Where nothing did, a
coroutine finishes at its first ``send``, and no event loop is involved.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import threading
import typing as t
import weakref
from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine, Iterator
from types import CoroutineType

from ._unset import UNSET

R = t.TypeVar("R")


class _Loop:
    """The event loop that a thread keeps for the coroutines of its requests, closed when the thread ends."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        # A runner keeps the context that it is started in: an empty one, instead of this request's.
        contextvars.Context().run(self.runner.get_loop)
        weakref.finalize(self, _close, self.runner)


def _close(runner: asyncio.Runner) -> None:
    if not runner.get_loop().is_running():  # it may, in a thread that does not end before the program does
        runner.close()


_local = threading.local()


def _runner() -> asyncio.Runner:
    """What runs coroutines on the event loop of this thread."""
    try:
        loop: _Loop = _local.loop
    except AttributeError:
        loop = _local.loop = _Loop()
    return loop.runner


def complete(coroutine: Coroutine[t.Any, t.Any, R]) -> R:
    """Run a coroutine that awaits nothing that suspends, and return its result.

    It is for the framework's own steps, which under WSGI wait for user code by :func:`wait` and so never suspend.
    """
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # a cast is a call, and this runs several times a request
    coroutine.close()
    raise RuntimeError("A step of a request suspended where no event loop runs it.")


def wait(awaitable: Awaitable[R]) -> R:
    """Run an awaitable on this thread's event loop, within the current context, and return its result.

    Context variables that it sets stay set, as they would after a plain call.
    """
    context = contextvars.copy_context()
    if asyncio._get_running_loop() is None:
        result = _runner().run(_await(awaitable), context=context)
    else:  # called from code that itself runs on this thread's loop, which cannot be entered again
        result = _run_in_other_thread(awaitable, context)
    for variable, value in context.items():
        if variable.get(UNSET) is not value:
            variable.set(value)
    return result


async def _await(awaitable: Awaitable[R]) -> R:
    return await awaitable


def _run_in_other_thread(awaitable: Awaitable[R], context: contextvars.Context) -> R:
    outcome: list[R] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            with asyncio.Runner() as runner:
                outcome.append(runner.run(_await(awaitable), context=context))
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="flask-async")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


def iterate(items: AsyncIterable[R]) -> Iterator[R]:
    """The items of an asynchronous iterator, one after another, each made on this thread's event loop."""
    iterator = aiter(items)
    try:
        while True:
            try:
                yield wait(anext(iterator))
            except StopAsyncIteration:
                return
    finally:
        close = getattr(iterator, "aclose", None)
        if close is not None:
            wait(close())


def call_here(function: Callable[..., t.Any], *args: t.Any, **kwargs: t.Any) -> t.Any:
    """Call user code from a synchronous server: what it returns is its result, also if it was written with ``async
    def``.
    """
    rv = function(*args, **kwargs)
    return wait(rv) if rv.__class__ is CoroutineType else rv


def as_sync(function: Callable[..., Awaitable[R]]) -> Callable[..., R]:
    """Make a plain function of a coroutine function: it runs the coroutine and returns the result."""

    @functools.wraps(function)
    def call(*args: t.Any, **kwargs: t.Any) -> R:
        return wait(function(*args, **kwargs))

    return call


def is_coroutine_function(function: t.Any) -> bool:
    """Whether calling the function gives a coroutine: also for partials, and for objects with an async ``__call__``."""
    while isinstance(function, functools.partial):
        function = function.func
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004
