"""What a stage of a request may do where a program replaces it."""

from __future__ import annotations

import asyncio
import functools
import typing as t

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule

import flask
from flask import Blueprint, Flask, Response, render_template_string, request, session
from flask.ctx import AppContext, RequestContext
from flask.sessions import SecureCookieSessionInterface, SessionInterface
from flask.testing import FlaskClient


def test_preprocess_request_that_answers(app: Flask, client: FlaskClient) -> None:
    app.preprocess_request = lambda: ("closed", 503)  # type: ignore[method-assign]
    app.before_request(lambda: pytest.fail("called"))
    assert client.get("/").status_code == 503


def test_dispatch_request_that_returns_what_a_view_may_return(app: Flask, client: FlaskClient) -> None:
    app.dispatch_request = lambda: {"path": request.path}  # type: ignore[method-assign]
    assert client.get("/nowhere").json == {"path": "/nowhere"}


def test_dispatch_request_that_raises(app: Flask, client: FlaskClient) -> None:
    def dispatch_request() -> t.NoReturn:
        raise ZeroDivisionError

    app.errorhandler(ZeroDivisionError)(lambda error: "handled")
    app.dispatch_request = dispatch_request  # type: ignore[method-assign]
    assert client.get("/").text == "handled"


def test_full_dispatch_request_that_returns_a_response(app: Flask, client: FlaskClient) -> None:
    app.full_dispatch_request = lambda: Response("all")  # type: ignore[method-assign]
    assert client.get("/").text == "all"


