"""Files: static ones, send_file and send_from_directory, with conditional requests and ranges."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asking import Request, ask, get
from observing import note, outcome, plain

from flask import Blueprint, Flask, current_app, request, send_file, send_from_directory

HERE = Path(__file__).parent
STATIC = HERE / "static"
# A file of the repository has the time of its checkout, which is the same for both sides.
CHANGED = datetime.fromtimestamp((STATIC / "hello.txt").stat().st_mtime, UTC)

VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "x-sendfile": {"USE_X_SENDFILE": True},
    "max age": {"SEND_FILE_MAX_AGE_DEFAULT": 3600},
    "debug": {"DEBUG": True},
}

OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "mimetype": {"mimetype": "text/x-special"},
    "charset": {"mimetype": "text/plain; charset=latin-1"},
    "attachment": {"as_attachment": True},
    "attachment-named": {"as_attachment": True, "download_name": 'näme "x".pdf'},
    "named": {"download_name": "other.pdf"},
    "unknown-name": {"download_name": "other.unknown"},
    "gzip-name": {"download_name": "archive.tar.gz"},
    "unconditional": {"conditional": False},
    "no-etag": {"etag": False},
    "own-etag": {"etag": "own"},
    "modified": {"last_modified": 1_000_000_000},
    "modified-datetime": {"last_modified": datetime(2020, 1, 1, tzinfo=UTC)},
    "max-age": {"max_age": 60},
    "no-age": {"max_age": 0},
    "age-function": {"max_age": lambda name: note("asked for the age of", os.path.basename(name or "nothing")) or 5},
}
# What a file object does not tell by its name.
TYPE = {"mimetype": "text/plain"}


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(config)

    @app.route("/path/<option>")
    def by_path(option: str) -> Any:
        return send_file("static/hello.txt", **OPTIONS[option])

    @app.route("/absolute/<option>")
    def by_absolute_path(option: str) -> Any:
        return send_file(STATIC / "hello.txt", **OPTIONS[option])

    @app.route("/bytes/<option>")
    def by_bytes(option: str) -> Any:
        return send_file(io.BytesIO(b"0123456789"), **{**TYPE, **OPTIONS[option]})

    @app.route("/open/<option>")
    def by_file(option: str) -> Any:
        return send_file(open(STATIC / "hello.txt", "rb"), **{**TYPE, **OPTIONS[option]})

    @app.route("/untyped")
    def untyped() -> Any:
        return send_file(io.BytesIO(b"0123456789"))

    @app.route("/directory/<option>/<path:name>")
    def by_directory(option: str, name: str) -> Any:
        return send_from_directory("static", name, **OPTIONS[option])

    @app.route("/page")
    def page() -> Any:
        return current_app.send_static_file("folder/page.html")

    app.add_url_rule("/text", "text", lambda: send_file(io.StringIO("text"), mimetype="text/plain"))
    app.add_url_rule("/missing", "missing", lambda: send_file("missing.txt"))
    app.add_url_rule("/folder", "folder", lambda: send_file("static"))
    app.add_url_rule("/none", "none", lambda: send_file(None))  # type: ignore[arg-type]  # a mistake
    blueprint = Blueprint("bp", __name__, url_prefix="/bp", static_folder="static/folder", static_url_path="files")
    blueprint.add_url_rule("/own", "own", lambda: blueprint.send_static_file("page.html"))
    app.register_blueprint(blueprint)
    return app


def http_date(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


CONDITIONS: dict[str, dict[str, str]] = {
    "a wrong tag": {"If-None-Match": '"wrong"'},
    "any tag": {"If-None-Match": "*"},
    "own tag": {"If-None-Match": '"own"'},
    "weak own tag": {"If-None-Match": 'W/"own", "x"'},
    "since now": {"If-Modified-Since": http_date(CHANGED)},
    "since earlier": {"If-Modified-Since": http_date(CHANGED - timedelta(days=1))},
    "since nonsense": {"If-Modified-Since": "yesterday"},
    "not since earlier": {"If-Unmodified-Since": http_date(CHANGED - timedelta(days=1))},
    "match wrong": {"If-Match": '"wrong"'},
    "match any": {"If-Match": "*"},
    "both": {"If-None-Match": '"wrong"', "If-Modified-Since": http_date(CHANGED)},
    "range if wrong": {"Range": "bytes=0-1", "If-Range": '"wrong"'},
    "range if own": {"Range": "bytes=0-1", "If-Range": '"own"'},
    "range if since": {"Range": "bytes=0-1", "If-Range": http_date(CHANGED)},
}
RANGES = [
    *("bytes=0-1", "bytes=2-", "bytes=-3", "bytes=0-0", "bytes=0-100", "bytes=100-", "bytes=3-1", "bytes=0-1,3-4"),
    *("bytes=", "bytes=a-b", "lines=0-1", "0-1", "bytes=-0", "bytes=0-1,"),
]

VISITS: list[Request | list[Request]] = [
    *(get(f"/{way}/{option}") for way in ("path", "absolute", "bytes", "open") for option in OPTIONS),
    *(get(f"/directory/{option}/hello.txt") for option in OPTIONS),
    *(ask("HEAD", f"/{way}/plain") for way in ("path", "bytes", "open")),
    *(ask("HEAD", f"/{way}/named", headers={"Range": "bytes=0-1"}) for way in ("path", "bytes")),
    *(
        get(f"/{way}/{option}", name=name, headers=headers)
        for way in ("path", "bytes")
        for option in ("plain", "own-etag", "no-etag", "unconditional", "modified")
        for name, headers in CONDITIONS.items()
    ),
    *(get(f"/{way}/named", headers={"Range": value}) for way in ("path", "bytes", "open") for value in RANGES),
    *(get("/static/hello.txt", name=name, headers=headers) for name, headers in CONDITIONS.items()),
    *(get("/static/hello.txt", headers={"Range": value}) for value in RANGES),
    *(
        get(path)
        for path in (
            *("/static/hello.txt", "/static/folder/page.html", "/static/missing", "/static/folder", "/static/"),
            *(
                "/static/../files.py",
                "/static/%2e%2e/files.py",
                "/static//etc/passwd",
                "/static/a%00b",
                "/static/hello.txt/",
            ),
            *("/directory/plain/../files.py", "/directory/plain/missing", "/directory/plain/folder", "/page", "/text"),
            *(
                "/directory/plain/a\\b",
                "/missing",
                "/folder",
                "/none",
                "/untyped",
                "/bp/files/page.html",
                "/bp/files/no",
                "/bp/own",
            ),
        )
    ),
    *(ask(method, "/static/hello.txt") for method in ("HEAD", "POST", "OPTIONS")),
    get(
        "/path/plain",
        name="a file wrapper",
        environ={"wsgi.file_wrapper": lambda file, size=8192: [b"wrapped: ", file.read(), b"."]},
    ),
    get("/static/hello.txt", stop_after=1),
]


def probe_max_age() -> Any:
    """What the application says about the age of files."""
    app = Flask(__name__)
    found = {"default": app.get_send_file_max_age("x")}
    for value in (60, timedelta(minutes=2), None, 0):
        app.config["SEND_FILE_MAX_AGE_DEFAULT"] = value
        found[repr(value)] = app.get_send_file_max_age(None)

    class Own(Flask):
        def get_send_file_max_age(self, filename: str | None) -> int | None:
            note("asked for", filename and os.path.basename(filename))
            return 7

    app = Own(__name__)
    app.add_url_rule("/file", "file", lambda: send_file("static/hello.txt"))
    client = app.test_client()
    found["own"] = [client.get(path).headers["Cache-Control"] for path in ("/file", "/static/hello.txt")]
    return found


def probe_static_settings() -> Any:
    """Where static files are, and under which URL."""
    made: dict[str, dict[str, Any]] = {
        "default": {},
        "another folder": {"static_folder": "templates"},
        "a path": {"static_folder": STATIC / "folder"},
        "absolute": {"static_folder": str(STATIC)},
        "slash": {"static_folder": "static/folder/"},
        "another URL": {"static_url_path": "/files/"},
        "URL of nothing": {"static_url_path": ""},
        "URL without slash": {"static_url_path": "files"},
        "none": {"static_folder": None},
        "none, with URL": {"static_folder": None, "static_url_path": "/x"},
        "missing": {"static_folder": "nowhere"},
    }
    return {name: outcome(static_settings, options) for name, options in made.items()}


def static_settings(options: dict[str, Any]) -> Any:
    app = Flask(__name__, **options)
    folder = app.static_folder and os.path.relpath(app.static_folder, HERE)
    rules = [[str(rule), rule.endpoint] for rule in app.url_map.iter_rules()]
    urls = [app.test_client().get(f"{app.static_url_path}/{name}").status for name in ("hello.txt", "page.html")]
    return [app.has_static_folder, folder, app.static_url_path, rules, urls]


def probe_resources() -> Any:
    """Files of the application that are opened by name."""
    app, blueprint = Flask(__name__), Blueprint("bp", __name__)
    found: dict[str, Any] = {}
    for name, scaffold in (("app", app), ("blueprint", blueprint)):
        for mode in ("r", "rb", "rt", "w", "a"):
            found[f"{name} {mode}"] = outcome(read, scaffold, "static/hello.txt", mode)
        found[f"{name} missing"] = outcome(read, scaffold, "missing", "r")
        found[f"{name} root"] = os.path.relpath(scaffold.root_path, HERE)
    found["encoding"] = outcome(lambda: read(app, "static/hello.txt", "r", encoding="utf-16"))
    found["instance"] = os.path.relpath(app.instance_path, HERE)
    found["instance missing"] = outcome(lambda: app.open_instance_resource("missing"))
    return found


def read(scaffold: Any, name: str, mode: str, **options: Any) -> Any:
    with scaffold.open_resource(name, mode, **options) as file:
        return file.read()


def probe_send_from_directory() -> Any:
    """Directories and names that are given by hand."""
    app, found = Flask(__name__), {}
    with app.test_request_context("/"):
        for directory in ("static", STATIC, str(STATIC) + "/", "missing", "."):
            for name in ("hello.txt", "folder/page.html", "../files.py", "/etc/passwd", "", ".", Path("hello.txt")):
                found[f"{os.path.basename(str(directory))} {name!r}"] = outcome(
                    lambda d=directory, n=name: plain(served(d, n))
                )
    return found


def served(directory: Any, name: Any) -> Any:
    response = send_from_directory(directory, name)
    response.direct_passthrough = False
    return [response.status, response.mimetype, len(response.data), request.path]
