"""Templates: variables, context processors, filters, tests, globals, loaders, streams."""

from __future__ import annotations

from typing import Any

from asking import Request, get
from jinja2 import DictLoader, StrictUndefined, TemplateNotFound
from observing import note, outcome

from flask import (
    Blueprint,
    Flask,
    flash,
    g,
    get_template_attribute,
    render_template,
    render_template_string,
    request,
    session,
    stream_template,
    stream_template_string,
)

VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "debug": {"DEBUG": True},
    "testing": {"TESTING": True},
    "explained": {"EXPLAIN_TEMPLATE_LOADING": True},
}

SOURCES: dict[str, str] = {
    "text": "plain",
    "escaped": "{{ '<b>' }} {{ '<b>'|safe }} {{ value }}",
    "variables": "{{ request.path }} {{ session.get('a') }} {{ g.get('x', 'no') }} {{ config.DEBUG }} {{ value }}",
    "url": "{{ url_for('index') }} {{ url_for('b.page', x='ü&') }} {{ url_for('static', filename='a b') }}",
    "flashed": "{{ get_flashed_messages() }} {{ get_flashed_messages(with_categories=true) }}",
    "filters": "{{ 'abc'|reverse }} {{ 'abc'|shout }} {{ 'abc'|from_blueprint }} {{ 'abc'|upper }}",
    "tests": "{{ 7 is lucky }} {{ 8 is lucky }} {{ 8 is even }} {{ 2 is from_blueprint }}",
    "globals": "{{ double(4) }} {{ triple(2) }} {{ range(3)|list }}",
    "processors": "{{ by_app }} {{ by_blueprint }} {{ by_inner }} {{ both }} {{ by_blueprint_for_app }}",
    "tojson": "{{ {'a': '</script>&\\'\"é'}|tojson }} {{ [1, none]|tojson(indent=2) }}",
    "undefined": "{{ nothing }}|{{ nothing.more }}",
    "self": "{{ self }}"[:0] + "{% block b %}in{% endblock %}",
    "missing include": "{% include 'nowhere.html' %}",
    "missing filter": "{{ 1|nowhere }}",
    "syntax": "{% for %}",
    "error": "{{ 1 / 0 }}",
    "autoescape": "{% autoescape false %}{{ '<' }}{% endautoescape %}{{ '<' }}",
    "with": "{% with x = 1 %}{{ x }}{% endwith %}",
    "do": "{% do [] %}",
    "loop": "{% for x in [1, 2, 3] %}{{ x }}{% if loop.index == 2 %}{% break %}{% endif %}{% endfor %}",
    "newline": "a\n{% if true %}\nb\n{% endif %}\n",
    "g": "{% set g = 1 %}{{ g }} {{ request.method }}",
}
TEMPLATES = [
    *("page.html", "child.html", "imports.html", "part.txt", "fails.html", "broken.html", "missing.html", "folder/x"),
    *(
        "only_blue.html",
        "base.html",
        "kind.htm",
        "kind.xml",
        "kind.xhtml",
        "kind.svg",
        "kind.txt",
        "kind.js",
        "kind.HTML",
    ),
    *("kind", "../templating.py", "", "_macros.html"),
]
RENDERERS: dict[str, Any] = {
    "render": lambda name: render_template(name, value="<given>"),
    "stream": lambda name: stream_template(name, value="<given>"),
    "list": lambda name: render_template(["nowhere.html", name], value="<given>"),
}


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="key", **config)
    blueprint = Blueprint("b", __name__, url_prefix="/b", template_folder="blue_templates")
    inner = Blueprint("inner", __name__, url_prefix="/inner")
    add_to_templates(app, blueprint, inner)
    for scaffold in (app, blueprint, inner):
        scaffold.add_url_rule("/page", "page", lambda: "page")
        scaffold.add_url_rule(
            "/string/<name>", "string", lambda name: render_template_string(SOURCES[name], value="<>")
        )
        scaffold.add_url_rule("/<way>/<path:name>", "file", lambda way, name: RENDERERS[way](name))
    app.add_url_rule("/", "index", lambda: render_template("page.html"))
    app.add_url_rule("/stream-string/<name>", "stream", lambda name: stream_template_string(SOURCES[name], value="<>"))
    app.add_url_rule("/attribute", "attribute", attribute)
    app.add_url_rule("/empty-list", "empty_list", lambda: render_template([]))
    app.teardown_request(lambda exc: note("teardown", exc))

    @app.route("/flash")
    def make_flash() -> Any:
        flash("<first>", "error")
        flash("second")
        session["a"] = "<session>"
        g.x = "<g>"
        return render_template_string(SOURCES["flashed"] + SOURCES["variables"])

    blueprint.register_blueprint(inner)
    app.register_blueprint(blueprint)
    return app


def attribute() -> Any:
    hello = get_template_attribute("_macros.html", "hello")
    return f"{hello('<x>')} {get_template_attribute('_macros.html', 'constant')}"


