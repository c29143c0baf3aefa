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


def replaced(ours: str, theirs: str) -> How:
    """Whether the values are the same but that ours have one text where theirs have another."""
    return lambda our, their: str(our).replace(ours, theirs) == str(their)


def silent_context(ours: Any, theirs: Any) -> bool:
    """Whether the events are the same but for signals of a context that is pushed and popped in between."""
    return _without_pushes(ours) == _without_pushes(theirs)


def torn_down_once(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs but for a first teardown, before the stream begins."""
    ours, theirs = _without_pushes(ours), _without_pushes(theirs)
    begin = next((number for number, event in enumerate(theirs) if _is_of_the_end(event)), len(theirs))
    end = begin
    while end < len(theirs) and _is_of_the_end(theirs[end]):
        end += 1
        if ours == [_without_exit(event) for event in theirs[:begin] + theirs[end:]]:
            return True
    return False


def all_torn_down(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs and what belongs to the end besides, each in its place."""
    rest = iter(ours)
    added = [event for event in ours if event not in theirs]
    return all(event in rest for event in theirs) and all(map(_is_of_the_end, _without_pushes(added)))


def fewer_ends(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs without some of what belongs to the end of contexts."""
    ours, theirs = _without_pushes(ours), _without_pushes(theirs)
    others = [[event for event in events if not _is_of_the_end(event)] for events in (ours, theirs)]
    return others[0] == others[1] and len(ours) < len(theirs)


def more_than(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs, in that order, and others."""
    rest = iter(ours or [])
    return all(item in rest for item in theirs or [])


def in_a_group(ours: Any, theirs: Any) -> bool:
    """Whether ours is a group that holds theirs."""
    return str(ours).startswith("ExceptionGroup of ") and str(theirs) in str(ours)


def closed_once(ours: Any, theirs: Any) -> bool:
    """Whether ours are theirs but for a first teardown, and that the lines are closed once."""
    others = [[event for event in events if event != "lines closed"] for events in (ours, theirs)]
    return ours.count("lines closed") == 1 and (others[0] == others[1] or torn_down_once(*others))


def _without_pushes(events: Any) -> Any:
    return [event for event in events if event[1:2] not in (["appcontext_pushed"], ["appcontext_popped"])]


def _is_of_the_end(event: Any) -> bool:
    return event[0].startswith("teardown") or event[1:2] in (["request_tearing_down"], ["appcontext_tearing_down"])


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

MALFORMED_FORM = """
A form that cannot be read, for bytes that are not UTF-8 or parts that are none, is refused by 400 with the reason; it is
not taken for an empty one.
"""

BAD_LENGTH = "A Content-Length that is no number is refused by 400 with that reason; it is not taken for no body."

NO_LIMIT = "A limit that a request sets to None is none, as the same value is in the configuration."

MISSING_HEADER = "A missing header, read by its name, answers by 400 as other data of the request does, not by 500."

NO_CONTEXT_LEFT = """
A receiver of `appcontext_pushed` that raises is a fault like any other: it is logged and answered by 500, and leaves no
context behind.
"""

ONE_CONTEXT = """
A stream that keeps its context uses the one that there is; it does not push another that it announces.
"""

CLOSED_ONCE = "An iterator that keeps its context is closed once, also where it was never begun."

ALL_TEARDOWN = """
All teardown functions run, and all signals are sent, though one raises; several errors are raised as a group
(docs/decisions/0002-holders.rst).
"""

NO_FOREIGN_REQUEST = """
While an application context ends, no request is active: not one of another application either, around it.
"""

LEFT_BEHIND = "A context that was pushed in a request and never popped ends with the request, with its own teardown functions."

NO_COOKIES = "`CookiesDisabled` is a TypeError and a RuntimeError, which releases before 3.0 raised."

NOT_PUSHED = "To pop a context that was not pushed is an AssertionError, as to pop the wrong one; theirs is a LookupError then."

WRONG_ORDER = "Popping in the wrong order is refused and changes nothing: the contexts can still be popped in the right one."

LAST_OF_REDIRECTS = """
When a client follows redirects in a `with` body, the context of the last request is active in it; those of the requests
before stay ended.
"""

LOOP_WITHIN_LOOP = """
Plain code below an `async def` view, such as the rendering of a template, can call what was written with `async def`; and
so can programs that call the application on a thread with a running loop. Theirs cannot start a loop within a loop.
"""

COPY_IS_PLAIN = "The same, in a function that awaits what is no coroutine: it fails a moment later, for its own mistake."

OWN_PROCESSORS = "A blueprint lists the context processors that it has; the application's are not among them."

BROKEN_TAG = "A tagged value that is malformed raises ValueError, whatever is wrong with it, so that it is one thing to catch."

OLD_OPTIONS = "`flask run` knows the options of older releases as well."

MISTAKE_NAMED = "The mistake itself is raised, not one that follows from it."

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
    *(
        Reason(f"forms* POST * with {body}", "*", MALFORMED_FORM)
        for body in (
            *("bad bytes", "another charset", "a wrong boundary", "an unfinished part", "an unfinished part, chunked"),
            *("a part without name", "broken headers"),
        )
    ),
    *(Reason(f"forms* with text of length '{length}'", "*", BAD_LENGTH) for length in ("x", "-1", "3.0", "9" * 30)),
    *(Reason(f"limits* POST */read/*?max_{limit}= with *", "*", NO_LIMIT) for limit in ("content_length", "form_parts")),
    Reason("limits* POST */read/*?max_form_memory_size= with *", "*", NO_LIMIT),
    Reason("limits.probe_limits", "set to None", NO_LIMIT),
    Reason("responses.probe_outside", "none", MISTAKE_NAMED),
    Reason("requests*", "events", MISSING_HEADER, replaced("BadRequestKeyError", "KeyError")),
    Reason("signals.probe_failing_receivers", "appcontext_pushed *", NO_CONTEXT_LEFT),
    Reason("signals.probe_failing_receivers", "events", NO_CONTEXT_LEFT),
    Reason("signals.probe_failing_receivers", "left", NO_CONTEXT_LEFT, exactly([], ["application"])),
    Reason("streaming* /*", "events", ONE_TEARDOWN, torn_down_once),
    Reason("streaming.probe_in_test_request_context", "events", ONE_CONTEXT, silent_context),
    Reason("contexts* GET /*raise*", "events", ALL_TEARDOWN, all_torn_down),
    Reason("contexts* GET /*raise*", "raised", ALL_TEARDOWN, in_a_group),
    Reason("contexts* GET /nested", "events", NO_FOREIGN_REQUEST, replaced("[False, True, 'of the other']", "[True, True, 'of the other']")),
    Reason("contexts* GET /pushed", "events", LEFT_BEHIND),
    Reason("clients.probe_session_transaction", "no cookies", NO_COOKIES, exactly("raised CookiesDisabled", "raised TypeError")),
    Reason("contexts.probe_app_context", "popped", NOT_PUSHED, replaced("AssertionError", "LookupError")),
    Reason("contexts.probe_request_context", "after", NOT_PUSHED, replaced("AssertionError", "LookupError")),
    Reason("contexts.probe_app_context_errors", "both *", ALL_TEARDOWN, replaced("ExceptionGroup of LookupError, LookupError", "LookupError")),
    Reason("contexts.probe_app_context_errors", "events", ALL_TEARDOWN, all_torn_down),
    Reason("contexts.probe_wrong_order", "result", WRONG_ORDER, exactly(["raised AssertionError", None, None, False], ["raised AssertionError", "raised LookupError", "raised LookupError", False])),
    Reason("contexts.probe_wrong_order", "events", WRONG_ORDER),
    Reason("clients.probe_with_body", "events", LAST_OF_REDIRECTS, fewer_ends),
    Reason("clients.probe_responses", "events", ONE_TEARDOWN, fewer_ends),
    Reason("clients.probe_stream_in_body", "events", ONE_TEARDOWN, fewer_ends),
    Reason("asynchronous* GET /template", "*", LOOP_WITHIN_LOOP),
    Reason("asynchronous.probe_in_a_loop", "*", LOOP_WITHIN_LOOP),
    Reason("asynchronous* GET /copied", "*", COPY_IS_PLAIN),
    Reason("asynchronous* */stream", "events", ONE_TEARDOWN, torn_down_once),
    Reason("blueprints.probe_registries", "template_context_processors", OWN_PROCESSORS),
    Reason("blueprints.probe_names", "no blueprint", MISTAKE_NAMED, exactly("raised TypeError", "raised AttributeError")),
    Reason("tags.probe_round_trips", "read *", BROKEN_TAG, exactly("raised ValueError", "raised TypeError")),
    Reason("commands.probe_flask_command", "of run", OLD_OPTIONS, more_than),
    Reason("streaming* /joined*", "events", ONE_CONTEXT, silent_context),
    Reason("streaming* /data*", "events", ONE_CONTEXT, silent_context),
    Reason("streaming* /lines-context*", "events", CLOSED_ONCE, closed_once),
    Reason("requests.probe_missing_keys", "headers", MISSING_HEADER),
    Reason("templating* GET */stream*", "events", ONE_TEARDOWN, torn_down_once),
    Reason("templating.probe_update_template_context", "names", SESSION_VARIABLE),
    Reason("config_keys(SESSION_COOKIE_DOMAIN='')*", "headers", EMPTY_DOMAIN),
    Reason("config_keys(JSON_AS_ASCII=*", "*", OLD_JSON_KEYS),
    Reason("config_keys(JSON_SORT_KEYS=*", "*", OLD_JSON_KEYS),
    Reason("config_keys(JSONIFY_*", "*", OLD_JSON_KEYS),
)
