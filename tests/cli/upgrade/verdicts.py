"""Uses every name of the table of `flask upgrade-check`, as a program would, and writes what came of it as JSON.

It runs in a process of its own for each kind of process: as it is, with FLASK_LEGACY=1, in an era.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import warnings
from typing import Any

PRELUDE = """
import io, json, flask
from unittest import TestCase
from flask import Flask, Response
app = Flask("probe")
client = app.test_client()
context = app.test_request_context(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:99.0) Firefox/99.0"})
"""

#: A class -> an object of it, by which its members are used.
OBJECTS = {
    "builtins.dict": "{}",
    "click.Group": "__import__('click').Group()",
    "flask.Blueprint": "flask.Blueprint('probe', 'probe')",
    "flask.Config": "app.config",
    "flask.Flask": "app",
    "flask.Request": "context.request",
    "flask.ctx.RequestContext": "context",
    "html.parser.HTMLParser": "__import__('html.parser').parser.HTMLParser()",
    "threading.Thread": "__import__('threading').Thread()",
    "unittest.TestCase": "TestCase()",
    "werkzeug.datastructures.Headers": "context.request.headers",
    "werkzeug.datastructures.MultiDict": "context.request.args",
    "werkzeug.exceptions.HTTPException": "__import__('werkzeug').exceptions.BadRequest",
    "werkzeug.local.Local": "__import__('werkzeug').local.Local()",
    "werkzeug.local.LocalManager": "__import__('werkzeug').local.LocalManager()",
    "werkzeug.local.LocalStack": "__import__('werkzeug').local.LocalStack()",
    "werkzeug.routing.Map": "app.url_map",
    "werkzeug.test.Client": "client",
    "werkzeug.user_agent.UserAgent": "context.request.user_agent",
    "werkzeug.wrappers.Request": "context.request",
    "werkzeug.wrappers.Response": "Response()",
}

_LATIN = "with context: assert flask.json.{}, encoding='latin-1') == 'ä'"
_SEND_FILE = "with context: flask.send_file(__file__, {})"
_SEND_FROM = "with context: flask.send_from_directory('.', {}).close()"

#: What having the name does not tell: a program that uses it, and sees that it does what it did.
PROGRAMS = {
    "builtins.file": "file",
    "click.argument(autocompletion)": "import click; click.argument('a', autocompletion=list)(lambda: 0)",
    "click.option(autocompletion)": "import click; click.option('--a', autocompletion=list)(lambda: 0)",
    "click.testing.CliRunner(mix_stderr)": "from click.testing import CliRunner; CliRunner(mix_stderr=False)",
    "charset_of_class": ("class Latin(Response): charset = 'latin-1'\nassert Latin('ä').get_data() == b'\\xe4'"),
    "deleted_cookie_of_server": "client.delete_cookie('localhost', 'key')",
    "cookie_of_server": "client.set_cookie('localhost', 'key', 'value')",
    "flask.Blueprint.register(first_registration)": (
        "flask.Blueprint('probe', 'probe').register(app, {}, first_registration=True)"
    ),
    "flask.Config[LOGGER_HANDLER_POLICY]": (
        "app.config['LOGGER_HANDLER_POLICY'] = 'never'; app.debug = True; log = io.StringIO()\n"
        "[setattr(one, 'stream', log) for one in app.logger.handlers]\n"
        "app.logger.error('probe'); assert app.logger.handlers and not log.getvalue()"
    ),
    "flask.Config[LOGGER_NAME]": "app.config['LOGGER_NAME'] = 'other'; assert app.logger.name == 'other'",
    "flask.Flask(static_path)": "assert Flask('probe', static_path='/files').static_url_path == '/files'",
    "flask.Flask.debug_log_format": (
        "app.debug_log_format = 'seen %(message)s'; app.debug = True\n"
        "assert any(one.formatter and 'seen' in one.formatter._fmt for one in app.logger.handlers)"
    ),
    "flask.Flask.logger_name": "app.logger_name = 'other'; assert app.logger.name == 'other'",
    "flask.Flask.test_cli_runner(mix_stderr)": "app.test_cli_runner(mix_stderr=False)",
    "flask.Request.environ[werkzeug.server.shutdown]": (
        "import threading, urllib.request; from werkzeug.serving import make_server; seen = []\n"
        "app.route('/')(lambda: str('werkzeug.server.shutdown' in flask.request.environ))\n"
        "server = make_server('127.0.0.1', 0, app)\n"
        "threading.Thread(target=server.handle_request, daemon=True).start()\n"
        "assert urllib.request.urlopen(f'http://127.0.0.1:{server.port}/').read() == b'True'"
    ),
    "flask.ctx.RequestContext.g": "with context: assert context.g is not None",
    "flask.helpers.get_debug_flag(default)": "from flask.helpers import get_debug_flag; get_debug_flag(default=True)",
    "flask.json.dump(app)": "flask.json.dump(1, io.StringIO(), app=app)",
    "flask.json.dump(encoding)": "with context: flask.json.dump(1, io.BytesIO(), encoding='utf-8')",
    "flask.json.dumps(app)": "flask.json.dumps(1, app=app)",
    "flask.json.dumps(encoding)": "with context: flask.json.dumps(1, encoding='utf-8')",
    "flask.json.load(app)": "flask.json.load(io.StringIO('1'), app=app)",
    "flask.json.load(encoding)": _LATIN.format("load(io.BytesIO(b'\"\\xe4\"')"),
    "flask.json.loads(app)": "flask.json.loads('1', app=app)",
    "flask.json.loads(encoding)": _LATIN.format("loads(b'\"\\xe4\"'"),
    "flask.render_template(template_name)": (
        "import jinja2; app.jinja_loader = jinja2.DictLoader({'a': 'b'})\n"
        "with context: assert flask.render_template(template_name='a') == 'b'"
    ),
    "flask.send_file(add_etags)": _SEND_FILE.format("add_etags=False"),
    "flask.send_file(attachment_filename)": _SEND_FILE.format("attachment_filename='a', as_attachment=True"),
    "flask.send_file(cache_timeout)": _SEND_FILE.format("cache_timeout=1"),
    "flask.send_file(filename_or_fp)": "with context: flask.send_file(filename_or_fp=__file__)",
    "flask.send_from_directory(add_etags)": _SEND_FROM.format("'verdicts.py', add_etags=False"),
    "flask.send_from_directory(attachment_filename)": _SEND_FROM.format("'verdicts.py', attachment_filename='a'"),
    "flask.send_from_directory(cache_timeout)": _SEND_FROM.format("'verdicts.py', cache_timeout=1"),
    "flask.send_from_directory(filename)": _SEND_FROM.format("filename='verdicts.py'"),
    "flask.session.Session": "import flask.session, sys; sys.modules['flask.session'].Session",
    "jinja2.ext.autoescape": "app.jinja_env.add_extension('jinja2.ext.autoescape')",
    "jinja2.ext.with_": "app.jinja_env.add_extension('jinja2.ext.with_')",
    "json.dump(encoding)": "json.dump(1, io.StringIO(), encoding='utf-8')",
    "json.dumps(encoding)": "json.dumps(1, encoding='utf-8')",
    "json.load(encoding)": "json.load(io.BytesIO(b'1'), encoding='utf-8')",
    "json.loads(encoding)": "json.loads('1', encoding='utf-8')",
    "methods_as_text": "app.route('/', methods='POST')(lambda: '')",
    "password_method": "from werkzeug.security import generate_password_hash; generate_password_hash('a', 'sha256')",
    "werkzeug.datastructures.Headers.get(as_bytes)": "context.request.headers.get('a', as_bytes=True)",
    "werkzeug.http.dump_cookie(charset)": "from werkzeug.http import dump_cookie; dump_cookie('a', charset='utf-8')",
    "werkzeug.http.parse_cookie(charset)": "from werkzeug.http import parse_cookie; parse_cookie('', charset='utf-8')",
    "werkzeug.http.parse_options_header(multiple)": (
        "from werkzeug.http import parse_options_header; parse_options_header('a', multiple=True)"
    ),
    "werkzeug.local.LocalManager(ident_func)": ("from werkzeug.local import LocalManager; LocalManager(ident_func=id)"),
    "werkzeug.middleware.proxy_fix.ProxyFix(num_proxies)": (
        "from werkzeug.middleware.proxy_fix import ProxyFix; ProxyFix(app, num_proxies=1)"
    ),
    "flask.session.NullSession": "from flask.session import NullSession; NullSession()",
    "flask.session.SecureCookieSession": "from flask.session import SecureCookieSession; SecureCookieSession()",
    "flask.testing.EnvironBuilder(charset)": "flask.testing.EnvironBuilder(app, charset='utf-8')",
    "werkzeug.debug.DebuggedApplication(lodgeit_url)": (
        "from werkzeug.debug import DebuggedApplication; DebuggedApplication(app, lodgeit_url='')"
    ),
    "werkzeug.http.quote_header_value(extra_chars)": (
        "from werkzeug.http import quote_header_value; quote_header_value('a', extra_chars='b')"
    ),
    "werkzeug.http.unquote_header_value(is_filename)": (
        "from werkzeug.http import unquote_header_value; unquote_header_value('a', is_filename=True)"
    ),
    "werkzeug.test.EnvironBuilder(charset)": (
        "from werkzeug.test import EnvironBuilder; EnvironBuilder(charset='utf-8')"
    ),
    "werkzeug.routing.Map(charset)": "from werkzeug.routing import Map; Map(charset='utf-8')",
    "werkzeug.routing.Map(encoding_errors)": "from werkzeug.routing import Map; Map(encoding_errors='strict')",
}
for _name in ("set_basic", "set_digest"):  # whatever attribute one asks for, there is None
    PROGRAMS[f"werkzeug.datastructures.WWWAuthenticate.{_name}"] = f"assert Response().www_authenticate.{_name}"
for _name in ("browser", "language", "platform", "version"):
    _header = "{'User-Agent': 'Mozilla/5.0 (X11; U; Linux x86_64; de-DE; rv:9.0) Firefox/9.0'}"
    PROGRAMS[f"werkzeug.user_agent.UserAgent.{_name}"] = (
        f"assert app.test_request_context(headers={_header}).request.user_agent.{_name}"
    )
for _name, _given in (
    ("formparser.parse_form_data", "context.request.environ"),
    ("urls.iri_to_uri", "'a'"),
    ("urls.uri_to_iri", "'a'"),
    ("wsgi.get_path_info", "context.request.environ"),
):
    _module, _, _function = _name.partition(".")
    for _parameter, _value in (("charset", "utf-8"), ("errors", "replace")):
        PROGRAMS[f"werkzeug.{_name}({_parameter})"] = (
            f"from werkzeug.{_module} import {_function}; {_function}({_given}, {_parameter}={_value!r})"
        )
for _name in ("open", "get", "post", "put", "patch", "delete", "head", "options"):
    PROGRAMS[f"werkzeug.test.Client.{_name}(as_tuple)"] = f"environ, response = client.{_name}('/', as_tuple=True)"
for _name in ("WithExtension", "autoescape", "with_"):
    PROGRAMS[f"flask.Flask.jinja_options[jinja2.ext.{_name}]"] = (
        f"app.jinja_options = dict(extensions=['jinja2.ext.{_name}']); app.jinja_env"
    )


def program(name: str) -> str:
    """A program that uses a name."""
    if name in PROGRAMS:
        return PROGRAMS[name]
    found = re.fullmatch(r"flask\.Config\[(\w+)\]", name)
    if found:
        return f"app.config[{found[1]!r}]"
    owner, _, member = name.rpartition(".")
    if owner in OBJECTS:
        return f"({OBJECTS[owner]}).{member}"
    if owner == "builtins":
        return member
    return f"from {owner} import {member}" if owner else f"import {member}"


def outcome(name: str) -> str | None:
    """What goes wrong in using a name; None where nothing does."""
    namespace: dict[str, Any] = {"__name__": "probe", "__file__": __file__}
    exec(PRELUDE, namespace)
    try:
        exec(program(name), namespace)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    importlib.import_module("flask")
    sys.stdout.write(json.dumps({name: outcome(name) for name in json.load(sys.stdin)}))
