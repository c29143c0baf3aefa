"""A path that a user gave never leads out of the directory it is for."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from flask import Flask, safe_join, send_from_directory

DIRECTORIES = ["/srv/files", "/srv/files/", "/", "files", "files/more", ".", "", "..", "../files", "/srv/../srv/files"]

# What paths are made of that want to lead out, and what is said to have led out of something at some time.
PIECES = [
    *("..", ".", "", "/", "//", "a", "b.txt", "...", "..a", "a..", " ", "~", "-", "%2e%2e", "%00", "\0", "\n", "*"),
    *("\\", "..\\", "\\\\host\\share", "C:", "C:\\", "c:/", "CON", "nul.txt", "a:b", "é", "\u2024\u2024"),
    *("\uff0e\uff0e", "\u2215", "\udcff", "\ud800", "x" * 300),
]
paths = (
    st.lists(st.sampled_from(PIECES), max_size=6).map("/".join)
    | st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
    | st.text(max_size=10)
    | st.text("./\\\0a", max_size=12)
)
ordinary_names = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9_. -]{0,8}", fullmatch=True)


def is_in(directory: str, path: str) -> bool:
    directory, path = os.path.abspath(directory), os.path.abspath(path)
    return os.path.commonpath([directory, path]) == directory


@given(st.sampled_from(DIRECTORIES), st.lists(paths, max_size=3))
@example("/srv/files", [".."])
@example("/srv/files", ["a", ".."])
@example("/srv/files", ["a/..", "../b"])
@example("/srv/files", ["/etc/passwd"])
@example("", ["/etc/passwd"])
@example("/srv/files", ["../files-of-another/x"])
@example("/srv/files", ["..\0"])
def test_the_result_is_in_the_directory_or_there_is_none(directory: str, parts: list[str]) -> None:
    try:
        joined = safe_join(directory, *parts)
    except NotFound:
        return
    assert "\0" not in joined
    assert is_in(directory, joined)
    assert os.path.normpath(joined) == os.path.normpath(os.path.join(directory, *(part for part in parts if part)))


@given(st.sampled_from(["/srv/files", "files", "/srv/some files"]), st.lists(ordinary_names, min_size=1, max_size=4))
def test_ordinary_paths_are_joined_as_usual(directory: str, names: list[str]) -> None:
    assert safe_join(directory, *names) == os.path.join(directory, *names)
    assert safe_join(directory, "/".join(names)) == os.path.join(directory, *names)


@given(st.lists(ordinary_names | st.sampled_from(["", "."]), min_size=1, max_size=4))
def test_a_path_without_a_step_up_is_not_refused(names: list[str]) -> None:
    path = "/".join(names).lstrip("/")
    assert os.path.normpath(safe_join("/srv/files", path)) == os.path.normpath(os.path.join("/srv/files", path))


@pytest.mark.parametrize("path", ["..", "../x", "a/../../x", "/x", "//x", "/", "./../x", "a\0b", "a/../.."])
def test_what_is_refused(path: str) -> None:
    with pytest.raises(NotFound):
        safe_join("/srv/files", path)


@pytest.mark.parametrize("path", ["..a", "a..", "...", "a/../b", "./a", "C:\\x", "..\\x", "CON", "%2e%2e/x", "~"])
@pytest.mark.skipif(os.name == "nt", reason="these are names like any other where a backslash is not a separator")
def test_what_only_looks_suspicious(path: str) -> None:
    assert is_in("/srv/files", safe_join("/srv/files", path))


def test_no_path_is_the_directory_itself() -> None:
    assert safe_join("/srv/files") == "/srv/files"
    assert safe_join("/srv/files", "") == "/srv/files"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a file to serve, in a folder beside which lies another that must stay unseen."""
    root = tmp_path_factory.mktemp("root")
    for folder, text in (("files", "for all"), ("files-not", "secret"), (".", "secret")):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / "b.txt").write_text(text)
    return Flask("files", root_path=str(root), static_folder="files", static_url_path="/static")


@given(path=paths)
@example(path="b.txt")
@example(path="../files-not/b.txt")
@example(path="../b.txt")
def test_nothing_outside_is_sent(app: Flask, path: str) -> None:
    with app.test_request_context():
        try:
            response: t.Any = send_from_directory("files", path)
        except NotFound:
            return
        response.direct_passthrough = False
        assert response.get_data() == b"for all"
        response.close()


@given(path=paths.map(lambda path: path.encode("utf-8", "surrogatepass").decode("latin-1")))
def test_the_static_folder_keeps_the_rest_to_itself(app: Flask, path: str) -> None:
    environ = app.test_request_context().request.environ | {"PATH_INFO": f"/static/{path}"}
    statuses: list[str] = []
    body = app(environ, lambda status, headers, exc_info=None: statuses.append(status))
    assert b"secret" not in b"".join(body)
    assert statuses[0][:3] in {"200", "308", "400", "404"}
    if hasattr(body, "close"):
        body.close()


def test_a_directory_is_not_a_file_to_send(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(NotFound):
        send_from_directory(Path(app.root_path), "files")
