"""Functions for views: responses, URLs, files, flashed messages, streams."""

from __future__ import annotations

import functools
import io
import os
import re
import typing as t
import warnings
from datetime import datetime
from functools import lru_cache
from stat import S_ISREG
from urllib.parse import quote

import werkzeug.utils
from werkzeug.exceptions import NotFound
from werkzeug.exceptions import abort as _werkzeug_abort
from werkzeug.security import safe_join as _werkzeug_safe_join
from werkzeug.urls import iri_to_uri
from werkzeug.utils import redirect as _werkzeug_redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from . import _activation, eras
from ._awaiting import AsyncItems
from ._packages import find_package as find_package
from ._packages import get_root_path as get_root_path
from ._sending import FileState, known_path, remember, remember_path, send_known, state_of
from ._shortcuts import TAKEN
from .globals import app_ctx, current_app, request, request_ctx, session
from .signals import message_flashed

if t.TYPE_CHECKING:
    from .wrappers import Response

P = t.ParamSpec("P")


def get_debug_flag(default: bool | None = None) -> bool | None:
    """Whether the environment variable ``FLASK_DEBUG`` switches debug mode on; in an era before 2.3,
    ``FLASK_ENV=development`` does so as well.

    :param default: what counts if the variable is not set; False by default.
    """
    value = os.environ.get("FLASK_DEBUG")
    if not value:
        if default is None and eras.is_old("development_debugs"):
            return os.environ.get("FLASK_ENV") == "development"
        return bool(default)
    return value.lower() not in {"0", "false", "no"}


def get_load_dotenv(default: bool = True) -> bool:
    """Whether env files are loaded: not if ``FLASK_SKIP_DOTENV`` is set to something true.

    :param default: what counts if the variable is not set.
    """
    value = os.environ.get("FLASK_SKIP_DOTENV")
    if not value:
        return default
    return value.lower() in {"0", "false", "no"}


@t.overload
def stream_with_context(generator_or_function: t.Iterator[t.AnyStr]) -> t.Iterator[t.AnyStr]: ...


@t.overload
def stream_with_context(
    generator_or_function: t.Callable[P, t.Iterator[t.AnyStr]],
) -> t.Callable[P, t.Iterator[t.AnyStr]]: ...


def stream_with_context(generator_or_function: t.Any) -> t.Any:
    """Keep the request's context for a generator that makes the body of the response.

    The body is made when the view has returned already. With this, ``request``, ``session`` and ``g`` still work in the
    generator, and the teardown functions run when it is done: exhausted, closed, or dropped.

    :param generator_or_function: the generator; or a function that returns one, which is then decorated.
    :return: an iterator over the same items; or the decorated function.
    :raises RuntimeError: without an active request.

    >>> from flask import Flask, request, stream_with_context
    >>> app = Flask("shop")
    >>> @app.route("/stream")
    ... def stream():
    ...     @stream_with_context
    ...     def rows():
    ...         yield "Hello "
    ...         yield request.args["name"]
    ...     return rows()
    >>> app.test_client().get("/stream?name=Ada").text
    'Hello Ada'

    .. versionadded:: 0.9
    """
    if hasattr(generator_or_function, "__aiter__"):
        generator_or_function = AsyncItems(generator_or_function)
    try:
        items = iter(generator_or_function)
    except TypeError:

        @functools.wraps(generator_or_function)
        def decorated(*args: t.Any, **kwargs: t.Any) -> t.Any:
            return stream_with_context(generator_or_function(*args, **kwargs))

        return decorated
    ctx = _activation.request_context()
    if ctx is None:
        raise RuntimeError(
            "stream_with_context() keeps the context of the current request, and there is none: call it from a view."
        )
    return ctx.stream(items)


def make_response(*args: t.Any) -> Response:
    """Make a response of what a view might return, to set headers or cookies on it.

    :param args: none for an empty response; one for any return value of a view; several for such a tuple.
    :return: the response, an instance of the application's ``response_class``.

    >>> from flask import Flask, make_response
    >>> with Flask("shop").test_request_context():
    ...     response = make_response("not here", 404)
    >>> response.headers["X-Shelf"] = "sold out"
    >>> response.status
    '404 NOT FOUND'

    .. versionadded:: 0.6
    """
    if not args:
        return current_app.response_class()
    if len(args) == 1:
        args = args[0]
    return current_app.make_response(args)


