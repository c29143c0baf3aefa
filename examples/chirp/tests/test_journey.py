"""Days on Chirp, over a real socket with a real HTTP client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from chirp.painting import png

PICTURE = png([bytes([200, 30, 30] * 4)] * 4)


def test_a_day_of_two_people(visit: Callable[[], Any], read: Any) -> None:
    wren, heron = visit(), visit()
    assert "Welcome to Chirp, Wren!" in wren.sign_up("wren").text
    assert "Welcome to Chirp, Heron!" in heron.sign_up("heron").text

    image = {"image": ("../../etc/me.html", PICTURE, "text/html")}  # what a sender says about a file does not count
    home = wren.submit("/", "/posts", image, text="Good morning, @heron & all!", image_description="A red dot")
    assert home.status_code == 200
    assert read(home.text).texts == ["Good morning, @heron & all!"]
    [picture] = [tag for tag in read(home.text).all("img") if tag["alt"] == "A red dot"]
    sent = wren.get(picture["src"])
    assert sent.content == PICTURE
    assert sent.headers["Content-Type"] == "image/png"
    assert "sandbox" in sent.headers["Content-Security-Policy"]

    assert read(heron.get("/").text).texts == []
    profile = heron.submit("/@wren", "/@wren/follow")
    assert "You follow Wren now." in profile.text
    assert read(heron.get("/").text).texts == ["Good morning, @heron & all!"]
    assert "/@heron" in [link["href"] for link in read(wren.get("/@wren/followers").text).all("a")]

    assert read(heron.get("/search", params={"q": "MORN"}).text).texts == ["Good morning, @heron & all!"]
    assert read(heron.get("/search", params={"q": "evening"}).text).texts == []

    heron.submit("/@wren", "/@wren/unfollow")
    assert read(heron.get("/").text).texts == []

    assert "You are logged out." in wren.log_out().text
    assert "Sign up" in wren.get("/").text
    assert wren.get("/account").url.path == "/login"
    assert "Welcome back, Wren!" in wren.log_in("wren").text


def test_the_timeline_comes_in_pages(visit: Callable[[], Any], add_person: Callable[..., None], read: Any) -> None:
    add_person("wren", *[f"Number {number}" for number in range(1, 26)])
    wren = visit()
    wren.log_in("wren")
    for start in ("/", "/everyone", "/@wren", "/search?q=number"):
        page: str | None = start
        seen = []
        while page:
            document = read(wren.get(page).text)
            assert len(document.texts) <= 10
            seen.append(document.texts)
            page = document.link("next")
        assert [text for texts in seen for text in texts] == [f"Number {number}" for number in range(25, 0, -1)]
        assert len(seen) == 3


def test_a_page_does_not_shift_when_somebody_posts(
    visit: Callable[[], Any], add_person: Callable[..., None], read: Any
) -> None:
    add_person("wren", *[f"Number {number}" for number in range(1, 16)])
    wren = visit()
    wren.log_in("wren")
    older = read(wren.get("/").text).link("next")
    wren.submit("/", "/posts", text="Newer")
    assert read(wren.get(older).text).texts == [f"Number {number}" for number in range(5, 0, -1)]


def test_changing_and_deleting_a_post(app: Flask, visit: Callable[[], Any], read: Any) -> None:
    wren = visit()
    wren.sign_up("wren")
    wren.submit("/", "/posts", {"image": ("me.png", PICTURE, "image/png")}, text="Good mourning")
    changed = wren.submit("/posts/1/edit", "/posts/1/edit", text="Good morning")
    assert read(changed.text).texts == ["Good morning"]
    assert "edited" in changed.text
    assert read(wren.get("/search?q=mourning").text).texts == []
    assert read(wren.get("/search?q=morning").text).texts == ["Good morning"]

    images = Path(app.instance_path) / "images"
    assert len(list(images.iterdir())) == 1
    assert "Your chirp is deleted." in wren.submit("/posts/1", "/posts/1/delete").text
    assert wren.get("/posts/1").status_code == 404
    assert read(wren.get("/search?q=morning").text).texts == []
    assert list(images.iterdir()) == []


def test_describing_oneself(visit: Callable[[], Any]) -> None:
    wren = visit()
    wren.sign_up("wren")
    page = wren.submit("/account", "/account", name="Jenny Wren", bio="Small bird,\nbig voice.")
    assert page.url.path == "/@wren"
    assert "Jenny Wren" in page.text
    assert "big voice." in page.text


def test_who_was_asked_to_log_in_is_led_back(visit: Callable[[], Any], add_person: Callable[..., None]) -> None:
    add_person("wren", "Hello")
    page = visit().log_in("wren", page="/posts/1/edit")
    assert page.url.path == "/posts/1/edit"
    assert page.status_code == 200
