"""A template gives the same text as with Jinja's own environment, whatever is in it and whatever it is given."""

from __future__ import annotations

import sys
import typing as t
from decimal import Decimal
from enum import Enum, IntEnum
from types import SimpleNamespace

import jinja2
import markupsafe._native
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, FileSystemBytecodeCache
from jinja2.ext import Extension
from jinja2.nativetypes import NativeEnvironment
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup
from werkzeug.local import LocalProxy

from flask import Flask, render_template, render_template_string
from flask._shortcuts import TAKEN
from flask.templating import Environment

patient = settings(deadline=None)


class Text(str):
    """Text that is not quite text."""

    def __str__(self) -> str:
        return f"[{super().__str__()}]"


class SafeText(str):
    def __html__(self) -> str:
        return f"<b>{self}</b>"


class Number(int):
    def __str__(self) -> str:
        return "<number>"

    def __html__(self) -> str:
        return "<i>number</i>"


class Amount(float):
    def __str__(self) -> str:
        return "<amount>"


class Level(IntEnum):
    LOW = 1


class Named(Enum):
    THIS = "<this>"


class Row(dict[str, t.Any]):
    """A dict with an attribute that is no item, and items that are no attributes."""

    name = "<attribute>"


class Missing(dict[str, t.Any]):
    def __missing__(self, key: str) -> str:
        return f"<no {key}>"


class Thing:
    def __init__(self, name: t.Any) -> None:
        self.name = name

    def __getitem__(self, key: t.Any) -> str:
        if isinstance(key, int) and key > 1:  # or going through it would never end
            raise IndexError(key)
        return f"<item {key}>"

    def __str__(self) -> str:
        return "<thing & co>"


class Page:
    def __html__(self) -> str:
        return "<p>page</p>"


class Refusing:
    def __str__(self) -> str:
        raise ValueError("has no text")

    @property
    def name(self) -> str:
        raise AttributeError("no name")


texts = st.text(st.sampled_from("ab<>&'\"ü\x00 "), max_size=5)
plain_values = st.one_of(
    texts,
    texts.map(Markup),
    texts.map(Text),
    texts.map(SafeText),
    texts.map(str.encode),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.builds(LocalProxy, texts.map(lambda text: lambda: text)),
    st.sampled_from([Number(3), Amount(0.5), Level.LOW, Named.THIS, Decimal("1.50"), 1j, 10**5000, Refusing(), Page()]),
    texts.map(Thing),
)
# `name` is no attribute of a dict, `items` and `get` are; a key need not be text.
names = st.sampled_from(["name", "items", "get", "other", "__class__"])
dicts = st.dictionaries(names, plain_values, max_size=3)
values = st.one_of(
    plain_values,
    st.lists(plain_values, max_size=2),
    dicts,
    dicts.map(Row),
    dicts.map(Missing),
    dicts.map(lambda found: {**found, 1: "<one>"}),
    st.builds(LocalProxy, dicts.map(lambda found: lambda: found)),
)

EXPRESSIONS = [
    "a", "b", "nowhere", "nowhere.name", "a.name", "b.name", "a['name']", "a.items", "b.get", "a.other.name",
    "a.__class__",
    "a|e", "a|safe", "a|upper", "a|string", "a|length", "a|default('<d>')", "a|attr('name')", "b|tojson", "[a, b]",
    "a ~ b", "a ~ '<'", "'<const>'", "'<' ~ 1", "1 + 1", "2.5", "none", "true", "a if b else '<else>'",
    "a == b", "joiner('<')()", "self.two()", "markup", "markup ~ a", "count()", "count()|int / 2", "shout(a)",
]  # fmt: skip

