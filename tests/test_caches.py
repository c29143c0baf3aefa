"""What is kept between requests, asked by many threads at once for more than it may hold: each answer is the plain one.

Decision record 8 tells why that is so; here the threads take turns as often as Python can.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys
import threading
import types
import typing as t
from collections.abc import Callable, Iterator

import pytest
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import NotFound
from werkzeug.http import dump_cookie
from werkzeug.test import EnvironBuilder

from flask import Flask, _cookies, _environ, _routing, helpers, request, session
from flask._awaiting import KnownCoroutineFunctions
from flask._dispatch import reply
from flask._signing import signing_for
from flask.sessions import session_json_serializer

THREADS = 8


@pytest.fixture(autouse=True)
def turns() -> Iterator[None]:
    """Threads take turns all the time."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def in_threads(ask: Callable[[random.Random], None], times: int) -> None:
    """Have each of the threads do something so many times, all from the same moment on."""
    failures: list[BaseException] = []
    start = threading.Barrier(THREADS)

    def run(number: int) -> None:
        chance = random.Random(number)
        try:
            start.wait()
            for _ in range(times):
                ask(chance)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_encoded_headers():
    def ask(chance: random.Random) -> None:
        headers = [("X-Number", str(chance.randrange(1500))) for _ in range(5)]
        expected = [(b"x-number", value.encode()) for _, value in headers]
        assert reply.start_of(200, headers)["headers"] == expected

    in_threads(ask, 600)
    assert len(reply._encoded) < reply._MOST_HEADERS + THREADS


def test_keys_of_headers():
    async def ask_all() -> None:
        loop = asyncio.get_running_loop()

        def ask(chance: random.Random) -> None:
            names = {f"x-name-{chance.randrange(1500)}" for _ in range(5)}
            scope = {"type": "http", "headers": [(name.encode(), name.encode()) for name in names]}
            environ = _environ.environ_of(scope, None, loop)
            found = {key: value for key, value in environ.items() if key.startswith("HTTP_")}
            assert found == {f"HTTP_{name.upper().replace('-', '_')}": name for name in names}

        in_threads(ask, 300)

    asyncio.run(ask_all())
    assert len(_environ._keys) < _environ._MOST_NAMES + THREADS


def test_names_of_blueprints():
    def ask(chance: random.Random) -> None:
        number = chance.randrange(1500)
        expected = (f"a.b{number}.c", f"a.b{number}", "a")
        assert helpers.blueprint_names(expected[0]) == (expected[:1] if helpers.names_hold_dots() else expected)

    in_threads(ask, 2000)


def test_dates_of_cookies():
    def ask(chance: random.Random) -> None:
        expires = chance.randrange(1_800_000_000)
        plain = dump_cookie("name", "value", expires=expires)
        moment = _cookies.datetime.fromtimestamp(expires, _cookies.UTC)
        ours = _cookies.dump_plain_cookie("name", "value", None, moment, "/", None, False, False, None)
        assert ours == plain

    in_threads(ask, 500)


def test_keys_of_signatures():
    def ask(chance: random.Random) -> None:
        key = f"key {chance.randrange(40)}"
        value = {"number": chance.randrange(1000)}
        ours = signing_for(key, None, "salt", session_json_serializer, "hmac", hashlib.sha1)
        plain: URLSafeTimedSerializer = URLSafeTimedSerializer(
            key,
            salt="salt",
            serializer=session_json_serializer,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
        )
        if ours is not None:  # with the shortcuts
            assert plain.loads(ours.dumps(value)) == value
            assert ours.loads(plain.dumps(value), 60) == value

    in_threads(ask, 300)


def test_coroutine_functions():
    def plain() -> None: ...
    async def waiting() -> None: ...

    # Functions of their own each: what is known of one must not be told of another.
    functions = [
        types.FunctionType(code, {}, f"{code.co_name}{number}")
        for code in (plain.__code__, waiting.__code__)
        for number in range(2 * KnownCoroutineFunctions._MOST)
    ]
    known = KnownCoroutineFunctions()

    def ask(chance: random.Random) -> None:
        function = chance.choice(functions)
        assert known[function] is function.__name__.startswith("waiting")

    in_threads(ask, 2000)
    assert len(known) < known._MOST + THREADS


def application() -> Flask:
    app = Flask("shop", static_folder=None)
    app.secret_key = "secret"
    for number in range(40):
        app.add_url_rule(f"/static/{number}", f"static {number}")
        app.add_url_rule(f"/number/{number}/<int:value>", f"number {number}")
        app.add_url_rule(f"/text/{number}/<value>/end", f"text {number}")
        app.add_url_rule(f"/own/{number}/<string(length={number + 1}):value>", f"own {number}")
    app.view_functions.update((rule.endpoint, view) for rule in app.url_map.iter_rules())
    return app


def view(**values: object) -> dict[str, object]:
    session["host"] = request.host
    return {"endpoint": request.endpoint, "values": values, "host": request.host}


def any_path(chance: random.Random) -> str:
    number = chance.randrange(45)
    return chance.choice(
        [
            f"/static/{number}",
            f"/number/{number}/{chance.randrange(100)}",
            f"/number/{number}/x",
            f"/text/{number}/some/end",
            f"/own/{number}/{'x' * (number + 1)}",
            f"/own/{number}/x",
            f"/static/{number}/",
        ]
    )


def test_whole_requests():
    app, adapter = application(), application().url_map.bind("localhost")

    def plain(path: str) -> tuple[str, t.Mapping[str, t.Any]] | None:
        """What Werkzeug finds in a map that nobody else asks."""
        try:
            return adapter.match(path)
        except NotFound:
            return None

    expected = {path: plain(path) for path in {any_path(random.Random(seed)) for seed in range(2000)}}

    def ask(chance: random.Random) -> None:
        path, host = any_path(random.Random(chance.randrange(2000))), f"host-{chance.randrange(1500)}"
        environ = EnvironBuilder(path, f"http://{host}").get_environ()
        answers: list[str] = []
        body = b"".join(app(environ, lambda status, headers: answers.append(status)))
        if (found := expected[path]) is None:
            assert answers == ["404 NOT FOUND"]
        else:
            answer = app.json.loads(body)
            assert answer == {"endpoint": found[0], "values": found[1], "host": host}

    in_threads(ask, 600)
    assert len(app.url_map.accepted_hosts) < _routing._MOST_HOSTS + THREADS
