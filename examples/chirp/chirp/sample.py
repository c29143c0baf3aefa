"""A few people and what they say, so that there is something to look at."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from chirp import people, posts
from chirp.painting import Landscape, paint

PASSWORD = "chirp-chirp"  # of all of them: never seed a site that others can reach

PEOPLE = {
    "wren": ("Jenny Wren", "Small bird, big voice. Up before everybody else."),
    "heron": ("Harald Heron", "Standing still is a skill. Fishing, water levels, patience."),
    "swift": ("Selma Swift", "Always on the way. Currently: Nairobi to Tromsø."),
    "owl": ("Otto Owl", "Night shifts, old books, short answers."),
    "magpie": ("Maggie Pie", "I collect things that shine. #finds every day."),
}

FOLLOWS = {
    "wren": ("heron", "swift"),
    "heron": ("owl",),
    "swift": ("wren", "owl", "magpie"),
    "owl": ("wren",),
    "magpie": ("wren", "swift", "owl"),
}

DAWN = Landscape(
    sky_top=(58, 49, 99),
    sky_bottom=(255, 173, 122),
    sun=(255, 236, 179),
    sun_at=(420, 178),
    hills=((147, 92, 122), (98, 62, 100), (48, 35, 70)),
)
NOON = Landscape(
    sky_top=(73, 150, 216),
    sky_bottom=(205, 232, 246),
    sun=(255, 250, 224),
    sun_at=(140, 70),
    hills=((123, 176, 146), (76, 140, 102), (38, 92, 66)),
)
NIGHT = Landscape(
    sky_top=(10, 14, 38),
    sky_bottom=(46, 58, 110),
    sun=(226, 230, 244),
    sun_at=(500, 80),
    hills=((34, 44, 84), (22, 29, 60), (10, 13, 32)),
)


@dataclass(frozen=True)
class Example:
    """One sample post."""

    username: str
    minutes_ago: int
    text: str
    picture: Landscape | None = None
    description: str = ""


EXAMPLES = (
    Example("owl", 60 * 24 * 19, "First entry. Let us see who else is up."),
    Example("wren", 60 * 24 * 18, "I am! I have been up for an hour! Good morning @owl!"),
    Example("owl", 60 * 24 * 18 - 30, "Good night, @wren."),
    Example("heron", 60 * 24 * 12, "Water level at the weir: knee. Mine, not yours."),
    Example("magpie", 60 * 24 * 9, "Found today: one bottle cap, one ring pull, half an earring. #finds"),
    Example("swift", 60 * 24 * 6, "Nairobi. 31 degrees, plenty of flies, leaving tonight. #north"),
    Example(
        "swift",
        60 * 24 * 5,
        "Somewhere above the Nile. I slept on the wing, as one does. #north",
        NOON,
        "Green hills under a clear blue sky, the sun high on the left.",
    ),
    Example("heron", 60 * 24 * 4, "Caught: 2. Missed: 0. Waited: all day. It is not about the fish."),
    Example("magpie", 60 * 24 * 3, "A KEY. A real one. Does anybody miss a key? #finds"),
    Example("owl", 60 * 24 * 3 - 12, "@magpie Every key is missed by a door."),
    Example("wren", 60 * 24 * 2 + 50, "Nine grams, ninety decibels. Do the sums yourselves."),
    Example("swift", 60 * 24 * 2, "Crete. Swallows everywhere, the snack bar is empty. Onwards. #north"),
    Example(
        "owl",
        60 * 30,
        "Five past three. The best light there is.",
        NIGHT,
        "A full moon over dark hills, the sky deep blue.",
    ),
    Example("heron", 60 * 26, "Somebody asked what I think about all day. Fish. Next question."),
    Example("magpie", 60 * 22, "The key fits nothing. I tried all of the park. Even the bench. #finds"),
    Example("wren", 60 * 16, "Who else builds six nests and lets somebody else choose? No? Just me?"),
    Example("swift", 60 * 11, "The Alps, tailwind, 112 km/h. I did not even try. #north"),
    Example("heron", 60 * 8, "The ducks are back.\nIt was so quiet."),
    Example("owl", 60 * 7, "To whoever sang under my branch at four: I know your voice, @wren."),
    Example(
        "wren",
        60 * 5,
        "Worth getting up for. Every single day.",
        DAWN,
        "The sun comes up behind violet hills; the sky runs from deep blue to orange.",
    ),
    Example("magpie", 60 * 3, "Foil! A whole sheet! I may never need anything again. #finds"),
    Example("magpie", 60 * 2, "I need a second sheet. #finds"),
    Example("swift", 47, "Denmark already. Do not wait for me with dinner, I eat on the way. #north"),
    Example("heron", 12, "Water level: shin. Good."),
)


def is_planted() -> bool:
    return people.find_by_username("wren") is not None


def plant() -> None:
    """Add the sample people and posts to the database."""
    now = int(time.time())
    for username, (name, bio) in PEOPLE.items():
        people.add(username, name, PASSWORD, bio, now - 20 * 86400)
    for follower, others in FOLLOWS.items():
        for followed in others:
            people.follow(_person(follower), _person(followed))
    for example in EXAMPLES:
        image = FileStorage(io.BytesIO(paint(example.picture))) if example.picture else None
        posted_at = now - 60 * example.minutes_ago
        posts.add(_person(example.username), example.text, image, example.description, posted_at)


def _person(username: str) -> people.Person:
    person = people.find_by_username(username)
    if person is None:
        raise LookupError(f"The sample person {username!r} is not in the database.")
    return person
