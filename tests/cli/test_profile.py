"""`flask profile`: where the time of a request goes."""

from __future__ import annotations

import functools
import importlib
import io
import json
import re
import sys
import types
import xml.etree.ElementTree
from pathlib import Path

import click
import pytest
from werkzeug.routing import BaseConverter

from flask import Blueprint, Flask, abort, after_this_request, render_template_string, request, request_started, session
from flask.cli import FlaskGroup, parts, sampling
from flask.cli.parts import Attribution
from flask.sessions import SecureCookieSessionInterface
from flask.testing import EnvironBuilder
from flask.views import MethodView

APP = """
    import time
    from flask import Flask, has_app_context, redirect, render_template, request, session

    app = Flask(__name__)
    app.secret_key = "secret"
    app.asked = []

    @app.before_request
    def look_around():
        time.sleep(0.004)

    @app.after_request
    def add_header(response):
        time.sleep(0.004)
        return response

    @app.teardown_request
    def clean_up(error):
        time.sleep(0.004)

    @app.route("/users/<int:number>")
    def show_user(number):
        time.sleep(0.004)
        session["number"] = number
        return render_template("user.html", number=number, wait=time.sleep)

    @app.route("/form", methods=["POST"])
    def form():
        return f"{request.content_type} {request.get_data(as_text=True)} {request.headers.get('X-Own')}"

    @app.route("/moved")
    def moved():
        return redirect("/users/1")

    @app.route("/fail")
    def fail():
        print("about to fail")
        raise ValueError("out of stock")

    @app.cli.command("own")
    def own():
        pass
"""


@pytest.fixture
def shop(project):
    project.write("shop.py", APP)
    project.write("templates/user.html", "<p>{{ number }}{{ wait(0.004) or '' }}</p>")
    return project


def profile(project, *args: str, number: str = "8"):
    return project.run("--app", "shop", "profile", "-n", number, *args)


def rows(output: str) -> dict[str, float]:
    """The shares of the table by what they are of."""
    return {name.strip(): float(share) for share, name in re.findall(r"^ *([\d.]+)%  +[\d.]+ \S+  (.+)$", output, re.M)}


def test_a_table_and_a_flame_graph(shop):
    result = profile(shop, "GET /users/7")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "GET /users/7 → 200 OK, 8 bytes, by show_user"
    assert re.fullmatch(r"[\d.]+ ms on average, [\d.]+ ms at best, in 8 requests\.", lines[2])
    assert re.match(r"Then looked at [\d,]+ times in 8 requests, which took [\d.]+ ms on average\.", lines[3])
    shares = rows(result.stdout)
    parts = ["before hooks", "view", "template", "after hooks", "teardown"]
    assert [part for part in shares if part in parts] == parts  # in the order of a request
    functions = ["look_around (shop.py:9)", "show_user (shop.py:22)", "templates/user.html", "clean_up (shop.py:18)"]
    assert [function for function in functions if function not in shares] == []
    assert 99.7 < shares["yours"] + shares["the framework's"] < 100.3
    assert shares["yours"] > shares["the framework's"]
    assert lines[-1] == "Flame graph: flask-profile.svg"
    image = xml.etree.ElementTree.parse("flask-profile.svg").getroot()
    titles = [title.text for title in image.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0].startswith("the request: 100.0%")
    assert any(title.startswith("show_user (shop.py:22): ") for title in titles)


def test_a_graph_for_speedscope(shop):
    result = profile(shop, "/users/7", "--output", "graph.json")
    assert result.stdout.endswith("Flame graph: graph.json\n")
    graph = json.loads((shop.folder / "graph.json").read_text())
    (found,) = graph["profiles"]
    names = [frame["name"] for frame in graph["shared"]["frames"]]
    assert "show_user" in names
    assert len(found["samples"]) == len(found["weights"])
    assert found["endValue"] == pytest.approx(sum(found["weights"]))
    assert {number for sample in found["samples"] for number in sample} == set(range(len(names)))


