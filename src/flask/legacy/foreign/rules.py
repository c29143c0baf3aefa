"""``werkzeug.routing.parse_rule``."""

from __future__ import annotations

import re
import typing as t

_VARIABLE = re.compile(r"<(?:(?P<converter>[a-zA-Z_]\w*)(?:\((?P<arguments>.*?)\))?:)?(?P<variable>[a-zA-Z_]\w*)>")


def parse_rule(rule: str) -> t.Iterator[tuple[str | None, str | None, str]]:
    """The parts of a rule: of each variable its converter, the arguments of that and its name; None, None and the text
    of what stands between.

    :param rule: the rule.
    :raises ValueError: if it is not well-formed, or has a variable twice.
    """
    used = set()
    end = 0
    for found in _VARIABLE.finditer(rule):
        if found.start() > end:
            yield None, None, rule[end : found.start()]
        name = found["variable"]
        if name in used:
            raise ValueError(f"variable name {name!r} used twice.")
        used.add(name)
        yield found["converter"] or "default", found["arguments"] or None, name
        end = found.end()
    rest = rule[end:]
    if "<" in rest or ">" in rest:
        raise ValueError(f"malformed url rule: {rule!r}")
    if rest:
        yield None, None, rest
