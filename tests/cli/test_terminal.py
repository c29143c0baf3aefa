"""The command at a terminal, as a person sees it: colours, Ctrl-C, the reloader, the debugger's PIN."""

from __future__ import annotations

import os
import re
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

import flask

APP = """
    from flask import Flask

    app = Flask("shop")

    @app.route("/")
    def index():
        return "first"

    @app.route("/fail")
    def fail():
        raise ValueError("out of stock")
"""

#: Not watched in these tests, as whoever runs them may be editing it.
FRAMEWORK = str(Path(flask.__file__).parent / "*")

RED, YELLOW, BOLD, PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"


def ask(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


def url_of(terminal) -> str:
    terminal.wait_for("Running on ")
    terminal.wait_for("http://")
    return "http://" + re.match(r"[\w.:]+", terminal.wait_for("\n")).group()


@pytest.fixture
def server(project):
    """A server with reloader and debugger."""
    project.write("hello.py", APP)
    arguments = ("--app", "hello", "run", "--debug", "--port", "0", "--exclude-patterns", FRAMEWORK)
    return project.at_terminal(*arguments, PYTHONDONTWRITEBYTECODE="1")


def test_errors_are_red(project):
    terminal = project.at_terminal("--app", "nope", "who")
    terminal.wait_for(f"{RED}Error: Module 'nope' could not be imported")
    terminal.wait_for(PLAIN)
    assert terminal.ended() == 2


def test_no_colours_where_nobody_sees_them(project):
    done = project.run("--app", "nope", "who")
    assert "\x1b" not in done.stdout + done.stderr


def test_no_colours_where_nobody_wants_them(project):
    project.write("hello.py", APP)
    for arguments in (["nope"], ["routes", "--match", "/nothing"]):
        terminal = project.at_terminal("--app", "hello", *arguments, NO_COLOR="1")
        terminal.ended()
        assert "\x1b" not in terminal.shown
    terminal = project.at_terminal("--app", "hello", "routes", "--match", "/nothing", NO_COLOR="")
    terminal.wait_for(RED)


def test_progress_of_what_takes_long(project):
    """On a terminal only."""
    project.write("hello.py", APP)
    arguments = ("--app", "hello", "profile", "--seconds", "0.6", "/")
    terminal = project.at_terminal(*arguments, TERM="xterm")
    terminal.wait_for("Handling  [")
    terminal.wait_for("#")
    terminal.wait_for("on average")
    assert terminal.ended() == 0
    assert "Handling" not in "".join([(done := project.run(*arguments)).stdout, done.stderr])


def test_interrupt_of_what_takes_long(project):
    project.write("hello.py", APP)
    terminal = project.at_terminal("--app", "hello", "profile", "--seconds", "60", "/", TERM="xterm")
    terminal.wait_for("Handling  [")
    terminal.type("\x03")
    terminal.wait_for("Aborted!")
    assert terminal.ended() == 1


def test_reader_that_has_enough(project):
    """As `flask routes | head -1` has."""
    many = "for number in range(5000):\n        app.add_url_rule(f'/{number}', str(number))\n"
    project.write("hello.py", f"{APP}    {many}")
    ours, theirs = os.pipe()
    process = subprocess.Popen(
        project.command("--app", "hello", "routes"), env=project.environ(), stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(theirs)
    assert os.read(ours, 8) == b"Endpoint"
    os.close(ours)
    assert process.communicate(timeout=30)[1] == b""


@pytest.mark.parametrize(
    "variables",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}],
    ids=str,
)
def test_names_beyond_ascii_in_any_locale(project, variables):
    project.write(
        "hello.py",
        """
        from flask import Flask

        app = Flask("shop", static_folder=None)
        app.add_url_rule("/straße/<name>", "größe", lambda name: "")
        """,
    )
    for arguments, told in (
        (["routes"], "größe     GET      /straße/<name>"),
        (["routes", "--json"], '"rule": "/straße/<name>"'),
        (["routes", "--match", "/straße/ä"], "value        name = 'ä'"),
        (["routes", "--match", "/stra%C3%9Fe/%C3%A4"], "value        name = 'ä'"),
    ):
        done = subprocess.run(
            project.command("--app", "hello", *arguments), env=project.environ(**variables), capture_output=True
        )
        assert done.stderr == b""
        assert told in done.stdout.decode()