def url_for(
    endpoint: str,
    *,
    _anchor: str | None = None,
    _method: str | None = None,
    _scheme: str | None = None,
    _external: bool | None = None,
    **values: t.Any,
) -> str:
    """Build the URL of an endpoint.

    :param endpoint: the endpoint. With a dot in front it is one of the blueprint that handles the request.
    :param _anchor: the part after ``#``.
    :param _method: the method that the URL is for, where rules of one endpoint differ by it.
    :param _scheme: the scheme of an external URL, such as ``https``.
    :param _external: whether the URL is absolute; by default only without a request.
    :param values: values for the variable parts of the rule. Others become the query string; those that are None are
        left out.
    :return: the URL.
    :raises werkzeug.routing.BuildError: if there is no such endpoint, or a value is missing.

    >>> from flask import Flask, url_for
    >>> app = Flask("shop")
    >>> @app.route("/user/<name>")
    ... def profile(name):
    ...     return name
    >>> with app.test_request_context():
    ...     url_for("profile", name="Ada", page=2), url_for("profile", name="Ada", _external=True)
    ('/user/Ada?page=2', 'http://localhost/user/Ada')

    .. versionchanged:: 0.9
        The parameters ``_anchor`` and ``_method``.
    .. versionchanged:: 0.10
        The parameter ``_scheme``.
    .. versionchanged:: 2.2
        Calls :meth:`flask.Flask.url_for`, which may be overridden.
    """
    app = _activation.app() or current_app  # which tells that there is none
    return app.url_for(
        endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
    )


def redirect(location: str, code: int = 302, Response: type[WerkzeugResponse] | None = None) -> WerkzeugResponse:  # noqa: N803
    """Make a response that sends the client to another URL.

    :param location: the URL; text outside of ASCII is encoded.
    :param code: the status: 301, 302, 303, 305, 307 or 308.
    :param Response: the class of the response; by default the application's ``response_class``.

    >>> from flask import redirect
    >>> redirect("/login").headers["Location"]
    '/login'

    .. versionchanged:: 0.6
        The location may hold text outside of ASCII.
    .. versionchanged:: 2.2
        Calls :meth:`flask.Flask.redirect`, which may be overridden.
    """
    if Response is None:
        app = _activation.app()
        if app is not None:
            return app.redirect(location, code=code)
    return _werkzeug_redirect(writable_url(location), code=code, Response=Response)


#: A path on the same host, or an http(s) URL, in which there is nothing that iri_to_uri() would write in another way.
_plain_url: t.Final = re.compile(
    r"(?:https?://[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63})*(?::[1-9][0-9]{0,3})?)?"
    r"/(?:[\w.\-~%!$&'()*+,:;=@][\w.\-~%!$&'()*+,/:;=@]*)?"
    r"(?:\?[\w.\-~%!$&'()*+,/:;=?@]+)?"
    r"(?:\#[\w.\-~%!\#$&'()*+,/:;=?@]+)?",
    re.ASCII,
)


def is_plain_url(url: str) -> bool:
    """Whether a URL certainly is written as it is to be sent, so that it need not be taken apart to see that."""
    return _plain_url.fullmatch(url) is not None


def writable_url(location: str) -> str:
    """A URL as it is, or, if it cannot be written into a header as one, with what is in the way percent-encoded.

    Where to redirect to is often taken from the request, and what a client can send there is not an error of the view.
    """
    location = str(location)  # or an object that stands for one: a URL, a text translated late
    if not location.isprintable():
        location = quote(location, safe="%!#$&'()*+,/:;=?@[]~", errors="replace")
    if "//" in location and not (TAKEN and is_plain_url(location)):
        try:
            iri_to_uri(location)
        except ValueError:  # there can be no such host, so it is no more than a name
            return quote(location, safe="")
    return location


def abort(code: int | WerkzeugResponse, *args: t.Any, **kwargs: t.Any) -> t.NoReturn:
    """End the handling of the request with an HTTP error.

    :param code: the status of the error; or a response, to be sent as it is.
    :param args: arguments for the exception, such as a description.
    :param kwargs: keyword arguments for it.
    :raises werkzeug.exceptions.HTTPException: the exception for the code.
    :raises LookupError: if there is none for it.

    >>> from flask import abort
    >>> abort(404)
    Traceback (most recent call last):
    werkzeug.exceptions.NotFound: 404 Not Found: ...

    .. versionchanged:: 2.2
        Calls ``current_app.aborter``, which may be replaced.
    """
    app = _activation.app()
    if app is not None:
        app.aborter(code, *args, **kwargs)
    _werkzeug_abort(code, *args, **kwargs)


