"""What a request tells of itself: URL, headers, what was matched, the client."""

from __future__ import annotations

from typing import Any

from asking import Request, ask, get, post
from observing import note, outcome, plain

from flask import Blueprint, Flask, current_app, request

NAMES = [
    *("method", "scheme", "path", "full_path", "script_root", "root_path", "url", "base_url", "root_url", "url_root"),
    *("host_url", "host", "query_string", "args", "values", "remote_addr", "remote_user", "access_route", "is_secure"),
    *("is_json", "is_multithread", "is_multiprocess", "is_run_once", "content_type", "content_length", "mimetype"),
    *(
        "content_encoding",
        "content_md5",
        "referrer",
        "date",
        "max_forwards",
        "user_agent",
        "accept_mimetypes",
        "pragma",
    ),
    *("accept_charsets", "accept_encodings", "accept_languages", "cache_control", "if_match", "if_none_match", "range"),
    *("if_modified_since", "if_unmodified_since", "if_range", "authorization", "cookies", "origin", "server"),
    *("access_control_request_headers", "access_control_request_method", "endpoint", "blueprint", "blueprints"),
    *("view_args", "routing_exception", "want_form_data_parsed", "trusted_hosts", "mimetype_params"),
]
NAMES_OF_THE_RULE = ("rule", "endpoint", "methods", "defaults", "subdomain", "strict_slashes")


def create() -> Flask:
    app = Flask(__name__)
    blueprint = Blueprint("bp", __name__, url_prefix="/bp")
    for scaffold in (app, blueprint):
        scaffold.add_url_rule("/", "index", tell, methods=["GET", "POST", "PUT"])
        scaffold.add_url_rule("/<int:number>/<path:rest>", "values", tell, defaults={"extra": "x"})
    app.register_blueprint(blueprint)
    app.register_error_handler(404, lambda error: (tell(), 404))
    return app


def tell(**values: Any) -> Any:
    for name in NAMES:
        note(name, outcome(getattr, request, name))
    if request.url_rule is not None:
        note("rule", [outcome(getattr, request.url_rule, name) for name in NAMES_OF_THE_RULE])
    note("headers", [list(pair) for pair in request.headers])
    note("own header", request.headers.get("X-Own"), "x-own" in request.headers)
    note("header that may be missing", outcome(lambda: request.headers["x-own"]))
    note("best type", request.accept_mimetypes.best_match(["text/html", "application/json"]))
    note("best language", request.accept_languages.best, request.accept_mimetypes.accept_json)
    note("proxies", bool(request), request == request._get_current_object(), current_app.name)
    return "told"


HEADERS: list[tuple[str, Any]] = [
    ("nothing", {}),
    ("own", {"X-Own": "1, 2"}),
    ("twice", [("X-Own", "1"), ("X-Own", "2")]),
    ("Basic", {"Authorization": "Basic dXNlcjpwYXNz"}),
    ("broken Basic", {"Authorization": "Basic x"}),
    ("Bearer", {"Authorization": "Bearer token"}),
    ("Digest", {"Authorization": 'Digest username="u", realm="r"'}),
    ("no scheme", {"Authorization": "nonsense"}),
    ("accept", {"Accept": "application/json;q=0.9, text/html;q=0.1, */*;q=0", "Accept-Language": "de-AT, en;q=0.5"}),
    ("broken accept", {"Accept": ";;q=x,,", "Accept-Encoding": "gzip;q=2"}),
    ("cache", {"Cache-Control": "no-cache, max-age=0", "Pragma": "no-cache"}),
    ("conditions", {"If-Match": '"a", W/"b"', "If-None-Match": "*", "If-Range": '"a"', "Range": "bytes=0-1,5-"}),
    ("dates", {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT", "Date": "Mon, 01 Jan 2024 00:00:00 GMT"}),
    ("broken dates", {"If-Modified-Since": "tomorrow", "Date": "x", "If-Unmodified-Since": "Mon, 99 Jan 2024"}),
    ("forwarded", {"X-Forwarded-For": "1.2.3.4, 5.6.7.8", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "other"}),
    ("browser", {"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/99", "Referer": "http://x/", "Origin": "http://o"}),
    ("CORS", {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "X-A, X-B"}),
    ("numbers", {"Max-Forwards": "7", "Content-MD5": "x", "Content-Encoding": "gzip"}),
    ("broken numbers", {"Max-Forwards": "seven"}),
    ("type", {"Content-Type": 'text/plain; charset="utf-8"; x=y'}),
    ("cookies", {"Cookie": "a=1; a=2; b=%20; c"}),
    ("text outside of ASCII", {"X-Own": "é"}),
    ("empty", {"X-Own": ""}),
]
ENVIRONS: list[tuple[str, dict[str, Any]]] = [
    ("user", {"REMOTE_USER": "me"}),
    ("no address", {"REMOTE_ADDR": ""}),
    ("script", {"SCRIPT_NAME": "/app"}),
    ("script with slash", {"SCRIPT_NAME": "/app/"}),
    ("https", {"wsgi.url_scheme": "https", "HTTP_HOST": "h.org:443"}),
    ("no host", {"HTTP_HOST": "", "SERVER_NAME": "s.org", "SERVER_PORT": "99"}),
    ("flags", {"wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": True}),
    ("raw URI", {"REQUEST_URI": "/raw%2Fpath", "RAW_URI": "/raw"}),
]

VISITS: list[Request | list[Request]] = [
    *(get(path) for path in ("/", "/?a=1&a=2&b=%C3%A9&c", "/7/a/b?x", "/bp/", "/bp/7/x", "/missing", "/bp/missing")),
    *(get("/?q=1", name=name, headers=headers) for name, headers in HEADERS),
    *(get("/?q=1", name=name, environ=environ) for name, environ in ENVIRONS),
    post("/?a=1", data={"a": "2", "b": "3"}),
    ask("PUT", "/?a=1", data={"a": "2"}),
    post("/", json={"a": 1}),
    ask("HEAD", "/"),
    get("/", base_url="https://user:pw@example.org:8443/mounted/here"),
]


def probe_request_class() -> Any:
    """A request class of the user's."""

    class Own(Flask.request_class):  # type: ignore[name-defined]  # a class attribute
        def __init__(self, environ: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(environ, *args, **kwargs)
            self.path = self.path.replace("/x", "/y")
            self.method = "GET"

        def twice(self) -> int:
            return int(self.args["n"]) * 2

    app = Flask(__name__)
    app.request_class = Own
    app.add_url_rule("/y", "index", lambda: f"{request.twice()} {request.path} {request.method}")
    client = app.test_client()
    return [client.get("/x?n=4").text, client.post("/y?n=4").text, client.get("/y").status]


def probe_by_hand() -> Any:
    """A request without an application."""
    made = Flask.request_class({"REQUEST_METHOD": "POST", "PATH_INFO": "/x", "wsgi.url_scheme": "http"})
    names = ["method", "path", "endpoint", "blueprint", "blueprints", "view_args", "url_rule", "args", "is_json"]
    return {name: plain(outcome(getattr, made, name)) for name in names}


def probe_missing_keys() -> Any:
    """What reading something that is not there raises."""
    app = Flask(__name__)
    with app.test_request_context("/"):
        return {
            name: outcome(lambda name=name: getattr(request, name)["missing"])
            for name in ("args", "form", "files", "values", "cookies", "headers")
        }
