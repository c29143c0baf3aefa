"""What the command imports: nothing that it does not need. The time itself is measured elsewhere."""

from __future__ import annotations

import pytest

#: Prints, when the process ends, which modules were imported.
TELL = """
import atexit, sys
atexit.register(lambda: print("modules:", *sys.modules, file=sys.__stderr__))
"""

# Werkzeug imports its server and test client by itself, and `import flask` brings Jinja with `flask.Flask`.
NEVER = {
    *("code", "readline", "rlcompleter"),  # the shell
    *("werkzeug.debug", "werkzeug._reloader", "cryptography"),  # the server
    *("flask.cli.explanation", "flask.cli.listing", "flask.cli.near_misses", "flask.cli.telling"),  # the routes
    *("flask.testing", "werkzeug.middleware", "flask.legacy.compat", "flask.legacy.module"),
    "dotenv",  # where there is no file for it
}

APP = """
    from flask import Flask

    app = Flask("shop", static_folder=None)

    @app.cli.command()
    def greet():
        print("hello")
"""


def modules(project, *args: str, **variables: str) -> set[str]:
    done = project.run(*args, before=TELL, **variables)
    *_, line = (line for line in done.stderr.splitlines() if line.startswith("modules: "))
    return set(line.split()[1:])


def test_version(project):
    assert NEVER & modules(project, "--version") == set()


def test_help(project):
    assert NEVER & modules(project, "--help") == set()


def test_help_of_a_command_does_not_load_the_application(project):
    project.write("app.py", APP)
    for command in ("run", "shell", "routes"):
        found = modules(project, command, "--help")
        assert NEVER & found == set()
        assert "app" not in found


def test_command_of_the_application(project):
    project.write("app.py", APP)
    assert NEVER & modules(project, "greet") == set()


@pytest.mark.parametrize(
    ("words", "loads"),
    [(["flask", ""], True), (["flask", "run", "--"], False), (["flask", "routes", "--sort", ""], False)],
)
def test_completion(project, words, loads):
    project.write("app.py", APP)
    number = str(len(words) - 1)
    before = TELL + "sys.argv[0] = 'flask'"
    done = project.run(before=before, _FLASK_COMPLETE="bash_complete", COMP_WORDS=" ".join(words), COMP_CWORD=number)
    found = set(done.stderr.rpartition("modules: ")[2].split())
    assert NEVER & found == set()
    assert ("app" in found) is loads
    assert done.stdout.startswith("plain,")


def test_files_of_variables_bring_what_reads_them(project):
    project.write("app.py", APP)
    project.write(".env", "A=1")
    assert "dotenv" in modules(project, "greet")
    assert "dotenv" not in modules(project, "greet", FLASK_SKIP_DOTENV="1")
