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
    "click",
    "dotenv",
    "flask.__main__",
    "flask.cli",
    "flask.ext",
    "flask.legacy.compat",
    "flask.legacy.foreign",
    "flask.legacy.module",
    "flask.legacy.scaffold",
    "flask.legacy.session",
    "flask.legacy.stacks",
    "flask.testing",
    "flask.views",
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
    ],
)
def test_what_is_used_is_imported(program, module):
    assert module in imported_by(program)


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
