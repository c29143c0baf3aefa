"""Which rule a URL matches, with which values, and what is answered where none does: all methods on all paths."""

from __future__ import annotations

from typing import Any

from asking import Request, ask, get, post
from observing import note, outcome, plain
from werkzeug.routing import BaseConverter, BuildError, Rule, Submount, ValidationError

from flask import Blueprint, Flask, request

VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "no slashes": {"strict_slashes": False},
    "unmerged": {"merge_slashes": False},
    "no redirects": {"redirect_defaults": False},
    "no options": {"PROVIDE_AUTOMATIC_OPTIONS": False},
    "debug": {"DEBUG": True},
    "testing": {"TESTING": True},
}

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get"]


class ListConverter(BaseConverter):
    """Values with commas in between."""

    def __init__(self, url_map: Any, separator: str = ",") -> None:
        super().__init__(url_map)
        self.separator = separator

    def to_python(self, value: str) -> list[str]:
        if "bad" in value:
            raise ValidationError
        return value.split(self.separator)

    def to_url(self, value: Any) -> str:
        return self.separator.join(super(ListConverter, self).to_url(part) for part in value)


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    for name in ("strict_slashes", "merge_slashes", "redirect_defaults"):
        if name in config:
            setattr(app.url_map, name, config.pop(name))
    app.config.update(config)
    app.url_map.converters["list"] = ListConverter
    app.url_map.converters["semicolons"] = lambda url_map: ListConverter(url_map, ";")
    for rule, options in RULES:
        app.add_url_rule(rule, view_func=see, **{"endpoint": rule, **options})
    app.route("/decorated", endpoint="decorated")(see)
    for method in ("get", "post", "put", "delete", "patch"):
        getattr(app, method)("/each-method", endpoint=f"by_{method}")(see)
    app.url_map.add(Submount("/mounted", [Rule("/", endpoint="mounted"), Rule("/<x>", endpoint="mounted_x")]))
    app.endpoint("mounted")(see)
    app.endpoint("mounted_x")(see)
    app.url_map.add(Rule("/without-view", endpoint="without-view"))
    return app


def see(**values: Any) -> Any:
    rule = request.url_rule
    note("view", request.method, request.endpoint, rule.rule, sorted(rule.methods), values, request.view_args)
    return plain([request.path, request.full_path, request.base_url, request.root_path, values])


RULES: list[tuple[str, dict[str, Any]]] = [
    ("/", {}),
    ("/plain", {}),
    ("/slash/", {}),
    ("/slash/slash", {}),
    ("/either", {"strict_slashes": False}),
    ("/either-slash/", {"strict_slashes": False}),
    ("/post", {"methods": ["POST"]}),
    ("/many", {"methods": ["get", "Put", "BREW"]}),
    ("/many-tuple", {"methods": ("POST", "GET")}),
    ("/no-methods", {"methods": []}),
    ("/head", {"methods": ["HEAD"]}),
    ("/options", {"methods": ["OPTIONS", "GET"]}),
    ("/own-options", {"provide_automatic_options": False}),
    ("/own-options-method", {"provide_automatic_options": False, "methods": ["OPTIONS"]}),
    ("/given-options", {"provide_automatic_options": True, "methods": ["POST"]}),
    ("/text/<value>", {}),
    ("/text/<value>/", {}),
    ("/string/<string(length=2):value>", {}),
    ("/strings/<string(minlength=2, maxlength=3):value>", {}),
    ("/int/<int:value>", {}),
    ("/signed/<int(signed=True):value>", {}),
    ("/fixed/<int(fixed_digits=3):value>", {}),
    ("/range/<int(min=2, max=5):value>", {}),
    ("/float/<float:value>", {}),
    ("/signed-float/<float(signed=True):value>", {}),
    ("/path/<path:value>", {}),
    ("/path/<path:value>/edit", {}),
    ("/uuid/<uuid:value>", {}),
    ("/any/<any(one, two, 'th ree'):value>", {}),
    ("/list/<list:value>", {}),
    ("/semicolons/<semicolons:value>", {}),
    ("/two/<a>/<int:b>", {}),
    ("/joined/<a>-<b>.<c>", {}),
    ("/prefix<value>", {}),
    ("/page/", {"defaults": {"number": 1}, "endpoint": "page"}),
    ("/page/<int:number>", {"endpoint": "page"}),
    ("/with-default/<a>", {"defaults": {"b": "c"}}),
    ("/old", {"redirect_to": "/plain"}),
    ("/old/<value>", {"redirect_to": "/text/<value>"}),
    ("/alias", {"alias": True, "endpoint": "/plain"}),
    ("/ünï", {}),
    ("/sp ace", {}),
    ("/only", {"build_only": True}),
    ("/websocket", {"websocket": True}),
    ("/sub", {"subdomain": "sub"}),
    ("/priority/<value>", {}),
    ("/priority/fixed", {}),
    ("/<first>/catch", {}),
    ("/<path:anything>/end", {}),
]

