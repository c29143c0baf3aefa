"""For tests: a client that sends requests to an application, and a runner for its commands."""

from __future__ import annotations

import asyncio
import functools
import typing as t
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from copy import copy
from urllib.parse import urlsplit

import werkzeug.test
from click.testing import CliRunner, Result
from werkzeug.test import Client
from werkzeug.wrappers import Request as BaseRequest
from werkzeug.wsgi import get_current_url

from . import _activation, eras
from ._asgi_testing import ServedRequest
from ._awaiting import carry
from .ctx import AppContext, RequestContext
from .sessions import SessionMixin

if t.TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from types import TracebackType

    from _typeshed.wsgi import WSGIEnvironment
    from click import Command
    from werkzeug.datastructures import Headers
    from werkzeug.test import TestResponse

    from .app import Flask


class EnvironBuilder(werkzeug.test.EnvironBuilder):
    """Makes the WSGI environment of a request, with defaults of the application: its host, root and scheme.

    :param app: the application.
    :param path: the URL of the request, or its path.
    :param base_url: the URL that the path is relative to.
    :param subdomain: a subdomain of ``SERVER_NAME``.
    :param url_scheme: the scheme, instead of ``PREFERRED_URL_SCHEME``.
    :param args: further arguments of :class:`werkzeug.test.EnvironBuilder`.
    :param kwargs: further keyword arguments of it.

    .. versionadded:: 1.1
    """

    def __init__(
        self,
        app: Flask,
        path: str = "/",
        base_url: str | None = None,
        subdomain: str | None = None,
        url_scheme: str | None = None,
        *args: t.Any,
        **kwargs: t.Any,
    ) -> None:
        if base_url is not None and (subdomain or url_scheme):
            raise AssertionError(
                'Cannot pass "subdomain" or "url_scheme" with "base_url": the base URL already says both.'
            )
        if base_url is None:
            url = urlsplit(path)
            host = url.netloc or app.config["SERVER_NAME"] or "localhost"
            if subdomain and not url.netloc:
                host = f"{subdomain}.{host}"
            scheme = url.scheme or url_scheme or app.config["PREFERRED_URL_SCHEME"]
            base_url = f"{scheme}://{host}/{(app.config['APPLICATION_ROOT'] or '/').lstrip('/')}"
            if url.netloc:
                path = url.path + (f"?{url.query}" if url.query else "")
        #: The application.
        self.app = app
        super().__init__(path, base_url, *args, **kwargs)

    def json_dumps(self, obj: t.Any, **kwargs: t.Any) -> str:
        """Write the ``json`` of a request as the application would.

        :param obj: the object.
        """
        return self.app.json.dumps(obj, **kwargs)


def make_test_environ_builder(app: Flask, *args: t.Any, **kwargs: t.Any) -> EnvironBuilder:
    """Make an :class:`EnvironBuilder`, as programs before 1.1 did.

    :param app: the application.
    :param args: further arguments of the builder.
    :param kwargs: keyword arguments of it.
    """
    return EnvironBuilder(app, *args, **kwargs)


class CookiesDisabled(TypeError, RuntimeError):
    """Raised where a session is to be changed in a client that keeps no cookies: to Flask before 2.2 a RuntimeError."""


