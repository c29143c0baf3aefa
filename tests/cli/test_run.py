"""`flask run`: real servers at free ports."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import time
from pathlib import Path

import click
import pytest

import flask
from flask.cli import CertParamType, SeparatedPathType, run_command, show_server_banner
from flask.cli.parameters import combine_certificate

APP = """
    import threading
    from flask import Flask, current_app

    app = Flask(__name__)

    @app.route("/")
    def index():
        return "first"

    @app.route("/debug")
    def debug():
        return str(current_app.debug)

    @app.route("/thread")
    def thread():
        return str(threading.current_thread() is threading.main_thread())

    @app.route("/fail")
    def fail():
        raise ValueError("out of stock")
"""

#: Not watched in these tests, as whoever runs them may be editing it.
FRAMEWORK = str(Path(flask.__file__).parent / "*")


def test_serves_the_application(project):
    project.write("hello.py", APP)
    server = project.serve("--app", "hello", "run")
    assert server.get() == (200, "first")
    assert server.get("/debug") == (200, "False")
    assert server.get("/thread") == (200, "False")
    code, page = server.get("/fail")
    assert code == 500
    assert "out of stock" not in page
    assert " * Serving Flask app 'hello'\n * Debug mode: off\n" in server.said()


def test_without_threads(project):
    project.write("hello.py", APP)
    assert project.serve("--app", "hello", "run", "--without-threads").get("/thread") == (200, "True")


@pytest.mark.parametrize("args", [["--debug", "run"], ["run", "--debug"]])
def test_debug_brings_the_debugger(project, args):
    project.write("hello.py", APP)
    server = project.serve("--app", "hello", *args, "--no-reload")
    assert server.get("/debug") == (200, "True")
    code, page = server.get("/fail")
    assert code == 500
    assert "out of stock" in page
    assert "__debugger__" in page
    assert " * Debug mode: on\n" in server.said()


def test_debugger_without_debug_and_debug_without_debugger(project):
    project.write("hello.py", APP)
    debugger_file = "/?__debugger__=yes&cmd=resource&f=debugger.js"
    assert "openShell" in project.serve("--app", "hello", "run", "--debugger").get(debugger_file)[1]
    assert project.serve("--app", "hello", "run").get(debugger_file) == (200, "first")
    server = project.serve("--app", "hello", "run", "--debug", "--no-debugger", "--no-reload")
    assert "__debugger__" not in server.get("/fail")[1]


def test_options_from_the_environment(project):
    project.write("hello.py", APP)
    server = project.serve("run", FLASK_APP="hello", FLASK_RUN_DEBUG="1", FLASK_RUN_RELOAD="0")
    assert server.get("/debug") == (200, "True")
    done = project.run("--app", "nope", "run", FLASK_RUN_PORT="many")
    assert "'many' is not a valid integer" in done.stderr


def test_host(project):
    project.write("hello.py", APP)
    server = project.serve("--app", "hello", "run", "--host", "127.0.0.2")
    assert server.url.startswith("http://127.0.0.2:")
    assert server.get() == (200, "first")


def test_flags_of_0_11_to_2_1(project):
    project.write("hello.py", APP)
    assert project.serve("--app", "hello", "run", "--eager-loading").get() == (200, "first")
    assert "eager" not in project.invoke("run", "--help").output
    assert "eager_loading" in {param.name for param in run_command.params}


def test_factory_with_arguments_is_served(project):
    project.write(
        "hello.py",
        """
        from flask import Flask

        def make(name):
            app = Flask(name)
            app.add_url_rule("/", "index", lambda: name)
            return app
        """,
    )
    assert project.serve("--app", "hello:make('given')", "run").get() == (200, "given")


def test_reloader_follows_changes_also_through_errors(project):
    project.write("hello.py", APP)
    server = project.serve("--app", "hello", "--debug", "run", "--exclude-patterns", FRAMEWORK)
    server.get_until("first")
    project.write("hello.py", APP.replace("first", "second"))
    assert server.get_until("second")[0] == 200
    project.write("hello.py", APP + "\n    def broken(:\n")
    code, page = server.get_until("SyntaxError")
    assert code == 500
    assert "def broken(:" in server.said()
    project.write("hello.py", APP + "\n    import not_installed\n")
    code, page = server.get_until("not_installed")
    assert code == 500
    assert "Module 'hello' could not be imported" in page
    project.write("hello.py", APP.replace("first", "third"))
    assert server.get_until("third")[0] == 200
    assert server.said().count(" * Serving Flask app") == 1


def test_extra_files_and_exclude_patterns(project):
    project.write("hello.py", APP)
    for name in ("seen.txt", "ignored.txt"):
        project.write(name, "1")
    files = os.pathsep.join(["seen.txt", "ignored.txt"])
    patterns = os.pathsep.join([FRAMEWORK, "*ignored.txt"])
    server = project.serve("--app", "hello", "run", "--reload", "--extra-files", files, "--exclude-patterns", patterns)
    server.wait_for("Restarting with")
    server.get_until("first")
    project.write("ignored.txt", "2")
    time.sleep(1.2)  # the reloader looks once in a second
    project.write("seen.txt", "2")
    assert server.wait_for(r"Detected change in '.*?(\w+\.txt)'").group(1) == "seen.txt"


def test_errors_at_the_start_end_the_command(project):
    project.write("broken.py", "import not_installed")
    done = project.run("--app", "broken", "--debug", "run", "--port", "0")
    assert done.returncode == 2
    assert f'File "{project.folder / "broken.py"}", line 1' in done.stderr
    assert "Serving" not in done.stdout
    project.write("failing.py", "1 / 0")
    done = project.run("--app", "failing", "run", "--port", "0")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr


def test_port_in_use(project):
    project.write("hello.py", APP)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = project.run("--app", "hello", "run", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "different port" in done.stderr


def test_app_run_does_not_start_a_second_server(project):
    project.write("hello.py", APP + "\n    app.run(port=1)\n")
    assert project.serve("--app", "hello", "run").get() == (200, "first")


class TestCertificate:
    @pytest.fixture
    def files(self, project):
        if shutil.which("openssl") is None:
            pytest.skip("a certificate is made with the program openssl, which is not here")
        make = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=shop"
        subprocess.run(shlex.split(make), check=True, capture_output=True)

    def test_serves_https(self, project, files):
        project.write("hello.py", APP)
        # In either order: an option is not told what stands after it.
        server = project.serve("--app", "hello", "run", "--key", "key.pem", "--cert", "cert.pem")
        assert server.url.startswith("https://")
        assert server.get() == (200, "first")

    def test_context_from_a_module(self, project, files):
        project.write(
            "tls.py",
            """
            import ssl

            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("cert.pem", "key.pem")
            """,
        )
        project.write("hello.py", APP)
        assert project.serve("--app", "hello", "run", "--cert", "tls.context").get() == (200, "first")
        done = project.run("run", "--cert", "tls.context", "--key", "key.pem")
        assert "'--key': It is not used" in done.stderr

    def test_adhoc(self, project):
        pytest.importorskip("cryptography", reason="makes the certificate for the occasion")
        project.write("hello.py", APP)
        server = project.serve("--app", "hello", "run", "--cert", "adhoc")
        assert server.url.startswith("https://")
        assert server.get() == (200, "first")

    def test_adhoc_without_the_library_for_it(self, project):
        done = project.run("run", "--cert", "adhoc", before="import sys; sys.modules['cryptography'] = None")
        assert done.returncode == 2
        assert "pip install cryptography" in done.stderr

    @pytest.mark.parametrize(
        ("args", "words"),
        [
            (["--cert", "nope.pem"], ["'--cert'", "'nope.pem' does not exist"]),
            (["--cert", "os.path"], ["'--cert'", "'os.path' does not exist"]),
            (["--key", "nope.pem"], ["'--key'", "'nope.pem' does not exist"]),
            (["--key", "here.pem"], ["'--key'", "give '--cert' as well"]),
            (["--cert", "here.pem"], ["'--key'", "required when '--cert' names a file"]),
        ],
    )
    def test_error_says_what_to_do(self, project, args, words):
        project.write("here.pem", "")
        result = project.invoke("run", *args)
        assert result.exit_code == 2
        for word in ("Usage:", *words):
            assert word in result.output

    def test_type_gives_an_absolute_path(self, project):
        project.write("here.pem", "")
        assert CertParamType().convert("here.pem", None, None) == str(project.folder / "here.pem")

    def test_reading_the_command_line_brings_certificate_and_key_together(self, project):
        project.write("here.pem", "")
        path = str(project.folder / "here.pem")
        context = run_command.make_context("run", ["--key", path, "--cert", path])
        assert context.params["cert"] == (path, path)
        with pytest.raises(click.BadParameter, match="required when '--cert' names a file"):
            run_command.make_context("run", ["--cert", path])

    def test_combination(self):
        assert combine_certificate(None, None) is None
        assert combine_certificate("adhoc", None) == "adhoc"
        assert combine_certificate("cert", "key") == ("cert", "key")
        with pytest.raises(click.BadParameter, match="is not used"):
            combine_certificate("adhoc", "key")


def test_separated_paths(project):
    project.write("one", "")
    text = os.pathsep.join(["one", "two"])
    assert SeparatedPathType().convert(text, None, None) == ["one", "two"]
    with pytest.raises(click.BadParameter, match="'two' does not exist"):
        SeparatedPathType(exists=True).convert(text, None, None)


def test_banner(project, capsys):
    show_server_banner(True, "hello")
    show_server_banner(False, None)
    assert capsys.readouterr().out == " * Serving Flask app 'hello'\n * Debug mode: on\n * Debug mode: off\n"
    os.environ["WERKZEUG_RUN_MAIN"] = "true"
    show_server_banner(True, "hello")
    assert capsys.readouterr().out == ""