def test_for_some_seconds(shop):
    result = shop.run("--app", "shop", "profile", "--seconds", "0.2", "/users/7")
    assert result.returncode == 0
    assert "view" in rows(result.stdout)


@pytest.mark.parametrize(
    ("args", "first", "note"),
    [
        (["/nothing"], "GET /nothing → 404 NOT FOUND", "No URL rule matches"),
        (["POST", "/users/7"], "POST /users/7 → 405 METHOD NOT ALLOWED", "but: GET, HEAD, OPTIONS."),
        (["/moved"], "GET /moved → 302 FOUND", "a redirect to /users/1, which is not followed"),
        (["/fail"], "GET /fail → 500 INTERNAL SERVER ERROR", "The request fails"),
        (["head", "/users/7"], "HEAD /users/7 → 200 OK, 0 bytes", ""),
    ],
)
def test_whatever_the_answer_is(shop, args, first, note):
    result = profile(shop, *args)
    assert result.returncode == 0, result.stderr
    assert first in result.stdout
    assert note in result.stderr
    assert "before hooks" in rows(result.stdout)


def test_the_log_and_what_is_printed_are_shown_once(shop):
    result = profile(shop, "/fail")
    assert result.stdout.count("about to fail") == 1
    assert result.stderr.count("ValueError: out of stock") == 1


def test_an_exception_that_is_not_answered(shop):
    result = shop.run("--app", "shop", "--debug", "profile", "-n", "8", "/fail")
    assert result.returncode == 0
    assert "GET /fail → ValueError, by fail" in result.stdout
    assert "raises this exception instead of answering" in result.stderr
    assert "ValueError: out of stock" in result.stderr
    assert "Debug mode is on" in result.stderr
    assert "before hooks" in rows(result.stdout)


class Echo:
    """An application whose view notes what it was asked, and whether a context of the command's was around it."""

    def __init__(self) -> None:
        self.app = Flask("echo")
        self.asked: list[tuple[str, ...]] = []
        self.app.add_url_rule("/echo", "echo", self.echo, methods=["GET", "POST", "PUT"])
        self.group = FlaskGroup(create_app=lambda: self.app)

    def echo(self) -> str:
        body = request.get_data(as_text=True)
        self.asked.append((request.method, request.full_path, request.content_type, body, request.headers.get("X-Own")))
        return "x" * 100_000  # so that there is something to look at


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        (["/echo?a=1"], ("GET", "/echo?a=1", None, "", None)),
        (["put /echo", "-H", "X-Own: yes: it is"], ("PUT", "/echo?", None, "", "yes: it is")),
        (["/echo", "-d", "a=1"], ("POST", "/echo?", "application/x-www-form-urlencoded", "a=1", None)),
        (["/echo", "--json", '{"a": 1}'], ("POST", "/echo?", "application/json", '{"a": 1}', None)),
        (
            ["/echo", "-d", "@body", "-H", "content-type:text/plain"],
            ("POST", "/echo?", "text/plain", "of a file", None),
        ),
        (["http://localhost/echo"], ("GET", "/echo?", None, "", None)),
    ],
)
def test_what_is_asked(project, args, asked):
    project.write("body", "of a file")
    echo = Echo()
    result = project.invoke("profile", "-s", "0.1", *args, group=echo.group)
    assert result.exit_code == 0, result.output
    assert set(echo.asked) == {asked}


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["users/7"], "'users/7' is no request. Write a method and a path"),
        (["GET", "users 7"], "'GET users 7' is no request"),
        (["/users/a b"], "A blank in it is written %20"),
        ([], "Missing argument '[METHOD] PATH'"),
        (["/", "-H", "Accept"], "'Accept' is no header. Write it like 'Accept: text/html'."),
        (["/", "-d", "a=1", "-j", "{}"], "A request has one body"),
        (["/", "-d", "@missing"], "The file 'missing' cannot be read: No such file"),
        (["/", "-o", "graph.png"], "ends in neither .svg, for an image, nor .json"),
        (["/", "-o", "missing/graph.svg"], "There is no folder 'missing'"),
        (["/", "-n", "0"], "0 is not in the range"),
    ],
)
def test_what_cannot_be_read(project, args, error):
    result = project.invoke("profile", *args, group=Echo().group, terminal_width=200)
    assert result.exit_code == 2
    assert error in " ".join(result.output.split())