PATHS = [
    *("/", "", "//", "/plain", "/plain/", "//plain", "/slash/", "/slash", "/slash//", "/slash/slash", "/slash//slash"),
    *(
        "/either",
        "/either/",
        "/either-slash",
        "/either-slash/",
        "/post",
        "/many",
        "/many-tuple",
        "/no-methods",
        "/head",
    ),
    *("/options", "/own-options", "/own-options-method", "/given-options", "/each-method", "/decorated", "/missing"),
    *(
        "/text/x",
        "/text/x/",
        "/text/",
        "/text/%2F",
        "/text/a%20b",
        "/text/%C3%A9",
        "/text/a+b",
        "/text/a;b",
        "/text/..",
    ),
    *("/string/ab", "/string/abc", "/strings/a", "/strings/abc", "/int/7", "/int/007", "/int/-7", "/int/x", "/int/7/"),
    *("/int/99999999999999999999", "/signed/-7", "/fixed/007", "/fixed/7", "/range/1", "/range/5", "/float/1.5"),
    *("/float/1", "/signed-float/-1.5", "/path/a/b", "/path/a//b", "/path/a/edit", "/path/", "/path//a", "/int/%31"),
    *("/uuid/12345678-1234-5678-1234-567812345678", "/uuid/x", "/any/one", "/any/th ree", "/any/four", "/list/a,b"),
    *("/list/bad", "/semicolons/a;b,c", "/two/x/7", "/two/x/y", "/joined/a-b.c", "/joined/a-b-c.d.e", "/prefixed"),
    *("/page/", "/page/1", "/page/2", "/page", "/with-default/x", "/old", "/old/x", "/alias", "/%C3%BCn%C3%AF", "/ünï"),
    *(
        "/sp ace",
        "/sp%20ace",
        "/only",
        "/websocket",
        "/sub",
        "/priority/fixed",
        "/priority/other",
        "/a/catch",
        "/a/b/end",
    ),
    *(
        "/mounted/",
        "/mounted",
        "/mounted/x",
        "/without-view",
        "/static/missing",
        "/plain?a=b&c",
        "/slash?a=b",
        "/old?a=b",
    ),
    *("/PLAIN", "/plain%00", "/%", "/%zz", "/text/%F0%9F%98%80", "/./plain", "/../plain"),
]

BYTES = ["/\xff", "/text/\xff", "/text/\xc3\xa9", "/text/\xc3", "/\xc3\xbcn\xc3\xaf", "plain", "", "//"]

VISITS: list[Request | list[Request]] = [
    *(ask(method, path) for path in PATHS for method in (METHODS if path in ("/", *PATHS[5:28]) else METHODS[:3])),
    *(get("/", name=f"path {path!r}", environ={"PATH_INFO": path}) for path in BYTES),
    *(get(path, environ={"SCRIPT_NAME": "/app"}) for path in ("/plain", "/slash", "/old", "/page/1", "/missing")),
    *(
        get(path, base_url="ws://localhost/", headers={"Upgrade": "websocket", "Connection": "Upgrade"})
        for path in ("/websocket", "/plain", "/slash", "/missing")
    ),
    post("/slash", data={"a": "b"}),
    post("/old", data={"a": "b"}),
    get("/", environ={"QUERY_STRING": "a=\xff&b=%ff"}),
    get("/slash", environ={"QUERY_STRING": "a=\xff&b=%ff"}),
]


def rules_of(app: Flask) -> Any:
    return [[str(rule), rule.endpoint, sorted(rule.methods or ())] for rule in app.url_map.iter_rules()]


def probe_rules() -> Any:
    """What the URL map holds."""
    return rules_of(create())


def probe_what_can_be_registered() -> dict[str, Any]:
    """Which rules, endpoints and methods are refused."""

    def add(*args: Any, **options: Any) -> Any:
        app = Flask(__name__, static_folder=None)
        app.add_url_rule(*args, **options)
        return rules_of(app)

    app = Flask(__name__)
    app.add_url_rule("/a", "a", see)
    return {
        "nothing but a rule": outcome(add, "/"),
        "an endpoint alone": outcome(add, "/", "endpoint"),
        "a function alone": outcome(add, "/", view_func=see),
        "a lambda": outcome(add, "/", view_func=lambda: ""),
        "a partial": outcome(add, "/", view_func=__import__("functools").partial(see)),
        "an object": outcome(add, "/", "endpoint", view_func=ListConverter),
        "no slash": outcome(add, "x", "x", see),
        "no text": outcome(add, None, "x", see),
        "empty": outcome(add, "", "x", see),
        "methods as text": outcome(add, "/", "x", see, methods="GET"),
        "methods None": outcome(add, "/", "x", see, methods=None),
        "methods of no text": outcome(add, "/", "x", see, methods=[1]),
        "unknown converter": outcome(add, "/<unknown:x>", "x", see),
        "twice the same name": outcome(add, "/<x>/<x>", "x", see),
        "malformed": outcome(add, "/<x", "x", see),
        "unknown option": outcome(add, "/", "x", see, unknown=1),
        "dots": outcome(add, "/", "a.b", see),
        "another function": outcome(app.add_url_rule, "/b", "a", lambda: ""),
        "the same function": outcome(app.add_url_rule, "/c", "a", see),
        "no function": outcome(app.add_url_rule, "/d", "a"),
        "get with methods": outcome(app.get("/e", methods=["POST"]), see),
        "post": outcome(lambda: app.post("/f")(see) is see),
        "endpoint": outcome(lambda: app.endpoint("a")(abs) is abs),
    }


