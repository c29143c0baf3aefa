"""Functions for views: files, URLs, redirects, errors, responses, flashed messages."""

from __future__ import annotations

import importlib
import io
import os
import sys
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jinja2 import DictLoader
from werkzeug.exceptions import HTTPException, ImATeapot, NotFound
from werkzeug.http import http_date, parse_options_header
from werkzeug.routing import BuildError
from werkzeug.wrappers import Response as WerkzeugResponse

import flask
from flask import Blueprint, Flask, Response, abort, eras, flash, get_flashed_messages, make_response, redirect, url_for
from flask.helpers import get_debug_flag, get_load_dotenv, get_root_path

newest_era = pytest.mark.skipif(eras.current() != eras.NEWEST, reason="a default of today")

TIME = 1_000_000_000
TEXT = b"0123456789\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with `static/digits.txt` and others."""
    static = tmp_path / "static"
    (static / "sub").mkdir(parents=True)
    for name in ("digits.txt", "page.html", "noextension", "archive.tar.gz", "ünï.txt", "sub/inner.txt"):
        (static / name).write_bytes(TEXT)
        os.utime(static / name, (TIME, TIME))
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path


@pytest.fixture
def app(folder):
    app = Flask("helpers", root_path=str(folder))
    app.config.update(TESTING=True, SECRET_KEY="test key")
    return app


@pytest.fixture
def answer(app):
    """Gives the response of a view that sends a file."""
    view = []
    app.add_url_rule("/", "view", lambda: view[-1]())

    def answer(send, *args, method="GET", headers=None, **kwargs):
        view.append(lambda: send(*args, **kwargs))
        return app.test_client().open("/", method=method, headers=headers, buffered=True)

    return answer


@pytest.fixture
def send_file(answer):
    return lambda *args, **kwargs: answer(flask.send_file, *args, **kwargs)


@pytest.fixture
def send_from_directory(answer):
    return lambda *args, **kwargs: answer(flask.send_from_directory, *args, **kwargs)


def disposition(response):
    return parse_options_header(response.headers.get("Content-Disposition"))


# send_file: what is sent


@pytest.mark.parametrize("kind", ["relative", "absolute", "pathlike", "filename_or_fp", "path_or_file"])
def test_the_path_of_a_file(app, folder, send_file, kind):
    absolute = folder / "static" / "digits.txt"
    response = {
        "relative": lambda: send_file("static/digits.txt"),
        "absolute": lambda: send_file(str(absolute)),
        "pathlike": lambda: send_file(absolute),
        "filename_or_fp": lambda: send_file(filename_or_fp="static/digits.txt"),
        "path_or_file": lambda: send_file(path_or_file=Path("static/digits.txt")),
    }[kind]()
    assert (response.status_code, response.data, response.mimetype) == (200, TEXT, "text/plain")
    assert response.content_length == len(TEXT)
    assert response.last_modified == datetime.fromtimestamp(TIME, UTC)
    assert response.get_etag()[0]
    assert isinstance(response, app.response_class)


def test_a_file_object(send_file):
    response = send_file(io.BytesIO(b"x,y"), mimetype="text/csv")
    assert (response.data, response.mimetype, response.content_length) == (b"x,y", "text/csv", 3)
    assert response.get_etag() == (None, None)


def test_a_file_object_is_sent_from_where_it_stands(send_file):
    file = io.BytesIO(b"skipped, sent")
    file.seek(9)
    assert send_file(file, mimetype="text/plain").data == b"sent"


def test_an_opened_file_is_closed_after_it_was_sent(folder, send_file):
    with open(folder / "static" / "digits.txt", "rb") as file:
        assert send_file(file, mimetype="text/plain", etag=False).data == TEXT
        assert file.closed


def test_text_is_refused(folder, send_file):
    with open(folder / "static" / "digits.txt") as opened:
        for file in (opened, io.StringIO("text")):
            with pytest.raises(ValueError, match="binary"):
                send_file(file, mimetype="text/plain")


