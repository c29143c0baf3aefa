"""The book itself, as a module: what came before blueprints."""

import time
from io import BytesIO

from flask import Module, flash, g, jsonify, redirect, render_template, request, send_file, session, url_for
from flask.ext.sqlite3_simple import change, query

LONGEST_NAME = 40
LONGEST_TEXT = 500

entries = Module(__name__, name="entries")


@entries.before_request
def remember_name():
    """Who signed once need not write the name again."""
    g.name = session.get("name", "")


@entries.route("/")
def show():
    rows = query("SELECT * FROM entry ORDER BY id DESC LIMIT 50")
    return render_template("entries.html", entries=rows)


@entries.route("/sign", methods=["POST"])
def sign():
    name, text = request.form["name"].strip(), request.form["text"].strip()
    if not (0 < len(name) <= LONGEST_NAME and 0 < len(text) <= LONGEST_TEXT):
        return answer("error", "Please write your name and a few words: not none, and not too many.")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    change("INSERT INTO entry (name, text, signed_at) VALUES (?, ?, ?)", name, text, now)
    session["name"] = name
    return answer("info", "Thank you, " + name + "!")


def answer(category, message):
    """A script is answered in JSON, a browser is led back to the book."""
    if request.is_xhr:
        return jsonify(category=category, message=message)
    flash(message, category)
    return redirect(url_for("entries.show"))


@entries.route("/guestbook.txt")
def download():
    """The whole book as a text file to keep."""
    rows = query("SELECT * FROM entry ORDER BY id")
    text = "\n\n".join(row["name"] + ", " + row["signed_at"] + ":\n" + row["text"] for row in rows)
    return send_file(
        BytesIO(text.encode("utf-8")),
        mimetype="text/plain",
        as_attachment=True,
        attachment_filename="guestbook.txt",
        add_etags=False,
        cache_timeout=60,
    )


@entries.route("/feed.atom")
def feed():
    rows = query("SELECT * FROM entry ORDER BY id DESC LIMIT 10")
    # In 2011 a tuple was what the response class is called with: body, status, headers, MIME type.
    return render_template("feed.xml", entries=rows), 200, {}, "application/atom+xml"
