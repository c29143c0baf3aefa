"""A response made and sent by the shortcuts is the same as one made and sent by Werkzeug, whatever is done to it."""

from __future__ import annotations

import copy
import typing as t

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from flask import Response


class Plain(WerkzeugResponse):
    """What our response is without shortcuts."""

    default_mimetype = "text/html"
    autocorrect_location_header = Response.autocorrect_location_header


text = st.text(st.characters(exclude_categories=["Cs"]))
bodies = st.one_of(text, text, st.binary(), st.none(), st.lists(text), st.lists(st.binary()))
statuses = st.sampled_from([None, None, 200, 201, 204, 304, 404, 101, 999, "200 OK", "404 Gone fishing", "nonsense"])
headers = st.lists(
    st.tuples(
        st.sampled_from(["X-A", "Content-Type", "Content-Length", "Location", "Content-Location", "Set-Cookie"]),
        st.sampled_from(["1", "/x", "http://shop.example/ä", "text/x"]),
    ),
    max_size=3,
)
mimetypes = st.sampled_from([None, None, "", "text/html", "text/plain", "application/json", "image/png", "text/x"])


class Pieces:
    """A body that is made piece by piece, notes that it is closed, and may fail."""

    def __init__(self, closed: list[t.Any], pieces: list[t.Any]) -> None:
        self._closed, self._pieces = closed, iter(pieces)

    def __iter__(self) -> t.Self:
        return self

    def __next__(self) -> t.Any:
        piece = next(self._pieces)
        if piece is None:
            raise ValueError("There is no more.")
        return piece

    def close(self) -> None:
        self._closed.append("pieces")


def set_pieces(*pieces: t.Any) -> t.Callable[[t.Any], t.Any]:
    return lambda response: setattr(response, "response", Pieces(response.closed, list(pieces)))


CHANGES: dict[str, t.Callable[[t.Any], t.Any]] = {
    "data": lambda response: response.set_data("new"),
    "no data": lambda response: response.set_data(b""),
    "status": lambda response: setattr(response, "status", "201 Made"),
    "code without a body": lambda response: setattr(response, "status_code", 204),
    "header": lambda response: response.headers.set("X-B", "2"),
    "location": lambda response: response.headers.set("Location", "/ü x"),
    "length": lambda response: response.headers.set("Content-Length", "3"),
    "no length": lambda response: response.headers.pop("Content-Length", None),
    "no type": lambda response: response.headers.pop("Content-Type", None),
    "mimetype": lambda response: setattr(response, "mimetype", "text/x"),
    "cookie": lambda response: response.set_cookie("a", "1"),
    "etag": lambda response: response.add_etag(),
    "freeze": lambda response: response.freeze(),
    "stream": lambda response: response.stream.write("more"),
    "vary": lambda response: response.vary.add("Cookie"),
    "pieces": set_pieces("a", "ü", Markup("b"), b"c", "", bytearray(b"d")),
    "broken pieces": set_pieces("a", b"b", None, "c"),
    "a generator": lambda response: setattr(response, "response", (piece for piece in ("a", b"b", "c"))),
    "no iterable": lambda response: setattr(response, "response", 5),
    "close": lambda response: response.call_on_close(lambda: response.closed.append(True)),
}


#: What a server does with a body, and with its iterator; most go through it, and close it.
SENDING: dict[str, t.Callable[[t.Any, t.Any], t.Any]] = {
    "all": lambda body, iterator: b"".join(iterator),
    "one": lambda body, iterator: next(iterator, "end"),
    "next": lambda body, iterator: next(body if hasattr(body, "__next__") else iterator, "end"),
    "close": lambda body, iterator: body.close() if hasattr(body, "close") else None,
}


def life(
    cls: type[t.Any], arguments: dict[str, t.Any], changes: list[str], method: str, steps: list[str]
) -> list[t.Any]:
    """All that can be seen of a response that is made, changed, and sent; or how that fails."""
    seen: list[t.Any] = []
    environ = {"REQUEST_METHOD": method, "wsgi.url_scheme": "http", "HTTP_HOST": "localhost"}
    try:
        response = cls(**copy.deepcopy(arguments))
        response.closed = []
        for change in changes:
            CHANGES[change](response)
        seen += [response.status, response.status_code, list(response.headers), response.mimetype_params]
        seen += [response.is_sequence, response.is_streamed, response.content_length, response.direct_passthrough]
        body = response(environ, lambda status, headers: seen.extend([status, list(headers)]))
        iterator = iter(body)
    except Exception as error:
        return [*seen, type(error), str(error)]
    for step in steps:
        try:
            seen.append(SENDING[step](body, iterator))
        except Exception as error:
            seen += [type(error), str(error)]
    return [*seen, response.closed]


@given(
    st.fixed_dictionaries(
        {"response": bodies},
        optional={
            "status": statuses,
            "headers": headers,
            "mimetype": mimetypes,
            "content_type": st.sampled_from([None, "a/b"]),
            "direct_passthrough": st.booleans(),
        },
    ),
    st.lists(st.sampled_from(sorted(CHANGES)), max_size=4),
    st.sampled_from(["GET", "GET", "HEAD", "POST"]),
    st.just(["all", "close"]) | st.lists(st.sampled_from(["all", "one", "next"])).map(lambda steps: [*steps, "close"]),
)
@settings(max_examples=1000, deadline=None)
def test_shortcuts_change_nothing(
    arguments: dict[str, t.Any], changes: list[str], method: str, steps: list[str]
) -> None:
    assert life(Response, arguments, changes, method, steps) == life(Plain, arguments, changes, method, steps)
