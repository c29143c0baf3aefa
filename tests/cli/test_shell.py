"""`flask shell`: at a real terminal, and with a program on standard input."""

from __future__ import annotations

import re

import pytest

APP = """
    from flask import Flask

    app = Flask("shop")

    @app.shell_context_processor
    def names():
        return {"favourite_number": 42}
"""


@pytest.fixture
def terminal(project):
    project.write("hello.py", APP)
    return project.at_terminal("--app", "hello", "shell")


def test_at_a_terminal(terminal, project):
    banner = terminal.wait_for(">>> ")
    assert "App: shop" in banner
    assert f"Instance: {project.folder / 'instance'}" in banner
    terminal.type("app.name + '!', favourite_number\n")
    terminal.wait_for("('shop!', 42)")
    terminal.type("from flask import current_app; current_app._get_current_object() is app\n")
    terminal.wait_for("True")
    terminal.type("exit(7)\n")
    assert terminal.ended() == 7


def test_names_are_completed_by_tab(terminal):
    pytest.importorskip("readline", reason="completion is by readline, which this Python lacks")
    terminal.wait_for(">>> ")
    terminal.type("favourite_n\t * 2\n")
    terminal.wait_for("84")


def test_program_on_standard_input(project):
    project.write("hello.py", APP)
    done = project.run(
        "--app", "hello", "shell", input="print('it is', favourite_number, app.name, bool(g) is not None)\n"
    )
    assert "it is 42 shop True" in done.stdout
    assert done.returncode == 0


def test_context_processors_go_before_the_startup_file(project):
    project.write("hello.py", APP)
    project.write("startup.py", "favourite_number = 0\nother = 'from startup'\n")
    done = project.run("--app", "hello", "shell", input="print(favourite_number, other)\n", PYTHONSTARTUP="startup.py")
    assert "42 from startup" in done.stdout


def test_startup_file_that_fails_is_shown_and_the_shell_comes(project):
    project.write("hello.py", APP)
    project.write("startup.py", "1 / 0\n")
    done = project.run("--app", "hello", "shell", input="print(app.name)\n", PYTHONSTARTUP="startup.py")
    assert re.search(r'File ".*startup.py", line 1', done.stderr)
    assert "ZeroDivisionError" in done.stderr
    assert "shop" in done.stdout


def test_missing_startup_file_does_not_matter(project):
    project.write("hello.py", APP)
    done = project.run("--app", "hello", "shell", input="print(app.name)\n", PYTHONSTARTUP="nowhere.py")
    assert "shop" in done.stdout
    assert "nowhere" not in done.stderr


def test_debug_is_seen_in_the_shell(project):
    project.write("hello.py", APP)
    done = project.run("--app", "hello", "--debug", "shell", input="print('debug is', app.debug)\n")
    assert "debug is True" in done.stdout


def test_interrupt_ends_the_line_and_not_the_shell(terminal):
    terminal.wait_for(">>> ")
    terminal.type("if app:\n")
    terminal.wait_for("... ")
    terminal.type("\x03")
    terminal.wait_for("KeyboardInterrupt")
    terminal.wait_for(">>> ")
    terminal.type("6 * 7\n")
    terminal.wait_for("42")
    terminal.wait_for(">>> ")
    terminal.type("\x04")
    assert terminal.ended() == 0
