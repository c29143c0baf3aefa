"""The posts: writing them, and reading them page by page."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from flask import current_app
from werkzeug.datastructures import FileStorage

from chirp import images
from chirp.converters import LARGEST_ID
from chirp.database import connection
from chirp.people import Person
from chirp.text import problem_with

LONGEST_TEXT = 280
LONGEST_DESCRIPTION = 200


@dataclass(frozen=True)
class Post:
    """A post and who wrote it."""

    id: int
    text: str
    image: str | None
    image_description: str
    posted_at: int
    edited_at: int | None
    author_id: int
    username: str
    name: str


@dataclass(frozen=True)
class Page:
    """Some posts, newest first, and the number before which the next page begins (None: this is the last)."""

    posts: list[Post]
    older: int | None


def problems_with(text: str, image_description: str = "", image: FileStorage | None = None) -> dict[str, str]:
    """What stands against this post: field -> sentence; empty if nothing does."""
    found = {
        "text": problem_with(text, "The text", LONGEST_TEXT),
        "image_description": problem_with(image_description, "The description", LONGEST_DESCRIPTION, 0),
        "image": images.problem_with(image) if image is not None else None,
    }
    return {field: sentence for field, sentence in found.items() if sentence}


def add(
    author: Person,
    text: str,
    image: FileStorage | None = None,
    image_description: str = "",
    posted_at: int | None = None,
) -> int:
    """Publish a post, with an image if there is one.

    :return: the number of the post.
    """
    image_name = images.new_name(image) if image is not None else None
    description = image_description if image_name else ""
    values = (author.id, text, image_name, description, posted_at or int(time.time()))
    with connection() as database:
        (post_id,) = database.execute(
            """
            INSERT INTO post (author_id, text, image, image_description, posted_at) VALUES (?, ?, ?, ?, ?)
            RETURNING id
            """,
            values,
        ).fetchone()
        if image is not None and image_name is not None:
            # Within the transaction: if the file cannot be written, the post is taken back, too.
            images.save(image, image_name)
    return int(post_id)


def find(post_id: int) -> Post | None:
    found = _select("post.id = :post_id", post_id=post_id, limit=1)
    return found[0] if found else None


def change(post: Post, text: str) -> None:
    with connection() as database:
        query = "UPDATE post SET text = ?, edited_at = ? WHERE id = ?"
        database.execute(query, (text, int(time.time()), post.id))


def remove(post: Post) -> None:
    with connection() as database:
        database.execute("DELETE FROM post WHERE id = ?", (post.id,))
    if post.image:
        images.remove(post.image)


def everyone(before: int | None = None) -> Page:
    return _page("1", before)


def written_by(person: Person, before: int | None = None) -> Page:
    return _page("author_id = :person_id", before, person_id=person.id)


def home_of(person: Person, before: int | None = None) -> Page:
    """What a person sees at home: their own posts and those of the people they follow."""
    return _page(
        """(author_id = :person_id
            OR author_id IN (SELECT followed_id FROM follow WHERE follower_id = :person_id))""",
        before,
        person_id=person.id,
    )


def matching(query: str, before: int | None = None) -> Page:
    """The posts that hold all words of the query, or words that begin with them."""
    # FTS5 has a language of its own (AND, NEAR, columns, …). Nobody should have to know it, and a stray quote
    # must not be an error: only the words are taken, each as a quoted string.
    # Ten of them are enough for a text of 280 characters; ten thousand would keep the database busy.
    words = re.findall(r"\w+", query)[:10]
    if not words:
        return Page([], None)
    return _page(
        "post.id IN (SELECT rowid FROM post_words WHERE post_words MATCH :words)",
        before,
        words=" ".join(f'"{word}"*' for word in words),
    )


def _page(condition: str, before: int | None, **parameters: object) -> Page:
    size = current_app.config["POSTS_PER_PAGE"]
    # Pages are cut by number, not by counting: a new post at the top does not push one over to the next page.
    # One more than wanted is read, to know whether there is an older page.
    parameters.update(before=before or LARGEST_ID, limit=size + 1)
    found = _select(f"post.id < :before AND {condition}", **parameters)
    posts = found[:size]
    return Page(posts, older=posts[-1].id if len(found) > size else None)


def _select(condition: str, **parameters: object) -> list[Post]:
    rows = connection().execute(
        f"""
        SELECT post.id, text, image, image_description, posted_at, edited_at, author_id, username, name
        FROM post JOIN person ON person.id = author_id
        WHERE {condition} ORDER BY post.id DESC LIMIT :limit
        """,
        parameters,
    )
    return [Post(*row) for row in rows]
