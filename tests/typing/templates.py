"""What templates can use: filters, tests, globals, context."""

from __future__ import annotations

from typing import Any, assert_type

import jinja2

from flask import Blueprint, Flask
from flask.templating import Environment

app = Flask(__name__)
blueprint = Blueprint("part", __name__)


@app.template_filter()
def reverse(text: str) -> str:
    return text[::-1]


@app.template_filter("money")
def as_money(cents: int, currency: str = "€") -> str:
    return f"{cents / 100:.2f} {currency}"


@app.template_filter
def shout(text: str) -> str:
    return text.upper()


@app.template_test("prime")
def is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, number))


@app.template_test
def even(number: int) -> bool:
    return number % 2 == 0


@app.template_global(name="double")
def twice(number: int) -> int:
    return 2 * number


@app.template_global
def answer() -> int:
    return 42


@blueprint.app_template_filter("reverse")
@blueprint.app_template_filter
def reverse_everywhere(text: str) -> str:
    return text[::-1]


@blueprint.app_template_test()
def odd(number: int) -> bool:
    return number % 2 == 1


@blueprint.app_template_global()
def half(number: int) -> float:
    return number / 2


@app.context_processor
def company() -> dict[str, Any]:
    return {"company": "ACME"}


@app.context_processor
async def company_later() -> dict[str, str]:
    return {"company": "ACME"}


@blueprint.context_processor
@blueprint.app_context_processor
def of_blueprint() -> dict[str, object]:
    return {"reverse": reverse}


app.add_template_filter(reverse, "backwards")
app.add_template_test(is_prime)
app.add_template_global(twice, name="times_two")
app.context_processor(lambda: {"year": 2026})

assert_type(reverse("abc"), str)
assert_type(as_money(300, currency="$"), str)
assert_type(shout("abc"), str)
assert_type(is_prime(7), bool)
assert_type(even(7), bool)
assert_type(twice(2), int)
assert_type(answer(), int)
assert_type(reverse_everywhere("abc"), str)
assert_type(company(), dict[str, Any])

assert_type(app.jinja_env, Environment)
app.jinja_env.filters["reverse"] = reverse
app.jinja_env.globals.update(answer=42)
app.jinja_env.add_extension("jinja2.ext.do")
app.jinja_loader = jinja2.ChoiceLoader([jinja2.DictLoader({"a.html": "a"}), jinja2.FileSystemLoader("pages")])
app.jinja_options = {"autoescape": True}