@pytest.mark.parametrize(("name", "error"), [("static/nowhere.txt", FileNotFoundError), ("static", IsADirectoryError)])
def test_paths_that_are_no_file(send_file, name, error):
    with pytest.raises(error):
        send_file(name)


def test_nothing_to_send(send_file):
    with pytest.raises(TypeError, match="none was given"):
        send_file()


def test_head_tells_without_sending(send_file):
    response = send_file("static/digits.txt", method="HEAD")
    assert (response.data, response.content_length, response.mimetype) == (b"", len(TEXT), "text/plain")


def test_send_file_needs_a_request(app):
    with app.app_context(), pytest.raises(RuntimeError, match="request context"):
        flask.send_file("static/digits.txt")


# send_file: type and name


@pytest.mark.parametrize(
    ("file", "options", "mimetype"),
    [
        ("page.html", {}, "text/html"),
        ("noextension", {}, "application/octet-stream"),
        ("digits.txt", {"mimetype": "text/x-own"}, "text/x-own"),
        ("digits.txt", {"download_name": "digits.csv"}, "text/csv"),
        ("digits.txt", {"attachment_filename": "digits.csv"}, "text/csv"),
        ("digits.txt", {"download_name": "digits.csv", "mimetype": "text/x-own"}, "text/x-own"),
        (None, {}, "application/octet-stream"),
        (None, {"download_name": "digits.csv"}, "text/csv"),
        (None, {"mimetype": "text/x-own"}, "text/x-own"),
    ],
)
def test_mimetype(send_file, file, options, mimetype):
    response = send_file(f"static/{file}" if file else io.BytesIO(b""), **options)
    assert response.mimetype == mimetype


def test_compressed_files_name_their_encoding(send_file):
    response = send_file("static/archive.tar.gz")
    assert (response.mimetype, response.content_encoding) == ("application/x-tar", "gzip")
    # As an attachment it is saved as it is.
    assert send_file("static/archive.tar.gz", as_attachment=True).content_encoding is None


@newest_era
def test_plain_files_are_shown_and_named(send_file, send_from_directory):
    for response in (
        send_file("static/digits.txt"),
        send_from_directory("static", "digits.txt"),
        send_file("static/digits.txt", headers={"Range": "bytes=1-2"}),
    ):
        assert response.headers["Content-Disposition"] == "inline; filename=digits.txt"


@pytest.mark.parametrize(
    ("options", "kind", "name"),
    [
        ({"as_attachment": True}, "attachment", "digits.txt"),
        ({"as_attachment": True, "download_name": "other.txt"}, "attachment", "other.txt"),
        ({"as_attachment": True, "attachment_filename": "other.txt"}, "attachment", "other.txt"),
        pytest.param({"download_name": "other.txt"}, "inline", "other.txt", marks=newest_era),
        ({"as_attachment": True, "download_name": "Ñandú 企鹅.txt"}, "attachment", "Ñandú 企鹅.txt"),
        ({"as_attachment": True, "download_name": "Vögel.txt"}, "attachment", "Vögel.txt"),
        ({"as_attachment": True, "download_name": 'a "b"; c=d.txt'}, "attachment", 'a "b"; c=d.txt'),
    ],
)
def test_disposition(send_file, options, kind, name):
    found, parameters = disposition(send_file("static/digits.txt", **options))
    assert (found, parameters["filename"]) == (kind, name)


def test_names_beyond_ascii_also_have_a_plain_form(send_file):
    header = send_file("static/ünï.txt", as_attachment=True).headers["Content-Disposition"]
    assert "filename=uni.txt" in header
    assert "filename*=UTF-8''%C3%BCn%C3%AF.txt" in header


def test_an_attachment_needs_a_name(send_file):
    with pytest.raises(TypeError, match="name"):
        send_file(io.BytesIO(b""), mimetype="text/plain", as_attachment=True)
    assert disposition(send_file(io.BytesIO(b""), as_attachment=True, download_name="a.txt"))[0] == "attachment"


# send_file: caching


@newest_era
def test_clients_ask_again_each_time_by_default(send_file):
    response = send_file("static/digits.txt")
    assert (response.cache_control.no_cache, response.cache_control.max_age) == (True, None)