def get_template_attribute(template_name: str, attribute: str) -> t.Any:
    """Take a macro, or a variable, out of a template, to use it in Python.

    :param template_name: the name of the template.
    :param attribute: the name of the macro or variable in it.

    >>> from flask import Flask, get_template_attribute
    >>> from jinja2 import DictLoader
    >>> app = Flask("shop")
    >>> app.jinja_loader = DictLoader({"_price.html": "{% macro price(cents) %}{{ cents / 100 }} EUR{% endmacro %}"})
    >>> with app.app_context():
    ...     price = get_template_attribute("_price.html", "price")
    ...     str(price(250))
    '2.5 EUR'

    .. versionadded:: 0.2
    """
    return getattr(current_app.jinja_env.get_template(template_name).module, attribute)


def flash(message: str, category: str = "message") -> None:
    """Keep a message for the next page that shows messages, by :func:`get_flashed_messages`.

    :param message: the message.
    :param category: what kind it is, any text; usual are ``message``, ``error``, ``info`` and ``warning``.

    >>> from flask import Flask, flash, get_flashed_messages
    >>> app = Flask("shop")
    >>> app.secret_key = "..."
    >>> with app.test_request_context():
    ...     flash("You are logged in.", "info")
    ...     get_flashed_messages(with_categories=True)
    [('info', 'You are logged in.')]

    .. versionchanged:: 0.3
        The category parameter.
    """
    # A list that is changed in place would not be seen by sessions that note assignments only.
    flashes = session.get("_flashes", [])
    flashes.append((category, message))
    session["_flashes"] = flashes
    if message_flashed.receivers:
        app = app_ctx.app
        message_flashed.send(app, _async_wrapper=app.ensure_sync, message=message, category=category)


def get_flashed_messages(
    with_categories: bool = False, category_filter: t.Iterable[str] = ()
) -> list[str] | list[tuple[str, str]]:
    """Take the flashed messages out of the session. Within one request, further calls give the same messages.

    :param with_categories: give pairs ``(category, message)`` instead of messages.
    :param category_filter: give messages of these categories only.

    In a template::

        {% for category, message in get_flashed_messages(with_categories=true) %}
          <p class="flash-{{ category }}">{{ message }}</p>
        {% endfor %}

    .. versionchanged:: 0.3
        The with_categories parameter.
    .. versionchanged:: 0.9
        The category_filter parameter.
    """
    ctx = request_ctx
    flashes = ctx.flashes
    if flashes is None:
        ctx.flashes = flashes = session.pop("_flashes") if "_flashes" in session else []
    if category_filter:
        # Templates also name one category by its text alone, which a set would take apart.
        wanted = category_filter if isinstance(category_filter, str) else set(category_filter)
        flashes = [flash for flash in flashes if flash[0] in wanted]
    if with_categories:
        return list(flashes)
    return [flash[1] for flash in flashes]


