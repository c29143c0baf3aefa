"""Sync and async: running a coroutine to its end from synchronous code.

`asyncio` is imported where a coroutine is first waited for, since it takes an eighth of the time of `import flask`. The
steps of a request are coroutine functions that await only what user code made awaitable. Where nothing did, a
coroutine finishes at its first ``send``, and no event loop is involved.
"""

from __future__ import annotations

import contextvars
import functools
import inspect
import threading
import types
import typing as t
import weakref
from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine, Generator
from contextvars import ContextVar
from types import CodeType, CoroutineType, FunctionType, MethodType

from ._activation import current
from ._failures import StopIterationError
from ._unset import UNSET

if t.TYPE_CHECKING:
    import asyncio

R = t.TypeVar("R")
F = t.TypeVar("F", bound=Callable[..., t.Any])


class _Loop:
    """The event loop that a thread keeps for the coroutines of its requests, closed when the thread ends."""

    def __init__(self) -> None:
        import asyncio

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


def loop_of_thread() -> asyncio.AbstractEventLoop:
    """The event loop that this thread keeps."""
    return _runner().get_loop()


def complete(coroutine: Coroutine[t.Any, t.Any, R]) -> R:
    """Run a coroutine that awaits nothing that suspends, and return its result.

    It is for the framework's own steps, which under WSGI wait for user code by :func:`wait` and so never suspend.
    """
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # a cast is a call, and this runs several times a request
    except StopIterationError as carried:
        raise carried.stop from None
    coroutine.close()
    raise RuntimeError("A step of a request suspended where no event loop runs it.")


def begun(coroutine: Coroutine[t.Any, t.Any, R]) -> R | Coroutine[t.Any, t.Any, R]:
    """Begin a coroutine: gives its result, or, where it waits for something, a coroutine that goes on."""
    try:
        waiting = coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # as above
    return _await(resumed(coroutine, waiting))


@types.coroutine
def resumed(
    coroutine: Coroutine[t.Any, t.Any, R], waiting: t.Any, note: Callable[[], bool] = lambda: True
) -> Generator[t.Any, t.Any, R]:
    """Go on awaiting a coroutine that was begun, and suspended.

    :param waiting: what the coroutine waits for.
    :param note: is called wherever it does, until it returns true.
    """
    is_noted = False
    while True:
        is_noted = is_noted or note()
        try:
            sent = yield waiting
        except GeneratorExit:
            coroutine.close()
            raise
        except BaseException as error:
            step, value = coroutine.throw, error
        else:
            step, value = coroutine.send, sent  # type: ignore[assignment]  # as the step takes it
        try:
            waiting = step(value)
        except StopIteration as stop:
            return t.cast(R, stop.value)
        finally:
            del value


class Serving(t.Protocol):
    """What serves a request that came by ASGI."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The event loop that it runs on, as far as it can be told in this thread."""

    async def prepare(self) -> None:
        """Do what must be done before code that cannot wait runs on the event loop."""


#: What serves the request here, where it came by ASGI and has to do with threads.
serving: ContextVar[Serving | None] = ContextVar("flask.serving", default=None)


def wait(awaitable: Awaitable[R]) -> R:
    """Run an awaitable within the current context, and return its result: on the event loop that serves the request,
    or, where there is none, on that of this thread.

    Context variables that it sets stay set, as they would after a plain call.
    """
    import asyncio

    server = serving.get() or _exchange()
    if asyncio._get_running_loop() is not None:
        # Called from code that itself runs on this thread's loop, which cannot be entered again.
        result, context = _wait_for_other_thread(awaitable)
    elif server is not None and (loop := server.loop) is not None and loop.is_running():
        result, context = asyncio.run_coroutine_threadsafe(_serve(server, awaitable), loop).result()
    else:
        context = contextvars.copy_context()
        result = _runner().run(_await(awaitable), context=context)
    carry(context)
    return result


