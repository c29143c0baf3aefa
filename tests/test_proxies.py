"""The proxies `current_app`, `g`, `request` and `session`: what they say where nothing is active, and that they are the
object they stand for in every operation."""

from __future__ import annotations

import copy
import operator
import pickle
import typing as t

import pytest
from werkzeug.local import LocalProxy

import flask
from flask import Flask, current_app, g, request, session
from flask.globals import app_ctx, request_ctx
from flask.sessions import SecureCookieSession

OF_APPLICATION = {"current_app": current_app, "g": g, "app_ctx": app_ctx}
OF_REQUEST = {"request": request, "session": session, "request_ctx": request_ctx}
ALL = {**OF_APPLICATION, **OF_REQUEST}

every_proxy = pytest.mark.parametrize("proxy", ALL.values(), ids=ALL)

# An operation of each kind: reading, writing, deleting, iterating, calculating, calling. Comparing is not among them:
# Python takes a method that cannot be looked up for one that is not there.
OPERATIONS: dict[str, t.Callable[[t.Any], t.Any]] = {
    "getattr": lambda proxy: proxy.name,
    "getattr with default": lambda proxy: getattr(proxy, "name", None),
    "hasattr": lambda proxy: hasattr(proxy, "name"),
    "setattr": lambda proxy: setattr(proxy, "name", 1),
    "delattr": lambda proxy: delattr(proxy, "name"),
    "getitem": lambda proxy: proxy["name"],
    "setitem": lambda proxy: operator.setitem(proxy, "name", 1),
    "delitem": lambda proxy: operator.delitem(proxy, "name"),
    "contains": lambda proxy: "name" in proxy,
    "len": len,
    "list": list,
    "str": str,
    "or": lambda proxy: proxy | {},
    "ior": lambda proxy: operator.ior(proxy, {}),
    "call": lambda proxy: proxy(),
    "vars": vars,
    "copy": copy.copy,
    "get_current_object": lambda proxy: proxy._get_current_object(),
}


# Where nothing is active


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("proxy", OF_APPLICATION.values(), ids=OF_APPLICATION)
def test_outside_of_an_application_context(proxy: t.Any, operation: t.Callable[[t.Any], t.Any]) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)Working outside of application context.*app\.app_context\(\)"):
        operation(proxy)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("proxy", OF_REQUEST.values(), ids=OF_REQUEST)
def test_outside_of_a_request_context(app: Flask, proxy: t.Any, operation: t.Callable[[t.Any], t.Any]) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)Working outside of request context.*app\.test_request_context\(\)"):
        operation(proxy)
    with app.app_context(), pytest.raises(RuntimeError, match="Working outside of request context"):
        operation(proxy)


@every_proxy
def test_unbound_proxy_is_false_and_can_be_looked_at(proxy: t.Any) -> None:
    assert not proxy
    assert repr(proxy) == "<LocalProxy unbound>"
    assert dir(proxy) == []
    assert isinstance(proxy, LocalProxy)


# Where something is active


@every_proxy
def test_bound_proxy_passes_for_its_object(app: Flask, proxy: t.Any) -> None:
    with app.test_request_context("/path"):
        current = proxy._get_current_object()
        assert isinstance(proxy, LocalProxy)
        assert isinstance(proxy, type(current))
        assert proxy.__class__ is type(current)
        assert proxy == current
        assert not proxy != current  # noqa: SIM202  # the operator itself
        assert repr(proxy) == repr(current)
        assert str(proxy) == str(current)
        assert dir(proxy) == dir(current)
        assert vars(proxy) is vars(current)
        assert proxy.__doc__ == current.__doc__
        assert bool(proxy) is bool(current)


@pytest.mark.parametrize("name", ["current_app", "g", "request", "app_ctx", "request_ctx"])
def test_bound_proxy_is_hashed_as_its_object(app: Flask, name: str) -> None:
    with app.test_request_context():
        assert {ALL[name]: 1}[ALL[name]._get_current_object()] == 1


def test_what_the_proxies_stand_for(app: Flask) -> None:
    with app.test_request_context("/path"):
        assert isinstance(request, flask.Request)
        assert isinstance(current_app, Flask)
        assert isinstance(session, SecureCookieSession)
        assert isinstance(session, dict)
        assert current_app._get_current_object() is app
        assert repr(request) == "<Request 'http://localhost/path' [GET]>"
        assert not session  # an empty one, as any empty dict


def test_attributes_of_a_proxy(app: Flask) -> None:
    with app.test_request_context():
        for proxy in (g, request, current_app, session):
            current = proxy._get_current_object()
            proxy.note = ["kept"]
            assert current.note is proxy.note
            assert hasattr(proxy, "note")
            del proxy.note
            assert not hasattr(current, "note")
            assert getattr(proxy, "note", "default") == "default"
            with pytest.raises(AttributeError, match="note"):
                proxy.note
            with pytest.raises(AttributeError, match="note"):
                del proxy.note


