"""Functions around a request: in which order they run, what they can do to it, and whose requests they are for."""

from __future__ import annotations

import threading
import typing as t

import pytest
from werkzeug.routing import BaseConverter

import flask
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    after_this_request,
    g,
    has_request_context,
    render_template_string,
    request,
    session,
)
from flask.testing import FlaskClient


class Journey:
    """An application with two blueprints, one in the other, that notes each function of a request as it is called."""

    def __init__(self, app: Flask) -> None:
        self.steps: list[str] = []
        self.app = app
        self.outer = Blueprint("outer", __name__, url_prefix="/outer")
        self.inner = Blueprint("inner", __name__)
        for scaffold, name in ((app, "app"), (self.outer, "outer"), (self.inner, "inner")):
            for number in (1, 2):
                self.register(scaffold, f"{name}{number}")
        for number in (1, 2):
            app.teardown_appcontext(self.noting(f"appcontext{number}"))
        self.inner.add_url_rule("/view", view_func=self.view)
        self.outer.register_blueprint(self.inner)
        app.register_blueprint(self.outer)

    def noting(self, step: str, rv: t.Any = None) -> t.Callable[..., t.Any]:
        def note(*args: t.Any) -> t.Any:
            self.steps.append(step)
            return rv

        return note

    def register(self, scaffold: t.Any, name: str) -> None:
        scaffold.url_value_preprocessor(self.noting(f"values:{name}"))
        scaffold.before_request(self.noting(f"before:{name}"))
        scaffold.url_defaults(self.noting(f"defaults:{name}"))
        scaffold.context_processor(self.noting(f"context:{name}", {"whose": name}))
        scaffold.teardown_request(self.noting(f"teardown:{name}"))

        @scaffold.after_request
        def after(response: Response) -> Response:
            self.steps.append(f"after:{name}")
            return response

    def view(self) -> str:
        self.steps.append("view")
        flask.url_for(".view")
        return render_template_string("{{ whose }}")

    def go(self, path: str = "/outer/view") -> str:
        self.steps.clear()
        return self.app.test_client().get(path).text

    def stages(self, *names: str) -> list[str]:
        return [step for step in self.steps if step.partition(":")[0] in names]


@pytest.fixture
def journey(app: Flask) -> Journey:
    return Journey(app)


INWARD = ["app1", "app2", "outer1", "outer2", "inner1", "inner2"]
OUTWARD = ["inner2", "inner1", "outer2", "outer1", "app2", "app1"]


# Order


def test_order_of_all_functions_of_a_request(journey: Journey) -> None:
    assert journey.go() == "inner2"
    assert journey.steps == [
        *(f"values:{name}" for name in INWARD),
        *(f"before:{name}" for name in INWARD),
        "view",
        *(f"defaults:{name}" for name in INWARD),
        *(f"context:{name}" for name in INWARD),
        *(f"after:{name}" for name in OUTWARD),
        *(f"teardown:{name}" for name in OUTWARD),
        "appcontext2",
        "appcontext1",
    ]


@pytest.mark.parametrize("answering", INWARD)
def test_first_before_hook_that_answers_skips_the_later_ones_and_the_view(journey: Journey, answering: str) -> None:
    name, position = answering[:-1], int(answering[-1])
    key = {"app": None, "outer": "outer", "inner": "outer.inner"}[name]
    journey.app.before_request_funcs[key].insert(position, lambda: f"{answering} was enough")
    assert journey.go() == f"{answering} was enough"
    assert journey.stages("values") == [f"values:{name}" for name in INWARD]
    assert journey.stages("before", "view") == [f"before:{name}" for name in INWARD[: INWARD.index(answering) + 1]]
    assert journey.stages("after") == [f"after:{name}" for name in OUTWARD]
    assert journey.stages("teardown") == [f"teardown:{name}" for name in OUTWARD]


@pytest.mark.parametrize("path", ["/outer/nowhere", "/nowhere"])
def test_a_url_that_matched_nothing_is_no_blueprints_business(journey: Journey, path: str) -> None:
    journey.go(path)
    assert journey.steps == [
        *("values:app1", "values:app2", "before:app1", "before:app2"),
        *("after:app2", "after:app1", "teardown:app2", "teardown:app1", "appcontext2", "appcontext1"),
    ]


def test_a_method_that_is_not_allowed_is_no_blueprints_business(journey: Journey) -> None:
    assert journey.app.test_client().delete("/outer/view").status_code == 405
    assert journey.stages("before") == ["before:app1", "before:app2"]


