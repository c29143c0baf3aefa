"""``werkzeug.filesystem`` and ``werkzeug.posixemulation``: what systems differed in."""

from __future__ import annotations

import sys
from os import replace as rename

#: Whether a file that is open may get another name.
can_rename_open_file: bool = sys.platform != "win32"


class BrokenFilesystemWarning(RuntimeWarning):
    """Warned of file names in ASCII; programs name it to silence it."""


def get_filesystem_encoding() -> str:
    """The encoding of the names of files."""
    return sys.getfilesystemencoding()


__all__ = ["BrokenFilesystemWarning", "can_rename_open_file", "get_filesystem_encoding", "rename"]
