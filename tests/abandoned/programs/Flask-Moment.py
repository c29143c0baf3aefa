"""Dates that the browser shows in its own way."""
from datetime import datetime

from flask import Flask, render_template_string
from flask_moment import Moment

app = Flask(__name__)
moment = Moment(app)

with app.test_request_context():
    page = render_template_string(
        "{{ moment.include_moment() }}{{ moment(day).format('LL') }}{{ moment(day).fromNow(refresh=True) }}",
        day=datetime(2012, 3, 4, 5, 6),
    )
assert "moment" in page and 'data-timestamp="2012-03-04T05:06:00Z"' in page, page
assert "&lt;" not in page
