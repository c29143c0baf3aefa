"""What an application and a blueprint serve and open: their own files."""

from __future__ import annotations

import os
import typing as t

from ._past.scaffold import PastScaffold
from .globals import current_app
from .helpers import send_from_directory

if t.TYPE_CHECKING:
    from .wrappers import Response


class OwnFiles(PastScaffold):
    """Serving static files and opening resources."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """For how many seconds clients may keep a file without asking again: ``SEND_FILE_MAX_AGE_DEFAULT``.

        :param filename: the path of the file, so that an override can tell files apart.
        :return: the seconds, or None to have clients ask each time.

        .. versionadded:: 0.9
        .. versionchanged:: 2.0
            None by default; it was twelve hours.
        """
        value = current_app.config["SEND_FILE_MAX_AGE_DEFAULT"]
        return int(value.total_seconds()) if hasattr(value, "total_seconds") else t.cast(int, value)

    def send_static_file(self, filename: str) -> Response:
        """Answer with a file of the static folder; the view behind the endpoint ``static``.

        :param filename: the path of the file in the folder.
        :raises werkzeug.exceptions.NotFound: if there is none, or the path leads out of the folder.

        .. versionadded:: 0.5
        """
        if self.static_folder is None:
            raise RuntimeError(f"{self!r} has no folder of static files: 'static_folder' must be set to serve them.")
        return send_from_directory(self.static_folder, filename, max_age=self.get_send_file_max_age(filename))

    def open_resource(self, resource: str, mode: str = "rb", encoding: str | None = None) -> t.IO[t.Any]:
        """Open a file relative to the root path, for reading.

        :param resource: the path of the file, with forward slashes.
        :param mode: ``"rb"`` for bytes, ``"r"`` or ``"rt"`` for text.
        :param encoding: the encoding of text, UTF-8 by default.
        :raises ValueError: for a mode that would write.

        With ``schema.sql`` beside the module of the application::

            with app.open_resource("schema.sql") as f:
                contents = f.read()

        .. versionchanged:: 3.1
            The encoding parameter.
        """
        if mode not in {"r", "rt", "rb"}:
            raise ValueError(
                f"Resources can only be opened for reading, in the modes 'r', 'rt' and 'rb': the mode was {mode!r}."
                " To write, use open_instance_resource() or open()."
            )
        path = os.path.join(self.root_path, resource)
        if mode == "rb":
            return open(path, mode)
        return open(path, mode, encoding=encoding or "utf-8")
