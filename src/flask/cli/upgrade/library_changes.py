"""Names that other libraries and Python removed and that Flask programs of 2010 to 2022 import.

A few of Flask itself are here too: those that do not work.

The releases are the first without the name, found by importing it from one release after another: Werkzeug 0.9.6 to
3.1, Jinja 2.11 to 3.1, itsdangerous 0.24 to 2.2, MarkupSafe 2.0 to 3.0; Python's are those of its documentation.
"""

from __future__ import annotations

import typing as t

Names = t.Mapping[str, str]


def _each(names: str, today: str) -> dict[str, str]:
    """One row for each name, with what there is today; `{}` in it stands for the name."""
    return {name: today.format(name) for name in names.split()}


_STRUCTURES: t.Final = (
    "Accept Authorization CallbackDict CharsetAccept CombinedMultiDict ETags EnvironHeaders FileMultiDict FileStorage"
    " HeaderSet Headers ImmutableDict ImmutableList ImmutableMultiDict ImmutableOrderedMultiDict"
    " ImmutableTypeConversionDict LanguageAccept MIMEAccept MultiDict OrderedMultiDict RequestCacheControl"
    " ResponseCacheControl TypeConversionDict WWWAuthenticate"
)
_MIXINS: t.Final = (
    "AcceptMixin AuthorizationMixin BaseRequest BaseResponse CommonRequestDescriptorsMixin"
    " CommonResponseDescriptorsMixin ETagRequestMixin ETagResponseMixin PlainRequest ResponseStreamMixin"
    " StreamOnlyMixin UserAgentMixin WWWAuthenticateMixin"
)
_HTTP: t.Final = (
    "HTTP_STATUS_CODES dump_cookie dump_header dump_options_header generate_etag http_date is_entity_header"
    " is_hop_by_hop_header is_resource_modified parse_accept_header parse_cache_control_header parse_cookie parse_date"
    " parse_dict_header parse_etags parse_list_header parse_options_header parse_set_header quote_etag"
    " remove_entity_headers remove_hop_by_hop_headers unquote_etag"
)
_UTILITIES: t.Final = (
    "append_slash_redirect cached_property environ_property find_modules header_property import_string redirect"
    " secure_filename"
)
_URLS: t.Final[Names] = {
    **_each("BaseURL BytesURL URL", "`urllib.parse.SplitResult`"),
    **_each("url_decode url_decode_stream", "`urllib.parse.parse_qs()`"),
    **_each("url_encode url_encode_stream", "`urllib.parse.urlencode()`"),
    "url_fix": "`werkzeug.urls.iri_to_uri()`",
    "url_join": "`urllib.parse.urljoin()`",
    "url_parse": "`urllib.parse.urlsplit()`",
    "url_quote": "`urllib.parse.quote()`",
    "url_quote_plus": "`urllib.parse.quote_plus()`",
    "url_unparse": "`urllib.parse.urlunsplit()`",
    "url_unquote": "`urllib.parse.unquote()`",
    "url_unquote_plus": "`urllib.parse.unquote_plus()`",
}
_TEXTS: t.Final[Names] = {
    **_each("ArgumentValidationError bind_arguments validate_arguments", "`inspect.signature(function).bind()`"),
    **_each("HTMLBuilder html xhtml", "a template, or `markupsafe.Markup`"),
    "format_string": "`string.Template`",
    "unescape": "`html.unescape()`, or `Markup(text).unescape()`",
}
_ENVIRONS: t.Final = "extract_path_info get_query_string get_script_name peek_path_info pop_path_info"
_MIDDLEWARE: t.Final[Names] = {
    "DispatcherMiddleware": "`werkzeug.middleware.dispatcher.DispatcherMiddleware`",
    "SharedDataMiddleware": "`werkzeug.middleware.shared_data.SharedDataMiddleware`",
}
_DECORATORS: t.Final[Names] = {
    **_each("contextfilter contextfunction", "`jinja2.pass_context`"),
    **_each("environmentfilter environmentfunction", "`jinja2.pass_environment`"),
    **_each("evalcontextfilter evalcontextfunction", "`jinja2.pass_eval_context`"),
}
_MARKUP: t.Final[Names] = {"Markup": "`markupsafe.Markup`", "escape": "`markupsafe.escape`"}
_ABSTRACT: t.Final = (
    "AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable Collection Container Coroutine Generator"
    " Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence MutableSet"
    " Reversible Sequence Set Sized ValuesView"
)
_BUILT_IN_EXTENSION: t.Final = "nothing: it is part of Jinja"

