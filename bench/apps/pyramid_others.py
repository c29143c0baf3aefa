"""The apps for Pyramid besides the main one, and what all of them have."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewRequest, NewResponse
from pyramid.request import Request
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory

from apps.content import FOLDER, PEOPLE, SECRET_KEY, connections

View = Callable[[object, Request], Response]


def failed(error: Exception, request: Request) -> Response:
    logging.exception("Exception on %s", request.path)
    return Response("Something went wrong", status=500)


def configure() -> Configurator:
    """Return what an app is made of: a session that is written when it changes, and Jinja."""
    lifetime = int(timedelta(days=31).total_seconds())
    sessions = SignedCookieSessionFactory(
        SECRET_KEY, cookie_name="session", httponly=True, timeout=lifetime, reissue_time=None
    )
    config = Configurator(session_factory=sessions)
    config.include("pyramid_jinja2")
    config.add_jinja2_renderer(".html")
    config.add_jinja2_search_path(str(FOLDER / "templates"), name=".html")
    config.add_exception_view(failed, context=Exception)
    return config


def open_connection(event: NewRequest) -> None:
    request = event.request
    request.connection = len(connections)
    connections.add(request.connection)
    request.steps = 1
    request.add_finished_callback(close_connection)
    request.add_finished_callback(forget_connection)


def step(event: NewRequest) -> None:
    event.request.steps += 1


def mark(number: int) -> Callable[[NewResponse], None]:
    def marking(event: NewResponse) -> None:
        event.response.headers[f"X-Step-{number}"] = "done"

    return marking


def close_connection(request: Request) -> None:
    connections.discard(request.connection)


def forget_connection(request: Request) -> None:
    del request.connection


def steps(request: Request) -> Response:
    return Response(f"{request.steps} steps, {len(connections)} open")


def with_hooks() -> Any:
    config = configure()
    for hook in (open_connection, step, step, step, step):
        config.add_subscriber(hook, NewRequest)
    for number in range(1, 6):
        config.add_subscriber(mark(number), NewResponse)
    config.add_route("steps", "/")
    config.add_view(steps, route_name="steps")
    return config.make_wsgi_app()


def section(name: str) -> Callable[[View], View]:
    """Return a decorator of views that notes who comes and who goes."""

    def decorate(view: View) -> View:
        def decorated(context: object, request: Request) -> Response:
            request.__dict__.setdefault("entered", []).append(name)
            response = view(context, request)
            left = response.headers.get("X-Left")
            response.headers["X-Left"] = f"{left}, {name}" if left else name
            return response

        return decorated

    return decorate


def list_members(request: Request) -> Response:
    return Response(f"{', '.join(request.entered)} of {int(request.matchdict['team_id'])}")


def members(config: Configurator) -> None:
    config.add_route("members", "/")
    decorators = (section("admin"), section("teams"), section("members"))
    config.add_view(list_members, route_name="members", decorator=decorators)


def teams(config: Configurator) -> None:
    config.include(members, route_prefix="/members")


def admin(config: Configurator) -> None:
    config.include(teams, route_prefix=r"/teams/{team_id:\d+}")


def with_sections() -> Any:
    config = configure()
    config.include(admin, route_prefix="/admin")
    return config.make_wsgi_app()


def load_user(event: NewRequest) -> None:
    event.request.user = event.request.session.get("user")


def mark_team(event: NewResponse) -> None:
    if hasattr(event.request, "team"):
        event.response.headers["X-Team"] = str(event.request.team)


def sign_in(request: Request) -> Response:
    request.session["user"] = "ada"
    request.session.flash("Saved.")
    return Response("Welcome")


def team(request: Request) -> dict[str, Any]:
    request.team = int(request.matchdict["team_id"])
    title = f"Team {request.team}: {request.matchdict['topic']}"
    return {"title": title, "user": request.user, "messages": request.session.pop_flash(), "people": PEOPLE}


def with_page() -> Any:
    config = configure()
    config.add_subscriber(load_user, NewRequest)
    config.add_subscriber(mark_team, NewResponse)
    config.add_route("sign-in", "/sign-in")
    config.add_view(sign_in, route_name="sign-in")
    config.add_route("team", r"/teams/{team_id:\d+}/{topic}")
    config.add_view(team, route_name="team", renderer="page.html")
    return config.make_wsgi_app()


hooked, nested, page = with_hooks(), with_sections(), with_page()
