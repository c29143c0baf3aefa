"""The people: who there is, and who follows whom."""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import dataclass

from flask import current_app
from werkzeug.security import check_password_hash, generate_password_hash

from chirp.database import connection
from chirp.text import problem_with

LONGEST_NAME = 40
LONGEST_BIO = 160
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200  # hashing a whole book would take its time


@dataclass(frozen=True)
class Person:
    """One row of the table `person`."""

    id: int
    username: str
    name: str
    bio: str
    password_hash: str
    joined_at: int

    def has_password(self, password: str) -> bool:
        return check_password_hash(self.password_hash, password)


@dataclass(frozen=True)
class Counts:
    """The three numbers on a profile."""

    posts: int
    followers: int
    following: int


def problems_with(username: str, name: str, password: str) -> dict[str, str]:
    """What stands against this sign-up: field -> sentence; empty if nothing does."""
    found = {
        "username": None
        if re.fullmatch(r"[a-z0-9_]{2,20}", username)
        else "A user name has 2 to 20 characters: a to z, digits and underscores.",
        "name": problem_with(name, "Your name", LONGEST_NAME),
        "password": problem_with(password, "The password", LONGEST_PASSWORD, SHORTEST_PASSWORD),
    }
    return {field: sentence for field, sentence in found.items() if sentence}


def add(username: str, name: str, password: str, bio: str = "", joined_at: int | None = None) -> Person | None:
    """Add a person.

    :return: the person, or None if the user name is taken.
    """
    password_hash = generate_password_hash(password, current_app.config["PASSWORD_HASH"])
    values = (username, name, bio, password_hash, joined_at or int(time.time()))
    try:
        with connection() as database:
            database.execute(
                "INSERT INTO person (username, name, bio, password_hash, joined_at) VALUES (?, ?, ?, ?, ?)",
                values,
            )
    except sqlite3.IntegrityError:
        # Asking first and inserting then would leave a moment in between for somebody else.
        return None
    return find_by_username(username)


def find(person_id: int) -> Person | None:
    row = connection().execute("SELECT * FROM person WHERE id = ?", (person_id,)).fetchone()
    return Person(*row) if row else None


def find_by_username(username: str) -> Person | None:
    row = connection().execute("SELECT * FROM person WHERE username = ?", (username,)).fetchone()
    return Person(*row) if row else None


def find_by_password(username: str, password: str) -> Person | None:
    """The person with this user name and password."""
    person = find_by_username(username)
    return person if person and person.has_password(password) else None


def describe(person: Person, name: str, bio: str) -> None:
    """Change what a person says about themselves."""
    with connection() as database:
        database.execute("UPDATE person SET name = ?, bio = ? WHERE id = ?", (name, bio, person.id))


def follow(follower: Person, followed: Person) -> None:
    """Following twice is following."""
    with connection() as database:
        database.execute("INSERT OR IGNORE INTO follow VALUES (?, ?)", (follower.id, followed.id))


def unfollow(follower: Person, followed: Person) -> None:
    with connection() as database:
        query = "DELETE FROM follow WHERE follower_id = ? AND followed_id = ?"
        database.execute(query, (follower.id, followed.id))


def follows(follower: Person, followed: Person) -> bool:
    query = "SELECT 1 FROM follow WHERE follower_id = ? AND followed_id = ?"
    return connection().execute(query, (follower.id, followed.id)).fetchone() is not None


def followers(person: Person) -> list[Person]:
    return _list(
        """
        SELECT person.* FROM person JOIN follow ON follower_id = id
        WHERE followed_id = :id ORDER BY username
        """,
        person,
    )


def following(person: Person) -> list[Person]:
    return _list(
        """
        SELECT person.* FROM person JOIN follow ON followed_id = id
        WHERE follower_id = :id ORDER BY username
        """,
        person,
    )


def strangers(person: Person) -> list[Person]:
    """A few whom this person does not follow yet, those with most followers first."""
    return _list(
        """
        SELECT person.* FROM person LEFT JOIN follow ON followed_id = id
        WHERE id <> :id AND id NOT IN (SELECT followed_id FROM follow WHERE follower_id = :id)
        GROUP BY id ORDER BY count(follower_id) DESC, id LIMIT 3
        """,
        person,
    )


def counts(person: Person) -> Counts:
    row = connection().execute(
        """
        SELECT (SELECT count(*) FROM post WHERE author_id = :id),
               (SELECT count(*) FROM follow WHERE followed_id = :id),
               (SELECT count(*) FROM follow WHERE follower_id = :id)
        """,
        {"id": person.id},
    )
    return Counts(*row.fetchone())


def _list(query: str, person: Person) -> list[Person]:
    return [Person(*row) for row in connection().execute(query, {"id": person.id})]