def test_hooks_run_for_automatic_options(journey: Journey) -> None:
    journey.app.test_client().options("/outer/view")
    assert journey.stages("before", "view", "after") == [
        *(f"before:{name}" for name in INWARD),
        *(f"after:{name}" for name in OUTWARD),
    ]


SIGNALS = [
    *(flask.request_started, flask.request_finished, flask.request_tearing_down),
    *(flask.appcontext_pushed, flask.appcontext_tearing_down, flask.appcontext_popped),
]


def test_order_of_signals_and_hooks(app: Flask) -> None:
    steps = []
    connections = [
        signal.connected_to(lambda sender, name=signal.name, **extra: steps.append(name), app) for signal in SIGNALS
    ]
    app.url_value_preprocessor(lambda endpoint, values: steps.append("values"))
    app.after_request(lambda response: steps.append("after") or response)
    app.teardown_request(lambda exc: steps.append("teardown"))
    app.teardown_appcontext(lambda exc: steps.append("appcontext"))
    app.add_url_rule("/", view_func=lambda: steps.append("view") or "", endpoint="index")
    for connection in connections:
        connection.__enter__()
    try:
        app.test_client().get("/")
    finally:
        for connection in connections:
            connection.__exit__(None, None, None)
    assert steps == [
        *("appcontext-pushed", "request-started", "values", "view", "after", "request-finished"),
        *("teardown", "request-tearing-down", "appcontext", "appcontext-tearing-down", "appcontext-popped"),
    ]


# Before


@pytest.mark.parametrize(
    ("rv", "status", "body"),
    [
        ("", 200, ""),
        ("text", 200, "text"),
        (("text", 201), 201, "text"),
        ({}, 200, "{}\n"),
        ([], 200, "[]\n"),
        (flask.redirect("/elsewhere"), 302, None),
    ],
)
def test_a_before_hook_may_answer_what_a_view_may_return(
    app: Flask, client: FlaskClient, rv: t.Any, status: int, body: str | None
) -> None:
    app.add_url_rule("/", endpoint="index", view_func=lambda: pytest.fail("the view was called"))
    app.before_request(lambda: rv)
    response = client.get("/")
    assert response.status_code == status
    assert body is None or response.text == body


def test_a_before_hook_answers_even_where_no_rule_matched(app: Flask, client: FlaskClient) -> None:
    app.before_request(lambda: f"closed, {type(request.routing_exception).__name__}")
    assert client.get("/nowhere").text == "closed, NotFound"


def test_a_before_hook_that_aborts(app: Flask, client: FlaskClient) -> None:
    app.before_request(lambda: abort(403))
    app.errorhandler(403)(lambda error: ("refused", 403))
    app.after_request(lambda response: response.headers.set("X-After", "yes") or response)
    response = client.get("/")
    assert (response.status_code, response.text, response.headers["X-After"]) == (403, "refused", "yes")


@pytest.mark.parametrize("register", ["before_request", "url_value_preprocessor"])
def test_a_hook_that_raises_is_handled_as_the_view_would_be(app: Flask, client: FlaskClient, register: str) -> None:
    def fail(*args: object) -> None:
        raise ZeroDivisionError

    getattr(app, register)(fail)
    app.errorhandler(ZeroDivisionError)(lambda error: "handled")
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    assert client.get("/").text == "handled"


def test_a_hook_shares_g_and_request_with_the_view(app: Flask, client: FlaskClient) -> None:
    @app.before_request
    def sign_in() -> None:
        g.user = request.args["user"]

    app.add_url_rule("/", endpoint="index", view_func=lambda: g.user)
    assert client.get("/?user=ada").text == "ada"


# Values of the URL


def test_url_value_preprocessor_changes_what_the_view_gets(app: Flask, client: FlaskClient) -> None:
    @app.url_value_preprocessor
    def take_language(endpoint: str, values: dict[str, t.Any]) -> None:
        assert endpoint == "page"
        g.language = values.pop("language")
        values["number"] += 1

    app.add_url_rule("/<language>/<int:number>", endpoint="page", view_func=lambda number: f"{g.language} {number}")
    assert client.get("/de/4").text == "de 5"


def test_url_value_preprocessor_gets_none_where_nothing_matched(app: Flask, client: FlaskClient) -> None:
    seen: list[t.Any] = []
    app.url_value_preprocessor(lambda endpoint, values: seen.append((endpoint, values)))
    client.get("/nowhere")
    assert seen == [(None, None)]


