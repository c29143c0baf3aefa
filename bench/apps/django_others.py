"""The apps for Django besides the main one, and how an app is made: a process has only one set of settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django
from apps.content import FOLDER, PEOPLE, SECRET_KEY, connections
from django.conf import settings

settings.configure(
    SECRET_KEY=SECRET_KEY,
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF="apps.django_app",
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    SESSION_COOKIE_NAME="session",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [FOLDER / "templates_django"]}],
)
django.setup()

from django.contrib import messages  # noqa: E402  (needs the settings)
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402

Handler = Callable[[HttpRequest], HttpResponse]
USUAL = ("django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.messages.middleware.MessageMiddleware")


def site(urls: object, *middleware: str, usual: tuple[str, ...] = USUAL) -> WSGIHandler:
    """Return an app with its own URLs, those of a module or a class, and its own middleware."""

    class Request(WSGIRequest):  # type: ignore[misc, unused-ignore]  (Django has no types)
        urlconf = urls

    class Site(WSGIHandler):  # type: ignore[misc, unused-ignore]
        request_class = Request

    settings.MIDDLEWARE = [*usual, *middleware]
    return Site()


def mark(number: int, name: str) -> Callable[[Handler], Handler]:
    def middleware(handle: Handler) -> Handler:
        def marking(request: Any) -> HttpResponse:
            request.steps = 1 if number == 1 else request.steps + 1
            response = handle(request)
            response.headers[name] = "done"
            return response

        return marking

    return middleware


step_1, step_2, step_3, step_4, step_5 = (mark(number, f"X-Step-{number}") for number in range(1, 6))


def connection(handle: Handler) -> Handler:
    def connecting(request: Any) -> HttpResponse:
        request.connection = len(connections)
        connections.add(request.connection)
        try:
            return handle(request)
        finally:
            connections.discard(request.connection)

    return connecting


def forgetting(handle: Handler) -> Handler:
    def forget(request: Any) -> HttpResponse:
        try:
            return handle(request)
        finally:
            del request.connection

    return forget


def steps(request: Any) -> HttpResponse:
    return HttpResponse(f"{request.steps} steps, {len(connections)} open")


class Hooked:
    urlpatterns = (path("", steps),)


def team_user(handle: Handler) -> Handler:
    def loading(request: Any) -> HttpResponse:
        request.user = request.session.get("user")
        return handle(request)

    return loading


def team_header(handle: Handler) -> Handler:
    def marking(request: Any) -> HttpResponse:
        response = handle(request)
        if hasattr(request, "team"):
            response.headers["X-Team"] = str(request.team)
        return response

    return marking


def sign_in(request: HttpRequest) -> HttpResponse:
    request.session["user"] = "ada"
    messages.info(request, "Saved.")
    return HttpResponse("Welcome")


def team(request: Any, team_id: int, topic: str) -> HttpResponse:
    request.team = team_id
    title = f"Team {team_id}: {topic}"
    values = {"title": title, "user": request.user, "messages": messages.get_messages(request), "people": PEOPLE}
    return render(request, "page.html", values)


class Page:
    urlpatterns = (path("sign-in", sign_in), path("teams/<int:team_id>/<slug:topic>", team))


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, World!")


class Keyless:
    urlpatterns = (path("", hello),)


def overview(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Overview")


def post(request: HttpRequest, user_id: int, slug: str) -> HttpResponse:
    return HttpResponse(f"{slug} by {user_id}")


def crowd(rules: int) -> WSGIHandler:
    """Return an app with so many paths, of which every second one has parameters."""
    patterns = [path("", hello)]
    for number in range(rules // 2):
        patterns.append(path(f"section-{number}/overview", overview))
        patterns.append(path(f"section-{number}/users/<int:user_id>/posts/<slug:slug>", post))

    class Crowd:
        urlpatterns = tuple(patterns)

    return site(Crowd, usual=())


hooked = site(
    Hooked,
    *(f"apps.django_others.{name}" for name in ("forgetting", "connection", *(f"step_{n}" for n in range(1, 6)))),
)
page = site(Page, "apps.django_others.team_user", "apps.django_others.team_header")
keyless = site(Keyless, usual=())
