"""What other libraries once had, and where it is today."""

from __future__ import annotations

import collections.abc
import typing as t


def _moved(module: str, names: str) -> dict[str, str]:
    """Rows for names that another module has under the same name."""
    return {name: f"{module}:{name}" for name in names.split()}


_HERE = __name__.rpartition(".")[0]

_URLS = _moved(
    f"{_HERE}.urls",
    "BaseURL BytesURL Href URL url_decode url_decode_stream url_encode url_encode_stream url_fix url_join url_parse"
    " url_quote url_quote_plus url_unparse url_unquote url_unquote_plus",
)
_TEXTS = _moved(f"{_HERE}.texts", "HTMLBuilder escape format_string html unescape xhtml")
_ARGUMENTS = _moved(f"{_HERE}.arguments", "ArgumentValidationError bind_arguments validate_arguments")
_ENVIRONS = _moved(
    f"{_HERE}.environs",
    "extract_path_info get_query_string get_script_name make_chunk_iter make_line_iter peek_path_info pop_path_info",
)
_PARSED = _moved(f"{_HERE}.headers", "cookie_date parse_authorization_header parse_www_authenticate_header")
_MIDDLEWARE = {
    "DispatcherMiddleware": "werkzeug.middleware.dispatcher:DispatcherMiddleware",
    "ProxyMiddleware": "werkzeug.middleware.http_proxy:ProxyMiddleware",
    "SharedDataMiddleware": "werkzeug.middleware.shared_data:SharedDataMiddleware",
}
_MIXINS = _moved(
    f"{_HERE}.mixins",
    "AcceptMixin AuthorizationMixin CORSRequestMixin CORSResponseMixin CommonRequestDescriptorsMixin"
    " CommonResponseDescriptorsMixin ETagRequestMixin ETagResponseMixin JSONMixin ResponseStreamMixin StreamOnlyMixin"
    " UserAgentMixin WWWAuthenticateMixin",
)
_WRAPPERS = {
    "BaseRequest": "werkzeug.wrappers:Request",
    "BaseResponse": "werkzeug.wrappers:Response",
    "PlainRequest": f"{_HERE}.mixins:PlainRequest",
    **_MIXINS,
}
_STRUCTURES = _moved(
    "werkzeug.datastructures",
    "Accept Authorization CallbackDict CharsetAccept CombinedMultiDict ETags EnvironHeaders FileMultiDict FileStorage"
    " HeaderSet Headers ImmutableDict ImmutableList ImmutableMultiDict ImmutableTypeConversionDict LanguageAccept"
    " MIMEAccept MultiDict RequestCacheControl ResponseCacheControl TypeConversionDict WWWAuthenticate",
) | {
    # Plain ones have kept the order since dicts do, key by key.
    "ImmutableOrderedMultiDict": "werkzeug.datastructures:ImmutableMultiDict",
    "OrderedMultiDict": "werkzeug.datastructures:MultiDict",
}

#: What ``import werkzeug`` gave until 1.0.
_WERKZEUG = {
    **_STRUCTURES,
    **_URLS,
    **_TEXTS,
    **_ARGUMENTS,
    **_ENVIRONS,
    **_PARSED,
    **_MIDDLEWARE,
    **_WRAPPERS,
    **_moved("werkzeug.datastructures", "ContentRange IfRange Range"),
    **_moved("werkzeug.debug", "DebuggedApplication"),
    **_moved("werkzeug.exceptions", "Aborter abort"),
    **_moved(
        "werkzeug.http",
        "HTTP_STATUS_CODES dump_cookie dump_header dump_options_header generate_etag http_date is_entity_header"
        " is_hop_by_hop_header is_resource_modified parse_accept_header parse_cache_control_header parse_cookie"
        " parse_date parse_dict_header parse_etags parse_list_header parse_options_header parse_set_header quote_etag"
        " quote_header_value remove_entity_headers remove_hop_by_hop_headers unquote_etag unquote_header_value",
    ),
    **_moved("werkzeug.formparser", "parse_form_data"),
    **_moved("werkzeug.local", "Local LocalManager LocalProxy LocalStack release_local"),
    **_moved("werkzeug.security", "check_password_hash generate_password_hash"),
    **_moved("werkzeug.test", "EnvironBuilder create_environ run_wsgi_app"),
    **_moved("werkzeug.testapp", "test_app"),
    **_moved("werkzeug.urls", "iri_to_uri uri_to_iri"),
    **_moved("werkzeug.user_agent", "UserAgent"),
    **_moved(
        "werkzeug.utils",
        "append_slash_redirect cached_property environ_property find_modules header_property import_string redirect"
        " secure_filename",
    ),
    **_moved(
        "werkzeug.wsgi",
        "ClosingIterator FileWrapper LimitedStream get_current_url get_host responder wrap_file",
    ),
}