@pytest.mark.parametrize("name", ["max_age", "cache_timeout"])
def test_max_age(send_file, name):
    before = datetime.now(UTC)
    response = send_file("static/digits.txt", **{name: 100})
    assert (response.cache_control.max_age, response.cache_control.public) == (100, True)
    assert not response.cache_control.no_cache
    assert before + timedelta(seconds=98) <= response.expires <= datetime.now(UTC) + timedelta(seconds=102)


def test_max_age_of_a_function(folder, send_file):
    asked = []

    def max_age(path):
        asked.append(path)
        return 7 if path else None

    assert send_file("static/digits.txt", max_age=max_age).cache_control.max_age == 7
    assert send_file(io.BytesIO(b""), mimetype="text/plain", max_age=max_age).cache_control.max_age is None
    assert asked == [str(folder / "static" / "digits.txt"), None]


@pytest.mark.parametrize("value", [100, timedelta(seconds=100)])
def test_max_age_of_the_configuration(app, send_file, value):
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = value
    assert send_file("static/digits.txt").cache_control.max_age == 100
    assert send_file("static/digits.txt", max_age=5).cache_control.max_age == 5
    assert app.test_client().get("/static/digits.txt", buffered=True).cache_control.max_age == 100


def test_max_age_of_an_application_and_a_blueprint(folder, send_file):
    class Own(Flask):
        def get_send_file_max_age(self, name):
            return 10 if name.endswith(".txt") else super().get_send_file_max_age(name)

    class OwnBlueprint(Blueprint):
        def get_send_file_max_age(self, name):
            return 20

    app = Own("own", root_path=str(folder))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 5
    blueprint = OwnBlueprint("b", "b", static_folder="static", url_prefix="/b", root_path=str(folder))
    app.register_blueprint(blueprint)
    client = app.test_client()
    ages = [
        client.get(url, buffered=True).cache_control.max_age
        for url in ("/static/digits.txt", "/static/page.html", "/b/static/digits.txt")
    ]
    assert ages == [10, 5, 20]


def test_etags(send_file):
    plain = send_file("static/digits.txt").get_etag()
    assert plain == send_file("static/digits.txt").get_etag()
    assert plain != send_file("static/page.html").get_etag()
    assert send_file("static/digits.txt", etag="own").get_etag() == ("own", False)
    assert send_file("static/digits.txt", etag=False).get_etag() == (None, None)
    assert send_file("static/digits.txt", add_etags=False).get_etag() == (None, None)
    assert send_file(io.BytesIO(b""), mimetype="text/plain", etag="own").get_etag() == ("own", False)