_WITH_LEGACY: t.Final[t.Mapping[tuple[str, str], Names]] = {
    ("werkzeug.wrappers.Request.", "3.0"): {
        "charset": "nothing: text is UTF-8",
        "encoding_errors": "nothing: what is no UTF-8 is replaced",
        "url_charset": "nothing: text is UTF-8",
    },
    ("werkzeug.wrappers.Request.", "2.1"): {"disable_data_descriptor": "nothing: override `get_data()`"},
    ("werkzeug.", "3.1"): {"__version__": '`importlib.metadata.version("werkzeug")`'},
    ("werkzeug.datastructures.WWWAuthenticate.", "3.0"): _each(
        "set_basic set_digest", "`WWWAuthenticate(type, values)`, and set it"
    ),
    ("werkzeug.debug.tbtools.", "2.1"): _each(
        "Frame Traceback get_current_traceback", "`werkzeug.debug.tbtools.DebugTraceback(error)`"
    ),
    ("werkzeug.exceptions.HTTPException.", "2.1"): {"wrap": "a subclass of both errors"},
    ("html.parser.HTMLParser.", "3.9"): {"unescape": "`html.unescape()`"},
    ("threading.Thread.", "3.9"): {"isAlive": "`is_alive()`"},
    ("unittest.TestCase.", "3.0"): {"assertItemsEqual": "`assertCountEqual()`"},
    ("unittest.TestCase.", "3.12"): {
        "assertEquals": "`assertEqual()`",
        "assertNotEquals": "`assertNotEqual()`",
        "assertRaisesRegexp": "`assertRaisesRegex()`",
        "assertRegexpMatches": "`assertRegex()`",
        "assert_": "`assertTrue()`",
    },
    ("werkzeug.wrappers.Response.", "3.0"): {"charset": "nothing: text is UTF-8"},
    ("werkzeug.", "1.0"): {
        **_each(_STRUCTURES, "`werkzeug.datastructures.{}`"),
        **_each(_MIXINS, "`werkzeug.wrappers.Request` and `Response`, which have all of it"),
        **_each(_HTTP, "`werkzeug.http.{}`"),
        **_each(_UTILITIES, "`werkzeug.utils.{}`"),
        **_each("EnvironBuilder create_environ run_wsgi_app", "`werkzeug.test.{}`"),
        **_each(_ENVIRONS, "the keys of the environment; paths by `urllib.parse`"),
        **_each("make_chunk_iter make_line_iter", "iterate over the stream"),
        **_each("ClosingIterator FileWrapper LimitedStream get_current_url get_host responder", "`werkzeug.wsgi.{}`"),
        **_each("wrap_file", "`werkzeug.wsgi.{}`"),
        **_each("Aborter abort", "`werkzeug.exceptions.{}`"),
        **_each("Local LocalManager LocalProxy LocalStack release_local", "`werkzeug.local.{}`"),
        **_each("check_password_hash generate_password_hash", "`werkzeug.security.{}`"),
        **_each("iri_to_uri uri_to_iri", "`werkzeug.urls.{}`"),
        **_URLS,
        **_TEXTS,
        **_MIDDLEWARE,
        "escape": "`markupsafe.escape()`",
        "DebuggedApplication": "`werkzeug.debug.DebuggedApplication`",
        "Href": "`urllib.parse.urljoin()` and `urlencode()`",
        "UserAgent": "`werkzeug.user_agent.UserAgent`",
        "contrib": "what stands beside its modules",
        "cookie_date": "`werkzeug.http.http_date()`",
        "parse_authorization_header": "`werkzeug.datastructures.Authorization.from_header()`",
        **_each("quote_header_value unquote_header_value", "`werkzeug.http.{}`"),
        "parse_form_data": "`werkzeug.formparser.parse_form_data`",
        "parse_www_authenticate_header": "`werkzeug.datastructures.WWWAuthenticate.from_header()`",
        "test_app": "`werkzeug.testapp.test_app`",
    },
    ("werkzeug.", "2.0"): {
        "_compat": "what Python 3 has by itself",
        "posixemulation": "`os.replace()`",
    },
    ("werkzeug.", "2.1"): {
        "filesystem": "`sys.getfilesystemencoding()`",
        "useragents": "`werkzeug.user_agent.UserAgent`, with a parser of your choice, such as the package ua-parser",
    },
    ("werkzeug.contrib.", "1.0"): {
        "atom": "the package feedgen, or a template",
        "cache": "the package cachelib, or Flask-Caching",
        "fixers": "`werkzeug.middleware.proxy_fix`",
        "limiter": "`MAX_CONTENT_LENGTH`",
        "lint": "`werkzeug.middleware.lint`",
        "profiler": "`werkzeug.middleware.profiler`",
        "securecookie": "the package secure-cookie, or itsdangerous",
        "sessions": "`flask.session`, Flask-Session, or the package secure-cookie",
        "testtools": "`response.get_json()`, and a parser of your choice",
        "wrappers": "`werkzeug.wrappers.Request`, which has `get_json()`",
    },
    ("werkzeug.http.", "2.1"): {"cookie_date": "`werkzeug.http.http_date()`"},
    ("werkzeug.http.", "2.0"): _each(
        "Accept Authorization CharsetAccept ETags HeaderSet Headers LanguageAccept MIMEAccept RequestCacheControl"
        " TypeConversionDict WWWAuthenticate ContentRange IfRange Range",
        "`werkzeug.datastructures.{}`",
    )
    | _each("bytes_to_wsgi wsgi_to_bytes", "`encode` and `decode` with `latin-1`"),
    ("werkzeug.http.", "3.0"): {
        "parse_authorization_header": "`werkzeug.datastructures.Authorization.from_header()`",
        "parse_www_authenticate_header": "`werkzeug.datastructures.WWWAuthenticate.from_header()`",
    },
    ("werkzeug.local.", "2.1"): {"get_ident": "`threading.get_ident()`, or a context variable"},
    ("werkzeug.routing.", "2.2"): {"parse_rule": "`werkzeug.routing.Rule`, which parses by itself"},
    ("werkzeug.security.", "2.1"): {
        "pbkdf2_bin": "`hashlib.pbkdf2_hmac()`",
        "pbkdf2_hex": "`hashlib.pbkdf2_hmac(...).hex()`",
        "safe_str_cmp": "`hmac.compare_digest()`",
    },
    ("werkzeug.serving.", "2.0"): {"BaseRequestHandler": "`werkzeug.serving.WSGIRequestHandler`"},
    ("werkzeug.serving.", "2.1"): {
        "run_with_reloader": "`flask run --debug`, or `run_simple(use_reloader=True)`",
        "select_ip_version": "`werkzeug.serving.select_address_family`",
    },
    ("werkzeug.urls.", "2.1"): {"Href": "`urllib.parse.urljoin()` and `urlencode()`"},
    ("werkzeug.urls.", "3.0"): _URLS,
    ("werkzeug.utils.", "1.0"): {
        **_each("dump_cookie parse_cookie", "`werkzeug.http.{}`"),
        **_each("CombinedMultiDict EnvironHeaders MultiDict", "`werkzeug.datastructures.{}`"),
    },
    ("werkzeug.utils.", "2.1"): {
        **_TEXTS,
        "detect_utf_encoding": "`json.loads()`, which takes bytes",
        "invalidate_cached_property": "`del object.name`",
    },
    ("werkzeug.wrappers.", "2.1"): {
        **_each(_MIXINS, "`werkzeug.wrappers.Request` and `Response`, which have all of it"),
        **_each("CORSRequestMixin CORSResponseMixin JSONMixin", "`werkzeug.wrappers.Request` and `Response`"),
        **_each(
            "accept auth base_request base_response common_descriptors cors etag json user_agent", "`werkzeug.wrappers`"
        ),
    },
    ("werkzeug.wsgi.", "1.0"): {
        **_MIDDLEWARE,
        "ProxyMiddleware": "`werkzeug.middleware.http_proxy.ProxyMiddleware`",
    },
    ("werkzeug.wsgi.", "2.3"): _each(_ENVIRONS, "the keys of the environment; paths by `urllib.parse`"),
    ("werkzeug.wsgi.", "3.0"): _each("make_chunk_iter make_line_iter", "iterate over the stream"),
    ("jinja2.", "3.0"): {
        **_each("asyncfilters asyncsupport", _BUILT_IN_EXTENSION),
        "_compat": "what Python 3 has by itself",
    },
    ("jinja2.", "3.1"): {**_DECORATORS, **_MARKUP},
    ("jinja2.ext.", "3.0"): {
        "ContextReference": "`jinja2.nodes.ContextReference`",
        "contextfunction": "`jinja2.pass_context`",
    },
    ("jinja2.ext.", "3.1"): _each("AutoEscapeExtension WithExtension autoescape with_", _BUILT_IN_EXTENSION),
    ("jinja2.filters.", "3.1"): {
        name: _DECORATORS[name] for name in ("contextfilter", "environmentfilter", "evalcontextfilter")
    },
    ("jinja2.utils.", "3.0"): {"soft_unicode": "`markupsafe.soft_str`"},
    ("jinja2.utils.", "3.1"): {
        **_MARKUP,
        **{name: _DECORATORS[name] for name in ("contextfunction", "environmentfunction", "evalcontextfunction")},
        "unicode_urlencode": "`jinja2.utils.url_quote`",
    },
    ("jinja2.filters.", "3.0"): {"soft_unicode": "`markupsafe.soft_str`"},
    ("jinja2.runtime.", "3.0"): {"soft_unicode": "`markupsafe.soft_str`"},
    ("markupsafe.", "2.0"): {"_compat": "what Python 3 has by itself"},
    ("markupsafe.", "2.1"): {"soft_unicode": "`markupsafe.soft_str`"},
    ("itsdangerous.", "1.0"): {
        "EPOCH": "nothing: timestamps are those of Unix",
        "is_text_serializer": "`itsdangerous.serializer.is_text_serializer`",
        "SigningAlgorithm": "`itsdangerous.signer.SigningAlgorithm`",
        "bytes_to_int": "`int.from_bytes()`",
        "int_to_bytes": "`int.to_bytes()`",
        "compact_json": "`json.dumps(..., separators=(',', ':'))`",
        "constant_time_compare": "`hmac.compare_digest()`",
    },
    ("itsdangerous.", "2.0"): {"_compat": "what Python 3 has by itself"},
    ("itsdangerous.signer.", "2.0"): {"constant_time_compare": "`hmac.compare_digest()`"},
    ("itsdangerous.", "2.1"): {
        "JSONWebSignatureSerializer": "the package Authlib or PyJWT, or `itsdangerous.URLSafeSerializer`",
        "TimedJSONWebSignatureSerializer": "the package Authlib or PyJWT, or `itsdangerous.URLSafeTimedSerializer`",
        "json": "`import json`",
        "jws": "the package Authlib or PyJWT",
    },
    ("asyncio.", "3.11"): {"coroutine": "`async def`"},
    ("base64.", "3.9"): {"decodestring": "`base64.decodebytes()`", "encodestring": "`base64.encodebytes()`"},
    ("cgi.", "3.8"): {
        **_each("parse_qs parse_qsl", "`urllib.parse.{}()`"),
        "escape": "`markupsafe.escape()` or `html.escape()`",
    },
    ("", "3.13"): {"cgi": "`flask.request`", "pipes": "`shlex` and `subprocess`"},
    ("collections.", "3.10"): _each(_ABSTRACT, "`collections.abc.{}`"),
    ("configparser.", "3.12"): {"SafeConfigParser": "`configparser.ConfigParser`"},
    ("fractions.", "3.9"): {"gcd": "`math.gcd()`"},
    ("inspect.", "3.11"): _each("ArgSpec formatargspec getargspec", "`inspect.signature()` or `getfullargspec()`"),
    ("", "3.12"): {"distutils": "the packages setuptools and packaging", "imp": "`importlib`"},
    ("locale.", "3.12"): {"format": "`locale.format_string()`"},
    ("os.", "3.7"): {"errno": "`import errno`"},
    ("time.", "3.8"): {"clock": "`time.perf_counter()` or `process_time()`"},
}

