"""Where the settings come from: defaults, a file, another file, the environment; the later ones win."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask


def load(app: Flask, overrides: Mapping[str, Any] | None = None) -> None:
    """Fill `app.config`.

    :param overrides: settings that win over all others; tests use them.
    """
    app.config.from_object("chirp.defaults")
    app.config.from_pyfile("chirp.cfg", silent=True)  # in the instance folder
    app.config.from_envvar("CHIRP_SETTINGS", silent=True)  # the path of a file
    app.config.from_prefixed_env("CHIRP")  # CHIRP_POSTS_PER_PAGE=20 and the like
    app.config.from_mapping(overrides or {})
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    if app.config["SECRET_KEY"] is None:
        app.config["SECRET_KEY"] = _kept_key(Path(app.instance_path) / "secret_key")


def _kept_key(path: Path) -> str:
    """The random key kept in a file, made when there is none: a restart must not log everybody out."""
    try:
        # 'x' and the mode in one step: nobody else can read the key, and two processes cannot both make one.
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text()
    with open(descriptor, "w") as file:
        key = secrets.token_hex(32)
        file.write(key)
        return key
