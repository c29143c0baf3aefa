"""The eras: where two Flask releases contradict each other, and which of the two this process follows.

Nearly everything that Flask ever documented can be had at once. What cannot stands in :data:`DIFFERENCES`, one row for
each contradiction, and the process's *era* decides: the environment variable ``FLASK_ERA`` (``0.8`` to ``3.1``), read
once when this module is imported, or :func:`use`, called before an application or blueprint is made. The default is the
newest era.

A row is read at one place of the framework, by :func:`is_old`. Safety is not a matter of eras: templates made from
strings are escaped and secrets are compared in constant time in each of them.
"""

from __future__ import annotations

import functools
import inspect
import os
import typing as t
from types import MappingProxyType

F = t.TypeVar("F", bound=t.Callable[..., t.Any])
T = t.TypeVar("T")

#: The eras that can be asked for, oldest first.
ERAS: t.Final = ("0.8", "0.9", "0.10", "0.11", "0.12", "1.0", "1.1", "2.0", "2.1", "2.2", "2.3", "3.0", "3.1")

#: The era that holds when none is asked for.
NEWEST: t.Final = ERAS[-1]


class Difference(t.NamedTuple):
    """One contradiction between eras: what held before a release, and what holds since."""

    since: str
    before: str
    after: str
    why: str