_MOVED_MODULES: t.Final[Names] = {
    "BaseHTTPServer": "http.server",
    "CGIHTTPServer": "http.server",
    "ConfigParser": "configparser",
    "Cookie": "http.cookies",
    "HTMLParser": "html.parser",
    "Queue": "queue",
    "SimpleHTTPServer": "http.server",
    "SimpleXMLRPCServer": "xmlrpc.server",
    "SocketServer": "socketserver",
    "StringIO": "io",
    "Tkinter": "tkinter",
    "UserDict": "collections",
    "UserList": "collections",
    "UserString": "collections",
    "__builtin__": "builtins",
    "anydbm": "dbm",
    "cPickle": "pickle",
    "cStringIO": "io",
    "commands": "subprocess",
    "cookielib": "http.cookiejar",
    "copy_reg": "copyreg",
    "dummy_thread": "_thread",
    "htmlentitydefs": "html.entities",
    "httplib": "http.client",
    "md5": "hashlib",
    "mimetools": "email",
    "rfc822": "email",
    "robotparser": "urllib.robotparser",
    "sha": "hashlib",
    "thread": "_thread",
    "urllib2": "urllib.request",
    "urlparse": "urllib.parse",
    "xmlrpclib": "xmlrpc.client",
}

_OF_DICTS: t.Final[Names] = {
    "has_key": "`key in mapping`",
    **_each("iteritems viewitems", "`items()`"),
    **_each("iterkeys viewkeys", "`keys()`, or the mapping itself"),
    **_each("itervalues viewvalues", "`values()`"),
}
_STREAMS: t.Final = "nothing: `result.stdout` and `result.stderr` are there besides `result.output`, which has both"
_RESPONSE: t.Final = "`response.request`, which every response has"

