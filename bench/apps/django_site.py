"""How an app for Django is made: a process has only one set of settings."""

from __future__ import annotations

import django
from django.conf import settings

from apps.content import FOLDER, SECRET_KEY

settings.configure(
    SECRET_KEY=SECRET_KEY,
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF="apps.django_app",
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    SESSION_COOKIE_NAME="session",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [FOLDER / "templates_django"]}],
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # noqa: E402  (needs the settings)

USUAL = ("django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.messages.middleware.MessageMiddleware")


def site(urls: object, *middleware: str, usual: tuple[str, ...] = USUAL) -> WSGIHandler:
    """Return an app with its own URLs, those of a module or a class, and its own middleware."""

    class Request(WSGIRequest):
        urlconf = urls

    class Site(WSGIHandler):
        request_class = Request

    settings.MIDDLEWARE = [*usual, *middleware]
    return Site()
