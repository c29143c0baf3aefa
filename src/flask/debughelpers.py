"""Explanations for mistakes that are hard to see, given in debug mode or on request."""

from __future__ import annotations

import typing as t

from . import _activation, eras

if t.TYPE_CHECKING:
    from jinja2 import BaseLoader
    from werkzeug.routing import RequestRedirect

    from .sansio.app import App
    from .wrappers import Request


class UnexpectedUnicodeError(AssertionError, UnicodeError):
    """Raised where text came where only bytes make sense, with a better explanation than Python's.

    .. versionadded:: 0.8
    """


class DebugFilesKeyError(KeyError, AssertionError):
    """Raised in debug mode for a file that a form did not transmit because of its encoding.

    :param request: the request.
    :param key: the name of the file's field.

    .. versionadded:: 0.8
    """

    def __init__(self, request: Request, key: str) -> None:
        names = request.form.getlist(key)
        text = (
            f"The file {key!r} was looked for in request.files and is not there. The form was sent as"
            f" {request.mimetype!r} instead of 'multipart/form-data', which means that no file contents were"
            ' transmitted. Write enctype="multipart/form-data" into the <form> tag.'
        )
        if names:
            quote = (lambda name: f'"{name}"') if eras.is_old("form_files_quotes") else repr
            submitted = ", ".join(quote(name) for name in names)
            text += f"\n\nThe browser sent the names of the files only. This was submitted: {submitted}"
        self.msg = text
        super().__init__(text)

    def __str__(self) -> str:
        return self.msg


class FormDataRoutingRedirect(AssertionError):
    """Raised in debug mode where a redirect by the routing would lose the body of the request.

    :param request: the request.

    .. versionadded:: 0.7
    """

    def __init__(self, request: Request) -> None:
        redirect = t.cast("RequestRedirect", request.routing_exception)
        text = (
            f"A request with a body was sent to {request.url!r}, and the routing redirects it to {redirect.new_url!r},"
            " where it would arrive without the body."
        )
        if redirect.new_url.partition("?")[0] == request.base_url + "/":
            text += " The URL rule ends with a slash; without the slash a URL is redirected to the one with it."
        text += (
            f" Make sure to directly send your {request.method}-request to this URL, since browsers and HTTP clients"
            " cannot be made to repeat it there reliably. This exception is raised in debug mode only."
        )
        super().__init__(text)


def attach_enctype_error_multidict(request: Request) -> None:
    """Have ``request.files`` explain a missing file in a form that was not sent as multipart.

    :param request: the request, whose form was parsed.
    """
    kind = type(request.files)

    class ExplainingFiles(kind):  # type: ignore[valid-type, misc]  # the class that the request uses, whichever that is
        def __getitem__(self, key: str) -> t.Any:
            try:
                return super().__getitem__(key)
            except KeyError as error:
                if key not in request.form:
                    raise
                raise DebugFilesKeyError(request, key).with_traceback(error.__traceback__) from None

    ExplainingFiles.__name__, ExplainingFiles.__module__ = kind.__name__, kind.__module__
    request.files.__class__ = ExplainingFiles


def _describe_loader(loader: BaseLoader) -> t.Iterator[str]:
    """The class of a template loader and what it is configured with, a line each."""
    yield f"class: {type(loader).__module__}.{type(loader).__name__}"
    for key, value in sorted(loader.__dict__.items()):
        if key.startswith("_"):
            continue
        if isinstance(value, (tuple, list)):
            if all(isinstance(item, str) for item in value):
                yield f"{key}:"
                yield from (f"  - {item}" for item in value)
        elif isinstance(value, (str, int, float, bool)):
            yield f"{key}: {value!r}"


def explain_template_loading_attempts(
    app: App, template: str, attempts: list[tuple[BaseLoader, t.Any, tuple[str, str | None, t.Any] | None]]
) -> None:
    """Log where a template was looked for, and what was found there.

    :param app: the application.
    :param template: the name of the template.
    :param attempts: each loader that was asked, the application or blueprint it belongs to, and what it answered.
    """
    lines = [f"Locating the template {template!r}:"]
    found = 0
    for number, (loader, owner, answer) in enumerate(attempts, start=1):
        kind = "blueprint" if hasattr(owner, "register") else "application"
        lines.append(f"{number:5}: trying the loader of the {kind} {owner.name!r} ({owner.import_name})")
        lines.extend(f"       {line}" for line in _describe_loader(loader))
        if answer is None:
            lines.append("       -> no match")
        else:
            found += 1
            lines.append(f"       -> found ({answer[1] or '<string>'!r})")
    if found == 0:
        lines.append("Error: the template could not be found.")
    elif found > 1:
        lines.append("Warning: several loaders have a template of this name; the first is used.")
    ctx = _activation.request_context()
    blueprint = ctx.request.blueprint if ctx is not None else None
    if blueprint is not None and found != 1:
        lines.append(
            f"  The template was looked for from an endpoint of the blueprint {blueprint!r}."
            " Maybe it was not placed in the right folder, or the blueprint has no template_folder."
        )
    app.logger.info("\n".join(lines))