_UTF_8: t.Final = "nothing: text is UTF-8"

_NOWHERE: t.Final[t.Mapping[tuple[str, str], Names]] = {
    ("flask.exthook.", "1.0"): {"ExtensionImporter": "nothing: extensions are imported by their own names"},
    ("flask.Config[", "1.0"): {"LOGGER_HANDLER_POLICY]": "`logging`"},
    ("flask.cli.", "2.2"): {"DispatchingApp": "the application itself; `ScriptInfo.load_app()` loads it"},
    ("flask.Flask.test_cli_runner(", "click 8.2"): {"mix_stderr)": _STREAMS},
    ("flask.Request.environ[", "Werkzeug 2.1"): {
        "werkzeug.server.shutdown]": "a signal to the process; of a server that a test made, its method `shutdown()`"
    },
    ("werkzeug.datastructures.Headers.", "2.0"): _OF_DICTS,
    ("werkzeug.datastructures.Headers.get(", "3.0"): {"as_bytes)": "`headers.get(key).encode()`"},
    ("werkzeug.datastructures.MultiDict.", "2.0"): {
        "iterlists": "`lists()`",
        "iterlistvalues": "`listvalues()`",
    },
    ("werkzeug.formparser.", "2.1"): {"parse_multipart_headers": "`werkzeug.datastructures.Headers`"},
    ("werkzeug.formparser.", "3.0"): {"exhaust_stream": "`stream.exhaust()`"},
    ("werkzeug.http.dump_cookie(", "3.0"): {"charset)": "nothing: text is UTF-8"},
    ("werkzeug.http.parse_cookie(", "3.0"): {"charset)": "nothing: text is UTF-8"},
    ("werkzeug.http.parse_options_header(", "2.3"): {"multiple)": "call it for each value"},
    ("werkzeug.local.Local.", "2.1"): _each("__ident_func__ __storage__", "nothing: values are in a context variable"),
    ("werkzeug.local.LocalManager.", "2.1"): {"get_ident": "nothing: values are in context variables"},
    ("werkzeug.local.LocalManager(", "2.1"): {"ident_func)": "nothing: values are in context variables"},
    ("werkzeug.local.LocalStack.", "2.1"): {"__ident_func__": "nothing: values are in a context variable"},
    ("werkzeug.middleware.proxy_fix.ProxyFix(", "1.0"): {"num_proxies)": "`x_for=`, `x_proto=`, `x_host=`"},
    ("werkzeug.routing.Map(", "3.0"): _each("charset) encoding_errors)", _UTF_8),
    ("werkzeug.routing.Map.", "3.0"): _each("charset encoding_errors", _UTF_8),
    ("flask.testing.EnvironBuilder(", "Werkzeug 3.0"): {"charset)": _UTF_8},
    ("werkzeug.test.EnvironBuilder(", "3.0"): {"charset)": _UTF_8},
    **{
        (f"werkzeug.{function}(", "3.0"): _each("charset) errors)", _UTF_8)
        for function in ("formparser.parse_form_data", "urls.iri_to_uri", "urls.uri_to_iri", "wsgi.get_path_info")
    },
    ("werkzeug.http.quote_header_value(", "3.0"): {"extra_chars)": "nothing: what needs quotes gets them"},
    ("werkzeug.http.unquote_header_value(", "3.0"): {"is_filename)": "nothing: names of files are unquoted so"},
    ("werkzeug.debug.DebuggedApplication(", "1.0"): {"lodgeit_url)": "nothing: tracebacks are not sent anywhere"},
    ("werkzeug.serving.", "0.10"): {"reloader_loop": "`run_simple(use_reloader=True)`"},
    ("werkzeug.datastructures.", "2.0"): {
        "ViewItems": "`dict.items()`",
        "native_itermethods": "what Python 3 has by itself",
    },
    ("werkzeug.user_agent.UserAgent.", "2.1"): _each(
        "browser language platform version", "a parser of your choice, such as the package ua-parser: these are None"
    ),
    ("jinja2.runtime.", "3.1"): {"unicode_join": "`jinja2.runtime.str_join`"},
    ("click.", "8.0"): {"_bashcomplete": "`click.shell_completion`"},
    ("click.", "8.1"): {"get_os_args": "`sys.argv[1:]`", "get_terminal_size": "`shutil.get_terminal_size()`"},
    ("click.Group.", "8.1"): {"resultcallback": "`result_callback`"},
    ("click.argument(", "8.1"): {"autocompletion)": "`shell_complete=`"},
    ("click.option(", "8.1"): {"autocompletion)": "`shell_complete=`"},
    ("click.testing.CliRunner(", "8.2"): {"mix_stderr)": _STREAMS},
    ("itsdangerous.", "1.0"): _each("bytes_like izip number_types text_type", "what Python 3 has by itself"),
    ("markupsafe.", "2.0"): {"HTML_ENTITIES": "`html.entities.name2codepoint`"},
    ("werkzeug.", "1.0"): {
        "script": "`click`, by commands of the application: `@app.cli.command()`",
    },
    ("werkzeug.contrib.", "1.0"): {
        "iterio": "the package iterio, or a generator",
        "jsrouting": "URLs that the server builds",
    },
    ("werkzeug.routing.", "1.0"): {"RequestSlash": "`werkzeug.routing.RequestRedirect`"},
    ("werkzeug.test.Client.", "2.3"): {"cookie_jar": "`client.get_cookie()` and `client.set_cookie()`"},
    **{
        (f"werkzeug.test.Client.{method}(", "2.1"): {"as_tuple)": _RESPONSE}
        for method in ("open", "get", "post", "put", "patch", "delete", "head", "options")
    },
    ("builtins.", "3.0"): {
        "StandardError": "`Exception`",
        "apply": "`function(*args)`",
        "basestring": "`str`",
        "buffer": "`memoryview`",
        "cmp": "`(a > b) - (a < b)`",
        "execfile": "`exec(compile(...))`",
        "file": "`open()`",
        "intern": "`sys.intern()`",
        "long": "`int`",
        "raw_input": "`input()`",
        "reduce": "`functools.reduce()`",
        "reload": "`importlib.reload()`",
        "unichr": "`chr()`",
        "unicode": "`str`",
        "xrange": "`range()`",
    },
    ("builtins.dict.", "3.0"): _OF_DICTS,
    ("email.", "3.0"): {
        **_each("Encoders Utils", "`email.{}`, in lower case"),
        **_each("MIMEAudio MIMEBase MIMEImage MIMEMultipart MIMEText", "the modules of `email.mime`"),
    },
    ("itertools.", "3.0"): {
        "ifilter": "`filter()`",
        "ifilterfalse": "`itertools.filterfalse()`",
        "imap": "`map()`",
        "izip": "`zip()`",
        "izip_longest": "`itertools.zip_longest()`",
    },
    ("json.dump(", "3.0"): {"encoding)": "nothing: text is Unicode"},
    ("json.dumps(", "3.0"): {"encoding)": "nothing: text is Unicode"},
    ("json.load(", "3.9"): {"encoding)": "a file of text, opened with that encoding"},
    ("json.loads(", "3.9"): {"encoding)": "`data.decode(encoding)` before; UTF-8, 16 and 32 need none"},
    ("platform.", "3.8"): _each("dist linux_distribution", "the package distro"),
    ("types.", "3.0"): {
        **_each("StringType StringTypes UnicodeType", "`str`"),
        **_each("BooleanType DictType FloatType IntType ListType LongType TupleType", "the class itself: `dict`"),
    },
    ("unittest.TestCase.", "3.12"): {"assertDictContainsSubset": "`assertEqual(whole, {**whole, **part})`"},
    ("os.", "3.0"): {"getcwdu": "`os.getcwd()`"},
    ("string.", "3.0"): {
        **_each("letters lowercase uppercase", "`string.ascii_{}`"),
        **_each("atof atoi", "`float()`, `int()`"),
        **_each("join lower replace split strip upper", "the method of a text that is called so"),
        "maketrans": "`str.maketrans()`",
    },
    ("sys.", "3.0"): {"maxint": "`sys.maxsize`", "setdefaultencoding": "nothing: text is Unicode"},
    ("urllib.", "3.0"): {
        **_each("quote quote_plus unquote unquote_plus urlencode", "`urllib.parse.{}()`"),
        **_each("urlopen urlretrieve", "`urllib.request.{}()`"),
    },
    ("", "3.0"): {name: f"`{today}`" for name, today in _MOVED_MODULES.items()},
    ("", "3.12"): _each("asynchat asyncore smtpd", "`asyncio`"),
    ("", "3.13"): {"crypt": "`werkzeug.security`", "telnetlib": "the package telnetlib3"},
}

#: How they fare here -> (what they begin with, the first release without them) -> the name, and what there is today.
LIBRARIES: t.Final = {"legacy": _WITH_LEGACY, "fails": _NOWHERE}