@eras.positional(
    "file_argument_order",
    *("filename_or_fp", "mimetype", "as_attachment", "attachment_filename"),
    *("add_etags", "cache_timeout", "conditional", "last_modified"),
)
def send_file(
    path_or_file: str | os.PathLike[str] | t.BinaryIO | None = None,
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool | None = None,
    etag: bool | str = True,
    last_modified: datetime | int | float | None = None,
    max_age: int | t.Callable[[str | None], int | None] | None = None,
    *,
    filename_or_fp: str | os.PathLike[str] | t.BinaryIO | None = None,
    attachment_filename: str | None = None,
    add_etags: bool = True,
    cache_timeout: int | None = None,
) -> Response:
    """Send a file to the client, as fast as the server can: by its file wrapper, or by ``X-Sendfile``.

    Never pass a path that a user gave: :func:`send_from_directory` is made for that.

    :param path_or_file: the path of the file, relative to the application's root path; or a file object, opened in
        binary mode and placed at the start of what is to be sent.
    :param mimetype: the type of the file; by default it is guessed from the name.
    :param as_attachment: whether the browser shall offer to save the file.
    :param download_name: the name it offers, and the one the type is guessed from, if it differs from the file's.
    :param conditional: answer conditional requests by 304, and requests for a range by 206; on by default (since 1.0).
    :param etag: whether to send an entity tag, or the tag to send.
    :param last_modified: when the file was changed, in seconds since the epoch or as a datetime; the file's time by
        default.
    :param max_age: for how many seconds clients may keep the file without asking, or a function of the path that tells;
        by default ``SEND_FILE_MAX_AGE_DEFAULT`` (twelve hours before 2.0).
    :param filename_or_fp: the name of ``path_or_file`` before 2.0.
    :param attachment_filename: the name of ``download_name`` before 2.0.
    :param add_etags: the name of ``etag`` before 2.0.
    :param cache_timeout: the name of ``max_age`` before 2.0.

    >>> import io
    >>> from flask import Flask, send_file
    >>> app = Flask("shop")
    >>> @app.route("/report")
    ... def report():
    ...     return send_file(io.BytesIO(b"a,b"), download_name="report.csv", as_attachment=True)
    >>> response = app.test_client().get("/report")
    >>> response.headers["Content-Disposition"], response.data
    ('attachment; filename=report.csv', b'a,b')

    .. versionadded:: 0.2
    .. versionchanged:: 0.5
        The parameters for entity tags, caching, and conditional answers.
    .. versionchanged:: 0.7
        Guessing from a file object's name is deprecated; 0.12 removed it.
    .. versionchanged:: 2.0
        Names of parameters; clients ask again each time by default.
    """
    file = path_or_file if path_or_file is not None else filename_or_fp
    if file is None:
        raise TypeError("send_file() needs the path of a file, or a file object: none was given.")
    download_name = download_name if download_name is not None else attachment_filename
    etag = etag if add_etags else False
    if cache_timeout is not None and max_age is None:
        max_age = cache_timeout
    if not isinstance(file, (str, os.PathLike)):
        mimetype, etag = _settle_file_object(file, mimetype, download_name, etag)
    if conditional is None:
        conditional = _is_conditional()
    is_plain = mimetype is download_name is None and last_modified is None and not as_attachment
    app = _activation.app()
    if TAKEN and app is not None and is_plain and conditional is etag is True and file.__class__ is str:
        path = os.path.join(app.root_path, file)
        if os.path.isabs(path):
            return _send_plainly(path, state_of(path), max_age)
    return _send_by_werkzeug(
        file, max_age, mimetype=mimetype, as_attachment=as_attachment, download_name=download_name,
        conditional=conditional, etag=etag, last_modified=last_modified,
    )  # fmt: skip


def _is_conditional() -> bool:
    """Whether files answer conditional requests unless it is said otherwise."""
    return not eras.is_old("send_file_unconditional")


def _send_plainly(path: str, state: FileState | None, max_age: t.Any) -> Response:
    """Send a file of which no more is asked than for how long the client may keep it.

    :param path: the whole path.
    :param state: what the file is like.
    """
    app = _activation.app() or current_app
    if max_age is None:
        max_age = app.get_send_file_max_age(path)
    elif callable(max_age):
        max_age = max_age(path)
    if app.config["USE_X_SENDFILE"]:
        return _send_by_werkzeug(path, lambda _: max_age)
    environ = request.environ
    response = send_known(environ, app.response_class, path, state, max_age)
    if response is None:
        response = _send_by_werkzeug(path, lambda _: max_age)
        remember(path, state, max_age, response)
    return response


def _send_by_werkzeug(file: t.Any, max_age: t.Any, as_attachment: bool = False, **options: t.Any) -> Response:
    response: t.Any = werkzeug.utils.send_file(
        path_or_file=file,
        environ=request.environ,
        as_attachment=as_attachment,
        max_age=current_app.get_send_file_max_age if max_age is None else max_age,
        use_x_sendfile=current_app.config["USE_X_SENDFILE"],
        response_class=current_app.response_class,
        _root_path=current_app.root_path,
        **options,
    )
    if not as_attachment and eras.is_old("inline_files_unnamed"):
        response.headers.remove("Content-Disposition")
    return t.cast("Response", response)


