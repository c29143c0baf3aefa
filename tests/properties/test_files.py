"""A file is sent as Werkzeug sends it, also when it was sent before: in whatever state, to whatever conditions."""

from __future__ import annotations

import mimetypes
import os
import typing as t
from functools import partial
from wsgiref.util import FileWrapper

import pytest
import werkzeug.utils
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_date
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response as WerkzeugResponse

from flask import Flask, Response, eras, send_file, send_from_directory
from flask._shortcuts import TAKEN

patient = settings(deadline=None)
pytestmark = pytest.mark.skipif(
    eras.is_old("send_file_unconditional"), reason="files answered no conditional requests unless asked to"
)

NAMES = ["page.html", "style.css", "sub/picture.png", "pack.tar.gz", "größe.txt", "unknown.xyz", "without"]
TIMES = [1_700_000_000, 1_700_000_000.25, 1_700_000_001, 0, 4_000_000_000]

#: A header of a request -> how it is made of the answer before.
CONDITIONS: dict[str, list[t.Callable[[t.Any], str]]] = {
    "If-None-Match": [
        lambda answer: answer["ETag"],
        lambda answer: answer["ETag"],
        lambda answer: f"W/{answer['ETag']}",
        lambda answer: f'"other", {answer["ETag"]}',
        lambda answer: answer["ETag"].strip('"'),
        lambda answer: '"other"',
        lambda answer: "*",
        lambda answer: "",
    ],
    "If-Modified-Since": [
        lambda answer: answer["Last-Modified"],
        lambda answer: answer["Last-Modified"],
        lambda answer: "Fri, 31 Dec 1999 23:59:59 GMT",
        lambda answer: "Thu, 31 Dec 2099 23:59:59 GMT",
        lambda answer: "yesterday",
    ],
    "If-Match": [lambda answer: answer["ETag"], lambda answer: '"other"'],
    "If-Unmodified-Since": [lambda answer: answer["Last-Modified"], lambda answer: "Fri, 31 Dec 1999 23:59:59 GMT"],
    "Range": [lambda answer: "bytes=1-3", lambda answer: "bytes=900-", lambda answer: "lines=1-2"],
    "If-Range": [lambda answer: answer["ETag"], lambda answer: '"other"', lambda answer: answer["Last-Modified"]],
}
conditions = st.lists(st.sampled_from(sorted(CONDITIONS)), max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: st.integers(0, len(CONDITIONS[name]) - 1) for name in names})
)
states = st.tuples(st.sampled_from([b"", b"text", b"other", b"x" * 20_000]), st.sampled_from(TIMES))
steps = st.lists(
    st.tuples(
        st.one_of(st.none(), st.none(), states),
        conditions,
        st.sampled_from(["GET", "GET", "GET", "HEAD", "POST"]),
        st.booleans(),
    ),
    min_size=2,
    max_size=6,
)
ages = st.sampled_from([None, None, 0, 60, 3600, -1])


class Plain(WerkzeugResponse):
    default_mimetype = "text/html"


def answer_of(application: t.Any, environ: dict[str, t.Any]) -> dict[str, t.Any]:
    """Status, headers in their order, and body; dates that depend on the time are told apart."""
    body, status, headers = run_wsgi_app(application, environ.copy(), buffered=True)
    found = {"status": status, "body": b"".join(body), "names": [name for name, _ in headers]}
    found.update(headers)
    return found


def assert_same(found: dict[str, t.Any], expected: dict[str, t.Any]) -> None:
    for name in ("Date", "Expires"):
        assert (name in found) == (name in expected)
        if name in found:
            one, other = parse_date(found.pop(name)), parse_date(expected.pop(name))
            assert one is not None
            assert other is not None
            assert abs(one - other).total_seconds() < 5
    assert found == expected


