"""A harbour by Quart, which builds on the parts of ``flask`` that know of no protocol: what is registered, and kept."""

from __future__ import annotations

import asyncio
import datetime
import importlib
import io
import logging
import pkgutil
import typing as t
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path

import click
import pytest
import quart
from markupsafe import Markup
from quart import (
    Blueprint,
    Quart,
    ResponseReturnValue,
    abort,
    after_this_request,
    current_app,
    flash,
    g,
    get_flashed_messages,
    has_request_context,
    make_response,
    redirect,
    render_template,
    render_template_string,
    request,
    send_file,
    session,
    stream_template_string,
    stream_with_context,
    url_for,
    websocket,
)
from quart.cli import QuartGroup
from quart.datastructures import FileStorage
from quart.json.tag import JSONTag
from quart.signals import got_request_exception, template_rendered
from quart.testing import QuartClient
from quart.views import MethodView
from werkzeug.routing import BaseConverter

import flask
from flask.sansio.app import App

Run = Callable[[Coroutine[t.Any, t.Any, t.Any]], t.Any]


@pytest.fixture
def run() -> Iterator[Run]:
    """Runs a coroutine, each of a test on the same event loop."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture
def app(tmp_path: Path) -> Quart:
    """The application, with a template, a file, and resources of a blueprint."""
    for name, content in {
        "templates/layout.html": "<title>{% block title %}{% endblock %}</title>{% block body %}{% endblock %}",
        "templates/ship.html": "{% extends 'layout.html' %}{% block title %}{{ name }}{% endblock %}"
        "{% block body %}{{ tonnes|pounds }} {{ flag }} {{ motto() }} {{ 3 is odd_number }}{% endblock %}",
        "templates/plain.txt": "{{ name }}",
        "static/looks.css": "p { color: blue }",
        "quay/templates/quay.html": "Quay {{ number }}",
        "quay/static/quay.css": "p { color: grey }",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    app = Quart("harbour", root_path=str(tmp_path))
    app.secret_key = "test key"
    return app


@pytest.fixture
def client(app: Quart) -> QuartClient:
    return app.test_client()


def get_text(run: Run, client: QuartClient, path: str, **arguments: t.Any) -> str:
    """The text at a path."""

    async def get() -> str:
        response = await client.get(path, **arguments)
        return t.cast(str, await response.get_data(as_text=True))

    return t.cast(str, run(get()))


# What it is made of


@pytest.mark.parametrize("name", [module.name for module in pkgutil.walk_packages(quart.__path__, "quart.")])
def test_every_module_can_be_imported(name: str) -> None:
    if not name.endswith("__main__"):  # which would run the command
        importlib.import_module(name)


def test_it_is_built_on_this_flask(app: Quart) -> None:
    assert isinstance(app, App)
    assert not isinstance(app, flask.Flask)
    assert isinstance(app.config, flask.Config)
    assert issubclass(Blueprint, flask.sansio.blueprints.Blueprint)


# Views


@pytest.mark.parametrize("kind", ["async", "sync"])
def test_views_of_both_kinds(app: Quart, client: QuartClient, run: Run, kind: str) -> None:
    async def tell(name: str, tonnes: int) -> ResponseReturnValue:
        return {"name": name, "tonnes": tonnes, "url": url_for("tell", name=name, tonnes=tonnes + 1)}

    def tell_at_once(name: str, tonnes: int) -> ResponseReturnValue:
        return {"name": name, "tonnes": tonnes, "url": url_for("tell", name=name, tonnes=tonnes + 1)}

    app.add_url_rule("/ships/<name>/<int:tonnes>", "tell", tell if kind == "async" else tell_at_once)

    async def ask() -> None:
        response = await client.get("/ships/Argo/3")
        assert await response.get_json() == {"name": "Argo", "tonnes": 3, "url": "/ships/Argo/4"}
        assert (await client.get("/ships/Argo/heavy")).status_code == 404
        response = await client.post("/ships/Argo/3")
        assert (response.status_code, set(response.allow)) == (405, {"GET", "HEAD", "OPTIONS"})
        response = await client.options("/ships/Argo/3")
        assert set(response.allow) == {"GET", "HEAD", "OPTIONS"}
        response = await client.head("/ships/Argo/3")
        assert response.status_code == 200

    run(ask())


def test_what_is_posted(app: Quart, client: QuartClient, run: Run) -> None:
    @app.post("/cargo")
    async def load() -> ResponseReturnValue:
        if request.is_json:
            return {"json": await request.get_json()}
        form, files = await request.form, await request.files
        return {"form": form.to_dict(), "files": {name: file.read().decode() for name, file in files.items()}}

    async def ask() -> None:
        response = await client.post("/cargo", json={"tea": 1})
        assert await response.get_json() == {"json": {"tea": 1}}
        response = await client.post("/cargo", form={"tea": "1"})
        assert await response.get_json() == {"form": {"tea": "1"}, "files": {}}
        files = {"list": FileStorage(io.BytesIO(b"tea"), "list.txt")}
        response = await client.post("/cargo", form={"tea": "1"}, files=files)
        assert await response.get_json() == {"form": {"tea": "1"}, "files": {"list": "tea"}}
        response = await client.post("/cargo", data=b"{", headers={"Content-Type": "application/json"})
        assert response.status_code == 400

    run(ask())


def test_method_views(app: Quart, client: QuartClient, run: Run) -> None:
    class Ship(MethodView):
        async def get(self, name: str) -> str:
            return f"{name} is here"

        def delete(self, name: str) -> tuple[str, int]:
            return "", 204

    app.add_url_rule("/ships/<name>", view_func=Ship.as_view("ship"))

    async def ask() -> None:
        assert await (await client.get("/ships/Argo")).get_data() == b"Argo is here"
        assert (await client.delete("/ships/Argo")).status_code == 204
        assert (await client.put("/ships/Argo")).status_code == 405

    run(ask())


def test_hooks_in_their_order(app: Quart, client: QuartClient, run: Run) -> None:
    order: list[str] = []
    quay = Blueprint("quay", __name__, url_prefix="/<int:number>")

    @app.url_value_preprocessor
    def take_number(endpoint: str | None, values: dict[str, t.Any] | None) -> None:
        g.number = (values or {}).pop("number", None)

    @app.url_defaults
    def add_number(endpoint: str, values: dict[str, t.Any]) -> None:
        values.setdefault("number", g.get("number", 7))

    @app.before_request
    async def before() -> None:
        order.append("before")

    @quay.before_request
    def before_quay() -> None:
        order.append("before the quay's")

    @app.after_request
    async def after(response: t.Any) -> t.Any:
        order.append("after")
        response.headers["X-Order"] = "yes"
        return response

    @app.teardown_request
    async def end(error: BaseException | None) -> None:
        order.append("end")

    @app.teardown_appcontext
    def end_application(error: BaseException | None) -> None:
        order.append("end of the application's")

    @quay.get("/")
    async def index() -> str:
        @after_this_request
        async def last(response: t.Any) -> t.Any:
            order.append("after this")
            return response

        order.append("view")
        return f"{g.number} {url_for('.index')}"

    app.register_blueprint(quay)
    assert get_text(run, client, "/3/") == "3 /3/"
    expected = ["before", "before the quay's", "view", "after this", "after", "end", "end of the application's"]
    assert order == expected


def test_errors(app: Quart, client: QuartClient, run: Run) -> None:
    quay = Blueprint("quay", __name__)
    heard: list[BaseException] = []

    @app.errorhandler(404)
    async def tell_missing(error: t.Any) -> ResponseReturnValue:
        return {"missing": request.path}, 404

    @app.errorhandler(LookupError)
    def tell_lookup(error: LookupError) -> ResponseReturnValue:
        return f"application: {error}", 400

    @quay.errorhandler(KeyError)
    async def tell_key(error: KeyError) -> ResponseReturnValue:
        return f"quay: {error}", 409

    @app.get("/lookup")
    async def lookup() -> str:
        raise IndexError("no such ship")

    @quay.get("/key")
    async def key() -> str:
        raise KeyError("anchor")

    @app.get("/gone")
    def gone() -> str:
        abort(410)

    @app.get("/sunk")
    async def sink() -> str:
        raise RuntimeError("sunk")

    app.register_blueprint(quay)

    async def note(sender: Quart, exception: BaseException, **more: t.Any) -> None:
        heard.append(exception)

    async def ask() -> None:
        answers = {}
        for path in ("/nowhere", "/lookup", "/key", "/gone", "/sunk"):
            response = await client.get(path)
            answers[path] = response.status_code, (await response.get_data(as_text=True))[:30].strip()
        assert answers["/nowhere"] == (404, '{"missing":"/nowhere"}')
        assert answers["/lookup"] == (400, "application: no such ship")
        assert answers["/key"] == (409, "quay: 'anchor'")
        assert (answers["/gone"][0], answers["/sunk"][0]) == (410, 500)

    with got_request_exception.connected_to(note, app):
        run(ask())
    assert [str(error) for error in heard] == ["sunk"]


# Blueprints, templates, static files


def test_blueprints_with_resources_of_their_own(app: Quart, client: QuartClient, run: Run, tmp_path: Path) -> None:
    quay = Blueprint(
        "quay", __name__, root_path=str(tmp_path / "quay"), template_folder="templates", static_folder="static"
    )
    crane = Blueprint("crane", __name__, url_prefix="/crane")

    @quay.get("/")
    async def index() -> str:
        return await render_template("quay.html", number=3)

    @crane.get("/")
    async def lift() -> str:
        return f"{request.blueprint} {request.blueprints} {url_for('quay.static', filename='quay.css')}"

    quay.register_blueprint(crane)
    app.register_blueprint(quay, url_prefix="/quay")
    app.register_blueprint(quay, name="other", url_prefix="/other")
    assert get_text(run, client, "/quay/") == "Quay 3"
    assert get_text(run, client, "/quay/static/quay.css") == "p { color: grey }"
    assert get_text(run, client, "/quay/crane/") == "quay.crane ['quay.crane', 'quay'] /quay/static/quay.css"
    assert get_text(run, client, "/other/crane/").startswith("other.crane ")
    assert list(app.blueprints) == ["quay", "quay.crane", "other", "other.crane"]
    with pytest.raises(ValueError, match="quay"):
        app.register_blueprint(Blueprint("quay", __name__))


def test_templates(app: Quart, client: QuartClient, run: Run) -> None:
    rendered: list[str | None] = []

    @app.template_filter("pounds")
    def to_pounds(tonnes: int) -> int:
        return tonnes * 2205

    @app.template_test("odd_number")
    def is_odd(number: int) -> bool:
        return number % 2 == 1

    @app.template_global("motto")
    def tell_motto() -> str:
        return "<i>Navigare</i>"

    @app.context_processor
    async def add_flag() -> dict[str, t.Any]:
        return {"flag": "blue"}

    @app.get("/ship")
    async def ship() -> str:
        return await render_template("ship.html", name="Argo & co", tonnes=2)

    @app.get("/plain")
    async def plain() -> str:
        return await render_template(["none.txt", "plain.txt"], name="Argo & co")

    @app.get("/string")
    async def string() -> str:
        session["name"] = "Ada"
        g.word = "word"
        return await render_template_string("{{ session.name }} {{ g.word }} {{ request.path }} {{ config.DEBUG }}")

    @app.get("/stream")
    async def stream() -> t.Any:
        return await stream_template_string("{% for part in range(3) %}{{ part }}{{ request.path }} {% endfor %}")

    async def note(sender: Quart, template: t.Any, context: dict[str, t.Any], **more: t.Any) -> None:
        rendered.append(template.name)

    with template_rendered.connected_to(note, app):
        body = "4410 blue &lt;i&gt;Navigare&lt;/i&gt; True"
        assert get_text(run, client, "/ship") == f"<title>Argo &amp; co</title>{body}"
        assert get_text(run, client, "/plain") == "Argo & co"
    assert rendered == ["ship.html", "plain.txt"]
    assert get_text(run, client, "/string") == "Ada word /string False"
    assert get_text(run, client, "/stream") == "0/stream 1/stream 2/stream "


def test_files(app: Quart, client: QuartClient, run: Run, tmp_path: Path) -> None:
    @app.get("/file")
    async def file() -> t.Any:
        return await send_file(tmp_path / "static" / "looks.css", as_attachment=True)

    async def ask() -> None:
        response = await client.get("/static/looks.css")
        assert (response.mimetype, await response.get_data()) == ("text/css", b"p { color: blue }")
        assert (await client.get("/static/../app.py")).status_code == 404
        response = await client.get("/file")
        assert response.headers["Content-Disposition"] == "attachment; filename=looks.css"
        async with await app.open_resource("static/looks.css") as resource:
            assert await resource.read() == b"p { color: blue }"

    run(ask())


# Sessions and JSON


def test_sessions_and_flashes(app: Quart, client: QuartClient, run: Run) -> None:
    kept = {
        "tuple": (1, "two"),
        "bytes": b"\x00\xff",
        "markup": Markup("<b>"),
        "identity": uuid.UUID(int=3),
        "time": datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
        "nested": {"list": [{"tuple": ()}]},
    }

    @app.post("/keep")
    async def keep() -> ResponseReturnValue:
        session.update(kept)
        session.permanent = True
        await flash("kept", "note")
        return "", 204

    @app.get("/kept")
    async def tell() -> ResponseReturnValue:
        same = all(session[name] == value and type(session[name]) is type(value) for name, value in kept.items())
        return {"same": same, "flashes": get_flashed_messages(with_categories=True)}

    async def ask() -> None:
        response = await client.post("/keep")
        assert "Expires=" in response.headers["Set-Cookie"]
        response = await client.get("/kept")
        assert await response.get_json() == {"same": True, "flashes": [["note", "kept"]]}
        async with client.session_transaction() as stored:
            assert stored["identity"] == uuid.UUID(int=3)
            stored["tuple"] = (2,)
        response = await client.get("/kept")
        assert await response.get_json() == {"same": False, "flashes": []}
        response = await app.test_client().get("/kept", headers={"Cookie": "session=forged"})
        assert response.status_code == 500  # as there is nothing in it

    run(ask())


def test_a_cookie_is_read_by_flask_and_the_other_way_round(run: Run) -> None:
    """Who moves from one to the other keeps the sessions."""
    theirs, ours = Quart("theirs"), flask.Flask("ours")

    @theirs.get("/")
    @ours.get("/", endpoint="ours")
    def tell() -> dict[str, t.Any]:
        both = {**session} if has_request_context() else {**flask.session}
        return {name: str(value) for name, value in both.items()}

    theirs.secret_key = ours.secret_key = "test key"
    value = {"name": "Ada", "time": datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC)}
    expected = {"name": "Ada", "time": "2020-01-02 00:00:00+00:00"}
    written_by_ours = ours.session_interface.get_signing_serializer(ours).dumps(value)
    written_by_theirs = theirs.session_interface.get_signing_serializer(theirs).dumps(value)

    async def ask() -> t.Any:
        response = await theirs.test_client().get("/", headers={"Cookie": f"session={written_by_ours}"})
        return await response.get_json()

    assert run(ask()) == expected
    client = ours.test_client()
    client.set_cookie("session", written_by_theirs)
    assert client.get("/").json == expected


def test_json_in_an_own_manner(app: Quart, client: QuartClient, run: Run) -> None:
    class Ship:
        def __init__(self, name: str) -> None:
            self.name = name

    class TagShip(JSONTag):
        key = " ship"

        def check(self, value: t.Any) -> bool:
            return isinstance(value, Ship)

        def to_json(self, value: t.Any) -> t.Any:
            return value.name

        def to_python(self, value: t.Any) -> Ship:
            return Ship(value)

    class Provider(quart.json.provider.DefaultJSONProvider):
        sort_keys = False

        @staticmethod
        def default(value: t.Any) -> t.Any:
            if isinstance(value, Ship):
                return {"ship": value.name}
            return quart.json.provider.DefaultJSONProvider.default(value)

    app.json = Provider(app)
    app.session_interface.serializer.register(TagShip)

    @app.get("/")
    async def index() -> ResponseReturnValue:
        session["ship"] = Ship("Argo")
        return {"z": Ship("Argo"), "a": datetime.date(2020, 1, 2), "m": Markup("<b>")}

    @app.get("/again")
    async def again() -> str:
        return t.cast(str, session["ship"].name)

    try:
        expected = '{"z":{"ship":"Argo"},"a":"Thu, 02 Jan 2020 00:00:00 GMT","m":"<b>"}\n'
        assert get_text(run, client, "/") == expected
        assert get_text(run, client, "/again") == "Argo"
    finally:  # the serializer is the class's
        serializer = app.session_interface.serializer
        serializer.tags.pop(" ship")
        serializer.order[:] = [tag for tag in serializer.order if not isinstance(tag, TagShip)]


# Streams and WebSockets


def test_streams(app: Quart, client: QuartClient, run: Run) -> None:
    @app.get("/waves")
    async def waves() -> t.Any:
        @stream_with_context
        async def roll() -> AsyncIterator[str]:
            for wave in range(3):
                yield f"{request.path} {wave}\n"
                await asyncio.sleep(0)

        return roll(), {"X-Sea": "calm"}

    @app.get("/numbers")
    def numbers() -> t.Any:
        return (str(number) for number in range(3))

    assert get_text(run, client, "/waves") == "/waves 0\n/waves 1\n/waves 2\n"
    assert get_text(run, client, "/numbers") == "012"


def test_websockets(app: Quart, client: QuartClient, run: Run) -> None:
    seen: list[str] = []

    @app.before_websocket
    async def greet() -> None:
        seen.append(websocket.path)

    @app.websocket("/radio/<channel>")
    async def radio(channel: str) -> None:
        await websocket.accept(headers={"X-Channel": channel})
        while True:
            message = await websocket.receive()
            await websocket.send(f"{channel}: {message} {session.get('name')} {url_for('radio', channel='2')}")

    async def ask() -> None:
        async with client.websocket("/radio/16") as connection:
            await connection.send("over")
            assert await connection.receive() == "16: over None ws://localhost/radio/2"
            await connection.send("out")
            assert (await connection.receive()).startswith("16: out")

    run(ask())
    assert seen == ["/radio/16"]


# The application itself


def test_routing_by_own_converters_and_hosts(run: Run) -> None:
    class Knots(BaseConverter):
        regex = r"\d+kn"

        def to_python(self, value: str) -> int:
            return int(value[:-2])

        def to_url(self, value: int) -> str:
            return f"{value}kn"

    app = Quart("harbour", host_matching=True, static_host="localhost")
    app.url_map.converters["knots"] = Knots

    @app.get("/speed/<knots:speed>", host="localhost")
    async def tell(speed: int) -> str:
        return f"{speed} {url_for('tell', speed=speed + 1)}"

    @app.get("/", host="<name>.example")
    async def name(name: str) -> str:
        return name

    client = app.test_client()
    assert get_text(run, client, "/speed/3kn") == "3 /speed/4kn"
    assert get_text(run, client, "/", headers={"Host": "argo.example"}) == "argo"


def test_redirects_and_slashes(app: Quart, client: QuartClient, run: Run) -> None:
    @app.get("/ships/")
    async def ships() -> ResponseReturnValue:
        return redirect(url_for("one", name="Argo", _anchor="deck", _external=True))

    @app.get("/one")
    async def one() -> ResponseReturnValue:
        return await make_response("one", 201, {"X-One": "1"})

    async def ask() -> None:
        response = await client.get("/ships")
        assert (response.status_code, response.location) == (308, "http://localhost/ships/")
        response = await client.get("/ships/")
        assert response.location == "http://localhost/one?name=Argo#deck"
        response = await client.get("/ships", follow_redirects=True)
        assert (response.status_code, response.headers["X-One"]) == (201, "1")

    run(ask())


def test_settings(app: Quart, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUART_DEPTH", "[3, 4]")
    monkeypatch.setenv("QUART_SEA__NAME", "North")
    app.config.from_prefixed_env()
    (tmp_path / "more.py").write_text("TIDE = 'low'\nlower = 1\n")
    (tmp_path / "more.json").write_text('{"WIND": "high"}')
    app.config.from_pyfile("more.py")
    app.config.from_file("more.json", load=quart.json.load)
    app.config.from_mapping(SESSION_COOKIE_NAME="harbour")
    expected = {"DEPTH": [3, 4], "SEA": {"NAME": "North"}, "TIDE": "low", "WIND": "high"}
    assert expected.items() <= dict(app.config).items()
    assert app.config.get_namespace("SESSION_COOKIE_N") == {"ame": "harbour"}
    assert (app.testing, app.secret_key) == (False, "test key")
    app.testing = True
    assert app.config["TESTING"] is True


def test_contexts_for_other_code(app: Quart, run: Run) -> None:
    app.add_url_rule("/ships", "ships", lambda: "")

    async def look() -> None:
        async with app.app_context():
            assert current_app.name == "harbour"
            g.word = "word"
            assert await render_template_string("{{ g.word }}") == "word"
        async with app.test_request_context("/ships?kind=tug", method="POST"):
            assert (request.method, request.args["kind"], url_for("ships")) == ("POST", "tug", "/ships")
        with pytest.raises(RuntimeError):
            assert current_app.name

    run(look())


def test_start_and_end_of_serving(app: Quart, run: Run) -> None:
    order: list[str] = []

    @app.before_serving
    async def open_harbour() -> None:
        order.append(f"open {current_app.name}")

    @app.while_serving
    async def light() -> AsyncIterator[None]:
        order.append("light on")
        yield
        order.append("light off")

    @app.after_serving
    async def close_harbour() -> None:
        order.append("close")

    @app.get("/")
    async def index() -> str:
        app.add_background_task(note)
        return "here"

    async def note() -> None:
        order.append("background")

    async def serve() -> None:
        async with app.test_app() as served:
            await served.test_client().get("/")

    run(serve())
    assert order[:2] == ["open harbour", "light on"]
    assert set(order[2:]) == {"background", "light off", "close"}


def test_commands(app: Quart) -> None:
    quay = Blueprint("quay", __name__, cli_group="cranes")

    @app.cli.command("tell")
    @click.argument("name")
    def tell(name: str) -> None:
        click.echo(f"{name} in {current_app.name if quart.has_app_context() else app.name}")

    @quay.cli.command("lift")
    def lift() -> None:
        click.echo("up")

    app.register_blueprint(quay)
    app.add_url_rule("/ships/<name>", "ships", lambda name: name)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["tell", "Argo"]).output == "Argo in harbour\n"
    assert runner.invoke(args=["cranes", "lift"]).output == "up\n"
    listing = runner.invoke(QuartGroup(create_app=lambda: app), ["routes"]).output
    assert "ships" in listing
    assert "/ships/<name>" in listing


def test_messages_go_to_the_application_s_log(app: Quart, client: QuartClient, run: Run, caplog: t.Any) -> None:
    @app.get("/sunk")
    async def sink() -> str:
        app.logger.warning("water")
        raise RuntimeError("sunk")

    with caplog.at_level(logging.WARNING, "harbour"):
        get_text(run, client, "/sunk")
    assert [record.getMessage() for record in caplog.records if record.name == "harbour"] == [
        "water",
        "Exception on request GET /sunk",
    ]
