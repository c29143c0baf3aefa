"""What ``flask profile`` shows: the answer, how long it took, and which part of the request how much of that."""

from __future__ import annotations

import os
import sys
import traceback
import typing as t
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import click

from . import flames, sampling
from .parts import PARTS, REST, WITHIN, Attribution, is_template

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.exceptions import HTTPException

    from ..app import Flask
    from .sampling import Answer, Run, Stack

#: How many functions of a part are listed, and how much of the time is enough for that.
_LISTED: t.Final = 5
_SMALLEST: t.Final = 0.005


def profile(app: Flask, environ: WSGIEnvironment, number: int | None, seconds: float, output: Path) -> None:
    """Handle a request in two runs, show where the time goes, and write the flame graph.

    :param environ: the request.
    :param number: how many requests each of the runs makes.
    :param seconds: how long each of them takes, without a number.
    :param output: the file of the flame graph.
    :raises click.ClickException: if nobody could look.
    """
    if not sampling.can_look():
        raise click.ClickException(
            "This needs signals to look at the request with. They are there in the main thread, and not on Windows."
        )
    request = sampling.RepeatedRequest(app, environ)
    title = f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}"
    answer, _ = request.handle(sys.stderr)
    _show_answer(app, environ, title, answer)
    with _progress() as show, open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        sampling.warm_up(request, nowhere)
        plain = sampling.run(request, number, seconds, nowhere, lambda share: show(share / 2))
        with sampling.Sampler() as sampler:
            watched = sampling.run(request, number, seconds, nowhere, lambda share: show(0.5 + share / 2))
    _show_runs(plain, watched, sampler.looks)
    if not sampler.stacks:
        raise click.ClickException(
            "The second run was over before anybody could look. Leave --number away, or make it greater."
        )
    _show_parts(app, sampler.stacks, plain.mean)
    if output.suffix == ".svg":
        graph = flames.draw(sampler.stacks, f"{title}   {_duration(plain.mean)}", plain.mean)
    else:
        graph = flames.to_speedscope(sampler.stacks, title)
    output.write_text(graph, encoding="utf-8")
    click.echo(f"\nFlame graph: {output}")


@contextmanager
def _progress() -> Iterator[Callable[[float], object]]:
    """A bar on the terminal, if there is one, and what moves it: a function of how much of the work is done."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    with click.progressbar(length=100, label="Handling", file=sys.stderr) as bar:
        yield lambda share: bar.update(int(100 * share) - bar.pos)


def _show_answer(app: Flask, environ: WSGIEnvironment, title: str, answer: Answer) -> None:
    """Show what is profiled, and what may be otherwise than meant."""
    endpoint, routing_error = _rule_of(app, environ)
    by = f", by {endpoint}" if endpoint else ""
    if answer.error is not None:
        click.echo(f"{title} → {type(answer.error).__name__}{by}\n")
        click.echo("".join(traceback.format_exception(answer.error)), err=True)
        _note("The application raises this exception instead of answering, as it does in debug mode and in tests.")
    else:
        click.echo(f"{title} → {answer.status}, {answer.length:,} bytes{by}\n")
        _note_status(answer, routing_error)
    if app.debug:
        _note("Debug mode is on, where requests take longer.")


def _rule_of(app: Flask, environ: WSGIEnvironment) -> tuple[str | None, HTTPException | None]:
    """The endpoint that the request is for, and the error of the routing."""
    try:
        ctx = app.request_context(dict(environ))
        ctx.match_request()
    except Exception:
        return None, None  # it is answered somehow, and that is shown
    return ctx.request.endpoint, ctx.request.routing_exception


def _note_status(answer: Answer, routing_error: HTTPException | None) -> None:
    status = int(answer.status[:3])
    headers = {name.lower(): value for name, value in answer.headers}
    if status == 404 and routing_error is not None:
        _note("No URL rule matches, so this profiles how the application says so. `flask routes` lists the rules.")
    elif status == 405 and routing_error is not None:
        allowed = ", ".join(sorted(headers.get("allow", "none").split(", ")))
        _note(f"The URL does not allow this method, but: {allowed}.")
    elif 300 <= status < 400 and "location" in headers:
        _note(f"This is a redirect to {headers['location']}, which is not followed.")
    elif status >= 500:
        _note("The request fails, so this profiles how it fails. The log tells why.")
    elif status >= 400:
        _note("The request is refused, so this profiles how it is refused.")


def _note(text: str) -> None:
    click.secho(f"Note: {text}", err=True, fg="yellow")


def _duration(seconds: float) -> str:
    """A duration as people read it."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.1f} µs"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _show_runs(plain: Run, watched: Run, looks: int) -> None:
    click.echo(f"{_duration(plain.mean)} on average, {_duration(plain.fastest)} at best, in {_requests(plain)}.")
    click.echo(
        f"Then looked at {looks:,} times in {_requests(watched)}, which took {_duration(watched.mean)} on average.\n"
        "The shares are of these looks, the times of the average before.\n"
    )


def _requests(run: Run) -> str:
    return f"{run.count:,} request{'s' if run.count != 1 else ''}"


def _show_parts(app: Flask, stacks: t.Mapping[Stack, float], mean: float) -> None:
    """The table: each part, its functions, and the sum of what is the program's own."""
    whole = sum(stacks.values())
    attribution = Attribution(app)
    shares = dict.fromkeys(PARTS, 0.0)
    functions: dict[tuple[t.Any, str], float] = {}
    for stack, seconds in stacks.items():
        found = attribution.find(stack)
        shares[found.part] += seconds / whole
        if found.function is not None and (found.part not in WITHIN or is_template(found.function)):
            key = found.part, flames.name_of(found.function)
            functions[key] = functions.get(key, 0.0) + seconds / whole
    _echo_row("Part", "Share", "Time")
    _echo_row("-" * 32, "------", "---------")
    for part, share in shares.items():
        if share or part is REST:
            _echo_row(part.name, f"{share:.1%}", _duration(share * mean), bold=part.is_yours)
        own = sorted((one for one in functions.items() if one[0][0] is part), key=lambda one: -one[1])
        for (_, name), function_share in own[:_LISTED]:
            if function_share >= _SMALLEST:
                _echo_row(f"  {name}", f"{function_share:.1%}", _duration(function_share * mean))
    yours = sum(share for part, share in shares.items() if part.is_yours)
    click.echo()
    _echo_row("yours", f"{yours:.1%}", _duration(yours * mean), bold=True)
    _echo_row("the framework's", f"{1 - yours:.1%}", _duration((1 - yours) * mean))


def _echo_row(name: str, share: str, time: str, bold: bool = False) -> None:
    # Names of functions may be long. The figures come first, so that they stand below each other.
    click.secho(f"{share:>6}  {time:>9}  {name}", bold=bold)
