"""``flask profile``: where the time of a request goes."""

from __future__ import annotations

import re
import typing as t
from contextvars import Context
from pathlib import Path

import click

from .group import ScriptInfo, pass_script_info

if t.TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..app import Flask


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
    from .report import profile

    line = read_request_line(request)
    if data is not None and json_data is not None:
        raise click.UsageError("A request has one body: give --data or --json.")
    app = info.load_app()
    environ = _environ_of(app, line, headers, data, json_data)
    # The commands of an application run in its context. A request of a server does not.
    Context().run(profile, app, environ, number, seconds, output)


def _environ_of(
    app: Flask, line: RequestLine, headers: list[tuple[str, str]], data: bytes | None, json_data: bytes | None
) -> WSGIEnvironment:
    from .requests import environ_of

    body = data if json_data is None else json_data
    content_type = None
    if body is not None and not any(name.lower() == "content-type" for name, _ in headers):
        content_type = "application/json" if data is None else "application/x-www-form-urlencoded"
    method = line.method or ("GET" if body is None else "POST")
    return environ_of(app, line.target, method=method, headers=headers, data=body, content_type=content_type)
