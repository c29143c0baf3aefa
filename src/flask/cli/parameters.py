"""What options of the commands take: a file, a port, a host, a certificate, several paths in one, a request."""

from __future__ import annotations

import importlib
import os
import re
import stat
import typing as t
from urllib.parse import urlsplit

import click
from werkzeug.utils import ImportStringError, import_string

from .._tracebacks import own_traceback
from .failures import format_own

try:
    import ssl
except ImportError:  # Python can be built without it
    ssl = None  # type: ignore[assignment]

#: What the server takes: the word, the files of certificate and key, or a context that the program made.
Certificate = t.Union[t.Literal["adhoc"], tuple[str, str | None], "ssl.SSLContext"]


if t.TYPE_CHECKING:
    ParamType = click.ParamType[t.Any]
else:
    ParamType = click.ParamType  # not generic in every click that will do


class FileType(click.Path):
    """A file that is there."""

    def __init__(self, resolve_path: bool = False) -> None:
        super().__init__(exists=True, dir_okay=False, resolve_path=resolve_path)

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> t.Any:
        """Look at the file.

        :raises click.BadParameter: if it is not there, with the folder that it was looked for in.
        """
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            if os.path.isabs(value) or os.path.exists(value):
                raise
            self.fail(f"{error.message} Its path starts at the current directory, {os.getcwd()!r}.", param, ctx)


class PortType(click.IntRange):
    """The number of a port to listen at."""

    def __init__(self) -> None:
        super().__init__(0, 65535)

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> t.Any:
        """Turn the option's text into the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no port. Give a number from 0 to 65535; 0 is any that is free.", param, ctx)


class HostType(ParamType):
    """A name or an address to listen at; or, behind ``unix://``, the path of a socket."""

    name = "text"

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> t.Any:
        """Look at the path of a socket: whatever is there is deleted by the server, which makes a new one."""
        path = os.path.abspath(value.removeprefix("unix://"))
        if value.startswith("unix://") and os.path.exists(path) and not stat.S_ISSOCK(os.stat(path).st_mode):
            self.fail(f"{path!r} is there already, and is no socket. Give the path of a new one.", param, ctx)
        return value


class CertParamType(ParamType):
    """The value of ``--cert``: a file, the word ``adhoc``, or the import path of an :class:`ssl.SSLContext`.

    .. versionadded:: 1.0
    """

    name = "path"

    def __init__(self) -> None:
        self.path_type: click.Path = FileType(resolve_path=True)

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> t.Any:
        """Turn the option's text into what the server takes.

        :raises click.BadParameter: if it is nothing of the above, or cannot be used here.
        """
        if ssl is None:
            raise click.BadParameter("HTTPS needs the module 'ssl', which this Python was built without.", ctx, param)
        try:
            return self.path_type(value, param, ctx)
        except click.BadParameter as error:
            no_file = error.message
        if value == "adhoc":
            return self._check_adhoc(param, ctx)
        context = self._import(value, param, ctx)
        if isinstance(context, ssl.SSLContext):
            return context
        raise click.BadParameter(f"{no_file} Nor is it 'adhoc', or the import path of an ssl.SSLContext.", ctx, param)

    def _import(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> object:
        if not all(name.isidentifier() for name in re.split("[.:]", value)):
            return None
        try:
            return import_string(value)
        except ImportStringError as error:
            cause = error.exception
            if own_traceback(cause.__traceback__) is None:  # there is no such module
                return None
            told = f"{value!r} could not be imported because an import in it failed:\n\n{format_own(cause)}"
            raise click.BadParameter(told, ctx, param) from None

    def _check_adhoc(self, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            importlib.import_module("cryptography")
        except ImportError:
            raise click.BadParameter(
                "A certificate made for the occasion needs the library 'cryptography'. Install it with 'pip"
                " install cryptography', or name the file of a certificate.",
                ctx,
                param,
            )
        return "adhoc"


def combine_certificate(cert: t.Any, key: str | None, ctx: click.Context | None = None) -> Certificate | None:
    """Bring together what ``--cert`` and ``--key`` say, as the server takes it.

    :param cert: what :class:`CertParamType` made of ``--cert``.
    :param key: the file of the private key.
    :param ctx: the context of the command, which an error shows the usage of.
    :raises click.BadParameter: if one of them lacks the other, or does not go with it.
    """
    is_file = isinstance(cert, str) and cert != "adhoc"
    if key is None:
        if is_file:
            raise click.BadParameter(
                "It is required when '--cert' names a file: the server needs the certificate's private key.",
                ctx,
                param_hint="'--key'",
            )
        return t.cast("Certificate | None", cert)
    if cert is None:
        raise click.BadParameter("It goes with a certificate: give '--cert' as well.", ctx, param_hint="'--key'")
    if not is_file:
        raise click.BadParameter(
            "It is not used when '--cert' is 'adhoc' or names an SSLContext, which have a key of their own."
            " Leave it out.",
            ctx,
            param_hint="'--key'",
        )
    return (cert, key)


class SeparatedPathType(click.Path):
    """Several paths in one text, separated as in ``PATH``: by ``:``, on Windows by ``;``.

    .. versionadded:: 1.1
    """

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> t.Any:
        """Turn the option's text into a list of paths, each checked like a single one."""
        return [super(SeparatedPathType, self).convert(path, param, ctx) for path in value.split(os.pathsep)]


class RequestLineType(ParamType):
    """A request as one writes it down: ``POST /users/7``, or the path or URL alone, which means GET."""

    name = "request"

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Take the text apart into method and URL.

        :raises click.BadParameter: if it is no request.
        """
        words = value.split()
        if len(words) == 3 and words[2].startswith("HTTP/"):
            del words[2]
        if len(words) == 1:
            words.insert(0, "GET")
        if len(words) != 2 or not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", words[0], re.ASCII):
            self.fail(f"{value!r} is no request. Write a method and a path, as in 'POST /users/7'.", param, ctx)
        method, url = words
        if not url.startswith("/") and not re.match("(https?|wss?)://", url, re.IGNORECASE):
            self.fail(f"{url!r} begins neither with a slash, as a path does, nor as 'https://' does.", param, ctx)
        try:
            _ = urlsplit(url).port  # read, since it is looked into only then
        except ValueError as error:
            self.fail(f"{url!r} is no URL: {error}.", param, ctx)
        return method.upper(), url
