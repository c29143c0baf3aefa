"""Templates: where they are found, what they can use, how they are rendered, and who is told."""

from __future__ import annotations

import logging
import os

import jinja2
import pytest
from jinja2 import DictLoader, TemplateNotFound, UndefinedError
from markupsafe import Markup

from flask import (
    Blueprint,
    Flask,
    before_render_template,
    eras,
    g,
    get_template_attribute,
    render_template,
    render_template_string,
    session,
    stream_template,
    stream_template_string,
    template_rendered,
)
from flask.templating import DispatchingJinjaLoader, Environment

TEMPLATES = {
    "app": {"both.html": "app {{ name }}", "own.html": "app's own", "plain.txt": "{{ name }}", "sub/deep.html": "deep"},
    "one": {"both.html": "one {{ name }}", "blueprint.html": "one {{ who }}", "shared.html": "one"},
    "two": {"shared.html": "two"},
}


@pytest.fixture
def folder(tmp_path):
    """A folder of templates for an application, and one for each of two blueprints."""
    for owner, templates in TEMPLATES.items():
        for name, source in templates.items():
            path = tmp_path / owner / "templates" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
    return tmp_path


@pytest.fixture
def blueprints(folder):
    return [
        Blueprint(name, name, root_path=str(folder / name), template_folder="templates", url_prefix=f"/{name}")
        for name in ("one", "two")
    ]


@pytest.fixture
def app(folder, blueprints):
    app = Flask("app", root_path=str(folder / "app"))
    app.config.update(TESTING=True, SECRET_KEY="test key")
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def environment(*templates, **options):
    """An application whose templates are given as texts, by name."""
    app = Flask("app")
    app.config.update(TESTING=True, SECRET_KEY="test key", **options)
    app.jinja_loader = DictLoader(dict(templates))
    return app


# Where templates are found


def test_the_application_comes_before_its_blueprints(app):
    with app.app_context():
        assert render_template("both.html", name="x") == "app x"
        assert render_template("blueprint.html", who="x") == "one x"
        assert render_template("shared.html") == "one"
        assert render_template("sub/deep.html") == "deep"


def test_a_request_of_a_blueprint_changes_nothing_about_that(app):
    app.add_url_rule("/two/shared", "two.shared", lambda: render_template("shared.html"))
    assert app.test_client().get("/two/shared").text == "one"


def test_a_blueprint_registered_after_first_use_is_found(app, folder):
    with app.app_context():
        render_template("own.html")
    late = Blueprint("late", "late", root_path=str(folder), template_folder="late")
    (folder / "late").mkdir()
    (folder / "late" / "late.html").write_text("late")
    app.register_blueprint(late)
    with app.app_context():
        assert render_template("late.html") == "late"


@pytest.mark.parametrize("name", ["nowhere.html", "../one/templates/blueprint.html", "", "sub"])
def test_missing_templates(app, name):
    with app.app_context(), pytest.raises(TemplateNotFound):
        render_template(name)


def test_the_first_of_several_that_exists(app):
    with app.app_context():
        assert render_template(["nowhere.html", "plain.txt", "both.html"], name="<") == "<"
        with pytest.raises(jinja2.TemplatesNotFound, match=r"nowhere.html.*neither.html"):
            render_template(["nowhere.html", "neither.html"])
        with pytest.raises(jinja2.TemplatesNotFound):
            render_template([])


def test_a_template_object(app):
    with app.app_context():
        template = app.jinja_env.get_template("both.html")
        assert render_template(template, name="x") == "app x"


def test_the_name_by_keyword_of_each_era(app):
    with app.app_context():
        assert render_template(template_name_or_list="plain.txt", name="x") == "x"
        assert render_template(template_name="plain.txt", name="x") == "x"
        with pytest.raises(TypeError, match="name of a template"):
            render_template()


@pytest.mark.skipif(eras.is_old("argument_order"), reason="the parameter has this name in the old eras")
def test_template_name_is_a_variable_like_any_other(app):
    app.jinja_loader = DictLoader({"page.html": "{{ template_name }}"})
    with app.app_context():
        assert render_template("page.html", template_name="mine") == "mine"


def test_list_templates(app):
    assert app.jinja_env.list_templates() == [
        "blueprint.html", "both.html", "own.html", "plain.txt", "shared.html", "sub/deep.html",
    ]  # fmt: skip


def test_a_loader_of_ones_own(app):
    app.jinja_loader = DictLoader({"page.html": "from a dict"})
    with app.app_context():
        assert render_template("page.html") == "from a dict"
        assert render_template("blueprint.html", who="") == "one "
        with pytest.raises(TemplateNotFound):
            render_template("own.html")


