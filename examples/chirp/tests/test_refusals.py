"""What Chirp does not let anybody do, over a real socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CHANGING_URLS = (
    "/logout",
    "/posts",
    "/posts/1/delete",
    "/@wren/follow",
    "/@wren/unfollow",
)


@pytest.fixture
def wren(visit: Callable[[], Any], add_person: Callable[..., None]) -> Any:
    """A visitor who is logged in and has posted."""
    add_person("wren", "Mine.")
    add_person("heron", "Hers not.")
    visitor = visit()
    visitor.log_in("wren")
    return visitor


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("wren", "wrong horse"),
        ("wren", ""),
        ("nobody", "correct horse"),
        ("", ""),
        ("wren", "correct horse "),
    ],
)
def test_a_wrong_password_or_name_does_not_log_in(
    visit: Callable[[], Any], add_person: Callable[..., None], username: str, password: str
) -> None:
    add_person("wren")
    visitor = visit()
    answer = visitor.log_in(username, password)
    assert answer.status_code == 422
    assert "The user name or the password is not right." in answer.text
    assert visitor.get("/account").url.path == "/login"


@pytest.mark.parametrize("url", CHANGING_URLS)
def test_nothing_is_changed_by_a_link(wren: Any, url: str) -> None:
    answer = wren.get(url)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "Not like that" in answer.text


@pytest.mark.parametrize("url", [*CHANGING_URLS, "/posts/1/edit", "/account", "/login", "/signup"])
def test_a_form_without_the_token_of_the_session_is_refused(
    wren: Any, visit: Callable[[], Any], read: Any, url: str
) -> None:
    stranger = visit()
    for fields in ({}, {"csrf_token": ""}, {"csrf_token": "ü"}, {"csrf_token": stranger.csrf_token()}):
        answer = wren.post(url, data={"text": "Changed.", "name": "Changed.", **fields})
        assert answer.status_code == 400
        assert "The form is out of date." in answer.text
    assert visit().post(url).status_code == 400  # nor without any session
    assert wren.get("/account").url.path == "/account"
    assert read(wren.get("/everyone").text).texts == ["Hers not.", "Mine."]


def test_logging_in_changes_the_token(visit: Callable[[], Any], add_person: Callable[..., None]) -> None:
    add_person("wren")
    visitor = visit()
    before = visitor.csrf_token()
    visitor.log_in("wren")
    assert visitor.csrf_token() != before


def test_too_large_an_upload_is_413(wren: Any, read: Any) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(200_000)
    answer = wren.submit("/", "/posts", {"image": ("big.png", png, "image/png")}, text="Look!")
    assert answer.status_code == 413
    assert "That is too much" in answer.text
    assert read(wren.get("/").text).texts == ["Mine."]


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"", b"\x89PN", b"<svg/>"])
def test_what_is_no_image_is_not_taken(wren: Any, read: Any, content: bytes) -> None:
    answer = wren.submit("/", "/posts", {"image": ("me.png", content, "image/png")}, text="Look!")
    assert answer.status_code == 422
    assert "not an image" in answer.text
    assert "Look!" in answer.text  # what was written is not lost
    assert read(wren.get("/").text).texts == ["Mine."]


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "is missing"), (" \n\t ", "is missing"), ("x" * 281, "has 281 characters")]
)
def test_a_post_too_short_or_too_long_is_not_taken(wren: Any, text: str, sentence: str) -> None:
    answer = wren.submit("/", "/posts", text=text)
    assert answer.status_code == 422
    assert sentence in answer.text
    answer = wren.submit("/posts/1/edit", "/posts/1/edit", text=text)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_somebody_elses_post_cannot_be_touched(wren: Any, read: Any) -> None:
    token = wren.csrf_token()
    for answer in (
        wren.get("/posts/2/edit"),
        wren.post("/posts/2/edit", data={"csrf_token": token, "text": "Changed."}),
        wren.post("/posts/2/delete", data={"csrf_token": token}),
    ):
        assert answer.status_code == 403
        assert "somebody else" in answer.text
    assert read(wren.get("/posts/2").text).texts == ["Hers not."]
    assert "/posts/2/delete" not in read(wren.get("/posts/2").text).forms


@pytest.mark.parametrize("url", ["/posts", "/posts/1/edit", "/posts/1/delete", "/@wren/follow", "/account"])
def test_who_is_not_logged_in_changes_nothing(
    visit: Callable[[], Any], add_person: Callable[..., None], read: Any, url: str
) -> None:
    add_person("wren", "Mine.")
    stranger = visit()
    answer = stranger.post(url, data={"csrf_token": stranger.csrf_token(), "text": "Changed.", "name": "Changed."})
    assert answer.url.path == "/login"
    assert "Please log in first." in answer.text
    assert read(stranger.get("/everyone").text).texts == ["Mine."]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example/",
        "javascript:alert(1)",
        "",
    ],
)
def test_logging_in_leads_to_no_other_site(
    visit: Callable[[], Any], add_person: Callable[..., None], server: str, target: str
) -> None:
    add_person("wren")
    visitor = visit()
    visitor.follow_redirects = False
    answer = visitor.submit("/login", "/login", username="wren", password="correct horse", next=target)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "a", "A user name has 2 to 20 characters"),
        ("username", "wren/../x", "A user name has 2 to 20 characters"),
        ("username", "wren", "is taken"),
        ("username", "WREN", "is taken"),
        ("name", "  ", "Your name is missing."),
        ("name", "x" * 41, "Your name is too long"),
        ("password", "1234567", "The password is too short"),
    ],
)
def test_a_sign_up_with_something_wrong(
    visit: Callable[[], Any], add_person: Callable[..., None], field: str, value: str, sentence: str
) -> None:
    add_person("wren")
    fields = {"username": "robin", "name": "Robin", "password": "12345678"} | {field: value}
    visitor = visit()
    answer = visitor.submit("/signup", "/signup", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "12345678" not in answer.text  # a password is never sent back
    assert visitor.get("/account").url.path == "/login"


def test_nobody_follows_themselves(wren: Any) -> None:
    answer = wren.post("/@wren/follow", data={"csrf_token": wren.csrf_token()})
    assert answer.status_code == 400
    assert "Nobody can follow themselves." in answer.text


@pytest.mark.parametrize(
    "url",
    [
        "/nothing",
        "/posts/999",
        "/posts/0",
        "/posts/99999999999999999999999999",
        "/posts/-1",
        "/@nobody",
        "/@nobody/followers",
        "/@%00",
        "/@%ff",
        "/images/nothing.png",
        "/images/..%2fchirp.sqlite3",
        "/images/secret_key",
        "/static/../schema.sql",
    ],
)
def test_what_is_not_there_is_404(wren: Any, url: str) -> None:
    answer = wren.get(url)
    assert answer.status_code == 404
    assert "Nothing here" in answer.text
