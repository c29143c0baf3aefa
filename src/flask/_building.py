"""How a request builds the URL of an endpoint without a URL adapter: where the endpoint has one rule, and the URL is a
path of the application.

The rule builds the path, as it does for the adapter. What falls away is to make the adapter, and to choose.
"""

from __future__ import annotations

import typing as t

from werkzeug.routing import MapAdapter, Rule

from ._routing import can_tell
from ._unset import UNSET

if t.TYPE_CHECKING:
    from .app import Flask
    from .ctx import RequestContext

_build_by_adapter: t.Final = MapAdapter.build


def is_at_root(app: Flask, ctx: RequestContext) -> bool:
    """Whether the URL adapter of a request would put nothing in front of the path of a rule that has no subdomain."""
    adapter, request = ctx._url_adapter, ctx.request
    if ctx.app is not app:
        return False
    if adapter is not UNSET:
        return (
            adapter.__class__ is MapAdapter
            and adapter.map is app.url_map
            and not adapter.map.host_matching
            and adapter.script_name == "/"
            and not adapter.subdomain
        )
    known = request._is_at_root
    if known is None:  # settled once, as it would be by making the adapter
        environ = request.environ
        known = request._is_at_root = (
            not environ.get("SCRIPT_NAME")
            and "create_url_adapter" not in ctx.replaced
            and request.trusted_hosts is None
            and can_tell(app, environ.get("HTTP_HOST"), request.__class__)
            and not app.url_map.default_subdomain
        )
    return known


def build_path(app: Flask, endpoint: str, values: dict[str, t.Any]) -> str | None:
    """The path of an endpoint, with a query for what is no part of it; None if the adapter is to be asked."""
    url_map = app.url_map
    rules = url_map._rules_by_endpoint.get(endpoint, ())
    if len(rules) != 1 or url_map._remap or MapAdapter.build is not _build_by_adapter:
        return None
    rule = rules[0]
    if rule.__class__ is not Rule or rule.defaults or rule.websocket:
        return None
    for name in rule.arguments:
        if values.get(name) is None:
            return None
    if len(values) > len(rule.arguments) and any(value is None for value in values.values()):
        return None  # what is None counts as not given
    built = rule.build(values)
    if built is None or built[0]:  # a converter refused a value, or there is a subdomain
        return None
    return f"/{built[1].lstrip('/')}"
