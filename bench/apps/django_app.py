"""The app for Django."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NoReturn

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, re_path, reverse
from django.views import View
from django.views.static import serve

from apps.content import DOCUMENT, FOLDER, PEOPLE, READ_HEADERS
from apps.django_others import hooked as hooked
from apps.django_others import keyless as keyless
from apps.django_others import page as page
from apps.django_site import site
from apps.django_sized import crowd as crowd


def text(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, World!")


class Document(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(DOCUMENT)


def post(request: HttpRequest, user_id: int, slug: str) -> HttpResponse:
    return HttpResponse(f"{slug} by {user_id}")


def sign_in(request: HttpRequest) -> HttpResponse:
    request.session["user"] = "ada"
    request.session["visits"] = 1
    return HttpResponse("Welcome")


def account(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Signed in as {request.session.get('user')}")


def visit(request: HttpRequest) -> HttpResponse:
    request.session["visits"] += 1
    return HttpResponse(f"{request.session['visits']} visits")


def table(request: HttpRequest) -> HttpResponse:
    return render(request, "table.html", {"title": "People", "people": PEOPLE})


def old(request: HttpRequest) -> HttpResponseBase:
    return redirect("/new")


def form(request: HttpRequest) -> HttpResponse:
    fields = request.POST
    return HttpResponse(f"{fields['name']}, {fields['city']}: {len(fields)} fields")


def search(request: HttpRequest) -> HttpResponse:
    arguments = request.GET
    return HttpResponse(f"{arguments['q']}, page {int(arguments['page'])}, by {arguments['sort']}")


def catalogue(request: HttpRequest) -> HttpResponse:
    document = json.loads(request.body)
    return JsonResponse({**document, "items": len(document["parts"])})


def upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES["file"]
    return HttpResponse(f"{file.name}: {len(file.read())} bytes")


def headers(request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join([request.headers[name] for name in READ_HEADERS]))


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("3 cookies")
    response.set_cookie("theme", "dark", max_age=3600)
    response.set_cookie("language", "en", httponly=True)
    response.set_cookie("seen", "42", path="/", samesite="Lax")
    return response


def save(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Saved.")
    return HttpResponse("Saved")


def flashed(request: HttpRequest) -> HttpResponse:
    text = " ".join([str(message) for message in messages.get_messages(request)])
    messages.info(request, "Saved.")
    return HttpResponse(text)


def links(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        " ".join([reverse("post", kwargs={"user_id": number, "slug": "first-steps"}) for number in range(10)])
    )


def lines() -> Iterator[str]:
    for number in range(100):
        yield f"line {number}\n"


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(lines())


def private(request: HttpRequest) -> NoReturn:
    raise PermissionDenied


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("Members only", status=403)


def broken(request: HttpRequest) -> NoReturn:
    raise KeyError("engine")


def handler500(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Something went wrong", status=500)


urlpatterns = [
    path("", text),
    path("document", Document.as_view()),
    path("users/<int:user_id>/posts/<slug:slug>", post, name="post"),
    path("sign-in", sign_in),
    path("account", account),
    path("visit", visit),
    path("table", table),
    path("old", old),
    path("form", form),
    path("search", search),
    path("catalogue", catalogue),
    path("upload", upload),
    path("headers", headers),
    path("cookies", cookies),
    path("save", save),
    path("flash", flashed),
    path("links", links),
    path("stream", stream),
    path("private", private),
    path("broken", broken),
    re_path(r"^static/(?P<path>.*)$", serve, {"document_root": FOLDER / "static"}),
]
app = site("apps.django_app")
