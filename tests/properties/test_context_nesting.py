"""Contexts of two applications pushed and popped at random, with streams among them, against a simple model.

The model is a list of pushes and a count of holders for each context. What is active must always be what the model
says, and teardown functions must have run for the contexts, and in the order, that it says.
"""

from __future__ import annotations

import threading
import typing as t
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from werkzeug.test import create_environ

import flask
from flask import Flask, eras, stream_with_context
from flask.ctx import AppContext, RequestContext
from flask.globals import _cv_app, _cv_request, app_ctx, request_ctx

pytestmark = pytest.mark.skipif(eras.is_old("request_owns_g"), reason="the model shares `g` as Flask does since 0.10")

Context = AppContext | RequestContext
either_app = st.integers(0, 1)
any_index = st.integers(0, 1_000)


class Model:
    """What should be active, who holds what, and what was torn down."""

    def __init__(self) -> None:
        self.pushes: list[tuple[Context, AppContext | None, RequestContext | None]] = []
        self.holders: dict[Context, int] = {}
        self.log: list[Context] = []

    def active(self) -> tuple[AppContext | None, RequestContext | None]:
        return self.pushes[-1][1:] if self.pushes else (None, None)

    def pushed(self, ctx: Context) -> None:
        if isinstance(ctx, AppContext):
            self.hold(ctx)
            self.pushes.append((ctx, ctx, self.active()[1]))
            return
        app_context = ctx.app_context
        assert app_context is not None
        current = self.active()[0]
        if not self.holders.get(ctx):
            is_shared = current is not None and current.app is ctx.app
            assert (app_context is current) is is_shared
            self.hold(app_context)
        self.hold(ctx)
        self.pushes.append((ctx, app_context, ctx))

    def popped(self) -> None:
        self.let_go(self.pushes.pop()[0])

    def popped_below_its_requests(self, ctx: Context) -> bool:
        """Take away a push from below requests that share the context; False where anything else was pushed since."""
        place = len(self.pushes) - 1
        while place >= 0 and isinstance(above := self.pushes[place][0], RequestContext) and above.app_context is ctx:
            place -= 1
        if place in (-1, len(self.pushes) - 1) or self.pushes[place][0] is not ctx:
            return False
        del self.pushes[place]
        self.let_go(ctx)
        return True

    def hold(self, ctx: Context) -> None:
        self.holders[ctx] = self.holders.get(ctx, 0) + 1

    def let_go(self, ctx: Context) -> None:
        self.holders[ctx] -= 1
        if self.holders[ctx] == 0:
            self.log.append(ctx)
            if isinstance(ctx, RequestContext):
                assert ctx.app_context is not None
                self.let_go(ctx.app_context)


class Stream:
    """A stream of three items that knows what must be active for each."""

    def __init__(self, ctx: RequestContext, inner: AppContext | None) -> None:
        self.ctx = ctx
        self.taken = 0
        self.iterator: t.Any = stream_with_context(items(ctx, inner))


def items(ctx: RequestContext, inner: AppContext | None) -> Iterator[str]:
    for _ in range(3):
        assert (_cv_app.get(), _cv_request.get()) == (ctx.app_context, ctx)
        if inner is None:
            yield "item"
        else:
            with inner:  # pushed as long as the server has the item
                yield "item"