#: Every contradiction, by the name that :func:`is_old` is asked with.
DIFFERENCES: t.Final[t.Mapping[str, Difference]] = MappingProxyType(
    {
        "setup_check_in_debug_only": Difference(
            "2.2",
            "Registering something after the first request raises AssertionError in debug mode only.",
            "It raises AssertionError always; on a blueprint, once it has been registered.",
            "0.8 programs register late on purpose; newer ones rely on being told.",
        ),
        "blueprint_name_dots": Difference(
            "2.0",
            "A blueprint's name may hold dots.",
            "A dot in a blueprint's name raises ValueError: it separates nested blueprints.",
            "With dots in names, nesting is ambiguous.",
        ),
        "blueprint_registered_again": Difference(
            "2.1",
            "One blueprint may be registered repeatedly under its own name.",
            "The second registration needs a name of its own (`name=`), else ValueError.",
            "url_for() cannot tell the registrations apart by one name.",
        ),
        "post_redirect_raises": Difference(
            "2.1",
            "In debug mode, any redirect by the routing of a request with a body raises FormDataRoutingRedirect.",
            "It raises only where the redirect would lose the body: never with the codes 307 and 308.",
            "Routing redirects with 308 since Werkzeug 0.15, which keeps the body.",
        ),
        "nested_subdomains": Difference(
            "2.3",
            "A nested blueprint has a subdomain of its own, or none.",
            "It stands below the subdomain of the blueprint that it is nested in, and has that if none of its own.",
            "A host can be matched in one way only.",
        ),
        "location_absolute": Difference(
            "2.1",
            "The header Location of a response is completed to a whole URL when it is sent.",
            "It is sent as it is, relative if it is so.",
            "Old tests match on the text. Werkzeug changed it, as the standard allows since 2014.",
        ),
        "server_name_matching": Difference(
            "3.1",
            "SERVER_NAME switches subdomain matching on: a request for another host is not found.",
            "Subdomains are matched only with `subdomain_matching=True`.",
            "SERVER_NAME is also wanted just to build URLs outside of requests.",
        ),
        "server_name_cookie_domain": Difference(
            "2.3",
            "The session cookie gets the domain of SERVER_NAME with a dot in front, shared with all subdomains.",
            "The cookie belongs to the exact host, unless SESSION_COOKIE_DOMAIN says otherwise.",
            "Sharing a session with every subdomain by default is unsafe.",
        ),
        "request_json_none": Difference(
            "2.1",
            "`request.json` is None where the mimetype is not JSON.",
            "It aborts with 415 Unsupported Media Type (400 in 2.1 and 2.2).",
            "None also means the body `null`.",
        ),
        "authorization_dict": Difference(
            "2.3",
            "`request.authorization` is a dict for the schemes Basic and Digest, and None for every other.",
            "It is there for every scheme, with `token` for those such as Bearer, and no dict.",
            "Old extensions look into the header themselves where it is None; newer ones ask it for the token.",
        ),
        "jsonify_objects_only": Difference(
            "0.11",
            "jsonify() takes what dict() takes, and refuses a list.",
            "It takes any one value, lists included.",
            "The hole in old browsers that made lists unsafe is closed.",
        ),
        "blueprint_500_unused": Difference(
            "0.11",
            "A blueprint's handler for 500 is never used; the application's is.",
            "It is used for errors in the blueprint's own views.",
            "The 0.8 reference promises the former.",
        ),
        "handler_500_gets_original": Difference(
            "1.1",
            "A handler for 500 gets the exception that was raised.",
            "It gets an InternalServerError with that exception as `original_exception`.",
            "One type for one code.",
        ),
        "context_kept_on_exception": Difference(
            "2.2",
            "In debug mode the context of a failed request is kept for the debugger, until the next request.",
            "It is kept only where PRESERVE_CONTEXT_ON_EXCEPTION asks for it.",
            "Kept contexts surprised more people than they helped.",
        ),
        "client_keeps_context": Difference(
            "2.2",
            "In the test client's `with` body the teardown functions run at the end of the body.",
            "They run at the end of the request; the context is then entered again for the body.",
            "Teardown in tests runs when it runs in production.",
        ),
        "module_endpoints": Difference(
            "0.11",
            "In a view of a Module, url_for('index') means the module's own endpoint and url_for('.index') the"
            " application's.",
            "It is as in a blueprint: url_for('.index') means its own and url_for('index') the application's.",
            "Each means what the other did.",
        ),
        "handler_spec_flat": Difference(
            "0.11",
            "`error_handler_spec` reads `{None: {404: handler, None: [(class, handler)]}}`.",
            "It reads `{None: {404: {NotFound: handler}, None: {class: handler}}}`.",
            "Either shape may be assigned in every era; what is read back can have only one.",
        ),
        "response_tuple_arguments": Difference(
            "0.9",
            "A tuple from a view holds the arguments of the response class, up to five.",
            "It is (body, status, headers), (body, status) or (body, headers); a longer one raises TypeError.",
            "The position of headers differs.",
        ),
        "tojson_slashes": Difference(
            "0.10",
            r"|tojson writes `/` as `\/`.",
            "|tojson leaves `/` alone, and escapes <, >, & and ' instead.",
            r"`\/` was the old way to keep `</script>` out; the new one holds in every era besides.",
        ),
        "default_application_root": Difference(
            "1.0", "APPLICATION_ROOT is None.", "APPLICATION_ROOT is '/'.", "The default is a class attribute."
        ),
        "default_trap_bad_request": Difference(
            "1.0",
            "TRAP_BAD_REQUEST_ERRORS is False.",
            "TRAP_BAD_REQUEST_ERRORS is None: on in debug mode.",
            "The default is a class attribute.",
        ),
        "default_debug": Difference(
            "0.11",
            "DEBUG is False.",
            "DEBUG is None in `default_config`, and comes from FLASK_DEBUG.",
            "0.8 to 0.10 do not read the environment.",
        ),
        "config_lists_past_keys": Difference(
            "2.3",
            "`app.config` lists ENV, JSON_AS_ASCII, JSON_SORT_KEYS, JSONIFY_MIMETYPE, JSONIFY_PRETTYPRINT_REGULAR and"
            " LOGGER_HANDLER_POLICY.",
            'It does not list them, though reading one, as in `config["ENV"]`, gives its value in every era.',
            "A program may look over its settings, or ask whether there is one.",
        ),
        "development_debugs": Difference(
            "2.3",
            "FLASK_ENV=development switches debug mode on, if FLASK_DEBUG is not set.",
            "Only FLASK_DEBUG does; the `flask` command minds FLASK_ENV in every era.",
            "Debug mode is unsafe in public, so a variable that lost its meaning must not bring it about.",
        ),
        "json_config_unset": Difference(
            "2.2",
            "JSON_AS_ASCII and JSON_SORT_KEYS are True, JSONIFY_MIMETYPE is 'application/json'.",
            "They are None: the attributes of `app.json` decide.",
            "A default value can be read.",
        ),
        "jsonify_debug": Difference(
            "2.2",
            "In debug mode jsonify() writes over several lines, though JSONIFY_PRETTYPRINT_REGULAR is False.",
            "Where that is False, jsonify() writes on one line.",
            "False was the default, and so could not be a wish.",
        ),
        "jsonify_readable": Difference(
            "1.0",
            "jsonify() writes over several lines: JSONIFY_PRETTYPRINT_REGULAR is True.",
            "It does so in debug mode only.",
            "Old tests match on the text.",
        ),
        "jsonify_xhr": Difference(
            "1.0",
            "jsonify() answers an XMLHttpRequest on one line, whatever the settings say.",
            "A request's headers make no difference.",
            "The same data should give the same text.",
        ),
        "default_jinja_extensions": Difference(
            "2.0",
            "`jinja_options` names jinja2.ext.autoescape and jinja2.ext.with_.",
            "`jinja_options` is empty.",
            "Both are built into Jinja; the names are accepted and dropped in every era.",
        ),
        "send_file_unconditional": Difference(
            "2.0",
            "send_file() answers conditional requests only with `conditional=True`.",
            "It does so by default.",
            "A 304 is an answer that old tests do not expect.",
        ),
        "send_file_max_age": Difference(
            "2.0",
            "SEND_FILE_MAX_AGE_DEFAULT is twelve hours: send_file() lets clients cache for as long.",
            "SEND_FILE_MAX_AGE_DEFAULT is None: send_file() sends `no-cache`, and clients ask again each time.",
            "Stale files after a deployment.",
        ),
        "inline_files_unnamed": Difference(
            "2.0",
            "A file that is no attachment gets no Content-Disposition.",
            "It gets `inline` with the file's name, which browsers offer when the file is saved.",
            "The 0.8 reference promises the header for attachments only.",
        ),
        "file_object_guessing": Difference(
            "0.12",
            "send_file() guesses mimetype and etag from a file object's name, with a DeprecationWarning each.",
            "It guesses nothing from a file object.",
            "0.7 deprecated it and 0.12 removed it.",
        ),
        "form_files_quotes": Difference(
            "2.0",
            'The error about a file missing from a form shows what was submitted in double quotes: "index.txt".',
            "It shows it as Python does: 'index.txt'.",
            "Old tests match on the text.",
        ),
        "logger_own_handlers": Difference(
            "1.0",
            "The logger bears `logger_name` and writes with `debug_log_format` to stderr, in debug mode only.",
            "The logger bears the application's name, and gets a handler only if the program configured none.",
            "The standard logging set-up of a program should decide.",
        ),
        "request_owns_g": Difference(
            "0.10",
            "`g` belongs to the request.",
            "`g` belongs to the application context; a request inside one of the same application shares it.",
            "Resources that live as long as the application context, as in command line programs.",
        ),
        "argument_order": Difference(
            "1.0",
            "Positional arguments of Flask() stand in the order of 0.8, with `static_path` as the second.",
            "They stand in the order of today.",
            "A position can have only one meaning; names of every era are accepted by keyword.",
        ),
        "file_argument_order": Difference(
            "2.0",
            "Positional arguments of send_file() stand in the order of 0.8, with `add_etags` as the fifth.",
            "They stand in the order of today.",
            "As for Flask().",
        ),
    }
)

