"""How a request finds its URL rule: Werkzeug's map, what its URL adapter is given, and when none is needed."""

from __future__ import annotations

import re
import typing as t

from werkzeug.datastructures import ImmutableDict
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed
from werkzeug.routing import Map as WerkzeugMap
from werkzeug.routing import MapAdapter, Rule, UnicodeConverter
from werkzeug.routing.matcher import StateMachineMatcher

from . import eras
from ._lookup import Lookup

if t.TYPE_CHECKING:
    from werkzeug.routing import RuleFactory

    from ._lookup import Found
    from .app import Flask
    from .wrappers import Request

#: What a query string has where a server takes anything, and the header of a redirect must not have.
_LINE_BREAKS: t.Final = re.compile(r"[\r\n]")
_STANDARD_PORTS = {"http": ":80", "ws": ":80", "https": ":443", "wss": ":443"}


class Map(WerkzeugMap):
    """Werkzeug's map of URL rules, in which the default converter may also be written ``<unicode:name>``."""

    default_converters = ImmutableDict({**WerkzeugMap.default_converters, "unicode": UnicodeConverter})

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        #: The quick way through the rules.
        self.lookup = Lookup(self)
        #: Hosts that a request of a class was routed for without objection: a shortcut need not look at them again.
        #: They are there as either protocol has them.
        self.accepted_hosts: set[tuple[str | bytes | None, type]] = set()

    def accept_host(self, request: Request) -> None:
        """Note that the host of a request can be routed for."""
        host = request.environ.get("HTTP_HOST")
        if host is not None:
            if len(self.accepted_hosts) >= _MOST_HOSTS:
                self.accepted_hosts.clear()
            self.accepted_hosts.add((host, request.__class__))
            if host.isascii():
                self.accepted_hosts.add((host.encode(), request.__class__))

    def add(self, rulefactory: RuleFactory) -> None:
        """Add a rule, or all rules of a factory.

        :param rulefactory: the rule or factory.
        """
        try:
            super().add(rulefactory)
        except (LookupError, SyntaxError, TypeError, ValueError) as error:
            if not isinstance(rulefactory, Rule):
                raise
            raise self._explain(rulefactory.rule, error) from error

    def _explain(self, rule: str, error: Exception) -> Exception:
        """An error about a rule that names the rule, and how to write it instead."""
        if isinstance(error, LookupError):
            converters = ", ".join(sorted(self.converters))
            return LookupError(
                f"The URL rule {rule!r} cannot be added, since {error}. There are: {converters}. Add another one to"
                " `app.url_map.converters` before the rules that use it."
            )
        kind = TypeError if isinstance(error, TypeError) else ValueError
        return kind(
            f"The URL rule {rule!r} cannot be added: {error}. A variable part is written <name>, <converter:name> or"
            " <converter(argument=value):name>, each with a name of its own, of ASCII letters, digits and `_`."
        )


_MOST_HOSTS: t.Final = 1000
#: No rule allows it.
_NO_METHOD: t.Final = "--"
_match_by_adapter: t.Final = MapAdapter.match
_match_by_matcher: t.Final = StateMachineMatcher.match


def find_rule(app: Flask, request: Request, method: str | None = None) -> Found | None:
    """The rule of a request and the values from its URL, where they can be told without making a URL adapter; None
    where the adapter must be asked.

    :param method: another method than that of the request.
    :raises HTTPException: 404, if no rule matches, or 405, if none does by this method.
    """
    environ = request.environ
    if "HTTP_UPGRADE" in environ or request.trusted_hosts is not None:
        return None
    path = environ.get("PATH_INFO", "")
    if not path.isascii():
        try:
            path = path.encode("latin-1").decode()
        except UnicodeError:
            return None
    if method is None:
        method = environ.get("REQUEST_METHOD", "GET")
    if not can_tell(app, environ.get("HTTP_HOST"), request.__class__) or "\ufffd" in path:  # bytes may be refused
        return None
    url_map: t.Any = app.url_map
    found: Found | None = url_map.lookup.find(url_map.default_subdomain, path, method.upper())
    return found


def allowed_methods(app: Flask, request: Request) -> t.Iterable[str] | None:
    """The methods that the URL of a request allows, where they can be told without making a URL adapter; else None."""
    try:
        found = find_rule(app, request, _NO_METHOD)
    except MethodNotAllowed as error:
        return error.valid_methods
    except HTTPException:
        return ()
    return () if found is not None else None


