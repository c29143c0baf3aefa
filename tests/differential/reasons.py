"""Every known difference to Pallets Flask 3.1.3, with its reason. What is not listed here must be the same.

The list stays true: where a difference that it names no longer occurs, a test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

How = Callable[[Any, Any], bool]


def anyhow(ours: Any, theirs: Any) -> bool:
    return True


def exactly(ours: Any, theirs: Any) -> How:
    """Whether the values are these."""
    return lambda our, their: (our, their) == (ours, theirs)


def without(*missing: str) -> How:
    """Whether ours are theirs but for the headers or events of these names."""

    def are_the_others(ours: Any, theirs: Any) -> bool:
        return bool(theirs) and ours == [item for item in theirs if item[0] not in missing]

    return are_the_others


@dataclass(frozen=True)
class Reason:
    """Why some fields of some cases differ.

    :param cases: a pattern for the names of the cases.
    :param fields: a pattern for the names of the fields.
    :param why: the reason.
    :param how: whether two values differ in the way that is meant, and in no other.
    """

    cases: str
    fields: str
    why: str
    how: How = anyhow

    def explains(self, case: str, field: str, ours: Any, theirs: Any) -> bool:
        return fnmatchcase(case, self.cases) and fnmatchcase(field, self.fields) and self.how(ours, theirs)


REFUSED_IN_A_HANDLER = """
A handler of a 404 that looks at something else that the client sent, such as the form, meets a refusal: that is answered
by 400, 413 or 415, since nothing that a client sends may be answered by 500.
"""

SESSION_NEW = "`session.new` is what its documentation says: True for a session that is new with the request."

NO_LOST_WRITES = """
Without a secret key every way to change the session says so, `|=` too: what it writes would be lost without a word.
"""

NO_SESSION = """
A cookie that bears the right signature and holds no session, as another program with the same key may make, is taken for
none: nothing that a client sends may be answered by 500.
"""

AUTOMATIC_OPTIONS = "`provide_automatic_options=True` has OPTIONS answered as it says, not only where it is True by itself."

BAD_BYTES = "Bytes that are not UTF-8 get 400, in the path and in the query; they are not replaced, nor a fault of the program."

NO_WARNING_ABOUT_CLIENTS = """
With subdomain matching, a request for another host is not found and nothing more: what clients send is nothing to warn the
programmer about. Where warnings are errors, anybody could have had a 500.
"""

NO_DISPOSITION = """
A file that is shown in the page has no Content-Disposition, which is only for files to be saved: so it was before 2.0.
"""

EMPTY_DOMAIN = "SESSION_COOKIE_DOMAIN may be empty, for none; `Domain=` without a value means nothing."

OLD_JSON_KEYS = "The JSON_ keys of 0.8 to 2.2 mean what they did."

REASONS: tuple[Reason, ...] = (
    *(Reason(f"errors*view=abort-404&handler={deed}", "*", REFUSED_IN_A_HANDLER) for deed in ("abort-400", "missing-key")),
    Reason("errors*view=abort-404&handler=not-json", "*", REFUSED_IN_A_HANDLER),
    Reason("sessions* GET /do/new*", "body", SESSION_NEW, exactly("true\n", "false\n")),
    Reason("sessions* GET /do/new*", "headers", SESSION_NEW),  # the length of that
    Reason("sessions(no key)* GET /do/or*", "*", NO_LOST_WRITES),
    Reason("session_cookies* with a list, signed", "*", NO_SESSION),
    Reason("session_cookies* with a text, signed", "*", NO_SESSION),
    Reason("routing* /given-options", "*", AUTOMATIC_OPTIONS),
    Reason("routing.probe_rules", "result", AUTOMATIC_OPTIONS),
    Reason("routing.probe_required_methods", "result", AUTOMATIC_OPTIONS),
    Reason("routing* with path '/ÿ'", "*", BAD_BYTES),
    Reason("routing* with path '/text/?'", "*", BAD_BYTES),
    Reason("routing* environ={'QUERY_STRING': 'a=ÿ&b=%ff'}", "*", BAD_BYTES),
    Reason("hosts*", "events", NO_WARNING_ABOUT_CLIENTS, without("warning")),
    Reason("config_keys* GET /file", "headers", NO_DISPOSITION, without("Content-Disposition")),
    Reason("config_keys* GET /static/*", "headers", NO_DISPOSITION, without("Content-Disposition")),
    Reason("config_keys(SESSION_COOKIE_DOMAIN='')*", "headers", EMPTY_DOMAIN),
    Reason("config_keys(JSON_AS_ASCII=*", "*", OLD_JSON_KEYS),
    Reason("config_keys(JSON_SORT_KEYS=*", "*", OLD_JSON_KEYS),
    Reason("config_keys(JSONIFY_*", "*", OLD_JSON_KEYS),
)
