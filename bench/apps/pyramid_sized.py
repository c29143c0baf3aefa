"""An app for Pyramid that is made to size: how much does more cost?"""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response


def hello(request: Request) -> Response:
    return Response("Hello, World!")


def overview(request: Request) -> Response:
    return Response("Overview")


def post(request: Request) -> Response:
    return Response(f"{request.matchdict['slug']} by {int(request.matchdict['user_id'])}")


def crowd(rules: int) -> Any:
    """Return an app with so many routes, of which every second one has parameters."""
    config = Configurator()
    config.add_route("hello", "/")
    config.add_view(hello, route_name="hello")
    for number in range(rules // 2):
        config.add_route(f"overview-{number}", f"/section-{number}/overview")
        config.add_view(overview, route_name=f"overview-{number}")
        config.add_route(f"post-{number}", rf"/section-{number}/users/{{user_id:\d+}}/posts/{{slug}}")
        config.add_view(post, route_name=f"post-{number}")
    return config.make_wsgi_app()
