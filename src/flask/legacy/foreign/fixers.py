"""``werkzeug.contrib.fixers``: middleware that puts right what servers and proxies get wrong."""

from __future__ import annotations

import typing as t
from urllib.parse import unquote

from werkzeug.datastructures import Headers
from werkzeug.middleware.proxy_fix import ProxyFix as CountingProxyFix

from .versions import LooseVersion

Application = t.Callable[..., t.Any]


class ProxyFix(CountingProxyFix):
    """Believes what proxies in front say about client, scheme and host.

    :param app: the application.
    :param num_proxies: how many there are.
    :param counts: how many are believed for each header, as today's class has it.
    """

    def __init__(self, app: Application, num_proxies: int | None = None, **counts: int) -> None:
        if num_proxies is not None:
            counts = {"x_for": num_proxies, "x_proto": num_proxies, "x_host": num_proxies, **counts}
        super().__init__(app, **counts)


class CGIRootFix:
    """Says what the application is mounted on where a server that speaks CGI does not.

    :param app: the application.
    :param app_root: what it is mounted on.
    """

    def __init__(self, app: Application, app_root: str = "/") -> None:
        self.app = app
        self.app_root: str = app_root.strip("/")

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> t.Any:
        environ["SCRIPT_NAME"] = self.app_root
        return self.app(environ, start_response)


class LighttpdCGIRootFix(CGIRootFix):
    """For lighttpd, which gives the first part of the path as what the application is mounted on."""

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> t.Any:
        # Since 1.4.28 it gives the path itself.
        name, _, version = environ.get("SERVER_SOFTWARE", "").partition("/")
        if name != "lighttpd" or LooseVersion(version.partition(" ")[0]) < "1.4.28":
            environ["PATH_INFO"] = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        return super().__call__(environ, start_response)


class PathInfoFromRequestUriFix:
    """Takes the path from the URI of the request, for servers that break the decoded one.

    :param app: the application.
    """

    def __init__(self, app: Application) -> None:
        self.app = app

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> t.Any:
        uri = next((environ[key] for key in ("REQUEST_URL", "REQUEST_URI", "UNENCODED_URL") if key in environ), None)
        if uri is not None:
            path = unquote(uri.partition("?")[0], "latin-1")
            root = unquote(environ.get("SCRIPT_NAME", ""), "latin-1")
            if path.startswith(root):
                environ["PATH_INFO"] = path[len(root) :]
        return self.app(environ, start_response)


class HeaderRewriterFix:
    """Removes headers from every response and adds others.

    :param app: the application.
    :param remove_headers: the names of those to remove.
    :param add_headers: those to add: pairs.
    """

    def __init__(
        self,
        app: Application,
        remove_headers: t.Iterable[str] | None = None,
        add_headers: t.Iterable[tuple[str, str]] | None = None,
    ) -> None:
        self.app = app
        self.remove_headers: set[str] = {name.lower() for name in remove_headers or ()}
        self.add_headers: list[tuple[str, str]] = list(add_headers or ())

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> t.Any:
        def start_rewritten(status: str, headers: list[tuple[str, str]], exc_info: t.Any = None) -> t.Any:
            kept = [(name, value) for name, value in headers if name.lower() not in self.remove_headers]
            return start_response(status, Headers([*kept, *self.add_headers]).to_wsgi_list(), exc_info)

        return self.app(environ, start_rewritten)


class InternetExplorerFix:
    """Leaves responses as they are: the browser that it was for is gone.

    :param app: the application.
    """

    def __init__(self, app: Application, fix_vary: bool = True, fix_attach: bool = True) -> None:
        self.app = app
        self.fix_vary = fix_vary
        self.fix_attach = fix_attach

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> t.Any:
        return self.app(environ, start_response)