def test_without_a_template_folder():
    app = Flask("app", template_folder=None)
    assert app.jinja_loader is None
    with app.app_context(), pytest.raises(TemplateNotFound):
        render_template("own.html")


def test_template_folder_may_be_a_path(folder):
    app = Flask("app", root_path=str(folder), template_folder=folder / "two" / "templates")
    with app.app_context():
        assert render_template("shared.html") == "two"


def test_the_global_loader_can_be_replaced():
    class Own(Flask):
        def create_global_jinja_loader(self):
            return DictLoader({"page.html": "global"})

    with Own("own").app_context():
        assert render_template("page.html") == "global"
    assert isinstance(Flask("app").jinja_env.loader, DispatchingJinjaLoader)


def test_rendering_needs_an_application(app):
    for render in (
        lambda: render_template("own.html"),
        lambda: render_template_string(""),
        lambda: get_template_attribute("own.html", "x"),
        lambda: stream_template("own.html"),
    ):
        with pytest.raises(RuntimeError, match="application context"):
            render()


# What templates can use


def test_variables_in_a_request(app):
    app.add_url_rule("/here", "here", lambda: render_template_string(source, own=1))
    source = "{{ request.path }} {{ g is defined }} {{ config.TESTING }} {{ own }} {{ url_for('here') }}"
    assert app.test_client().get("/here").text == "/here True True 1 /here"


def test_variables_outside_of_a_request(app):
    source = "{{ g.a }} {{ config.TESTING }} {{ get_flashed_messages is defined }}"
    with app.app_context():
        g.a = "x"
        assert render_template_string(source) == "x True True"
        with pytest.raises(RuntimeError, match="request context"):
            render_template_string("{{ request.path }}")


def test_what_the_view_gives_wins_over_all(app):
    app.context_processor(lambda: {"name": "processor"})
    with app.test_request_context():
        source = "{{ request }} {{ session }} {{ g }} {{ config }} {{ name }}"
        values = dict.fromkeys(("request", "session", "g", "config", "name"), "own")
        assert render_template_string(source, **values) == "own own own own own"


def test_context_processors(app, blueprints):
    calls = []

    def processor(who):
        def process():
            calls.append(who)
            return {"who": who, who: True}

        return process

    app.context_processor(processor("app"))
    app.template_context_processors["one"].append(processor("one"))
    app.add_url_rule("/app", "app", lambda: render_template("blueprint.html"))
    app.add_url_rule("/one/view", "one.view", lambda: render_template("blueprint.html"))
    client = app.test_client()
    assert client.get("/app").text == "one app"
    assert client.get("/one/view").text == "one one"
    assert calls == ["app", "app", "one"]


def test_update_template_context(app):
    app.context_processor(lambda: {"a": "processor", "b": "processor"})
    context = {"a": "own"}
    with app.test_request_context("/"):
        app.update_template_context(context)
        assert (context["a"], context["b"]) == ("own", "processor")
        assert (context["request"].path, context["g"]) == ("/", g)


def test_update_template_context_can_be_overridden():
    class Own(Flask):
        def update_template_context(self, context):
            super().update_template_context(context)
            context["name"] = "own"

    with Own("own").app_context():
        assert render_template_string("{{ name }}", name="given") == "own"


def test_imported_templates_see_the_globals(app):
    app.jinja_loader = DictLoader(
        {
            "page.html": "{% from 'macro.html' import where %}{{ where() }}",
            "macro.html": "{% macro where() %}{{ request.path }} {{ url_for('static', filename='a') }}{% endmacro %}",
        }
    )
    with app.test_request_context("/here"):
        assert render_template("page.html") == "/here /static/a"


def test_a_template_makes_the_page_vary_only_if_it_looks_at_the_session(app):
    app.add_url_rule("/no", "no", lambda: render_template_string("{{ request.path }}"))
    app.add_url_rule("/yes", "yes", lambda: render_template_string("{{ session.a }}"))
    app.add_url_rule("/flashes", "flashes", lambda: render_template_string("{{ get_flashed_messages() }}"))
    client = app.test_client()
    assert [client.get(url).headers.get("Vary") for url in ("/no", "/yes", "/flashes")] == [None, "Cookie", "Cookie"]


def test_templates_read_the_session_of_the_request(app):
    with app.test_request_context():
        session["a"] = "<1>"
        assert render_template_string("{{ session.a }}{{ session['a'] }}{{ 'b' in session }}") == (
            "&lt;1&gt;&lt;1&gt;False"
        )


