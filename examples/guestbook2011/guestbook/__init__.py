"""A guestbook, written as one would have in 2011 for Flask 0.8."""

import os

from flask import Flask, redirect, render_template, url_for
from flask.ext import sqlite3_simple

from guestbook.entries import entries

SECRET_KEY = "the development key: set another one in the file that GUESTBOOK_SETTINGS names"

app = Flask(__name__)
app.config["DATABASE"] = os.path.join(app.instance_path, "guestbook.db")
app.config.from_object(__name__)
app.config.from_envvar("GUESTBOOK_SETTINGS", silent=True)

sqlite3_simple.init_app(app)
app.register_module(entries, url_prefix="/guestbook")


@app.before_first_request
def create_tables():
    """Runs once, before the first visitor is served."""
    folder = os.path.dirname(app.config["DATABASE"])
    if not os.path.isdir(folder):
        os.makedirs(folder)
    with app.open_resource("schema.sql") as schema:
        sqlite3_simple.connection().executescript(schema.read().decode("utf-8"))


@app.after_request
def add_headers(response):
    """Pages are always fresh; the files that `send_file` sends say themselves how long they may be kept."""
    response.headers["X-Frame-Options"] = "DENY"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response


@app.template_filter()
def day(moment):
    """The date of a moment like 2011-09-29T12:00:00Z."""
    return moment[:10]


@app.route("/")
def index():
    return redirect(url_for("entries.show"))


@app.errorhandler(404)
def page_not_found(error):
    return render_template("404.html"), 404