#: What one module of Werkzeug had of another, where programs came to take it from.
_HOMES = {
    **_WERKZEUG,
    **_moved("werkzeug.datastructures", "ContentSecurityPolicy iter_multi_items"),
    **_moved("werkzeug.exceptions", "BadHost BadRequest BadRequestKeyError HTTPException MethodNotAllowed NotFound"),
    **_moved("werkzeug.formparser", "FormDataParser default_stream_factory"),
    **_moved(
        "werkzeug.http",
        "dump_age dump_csp_header is_byte_range_valid parse_age parse_content_range_header parse_if_range_header"
        " parse_range_header",
    ),
    **_moved("werkzeug.utils", "get_content_type"),
    **_moved("werkzeug.wrappers", "Response"),
    **_moved("werkzeug.wsgi", "get_content_length get_input_stream"),
    **_moved(f"{_HERE}.files", "get_filesystem_encoding"),
    **_moved(f"{_HERE}.tracebacks", "Frame Traceback get_current_traceback"),
    "BaseRequest": "werkzeug.wrappers:Request",
    "debug_repr": "werkzeug.debug.repr:debug_repr",
}


def _taken(names: str) -> dict[str, str]:
    """Rows for names that a module had only because it took them from another for its own use."""
    return {name: _HOMES[name] for name in names.split()}


_DECORATORS = {
    "contextfilter": "jinja2:pass_context",
    "contextfunction": "jinja2:pass_context",
    "environmentfilter": "jinja2:pass_environment",
    "environmentfunction": "jinja2:pass_environment",
    "evalcontextfilter": "jinja2:pass_eval_context",
    "evalcontextfunction": "jinja2:pass_eval_context",
}
_MARKUP = {"Markup": "markupsafe:Markup", "escape": "markupsafe:escape", "soft_unicode": "markupsafe:soft_str"}

