"""What options of the commands take: a certificate, several paths in one, a request."""

from __future__ import annotations

import importlib
import os
import re
import typing as t
from urllib.parse import urlsplit

import click
from werkzeug.utils import import_string

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


class CertParamType(ParamType):
    """The value of ``--cert``: a file, the word ``adhoc``, or the import path of an :class:`ssl.SSLContext`.

    .. versionadded:: 1.0
    """

    name = "path"

    def __init__(self) -> None:
        self.path_type: click.Path = click.Path(exists=True, dir_okay=False, resolve_path=True)

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> t.Any:
        """Turn the option's text into what the server takes.

        :raises click.BadParameter: if it is nothing of the above, or cannot be used here.
        """
        if ssl is None:
            raise click.BadParameter("HTTPS needs the module 'ssl', which this Python was built without.", ctx, param)
        try:
            return self.path_type(value, param, ctx)
        except click.BadParameter:
            if value == "adhoc":
                return self._check_adhoc(param, ctx)
            context = import_string(value, silent=True)
            if isinstance(context, ssl.SSLContext):
                return context
            raise

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
            " Leave it away.",
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
        if not url.startswith("/") and not re.match(r"\w+://", url):
            self.fail(f"{url!r} begins neither with a slash, as a path does, nor as 'https://' does.", param, ctx)
        try:
            _ = urlsplit(url).port  # read, since it is looked into only then
        except ValueError as error:
            self.fail(f"{url!r} is no URL: {error}.", param, ctx)
        return method.upper(), url
