"""What other libraries once had, and where it is today."""

from __future__ import annotations

import collections.abc
import functools
import importlib
import typing as t
import warnings


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
    "werkzeug": _WERKZEUG,
    "werkzeug.datastructures": {
        name: _STRUCTURES[name] for name in ("ImmutableOrderedMultiDict", "OrderedMultiDict")
    },
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
    },
    "werkzeug.local": {"get_ident": "threading:get_ident"},
    "werkzeug.routing": _moved(f"{_HERE}.rules", "parse_rule"),
    "werkzeug.security": _moved(f"{_HERE}.security", "pbkdf2_bin pbkdf2_hex safe_str_cmp"),
    "werkzeug.serving": {
        "BaseRequestHandler": "werkzeug.serving:WSGIRequestHandler",
        "run_with_reloader": "werkzeug._reloader:run_with_reloader",
    },
    "werkzeug.urls": _URLS,
    "werkzeug.utils": {
        **_TEXTS,
        **_ARGUMENTS,
        **_moved(f"{_HERE}.texts", "invalidate_cached_property"),
        **_moved("werkzeug.http", "dump_cookie parse_cookie"),
        **_moved("werkzeug.datastructures", "CombinedMultiDict EnvironHeaders MultiDict"),
        "detect_utf_encoding": "json:detect_encoding",
    },
    "werkzeug.wrappers": _WRAPPERS,
    "werkzeug.wsgi": {**_ENVIRONS, **_MIDDLEWARE},
    "jinja2": {**_DECORATORS, **_moved("markupsafe", "Markup escape")},
    "jinja2.ext": {
        "AutoEscapeExtension": f"{_HERE}.jinja:BuiltInExtension",
        "WithExtension": f"{_HERE}.jinja:BuiltInExtension",
        "autoescape": f"{_HERE}.jinja:BuiltInExtension",
        "contextfunction": "jinja2:pass_context",
        "with_": f"{_HERE}.jinja:BuiltInExtension",
    },
    "jinja2.filters": {**_DECORATORS, **_MARKUP},
    "jinja2.runtime": _MARKUP,
    "jinja2.utils": {**_DECORATORS, **_MARKUP, "unicode_urlencode": "jinja2.utils:url_quote"},
    "markupsafe": {"soft_unicode": "markupsafe:soft_str"},
    "itsdangerous": {
        "JSONWebSignatureSerializer": f"{_HERE}.tokens:JSONWebSignatureSerializer",
        "TimedJSONWebSignatureSerializer": f"{_HERE}.tokens:TimedJSONWebSignatureSerializer",
        **_moved("itsdangerous.encoding", "bytes_to_int int_to_bytes"),
        "SigningAlgorithm": "itsdangerous.signer:SigningAlgorithm",
        "compact_json": "itsdangerous._json:_CompactJSON",
        "constant_time_compare": f"{_HERE}.security:safe_str_cmp",
        "json": "json",
    },
    "itsdangerous.signer": {"constant_time_compare": f"{_HERE}.security:safe_str_cmp"},
    "asyncio": {"coroutine": "types:coroutine"},
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
    "inspect": _moved(f"{_HERE}.arguments", "ArgSpec formatargspec getargspec"),
    "locale": {"format": "locale:format_string"},
    "os": {"errno": "errno"},
    "time": {"clock": "time:perf_counter"},
}

#: ``module:class`` -> old attribute of it -> its value, where that is the same for every object today.
MEMBERS: t.Final[dict[str, dict[str, t.Any]]] = {
    "werkzeug.wrappers:Request": {"charset": "utf-8", "encoding_errors": "replace"},
    "werkzeug.wrappers:Response": {"charset": "utf-8"},
}

#: Module that is gone -> the one that takes its place.
MODULES: t.Final[dict[str, str]] = {
    "cgi": f"{_HERE}.cgi",
    "imp": f"{_HERE}.imp",
    "itsdangerous._compat": f"{_HERE}.two_pythons",
    "itsdangerous.jws": f"{_HERE}.tokens",
    "jinja2._compat": f"{_HERE}.two_pythons",
    "markupsafe._compat": f"{_HERE}.two_pythons",
    "pipes": "shlex",
    "werkzeug._compat": f"{_HERE}.two_pythons",
    "werkzeug.contrib.atom": f"{_HERE}.feeds",
    "werkzeug.contrib.cache": f"{_HERE}.caches",
    "werkzeug.contrib.fixers": f"{_HERE}.fixers",
    "werkzeug.contrib.lint": "werkzeug.middleware.lint",
    "werkzeug.contrib.profiler": "werkzeug.middleware.profiler",
    "werkzeug.contrib.securecookie": f"{_HERE}.signed_cookies",
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
    "werkzeug.contrib": "Add-ons of Werkzeug until 1.0: those that have an equivalent today."
}


def find(module_name: str, before: t.Callable[[str], t.Any] | None, name: str) -> t.Any:
    """The object behind a name that is gone from a module.

    :param module_name: the module.
    :param before: the ``__getattr__`` that the module has itself, which knows better.
    :param name: the name.
    :raises AttributeError: if there is none.
    """
    if before is not None:
        try:
            return before(name)
        except AttributeError:
            pass
    if name not in NAMES[module_name]:
        raise AttributeError(f"module {module_name!r} has no attribute {name!r}")
    today, _, attribute = NAMES[module_name][name].partition(":")
    module = importlib.import_module(today)
    return getattr(module, attribute) if attribute else module


def install() -> None:
    """Have the old names found in the modules that once had them."""
    for module_name in NAMES:
        namespace = vars(_import(module_name))
        before = namespace.get("__getattr__")
        if not (isinstance(before, functools.partial) and before.func is find):
            namespace["__getattr__"] = functools.partial(find, module_name, before)
    for place, members in MEMBERS.items():
        module_name, _, name = place.partition(":")
        owner = getattr(importlib.import_module(module_name), name)
        for member, value in members.items():
            if not hasattr(owner, member):
                setattr(owner, member, value)


def _import(module_name: str) -> t.Any:
    """A module of those that are patched; that Python will remove it is not the program's fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return importlib.import_module(module_name)
        except ModuleNotFoundError:  # it has been removed since: then the finder has it
            return importlib.import_module(MODULES[module_name])
