"""A bar of links, which knows where it is."""
from flask import Flask, render_template_string
from flask.ext.navigation import Navigation

app = Flask(__name__)
nav = Navigation(app)
nav.Bar("top", [nav.Item("Home", "index"), nav.Item("News", "news", {"page": 1})])
TEMPLATE = """{% for item in nav.top %}{{ item.label }}:{{ item.url }}:{{ item.is_active }} {% endfor %}"""


@app.route("/")
def index():
    return render_template_string(TEMPLATE)


@app.route("/news/<int:page>")
def news(page):
    return render_template_string(TEMPLATE)


client = app.test_client()
assert client.get("/").data == b"Home:/:True News:/news/1:False "
assert client.get("/news/1").data == b"Home:/:False News:/news/1:True "
