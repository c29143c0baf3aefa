"""The files and the arguments that tests/cli/test_differential.py hands to both implementations of the command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

FILES = {
    # An application, with commands of every kind.
    "hello.py": """
        import click
        from flask import Blueprint, Flask, current_app, g
        from flask.cli import AppGroup, FlaskGroup, ScriptInfo, pass_script_info, with_appcontext

        app = Flask(__name__, static_folder=None)

        def say(*what):
            print("says:", *what)

        @app.cli.command()
        @click.argument("words", nargs=-1)
        def who(words):
            "Say who it is."
            say(current_app.name, current_app.debug, current_app.import_name, words)

        @app.cli.command("plain", with_appcontext=False)
        def plain():
            say(bool(current_app))

        @app.cli.command
        def bare_decorator():
            say(bool(current_app))

        @app.cli.command("info", with_appcontext=False)
        @pass_script_info
        def info(script):
            say(script.app_import_path, script.create_app, script.data, script.load_app() is app)

        @click.command("later")
        @with_appcontext
        def later():
            say(current_app.name)

        app.cli.add_command(later)

        @app.cli.command("fail")
        @click.option("--how", default="raise")
        def fail(how):
            if how == "raise":
                raise ValueError("of the command")
            if how == "abort":
                raise click.Abort
            if how == "usage":
                raise click.UsageError("of the command")
            if how == "exit":
                raise SystemExit(7)
            if how == "click exit":
                click.get_current_context().exit(8)
            raise click.ClickException("of the command")

        tasks = AppGroup("tasks", help="Tasks.")

        @tasks.command("first")
        @click.option("--times", type=int, default=1)
        def first(times):
            say("first", current_app.name, times)

        @tasks.group("deeper")
        def deeper():
            say("deeper", bool(current_app))

        @deeper.command("second")
        def second():
            say("second", current_app.name)

        app.cli.add_command(tasks)

        @app.cli.group("chained", chain=True)
        def chained():
            pass

        @chained.command("one")
        def one():
            say("one")

        @chained.command("two")
        def two():
            say("two")

        @app.teardown_appcontext
        def end(error):
            say("torn down", error)

        for name, options in {"named": {}, "none": {"cli_group": None}, "other": {"cli_group": "else"}}.items():
            blueprint = Blueprint(name, __name__, **options)

            @blueprint.cli.command(f"of-{name}")
            @click.argument("word", default="nothing")
            def of_blueprint(word):
                say(current_app.name, word)

            app.register_blueprint(blueprint)
        again = Blueprint("again", __name__, cli_group="when made")
        again.cli.command("task")(lambda: say("task"))
        app.register_blueprint(again, cli_group="when-registered")
        silent = Blueprint("silent", __name__)
        app.register_blueprint(silent)

        @app.shell_context_processor
        def names():
            return {"favourite": 42, "other": 1}
        """,
    "factories.py": """
        from flask import Flask

        def make(name="by default", *, debug=None):
            app = Flask("made")
            app.cli.command("who")(lambda: print("says:", name, debug))
            return app

        def with_info(script_info=None):
            return make("with" if script_info else "without")

        def create_app():
            return make("of create_app")

        def needs(name):
            return make(name)

        def forgets():
            pass

        def fails():
            raise TypeError("of the factory")

        def fails_deeper():
            def inner(a):
                pass
            inner()

        def args(*args, **kwargs):
            return make(f"{args} {sorted(kwargs.items())}")

        class Factory:
            def __call__(self):
                return make("of an object")
            def method(self):
                return make("of a method")

        factory = Factory()
        number = 3
        wrapped = make("wrapped")
        """,
    "made_only.py": "from factories import make as make_app",
    "needs_argument.py": "from factories import needs as create_app",
    "returns_none.py": "from factories import forgets as create_app",
    "factory_fails.py": "from factories import fails as create_app",
    "subclass.py": """
        from flask import Flask

        class Shop(Flask):
            pass

        shop = Shop("subclass")
        shop.cli.command("who")(lambda: print("says: subclass"))
        """,
    "several.py": "from flask import Flask\none, two = Flask('one'), Flask('two')",
    "same_twice.py": "from subclass import shop\nagain = shop",
    "application_name.py": "from hello import app as application\nfrom several import one",
    "nothing.py": "",
    "import_fails.py": "import there_is_no_such_module",
    "import_name_fails.py": "from os import there_is_no_such_name",
    "raises.py": "raise ValueError('of the module')",
    "exits.py": "raise SystemExit(9)",
    "syntax.py": "def broken(:",
    "package/__init__.py": "",
    "package/web.py": "from hello import app",
    "package/inner/__init__.py": "from hello import app",
    "plain/deep.py": "from hello import app",
    "with-dash.py": "from hello import app",
    "folder.py/readme": "",
    "runs.py": "from hello import app\napp.run(port=1)\nprint('says: it went on')",
    "own_group.py": """
        import click
        from flask import Flask
        from flask.cli import FlaskGroup

        def create_app():
            app = Flask("own group")
            app.cli.command("who")(lambda: print("says: of the group"))
            return app

        cli = FlaskGroup(create_app=create_app)
        """,
    "routes.py": """
        from flask import Flask

        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/b", "zebra", lambda: "", methods=["POST", "GET"])
        app.add_url_rule("/a/<int:number>", "yak", lambda number: "", methods=["PUT"])
        app.add_url_rule("/c", "ant", lambda: "")

        hosts = Flask("hosts", static_folder=None, host_matching=True)
        hosts.add_url_rule("/", "b", lambda: "", host="a.example")
        hosts.add_url_rule("/x", "a", lambda: "", host="b.example")

        subdomains = Flask("subdomains", static_folder=None, subdomain_matching=True)
        subdomains.add_url_rule("/", "b", lambda: "", subdomain="zoo")
        subdomains.add_url_rule("/x", "a", lambda: "")

        none = Flask("none", static_folder=None)
        static = Flask("static")
        """,
    "has_wsgi/wsgi.py": "from hello import app",
    "has_app/app.py": "from hello import app",
    "has_both/wsgi.py": "from hello import app",
    "has_both/app.py": "raise ValueError('not this one')",
    "bad_wsgi/wsgi.py": "import there_is_no_such_module",
    "bad_wsgi/app.py": "from hello import app",
    "wsgi_without/wsgi.py": "",
    "wsgi_without/app.py": "from hello import app",
    "empty/readme": "",
    "with_old_env/.flaskenv": "FLASK_ENV=development\nFLASK_APP=../hello.py",
    "with_old_env/production.env": "FLASK_ENV=production",
    "with_env/.flaskenv": "FLASK_APP=hello\nFROM_ENV=flaskenv\nFLASK_RUN_PORT=7001",
    "with_env/.env": "FROM_ENV=env\nFLASK_DEBUG=1",
    "with_env/below/other.env": "FROM_ENV=other\nFLASK_APP=factories:make('env file')",
    "only_other/other.env": "FLASK_APP=hello\nFLASK_RUN_HOST=0.0.0.0\nFLASK_WHO_WORDS=given",
    "env_app.py": """
        import os
        from flask import Flask

        app = Flask("env")

        @app.cli.command("env")
        def env():
            print("says:", os.environ.get("FROM_ENV"), os.environ.get("FLASK_DEBUG"), os.environ.get("FLASK_APP"))
            print("says:", app.debug, os.path.basename(os.getcwd()))
        """,
    "startup.py": "favourite = 'startup'\nfrom_startup = 'there'",
    "startup_fails.py": "1 / 0",
    "file.pem": "no certificate",
    "tls.py": "import ssl\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)",
    # A package that brings commands, as if it was installed.
    "plugin.py": """
        import click

        @click.command()
        def run_plugin():
            print("says: plugin")

        @click.command()
        def replaced():
            print("says: the plugin's routes")
        """,
    "plugin-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: plugin\nVersion: 1.0\n",
    "plugin-1.0.dist-info/entry_points.txt": "[flask.commands]\nplugin = plugin:run_plugin\nroutes = plugin:replaced\n",
}


@dataclass(frozen=True)
class Case:
    """One call of the command.

    :param arguments: as one types them.
    :param names: what the output has to name, in case of an error.
    :param folder: the current directory, below that of the files.
    :param type: what is typed at standard input.
    """

    arguments: str
    names: tuple[str, ...] = ()
    folder: str = "."
    type: str = ""
    environment: dict[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        where = f" in {self.folder}" if self.folder != "." else ""
        variables = "".join(f"{name}={value} " for name, value in self.environment.items())
        return f"{variables}flask {self.arguments}{where}{f' < {self.type!r}' if self.type else ''}"


def of_app(*references: str, names: tuple[str, ...] = ()) -> Iterator[Case]:
    return (Case(f"--app {reference} who", names) for reference in references)


def typed(*lines: str, **environment: str) -> Iterator[Case]:
    return (Case("--app hello shell", type=f"print('says:', {line})\n", environment=environment) for line in lines)


CASES = [
    # Which application
    *of_app("hello", "hello.py", "hello:app", "./hello.py", "hello.py:app", "package.web", "package/web.py"),
    *of_app("package.inner", "package/inner", "package/inner/__init__.py", "plain/deep.py", "plain/deep", "with-dash"),
    *of_app(
        "factories",
        "factories:create_app",
        "factories:make",
        "factories:wrapped",
        "factories:with_info",
        "made_only",
        "subclass",
    ),
    *of_app(
        "\"factories:make('x')\"", "\"factories:make('x', debug=True)\"", "'factories:make()'", "factories:factory"
    ),
    *of_app("'factories:args(1, [2], a=None)'", "'factories:factory()'", "' hello:app '", "'hello: app'", "'hello:'"),
    *of_app("same_twice", "application_name", "runs", "factories:factory.method", "'factories:args(-1)'"),
    *of_app("nope", "nope.web", "nope.py", "package.nope", "hello.app", names=("nope", "hello.app")),
    *of_app("nowhere/x.py", "package/nope.py", "package/nope", names=("nowhere/x.py", "package/nope")),
    *of_app("folder.py", "file.pem", names=("folder.py", "file.pem")),
    *of_app("hello:nope", "'hello:nope()'", names=("nope",)),
    *of_app("several", "nothing", "nothing:app", names=("several", "nothing")),
    *of_app("'hello:app + 1'", "'hello:app['", "'hello:1'", "'hello:app.name'", "'hello:\"x\"'"),
    *of_app("'factories:make(name)'", "'factories:make(1 + x)'", "'factories:args(*[1])'", "'factories:args(**{})'"),
    *of_app("factories:needs", "needs_argument", names=("factor",)),
    *of_app("'factories:needs(1, 2)'", "'factories:create_app(1)'", "'factories:make(nope=1)'", names=("factor",)),
    *of_app("factories:forgets", "returns_none", "factories:number", "'factories:number()'", "factories:Factory"),
    *of_app("factories:fails", "'factories:fails()'", "factories:fails_deeper", "factory_fails"),
    *of_app("import_fails", "import_name_fails", names=("there_is_no_such",)),
    *of_app("raises", "exits", "syntax", "raises:app"),
    *(
        Case("who", folder=folder)
        for folder in ("has_wsgi", "has_app", "has_both", "bad_wsgi", "wsgi_without", "empty")
    ),
    Case("--app hello who", folder="has_app"),
    Case("--app '' who", folder="has_app"),
    Case("who", environment={"FLASK_APP": "hello"}),
    Case("who", environment={"FLASK_APP": "hello:nope"}, names=("nope",)),
    Case("who", environment={"FLASK_APP": ""}, folder="has_app"),
    Case("--app factories who", environment={"FLASK_APP": "hello"}),
    Case("-A hello who"),
    Case("who --app hello", folder="empty"),
    # Commands
    Case("--app hello who a b -- -c"),
    *(Case(f"--app hello {command}") for command in ("plain", "bare-decorator", "info", "later", "nope", "silent")),
    *(Case(f"--app hello {command}") for command in ("tasks", "tasks first", "tasks first --times 3", "tasks nope")),
    *(Case(f"--app hello {command}") for command in ("tasks first --times x", "tasks deeper", "tasks deeper second")),
    *(Case(f"--app hello {command}") for command in ("chained one two", "chained two one one", "chained one nope")),
    *(Case(f"--app hello {command}") for command in ("named of-named x", "of-none x", "else of-other", "none of-none")),
    *(Case(f"--app hello {command}") for command in ("when-registered task", "'when made' task", "other of-other")),
    *(Case(f"--app hello fail --how {how}") for how in ("raise", "abort", "usage", "exit", "'click exit'", "error")),
    Case("--app hello fail --nope"),
    Case("plugin", folder="empty"),
    Case("plugin"),
    Case("--app hello routes"),
    Case("--app own_group who"),
    # Debug, and what the environment says
    *(Case(f"{before} --app hello who {after}") for before in ("--debug", "--no-debug", "") for after in ("", "x")),
    *(Case("--app hello who", environment={"FLASK_DEBUG": value}) for value in ("1", "0", "true", "no", "", "x")),
    Case("--app hello --no-debug who", environment={"FLASK_DEBUG": "1"}),
    Case("--app hello --debug who", environment={"FLASK_DEBUG": "0"}),
    *(Case("--app hello who", environment={"FLASK_ENV": value}) for value in ("production", "testing", "")),
    *(
        Case(arguments, environment={"FLASK_ENV": "development"}, names=("FLASK_ENV",))
        for arguments in ("--app hello who", "--app hello run", "--app hello run --no-reload", "--app env_app env")
    ),
    *(
        Case(arguments, environment={"FLASK_ENV": "development"}, names=("FLASK_ENV",))
        for arguments in ("--app hello --no-debug who", "--app hello --debug run", "--app hello run --no-debug")
    ),
    *(
        Case(arguments, environment={"FLASK_ENV": environment, "FLASK_DEBUG": debug}, names=("FLASK_ENV",))
        for arguments in ("--app hello who", "--app hello run")
        for environment in ("development", "production")
        for debug in ("0", "1", "")
    ),
    *(Case(arguments, folder="with_old_env", names=("FLASK_ENV",)) for arguments in ("who", "run", "--no-debug run")),
    Case("who", folder="with_old_env", environment={"FLASK_DEBUG": "0"}),
    Case("who", folder="with_old_env", environment={"FLASK_ENV": "production"}),
    Case("who", folder="with_old_env", environment={"FLASK_SKIP_DOTENV": "1", "FLASK_APP": "../hello.py"}),
    Case("-e production.env who", folder="with_old_env"),
    Case("--app env_app env"),
    Case("--app ../env_app env", folder="with_env"),
    Case("--app ../env_app.py env", folder="with_env"),
    Case("--app ../../env_app.py env", folder="with_env/below"),
    Case("--app ../../env_app.py -e other.env env", folder="with_env/below"),
    Case("--app ../../env_app.py --env-file other.env env", folder="with_env/below"),
    Case("--app ../env_app.py env", folder="with_env", environment={"FROM_ENV": "own", "FLASK_DEBUG": "0"}),
    Case("--app ../env_app.py env", folder="with_env", environment={"FLASK_SKIP_DOTENV": "1"}),
    Case("--app ../../env_app.py -e other.env env", folder="with_env/below", environment={"FLASK_SKIP_DOTENV": "1"}),
    Case("-e other.env who x", folder="only_other"),
    Case("-e other.env run", folder="only_other"),
    Case("-e nope.env who", folder="only_other", names=("nope.env",)),
    Case("-e other.env who", folder="with_env/below"),
    Case("who", folder="with_env"),
    Case("run", folder="with_env"),
    Case("who", environment={"FLASK_ENV_FILE": "only_other/other.env"}),
    Case("run", environment={"FLASK_APP": "hello", "FLASK_RUN_PORT": "1234", "FLASK_RUN_HOST": "::1"}),
    Case("run", environment={"FLASK_APP": "hello", "FLASK_RUN_PORT": "many"}, names=("many",)),
    Case("run", environment={"FLASK_APP": "hello", "FLASK_RUN_RELOAD": "1", "FLASK_RUN_WITH_THREADS": "0"}),
    Case("run", environment={"FLASK_APP": "hello", "FLASK_RUN_EXTRA_FILES": "hello.py:tls.py"}),
    Case("run", environment={"FLASK_APP": "hello", "FLASK_RUN_CERT": "nope"}, names=("nope",)),
    Case("run", environment={"FLASK_APP": "hello", "FLASK_RUN_DEBUG": "1"}),
    Case("routes", environment={"FLASK_APP": "routes", "FLASK_ROUTES_SORT": "rule"}, folder="empty"),
    Case("tasks first", environment={"FLASK_APP": "hello", "FLASK_TASKS_FIRST_TIMES": "4"}),
    # run
    *(Case(f"--app hello run {options}") for options in ("", "-h 0.0.0.0 -p 80", "--host :: --port 65535", "--port 0")),
    *(Case(f"--app hello run {options}") for options in ("--port 65536", "--port -1", "--port ''", "--nope", "extra")),
    Case("--app hello run --port x", names=("'--port' / '-p': 'x'",)),
    *(Case(f"--app hello run {options}") for options in ("--reload", "--no-reload", "--debug", "--no-debug")),
    *(Case(f"--app hello run {options}") for options in ("--debugger", "--no-debugger --debug", "--debug --no-reload")),
    *(Case(f"--app hello --debug run {options}") for options in ("", "--no-debug", "--no-reload", "--reload")),
    *(Case(f"--app hello run {options}") for options in ("--with-threads", "--without-threads")),
    Case("--app hello run --extra-files hello.py:tls.py --exclude-patterns '*/x:y'"),
    Case("--app hello run --extra-files nope.py"),
    Case("--app hello run --extra-files ''"),
    Case("--app hello run --cert adhoc", names=("cryptography",)),
    *(Case(f"--app hello run {options}", ("--cert",)) for options in ("--cert nope.pem", "--cert nope.module")),
    *(Case(f"--app hello run {options}", ("--key",)) for options in ("--key nope.pem", "--cert file.pem")),
    *(Case(f"--app hello run {options}", ("--cert",)) for options in ("--key file.pem", "--cert package")),
    *(Case(f"--app hello run {options}") for options in ("--cert file.pem --key file.pem", "--cert tls:context")),
    Case("--app hello run --cert tls.context"),
    Case("--app hello run --cert tls.context --key file.pem", names=("--key",)),
    Case("--app nope run", names=("nope",)),
    Case("--app import_fails run", names=("there_is_no_such_module",)),
    Case("--app raises run"),
    Case("--app syntax run"),
    Case("run", folder="empty"),
    Case("--app runs run"),
    Case("--app hello run --port PORT", names=("in use",), environment={"REALLY_RUN": "1"}),
    *(
        Case(f"--app hello run --port 0 --host {host}", names=(host, "--host"), environment={"REALLY_RUN": "1"})
        for host in ("203.0.113.1", "256.1.1.1", "unix://nowhere/socket")
    ),
    Case("--app hello run --port 0 --cert file.pem --key file.pem", ("file.pem",), environment={"REALLY_RUN": "1"}),
    # routes
    *(
        Case(f"--app ../routes.py:{app} routes --sort {sort}", folder="empty")
        for app in ("app", "hosts", "subdomains")
        for sort in ("endpoint", "methods", "domain", "rule", "match")
    ),
    *(Case(f"--app ../routes.py:{app} routes", folder="empty") for app in ("none", "static", "app", "hosts")),
    Case("--app ../routes.py routes --all-methods", folder="empty"),
    Case("--app ../routes.py routes -s rule --all-methods", folder="empty"),
    Case("--app ../routes.py routes --sort nope", folder="empty"),
    Case("--app ../nope.py routes", folder="empty", names=("nope",)),
    # shell
    *typed(
        "favourite, other, app.name",
        "g.get('x')",
        "__name__",
        "'request' in globals()",
        "sorted(set(globals()) - {'__builtins__'})",
    ),
    *typed("favourite, from_startup", PYTHONSTARTUP="startup.py"),
    *typed("favourite", PYTHONSTARTUP="nope.py"),
    *typed("favourite", PYTHONSTARTUP=""),
    *typed("favourite", PYTHONSTARTUP="startup_fails.py"),
    Case("--app hello shell", type="1 / 0\nprint('says: on')\n"),
    Case("--app hello shell", type="exit(5)\n"),
    Case("--app hello shell"),
    Case("--app hello shell -c 'print(1)'"),
    Case("--app hello shell extra"),
    Case("--app nope shell", names=("nope",)),
    Case("shell", folder="empty"),
    # The command itself
    *(Case(arguments) for arguments in ("--version", "--nope", "--help", "", "--debug", "--app", "run --help")),
    *(Case(f"--app hello {arguments}") for arguments in ("--help", "who --help", "tasks --help", "")),
    *(Case(f"--app {app} --help") for app in ("nope", "import_fails", "raises", "exits", "several")),
    *(Case(f"--app {app} --version") for app in ("nope", "raises")),
    Case("--help --app hello"),
    Case("--help", folder="empty"),
    Case("--app hello --no-such-option who", names=("--no-such-option",)),
    # Completion, as the shell asks for it
    *(
        Case("", environment={"_FLASK_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)})
        for words, number in (("flask ", 1), ("flask r", 1), ("flask run --", 2), ("flask routes --sort ", 3))
    ),
    Case(
        "",
        environment={"_FLASK_COMPLETE": "bash_complete", "COMP_WORDS": "flask --app hello ta", "COMP_CWORD": "3"},
    ),
    Case(
        "",
        environment={
            "_FLASK_COMPLETE": "bash_complete",
            "COMP_WORDS": "flask t",
            "COMP_CWORD": "1",
            "FLASK_APP": "hello",
        },
    ),
    Case("", environment={"_FLASK_COMPLETE": "bash_source"}),
]
