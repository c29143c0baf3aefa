"""Names that other libraries removed: there on request, with the behaviour that they had, and not there otherwise."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import os
import subprocess
import sys
import textwrap
import time
import typing as t

import pytest
from itsdangerous import BadHeader, BadSignature, SignatureExpired
from markupsafe import Markup
from werkzeug.security import check_password_hash, generate_password_hash

from flask.legacy.foreign import (
    arguments,
    environs,
    feeds,
    fixers,
    headers,
    imp,
    limits,
    mixins,
    names,
    passwords,
    pictures,
    rules,
    security,
    sessions,
    signed_cookies,
    texts,
    tokens,
    tracebacks,
    truths,
    two_pythons,
    urls,
    user_agents,
    versions,
)
from flask.legacy.foreign import cgi as old_cgi

# Rows for what is there still: not yet removed from the oldest Python, or imported by the module for its own use.
STILL_THERE = {
    "cgi",
    "configparser:SafeConfigParser",
    "distutils",
    "distutils.util",
    "distutils.version",
    "imghdr",
    "imp",
    "importlib:find_loader",
    "jinja2.filters:Markup",
    "jinja2.filters:escape",
    "jinja2.runtime:Markup",
    "jinja2.runtime:escape",
    "locale:format",
    "pipes",
    "unittest.loader:findTestCases",
    "unittest.loader:getTestCaseNames",
    "unittest.loader:makeSuite",
    "unittest:findTestCases",
    "unittest:getTestCaseNames",
    "unittest:makeSuite",
    "werkzeug.datastructures:ImmutableOrderedMultiDict",
    "werkzeug.datastructures:OrderedMultiDict",
    "werkzeug.utils:escape",
    "xml.etree.cElementTree",
}

ASK = """
import importlib, json, sys, warnings
import flask
warnings.simplefilter("ignore")
answers = {}
for row in json.load(sys.stdin):
    module, _, name = row.partition(":")
    try:
        found = importlib.import_module(module)
        answers[row] = repr(getattr(found, name) if name else found)
    except (ImportError, AttributeError) as exc:
        answers[row] = None