@pytest.mark.parametrize("value", [datetime(2020, 1, 2, tzinfo=UTC), 1577923200, 1577923200.5])
def test_last_modified(send_file, value):
    assert send_file("static/digits.txt", last_modified=value).last_modified == datetime(2020, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("condition", ["etag", "time"])
def test_conditional_requests(send_file, condition):
    first = send_file("static/digits.txt", conditional=True)
    headers = {
        "etag": {"If-None-Match": first.headers["ETag"]},
        "time": {"If-Modified-Since": first.headers["Last-Modified"]},
    }[condition]
    again = send_file("static/digits.txt", conditional=True, headers=headers)
    assert (again.status_code, again.data) == (304, b"")
    assert send_file("static/digits.txt", conditional=False, headers=headers).status_code == 200


def test_a_changed_file_is_sent_again(folder, send_file):
    headers = {"If-None-Match": send_file("static/digits.txt").headers["ETag"]}
    os.utime(folder / "static" / "digits.txt", (TIME + 1, TIME + 1))
    assert send_file("static/digits.txt", conditional=True, headers=headers).status_code == 200


# send_file: ranges


@pytest.mark.parametrize(
    ("header", "body", "content_range"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/11"),
        ("bytes=8-", b"89\n", "bytes 8-10/11"),
        ("bytes=-3", b"89\n", "bytes 8-10/11"),
        ("bytes=9-99", b"9\n", "bytes 9-10/11"),
    ],
)
def test_ranges(folder, send_file, header, body, content_range):
    for file in ("static/digits.txt", io.BytesIO(TEXT)):
        response = send_file(file, mimetype="text/plain", conditional=True, headers={"Range": header})
        assert (response.status_code, response.data) == (206, body)
        assert response.headers["Content-Range"] == content_range
        assert response.content_length == len(body)


@pytest.mark.parametrize("header", ["bytes=11-", "bytes=5-2", "bytes=x", "bytes=1-2,4-5", "lines=1-2"])
def test_ranges_that_cannot_be_satisfied(send_file, header):
    response = send_file("static/digits.txt", conditional=True, headers={"Range": header})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */11"


def test_ranges_are_for_conditional_answers(send_file):
    response = send_file("static/digits.txt", conditional=False, headers={"Range": "bytes=2-4"})
    assert (response.status_code, response.data) == (200, TEXT)


def test_if_range(send_file):
    etag = send_file("static/digits.txt").headers["ETag"]

    def status(condition):
        headers = {"Range": "bytes=2-4", "If-Range": condition}
        return send_file("static/digits.txt", conditional=True, headers=headers).status_code

    assert [status(condition) for condition in (etag, '"other"', http_date(TIME), http_date(TIME - 1))] == [
        206, 200, 206, 200,
    ]  # fmt: skip


# send_file: by the server


def test_x_sendfile(app, folder, send_file):
    app.use_x_sendfile = True
    response = send_file("static/digits.txt")
    assert response.headers["X-Sendfile"] == str(folder / "static" / "digits.txt")
    assert (response.data, response.content_length) == (b"", len(TEXT))
    assert "X-Sendfile" not in send_file(io.BytesIO(b"x"), mimetype="text/plain").headers


def test_the_servers_file_wrapper_is_used(app):
    wrapped = []

    def wrapper(file, size=8192):
        with file:
            wrapped.append(file.read())
        return [b"wrapped"]

    app.add_url_rule("/", "view", lambda: flask.send_file("static/digits.txt"))
    response = app.test_client().get("/", environ_base={"wsgi.file_wrapper": wrapper})
    assert (wrapped, response.data) == ([TEXT], b"wrapped")


# send_from_directory


@pytest.mark.parametrize(
    ("directory", "name"),
    [
        ("static", "digits.txt"),
        (Path("static"), Path("digits.txt")),
        ("static", "./digits.txt"),
        ("static", "sub/../digits.txt"),
        ("static/sub", "inner.txt"),
        ("static", "ünï.txt"),
    ],
)
def test_files_of_a_directory(send_from_directory, directory, name):
    response = send_from_directory(directory, name)
    assert (response.status_code, response.data) == (200, TEXT)


def test_an_absolute_directory(folder, send_from_directory):
    assert send_from_directory(folder / "static", "digits.txt").data == TEXT


@pytest.mark.parametrize(
    "name",
    ["../secret.txt", "sub/../../secret.txt", "/etc/passwd", "//etc/passwd", "..", ".", "", "sub", "nowhere.txt",
     "a\0b", "\0", "\\..\\secret.txt", "a" * 5000],
)  # fmt: skip
def test_what_is_no_file_of_the_directory_is_not_found(send_from_directory, name):
    assert send_from_directory("static", name).status_code == 404


def test_the_name_by_keyword_of_each_era(send_from_directory):
    assert send_from_directory("static", path="digits.txt").data == TEXT
    assert send_from_directory("static", filename="digits.txt").data == TEXT
    with pytest.raises(TypeError, match="none was given"):
        send_from_directory("static")


def test_options_of_send_file_are_passed_on(send_from_directory):
    response = send_from_directory("static", "digits.txt", as_attachment=True, max_age=5, mimetype="text/x-own")
    assert disposition(response)[1]["filename"] == "digits.txt"
    assert (response.cache_control.max_age, response.mimetype) == (5, "text/x-own")


# Static files and resources


def test_static_files(app):
    client = app.test_client()
    for name in ("digits.txt", "sub/inner.txt", "%C3%BCn%C3%AF.txt"):
        assert client.get(f"/static/{name}", buffered=True).data == TEXT
    for name in ("", "sub", "nowhere", "../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "%00"):
        assert client.get(f"/static/{name}").status_code == 404
    assert client.post("/static/digits.txt").status_code == 405


def test_without_a_static_folder(folder):
    app = Flask("helpers", root_path=str(folder), static_folder=None)
    assert not app.has_static_folder
    assert app.test_client().get("/static/digits.txt").status_code == 404
    with app.test_request_context(), pytest.raises(RuntimeError, match="static_folder"):
        app.send_static_file("digits.txt")


def test_open_resource(app):
    with app.open_resource("static/ünï.txt") as binary, app.open_resource("secret.txt", "r") as text:
        assert (binary.read(), text.read()) == (TEXT, "secret")
    with pytest.raises(FileNotFoundError):
        app.open_resource("nowhere.txt")


def test_open_resource_reads_utf_8_unless_told(app, folder):
    (folder / "latin.txt").write_bytes("ü".encode("latin-1"))
    (folder / "utf.txt").write_bytes("ü".encode())
    with app.open_resource("utf.txt", "rt") as utf, app.open_resource("latin.txt", "r", encoding="latin-1") as latin:
        assert (utf.read(), latin.read()) == ("ü", "ü")


@pytest.mark.parametrize("mode", ["w", "a", "r+", "wb", "x"])
def test_open_resource_is_for_reading(app, mode):
    with pytest.raises(ValueError, match="reading"):
        app.open_resource("secret.txt", mode)


def test_open_instance_resource(app, folder):
    app = Flask("helpers", instance_path=str(folder / "instance"))
    os.mkdir(app.instance_path)
    with app.open_instance_resource("note.txt", "w") as file:
        file.write("ü")
    with app.open_instance_resource("note.txt") as binary, app.open_instance_resource("note.txt", "r") as text:
        assert (binary.read(), text.read()) == ("ü".encode(), "ü")


# url_for


@pytest.fixture
def routes(app):
    """The application with rules of several kinds."""
    app.add_url_rule("/", "index", lambda: "")
    app.add_url_rule("/user/<name>", "user", lambda name: name)
    app.add_url_rule("/page/", "page", lambda page: page, defaults={"page": 1})
    app.add_url_rule("/page/<int:page>", "page")
    app.add_url_rule("/form", "form", lambda: "", methods=["GET"])
    app.add_url_rule("/form/send", "form", methods=["POST"])
    blueprint = Blueprint("admin", "admin", url_prefix="/admin")
    blueprint.add_url_rule("/", "index", lambda: f"{url_for('.index')} {url_for('.users')} {url_for('index')}")
    blueprint.add_url_rule("/users", "users", lambda: "")
    app.register_blueprint(blueprint)
    return app


@pytest.mark.parametrize(
    ("endpoint", "values", "url"),
    [
        ("index", {}, "/root/"),
        ("user", {"name": "ada"}, "/root/user/ada"),
        ("user", {"name": "a/b ü?"}, "/root/user/a/b%20%C3%BC%3F"),
        ("user", {"name": 5}, "/root/user/5"),
        ("user", {"name": "ada", "page": 2, "empty": None}, "/root/user/ada?page=2"),
        ("index", {"q": "a&b", "list": [1, 2]}, "/root/?q=a%26b&list=1&list=2"),
        ("page", {}, "/root/page/"),
        ("page", {"page": 1}, "/root/page/"),
        ("page", {"page": 2}, "/root/page/2"),
        ("index", {"_anchor": "top"}, "/root/#top"),
        ("index", {"_anchor": "a b/ü?#'"}, "/root/#a%20b/%C3%BC?#'"),
        ("index", {"_anchor": ""}, "/root/#"),
        ("form", {}, "/root/form"),
        ("form", {"_method": "POST"}, "/root/form/send"),
        ("index", {"_external": True}, "https://shop.example/root/"),
        ("index", {"_external": False}, "/root/"),
        ("index", {"_scheme": "http"}, "http://shop.example/root/"),
        ("index", {"_scheme": "http", "_external": True, "_anchor": "top"}, "http://shop.example/root/#top"),
        ("index", {"_scheme": "", "_external": True}, "//shop.example/root/"),
        ("static", {"filename": "a b.txt"}, "/root/static/a%20b.txt"),
        ("admin.users", {}, "/root/admin/users"),
        (".index", {}, "/root/"),
        ("index", {"class": "a", "endpoint_": "b"}, "/root/?class=a&endpoint_=b"),
    ],
)
def test_urls_in_a_request(routes, endpoint, values, url):
    with routes.test_request_context("/", base_url="https://shop.example/root"):
        assert url_for(endpoint, **values) == url
        assert routes.url_for(endpoint, **values) == url


def test_a_dot_means_the_blueprint_of_the_request(routes):
    assert routes.test_client().get("/admin/").text == "/admin/ /admin/users /"


@pytest.mark.parametrize(
    ("endpoint", "values"), [("nowhere", {}), ("user", {}), ("user", {"name": None}), ("form", {"_method": "DELETE"})]
)
def test_urls_that_cannot_be_built(routes, endpoint, values):
    with routes.test_request_context(), pytest.raises(BuildError, match=endpoint):
        url_for(endpoint, **values)


def test_a_scheme_makes_no_sense_for_a_relative_url(routes):
    with routes.test_request_context(), pytest.raises(ValueError, match="_external"):
        url_for("index", _scheme="https", _external=False)


def test_url_for_takes_the_endpoint_only_by_position(routes):
    with routes.test_request_context(), pytest.raises(TypeError):
        url_for("user", "ada")


def test_urls_outside_of_a_request(routes):
    routes.config.update(SERVER_NAME="shop.example:8080", APPLICATION_ROOT="/root", PREFERRED_URL_SCHEME="https")
    with routes.app_context():
        assert url_for("user", name="ada") == "https://shop.example:8080/root/user/ada"
        assert url_for("index", _external=False) == "/root/"
        assert url_for("index", _scheme="http", _anchor="a") == "http://shop.example:8080/root/#a"
    assert routes.url_for("index") == "https://shop.example:8080/root/"


def test_urls_outside_of_a_request_need_a_server_name(routes):
    with routes.app_context(), pytest.raises(RuntimeError, match="SERVER_NAME"):
        url_for("index")
    with pytest.raises(RuntimeError, match="SERVER_NAME"):
        routes.url_for("index")


def test_urls_outside_of_everything(routes):
    with pytest.raises(RuntimeError, match="application context"):
        url_for("index")


def test_an_active_request_builds_the_urls(routes):
    other = Flask("other")
    with routes.test_request_context("/"), other.app_context():
        assert url_for("user", name="ada") == "/user/ada"


def test_url_for_of_the_application_can_be_overridden():
    class Own(Flask):
        def url_for(self, endpoint, **values):
            return f"own {endpoint} {sorted(key for key, value in values.items() if value is not None)}"

    with Own("own").test_request_context():
        assert url_for("index", _anchor="a", name="b") == "own index ['_anchor', 'name']"
        assert flask.render_template_string("{{ url_for('index') }}") == "own index []"


def test_url_defaults(routes):
    @routes.url_defaults
    def language(endpoint, values):
        if endpoint == "index":
            values.setdefault("language", "en")

    with routes.test_request_context():
        assert url_for("index") == "/?language=en"
        assert url_for("index", language="de") == "/?language=de"
        assert url_for("user", name="ada") == "/user/ada"


def test_build_error_handlers_are_asked_in_turn(routes):
    asked = []

    def ignore(error, endpoint, values):
        asked.append(("ignore", type(error), endpoint, dict(values)))

    def refuse(error, endpoint, values):
        asked.append("refuse")
        raise error

    def know(error, endpoint, values):
        asked.append("know")
        return f"/known/{endpoint}" if endpoint == "known" else None

    routes.url_build_error_handlers += [ignore, refuse, know]
    with routes.test_request_context():
        assert url_for("known", a=1, _anchor="x", _external=True, _method="GET") == "/known/known"
        values = {"a": 1, "_anchor": "x", "_method": "GET", "_scheme": None, "_external": True}
        assert asked == [("ignore", BuildError, "known", values), "refuse", "know"]
        with pytest.raises(BuildError):
            url_for("unknown")


def test_another_error_of_a_build_error_handler(routes):
    routes.url_build_error_handlers.append(lambda error, endpoint, values: 1 / 0)
    with routes.test_request_context(), pytest.raises(ZeroDivisionError):
        url_for("unknown")


# redirect, abort, make_response


@pytest.mark.parametrize(
    ("arguments", "status", "location"),
    [
        (("/login",), "302 FOUND", "/login"),
        (("/login", 301), "301 MOVED PERMANENTLY", "/login"),
        (("http://shop.example/ä?b=ö",), "302 FOUND", "http://shop.example/ä?b=ö"),
    ],
)
def test_redirect(app, arguments, status, location):
    with app.test_request_context():
        response = redirect(*arguments)
        assert (response.status, response.location) == (status, location)
        assert type(response) is Response
    assert redirect(*arguments).status == status  # also without an application


def test_redirect_escapes_in_its_page():
    assert "<script>" not in redirect("/?<script>").get_data(as_text=True)


def test_class_of_a_redirect(app):
    class Own(Response):
        pass

    with app.app_context():
        assert type(redirect("/", Response=Own)) is Own
    assert type(redirect("/", Response=Own)) is Own
    assert type(redirect("/")) is WerkzeugResponse


def test_redirect_of_the_application_is_called():
    class Own(Flask):
        def redirect(self, location, code=302):
            return super().redirect(f"/own{location}", code)

    with Own("own").app_context():
        assert redirect("/login", code=307).location == "/own/login"
        assert redirect("/login", code=307).status_code == 307


def test_abort(app):
    for context in (app.app_context, app.test_request_context):
        with context(), pytest.raises(NotFound, match="gone fishing"):
            abort(404, "gone fishing")
    with pytest.raises(ImATeapot):
        abort(418)


def test_abort_with_a_response(app):
    response = Response("closed", 503)
    app.add_url_rule("/", "index", lambda: abort(response))
    assert (app.test_client().get("/").status_code, app.test_client().get("/").text) == (503, "closed")


@pytest.mark.parametrize("code", [200, 402, 999])
def test_abort_with_a_code_that_is_no_error(app, code):
    with app.app_context(), pytest.raises(LookupError, match=str(code)):
        abort(code)


def test_abort_asks_the_applications_aborter(app):
    class PaymentRequired(HTTPException):
        code = 402

    app.aborter.mapping[402] = PaymentRequired
    with app.app_context(), pytest.raises(PaymentRequired):
        abort(402)
    with pytest.raises(LookupError):
        abort(402)


def test_make_response(app):
    with app.test_request_context():
        assert make_response().data == b""
        assert make_response("a").data == b"a"
        assert make_response("a", 404).status_code == 404
        response = make_response("a", 201, {"X-A": "b"})
        assert (response.status_code, response.headers["X-A"]) == (201, "b")
        assert make_response(("a", {"X-A": "c"})).headers["X-A"] == "c"
        own = Response("b")
        assert make_response(own) is own
        assert make_response({"a": 1}).mimetype == "application/json"
        with pytest.raises(TypeError, match="None"):
            make_response(None)


def test_make_response_of_the_application_is_called():
    class Own(Flask):
        def make_response(self, rv):
            return super().make_response(f"own {rv}")

    with Own("own").test_request_context():
        assert make_response("a").data == b"own a"


# Flashed messages


@pytest.fixture
def flashed(app):
    with app.test_request_context():
        flash("one")
        flash("two", "error")
        flash("three", category="info")
        yield


@pytest.mark.parametrize(
    ("options", "messages"),
    [
        ({}, ["one", "two", "three"]),
        ({"with_categories": True}, [("message", "one"), ("error", "two"), ("info", "three")]),
        ({"category_filter": ["error"]}, ["two"]),
        ({"category_filter": ("error", "message")}, ["one", "two"]),
        ({"category_filter": {"info": 1}}, ["three"]),
        ({"category_filter": "error"}, ["two"]),
        ({"category_filter": ["nothing"]}, []),
        ({"with_categories": True, "category_filter": ["info"]}, [("info", "three")]),
    ],
)
def test_flashed_messages(flashed, options, messages):
    assert get_flashed_messages(**options) == messages


def test_a_category_filter_may_be_used_up(flashed):
    assert get_flashed_messages(category_filter=iter(["message", "info"])) == ["one", "three"]


def test_flashed_messages_leave_the_session_and_stay_for_the_request(flashed):
    assert len(get_flashed_messages()) == 3
    assert dict(flask.session) == {}
    flash("later")
    assert get_flashed_messages(with_categories=True, category_filter=["error"]) == [("error", "two")]
    assert len(get_flashed_messages()) == 3


def test_changing_the_list_of_messages_changes_nothing(flashed):
    get_flashed_messages().clear()
    get_flashed_messages(with_categories=True).clear()
    assert len(get_flashed_messages()) == 3


def test_messages_are_shown_once_in_a_later_request(app):
    app.jinja_loader = DictLoader(
        {"show.html": "{% for category, text in get_flashed_messages(true) %}{{ category }}:{{ text }};{% endfor %}"}
    )

    @app.route("/flash")
    def flash_something():
        flash("<b>", "error")
        flash("bye")
        return redirect("/show")

    app.add_url_rule("/show", "show", lambda: flask.render_template("show.html"))
    client = app.test_client()
    assert client.get("/flash", follow_redirects=True).text == "error:&lt;b&gt;;message:bye;"
    assert client.get("/show").text == ""


def test_messages_of_a_session_that_keeps_lists(app):
    with app.test_request_context():
        flask.session["_flashes"] = [["error", "from JSON"]]
        assert get_flashed_messages() == ["from JSON"]


def test_messages_need_a_session(app):
    app.secret_key = None
    with app.test_request_context():
        assert get_flashed_messages() == []
        with pytest.raises(RuntimeError, match="secret"):
            flash("one")
    for function in (get_flashed_messages, lambda: flash("one")):
        with pytest.raises(RuntimeError, match="request context"):
            function()


# Flags of the environment


@pytest.mark.parametrize(
    ("value", "debug", "load"),
    [
        (None, False, True), ("", False, True), ("1", True, False), ("true", True, False), ("on", True, False),
        ("0", False, True), ("false", False, True), ("No", False, True),
    ],
)  # fmt: skip
def test_flags(monkeypatch, value, debug, load):
    for name in ("FLASK_DEBUG", "FLASK_SKIP_DOTENV"):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert get_debug_flag() is debug
    assert get_load_dotenv() is load
    if not value:
        assert get_load_dotenv(False) is False


# Root paths


def test_root_path_of_a_package_and_a_module():
    assert get_root_path("json") == os.path.dirname(sys.modules["json"].__file__)
    assert get_root_path("json.decoder") == get_root_path("json")
    assert get_root_path("this") == os.path.dirname(os.__file__)  # not imported: it would print


def test_root_path_of_what_is_not_found(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "made_by_hand", types.ModuleType("made_by_hand"))
    for name in ("nowhere_to_be_found", "nowhere.sub", "made_by_hand", "__main__.nowhere"):
        assert get_root_path(name) == str(tmp_path)


def test_root_path_of_a_namespace_package(monkeypatch, tmp_path):
    (tmp_path / "space_without_init").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert get_root_path("space_without_init") == os.getcwd()  # a name that was made up, maybe
    monkeypatch.setitem(sys.modules, "space_without_init", importlib.import_module("space_without_init"))
    with pytest.raises(RuntimeError, match=r"space_without_init.*root_path"):
        get_root_path("space_without_init")