def can_tell(app: Flask, host: str | bytes | None, request_class: type[Request]) -> bool:
    """Whether the rule of a request can be told without a URL adapter."""
    url_map, config = app.url_map, app.config
    return not (
        url_map.__class__ is not Map
        or (host, request_class) not in url_map.accepted_hosts
        or url_map.host_matching
        or url_map.lookup.matcher is not url_map._matcher
        or MapAdapter.match is not _match_by_adapter
        or StateMachineMatcher.match is not _match_by_matcher
        or config["TRUSTED_HOSTS"] is not None
        or ((config["SERVER_NAME"] is not None or app.subdomain_matching) and matches_subdomains(app))
    )


def find_rule_at_once(app: Flask, request: Request, path: str, method: str, host: str | bytes | None) -> None:
    """Settle the rule of a request, or that none matches, if that can be told of so little, and without a context.

    :param path: the path, decoded.
    :param host: what the header ``Host`` says, as the protocol has it.
    """
    if request.trusted_hosts is not None or not can_tell(app, host, request.__class__):
        return
    url_map: t.Any = app.url_map
    domain, lookup = url_map.default_subdomain, url_map.lookup
    rule = lookup.find_known(domain, path, method)
    if rule is not None:
        if not (rule.defaults or rule.redirect_to is not None or rule.alias):
            request.url_rule, request.view_args = rule, {}
        return
    try:
        found = lookup.find_along(domain, path, method, True)
    except HTTPException as error:
        error.__context__ = None
        request.routing_exception = error
    else:
        if found is not None:
            request.url_rule, request.view_args = found


def check_path(request: Request) -> None:
    """Refuse a path whose bytes are not UTF-8.

    :raises BadRequest: 400; such bytes arrive in ``request.path`` as U+FFFD, which a client may also send as itself.
    """
    try:
        request.environ.get("PATH_INFO", "").encode("latin-1").decode()
    except UnicodeError:
        raise BadRequest("The path of the URL is not valid UTF-8.") from None


def matches_subdomains(app: Flask) -> bool:
    """Whether the application tells requests apart by subdomain."""
    if app.subdomain_matching:
        return True
    return bool(app.config["SERVER_NAME"]) and eras.is_old("server_name_matching")


def bind_to_request(app: Flask, request: Request) -> MapAdapter:
    """The adapter that matches and builds the URLs of a request.

    :raises HTTPException: 400, if the request is for a host that the application does not trust, or that is no host
        name.
    """
    if (trusted_hosts := app.config["TRUSTED_HOSTS"]) is not None:
        request.trusted_hosts = trusted_hosts
    host = _without_standard_port(request.host, request.scheme).lower()
    environ, url_map, configured = request.environ, app.url_map, app.config["SERVER_NAME"]
    server_name, subdomain = host, None
    if not url_map.host_matching:
        if configured is not None:
            server_name = _without_standard_port(configured, request.scheme).lower()
        matches = matches_subdomains(app)
        subdomain = _subdomain(host, server_name) if matches else url_map.default_subdomain or ""
    return url_map.bind(
        server_name,
        script_name=request.root_path,
        subdomain=subdomain,
        url_scheme=_scheme(request),
        # What the server handed over decides, as in the shortcut, not what a request class makes of it.
        default_method=environ.get("REQUEST_METHOD", "GET"),
        # Without a path, as below the root of a mounted application, the client is sent to the one with a slash.
        path_info=environ.get("PATH_INFO", "").encode("latin-1", "replace").decode(errors="replace"),
        query_args=_LINE_BREAKS.sub(_escaped, request.query_string.decode("utf-8", "replace")),
    )


def bind_without_host(app: Flask, request: Request) -> MapAdapter:
    """An adapter that builds URLs where the host of the request is refused: a page that says so has links, too."""
    return app.url_map.bind(
        app.config["SERVER_NAME"] or "", script_name=request.root_path, url_scheme=request.scheme
    )


def _escaped(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


def _scheme(request: Request) -> str:
    """The scheme of the request's URL; a handshake for a WebSocket is routed as one."""
    environ = request.environ
    upgrade, connection = environ.get("HTTP_UPGRADE", ""), environ.get("HTTP_CONNECTION", "")
    if upgrade.lower() == "websocket" and "upgrade" in connection.lower():
        return "wss" if request.scheme == "https" else "ws"
    return request.scheme


def _without_standard_port(host: str, scheme: str) -> str:
    port = _STANDARD_PORTS.get(scheme)
    return host.removesuffix(port) if port else host


def _subdomain(host: str, server_name: str) -> str:
    """The part of a host in front of the server's name; a name that no rule has, if it is another server's."""
    if host == server_name:
        return ""
    if host.endswith("." + server_name):
        return host[: -len(server_name) - 1]
    return "<invalid>"
