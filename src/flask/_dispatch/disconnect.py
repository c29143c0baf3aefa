"""What becomes of a request whose client goes away: its task is cancelled."""

from __future__ import annotations

import asyncio
import typing as t

if t.TYPE_CHECKING:
    from ..typing import ASGIReceive


class Disconnect:
    """Waits for the client of a task to go away.

    :param receive: receives messages; nobody else may, meanwhile.
    :param is_armed: whether the task is cancelled then.
    """

    def __init__(self, receive: ASGIReceive, is_armed: bool) -> None:
        self._receive = receive
        self._task = asyncio.current_task()
        self._is_armed = is_armed
        self._cancels = 0
        #: Whether the client went away.
        self.has_happened = False
        loop = asyncio.get_running_loop()
        self._watcher: asyncio.Task[None] | None = loop.create_task(self._watch())

    def arm(self) -> bool:
        """From now on cancel the task if the client goes away; tells whether it is there still."""
        self._is_armed = True
        return not self.has_happened

    def disarm(self) -> None:
        """From now on let the task go on: what it does is to be done for one who went away, too."""
        self._is_armed = False

    def stop(self) -> None:
        """End the waiting. As far as the task was cancelled for it, it no longer counts as cancelled."""
        if self._watcher is not None:
            self._watcher.cancel()
            self._watcher = None  # its context leads back to the request
        while self._cancels and self._task is not None:
            self._cancels -= 1
            self._task.uncancel()

    def forgives(self) -> bool:
        """Whether the task was cancelled because the client went away, and for nothing else."""
        self.stop()
        return self.has_happened and not (self._task is not None and self._task.cancelling())

    async def _watch(self) -> None:
        ends = 0
        while (message := await self._receive())["type"] != "http.disconnect":
            ends += not message.get("more_body", False)
            if ends > 1:
                return  # it says again and again that the body is over, and will not tell of anything else
        self.has_happened = True
        if self._is_armed and self._task is not None:
            self._cancels += 1
            self._task.cancel()
