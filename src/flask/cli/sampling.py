"""Handling one request again and again, and looking meanwhile where it is.

A timer interrupts the request about once in a millisecond, and its stack is taken: what takes a tenth of the time is
found in a tenth of the looks. That disturbs a request of some microseconds far less than noting each call would.

Another thread cannot look as well: it gets its turn when the request lets go of Python's lock, so that it mostly sees
requests where they wait. Of an async view that took a fifth of its request it found a thousandth.
"""

from __future__ import annotations

import io
import random
import signal
import threading
import typing as t
from dataclasses import dataclass
from time import perf_counter

if t.TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, FrameType

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

#: What was being run, from the outside in.
Stack = tuple["CodeType", ...]

#: The mean time between two looks, in seconds. It varies by half of that, so as not to keep step with the requests.
INTERVAL: t.Final = 0.001
_WARM_UP: t.Final = 0.1


@dataclass
class Answer:
    """What a request was answered with."""

    status: str = ""
    headers: t.Sequence[tuple[str, str]] = ()
    #: The length of the body.
    length: int = 0
    #: What was raised out of the application instead.
    error: Exception | None = None

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> t.Any:
        """Take the start of the answer, as WSGI's ``start_response``."""
        self.status, self.headers = status, headers
        return self.write

    def write(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self.length += len(piece)


class RepeatedRequest:
    """A request that an application handles as often as it is told.

    :param app: the application.
    :param environ: the request; its body is read here.
    """

    def __init__(self, app: WSGIApplication, environ: WSGIEnvironment) -> None:
        self._app, self._environ = app, environ
        self._body = environ["wsgi.input"].read()

    def handle(self, errors: t.TextIO) -> tuple[Answer, float]:
        """Handle it once; gives the answer, and how long it took in seconds.

        :param errors: where the application writes of errors.
        """
        environ = {**self._environ, "wsgi.input": io.BytesIO(self._body), "wsgi.errors": errors}
        answer = Answer()
        began = perf_counter()
        try:
            send(call(self._app, environ, answer), answer)
        except Exception as error:
            answer.error = error
        return answer, perf_counter() - began


def call(app: WSGIApplication, environ: WSGIEnvironment, answer: Answer) -> Iterable[bytes]:
    """Have the application make the answer; gives the body."""
    return app(environ, answer)


def send(body: Iterable[bytes], answer: Answer) -> None:
    """Take the body as a server does that sends it."""
    try:
        for piece in body:
            answer.write(piece)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()


_BETWEEN_SHOWS: t.Final = 0.2

#: Where a request's stack begins.
ROOTS: t.Final = frozenset({call.__code__, send.__code__})


@dataclass
class Run:
    """How long requests took, in seconds."""

    count: int = 0
    total: float = 0.0
    fastest: float = float("inf")

    @property
    def mean(self) -> float:
        """How long one took on average."""
        return self.total / self.count

    def note(self, duration: float) -> None:
        """Note one request."""
        self.count += 1
        self.total += duration
        self.fastest = min(self.fastest, duration)


def run(
    request: RepeatedRequest,
    number: int | None,
    seconds: float,
    errors: t.TextIO,
    show: t.Callable[[float], object] | None = None,
) -> Run:
    """Handle a request a number of times, or, without one, for some seconds; but once in any case.

    :param show: told now and then, between two requests, how much of it is done: 0 to 1.
    """
    done = Run()
    begin = shown = perf_counter()
    share = 0.0
    while share < 1:
        done.note(request.handle(errors)[1])
        now = perf_counter()
        share = done.count / number if number is not None else (now - begin) / seconds
        if show is not None and now - shown > _BETWEEN_SHOWS:
            show(share)
            shown = now
    return done


def warm_up(request: RepeatedRequest, errors: t.TextIO) -> None:
    """Let the application do what only its first requests have to do."""
    run(request, None, _WARM_UP, errors)


class Sampler:
    """Looks where this thread is, while its ``with`` body runs. It must be the main thread, which gets the signals."""

    def __init__(self) -> None:
        #: How long each stack was seen, in seconds: with each look the time since the last one, which is long where
        #: code that is not Python's has let nobody look.
        self.stacks: dict[Stack, float] = {}
        #: How many looks found a request.
        self.looks: int = 0
        self._last = 0.0
        self._is_over = False

    def __enter__(self) -> t.Self:
        self._handler = signal.signal(signal.SIGALRM, self._look)
        self._last = perf_counter()
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True  # a look that is due now must not set the timer again
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._handler)

    def _wait(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, INTERVAL * random.uniform(0.5, 1.5))

    def _look(self, number: int, frame: FrameType | None) -> None:
        if self._is_over:
            return
        elapsed = perf_counter() - self._last
        stack = stack_of(frame)
        if stack is not None:
            self.looks += 1
            self.stacks[stack] = self.stacks.get(stack, 0.0) + elapsed
        self._last = perf_counter()  # the look itself is no part of the request
        self._wait()


def can_look() -> bool:
    """Whether there are the signals here that it takes."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def stack_of(frame: FrameType | None) -> Stack | None:
    """What runs in a thread, from where the request begins; None between two requests."""
    codes = []
    while frame is not None:
        codes.append(frame.f_code)
        if frame.f_code in ROOTS:
            return tuple(reversed(codes))
        frame = frame.f_back
    return None