class Nesting(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.known: list[Context] = []
        self.streams: list[Stream] = []
        self.log: list[Context] = []
        self.ignored: set[Context] = set()

    @initialize()
    def make_apps(self) -> None:
        self.apps = [Flask("first"), Flask("second")]
        for app in self.apps:
            app.teardown_request(lambda exc: self.note(request_ctx._get_current_object()))
            app.teardown_appcontext(lambda exc: self.note(app_ctx._get_current_object()))
            app.add_url_rule("/", "view", self.view)

    def note(self, ctx: Context) -> None:
        if ctx not in self.ignored:
            self.log.append(ctx)

    def view(self) -> str:
        """A request in between: it is not in the model, and must leave no trace."""
        self.ignored.add(request_ctx._get_current_object())
        if app_ctx._get_current_object() not in self.model.holders:
            self.ignored.add(app_ctx._get_current_object())
        return "answered"

    def push(self, ctx: Context) -> None:
        ctx.push()
        self.model.pushed(ctx)
        if ctx not in self.known:
            self.known.append(ctx)

    @rule(app=either_app)
    def push_app_context(self, app: int) -> None:
        self.push(self.apps[app].app_context())

    @rule(app=either_app)
    def push_request_context(self, app: int) -> None:
        self.push(self.apps[app].request_context(create_environ()))

    @precondition(lambda self: self.known)
    @rule(index=any_index)
    def push_again(self, index: int) -> None:
        self.push(self.known[index % len(self.known)])

    @precondition(lambda self: self.model.pushes)
    @rule()
    def pop(self) -> None:
        ctx = self.model.pushes[-1][0]
        self.model.popped()
        ctx.pop()

    @precondition(lambda self: self.known)
    @rule(index=any_index)
    def pop_in_the_wrong_order(self, index: int) -> None:
        ctx = self.known[index % len(self.known)]
        if self.model.popped_below_its_requests(ctx):
            ctx.pop()
        elif not self.model.pushes or self.model.pushes[-1][0] is not ctx:
            with pytest.raises(AssertionError, match="wrong context"):
                ctx.pop()

    @rule(app=either_app)
    def send_request(self, app: int) -> None:
        body = self.apps[app](create_environ(), lambda status, headers: None)
        assert b"".join(body) == b"answered"

    @precondition(lambda self: self.model.active()[1] is not None)
    @rule(app=st.none() | either_app)
    def make_stream(self, app: int | None) -> None:
        ctx = self.model.active()[1]
        assert ctx is not None
        inner = self.apps[app].app_context() if app is not None else None
        if inner is not None:
            self.ignored.add(inner)
        self.streams.append(Stream(ctx, inner))
        self.model.hold(ctx)

    @precondition(lambda self: self.streams)
    @rule(index=any_index, elsewhere=st.booleans())
    def take_an_item(self, index: int, elsewhere: bool) -> None:
        stream = self.streams[index % len(self.streams)]
        stream.taken += 1
        if stream.taken > 3:
            self.streams.remove(stream)
            self.model.let_go(stream.ctx)
        expected = "item" if stream.taken <= 3 else None
        assert self.run(lambda: next(stream.iterator, None), elsewhere) == expected

    @precondition(lambda self: self.streams)
    @rule(index=any_index, elsewhere=st.booleans())
    def close_stream(self, index: int, elsewhere: bool) -> None:
        stream = self.streams.pop(index % len(self.streams))
        self.model.let_go(stream.ctx)
        self.run(stream.iterator.close, elsewhere)
        assert next(stream.iterator, None) is None

    @precondition(lambda self: self.streams)
    @rule(index=any_index, elsewhere=st.booleans())
    def drop_stream(self, index: int, elsewhere: bool) -> None:
        streams = [self.streams.pop(index % len(self.streams))]
        self.model.let_go(streams[0].ctx)
        self.run(streams.clear, elsewhere)

    def run(self, function: t.Callable[[], t.Any], elsewhere: bool) -> t.Any:
        """What a function returns, called here or on another thread."""
        if not elsewhere:
            return function()
        outcome: list[t.Any] = []

        def call() -> None:
            outcome.append(function())
            outcome.append((_cv_app.get(), _cv_request.get()))

        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        assert outcome[1] == (None, None)
        return outcome[0]

    @invariant()
    def what_is_active_is_what_the_model_says(self) -> None:
        app_context, request_context = self.model.active()
        assert _cv_app.get() is app_context
        assert _cv_request.get() is request_context
        assert flask.has_app_context() is (app_context is not None)

    @invariant()
    def teardown_ran_for_what_the_model_says(self) -> None:
        assert self.log == self.model.log

    def teardown(self) -> None:
        while self.model.pushes:
            self.pop()
        while self.streams:
            self.close_stream(0, elsewhere=False)
        self.what_is_active_is_what_the_model_says()
        self.teardown_ran_for_what_the_model_says()
        assert not any(self.model.holders.values())


TestNesting = Nesting.TestCase
TestNesting.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
