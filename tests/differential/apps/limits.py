"""Limits on what is read of a request: those of the application, and those that a request sets for itself."""

from __future__ import annotations

from typing import Any

from asking import Request, Upload, get, post
from observing import note, outcome

from flask import Flask, request

VARIANTS: dict[str, dict[str, Any]] = {
    "": {},
    "short": {"MAX_CONTENT_LENGTH": 60},
    "nothing": {"MAX_CONTENT_LENGTH": 0},
    "little memory": {"MAX_FORM_MEMORY_SIZE": 10},
    "few parts": {"MAX_FORM_PARTS": 2},
    "no limits": {"MAX_FORM_PARTS": None, "MAX_FORM_MEMORY_SIZE": None},
    "debug, short": {"DEBUG": True, "MAX_CONTENT_LENGTH": 60},
}


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(config)

    @app.route("/read/<way>", methods=["GET", "POST"])
    def read(way: str) -> Any:
        return {"read": READERS[way]()}

    @app.before_request
    def set_limits() -> None:
        for name in ("max_content_length", "max_form_memory_size", "max_form_parts"):
            if name in request.args:
                setattr(request, name, int(request.args[name]) if request.args[name] else None)
                note("limit", name, getattr(request, name))

    app.teardown_request(lambda exc: note("teardown", exc))
    return app


READERS: dict[str, Any] = {
    "form": lambda: [[name, len(value)] for name, value in request.form.items()],
    "files": lambda: [[file.filename, len(file.read())] for file in request.files.values()],
    "data": lambda: len(request.data),
    "raw": lambda: len(request.get_data()),
    "stream": lambda: [len(request.stream.read(5)), len(request.stream.read())],
    "json": lambda: request.get_json(force=True, silent=True),
    "nothing": lambda: None,
    "length": lambda: request.content_length,
}
BODIES: dict[str, dict[str, Any]] = {
    "a form": {"data": {"a": "1", "b": "é"}},
    "a big field": {"data": {"a": "x" * 100}},
    "a big part": {"data": {"a": "x" * 100}, "content_type": "multipart/form-data"},
    "a small upload": {"data": {"file": Upload(b"x", "x")}},
    "a big upload": {"data": {"file": Upload(b"x" * 100, "x")}},
    "many parts": {"data": {f"n{number}": "x" for number in range(5)}, "content_type": "multipart/form-data"},
    "text": {"data": b"x" * 70, "content_type": "text/plain"},
    "JSON": {"data": b'"' + b"x" * 70 + b'"', "content_type": "application/json"},
}
LARGE: dict[str, dict[str, Any]] = {
    "1005 parts": {"data": {f"n{number}": "x" for number in range(1005)}, "content_type": "multipart/form-data"},
    "1005 fields": {"data": {f"n{number}": "x" for number in range(1005)}},
    "a part of 500,001 bytes": {"data": {"a": "x" * 500_001}, "content_type": "multipart/form-data"},
    "a field of 500,001 bytes": {"data": {"a": "x" * 500_001}},
    "an upload of 600,000 bytes": {"data": {"file": Upload(b"x" * 600_000, "x")}},
}
LIMITS = [
    *("max_content_length=10", "max_content_length=", "max_form_memory_size=5", "max_form_memory_size="),
    *("max_form_parts=1", "max_form_parts="),
]
CHUNKED = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}

VISITS: list[Request | list[Request]] = [
    *(post(f"/read/{way}", name=name, **body) for way in READERS for name, body in BODIES.items()),
    *(
        post(f"/read/{way}?{limit}", name=name, **BODIES[name])
        for way in ("form", "files", "data", "stream", "nothing")
        for limit in LIMITS
        for name in ("a form", "a big part", "many parts", "text")
    ),
    *(
        post(f"/read/{way}", name=f"{name}, chunked", environ=CHUNKED, **body)
        for way in ("form", "data", "stream", "length")
        for name, body in BODIES.items()
    ),
    *(post("/read/form", name=name, **body) for name, body in LARGE.items()),
    get("/read/form"),
]


def probe_own_parser() -> Any:
    """A request class with settings of its own."""

    class Own(Flask.request_class):  # type: ignore[name-defined]  # a class attribute
        max_content_length = 10
        max_form_parts = 1

    app = Flask(__name__)
    app.request_class = Own
    app.add_url_rule("/", "index", lambda: {"form": request.form.to_dict()}, methods=["POST"])
    client = app.test_client()
    return [
        client.post("/", data={"a": "1"}).status,
        client.post("/", data={"a": "1" * 20}).status,
        client.post("/", data={"a": "1", "b": "2"}, content_type="multipart/form-data").status,
    ]


def probe_limits() -> Any:
    """The limits of a request, and where they come from."""
    found: dict[str, Any] = {}
    app = Flask(__name__)
    names = ("max_content_length", "max_form_memory_size", "max_form_parts")
    with app.test_request_context("/", method="POST", data={"a": "1"}):
        found["default"] = [getattr(request, name) for name in names]
        app.config.update(MAX_CONTENT_LENGTH=1, MAX_FORM_MEMORY_SIZE=2, MAX_FORM_PARTS=3)
        found["configured"] = [getattr(request, name) for name in names]
        for name in names:
            setattr(request, name, 7)
        found["set"] = [getattr(request, name) for name in names]
        request.max_content_length = None
        found["set to None"] = request.max_content_length
    outside = Flask.request_class({"REQUEST_METHOD": "GET"})
    found["outside"] = [outcome(getattr, outside, name) for name in names]
    return found
