"""`flask run`: real servers at free ports."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
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
    assert "'many' is no port" in done.stderr


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
    assert server.get_until("SyntaxError")[0] == 500
    assert "def broken(:" in server.said()
    project.write("hello.py", APP + "\n    import not_installed\n")
    assert server.get_until("not_installed")[0] == 500
    project.write("hello.py", APP.replace("first", "third"))
    assert server.get_until("third")[0] == 200
    assert server.said().count(" * Serving Flask app") == 1


@pytest.mark.parametrize("options", [["--debugger"], ["--no-debugger"]])
@pytest.mark.parametrize(
    ("fault", "frames", "last"),
    [
        ("import prices", ["hello.py:1", "prices.py:1"], "ModuleNotFoundError: No module named 'not_installed'"),
        ("def broken(:", [], "SyntaxError: invalid syntax"),
        ("def create_app():\n    raise KeyError(1)", ["hello.py:2"], "by the factory 'create_app' in module 'hello'."),
        ("nothing = 1", [], "No Flask application was found"),
    ],
)
def test_frames_of_an_error_under_the_reloader_are_the_programs(project, options, fault, frames, last):
    """In the terminal, when it is told and for each request, and on the page of the debugger."""
    project.write("prices.py", "import not_installed")
    project.write("hello.py", APP)
    server = project.serve("--app", "hello", "run", "--reload", *options, "--exclude-patterns", FRAMEWORK)
    server.get_until("first")
    project.write("hello.py", fault)
    for times in (2, 3):  # it was told once before there was a request
        server.wait_for(f"Detected change(?s:.*){'(?s:.*)'.join([re.escape(last)] * (times - 1))}")
        code, page = server.get_until("")
        assert code == 500
        server.wait_for(f"Detected change(?s:.*){'(?s:.*)'.join([re.escape(last)] * times)}")
    text = server.said().rpartition("Detected change")[2]
    found = re.findall(r'File "([^"]*)", line (\d+), in ', text)
    assert [f"{Path(file).name}:{line}" for file, line in found] == frames * 3
    for words in ("During handling", "direct cause"):
        assert words not in text
    if "--debugger" in options:
        found = re.findall(r'class="filename">"([^"]*)"</cite>,\s*line <em class="line">(\d+)<', page)
        assert [f"{Path(file).name}:{line}" for file, line in found] == frames
        assert "exc-divider" not in page


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


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "256.1.1.1"], ["The host '256.1.1.1' is not known", "127.0.0.1", "0.0.0.0"]),
        (["--host", "localhost:80"], ["The host 'localhost:80' is not known", "'--port'"]),
        (["--host", "203.0.113.1"], ["'203.0.113.1' is not an address of this machine", "127.0.0.1", "0.0.0.0"]),
        (["--host", "unix://nowhere/socket"], ["listen at 'unix://nowhere/socket': No such file", "'--host'"]),
        (["--cert", "no.pem", "--key", "no.pem"], ["no.pem' are not a certificate and its private key", "PEM"]),
    ],
)
def test_where_nothing_can_listen(project, options, words):
    project.write("hello.py", APP)
    project.write("no.pem", "")
    for more in ([], ["--reload"]):
        done = project.run("--app", "hello", "run", "--port", "0", *options, *more)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        error = done.stderr.partition("Error: ")[2]
        for word in words:
            assert word in error


def test_port_that_is_for_the_administrator(project):
    project.write("hello.py", APP)
    # Who runs this may be one.
    before = (
        "import errno, socketserver\n"
        "def refuse(server): raise PermissionError(errno.EACCES, 'Permission denied')\n"
        "socketserver.TCPServer.server_bind = refuse"
    )
    done = project.run("--app", "hello", "run", "--port", "80", before=before)
    assert done.returncode == 1
    for word in ("listen at port 80", "below 1024", "'--port' a higher one, such as 5000"):
        assert word in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["abc", "65536", "-1", "1.5", ""])
def test_what_is_no_port(project, port):
    result = project.invoke("run", "--port", port)
    assert result.exit_code == 2
    assert f"'{port}' is no port. Give a number from 0 to 65535; 0 is any that is free." in result.output


def test_file_is_not_taken_for_a_socket(project):
    """The server would delete it."""
    project.write("hello.py", APP)
    for path in ("hello.py", ""):
        result = project.invoke("--app", "hello", "run", "--host", f"unix://{path}")
        assert result.exit_code == 2
        assert f"'{project.folder / path}' is there already, and is no socket" in result.output
    assert (project.folder / "hello.py").exists()


def test_socket_of_a_server_before(project):
    project.write("hello.py", APP)
    with socket.socket(socket.AF_UNIX) as old:
        old.bind("socket")
    terminal = project.at_terminal("--app", "hello", "run", "--host", "unix://socket")
    terminal.wait_for("Running on unix://socket")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("socket")
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(1000), b""))
    assert answer.endswith(b"first")


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
            (["--cert", "nope.pem"], ["'--cert'", "'nope.pem' does not exist", "'adhoc'", "SSLContext", "{folder}"]),
            (["--cert", "os.path"], ["'--cert'", "'os.path' does not exist", "ssl.SSLContext"]),
            (["--cert", "os.nope"], ["'--cert'", "'os.nope' does not exist", "ssl.SSLContext"]),
            (["--cert", "/nope.pem"], ["'--cert'", "'/nope.pem' does not exist. Nor"]),
            (["--cert", "."], ["'--cert'", "'.' is a directory. Nor is it"]),
            (["--cert", "tls.context"], ["'tls.context' could not be imported", "tls.py", "No module named 'gone'"]),
            (["--key", "nope.pem"], ["'--key'", "'nope.pem' does not exist", "current directory, '{folder}'"]),
            (["--key", "here.pem"], ["'--key'", "give '--cert' as well"]),
            (["--cert", "here.pem"], ["'--key'", "required when '--cert' names a file"]),
        ],
    )
    def test_error_says_what_to_do(self, project, args, words):
        project.write("here.pem", "")
        project.write("tls.py", "import gone")
        sys.path.insert(0, str(project.folder))
        result = project.invoke("run", *args)
        assert result.exit_code == 2
        for word in ("Usage:", *words):
            assert word.format(folder=project.folder) in result.output
        assert "During handling" not in result.output

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


def test_debug_mode_by_its_old_name_is_told_once(project):
    """Once: not again by the process that the reloader starts, and not where something else says it."""
    project.write("hello.py", APP)
    project.write(".flaskenv", "FLASK_ENV=development\nFLASK_APP=hello")
    server = project.serve("run", "--exclude-patterns", FRAMEWORK)
    server.wait_for("Debugger is active!")
    assert server.said().count(" * Tip: debug mode is on by FLASK_ENV=development.") == 1
    for args, variables in (
        (["run", "--no-debug"], {}),
        (["run"], {"FLASK_DEBUG": "0"}),
        (["--debug", "run", "--no-reload"], {}),
    ):
        server = project.serve(*args, **variables)
        assert "FLASK_ENV" not in server.said()


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
