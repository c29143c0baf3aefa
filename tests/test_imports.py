"""What `import flask` imports, and what waits until it is used."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys

import pytest

import flask
from flask.legacy import finder

# Each is imported when a program first uses what is in it.
LAZY = {
    "asyncio",
    "click",
    "concurrent.futures",
    "decimal",
    "dotenv",
    "flask.__main__",
    "flask._body",
    "flask._dispatch.asgi",
    "flask._dispatch.exchange",
    "flask._dispatch.threads",
    "flask._dispatch.timing",
    "flask.cli",
    "flask.debughelpers",
    "flask.ext",
    "flask.legacy.compat",
    "flask.legacy.foreign",
    "flask.legacy.module",
    "flask.legacy.scaffold",
    "flask.legacy.session",
    "flask.legacy.stacks",
    "flask.templating",
    "flask.testing",
    "flask.views",
    "importlib.metadata",
    "importlib.resources",
    "jinja2",
    "pathlib",
    "pickle",
    "subprocess",
    "werkzeug.debug",
    "werkzeug.middleware",
}


def run(program: str, **environment: str) -> str:
    """What a program prints."""
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def imported_by(program: str) -> set[str]:
    return set(run(f"import sys\n{program}\nprint(*sys.modules)").split())


def test_importing_flask_imports_no_more_than_it_needs():
    assert imported_by("import flask") & LAZY == set()


SERVES = """
import flask
app = flask.Flask("shop")
app.secret_key = "secret"

@app.route("/")
def index():
    return "Hello"

environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
           "wsgi.url_scheme": "http"}
assert b"".join(app(environ, lambda status, headers: None)) == b"Hello"
"""


def test_answering_a_request_imports_nothing_of_it_either():
    assert imported_by(SERVES) & LAZY == set()


@pytest.mark.parametrize(
    ("program", "module"),
    [
        ("import flask; flask.Flask('shop').cli", "flask.cli"),
        ("import flask; flask.Blueprint('shop', 'shop').cli", "flask.cli"),
        ("import flask; flask.Flask('shop').test_client()", "flask.testing"),
        ("import flask; flask.Flask('shop').test_request_context()", "flask.testing"),
        ("import flask; flask.views.View", "flask.views"),
        ("from flask import cli", "flask.cli"),
        ("from flask.views import MethodView", "flask.views"),
        ("from flask import Module", "flask.legacy.module"),
        ("from flask import ext", "flask.ext"),
        ("from flask import render_template", "jinja2"),
        ("import flask; flask.templating.Environment", "jinja2"),
        ("import flask; flask.Flask('shop').jinja_env", "jinja2"),
        ("import flask; flask.Flask('shop').jinja_loader", "jinja2"),
        ("import flask; flask.Flask.jinja_environment", "jinja2"),
        ("import flask; flask.Flask('shop').asgi_app", "asyncio"),
    ],
)
def test_what_is_used_is_imported(program, module):
    assert module in imported_by(program)


# What `import flask` once imported with it. Who uses it is not to see a difference.
LATER = ("render_template", "render_template_string", "stream_template", "stream_template_string")


@pytest.mark.parametrize(
    "first", ["import flask.templating", "flask.templating", "flask.{name}", "flask.Flask('shop').jinja_env"]
)
@pytest.mark.parametrize("name", LATER)
def test_a_name_that_is_imported_later_is_the_same_everywhere(name, first):
    program = (
        f"import flask\n{first.format(name=name)}\n"
        f"print(flask.{name} is flask.templating.{name}, '{name}' in vars(flask))\n"
    )
    assert run(program) == "True True\n"


def test_the_package_tells_of_what_is_imported_later():
    told = run("import flask; print(*dir(flask))").split()
    assert {*LATER, "templating", "Flask", "__version__"} <= set(told)
    assert told == sorted(set(told))


@pytest.mark.parametrize("era", ["0.8", "3.1"])
def test_a_star_import_gives_what_is_imported_later(era):
    program = "import flask\nnames = list(flask.__all__)\nfrom flask import *\nprint(*names)\nprint(*dir())\n"
    told, given = (line.split() for line in run(program, FLASK_ERA=era).splitlines())
    assert set(LATER) <= set(told)
    assert set(told) <= set(given)
    assert len(told) == len(set(told))


def test_what_is_put_into_the_module_does_not_reach_the_package():
    program = (
        "from unittest import mock\n"
        "import flask\n"
        "with mock.patch('flask.templating.render_template'):\n"
        "    print(flask.render_template.__name__)\n"
        "with mock.patch('flask.render_template', 'other'):\n"
        "    print(flask.render_template, flask.templating.render_template.__name__)\n"
        "print(flask.render_template.__name__)\n"
    )
    assert run(program) == "render_template\nother render_template\nrender_template\n"


def test_threads_that_are_first_at_once_find_the_same():
    program = (
        "import sys, threading\n"
        "import flask\n"
        "sys.setswitchinterval(1e-6)\n"
        "app, start, found = flask.Flask('shop'), threading.Barrier(16), []\n"
        "def use():\n"
        "    start.wait()\n"
        "    found.append((flask.render_template, app.jinja_environment, app.asgi_app, app._workers))\n"
        "threads = [threading.Thread(target=use) for _ in range(16)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
        "print(len(found), len(set(found)))\n"
    )
    assert run(program) == "16 1\n"


REPLACED = """
import asyncio, jinja2, flask
told = []