def test_url_value_preprocessor_gets_an_empty_dict_where_there_are_no_values(app: Flask, client: FlaskClient) -> None:
    app.url_value_preprocessor(lambda endpoint, values: values.update(name="Ada"))
    app.add_url_rule("/", endpoint="index", view_func=lambda name: name)
    assert client.get("/").text == "Ada"


def test_url_defaults_of_a_blueprint_are_for_its_endpoints(app: Flask) -> None:
    shop = Blueprint("shop", __name__, url_prefix="/<language>")
    shop.add_url_rule("/", endpoint="index", view_func=lambda language: language)
    shop.url_defaults(lambda endpoint, values: values.setdefault("language", "en"))
    app.register_blueprint(shop)
    app.add_url_rule("/app", endpoint="index", view_func=lambda: "")
    app.url_defaults(lambda endpoint, values: values.update(seen=endpoint))
    with app.test_request_context():
        assert flask.url_for("shop.index") == "/en/?seen=shop.index"
        assert flask.url_for("shop.index", language="de") == "/de/?seen=shop.index"
        assert flask.url_for("index") == "/app?seen=index"


# After


def test_after_hooks_run_in_reverse_and_may_replace_the_response(app: Flask, client: FlaskClient) -> None:
    app.after_request(lambda response: Response(response.get_data() + b" last"))
    app.after_request(lambda response: Response(response.get_data() + b" first"))
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    assert client.get("/").text == "view first last"


def test_after_hooks_get_a_response_whatever_the_view_returned(app: Flask, client: FlaskClient) -> None:
    kinds = []
    app.after_request(lambda response: kinds.append(type(response)) or response)
    app.add_url_rule("/", endpoint="index", view_func=lambda: {"a": 1})
    client.get("/")
    client.get("/nowhere")
    assert kinds == [Response, Response]


def test_session_is_saved_after_the_after_hooks(app: Flask, client: FlaskClient) -> None:
    @app.after_request
    def remember(response: Response) -> Response:
        session["seen"] = "yes"
        return response

    app.add_url_rule("/", endpoint="index", view_func=lambda: session.get("seen", "no"))
    assert [client.get("/").text, client.get("/").text] == ["no", "yes"]


def test_after_this_request_runs_before_the_after_hooks_in_order_of_registration(
    app: Flask, client: FlaskClient
) -> None:
    def appending(text: bytes) -> t.Callable[[Response], Response]:
        def append(response: Response) -> Response:
            response.set_data(response.get_data() + text)
            return response

        return append

    app.after_request(appending(b" hook"))

    @app.before_request
    def before() -> None:
        after_this_request(appending(b" 1"))

    @app.route("/")
    def index() -> str:
        append = appending(b" 2")
        assert after_this_request(append) is append  # so that it can be used as a decorator
        return "view"

    assert client.get("/").text == "view 1 2 hook"
    assert client.get("/").text == "view 1 2 hook"


def test_after_this_request_is_for_one_request_only(app: Flask, client: FlaskClient) -> None:
    @app.route("/<int:mark>")
    def index(mark: int) -> str:
        if mark:
            after_this_request(lambda response: Response("replaced"))
        return "view"

    assert [client.get(path).text for path in ("/1", "/0")] == ["replaced", "view"]


def test_after_this_request_in_an_error_handler(app: Flask, client: FlaskClient) -> None:
    @app.errorhandler(404)
    def missing(error: object) -> str:
        after_this_request(lambda response: Response("replaced"))
        return "missing"

    assert client.get("/").text == "replaced"


def test_after_this_request_outside_of_a_request() -> None:
    with pytest.raises(RuntimeError, match=r"after_this_request.*request"):
        after_this_request(lambda response: response)


# Teardown


def test_teardown_functions_have_the_contexts(app: Flask, client: FlaskClient) -> None:
    seen = []
    app.add_url_rule("/<name>", endpoint="page", view_func=lambda name: setattr(g, "name", name) or "")
    app.teardown_request(lambda exc: seen.append((request.path, g.name, session.get("x"), flask.current_app.name)))
    app.teardown_appcontext(lambda exc: seen.append((g.name, flask.current_app.name, flask.has_request_context())))
    client.get("/ada")
    assert seen == [("/ada", "ada", None, app.name), ("ada", app.name, False)]


def test_teardown_functions_run_after_the_response_is_made_and_what_they_return_is_ignored(
    app: Flask, client: FlaskClient
) -> None:
    app.teardown_request(lambda exc: "something else")
    app.teardown_appcontext(lambda exc: ("something else", 500))
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    assert client.get("/").text == "view"


