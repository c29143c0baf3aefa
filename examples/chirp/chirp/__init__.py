"""Chirp, a small place for short messages: the demonstration application.

Begin reading here: `create_app` puts the parts together, and every part is one module.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask

from chirp import commands, converters, csrf, database, errors, filters, headers, login, settings
from chirp.views import accounts, api, profiles, search, timeline


def create_app(overrides: Mapping[str, Any] | None = None, *, instance_path: str | None = None) -> Flask:
    """Make the application.

    :param overrides: settings that win over files and environment.
    :param instance_path: the folder for database, images and secret key; by default the one that the
        environment variable `CHIRP_INSTANCE_PATH` names, or else `instance` beside the package.
    """
    instance_path = instance_path or os.environ.get("CHIRP_INSTANCE_PATH")
    app = Flask(
        "chirp",
        instance_path=os.path.abspath(instance_path) if instance_path else None,
        instance_relative_config=True,
    )
    settings.load(app, overrides)
    for part in (converters, database, login, csrf, filters, headers, errors, commands):
        part.init_app(app)
    for view in (accounts, timeline, profiles, search, api):
        app.register_blueprint(view.blueprint)
    return app