def test_get_template_attribute(app):
    app.jinja_loader = DictLoader({"m.html": "{% macro hi(n) %}<i>{{ n }}</i>{% endmacro %}{% set five = 5 %}"})
    with app.app_context():
        assert get_template_attribute("m.html", "hi")("<") == Markup("<i>&lt;</i>")
        assert get_template_attribute("m.html", "five") == 5
        with pytest.raises(AttributeError):
            get_template_attribute("m.html", "nothing")
        with pytest.raises(TemplateNotFound):
            get_template_attribute("nowhere.html", "hi")


# Escaping


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xml", "a.xhtml", "a.svg", None])
def test_names_that_are_escaped(name):
    assert Flask("app").select_jinja_autoescape(name) is True


@pytest.mark.parametrize("name", ["a.txt", "a.js", "a.HTML", "a.html.txt", "html", ""])
def test_names_that_are_not_escaped(name):
    assert Flask("app").select_jinja_autoescape(name) is False


def test_escaping():
    app = environment(("a.html", "{{ x }}"), ("a.txt", "{{ x }}"))
    with app.app_context():
        assert render_template("a.html", x="<") == "&lt;"
        assert render_template("a.html", x=Markup("<")) == "<"
        assert render_template("a.txt", x="<") == "<"
        assert render_template_string("{{ x }}{{ x|safe }}", x="<") == "&lt;<"
        assert "".join(stream_template_string("{{ x }}", x="<")) == "&lt;"
        source = "{{ x }}{% autoescape false %}{{ x }}{% endautoescape %}"
        assert render_template_string(source, x="<") == "&lt;<"


def test_what_is_escaped_can_be_decided():
    class Own(Flask):
        def select_jinja_autoescape(self, filename):
            return filename is not None and filename.endswith(".txt")

    app = Own("own")
    app.jinja_loader = DictLoader({"a.html": "{{ x }}", "a.txt": "{{ x }}"})
    with app.app_context():
        assert [render_template(name, x="<") for name in ("a.html", "a.txt")] == ["<", "&lt;"]
        assert render_template_string("{{ x }}", x="<") == "<"


def test_tojson():
    app = environment(("a.html", "{{ x|tojson|safe }}"))
    with app.app_context():
        assert render_template("a.html", x={"b": "<script>", "a": "'&"}) == (
            r'{"a": "\u0027\u0026", "b": "\u003cscript\u003e"}'
        )


# Filters, tests, globals


def registered_on(app, kind, decorate):
    def function(value="x"):
        return kind == "test" or f"{kind} {value}"

    function.__name__ = f"own_{kind}"
    assert decorate(function) is function
    name = next(name for name in (f"own_{kind}", f"named_{kind}") if name in getattr(app.jinja_env, f"{kind}s"))
    source = {"filter": "{{ 'x'|%s }}", "test": "{{ 'x' is %s }}", "global": "{{ %s('x') }}"}[kind]
    with app.app_context():
        return name, render_template_string(source % name)


KINDS = pytest.mark.parametrize("kind", ["filter", "test", "global"])
WAYS = pytest.mark.parametrize(
    ("way", "named"),
    [
        (lambda register: register, False),
        (lambda register: register(), False),
        (lambda register: register("named_{kind}"), True),
        (lambda register: register(name="named_{kind}"), True),
    ],
    ids=["bare", "called", "named", "by keyword"],
)


@KINDS
@WAYS
@pytest.mark.parametrize("target", ["app", "blueprint"])
def test_decorators_for_templates(kind, way, named, target):
    app, blueprint = Flask("app"), Blueprint("b", "b")
    method = getattr(app, f"template_{kind}") if target == "app" else getattr(blueprint, f"app_template_{kind}")

    def register(*args, **kwargs):
        filled = [arg.format(kind=kind) if isinstance(arg, str) else arg for arg in args]
        return method(*filled, **{key: value.format(kind=kind) for key, value in kwargs.items()})

    def decorate(function):
        function = way(register)(function)
        app.register_blueprint(blueprint)
        return function

    name = f"{'named' if named else 'own'}_{kind}"
    assert registered_on(app, kind, decorate) == (name, "True" if kind == "test" else f"{kind} x")