class FlaskClient(Client):
    """Werkzeug's test client, which knows of contexts and sessions.

    :param application: the application.
    :param response_wrapper: the class of the responses.
    :param use_cookies: whether it keeps cookies.
    :param allow_subdomain_redirects: whether it follows redirects to subdomains.
    :param protocol: the protocol that requests are sent by, ``"wsgi"`` or ``"asgi"``; by default as :attr:`protocol`
        has it.

    In a ``with`` body the context of a request stays until the next one, or the end of the body.

    >>> from flask import Flask, session
    >>> app = Flask("shop")
    >>> app.secret_key = "..."
    >>> @app.route("/")
    ... def index():
    ...     session["seen"] = True
    ...     return "Welcome!"
    >>> with app.test_client() as client:
    ...     client.get("/").text, session["seen"]
    ('Welcome!', True)
    """

    application: Flask

    #: The protocol that requests are sent by: ``"wsgi"``, or ``"asgi"``.
    #:
    #: .. versionadded:: 3.1.100
    protocol: str = "wsgi"

    _serving: AbstractEventLoop | None = None

    def __init__(
        self,
        application: t.Any,
        response_wrapper: type[t.Any] | None = None,
        use_cookies: bool = True,
        allow_subdomain_redirects: bool = False,
        protocol: str | None = None,
    ) -> None:
        super().__init__(application, response_wrapper, use_cookies, allow_subdomain_redirects)
        if protocol is not None:
            if protocol not in ("wsgi", "asgi"):
                raise ValueError(f"A client sends requests by 'wsgi' or 'asgi', and {protocol!r} is neither.")
            self.protocol = protocol
        #: Whether the context of a request is kept: in a ``with`` body.
        self.preserve_context: bool = False
        #: What the WSGI environment of each request begins with.
        self.environ_base: dict[str, t.Any] = {
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_USER_AGENT": f"Werkzeug/{_werkzeug_version()}",
        }
        self._new_contexts: list[AppContext | RequestContext] = []
        self._entered = ExitStack()

    @contextmanager
    def session_transaction(self, *args: t.Any, **kwargs: t.Any) -> t.Iterator[SessionMixin]:
        """Open the session of the client for changes, in a ``with`` body; at its end the session is saved.

        :param args: arguments of :meth:`flask.Flask.test_request_context`, since opening may depend on the request.
        :param kwargs: keyword arguments of it.

        >>> from flask import Flask, session
        >>> app = Flask("shop")
        >>> app.secret_key = "..."
        >>> @app.route("/")
        ... def index():
        ...     return str(session["value"])
        >>> client = app.test_client()
        >>> with client.session_transaction() as changed:
        ...     changed["value"] = 42
        >>> client.get("/").text
        '42'

        .. versionadded:: 0.8
        """
        if self._cookies is None:
            raise CookiesDisabled(
                "This client keeps no cookies, and sessions need them: it was made with use_cookies=False."
                " Make one with app.test_client()."
            )
        app = self.application
        ctx = app.test_request_context(*args, **kwargs)
        self._add_cookies_to_wsgi(ctx.request.environ)
        with ctx:
            session = app.open_session(ctx.request)
        if session is None:
            raise RuntimeError(
                "Session backend did not open a session. Check its configuration; the built-in one needs a secret key."
            )
        yield session
        if app.session_interface.is_null_session(session):
            return
        response = app.response_class()
        with ctx:
            app.save_session(session, response)
        self._update_cookies_from_response(
            ctx.request.host.partition(":")[0], ctx.request.path, response.headers.getlist("Set-Cookie")
        )

    def open(
        self,
        *args: t.Any,
        buffered: bool = False,
        follow_redirects: bool = False,
        **kwargs: t.Any,
    ) -> TestResponse:
        """Send a request.

        :param args: arguments of :class:`EnvironBuilder`; or one that is made already, or an environment, or a request.
        :param buffered: whether the body is read at once, and the response closed.
        :param follow_redirects: whether redirects are followed.
        :param kwargs: keyword arguments of :class:`EnvironBuilder`. What is made already has its own, the method
            too: there these count for nothing, and so ``client.get(builder)`` sends what the builder says.
        """
        self._leave()
        self._new_contexts.clear()
        request = self._request_of(args, kwargs)
        response = super().open(request, buffered=buffered, follow_redirects=follow_redirects)
        self._enter_new()
        response.json_module = self.application.json  # type: ignore[assignment]  # a provider does what the module does
        # The provider refers to its application weakly, and the response may outlive application and client.
        response.__dict__["application"] = self.application
        return response

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[t.Iterable[bytes], str, Headers]:
        """Have the application answer one request, by :attr:`protocol`; :meth:`open` does it.

        :param environ: the request.
        :param buffered: whether the body is read at once.
        """
        if self.protocol == "wsgi":
            return super().run_wsgi_app(environ, buffered)
        self._add_cookies_to_wsgi(environ)
        served = ServedRequest(self.application.asgi_app, environ, self._serving)
        url = urlsplit(get_current_url(environ))
        self._update_cookies_from_response(url.hostname or "localhost", url.path, served.headers.getlist("Set-Cookie"))
        body: t.Iterable[bytes] = list(served) if buffered else served
        return body, served.status, served.headers

    def _request_of(self, args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> BaseRequest:
        given = args[0] if args else None
        if isinstance(given, werkzeug.test.EnvironBuilder):
            builder = copy(given)
            builder.environ_base = self._prepared(builder.environ_base or {})
            return _request_by(builder)
        if isinstance(given, (dict, BaseRequest)):
            return BaseRequest(self._prepared(given if isinstance(given, dict) else given.environ))
        return self._request_from_builder_args(args, kwargs)

    def _request_from_builder_args(self, args: tuple[t.Any, ...], kwargs: dict[str, t.Any]) -> BaseRequest:
        """The request that these arguments of :class:`EnvironBuilder` describe, for Flask-SocketIO's client also."""
        kwargs["environ_base"] = self._prepared(kwargs.get("environ_base", {}))
        return _request_by(EnvironBuilder(self.application, *args, **kwargs))

    @property
    def _keeps_one_context(self) -> bool:
        """Whether the context of a request itself is kept, not ended and then entered again."""
        return eras.is_old("client_keeps_context")

    def _prepared(self, environ: t.Mapping[str, t.Any]) -> WSGIEnvironment:
        """The environment with the defaults of the client, and with the wish to keep the context if it has that."""
        environ = {**self.environ_base, **environ}
        if self._keeps_one_context:
            environ["flask._preserve_context"] = self.preserve_context
        elif self.preserve_context:
            environ["werkzeug.debug.preserve_context"] = self._new_contexts.append
        return environ

    def _enter_new(self) -> None:
        """Make the contexts of the request that was answered last active again."""
        contexts, self._new_contexts[:] = self._new_contexts[-2:], []
        for context in contexts:
            self._entered.enter_context(context)
            if isinstance(context, RequestContext):
                context.is_with_client = True

    def _leave(self, error: BaseException | None = None) -> None:
        """End what is kept of the last request."""
        self._entered.close()
        top: t.Any = _activation.request_context()
        if self._keeps_one_context and self.preserve_context and getattr(top, "preserved", False):
            top.pop(error)

    def __enter__(self) -> FlaskClient:
        if self.preserve_context:
            raise RuntimeError(
                "This client is in a `with` body already, and can be in one only. Leave it, or make another client."
            )
        self.preserve_context = True
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        try:
            self._leave(error)
        finally:
            self.preserve_context = False


def _request_by(builder: werkzeug.test.EnvironBuilder) -> BaseRequest:
    """The request that a builder makes, which is used up by it."""
    try:
        return builder.get_request()
    finally:
        builder.close()


class AsyncFlaskClient:
    """A test client for code that runs on an event loop. The application answers by ASGI, on the same loop, and each
    request is awaited. All else is as for the :class:`FlaskClient` behind it.

    :param client: the client that makes the requests.

    >>> import asyncio
    >>> from flask import Flask, request
    >>> app = Flask("shop")
    >>> @app.route("/")
    ... async def index():
    ...     return "Welcome!"
    >>> async def test():
    ...     async with app.async_test_client() as client:
    ...         response = await client.get("/?tea=green")
    ...         return response.text, request.args["tea"]
    >>> asyncio.run(test())
    ('Welcome!', 'green')

    .. versionadded:: 3.1.100
    """

    def __init__(self, client: FlaskClient) -> None:
        #: The client that makes the requests.
        self.client = client

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self.client, name)

    async def open(self, *args: t.Any, **kwargs: t.Any) -> TestResponse:
        """Send a request, and read the whole answer.

        :param args: arguments of :meth:`FlaskClient.open`.
        :param kwargs: keyword arguments of it.
        """
        loop = self.client._serving = asyncio.get_running_loop()
        context = copy_context()
        # Werkzeug's client waits for each answer, and that comes on this loop: so it waits elsewhere.
        send = functools.partial(context.run, self.client.open, *args, **{"buffered": True, **kwargs})
        try:
            return await loop.run_in_executor(None, send)
        finally:
            carry(context)  # where the context of the request is kept, it is to be active here

    async def get(self, *args: t.Any, **kwargs: t.Any) -> TestResponse:
        """Send a request by GET; the arguments are those of :meth:`open`."""
        return await self.open(*args, **{**kwargs, "method": "GET"})

    async def post(self, *args: t.Any, **kwargs: t.Any) -> TestResponse:
        """Send a request by POST; the arguments are those of :meth:`open`."""
        return await self.open(*args, **{**kwargs, "method": "POST"})

    async def put(self, *args: t.Any, **kwargs: t.Any) -> TestResponse:
        """Send a request by PUT; the arguments are those of :meth:`open`."""
        return await self.open(*args, **{**kwargs, "method": "PUT"})

    async def patch(self, *args: t.Any, **kwargs: t.Any) -> TestResponse:
        """Send a request by PATCH; the arguments are those of :meth:`open`."""
        return await self.open(*args, **{**kwargs, "method": "PATCH"})

    async def delete(self, *args: t.Any, **kwargs: t.Any) -> TestResponse:
        """Send a request by DELETE; the arguments are those of :meth:`open`."""
        return await self.open(*args, **{**kwargs, "method": "DELETE"})

    async def head(self, *args: t.Any, **kwargs: t.Any) -> TestResponse:
        """Send a request by HEAD; the arguments are those of :meth:`open`."""
        return await self.open(*args, **{**kwargs, "method": "HEAD"})

    async def options(self, *args: t.Any, **kwargs: t.Any) -> TestResponse:
        """Send a request by OPTIONS; the arguments are those of :meth:`open`."""
        return await self.open(*args, **{**kwargs, "method": "OPTIONS"})

    async def __aenter__(self) -> t.Self:
        self.client.__enter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.client.__exit__(kind, error, tb)


class FlaskCliRunner(CliRunner):
    """Runs the commands of an application, in the test's own process.

    :param app: the application.
    :param kwargs: arguments of :class:`click.testing.CliRunner`.

    .. versionadded:: 1.0
    """

    def __init__(self, app: Flask, **kwargs: t.Any) -> None:
        #: The application.
        self.app = app
        super().__init__(**kwargs)

    def invoke(self, cli: Command | None = None, args: t.Any = None, **kwargs: t.Any) -> Result:  # type: ignore[override]  # the command is optional here
        """Run a command.

        :param cli: the command, by default the group of the application's commands.
        :param args: the arguments of the command line, a list.
        :param kwargs: further arguments of :meth:`click.testing.CliRunner.invoke`.
        """
        from .cli.group import ScriptInfo

        if cli is None:
            cli = self.app.cli
        kwargs.setdefault("obj", ScriptInfo(create_app=lambda: self.app))
        return super().invoke(cli, args, **kwargs)


def _werkzeug_version() -> str:
    from importlib.metadata import version

    return version("werkzeug")
