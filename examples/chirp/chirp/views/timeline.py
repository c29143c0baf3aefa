"""The timelines, and writing, changing and removing posts."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from chirp import images, login, people, posts
from chirp.converters import row_id
from chirp.posts import Post
from chirp.text import clean

blueprint = Blueprint("timeline", __name__)


@blueprint.get("/")
def home() -> str:
    if login.current_user() is None:
        return render_template("timeline/welcome.html", page=posts.everyone(_before()))
    return _home_page({})


@blueprint.get("/everyone")
def everyone() -> str:
    return render_template("timeline/everyone.html", page=posts.everyone(_before()))


@blueprint.post("/posts")
@login.required
def add() -> ResponseReturnValue:
    text = clean(request.form.get("text", ""))
    description = clean(request.form.get("image_description", ""))
    image = request.files.get("image") or None  # an empty field is sent as a file without a name: false
    errors = posts.problems_with(text, description, image)
    if errors:
        return _home_page(errors), 422
    posts.add(login.user(), text, image, description)
    flash("Your chirp is out.", "success")
    return redirect(url_for("timeline.home"))


@blueprint.get("/posts/<id:post_id>")
def show(post_id: int) -> str:
    return render_template("timeline/post.html", post=_post(post_id))


@blueprint.get("/posts/<id:post_id>/edit")
@login.required
def show_edit(post_id: int) -> str:
    return render_template("timeline/edit.html", post=_own_post(post_id), errors={})


@blueprint.post("/posts/<id:post_id>/edit")
@login.required
def edit(post_id: int) -> ResponseReturnValue:
    post = _own_post(post_id)
    text = clean(request.form.get("text", ""))
    errors = posts.problems_with(text)
    if errors:
        return render_template("timeline/edit.html", post=post, errors=errors), 422
    posts.change(post, text)
    flash("Your chirp is changed.", "success")
    return redirect(url_for("timeline.show", post_id=post.id))


@blueprint.post("/posts/<id:post_id>/delete")
@login.required
def delete(post_id: int) -> ResponseReturnValue:
    posts.remove(_own_post(post_id))
    flash("Your chirp is deleted.", "success")
    return redirect(url_for("timeline.home"))


@blueprint.get("/images/<name>")
def image(name: str) -> Response:
    return images.send(name)


def _home_page(errors: dict[str, str]) -> str:
    person = login.user()
    return render_template(
        "timeline/home.html",
        page=posts.home_of(person, _before()),
        strangers=people.strangers(person),
        errors=errors,
    )


def _before() -> int | None:
    return request.args.get("before", type=row_id)


def _post(post_id: int) -> Post:
    post = posts.find(post_id)
    if post is None:
        abort(404, "There is no such chirp. It may have been deleted.")
    return post


def _own_post(post_id: int) -> Post:
    post = _post(post_id)
    if post.author_id != login.user().id:
        abort(403, "This chirp is somebody else's.")
    return post