@pytest.mark.parametrize("handled", [True, False])
def test_teardown_functions_are_told_of_an_error_nobody_handled(app: Flask, client: FlaskClient, handled: bool) -> None:
    app.testing = False
    seen = []
    app.teardown_request(lambda exc: seen.append(type(exc)))
    app.teardown_appcontext(lambda exc: seen.append(type(exc)))
    app.add_url_rule("/", endpoint="index", view_func=lambda: 1 / 0)
    if handled:
        app.errorhandler(ZeroDivisionError)(lambda error: "handled")
    client.get("/")
    assert seen == [type(None) if handled else ZeroDivisionError] * 2


def test_teardown_functions_are_not_told_of_an_http_error(app: Flask, client: FlaskClient) -> None:
    seen = []
    app.teardown_request(seen.append)
    assert client.get("/nowhere").status_code == 404
    assert seen == [None]


def test_all_teardown_functions_run_though_one_raises(journey: Journey) -> None:
    def fail(exc: BaseException | None) -> None:
        raise RuntimeError("in teardown")

    journey.app.teardown_request_funcs["outer"].append(fail)
    with pytest.raises(RuntimeError, match="in teardown"):
        journey.go()
    assert journey.stages("teardown", "appcontext1", "appcontext2") == [
        *(f"teardown:{name}" for name in OUTWARD),
        *("appcontext2", "appcontext1"),
    ]
    assert not flask.has_app_context()


def test_errors_of_several_teardown_functions_are_raised_together(app: Flask, client: FlaskClient) -> None:
    def failing(text: str) -> t.Callable[[BaseException | None], t.NoReturn]:
        def fail(exc: BaseException | None) -> t.NoReturn:
            raise RuntimeError(text)

        return fail

    app.teardown_request(failing("first"))
    app.teardown_request(failing("second"))
    app.teardown_appcontext(failing("third"))
    app.add_url_rule("/", endpoint="index", view_func=lambda: "")
    with pytest.raises(BaseExceptionGroup) as caught:
        client.get("/")
    leaves = []

    def collect(error: BaseException) -> bool:
        leaves.append(str(error))
        return False

    caught.value.split(lambda error: not isinstance(error, BaseExceptionGroup) and collect(error))
    assert leaves == ["second", "first", "third"]


def test_a_failing_teardown_keeps_the_error_it_happened_after(app: Flask, client: FlaskClient) -> None:
    def fail(exc: BaseException | None) -> None:
        raise RuntimeError("in teardown")

    app.teardown_request(fail)
    app.add_url_rule("/", endpoint="index", view_func=lambda: 1 / 0)
    with pytest.raises(RuntimeError, match="in teardown") as caught:
        client.get("/")
    assert isinstance(caught.value.__context__, ZeroDivisionError)


# Templates


def test_values_that_the_view_gives_win_over_context_processors(journey: Journey) -> None:
    journey.app.view_functions["outer.inner.view"] = lambda: render_template_string("{{ whose }}", whose="view")
    assert journey.go() == "view"


def test_context_processors_may_replace_what_templates_have_by_default(app: Flask) -> None:
    app.context_processor(lambda: {"g": "mine", "request": "mine too"})
    with app.test_request_context():
        assert render_template_string("{{ g }} {{ request }} {{ config.TESTING }}") == "mine mine too True"


def test_context_processors_of_a_blueprint_are_for_its_requests(app: Flask, client: FlaskClient) -> None:
    shop = Blueprint("shop", __name__)
    shop.context_processor(lambda: {"whose": "shop"})
    shop.app_context_processor(lambda: {"everybody": "yes"})
    view = lambda: render_template_string("{{ whose }} {{ everybody }}")  # noqa: E731
    shop.add_url_rule("/shop", endpoint="page", view_func=view)
    app.register_blueprint(shop)
    app.context_processor(lambda: {"whose": "app"})
    app.add_url_rule("/app", endpoint="page", view_func=view)
    assert [client.get(path).text for path in ("/shop", "/app")] == ["shop yes", "app yes"]
    with app.app_context():
        assert render_template_string("{{ whose }} {{ everybody }}") == "app yes"


# Hooks of a blueprint for the whole application


