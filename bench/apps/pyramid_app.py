"""The app for Pyramid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from pyramid.httpexceptions import HTTPForbidden, HTTPFound
from pyramid.request import Request
from pyramid.response import Response

from apps.content import DOCUMENT, FOLDER, PEOPLE, READ_HEADERS
from apps.pyramid_others import configure
from apps.pyramid_others import hooked as hooked
from apps.pyramid_others import nested as nested
from apps.pyramid_others import page as page
from apps.pyramid_sized import crowd as crowd


def text(request: Request) -> Response:
    return Response("Hello, World!")


def document(request: Request) -> dict[str, Any]:
    return DOCUMENT


def post(request: Request) -> Response:
    return Response(f"{request.matchdict['slug']} by {int(request.matchdict['user_id'])}")


def sign_in(request: Request) -> Response:
    request.session["user"] = "ada"
    request.session["visits"] = 1
    return Response("Welcome")


def account(request: Request) -> Response:
    return Response(f"Signed in as {request.session.get('user')}")


def visit(request: Request) -> Response:
    request.session["visits"] += 1
    return Response(f"{request.session['visits']} visits")


def table(request: Request) -> dict[str, Any]:
    return {"title": "People", "people": PEOPLE}


def old(request: Request) -> NoReturn:
    raise HTTPFound("/new")


def form(request: Request) -> Response:
    fields = request.POST
    return Response(f"{fields['name']}, {fields['city']}: {len(fields)} fields")


def search(request: Request) -> Response:
    arguments = request.GET
    return Response(f"{arguments['q']}, page {int(arguments['page'])}, by {arguments['sort']}")


def catalogue(request: Request) -> dict[str, Any]:
    document = request.json_body
    return {**document, "items": len(document["parts"])}


def upload(request: Request) -> Response:
    file = request.POST["file"]
    return Response(f"{file.filename}: {len(file.file.read())} bytes")


def headers(request: Request) -> Response:
    return Response(" ".join([request.headers[name] for name in READ_HEADERS]))


def cookies(request: Request) -> Response:
    response = Response("3 cookies")
    response.set_cookie("theme", "dark", max_age=3600)
    response.set_cookie("language", "en", httponly=True)
    response.set_cookie("seen", "42", path="/", samesite="Lax")
    return response


def save(request: Request) -> Response:
    request.session.flash("Saved.")
    return Response("Saved")


def flashed(request: Request) -> Response:
    text = " ".join(request.session.pop_flash())
    request.session.flash("Saved.")
    return Response(text)


def links(request: Request) -> Response:
    return Response(" ".join([request.route_path("post", user_id=n, slug="first-steps") for n in range(10)]))


def lines() -> Iterator[bytes]:
    for number in range(100):
        yield f"line {number}\n".encode()


def stream(request: Request) -> Response:
    return Response(app_iter=lines(), charset="utf-8")


def private(request: Request) -> NoReturn:
    raise HTTPForbidden


def forbidden(request: Request) -> Response:
    return Response("Members only", status=403)


def broken(request: Request) -> NoReturn:
    raise KeyError("engine")


config = configure()
config.add_static_view("static", str(FOLDER / "static"))
config.add_forbidden_view(forbidden)
for path, view in {
    "/": text,
    r"/users/{user_id:\d+}/posts/{slug}": post,
    "/sign-in": sign_in,
    "/account": account,
    "/visit": visit,
    "/old": old,
    "/form": form,
    "/search": search,
    "/upload": upload,
    "/headers": headers,
    "/cookies": cookies,
    "/save": save,
    "/flash": flashed,
    "/links": links,
    "/stream": stream,
    "/private": private,
    "/broken": broken,
}.items():
    config.add_route(view.__name__, path)
    config.add_view(view, route_name=view.__name__)
for path, view, renderer in (
    ("/document", document, "json"),
    ("/catalogue", catalogue, "json"),
    ("/table", table, "table.html"),
):
    config.add_route(view.__name__, path)
    config.add_view(view, route_name=view.__name__, renderer=renderer)
app = keyless = config.make_wsgi_app()
