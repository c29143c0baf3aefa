"""``werkzeug.useragents``. Browser and platform are not told any more: what user agents say of themselves has lost its
meaning, and Werkzeug has left the guessing to others.
"""

from __future__ import annotations

import typing as t

from werkzeug.user_agent import UserAgent as StatedUserAgent

from .mixins import UserAgentMixin


class UserAgent(StatedUserAgent):
    """What a user agent says of itself.

    :param environ_or_string: the environment of a request, or the value of the header.
    """

    def __init__(self, environ_or_string: t.Any) -> None:
        if isinstance(environ_or_string, dict):
            environ_or_string = environ_or_string.get("HTTP_USER_AGENT", "")
        super().__init__(environ_or_string)


__all__ = ["UserAgent", "UserAgentMixin"]
