"""Why a server cannot start to listen: the thing, the cause, the remedy."""

from __future__ import annotations

import errno
import socket
import typing as t
from contextlib import contextmanager

import click

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from .parameters import Certificate


@contextmanager
def explained(host: str, port: int, certificate: Certificate | None) -> Iterator[None]:
    """Explain in sentences why the server that is started within cannot listen.

    :raises click.ClickException: in place of the error, or of the end that Werkzeug makes after a word of the system's.
    """
    try:
        yield
    except SystemExit as end:
        cause = end.__context__
        if end.code != 1 or not isinstance(cause, OSError) or cause.errno == errno.EADDRINUSE:  # that one it explains
            raise
        raise click.ClickException(_explain(cause, host, port)) from None
    except OSError as error:
        if not isinstance(certificate, tuple) or type(error).__module__ != "ssl":
            raise
        raise click.ClickException(
            f"{certificate[0]!r} and {certificate[1]!r} are not a certificate and its private key ({error}). Give"
            " '--cert' and '--key' two that belong together, in the format PEM."
        ) from None


def _explain(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror):
        return (
            f"The host {host!r} is not known. '--host' takes an address of this machine or a name of it, such as"
            " 127.0.0.1 or localhost, or 0.0.0.0 for all addresses; a port is given by '--port'."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            f"{host!r} is not an address of this machine, so nothing can listen there. Give '--host' one that is, such"
            " as 127.0.0.1, or 0.0.0.0 for all addresses."
        )
    if error.errno == errno.EACCES and not host.startswith("unix://"):
        return (
            f"Nothing of yours may listen at port {port}: ports below 1024 are for the administrator, as a rule. Give"
            " '--port' a higher one, such as 5000."
        )
    return f"The server cannot listen at {host!r}: {error.strerror}. Give '--host' another place."
