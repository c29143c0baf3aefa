"""What releases removed or changed, by name, and how it is here."""

from __future__ import annotations

import enum
import re
import sys
import typing as t
from dataclasses import dataclass

from ... import eras
from .flask_changes import FLASK, LAST_ERAS
from .library_changes import LIBRARIES


class Here(enum.StrEnum):
    """How a use fares on this implementation, best first."""

    WORKS = "works"
    ERA = "era"
    LEGACY = "legacy"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a release removed or changed.

    :param name: ``module.name``, ``module.Class.member``, ``module.function(parameter)`` or ``flask.Config[KEY]``; of a
        change of behaviour, its name in :data:`flask.eras.DIFFERENCES` or one of the same kind.
    :param library: whose release it was.
    :param since: the first release that is without it.
    :param is_removed: False for what is still there and does something else.
    :param here: how it fares here.
    :param era: the last era in which it does what it did, where that is not this process's.
    :param today: what to write today.
    """

    name: str
    library: str
    since: str
    is_removed: bool
    here: Here
    era: str | None
    today: str


_LIBRARIES: t.Final = {
    "click": "click",
    "flask": "Flask",
    "itsdangerous": "itsdangerous",
    "jinja2": "Jinja",
    "markupsafe": "MarkupSafe",
    "werkzeug": "Werkzeug",
}


#: What is refused or ignored since a release: its name, library and release, how it fares here, what there is today.
_REFUSED: t.Final = {
    ("methods_as_text", "Flask", "0.11", Here.FAILS): '`methods=["POST"]`, a list.',
    ("password_method", "Werkzeug", "3.0", Here.LEGACY): "leave `method` out.",
    ("charset_of_class", "Werkzeug", "3.0", Here.FAILS): (
        "nothing: text is UTF-8, also with FLASK_LEGACY=1; give bytes, `text.encode(charset)`, and the `content_type`."
    ),
    ("deleted_cookie_of_server", "Werkzeug", "2.3", Here.FAILS): "`client.delete_cookie(key, domain=...)`.",
    ("cookie_of_server", "Werkzeug", "2.3", Here.FAILS): "`client.set_cookie(key, value, domain=...)`.",
}


def _rows() -> t.Iterator[Change]:
    for here, tables in ((Here.WORKS, FLASK), *((Here(key), tables) for key, tables in LIBRARIES.items())):
        for (prefix, since), names in tables.items():
            for name, today in names.items():
                yield _row(f"{prefix}{name}", since, here, today)
    for name, difference in eras.DIFFERENCES.items():
        era = eras.ERAS[eras.ERAS.index(difference.since) - 1]
        yield Change(name, "Flask", difference.since, False, Here.ERA, era, difference.after)
    for (name, library, since, here), today in _REFUSED.items():
        yield Change(name, library, since, False, here, None, today)


def _row(name: str, since: str, here: Here, today: str) -> Change:
    library = _LIBRARIES.get(name.partition(".")[0], "Python")
    if library == "Python" and _number(since) > sys.version_info:
        here = Here.WORKS  # until this is run by a newer one
    if " " in since:  # what one library lost and another's class had
        library, since = since.split(" ")
    era = LAST_ERAS.get(name)
    return Change(name, library, since, True, Here.ERA if era else here, era, today)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


#: Every change, by its name.
CHANGES: t.Final[t.Mapping[str, Change]] = {row.name: row for row in _rows()}

#: The last part of each: what is used has this name where it is used.
LAST_NAMES: t.Final = frozenset(re.findall(r"\w+", name)[-1] for name in CHANGES)

#: Those of attributes that objects have: the others are read from modules.
OF_OBJECTS: t.Final = frozenset(
    name.rpartition(".")[2] for name in CHANGES if re.search(r"\.[A-Z]\w*\.\w+$|\.dict\.\w+$", name)
)

#: The parameters -> the last names of what takes them.
PARAMETERS: t.Final[dict[str, set[str]]] = {}
for _found in map(re.compile(r"(?:.*\.)?(\w+)\((\w+)\)").fullmatch, CHANGES):
    if _found:
        PARAMETERS.setdefault(_found[2], set()).add(_found[1])

#: Those that classes take, which their subclasses, of any name, take as well.
CLASS_PARAMETERS: t.Final = frozenset(
    name for name, takers in PARAMETERS.items() if any(one[:1].isupper() for one in takers)
)


def find(path: str) -> Change | None:
    """The change that a name in a module is concerned by: its own, or that of what it is in."""
    while path:
        if path in CHANGES:
            return CHANGES[path]
        path = path.rpartition(".")[0]
    return None