#: What stands around other statements; `{}` is their place.
AROUND = [
    "{{% if a %}}{}{{% else %}}no{{% endif %}}",
    "{{% for a in [a, b, a] %}}{{{{ loop.index }}}}{}{{% endfor %}}",
    "{{% for a in b recursive %}}{}{{% else %}}empty{{% endfor %}}",
    "{{% macro m(a, c='<c>') %}}{}{{{{ c }}}}{{{{ caller() if caller }}}}{{% endmacro %}}"
    "{{{{ m(b) }}}}{{{{ m(1)|e }}}}",
    "{{% macro n(a) %}}{{{{ caller('<x>') }}}}{{% endmacro %}}{{% call(b) n(a) %}}{}{{% endcall %}}",
    "{{% set c %}}{}{{% endset %}}{{{{ c }}}}{{{{ c ~ '<' }}}}",
    "{{% set c | upper %}}{}{{% endset %}}{{{{ c }}}}",
    "{{% filter replace('<', '(') %}}{}{{% endfilter %}}",
    "{{% autoescape false %}}{}{{% endautoescape %}}",
    "{{% autoescape true %}}{}{{% endautoescape %}}",
    "{{% autoescape a is string %}}{}{{% endautoescape %}}",
    "{{% with a = b %}}{}{{% endwith %}}",
    "{{% trans %}}<{{{{ a }}}}>{{% endtrans %}}{}",
]
PARTS = ["<p>", " & ", "{% set a = b %}", "{% include 'part.html' %}", "{% include 'part.txt' %}",
         "{% import 'macros.html' as tools %}{{ tools.bold(a) }}{{ tools.none }}",
         "{% from 'macros.html' import bold with context %}{{ bold(a) }}"]  # fmt: skip

outputs = st.sampled_from(EXPRESSIONS).map("{{{{ {} }}}}".format)
statements = st.recursive(
    st.lists(st.one_of(outputs, outputs, st.sampled_from(PARTS)), min_size=1, max_size=4).map("".join),
    lambda inner: st.builds(str.format, st.sampled_from(AROUND), inner) | st.builds("{}{}".format, inner, inner),
    max_leaves=4,
)
OTHERS = {
    "part.html": "<part>{{ a }}{{ b.name }}</part>",
    "part.txt": "<part>{{ a }}{{ b.name }}</part>",
    "macros.html": "{% set none = none %}{% macro bold(text) %}<b>{{ text }}{{ a }}</b>{% endmacro %}",
    "base.html": "<html>{% block one %}{{ a }}{% endblock %}{% block two scoped %}{{ b }}{% endblock %}</html>",
}
FRAMES = [
    "{}",
    "{{% block one %}}{}{{% endblock %}}",
    "{{% extends 'base.html' %}}{{% block one %}}{{{{ super() }}}}{}{{% endblock %}}"
    "{{% block two %}}{{{{ a }}}}{{% endblock %}}",
]
sources = st.builds(str.format, st.sampled_from(FRAMES), statements)
finalizers = st.sampled_from(
    [None, None, None, lambda value: "" if value is None else value, lambda value: Markup("<f>")]
)
undefined = st.sampled_from([jinja2.Undefined, jinja2.Undefined, jinja2.ChainableUndefined, jinja2.StrictUndefined])


def shout(value: t.Any) -> t.Any:
    return Markup("<u>") + value if isinstance(value, str) else value


def prepare(environment: jinja2.Environment) -> jinja2.Environment:
    environment.add_extension("jinja2.ext.i18n")
    environment.install_null_translations()  # type: ignore[attr-defined]  # the extension has it
    environment.globals.update(shout=shout, markup=Markup("<m>"), joiner=jinja2.utils.Joiner)
    return environment


def outcome(render: t.Callable[[], str]) -> tuple[t.Any, ...]:
    try:
        text = render()
    except Exception as error:
        return type(error), str(error)
    return type(text), text


def given_to(variables: dict[str, t.Any]) -> dict[str, t.Any]:
    """The variables, and a function that tells how often it was called."""
    calls: list[None] = []

    def count() -> int:
        calls.append(None)
        return len(calls)

    return {**variables, "count": count}


