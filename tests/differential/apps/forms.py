"""Forms, uploads and raw bodies, in all orders of reading them."""

from __future__ import annotations

from typing import Any

from asking import Request, Upload, ask, get, post
from observing import note, outcome, plain

from flask import Flask, request

VARIANTS: dict[str, dict[str, Any]] = {"": {}, "debug": {"DEBUG": True}}


def create(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(config)

    @app.route("/read/<way>", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "BREW"])
    def read(way: str) -> Any:
        return {"read": plain(READERS[way]())}

    app.teardown_request(lambda exc: note("teardown", exc))
    return app


def files() -> Any:
    return [
        [name, [[file.filename, file.mimetype, file.name, file.content_length, file.read()] for file in of_name]]
        for name, of_name in request.files.lists()
    ]


READERS: dict[str, Any] = {
    "form": lambda: list(request.form.lists()),
    "files": files,
    "both": lambda: [list(request.form.lists()), files()],
    "values": lambda: list(request.values.lists()),
    "args": lambda: list(request.args.lists()),
    "data": lambda: request.data,
    "get-data": lambda: request.get_data(),
    "text": lambda: request.get_data(as_text=True),
    "parsed": lambda: [request.get_data(parse_form_data=True), list(request.form.lists())],
    "data-and-form": lambda: [request.data, list(request.form.lists()), request.data],
    "form-and-data": lambda: [list(request.form.lists()), request.data],
    "stream": lambda: [request.stream.read(5), request.stream.read(), request.stream.read()],
    "stream-and-form": lambda: [request.stream.read(3), list(request.form.lists())],
    "input": lambda: request.environ["wsgi.input"].read(5),
    "key": lambda: request.form["missing"],
    "file-key": lambda: request.files["file"].filename,
    "get": lambda: request.form.get("a", type=int),
    "list": lambda: request.form.getlist("a"),
    "cookies": lambda: list(request.cookies.lists()),
    "nothing": lambda: None,
    "length": lambda: [request.content_length, request.content_type, request.mimetype, request.want_form_data_parsed],
    "close": lambda: [len(files()), request.close()],
}

MULTIPART = "multipart/form-data; boundary=b"
BODIES: dict[str, dict[str, Any]] = {
    "a form": {"data": {"a": "1", "b": "é"}},
    "a list": {"data": {"a": ["1", "2"]}},
    "an upload": {"data": {"a": "1", "file": Upload(b"content", "näme.txt", "text/plain")}},
    "an upload without type": {"data": {"file": Upload(b"content", "x.bin")}},
    "two uploads": {"data": {"file": [Upload(b"1", "a"), Upload(b"2", "b")]}},
    "an empty upload": {"data": {"file": Upload(b"", "")}},
    "a big field": {"data": {"a": "x" * 100}},
    "a big part": {"data": {"a": "x" * 100}, "content_type": "multipart/form-data"},
    "a big upload": {"data": {"file": Upload(b"x" * 100, "x")}},
    "many parts": {"data": {f"n{number}": "x" for number in range(5)}, "content_type": "multipart/form-data"},
    "a form as text": {"data": b"a=1&a=2&b=%C3%A9&c&=d&e=f=g;h", "content_type": "application/x-www-form-urlencoded"},
    "bad bytes": {"data": b"a=\xff&\xff=b&c=%ff", "content_type": "application/x-www-form-urlencoded"},
    "another charset": {"data": b"a=\xe9", "content_type": "application/x-www-form-urlencoded; charset=latin-1"},
    "text": {"data": b"hello \xff", "content_type": "text/plain"},
    "no type": {"data": b"a=1"},
    "no body": {"content_type": "application/x-www-form-urlencoded"},
    "no boundary": {"data": b"--b\r\n", "content_type": "multipart/form-data"},
    "a wrong boundary": {"data": b"--c\r\n\r\n", "content_type": MULTIPART},
    "an unfinished part": {
        "data": b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
        "content_type": MULTIPART,
    },
    "a part without name": {
        "data": b"--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--\r\n",
        "content_type": MULTIPART,
    },
    "broken headers": {"data": b"--b\r\nnonsense\r\n\r\n1\r\n--b--\r\n", "content_type": MULTIPART},
    "a bad charset": {
        "data": b'--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=no\r\n'
        b"\r\n\xff\r\n--b--\r\n",
        "content_type": MULTIPART,
    },
    "nothing but the end": {"data": b"--b--\r\n", "content_type": MULTIPART},
}
CHUNKED = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}

VISITS: list[Request | list[Request]] = [
    *(post(f"/read/{way}?q=1&a=0", name=name, **body) for way in READERS for name, body in BODIES.items()),
    *(ask(method, "/read/both", data={"a": "1"}) for method in ("PUT", "PATCH", "DELETE", "BREW")),
    *(get(f"/read/{way}?a=1&a=2&b=%ff&c=%C3%A9&d") for way in READERS),
    get("/read/both", data={"a": "1"}),
    *(
        post(f"/read/{way}", name=f"{name}, chunked", environ=CHUNKED, **BODIES[name])
        for way in ("form", "both", "data", "stream", "length")
        for name in ("a form as text", "text", "an unfinished part", "no type")
    ),
    *(
        post(f"/read/{way}", name=f"text of length {length!r}", environ={"CONTENT_LENGTH": length}, **BODIES["text"])
        for way in ("data", "form", "stream", "length")
        for length in ("3", "100", "", "x", "-1", "3.0", " 3", "9" * 30)
    ),
    *(
        get("/read/cookies", environ={"HTTP_COOKIE": cookie})
        for cookie in ("a=b; a=c; d", 'q="x y"; é=ü', "", ";;=", "a")
    ),
]


def probe_debug_hints() -> Any:
    """What debug mode says of files that were not sent as such."""
    app = Flask(__name__)
    app.debug = True
    found = {}
    for name, options in {
        "as text": {"data": {"file": "x.txt"}},
        "as a form": {"data": {"other": "x"}},
        "as multipart": {"data": {"file": "x.txt"}, "content_type": "multipart/form-data"},
        "at all": {},
    }.items():
        with app.test_request_context("/", method="POST", **options):
            found[name] = outcome(lambda: request.files["file"])
            found[f"{name}, got"] = outcome(lambda: request.files.get("file"))
            found[f"{name}, form"] = outcome(lambda: request.form["nothing"])
    return found