def probe_required_methods() -> Any:
    """What a view function says of itself."""
    app = Flask(__name__, static_folder=None)

    def view() -> str:
        return ""

    view.methods = ["PUT"]  # type: ignore[attr-defined]
    view.required_methods = ["delete"]  # type: ignore[attr-defined]
    view.provide_automatic_options = False  # type: ignore[attr-defined]
    app.add_url_rule("/view", view_func=view)
    app.add_url_rule("/other", "other", view, methods=["GET"], provide_automatic_options=True)
    return rules_of(app)


def probe_build() -> dict[str, Any]:
    """URLs of rules and values."""
    app = create()
    with app.test_request_context("/"):
        values: dict[str, dict[str, Any]] = {
            "/text/<value>": {"value": "a/b é?"},
            "/path/<path:value>": {"value": "a/b é?"},
            "/int/<int:value>": {"value": "7"},
            "/fixed/<int(fixed_digits=3):value>": {"value": 7},
            "/float/<float:value>": {"value": 1},
            "/list/<list:value>": {"value": ["a", "b/c"]},
            "/any/<any(one, two, 'th ree'):value>": {"value": "four"},
            "/two/<a>/<int:b>": {"a": 1},
            "page": {"number": 1},
            "/with-default/<a>": {"a": "x", "b": "c"},
            "/sub": {},
            "/only": {},
            "/websocket": {},
            "/ünï": {},
            "missing": {},
            "/plain": {"a": [1, 2], "b": None, "c": "é", "d": True, "e": {"x": 1}},
        }
        return {name: outcome(app.url_for, name, **options) for name, options in values.items()}


def probe_url_values() -> Any:
    """URL value preprocessors and defaults, of the application and of a blueprint."""
    app, blueprint = Flask(__name__), Blueprint("b", __name__, url_prefix="/<language>")

    @app.url_value_preprocessor
    def pull(endpoint: str | None, values: dict[str, Any] | None) -> None:
        note("app", endpoint, values)

    @blueprint.url_value_preprocessor
    def pull_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        note("blueprint", endpoint, values.pop("language") if values else None)

    @app.url_defaults
    def add(endpoint: str, values: dict[str, Any]) -> None:
        note("defaults of the app", endpoint, values)
        values.setdefault("from_app", "1")

    @blueprint.url_defaults
    def add_language(endpoint: str, values: dict[str, Any]) -> None:
        note("defaults of the blueprint", endpoint, values)
        values.setdefault("language", "de")

    blueprint.app_url_defaults(lambda endpoint, values: note("defaults by the blueprint", endpoint))
    blueprint.app_url_value_preprocessor(lambda endpoint, values: note("by the blueprint", endpoint))
    blueprint.add_url_rule("/page", "page", lambda: app.url_for(".page") + app.url_for("b.page", language="fr"))
    app.add_url_rule("/", "index", lambda: app.url_for("b.page") + app.url_for("index"))
    app.register_blueprint(blueprint)
    client = app.test_client()
    return [client.get(path).text for path in ("/", "/en/page", "/missing")]


def probe_routing_exception() -> Any:
    """What a request knows of a URL that matched nothing."""
    app = Flask(__name__)
    app.add_url_rule("/post", "post", see, methods=["POST"])
    app.add_url_rule("/slash/", "slash", see)
    found = {}
    for path in ("/missing", "/post", "/slash", "/slash/"):
        with app.test_request_context(path):
            found[path] = plain(
                [request.routing_exception, request.url_rule, request.view_args, request.endpoint, request.blueprints]
            )
            found[f"{path} raised"] = outcome(app.dispatch_request)
            found[f"{path} options"] = outcome(lambda: app.make_default_options_response().headers["Allow"])
    return found


def probe_build_error() -> Any:
    """The error of building a URL."""
    app = create()
    with app.test_request_context("/"):
        try:
            app.url_for("missing", a=1, _external=True, _method="GET")
        except BuildError as error:
            return {"endpoint": error.endpoint, "values": error.values, "method": error.method}
