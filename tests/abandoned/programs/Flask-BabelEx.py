"""Translations, dates and numbers in the language of the visitor."""
from datetime import datetime
from decimal import Decimal

from flask import Flask, render_template_string, request
from flask_babelex import Babel, Domain, format_datetime, format_decimal, get_locale, gettext, lazy_gettext

app = Flask(__name__)
babel = Babel(app)


@babel.localeselector
def locale():
    return request.args.get("l", "en")


late = lazy_gettext("Hello %(name)s", name="Ann")


@app.route("/")
def index():
    day = format_datetime(datetime(2010, 4, 12, 13, 46), "d. MMMM")
    return render_template_string(
        "{{ day }}|{{ number }}|{{ late }}|{{ _('Bye') }}", day=day, number=format_decimal(Decimal("1234.5")), late=late
    )


client = app.test_client()
assert client.get("/").data.decode() == "12. April|1,234.5|Hello Ann|Bye"
assert client.get("/?l=de").data.decode() == "12. April|1.234,5|Hello Ann|Bye"
assert client.get("/?l=fr").data.decode().startswith("12. avril|")
with app.test_request_context("/?l=de"):
    assert str(get_locale()) == "de"
    assert gettext("x") == "x"
    assert Domain(domain="other").gettext("y") == "y"
