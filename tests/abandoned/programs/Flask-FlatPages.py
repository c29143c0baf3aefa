"""Pages that are text files."""
import os

from flask import Flask, render_template_string
from flask_flatpages import FlatPages

os.mkdir("pages")
with open("pages/hello.md", "w") as file:
    file.write("title: Hello\npublished: 2010-12-22\n\nHello, *World*!\n\n    :::python\n    print(1)\n")
app = Flask(__name__, root_path=os.getcwd())
app.config.update(FLATPAGES_EXTENSION=".md")
pages = FlatPages(app)


@app.route("/<path:path>/")
def page(path):
    found = pages.get_or_404(path)
    return render_template_string("<h1>{{ page.title }}</h1>{{ page.html|safe }}", page=found)


client = app.test_client()
answer = client.get("/hello/").data.decode()
assert answer.startswith("<h1>Hello</h1><p>Hello, <em>World</em>!</p>"), answer
assert client.get("/missing/").status_code == 404
assert [one.path for one in pages] == ["hello"] and pages.get("hello")["published"].year == 2010
