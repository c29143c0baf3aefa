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


def without(name: str, beginning: str = "") -> How:
    """Whether ours are theirs but for the headers or events of that name, whose value begins in that way."""

    def are_the_others(ours: Any, theirs: Any) -> bool:
        others = [item for item in theirs or () if item[0] != name or not str(item[1]).startswith(beginning)]
        return bool(ours == others)

    return are_the_others


def but_for(name: str) -> How:
    """Whether the headers are the same but for the value of one."""
    return lambda ours, theirs: [h for h in ours if h[0] != name] == [h for h in theirs if h[0] != name]


def saying(ours: str, theirs: str) -> How:
    """Whether each text says so."""
    return lambda our, their: ours in our and theirs in their


def torn_down_once(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs but for a first teardown, before the stream begins."""
    begin = next((number for number, event in enumerate(theirs) if _is_of_the_end(event)), len(theirs))
    end = begin
    while end < len(theirs) and (_is_of_the_end(theirs[end]) or theirs[end][:2] == ["signal", "appcontext_pushed"]):
        end += 1
        if ours == [_without_exit(event) for event in theirs[:begin] + theirs[end:]]:
            return True
    return False


def _is_of_the_end(event: Any) -> bool:
    return event[0].startswith("teardown") or (event[0] == "signal" and event[1] in _ENDS)


_ENDS = {"request_tearing_down", "appcontext_tearing_down", "appcontext_popped"}


def _without_exit(event: Any) -> Any:
    """An event without the exception that tells a generator that nobody listens any more, which is no error."""
    return [None if part == "GeneratorExit" else part for part in event] if isinstance(event, list) else event


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

UNTYPED = """
A file object that comes without name and type is sent as application/octet-stream, as it was before 2.0.
"""

CONTROL_CHARACTERS = "A control character in a redirect's location is percent-encoded, not dropped, nor a fault of the program."

JSON_WORDING = "That a body is no JSON is said in words of our own; the status is the same."

BINARY_DUMP = "`flask.json.dump` writes to binary files too, as it did before 2.1."

ONE_TEARDOWN = """
A request that is streamed with its context is torn down once, when the stream has ended, and not a first time when the
view has returned (docs/decisions/0002-holders.rst). That a client went away is no error of the request.
"""

LATE_SESSION = """
The session in the signed cookie is opened when somebody first asks for it, so its serializer is made then, and tried out.
"""

SESSION_VARIABLE = "The session is among the variables of a template, as the documentation of 0.8 to 3.1 says."

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
    Reason("config_keys* GET /file", "headers", NO_DISPOSITION, without("Content-Disposition", "inline")),
    Reason("config_keys* GET /static/*", "headers", NO_DISPOSITION, without("Content-Disposition", "inline")),
    Reason("urls* GET /redirect query_string={'to': '/tab*", "*", CONTROL_CHARACTERS),
    Reason("files*/untyped", "*", UNTYPED),
    Reason("files*", "headers", NO_DISPOSITION, without("Content-Disposition", "inline")),
    Reason("json_io* /in/*", "body", JSON_WORDING, saying("<p>The body of the request is not valid JSON.", "not understand")),
    Reason("json_io* environ={'CONTENT_LENGTH': '*", "body", JSON_WORDING, saying("is not a number", "400 Bad")),
    Reason("json_io* /in/*", "headers", JSON_WORDING, but_for("Content-Length")),
    Reason("json_io.probe_own_provider", "take", JSON_WORDING, saying("not valid JSON", "not understand")),
    Reason("json_io.probe_functions", "dump bytes *", BINARY_DUMP, exactly(None, "raised TypeError")),
    Reason("json_io.probe_session_by_own_provider", "events", LATE_SESSION, lambda o, t: sorted(map(str, o)) == sorted(map(str, t))),
    Reason("templating* GET */stream*", "events", ONE_TEARDOWN, torn_down_once),
    Reason("templating.probe_update_template_context", "names", SESSION_VARIABLE),
    Reason("config_keys(SESSION_COOKIE_DOMAIN='')*", "headers", EMPTY_DOMAIN),
    Reason("config_keys(JSON_AS_ASCII=*", "*", OLD_JSON_KEYS),
    Reason("config_keys(JSON_SORT_KEYS=*", "*", OLD_JSON_KEYS),
    Reason("config_keys(JSONIFY_*", "*", OLD_JSON_KEYS),
)