def test_no_application(project):
    result = project.invoke("--app", "missing", "profile", "/")
    assert result.exit_code == 2
    assert result.output.count("Module 'missing' could not be imported") == 1


def test_too_few_requests_to_look_at(project):
    result = project.invoke("profile", "-n", "1", "/missing", group=FlaskGroup(create_app=lambda: Flask("x")))
    if result.exit_code:  # unless it was looked at by chance
        assert "Leave --number away, or make it greater." in result.output


def test_a_command_of_the_application_goes_first(project):
    app = Flask("shop")

    @app.cli.command("profile")
    def own():
        click.echo("the application's own")

    group = FlaskGroup(create_app=lambda: app)
    assert project.invoke("profile", group=group).output == "the application's own\n"
    bare = FlaskGroup(add_default_commands=False, create_app=lambda: Flask("x"))
    assert "profile" not in bare.list_commands(bare.make_context("bare", ["profile"]))


class Recorded:
    """An application whose functions note the stack that they are called in, as a look at them would find it."""

    def __init__(self) -> None:
        self.app = Flask("shop")
        self.app.secret_key = "secret"
        self.stacks: dict[str, sampling.Stack] = {}

    def note(self, name: str, result=None):
        def function(*args, **kwargs):
            self.look(name)
            return args[0] if result is None and args and hasattr(args[0], "headers") else result

        return function

    def look(self, name: str) -> None:
        self.stacks[name] = sampling.stack_of(sys._getframe())

    def parts(self, path: str = "/") -> dict[str, str]:
        builder = EnvironBuilder(self.app, path)
        answer, _ = sampling.RepeatedRequest(self.app, builder.get_environ()).handle(io.StringIO())
        assert answer.error is None
        attribution = Attribution(self.app)
        return {name: attribution.find(stack).part.name for name, stack in self.stacks.items()}


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()


def test_hooks_and_the_view(recorded):
    app, users = recorded.app, Blueprint("users", __name__)
    app.url_value_preprocessor(recorded.note("values"))
    app.before_request(recorded.note("before"))
    app.before_request(functools.partial(recorded.note("partial"), 1))
    users.before_request(recorded.note("inner before"))
    users.after_request(recorded.note("inner after"))
    app.after_request(recorded.note("after"))
    app.teardown_request(recorded.note("teardown"))
    app.teardown_appcontext(recorded.note("end"))

    @users.before_request
    async def waiting():
        recorded.look("async before")

    @users.route("/")
    def index():
        recorded.look("view")
        after_this_request(recorded.note("after this"))
        return "Hello"

    app.register_blueprint(users)
    assert recorded.parts() == {
        **dict.fromkeys(["values", "before", "partial", "inner before", "async before"], "before hooks"),
        "view": "view",
        **dict.fromkeys(["after this", "inner after", "after"], "after hooks"),
        **dict.fromkeys(["teardown", "end"], "teardown"),
    }


def test_a_view_alone(recorded):
    recorded.app.add_url_rule("/", "index", recorded.note("view", "Hello"))
    assert recorded.parts() == {"view": "view"}


def test_views_of_other_kinds(recorded):
    async def coroutine():
        recorded.look("async")
        return "Hello"

    class Page(MethodView):
        def get(self):
            recorded.look("class")
            return "Hello"

    class Called:
        def __call__(self):
            recorded.look("object")
            return "Hello"

    recorded.app.add_url_rule("/async", "async", coroutine)
    recorded.app.add_url_rule("/class", view_func=Page.as_view("page"))
    recorded.app.add_url_rule("/object", "object", Called())
    for kind in ("async", "class", "object"):
        assert recorded.parts(f"/{kind}")[kind] == "view"