print(json.dumps(answers))
"""

ROWS = [f"{module}:{name}" for module, rows in names.NAMES.items() for name in rows] + [*names.MODULES, *names.PACKAGES]


def run(program: str, *arguments: str, given: str = "", **environment: str) -> str:
    """What a program prints."""
    process = subprocess.run(
        [sys.executable, *arguments, *(["-c", textwrap.dedent(program)] if program else [])],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        input=given,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.fixture(scope="module")
def with_legacy() -> dict[str, str | None]:
    return t.cast("dict[str, str | None]", json.loads(run(ASK, given=json.dumps(ROWS), FLASK_LEGACY="1")))


@pytest.fixture(scope="module")
def without() -> dict[str, str | None]:
    return t.cast("dict[str, str | None]", json.loads(run(ASK, given=json.dumps(ROWS), FLASK_LEGACY="0")))


@pytest.mark.parametrize("row", ROWS)
def test_each_name_is_there_on_request(row, with_legacy):
    assert with_legacy[row] is not None


@pytest.mark.parametrize("row", sorted(set(ROWS) - STILL_THERE))
def test_and_not_there_otherwise(row, without):
    assert without[row] is None


def test_without_it_nothing_of_this_is_imported_or_changed():
    program = """
        import collections, sys, jinja2, werkzeug
        import flask
        print([name for name in sys.modules if name.startswith("flask.legacy.foreign")])
        print([name for name in ("collections", "jinja2", "werkzeug") if "__getattr__" in vars(sys.modules[name])])
    """
    assert run(program).split("\n")[:2] == ["[]", "[]"]


def test_what_is_there_is_left_alone():
    program = """
        import jinja2, markupsafe, werkzeug, collections
        kept = {module: dict(vars(module)) for module in (jinja2, markupsafe, werkzeug, collections)}
        import flask
        for module, before in kept.items():
            now = vars(module)
            print([name for name in before if now[name] is not before[name] and name != "__getattr__"],
                  [name for name in now if name not in before and not hasattr(now[name], "__path__")
                   and type(now[name]).__name__ != "module"])
        from flask.legacy import foreign
        before = vars(werkzeug)["__getattr__"]
        foreign.install()
        print(vars(werkzeug)["__getattr__"] is before)
    """
    *rows, again, _ = run(program, FLASK_LEGACY="1").split("\n")
    assert set(rows) <= {"[] ['__getattr__']", "[] []"}
    assert again == "True"


def test_a_name_that_never_was_is_not_found():
    program = """
        import flask, werkzeug, collections
        for module in (werkzeug, collections):
            try:
                module.never_was
            except AttributeError as exc:
                print(exc)
        try:
            import werkzeug.contrib.never_was
        except ModuleNotFoundError as exc:
            print(exc)
    """
    assert run(program, FLASK_LEGACY="1").split("\n") == [
        "module 'werkzeug' has no attribute 'never_was'",
        "module 'collections' has no attribute 'never_was'",
        "No module named 'werkzeug.contrib.never_was'",
        "",
    ]


def test_the_same_objects_as_today():
    program = """
        import flask
        import collections, collections.abc, markupsafe, werkzeug, werkzeug.utils, jinja2, werkzeug.wrappers
        from werkzeug.contrib.profiler import ProfilerMiddleware
        from werkzeug.middleware.profiler import ProfilerMiddleware as Today
        print(collections.MutableMapping is collections.abc.MutableMapping,
              werkzeug.secure_filename is werkzeug.utils.secure_filename,
              jinja2.Markup is markupsafe.Markup, jinja2.contextfunction is jinja2.pass_context,
              werkzeug.wrappers.BaseResponse is werkzeug.wrappers.Response, ProfilerMiddleware is Today)
    """
    assert run(program, FLASK_LEGACY="1") == "True True True True True True\n"


def test_releases_of_libraries():
    program = """
        import flask, blinker, werkzeug, importlib.metadata as metadata
        print([one.__version__ == metadata.version(one.__name__) for one in (blinker, werkzeug)])
    """
    assert run(program, FLASK_LEGACY="1") == "[True, True]\n"


def test_attributes_of_classes():
    program = """
        import flask
        print([(getattr(one, "charset", None), getattr(one, "encoding_errors", None))
               for one in (flask.Request, flask.Response)])
    """
    assert run(program, FLASK_LEGACY="1") == "[('utf-8', 'replace'), ('utf-8', None)]\n"
    assert run(program, FLASK_LEGACY="0") == "[(None, None), (None, None)]\n"


def test_methods_of_classes():
    program = """
        import flask, configparser, io, threading, unittest
        from html.parser import HTMLParser
        from werkzeug.exceptions import BadRequest, HTTPException
        parser = configparser.SafeConfigParser()
        parser.readfp(io.StringIO("[a]\\nb=1"))
        class Case(unittest.TestCase):
            def test_it(self):
                self.assertEquals(1, 1)
                self.assertItemsEqual([1, 2], [2, 1])
                self.assertRegexpMatches("a", "a")
        result = unittest.makeSuite(Case).run(unittest.TestResult())
        wrapped = BadRequest.wrap(KeyError)
        try:
            raise wrapped("key")
        except KeyError as exc:
            print(type(exc).__name__, exc.code, exc.args, isinstance(exc, HTTPException))
        print(parser.get("a", "b"), result.wasSuccessful(), threading.current_thread().isAlive(),
              HTMLParser().unescape("&lt;"))
    """
    assert run(program, FLASK_LEGACY="1") == "BadRequestKeyError 400 ('key',) True\n1 True True <\n"


def test_a_module_is_given_its_old_names_when_it_is_imported():
    program = """
        import sys
        import flask
        print([name for name in ("asyncio", "jinja2", "unittest", "werkzeug.debug") if name in sys.modules])
        import importlib, werkzeug.debug
        print(werkzeug.debug.get_current_traceback.__name__, type(werkzeug.debug.__spec__.loader).__name__,
              werkzeug.debug.__loader__ is werkzeug.debug.__spec__.loader)
        importlib.reload(werkzeug.debug)
        print(werkzeug.debug.get_current_traceback.__name__, werkzeug.debug.__getattr__.args[1])
    """
    assert run(program, FLASK_LEGACY="1") == (
        "[]\nget_current_traceback SourceFileLoader True\nget_current_traceback None\n"
    )


def test_a_module_that_is_given_old_names_can_be_run():
    assert "usage" in run("", "-m", "flask.legacy", "-m", "unittest", "--help", FLASK_LEGACY="1")


PROGRAM = """
import sys
from werkzeug import secure_filename
from collections import MutableMapping
print(__name__, sys.argv[1:], secure_filename("a/b"))
import flask
"""


def test_a_program_run_with_it_has_it_from_its_first_line(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM + "import beside\n")
    (tmp_path / "beside.py").write_text("print('beside')\n")
    said = "__main__ ['-x', '1'] a_b\nbeside\n"
    assert run("", "-m", "flask.legacy", str(tmp_path / "program.py"), "-x", "1") == said


def test_a_module_run_with_it(tmp_path):
    (tmp_path / "the_program.py").write_text(PROGRAM)
    sys_path = os.pathsep.join([*sys.path, str(tmp_path)])
    said = run("", "-m", "flask.legacy", "-m", "the_program", "x", PYTHONPATH=sys_path)
    assert said == "__main__ ['x'] a_b\n"


def test_flask_run_has_it_before_the_application_is_imported(tmp_path):
    (tmp_path / "app.py").write_text(
        "from werkzeug import secure_filename\nfrom flask import Flask\napp = Flask(__name__)\n"
        "@app.route('/<name>')\ndef index(name): return secure_filename(name)\n"
    )
    said = run("", "-m", "flask", "--app", str(tmp_path / "app.py"), "routes", FLASK_LEGACY="1")
    assert "/<name>" in said


def test_no_program_is_told_how_to_name_one():
    process = subprocess.run(
        [sys.executable, "-m", "flask.legacy"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True,
    )
    assert process.returncode != 0
    assert "program.py" in process.stderr


# What stands behind the names. The expected values are those of Werkzeug 2.0 and itsdangerous 2.0.

AWKWARD = "\xe4 /:$!'()*+,;=@&?#[]%~"


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (urls.url_quote(AWKWARD), "%C3%A4%20/:%24%21%27%28%29%2A%2B%2C%3B%3D%40%26%3F%23%5B%5D%25~"),
        (urls.url_quote_plus(AWKWARD), "%C3%A4+%2F%3A%24%21%27%28%29%2A%2B%2C%3B%3D%40%26%3F%23%5B%5D%25~"),
        (urls.url_quote(b"\xff/a"), "%FF/a"),
        (urls.url_quote(5), "5"),
        (urls.url_quote("\xe4", "latin-1"), "%E4"),
        (urls.url_quote("a:b/c", safe="", unsafe="b"), "a%3A%62%2Fc"),
        (urls.url_unquote("%C3%A4+%2f%ff"), "\xe4+/\ufffd"),
        (urls.url_unquote("%C3%A4+%2f", unsafe="/"), "\xe4+%2f"),
        (urls.url_unquote("%C3%A4", charset=None), b"\xc3\xa4"),
        (urls.url_unquote_plus("a+%2B"), "a +"),
        (urls.url_encode({"b": 1, "a": ["x", "y"], "n": None, "\xe4": "\xf6 &"}), "b=1&a=x&a=y&%C3%A4=%C3%B6+%26"),
        (urls.url_encode([("b", 1), ("a", 2)], sort=True), "a=2&b=1"),
        (urls.url_encode({"b": 1, "c": 2}, separator=";"), "b=1;c=2"),
        (list(urls.url_decode("a=1&a=2&b&=3&c=").items(multi=True)),
         [("a", "1"), ("a", "2"), ("b", ""), ("", "3"), ("c", "")]),
        (urls.url_decode("a=1;b=2", separator=";", cls=dict), {"a": "1", "b": "2"}),
        (urls.url_decode(b"a=%C3%A4&b", include_empty=False).to_dict(), {"a": "\xe4"}),
        (list(urls.url_decode_stream(io.BytesIO(b"a=1&b=2"), limit=3, return_iterator=True)), [("a", "1")]),
        (urls.url_join("http://h/a/b", "c?d"), "http://h/a/c?d"),
        (urls.url_unparse(("http", "h", "p", "q", "f")), "http://h/p?q#f"),
        (urls.url_fix("http://de.wikipedia.org/wiki/Elf (Begriffskl\xe4rung)"),
         "http://de.wikipedia.org/wiki/Elf%20(Begriffskl%C3%A4rung)"),
        (urls.Href("/foo")("bar", 23, x=1), "/foo/bar/23?x=1"),
        (urls.Href("/foo").blah("x"), "/foo/blah/x"),
        (urls.Href("/foo")(a=1, b_=2), "/foo?a=1&b=2"),
        (texts.escape(None), ""),
        (texts.escape("<&"), "&lt;&amp;"),
        ("<p>" + texts.escape("'\""), "<p>&#x27;&quot;"),
        (texts.escape(Markup("<b>")), "<b>"),
        (type(texts.escape("<")), str),
        (tuple(urls.url_parse("localhost:5000")), ("", "", "localhost:5000", "", "")),
        (urls.url_join("http://h/a/b", "localhost:5000"), "http://h/a/localhost:5000"),
        (urls.url_parse("http://us%40er:p%3Aw@xn--exmple-cua.com:x/").decode_netloc(), "us%40er:p%3Aw@ex\xe4mple.com"),
        (urls.url_parse("http://us\xe4r:pw@ex\xe4mple.com:80/").encode_netloc(), "us%C3%A4r:pw@xn--exmple-cua.com:80"),
        (urls.url_parse("http://h:abc/").to_uri_tuple().netloc, "h"),
        (urls.url_unquote("\xe4%E4", "latin-1"), "\xc3\xa4\xe4"),
        (tuple(urls.url_parse("//h\xe4/".encode())), (b"", "h\xe4".encode(), b"/", b"", b"")),
        (texts.cgi_escape("<'\">"), "&lt;'\"&gt;"),
        (texts.unescape("&lt;&auml;&#39;"), "<\xe4'"),
        (texts.format_string("$a ${b}", {"a": 1, "b": 2}), "1 2"),
        (texts.html.p("a", texts.html.b("<"), class_="x"), '<p class="x">a<b><</b></p>'),
        (texts.html.input(checked=True, x=None), "<input checked>"),
        (texts.xhtml.br(), "<br />"),
        (headers.cookie_date(0), "Thu, 01-Jan-1970 00:00:00 GMT"),
        (headers.wsgi_to_bytes(headers.bytes_to_wsgi(b"\xff")), b"\xff"),
        (security.safe_str_cmp("\xe4", "\xe4".encode()), True),
        (security.safe_str_cmp("a", "ab"), False),
        (security.pbkdf2_hex("p", "s", 1000, 20, "sha1"), "ac8b95db3ed020176aff40c14003963f6dc9d4ae"),
        (security.pbkdf2_bin(b"p", b"s", 10, hashfunc=hashlib.sha1).hex(), "bc9be2c2dbfc9a160d9bd1ca9683e4b1687caa62"),
        (list(rules.parse_rule('/a/<b>/<int(fixed_digits=2):c>x<any(a, "b"):d>')),
         [(None, None, "/a/"), ("default", None, "b"), (None, None, "/"), ("int", "fixed_digits=2", "c"),
          (None, None, "x"), ("any", 'a, "b"', "d")]),
        (environs.extract_path_info("http://example.com/app", "/app/hello"), "/hello"),
        (environs.extract_path_info("http://example.com/app", "https://example.com/app/hello"), "/hello"),
        (environs.extract_path_info("http://a/app", "https://a/app/b", collapse_http_schemes=False), None),
        (environs.extract_path_info("http://example.com/app/", "http://example.com/other"), None),
        (environs.peek_path_info({"PATH_INFO": "//a/b"}), "a"),
        (environs.get_query_string({"QUERY_STRING": "a=\xc3\xa4 b"}), "a=%C3%A4%20b"),
        (list(environs.make_line_iter([b"a\nb", b"c\r", b"\nd\re"])), [b"a\n", b"bc\r\n", b"d\r", b"e"]),
        (list(environs.make_line_iter(["a\nb", "c"])), ["a\n", "bc"]),
        (list(environs.make_line_iter(io.BytesIO(b"abcdef\ng"), buffer_size=4, cap_at_buffer=True)),
         [b"abcd", b"ef\n", b"g"]),
        (list(environs.make_chunk_iter(io.BytesIO(b""), b"|")), []),
        (list(environs.make_line_iter(io.BytesIO(b"ab\ncd\n"), limit=4)), [b"ab\n", b"c"]),
        (list(environs.make_chunk_iter([b"a|b", b"c|"], b"|")), [b"a", b"bc", b""]),
        (arguments.getargspec(lambda a, b=2, *c, **d: 0), (["a", "b"], "c", "d", (2,))),
        (arguments.formatargspec(["a", "b"], "c", "d", (2,)), "(a, b=2, *c, **d)"),
        (arguments.validate_arguments(lambda a, b=2: 0, (1, 2, 3), {"x": 3}), ((1, 2), {})),
        (arguments.validate_arguments(lambda a, **b: 0, (1,), {"a": 5, "x": 7}), ((1,), {"x": 7})),
        (arguments.bind_arguments(lambda a, b=2, *c: 0, (1,), {}), {"a": 1, "b": 2, "c": ()}),
        (arguments.bind_arguments(lambda a, **b: 0, (), {"x": 7}), {"b": {"x": 7}}),
        (old_cgi.parse_header('form-data; name="a"; x=1'), ("form-data", {"name": "a", "x": "1"})),
        (two_pythons.to_bytes("\xe4"), b"\xc3\xa4"),
        (two_pythons.wsgi_decoding_dance(two_pythons.wsgi_encoding_dance("\xe4")), "\xe4"),
        (user_agents.UserAgent({"HTTP_USER_AGENT": "x/1"}).string, "x/1"),
    ],
)
def test_what_they_give(got, expected):
    assert got == expected


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("host", "EX\xe4mple.com"), ("ascii_host", "xn--exmple-cua.com"), ("port", 80), ("auth", "us%40er:pw"),
        ("username", "us@er"), ("raw_username", "us%40er"), ("password", "pw"), ("scheme", "http"), ("path", "/"),
    ],
)
def test_parts_of_a_url(attribute, expected):
    url = urls.url_parse("http://us%40er:pw@EX\xe4mple.com:80/?a=1")
    assert getattr(url, attribute) == expected


def test_a_url_is_a_tuple_that_can_be_changed_and_joined():
    url = urls.url_parse("http://h:x80/?a=1")
    assert (tuple(url), url.port) == (("http", "h:x80", "/", "a=1", ""), None)
    assert url.replace(path="/x").to_url() == "http://h:x80/x?a=1"
    assert url.join("b").to_url() == "http://h:x80/b"
    assert url.decode_query()["a"] == "1"
    assert urls.url_parse("//host/p", scheme="https").scheme == "https"
    assert urls.url_parse("http://[::1]:80/").host == "::1"
    assert urls.url_parse("http://h/\xe4").to_uri_tuple().path == "/%C3%A4"
    assert urls.url_parse(b"http://a/b").netloc == b"a"
    assert isinstance(url, urls.BaseURL)


@pytest.mark.parametrize(
    ("before", "segment", "after"),
    [("/a/b", "a", ("/s/a", "/b")), ("//a/b", "a", ("/s//a", "/b")), ("/", "", ("/s/", "")), ("", None, ("/s", ""))],
)
def test_popping_from_the_path(before, segment, after):
    environ = {"SCRIPT_NAME": "/s", "PATH_INFO": before}
    assert environs.pop_path_info(environ) == segment
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == after


@pytest.mark.parametrize("rule", ["/a/<b", "/<b>/<b>", "/a>b"])
def test_a_rule_that_is_none(rule):
    with pytest.raises(ValueError):
        list(rules.parse_rule(rule))


def test_missing_arguments():
    with pytest.raises(arguments.ArgumentValidationError, match="1 missing"):
        arguments.validate_arguments(lambda a, b=2: 0, (), {})
    with pytest.raises(ValueError):
        arguments.getargspec(lambda *, a: 0)


# Passwords. The hashes are made by hand, as the releases of their time made them.

WORD = "p\xe4ss"


def hashed(method: str, salt: str = "") -> str:
    """A hash of the word as Werkzeug 0.8 to 2.2 made it: by HMAC, with the salt as the key; without salt, plainly."""
    word = WORD.encode()
    digest = hmac.new(salt.encode(), word, method) if salt else hashlib.new(method, word)
    return f"{method}${salt}${digest.hexdigest()}"


def stretched(method: str, iterations: int, written: str) -> str:
    """A hash of the word by PBKDF2."""
    return f"pbkdf2:{written}$salt${hashlib.pbkdf2_hmac(method, WORD.encode(), b'salt', iterations).hex()}"


OLD_HASHES = [
    *(hashed(method, salt) for method in ("sha1", "md5", "sha224", "sha256", "sha384", "sha512") for salt in ("s", "")),
    "sha1$" + hashed("sha1", "KagY5efS").partition("$")[2],
    "SHA1$" + hashed("sha1", "s").partition("$")[2],
    f"plain$${WORD}",
    stretched("sha1", 1000, "sha1:1000"),
    stretched("sha256", 50_000, "sha256:50000"),
    stretched("sha256", 1000, "sha256"),
    stretched("sha1", 50_000, "sha1"),
]

# Made by Werkzeug 0.8.3 itself.
BY_0_8 = "sha1$KagY5efS$f368011647c6a827fdc817774f43121180e45a41"


@pytest.mark.parametrize("pwhash", [*OLD_HASHES, BY_0_8])
def test_old_hashes_of_passwords_are_checked(pwhash):
    assert passwords.check_password_hash(pwhash, WORD)
    assert not passwords.check_password_hash(pwhash, "pass")
    assert not passwords.check_password_hash(pwhash, "")
    if not pwhash.startswith("plain"):
        assert not passwords.check_password_hash(pwhash, pwhash.rpartition("$")[2])
        assert not passwords.check_password_hash(pwhash[:-1], WORD)


@pytest.mark.parametrize("pwhash", ["", "sha1", "sha1$a", "$", "pbkdf2:sha1:1", WORD])
def test_what_is_no_hash_of_a_password(pwhash):
    assert not passwords.check_password_hash(pwhash, WORD)


@pytest.mark.parametrize("pwhash", ["nope$a$b", "shake_128$a$b", "pbkdf2:nope:1$a$b", "pbkdf2:sha1:1:1$a$b"])
def test_a_method_that_never_was(pwhash):
    with pytest.raises(ValueError):
        passwords.check_password_hash(pwhash, WORD)


def test_hashes_of_today_are_werkzeugs_own_matter():
    for made in (generate_password_hash(WORD), generate_password_hash(WORD, "pbkdf2:sha256:1000")):
        assert passwords.check_password_hash(made, WORD)
        assert not passwords.check_password_hash(made, "other")
    assert passwords.generate_password_hash(WORD).startswith("scrypt:")
    assert passwords.generate_password_hash(WORD, "pbkdf2:sha256:1000", 8).startswith("pbkdf2:sha256:1000$")


@pytest.mark.parametrize("method", ["sha1", "md5", "sha256", "plain", "SHA1"])
def test_no_password_is_hashed_by_an_old_method(method):
    made = passwords.generate_password_hash(WORD, method, salt_length=8)
    assert made.startswith("pbkdf2:sha256:")
    assert (len(made), made.count(WORD)) == (95, 0)
    assert check_password_hash(made, WORD)


def test_a_program_gets_them():
    program = f"""
        import flask
        from werkzeug.security import check_password_hash, generate_password_hash
        from werkzeug import check_password_hash as of_old
        print(check_password_hash({BY_0_8!r}, {WORD!r}), of_old is check_password_hash)
    """
    assert run(program, FLASK_LEGACY="1") == "True True\n"


# Who asks


DIGEST = 'username="u", realm="r", nonce="n", uri="/", response="x"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Basic dTpw", {"username": "u", "password": "p"}),
        ("basic dTpwOnE=", {"username": "u", "password": "p:q"}),
        (b"Basic dTpw", {"username": "u", "password": "p"}),
        (f"Digest {DIGEST}", {"username": "u", "realm": "r", "nonce": "n", "uri": "/", "response": "x"}),
        (f"Digest {DIGEST}, qop=auth, nc=1, cnonce=c",
         {"username": "u", "realm": "r", "nonce": "n", "uri": "/", "response": "x", "qop": "auth", "nc": "1",
          "cnonce": "c"}),
        (f"Digest {DIGEST}, qop=auth", None), ('Digest username="u"', None), ("Basic !!", None), ("Bearer abc", None),
        ("Token x", None), ("Negotiate YII", None), ("", None), (None, None),
    ],
)
def test_the_header_of_who_asks(header, expected):
    said = headers.parse_authorization_header(header)
    assert said == expected
    if said is not None:
        assert isinstance(said, dict)
        assert said.username == said["username"] == said.get("username") == "u"
        assert said.type in {"basic", "digest"}
        assert (said.opaque, said.get("opaque", 5), said.token) == (None, 5, None)
        with pytest.raises(KeyError):
            said["opaque"]
        with pytest.raises(TypeError):
            said["username"] = "other"


def test_asking_who_asks():
    program = """
        import flask
        response = flask.Response()
        response.www_authenticate.set_basic("r s")
        print(response.headers["WWW-Authenticate"])
        response.www_authenticate.set_digest("r s", "n", stale=True)
        print(response.headers["WWW-Authenticate"])
    """
    assert run(program, FLASK_LEGACY="1") == (
        'Basic realm="r s"\nDigest realm="r s", nonce="n", qop="auth", stale=TRUE\n'
    )


def test_text_escaped_by_werkzeug_is_plain():
    program = """
        import flask
        from werkzeug.utils import escape, redirect
        print("<p>" + escape("<") + escape(None), redirect("/<").get_data(as_text=True).count("&lt;"))
    """
    assert run(program, FLASK_LEGACY="1") == "<p>&lt; 2\n"


def test_who_asks_in_an_old_era():
    program = """
        from flask import Flask, request
        for header in ("Basic dTpw", "Bearer abc"):
            with Flask("probe").test_request_context(headers={"Authorization": header}):
                said = request.authorization
                print(isinstance(said, dict), said and said["username"])
    """
    assert run(program, FLASK_ERA="2.2") == "True u\nFalse None\n"


# Tokens. This one was made by itsdangerous 1.1: TimedJSONWebSignatureSerializer("secret", 2_000_000_000).

ISSUED_BY_1_1 = (
    "eyJhbGciOiJIUzUxMiIsImlhdCI6MTc5NTQwMTY3MiwiZXhwIjozNzk1NDAxNjcyfQ."
    "eyJpZCI6NX0."
    "jyxP493chZLu-A7P7Rd_DK4iX1SI703ESqfRo2IOdWkW40fHNQEuYjFJ9v3zDXERGuTwe67Dr6Hxs8k_fbpwvg"
)
UNSIGNED = "eyJhbGciOiJIUzUxMiJ9.eyJhIjoxfQ"


def test_a_token_of_an_old_release_is_read():
    serializer = tokens.TimedJSONWebSignatureSerializer("secret")
    assert serializer.loads(ISSUED_BY_1_1) == {"id": 5}
    assert serializer.loads(ISSUED_BY_1_1.encode(), return_header=True)[1]["alg"] == "HS512"


def test_a_token_of_an_old_release_is_made_the_same():
    made = tokens.JSONWebSignatureSerializer("secret").dumps({"a": 1})
    signature = "BF_tUPvklg9KFYZK9lo-0_HXBevC990FcmaXXELkB3yqoT6SUSJ_y022W5p1CKLuwaqDA4D7x9DlZkGE9EQfbA"
    assert made == f"{UNSIGNED}.{signature}".encode()
    salted = tokens.JSONWebSignatureSerializer("secret", salt="s").dumps({"a": 1})
    signature = "laxEui7fAI5dBxDiTAVPQXB3eZsiCMj2g1MGC1Bj746Zc1N7pGTfAYgfaeYzn5WJE9FndU9Mf5io44CJmHNjmg"
    assert salted == f"{UNSIGNED}.{signature}".encode()


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_token_goes_round(algorithm):
    serializer = tokens.TimedJSONWebSignatureSerializer("key", 60, salt="s", algorithm_name=algorithm)
    token = serializer.dumps({"id": "\xe4"}, header_fields={"kid": 1})
    loaded, header = serializer.loads(token, return_header=True)
    assert (loaded, header["kid"], header["exp"] - header["iat"]) == ({"id": "\xe4"}, 1, 60)
    issued = serializer.get_issue_date(header)
    assert issued is not None
    assert abs(issued.timestamp() - time.time()) < 60


def test_tokens_that_are_refused():
    serializer = tokens.TimedJSONWebSignatureSerializer("key", -1)
    with pytest.raises(SignatureExpired) as caught:
        serializer.loads(serializer.dumps(1))
    assert caught.value.date_signed is not None
    with pytest.raises(BadSignature):
        tokens.TimedJSONWebSignatureSerializer("other").loads(serializer.dumps(1))
    plain = tokens.JSONWebSignatureSerializer("key")
    with pytest.raises(BadSignature, match="Missing expiry"):
        serializer.loads(plain.dumps(1))
    with pytest.raises(BadHeader):
        serializer.loads(plain.dumps(1, header_fields={"exp": "soon"}))
    for garbage in ("", ".", "..", "a.b.c", "\xe4"):
        with pytest.raises(BadSignature):
            serializer.loads(garbage)
    assert plain.loads_unsafe(tokens.JSONWebSignatureSerializer("other").dumps(1)) == (False, 1)


def test_a_token_that_is_not_signed_is_refused():
    header, payload = (base64.urlsafe_b64encode(part).rstrip(b"=") for part in (b'{"alg":"none"}', b"1"))
    with pytest.raises(BadSignature):
        tokens.JSONWebSignatureSerializer("key").loads(header + b"." + payload + b".")
    with pytest.raises(NotImplementedError):
        tokens.JSONWebSignatureSerializer("key", algorithm_name="none")
    signed_so = tokens.JSONWebSignatureSerializer("key").make_signer().sign(header + b"." + payload)
    with pytest.raises(BadHeader, match="mismatch"):
        tokens.JSONWebSignatureSerializer("key").loads(signed_so)


# Middleware, cookies, feeds


def seen(middleware: t.Any, **environ: str) -> dict[str, t.Any]:
    """The environment that the application gets behind a middleware."""
    result = {"REMOTE_ADDR": "proxy", "HTTP_HOST": "inside", "wsgi.url_scheme": "http", **environ}
    list(middleware(result, lambda *_: None))
    return result


def application(environ: t.Any, start_response: t.Any) -> list[bytes]:
    start_response("200 OK", [("Server", "x"), ("Content-Type", "text/plain")])
    return []


def test_proxies_by_their_number():
    forwarded = {
        "HTTP_X_FORWARDED_FOR": "evil, client", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "h",
    }
    behind = seen(fixers.ProxyFix(application, 1), **forwarded)
    assert (behind["REMOTE_ADDR"], behind["wsgi.url_scheme"], behind["HTTP_HOST"]) == ("client", "https", "h")
    assert seen(fixers.ProxyFix(application, num_proxies=2), **forwarded)["REMOTE_ADDR"] == "evil"
    assert seen(fixers.ProxyFix(application, x_for=1, x_proto=0), **forwarded)["wsgi.url_scheme"] == "http"


def test_rewritten_headers():
    got: list[t.Any] = []
    fixed = fixers.HeaderRewriterFix(application, remove_headers=["server"], add_headers=[("X-A", "1")])
    list(fixed({}, lambda status, headers, exc_info=None: got.extend(headers)))
    assert got == [("Content-Type", "text/plain"), ("X-A", "1")]


def test_paths_that_servers_get_wrong():
    unquoted = seen(fixers.PathInfoFromRequestUriFix(application), REQUEST_URI="/a%20b?c", PATH_INFO="")
    assert unquoted["PATH_INFO"] == "/a b"
    mounted = seen(fixers.LighttpdCGIRootFix(application, "/app"), SCRIPT_NAME="/a", PATH_INFO="/b")
    assert (mounted["SCRIPT_NAME"], mounted["PATH_INFO"]) == ("app", "/a/b")
    newer = {"SCRIPT_NAME": "/a", "PATH_INFO": "/b", "SERVER_SOFTWARE": "lighttpd/1.4.28"}
    assert seen(fixers.LighttpdCGIRootFix(application, "/app"), **newer)["PATH_INFO"] == "/b"


def test_a_signed_cookie_goes_round():
    cookie = signed_cookies.SecureCookie({"a": [1]}, "key")
    assert cookie.new
    assert not cookie.should_save
    cookie["b"] = 2
    assert cookie.should_save
    value = cookie.serialize(time.time() + 60)
    assert dict(signed_cookies.SecureCookie.unserialize(value, "key")) == {"a": [1], "b": 2}
    assert dict(signed_cookies.SecureCookie.unserialize(value, "other")) == {}
    assert dict(signed_cookies.SecureCookie.unserialize(cookie.serialize(time.time() - 60), "key")) == {}
    with pytest.raises(RuntimeError):
        signed_cookies.SecureCookie().serialize()


def test_a_signed_cookie_in_requests_and_responses():
    from werkzeug.test import create_environ
    from werkzeug.wrappers import Request, Response

    response = Response()
    cookie = signed_cookies.SecureCookie.load_cookie(Request(create_environ()), secret_key="key")
    cookie.save_cookie(response)
    assert "Set-Cookie" not in response.headers
    cookie["a"] = 1
    cookie.save_cookie(response)
    sent = response.headers["Set-Cookie"].partition(";")[0]
    again = signed_cookies.SecureCookie.load_cookie(Request(create_environ(headers={"Cookie": sent})), secret_key="key")
    assert (dict(again), again.new) == ({"a": 1}, False)


def test_a_feed():
    from datetime import datetime
    from xml.etree import ElementTree

    feed = feeds.AtomFeed("News & <more>", feed_url="http://h/feed", url="http://h/", subtitle="all")
    feed.add("First", "<p>it</p>", content_type="html", author="Ann", url="http://h/1",
             updated=datetime(2011, 5, 1, 12))
    response = feed.get_response()
    assert response.mimetype == "application/atom+xml"
    tree = ElementTree.fromstring(response.get_data())
    atom = "{http://www.w3.org/2005/Atom}"
    assert tree.findtext(f"{atom}title") == "News & <more>"
    assert tree.findtext(f"{atom}updated") == "2011-05-01T12:00:00Z"
    entry = tree.find(f"{atom}entry")
    assert entry is not None
    assert entry.findtext(f"{atom}content") == "<p>it</p>"
    assert entry.findtext(f"{atom}author/{atom}name") == "Ann"
    with pytest.raises(ValueError, match="updated"):
        feed.add("Second", url="http://h/2")


def test_modules_loaded_by_hand(tmp_path, monkeypatch):
    (tmp_path / "loaded_by_hand.py").write_text("value = 5\n")
    monkeypatch.setitem(sys.modules, "loaded_by_hand", None)
    assert imp.load_source("loaded_by_hand", str(tmp_path / "loaded_by_hand.py")).value == 5
    file, name, details = imp.find_module("loaded_by_hand", [str(tmp_path)])
    with file:
        assert imp.load_module("loaded_by_hand", file, name, details).value == 5
    with pytest.raises(ImportError):
        imp.find_module("never_was", [str(tmp_path)])
    assert imp.new_module("made").__name__ == "made"


def test_modules_of_other_kinds(tmp_path):
    assert imp.find_module("sys")[2][2] == imp.C_BUILTIN
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("value = 6\n")
    file, name, details = imp.find_module("pack", [str(tmp_path)])
    assert (file, details) == (None, ("", "", imp.PKG_DIRECTORY))
    package = imp.load_module("pack_by_hand", file, name, details)
    try:
        assert (package.value, package.__path__) == (6, [str(tmp_path / "pack")])
        package.kept = True
        assert imp.load_module("pack_by_hand", file, name, details) is package
        assert package.kept
    finally:
        del sys.modules["pack_by_hand"]
    (tmp_path / "fails.py").write_text("1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        imp.load_source("fails_by_hand", str(tmp_path / "fails.py"))
    assert "fails_by_hand" not in sys.modules
    assert imp.find_loader("json").name == "json"
    assert imp.find_loader("never_was") is None


# Errors, sessions, versions, pictures


def test_the_error_that_is_handled():
    with pytest.raises(RuntimeError, match="no error"):
        tracebacks.get_current_traceback()
    try:
        {}["key"]
    except KeyError:
        found = tracebacks.get_current_traceback(skip=0, show_hidden_frames=True)
    written = io.StringIO()
    found.log(written)
    assert (found.exception_type, found.exception, found.is_syntax_error) == ("KeyError", "KeyError: 'key'", False)
    assert written.getvalue() == found.plaintext.rstrip() + "\n"
    assert found.plaintext.startswith("Traceback (most recent call last)")
    assert found.frames[-1].name == "test_the_error_that_is_handled"
    assert "KeyError" in found.render_summary()
    assert "KeyError" in found.render_full()


def test_an_exit_is_no_error():
    try:
        sys.exit()
    except SystemExit:
        with pytest.raises(SystemExit):
            tracebacks.get_current_traceback(ignore_system_exceptions=True)


def test_sessions_in_files(tmp_path):
    store = sessions.FilesystemSessionStore(str(tmp_path))
    session = store.new()
    assert (session.new, session.should_save, store.is_valid_key(session.sid)) == (True, False, True)
    store.save_if_modified(session)
    assert store.list() == []
    session["a"] = [1]
    store.save_if_modified(session)
    assert store.list() == [session.sid]
    again = store.get(session.sid)
    assert (dict(again), again.sid, again.new, again.should_save) == ({"a": [1]}, session.sid, False, False)
    (tmp_path / f"werkzeug_{session.sid}.sess").write_bytes(b"\x80\x04}.")
    assert dict(store.get(session.sid)) == {}
    store.delete(again)
    store.delete(again)
    assert store.list() == []
    assert (store.get(session.sid).sid, store.get(session.sid).new) == (session.sid, False)
    renewing = sessions.FilesystemSessionStore(str(tmp_path), renew_missing=True)
    assert renewing.get(session.sid).sid != session.sid


@pytest.mark.parametrize("sid", ["", "../../etc/passwd", "a" * 39, "A" * 40, "a" * 40 + "\n", "g" * 40])
def test_a_key_that_is_none_of_ours_gets_a_new_session(sid, tmp_path):
    session = sessions.FilesystemSessionStore(str(tmp_path)).get(sid)
    assert session.new
    assert session.sid != sid


def test_sessions_by_middleware(tmp_path):
    from werkzeug.test import Client

    def count(environ: t.Any, start_response: t.Any) -> list[bytes]:
        session = environ["werkzeug.session"]
        session["n"] = session.get("n", 0) + 1
        start_response("200 OK", [])
        return [str(session["n"]).encode()]

    client = Client(sessions.SessionMiddleware(count, sessions.FilesystemSessionStore(str(tmp_path))))
    assert [client.get("/").text for _ in range(3)] == ["1", "2", "3"]


def test_requests_of_limited_length():
    def read(environ: t.Any, start_response: t.Any) -> list[bytes]:
        return [environ["wsgi.input"].read()]

    environ = {"CONTENT_LENGTH": "5", "wsgi.input": io.BytesIO(b"12345")}
    limited = limits.StreamLimitMiddleware(read, 5)
    assert limited(environ, None) == [b"12345"]


def test_versions():
    loose, strict = versions.LooseVersion, versions.StrictVersion
    assert loose("0.10") > "0.9.1"
    assert loose("1.0") < loose("1.0.1")
    assert loose("1.5.2b2").version == [1, 5, 2, "b", 2]
    assert (str(loose("1.0-x")), repr(loose("1.0"))) == ("1.0-x", "LooseVersion ('1.0')")
    assert strict("1.0") == strict("1.0.0")
    assert strict("1.0a1") < strict("1.0a2") < strict("1.0b1") < strict("1.0") < "1.0.1"
    assert [str(strict(one)) for one in ("1.2.0", "1.2.3b4")] == ["1.2", "1.2.3b4"]
    with pytest.raises(ValueError):
        strict("1.x")


def test_words_for_true_and_false():
    assert [truths.strtobool(word) for word in ("Yes", "on", "1", "no", "FALSE", "0")] == [1, 1, 1, 0, 0, 0]
    with pytest.raises(ValueError):
        truths.strtobool("perhaps")


@pytest.mark.parametrize(
    ("beginning", "name"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF89a", "gif"),
        (b"II*\x00", "tiff"), (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"), (b"BM6", "bmp"), (b"P6\n1 1", "ppm"),
        (b"P4 1 1", "pbm"), (b"", None), (b"<svg>", None), (b"P7\n", None),
    ],
)
def test_formats_of_pictures(beginning, name, tmp_path):
    (tmp_path / "picture").write_bytes(beginning)
    with open(tmp_path / "picture", "rb") as file:
        assert (pictures.what(file), file.tell()) == (name, 0)
    assert pictures.what(str(tmp_path / "picture")) == name
    assert pictures.what(None, beginning) == name


def test_mixins_that_change_a_request():
    from werkzeug.test import create_environ
    from werkzeug.wrappers import Request

    class Reversed(mixins.ReverseSlashBehaviorRequestMixin, mixins.RoutingArgsRequestMixin, Request):
        pass

    request = Reversed(create_environ("/foo/bar", "http://localhost/application"))
    assert (request.path, request.script_root) == ("foo/bar", "/application/")
    request.routing_vars["a"] = 1
    assert (request.routing_args, request.environ["wsgiorg.routing_args"]) == ((), ((), {"a": 1}))
    assert mixins.is_known_charset("utf-8")
    assert not mixins.is_known_charset("never-was")


@pytest.mark.parametrize("off", ["", "0", "false", "No"])
def test_what_says_no_does_not_ask_for_it(off):
    assert run("import flask, collections; print(hasattr(collections, 'Mapping'))", FLASK_LEGACY=off) == "False\n"
