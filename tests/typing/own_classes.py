"""Classes of one's own in place of the framework's."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, assert_type

from werkzeug.datastructures import CallbackDict, ImmutableDict
from werkzeug.exceptions import Aborter, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.utils import cached_property

from flask import Flask, Request, Response, request
from flask.config import Config
from flask.json.provider import DefaultJSONProvider, JSONProvider
from flask.json.tag import JSONTag, TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin
from flask.templating import Environment
from flask.testing import FlaskClient, FlaskCliRunner
from flask.typing import ResponseReturnValue


class ShopRequest(Request):
    max_content_length = 2**20

    @property
    def wants_json(self) -> bool:
        return self.accept_mimetypes.best == "application/json"

    @cached_property
    def language(self) -> str:
        return self.accept_languages.best_match(["en", "de"]) or "en"

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        return {}


class ShopResponse(Response):
    default_mimetype = "application/json"
    charset = "utf-8"


class ServerSession(CallbackDict[str, Any], SessionMixin):  # pyright: ignore[reportIncompatibleMethodOverride]
    def __init__(self, initial: dict[str, Any] | None = None, sid: str = "") -> None:
        def changed(session: ServerSession) -> None:
            session.modified = True

        super().__init__(initial, changed)
        self.sid = sid
        self.modified = False


class PlainSession(dict[str, Any], SessionMixin):
    pass


class InMemory(SessionInterface):
    session_class = ServerSession
    kept: dict[str, dict[str, Any]] = {}

    def open_session(self, app: Flask, request: Request) -> ServerSession | None:
        sid = request.cookies.get(self.get_cookie_name(app))
        return None if sid is None else self.session_class(self.kept.get(sid), sid)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, ServerSession):
            return
        if session.modified:
            self.kept[session.sid] = dict(session)
        if self.should_set_cookie(app, session):
            response.set_cookie(
                self.get_cookie_name(app),
                session.sid,
                expires=self.get_expiration_time(app, session),
                domain=self.get_cookie_domain(app),
                path=self.get_cookie_path(app),
                httponly=self.get_cookie_httponly(app),
                secure=self.get_cookie_secure(app),
                samesite=self.get_cookie_samesite(app),
            )


class Salted(SecureCookieSessionInterface):
    salt = "shop"
    key_derivation = "django-concat"
    serializer = TaggedJSONSerializer()

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return not request.path.startswith("/static") and super().should_set_cookie(app, session)


class DecimalTag(JSONTag):
    key = " dec"

    def check(self, value: Any) -> bool:
        return isinstance(value, Decimal)

    def to_json(self, value: Any) -> Any:
        return str(value)

    def to_python(self, value: Any) -> Any:
        return Decimal(value)


Salted.serializer.register(DecimalTag, index=0)


class PlainJSON(JSONProvider):
    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return json.dumps(obj, **kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return json.loads(s, **kwargs)


class DecimalJSON(DefaultJSONProvider):
    sort_keys = False
    ensure_ascii = False
    compact = True
    mimetype = "application/vnd.shop+json"

    @staticmethod
    def default(o: Any) -> Any:
        return str(o) if isinstance(o, Decimal) else DefaultJSONProvider.default(o)


class ShopClient(FlaskClient):
    def log_in(self, name: str) -> None:
        self.post("/login", data={"name": name})


class ShopConfig(Config):
    @property
    def limit(self) -> int:
        return int(self["LIMIT"])


class Shop(Flask):
    request_class = ShopRequest
    response_class = ShopResponse
    session_interface = InMemory()
    json_provider_class = DecimalJSON
    config_class = ShopConfig
    test_client_class = ShopClient
    test_cli_runner_class = FlaskCliRunner
    jinja_environment = Environment
    jinja_options = {"trim_blocks": True}
    url_rule_class = Rule
    url_map_class = Map
    aborter_class = Aborter
    default_config = ImmutableDict({**Flask.default_config, "LIMIT": 3})

    def __init__(self, import_name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(import_name, *args, **kwargs)

    def make_response(self, rv: ResponseReturnValue | None) -> Response:
        return super().make_response("" if rv is None else rv)

    def create_jinja_environment(self) -> Environment:
        environment = super().create_jinja_environment()
        environment.globals["shop"] = self.name
        return environment

    def handle_http_exception(self, e: HTTPException) -> HTTPException | ResponseReturnValue:
        return super().handle_http_exception(e)

    def dispatch_request(self) -> ResponseReturnValue:
        return super().dispatch_request()

    def process_response(self, response: Response) -> Response:
        return super().process_response(response)

    def preprocess_request(self) -> ResponseReturnValue | None:
        return super().preprocess_request()

    def full_dispatch_request(self) -> Response:
        return super().full_dispatch_request()

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        return 3600 if filename and filename.endswith(".css") else super().get_send_file_max_age(filename)

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        return True

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return super().ensure_sync(func)


app = Flask(__name__)
app.request_class = ShopRequest
app.response_class = ShopResponse
app.session_interface = Salted()
app.json = PlainJSON(app)
app.json_provider_class = PlainJSON
app.test_client_class = ShopClient
app.app_ctx_globals_class = type("Own", (), {})

shop = Shop(__name__, static_folder=None)
assert_type(shop.full_dispatch_request(), Response)
if isinstance(shop.json, DefaultJSONProvider):
    shop.json.sort_keys = False
if isinstance(request, ShopRequest):
    assert_type(request.wants_json, bool)
    assert_type(request.language, str)
