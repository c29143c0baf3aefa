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

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from werkzeug.routing import Map, Rule
    from werkzeug.routing.matcher import State, StateMachineMatcher

    Found: t.TypeAlias = tuple[Rule, dict[str, t.Any]]
    Split: t.TypeAlias = Callable[[str], list[str] | None]

_NO_PATHS: t.Final[dict[str, list[Rule]]] = {}
_NO_RULES: t.Final[list[Rule]] = []


class Expressions(dict[str, "Split"]):
    """For the expression of a variable part of rules, what finds the values in a part of a path; None if it does not
    match.
    """

    def __init__(self) -> None:
        # PERF: those of `<name>` and `<int:name>` need no expression.
        self[r"(?P<__werkzeug_0>[^/]{1,})\Z"] = lambda part: [part] if part else None
        self[r"(?P<__werkzeug_0>\d+)\Z"] = lambda part: [part] if part.isdecimal() else None

    def __missing__(self, expression: str) -> Split:
        pattern = re.compile(expression)
        named = ((int(name[11:]), group) for name, group in pattern.groupindex.items() if name[:11] == "__werkzeug_")
        groups = [group for _, group in sorted(named)]

        def split(part: str) -> list[str] | None:
            match = pattern.match(part)
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
        """The rule for a path that begins with one slash, and the values of its variable parts; None if the URL adapter
        must be asked.

        :raises NotFound: 404, if no rule matches.
        :raises MethodNotAllowed: 405, if rules match, but have other methods.
        """
        for rule in self._static.get(domain, _NO_PATHS).get(path, _NO_RULES):
            if not rule.websocket and (rule.methods is None or method in rule.methods):
                # What becomes of these is decided after the match.
                return None if rule.defaults or rule.redirect_to is not None or rule.alias else (rule, {})
        if self._map._remap:
            self._map.update()
        start = self.matcher._root.static.get(domain)
        if start is None:
            return None
        state, left, values, is_only_way = self._go(start, path.split("/"))
        if not left and not values and state.rules:
            self._static.setdefault(domain, {})[path] = state.rules
        missed: set[str] = set()
        for rule in _rules_at(state, left):
            if rule.methods is not None and method not in rule.methods:
                missed.update(rule.methods)
            else:
                return self._convert(rule, values, missed)
        if not left and "" in state.static:
            for rule in state.static[""].rules:
                if not rule.websocket and (rule.methods is None or method in rule.methods):
                    # It lacks the slash in the end, and is redirected if the rule insists on that.
                    return None if rule.strict_slashes else self._convert(rule, values, missed)
        # Slashes that follow each other may be taken for one, and a domain may have variable parts.
        if is_only_way and "//" not in path and not self.matcher._root.dynamic:
            raise _failure(missed)
        return None

    def _go(self, state: State, parts: list[str]) -> tuple[State, list[str], list[str], bool]:
        """Go along parts of a path, from the state of the domain.

        :return: the last state; the parts that were left there; the values found; whether there was no other way.
        """
        values: list[str] = []
        is_only_way, at, end = True, 0, len(parts)
        while at < end:
            part = parts[at]
            following = state.static.get(part)
            if following is not None:
                # At a slash in the end, a rule without it may be meant as well.
                if state.dynamic or (not part and state.rules):
                    is_only_way = False
                at += 1
            else:
                for test, following in state.dynamic:
                    found = self._expressions[test.content]("/".join(parts[at:]) if test.final else part)
                    if found is not None:
                        break
                else:
                    break
                values += found
                if len(state.dynamic) > 1:
                    is_only_way = False
                # A slash in the end is a part of its own where the expression tells it apart.
                at = at + 1 if not test.final else end - (test.suffixed and not parts[-1])
            state = following
        return state, parts[at:], values, is_only_way

    def _convert(self, rule: Rule, values: list[str], missed: set[str]) -> Found | None:
        """The rule that matches, and its converted values; None if more than them decides."""
        if rule.websocket or rule.alias or rule.redirect_to is not None:
            return None
        # Another rule of the endpoint may have defaults that are the values, and be redirected to.
        siblings = self._map._rules_by_endpoint.get(rule.endpoint, _NO_RULES)
        if len(siblings) != 1 and (not siblings or any(sibling.provides_defaults_for(rule) for sibling in siblings)):
            return None
        converted = {}
        try:
            for (name, converter), value in zip(rule._converters.items(), values, strict=False):
                converted[name] = converter.to_python(value)
        except ValidationError:
            raise _failure(missed) from None
        if rule.defaults:
            converted.update(rule.defaults)
        return rule, converted


def _rules_at(state: State, left: list[str]) -> Iterable[Rule]:
    """The rules that match where no part is left, or only a slash that they do not insist on."""
    if not left:
        return state.rules
    return [rule for rule in state.rules if not rule.strict_slashes] if left == [""] else _NO_RULES


def _failure(missed: set[str]) -> NotFound | MethodNotAllowed:
    """The error for a path that has rules for other methods only, or none."""
    return MethodNotAllowed(valid_methods=list(missed)) if missed else NotFound()
