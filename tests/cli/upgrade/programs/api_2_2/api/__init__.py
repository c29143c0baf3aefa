"""An interface of 2022 with types, for Flask 2.2."""
from __future__ import annotations

import typing as t

from flask import Flask, Response, request
from flask.globals import _app_ctx_stack  #> flask.globals._app_ctx_stack 3.0 works
from flask.json.provider import DefaultJSONProvider
from flask.scaffold import Scaffold  #> flask.scaffold.Scaffold 3.0 works

if t.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


class Provider(DefaultJSONProvider):
    sort_keys = False


class API(Flask):
    json_provider_class = Provider

    def finalize(self, response: Response) -> Response:
        response.headers['X-Charset'] = response.charset  #> werkzeug.wrappers.Response.charset 3.0 legacy
        return response


def create_app(testing: bool = False) -> API:
    app = API(__name__)
    app.testing = testing
    app.after_request(app.finalize)
    app.before_first_request(lambda: None)  #> flask.Flask.before_first_request 2.3 works

    @app.get('/')
    def index() -> ResponseReturnValue:
        return {'charset': request.charset}  #> werkzeug.wrappers.Request.charset 3.0 legacy

    @app.post('/')
    async def create():
        return request.get_json(), 201, {'X-A': 'b'}

    install(app)
    return app


def install(app: 'Flask | Scaffold') -> None:
    app.json_decoder = None  #> flask.Flask.json_decoder 2.3 works
    if hasattr(app, 'env'):
        print(app.env)
