"""Names of Flask that releases removed, and what to write today; all of them work here.

The few that do not stand with the names of others, in :mod:`.library_changes`.

The releases are the first ones without the name, by the facts in ``tests/spec/api-eras.json``; a test holds them
against this table. Members stand below the name that their class has in the package: ``flask.Flask``.
"""

from __future__ import annotations

import typing as t

_SCAFFOLD: t.Final = "`flask.sansio.scaffold`; applications and blueprints have all of it"
_PY2: t.Final = "what Python 3 has by itself: `str`, `int`, `dict.items()`, `raise`"
_JSON_CLASS: t.Final = "a subclass of `flask.json.provider.DefaultJSONProvider`, as `app.json = MyProvider(app)`"
_NO_PRESERVING: t.Final = "nothing: contexts are not kept; a test's `with client:` keeps its own"
_FIRST_REQUEST: t.Final = "call the function where the application is made, in `with app.app_context():`"
_BUILT_IN: t.Final = "nothing: it is part of Jinja"
_TYPE: t.Final = "the types of `flask.typing` that are there today, or your own alias"

#: (what the names begin with, the first release without them) -> the name, and what there is today.
FLASK: t.Final[t.Mapping[tuple[str, str], t.Mapping[str, str]]] = {
    # -- modules and names of modules
    ("flask.", "0.11"): {
        "Module": "`flask.Blueprint`",
        "module": "`flask.Blueprint`",
    },
    ("flask.", "1.0"): {
        "ext": "the package of the extension itself: `flask_name` for `flask.ext.name`",
        "exthook": "the package of the extension itself: `flask_name` for `flask.ext.name`",
    },
    ("flask.", "1.1"): {"Session": "`flask.sessions.SecureCookieSession`"},
    ("flask.", "2.0"): {
        "_compat": _PY2,
        "json_available": "nothing: JSON is always available",
    },
    ("flask.", "2.1"): {"safe_join": "`from werkzeug.utils import safe_join`"},
    # Some of these 2.2 and 2.3 gave only to who asked for them, with a warning.
    ("flask.", "3.0"): {
        "_app_ctx_stack": "`g` to keep something for a context; `flask.globals.app_ctx` for the context itself",
        "_request_ctx_stack": "`g` to keep something for a request; `flask.globals.request_ctx` for the context itself",
        "Markup": "`from markupsafe import Markup`",
        "escape": "`from markupsafe import escape`",
        "signals_available": "nothing: signals are always available",
        "scaffold": _SCAFFOLD,
    },
    ("flask.session.", "0.10"): {
        "NullSession": "`flask.sessions.NullSession`",
        "SecureCookieSession": "`flask.sessions.SecureCookieSession`",
        "Session": "`flask.sessions.SecureCookieSession`",
    },
    ("flask.app.", "2.0"): {"setupmethod": "`flask.sansio.scaffold.setupmethod`"},
    ("flask.blueprints.", "3.0"): {"DeferredSetupFunction": "`flask.sansio.blueprints.DeferredSetupFunction`"},
    ("flask.ctx.", "0.10"): {"_RequestGlobals": "`flask.ctx._AppCtxGlobals`"},
    ("flask.ctx.", "2.2"): {
        "_app_ctx_stack": "`flask.globals.app_ctx`",
        "_request_ctx_stack": "`flask.globals.request_ctx`",
    },
    ("flask.globals.", "0.10"): {"_lookup_object": "`flask.globals.request_ctx`"},
    ("flask.globals.", "3.0"): {
        "_app_ctx_stack": "`flask.globals.app_ctx`",
        "_request_ctx_stack": "`flask.globals.request_ctx`",
    },
    ("flask.globals.", "2.2"): {
        "_find_app": "`flask.current_app`",
        "_lookup_app_object": "`flask.globals.app_ctx`",
        "_lookup_req_object": "`flask.globals.request_ctx`",
    },
    ("flask.helpers.", "0.10"): {
        "json": "`from flask import json`",
        "json_available": "nothing: JSON is always available",
        "jsonify": "`from flask import jsonify`",
    },
    ("flask.helpers.", "2.0"): {
        "_PackageBoundObject": "`flask.sansio.scaffold.Scaffold`",
        "_endpoint_from_view_func": "the name of the function: `view.__name__`",
        "find_package": "`flask.sansio.scaffold.find_package`",
    },
    ("flask.helpers.", "2.1"): {
        "safe_join": "`from werkzeug.utils import safe_join`",
        "total_seconds": "`timedelta.total_seconds()`",
    },
    ("flask.helpers.", "2.3"): {"get_env": "`app.debug`, or a setting of your own"},
    ("flask.helpers.", "3.0"): {
        "is_ip": "`ipaddress.ip_address()`",
        "locked_cached_property": "`werkzeug.utils.cached_property`, with a lock where several threads may race",
    },
    ("flask.json.", "2.0"): {
        "detect_encoding": "`json.loads()`, which takes bytes in UTF-8, 16 and 32",
        "tojson_filter": "the filter `|tojson` of Jinja, or `jinja2.utils.htmlsafe_json_dumps()`",
    },
    ("flask.json.", "2.3"): {
        "JSONDecoder": _JSON_CLASS,
        "JSONEncoder": _JSON_CLASS,
        "htmlsafe_dump": "`jinja2.utils.htmlsafe_json_dumps()`",
        "htmlsafe_dumps": "`jinja2.utils.htmlsafe_json_dumps()`",
    },
    ("flask.logging.", "1.0"): {
        "DEBUG_LOG_FORMAT": "`logging.basicConfig(format=...)`",
        "PROD_LOG_FORMAT": "`logging.basicConfig(format=...)`",
    },
    ("flask.signals.", "3.0"): {"signals_available": "nothing: signals are always available"},
    ("flask.testing.", "2.0"): {"make_test_environ_builder": "`flask.testing.EnvironBuilder`"},
    ("flask.typing.", "2.1"): {"GenericException": _TYPE, "HeaderName": _TYPE, "StatusCode": _TYPE},
    ("flask.typing.", "2.2"): {"ErrorHandlerDecorator": _TYPE, "RouteDecorator": _TYPE, "ViewCallable": _TYPE},
    ("flask.views.", "2.2"): {"MethodViewType": "`flask.views.MethodView`, which needs no metaclass"},
    ("flask.wrappers.", "2.0"): {"JSONMixin": "nothing: requests and responses have the methods for JSON"},
    # -- members of the application
    ("flask.Flask.", "0.11"): {
        "debug_log_format": "`logging.basicConfig(format=...)`",
        "enable_modules": "nothing: use blueprints",
        "modules": "`app.blueprints`",
        "register_module": "`app.register_blueprint()`",
    },
    ("flask.Flask.", "1.0"): {
        "error_handlers": "`app.errorhandler()` or `app.register_error_handler()`",
        "init_jinja_globals": "override `create_jinja_environment()`",
        "logger_name": "`app.logger.name`, which is the application's name; configure it by `logging`",
        "request_globals_class": "`app.app_ctx_globals_class`",
    },
    ("flask.Flask.", "2.0"): {
        "make_null_session": "`app.session_interface.make_null_session(app)`",
        "open_session": "`app.session_interface.open_session(app, request)`",
        "save_session": "`app.session_interface.save_session(app, session, response)`",
    },
    ("flask.Flask.", "2.2"): {
        "_is_setup_finished": "nothing: registering late raises an error by itself",
        "preserve_context_on_exception": _NO_PRESERVING,
        "try_trigger_before_first_request_functions": _FIRST_REQUEST,
    },
    ("flask.Flask.", "2.3"): {
        "before_first_request": _FIRST_REQUEST,
        "before_first_request_funcs": _FIRST_REQUEST,
        "env": "`app.debug`, or a setting of your own",
        "json_decoder": _JSON_CLASS,
        "json_encoder": _JSON_CLASS,
        "propagate_exceptions": '`app.config["PROPAGATE_EXCEPTIONS"]`',
        "send_file_max_age_default": '`app.config["SEND_FILE_MAX_AGE_DEFAULT"]`',
        "session_cookie_name": '`app.config["SESSION_COOKIE_NAME"]`',
        "templates_auto_reload": '`app.config["TEMPLATES_AUTO_RELOAD"]`',
        "use_x_sendfile": '`app.config["USE_X_SENDFILE"]`',
    },
    ("flask.Flask.", "3.0"): {"got_first_request": "nothing: registering late raises an error by itself"},
    ("flask.Flask.jinja_options[", "Jinja 3.1"): {
        "jinja2.ext.WithExtension]": _BUILT_IN,
        "jinja2.ext.autoescape]": _BUILT_IN,
        "jinja2.ext.with_]": _BUILT_IN,
    },
    ("flask.Flask(", "1.0"): {"static_path)": "`static_url_path=`"},
    # -- of blueprints, contexts, configuration, the request
    ("flask.Blueprint.", "2.2"): {
        "_is_setup_finished": "nothing: registering late raises an error by itself",
        "warn_on_modifications": "nothing: registering late raises an error by itself",
    },
    ("flask.Blueprint.", "2.3"): {
        "before_app_first_request": _FIRST_REQUEST,
        "json_decoder": "what the application has: blueprints have no JSON of their own",
        "json_encoder": "what the application has: blueprints have no JSON of their own",
    },
    ("flask.Blueprint.register(", "2.0"): {"first_registration)": "nothing: the blueprint knows by itself"},
    ("flask.Config.", "2.1"): {"from_json": "`config.from_file(filename, load=json.load)`"},
    ("flask.Config[", "1.0"): {
        "LOGGER_NAME]": "`app.logger.name`, which is the application's name",
    },
    ("flask.Config[", "2.2"): {"PRESERVE_CONTEXT_ON_EXCEPTION]": _NO_PRESERVING},
    ("flask.Config[", "2.3"): {
        "ENV]": "`DEBUG`, or a setting of your own",
        "JSON_AS_ASCII]": "`app.json.ensure_ascii`",
        "JSON_SORT_KEYS]": "`app.json.sort_keys`",
        "JSONIFY_MIMETYPE]": "`app.json.mimetype`",
        "JSONIFY_PRETTYPRINT_REGULAR]": "`app.json.compact`",
    },
    ("flask.ctx.RequestContext.", "2.2"): {
        "auto_pop": "`pop()`",
        "g": "`flask.g`",
        "preserved": _NO_PRESERVING,
    },
    ("flask.Request.", "1.0"): {"module": "`request.blueprint`"},
    ("flask.Request.", "Werkzeug 1.0"): {
        "is_xhr": 'a header that your scripts send, or `request.accept_mimetypes.best == "application/json"`'
    },
    # -- parameters
    ("flask.helpers.get_debug_flag(", "1.0"): {"default)": "nothing: False where FLASK_DEBUG is not set"},
    ("flask.render_template(", "0.9"): {"template_name)": "`template_name_or_list=`"},
    ("flask.send_file(", "2.0"): {"filename_or_fp)": "`path_or_file=`"},
    ("flask.send_file(", "2.2"): {
        "add_etags)": "`etag=`",
        "attachment_filename)": "`download_name=`",
        "cache_timeout)": "`max_age=`",
    },
    ("flask.send_from_directory(", "2.2"): {
        "add_etags)": "`etag=`",
        "attachment_filename)": "`download_name=`",
        "cache_timeout)": "`max_age=`",
        "filename)": "`path=`",
    },
    ("flask.json.dump(", "2.1"): {"encoding)": "write to a file of text, opened with that encoding"},
    ("flask.json.dumps(", "2.1"): {"encoding)": "`json.dumps(...).encode()`"},
    ("flask.json.load(", "2.1"): {"encoding)": "a file of text, opened with that encoding"},
    ("flask.json.loads(", "2.1"): {"encoding)": "`data.decode(encoding)` before; UTF-8, 16 and 32 need none"},
    ("flask.json.dump(", "2.3"): {"app)": "an application context: `with app.app_context():`"},
    ("flask.json.dumps(", "2.3"): {"app)": "an application context: `with app.app_context():`"},
    ("flask.json.load(", "2.3"): {"app)": "an application context: `with app.app_context():`"},
    ("flask.json.loads(", "2.3"): {"app)": "an application context: `with app.app_context():`"},
}

#: Names of the above that are there, and do what they did in the eras up to this one.
LAST_ERAS: t.Final[t.Mapping[str, str]] = {
    "flask.Flask.debug_log_format": "0.12",
}
