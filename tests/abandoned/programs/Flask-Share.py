"""Buttons to share a page."""
from flask import Flask, render_template_string
from flask_share import Share

app = Flask(__name__)
share = Share(app)


@app.route("/")
def index():
    return render_template_string("{{ share.load() }}{{ share.create(title='Share') }}")


page = app.test_client().get("/").data.decode()
assert "social-share" in page and "<link" in page and "&lt;" not in page, page