def test_colours_of_a_match(project):
    project.write("hello.py", APP)
    terminal = project.at_terminal("--app", "hello", "routes", "--match", "POST /fail/")
    terminal.wait_for(f"{BOLD}POST http://localhost/fail/{PLAIN}")
    terminal.wait_for(f"{RED}  is refused: 404 NotFound{PLAIN}")
    terminal.wait_for(f"{YELLOW}  /fail  (GET, HEAD, OPTIONS)  fail: the path ends with a slash")
    assert terminal.ended() == 1


def test_help_is_as_wide_as_the_terminal_and_ends(project):
    terminal = project.at_terminal("--help", COLUMNS="60")
    assert terminal.ended() == 0
    _, usage, text = terminal.shown.partition("Usage: python -m flask")
    assert usage
    assert max(map(len, text.splitlines())) <= 60


def test_interrupt_ends_the_server(project):
    project.write("hello.py", APP)
    terminal = project.at_terminal("--app", "hello", "run", "--port", "0")
    terminal.wait_for(" * Serving Flask app 'hello'")
    terminal.wait_for("WARNING: This is a development server.")
    url = url_of(terminal)
    terminal.wait_for("Press CTRL+C to quit")
    assert ask(url) == "first"
    terminal.wait_for('"GET / HTTP/1.1')
    terminal.type("\x03")
    assert terminal.ended() == 0
    assert "Traceback" not in terminal.shown


def test_reloader_restarts_and_recovers_and_ctrl_c_ends_all(project, server):
    url = url_of(server)

    def change(text: str) -> None:
        server.wait_for("Debugger is active!")
        time.sleep(1.5)  # then it has looked at the files; it does once in a second
        project.write("hello.py", text)
        server.wait_for("Detected change in ")
        server.wait_for("Restarting with ")

    server.wait_for("Restarting with ")
    change(APP.replace("first", "second"))
    change("def broken(:\n")
    told = server.wait_for("SyntaxError: invalid syntax")
    assert f'File "{project.folder / "hello.py"}", line 1' in told
    assert "click/core.py" not in told
    change(APP.replace("first", "third"))  # it waits
    server.wait_for("Debugger is active!")
    assert ask(url) == "third"  # and recovers
    server.type("\x03")
    assert server.ended() == 0
    assert "Traceback" not in server.shown


def test_pin_of_the_debugger(server):
    url_of(server)
    server.wait_for("Restarting with ")
    server.wait_for("Debugger PIN: ")
    assert re.fullmatch(r"\d{3}-\d{3}-\d{3}\s*", server.wait_for("\n"))


def test_prompts_of_a_command(project):
    project.write(
        "hello.py",
        """
        import click
        from flask import Flask

        app = Flask("shop")

        @app.cli.command()
        @click.option("--name", prompt=True)
        @click.password_option("--word")
        def create(name, word):
            click.secho(f"made {name} {len(word)}", fg="yellow")
        """,
    )
    terminal = project.at_terminal("--app", "hello", "create")
    terminal.wait_for("Name: ")
    terminal.type("Ada\n")
    for prompt in ("Word: ", "Repeat for confirmation: "):
        terminal.wait_for(prompt)
        terminal.type("secret\n")
    shown = terminal.wait_for(f"{YELLOW}made Ada 6")
    assert "secret" not in shown
    assert terminal.ended() == 0


def test_interrupt_of_a_command(project):
    project.write(
        "hello.py",
        """
        import click, time
        from flask import Flask

        app = Flask("shop")
        app.teardown_appcontext(lambda error: print("torn down"))

        @app.cli.command()
        def wait():
            print("waiting", flush=True)
            time.sleep(60)
        """,
    )
    terminal = project.at_terminal("--app", "hello", "wait")
    terminal.wait_for("waiting")
    terminal.type("\x03")
    terminal.wait_for("torn down")
    terminal.wait_for("Aborted!")
    assert terminal.ended() == 1
