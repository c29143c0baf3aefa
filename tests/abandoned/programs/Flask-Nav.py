"""A menu, which knows where it is."""
from flask import Flask, render_template_string
from flask_nav import Nav
from flask_nav.elements import Navbar, Subgroup, View

app = Flask(__name__)
nav = Nav(app)


@nav.navigation()
def top():
    return Navbar("Site", View("Home", "index"), Subgroup("More", View("News", "news", page=1)))


@app.route("/")
def index():
    return render_template_string("{{ nav.top.render() }}")


@app.route("/news/<int:page>")
def news(page):
    return "news"


page = app.test_client().get("/").data.decode()
assert '<a class="active" href="/">Home</a>' in page or ('href="/"' in page and "active" in page), page
assert 'href="/news/1"' in page
