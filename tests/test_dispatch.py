"""The way of a request through the application: what is called, what can be called by hand, and what is read live."""

from __future__ import annotations

import typing as t

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.test import create_environ, run_wsgi_app

import flask
from flask import Blueprint, Flask, Response, g, request
from flask.testing import FlaskClient

# The WSGI application


def test_an_application_is_a_wsgi_application(app: Flask) -> None:
    app.add_url_rule("/<name>", endpoint="page", view_func=lambda name: (f"Hello {name}", 201, {"X-A": "1"}))
    body, status, headers = run_wsgi_app(app, create_environ("/Ada"))
    assert (b"".join(body), status, headers["X-A"]) == (b"Hello Ada", "201 CREATED", "1")


def test_middleware_is_put_around_wsgi_app(app: Flask, client: FlaskClient) -> None:
    inner = app.wsgi_app

    def middleware(environ: t.Any, start_response: t.Any) -> t.Any:
        environ["PATH_INFO"] = "/inside"
        return inner(environ, start_response)

    app.wsgi_app = middleware  # type: ignore[method-assign]
    app.add_url_rule("/<name>", endpoint="page", view_func=lambda name: name)
    assert client.get("/outside").text == "inside"


def test_nothing_is_active_after_a_request(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="index", view_func=lambda: "")
    app.add_url_rule("/fail", endpoint="fail", view_func=lambda: 1 / 0)
    client.get("/")
    assert not flask.has_request_context()
    assert not flask.has_app_context()
    with pytest.raises(ZeroDivisionError):
        client.get("/fail")
    assert not flask.has_request_context()
    assert not flask.has_app_context()


def test_the_context_has_ended_before_the_body_is_sent(app: Flask) -> None:
    steps = []

    def body() -> t.Iterator[str]:
        steps.append(f"body {flask.has_request_context()}")
        yield ""

    app.add_url_rule("/", endpoint="index", view_func=lambda: Response(body()))
    app.teardown_request(lambda exc: steps.append("teardown"))
    pieces, _, _ = run_wsgi_app(app, create_environ("/"))
    list(pieces)
    assert steps == ["teardown", "body False"]


def test_a_request_within_a_request_of_the_same_application(app: Flask, client: FlaskClient) -> None:
    @app.route("/outer")
    def outer() -> str:
        inner = app.test_client().get("/inner?x=1").text
        return f"{request.path} {request.args.get('x')} around {inner}"

    app.add_url_rule("/inner", endpoint="inner", view_func=lambda: f"{request.path} {request.args['x']}")
    assert client.get("/outer").text == "/outer None around /inner 1"


def test_a_request_within_a_request_of_another_application(app: Flask, client: FlaskClient) -> None:
    other = Flask("other")
    other.add_url_rule("/", endpoint="index", view_func=lambda: f"{flask.current_app.name} {g.get('x')}")

    @app.route("/")
    def index() -> str:
        g.x = 1
        inner = other.test_client().get("/").text
        return f"{inner}, {flask.current_app.name == app.name} {g.x}"

    assert client.get("/").text == "other None, True 1"


def test_a_view_may_return_another_application(app: Flask, client: FlaskClient) -> None:
    other = Flask("other")
    other.add_url_rule("/<path:path>", endpoint="page", view_func=lambda path: (f"other {path}", 202))
    app.add_url_rule("/<path:path>", endpoint="page", view_func=lambda path: other)
    response = client.get("/a/b")
    assert (response.status_code, response.text) == (202, "other a/b")


# The view


