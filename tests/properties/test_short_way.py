"""Whatever a view does, and whoever takes part: the short way of a request answers as the steps do."""

from __future__ import annotations

import asyncio
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import flask
from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface

from ..asgi.server import DISCONNECT, Exchange, scope_for
from ..test_short_way import (
    BODIES,
    RAISED,
    READ,
    RETURNED,
    SET_UP,
    TOUCHED,
    Notes,
    Unwritable,
    _debugged,
    _handled,
    _propagated,
    _raise,
    _set_taken,
    _without_key,
    by_asgi,
    by_wsgi,
    outcome,
)


def _counted(notes: Notes) -> Notes:
    """The notes that must be the same. To sign a session, itsdangerous tries what writes it; our signing knows."""
    return [note for note in notes if note != "dumps"]


#: What a view may do before it returns, and one after another.
ACTIONS = {
    **{name: TOUCHED[name] for name in TOUCHED if name not in ("stream", "context copied", "nested requests")},
    "g": lambda app, notes: g.setdefault("a", len(_counted(notes))),
    "session cleared": lambda app, notes: session.clear(),
    "session permanent": lambda app, notes: setattr(session, "permanent", True),
    "files": lambda app, notes: request.files.to_dict(),
    "form": lambda app, notes: request.form.to_dict(),
    "response class": lambda app, notes: SET_UP["response class"](app, notes),
    "response by hand": lambda app, notes: flask.make_response("by hand").headers.to_wsgi_list(),
    "settings": lambda app, notes: SET_UP["settings of the provider"](app, notes),
    "provider": lambda app, notes: SET_UP["provider"](app, notes),
}
PARTS = {
    **{name: SET_UP[name] for name in SET_UP if name != "converter"},
    "handlers": _handled,
    "propagated": _propagated,
    "debugged": _debugged,
    "no key": _without_key,
    "before": lambda app, notes: app.before_request(lambda: notes.append("before")),
    "before that answers": lambda app, notes: app.before_request(lambda: {"early": 1}),
    "after": lambda app, notes: app.after_request(lambda response: notes.append(response.status) or response),
    "preprocessor": lambda app, notes: app.url_value_preprocessor(lambda *args: notes.append(args)),
}
#: What is raised here is not raised through an event loop, which it would end.
ERRORS = ("http", "another", "key", "response")



def _session_of(values: dict[str, t.Any]) -> tuple[str, str]:
    """The header with a session that the application signed before."""
    app = Flask("shop")
    app.secret_key = "test key"
    signing = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signing is not None
    return "Cookie", f"session={signing.dumps(values)}"


json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.builds(Unwritable)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=5,
)
results = st.one_of(
    st.text(st.characters()),
    st.lists(json, max_size=3),
    st.dictionaries(st.text(max_size=3), json, max_size=3),
    st.sampled_from(sorted(set(RETURNED) - {"dict within itself"})).map(lambda name: RETURNED[name]),
    st.sampled_from(ERRORS).map(lambda name: lambda: _raise(RAISED[name]())),
)
options = st.fixed_dictionaries(
    {"method": st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"])},
    optional={
        "headers": st.sampled_from(
            [
                [("Cookie", "a=1")],
                [("Cookie", "session=forged; a=1")],
                [_session_of({"user": "ada"})],
                [_session_of({"user": "ada", "_permanent": True})],
                [("Cookie", "a=1"), ("Cookie", "session=forged")],
                [("X-A", "1"), ("X-A", "2")],
            ]
        ),
        "path": st.sampled_from(["/", "/?a=1&%FF=2", "/nowhere", "/ä", "//"]),
    },
)


@given(
    st.lists(st.sampled_from(sorted(ACTIONS)), max_size=4),
    st.sets(st.sampled_from(sorted(PARTS)), max_size=2),
    results,
    options,
    st.sampled_from(sorted(BODIES)),
    st.booleans(),
    st.sampled_from(["wsgi", "asgi"]),
)
@settings(max_examples=150, deadline=None)
def test_the_short_way_answers_as_the_steps_do(
    actions: list[str],
    parts: set[str],
    result: t.Any,
    sent: dict[str, t.Any],
    body: str,
    is_async: bool,
    protocol: str,
) -> None:
    def set_up(app: Flask, notes: Notes) -> None:
        for part in sorted(parts):
            PARTS[part](app, notes)

    def do(app: Flask, notes: Notes) -> t.Any:
        for action in actions:
            notes.append(repr(ACTIONS[action](app, notes))[:20])
        return result() if callable(result) else result

    if sent["method"] in ("POST", "PUT"):
        sent = {**BODIES[body], **sent}
    found = []
    for is_taken in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            _set_taken(is_taken, patch)
            answers, notes, log = outcome(by_wsgi if protocol == "wsgi" else by_asgi, set_up, do, is_async, sent)
            found.append([answers, _counted(notes), log])
    assert found[0] == found[1]


@given(
    st.sampled_from(sorted(READ)),
    st.sampled_from([[b"tea"], [b"t", b"ea"], [b"", b"tea"], [b"te"], [b"teas"], [b"tea", b"s"], [{}], [b"t", {}]]),
    st.sampled_from([b"3", b"03", b"0", b"", b"tea", None]),
    st.booleans(),
    st.sampled_from([None, 2, 3]),
    st.integers(0, 2),
)
@settings(max_examples=150, deadline=None)
def test_bodies_as_servers_hand_them_over(
    read: str, chunks: t.Any, length: bytes | None, is_streamed: bool, limit: int | None, waits: int
) -> None:
    """In pieces, late, shorter or longer than said, not at all, or cut off."""
    found = []
    for is_taken in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            _set_taken(is_taken, patch)
            found.append(_answer_to(read, chunks, length, is_streamed, limit, waits))
    assert found[0] == found[1]


def _answer_to(
    read: str, chunks: t.Any, length: bytes | None, is_streamed: bool, limit: int | None, waits: int
) -> list[t.Any]:
    app = Flask("shop")
    app.logger.disabled = True
    app.config["MAX_CONTENT_LENGTH"] = limit

    async def view() -> t.Any:
        for _ in range(waits):
            await asyncio.sleep(0)
        return READ[read](app, [])

    app.add_url_rule("/", endpoint="index", view_func=view, methods=["POST"], stream_body=is_streamed)
    headers = [(b"content-type", b"text/plain"), *([(b"content-length", length)] if length is not None else [])]
    script = [DISCONNECT if chunk == {} else chunk for chunk in chunks]
    if DISCONNECT in script and len(script) > 1:
        script[0] = {"type": "http.request", "body": script[0], "more_body": True}

    async def send() -> list[t.Any]:
        seen: list[t.Any] = []
        for sent, method in (([], "OPTIONS"), ([], "OPTIONS"), (script, "POST")):
            late = [asyncio.Event()] if waits == 2 and sent else []
            exchange = Exchange(app, scope_for("/", method, headers if sent else []), [*late, *sent]).start()
            if late:
                asyncio.get_running_loop().call_soon(late[0].set)
            try:
                answer = await exchange.finish()
                seen.append((answer.status, list(answer.headers), answer.chunks))
            except BaseException as error:
                seen.append(repr(error))
        return seen

    return asyncio.run(send())
