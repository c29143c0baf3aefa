"""What an expression stands for, and where a use is told."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from flask.cli.upgrade import project
from flask.cli.upgrade.check import run_check

Uses = Callable[..., list[str]]


@pytest.fixture
def uses(tmp_path: Path) -> Uses:
    """Give the function that writes files and gives what is found, as `line:column name`; of others than the first
    file with the name of the file before it."""

    def find(text: str, **files: str) -> list[str]:
        for name, content in {"main": text, **files}.items():
            path = tmp_path / f"{name.replace('__', '/').replace('/init', '/__init__')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content))
        check = run_check(tmp_path)
        assert check.unreadable == []
        found = []
        for one in check.findings:
            where = "" if one.path.name == "main.py" else f"{one.path.relative_to(tmp_path).as_posix()}:"
            found.append(f"{where}{one.line}:{one.column} {one.name}")
        return found

    return find


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import flask\nflask.Markup('')", ["2:7 flask.Markup"]),
        ("import flask as f\nprint('ä', f.Markup)", ["2:14 flask.Markup"]),
        ("from flask import (\n    Flask,\n    Markup as M,\n)\nM('')", ["3:5 flask.Markup"]),
        ("from flask import *\nx = Markup('')", ["2:5 flask.Markup"]),
        ("import flask.ext.sqlalchemy", ["1:8 flask.ext.sqlalchemy"]),
        ("import flask\nf = g = flask\nf.escape, g.escape", ["3:3 flask.escape", "3:13 flask.escape"]),
        ("def view():\n    import flask\n    return flask.escape", ["3:18 flask.escape"]),
        ("from flask import current_app as a\na.env", ["2:3 flask.Flask.env"]),
        ("import flask\n(flask.current_app\n    .env)", ["3:6 flask.Flask.env"]),
        ("from flask.app import Flask\nFlask('x').env", ["2:12 flask.Flask.env"]),
        ("import flask\n\ndef view(app: 'flask.Flask | None'):\n    app.env", ["4:9 flask.Flask.env"]),
        ("import typing, flask\n\ndef view(app: typing.Optional[flask.Flask]):\n    app.env", ["4:9 flask.Flask.env"]),
        (
            "from flask import Flask\nwith Flask('x').test_request_context() as c:\n    c.g",
            ["3:7 flask.ctx.RequestContext.g"],
        ),
        ("from flask import Flask\nif (app := Flask('x')):\n    app.env", ["3:9 flask.Flask.env"]),
        ("from flask import Flask\nmake = lambda: Flask('x')\nmake().env", ["3:8 flask.Flask.env"]),
        ("from flask import Flask\na, b = Flask('x'), 1\na.env, b.env", ["3:3 flask.Flask.env"]),
        ("from flask import Flask\n\nclass A(Flask):\n    def f(self):\n        self.env", ["5:14 flask.Flask.env"]),
        (
            "from flask import Flask\n\nclass A(Flask):\n    def f(self):\n        super().open_session(None)",
            ["5:17 flask.Flask.open_session"],
        ),
        (
            "from flask import Flask\n"
            "\n"
            "class A:\n"
            "    def __init__(self, app):\n"
            "        self.app = app\n"
            "\n"
            "    def f(self):\n"
            "        self.app.env\n"
            "\n"
            "A(Flask('x'))",
            ["8:18 flask.Flask.env"],
        ),
        (
            "from flask import Flask\n"
            "app = None\n"
            "\n"
            "def make():\n"
            "    global app\n"
            "    app = Flask('x')\n"
            "\n"
            "def use():\n"
            "    app.env",
            ["9:9 flask.Flask.env"],
        ),
        ("import os\nos.environ['FLASK_ENV'] = 'development'", ["2:1 FLASK_ENV, set in the program"]),
        ("import os\nos.environ.setdefault('FLASK_ENV', 'testing')", ["2:23 FLASK_ENV, set in the program"]),
        (
            "import flask\n"
            "class A(flask.Flask):\n"
            "    def __init__(self, name):\n"
            "        flask.Flask.__init__(self, name, static_path='/s')\n"
            "        super().__init__(name, static_path='/s')\n",
            ["4:42 flask.Flask(static_path)", "5:32 flask.Flask(static_path)"],
        ),
        ("x = [unicode(one) for one in ()]", ["1:6 builtins.unicode"]),
        (
            "from flask import request\n"
            "request.args.iteritems(), request.form.iterlists(), request.headers.has_key('a')",
            [
                "2:14 builtins.dict.iteritems",
                "2:40 werkzeug.datastructures.MultiDict.iterlists",
                "2:69 werkzeug.datastructures.Headers.has_key",
            ],
        ),
        (
            "from flask import Flask, Response\n"
            "from werkzeug.wrappers import Request\n"
            "class A(Response):\n"
            "    charset = 'latin-1'\n"
            "class B(Request):\n"
            "    url_charset: str = 'cp1252'\n"
            "    encoding_errors = 'strict'\n"
            "Response.charset = 'latin-1'\n"
            "app = Flask('x')\n"
            "app.response_class.charset = 'latin-1'\n"
            "A().charset = 'cp1252'",
            [
                "4:5 werkzeug.wrappers.Response.charset = 'latin-1'",
                "6:5 werkzeug.wrappers.Request.url_charset = 'cp1252'",
                "7:5 werkzeug.wrappers.Request.encoding_errors = 'strict'",
                "8:1 werkzeug.wrappers.Response.charset = 'latin-1'",
                "10:1 werkzeug.wrappers.Response.charset = 'latin-1'",
                "11:1 werkzeug.wrappers.Response.charset = 'cp1252'",
            ],
        ),
        (
            "from flask import Flask\napp = Flask('x')\napp.response_class.charset\napp.test_client().get('/').charset",
            ["3:20 werkzeug.wrappers.Response.charset", "4:28 werkzeug.wrappers.Response.charset"],
        ),
        (
            "from flask import current_app, request\n"
            "app = current_app._get_current_object()\n"
            "app.json_encoder\n"
            "app.before_first_request(print)\n"
            "request._get_current_object().is_xhr",
            ["3:5 flask.Flask.json_encoder", "4:5 flask.Flask.before_first_request", "5:31 flask.Request.is_xhr"],
        ),
        (
            "import flask\nflask.Flask('x').test_client().delete_cookie('localhost', 'k')",
            ["2:1 werkzeug.test.Client.delete_cookie(server, key)"],
        ),
        (
            "from flask import Flask\n"
            "from werkzeug.urls import iri_to_uri\n"
            "from werkzeug.datastructures import ViewItems\n"
            "from flask.session import SecureCookieSession\n"
            "Flask('x').url_map.charset\n"
            "iri_to_uri('a', charset='latin-1')",
            [
                "3:37 werkzeug.datastructures.ViewItems",
                "4:27 flask.session.SecureCookieSession",
                "5:20 werkzeug.routing.Map.charset",
                "6:17 werkzeug.urls.iri_to_uri(charset)",
            ],
        ),
        ("from flask import session\nsession.has_key('a')", ["2:9 builtins.dict.has_key"]),
        ("from flask import current_app\ncurrent_app.config.iteritems()", ["2:20 builtins.dict.iteritems"]),
        ("x = {}\nx.iteritems()", ["2:3 builtins.dict.iteritems"]),
        ("dict(a=1).has_key('a')", ["1:11 builtins.dict.has_key"]),
        ("import json\njson.loads('1', encoding='utf-8')", ["2:17 json.loads(encoding)"]),
        ("from flask import json\njson.loads('1', encoding='utf-8')", ["2:17 flask.json.loads(encoding)"]),
        (
            "from werkzeug import local\nlocal.LocalManager().get_ident\nlocal.LocalStack().__ident_func__",
            ["2:22 werkzeug.local.LocalManager.get_ident", "3:20 werkzeug.local.LocalStack.__ident_func__"],
        ),
        (
            "from flask.cli import DispatchingApp\nfrom flask.exthook import ExtensionImporter",
            ["1:23 flask.cli.DispatchingApp", "2:27 flask.exthook.ExtensionImporter"],
        ),
        (
            "from flask import request\nrequest.environ.get('werkzeug.server.shutdown')()",
            ["2:21 flask.Request.environ[werkzeug.server.shutdown]"],
        ),
        ("from flask import request\nrequest.user_agent.browser", ["2:20 werkzeug.user_agent.UserAgent.browser"]),
        (
            "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertItemsEqual(1, 2)",
            ["4:14 unittest.TestCase.assertItemsEqual"],
        ),
        (
            "from flask import send_file as s\ns('a', None, False, None, False)",
            ["2:27 flask.send_file(..., ..., ..., ..., ...)"],
        ),
    ],
)
def test_names_are_followed(uses, text, found):
    assert uses(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "class Markup: pass\nMarkup()",
        "def view(flask):\n    return flask.Markup",
        "app = object()\napp.before_first_request",
        "import quart\napp = quart.Quart('x')\napp.before_first_request(1)\napp.env",
        "from flask import Flask\n\nclass A(Flask):\n    pass\n\nclass B:\n    env = 1\n\nB().env",
        "from flask import Request\n\nclass R(Request):\n    is_xhr = True\n\nR({}).is_xhr",
        "from flask import Flask\n[app.env for app in ()]",
        "from markupsafe import Markup, escape\nMarkup(escape(''))",
        "unicode = str\nunicode('')",
        "try:\n    unicode\nexcept NameError:\n    unicode = str",
        "try:\n    import imp\nexcept ImportError:\n    imp = None",
        "try:\n    from flask import Markup\nexcept (ImportError, AttributeError):\n    from markupsafe import Markup",
        "import sys\nif sys.version_info < (3,):\n    import urllib2",
        "import sys\nif sys.version_info[:2] >= (3, 3):\n    pass\nelse:\n    import urllib2",
        "import six\nx = unicode if six.PY2 else str",
        "x = not x",
        "from flask import Response\nclass A(Response):\n    charset = 'UTF-8'\nA().charset",
        "class A:\n    charset = 'latin-1'\ncharset = 'latin-1'\nA.charset = 'cp1252'",
        "import flask\nflask.Flask('x').test_client().delete_cookie('k', domain='a')",
        "import flask\nflask.Response().delete_cookie('k', '/')",
        "import sys\nPY3 = sys.version_info[0] >= 3\nif not PY3 and 1:\n    unicode\nnot PY3 and unicode(1)",
        "from flask import Flask\napp = Flask('x')\nif hasattr(app, 'env'):\n    app.env",
        "from flask import session\nsession['x'] = 1",
        "from flask import Flask, Blueprint\nBlueprint('a', 'b')\nFlask('x', '/s')\nFlask('x', static_folder='s')",
        "from flask import Flask\napp = Flask('x')\n@app.route('/')\ndef view():\n    return 'a', 200, {}",
        "from flask import request\nrequest.json['a']\nif request.json:\n    pass\nrequest.get_json() or {}",
        "from flask import Flask\n"
        "app = Flask('x', subdomain_matching=True)\n"
        "@app.route('/', subdomain='a')\n"
        "def view(): ...",
        "from flask import Flask\n"
        "app = Flask('x')\n"
        "app.error_handler_spec[None][404] = 1\n"
        "app.error_handler_spec[None][404][KeyError]",
        "import flask\nclass A(flask.Flask):\n    def __init__(self, n):\n        flask.Flask.__init__(self, n, '/s')",
        "class A(B): pass\nclass B(A): pass\nA().env\nclass C(C): pass\nC().env",
        "def f(x): return f(x)\nf(1).env",
        "from flask import request\n"
        "if 'werkzeug.server.shutdown' in request.environ:\n"
        "    request.environ['werkzeug.server.shutdown']()",
        "x = 'An extension such as jinja2.ext.with_ and its like.'",
        "def clean(text):\n    return text.split().lower().replace().strip().version",
        "import collections.abc\ncollections.abc.Mapping",
    ],
)
def test_nothing_false_is_told(uses, text):
    assert uses(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "from flask import Flask\nFlask('x').route('/', subdomain='a')",
            ["2:23 subdomain=... without subdomain_matching=True"],
        ),
        ("from flask import request\nx = request.json or {}", ["2:5 request.json, where it may be None"]),
        ("from flask import request\nrequest.json is not None", ["2:1 request.json, where it may be None"]),
        (
            "from flask import send_file\nsend_file('a', None, False, None, False)",
            ["2:35 flask.send_file(..., ..., ..., ..., ...)"],
        ),
    ],
)
def test_changes_of_behaviour(uses, text, found):
    assert uses(text) == found


@pytest.mark.parametrize(
    ("text", "fares"),
    [
        ("app.jinja_options = dict(extensions=['jinja2.ext.with_'])", "works"),
        ("app.jinja_options = {'extensions': ['jinja2.ext.autoescape']}", "works"),
        (
            "class A(flask.Flask):\n    jinja_options = flask.Flask.jinja_options.copy()\n"
            "    jinja_options['extensions'] = ['jinja2.ext.WithExtension']",
            "works",
        ),
        ("app.jinja_env.add_extension('jinja2.ext.with_')", "legacy"),
        ("app.jinja_options = {}\napp.jinja_env.add_extension('jinja2.ext.with_')", "legacy"),
        ("jinja2.Environment(extensions=['jinja2.ext.autoescape'])", "legacy"),
        ("jinja2.Environment(extensions=['jinja2.ext.autoescape'])\napp.jinja_options", "legacy"),
        ("app.jinja_options = dict(extensions=['jinja2.ext.AutoEscapeExtension'])", "legacy"),
    ],
)
def test_extensions_that_are_part_of_jinja(tmp_path, text, fares):
    (tmp_path / "main.py").write_text(f"import flask, jinja2\napp = flask.Flask('x')\n{text}\n")
    [finding] = run_check(tmp_path).findings
    assert finding.name.startswith("jinja2.ext.")
    assert (finding.change.here.value, finding.change.since) == (fares, "3.1")


def test_objects_are_followed_through_the_modules_of_a_project(uses):
    found = uses(
        "from shop import app, make\nimport shop.views\napp.env\nmake().env\nshop.views.bp.json_encoder\n",
        shop__init="from .base import *\nfrom .base import make_app as make\nfrom . import views\n",
        shop__base="from flask import Flask\ndef make_app():\n    return Flask('x')\napp = make_app()\n",
        shop__views="from flask import Blueprint\nfrom shop import app\nbp = Blueprint('a', 'b')\napp.env\n",
    )
    assert found == [
        "3:5 flask.Flask.env",
        "4:8 flask.Flask.env",
        "5:15 flask.Blueprint.json_encoder",
        "shop/views.py:4:5 flask.Flask.env",
    ]


def test_a_module_of_the_project_goes_before_one_of_a_library_of_that_name(uses):
    assert uses("import imp\nfrom imp import load\nfrom flask import Markup\n", imp="", flask="Markup = 1\n") == []


def test_what_is_given_by_the_nearest_of_very_many_callers(uses, monkeypatch):
    monkeypatch.setattr(project, "MOST_CALLERS", 1)
    found = uses(
        "",
        shop__init="",
        shop__hooks="def register(app):\n    app.env\n",
        shop__app="import flask\nfrom shop.hooks import register\nregister(flask.Flask('x'))\n",
        far="import flask\ndef register(): ...\nregister()\n",
    )
    assert found == ["shop/hooks.py:2:9 flask.Flask.env"]


def test_programs_beside_each_other_see_their_own_modules(uses):
    found = uses(
        "",
        one__app="from flask import Flask\napp = Flask('x')\n",
        one__use="from app import app\napp.env\n",
        two__app="app = 1\n",
        two__use="from app import app\napp.env\n",
    )
    assert found == ["one/use.py:2:5 flask.Flask.env"]


@pytest.mark.parametrize("setting", ["'config.Old'", "Old", "config", "'config'", "{'a': Old}['a']"])
def test_what_an_application_is_configured_from(uses, setting):
    found = uses(
        f"import flask, config\nfrom config import Old\napp = flask.Flask('x')\napp.config.from_object({setting})\n",
        config="ENV = 1\nclass Base:\n    JSON_AS_ASCII = 1\nclass Old(Base):\n    JSON_SORT_KEYS: bool = True\n",
    )
    keys = [one.rpartition(" ")[2] for one in found]
    whole = setting in ("config", "'config'")
    assert keys == (["flask.Config[ENV]"] if whole else ["flask.Config[JSON_AS_ASCII]", "flask.Config[JSON_SORT_KEYS]"])
