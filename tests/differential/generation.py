"""Declarations of applications, and requests to them, as Hypothesis generates them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

CODES = [400, 403, 404, 405, 500, 503]
ERRORS = [
    *("Exception", "LookupError", "ValueError", "OwnError", "NarrowError", "HTTPException", "NotFound", "OwnNotFound"),
    *("Forbidden", "BadRequest", "BadRequestKeyError", "MethodNotAllowed", "InternalServerError", "Teapot"),
]
HOOKS = [
    "before",
    "after",
    "teardown",
    "teardown of the app",
    "values",
    "defaults",
    "app before",
    "app after",
    "app teardown",
]
# Of the two kinds that are called while URLs are matched and built, a coroutine function is none.
NEVER_ASYNC = {"values", "defaults"}
DEEDS = [
    *("answer", "empty", "tuple", "json", "response", "redirect", "stream", "false", "number", "exception"),
    *("value-error", "own-error", "narrow-error", "chained", "own-not-found", "teapot", "forbidden"),
    *("abort-400", "abort-404", "abort-405", "abort-500", "abort-503", "abort-response", "abort-unknown"),
    *("missing-key", "not-json", "exit", "flash", "remember", "after-this", "keep", "log"),
]
# Once a request is being answered this does something else, on purpose: reasons.ABSENT_IN_A_HANDLER.
REFUSAL = "not-json"
NAMES = ["a", "b", "c"]

hooks = st.tuples(st.sampled_from(HOOKS), st.sampled_from(NAMES), st.booleans()).map(
    lambda hook: [hook[0], hook[1], hook[2] and hook[0] not in NEVER_ASYNC]
)
handlers = st.tuples(st.sampled_from([*CODES, *ERRORS]), st.sampled_from(NAMES), st.booleans()).map(list)
configs = st.fixed_dictionaries(
    {},
    optional={
        "DEBUG": st.booleans(),
        "TESTING": st.booleans(),
        "PROPAGATE_EXCEPTIONS": st.booleans(),
        "TRAP_HTTP_EXCEPTIONS": st.booleans(),
        "TRAP_BAD_REQUEST_ERRORS": st.booleans(),
        "SESSION_REFRESH_EACH_REQUEST": st.booleans(),
        "PROVIDE_AUTOMATIC_OPTIONS": st.booleans(),
    },
)


def scopes(number: int) -> st.SearchStrategy[dict[str, Any]]:
    """The application, or the blueprint of that number, which is registered on a scope before it."""
    return st.fixed_dictionaries(
        {
            "hooks": st.lists(hooks, min_size=2, max_size=7),
            "handlers": st.lists(handlers, min_size=1, max_size=4),
            "methods": st.sampled_from([["GET"], ["GET", "POST"], ["POST"], ["GET", "OPTIONS"]]),
            "async_view": st.booleans(),
            "parent": st.integers(0, max(number - 1, 0)),
            "prefix": st.sampled_from([f"/p{number}", f"/p{number}/", f"/<int:value{number}>"]),
        }
    )


declarations = st.integers(1, 4).flatmap(
    lambda count: st.fixed_dictionaries(
        {
            "config": configs,
            "listening": st.booleans(),
            "scopes": st.tuples(*(scopes(number) for number in range(count))).map(list),
        }
    )
)


def paths_of(declaration: dict[str, Any]) -> list[str]:
    """The paths of all views, and some of none."""
    prefixes = [""]
    for number, scope in enumerate(declaration["scopes"][1:], start=1):
        own = scope["prefix"].replace(f"<int:value{number}>", "7").rstrip("/")
        prefixes.append(prefixes[scope["parent"]] + own)
    return [f"{prefix}{end}" for prefix in prefixes for end in ("/", "/", "/3", "/3", "/missing", "")]


@st.composite
def requests(draw: st.DrawFn, declaration: dict[str, Any]) -> list[dict[str, Any]]:
    """What one client asks of the application."""
    stages = ["view", "handler", *(f"{stage}-{name}" for stage in ("before", "after") for name in NAMES)]
    wanted = st.dictionaries(st.sampled_from(stages), st.sampled_from(DEEDS), min_size=1, max_size=3).filter(
        lambda query: all(deed != REFUSAL for stage, deed in query.items() if stage.startswith(("handler", "after")))
    )
    one = st.fixed_dictionaries(
        {
            "method": st.sampled_from([*["GET"] * 6, "POST", "HEAD", "OPTIONS", "PUT"]),
            "path": st.sampled_from(paths_of(declaration)),
            "query_string": wanted,
        },
        optional={
            "headers": st.sampled_from([{"Accept": "application/json"}, {"Host": "example.org:80"}, {"X-A": "é"}])
        },
    )
    return draw(st.lists(one, min_size=6, max_size=16))
