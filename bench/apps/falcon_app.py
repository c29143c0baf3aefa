"""The app for Falcon: resources and its own static route."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, NoReturn

import falcon
from falcon import Request, Response

from apps.content import DOCUMENT, FOLDER, PEOPLE, READ_HEADERS
from apps.falcon_others import hooked as hooked
from apps.falcon_others import nested as nested
from apps.falcon_others import page as page
from apps.falcon_sized import crowd as crowd
from apps.falcon_sized import stepping as stepping
from apps.libraries import read_session, templates, write_session


class Text:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = "Hello, World!"

    on_head = on_get


class Document:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.content_type = falcon.MEDIA_JSON
        resp.media = DOCUMENT


class Post:
    def on_get(self, req: Request, resp: Response, user_id: int, slug: str) -> None:
        resp.text = f"{slug} by {user_id}"


def open_session(req: Request) -> dict[str, Any]:
    values = req.get_cookie_values("session")
    return read_session(values[0] if values else None)


def save_session(resp: Response, session: dict[str, Any]) -> None:
    resp.set_cookie("session", write_session(session), path="/", secure=False, http_only=True)


class SignIn:
    def on_get(self, req: Request, resp: Response) -> None:
        save_session(resp, {"user": "ada", "visits": 1})


class Account:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = f"Signed in as {open_session(req).get('user')}"


class Visit:
    def on_get(self, req: Request, resp: Response) -> None:
        session = open_session(req)
        session["visits"] += 1
        save_session(resp, session)
        resp.text = f"{session['visits']} visits"


class Table:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = templates.get_template("table.html").render(title="People", people=PEOPLE)


class Old:
    def on_get(self, req: Request, resp: Response) -> None:
        raise falcon.HTTPFound("/new")


class Form:
    def on_post(self, req: Request, resp: Response) -> None:
        fields = req.get_media()
        resp.text = f"{fields['name']}, {fields['city']}: {len(fields)} fields"


class Search:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = f"{req.get_param('q')}, page {req.get_param_as_int('page')}, by {req.get_param('sort')}"


class Catalogue:
    def on_post(self, req: Request, resp: Response) -> None:
        document = req.get_media()
        resp.content_type = falcon.MEDIA_JSON
        resp.media = {**document, "items": len(document["parts"])}


class Upload:
    def on_post(self, req: Request, resp: Response) -> None:
        for part in req.get_media():
            resp.text = f"{part.filename}: {len(part.stream.read())} bytes"


class Measure:
    def on_post(self, req: Request, resp: Response) -> None:
        resp.text = f"{len(req.bounded_stream.read())} bytes"


class Headers:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.text = " ".join([req.get_header(name, required=True) for name in READ_HEADERS])


class Cookies:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.set_cookie("theme", "dark", max_age=3600, path="/", secure=False, http_only=False)
        resp.set_cookie("language", "en", path="/", secure=False)
        resp.set_cookie("seen", "42", path="/", secure=False, http_only=False, same_site="Lax")
        resp.text = "3 cookies"


class Save:
    def on_get(self, req: Request, resp: Response) -> None:
        save_session(resp, {"user": "ada", "messages": ["Saved."]})


class Flash:
    def on_get(self, req: Request, resp: Response) -> None:
        session = open_session(req)
        resp.text = " ".join(session.pop("messages", ()))
        session["messages"] = ["Saved."]
        save_session(resp, session)


class Stream:
    def on_get(self, req: Request, resp: Response) -> None:
        resp.stream = self.lines()

    def lines(self) -> Iterator[bytes]:
        for number in range(100):
            yield f"line {number}\n".encode()


class Private:
    def on_get(self, req: Request, resp: Response) -> None:
        raise falcon.HTTPForbidden


def forbidden(req: Request, resp: Response, error: Exception, params: dict[str, Any]) -> None:
    resp.status = falcon.HTTP_403
    resp.text = "Members only"


class Broken:
    def on_get(self, req: Request, resp: Response) -> NoReturn:
        raise KeyError("engine")


def failed(req: Request, resp: Response, error: Exception, params: dict[str, Any]) -> None:
    logging.exception("Exception on %s", req.path)
    resp.status = falcon.HTTP_500
    resp.text = "Something went wrong"


app = keyless = falcon.App(media_type=falcon.MEDIA_HTML)
app.add_error_handler(falcon.HTTPForbidden, forbidden)
app.add_error_handler(Exception, failed)
app.add_static_route("/static", str(FOLDER / "static"))
for path, resource in {
    "/": Text(),
    "/document": Document(),
    "/users/{user_id:int}/posts/{slug}": Post(),
    "/sign-in": SignIn(),
    "/account": Account(),
    "/visit": Visit(),
    "/table": Table(),
    "/old": Old(),
    "/form": Form(),
    "/private": Private(),
    "/search": Search(),
    "/catalogue": Catalogue(),
    "/upload": Upload(),
    "/measure": Measure(),
    "/headers": Headers(),
    "/cookies": Cookies(),
    "/save": Save(),
    "/flash": Flash(),
    "/stream": Stream(),
    "/broken": Broken(),
}.items():
    app.add_route(path, resource)
