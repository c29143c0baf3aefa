"""The JSON API, all below /api.

It does not look at cookies: who writes sends a token in the header `Authorization: Bearer …`, and no browser
does that by itself. That is why it needs no protection against cross-site request forgery.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, Response, abort, current_app, g, jsonify, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, Unauthorized

from chirp import people, posts
from chirp.converters import row_id
from chirp.people import Person
from chirp.posts import Page, Post
from chirp.text import clean

blueprint = Blueprint("api", __name__, url_prefix="/api")

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@blueprint.errorhandler(HTTPException)
def show_error(error: HTTPException) -> Response:
    """Whatever goes wrong below /api is told in JSON, with the headers the error brings."""
    response = jsonify(error={"status": error.code, "name": error.name, "message": error.description})
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value
    response.status_code = error.code or 500
    return response


def token_required(view: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Decorate a view: it needs a token; whose it is stands on `g.api_user`."""

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        g.api_user = _token_owner()
        return view(*args, **kwargs)

    return guarded


@blueprint.post("/token")
def make_token() -> dict[str, Any]:
    person = people.find_by_password(_text("username").lower(), _text("password"))
    if person is None:
        raise _unauthorized("The user name or the password is not right.")
    return {"token": _tokens().dumps(person.id), "expires_in": current_app.config["API_TOKEN_SECONDS"]}


@blueprint.get("/posts")
def list_posts() -> dict[str, Any]:
    return _page_as_json(posts.everyone(_before()), ".list_posts")


@blueprint.post("/posts")
@token_required
def add_post() -> tuple[dict[str, Any], int, dict[str, str]]:
    text = clean(_text("text"))
    for problem in posts.problems_with(text).values():
        abort(422, problem)
    post = _post(posts.add(g.api_user, text))
    return _post_as_json(post), 201, {"Location": url_for(".show_post", post_id=post.id)}


@blueprint.get("/posts/<id:post_id>")
def show_post(post_id: int) -> dict[str, Any]:
    return _post_as_json(_post(post_id))


@blueprint.delete("/posts/<id:post_id>")
@token_required
def delete_post(post_id: int) -> tuple[str, int]:
    post = _post(post_id)
    if post.author_id != g.api_user.id:
        abort(403, "This post is somebody else's.")
    posts.remove(post)
    return "", 204


@blueprint.get("/people/<username>")
def show_person(username: str) -> dict[str, Any]:
    person = _person(username)
    counts = people.counts(person)
    return _person_as_json(person) | {
        "posts": counts.posts,
        "followers": counts.followers,
        "following": counts.following,
    }


@blueprint.get("/people/<username>/posts")
def list_posts_of(username: str) -> dict[str, Any]:
    page = posts.written_by(_person(username), _before())
    return _page_as_json(page, ".list_posts_of", username=username)


@blueprint.put("/people/<username>/followers/me")
@token_required
def follow(username: str) -> tuple[str, int]:
    person = _person(username)
    if person == g.api_user:
        abort(422, "Nobody can follow themselves.")
    people.follow(g.api_user, person)
    return "", 204


@blueprint.delete("/people/<username>/followers/me")
@token_required
def unfollow(username: str) -> tuple[str, int]:
    people.unfollow(g.api_user, _person(username))
    return "", 204


@blueprint.get("/search")
def search() -> dict[str, Any]:
    query = request.args.get("q", "")
    return _page_as_json(posts.matching(query, _before()), ".search", q=query)


def _tokens() -> URLSafeTimedSerializer:
    """What signs the tokens. The salt keeps a signature made for something else from being taken for one."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="chirp.api.token")


def _token_owner() -> Person:
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        raise _unauthorized("This needs the header `Authorization: Bearer …`; POST /api/token gives a token.")
    try:
        person_id = _tokens().loads(authorization.token, max_age=current_app.config["API_TOKEN_SECONDS"])
    except BadSignature:  # an expired one is among these
        person_id = None
    person = people.find(person_id) if person_id is not None else None
    if person is None:
        raise _unauthorized("This token is not valid, or not any more. POST /api/token gives a new one.")
    return person


def _unauthorized(message: str) -> Unauthorized:
    return Unauthorized(message, www_authenticate=WWWAuthenticate("bearer", {"realm": "chirp"}))


def _text(field: str) -> str:
    """A text from the JSON body; 400 if there is none."""
    body = request.get_json()
    value = body.get(field) if isinstance(body, dict) else None
    if not isinstance(value, str):
        abort(400, f"The body must be a JSON object with a text named {field!r}.")
    try:
        value.encode()
    except UnicodeEncodeError:  # "\ud800" is JSON, but half a character: no database and no hash takes it
        abort(400, f"{field!r} is not a text in Unicode.")
    return value


def _before() -> int | None:
    return request.args.get("before", type=row_id)


def _post(post_id: int) -> Post:
    post = posts.find(post_id)
    if post is None:
        abort(404, f"There is no post {post_id}.")
    return post


def _person(username: str) -> Person:
    person = people.find_by_username(username)
    if person is None:
        abort(404, f"There is nobody named {username!r}.")
    return person


def _page_as_json(page: Page, endpoint: str, **arguments: Any) -> dict[str, Any]:
    older = url_for(endpoint, before=page.older, **arguments) if page.older else None
    return {"posts": [_post_as_json(post) for post in page.posts], "older": older}


def _post_as_json(post: Post) -> dict[str, Any]:
    image = None
    if post.image:
        image = {"url": url_for("timeline.image", name=post.image), "description": post.image_description}
    return {
        "id": post.id,
        "text": post.text,
        "image": image,
        "author": {"username": post.username, "name": post.name},
        "posted_at": _moment(post.posted_at),
        "edited_at": _moment(post.edited_at) if post.edited_at else None,
        "url": url_for("timeline.show", post_id=post.id, _external=True),
    }


def _person_as_json(person: Person) -> dict[str, Any]:
    return {
        "username": person.username,
        "name": person.name,
        "bio": person.bio,
        "joined_at": _moment(person.joined_at),
        "url": url_for("profiles.show", username=person.username, _external=True),
    }


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
