"""Views that no application can answer with: each marked line is refused, and no other."""

# pyright: standard
# What follows from a mistake is left aside here, so that each line shows the mistake alone.

from __future__ import annotations

from collections.abc import AsyncIterator

from flask import Blueprint, Flask
from flask.views import MethodView

app = Flask(__name__)
blueprint = Blueprint("part", __name__)


@app.route("/int")  # refused: type-var, reportArgumentType
def number() -> int:
    return 1


@app.route("/none")  # refused: type-var, reportArgumentType
def nothing() -> None: ...


@app.get("/maybe")  # refused: type-var, reportArgumentType
def maybe(name: str) -> str | None:
    return name or None


@app.post("/object")  # refused: type-var, reportArgumentType
def anything() -> object:
    return "a"


@blueprint.route("/async")  # refused: type-var, reportArgumentType
async def async_number() -> int:
    return 1


@app.route("/status")  # refused: type-var, reportArgumentType
def status_as_text() -> tuple[str, str]:
    return "gone", "404 NOT FOUND"


@app.route("/header-numbers")  # refused: type-var, reportArgumentType
def header_numbers() -> tuple[str, dict[str, int]]:
    return "made", {"X-Count": 1}


@app.route("/four")  # refused: type-var, reportArgumentType
def four() -> tuple[str, int, dict[str, str], str]:
    return "made", 201, {}, "text/plain"


@app.endpoint("named")  # refused: type-var, reportArgumentType
def named() -> set[str]:
    return set()


@app.route("/<name>")
def greet(name: str) -> str:
    return name


greet(7)  # refused: arg-type, reportArgumentType
greet("Ada").decode()  # refused: attr-defined, reportAttributeAccessIssue
app.route(7)  # refused: arg-type, reportArgumentType
app.add_url_rule("/", view_func="greet")  # refused: arg-type, reportArgumentType
app.add_url_rule("/", "index", number)  # refused: arg-type, reportArgumentType
app.add_url_rule("/", view_func=MethodView)  # refused: arg-type, reportArgumentType


class Checked(MethodView):
    def dispatch_request(self) -> int:  # refused: override, reportIncompatibleMethodOverride
        return 1


class Misnamed(MethodView):
    methods = 7  # refused: assignment, reportAssignmentType


def stream() -> AsyncIterator[int]:
    raise NotImplementedError


app.make_response(stream())  # refused: arg-type, reportArgumentType