def add_to_templates(app: Flask, blueprint: Blueprint, inner: Blueprint) -> None:
    app.template_filter("reverse")(lambda text: text[::-1])
    app.template_test()(lucky)
    app.template_global("double")(lambda number: 2 * number)
    app.add_template_filter(lambda text: text.upper() + "!", "shout")
    app.add_template_global(lambda number: 3 * number, "triple")
    blueprint.app_template_filter("from_blueprint")(lambda text: f"({text})")
    blueprint.app_template_test("from_blueprint")(lambda number: number == 2)
    blueprint.app_template_global("quadruple")(lambda number: 4 * number)
    blueprint.app_context_processor(lambda: note("for app by blueprint") or {"by_blueprint_for_app": 1})
    app.context_processor(lambda: note("app") or {"by_app": 1, "both": "app", "value": "processor"})
    blueprint.context_processor(lambda: note("blueprint") or {"by_blueprint": 2, "both": "blueprint"})
    inner.context_processor(lambda: note("inner") or {"by_inner": 3, "both": "inner", "request": "replaced"})


def lucky(number: int) -> bool:
    return number == 7


VISITS: list[Request | list[Request]] = [
    *(get(f"{prefix}/string/{name}") for prefix in ("", "/b", "/b/inner") for name in SOURCES),
    *(get(f"{prefix}/{way}/{name}") for prefix in ("", "/b") for way in RENDERERS for name in TEMPLATES),
    *(get(f"/stream-string/{name}") for name in SOURCES),
    get("/stream/imports.html", stop_after=1),
    get("/attribute"),
    get("/empty-list"),
    [get("/flash"), get("/string/flashed"), get("/string/variables")],
    get("/"),
]


def probe_outside_of_requests() -> Any:
    """Templates within an application context, and without any."""
    app = create()
    found = {"no context": outcome(render_template_string, "x")}
    with app.app_context():
        for name in ("text", "processors", "globals", "undefined"):
            found[name] = outcome(render_template_string, SOURCES[name], value=1)
        found["request"] = outcome(render_template_string, "{{ request }}{{ session }}")
        found["request path"] = outcome(render_template_string, "{{ request.path }}")
        found["g"] = outcome(render_template_string, "{{ g.get('x') }}")
        found["stream"] = outcome(lambda: list(stream_template_string("{{ 1 }}x")))
        found["file"] = outcome(render_template, "kind.txt")
    return found


def probe_environment() -> Any:
    """The Jinja environment."""
    app = Flask(__name__)
    env = app.jinja_env
    return {
        "globals": sorted({"url_for", "get_flashed_messages", "config", "request", "session", "g"} & set(env.globals)),
        "filters": "tojson" in env.filters,
        "autoescape": [outcome(app.select_jinja_autoescape, name) for name in (None, "a.html", "a.txt", "a.HTML", "a")],
        "reload": env.auto_reload,
        "undefined": env.undefined.__name__,
        "same": app.jinja_env is env,
        "templates": sorted(env.list_templates()),
        "missing": outcome(env.get_template, "nowhere"),
        "class": [type(env).__name__, type(env.loader).__name__],
        "app": env.app is app,
    }


def probe_options() -> Any:
    """Options for the environment, loaders, and other ways to change it."""

    class Strict(Flask):
        jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "extensions": ["jinja2.ext.loopcontrols"]}

        def select_jinja_autoescape(self, filename: str | None) -> bool:
            note("escape", filename)
            return False

        def create_jinja_environment(self) -> Any:
            note("environment made")
            environment = super().create_jinja_environment()
            environment.globals["mine"] = "mine"
            return environment

    app = Strict(__name__)
    found = {}
    with app.app_context():
        for name in ("undefined", "newline", "loop", "escaped"):
            found[name] = outcome(render_template_string, SOURCES[name])
        found["mine"] = render_template_string("{{ mine }}")
    other = Flask(__name__, template_folder=None)
    other.jinja_loader = DictLoader({"own.html": "own {{ x }}"})  # type: ignore[assignment]  # as documented
    with other.app_context():
        found["loader"] = [outcome(render_template, name, x=1) for name in ("own.html", "page.html")]
    with Flask(__name__, template_folder=None).app_context():
        found["no folder"] = outcome(render_template, "page.html")
    return found


def probe_update_template_context() -> Any:
    """The variables that are added to those of a template."""
    app = create()
    with app.test_request_context("/b/page"):
        context = {"value": "given", "both": "given"}
        app.update_template_context(context)
        return {"names": sorted(context), "value": context["value"], "both": context["both"]}


def probe_registration() -> Any:
    """Names of filters, tests and globals."""
    app = Flask(__name__)
    app.template_filter()(lucky)
    app.add_template_test(lucky, "other")
    app.template_global()(lucky)
    env = app.jinja_env
    return {
        "filter": "lucky" in env.filters,
        "test": "other" in env.tests,
        "global": "lucky" in env.globals,
        "returned": app.template_filter("x")(lucky) is lucky,
    }


def probe_missing_template() -> Any:
    """The error of a template that is nowhere."""
    app = Flask(__name__)
    with app.test_request_context("/"):
        try:
            render_template(["a.html", "b.html"])
        except TemplateNotFound as error:
            return [type(error).__name__, error.name, error.templates, request.path]
