"""A weather station that caches by Flask-Caching: in memory, in files, in Redis."""

from __future__ import annotations

import typing as t
from collections import Counter
from pathlib import Path

import pytest
from flask_caching import Cache

from flask import Flask, render_template_string, request
from flask.testing import FlaskClient
from flask.views import View

CONFIG: dict[str, dict[str, t.Any]] = {
    "memory": {"CACHE_TYPE": "SimpleCache"},
    "files": {"CACHE_TYPE": "FileSystemCache"},
    "redis": {"CACHE_TYPE": "RedisCache"},
}


@pytest.fixture(params=CONFIG)
def cache(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Cache:
    app.config.update(CONFIG[request.param], CACHE_DIR=str(tmp_path / "cache"), CACHE_DEFAULT_TIMEOUT=1000)
    if request.param == "redis":
        request.getfixturevalue("store")  # emptied
        app.config["CACHE_REDIS_URL"] = request.getfixturevalue("redis_server")
    return Cache(app)


@pytest.fixture
def calls() -> Counter[str]:
    """How often each was called."""
    return Counter()


def test_a_cached_view_is_called_once(
    app: Flask, cache: Cache, client: FlaskClient, calls: Counter[str], written: t.Any
) -> None:
    @app.get("/<place>")
    @cache.cached()
    @written
    def weather(place: str) -> t.Any:
        calls[place] += 1
        return f"{place}: rain, {calls[place]}"

    assert [client.get("/london").text for _ in range(3)] == ["london: rain, 1"] * 3
    assert client.get("/paris").text == "paris: rain, 1"
    cache.clear()
    assert client.get("/london").text == "london: rain, 2"


def test_a_cached_response_keeps_status_and_headers(
    app: Flask, cache: Cache, client: FlaskClient, written: t.Any
) -> None:
    @app.get("/")
    @cache.cached(response_hit_indication=True)
    @written
    def weather() -> t.Any:
        return {"sky": "grey"}, 203, {"X-Station": "7"}

    first, second = client.get("/"), client.get("/")
    for response in (first, second):
        assert (response.json, response.status_code, response.headers["X-Station"]) == ({"sky": "grey"}, 203, "7")
    assert [response.headers.get("hit_cache") for response in (first, second)] == [None, "True"]


def test_the_query_belongs_to_the_key_where_asked_for(
    app: Flask, cache: Cache, client: FlaskClient, calls: Counter[str], written: t.Any
) -> None:
    @app.get("/")
    @cache.cached(query_string=True)
    @written
    def weather() -> t.Any:
        calls["view"] += 1
        return request.args["place"]

    queries = ["place=rome&unit=c", "unit=c&place=rome", "place=bonn&unit=c"]
    assert [client.get(f"/?{query}").text for query in queries] == ["rome", "rome", "bonn"]
    assert calls["view"] == 2


def test_what_is_not_to_be_cached(
    app: Flask, cache: Cache, client: FlaskClient, calls: Counter[str], written: t.Any
) -> None:
    @app.get("/unless")
    @cache.cached(unless=lambda: "fresh" in request.args)
    @written
    def weather() -> t.Any:
        calls["unless"] += 1
        return str(calls["unless"])

    @app.get("/filtered")
    @cache.cached(response_filter=lambda response: response[1] == 200)
    @written
    def failing() -> t.Any:
        calls["filtered"] += 1
        return "down", 503

    assert [client.get(f"/unless{query}").text for query in ("", "", "?fresh=1", "")] == ["1", "1", "2", "1"]
    assert [client.get("/filtered").status_code for _ in range(2)] == [503, 503]
    assert calls["filtered"] == 2


def test_a_view_that_fails_is_not_cached(
    app: Flask, cache: Cache, client: FlaskClient, calls: Counter[str], written: t.Any
) -> None:
    @app.get("/")
    @cache.cached()
    @written
    def weather() -> t.Any:
        calls["view"] += 1
        if calls["view"] == 1:
            raise ConnectionError("The station does not answer.")
        return "sun"

    assert [client.get("/").status_code for _ in range(3)] == [500, 200, 200]
    assert calls["view"] == 2


def test_the_method_of_a_class_based_view(
    app: Flask, cache: Cache, client: FlaskClient, calls: Counter[str], written: t.Any
) -> None:
    class Weather(View):
        @cache.cached()
        @written
        def dispatch_request(self) -> t.Any:
            calls["view"] += 1
            return "wind"

    app.add_url_rule("/", view_func=Weather.as_view("weather"))
    assert [client.get("/").text for _ in range(2)] == ["wind", "wind"]
    assert calls["view"] == 1


def test_a_memoized_function_is_called_once_for_each_argument(
    app: Flask, cache: Cache, client: FlaskClient, calls: Counter[str], written: t.Any
) -> None:
    @cache.memoize()
    def measure(place: str) -> int:
        calls[place] += 1
        return len(place)

    @app.get("/<place>")
    @written
    def weather(place: str) -> t.Any:
        return str(measure(place))

    @app.post("/<place>")
    @written
    def forget(place: str) -> t.Any:
        cache.delete_memoized(measure, place)
        return "", 204

    assert [client.get(f"/{place}").text for place in ("rome", "rome", "oslo", "oslo")] == ["4"] * 4
    assert calls == {"rome": 1, "oslo": 1}
    client.post("/rome")
    for place in ("rome", "oslo"):
        client.get(f"/{place}")
    assert calls == {"rome": 2, "oslo": 1}


def test_what_views_put_into_the_cache(app: Flask, cache: Cache, client: FlaskClient, written: t.Any) -> None:
    @app.post("/<key>")
    @written
    def put(key: str) -> t.Any:
        return {"added": cache.add(key, request.get_json())}

    @app.get("/<key>")
    @written
    def get(key: str) -> t.Any:
        return {"found": cache.get(key), "is there": cache.has(key)}

    added = [client.post("/wind", json=speeds).json for speeds in ([1, 2], [3])]
    assert added == [{"added": True}, {"added": False}]
    assert client.get("/wind").json == {"found": [1, 2], "is there": True}
    assert client.get("/rain").json == {"found": None, "is there": False}


def test_a_cached_part_of_a_template(
    app: Flask, cache: Cache, client: FlaskClient, calls: Counter[str], written: t.Any
) -> None:
    @app.template_global()
    def measure() -> int:
        calls["measure"] += 1
        return calls["measure"]

    @app.get("/<place>")
    @written
    def weather(place: str) -> t.Any:
        return render_template_string("{{ place }} {% cache 1000, place %}{{ measure() }}{% endcache %}", place=place)

    assert [client.get(path).text for path in ("/rome", "/rome", "/oslo")] == ["rome 1", "rome 1", "oslo 2"]
