"""What the apps of all frameworks show: the same data, so that only the framework differs."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SECRET_KEY = "only for the benchmark"

DOCUMENT = {"id": 42, "name": "Ada Lovelace", "city": "Zürich", "active": True, "tags": ["math", "engines"]}
PEOPLE = [{"id": number, "name": f"Ada <{number}>", "city": "Zürich"} for number in range(20)]
CATALOGUE = {
    "name": "Catalogue of the engine's parts",
    "valid": True,
    "parts": [{"id": number, "name": f"Wheel {number}", "teeth": number * 12, "price": 9.75} for number in range(12)],
    "owner": {"name": "Ada Lovelace", "city": "Zürich", "phones": ["+41 44 000 00 00", "+41 44 000 00 01"]},
    "notes": "To be read by those who turn the handle: " + "slowly, " * 20,
}
"""Something that is a kilobyte of JSON."""
READ_HEADERS = {
    "X-Request-Id": "7d4a6d158c9",
    "X-Client": "bench",
    "Authorization": "Bearer 0123456789abcdef",
    "X-Tenant": "engines",
    "X-Feature": "on",
}

connections: set[int] = set()
"""What the hooks open and the teardowns close. One that stays open shows in the next answer."""