_era: str
_old: frozenset[str]
_built = False
_reordered: list[tuple[t.Any, str, tuple[str, ...]]] = []


def _number(era: str) -> tuple[int, ...]:
    return tuple(int(part) for part in era.split("."))


def _adopt(era: str) -> None:
    global _era, _old
    if era not in ERAS:
        raise ValueError(
            f"There is no era {era!r} of Flask. FLASK_ERA and flask.eras.use() take one of: {', '.join(ERAS)}."
        )
    _era = era
    _old = frozenset(name for name, row in DIFFERENCES.items() if _number(era) < _number(row.since))
    for function, row, names in _reordered:
        _show_order(function, row, names)


def use(era: str) -> None:
    """Choose the era of this process, before anything is built.

    :param era: one of :data:`ERAS`, as text: ``"0.8"`` to ``"3.1"``.
    :raises ValueError: if there is no such era.
    :raises RuntimeError: if an application or a blueprint was made already: it would belong to two eras.

    .. versionadded:: 3.1.100
    """
    if _built and era != _era:
        raise RuntimeError(
            f"The era cannot change to {era!r}: an application or blueprint was already made in the era {_era!r}."
            " Call flask.eras.use() before the first of them is made, or set FLASK_ERA for the process."
        )
    _adopt(era)


