"""The threads that sync code of ASGI requests runs on, so that it never blocks the event loop."""

from __future__ import annotations

import asyncio
import functools
import threading
import typing as t
from collections import deque
from queue import SimpleQueue

from .._failures import StopIterationError

if t.TYPE_CHECKING:
    from contextvars import Context

#: How many idle threads are kept for whatever application needs one next.
_MOST_IDLE: t.Final = 64


class Job:
    """One call, made on a thread for a task of an event loop."""

    __slots__ = ("_args", "_context", "_error", "_function", "_is_done", "_kwargs", "_loop", "_result", "_waiter")

    def __init__(
        self, context: Context, function: t.Callable[..., t.Any], args: tuple[t.Any, ...], kwargs: t.Mapping[str, t.Any]
    ) -> None:
        self._context, self._function, self._args, self._kwargs = context, function, args, kwargs
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] = self._loop.create_future()
        self._is_done = False
        self._result: t.Any = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Make the call, on the thread."""
        call = functools.partial(self._context.run, self._function, *self._args, **self._kwargs)
        del self._context, self._function, self._args, self._kwargs
        try:
            self._result = call()
        except StopIteration as stop:
            self._error = StopIterationError(stop)
        except BaseException as error:
            self._error = error
        del call  # the request is not to be alive here when its task goes on
        try:
            self._loop.call_soon_threadsafe(self._note_done)
        except RuntimeError:  # the loop was closed, and nobody waits any more
            pass

    def _note_done(self) -> None:
        self._is_done = True
        if not self._waiter.done():
            self._waiter.set_result(None)

    async def outcome(self) -> t.Any:
        """The result of the call. A task that is cancelled meanwhile waits all the same: a call cannot be given up
        half-way, with its context in use.
        """
        cancelled: asyncio.CancelledError | None = None
        while not self._is_done:
            if self._waiter.done():
                self._waiter = self._loop.create_future()
            try:
                await self._waiter
            except asyncio.CancelledError as error:
                cancelled = error
        try:
            if cancelled is not None:
                raise cancelled
            if self._error is not None:
                raise self._error
            return self._result
        finally:
            self._error = cancelled = None  # its traceback has this frame, and would keep the request alive


class Worker:
    """A thread that makes calls, one after another."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        threading.Thread(target=self._work, name="flask-sync", daemon=True).start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
            del job  # else it would stay alive until the next one

    async def call(
        self,
        context: Context,
        function: t.Callable[..., t.Any],
        args: tuple[t.Any, ...],
        kwargs: t.Mapping[str, t.Any],
    ) -> t.Any:
        """Make a call on the thread, in a context, and wait for its result."""
        job = Job(context, function, args, kwargs)
        self._jobs.put(job)
        return await job.outcome()

    def stop(self) -> None:
        """End the thread after the calls that it was given."""
        self._jobs.put(None)


_idle: list[Worker] = []


class Workers:
    """The threads that one application may have at a time. Whoever wants one more waits until one is given back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_use = 0
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[Worker]]] = deque()

    async def take(self, most: int) -> Worker:
        """A thread, for nobody else until it is given back.

        :param most: how many may be in use.
        """
        with self._lock:
            if self._in_use < most:
                self._in_use += 1
                return _take_idle()
            loop = asyncio.get_running_loop()
            turn: asyncio.Future[Worker] = loop.create_future()
            self._waiting.append((loop, turn))
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(turn.result())
            raise

    def give_back(self, worker: Worker) -> None:
        """Let others have a thread."""
        with self._lock:
            while self._waiting:
                loop, turn = self._waiting.popleft()
                try:
                    loop.call_soon_threadsafe(self._hand_over, worker, turn)
                except RuntimeError:  # its loop was closed
                    continue
                return
            self._in_use -= 1
        if len(_idle) < _MOST_IDLE:
            _idle.append(worker)
        else:
            worker.stop()

    def _hand_over(self, worker: Worker, turn: asyncio.Future[Worker]) -> None:
        if turn.done():  # who waited was cancelled
            self.give_back(worker)
        else:
            turn.set_result(worker)


def _take_idle() -> Worker:
    try:
        return _idle.pop()
    except IndexError:
        return Worker()
