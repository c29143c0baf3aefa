"""What the apps of all frameworks show: the same data, so that only the framework differs."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SECRET_KEY = "only for the benchmark"

DOCUMENT = {"id": 42, "name": "Ada Lovelace", "city": "Zürich", "active": True, "tags": ["math", "engines"]}
PEOPLE = [{"id": number, "name": f"Ada <{number}>", "city": "Zürich"} for number in range(20)]

connections: set[int] = set()
"""What the hooks open and the teardowns close. One that stays open shows in the next answer."""