def _settle_file_object(
    file: t.Any, mimetype: str | None, download_name: str | None, etag: bool | str
) -> tuple[str | None, bool | str]:
    """The type and tag for a file object, which has no path that Werkzeug could take them from."""
    if isinstance(file, io.TextIOBase):
        raise ValueError("send_file() takes files opened in binary mode, or BytesIO objects: this one gives text.")
    if not hasattr(file, "read"):
        raise TypeError(
            f"send_file() takes the path of a file or a file object, and an object of type {type(file).__name__!r} is"
            " neither. io.BytesIO() makes a file object of bytes."
        )
    name = getattr(file, "name", None)
    if eras.is_old("file_object_guessing") and isinstance(name, str):
        if mimetype is None and download_name is None:
            _warn_of_guessing("mimetype", "mimetype= or attachment_filename=")
            import mimetypes

            mimetype = mimetypes.guess_type(name)[0]
        if etag is True and os.path.isfile(name):
            _warn_of_guessing("etag", "a tag set on the response")
            stat = os.stat(name)
            return mimetype or "application/octet-stream", f"{stat.st_mtime}-{stat.st_size}"
    if mimetype is None and download_name is None:
        mimetype = "application/octet-stream"
    return mimetype, etag


def _warn_of_guessing(what: str, remedy: str) -> None:
    warnings.warn(
        f"The {what} was guessed from the name of a file object, which is deprecated since Flask 0.7."
        f" Give {remedy}, or the file's path instead of the object.",
        DeprecationWarning,
        stacklevel=5,
    )


@eras.positional("file_argument_order", "directory", "filename")
def send_from_directory(
    directory: str | os.PathLike[str],
    path: str | os.PathLike[str] | None = None,
    filename: str | None = None,
    **kwargs: t.Any,
) -> Response:
    """Send a file out of a directory, with a path that a user gave: it cannot lead out of the directory.

    :param directory: the directory, relative to the application's root path.
    :param path: the path of the file in it.
    :param filename: the name of ``path`` before 2.0.
    :param kwargs: further arguments for :func:`send_file`.
    :raises werkzeug.exceptions.NotFound: if there is no such file in the directory.

    A view for customers' invoices::

        @app.route("/invoices/<path:name>")
        def invoice(name):
            return send_from_directory(app.config["INVOICES"], name, as_attachment=True)

    .. versionadded:: 0.5
    .. versionchanged:: 2.0
        The parameter ``path`` was ``filename``.
    """
    name = path if path is not None else filename
    if name is None:
        raise TypeError("send_from_directory() needs the path of a file in the directory: none was given.")
    app = _activation.app() or current_app
    root, directory, name = app.root_path, os.fspath(directory), os.fspath(name)
    file = known = known_path(root, directory, name) if TAKEN else None
    if file is None:
        file = os.path.join(root, safe_join(directory, name))
    state = state_of(file)
    if state is None or not S_ISREG(state[2]):
        raise NotFound()
    if not TAKEN or not kwargs.keys() <= {"max_age"} or not _is_conditional():
        return send_file(file, **kwargs)
    if known is None:
        if not os.path.isabs(file):
            return send_file(file, **kwargs)
        remember_path(file, root, directory, name)
    return _send_plainly(file, state, kwargs.get("max_age"))


def safe_join(directory: str, filename: str = "", *pathnames: str) -> str:
    """Join a directory and a path that a user gave, which cannot lead out of it.

    :param directory: the directory.
    :param filename: the path in it.
    :param pathnames: further parts of the path.
    :return: the path.
    :raises werkzeug.exceptions.NotFound: if it would lead out of the directory.

    >>> from flask import safe_join
    >>> safe_join("/wiki", "python/flask.txt")
    '/wiki/python/flask.txt'
    >>> safe_join("/wiki", "../secret.txt")
    Traceback (most recent call last):
    werkzeug.exceptions.NotFound: 404 Not Found: ...

    .. versionchanged:: 2.1
        Removed in favor of Werkzeug's; kept here.
    """
    parts = [part for part in (filename, *pathnames) if part]
    joined = _werkzeug_safe_join(directory, *parts) if parts else directory
    # Werkzeug takes a part that is `..` alone for the name of a file.
    if joined is None or any(part == ".." or "\0" in part for part in parts):
        raise NotFound()
    return joined


def names_hold_dots() -> bool:
    """Whether a dot in a blueprint's name is a character like any other, as it was before 2.0."""
    return eras.is_old("blueprint_name_dots")


# Names come from endpoints, which the rules of the process's applications bound; the cache is bounded all the same.
@lru_cache(1024)
def blueprint_names(name: str) -> tuple[str, ...]:
    """A blueprint's name as registered, and the names of those it is nested in, innermost first.

    >>> from flask.helpers import blueprint_names
    >>> blueprint_names("admin.users")
    ('admin.users', 'admin')
    """
    if names_hold_dots():
        return (name,)
    names = [name]
    while "." in name:
        name = name.rpartition(".")[0]
        names.append(name)
    return tuple(names)