def replace(cls, name):
    original = getattr(cls, name)
    def call(self, *args, **kwargs):
        told.append(name)
        return original(self, *args, **kwargs)
    setattr(cls, name, call)

replace(jinja2.Template, "render")
replace(flask.ctx.RequestContext, "push")
replace(flask.ctx.RequestContext, "match_request")
replace(flask.Request, "__init__")
app = flask.Flask("shop")

@app.route("/")
async def index():
    return flask.render_template_string("Hello")

async def receive():
    return {"type": "http.request", "body": b""}

async def send(message):
    assert message.get("status", 200) == 200

scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "scheme": "http"}
asyncio.run(app(scope, receive, send))
print(*sorted(set(told)))
"""


@pytest.mark.parametrize("fast_paths", ["0", "1"])
def test_what_is_replaced_before_a_module_is_imported_is_called(fast_paths):
    # The modules that know these as ours, or as Jinja's, are imported after this program has replaced them.
    assert run(REPLACED, FLASK_FAST_PATHS=fast_paths) == "__init__ match_request push render\n"


def test_middleware_that_was_there_before_asgi_is_not_passed_by():
    program = (
        "import asyncio, flask\n"
        "original, told = flask.Flask.wsgi_app, []\n"
        "def wsgi_app(self, environ, start_response):\n"
        "    told.append(environ['PATH_INFO'])\n"
        "    return original(self, environ, start_response)\n"
        "flask.Flask.wsgi_app = wsgi_app\n"
        "app = flask.Flask('shop')\n"
        "app.async_test_client\n"
        "app.test_client(protocol='asgi').get('/tea') if False else None\n"
        "client = app.async_test_client()\n"
        "asyncio.run(client.get('/tea'))\n"
        "print(*told)\n"
    )
    assert run(program) == "/tea\n"


def test_importing_flask_has_no_effects():
    # No handler, no hook into the interpreter but the finder of old modules, no thread, no event loop.
    program = (
        "import atexit, logging, signal, sys, threading, asyncio\n"
        "before = (len(sys.meta_path), atexit._ncallbacks(), sys.excepthook, signal.getsignal(signal.SIGINT))\n"
        "import logging.config, concurrent.futures, concurrent.futures.thread, multiprocessing\n"
        "import werkzeug, jinja2, blinker, itsdangerous\n"
        "callbacks = atexit._ncallbacks()\n"
        "import flask\n"
        "after = (len(sys.meta_path), atexit._ncallbacks(), sys.excepthook, signal.getsignal(signal.SIGINT))\n"
        "print(after[0] - before[0], after[1] - callbacks, before[2:] == after[2:])\n"
        "print(threading.active_count(), logging.root.handlers, asyncio._get_running_loop())\n"
    )
    assert run(program).splitlines() == ["1 0 True", "1 [] None"]


# Each file of the package but the one that runs the command, and each module that only the past had.
MODULES = [
    *(module.name for module in pkgutil.walk_packages(flask.__path__, "flask.") if module.name != "flask.__main__"),
    *finder.MODULES,
    "flask.ext",
]

# A child for each module, of a process in which nothing of flask was imported yet.
IMPORTS_EACH_FIRST = f"""
import importlib, os, sys, traceback
import blinker, click, itsdangerous, jinja2, werkzeug
for module in {MODULES}:
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(module)
            importlib.import_module("flask").Flask
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print(module)
"""


@pytest.mark.parametrize("era", ["0.8", "3.1"])
def test_each_module_can_be_imported_first(era):
    assert run(IMPORTS_EACH_FIRST, FLASK_ERA=era) == ""


def test_importing_flask_again_changes_nothing():
    program = (
        "import importlib, sys, flask\n"
        "cls, finders = flask.Flask, len(sys.meta_path)\n"
        "importlib.reload(flask)\n"
        "print(flask.Flask is cls, len(sys.meta_path) == finders, flask.Markup.__name__)\n"
    )
    assert run(program) == "True True Markup\n"


def test_a_star_import_gives_the_api_and_no_more_names_of_ours():
    program = (
        "from flask import *\n"
        "app = Flask('shop')\n"
        "print(render_template.__name__, jsonify.__name__, 'VERSION' in dir(), 'setupmethod' in dir())\n"
    )
    assert run(program) == "render_template jsonify False False\n"
