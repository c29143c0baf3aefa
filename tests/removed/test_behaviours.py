"""What stands behind the old names does what it did: asked the same, Werkzeug 2.0 itself gives the same answers.

It runs in an interpreter of its own, by this file as a program; ours is asked in another. Where ours differs on
purpose, as where Python's library has become stricter about what a URL may hold, that is not asked.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import random
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

LETTERS = "aZ09 /:;,.?&=#%+$!*'()[]@~-_\"<>^`{|}\xe4\u20ac"
ODD = [
    "", "%", "%zz", "%C3%A4", "%c3%a4%ff", "a%2Fb", "a+b", "&lt;&#39;&auml;&nope;", "localhost:5000",
    "../../etc/passwd",
]
URLS = [
    "http://user:pass@example.com:8080/path;p?a=1&b=2#frag", "http://[::1]:80/x", "//host/path", "/path?q", "?q", "#f",
    "mailto:a@b", "HTTP://EXAMPLE.com/", "http://\xe4.com/\xf6?\xfc", "http://h:abc/", "http://u%40x:p%3A@h/",
    "file:///etc/passwd", "http://h?x", "path/to;x?y#z", "svn+ssh://h/p", "host:80/path", "localhost:5000", "http://h:/",
]
STREAMS = [b"", b"a", b"a\nb\n", b"\r\n", b"a\r\nb\rc\n\nd", b"x" * 30 + b"\n" + b"y" * 5, b"a\rb"]


def questions() -> list[tuple[str, list[t.Any], dict[str, t.Any]]]:
    """A function, what it is called with, and by what names."""
    chosen = random.Random(5)
    texts = ODD + ["".join(chosen.choices(LETTERS, k=chosen.randrange(14))) for _ in range(200)]
    asked: list[tuple[str, list[t.Any], dict[str, t.Any]]] = []
    for text in texts:
        asked += [
            ("werkzeug.urls:url_quote", [text], {}),
            ("werkzeug.urls:url_quote_plus", [text], {}),
            ("werkzeug.urls:url_unquote", [text], {}),
            ("werkzeug.urls:url_unquote_plus", [text], {}),
            ("werkzeug.urls:url_decode", [text], {}),
            ("werkzeug.urls:url_quote", [text], {"safe": "", "unsafe": "aZ-"}),
            ("werkzeug.urls:url_quote", [text, "latin-1", "ignore"], {}),
            ("werkzeug.urls:url_unquote", [text, "latin-1"], {"unsafe": "/%"}),
            ("werkzeug.urls:url_decode", [text], {"separator": ";", "include_empty": False}),
            ("werkzeug.utils:escape", [text], {}),
            ("werkzeug.utils:unescape", [text], {}),
            ("werkzeug.utils:secure_filename", [text], {}),
        ]
    for url in URLS:
        asked += [("werkzeug.urls:url_parse", [url], {}), ("werkzeug.urls:url_fix", [url], {})]
        asked += [("url_parts", [url], {})]
        asked += [("werkzeug.urls:url_join", [base, url], {}) for base in ("http://a/b/c?q", "http://a", "", "/x/y")]
    for data in ({"a": 1, "b": None}, {"a": ["x", "y"]}, [["a", "b"], ["a", "c"]], {"\xe4": "\xf6&="}, {}):
        asked += [("werkzeug.urls:url_encode", [data], {"sort": sort}) for sort in (False, True)]
    for path in ("/a/b", "//a//b", "", "/", "/a/", "/%E4"):
        asked += [(f"werkzeug.wsgi:{name}", [{"PATH_INFO": path, "SCRIPT_NAME": "/x"}], {})
                  for name in ("pop_path_info", "peek_path_info", "get_script_name")]
    for stream in STREAMS:
        for options in ({}, {"buffer_size": 4}, {"limit": len(stream)}):
            asked += [("lines", [stream.decode()], options), ("chunks", [stream.decode()], options)]
    return asked


def url_parts(url: str) -> list[t.Any]:
    """The attributes of a parsed URL."""
    parsed = importlib.import_module("werkzeug.urls").url_parse(url)
    names = ("host", "port", "auth", "username", "password", "raw_username", "ascii_host")
    return [*(getattr(parsed, name) for name in names), parsed.encode_netloc(), parsed.to_url()]


def lines(text: str, **options: t.Any) -> list[t.Any]:
    """The lines of a stream."""
    return list(importlib.import_module("werkzeug.wsgi").make_line_iter(io.BytesIO(text.encode()), **options))


def chunks(text: str, **options: t.Any) -> list[t.Any]:
    """The parts of a stream."""
    return list(importlib.import_module("werkzeug.wsgi").make_chunk_iter(io.BytesIO(text.encode()), b"\n", **options))


def answers() -> list[str]:
    """What the functions give, of the Werkzeug that this interpreter has."""
    if "FLASK_LEGACY" in os.environ:
        importlib.import_module("flask")
    found = []
    for name, arguments, options in questions():
        module, _, attribute = name.rpartition(":")
        function = getattr(importlib.import_module(module), attribute) if module else globals()[attribute]
        try:
            answer = function(*arguments, **options)
        except Exception as error:
            answer = type(error).__name__
        found.append(repr(tuple(answer) if isinstance(answer, tuple) else answer))
    return found


def ask(**environment: str) -> list[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "FLASK_"))}
    command = [sys.executable, "-W", "ignore", __file__]
    done = subprocess.run(command, env=kept | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return t.cast("list[str]", json.loads(done.stdout))


@pytest.fixture(scope="session")
def old_werkzeug(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old_werkzeug")
    options = ["--quiet", "--no-deps", "--target", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, "Werkzeug==2.0.3"], check=True)
    return folder


@pytest.mark.long
def test_the_old_names_answer_as_the_old_release(old_werkzeug):
    ours = ask(PYTHONPATH=os.pathsep.join(sys.path), FLASK_LEGACY="1")
    theirs = ask(PYTHONPATH=str(old_werkzeug))
    assert len(ours) == len(theirs) > 2000
    rows = zip(questions(), ours, theirs, strict=True)
    assert [row for row in rows if row[1] != row[2]] == []


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answers()))
