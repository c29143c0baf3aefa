"""The past: extensions, modules and names where they once were."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
import warnings
from types import ModuleType

import markupsafe
import pytest
import werkzeug
import werkzeug.routing

import flask
from flask import Flask, request

EXTENSIONS = {
    "flask_plain_one.py": "name = 'plain'\n",
    "flask_packed_one/__init__.py": "from . import inner\nname = 'packed'\n",
    "flask_packed_one/inner.py": "from flask.ext.packed_one import other\nvalue = other.value\n",
    "flask_packed_one/other.py": "value = 5\n",
    "flaskext/__init__.py": "",
    "flaskext/older_one.py": "name = 'older'\n",
    "flaskext/packed_older/__init__.py": "name = 'packed older'\n",
    "flaskext/packed_older/inner.py": "value = 6\n",
    "flaskext/plain_one.py": "raise RuntimeError('never imported: the newer name comes first')\n",
    "flask_lacking_one.py": "import a_module_that_is_not_installed\n",
    "flask_failing_one.py": "raise ZeroDivisionError('in the extension')\n",
    "flask_misspelt_one.py": "from flask.ext.plain_one import no_such_name\n",
}


@pytest.fixture(autouse=True)
def extensions(tmp_path, monkeypatch):
    """Extensions that can be imported, each under a name of its own kind."""
    for file, source in EXTENSIONS.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    forget_extensions()
    yield
    forget_extensions()


def forget_extensions():
    """As if none was imported: each test, and whatever ran before, leaves the others alone."""
    vars(flask).pop("ext", None)
    for name in list(sys.modules):
        if name == "flask.ext" or name.startswith(("flask.ext.", "flaskext")) or "_one" in name:
            del sys.modules[name]


# flask.ext


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("plain_one", "flask_plain_one"),
        ("packed_one", "flask_packed_one"),
        ("packed_one.other", "flask_packed_one.other"),
        ("older_one", "flaskext.older_one"),
        ("packed_older.inner", "flaskext.packed_older.inner"),
    ],
)
@pytest.mark.parametrize("first", ["old", "today"])
def test_an_extension_is_one_module_under_both_names(old, today, first):
    names = [f"flask.ext.{old}", today]
    one, other = [importlib.import_module(name) for name in (names if first == "old" else reversed(names))]
    assert one is other
    assert (one.__name__, one.__spec__.name) == (today, today)
    assert sys.modules[f"flask.ext.{old}"] is sys.modules[today]


def test_all_forms_of_import():
    import flask.ext.packed_one.other  # type: ignore[import-not-found]
    from flask.ext import older_one, packed_one  # type: ignore[import-not-found]
    from flask.ext.packed_one import name
    from flask.ext.packed_one.other import value as other_value
    from flask.ext.plain_one import name as plain_name  # type: ignore[import-not-found]

    assert (name, other_value, plain_name, older_one.name) == ("packed", 5, "plain", "older")
    assert flask.ext.packed_one is packed_one
    assert packed_one.inner.value == packed_one.other.value == 5


def test_the_package_of_extensions():
    from flask import ext

    assert isinstance(ext, ModuleType)
    assert ext is flask.ext is sys.modules["flask.ext"]
    assert not hasattr(ext, "plain_one")
    importlib.import_module("flask.ext.plain_one")
    assert ext.plain_one.name == "plain"


@pytest.mark.parametrize("name", ["not_there", "packed_one.not_there", "not_there.inner"])
def test_a_missing_extension_is_named_with_all_that_was_tried(name):
    with pytest.raises(ImportError) as caught:
        importlib.import_module(f"flask.ext.{name}")
    missing = "not_there" if name.startswith("not_there") else name
    assert caught.value.name == f"flask.ext.{missing}"
    for tried in (f"flask.ext.{missing}", f"flask_{missing}", f"flaskext.{missing}"):
        assert tried in str(caught.value)


def test_a_missing_extension_by_from():
    with pytest.raises(ImportError, match="not_there"):
        from flask.ext import not_there  # type: ignore[import-not-found]  # noqa: F401


def test_a_name_that_an_extension_lacks():
    with pytest.raises(ImportError, match="no_such_name"):
        from flask.ext.plain_one import no_such_name  # type: ignore[import-not-found]  # noqa: F401


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("lacking_one", ModuleNotFoundError, "a_module_that_is_not_installed"),
        ("failing_one", ZeroDivisionError, "in the extension"),
        ("misspelt_one", ImportError, "no_such_name"),
    ],
)
def test_what_an_extension_raises_comes_through(name, kind, text):
    for _ in range(2):
        with pytest.raises(kind, match=text):
            importlib.import_module(f"flask.ext.{name}")
    assert f"flask.ext.{name}" not in sys.modules
    assert f"flask_{name}" not in sys.modules


def test_an_extension_that_was_mended_can_be_imported_after_all(tmp_path):
    with pytest.raises(ZeroDivisionError):
        importlib.import_module("flask.ext.failing_one")
    (tmp_path / "flask_failing_one.py").write_text("name = 'mended'\n# longer than before\n")
    importlib.invalidate_caches()
    assert importlib.import_module("flask.ext.failing_one").name == "mended"


def test_an_extension_can_be_reloaded(tmp_path):
    module = importlib.import_module("flask.ext.plain_one")
    (tmp_path / "flask_plain_one.py").write_text("name = 'a longer name than before'\n")
    assert importlib.reload(module) is module
    assert module.name == "a longer name than before"


def test_an_extension_made_by_hand(monkeypatch):
    made = ModuleType("flask_handmade")
    monkeypatch.setitem(sys.modules, "flask_handmade", made)
    assert importlib.import_module("flask.ext.handmade") is made
    assert made.__spec__ is None


def test_nothing_of_this_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        importlib.import_module("flask.ext.packed_one")
        from flask import Markup, escape  # type: ignore[attr-defined]  # noqa: F401


# Modules


@pytest.mark.parametrize(
    ("old", "today", "name"),
    [
        ("flask.module", "flask.legacy.module", "Module"),
        ("flask.scaffold", "flask.legacy.scaffold", "Scaffold"),
        ("flask.exthook", "flask.legacy.exthook", "ExtDeprecationWarning"),
        ("flask._compat", "flask.legacy.compat", "iteritems"),
        ("flask.session", "flask.legacy.session", "Session"),
    ],
)
def test_modules_where_they_were(old, today, name):
    module = importlib.import_module(old)
    assert module is importlib.import_module(today)
    assert module.__spec__.name == today
    assert hasattr(module, name)


def test_the_module_session_does_not_take_the_place_of_the_proxy():
    import flask.session

    assert flask.session is flask.globals.session
    from flask.session import NullSession, SecureCookieSession, Session  # type: ignore[import-not-found]

    assert Session is SecureCookieSession is flask.sessions.SecureCookieSession
    assert NullSession is flask.sessions.NullSession


def test_requests_and_responses_are_still_of_the_class_that_gave_them_json():
    from flask.wrappers import JSONMixin

    class Request(JSONMixin, werkzeug.Request):
        pass

    assert issubclass(flask.Request, JSONMixin)
    assert issubclass(flask.Response, JSONMixin)
    assert Request.from_values(json={"a": 1}).get_json() == {"a": 1}


def test_names_that_extensions_look_for_in_the_modules_of_flask():
    assert flask.app.Rule is werkzeug.routing.Rule


def test_other_modules_are_not_found():
    with pytest.raises(ModuleNotFoundError, match=r"flask\.nothing"):
        importlib.import_module("flask.nothing")
    assert importlib.util.find_spec("flask.app").name == "flask.app"


@pytest.mark.parametrize("name", ["cli", "debughelpers", "testing", "typing", "views", "legacy"])
def test_modules_of_the_package_are_attributes_without_an_import(name):
    program = f"import flask; print(flask.{name}.__name__)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    printed = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert printed.stdout == f"flask.{name}\n", printed.stderr


# Names


@pytest.mark.parametrize(
    ("name", "today"),
    [
        ("Markup", markupsafe.Markup),
        ("escape", markupsafe.escape),
        ("Session", flask.sessions.SecureCookieSession),
        ("safe_join", flask.helpers.safe_join),
        ("signals_available", True),
        ("json_available", True),
    ],
)
def test_names_where_they_were(name, today):
    assert getattr(flask, name) is today


@pytest.mark.parametrize("name", ["nothing", "_nothing", "Blueprints"])
def test_unknown_names(name):
    with pytest.raises(AttributeError, match=f"module 'flask' has no attribute '{name}'"):
        getattr(flask, name)
    assert not hasattr(flask.helpers, "nothing")


@pytest.mark.parametrize("module", ["flask", "flask.ctx", "flask.globals"])
def test_the_stacks(module):
    stack = importlib.import_module(module)._request_ctx_stack
    assert stack.top is None
    app = Flask("legacy")
    with app.test_request_context("/here") as ctx:
        assert stack.top is ctx
        assert stack.top.request.path == "/here"
        assert flask._app_ctx_stack.top.app is app
    assert stack.top is None


def test_the_stacks_can_be_pushed_and_popped():
    ctx = Flask("legacy").test_request_context("/here")
    flask._request_ctx_stack.push(ctx)
    assert request.path == "/here"
    assert flask._request_ctx_stack.pop() is ctx
    assert not request
    assert flask._request_ctx_stack.pop() is None


# Helpers of two Pythons


def test_compat():
    from flask._compat import (  # type: ignore[import-not-found]
        PY2,
        implements_to_string,
        iteritems,
        iterkeys,
        itervalues,
        reraise,
        string_types,
        text_type,
        with_metaclass,
    )

    assert (PY2, text_type, string_types) == (False, str, (str,))
    numbers = {"a": 1}
    assert [list(function(numbers)) for function in (iterkeys, itervalues, iteritems)] == [["a"], [1], [("a", 1)]]
    error = KeyError("a")
    with pytest.raises(KeyError) as caught:
        reraise(KeyError, error, None)
    assert caught.value is error

    class Meta(type):
        pass

    class Base:
        pass

    @implements_to_string
    class Spam(with_metaclass(Meta, Base)):
        def __str__(self):
            return "spam"

    assert (type(Spam), Spam.__bases__, str(Spam())) == (Meta, (Base,), "spam")


@pytest.mark.parametrize(("era", "old_names_are_given"), [("0.8", True), ("3.1", False)])
def test_star_import_gives_the_names_of_the_era(era, old_names_are_given):
    program = """
from flask import *
print(all(name in globals() for name in ("Flask", "request", "render_template", "json")))
print([name in globals() for name in ("Markup", "escape", "Module", "safe_join")])
"""
    environ = {**os.environ, "FLASK_ERA": era}
    finished = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert finished.stdout.splitlines() == ["True", str([old_names_are_given] * 4)]
