"""Chirp's settings, each with the value that holds where nothing else is said."""

from __future__ import annotations

# Signs the session cookie and the tokens of the API. None: a random key, kept in the instance folder.
SECRET_KEY = None

# Another site's form does not bring our cookie along. (HttpOnly, no script can read it, is on by default.)
SESSION_COOKIE_SAMESITE = "Lax"
# Switch on wherever the site is served over HTTPS: CHIRP_SESSION_COOKIE_SECURE=true
SESSION_COOKIE_SECURE = False

# How passwords are hashed, in werkzeug's words: slow on purpose, so that guessing is slow, too.
PASSWORD_HASH = "scrypt"

# The largest request that is taken, in bytes, and so the largest image. Anything above is answered with 413.
MAX_CONTENT_LENGTH = 2 * 1024 * 1024

# How many posts stand on one page.
POSTS_PER_PAGE = 10

# How long a token of the API is good for, in seconds.
API_TOKEN_SECONDS = 24 * 60 * 60
