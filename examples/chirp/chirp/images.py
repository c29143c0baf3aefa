"""The images that people upload: files with random names in the instance folder."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Response, current_app, send_from_directory
from werkzeug.datastructures import FileStorage

MIME_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


def folder() -> Path:
    """The folder of the images; made when first asked for."""
    path = Path(current_app.instance_path) / "images"
    path.mkdir(exist_ok=True)
    return path


def kind_of(start: bytes) -> str | None:
    """Which kind of image begins with these bytes.

    Neither the name of a file nor the type that the browser claims can be trusted: both are only claims.

    >>> kind_of(b"GIF89a...")
    'gif'
    >>> kind_of(b"<html>") is None
    True
    """
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if start.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "webp"
    return None


def problem_with(upload: FileStorage) -> str | None:
    """A sentence on why this upload is not taken, or None."""
    if _kind_of_upload(upload) is None:
        return "This file is not an image that Chirp can show. Choose a PNG, JPEG, GIF or WebP image."
    return None


def new_name(upload: FileStorage) -> str:
    """A name to keep the upload under; nothing in it comes from the sender.

    :raises ValueError: if the upload is no image; ask `problem_with` first.
    """
    kind = _kind_of_upload(upload)
    if kind is None:
        raise ValueError("The upload is not an image.")
    return f"{secrets.token_hex(16)}.{kind}"


def save(upload: FileStorage, name: str) -> None:
    upload.save(folder() / name)


def remove(name: str) -> None:
    (folder() / name).unlink(missing_ok=True)


def remove_all() -> None:
    for path in folder().iterdir():
        path.unlink()


def send(name: str) -> Response:
    """The response with an image; 404 if there is none of that name, or the name leads out of the folder."""
    mime_type = MIME_TYPES.get(name.rpartition(".")[2])
    # The content under a name never changes, so browsers may keep it for a day.
    response = send_from_directory(folder(), name, mimetype=mime_type, max_age=24 * 60 * 60)
    # Whatever else may hide in the file, opened on its own it can load and run nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _kind_of_upload(upload: FileStorage) -> str | None:
    start = upload.stream.read(12)
    upload.stream.seek(0)
    return kind_of(start)