@patient
@given(
    source=sources,
    ending=st.sampled_from(["html", "html", "txt"]),
    variables=st.fixed_dictionaries({"a": values, "b": values}),
    finalize=finalizers,
    undefined=undefined,
)
def test_the_text_is_that_of_plain_jinja(source, ending, variables, finalize, undefined):
    templates = {**OTHERS, f"page.{ending}": source}
    app = Flask("example")
    app.jinja_loader = DictLoader(templates)
    options = {"finalize": finalize, "undefined": undefined}
    app.jinja_options = {**app.jinja_options, **options}
    plain = jinja2.Environment(autoescape=app.select_jinja_autoescape, loader=DictLoader(templates), **options)
    plain.policies.update(app.jinja_env.policies)
    prepare(plain)
    prepare(app.jinja_env)
    assert type(app.jinja_env) is Environment
    with app.app_context():
        found = outcome(lambda: render_template(f"page.{ending}", **given_to(variables)))
        again = outcome(lambda: render_template(f"page.{ending}", **given_to(variables)))
        from_string = outcome(lambda: render_template_string(source, **given_to(variables)))
    expected = outcome(lambda: plain.get_template(f"page.{ending}").render(given_to(variables)))
    assert found == again == expected
    assert from_string == outcome(lambda: plain.from_string(source).render(given_to(variables)))


@patient
@given(source=sources, variables=st.fixed_dictionaries({"a": values, "b": values}))
def test_pieces_and_async_rendering(source, variables):
    app, loader = Flask("example"), DictLoader({**OTHERS, "page.html": source})
    environments = [
        prepare(kind(loader=loader, autoescape=True, enable_async=is_async, **extra))
        for kind, extra in ((Environment, {"app": app}), (jinja2.Environment, {}))
        for is_async in (False, True)
    ]
    for way in (
        lambda template: template.render(given_to(variables)),
        lambda template: "|".join(template.generate(given_to(variables))),
    ):
        found = [outcome(lambda e=e, way=way: way(e.get_template("page.html"))) for e in environments]
        assert found[0] == found[2]
        assert found[1] == found[3]


@patient
@given(source=sources, variables=st.fixed_dictionaries({"a": values, "b": values}))
def test_a_bytecode_cache_shared_with_plain_jinja(tmp_path_factory, source, variables):
    loader = DictLoader({**OTHERS, "page.html": source})
    cache = tmp_path_factory.mktemp("bytecode")

    def render(kind: type[jinja2.Environment], is_cached: bool, **options: t.Any) -> tuple[t.Any, ...]:
        bytecode = FileSystemBytecodeCache(str(cache)) if is_cached else None
        environment = prepare(kind(loader=loader, autoescape=True, bytecode_cache=bytecode, **options))
        return outcome(lambda: environment.get_template("page.html").render(given_to(variables)))

    expected = render(jinja2.Environment, is_cached=False)
    assert render(Environment, is_cached=True, app=Flask("example")) == expected
    assert render(jinja2.Environment, is_cached=True) == expected  # with the code that ours left
    for file in cache.iterdir():
        file.unlink()
    assert render(jinja2.Environment, is_cached=True) == expected
    assert render(Environment, is_cached=True, app=Flask("example")) == expected  # with the code that Jinja left


class Own(Environment):
    """Finds attributes in a way of its own."""

    def getattr(self, obj: t.Any, attribute: str) -> t.Any:
        return f"<{attribute}>"


class Native(Environment, NativeEnvironment):
    pass


class Sandboxed(Environment, SandboxedEnvironment):
    pass


class Upper(jinja2.compiler.CodeGenerator):
    def _output_const_repr(self, group):
        return super()._output_const_repr(group).upper()


class Generating(Environment):
    code_generator_class = Upper


def app_with(kind: type[Environment]) -> Flask:
    app = Flask("example")
    app.jinja_environment = kind
    return app


def test_an_environment_of_ones_own_wins():
    with app_with(Own).app_context():
        assert render_template_string("{{ a.name }}", a={"name": 1}) == "&lt;name&gt;"
    with app_with(Native).app_context():
        assert render_template_string("{{ [a.x] }}", a={"x": 1}) == [1]
    with app_with(Generating).app_context():
        assert render_template_string("text{{ a }}", a="<") == "TEXT&lt;"
    with app_with(Sandboxed).app_context(), pytest.raises(jinja2.sandbox.SecurityError):
        render_template_string("{{ a.x.__class__.mro() }}", a={"x": 1})


def test_a_code_generator_set_on_the_environment_wins():
    app = Flask("example")
    app.jinja_env.code_generator_class = Upper
    with app.app_context():
        assert render_template_string("text{{ a }}", a="<") == "TEXT&lt;"