def test_a_view_gets_the_values_of_the_url_by_name(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/<a>/<int:b>", endpoint="page", view_func=lambda **values: values, defaults={"c": [1]})
    assert client.get("/x/7").json == {"a": "x", "b": 7, "c": [1]}


def test_the_request_knows_its_rule(app: Flask, client: FlaskClient) -> None:
    @app.route("/<int:number>", endpoint="page")
    def page(number: int) -> str:
        assert isinstance(request.url_rule, Rule)
        return f"{request.url_rule.rule} {request.endpoint} {request.view_args} {request.routing_exception}"

    assert client.get("/5").text == "/<int:number> page {'number': 5} None"


def test_a_request_that_matches_nothing_keeps_the_reason(app: Flask) -> None:
    with app.test_request_context("/nowhere"):
        assert (request.url_rule, request.endpoint, request.view_args) == (None, None, None)
        assert isinstance(request.routing_exception, NotFound)


def test_a_rule_without_a_view_names_itself_and_the_remedy(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/later", endpoint="later")
    with pytest.raises(KeyError, match=r"'later' of the URL rule '/later' has no view function.*@app\.endpoint"):
        client.get("/later")
    app.testing = False
    assert client.get("/later").status_code == 500


def test_a_view_of_an_endpoint_that_is_registered_later(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/later", endpoint="later")
    assert app.endpoint("later")(str) is str
    app.view_functions["later"] = lambda: "now"
    assert client.get("/later").text == "now"


# Stages, called by hand


@pytest.fixture
def shop(app: Flask) -> Flask:
    """An application with something to do at each stage."""
    app.url_value_preprocessor(lambda endpoint, values: values and values.update(name=values["name"].title()))
    app.before_request(lambda: "closed" if "night" in request.args else None)
    app.add_url_rule("/hello/<name>", endpoint="hello", view_func=lambda name: f"Hello {name}")
    app.after_request(lambda response: response.headers.set("X-After", "yes") or response)
    app.errorhandler(404)(lambda error: ("missing", 404))
    app.errorhandler(ZeroDivisionError)(lambda error: ("divided", 400))
    return app


def test_full_dispatch_request_by_hand(shop: Flask) -> None:
    with shop.test_request_context("/hello/ada"):
        response = shop.full_dispatch_request()
    assert (response.data, response.headers["X-After"]) == (b"Hello Ada", "yes")
    with shop.test_request_context("/nowhere"):
        response = shop.full_dispatch_request()
    assert (response.data, response.status_code, response.headers["X-After"]) == (b"missing", 404, "yes")


def test_preprocess_request_by_hand(shop: Flask) -> None:
    with shop.test_request_context("/hello/ada"):
        assert shop.preprocess_request() is None
        assert request.view_args == {"name": "Ada"}
    with shop.test_request_context("/hello/ada?night"):
        assert shop.preprocess_request() == "closed"


def test_dispatch_request_by_hand_returns_what_the_view_returned_and_handles_nothing(shop: Flask) -> None:
    with shop.test_request_context("/hello/ada"):
        assert shop.dispatch_request() == "Hello ada"
    with shop.test_request_context("/nowhere"), pytest.raises(NotFound):
        shop.dispatch_request()
    with shop.test_request_context("/hello/ada", method="OPTIONS"):
        assert shop.dispatch_request().allow.as_set(preserve_casing=True) == {"GET", "HEAD", "OPTIONS"}


def test_finalize_and_process_response_by_hand(shop: Flask) -> None:
    with shop.test_request_context("/hello/ada"):
        response = shop.finalize_request(("text", 201))
        assert (response.data, response.status_code, response.headers["X-After"]) == (b"text", 201, "yes")
        response = Response("mine")
        assert shop.process_response(response) is response
        assert response.headers["X-After"] == "yes"


def test_make_response_by_hand(shop: Flask) -> None:
    with shop.test_request_context():
        response = shop.make_response({"a": 1})
        assert shop.make_response(response) is response
        assert "X-After" not in response.headers


def test_handlers_by_hand(shop: Flask) -> None:
    with shop.test_request_context():
        assert shop.handle_user_exception(ZeroDivisionError()) == ("divided", 400)
        assert shop.handle_user_exception(NotFound()) == ("missing", 404)
        assert shop.handle_http_exception(NotFound()) == ("missing", 404)
        error = KeyError("x")
        with pytest.raises(KeyError) as caught:
            shop.handle_user_exception(error)
        assert caught.value is error
        shop.testing = False
        response = shop.handle_exception(error)
        assert (response.status_code, response.headers["X-After"]) == (500, "yes")


def test_make_default_options_response_by_hand(shop: Flask) -> None:
    with shop.test_request_context("/hello/ada"):
        response = shop.make_default_options_response()
    assert (response.status_code, response.data) == (200, b"")
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS"}


def test_teardown_by_hand(shop: Flask) -> None:
    seen: list[t.Any] = []
    shop.teardown_request(lambda exc: seen.append(("request", exc)))
    shop.teardown_appcontext(lambda exc: seen.append(("app", exc)))
    error = KeyError("x")
    with shop.test_request_context():
        shop.do_teardown_request(error)
        shop.do_teardown_appcontext(error)
        assert seen == [("request", error), ("app", error)]
        seen.clear()
        shop.do_teardown_request()
        shop.do_teardown_appcontext()
        assert seen == [("request", None), ("app", None)]
        seen.clear()
        try:
            raise error
        except KeyError:
            shop.do_teardown_request()
        assert seen == [("request", error)]


@pytest.mark.parametrize(
    ("stage", "arguments"),
    [
        ("full_dispatch_request", ()),
        ("preprocess_request", ()),
        ("dispatch_request", ()),
        ("finalize_request", ("",)),
        ("process_response", (Response(),)),
        ("make_default_options_response", ()),
        ("handle_user_exception", (KeyError(),)),
    ],
)
def test_stages_outside_of_a_request(app: Flask, stage: str, arguments: tuple[t.Any, ...]) -> None:
    with pytest.raises(RuntimeError, match="Working outside of request context"):
        getattr(app, stage)(*arguments)


# What is read live


def test_view_functions_are_read_live(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="index", view_func=lambda: "old")
    assert client.get("/").text == "old"
    app.view_functions["index"] = lambda: "new"
    assert client.get("/").text == "new"
    app.view_functions = {"index": lambda: "newest"}
    assert client.get("/").text == "newest"
    del app.view_functions["index"]
    with pytest.raises(KeyError, match="'index'"):
        client.get("/")


def test_rules_added_after_requests_take_effect_at_once(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/<path:path>", endpoint="page", view_func=lambda path: f"page {path}")
    assert client.get("/late").text == "page late"
    app.url_map.add(Rule("/late", endpoint="late"))
    app.view_functions["late"] = lambda: "late"
    assert client.get("/late").text == "late"
    assert client.get("/other").text == "page other"
    with app.test_request_context():
        assert flask.url_for("late") == "/late"


def test_rules_of_a_rule_factory(app: Flask, client: FlaskClient) -> None:
    from werkzeug.routing import Submount

    app.url_map.add(Submount("/deep", [Rule("/<int:number>", endpoint="deep", methods=["GET", "OPTIONS"])]))
    app.view_functions["deep"] = lambda number: f"{request.method} {number}"
    assert client.get("/deep/5").text == "GET 5"
    assert client.options("/deep/5").text == "OPTIONS 5"  # nobody said that it is answered automatically
    assert client.post("/deep/5").status_code == 405


def test_error_handlers_are_read_live(app: Flask, client: FlaskClient) -> None:
    assert client.get("/").status_code == 404
    app.error_handler_spec[None][404][NotFound] = lambda error: "first"
    assert client.get("/").text == "first"
    app.error_handler_spec = {None: {404: {NotFound: lambda error: "second"}}}
    assert client.get("/").text == "second"
    app.error_handler_spec.clear()
    assert client.get("/").status_code == 404


def test_configuration_is_read_live(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/", endpoint="index", view_func=lambda: 1 / 0)
    for propagate in (False, True, False):
        app.config["PROPAGATE_EXCEPTIONS"] = propagate
        if propagate:
            with pytest.raises(ZeroDivisionError):
                client.get("/")
        else:
            assert client.get("/").status_code == 500


def test_classes_of_requests_and_responses_are_read_live(app: Flask, client: FlaskClient) -> None:
    class MyRequest(flask.Request):
        mark = "mine"

    class MyResponse(Response):
        default_mimetype = "text/mine"

    app.add_url_rule("/", endpoint="index", view_func=lambda: getattr(request, "mark", "plain"))
    assert (client.get("/").text, client.get("/").mimetype) == ("plain", "text/html")
    app.request_class, app.response_class = MyRequest, MyResponse
    assert (client.get("/").text, client.get("/").mimetype) == ("mine", "text/mine")


# Setting up


SETUP = {
    "route": lambda target: target.route("/late"),
    "get": lambda target: target.get("/late"),
    "add_url_rule": lambda target: target.add_url_rule("/late", endpoint="late"),
    "endpoint": lambda target: target.endpoint("late"),
    "before_request": lambda target: target.before_request(print),
    "after_request": lambda target: target.after_request(lambda response: response),
    "teardown_request": lambda target: target.teardown_request(print),
    "context_processor": lambda target: target.context_processor(dict),
    "url_value_preprocessor": lambda target: target.url_value_preprocessor(print),
    "url_defaults": lambda target: target.url_defaults(print),
    "errorhandler": lambda target: target.errorhandler(404),
    "register_error_handler": lambda target: target.register_error_handler(404, str),
    "register_blueprint": lambda target: target.register_blueprint(Blueprint("late", __name__)),
}
SETUP_OF_AN_APPLICATION = SETUP | {
    "before_first_request": lambda target: target.before_first_request(print),
    "teardown_appcontext": lambda target: target.teardown_appcontext(print),
    "shell_context_processor": lambda target: target.shell_context_processor(dict),
    "template_filter": lambda target: target.template_filter("late"),
    "add_template_filter": lambda target: target.add_template_filter(str, "late"),
    "add_template_test": lambda target: target.add_template_test(bool, "late"),
    "add_template_global": lambda target: target.add_template_global(str, "late"),
}
SETUP_OF_A_BLUEPRINT = SETUP | {
    "record": lambda target: target.record(print),
    "record_once": lambda target: target.record_once(print),
    "before_app_request": lambda target: target.before_app_request(print),
    "after_app_request": lambda target: target.after_app_request(print),
    "teardown_app_request": lambda target: target.teardown_app_request(print),
    "app_context_processor": lambda target: target.app_context_processor(dict),
    "app_errorhandler": lambda target: target.app_errorhandler(404),
    "app_url_defaults": lambda target: target.app_url_defaults(print),
    "app_url_value_preprocessor": lambda target: target.app_url_value_preprocessor(print),
    "app_template_filter": lambda target: target.app_template_filter("late"),
    "add_app_template_test": lambda target: target.add_app_template_test(bool, "late"),
}


@pytest.mark.parametrize("method", SETUP_OF_AN_APPLICATION)
def test_setting_up_after_the_first_request_is_refused(app: Flask, method: str) -> None:
    SETUP_OF_AN_APPLICATION[method](app)
    app.test_client().get("/")
    with pytest.raises(AssertionError, match=f"'{method}' can no longer be called on the application"):
        SETUP_OF_AN_APPLICATION[method](app)


@pytest.mark.parametrize("method", SETUP_OF_A_BLUEPRINT)
def test_setting_a_blueprint_up_after_its_registration_is_refused(app: Flask, method: str) -> None:
    blueprint = Blueprint("shop", __name__)
    SETUP_OF_A_BLUEPRINT[method](blueprint)
    app.view_functions["late"] = blueprint.view_functions["late"] = str
    app.register_blueprint(blueprint)
    with pytest.raises(AssertionError, match=f"'{method}' can no longer be called on the blueprint 'shop'"):
        SETUP_OF_A_BLUEPRINT[method](blueprint)


def test_what_may_be_set_up_at_any_time(app: Flask, client: FlaskClient) -> None:
    client.get("/")
    app.url_map.add(Rule("/", endpoint="index"))
    app.view_functions["index"] = lambda: flask.render_template_string("{{ 'a'|shout }}")
    app.jinja_env.filters["shout"] = str.upper
    app.cli.command("late")(lambda: None)
    app.config["LATE"] = True
    assert client.get("/").text == "A"


def test_the_first_request_counts_from_its_beginning(app: Flask, client: FlaskClient) -> None:
    @app.before_request
    def register() -> None:
        app.add_url_rule("/late", endpoint="late")

    with pytest.raises(AssertionError, match="'add_url_rule' can no longer be called"):
        client.get("/")


def test_a_context_by_hand_is_no_request(app: Flask) -> None:
    with app.test_request_context():
        pass
    app.add_url_rule("/", endpoint="index", view_func=lambda: "in time")
    assert app.test_client().get("/").text == "in time"