@KINDS
@pytest.mark.parametrize("name", [None, "named"])
@pytest.mark.parametrize("target", ["app", "blueprint"])
def test_registering_for_templates_without_a_decorator(kind, name, target):
    app, blueprint = Flask("app"), Blueprint("b", "b")

    def own(value=None):
        return value

    if target == "app":
        getattr(app, f"add_template_{kind}")(own, name)
    else:
        getattr(blueprint, f"add_app_template_{kind}")(own, name=name)
    app.register_blueprint(blueprint)
    assert getattr(app.jinja_env, f"{kind}s")[name or "own"] is own


def test_blueprints_register_once():
    app, blueprint, count = Flask("app"), Blueprint("b", "b"), []
    app.add_template_filter = lambda f, name=None: count.append(name)
    blueprint.app_template_filter("own")(str)
    app.register_blueprint(blueprint)
    app.register_blueprint(blueprint, name="again")
    assert count == ["own"]


# Streams


def test_streams_render_piece_by_piece(app):
    source = "{% for n in numbers %}{{ n }},{% endfor %}"
    app.jinja_loader = DictLoader({"list.txt": source})
    seen = []

    def numbers():
        for number in range(3):
            seen.append(number)
            yield number

    with app.app_context():
        for stream in (stream_template, stream_template_string):
            seen.clear()
            pieces = stream("list.txt" if stream is stream_template else source, numbers=numbers())
            assert seen == []
            assert next(pieces) == "0"
            assert seen == [0]
            assert "".join(pieces) == ",1,2,"


def test_streams_keep_the_request(app):
    app.add_url_rule("/here", "here", lambda: stream_template_string("{{ request.path }} {{ g.a }} {{ session.b }}"))

    @app.before_request
    def prepare():
        g.a = "a"
        session["b"] = "b"

    response = app.test_client().get("/here")
    assert response.is_streamed
    assert response.text == "/here a b"


def test_streams_take_lists_of_names(app):
    with app.app_context():
        assert "".join(stream_template(["nowhere.html", "plain.txt"], name="x")) == "x"
        with pytest.raises(TemplateNotFound):
            stream_template("nowhere.html")


# Signals


@pytest.fixture
def events(app):
    """The signals of rendering, in the order in which they are sent."""
    events = []

    def before(sender, template, context):
        events.append(("before", sender, template.name, context["name"]))
        context["name"] = "changed"

    def after(sender, template, context):
        events.append(("after", sender, template.name, context["name"]))

    with before_render_template.connected_to(before, app), template_rendered.connected_to(after, app):
        yield events


def test_signals(app, events):
    with app.app_context():
        assert render_template("both.html", name="given") == "app changed"
        assert events == [("before", app, "both.html", "given"), ("after", app, "both.html", "changed")]
        events.clear()
        assert render_template_string("{{ name }}", name="given") == "changed"
        assert events == [("before", app, None, "given"), ("after", app, None, "changed")]


def test_signals_of_a_stream(app, events):
    with app.app_context():
        pieces = stream_template("both.html", name="given")
        assert [event[0] for event in events] == ["before"]
        assert "".join(pieces) == "app changed"
        assert [event[0] for event in events] == ["before", "after"]


def test_a_failing_template_was_not_rendered(app, events):
    with app.app_context(), pytest.raises(UndefinedError):
        render_template_string("{{ name.nothing.at.all }}", name="given")
    assert [event[0] for event in events] == ["before"]


# The environment


def test_options_of_a_subclass():
    class Own(Flask):
        jinja_options = {"extensions": ["jinja2.ext.do"], "trim_blocks": True}

    assert Own("own").jinja_env.trim_blocks
    with Own("own").app_context():
        assert render_template_string("{% do [].append(1) %}\nx") == "x"


def test_options_of_an_instance():
    app = Flask("app")
    app.jinja_options = {"variable_start_string": "[[", "variable_end_string": "]]"}
    with app.app_context():
        assert render_template_string("[[ 1 ]]{{ 1 }}") == "1{{ 1 }}"


@pytest.mark.parametrize("named", ["jinja2.ext.autoescape", "jinja2.ext.with_"])
def test_extensions_that_are_built_in_now_may_be_named(named):
    class Own(Flask):
        jinja_options = {"extensions": [named, "jinja2.ext.do"]}

    with Own("own").app_context():
        source = "{% with a = '<' %}{% autoescape false %}{{ a }}{% endautoescape %}{% endwith %}{% do [] %}"
        assert render_template_string(source) == "<"


def test_unknown_extensions_are_an_error():
    app = Flask("app")
    app.jinja_options = {"extensions": ["nowhere.to.be.found"]}
    with pytest.raises(ImportError):
        app.jinja_env


