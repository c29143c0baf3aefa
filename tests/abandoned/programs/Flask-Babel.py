"""Translations, dates and numbers in the language of the visitor."""
from datetime import datetime
from decimal import Decimal

from flask import Flask, render_template_string, request
from flask.ext.babel import Babel, format_currency, format_datetime, get_locale, gettext, lazy_gettext, ngettext

app = Flask(__name__)
app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Vienna"
babel = Babel(app)


@babel.localeselector
def locale():
    return request.args.get("l")


late = lazy_gettext(u"Hello %(name)s", name="Ann")


@app.route("/")
def index():
    day = format_datetime(datetime(2010, 4, 12, 13, 46), "d. MMMM HH:mm")
    return render_template_string("{{ day }}|{{ 1234.5|decimalformat }}|{{ late }}|{{ _('Bye') }}", day=day, late=late)


client = app.test_client()
assert client.get("/").data.decode() == "12. April 15:46|1,234.5|Hello Ann|Bye"
assert client.get("/?l=fr").data.decode().startswith("12. avril 15:46|")
with app.test_request_context("/?l=de"):
    assert str(get_locale()) == "de"
    assert gettext("x") == "x" and ngettext("%(num)s day", "%(num)s days", 2) == "2 days"
    assert format_currency(Decimal("5"), "EUR") == u"5,00\xa0\u20ac"