#: Module -> old name in it -> ``module:name`` of what takes its place.
NAMES: t.Final[dict[str, dict[str, str]]] = {
    "blinker": {"__version__": f"{_HERE}.releases:blinker"},
    "werkzeug": {**_WERKZEUG, "__version__": f"{_HERE}.releases:werkzeug"},
    "werkzeug.datastructures": {
        **{name: _STRUCTURES[name] for name in ("ImmutableOrderedMultiDict", "OrderedMultiDict")},
        **_moved("werkzeug.datastructures.cache_control", "cache_control_property"),
        **_moved("werkzeug.datastructures.csp", "csp_property"),
        "cache_property": "werkzeug.datastructures.cache_control:cache_control_property",
        **_taken(
            "BadRequestKeyError dump_csp_header dump_header dump_options_header generate_etag get_filesystem_encoding"
            " http_date is_byte_range_valid parse_options_header parse_set_header quote_etag quote_header_value"
            " unquote_etag"
        ),
    },
    "werkzeug.debug": _taken("Frame Traceback debug_repr get_current_traceback"),
    "werkzeug.debug.tbtools": _moved(f"{_HERE}.tracebacks", "Frame Line Traceback get_current_traceback"),
    "werkzeug.exceptions": _taken("HTTP_STATUS_CODES Response"),
    "werkzeug.formparser": _taken("LimitedStream make_line_iter url_decode_stream"),
    "werkzeug.http": {
        **_PARSED,
        **_moved(f"{_HERE}.headers", "bytes_to_wsgi wsgi_to_bytes"),
        **{
            name: _STRUCTURES[name]
            for name in (
                "Accept", "Authorization", "CharsetAccept", "ETags", "HeaderSet", "Headers", "LanguageAccept",
                "MIMEAccept", "RequestCacheControl", "TypeConversionDict", "WWWAuthenticate",
            )
        },
        **_moved("werkzeug.datastructures", "ContentRange IfRange Range"),
        **_taken("ContentSecurityPolicy MultiDict iri_to_uri"),
    },
    "werkzeug.local": {"get_ident": "threading:get_ident"},
    "werkzeug.middleware.profiler": {
        "MergeStream": f"{_HERE}.texts:MergeStream",
    },
    "werkzeug.routing": {
        **_moved(f"{_HERE}.rules", "parse_rule"),
        **_moved("werkzeug.routing.converters", "DEFAULT_CONVERTERS NumberConverter"),
        **_taken(
            "BadHost BadRequest HTTPException ImmutableDict MethodNotAllowed MultiDict NotFound cached_property"
            " format_string get_host redirect url_decode url_encode url_join url_quote url_unquote"
        ),
    },
    "werkzeug.security": _moved(f"{_HERE}.security", "pbkdf2_bin pbkdf2_hex safe_str_cmp"),
    "werkzeug.serving": {
        "BaseRequestHandler": "werkzeug.serving:WSGIRequestHandler",
        "run_with_reloader": "werkzeug._reloader:run_with_reloader",
        "select_ip_version": "werkzeug.serving:select_address_family",
        **_taken("BadRequest url_parse url_unquote"),
    },
    "werkzeug.test": _taken(
        "BaseRequest FileStorage get_host url_encode url_fix url_parse url_unparse url_unquote"
    ),
    "werkzeug.urls": {**_URLS, **_taken("MultiDict make_chunk_iter")},
    "werkzeug.utils": {
        **_TEXTS,
        **_ARGUMENTS,
        **_moved(f"{_HERE}.texts", "invalidate_cached_property"),
        **_moved("werkzeug.http", "dump_cookie parse_cookie"),
        **_moved("werkzeug.datastructures", "CombinedMultiDict EnvironHeaders MultiDict"),
        "detect_utf_encoding": "json:detect_encoding",
        "name2codepoint": "html.entities:name2codepoint",
        **_taken("cookie_date quote_header_value unquote_header_value url_quote"),
    },
    "werkzeug.wrappers": {
        **_WRAPPERS,
        **_taken(
            "CallbackDict CharsetAccept ClosingIterator CombinedMultiDict ContentRange EnvironHeaders FormDataParser"
            " HTTP_STATUS_CODES Headers ImmutableList ImmutableMultiDict ImmutableTypeConversionDict LanguageAccept"
            " LimitedStream MIMEAccept MultiDict RequestCacheControl ResponseCacheControl cached_property"
            " default_stream_factory dump_age dump_cookie dump_header dump_options_header environ_property"
            " generate_etag get_content_length get_content_type get_current_url get_host get_input_stream"
            " header_property http_date iri_to_uri is_resource_modified iter_multi_items parse_accept_header parse_age"
            " parse_authorization_header parse_cache_control_header parse_content_range_header parse_cookie parse_date"
            " parse_etags parse_if_range_header parse_options_header parse_range_header parse_set_header"
            " parse_www_authenticate_header quote_etag remove_entity_headers unquote_etag url_decode url_join"
        ),
    },
    "werkzeug.wrappers.request": _WRAPPERS,
    "werkzeug.wrappers.response": _WRAPPERS,
    "werkzeug.wsgi": {
        **_ENVIRONS,
        **_MIDDLEWARE,
        "make_limited_stream": f"{_HERE}.environs:make_limited_stream",
        **_taken(
            "EnvironHeaders get_filesystem_encoding http_date is_hop_by_hop_header is_resource_modified uri_to_iri"
            " url_join url_parse url_quote"
        ),
    },
    "jinja2": {**_DECORATORS, **_moved("markupsafe", "Markup escape")},
    "jinja2.async_utils": {
        **_moved("jinja2.filters", "async_select_or_reject"),
        **_moved("jinja2.runtime", "AsyncLoopContext"),
        "asyncfiltervariant": "jinja2.async_utils:async_variant",
        "auto_to_seq": "jinja2.async_utils:auto_to_list",
    },
    "jinja2.bccache": {
        "marshal_dump": "marshal:dump",
        "marshal_load": "marshal:load",
        "open_if_exists": "jinja2.utils:open_if_exists",
    },
    "jinja2.ext": {
        **_moved(
            "jinja2.defaults",
            "BLOCK_END_STRING BLOCK_START_STRING COMMENT_END_STRING COMMENT_START_STRING DEFAULT_FILTERS"
            " DEFAULT_NAMESPACE DEFAULT_TESTS KEEP_TRAILING_NEWLINE LINE_COMMENT_PREFIX LINE_STATEMENT_PREFIX"
            " LSTRIP_BLOCKS NEWLINE_SEQUENCE TRIM_BLOCKS VARIABLE_END_STRING VARIABLE_START_STRING",
        ),
        "ContextReference": "jinja2.nodes:ContextReference",
        "AutoEscapeExtension": f"{_HERE}.jinja:BuiltInExtension",
        "WithExtension": f"{_HERE}.jinja:BuiltInExtension",
        "autoescape": f"{_HERE}.jinja:BuiltInExtension",
        "contextfunction": "jinja2:pass_context",
        "with_": f"{_HERE}.jinja:BuiltInExtension",
    },
    "jinja2.filters": {
        **_DECORATORS,
        **_MARKUP,
        "SecurityError": "jinja2.exceptions:SecurityError",
        "unicode_urlencode": "jinja2.utils:url_quote",
    },
    "jinja2.loaders": _moved("jinja2.utils", "LRUCache open_if_exists"),
    "jinja2.nativetypes": _MARKUP,
    "jinja2.runtime": {**_DECORATORS, **_MARKUP, "LoopContextBase": "jinja2.runtime:LoopContext"},
    "jinja2.tests": {"test_equalto": "operator:eq", "test_greaterthan": "operator:gt", "test_lessthan": "operator:lt"},
    "jinja2.utils": {
        **_DECORATORS,
        **_MARKUP,
        "is_python_keyword": "keyword:iskeyword",
        "unicode_urlencode": "jinja2.utils:url_quote",
    },
    "markupsafe": {"soft_unicode": "markupsafe:soft_str"},
    "itsdangerous": {
        "JSONWebSignatureSerializer": f"{_HERE}.tokens:JSONWebSignatureSerializer",
        "TimedJSONWebSignatureSerializer": f"{_HERE}.tokens:TimedJSONWebSignatureSerializer",
        **_moved("itsdangerous.encoding", "bytes_to_int int_to_bytes"),
        "SigningAlgorithm": "itsdangerous.signer:SigningAlgorithm",
        "compact_json": "itsdangerous._json:_CompactJSON",
        "constant_time_compare": f"{_HERE}.security:safe_str_cmp",
        "json": "json",
        "EPOCH": f"{_HERE}.tokens:EPOCH",
        "URLSafeSerializerMixin": "itsdangerous.url_safe:URLSafeSerializerMixin",
        "int_to_byte": f"{_HERE}.two_pythons:int_to_byte",
        "is_text_serializer": "itsdangerous.serializer:is_text_serializer",
    },
    "itsdangerous.signer": {"constant_time_compare": f"{_HERE}.security:safe_str_cmp"},
    "asyncio": {"coroutine": "types:coroutine"},
    "asyncio.coroutines": {"coroutine": "types:coroutine"},
    "base64": {"decodestring": "base64:decodebytes", "encodestring": "base64:encodebytes"},
    "cgi": {
        "escape": f"{_HERE}.texts:cgi_escape",
        "parse_qs": "urllib.parse:parse_qs",
        "parse_qsl": "urllib.parse:parse_qsl",
    },
    "collections": {
        name: f"collections.abc:{name}" for name in collections.abc.__all__ if name != "Buffer"  # Buffer never was here
    },
    "configparser": {"SafeConfigParser": "configparser:ConfigParser"},
    "fractions": {"gcd": "math:gcd"},
    "importlib": {"find_loader": f"{_HERE}.imp:find_loader"},
    "inspect": _moved(f"{_HERE}.arguments", "ArgSpec formatargspec getargspec"),
    "locale": {"format": "locale:format_string"},
    "os": {"errno": "errno"},
    "time": {"clock": "time:perf_counter"},
    "unittest": _moved(f"{_HERE}.suites", "findTestCases getTestCaseNames makeSuite"),
    "unittest.loader": _moved(f"{_HERE}.suites", "findTestCases getTestCaseNames makeSuite"),
    "urllib.request": _moved(
        "urllib.parse", "splitattr splithost splitpasswd splitport splitquery splittag splittype splituser splitvalue"
    ),
}