def test_finalize_request_that_makes_its_own_response(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    flags: list[bool] = []

    def finalize_request(rv: t.Any, from_error_handler: bool = False) -> Response:
        flags.append(from_error_handler)
        return Response(f"made of {rv if isinstance(rv, str) else type(rv).__name__}")

    app.finalize_request = finalize_request  # type: ignore[method-assign]
    app.add_url_rule("/", endpoint="index", view_func=lambda: "index")
    app.add_url_rule("/fail", endpoint="fail", view_func=lambda: 1 / 0)
    assert client.get("/").text == "made of index"
    assert client.get("/nowhere").text == "made of NotFound"
    assert client.get("/fail").text == "made of InternalServerError"
    assert flags == [False, False, True]


def test_make_response_that_takes_more(client: FlaskClient) -> None:
    class Mine(Flask):
        def make_response(self, rv: t.Any) -> Response:
            return super().make_response(str(rv) if isinstance(rv, int) else rv)

    app = Mine(__name__)
    app.add_url_rule("/", endpoint="index", view_func=lambda: 42)
    assert app.test_client().get("/").text == "42"
    with app.test_request_context():
        assert flask.make_response(43).data == b"43"


def test_process_response_that_replaces_the_response(app: Flask, client: FlaskClient) -> None:
    app.process_response = lambda response: Response("processed")  # type: ignore[method-assign]
    app.after_request(lambda response: pytest.fail("called"))
    assert client.get("/").text == "processed"


def test_handle_user_exception_that_handles_all(app: Flask, client: FlaskClient) -> None:
    app.handle_user_exception = lambda error: f"handled {type(error).__name__}"  # type: ignore[method-assign]
    app.add_url_rule("/", endpoint="index", view_func=lambda: 1 / 0)
    assert client.get("/").text == "handled ZeroDivisionError"
    assert client.get("/nowhere").text == "handled NotFound"


def test_handlers_of_exceptions_replaced_by_partials_around_the_originals(app: Flask, client: FlaskClient) -> None:
    """What Flask-RESTful and its kin do."""

    def route(original: t.Callable[[Exception], t.Any], error: Exception) -> t.Any:
        return "ours" if isinstance(error, ZeroDivisionError) and request.path == "/api" else original(error)

    app.testing = False
    app.handle_exception = functools.partial(route, app.handle_exception)  # type: ignore[method-assign]
    app.handle_user_exception = functools.partial(route, app.handle_user_exception)  # type: ignore[method-assign]
    for path in ("/api", "/page"):
        app.add_url_rule(path, endpoint=path, view_func=lambda: 1 / 0)
    app.errorhandler(404)(lambda error: "missing")
    assert client.get("/api").text == "ours"
    assert client.get("/page").status_code == 500
    assert client.get("/nowhere").text == "missing"


def test_handle_exception_that_answers(app: Flask, client: FlaskClient) -> None:
    app.handle_exception = lambda error: Response(repr(error), 502)  # type: ignore[method-assign]
    app.add_url_rule("/", endpoint="index", view_func=lambda: {}["x"])
    response = client.get("/")
    assert (response.status_code, response.text) == (502, "KeyError('x')")


def test_raise_routing_exception_that_raises_another(app: Flask, client: FlaskClient) -> None:
    def raise_routing_exception(request: flask.Request) -> t.NoReturn:
        assert isinstance(request.routing_exception, NotFound)
        flask.abort(410)

    app.raise_routing_exception = raise_routing_exception  # type: ignore[method-assign]
    assert client.get("/").status_code == 410


def test_make_default_options_response(app: Flask, client: FlaskClient) -> None:
    app.make_default_options_response = lambda: Response("options", 299)  # type: ignore[method-assign]
    app.add_url_rule("/", endpoint="index", view_func=lambda: "")
    response = client.options("/")
    assert (response.status_code, response.text) == (299, "options")


def test_log_exception_gets_what_sys_exc_info_gives(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    logged: list[t.Any] = []
    app.log_exception = logged.append  # type: ignore[method-assign]
    app.add_url_rule("/", endpoint="index", view_func=lambda: 1 / 0)
    assert client.get("/").status_code == 500
    ((kind, error, traceback),) = logged
    assert kind is ZeroDivisionError
    assert isinstance(error, ZeroDivisionError)
    assert traceback is error.__traceback__


def test_trap_http_exception_that_traps(app: Flask, client: FlaskClient) -> None:
    app.trap_http_exception = lambda error: error.code == 404  # type: ignore[method-assign, attr-defined]
    with pytest.raises(NotFound):
        client.get("/nowhere")
    app.url_map.add(Rule("/", endpoint="index", methods=["POST"]))
    assert client.get("/").status_code == 405


def test_should_ignore_error_keeps_an_error_from_the_teardown_functions(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    seen: list[t.Any] = []
    app.teardown_request(seen.append)
    app.teardown_appcontext(seen.append)
    app.should_ignore_error = lambda error: isinstance(error, ZeroDivisionError)  # type: ignore[method-assign]
    app.add_url_rule("/", endpoint="index", view_func=lambda: 1 / 0)
    assert client.get("/").status_code == 500
    assert seen == [None, None]


def test_do_teardown_functions_that_do_nothing(app: Flask, client: FlaskClient) -> None:
    app.teardown_request(lambda exc: pytest.fail("called"))
    app.teardown_appcontext(lambda exc: pytest.fail("called"))
    seen: list[t.Any] = []
    app.do_teardown_request = lambda exc=None: seen.append(exc)  # type: ignore[method-assign]
    app.do_teardown_appcontext = lambda exc=None: seen.append(exc)  # type: ignore[method-assign]
    client.get("/")
    with app.app_context():
        pass
    assert seen == [None, None, None]


def test_create_url_adapter_that_goes_another_way(app: Flask, client: FlaskClient) -> None:
    original = app.create_url_adapter

    def create_url_adapter(request: flask.Request | None) -> t.Any:
        if request is not None and request.path.startswith("/old"):
            return app.url_map.bind("localhost", path_info="/new" + request.path[4:])
        return original(request)

    app.create_url_adapter = create_url_adapter  # type: ignore[method-assign]
    app.add_url_rule("/new/<name>", endpoint="page", view_func=lambda name: f"{request.path} {name}")
    assert client.get("/old/x").text == "/old/x x"
    assert client.get("/new/x").text == "/new/x x"


def test_create_url_adapter_that_gives_none(app: Flask, client: FlaskClient) -> None:
    app.create_url_adapter = lambda request: None  # type: ignore[method-assign]
    app.dispatch_request = lambda: f"{request.url_rule} {request.endpoint}"  # type: ignore[method-assign]
    assert client.get("/").text == "None None"


def test_request_context_of_another_class(client: FlaskClient) -> None:
    class Context(RequestContext):
        def match_request(self) -> None:
            super().match_request()
            if self.request.url_rule is None:
                self.request.routing_exception = None
                self.request.url_rule, self.request.view_args = next(self.app.url_map.iter_rules("any")), {}

    class Mine(Flask):
        def request_context(self, environ: t.Any) -> Context:
            return Context(self, environ)

    app = Mine(__name__)
    app.add_url_rule("/any", endpoint="any", view_func=lambda: f"any {request.path}")
    assert app.test_client().get("/nowhere").text == "any /nowhere"
    with app.test_request_context() as ctx:
        assert type(ctx) is Context


def test_app_context_of_another_class() -> None:
    class Context(AppContext):
        pass

    class Mine(Flask):
        def app_context(self) -> Context:
            return Context(self)

    app = Mine(__name__)
    with app.app_context() as ctx:
        assert type(ctx) is Context
    view = lambda: type(flask.globals.app_ctx._get_current_object()).__name__  # noqa: E731
    app.add_url_rule("/", endpoint="index", view_func=view)
    assert app.test_client().get("/").text == "Context"


def test_sessions_of_an_application_that_overrides_their_opening_and_saving() -> None:
    class Mine(Flask):
        saved: t.ClassVar[dict[str, t.Any]] = {}

        def open_session(self, request: flask.Request) -> t.Any:
            session = SecureCookieSessionInterface.session_class(self.saved)
            session.modified = False
            return session

        def save_session(self, session: t.Any, response: Response) -> None:
            self.saved.update(session)

    app = Mine(__name__)
    app.add_url_rule("/<name>", endpoint="page", view_func=lambda name: str(session.setdefault("name", name)))
    assert [app.test_client().get(f"/{name}").text for name in ("a", "b")] == ["a", "a"]
    assert Mine.saved == {"name": "a"}


def test_a_session_that_cannot_be_opened_is_made_null() -> None:
    made = []

    class Closed(SessionInterface):
        def open_session(self, app: Flask, request: flask.Request) -> None:
            return None

        def save_session(self, app: Flask, session: t.Any, response: Response) -> None:
            pytest.fail("a null session is not saved")

    class Mine(Flask):
        session_interface = Closed()

        def make_null_session(self) -> t.Any:
            made.append("null")
            return super().make_null_session()

    app = Mine(__name__)
    app.add_url_rule("/", endpoint="index", view_func=lambda: type(session._get_current_object()).__name__)
    assert app.test_client().get("/").text == "NullSession"
    assert made == ["null"]


def test_update_template_context_that_adds_more(client: FlaskClient) -> None:
    class Mine(Flask):
        def update_template_context(self, context: dict[str, t.Any]) -> None:
            super().update_template_context(context)
            context["more"] = f"{context['given']} and more"

    with Mine(__name__).test_request_context():
        assert render_template_string("{{ more }}", given="given") == "given and more"


def test_url_for_and_url_defaults(client: FlaskClient) -> None:
    class Mine(Flask):
        def url_for(self, endpoint: str, **values: t.Any) -> str:
            return f"{super().url_for(endpoint, **values)}#{endpoint}"

        def inject_url_defaults(self, endpoint: str, values: dict[str, t.Any]) -> None:
            super().inject_url_defaults(endpoint, values)
            values["injected"] = "1"

    app = Mine(__name__)
    app.add_url_rule("/", endpoint="index")
    with app.test_request_context():
        assert flask.url_for("index") == "/?injected=1#index"
        assert render_template_string("{{ url_for('index') }}") == "/?injected=1#index"


def test_ensure_sync_is_asked_for_all_of_the_users_functions() -> None:
    asked: list[t.Any] = []

    class Mine(Flask):
        def ensure_sync(self, func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
            asked.append(func)
            return super().ensure_sync(func)

    def named(name: str) -> t.Callable[..., t.Any]:
        def function(*args: t.Any, **kwargs: t.Any) -> t.Any:
            return args[0] if name == "after" else {} if name == "context" else None

        function.__name__ = name
        return function

    app = Mine(__name__)
    app.before_first_request(named("first"))
    app.before_request(named("before"))
    app.after_request(named("after"))
    app.teardown_request(named("teardown"))
    app.teardown_appcontext(named("appcontext"))
    app.url_value_preprocessor(named("values"))
    app.context_processor(named("context"))

    @app.route("/")
    def view() -> str:
        flask.after_this_request(named("after"))
        render_template_string("")
        flask.abort(404)

    @app.errorhandler(404)
    def handler(error: NotFound) -> str:
        return "missing"

    assert app.test_client().get("/").text == "missing"
    names = [function.__name__ for function in asked]
    assert {*names} >= {
        *("first", "before", "after", "teardown", "appcontext", "values", "context", "view", "handler"),
    }
    assert names.count("after") == 2


def test_ensure_sync_that_wraps_is_used_for_stages_called_by_hand() -> None:
    calls: list[str] = []

    class Mine(Flask):
        def ensure_sync(self, func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
            def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
                calls.append(func.__name__)
                return func(*args, **kwargs)

            return call

    app = Mine(__name__)

    @app.before_request
    def hook() -> None:
        pass

    @app.teardown_request
    def teardown(exc: t.Any) -> None:
        pass

    with app.test_request_context():
        app.preprocess_request()
    assert calls == ["hook", "teardown"]


def test_ensure_sync_that_is_overridden_leaves_coroutines_of_plain_functions_to_the_framework() -> None:
    class Mine(Flask):
        def ensure_sync(self, func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
            return super().ensure_sync(func)

    async def view() -> str:
        await asyncio.sleep(0)
        return "view"

    app = Mine(__name__)
    app.add_url_rule("/", endpoint="index", view_func=lambda: view())
    assert app.test_client().get("/").text == "view"


def test_async_to_sync_runs_all_coroutines() -> None:
    ran: list[str] = []

    class Mine(Flask):
        def async_to_sync(self, func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
            def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
                ran.append(func.__name__)
                return asyncio.run(func(*args, **kwargs))

            return call

    app = Mine(__name__)

    @app.before_request
    async def before() -> None:
        await asyncio.sleep(0)

    @app.route("/")
    async def view() -> str:
        await asyncio.sleep(0)
        return "view"

    @app.after_request
    async def after(response: Response) -> Response:
        return response

    @app.teardown_request
    async def teardown(exc: t.Any) -> None:
        pass

    @app.teardown_appcontext
    async def appcontext(exc: t.Any) -> None:
        pass

    assert app.test_client().get("/").text == "view"
    assert ran == ["before", "view", "after", "teardown", "appcontext"]


def test_stages_written_as_coroutine_functions(client: FlaskClient) -> None:
    """A later Flask has none of these; here an override may be async, as views may."""
    steps: list[str] = []

    class Mine(Flask):
        async def preprocess_request(self) -> t.Any:  # type: ignore[override]
            steps.append("preprocess")
            await asyncio.sleep(0)
            return super().preprocess_request()

        async def dispatch_request(self) -> t.Any:  # type: ignore[override]
            steps.append("dispatch")
            await asyncio.sleep(0)
            return super().dispatch_request()

        async def process_response(self, response: Response) -> Response:  # type: ignore[override]
            steps.append("process")
            await asyncio.sleep(0)
            return super().process_response(response)

    app = Mine(__name__)
    app.add_url_rule("/", endpoint="index", view_func=lambda: "index")
    assert app.test_client().get("/").text == "index"
    assert steps == ["preprocess", "dispatch", "process"]


# Other members that are made to be overridden


def test_create_jinja_environment_and_its_parts() -> None:
    class Mine(Flask):
        def create_jinja_environment(self) -> t.Any:
            environment = super().create_jinja_environment()
            environment.globals["made"] = "here"
            return environment

        def select_jinja_autoescape(self, filename: str | None) -> bool:
            return False

    with Mine(__name__).app_context():
        assert render_template_string("{{ made }} {{ '<' }}") == "here <"


def test_init_jinja_globals_of_old_programs_is_called_once_and_warns() -> None:
    calls: list[str] = []

    class Old(Flask):
        def init_jinja_globals(self) -> None:
            calls.append("init")
            self.jinja_env.globals["old"] = "old"

    app = Old(__name__)
    with pytest.warns(DeprecationWarning, match=r"init_jinja_globals.*create_jinja_environment\(\) instead") as caught:
        environment = app.jinja_env
    assert len(caught) == 1
    assert app.jinja_env is environment
    with app.app_context():
        assert render_template_string("{{ old }}") == "old"
    assert calls == ["init"]


def test_attributes_that_decide_which_classes_are_used() -> None:
    class Globals(flask.ctx._AppCtxGlobals):
        mark = "mine"

    class Config(flask.Config):
        pass

    class Mine(Flask):
        app_ctx_globals_class = Globals
        config_class = Config

    app = Mine(__name__)
    assert type(app.config) is Config
    with app.app_context():
        assert flask.g.mark == "mine"


def test_errorhandler_lookup_of_a_blueprint_registered_by_an_overridden_register_blueprint() -> None:
    class Mine(Flask):
        def register_blueprint(self, blueprint: Blueprint, **options: t.Any) -> None:
            super().register_blueprint(blueprint, **{"url_prefix": "/prefixed", **options})

    app, shop = Mine(__name__), Blueprint("shop", __name__)
    shop.add_url_rule("/", endpoint="index", view_func=lambda: flask.abort(404))
    shop.errorhandler(404)(lambda error: "missing")
    app.register_blueprint(shop)
    assert app.test_client().get("/prefixed/").text == "missing"


def test_add_url_rule_is_what_route_calls() -> None:
    class Mine(Flask):
        def add_url_rule(self, rule: str, *args: t.Any, **options: t.Any) -> None:
            super().add_url_rule(f"/v1{rule}", *args, **options)

    app = Mine(__name__, static_folder=None)
    app.route("/a")(str)
    app.get("/b", endpoint="b")(str)
    assert {rule.rule for rule in app.url_map.iter_rules()} == {"/v1/a", "/v1/b"}


def test_a_method_put_on_the_class_between_two_requests(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the class has had something else put on it before, which is none of the methods."""
    app.add_url_rule("/", view_func=lambda: "answered")
    with monkeypatch.context() as other:
        other.setattr(Flask, "register_blueprint", lambda self, *args: None)
        other.setattr(Flask, "of_an_extension", 1, raising=False)
        assert client.get("/").text == "answered"
    with monkeypatch.context() as patch:
        patch.setattr(Flask, "make_response", lambda self, rv: Response(f"made of {rv}"))
        assert client.get("/").text == "made of answered"
    assert client.get("/").text == "answered"
    monkeypatch.setattr(Flask, "of_an_extension", 1, raising=False)
    monkeypatch.setattr(Flask, "dispatch_request", lambda self: "dispatched")
    assert client.get("/").text == "dispatched"