def test_hooks_of_a_blueprint_for_the_application_are_there_once_however_often_it_is_registered(
    app: Flask, client: FlaskClient
) -> None:
    steps: list[str] = []
    shop = Blueprint("shop", __name__)
    shop.before_app_request(lambda: steps.append("before"))
    shop.after_app_request(lambda response: steps.append("after") or response)
    shop.teardown_app_request(lambda exc: steps.append("teardown"))
    shop.app_url_value_preprocessor(lambda endpoint, values: steps.append("values"))
    shop.app_url_defaults(lambda endpoint, values: steps.append("defaults"))
    shop.app_context_processor(lambda: steps.append("context") or {})
    app.register_blueprint(shop)
    app.register_blueprint(shop, name="again")
    app.add_url_rule("/", endpoint="index", view_func=lambda: flask.url_for("index") + render_template_string(""))
    client.get("/")
    assert steps == ["values", "before", "defaults", "context", "after", "teardown"]


def test_hooks_of_a_blueprint_run_for_each_name_it_is_registered_under(app: Flask, client: FlaskClient) -> None:
    steps: list[str] = []
    shop = Blueprint("shop", __name__)
    shop.before_request(lambda: steps.append(request.blueprint))
    shop.add_url_rule("/", endpoint="index", view_func=lambda: "")
    app.register_blueprint(shop, url_prefix="/one")
    app.register_blueprint(shop, url_prefix="/two", name="second")
    client.get("/one/")
    client.get("/two/")
    assert steps == ["shop", "second"]


# Decorators


@pytest.mark.parametrize(
    "name",
    ["before_request", "after_request", "teardown_request", "context_processor", "url_value_preprocessor",
     "url_defaults", "before_first_request", "teardown_appcontext", "shell_context_processor",
     "before_app_request", "after_app_request", "teardown_app_request", "app_context_processor",
     "app_url_value_preprocessor", "app_url_defaults", "before_app_first_request"],
)  # fmt: skip
def test_decorators_return_the_function(app: Flask, name: str) -> None:
    def function(*args: object) -> None:
        pass

    for scaffold in (app, Blueprint("shop", __name__)):
        decorator = getattr(scaffold, name, None)
        assert decorator is None or decorator(function) is function


# The first request


def test_functions_before_the_first_request_run_once_before_everything(app: Flask, client: FlaskClient) -> None:
    steps: list[str] = []
    app.before_first_request(lambda: steps.append(f"first {request.path}"))
    app.before_first_request(lambda: steps.append("second") or "what it returns is ignored")
    app.before_request(lambda: steps.append("before"))
    assert not app.got_first_request
    with flask.request_started.connected_to(lambda sender: steps.append("started"), app):
        assert client.get("/nowhere").status_code == 404
        client.get("/nowhere")
    assert steps == ["first /nowhere", "second", "started", "before", "started", "before"]
    assert app.got_first_request


def test_functions_of_a_blueprint_before_the_first_request(app: Flask, client: FlaskClient) -> None:
    steps: list[str] = []
    shop = Blueprint("shop", __name__)
    shop.before_app_first_request(lambda: steps.append("first"))
    app.register_blueprint(shop)
    app.register_blueprint(shop, name="again")
    client.get("/")
    client.get("/")
    assert steps == ["first"]


def test_a_function_before_the_first_request_that_raises_runs_again_with_the_next(
    app: Flask, client: FlaskClient
) -> None:
    app.testing = False
    attempts: list[str] = []

    @app.before_first_request
    def connect() -> None:
        attempts.append("connect")
        if len(attempts) == 1:
            raise ConnectionError("not yet")

    app.before_first_request(lambda: attempts.append("then"))
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    assert [client.get("/").status_code for _ in range(3)] == [500, 200, 200]
    assert attempts == ["connect", "connect", "then"]


def test_a_function_before_the_first_request_that_raises_is_handled(app: Flask, client: FlaskClient) -> None:
    app.before_first_request(lambda: abort(503))
    app.errorhandler(503)(lambda error: ("starting", 503))
    assert client.get("/").text == "starting"