def _exchange() -> Serving | None:
    """What serves the active request, if that came by ASGI."""
    activation = current()
    return getattr(activation[2], "exchange", None) if activation is not None else None


def carry(context: contextvars.Context) -> None:
    """Set the context variables here as they are in another context."""
    for variable, value in context.items():
        if variable.get(UNSET) is not value:
            variable.set(value)


async def _await(awaitable: Awaitable[R]) -> R:
    return await awaitable


async def _serve(server: Serving, awaitable: Awaitable[R]) -> tuple[R, contextvars.Context]:
    """The result, and the context as it is left."""
    await server.prepare()
    return await awaitable, contextvars.copy_context()


def _wait_for_other_thread(awaitable: Awaitable[R]) -> tuple[R, contextvars.Context]:
    """Run an awaitable on an event loop of another thread, and block this one."""
    import asyncio

    outcome: list[R] = []
    failure: list[BaseException] = []
    context = contextvars.copy_context()

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
    return outcome[0], context


class AsyncItems:
    """The items of an asynchronous iterator, one after another: for a driver that awaits each, and for one that has no
    event loop. There each is made on that of the thread.

    :param items: the asynchronous iterable.
    """

    def __init__(self, items: AsyncIterable[t.Any]) -> None:
        self._iterator = aiter(items)
        self._is_closed = False

    def __iter__(self) -> t.Self:
        return self

    def __next__(self) -> t.Any:
        try:
            return wait(anext(self))
        except StopAsyncIteration:
            raise StopIteration from None

    def close(self) -> None:
        """Close the asynchronous generator, if it is one."""
        if not self._is_closed:
            wait(self.aclose())

    def __aiter__(self) -> t.Self:
        return self

    async def __anext__(self) -> t.Any:
        if self._is_closed:
            raise StopAsyncIteration
        try:
            return await anext(self._iterator)
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Do what :meth:`close` does."""
        if not self._is_closed:
            self._is_closed = True
            close = getattr(self._iterator, "aclose", None)
            if close is not None:
                await close()


def call_here(function: Callable[..., t.Any], /, *args: t.Any, **kwargs: t.Any) -> t.Any:
    """Call user code from a synchronous server: what it returns is its result, also if it was written with ``async
    def``.
    """
    try:
        rv = function(*args, **kwargs)
    except StopIteration as stop:
        raise StopIterationError(stop) from None
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


_AT_ONCE: t.Final = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE
_placing: set[CodeType] = set()


def places_calls(function: F) -> F:
    """Mark a plain function whose calls of user code go where each belongs, so that it may run on an event loop."""
    _placing.add(function.__code__)
    return function


def places_its_calls(function: t.Any) -> bool:
    """Whether a function was marked by :func:`places_calls`."""
    return getattr(function, "__code__", None) in _placing


def is_async(function: t.Any) -> bool:
    """Whether a function may be called on an event loop, since it does nothing there but return what is awaited."""
    if function.__class__ is FunctionType:
        code = function.__code__
        if code.co_flags & _AT_ONCE or code in _placing:
            return True
        if not function.__dict__:
            return False  # else it may be marked, as inspect.markcoroutinefunction() does
    elif function.__class__ is MethodType:
        return is_async(function.__func__)
    return is_coroutine_function(function)


class KnownCoroutineFunctions(dict[FunctionType, bool]):
    """Which functions give a coroutine, since they were written with ``async def``, asked for by ``[]``. Those that do
    are kept for the next request; all others are looked at each time.

    To read a function's code costs as much as to call it, since Python audits that.
    """

    # What is kept lives on where the program has let go of it: functions made for one request, with what they hold.
    _MOST: t.Final = 500

    def __missing__(self, function: FunctionType) -> bool:
        if not function.__code__.co_flags & inspect.CO_COROUTINE:
            return False
        if len(self) >= self._MOST:
            self.clear()
        self[function] = True
        return True
