"""url_for(): what it builds is what Werkzeug's map builds, and leads back to the endpoint and the values."""

from __future__ import annotations

import typing as t
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.routing import BaseConverter, BuildError, MapAdapter, Rule, ValidationError

import flask
from flask import Blueprint, Flask, request, url_for

# None of these tests is about time.
patient = settings(deadline=None)

# Any character but what ends a part of a path; line breaks end the path for some converters.
letters = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="/")
parts = st.text(letters, min_size=1, max_size=6)

#: What stands in a rule -> the values it takes.
CONVERTERS: dict[str, st.SearchStrategy[t.Any]] = {
    "<{}>": parts,
    "<string:{}>": parts,
    "<unicode:{}>": parts,
    "<string(length=3):{}>": st.text(letters, min_size=3, max_size=3),
    "<int:{}>": st.integers(0, 10**20),
    "<int(signed=True):{}>": st.integers(-(10**6), 10**6),
    "<float:{}>": st.integers(0, 10**6).map(lambda number: number / 8),
    "<path:{}>": st.lists(parts, min_size=1, max_size=3).map("/".join),
    "<any(left, right):{}>": st.sampled_from(["left", "right"]),
    "<uuid:{}>": st.uuids(),
}

# What goes into the query; a list gives several values, and None leaves the name out.
extra_values = st.dictionaries(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=4).map(lambda name: f"q{name}"),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=6) | st.integers() | st.none()
    | st.lists(st.text("ab&=? ", max_size=3), max_size=3),
    max_size=3,
)  # fmt: skip


class Target(t.NamedTuple):
    """An endpoint, its rule, and values for it."""

    rule: str
    values: dict[str, t.Any]
    in_blueprint: bool


@st.composite
def targets(draw: st.DrawFn) -> Target:
    rule, values = "", {}
    for number in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            rule += "/" + draw(st.text("abc.-_~", min_size=1, max_size=4))
        else:
            converter = draw(st.sampled_from(sorted(CONVERTERS)))
            values[f"v{number}"] = draw(CONVERTERS[converter])
            rule += "/" + converter.format(f"v{number}")
            if converter.startswith("<path"):
                break  # it would take what follows for its own
    rule += draw(st.sampled_from(["", "/"])) if rule else "/"
    return Target(rule, values, draw(st.booleans()))


class Site:
    """An application with a rule for each target, told apart by the first part of the path."""

    def __init__(self, drawn: list[Target]) -> None:
        self.app = Flask("example", static_folder=None)
        shop = Blueprint("shop", "example", url_prefix="/shop")
        self.endpoints: list[str] = []
        for number, target in enumerate(drawn):
            owner = shop if target.in_blueprint else self.app
            owner.add_url_rule(f"/{number}{target.rule}", endpoint=f"page{number}", view_func=self.view)
            self.endpoints.append(f"{'shop.' if target.in_blueprint else ''}page{number}")
        self.app.register_blueprint(shop)

    @staticmethod
    def view(**values: t.Any) -> dict[str, t.Any]:
        return {
            "endpoint": request.endpoint,
            "values": {name: str(value) for name, value in values.items()},
            "query": {name: request.args.getlist(name) for name in request.args},
        }


sites = st.lists(targets(), min_size=1, max_size=3)