#: Module -> function that is there, and refuses what it once took -> what takes both. These alone replace something.
REPLACED: t.Final[dict[str, dict[str, str]]] = {
    "werkzeug.security": _moved(f"{_HERE}.passwords", "check_password_hash generate_password_hash"),
    # MarkupSafe's stands there, for the module's own use: added to text that is not marked as safe, it escapes that.
    "werkzeug.utils": {"escape": f"{_HERE}.texts:escape"},
}

#: Module -> class -> attribute that it once had -> its value, where that is the same for every object today.
VALUES: t.Final[dict[str, dict[str, dict[str, t.Any]]]] = {
    "werkzeug.wrappers": {
        "Request": {
            "charset": "utf-8", "disable_data_descriptor": False, "encoding_errors": "replace", "url_charset": "utf-8",
        },
        "Response": {"charset": "utf-8"},
    }
}

#: Module -> class -> method that it once had -> what takes its place.
METHODS: t.Final[dict[str, dict[str, dict[str, str]]]] = {
    "configparser": {"RawConfigParser": {"readfp": "configparser:RawConfigParser.read_file"}},
    "html.parser": {"HTMLParser": {"unescape": f"{_HERE}.texts:unescape_method"}},
    "threading": {"Thread": {"isAlive": "threading:Thread.is_alive"}},
    "unittest.case": {
        "TestCase": {
            old: f"unittest.case:TestCase.{today}"
            for old, today in {
                "assertAlmostEquals": "assertAlmostEqual",
                "assertEquals": "assertEqual",
                "assertItemsEqual": "assertCountEqual",
                "assertNotAlmostEquals": "assertNotAlmostEqual",
                "assertNotEquals": "assertNotEqual",
                "assertNotRegexpMatches": "assertNotRegex",
                "assertRaisesRegexp": "assertRaisesRegex",
                "assertRegexpMatches": "assertRegex",
                "assert_": "assertTrue",
                "failIf": "assertFalse",
                "failIfEqual": "assertNotEqual",
                "failUnless": "assertTrue",
                "failUnlessEqual": "assertEqual",
                "failUnlessRaises": "assertRaises",
            }.items()
        }
    },
    "werkzeug.datastructures.auth": {
        "WWWAuthenticate": _moved(f"{_HERE}.headers", "set_basic set_digest"),
    },
    "werkzeug.exceptions": {"HTTPException": {"wrap": f"{_HERE}.wrapped_errors:wrap"}},
}

