"""Why the routing answers a request with a redirect.

Werkzeug's map says only where to. Its matcher, which is asked here again, also says by which rule, and what of.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from werkzeug.routing.exceptions import NoMatch, RequestAliasRedirect, RequestPath

from .near_misses import Reason, merge_slashes, values_of
from .places import place_of

if t.TYPE_CHECKING:
    from werkzeug.routing import MapAdapter, Rule

    Values = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Redirect:
    """A redirect of the URL map."""

    #: Its kind is ``slash``, ``slashes``, ``alias``, ``defaults`` or ``redirect_to``.
    reason: Reason
    #: The rule that redirects; ``None`` if it would not take the path that it redirects to.
    rule: Rule | None = None
    #: The values from the path, for that rule.
    values: Values | None = None


def find_redirect(adapter: MapAdapter) -> Redirect | None:
    """Find why a request is redirected.

    :param adapter: the URL adapter of the request.
    :return: ``None`` if it is not by the URL map.
    """
    path = f"/{adapter.path_info.lstrip('/')}" if adapter.path_info else ""
    try:
        rule, values = _match(adapter, path)
    except RequestPath as found:
        reason = _reason_of_path(path, found.path_info)
        try:
            return Redirect(reason, *_match(adapter, found.path_info))
        except NoMatch:
            return Redirect(reason)
    except NoMatch:
        return None
    # In the order in which Werkzeug looks for them.
    for find in (_reason_of_alias, _reason_of_defaults, _reason_of_target):
        why = find(adapter, rule, values)
        if why is not None:
            return Redirect(why, rule, values)
    return None


def _match(adapter: MapAdapter, path: str) -> tuple[Rule, Values]:
    """The rule of a path, and the values from it.

    :raises RequestPath: if it is another path's.
    :raises NoMatch: if there is none.
    """
    url_map = adapter.map
    by_subdomain = not url_map.host_matching and adapter.subdomain is not None
    domain = t.cast(str, adapter.subdomain) if by_subdomain else adapter.server_name
    try:
        return url_map._matcher.match(domain, path, adapter.default_method.upper(), adapter.websocket)
    except RequestAliasRedirect as found:
        aliases = (rule for rule in url_map.iter_rules(found.endpoint) if rule.alias)
        rule = next(rule for rule in aliases if values_of(rule, path, url_map.converters) is not None)
        return rule, found.matched_values


def _reason_of_path(path: str, canonical: str) -> Reason:
    if not path:
        return Reason("slash", "the path is empty")
    if canonical == f"{path}/":
        return Reason("slash", "the rule ends with a slash, the path does not")
    text = "the path has several slashes in a row, which become one"
    if canonical == merge_slashes(path):
        return Reason("slashes", text)
    return Reason("slashes", f"{text}, and the rule ends with a slash, the path does not")


def _reason_of_alias(adapter: MapAdapter, rule: Rule, values: Values) -> Reason | None:
    if not (rule.alias and adapter.map.redirect_defaults):
        return None
    others = (other for other in adapter.map.iter_rules(rule.endpoint) if not other.alias)
    main = next(other for other in others if other.suitable_for(values, adapter.default_method))
    return Reason("alias", f"the rule is an alias of {_as_written(main, rule)}")


def _reason_of_defaults(adapter: MapAdapter, rule: Rule, values: Values) -> Reason | None:
    if not adapter.map.redirect_defaults:
        return None
    for other in adapter.map.iter_rules(rule.endpoint):
        if other is rule:
            break
        if other.provides_defaults_for(rule) and other.suitable_for(values, adapter.default_method):
            defaults = ", ".join(f"{name} = {value!r}" for name, value in (other.defaults or {}).items())
            return Reason("defaults", f"{_as_written(other, rule)} stands for {defaults}")
    return None


def _reason_of_target(adapter: MapAdapter, rule: Rule, values: Values) -> Reason | None:
    if rule.redirect_to is None:
        return None
    target = repr(rule.redirect_to) if isinstance(rule.redirect_to, str) else place_of(rule.redirect_to)
    return Reason("redirect_to", f"the rule has redirect_to: {target}")


def _as_written(other: Rule, rule: Rule) -> str:
    """Another rule, and its host or subdomain where that is another one, too."""
    at_rule, at_other = (each.host or each.subdomain for each in (rule, other))
    return f"{other.rule} at {at_other or 'no subdomain'}" if at_other != at_rule else other.rule
