"""The application's logger: its name, and the handler it gets if the program configured none."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys

import pytest

from flask import Flask, eras
from flask.logging import create_logger, default_handler, has_level_handler, wsgi_errors_stream

pytestmark = pytest.mark.skipif(eras.is_old("logger_own_handlers"), reason="the old eras have loggers of another kind")


class Root(logging.RootLogger):
    """A root logger without the handlers that pytest adds for each test."""

    def addHandler(self, handler):  # noqa: N802  # as logging has it
        if not type(handler).__module__.startswith("_pytest"):
            super().addHandler(handler)


@pytest.fixture(autouse=True)
def untouched_logging(monkeypatch):
    """Loggers as in a program that configured nothing."""
    root = Root(logging.WARNING)
    monkeypatch.setattr(logging, "root", root)
    monkeypatch.setattr(logging.Logger, "root", root)
    monkeypatch.setattr(logging.Logger, "manager", logging.Manager(root))


def test_the_logger_bears_the_applications_name():
    app = Flask("shop.front")
    assert app.logger is logging.getLogger("shop.front")
    assert app.logger is app.logger
    assert Flask("shop.front").logger is app.logger


def test_the_logger_of_a_program_bears_the_name_of_its_file(monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "__file__", "/programs/shop.py", raising=False)
    assert Flask("__main__").logger.name == "shop"


def test_another_name_can_be_configured():
    app = Flask("shop")
    app.config["LOGGER_NAME"] = "till"
    assert app.logger.name == "till"


def test_a_handler_is_added_once_if_there_is_none():
    first, second = Flask("shop"), Flask("shop")
    assert first.logger.handlers == [default_handler]
    assert second.logger.handlers == [default_handler]


def test_no_handler_is_added_if_the_program_configured_the_root():
    logging.basicConfig()
    assert Flask("shop").logger.handlers == []


def test_no_handler_is_added_if_the_program_configured_the_logger_or_one_above():
    own = logging.NullHandler()
    logging.getLogger("shop").addHandler(own)
    assert Flask("shop").logger.handlers == [own]
    assert Flask("shop.front").logger.handlers == []


def test_a_handler_is_added_if_that_of_the_program_would_not_handle_the_messages():
    own = logging.NullHandler(level=logging.CRITICAL)
    logging.getLogger("shop").addHandler(own)
    assert Flask("shop").logger.handlers == [own, default_handler]


def test_a_handler_is_added_if_messages_do_not_reach_that_of_the_program():
    logging.basicConfig()
    logging.getLogger("shop").propagate = False
    assert Flask("shop").logger.handlers == [default_handler]


def test_has_level_handler():
    logger = logging.getLogger("shop.front")
    assert not has_level_handler(logger)
    parent = logging.NullHandler(level=logging.ERROR)
    logging.getLogger("shop").addHandler(parent)
    assert not has_level_handler(logger)  # the level is WARNING, by the root logger
    logger.setLevel(logging.ERROR)
    assert has_level_handler(logger)
    logger.propagate = False
    assert not has_level_handler(logger)


def test_the_level_is_debug_in_debug_mode_only():
    app = Flask("shop")
    app.debug = False
    assert app.logger.level == logging.NOTSET
    app.debug = True
    assert app.logger.level == logging.DEBUG


def test_a_level_that_the_program_set_stays():
    logging.getLogger("shop").setLevel(logging.ERROR)
    app = Flask("shop")
    app.debug = True
    assert app.logger.level == logging.ERROR


def test_a_logger_can_be_assigned():
    app = Flask("shop")
    app.logger = logging.getLogger("mine")
    assert app.logger.name == "mine"
    assert app.logger.handlers == []


def test_create_logger_can_be_called():
    assert create_logger(Flask("shop")).name == "shop"


# What is written, and where


def test_messages_of_a_request_go_to_the_servers_stream(capsys):
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: app.logger.warning("%d left", 2) or "")
    stream = io.StringIO()
    app.test_client().get("/", errors_stream=stream)
    assert stream.getvalue().endswith("] WARNING in test_logging: 2 left\n")
    assert capsys.readouterr().err == ""


def test_messages_outside_of_a_request_go_to_standard_error(capsys):
    Flask("shop").logger.error("outside")
    assert capsys.readouterr().err.endswith("ERROR in test_logging: outside\n")


def test_the_stream_is_looked_up_each_time(capsys):
    stream = io.StringIO()
    with Flask("shop").test_request_context(errors_stream=stream):
        assert wsgi_errors_stream._get_current_object() is stream
    assert wsgi_errors_stream._get_current_object() is sys.stderr


def test_an_unhandled_error_is_logged_with_its_traceback():
    app = Flask("shop")
    app.add_url_rule("/fail", "fail", lambda: 1 / 0, methods=["POST"])
    stream = io.StringIO()
    app.test_client().post("/fail", errors_stream=stream)
    text = stream.getvalue()
    assert "ERROR in app: Exception on /fail [POST]\n" in text
    assert text.endswith("ZeroDivisionError: division by zero\n")


def test_log_exception_can_be_overridden():
    logged = []

    class Own(Flask):
        def log_exception(self, exc_info):
            logged.append(exc_info)

    app = Own("shop")
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    stream = io.StringIO()
    assert app.test_client().get("/fail", errors_stream=stream).status_code == 500
    ((kind, error, traceback),) = logged
    assert (kind, type(error), traceback is error.__traceback__) == (ZeroDivisionError, ZeroDivisionError, True)
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("exc_info", "ending"),
    [
        (None, ""),  # as extensions have it of an error that is not being handled
        ((None, None, None), "NoneType: None\n"),
        (ValueError("spilled"), "ValueError: spilled\n"),
        ((ValueError, ValueError("spilled"), None), "ValueError: spilled\n"),
        (True, "NoneType: None\n"),
    ],
)
def test_errors_are_logged_by_whatever_tells_of_them(exc_info, ending):
    app, stream = Flask("shop"), io.StringIO()
    app.logger.addHandler(logging.StreamHandler(stream))
    with app.test_request_context("/till", method="POST"):
        app.log_exception(exc_info)
    assert stream.getvalue() == f"Exception on /till [POST]\n{ending}"


# In the eras before 1.0


def written_in_0_8(program):
    """What a program of the era 0.8 writes to standard error."""
    environment = {**os.environ, "FLASK_ERA": "0.8", "PYTHONPATH": os.pathsep.join(sys.path)}
    program = f"import flask, logging\napp = flask.Flask('shop.front')\n{program}"
    process = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    return process.stderr


def test_old_loggers_write_in_debug_mode_only():
    written = written_in_0_8(
        "app.logger.warning('unheard')\n"
        "app.debug = True\n"
        "app.logger.debug('heard')\n"
        "app.debug = False\n"
        "app.logger.warning('unheard')\n"
    )
    assert "unheard" not in written
    rule = "-" * 80
    assert written == f"{rule}\nDEBUG in <string> [<string>:5]:\nheard\n{rule}\n"


def test_old_loggers_take_the_format_of_the_application():
    assert written_in_0_8(
        "app.debug_log_format = 'own: %(message)s'\n"
        "app.debug = True\n"
        "app.logger.debug('heard')\n"
    ) == "own: heard\n"  # fmt: skip


def test_old_loggers_bear_logger_name():
    assert written_in_0_8(
        "assert app.logger.name == 'shop.front'\n"
        "app.config['LOGGER_NAME'] = 'till'\n"
        "assert app.logger.name == app.logger_name == 'till'\n"
        "app.logger_name = 'bell'\n"
        "assert app.logger.name == 'bell'\n"
    ) == ""  # fmt: skip


def test_old_loggers_have_handlers_added_by_the_program_too():
    assert written_in_0_8(
        "app.logger.addHandler(logging.StreamHandler())\n"
        "app.logger.warning('to the mailbox')\n"
    ) == "to the mailbox\n"  # fmt: skip


def test_old_loggers_do_not_write_twice():
    written = written_in_0_8(
        "app.debug_log_format = '%(message)s'\n"
        "flask.Flask('shop.front').logger\n"
        "app.debug = True\n"
        "app.logger.debug('once')\n"
        "app.logger.debug('twice')\n"
    )
    assert written == "once\ntwice\n"