def as_query(extra: dict[str, t.Any]) -> dict[str, list[str]]:
    """What the request sees of the values that no rule takes."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in extra.items() if value is not None}
    return {name: [str(item) for item in items] for name, items in lists.items() if items}


@patient
@given(sites, extra_values)
def test_a_built_url_leads_back(drawn: list[Target], extra: dict[str, t.Any]) -> None:
    site = Site(drawn)
    for endpoint, target in zip(site.endpoints, drawn, strict=True):
        with site.app.test_request_context():
            url = url_for(endpoint, **target.values, **extra)
        assert site.app.test_client().get(url).json == {
            "endpoint": endpoint,
            "values": {name: str(value) for name, value in target.values.items()},
            "query": as_query(extra),
        }
        with site.app.test_request_context(url):
            assert request.view_args == target.values
            assert {name: type(value) for name, value in (request.view_args or {}).items()} == {
                name: type(value) for name, value in target.values.items()
            }


@patient
@given(sites, extra_values, st.sampled_from(["", "/mounted"]), st.none() | st.booleans(), st.none() | st.just("https"))
def test_a_url_is_built_as_werkzeugs_map_builds_it(
    drawn: list[Target], extra: dict[str, t.Any], root: str, external: bool | None, scheme: str | None
) -> None:
    site = Site(drawn)
    adapter = site.app.url_map.bind("localhost", script_name=root or "/")
    if scheme is not None:
        external = True
    for endpoint, target in zip(site.endpoints, drawn, strict=True):
        values = {**target.values, **extra}
        expected = adapter.build(endpoint, values, url_scheme=scheme, force_external=bool(external))
        with site.app.test_request_context(base_url=f"http://localhost{root}/"):
            assert url_for(endpoint, _external=external, _scheme=scheme, **values) == expected
            assert flask.render_template_string(
                "{{ url_for(endpoint, _external=external, _scheme=scheme, **values)|safe }}",
                endpoint=endpoint, external=external, scheme=scheme, values=values,
            ) == expected  # fmt: skip
        site.app.config.update(SERVER_NAME="localhost", APPLICATION_ROOT=root or "/")
        with site.app.app_context():
            outside = adapter.build(endpoint, values, url_scheme=scheme, force_external=True)
            assert url_for(endpoint, _scheme=scheme, **values) == outside
        site.app.config["SERVER_NAME"] = None


@patient
@given(sites, st.text(st.characters(exclude_categories=("Cs",)), max_size=8))
def test_an_anchor_can_be_read_back(drawn: list[Target], anchor: str) -> None:
    site = Site(drawn)
    with site.app.test_request_context():
        plain = url_for(site.endpoints[0], **drawn[0].values)
        url = url_for(site.endpoints[0], _anchor=anchor, **drawn[0].values)
    assert url.startswith(f"{plain}#")
    assert url.count("#") == 1 + anchor.count("#")
    assert url.isascii()
    if "%" not in anchor:
        assert unquote(url.partition("#")[2]) == anchor
    assert urlsplit(url).path == urlsplit(plain).path


@patient
@given(sites)
def test_a_relative_endpoint_is_of_the_blueprint_that_handles_the_request(drawn: list[Target]) -> None:
    site = Site(drawn)
    for endpoint, target in zip(site.endpoints, drawn, strict=True):
        with site.app.test_request_context():
            url = url_for(endpoint, **target.values)
        with site.app.test_request_context(url):
            name = endpoint.removeprefix("shop.")
            assert url_for(f".{name}", **target.values) == url


@patient
@given(sites, st.data())
def test_a_missing_value_is_a_build_error_as_in_werkzeugs_map(drawn: list[Target], data: st.DataObject) -> None:
    site = Site(drawn)
    for endpoint, target in zip(site.endpoints, drawn, strict=True):
        if not target.values:
            continue
        left_out = data.draw(st.sampled_from(sorted(target.values)))
        values = {name: value for name, value in target.values.items() if name != left_out}
        with site.app.test_request_context():
            with pytest.raises(BuildError, match=left_out) as caught:
                url_for(endpoint, **values)
            assert caught.value.endpoint == endpoint


@patient
@given(targets(), st.data())
def test_url_defaults_fill_in_what_is_not_given(target: Target, data: st.DataObject) -> None:
    site = Site([target])
    kept = data.draw(st.sets(st.sampled_from(sorted(target.values)))) if target.values else set()

    @site.app.url_defaults
    def fill(endpoint: str, values: dict[str, t.Any]) -> None:
        for name, value in target.values.items():
            values.setdefault(name, value)

    with site.app.test_request_context():
        complete = url_for(site.endpoints[0], **target.values)
        assert url_for(site.endpoints[0], **{name: target.values[name] for name in kept}) == complete


# What a request builds without its URL adapter. It is the second one for its host: the first makes the adapter.

RULES = [
    "/", "/users/<int:v0>", "/users/<v0>", "/<path:v0>", "/a b/<v0>", "/ü", "/x%y/<v0>", "/<int(fixed_digits=3):v0>/",
    "/<any(a, 'b c'):v0>", "/<float:v0>/<v1>", "/<v0>.<v1>", "//double//<v0>", "/<upper:v0>", "/<uuid:v0>",
    "/<refusing:v0>",
]  # fmt: skip
OPTIONS: list[dict[str, t.Any]] = [
    {}, {}, {}, {"defaults": {"v0": 1}}, {"defaults": {"v5": "x"}}, {"methods": ["POST"]}, {"build_only": True},
    {"alias": True}, {"websocket": True}, {"strict_slashes": False}, {"merge_slashes": False}, {"subdomain": "sub"},
    {"subdomain": "<v1>"}, {"host": "shop.example"},
]  # fmt: skip
VALUES = st.one_of(
    parts, parts, st.sampled_from(["", "/", "//a", "a/b", "abc", "a.b~c", "%", "x?y", "007", "\ud800"]),
    st.integers(-5, 10**6), st.booleans(), st.none(), st.floats(0, 10), st.lists(st.integers(), max_size=2), st.uuids(),
    st.just(Markup("a&b")),
)  # fmt: skip


class Upper(BaseConverter):
    def to_url(self, value: t.Any) -> str:
        return str(value).upper()


class Refusing(BaseConverter):
    def to_url(self, value: t.Any) -> str:
        if value == "007":
            raise ValidationError
        return super().to_url(value)


class Shop:
    """An application with drawn rules, some of them for the same endpoint."""

    def __init__(self, drawn: list[tuple[str, dict[str, t.Any], str]], **options: t.Any) -> None:
        self.app = Flask("example", static_folder=None, **options)
        self.app.url_map.converters.update(upper=Upper, refusing=Refusing)
        self.app.add_url_rule("/here", "here", lambda: "", host="localhost" if options.get("host_matching") else None)
        for rule, options, endpoint in drawn:
            self.add(rule, options, endpoint)

    def add(self, rule: str, options: dict[str, t.Any], endpoint: str) -> None:
        try:
            self.app.url_map.add(Rule(rule, endpoint=endpoint, **options))
        except ValueError:
            pass  # the same rule twice, or one whose subdomain takes a name of its path

    def build(self, root: str, scheme: str, calls: list[tuple[str, dict[str, t.Any]]]) -> list[t.Any]:
        """What url_for() gives for each call in one request, or how it fails."""
        with self.app.test_request_context("/here", base_url=f"{scheme}://localhost{root}/"):
            return [built(lambda call=call: url_for(call[0], **call[1])) for call in calls]

    def build_by_adapter(self, root: str, scheme: str, calls: list[tuple[str, dict[str, t.Any]]]) -> list[t.Any]:
        with self.app.test_request_context("/here", base_url=f"{scheme}://localhost{root}/"):
            adapter = self.app.create_url_adapter(request._get_current_object())  # type: ignore[attr-defined]  # a proxy
        assert adapter is not None
        return [built(lambda call=call: adapter.build(*call)) for call in calls]


def built(build: t.Callable[[], str]) -> t.Any:
    try:
        return build()
    except Exception as error:
        return type(error), str(error)


drawn_rules = st.lists(
    st.tuples(st.sampled_from(RULES), st.sampled_from(OPTIONS), st.sampled_from(["one", "two", "three"])),
    min_size=1, max_size=4,
)  # fmt: skip
calls = st.lists(
    st.tuples(
        st.sampled_from(["one", "two", "three", "here", "nowhere"]),
        st.fixed_dictionaries({"v0": VALUES}, optional={"v1": VALUES})
        | st.dictionaries(st.sampled_from(["v0", "v1", "v5", "page"]), VALUES, max_size=3),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@patient
@given(
    drawn=drawn_rules,
    later=drawn_rules,
    calls=calls,
    root=st.sampled_from(["", "", "/mounted"]),
    scheme=st.sampled_from(["http", "https"]),
    options=st.sampled_from([{}, {}, {"host_matching": True, "static_host": None}, {"subdomain_matching": True}]),
)
def test_paths_are_those_of_the_adapter(drawn, later, calls, root, scheme, options):
    shop = Shop(drawn, **options)
    for _ in range(3):  # the first makes an adapter, and from then on the host is known
        assert shop.build(root, scheme, calls) == shop.build_by_adapter(root, scheme, calls)
    for rule in later:
        shop.add(*rule)
    assert shop.build(root, scheme, calls) == shop.build_by_adapter(root, scheme, calls)
    for rule in shop.app.url_map.iter_rules():
        rule.websocket = not rule.websocket
    assert shop.build(root, scheme, calls) == shop.build_by_adapter(root, scheme, calls)


def test_what_is_replaced_is_called(monkeypatch):
    app = Flask("example", static_folder=None)
    app.add_url_rule("/users/<name>", "user", lambda name: url_for("user", name=name))
    client = app.test_client()
    assert [client.get("/users/ada").text for _ in range(2)] == ["/users/ada"] * 2

    def build(self, endpoint, values, **options):
        return f"by another: {endpoint}"

    with monkeypatch.context() as patch:
        patch.setattr(MapAdapter, "build", build)
        assert client.get("/users/ada").text == "by another: user"
    with monkeypatch.context() as patch:
        adapter = app.url_map.bind("localhost", "/root", path_info="/users/ada")
        patch.setattr(app, "create_url_adapter", lambda request: adapter)
        assert client.get("/users/ada").text == "/root/users/ada"
    with monkeypatch.context() as patch:
        patch.setattr(Flask, "inject_url_defaults", lambda self, endpoint, values: values.update(name="eve"))
        assert client.get("/users/ada").text == "/users/eve"
    with app.test_request_context("/users/ada") as ctx:
        ctx.url_adapter = app.url_map.bind("localhost", "/other")
        assert url_for("user", name="ada") == "/other/users/ada"
    assert client.get("/users/ada").text == "/users/ada"
