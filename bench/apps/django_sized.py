"""Apps for Django that are made to size: how much does more cost?"""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

from apps.django_site import site


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, World!")


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
