"""Links to the pages of a list."""
from flask import Flask, render_template_string, request
from flask_paginate import Pagination, get_page_args, get_page_parameter

app = Flask(__name__)


@app.route("/users/")
def users():
    page, per_page, offset = get_page_args()
    pagination = Pagination(page=page, total=95, record_name="users", css_framework="bootstrap3", per_page=per_page)
    return render_template_string("{{ pagination.info }}{{ pagination.links }}{{ offset }}", pagination=pagination, offset=offset)


page = app.test_client().get("/users/?page=3&sort=a").data.decode()
assert "displaying <b>21 - 30</b> users in total <b>95</b>" in page, page
assert 'href="/users/?page=4&sort=a"' in page, page
assert page.endswith("20") and "&lt;" not in page
with app.test_request_context("/users/?page=2"):
    assert request.args.get(get_page_parameter(), type=int) == 2
