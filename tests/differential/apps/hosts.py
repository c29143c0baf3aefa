"""Hosts: subdomains, host matching, SERVER_NAME, APPLICATION_ROOT, TRUSTED_HOSTS, PREFERRED_URL_SCHEME."""

from __future__ import annotations

from typing import Any

from asking import Request, get, post
from observing import note, outcome, plain

from flask import Blueprint, Flask, request, session, url_for

VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "server name": {"config": {"SERVER_NAME": "example.org"}},
    "server name, port": {"config": {"SERVER_NAME": "example.org:5000"}},
    "server name, standard port": {"config": {"SERVER_NAME": "example.org:80"}},
    "server name, capitals": {"config": {"SERVER_NAME": "Example.ORG"}, "subdomain_matching": True},
    "subdomains": {"config": {"SERVER_NAME": "example.org"}, "subdomain_matching": True},
    "subdomains without name": {"subdomain_matching": True},
    "default subdomain": {
        "config": {"SERVER_NAME": "example.org"},
        "subdomain_matching": True,
        "default_subdomain": "www",
    },
    "default subdomain alone": {"default_subdomain": "www"},
    "hosts": {"host_matching": True, "static_host": "static.example.org"},
    "hosts and name": {"host_matching": True, "static_folder": None, "config": {"SERVER_NAME": "example.org"}},
    "root": {"config": {"APPLICATION_ROOT": "/app", "SERVER_NAME": "example.org"}},
    "https": {"config": {"PREFERRED_URL_SCHEME": "https", "SERVER_NAME": "example.org"}},
    "trusted": {"config": {"TRUSTED_HOSTS": ["example.org", ".example.com"]}},
    "trusted, name": {"config": {"TRUSTED_HOSTS": ["example.org"], "SERVER_NAME": "example.org"}},
    "trusted none": {"config": {"TRUSTED_HOSTS": []}},
    "trusted, debug": {"config": {"TRUSTED_HOSTS": ["example.org"], "DEBUG": True}},
}


def create(config: dict[str, Any] | None = None, default_subdomain: str | None = None, **options: Any) -> Flask:
    app = Flask(__name__, **options)
    app.config.update({"SECRET_KEY": "key", **(config or {})})
    if default_subdomain is not None:
        app.url_map.default_subdomain = default_subdomain
    blueprint = Blueprint("bp", __name__, subdomain="blue", url_prefix="/bp")
    inner = Blueprint("inner", __name__, subdomain="dark")
    host = {"host": "<host>"} if options.get("host_matching") else {}
    app.add_url_rule("/", "index", see, methods=["GET", "POST"], **host)
    app.add_url_rule("/slash/", "slash", see, **host)
    if host:
        app.add_url_rule("/", "fixed", see, host="fixed.example.org")
        app.add_url_rule("/", "ported", see, host="ported.example.org:5000")
    else:
        app.add_url_rule("/", "sub", see, subdomain="sub")
        app.add_url_rule("/", "deep", see, subdomain="a.b")
        app.add_url_rule("/variable", "variable", see, subdomain="<name>")
        app.add_url_rule("/session", "session", lambda: session.setdefault("a", "b"))
        blueprint.add_url_rule("/", "index", see)
        inner.add_url_rule("/", "index", see)
        blueprint.register_blueprint(inner, url_prefix="/inner")
        app.register_blueprint(blueprint)
        app.register_blueprint(blueprint, name="again", subdomain="again")
    app.before_request(lambda: note("before", request.endpoint))
    return app


def see(**values: Any) -> Any:
    links = [outcome(url_for, name, _external=external) for name in ENDPOINTS for external in (False, True)]
    return plain([request.endpoint, values, request.host, request.host_url, request.url_root, request.url, links])


ENDPOINTS = ["index", "slash", "sub", "bp.index", "fixed", "static"]
HOSTS = [
    *("localhost", "localhost:5000", "example.org", "example.org:80", "example.org:5000", "EXAMPLE.org", "other.org"),
    *(
        "sub.example.org",
        "sub.example.org:5000",
        "a.b.example.org",
        "x.example.org",
        "blue.example.org",
        "sub.localhost",
    ),
    *("dark.blue.example.org", "again.example.org", "www.example.org", "fixed.example.org", "ported.example.org:5000"),
    *("static.example.org", "x.example.com", "example.com", "xexample.org", "127.0.0.1", "[::1]", "[::1]:80"),
]
ODD_HOSTS = [
    "",
    "a b",
    "a/b",
    "é.example.org",
    "exa_mple.org",
    "example.org:x",
    "example.org.",
    "@example.org",
    "a:b:c",
]

VISITS: list[Request | list[Request]] = [
    *(get(path, headers={"Host": host}) for host in HOSTS for path in ("/", "/slash", "/variable", "/missing")),
    *(get(path, headers={"Host": host}) for host in HOSTS[:12] for path in ("/bp/", "/bp/inner/", "/session")),
    *(get("/", name=f"host {host!r}", environ={"HTTP_HOST": host}) for host in ODD_HOSTS),
    *(get("/slash", base_url=f"https://{host}/mounted") for host in ("localhost", "example.org", "example.org:443")),
    *(get("/", base_url=f"https://{host}/mounted") for host in ("localhost", "sub.example.org", "example.org:443")),
    *(get("/static/missing", headers={"Host": host}) for host in ("localhost", "static.example.org")),
    get("/", environ={"SERVER_NAME": "server", "SERVER_PORT": "8080", "HTTP_HOST": ""}),
    post("/slash", headers={"Host": "example.org"}),
]


def probe_outside_of_requests() -> Any:
    """URLs built within an application context."""
    found = {}
    for name, options in VARIANTS.items():
        app = create(**options)
        with app.app_context():
            for endpoint in ENDPOINTS:
                for more in ({}, {"_external": False}, {"_scheme": "https"}, {"_scheme": "ftp", "_external": False}):
                    found[f"{name} {endpoint} {more}"] = outcome(url_for, endpoint, **more)
    return found


def probe_test_request_context() -> Any:
    """The base URL that a test's request has by default."""
    found = {}
    for name, options in VARIANTS.items():
        app = create(**options)
        for arguments in ({}, {"base_url": "http://x.org/y"}, {"subdomain": "sub"}, {"url_scheme": "https"}):
            found[f"{name} {arguments}"] = outcome(url_in_context, app, arguments)
    app = create()
    found["both"] = outcome(url_in_context, app, {"base_url": "http://x.org", "subdomain": "sub"})
    found["path with host"] = outcome(lambda: app.test_request_context("http://x.org/p?q=1").request.url)
    return found


def url_in_context(app: Flask, arguments: dict[str, Any]) -> str:
    with app.test_request_context("/slash/", **arguments):
        return request.url


def probe_client() -> Any:
    """The base URL that a test client has by default."""
    found = {}
    for name, options in VARIANTS.items():
        client = create(**options).test_client()
        found[name] = [client.get("/").status, client.get("/", subdomain="sub").status, client.get("/").request.url]
    return found


def probe_host_options() -> Any:
    """Which combinations of hosts are refused."""
    return {
        "static host alone": outcome(lambda: Flask(__name__, static_host="x") and "made"),
        "host matching alone": outcome(lambda: Flask(__name__, host_matching=True) and "made"),
        "both": outcome(lambda: Flask(__name__, host_matching=True, static_host="x") and "made"),
        "no folder": outcome(lambda: Flask(__name__, host_matching=True, static_folder=None) and "made"),
    }