def test_an_attribute_that_fails_is_asked_for_once(app: Flask) -> None:
    asked: list[str] = []

    class Note:
        def __getattr__(self, name: str) -> t.Any:
            asked.append(name)
            raise AttributeError(f"there is no {name} here", name=name, obj=self)

        @property
        def broken(self) -> None:
            asked.append("property")
            raise KeyError("broken")

    app.app_ctx_globals_class = Note  # type: ignore[assignment]  # it need not be like ours
    with app.app_context():
        with pytest.raises(AttributeError, match="there is no colour here") as caught:
            g.colour
        assert (caught.value.name, caught.value.obj) == ("colour", g._get_current_object())
        assert getattr(g, "size", "default") == "default"
        with pytest.raises(KeyError, match="broken"):
            g.broken
        assert asked == ["colour", "size", "property"]
        with pytest.raises(AttributeError, match="there is no shape here"):
            type(g).__getattr__(g, "shape")
        assert asked[3:] == ["shape"]


def test_items_of_a_proxy(app: Flask) -> None:
    with app.test_request_context():
        current = session._get_current_object()
        session["name"] = "set"
        assert current["name"] == session["name"] == "set"
        assert "name" in session
        assert len(session) == 1
        assert list(session) == list(reversed(session)) == ["name"]
        assert operator.ior(session, {"more": 1}) is session
        assert current == {"name": "set", "more": 1}
        del session["name"]
        assert "name" not in current
        with pytest.raises(KeyError):
            del session["name"]
        with pytest.raises(KeyError):
            session["name"]


def test_operators_of_a_proxy(app: Flask) -> None:
    """Any object may be stored on `g` or be a session; a proxy of Werkzeug's offers each operator that Python has."""

    class Anything(dict):
        def __call__(self, value: int) -> int:
            return value + 1

        def __enter__(self) -> str:
            return "entered"

        def __exit__(self, *exc_info: t.Any) -> None:
            pass

        def __getattr__(self, name: str) -> t.Any:
            raise AttributeError(name)

        def __int__(self) -> int:
            return 7

        def __add__(self, other: int) -> str:
            return f"+{other}"

        def __neg__(self) -> str:
            return "-"

        def __lt__(self, other: int) -> bool:
            return other == 8

        def __format__(self, spec: str) -> str:
            return f"formatted {spec}"

        __index__ = __len__ = __int__
        __radd__ = __matmul__ = __add__

    with app.test_request_context() as ctx:
        ctx.session = Anything()
        assert session(1) == 2
        with session as entered:
            assert entered == "entered"
        assert (int(session), "01234567"[session], len(session)) == (7, "7", 7)
        assert (session + 1, 1 + session, session @ 2, -session) == ("+1", "+1", "+2", "-")
        assert session < 8
        assert not session < 9
        assert f"{session:wide}" == "formatted wide"


def test_copies_of_what_a_proxy_stands_for(app: Flask) -> None:
    with app.test_request_context():
        session["list"] = [1]
        shallow, deep = copy.copy(session), copy.deepcopy(session)
        assert type(shallow) is type(deep) is SecureCookieSession
        session["list"].append(2)
        assert (shallow["list"], deep["list"]) == ([1, 2], [1])


def test_proxy_itself_is_not_the_object(app: Flask) -> None:
    with app.test_request_context():
        assert type(request) is not flask.Request
        assert request is not request._get_current_object()
        with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
            pickle.dumps(current_app)


def test_signal_receivers_are_found_by_the_application_and_not_by_the_proxy(app: Flask) -> None:
    seen: list[t.Any] = []

    def note(sender: Flask, **extra: t.Any) -> None:
        seen.append(sender)

    with app.test_request_context(), flask.message_flashed.connected_to(note, app):
        flask.flash("hello")
    assert seen == [app]
    assert type(seen[0]) is Flask


# The object behind g


def test_g_is_a_namespace_with_operations_of_a_dict(app: Flask) -> None:
    with app.app_context():
        assert "name" not in g
        assert g.get("name") is None
        assert g.get("name", "default") == "default"
        with pytest.raises(AttributeError, match="name"):
            g.name
        assert g.setdefault("name", "first") == "first"
        assert g.setdefault("name", "second") == "first"
        assert g.setdefault("nothing") is None
        assert sorted(g) == ["name", "nothing"]
        assert "name" in g
        assert g.pop("name") == "first"
        assert g.pop("name", "default") == "default"
        assert g.pop("name", None) is None
        with pytest.raises(KeyError, match="name"):
            g.pop("name")
        g.name = 1
        del g.name
        assert list(g) == ["nothing"]
        with pytest.raises(AttributeError, match="name"):
            del g.name


def test_representation_of_g(app: Flask) -> None:
    with app.app_context():
        assert repr(g) == f"<flask.g of {app.name!r}>"
        kept = g._get_current_object()
    assert "_AppCtxGlobals object" in repr(kept)


# Functions that need a context


@pytest.mark.parametrize(
    "function",
    [flask.after_this_request, flask.copy_current_request_context, lambda f: flask.stream_with_context(iter(()))],
    ids=["after_this_request", "copy_current_request_context", "stream_with_context"],
)
def test_functions_for_the_current_request_outside_of_one(app: Flask, function: t.Callable[..., t.Any]) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="the current request, and there is none"):
        function(lambda: None)


def test_what_is_active_can_be_asked(app: Flask) -> None:
    assert (flask.has_app_context(), flask.has_request_context()) == (False, False)
    with app.app_context():
        assert (flask.has_app_context(), flask.has_request_context()) == (True, False)
        assert (bool(current_app), bool(request)) == (True, False)
    with app.test_request_context():
        assert (flask.has_app_context(), flask.has_request_context()) == (True, True)
        assert (bool(current_app), bool(request)) == (True, True)