def test_the_environment_can_be_made_differently():
    class Own(Flask):
        def create_jinja_environment(self):
            environment = super().create_jinja_environment()
            environment.globals["own"] = "own"
            environment.globals["self"] = self
            return environment

    app = Own("own")
    with app.app_context():
        assert render_template_string("{{ own }}") == "own"
    assert app.jinja_env is app.jinja_env
    assert app.jinja_env.globals["self"] is app


def test_a_plain_jinja_environment_will_do():
    class Own(Flask):
        def create_jinja_environment(self):
            return jinja2.Environment(loader=DictLoader({"page.html": "{{ request.path }} {{ x }}"}))

    with Own("own").test_request_context("/here"):
        assert render_template("page.html", x="<") == "/here <"


def test_the_class_of_the_environment():
    class OwnEnvironment(Environment):
        def __init__(self, app, **options):
            super().__init__(app, **options)
            self.globals["own"] = app.name

    class Own(Flask):
        jinja_environment = OwnEnvironment

    app = Own("own")
    assert type(app.jinja_env) is OwnEnvironment
    assert app.jinja_env.app is app
    with app.app_context():
        assert render_template_string("{{ own }}") == "own"


def test_init_jinja_globals_of_an_old_program_is_called():
    class Own(Flask):
        def init_jinja_globals(self):
            self.jinja_env.globals["own"] = "own"

    with Own("own").app_context(), pytest.warns(DeprecationWarning, match="create_jinja_environment"):
        assert render_template_string("{{ own }}") == "own"


@pytest.mark.parametrize(
    ("config", "reloads"),
    [
        ({"DEBUG": False}, False),
        ({"DEBUG": True}, True),
        ({"DEBUG": False, "TEMPLATES_AUTO_RELOAD": True}, True),
        ({"DEBUG": True, "TEMPLATES_AUTO_RELOAD": False}, False),
    ],
)
def test_whether_changed_templates_are_loaded_again(app, folder, config, reloads):
    app.config.update(config)
    path = folder / "app" / "templates" / "own.html"
    with app.app_context():
        assert render_template("own.html") == "app's own"
        path.write_text("changed")
        os.utime(path, (1, 1))
        assert render_template("own.html") == ("changed" if reloads else "app's own")
    assert app.templates_auto_reload is reloads


def test_switching_debug_mode_switches_the_reloading():
    app = Flask("app")
    app.debug = False
    assert not app.jinja_env.auto_reload
    app.debug = True
    assert app.jinja_env.auto_reload
    app.templates_auto_reload = False
    app.debug = True
    assert app.config["TEMPLATES_AUTO_RELOAD"] is False


# Explaining where a template was looked for


@pytest.fixture
def explained(app, caplog):
    app.config["EXPLAIN_TEMPLATE_LOADING"] = True
    caplog.set_level(logging.INFO, "app")

    def explain(name, url="/"):
        caplog.clear()
        with app.test_request_context(url):
            try:
                render_template(name)
            except TemplateNotFound:
                pass
        return "\n".join(record.getMessage() for record in caplog.records)

    return explain


def test_every_attempt_is_told_with_its_folder(explained, folder):
    text = explained("blueprint.html")
    attempts = [text.index(f"{folder / owner}") for owner in ("app", "one", "two")]
    assert attempts == sorted(attempts)
    assert "'blueprint.html'" in text
    assert "jinja2.loaders.FileSystemLoader" in text
    assert text.count("no match") == 2
    assert f"found ({str(folder / 'one' / 'templates' / 'blueprint.html')!r})" in text
    assert "Error" not in text


def test_a_missing_template_is_explained(explained):
    text = explained("nowhere.html")
    assert text.count("no match") == 3
    assert "Error: the template could not be found" in text


def test_a_missing_template_of_a_blueprint_is_explained(app, explained):
    app.add_url_rule("/one/view", "one.view", lambda: "")
    assert "blueprint 'one'" in explained("nowhere.html", "/one/view").rpartition("Error")[2]


def test_templates_of_the_same_name_are_explained(explained):
    assert "Warning" in explained("both.html")


def test_nothing_is_explained_unless_asked(app, caplog):
    caplog.set_level(logging.INFO, "app")
    with app.app_context():
        render_template("own.html")
    assert caplog.records == []


def test_explaining_finds_the_same_template(app):
    with app.app_context():
        plain = [render_template(name, name="x") for name in ("both.html", "shared.html", "plain.txt")]
        app.jinja_env.cache.clear()
        app.config["EXPLAIN_TEMPLATE_LOADING"] = True
        assert [render_template(name, name="x") for name in ("both.html", "shared.html", "plain.txt")] == plain