def current() -> str:
    """The era of this process.

    .. versionadded:: 3.1.100
    """
    return _era


def is_old(name: str) -> bool:
    """Whether the process's era is one before the named difference came.

    :param name: a key of :data:`DIFFERENCES`.
    """
    return name in _old


def is_after(era: str) -> bool:
    """Whether the process's era is a later one.

    :param era: one of :data:`ERAS`.
    """
    return _number(_era) > _number(era)


def settle() -> None:
    """Note that something was built, so that the era can no longer change."""
    global _built
    _built = True


class ByEra(t.Generic[T]):
    """A class attribute whose value the era decides; assigning to it, or overriding it in a subclass, replaces it."""

    def __init__(self, name: str, before: T, after: T) -> None:
        self.name = name
        self.before = before
        self.after = after

    def __get__(self, instance: object, owner: type | None = None) -> T:
        return self.before if self.name in _old else self.after


def positional(row: str, *names: str) -> t.Callable[[F], F]:
    """Let a function take its positional arguments in the old order while the named difference is old.

    :param row: a key of :data:`DIFFERENCES`.
    :param names: the parameters in their old order. One that the function lacks must be taken by its ``**kwargs``.
    """

    def decorate(function: F) -> F:
        skip = 1 if function.__code__.co_varnames[0] == "self" else 0

        @functools.wraps(function)
        def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
            if row in _old and len(args) > skip:
                if len(args) - skip > len(names):
                    raise TypeError(
                        f"{function.__qualname__}() takes at most {len(names)} positional arguments"
                        f" in the era {_era}: {', '.join(names)}."
                    )
                for name, value in zip(names, args[skip:], strict=False):
                    if name in kwargs:
                        raise TypeError(f"{function.__qualname__}() got two values for the argument {name!r}.")
                    kwargs[name] = value
                args = args[:skip]
            return function(*args, **kwargs)

        _reordered.append((call, row, names))
        _show_order(call, row, names)
        return t.cast(F, call)

    return decorate


def _show_order(function: t.Any, row: str, names: t.Sequence[str]) -> None:
    """Have the signature of a function show the order that holds. That of today shows by itself."""
    vars(function).pop("__signature__", None)
    if row in _old:
        function.__signature__ = _in_order(inspect.signature(function), names)


def _in_order(new: inspect.Signature, names: t.Sequence[str]) -> inspect.Signature:
    """The signature with the named parameters first, in that order, and all others by keyword."""
    first = [new.parameters["self"]] if "self" in new.parameters else []
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    first += [new.parameters.get(name, inspect.Parameter(name, kind)).replace(kind=kind) for name in names]
    seen = {parameter.name for parameter in first}
    rest = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        else parameter
        for parameter in new.parameters.values()
        if parameter.name not in seen
    ]
    return new.replace(parameters=[*first, *rest])


_adopt(os.environ.get("FLASK_ERA") or NEWEST)
