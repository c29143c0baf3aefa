"""url_for(): what it builds is what Werkzeug's map builds, and leads back to the endpoint and the values."""

from __future__ import annotations

import typing as t
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.routing import BuildError

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
