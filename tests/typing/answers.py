"""What views answer with: URLs, redirects, responses, JSON, files, flashed messages, streams."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, assert_type

import werkzeug
from jinja2 import Template
from markupsafe import Markup

from flask import (
    Flask,
    Response,
    flash,
    get_flashed_messages,
    get_template_attribute,
    json,
    jsonify,
    make_response,
    redirect,
    render_template,
    render_template_string,
    send_file,
    send_from_directory,
    stream_template,
    stream_template_string,
    stream_with_context,
    url_for,
)

app = Flask(__name__)


def urls() -> None:
    assert_type(url_for("index"), str)
    assert_type(url_for("user", name="Ada", page=2, _anchor="top", _method="POST"), str)
    assert_type(url_for("index", _external=True, _scheme="https"), str)
    assert_type(app.url_for("index"), str)


def redirects() -> None:
    assert_type(redirect("/"), werkzeug.Response)
    assert_type(redirect("/", 301), werkzeug.Response)
    assert_type(redirect("/", code=303, Response=Response), werkzeug.Response)
    assert_type(app.redirect("/"), werkzeug.Response)


def responses() -> Response:
    assert_type(make_response(), Response)
    assert_type(make_response("not here", 404), Response)
    assert_type(make_response(("not here", 404, {"X-Reason": "sold"})), Response)
    response = make_response(render_template("page.html"))
    assert_type(response.status_code, int)
    assert_type(response.get_data(), bytes)
    assert_type(response.get_data(as_text=True), str)
    response.headers["X-Name"] = "value"
    response.headers.add("X-Name", "another")
    response.mimetype = "text/plain"
    response.status = "404 NOT FOUND"
    response.set_cookie("name", "value", max_age=3600, path="/", domain=None, samesite="Strict")
    response.delete_cookie("name")
    response.cache_control.max_age = 60
    response.last_modified = datetime.now()
    response.vary.add("Cookie")
    response.add_etag()
    response.call_on_close(lambda: None)
    Response([b"a", b"b"], 200, {"X-Name": "value"}, "text/plain")
    Response("a", headers=[("X-Name", "value")], content_type="text/plain", direct_passthrough=False)
    Response(part for part in ("a", "b"))
    return response


def json_of_the_application() -> None:
    assert_type(jsonify(), Response)
    assert_type(jsonify({"a": 1}), Response)
    assert_type(jsonify([1, 2]), Response)
    assert_type(jsonify(a=1, b=[2]), Response)
    assert_type(json.dumps({"a": 1}, sort_keys=True), str)
    assert_type(json.loads('{"a": 1}'), Any)
    with open("file", "w") as file:
        json.dump({"a": 1}, file)
    with open("file", "rb") as binary:
        assert_type(json.load(binary), Any)
    assert_type(app.json.dumps([]), str)
    assert_type(app.json.loads(b"[]"), Any)


def templates() -> None:
    assert_type(render_template("page.html", title="Tea", count=3), str)
    assert_type(render_template(["a.html", "b.html"]), str)
    assert_type(render_template(Template("{{ a }}"), a=1), str)
    assert_type(render_template_string("{{ a }}", a=1), str)
    assert_type(stream_template("page.html", title="Tea"), Iterator[str])
    assert_type(stream_template_string("{{ a }}", a=1), Iterator[str])
    assert_type(get_template_attribute("_macros.html", "hello")("Ada"), Any)


def files() -> None:
    assert_type(send_file("report.pdf"), Response)
    assert_type(send_file(Path("report.pdf"), as_attachment=True, download_name="r.pdf"), Response)
    assert_type(send_file(io.BytesIO(b"a"), mimetype="text/plain", etag=False, max_age=60), Response)
    assert_type(send_file("a", max_age=lambda path: 60 if path else None, last_modified=1.5), Response)
    assert_type(send_from_directory("uploads", "a.png"), Response)
    assert_type(send_from_directory(Path("uploads"), Path("a.png"), as_attachment=True), Response)


def messages() -> None:
    flash("You are logged in.")
    flash("No.", "error")
    flash(Markup("<b>No.</b>"), category="error")
    for message in get_flashed_messages():
        print(message)
    for message in get_flashed_messages(with_categories=True, category_filter=["error"]):
        print(message)


def streams() -> Response:
    def rows(first: int, *, last: int = 9) -> Iterator[str]:
        yield from map(str, range(first, last))

    @stream_with_context
    def decorated(first: int) -> Iterator[str]:
        yield str(first)

    @stream_with_context
    def without_arguments() -> Iterator[bytes]:
        yield b"a"

    assert_type(stream_with_context(rows(1)), Iterator[str])
    assert_type(stream_with_context(iter([b"a"])), Iterator[bytes])
    assert_type(decorated(1), Iterator[str])
    assert_type(without_arguments(), Iterator[bytes])
    assert_type(stream_with_context(rows)(1, last=3), Iterator[str])
    form: Callable[[int], Iterator[str]] = decorated
    return Response(stream_with_context(form(1)), mimetype="text/csv")
