"""What the application does with a request: what answers, what runs around it, and what nearly answered.

The fields of the classes are the keys of ``flask routes --match --json``.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, MethodNotAllowed
from werkzeug.routing import RequestRedirect, RoutingException, WebsocketMismatch
from werkzeug.sansio.utils import get_current_url

from .._activation import activate, app_context, deactivate
from .._dispatch.steps import answers_options, view_of
from .._stages import replaced
from ..sansio import handlers
from .near_misses import Reason, find_near_misses
from .places import Place, place_of
from .redirects import find_redirect
from .requests import environ_of

if t.TYPE_CHECKING:
    from werkzeug.routing import Rule

    from ..app import Flask
    from ..ctx import RequestContext
    from ..wrappers import Request


@dataclass(frozen=True)
class Route:
    """A URL rule, and the view behind it."""

    rule: str
    endpoint: str
    #: Sorted; none means any.
    methods: list[str]
    #: The host that it is for, where the application goes by hosts; the subdomain, where it does not.
    host: str | None
    subdomain: str | None
    #: ``None`` if its endpoint has no view.
    view: Place | None


@dataclass(frozen=True)
class Hook:
    """A function that runs before or after the view."""

    #: What registered it: ``before_request``, ``teardown_request`` and so on.
    kind: str
    #: The blueprint that it is for; ``None`` if it is for the application.
    blueprint: str | None
    function: Place


@dataclass(frozen=True)
class Handler:
    """An error handler."""

    #: The status code that it is for, if it is for one.
    code: int | None
    #: The class of exceptions that it is for.
    exception: str
    #: The blueprint that it is for; ``None`` if it is for the application.
    blueprint: str | None
    function: Place


@dataclass(frozen=True)
class NearMiss:
    """A rule that nearly answered, and why it did not."""

    route: Route
    reasons: list[Reason]


@dataclass(frozen=True)
class Explanation:
    """What the application does with a request."""

    method: str
    url: str
    #: Who answers, if no hook does before: ``view``, ``options`` (the automatic answer), ``redirect`` or ``error``.
    outcome: str
    #: The status of a redirect or an error.
    status: int | None
    #: The class of the error, and what it says beyond that.
    error: str | None
    #: Where a redirect goes to.
    location: str | None
    #: Why there is one, if the URL map redirects.
    redirect: Reason | None
    #: The methods that an error 405, or the automatic answer to OPTIONS, tells.
    allowed_methods: list[str] | None
    #: Of a redirect, the one that redirects.
    route: Route | None
    #: The values from the URL, converted.
    values: dict[str, t.Any]
    #: In the order in which they run.
    hooks: list[Hook]
    #: Who answers the error.
    error_handler: Handler | None
    #: Those that errors of this request may get to; the more specific first, of the blueprint before the application.
    error_handlers: list[Handler]
    #: The stages of a request that are the application's own, and may do otherwise than is told here.
    overridden: list[str]
    #: The nearest first.
    near_misses: list[NearMiss]


def explain(app: Flask, method: str, url: str) -> Explanation:
    """Tell what the application does with a request.

    The request is matched as one that came, and goes no further: no hook is run and no session is opened. The context
    of the application is active already.

    :param url: its path, or a whole URL.
    """
    ctx = app.request_context(environ_of(app, url, method=method))
    # Active for converters that look at the request; not pushed, since what is pushed opens a session and is torn down.
    activate(ctx, app_context(), ctx)
    try:
        ctx.replaced = replaced(ctx.app)
        ctx.match_request()
        return _explain(ctx.app, ctx)
    finally:
        deactivate(ctx)


def _explain(app: Flask, ctx: RequestContext) -> Explanation:
    request, rule = ctx.request, ctx.request.url_rule
    error: Exception | None = None
    try:
        view_of(app, ctx)
    except Exception as raised:
        error = raised
    allowed = _allowed_methods(ctx, error)
    redirect = find_redirect(ctx.url_adapter) if ctx.url_adapter and isinstance(error, RequestRedirect) else None
    if redirect is not None:
        rule = redirect.rule
    all_handlers = list(_handlers(app, request.blueprints))
    return Explanation(
        method=request.method,
        url=_url_of(request),
        outcome=_outcome(error, allowed),
        status=getattr(error, "code", 500) if error else None,
        error=_say(error) if error and not isinstance(error, RoutingException) else None,
        location=error.new_url if isinstance(error, RequestRedirect) else None,
        redirect=redirect.reason if redirect else None,
        allowed_methods=allowed,
        route=route_of(app, rule) if rule is not None else None,
        values=dict((redirect.values if redirect else request.view_args) or {}),
        hooks=list(_hooks(app, request)),
        error_handler=_handler_of(app, request, error, all_handlers) if error else None,
        error_handlers=[handler for _, handler in all_handlers],
        overridden=sorted(replaced(app)),
        near_misses=_near_misses(app, ctx, rule),
    )


def _allowed_methods(ctx: RequestContext, error: Exception | None) -> list[str] | None:
    """The methods that an error 405, or the automatic answer to OPTIONS, tells."""
    if isinstance(error, MethodNotAllowed):
        return sorted(error.valid_methods or ())
    if error is None and answers_options(ctx.request):
        return sorted(ctx.url_adapter.allowed_methods()) if ctx.url_adapter else []
    return None


def _url_of(request: Request) -> str:
    """The URL of a request, which may refuse to tell it, because of its host."""
    host = request.environ["HTTP_HOST"]
    return get_current_url(request.scheme, host, request.root_path, request.path, request.query_string)


def _outcome(error: Exception | None, allowed: list[str] | None) -> str:
    if error is not None:
        return "redirect" if isinstance(error, RoutingException) else "error"
    return "view" if allowed is None else "options"


def _say(error: Exception) -> str:
    """The class of an error, and what it says beyond that."""
    said = error.description if isinstance(error, HTTPException) else str(error)
    name = type(error).__name__
    return f"{name}: {said}" if said and said != getattr(type(error), "description", None) else name


def route_of(app: Flask, rule: Rule) -> Route:
    """A URL rule, and the view behind it."""
    by_host = app.url_map.host_matching
    view = app.view_functions.get(rule.endpoint)
    return Route(
        rule=rule.rule,
        endpoint=str(rule.endpoint),
        methods=sorted(rule.methods or ()),
        host=rule.host or "" if by_host else None,
        subdomain=None if by_host else rule.subdomain or "",
        view=place_of(view) if view is not None else None,
    )


def _hooks(app: Flask, request: Request) -> t.Iterator[Hook]:
    """The functions around the view, in the order in which the steps of a request call them."""
    outwards: tuple[str | None, ...] = (*request.blueprints, None)
    inwards = outwards[::-1]
    yield from (Hook("before_first_request", None, place_of(function)) for function in app.before_first_request_funcs)
    for kind, registry, scopes, in_turn in (
        ("url_value_preprocessor", app.url_value_preprocessors, inwards, list),
        ("before_request", app.before_request_funcs, inwards, list),
        ("after_request", app.after_request_funcs, outwards, reversed),
        ("teardown_request", app.teardown_request_funcs, outwards, reversed),
    ):
        functions: t.Mapping[str | None, t.Sequence[t.Any]] = registry
        for scope in scopes:
            yield from (Hook(kind, scope, place_of(function)) for function in in_turn(functions.get(scope, ())))
    for function in reversed(app.teardown_appcontext_funcs):
        yield Hook("teardown_appcontext", None, place_of(function))


def _handlers(app: Flask, blueprints: t.Sequence[str]) -> t.Iterator[tuple[t.Any, Handler]]:
    """The error handlers that errors of a request may get to, in the order in which they are looked for."""
    found: dict[tuple[int | None, type], tuple[str | None, t.Any]] = {}
    for scope in (*blueprints, None):
        for code, kind, function in handlers.items(app.error_handler_spec.get(scope) or {}):
            if scope in handlers.scopes_for(code, blueprints):
                found.setdefault((code, kind), (scope, function))
    # One for a code goes before one for a class; of those, one for a subclass before one for its base.
    order = sorted(found, key=lambda key: (key[0] is None, key[0] or 0, -len(key[1].__mro__)))
    for code, kind in order:
        scope, function = found[code, kind]
        yield function, Handler(code, kind.__name__, scope, place_of(function))


def _handler_of(
    app: Flask, request: Request, error: Exception, all_handlers: list[tuple[t.Any, Handler]]
) -> Handler | None:
    """The handler that answers what the routing raised."""
    if isinstance(error, HTTPException) and (error.code is None or isinstance(error, RoutingException)):
        return None
    function = app._find_error_handler(error, request.blueprints)
    if function is None and not isinstance(error, HTTPException):
        function = app._find_error_handler(InternalServerError(original_exception=error), request.blueprints)
    return next((handler for known, handler in all_handlers if known is function), None)


def _near_misses(app: Flask, ctx: RequestContext, answering: Rule | None) -> list[NearMiss]:
    error = ctx.request.routing_exception
    if isinstance(error, BadRequest) and not isinstance(error, WebsocketMismatch):
        return []  # the host or the path is refused, whatever the rules
    adapter = ctx.url_adapter
    if adapter is None:
        return []
    return [NearMiss(route_of(app, rule), reasons) for rule, reasons in find_near_misses(adapter, answering)]
