"""Streams that go on after the view: iterators that hold the context of their request."""

from __future__ import annotations

import typing as t
from contextvars import copy_context

from ._activation import OF_REQUEST, activate
from ._awaiting import AsyncItems

if t.TYPE_CHECKING:
    from ._request_context import RequestContextLife


class HeldStream:
    """The iterator that :func:`flask.stream_with_context` makes: it holds the context, and has it active for each item.

    In between items nothing of the request is active, so the server's own code runs as if there were none. The items
    are made in a :class:`contextvars.Context` of the stream's own: what they push stays with the stream, whichever
    thread asks for the next item, and whatever else runs there in between.
    """

    def __init__(self, ctx: RequestContextLife, items: t.Iterator[t.Any]) -> None:
        self._items: t.Any = items
        self._ctx: RequestContextLife | None = ctx
        self._context = copy_context()
        self._context.run(activate, ctx, OF_REQUEST, ctx)
        ctx.hold()

    def __iter__(self) -> t.Self:
        return self

    def __next__(self) -> t.Any:
        if self._ctx is None:
            raise StopIteration
        try:
            return self._context.run(next, self._items)
        except BaseException as error:
            self._end(None if isinstance(error, StopIteration) else error)
            raise

    def close(self) -> None:
        """Close the generator, with the context active, and let go of the context."""
        if self._ctx is not None:
            self._end(None)

    def _end(self, error: BaseException | None) -> None:
        # An iterator that is no generator may hold a file, a cursor, and is to be closed though it is exhausted.
        close = getattr(self._items, "close", None)
        try:
            if close is not None:
                self._context.run(close)
        except BaseException as raised:
            self._let_go(raised)
            raise
        self._let_go(error)

    # -- for a driver that awaits each item

    @property
    def is_async(self) -> bool:
        """Whether the items are made by asynchronous code."""
        return isinstance(self._items, AsyncItems)

    def __aiter__(self) -> t.Self:
        return self

    async def __anext__(self) -> t.Any:
        if self._ctx is None:
            raise StopAsyncIteration
        try:
            with self._ctx.active():
                return await anext(self._items)
        except BaseException as error:
            await self.aclose(None if isinstance(error, StopAsyncIteration) else error)
            raise

    async def aclose(self, error: BaseException | None = None) -> None:
        """Do what :meth:`close` does.

        :param error: the exception that ended the stream.
        """
        ctx, self._ctx = self._ctx, None
        if ctx is None:
            return
        try:
            with ctx.active():
                await self._items.aclose()
        except BaseException as raised:
            error = raised
            raise
        finally:
            await ctx.released(error, ctx.placement.call if ctx.placement is not None else ctx.call)

    def _let_go(self, error: BaseException | None) -> None:
        ctx, self._ctx = self._ctx, None
        if ctx is not None:
            ctx.release(error)

    def __del__(self) -> None:
        if getattr(self, "_ctx", None) is not None:
            self.close()
