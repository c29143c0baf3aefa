"""The URL rules that nearly answer a request, and what stands in the way of each.

A rule is near if its path would fit the request's when its converters took anything and a slash in the end were of no
account. Each rule is asked alone, in a map of its own: Werkzeug says what would be, not a second matcher of ours.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, RequestRedirect, Rule, ValidationError

if t.TYPE_CHECKING:
    from werkzeug.routing import MapAdapter

    Converters = t.Mapping[str, type[BaseConverter]]


class AnySegment(BaseConverter):
    """Takes whatever stands between two slashes."""


class AnyPath(BaseConverter):
    """Takes whatever is there, slashes too."""

    regex = "[^/].*?"


@dataclass(frozen=True)
class Reason:
    """One thing that stands in the way of a rule; or why it redirects, see :class:`.Redirect`."""

    #: ``method``, ``slash``, ``slashes``, ``converter``, ``host``, ``subdomain``, ``websocket`` or ``order``.
    kind: str
    #: The same for people.
    text: str


def find_near_misses(adapter: MapAdapter, answering: Rule | None) -> list[tuple[Rule, list[Reason]]]:
    """Find the rules that nearly answer a request, the nearest first, each with what stands in its way.

    :param adapter: the URL adapter of the request.
    :param answering: the rule that answers it, which is none of them.
    """
    order = Reason("order", f"it fits too, but {answering.rule if answering else 'another rule'} is tried before it")
    misses = []
    for rule in adapter.map.iter_rules():
        if rule is answering or rule.build_only:
            continue
        reasons = _reasons_of_path(rule, adapter)
        if reasons is not None:
            reasons += _reasons_of_request(rule, adapter)
            misses.append((rule, reasons or [order]))
    return sorted(misses, key=lambda miss: len(miss[1]))


def _reasons_of_path(rule: Rule, adapter: MapAdapter) -> list[Reason] | None:
    """What the rule has against the path; ``None`` if that is altogether another one."""
    path, converters = f"/{adapter.path_info.lstrip('/')}", adapter.map.converters
    merged = merge_slashes(path)
    if not merged.startswith(rule.rule.partition("<")[0].rstrip("/")):
        return None  # to ask each of 2000 rules would take three seconds
    reasons: list[Reason] = []
    if merged != path and (path.endswith("//") or values_of(rule, path, converters) is None):
        path = merged
        if not rule.merge_slashes:
            reasons.append(Reason("slashes", "the path has several slashes in a row, which it does not take for one"))
    if values_of(rule, path, converters) is None:
        converters = {name: _taking_anything(kind) for name, kind in converters.items()}
        values = values_of(rule, path, converters)
        if values is None:
            return None
        reasons += _refusals(rule, values)
    if rule.strict_slashes and values_of(rule, path, converters, strict_slashes=True) is None:
        has, lacks = ("rule", "path") if rule.rule.endswith("/") else ("path", "rule")
        reasons.append(Reason("slash", f"the {has} ends with a slash, the {lacks} does not"))
    return reasons


def merge_slashes(path: str) -> str:
    """A path with one slash in place of several in a row."""
    return re.sub("/{2,}", "/", path)


def values_of(
    rule: Rule, path: str, converters: Converters, strict_slashes: bool = False
) -> t.Mapping[str, t.Any] | None:
    """The values from the path, if it fits the rule alone, whatever else is asked for."""
    alone = Rule(rule.rule, endpoint="alone", strict_slashes=strict_slashes, merge_slashes=rule.merge_slashes)
    adapter = Map([alone], converters=converters).bind("localhost")
    try:
        return adapter.match(path)[1]
    except (HTTPException, RequestRedirect):
        return None


def _taking_anything(kind: type[BaseConverter]) -> type[BaseConverter]:
    return AnySegment if kind.part_isolating else AnyPath


def _refusals(rule: Rule, values: t.Mapping[str, t.Any]) -> list[Reason]:
    """The converters that do not take their part of the path."""
    refusing = [name for name, text in values.items() if not _takes(rule._converters[name], text)]
    if not refusing:  # each takes its part as it was divided here, and together they divide it otherwise
        return [Reason("converter", "its converters do not take this path")]
    return [Reason("converter", f"{_as_written(rule, name)} does not take {values[name]!r}") for name in refusing]


def _takes(converter: BaseConverter, text: str) -> bool:
    if re.fullmatch(converter.regex, text) is None:
        return False
    try:
        converter.to_python(text)
    except ValidationError:
        return False
    return True


def _as_written(rule: Rule, name: str) -> str:
    """A variable part of the rule, as in ``<int:number>``."""
    found = re.search(rf"<(?:[^<>]*:)?\s*{re.escape(name)}>", rule.rule)
    return found.group() if found else f"<{name}>"


def _reasons_of_request(rule: Rule, adapter: MapAdapter) -> list[Reason]:
    """What the rule has against the request, whatever its path."""
    reasons = []
    method = adapter.default_method.upper()
    if rule.methods is not None and method not in rule.methods:
        reasons.append(Reason("method", f"it takes {', '.join(sorted(rule.methods))}, not {method}"))
    if rule.websocket != adapter.websocket:
        kinds = ("WebSockets", "plain requests")
        reasons.append(Reason("websocket", "it takes {}, not {}".format(*(kinds if rule.websocket else kinds[::-1]))))
    if not _fits_domain(rule, adapter):
        reasons.append(_reason_of_domain(rule, adapter))
    return reasons


def _fits_domain(rule: Rule, adapter: MapAdapter) -> bool:
    url_map = adapter.map
    alone = Rule("/", endpoint="alone", subdomain=rule.subdomain, host=rule.host)
    asked = Map([alone], converters=url_map.converters, host_matching=url_map.host_matching)
    subdomain = None if url_map.host_matching else adapter.subdomain
    try:
        asked.bind(adapter.server_name, subdomain=subdomain, url_scheme="http").match("/")
    except HTTPException:
        return False
    return True


def _reason_of_domain(rule: Rule, adapter: MapAdapter) -> Reason:
    if adapter.map.host_matching:
        what = f"it is for the host {rule.host!r}" if rule.host else "it has no host, and the application goes by hosts"
        return Reason("host", f"{what}, and the request is for {adapter.server_name!r}")
    asked = repr(adapter.subdomain) if adapter.subdomain else "none"
    if adapter.subdomain == "<invalid>":
        asked = f"another host than {adapter.server_name!r}"
    what = f"it is for the subdomain {rule.subdomain!r}" if rule.subdomain else "it is for no subdomain"
    return Reason("subdomain", f"{what}, and the request is for {asked}")
