"""The threads that sync code of ASGI requests runs on, so that it never blocks the event loop."""

from __future__ import annotations

import asyncio
import functools
import os
import socket
import threading
import typing as t
import weakref
from collections import deque

from .._failures import StopIterationError

if t.TYPE_CHECKING:
    from contextvars import Context

#: How many idle threads are kept for whatever application needs one next.
_MOST_IDLE: t.Final = 64


class Job:
    """One call, made on a thread for a task of an event loop: the task awaits it, and gets what it returns.

    To the task it is the future that it waits for. That is what asyncio takes anything for that has these methods and
    ``_asyncio_future_blocking``. A future's own would cost a turn of the loop more, and would let itself be cancelled:
    a call cannot be given up half-way, with its context in use, so a task that is cancelled meanwhile waits all the
    same, and hears of it then.
    """

    __slots__ = (
        "_args",
        "_asyncio_future_blocking",
        "_context",
        "_error",
        "_function",
        "_is_done",
        "_is_met",
        "_kwargs",
        "_lets_turn",
        "_loop",
        "_made",
        "_result",
        "_start",
        "_waiting",
    )

    def __init__(
        self,
        start: t.Callable[[Job], None],
        context: Context,
        function: t.Callable[..., t.Any],
        args: tuple[t.Any, ...],
        kwargs: t.Mapping[str, t.Any],
        lets_turn: bool,
    ) -> None:
        self._start, self._lets_turn = start, lets_turn
        self._context, self._function, self._args, self._kwargs = context, function, args, kwargs
        self._loop = asyncio.get_running_loop()
        self._made = MadeCalls.of(self._loop)
        self._asyncio_future_blocking = self._is_done = False
        self._is_met = threading.Lock()
        self._result: t.Any = None
        self._error: BaseException | None = None
        self._waiting: tuple[t.Callable[[Job], object], Context | None] | None = None

    def __await__(self) -> t.Generator[Job, None, t.Any]:
        try:
            self._start(self)
            if self._lets_turn or not self._is_done:
                self._asyncio_future_blocking = True
                yield self
            if self._error is not None:
                raise self._error
            return self._result
        finally:
            # The thread may have this job still. And a traceback has this frame, and would keep the request alive.
            self._result = self._error = None

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
        self._is_done = True
        if not self._comes_first():
            self._made.add(self)

    def _comes_first(self) -> bool:
        """Whether the thread with the result, or the task that waits for it, is the first of the two to ask this. The
        other one has the task go on.
        """
        return self._is_met.acquire(blocking=False)

    def resume(self) -> None:
        """Have the task go on, on its event loop."""
        assert self._waiting is not None
        (step, context), self._waiting = self._waiting, None
        if context is None:
            step(self)
        else:
            context.run(step, self)

    # -- as a future

    def add_done_callback(self, step: t.Callable[[Job], object], *, context: Context | None = None) -> None:
        """Note what has the task go on."""
        self._waiting = step, context
        if not self._comes_first():
            self._loop.call_soon(self.resume)

    def cancel(self, msg: object = None) -> bool:
        """No: the task is to be cancelled when it goes on."""
        return False

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Where the task runs."""
        return self._loop

    def result(self) -> None:
        """Nothing, for the task: it takes the result from the job itself."""


class MadeCalls:
    """Calls for tasks of one event loop that have been made. The loop is woken once for all that are there by then."""

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._is_announced = False

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> MadeCalls:
        """Those for one event loop."""
        made = _made_calls.get(loop)
        if made is None:
            made = _made_calls[loop] = cls()
        return made

    def add(self, job: Job) -> None:
        """Have the task of a call go on, from a thread."""
        self._jobs.append(job)
        if not self._is_announced:  # two threads may see that at once, and then both announce theirs
            self._is_announced = True
            try:
                job.get_loop().call_soon_threadsafe(self._resume)
            except RuntimeError:  # the loop was closed, and nobody waits any more
                self._jobs.clear()

    def _resume(self) -> None:
        self._is_announced = False
        try:
            for _ in range(len(self._jobs)):  # what comes meanwhile is announced, and the loop has a turn before
                self._jobs.popleft().resume()
        finally:
            if self._jobs and not self._is_announced:  # a task ended the loop, as KeyboardInterrupt does
                asyncio.get_running_loop().call_soon(self._resume)


_made_calls: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, MadeCalls] = weakref.WeakKeyDictionary()


class Worker:
    """A thread that makes calls, one after another."""

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        # PERF: a write to a socket lets go of the interpreter's lock while it wakes the thread, which often has made
        # the call when the write returns. With a queue the thread wakes to find the lock taken, and sleeps again: six
        # switches between the two in a call instead of two, a third of its 21 µs on one core (the row `sync` by ASGI).
        self._bell, rung = socket.socketpair()
        threading.Thread(target=self._work, args=(rung,), name="flask-sync", daemon=True).start()

    def _work(self, rung: socket.socket) -> None:
        with rung:
            while rung.recv(1):
                self._jobs.popleft().run()

    def _start(self, job: Job) -> None:
        self._jobs.append(job)
        self._bell.send(b"\0")

    def call(
        self,
        context: Context,
        function: t.Callable[..., t.Any],
        args: tuple[t.Any, ...],
        kwargs: t.Mapping[str, t.Any],
        *,
        lets_turn: bool,
    ) -> Job:
        """A call on the thread, in a context, for the task to await.

        :param lets_turn: whether the event loop has a turn meanwhile, also if the call is over before it could.
        """
        return Job(self._start, context, function, args, kwargs, lets_turn)

    def stop(self) -> None:
        """End the thread after the calls that it was given."""
        self._bell.close()


_idle: list[Worker] = []


def _forget_idle() -> None:
    """Begin without threads, in a process that was forked from one with threads: they are not there."""
    while _idle:
        _idle.pop().stop()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_idle)


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
                worker = _take_idle()
                self._in_use += 1  # not if there is no thread to be had
                return worker
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
