"""``flask profile``: where the time of a request goes."""

from __future__ import annotations

import os
import re
import sys
import traceback
import typing as t
from contextlib import redirect_stderr, redirect_stdout
from contextvars import Context
from pathlib import Path

import click

from . import flames, sampling
from .group import ScriptInfo, pass_script_info
from .parts import PARTS, REST, WITHIN, Attribution, is_template

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.exceptions import HTTPException

    from ..app import Flask
    from .sampling import Answer, Run, Stack

#: A part's functions that are listed: the others are too fast to be of interest.
_LISTED: t.Final = 5
_SMALLEST: t.Final = 0.005


class RequestLine(t.NamedTuple):
    """What is asked for."""

    method: str | None
    target: str


def read_request_line(words: tuple[str, ...]) -> RequestLine:
    """Read ``GET /users/7``, or the path alone.

    :raises click.BadArgumentUsage: if it is neither.
    """
    line = " ".join(words)
    found = re.fullmatch(r"(?:([A-Za-z]+) +)?((?:https?://[^/\s]+)?/\S*)", line.strip())
    if found is None:
        raise click.BadArgumentUsage(
            f"{line!r} is no request. Write a method and a path, like 'GET /users/7', or only the path, which begins"
            " with a slash. A blank in it is written %20."
        )
    return RequestLine(found[1].upper() if found[1] else None, found[2])


def _read_data(ctx: click.Context, param: click.Parameter, value: str | None) -> bytes | None:
    """The body: the text itself, or what the file holds that is named behind an ``@``."""
    if value is None or not value.startswith("@"):
        return value.encode() if value is not None else None
    try:
        return Path(value[1:]).read_bytes()
    except OSError as error:
        raise click.BadParameter(f"The file {value[1:]!r} cannot be read: {error.strerror}.", ctx, param) from None


def _read_headers(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    headers = []
    for value in values:
        name, colon, text = value.partition(":")
        if not colon or not name.strip():
            raise click.BadParameter(f"{value!r} is no header. Write it like 'Accept: text/html'.", ctx, param)
        headers.append((name.strip(), text.strip()))
    return headers


def _read_output(ctx: click.Context, param: click.Parameter, value: str) -> Path:
    path = Path(value)
    if path.suffix not in (".svg", ".json"):
        raise click.BadParameter(
            f"{value!r} ends in neither .svg, for an image, nor .json, for https://www.speedscope.app.", ctx, param
        )
    if not path.absolute().parent.is_dir():
        raise click.BadParameter(f"There is no folder {str(path.parent)!r}.", ctx, param)
    return path


@click.command("profile", short_help="Show where the time of a request goes.")
@click.argument("request", nargs=-1, required=True, metavar="[METHOD] PATH")
@click.option("--number", "-n", type=click.IntRange(1), help="How many requests each of the two runs makes.")
@click.option(
    "--seconds",
    "-s",
    type=click.FloatRange(0, min_open=True),
    default=2.0,
    help="How long each of the two runs takes, without --number. 2 by default.",
)
@click.option(
    "--header", "-H", "headers", multiple=True, callback=_read_headers, help="A header, like 'Cookie: a=b'. Repeatable."
)
@click.option("--data", "-d", callback=_read_data, help="The body: a form like 'a=1&b=2', or @FILE.")
@click.option("--json", "-j", "json_data", callback=_read_data, help="The body: JSON, or @FILE.")
@click.option(
    "--output",
    "-o",
    default="flask-profile.svg",
    callback=_read_output,
    metavar="FILE",
    help="The flame graph: an image (.svg), or a file for speedscope (.json). flask-profile.svg by default.",
)
@pass_script_info
def profile_command(
    info: ScriptInfo,
    request: tuple[str, ...],
    number: int | None,
    seconds: float,
    headers: list[tuple[str, str]],
    data: bytes | None,
    json_data: bytes | None,
    output: Path,
) -> None:
    """Handle a request many times, and show where the time goes: routing, hooks, view, template, session, response.

    The request is really handled, in this process, from the first to the last time: what it changes in a database, it
    changes that often.

    A first run only measures how long the request takes. A second one looks about once in a millisecond what is being
    done. Each part's time is its share of the looks, of what the request took on average in the first run.
    """
    line = read_request_line(request)
    if data is not None and json_data is not None:
        raise click.UsageError("A request has one body: give --data or --json.")
    if not sampling.can_look():
        raise click.ClickException(
            "This needs signals to look at the request with. They are there in the main thread, and not on Windows."
        )
    app = info.load_app()
    environ = _environ_of(app, line, headers, data, json_data)
    # The commands of an application run in its context. A request of a server does not.
    Context().run(_profile, app, environ, number, seconds, output)


def _environ_of(
    app: Flask, line: RequestLine, headers: list[tuple[str, str]], data: bytes | None, json_data: bytes | None
) -> WSGIEnvironment:
    from ..testing import EnvironBuilder

    body = data if json_data is None else json_data
    content_type = None
    if body is not None and not any(name.lower() == "content-type" for name, _ in headers):
        content_type = "application/json" if data is None else "application/x-www-form-urlencoded"
    builder = EnvironBuilder(
        app,
        line.target,
        method=line.method or ("GET" if body is None else "POST"),
        headers=headers,
        data=body,
        content_type=content_type,
    )
    try:
        return builder.get_environ()
    finally:
        builder.close()


def _profile(app: Flask, environ: WSGIEnvironment, number: int | None, seconds: float, output: Path) -> None:
    request = sampling.RepeatedRequest(app, environ)
    title = f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}"
    answer, _ = request.handle(sys.stderr)
    _show_answer(app, environ, title, answer)
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        sampling.warm_up(request, nowhere)
        plain = sampling.run(request, number, seconds, nowhere)
        with sampling.Sampler() as sampler:
            watched = sampling.run(request, number, seconds, nowhere)
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
