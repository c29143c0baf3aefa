"""What becomes of a request whose client goes away: its task is cancelled."""

from __future__ import annotations

import asyncio
import types
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

    from ..typing import ASGIReceive

R = t.TypeVar("R")


class Disconnect:
    """Waits for the client to go away, while the request suspends. One that never suspends costs nothing.

    :param receive: receives messages; nobody else may, meanwhile.
    """

    __slots__ = ("_cancels", "_is_armed", "_receive", "_task", "_watcher", "has_happened")

    def __init__(self, receive: ASGIReceive) -> None:
        self._receive = receive
        self._task: asyncio.Task[t.Any] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._is_armed = False
        self._cancels = 0
        #: Whether the client went away.
        self.has_happened = False

    def arm(self) -> None:
        """From now on cancel the task that runs if the client goes away."""
        self._is_armed = True
        if self._watcher is None:
            self._task = asyncio.current_task()
            self._watcher = asyncio.get_running_loop().create_task(self._watch())
        elif self.has_happened:
            self._cancel()

    def disarm(self) -> None:
        """From now on let the task go on: what it does is to be done for one who went away, too."""
        self._is_armed = False

    def stop(self) -> None:
        """End the waiting. As far as the task was cancelled for it, it no longer counts as cancelled."""
        if self._watcher is not None:
            self._watcher.cancel()
            self._watcher = None
        while self._cancels and self._task is not None:
            self._cancels -= 1
            self._task.uncancel()

    def forgives(self) -> bool:
        """Whether the task was cancelled because the client went away, and for nothing else."""
        self.stop()
        return self.has_happened and not (self._task is not None and self._task.cancelling())

    def _cancel(self) -> None:
        if self._task is not None:
            self._cancels += 1
            self._task.cancel()

    async def _watch(self) -> None:
        ends = 0
        while (message := await self._receive())["type"] != "http.disconnect":
            ends += not message.get("more_body", False)
            if ends > 1:
                return  # it says again and again that the body is over, and will not tell of anything else
        self.has_happened = True
        if self._is_armed:
            self._cancel()

    @types.coroutine
    def during(self, coroutine: Coroutine[t.Any, t.Any, R]) -> Generator[t.Any, t.Any, R]:
        """Await a coroutine, armed from where it suspends first."""
        try:
            waiting = coroutine.send(None)
        except StopIteration as stop:
            return t.cast(R, stop.value)
        self.arm()
        while True:
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
