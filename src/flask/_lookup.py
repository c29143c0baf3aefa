"""The quick way through the URL rules: along the states of Werkzeug's matcher, but only where the matcher goes first.

The matcher keeps its rules as a tree, with a state for each part of the path between slashes. It tries the literal part
first, then the variable ones in the order of their weights, and goes back to try the next way wherever one ends. The
lookup never goes back. It has the matcher's answer if a rule stands at the end of its way, or if there was no other way
to go, and that is nearly always so. For all else the matcher is asked.

Nothing is compiled ahead of the requests, so there is nothing to be made anew when rules are added or changed: states
and rules are read as they are. Two things are kept, both no more than there are rules, and both good for as long as the
map has this matcher, which only ever adds to its states:

- the list of rules at the end of each path without variable parts that was asked for;
- what the expression of a variable part is, compiled.
"""

from __future__ import annotations

import re
import typing as t

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import ValidationError
from werkzeug.routing.converters import DEFAULT_CONVERTERS

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.routing import Map, Rule
    from werkzeug.routing.matcher import State, StateMachineMatcher

    Found: t.TypeAlias = tuple[Rule, dict[str, t.Any]]
    Split: t.TypeAlias = Callable[[list[str]], list[str] | None]

# PERF: what the expressions of `<name>` and `<int:name>` ask of a part; with them as such it is 0.3 µs more for each.
_WHOLE_PARTS: t.Final[dict[str, Callable[[str], bool]]] = {
    r"(?P<__werkzeug_0>[^/]{1,})\Z": bool,
    r"(?P<__werkzeug_0>\d+)\Z": str.isdecimal,
}
_OF_WERKZEUG: t.Final = frozenset(DEFAULT_CONVERTERS.values())
_NO_PATHS: t.Final[dict[str, list[Rule]]] = {}
_NO_RULES: t.Final[list[Rule]] = []


class Expressions(dict[str, "Split"]):
    """For the expression of a variable part of rules, what finds the values in a part of a path; None if it does not
    match.
    """

    def __missing__(self, expression: str) -> Split:
        pattern = re.compile(expression)
        # In the order of the rule's variables; a converter's own expression may have other groups.
        groups = [group for name, group in pattern.groupindex.items() if name.startswith("__werkzeug_")]

        def split(parts: list[str]) -> list[str] | None:
            match = pattern.match("/".join(parts))
            return None if match is None else [match[group] for group in groups]

        self[expression] = split
        return split


