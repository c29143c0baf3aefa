"""The pages of one person, all below /@username."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug import Response

from chirp import login, people, posts
from chirp.converters import row_id

blueprint = Blueprint("profiles", __name__, url_prefix="/@<username>")


@blueprint.url_value_preprocessor
def find_person(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the user name out of the URL and put the person on `g`, once for all views below."""
    person = people.find_by_username(values.pop("username")) if values else None
    if person is None:
        abort(404, "There is nobody of that name here.")
    g.person = person


@blueprint.context_processor
def describe_person() -> dict[str, Any]:
    """What the head of each of these pages shows."""
    if "person" not in g:  # the page that says that there is nobody of this name is rendered here, too
        return {}
    user = login.current_user()
    return {
        "person": g.person,
        "counts": people.counts(g.person),
        "is_followed": user is not None and people.follows(user, g.person),
    }


@blueprint.get("")
def show() -> str:
    page = posts.written_by(g.person, request.args.get("before", type=row_id))
    return render_template("profiles/posts.html", page=page)


@blueprint.get("/followers")
def followers() -> str:
    return render_template("profiles/people.html", title="Followers", people=people.followers(g.person))


@blueprint.get("/following")
def following() -> str:
    return render_template("profiles/people.html", title="Following", people=people.following(g.person))


@blueprint.post("/follow")
@login.required
def follow() -> Response:
    if g.person == login.user():
        abort(400, "Nobody can follow themselves.")
    people.follow(login.user(), g.person)
    flash(f"You follow {g.person.name} now.", "success")
    return redirect(url_for(".show", username=g.person.username))


@blueprint.post("/unfollow")
@login.required
def unfollow() -> Response:
    people.unfollow(login.user(), g.person)
    flash(f"You no longer follow {g.person.name}.", "success")
    return redirect(url_for(".show", username=g.person.username))
