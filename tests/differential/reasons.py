"""Every known difference to Pallets Flask 3.1.3, with its reason. What is not listed here must be the same.

The list stays true: where a difference that it names no longer occurs, a test fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from .likeness import (
    How,
    all_torn_down,
    anyhow,
    but_for,
    closed_once,
    exactly,
    fewer_ends,
    in_a_group,
    in_another_order,
    more_than,
    replaced,
    saying,
    silent_context,
    torn_down_once,
    without,
)


@dataclass(frozen=True)
class Reason:
    """Why some fields of some cases differ.

    :param why: the reason.
    :param cases: a pattern for the names of the cases.
    :param fields: a pattern for the names of the fields.
    :param how: whether two values differ in the way that is meant, and in no other.
    """

    why: str
    cases: str
    fields: str = "*"
    how: How = anyhow

    def explains(self, case: str, field: str, ours: Any, theirs: Any) -> bool:
        return fnmatchcase(case, self.cases) and fnmatchcase(field, self.fields) and self.how(ours, theirs)


def each(why: str, *patterns: str) -> Iterator[Reason]:
    """One reason for all that differs in several cases."""
    return (Reason(why, cases) for cases in patterns)


# What a client sends is answered, not a fault of the program

ABSENT_IN_A_HANDLER = """
Once a request is being answered nothing that the client sent is refused any more: what a handler finds malformed, such
as a body that is no JSON, is as if it were not there. Nothing that a client sends may be answered by 500.
"""
NO_SESSION = """
A cookie that bears the right signature and holds no session, as another program with the same key may make, is taken
for none: nothing that a client sends may be answered by 500.
"""
BAD_BYTES = """
Bytes that are not UTF-8 get 400, in the path and in the query; they are not replaced, nor a fault of the program.
"""
CONTROL_CHARACTERS = """
A control character in a redirect's location is percent-encoded; it is not dropped, nor a fault of the program.
"""
MALFORMED_FORM = """
A form that cannot be read, for bytes that are not UTF-8 or parts that are none, is refused by 400 with the reason. It
is not taken for an empty one.
"""
CUT_OFF = "A body in chunks that is longer than MAX_CONTENT_LENGTH is refused by 413, not cut off without a word."
BAD_LENGTH = "A Content-Length that is no number is refused by 400 with that reason; it is not taken for no body."
MISSING_HEADER = "A missing header, read by its name, answers by 400 as other data of the request does, not by 500."
NO_WARNING_ABOUT_CLIENTS = """
With subdomain matching, a request for another host is not found, and no more: what clients send is nothing to warn
the programmer about. Where warnings are errors, anybody could have had a 500.
"""
JSON_WORDING = "That a body is no JSON is said in words of our own; the status is the same."

BY_CLIENTS = (
    *each(
        ABSENT_IN_A_HANDLER,
        "errors*&handler=not-json",
        "hooks*'after-*': 'not-json'*",
        "asynchronous*'after-bp': 'not-json'*",
        "asynchronous*'handler': 'not-json'*",
    ),
    *each(NO_SESSION, "session_cookies* with a list, signed", "session_cookies* with a text, signed"),
    *each(BAD_BYTES, "routing* with path '/ÿ'", "routing* with path '/text/?'"),
    *each(BAD_BYTES, "routing* environ={'QUERY_STRING': 'a=ÿ&b=%ff'}"),
    Reason(CONTROL_CHARACTERS, "urls* GET /redirect query_string={'to': '/tab*"),
    *each(
        MALFORMED_FORM,
        "forms* POST * with bad bytes",
        "forms* POST * with another charset",
        "forms* POST * with a wrong boundary",
        "forms* POST * with an unfinished part",
        "forms* POST * with an unfinished part, chunked",
        "forms* POST * with a part without name",
        "forms* POST * with broken headers",
    ),
    *(Reason(BAD_LENGTH, f"forms* with text of length '{length}'") for length in ("x", "-1", "3.0", "9" * 30)),
    Reason(MISSING_HEADER, "requests*", "events", replaced("BadRequestKeyError", "KeyError")),
    Reason(MISSING_HEADER, "requests.probe_missing_keys", "headers"),
    Reason(NO_WARNING_ABOUT_CLIENTS, "hosts*", "events", without("warning")),
    Reason(JSON_WORDING, "json_io* /in/*", "body", saying("<p>The body of the request is not valid", "not understand")),
    Reason(JSON_WORDING, "json_io* environ={'CONTENT_LENGTH': '*", "body", saying("is not a number", "400 Bad")),
    Reason(JSON_WORDING, "json_io* /in/*", "headers", but_for("Content-Length")),
    Reason(JSON_WORDING, "json_io.probe_own_provider", "take", saying("not valid JSON", "not understand")),
)

# The end of requests and contexts (docs/decisions/0002-holders.rst)

ONE_TEARDOWN = """
A request that is streamed with its context is torn down once, when the stream has ended, and not a first time when
the view has returned. That a client went away is no error of the request.
"""
ONE_CONTEXT = "A stream that keeps its context uses the one that there is; it does not push another that it announces."
CLOSED_ONCE = "An iterator that keeps its context is closed once, also where it was never begun."
ALL_TEARDOWN = """
All teardown functions run, and all signals are sent, though one raises; several errors are raised as a group.
"""
NO_FOREIGN_REQUEST = """
While the application context of a request ends, no request is active any more: not one of another application either,
which the request was made in, by its test client or a context pushed by hand.
"""
LEFT_BEHIND = """
A context that was pushed in a request and never popped ends with the request, with its own teardown functions.
"""
NOT_PUSHED = """
To pop a context that was not pushed is an AssertionError, as to pop the wrong one is; theirs is a LookupError then.
"""
WRONG_ORDER = """
Popping in the wrong order is refused and changes nothing: the contexts can still be popped in the right one.
"""
NO_CONTEXT_LEFT = """
A receiver of `appcontext_pushed` that raises is a fault like any other: it is logged and answered by 500, and leaves
no context behind.
"""
LAST_OF_REDIRECTS = """
When a client follows redirects in a `with` body, the context of the last request is active in it; those of the
requests before stay ended.
"""

OF_THE_END = (
    Reason(ONE_TEARDOWN, "streaming* /*", "events", torn_down_once),
    Reason(ONE_TEARDOWN, "templating* GET */stream*", "events", torn_down_once),
    Reason(ONE_TEARDOWN, "asynchronous* */stream", "events", torn_down_once),
    Reason(ONE_TEARDOWN, "clients.probe_responses", "events", fewer_ends),
    Reason(ONE_TEARDOWN, "clients.probe_stream_in_body", "events", fewer_ends),
    Reason(ONE_CONTEXT, "streaming* /joined*", "events", silent_context),
    Reason(ONE_CONTEXT, "streaming* /data*", "events", silent_context),
    Reason(ONE_CONTEXT, "streaming.probe_in_test_request_context", "events", silent_context),
    Reason(CLOSED_ONCE, "streaming* /lines-context*", "events", closed_once),
    Reason(ALL_TEARDOWN, "contexts* GET /*raise*", "events", all_torn_down),
    Reason(ALL_TEARDOWN, "contexts* GET /*raise*", "raised", in_a_group),
    Reason(ALL_TEARDOWN, "contexts.probe_app_context_errors", "both *", in_a_group),
    Reason(ALL_TEARDOWN, "contexts.probe_app_context_errors", "events", all_torn_down),
    Reason(NO_FOREIGN_REQUEST, "contexts* GET /nested", "events", replaced("[False, True, 'of", "[True, True, 'of")),
    Reason(LEFT_BEHIND, "contexts* GET /pushed", "events"),
    Reason(NOT_PUSHED, "contexts.probe_app_context", "popped", replaced("AssertionError", "LookupError")),
    Reason(NOT_PUSHED, "contexts.probe_request_context", "after", replaced("AssertionError", "LookupError")),
    *each(WRONG_ORDER, "contexts.probe_wrong_order"),
    *each(NO_CONTEXT_LEFT, "signals.probe_failing_receivers"),
    Reason(LAST_OF_REDIRECTS, "clients.probe_with_body", "events", fewer_ends),
)

# What the documentation says, or said

AUTOMATIC_OPTIONS = """
`provide_automatic_options=True` has OPTIONS answered as it says, not only where it is True by itself.
"""
SESSION_NEW = "`session.new` is what its documentation says: True for a session that is new with the request."
SESSION_VARIABLE = "The session is among the variables of a template, as the documentation of 0.8 to 3.1 says."
UNTYPED = "A file object that comes without name and type is sent as application/octet-stream, as it was before 2.0."
BINARY_DUMP = "`flask.json.dump` writes to binary files too, as it did before 2.1."
OLD_JSON_KEYS = "The JSON_ keys of 0.8 to 2.2 mean what they did."
OLD_OPTIONS = "`flask run` knows the options of older releases as well."
OWN_COMMANDS = "`flask profile` and `flask upgrade-check` are ours."
NO_COOKIES = "`CookiesDisabled` is a TypeError and a RuntimeError, which releases before 3.0 raised."

AS_DOCUMENTED = (
    *each(AUTOMATIC_OPTIONS, "routing* /given-options", "routing.probe_rules", "routing.probe_required_methods"),
    Reason(SESSION_NEW, "sessions* GET /do/new*", "body", exactly("true\n", "false\n")),
    Reason(SESSION_NEW, "sessions* GET /do/new*", "headers", but_for("Content-Length")),
    Reason(SESSION_VARIABLE, "templating.probe_update_template_context", "names", more_than),
    Reason(UNTYPED, "files* GET /untyped"),
    Reason(BINARY_DUMP, "json_io.probe_functions", "dump bytes *", exactly(None, "raised TypeError")),
    *(
        Reason(OLD_JSON_KEYS, f"config_keys({key}*", field)
        for key in ("JSON_AS_ASCII=", "JSON_SORT_KEYS=", "JSONIFY_")
        for field in ("body", "headers")
    ),
    Reason(OLD_OPTIONS, "commands.probe_flask_command", "of run", more_than),
    Reason(OWN_COMMANDS, "commands.probe_flask_command", "commands", more_than),
    Reason(OWN_COMMANDS, "commands.probe_group_options"),
    Reason(
        NO_COOKIES,
        "clients.probe_session_transaction",
        "no cookies",
        exactly("raised CookiesDisabled", "raised TypeError"),
    ),
)

# Mistakes are told as what they are; and what goes beyond

MISTAKE_NAMED = "The mistake itself is raised, not one that follows from it."
NO_SESSION_TO_SAVE = "A session that could not be opened is not saved, so nothing fails a second time."
NO_PATH = "An environment without PATH_INFO has an empty path, as PEP 3333 allows; it is no fault of the program."
PROXY_CLASS = "The proxies are of a subclass of LocalProxy, which says what is missing in iteration as well."
BROKEN_TAG = "A tagged value that is malformed raises ValueError, whatever is wrong with it: one thing to catch."
NO_LOST_WRITES = """
Without a secret key every way to change the session says so, `|=` too: what it writes would be lost without a word.
"""
EMPTY_DOMAIN = "SESSION_COOKIE_DOMAIN may be empty, for none; `Domain=` without a value means nothing."
NAMED_AT_ONCE = """
An after hook that returns what is no response is told so itself; 3.1.3 hands it to the next one, or to the server.
"""
WHOLE_PAGE = "The page of an HTTP error is known as a whole when the after hooks see it, and not taken for a stream."
NO_LIMIT = "A limit that a request sets to None is none, as the same value is in the configuration."
LATE_SESSION = """
The session in the signed cookie is opened when somebody first asks for it, so its serializer is made, and tried, only
then.
"""
LOOP_WITHIN_LOOP = """
Plain code below an `async def` view, such as the rendering of a template, can call what was written with `async def`;
so can programs that call the application on a thread with a running loop. Theirs cannot start a loop within a loop.
"""
COPY_IS_PLAIN = (
    "The same, in a function that awaits what is no coroutine: it fails a moment later, for its own mistake."
)
OWN_PROCESSORS = "A blueprint lists the context processors that it has; the application's are not among them."

OF_PROGRAMS = (
    Reason(NO_SESSION_TO_SAVE, "sessions.probe_failing_interface", "events"),
    Reason(NO_PATH, "middleware.probe_wsgi_by_hand", "least"),
    Reason(NO_PATH, "middleware.probe_wsgi_by_hand", "events"),
    Reason(PROXY_CLASS, "proxies.*", "* type", exactly(False, True)),
    Reason(PROXY_CLASS, "proxies.*", "* wrapped", exactly("function", "ContextVar")),
    Reason(PROXY_CLASS, "proxies.*", "* iterated", exactly("raised RuntimeError", "raised TypeError")),
    Reason(MISTAKE_NAMED, "responses.probe_outside", "none", exactly("raised TypeError", "raised RuntimeError")),
    Reason(MISTAKE_NAMED, "responses* /status-float", "events", replaced("TypeError", "AttributeError")),
    Reason(MISTAKE_NAMED, "responses* /status-float", "raised", exactly("TypeError", "AttributeError")),
    Reason(MISTAKE_NAMED, "blueprints.probe_names", "no blueprint", replaced("TypeError", "AttributeError")),
    Reason(BROKEN_TAG, "tags.probe_round_trips", "read *", exactly("raised ValueError", "raised TypeError")),
    Reason(NO_LOST_WRITES, "sessions(no key)* GET /do/or*"),
    Reason(EMPTY_DOMAIN, "config_keys(SESSION_COOKIE_DOMAIN='')*", "headers"),
    Reason(NO_LIMIT, "limits* POST */read/*?max_content_length= with *"),
    Reason(NO_LIMIT, "limits* POST */read/*?max_form_parts= with *"),
    Reason(NO_LIMIT, "limits* POST */read/*?max_form_memory_size= with *"),
    Reason(NO_LIMIT, "limits.probe_limits", "set to None"),
    Reason(CUT_OFF, "limits* POST /read/*, chunked", "status", exactly("413 REQUEST ENTITY TOO LARGE", "200 OK")),
    Reason(CUT_OFF, "limits* POST /read/*, chunked", "headers"),
    Reason(CUT_OFF, "limits* POST /read/*, chunked", "events", replaced("413 REQUEST ENTITY TOO LARGE", "200 OK")),
    Reason(CUT_OFF, "limits* POST /read/*, chunked", "body", saying("413 Request Entity Too Large", '"read"')),
    Reason(NAMED_AT_ONCE, "hooks* GET /outer/inner/1 query_string={'after-*': 'stop'}", "events"),
    Reason(WHOLE_PAGE, "streaming* /error-after*", "events", replaced("['after', False]", "['after', True]")),
    Reason(LATE_SESSION, "json_io.probe_session_by_own_provider", "events", in_another_order),
    *each(LOOP_WITHIN_LOOP, "asynchronous* GET /template", "asynchronous.probe_in_a_loop"),
    Reason(COPY_IS_PLAIN, "asynchronous* GET /copied"),
    Reason(OWN_PROCESSORS, "blueprints.probe_registries", "template_context_processors"),
)

REASONS: tuple[Reason, ...] = (*BY_CLIENTS, *OF_THE_END, *AS_DOCUMENTED, *OF_PROGRAMS)