class Doubling(Extension):
    """An extension that has its own say in what is written."""

    tags = {"double"}  # as Jinja has it

    def parse(self, parser: t.Any) -> t.Any:
        line = next(parser.stream).lineno
        value = parser.parse_expression()
        safe = [jinja2.nodes.MarkSafe(value), jinja2.nodes.MarkSafeIfAutoescape(value)]
        return jinja2.nodes.Output([value, *safe]).set_lineno(line)


@pytest.mark.parametrize("value", ["<", Markup("<"), 3, None, {"name": "<"}])
def test_an_extension_that_writes_by_itself(value):
    ours, plain = Environment(Flask("example"), autoescape=True), jinja2.Environment(autoescape=True)
    texts = []
    for environment in (ours, plain):
        environment.add_extension(Doubling)
        texts.append(environment.from_string("{% double a %}{% double a.name %}").render(a=value))
    assert texts[0] == texts[1]


def test_an_overlay():
    environment = Environment(Flask("example"), autoescape=True)
    overlay = environment.overlay(variable_start_string="[[", variable_end_string="]]")
    assert overlay.from_string("[[ a.b ]]{{ a }}").render(a={"b": "<"}) == "&lt;{{ a }}"


@pytest.mark.parametrize(
    "module",
    [
        SimpleNamespace(_escape_inner=markupsafe._native._escape_inner, escape=markupsafe.escape),
        SimpleNamespace(escape=markupsafe.escape),
    ],
    ids=["not compiled", "before 3"],
)
def test_other_kinds_of_markupsafe(monkeypatch, module):
    monkeypatch.setitem(sys.modules, "markupsafe", module)
    with Flask("example").app_context():
        text = render_template_string("{{ a }}{{ b }}{{ 1 }}{{ c }}", a="<'\">&", b=Markup("<b>"), c=2.5)
    assert text == "&lt;&#39;&#34;&gt;&amp;<b>12.5"


def test_templates_compiled_ahead_are_for_plain_jinja_as_well(tmp_path):
    app = Flask("example")
    templates = {"page.html": "{{ a }}{{ b.name }}{{ 1 }}{% include 'part.html' %}", "part.html": "{{ a }}"}
    app.jinja_loader = DictLoader(templates)
    app.jinja_env.compile_templates(tmp_path, zip=None)
    plain = jinja2.Environment(loader=jinja2.ModuleLoader(str(tmp_path)))
    assert plain.get_template("page.html").render(a="<", b={"name": Markup("<b>")}) == "&lt;<b>1&lt;"


@pytest.mark.skipif(not TAKEN, reason="there are no shortcuts")
def test_the_shortcut_is_taken():
    app = Flask("example")
    assert app.jinja_env.code_generator_class is not jinja2.compiler.CodeGenerator
    assert "escape_text" in app.jinja_env.compile("{{ a }}", raw=True)


def test_whoever_patches_the_rendering_is_called(monkeypatch):
    seen = []
    render = jinja2.Template.render

    def traced(self, *args, **kwargs):
        seen.append(self.name)
        return render(self, *args, **kwargs)

    app = Flask("example")
    app.jinja_loader = DictLoader({"page.html": "{{ a }}"})
    with app.app_context():
        render_template("page.html", a=1)
        monkeypatch.setattr(jinja2.Template, "render", traced)
        assert render_template("page.html", a="<") == "&lt;"
    assert seen == ["page.html"]


def test_global_variables_are_read_live():
    app = Flask("example")
    app.jinja_loader = DictLoader({"page.html": "{{ shop }}{{ b }}"})
    with app.app_context():
        assert render_template("page.html", b="") == ""
        app.jinja_env.globals["shop"] = "<tea>"
        assert render_template("page.html", b="") == "&lt;tea&gt;"
        app.jinja_env.get_template("page.html", globals={"shop": "coffee"})
        assert render_template("page.html", b="!") == "coffee!"
        assert render_template("page.html", b="!", shop="mine") == "mine!"


def test_an_error_shows_the_line_of_the_template():
    app = Flask("example")
    app.jinja_loader = DictLoader({"page.html": "<p>\n{{ a }}\n{{ b / 0 }}\n</p>"})
    with app.app_context(), pytest.raises(ZeroDivisionError) as caught:
        render_template("page.html", a="<", b=1)
    *_, last = caught.traceback
    assert (last.name, last.lineno + 1) == ("top-level template code", 3)