def test_one_decorator_of_a_hook_and_a_view(recorded):
    def login_required(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            recorded.look(f"login of {function.__name__}")
            return function(*args, **kwargs)

        return wrapper

    @recorded.app.before_request
    @login_required
    def hook():
        recorded.look("hook")

    @recorded.app.route("/")
    @login_required
    def view():
        recorded.look("view")
        return "Hello"

    recorded.app.add_url_rule("/other", "other", login_required(lambda: "other"))
    assert recorded.parts() == {
        "login of hook": "before hooks",
        "hook": "before hooks",
        "login of view": "view",
        "view": "view",
    }


def test_templates(recorded):
    recorded.app.context_processor(recorded.note("processor", {}))
    recorded.app.jinja_env.globals["look"] = recorded.note("global", "")

    @recorded.app.route("/")
    def index():
        return render_template_string("{{ look() }}")

    assert recorded.parts() == {"processor": "template", "global": "template"}


def test_an_own_session_interface(recorded):
    class Own(SecureCookieSessionInterface):
        def open_session(self, app, request):
            recorded.look("open")
            return super().open_session(app, request)

        def save_session(self, app, session, response):
            recorded.look("save")
            super().save_session(app, session, response)

    recorded.app.session_interface = Own()

    @recorded.app.route("/")
    def index():
        session["user"] = 1
        return "Hello"

    assert recorded.parts() == {"open": "session", "save": "session"}


def test_the_session_that_a_view_opens(recorded, monkeypatch):
    monkeypatch.setattr(SecureCookieSessionInterface, "get_signing_serializer", recorded.note("serializer"))

    @recorded.app.route("/")
    def index():
        return str(session.get("user"))

    assert recorded.parts() == {"serializer": "session"}


def test_error_handlers(recorded):
    recorded.app.register_error_handler(410, recorded.note("gone", "gone"))
    recorded.app.register_error_handler(500, recorded.note("failed", "failed"))
    recorded.app.add_url_rule("/gone", "gone", lambda: abort(410))
    recorded.app.add_url_rule("/fail", "fail", lambda: {}["missing"])
    recorded.parts("/gone")
    assert recorded.parts("/fail") == {"gone": "error handlers", "failed": "error handlers"}


def test_what_makes_the_body(recorded):
    @recorded.app.route("/")
    def index():
        def pieces():
            recorded.look("pieces")
            yield "piece"

        return pieces()

    assert recorded.parts() == {"pieces": "body"}


def test_what_is_around_and_between(recorded):
    app = recorded.app
    inner = app.wsgi_app

    def middleware(environ, start_response):
        recorded.look("middleware")
        return inner(environ, start_response)

    preprocess_request = app.preprocess_request

    def preprocess():
        recorded.look("stage")
        return preprocess_request()

    class Own(BaseConverter):
        def to_python(self, value):
            recorded.look("converter")
            return value

    app.wsgi_app = middleware
    app.preprocess_request = preprocess
    app.url_map.converters["own"] = Own
    app.before_request(recorded.note("before"))
    app.add_url_rule("/<own:name>", "index", lambda name: (recorded.look("view"), "Hello")[1])

    def receiver(sender, **details):
        recorded.look("receiver")

    with request_started.connected_to(receiver, app):
        assert recorded.parts("/page") == {
            "middleware": "middleware",
            "converter": "routing",
            "receiver": "signal receivers",
            "stage": "own stages",
            "before": "before hooks",
            "view": "view",
        }


@pytest.mark.parametrize("place", parts._PLACES, ids=lambda place: f"{place[0]} {place[1]}")
def test_the_places_of_parts_are_where_the_code_is(place):
    path, name, _ = place
    package, _, rest = path.partition("/")
    found = Path(importlib.import_module(package).__file__).parent / rest
    assert found.exists()
    if name:
        codes = [compile(found.read_text(), str(found), "exec")]
        for code in codes:
            codes.extend(constant for constant in code.co_consts if isinstance(constant, types.CodeType))
        assert any(code.co_qualname.startswith(name) for code in codes)
