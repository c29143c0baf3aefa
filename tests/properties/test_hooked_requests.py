"""A request in which nothing takes part but hooks and a view begins and ends by a short way: what is called, in which
order and what is answered is the same as by the long way, which a subscriber to a signal asks for.
"""

from __future__ import annotations

import typing as t
from contextlib import nullcontext

from hypothesis import given
from hypothesis import strategies as st

from flask import Blueprint, Flask, Response, g, has_app_context, has_request_context, request_started

KINDS = ("url_value_preprocessor", "before_request", "after_request", "teardown_request", "teardown_appcontext")
DEEDS = ("nothing", "answer", "fail", "stop", "touch")

hooks = st.tuples(
    st.sampled_from(KINDS), st.sampled_from(["app", "outer", "inner"]), st.sampled_from(DEEDS), st.booleans()
)


def hook_of(number: int, kind: str, deed: str, is_async: bool, seen: list[t.Any]) -> t.Callable[..., t.Any]:
    """A function to register that notes its calls and does something."""

    def act(*args: t.Any) -> t.Any:
        error = args[0] if kind.startswith("teardown") else None
        seen.append((number, type(error).__name__, has_app_context(), has_request_context(), dict(vars(g))))
        if deed == "fail":
            raise LookupError(number)
        if deed == "stop" and not is_async:
            raise StopIteration(number)
        if deed == "touch":
            g.touched = number
        if kind == "after_request":
            args[0].headers[f"X-{number}"] = deed
            return args[0] if deed != "answer" else Response("after")
        return f"answer {number}" if deed == "answer" else None

    async def act_async(*args: t.Any) -> t.Any:
        return act(*args)

    return act_async if is_async else act


def app_with(registered: list[t.Any], seen: list[t.Any]) -> Flask:
    app = Flask(__name__)
    app.logger.disabled = True
    outer, inner = Blueprint("outer", __name__, url_prefix="/outer"), Blueprint("inner", __name__)
    for number, (kind, place, deed, is_async) in enumerate(registered):
        scaffold: t.Any = {"app": app, "outer": outer, "inner": inner}[place]
        if kind == "teardown_appcontext":
            scaffold = app
        getattr(scaffold, kind)(hook_of(number, kind, deed, is_async, seen))
    app.add_url_rule("/", "index", lambda: f"index {vars(g)}")
    inner.add_url_rule("/", "index", lambda: f"inner {vars(g)}")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    return app


@given(st.lists(hooks, max_size=8), st.sampled_from(["/", "/outer/", "/nowhere"]), st.sampled_from(["GET", "HEAD"]))
def test_both_ways_are_the_same(registered: list[t.Any], path: str, method: str) -> None:
    outcomes = []
    for is_long in (False, True):
        seen: list[t.Any] = []
        app = app_with(registered, seen)
        with request_started.connected_to(lambda sender: None, app) if is_long else nullcontext():
            outcomes.append((_outcome(app, path, method), seen))
        assert not has_request_context() and not has_app_context()
    assert outcomes[0] == outcomes[1]


def _outcome(app: Flask, path: str, method: str) -> t.Any:
    outcomes: list[t.Any] = []
    for _ in range(2):  # an application's first request has more to do, and goes the long way
        try:
            response = app.test_client().open(path, method=method)
            outcomes.append((response.status, list(response.headers), response.data))
        except BaseException as error:
            outcomes.append(repr(error))
    return outcomes
