"""The apps for Django besides the main one: without middleware, with middleware, with a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from apps.content import PEOPLE, connections
from apps.django_site import site

Handler = Callable[[HttpRequest], HttpResponse]


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


hooked = site(
    Hooked,
    *(f"apps.django_others.{name}" for name in ("forgetting", "connection", *(f"step_{n}" for n in range(1, 6)))),
)
page = site(Page, "apps.django_others.team_user", "apps.django_others.team_header")
keyless = site(Keyless, usual=())
