"""What a worker of the printing house is started with: ``celery -A make_celery worker``."""

from __future__ import annotations

import os

from .press import create_app

flask_app = create_app(os.environ["BROKER"])
celery_app = flask_app.extensions["celery"]