class Lookup:
    """Finds the rules of a map.

    :param url_map: the map.
    """

    __slots__ = ("_expressions", "_map", "_static", "matcher")

    def __init__(self, url_map: Map) -> None:
        self._map = url_map
        self.matcher: StateMachineMatcher = url_map._matcher
        #: By domain and path, the matcher's own lists of rules, in its order.
        self._static: dict[str, dict[str, list[Rule]]] = {}
        self._expressions = Expressions()

    def find(self, domain: str, path: str, method: str) -> Found | None:
        """The rule for a path, and the values of its variable parts; None if the URL adapter must be asked.

        :raises NotFound: 404, if no rule matches.
        :raises MethodNotAllowed: 405, if rules do for other methods.
        """
        rule = self.find_known(domain, path, method)
        if rule is not None:
            # What becomes of these is decided after the match.
            return None if rule.defaults or rule.redirect_to is not None or rule.alias else (rule, {})
        return self.find_along(domain, path, method)

    def find_along(self, domain: str, path: str, method: str, is_early: bool = False) -> Found | None:
        """The same along the parts of the path, which is not known.

        :param is_early: whether no context is active, so that converters of the program's own are not to be called.
        :raises NotFound: as above.
        """
        parts = path.split("/")
        if parts[0] or not (len(parts) == 2 or (len(parts) > 2 and parts[1])):  # slashes in front are taken for one
            return None
        if self._map._remap:
            self._map.update()
        start = self.matcher._root.static.get(domain)
        if start is None:
            return None
        state, left, values, is_only_way = self._go(start, parts)
        if not left:
            rules = state.rules
            if rules and not values:
                self._static.setdefault(domain, {})[path] = rules
        else:
            # A rule without a slash in the end need not insist on that.
            rules = [rule for rule in state.rules if not rule.strict_slashes] if left == [""] else _NO_RULES
        others: list[set[str]] = []
        for rule in rules:
            if rule.methods is None or method in rule.methods:
                return self._convert(rule, values, bool(others), is_early)
            others.append(rule.methods)
        if not left and "" in state.static:
            for rule in state.static[""].rules:
                if rule.methods is None or method in rule.methods:
                    # It has a slash in the end, and is redirected to if it insists on that.
                    return None if rule.strict_slashes else self._convert(rule, values, bool(others), is_early)
        # Slashes that follow each other may be taken for one, and a domain may have variable parts.
        if is_only_way and "//" not in path and not self.matcher._root.dynamic:
            raise MethodNotAllowed(self._in_order(others)) if any(others) else NotFound
        return None

    def _in_order(self, methods: list[set[str]]) -> list[str]:
        """The methods of rules in the order in which the matcher has them: that of a set, which depends on how often
        it was filled.
        """
        found: set[str] = set()
        for _ in range(2 if self.matcher.merge_slashes else 1):
            found.update(*methods)
        return list(found)

    def find_known(self, domain: str, path: str, method: str) -> Rule | None:
        """The rule without variable parts for a path that was asked for before."""
        for rule in self._static.get(domain, _NO_PATHS).get(path, _NO_RULES):
            if not rule.websocket and (rule.methods is None or method in rule.methods):
                return rule
        return None

    def _go(self, state: State, parts: list[str]) -> tuple[State, list[str], list[str], bool]:
        """Go along parts of a path, from the state of the domain.

        :return: the last state; the parts that were left there; the values found; whether there was no other way.
        """
        values: list[str] = []
        is_only_way = True
        at = -1
        for part in parts:
            at += 1
            ways = state.dynamic
            literal = state.static.get(part)
            if literal is not None:
                # At a slash in the end, a rule without it may be meant as well.
                if ways or (not part and state.rules):
                    is_only_way = False
                state = literal
                continue
            for test, following in ways:
                if (is_whole := _WHOLE_PARTS.get(test.content)) is not None:
                    if not is_whole(part):
                        continue
                    values.append(part)
                else:
                    found = self._expressions[test.content](parts[at:] if test.final else [part])
                    if found is None:
                        continue
                    values += found
                    if test.final:
                        # All was matched, but for the slash in the end where the expression tells it apart.
                        parts[at + 1 :] = [""] if test.suffixed and not parts[-1] else []
                state = following
                break
            else:
                return state, parts[at:], values, is_only_way
            if len(ways) > 1:
                is_only_way = False
        return state, [], values, is_only_way

    def _convert(self, rule: Rule, values: list[str], has_other_methods: bool, is_early: bool) -> Found | None:
        """The rule that matches, and its converted values; None if more than them decides.

        :raises NotFound: 404, if a converter refuses its value.
        """
        converters = rule._converters
        if rule.websocket or rule.alias or rule.redirect_to is not None or len(converters) != len(values):
            return None
        # Another rule of the endpoint may have defaults that are the values, and be redirected to.
        siblings = self._map._rules_by_endpoint.get(rule.endpoint, _NO_RULES)
        if len(siblings) != 1 and (not siblings or any(sibling.provides_defaults_for(rule) for sibling in siblings)):
            return None
        converted, at = {}, 0
        try:
            for name in converters:
                converter = converters[name]
                if is_early and converter.__class__ not in _OF_WERKZEUG:
                    return None
                converted[name] = converter.to_python(values[at])
                at += 1
        except ValidationError:
            if has_other_methods:
                return None
            raise NotFound from None
        if rule.defaults:
            converted.update(rule.defaults)
        return rule, converted