#: The modules that have something put into them.
PLACES: t.Final = frozenset([*NAMES, *REPLACED, *VALUES, *METHODS])

#: Module that is gone -> the one that takes its place.
MODULES: t.Final[dict[str, str]] = {
    "cgi": f"{_HERE}.cgi",
    "distutils.util": f"{_HERE}.truths",
    "distutils.version": f"{_HERE}.versions",
    "imghdr": f"{_HERE}.pictures",
    "imp": f"{_HERE}.imp",
    "itsdangerous._compat": f"{_HERE}.two_pythons",
    "itsdangerous.jws": f"{_HERE}.tokens",
    "jinja2._compat": f"{_HERE}.two_pythons",
    "jinja2._markupsafe": "markupsafe",
    "jinja2.asyncfilters": "jinja2.async_utils",
    "jinja2.asyncsupport": "jinja2.async_utils",
    "markupsafe._compat": f"{_HERE}.two_pythons",
    "pipes": "shlex",
    "werkzeug._compat": f"{_HERE}.two_pythons",
    "werkzeug.contrib.atom": f"{_HERE}.feeds",
    "werkzeug.contrib.cache": f"{_HERE}.caches",
    "werkzeug.contrib.fixers": f"{_HERE}.fixers",
    "werkzeug.contrib.limiter": f"{_HERE}.limits",
    "werkzeug.contrib.lint": "werkzeug.middleware.lint",
    "werkzeug.contrib.profiler": "werkzeug.middleware.profiler",
    "werkzeug.contrib.securecookie": f"{_HERE}.signed_cookies",
    "werkzeug.contrib.sessions": f"{_HERE}.sessions",
    "werkzeug.contrib.testtools": f"{_HERE}.accessors",
    "werkzeug.contrib.wrappers": f"{_HERE}.mixins",
    "werkzeug.filesystem": f"{_HERE}.files",
    "werkzeug.posixemulation": f"{_HERE}.files",
    "werkzeug.useragents": f"{_HERE}.user_agents",
    "werkzeug.wrappers.accept": f"{_HERE}.mixins",
    "werkzeug.wrappers.auth": f"{_HERE}.mixins",
    "werkzeug.wrappers.base_request": f"{_HERE}.mixins",
    "werkzeug.wrappers.base_response": f"{_HERE}.mixins",
    "werkzeug.wrappers.common_descriptors": f"{_HERE}.mixins",
    "werkzeug.wrappers.cors": f"{_HERE}.mixins",
    "werkzeug.wrappers.etag": f"{_HERE}.mixins",
    "werkzeug.wrappers.json": f"{_HERE}.mixins",
    "werkzeug.wrappers.user_agent": f"{_HERE}.mixins",
    "xml.etree.cElementTree": "xml.etree.ElementTree",
}

#: Package that is gone, and was a place for others only -> its docstring.
PACKAGES: t.Final[dict[str, str]] = {
    "distutils": "What installed programs until Python 3.11: the little that others took from it.",
    "werkzeug.contrib": "Add-ons of Werkzeug until 1.0: those that have an equivalent today."
}