def write(path: t.Any, state: tuple[bytes, float]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(state[0])
    os.utime(path, (state[1], state[1]))


def by_werkzeug(path: str, max_age: int | None, environ: dict[str, t.Any]) -> t.Any:
    try:
        return werkzeug.utils.send_file(path, environ, max_age=max_age, response_class=Plain)
    except HTTPException as error:
        return error.get_response(environ)


@patient
@given(name=st.sampled_from(NAMES), first=states, drawn=steps, max_age=ages)
def test_a_file_is_sent_as_by_werkzeug(tmp_path_factory, name, first, drawn, max_age):
    folder = tmp_path_factory.mktemp("files")
    app = Flask("example", static_url_path="/static", static_folder=str(folder), root_path=str(folder))
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = max_age
    app.add_url_rule("/own/<path:name>", "own", lambda name: send_file(name), methods=["GET", "POST"])
    given_age = partial(send_from_directory, folder, max_age=5)
    app.add_url_rule("/given/<path:path>", "given", given_age, methods=["GET", "POST"])
    path = folder / name
    write(path, first)
    before = answer_of(app, EnvironBuilder(f"/static/{name}").get_environ())
    for state, wanted, method, has_wrapper in drawn:
        if state is not None:
            write(path, state)
        headers = {header: CONDITIONS[header][choice](before) for header, choice in wanted.items()}
        for prefix, age in (("static", max_age), ("own", max_age), ("given", 5)):
            if prefix == "static" and method == "POST":
                continue
            environ = EnvironBuilder(f"/{prefix}/{name}", method=method, headers=headers).get_environ()
            if has_wrapper:
                environ["wsgi.file_wrapper"] = FileWrapper
            expected = answer_of(by_werkzeug(str(path), age, environ), environ)
            assert_same(answer_of(app, environ), expected)


@pytest.fixture
def app(tmp_path):
    app = Flask("example", static_url_path="/static", static_folder=str(tmp_path), root_path=str(tmp_path))
    app.testing = True
    return app


def get(app: Flask, name: str, **headers: str) -> t.Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(f"/static/{name}", headers=given, buffered=True)


def test_what_becomes_of_a_file_is_seen(app, tmp_path):
    write(tmp_path / "a.txt", (b"one", 1_700_000_000))
    assert [get(app, "a.txt").data for _ in range(3)] == [b"one"] * 3
    write(tmp_path / "a.txt", (b"two", 1_700_000_001))
    assert get(app, "a.txt").data == b"two"
    (tmp_path / "a.txt").unlink()
    assert get(app, "a.txt").status_code == 404
    (tmp_path / "a.txt").mkdir()
    assert get(app, "a.txt").status_code == 404
    (tmp_path / "a.txt").rmdir()
    write(tmp_path / "a.txt", (b"three", 1_700_000_001))
    assert get(app, "a.txt").data == b"three"


def test_a_type_that_is_registered_late_is_seen(app, tmp_path):
    write(tmp_path / "a.late", (b"", 1))
    assert {get(app, "a.late").mimetype for _ in range(3)} == {"application/octet-stream"}
    mimetypes.add_type("text/x-late", ".late")
    try:
        assert get(app, "a.late").mimetype == "text/x-late"
    finally:
        del mimetypes.types_map[".late"]


@pytest.mark.parametrize(
    "name", ["../secret", "..%2fsecret", "%2e%2e/secret", "sub/../../secret", "/secret", "a.txt%00"]
)
def test_no_path_leads_out_of_the_folder(tmp_path, name):
    write(tmp_path / "secret", (b"secret", 1))
    write(tmp_path / "static" / "a.txt", (b"", 1))
    app = Flask("example", root_path=str(tmp_path))
    for _ in range(3):
        assert get(app, "a.txt").status_code == 200
        assert get(app, name).status_code in {404, 308}


def test_the_settings_are_read_live(app, tmp_path):
    write(tmp_path / "a.txt", (b"one", 1))
    for _ in range(2):
        assert get(app, "a.txt").headers["Cache-Control"] == "no-cache"
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 60
    for _ in range(2):
        assert get(app, "a.txt").headers["Cache-Control"] == "public, max-age=60"
    app.config["USE_X_SENDFILE"] = True
    assert get(app, "a.txt").headers["X-Sendfile"] == str(tmp_path / "a.txt")
    app.config["USE_X_SENDFILE"] = False

    class Own(Response):
        default_mimetype = "text/x-own"

        def make_conditional(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            self.headers["X-Own"] = "yes"
            return super().make_conditional(*args, **kwargs)

    app.response_class = Own
    assert "X-Own" in get(app, "a.txt").headers
    app.response_class = WerkzeugResponse  # type: ignore[assignment]  # which some programs do
    assert get(app, "a.txt").data == b"one"


def test_after_hooks_may_change_what_is_sent(app, tmp_path):
    write(tmp_path / "a.txt", (b"one", 1))
    closed: list[int] = []

    @app.after_request
    def change(response: Response) -> Response:
        response.headers["X-Mark"] = "a"
        response.headers.add("X-Mark", "b")
        response.call_on_close(lambda: closed.append(response.status_code))
        return response

    for _ in range(3):
        response = get(app, "a.txt")
        assert (response.data, response.headers.getlist("X-Mark")) == (b"one", ["a", "b"])
    again = get(app, "a.txt", If_None_Match=response.headers["ETag"])
    assert (again.status_code, again.data, again.headers.getlist("X-Mark")) == (304, b"", ["a", "b"])
    assert closed == [304]  # a body that is passed on is closed by the server, which knows no functions of the response


@pytest.mark.skipif(not TAKEN, reason="there are no shortcuts")
def test_a_client_that_has_a_file_does_not_have_it_opened(app, tmp_path, monkeypatch):
    write(tmp_path / "a.txt", (b"one", 1))
    tag = [get(app, "a.txt") for _ in range(2)][1].headers["ETag"]
    monkeypatch.setattr("builtins.open", None)
    monkeypatch.setattr("flask._sending.FileIO", None)
    assert get(app, "a.txt", If_None_Match=tag).status_code == 304


def test_there_is_a_bound(app, tmp_path, monkeypatch):
    monkeypatch.setattr("flask._sending._MOST", 3)
    for number in range(10):
        write(tmp_path / f"{number}.txt", (b"x" * number, 1))
    for _ in range(2):
        for number in range(10):
            assert get(app, f"{number}.txt").data == b"x" * number
    from flask import _sending

    assert len(_sending._known) <= 3
    assert len(_sending._paths) <= 3


def test_a_relative_root_path(tmp_path, monkeypatch):
    write(tmp_path / "root" / "a.txt", (b"one", 1))
    monkeypatch.chdir(tmp_path)
    app = Flask("example", root_path="root", static_folder=None)
    app.add_url_rule("/own", "own", lambda: send_file("a.txt"))
    for _ in range(3):
        assert app.test_client().get("/own", buffered=True).data == b"one"