def test_requests_wait_until_the_functions_before_the_first_are_done(app: Flask) -> None:
    entered, done = threading.Event(), threading.Event()
    ready: list[str] = []
    answers: list[str] = []

    @app.before_first_request
    def slowly() -> None:
        entered.set()
        assert done.wait(10)
        ready.append("ready")

    app.add_url_rule("/", endpoint="index", view_func=lambda: " ".join(ready))
    threads = [threading.Thread(target=lambda: answers.append(app.test_client().get("/").text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert entered.wait(10)
    done.set()
    for thread in threads:
        thread.join(10)
    assert answers == ["ready"] * 4


def test_functions_before_the_first_request_can_be_triggered_by_hand(app: Flask, client: FlaskClient) -> None:
    steps: list[str] = []
    app.before_first_request(lambda: steps.append("first"))
    app.try_trigger_before_first_request_functions()
    app.try_trigger_before_first_request_functions()
    client.get("/")
    assert steps == ["first"]


# Registries are read live


def test_hooks_put_into_the_registries_between_requests_take_effect_at_once(journey: Journey) -> None:
    app = journey.app
    journey.go()
    app.before_request_funcs[None].append(journey.noting("before:late"))
    app.before_request_funcs.setdefault("outer.inner", []).insert(0, journey.noting("before:late inner"))
    app.after_request_funcs[None].clear()
    app.after_request_funcs["outer"] = [lambda response: journey.steps.append("after:late") or response]
    app.teardown_request_funcs = {"outer.inner": [journey.noting("teardown:late")]}
    app.teardown_appcontext_funcs.clear()
    app.url_value_preprocessors = {None: [journey.noting("values:late")]}
    app.template_context_processors["outer.inner"].append(lambda: {"whose": "late"})
    app.url_default_functions.clear()
    assert journey.go() == "late"
    assert journey.stages("before") == [
        *("before:app1", "before:app2", "before:late", "before:outer1", "before:outer2"),
        *("before:late inner", "before:inner1", "before:inner2"),
    ]
    assert journey.stages("after") == ["after:inner2", "after:inner1", "after:late"]
    assert journey.stages("teardown", "appcontext1", "values", "defaults") == ["values:late", "teardown:late"]


def test_hooks_put_into_empty_registries_after_a_request(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    assert client.get("/").text == "view"
    app.after_request_funcs = {None: [lambda response: Response("after")]}
    assert client.get("/").text == "after"
    app.before_request_funcs = {None: [lambda: "before"]}
    app.after_request_funcs = {}
    assert client.get("/").text == "before"
    app.before_request_funcs.clear()
    assert client.get("/").text == "view"


def test_a_hook_that_registers_another_during_the_request(app: Flask, client: FlaskClient) -> None:
    @app.before_request
    def late() -> None:
        app.after_request_funcs.setdefault(None, []).append(lambda response: Response("late"))

    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    assert client.get("/").text == "late"


def test_a_hook_that_sends_the_request_to_a_blueprint_and_registers_its_hooks(app: Flask, client: FlaskClient) -> None:
    steps: list[str] = []
    shop = Blueprint("shop", __name__)
    shop.add_url_rule("/shop", "index", lambda: "shop")
    app.register_blueprint(shop)
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")

    @app.before_request
    def send() -> None:
        request.url_rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == "shop.index")
        app.before_request_funcs["shop"] = [lambda: steps.append("before")]
        app.after_request_funcs["shop"] = [lambda response: steps.append("after") or response]

    assert client.get("/").text == "shop"
    assert steps == ["before", "after"]


@pytest.mark.parametrize("name", ["blueprints", "blueprint", "endpoint"])
def test_a_request_class_with_a_blueprint_of_its_own(app: Flask, client: FlaskClient, name: str) -> None:
    values = {"blueprints": ["shop"], "blueprint": "shop", "endpoint": "shop.index"}
    app.request_class = type("Request", (flask.Request,), {name: property(lambda self: values[name])})
    steps: list[str] = []
    shop = Blueprint("shop", __name__)
    shop.url_value_preprocessor(lambda endpoint, values: steps.append("values"))
    shop.before_request(lambda: steps.append("before"))
    shop.after_request(lambda response: steps.append("after") or response)
    shop.teardown_request(lambda exc: steps.append("teardown"))
    app.register_blueprint(shop)
    app.add_url_rule("/", endpoint="index", view_func=lambda: "view")
    for _ in range(2):
        steps.clear()
        assert client.get("/").text == "view"
        assert steps == ["values", "before", "after", "teardown"]


def test_a_converter_that_fails_is_answered_and_leaves_nothing_active(app: Flask, client: FlaskClient) -> None:
    class Broken(BaseConverter):
        def to_python(self, value: str) -> str:
            raise LookupError(value)

    app.url_map.converters["broken"] = Broken
    app.add_url_rule("/<broken:name>", "index", lambda name: name)
    app.testing = False
    for _ in range(2):
        assert client.get("/").status_code == 404
        assert client.get("/tea").status_code == 500
        assert not has_request_context()
